// SPDX-License-Identifier: Apache-2.0
/** Reasons that lie in the certificate of a host: one table, by what is left of its life. */
import { describe, expect, it } from 'vitest'
import type { CertificateRow } from '../../../../controller/kernel/tables/tables.ts'
import type { Facts } from '../../../../controller/why/facts.ts'
import { standingBlockers } from '../../../../controller/why/standing.ts'
import { DAY, formatTime, HOUR } from '../../../../plugins/contract/index.ts'

const NOW = Date.parse('2030-01-31T12:00:00.000Z')

function certificate(more: { leftMs: number; state: CertificateRow['state']; ageMs: number }): CertificateRow {
  const issued = formatTime(NOW - more.ageMs)
  return {
    project: 'default',
    host: 'host-00000001',
    fingerprint: 'f',
    serial: '1',
    epoch: 1,
    state: more.state,
    not_before: issued,
    not_after: formatTime(NOW + more.leftMs),
    issued_at: issued,
    superseded_at: null,
  }
}

/** A host that is online and was so for a day. */
function facts(held: CertificateRow, state = 'onboarded'): Facts {
  const presence = { online: true, since: formatTime(NOW - DAY), lastSeen: formatTime(NOW), standing: 'active' }
  const host = { project: 'default', id: 'host-00000001', name: 'press', state, desired: state }
  const rest = { clockSkewMs: 0, desired: [], reported: new Map(), waiting: [], undone: [] }
  return { ...rest, host, presence, now: NOW, certificate: held } as unknown as Facts // as much of them as is looked at
}

const codes = (given: Facts): readonly string[] =>
  standingBlockers(given).flatMap(({ code }) => (code.startsWith('certificate') ? [code] : []))

describe('the certificate of a host', () => {
  it.each([
    ['is no reason while it is young', { leftMs: 25 * DAY, state: 'active', ageMs: 5 * DAY }, []],
    ['has expired', { leftMs: -1, state: 'active', ageMs: 30 * DAY }, ['certificate-expired']],
    ['has expired at this very moment', { leftMs: 0, state: 'active', ageMs: 30 * DAY }, ['certificate-expired']],
    [
      'expires within hours and was not renewed',
      { leftMs: HOUR, state: 'active', ageMs: 29 * DAY },
      ['certificate-expiring'],
    ],
    ['was issued a moment ago and is not used yet', { leftMs: 30 * DAY, state: 'pending', ageMs: 1_000 }, []],
    [
      'was issued days ago and never used',
      { leftMs: 25 * DAY, state: 'pending', ageMs: 5 * DAY },
      ['certificate-pending'],
    ],
  ] as const)('%s', (_, held, expected) => {
    expect(codes(facts(certificate(held)))).toEqual(expected)
  })

  it('is no reason of a host that was revoked: that is told instead', () => {
    const expired = certificate({ leftMs: -DAY, state: 'active', ageMs: 31 * DAY })

    expect(codes(facts(expired, 'untrusted'))).toEqual([])
  })

  it('says since when it is expired, and what to do', () => {
    const expired = certificate({ leftMs: -DAY, state: 'active', ageMs: 31 * DAY })
    const [reason] = standingBlockers(facts(expired)).filter(({ code }) => code === 'certificate-expired')

    expect(reason).toMatchObject({ since: formatTime(NOW - DAY), evidence: { expired: formatTime(NOW - DAY) } })
    expect(reason?.next).not.toBe('')
  })
})
