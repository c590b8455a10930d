// SPDX-License-Identifier: Apache-2.0
/** One write that was not sent: what `--dry-run` shows. */
import type { Host } from './api.ts'
import type { Call } from './call.ts'
import { spoken } from './hosts.ts'
import { literal } from './render/text.ts'

export type Intent = {
  /** `LOCAL` for what only changes a file here. */
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET' | 'LOCAL'
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** On which host, where it is about one. */
  readonly host?: Host
}

/** Whether this call only looks. */
export function isDryRun(call: Call): boolean {
  return call.options.has('dry-run')
}

/** Prints what would have been sent. */
export async function showIntents(call: Call, intents: readonly Intent[]): Promise<undefined> {
  const rows = intents.map(({ host, ...sent }) => ({
    ...sent,
    ...(host === undefined ? {} : { host: { resourceId: host.resourceId, name: host.name } }),
  }))
  if (call.output.format === 'table' || call.output.format === 'wide')
    await call.output.data(intents.map(draw).join(''))
  else await call.output.list({ kind: 'Intent', name: row => `${row.method} ${row.path}`, columns: [] }, rows)
  await call.output.note('dry run: nothing was sent')
  return undefined
}

function draw({ method, path, body, headers = {}, host }: Intent): string {
  const lines = [`${method} ${path}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`  ${name}: ${value}`)
  if (body !== undefined) lines.push(`  ${JSON.stringify(body)}`)
  if (host !== undefined) lines.push(`  on ${spoken(host)}`)
  return lines.map(line => `${literal(line)}\n`).join('')
}
