// SPDX-License-Identifier: Apache-2.0
/** Which host a waiting machine is and what becomes of it; and flags on registrations that it fits only in part. */
import { formatTime, type HostFacts } from '../../../plugins/contract/index.ts'
import { changeHost, findHost, findKeyed, type Host, STATEMENTS } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { Db, Tx } from '../../store/store.ts'
import { type Match, matchKeys, matchNamed } from './match.ts'
import { isMadeFor } from './rules.ts'
import type { JoinTokenRow, RequestRow } from './tables.ts'

export type Asker = { readonly project: string; readonly facts: HostFacts; readonly token: JoinTokenRow | undefined }

/** Finds out who a machine is; `undefined` when its token was made for a host that is gone. */
export async function judge(db: Db, { project, facts, token }: Asker): Promise<Match<Host> | undefined> {
  const among = await findKeyed(db, project, facts)
  const named = token?.host ?? null
  if (named === null) return matchKeys(facts, among)
  const host = await findHost(db, project, named)
  return host === undefined || host.state === 'deleted' ? undefined : matchNamed(facts, host, among)
}

/** What becomes of a machine: it enters as a host, or it waits for something. */
export type Verdict =
  | { readonly enters: true; readonly host: Host | undefined }
  | {
      readonly enters: false
      readonly waits: RequestRow['waits']
      readonly why: string
      readonly host: Host | undefined
    }

/** The rules for a machine whose token is good. Without a token, somebody always decides. */
export function verdictOf(match: Match<Host>, token: JoinTokenRow | undefined): Verdict {
  const host = 'host' in match ? match.host : undefined
  const wait = (waits: RequestRow['waits'], why: string): Verdict => ({ enters: false, waits, why, host })
  if (match.kind === 'mismatch') return { enters: false, waits: 'registration', why: match.why, host: match.hosts[0] }
  if (match.kind === 'leaving') return wait('registration', `${match.host.id} is being deleted`)
  if (token === undefined)
    return wait('decision', host === undefined ? NO_TOKEN : `without a join token it says it is ${host.id}`)
  if (token.needs_approval === 1) return wait('decision', 'its join token asks for approval')
  if (match.kind === 'registered')
    return match.host.desired === 'onboarded'
      ? { enters: true, host }
      : wait('onboarding', `${match.host.id} is registered and nobody has let it in yet`)
  // What the machine says of itself does not count here: it could name the keys of any host.
  if (match.kind === 'new' || token.host !== null || isMadeFor(token, match.host)) return { enters: true, host }
  return wait('decision', `a machine with this serial number or UUID is already ${match.host.id}`)
}

const NO_TOKEN = 'it came without a join token'

/** Says on registrations that a machine came which fits them only in part. Gives the ids of the hosts that say so. */
export async function flag(kernel: Kernel, tx: Tx, match: Match<Host>): Promise<readonly string[]> {
  if (match.kind !== 'mismatch') return []
  const { hosts, why } = match
  for (const host of hosts) {
    if (host.registration.says === why) continue
    const registration = { says: why, indicator: 'ERROR', at: formatTime(kernel.clock.now()) } as const
    await changeHost(tx, host, { registration, clock: kernel.clock })
    await kernel.events.emit(tx, { project: host.project, type: 'host.mismatched', subject: host.id, data: { why } })
  }
  return hosts.map(host => host.id)
}

/** Takes flags back that a machine caused which is gone or fits now. */
export async function unflag(
  kernel: Kernel,
  tx: Tx,
  row: Pick<RequestRow, 'project' | 'flagged' | 'why'>,
): Promise<void> {
  for (const id of JSON.parse(row.flagged) as string[]) {
    // written from what flag() gave
    const host = await findHost(tx, row.project, id)
    if (host === undefined || host.state === 'deleted' || host.registration.says !== row.why) continue
    const registration = { ...STATEMENTS.registered, at: formatTime(kernel.clock.now()) }
    await changeHost(tx, host, { registration, clock: kernel.clock })
    await tellChanged(kernel, tx, host)
  }
}

/** Says on a registered host that its machine is there and waits. */
export async function sayItWaits(kernel: Kernel, tx: Tx, match: Match<Host>): Promise<void> {
  if (match.kind !== 'registered' || match.host.onboarding.says === STATEMENTS.initialized.says) return
  const onboarding = { ...STATEMENTS.initialized, at: formatTime(kernel.clock.now()) }
  await changeHost(tx, match.host, { onboarding, clock: kernel.clock })
  await tellChanged(kernel, tx, match.host)
}

async function tellChanged({ events }: Kernel, tx: Tx, { project, id }: Host): Promise<void> {
  await events.emit(tx, { project, type: 'host.changed', subject: id, data: { by: SYSTEM.name } })
}
