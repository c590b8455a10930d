// SPDX-License-Identifier: Apache-2.0
/** What firmware answers, as the interface of MPS has it, and how it is asked. */
import { useQuery } from '@tanstack/react-query'
import { get, send } from '../../../api/call.ts'
import type { Host } from '../../../api/types.ts'
import { useProject } from '../../../shell/go.tsx'
import { firmwareCall, type Machine } from '../acts-host.ts'
import { machineOf } from '../power/path.ts'

/** The first part of keys for what is read from the firmware itself, which is asked seldom: each read takes its tunnel. */
export const FIRMWARE = 'oob-firmware'
const FRESH_MS = 60_000

export type Features = {
  readonly userConsent?: 'none' | 'kvm' | 'all'
  readonly redirection: boolean
  readonly KVM: boolean
  readonly SOL: boolean
  readonly IDER: boolean
  readonly optInState: number
  readonly kvmAvailable: boolean
  readonly ocr: boolean
  readonly remoteEraseSupported: boolean
  readonly remoteEraseEnabled: boolean
}

export type EventRecord = {
  readonly TimeStamp: string
  readonly EventSeverity: number
  readonly EntityStr: string
  readonly Desc: string
}
export type AuditRecord = {
  readonly Time: string
  readonly AuditApp: string
  readonly Event: string
  readonly Initiator: string
  readonly NetAddress: string
  readonly ExStr: string | null
}
export type AuditPage = { readonly totalCnt: number; readonly records: readonly AuditRecord[] }

export type Bag = Readonly<Record<string, unknown>>

export function useMachine(host: Host): Machine {
  const project = useProject()
  return { project, ...machineOf(host) }
}

/** How the machine is, as agent, tunnel and power tell it. */
export function useStatusLine({ project, host }: Machine) {
  return useQuery({
    queryKey: ['oob', 'status', project, host],
    queryFn: async ({ signal }) =>
      (await get('/v1/projects/{project}/oob/status', { path: { project }, query: { host } })({ signal })).lines[0] ??
      null,
  })
}
export type StatusLine = NonNullable<ReturnType<typeof useStatusLine>['data']>

export type Asking = {
  /** False while it cannot be asked. */
  readonly on?: boolean
  /** It is read anew when this changes. */
  readonly since?: string
}

/** Reads something from the firmware. */
export function useFirmware<T>(machine: Machine, what: string, { on = true, since = '' }: Asking = {}) {
  return useQuery({
    queryKey: [FIRMWARE, machine.project, machine.guid, what, since],
    // What is here named as T is what the routes of MPS answer.
    queryFn: ({ signal }) => send<T>(firmwareCall(machine, 'GET', what), signal),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
    enabled: on,
  })
}

/** EIM's word for a power state of the firmware. */
const POWER: Readonly<Record<number, string>> = {
  2: 'POWER_STATE_ON',
  3: 'POWER_STATE_SLEEP',
  4: 'POWER_STATE_SLEEP',
  6: 'POWER_STATE_OFF',
  7: 'POWER_STATE_HIBERNATE',
  8: 'POWER_STATE_OFF',
  12: 'POWER_STATE_OFF',
  13: 'POWER_STATE_OFF',
}

/** The power as the firmware says it now, or as it was known when it was heard last. */
export function usePower(
  machine: Machine,
  line: StatusLine,
): { readonly state: string; readonly at?: string | number } {
  const query = useFirmware<{ readonly powerstate?: number }>(machine, 'amt/power/state', {
    on: line.connected,
    // Whatever the controller learned of the power is a reason to ask the firmware again.
    since: line.powerReadAt ?? '',
  })
  const known = { state: line.powerState, ...(line.powerReadAt === undefined ? {} : { at: line.powerReadAt }) }
  if (!line.connected || query.data === undefined) return known
  const isOlder = line.powerReadAt !== undefined && query.dataUpdatedAt < Date.parse(line.powerReadAt)
  if (isOlder) return known
  return { state: POWER[query.data.powerstate ?? 0] ?? 'POWER_STATE_UNSPECIFIED', at: query.dataUpdatedAt }
}

/** Whether a session of this kind may be opened without anybody being asked now. */
export function consentOf({ userConsent, optInState }: Features, mode: 'kvm' | 'sol' | 'any') {
  if (userConsent === 'none' || (userConsent === 'kvm' && mode === 'sol')) return 'unneeded'
  if (optInState === 3 || optInState === 4) return 'given'
  return optInState === 1 || optInState === 2 ? 'shown' : 'none'
}

/** Texts of firmware are somebody else's: control and direction characters are shown as what they are, and the rest is bounded. */
export function plainText(value: unknown, most = 300): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const shown = text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    sign => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return shown.length > most ? `${shown.slice(0, most)}…` : shown
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function spokenBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
