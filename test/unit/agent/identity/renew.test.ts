// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jitterOf, renewalAt, renewalDue } from '../../../../agent/identity/renew.ts'
import { DAY } from '../../../../plugins/contract/index.ts'

const life = { notBefore: 0, notAfter: 30 * DAY }
const hosts = fc.nat(0xffff_ffff).map(number => `host-${number.toString(16).padStart(8, '0')}`)

describe('renewal', () => {
  it('is due at two thirds of the life, give or take a tenth of it, and always at the same moment', () => {
    fc.assert(
      fc.property(hosts, host => {
        const at = renewalAt({ ...life, host })
        expect(at).toBe(renewalAt({ ...life, host }))
        expect(at).toBeGreaterThanOrEqual(Math.floor((2 / 3 - 0.1) * 30 * DAY))
        expect(at).toBeLessThanOrEqual(Math.ceil((2 / 3 + 0.1) * 30 * DAY))
      }),
    )
  })

  it('is spread over the fleet', () => {
    const places = Array.from({ length: 1_000 }, (_, index) => jitterOf(`host-${index.toString(16).padStart(8, '0')}`))

    const early = places.filter(each => each < -0.05).length
    const late = places.filter(each => each > 0.05).length
    expect(early).toBeGreaterThan(150)
    expect(late).toBeGreaterThan(150)
  })

  it('is due from its moment on, also after the end', () => {
    const identity = { ...life, host: 'host-1a2b3c4d' }

    expect(renewalDue(identity, 20 * DAY, 0)).toBe(true)
    expect(renewalDue(identity, 20 * DAY - 1, 0)).toBe(false)
    expect(renewalDue(identity, 40 * DAY, 0)).toBe(true)
  })
})
