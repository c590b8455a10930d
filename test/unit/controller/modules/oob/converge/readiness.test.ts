// SPDX-License-Identifier: Apache-2.0
/** What a host lacks to be managed out of band, line by line. */
import { describe, expect, it } from 'vitest'
import { type ReadinessFacts, readinessOf } from '../../../../../../controller/modules/oob/converge/readiness.ts'

const NOW = Date.parse('2026-11-21T04:00:00Z')
const READY: ReadinessFacts = {
  detected: { sku: 'amt', why: 'version 16', version: '16.1', mode: 'acm' },
  chosen: { profile: 'default_acm', controlMode: 'acm', why: 'the domain plant.example has a certificate' },
  domain: { name: 'plant', suffix: 'plant.example', expires: '2027-01-01T00:00:00Z' },
  suffix: 'plant.example',
  wantedMode: undefined,
  hasPassword: true,
  failed: undefined,
  tunnel: { since: '2026-11-21T03:00:00Z', address: '10.0.0.7' },
  lastTunnel: undefined,
  endpoint: 'ctl.example:4433',
  now: NOW,
}
const UNACTIVATED = { ...READY, hasPassword: false, tunnel: undefined, detected: { ...READY.detected!, mode: 'none' } }
const stateOf = (facts: Partial<ReadinessFacts>, check: string) =>
  readinessOf({ ...READY, ...facts }).find(each => each.check === check)

describe('readiness', () => {
  it('is there when everything is', () => {
    expect(readinessOf(READY).map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'met'))
  })

  it('leaves to activation what activation brings about', () => {
    const lines = readinessOf(UNACTIVATED)

    expect(lines.filter(({ state }) => state === 'open').map(({ check }) => check)).toEqual([
      'password',
      'activated',
      'connected',
    ])
  })

  it('needs a certificate in admin control mode only', () => {
    expect(stateOf({ domain: undefined }, 'domain')).toMatchObject({
      state: 'unmet',
      says: 'no domain has a certificate for plant.example',
    })
    expect(stateOf({ domain: undefined, suffix: undefined }, 'domain')!.says).toContain('no DNS suffix')
    expect(stateOf({ domain: undefined, wantedMode: 'ccm' }, 'domain')).toMatchObject({ state: 'unneeded' })
    expect(stateOf({ domain: { ...READY.domain!, expires: '2026-11-21T03:59:59Z' } }, 'domain')).toMatchObject({
      state: 'unmet',
      says: expect.stringContaining('expired'),
    })
  })

  it.each([
    ['rpc is not installed', 'unmet'],
    ['rpc needs root to reach the management engine', 'unmet'],
    ['rpc found no AMT on this machine', 'met'],
  ])('tells from %j that rpc is %s', (why, state) => {
    expect(stateOf({ detected: { ...READY.detected!, sku: 'unknown', why } }, 'rpc')).toMatchObject({ state })
  })

  it('says why it is not activated, and why its tunnel is gone', () => {
    const failed = { ...UNACTIVATED, failed: 'the certificate was refused' }
    expect(readinessOf(failed).find(({ check }) => check === 'activated')).toMatchObject({
      state: 'unmet',
      says: 'the certificate was refused',
    })
    const gone = { tunnel: undefined, lastTunnel: { at: '2026-11-21T03:30:00Z', why: 'timeout' } }
    expect(stateOf(gone, 'connected')).toMatchObject({ state: 'unmet', says: expect.stringContaining('(timeout)') })
    expect(stateOf({ tunnel: undefined }, 'connected')!.says).toContain('never dialled in')
  })

  it('knows nothing without a report', () => {
    expect(stateOf({ detected: undefined }, 'capable')).toMatchObject({ state: 'unmet' })
    expect(stateOf({ hasPassword: false }, 'password')!.says).toContain('activated elsewhere')
  })
})
