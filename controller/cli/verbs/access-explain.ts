// SPDX-License-Identifier: Apache-2.0
/** `muster access explain`: why somebody may do something, or what is missing. */
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { findHost } from '../hosts.ts'
import { literal } from '../render/text.ts'

type Explained = {
  readonly principal: string
  readonly permission: string
  readonly allowed: boolean
  readonly reasons: readonly { readonly decides: boolean; readonly says: string }[]
  readonly missing?: string
}

export const explaining: Run = async call => {
  const [permission = ''] = call.words
  const { options, output } = call
  const session = await call.session()
  const host = options.text('host')
  const query = {
    permission,
    principal: options.text('who'),
    project: options.has('everywhere') ? undefined : session.project,
    host: host === undefined ? undefined : (await findHost(session, host)).resourceId,
  }
  const explained: Explained = await session.client.get(paths.explain, { query })
  await output.item({ kind: 'Explanation', name: each => (each.allowed ? 'yes' : 'no') }, explained, draw)
  return undefined
}

function draw({ allowed, reasons, missing }: Explained): string {
  const deciding = reasons.filter(({ decides }) => decides).map(({ says }) => `  ${says}`)
  const others = reasons.filter(({ decides }) => !decides).map(({ says }) => `  elsewhere, or overruled: ${says}`)
  const lines = [
    allowed ? 'yes' : 'no',
    ...deciding,
    ...others,
    ...(missing === undefined ? [] : [`  missing: ${missing}`]),
  ]
  return lines.map(line => `${literal(line)}\n`).join('')
}
