// SPDX-License-Identifier: Apache-2.0
/** KVM and SOL as states of the host resource: what was asked, what is so, and what a person must do next. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { OobParts } from '../ports.ts'
import type { ConvergeTables, SessionRow } from './tables.ts'

export type SessionKind = 'kvm' | 'sol'

/** `consent`: somebody entered the code the screen showed; `redirection`: the caller has its relay token. */
export type SessionWish = 'start' | 'stop' | 'consent' | 'redirection'

export type SessionNow = 'start' | 'stop' | 'awaiting' | 'error'

const WISHES: Readonly<Record<string, SessionWish>> = {
  KVM_STATE_START: 'start',
  KVM_STATE_STOP: 'stop',
  KVM_CONSENT_RECEIVED: 'consent',
  KVM_REDIRECTION_RECEIVED: 'redirection',
  SOL_STATE_START: 'start',
  SOL_STATE_STOP: 'stop',
  SOL_STATE_CONSENT_RECEIVED: 'consent',
  SOL_STATE_REDIRECTION_RECEIVED: 'redirection',
}

export function wishNamed(word: string): SessionWish | undefined {
  return Object.hasOwn(WISHES, word) ? WISHES[word] : undefined
}

/** EIM's word for a wish or a state; its two enumerations differ in spelling. */
export function sessionWord(kind: SessionKind, state: string): string {
  const long = kind.toUpperCase()
  switch (state) {
    case 'start':
      return `${long}_STATE_START`
    case 'stop':
      return `${long}_STATE_STOP`
    case 'awaiting':
      return `${long}_STATE_AWAITING_CONSENT`
    case 'error':
      return `${long}_STATE_ERROR`
    case 'consent':
      return kind === 'kvm' ? 'KVM_CONSENT_RECEIVED' : 'SOL_STATE_CONSENT_RECEIVED'
    case 'redirection':
      return kind === 'kvm' ? 'KVM_REDIRECTION_RECEIVED' : 'SOL_STATE_REDIRECTION_RECEIVED'
    default:
      return `${long}_STATE_UNSPECIFIED`
  }
}

export type SessionLook = {
  /** `none`: no consent is asked for; `granted`: the code was taken; `displayed`: it stands on the screen. */
  readonly consent: 'none' | 'needed' | 'displayed' | 'granted'
  /** Whether the feature is switched on; `absent` where the firmware has none. */
  readonly feature: 'on' | 'off' | 'absent'
}

/** How a session is prepared on a device that is reached. */
export interface SessionActs {
  look(project: string, guid: string, kind: SessionKind): Promise<SessionLook>
  /** Has the firmware show its code. */
  askConsent(project: string, guid: string): Promise<void>
  /** Ends what runs of this kind. */
  end(guid: string, kind: SessionKind, why: string): Promise<void>
}

export type SessionMove = {
  readonly current: SessionNow
  readonly says: string
  readonly ask?: true
  readonly end?: true
}

/** What a wish leads to. Pure. */
export function nextOfSession(kind: SessionKind, wish: SessionWish, look: SessionLook | undefined): SessionMove {
  const name = kind.toUpperCase()
  if (wish === 'stop') return { current: 'stop', says: `${name} session stopped`, end: true }
  if (look === undefined) return { current: 'error', says: 'Device not found/connected' }
  if (look.feature === 'absent') return { current: 'error', says: `this device has no ${name}` }
  if (look.feature === 'off')
    return { current: 'error', says: `${name} is switched off on this device: enable it first` }
  if (look.consent === 'needed' && wish === 'start')
    return { current: 'awaiting', says: 'Enter the code that the screen of the host shows', ask: true }
  if (look.consent === 'needed' || (look.consent === 'displayed' && wish !== 'redirection'))
    return { current: 'awaiting', says: 'Enter the code that the screen of the host shows' }
  if (wish === 'redirection') return { current: 'start', says: `${name} session active` }
  // Without consent, too, the caller fetches its relay token first.
  return { current: 'awaiting', says: `${name} may start: fetch the redirection token` }
}

export async function sessionsOf(db: Db, project: string, hosts: readonly string[]): Promise<readonly SessionRow[]> {
  if (hosts.length === 0) return []
  return db.of<ConvergeTables>(project).select('oob_session_states').selectAll().where('host', 'in', hosts).execute()
}

export type SessionChange = {
  readonly host: string
  readonly kind: SessionKind
  readonly wish: SessionWish
  readonly move: SessionMove
}

export async function keepSession(
  { kernel }: OobParts,
  tx: Tx,
  project: string,
  { host, kind, wish, move }: SessionChange,
): Promise<void> {
  const active = move.current === 'start'
  const row = {
    desired: wish,
    current: move.current,
    status: active ? 'activated' : 'deactivated',
    says: move.says,
    at: formatTime(kernel.clock.now()),
  }
  await tx
    .of<ConvergeTables>(project)
    .insert('oob_session_states', { host, kind, ...row })
    .onConflict(clash => clash.columns(['project', 'host', 'kind']).doUpdateSet(row))
    .execute()
  await kernel.events.emit(tx, {
    project,
    type: 'oob.session',
    subject: host,
    data: { kind, current: move.current, says: move.says },
  })
}
