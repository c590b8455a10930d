// SPDX-License-Identifier: Apache-2.0
/** How the reasons look that keep a host: the first is the one to mend first. */
import { literal } from '../render/text.ts'
import { age } from './command.ts'

export type Why = {
  readonly host: { readonly resourceId: string; readonly name: string }
  readonly settled: boolean
  readonly blockers: readonly {
    readonly code: string
    readonly title: string
    readonly evidence: Readonly<Record<string, unknown>>
    readonly since?: string
    readonly next: string
    readonly command?: string
    readonly section?: string
  }[]
  readonly sections: readonly { readonly section: string; readonly status: string; readonly at: string }[]
}

export function drawWhy({ host, settled, blockers, sections }: Why, now: number): string {
  const lines = blockers.flatMap(({ code, title, since, evidence, next, command }, at) => [
    `${at + 1}. ${title} [${code}]${since === undefined ? '' : `, for ${age(since, now)}`}`,
    ...toldBy(evidence),
    `   next: ${next}`,
    ...(command === undefined ? [] : [`   try: ${command}`]),
  ])
  if (settled) {
    const ages = sections.map(({ section, at }) => `${section} ${age(at, now)} ago`).join(', ')
    lines.push(
      `nothing keeps ${host.name || host.resourceId}: every section is settled${ages === '' ? '' : ` (${ages})`}`,
    )
  }
  return lines.map(line => `${literal(line)}\n`).join('')
}

function toldBy(evidence: Readonly<Record<string, unknown>>): readonly string[] {
  const facts = Object.entries(evidence)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return facts.length === 0 ? [] : [`   seen: ${facts.join(' ')}`]
}
