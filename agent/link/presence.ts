// SPDX-License-Identifier: Apache-2.0
/** What a host says of itself when it comes and goes. */
import {
  type Birth,
  type Capability,
  type EpochMs,
  formatTime,
  MAX_BYTES,
  type PresenceMessage,
} from '../../plugins/contract/index.ts'

export type BirthFacts = {
  readonly bootId: string
  readonly ticket: string
  readonly agent: string
  readonly epoch: number
  readonly holds: Readonly<Record<string, number>>
  readonly capabilities: readonly Capability[]
  readonly denies: readonly string[]
}

/** The birth message; reasons and denied patterns that would make it larger than the wire allows are cut. */
export function birthOf(facts: BirthFacts, at: EpochMs): Birth {
  const { bootId, ticket, agent, epoch, holds } = facts
  const capabilities = facts.capabilities.slice(0, 64).map(each => withWhyOf(each, 200))
  const denies = facts.denies.slice(0, 32)
  const birth: Birth = {
    state: 'online',
    bootId,
    ticket,
    agent,
    epoch,
    holds: { ...holds },
    capabilities,
    denies,
    at: formatTime(at),
  }
  if (fits(birth)) return birth
  const brief = { ...birth, capabilities: capabilities.map(each => withWhyOf(each, 0)) }
  while (!fits(brief) && brief.denies.length > 0) brief.denies.pop()
  return brief
}

/** The last will: what the broker says when the host falls silent. */
export function willOf(bootId: string): PresenceMessage {
  return { state: 'offline', bootId, reason: 'lost' }
}

/** What the host says when it leaves on purpose. */
export function farewellOf(bootId: string, reason: 'stopped' | 'rebooting'): PresenceMessage {
  return { state: 'offline', bootId, reason }
}

function withWhyOf(capability: Capability, length: number): Capability {
  const { why, ...rest } = capability
  return why === undefined || length === 0 ? rest : { ...rest, why: why.slice(0, length) }
}

function fits(birth: Birth): boolean {
  return Buffer.byteLength(JSON.stringify(birth)) <= MAX_BYTES.presence
}
