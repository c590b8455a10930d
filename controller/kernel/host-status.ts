// SPDX-License-Identifier: Apache-2.0
/** What EIM calls a host's status: derived from its state and presence, and kept on its row so that lists can look for it. */
import { sql } from 'kysely'
import type { Db, Tx } from '../store/store.ts'
import type { HostState, KernelTables, StatusIndicator } from './tables/tables.ts'

export type HostStatus = {
  /** For people and for EIM's named filters; empty while the host has never been connected. */
  readonly text: string
  readonly indicator: StatusIndicator
  /** RFC 3339: since when. */
  readonly at: string
}

export type StatusSource = {
  readonly state: HostState
  readonly desired?: HostState | undefined
  /** What still holds a host that is being deleted. */
  readonly waitingOn?: string | undefined
  readonly createdAt: string
  /** When the state last changed. */
  readonly changedAt: string
  readonly presence?:
    | {
        readonly online: boolean
        readonly since: string
        readonly reason?: string | undefined
        readonly standing: 'active' | 'quarantined'
        readonly standingWhy?: string | undefined
      }
    | undefined
}

/** Time alone never changes it. The words are EIM's where EIM has one for it. */
export function deriveStatus(source: StatusSource): HostStatus {
  const { state, desired = state, waitingOn, createdAt, changedAt, presence } = source
  const say = (text: string, indicator: StatusIndicator, at: string): HostStatus => ({ text, indicator, at })
  if (desired === 'deleted' || waitingOn !== undefined)
    return say(waitingOn === undefined ? 'Deleting' : `Deleting: ${waitingOn}`, 'IN_PROGRESS', changedAt)
  if (state === 'untrusted') return say('Invalidated', 'IDLE', changedAt)
  if (presence === undefined) return say('', 'UNSPECIFIED', createdAt)
  const { online, since, reason, standing, standingWhy } = presence
  if (standing === 'quarantined') return say(`Error: quarantined: ${standingWhy ?? 'see the audit'}`, 'ERROR', since)
  if (online) return say('Running', 'IDLE', since)
  if (reason === 'never-connected') return say('', 'UNSPECIFIED', since)
  if (reason === 'rebooting') return say('Rebooting', 'IN_PROGRESS', since)
  if (reason === 'stopped') return say('Agent stopped', 'IDLE', since)
  return say('No Connection', 'ERROR', since)
}

const DELETING = `coalesce(kernel_hosts.desired, kernel_hosts.state) = 'deleted'`

/** The same as SQL over rows of `kernel_hosts` beside `kernel_presence`; the first case that fits decides, as above. */
const CASES = {
  text: `case
    when ${DELETING} then 'Deleting' || coalesce(': ' || kernel_hosts.waiting_on, '')
    when kernel_hosts.state = 'untrusted' then 'Invalidated'
    when kernel_presence.host is null then ''
    when kernel_presence.standing = 'quarantined'
      then 'Error: quarantined: ' || coalesce(kernel_presence.standing_why, 'see the audit')
    when kernel_presence.online = 1 then 'Running'
    when kernel_presence.reason = 'never-connected' then ''
    when kernel_presence.reason = 'rebooting' then 'Rebooting'
    when kernel_presence.reason = 'stopped' then 'Agent stopped'
    else 'No Connection' end`,
  indicator: `case
    when ${DELETING} then 'IN_PROGRESS'
    when kernel_hosts.state = 'untrusted' then 'IDLE'
    when kernel_presence.host is null then 'UNSPECIFIED'
    when kernel_presence.standing = 'quarantined' then 'ERROR'
    when kernel_presence.online = 1 then 'IDLE'
    when kernel_presence.reason = 'never-connected' then 'UNSPECIFIED'
    when kernel_presence.reason = 'rebooting' then 'IN_PROGRESS'
    when kernel_presence.reason = 'stopped' then 'IDLE'
    else 'ERROR' end`,
  at: `case
    when kernel_hosts.waiting_on is not null or kernel_hosts.state in ('untrusted', 'deleted') then kernel_hosts.updated_at
    when kernel_presence.host is null then kernel_hosts.created_at
    else kernel_presence.since end`,
}

const WRITE = `update kernel_hosts set (status, status_indicator, status_at, online) = (
    select ${CASES.text}, ${CASES.indicator}, ${CASES.at}, coalesce(kernel_presence.online, 0)
    from (select 1) as one
    left join kernel_presence
      on kernel_presence.project = kernel_hosts.project and kernel_presence.host = kernel_hosts.id)`
const WRITE_ONE = `${WRITE} where project = ? and id = ?`

/** Brings the kept status of a host up to date. Called with every change of its state or presence, in the same transaction. */
export function writeStatusOf(tx: Tx, { project, host }: { readonly project: string; readonly host: string }): void {
  tx.run(WRITE_ONE, [project, host])
}

/** The same for all that were online and all that have none yet. */
export async function writeStatus(db: Db): Promise<void> {
  await sql.raw(`${WRITE} where online = 1 or status_at = ''`).execute(db.installation<KernelTables>())
}
