// SPDX-License-Identifier: Apache-2.0
/** What a host says of itself fits the wire, whatever it has to say. */
import { describe, expect, it } from 'vitest'
import { type BirthFacts, birthOf, farewellOf, willOf } from '../../../../agent/link/presence.ts'
import { findings, MAX_BYTES, PresenceMessage } from '../../../../plugins/contract/index.ts'

const facts: BirthFacts = {
  bootId: 'boot-1',
  ticket: 'a-ticket-of-some-length',
  agent: '0.1.0',
  epoch: 2,
  holds: { power: 7 },
  capabilities: [{ section: 'power', plugin: 'power', version: '1.0.0', supported: false, why: 'no ACPI' }],
  denies: ['terminal/*'],
}

const sizeOf = (message: unknown): number => Buffer.byteLength(JSON.stringify(message))

describe('a birth message', () => {
  it('says what it was given', () => {
    const birth = birthOf(facts, 0)

    expect(birth).toEqual({ state: 'online', ...facts, at: '1970-01-01T00:00:00.000Z' })
    expect(findings(PresenceMessage, birth)).toEqual([])
  })

  it('fits with as many plugins and denials as there may be', () => {
    const many = Array.from({ length: 64 }, (_, at) => ({
      ...facts.capabilities[0]!,
      section: `section-${at}`,
      why: 'x'.repeat(900),
    }))
    const denies = Array.from({ length: 40 }, (_, at) => `${'s'.repeat(60)}-${at}/${'n'.repeat(60)}`)

    const birth = birthOf({ ...facts, capabilities: many.slice(0, 20), denies }, 0)

    expect(sizeOf(birth)).toBeLessThanOrEqual(MAX_BYTES.presence)
    expect(findings(PresenceMessage, birth)).toEqual([])
    expect(birth.capabilities).toHaveLength(20)
  })
})

describe('the last will and the farewell', () => {
  it.each([willOf('boot-1'), farewellOf('boot-1', 'stopped'), farewellOf('boot-1', 'rebooting')])(
    'fits the wire: %o',
    message => {
      expect(findings(PresenceMessage, message)).toEqual([])
    },
  )

  it('differ in their reason', () => {
    expect([willOf('b'), farewellOf('b', 'rebooting')]).toMatchObject([{ reason: 'lost' }, { reason: 'rebooting' }])
  })
})
