// SPDX-License-Identifier: Apache-2.0
/**
 * The three statuses of a host, from what the controller says of it: whether it can be reached, whether it is well,
 * and whether it is as it should be. Pure, and the same as the filters `reachability:`, `health:` and `compliance:`.
 */
import type { Host } from '../../../api/types.ts'
import type { Compliance, Health, Reachability } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/hosts.ts'

/** What a chip says: its word, why, and the token that finds all hosts of which it holds. */
export type Said<S> = { readonly state: S; readonly why: string; readonly token: string }

export type Chips = {
  readonly reachability: Said<Reachability>
  readonly health: Said<Health>
  /** `undefined` while the sections of the host are not known. */
  readonly compliance: Said<Compliance> | undefined
}

/** As the host list (`fields=sections`) and `GET …/why` tell it. */
export type SectionState = {
  readonly section: string
  readonly status: string
  /** Revision of the desired document; 0 when nothing is asked of the section. */
  readonly desired: number
  readonly reported: number
}

/** The members of a host that the chips are made of. */
export type ChipSource = Partial<
  Pick<
    Host,
    | 'presence'
    | 'hostStatus'
    | 'hostStatusIndicator'
    | 'registrationStatus'
    | 'registrationStatusIndicator'
    | 'onboardingStatus'
    | 'onboardingStatusIndicator'
  >
>

/** Members to ask for in `fields`, so that a list can show the chips. */
export const CHIP_FIELDS: readonly string[] = [
  'presence',
  'hostStatus',
  'hostStatusIndicator',
  'registrationStatus',
  'registrationStatusIndicator',
  'onboardingStatus',
  'onboardingStatusIndicator',
  'sections',
]

export function chipsOf(host: ChipSource, sections?: readonly SectionState[]): Chips {
  return {
    reachability: reachabilityOf(host),
    health: healthOf(host),
    compliance: sections === undefined ? undefined : complianceOf(sections),
  }
}

/** Who left in good order sleeps; who was lost, refused or cut off is offline. */
export function reachabilityOf({ presence, hostStatus = '', hostStatusIndicator }: ChipSource): Said<Reachability> {
  const say = (state: Reachability, why: string) => ({ state, why, token: `reachability:${state}` })
  if (presence?.online === true) return say('online', t.why.online(presence.transport, presence.address))
  if (hostStatus === '') return say('never', t.why.never)
  const left = hostStatus === 'Agent stopped' || hostStatus === 'Rebooting'
  if (left && hostStatusIndicator !== 'STATUS_INDICATION_ERROR') return say('asleep', hostStatus)
  return say('offline', t.why.offline(hostStatus, presence?.reason))
}

const HEALTH: Readonly<Record<string, Health>> = {
  STATUS_INDICATION_IDLE: 'ok',
  STATUS_INDICATION_IN_PROGRESS: 'degraded',
  STATUS_INDICATION_ERROR: 'failing',
}

/** The kind of its status; the words of registration and onboarding say more where they are out of order. */
export function healthOf(host: ChipSource): Said<Health> {
  const state = HEALTH[host.hostStatusIndicator ?? ''] ?? 'unknown'
  const more = [
    [host.registrationStatus, host.registrationStatusIndicator],
    [host.onboardingStatus, host.onboardingStatusIndicator],
  ].flatMap(([text, kind]) => (kind === 'STATUS_INDICATION_ERROR' && text !== undefined ? [text] : []))
  const words = [...(host.hostStatus === undefined || host.hostStatus === '' ? [] : [host.hostStatus]), ...more]
  return { state, why: words.length === 0 ? t.why.nothingKnown : words.join(' · '), token: `health:${state}` }
}

/** The worst of its sections; what a machine cannot do counts only where somebody asks it to. */
export function complianceOf(sections: readonly SectionState[]): Said<Compliance> {
  const say = (state: Compliance, of: readonly SectionState[]) => ({
    state,
    why: of.length === 0 ? t.why.settled(sections.length) : of.map(each => t.why.section(each)).join('\n'),
    token: `compliance:${state}`,
  })
  const failed = sections.filter(({ status }) => status === 'failed')
  if (failed.length > 0) return say('failed', failed)
  const held = sections.filter(({ status }) => status === 'held')
  if (held.length > 0) return say('held', held)
  const moving = sections.filter(each => each.status === 'progressing' || each.desired > each.reported)
  if (moving.length > 0) return say('progressing', moving)
  const cannot = sections.filter(each => each.desired > 0 && /^un(supported|available)$/.test(each.status))
  return cannot.length > 0 ? say('unsupported', cannot) : say('settled', [])
}
