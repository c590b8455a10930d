// SPDX-License-Identifier: Apache-2.0
/** `muster project quota`: what a project may hold. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import type { Call } from '../call.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { drawQuotas, type Quotas } from '../views/project.ts'

/** Options and the members they set. */
const MEMBERS = {
  hosts: 'hosts',
  'join-tokens': 'joinTokens',
  'queued-commands': 'queuedCommands',
  regions: 'regions',
  sites: 'sites',
} as const

export const limiting: Run = async call => {
  const name = call.words[0] ?? ''
  const { client } = await call.session()
  const path = paths.projectQuotas(name)
  const changes = changesIn(call)
  const present: Quotas = await client.get(path)
  if (changes.size === 0) {
    await call.output.item({ kind: 'Quotas', name: () => name }, present, drawQuotas)
    return undefined
  }
  const limits: Record<string, number> = { ...present.quotas }
  for (const [member, most] of changes) {
    if (most === undefined) delete limits[member]
    else limits[member] = most
  }
  const intent = { method: 'PUT', path: because(call, path), body: limits } as const
  if (isDryRun(call)) return showIntents(call, [intent])
  const set: Quotas = await client.send('PUT', intent.path, limits)
  await call.output.item({ kind: 'Quotas', name: () => name }, set, drawQuotas)
  return undefined
}

/** By member; `undefined` lifts the limit. */
function changesIn({ options }: Call): ReadonlyMap<string, number | undefined> {
  const changes = new Map<string, number | undefined>()
  for (const [option, member] of Object.entries(MEMBERS)) {
    const text = options.text(option)
    if (text === undefined) continue
    if (text !== 'none' && !/^\d{1,8}$/.test(text)) throw problem('usage', `--${option} takes a number or none`)
    changes.set(member, text === 'none' ? undefined : Number(text))
  }
  return changes
}
