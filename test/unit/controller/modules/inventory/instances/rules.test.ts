// SPDX-License-Identifier: Apache-2.0
/** What an instance may become. */
import { describe, expect, it } from 'vitest'
import {
  desiredAfter,
  INSTANCE_STATES,
  isProvisioning,
  SECURITY_FEATURES,
  securityFindings,
} from '../../../../../../controller/modules/inventory/instances/rules.ts'

const RUNNING = 'INSTANCE_STATE_RUNNING'
const UNTRUSTED = 'INSTANCE_STATE_UNTRUSTED'

describe('the desired state', () => {
  it('of an untrusted instance never changes', () => {
    for (const wanted of INSTANCE_STATES) {
      const after = desiredAfter(UNTRUSTED, wanted)
      if ('state' in after) expect(after.state).toBe(UNTRUSTED)
    }
    expect(desiredAfter(UNTRUSTED, RUNNING)).toHaveProperty('refused')
  })

  it.each([
    [undefined, RUNNING],
    ['INSTANCE_STATE_UNSPECIFIED', RUNNING],
    [RUNNING, RUNNING],
    [UNTRUSTED, UNTRUSTED],
  ] as const)('of a running instance for which %s is asked is %s', (wanted, state) => {
    expect(desiredAfter(RUNNING, wanted)).toEqual({ state })
  })

  it('is not the way to delete', () => {
    expect(desiredAfter(RUNNING, 'INSTANCE_STATE_DELETED')).toHaveProperty('refused')
  })
})

describe('the security feature', () => {
  const SECURED = 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'

  it.each(SECURITY_FEATURES.flatMap(wanted => SECURITY_FEATURES.map(has => [wanted, has] as const)))(
    'is judged: %s on %s',
    (wanted, has) => {
      const findings = securityFindings(wanted, { id: 'os-1', securityFeature: has })

      expect(findings.length > 0).toBe(wanted === SECURED && has !== SECURED)
    },
  )

  it('is not judged without an operating system', () => {
    expect(securityFindings(SECURED, undefined)).toEqual([])
  })
})

it.each([
  [undefined, undefined, false],
  ['', 'INSTANCE_STATE_UNSPECIFIED', false],
  ['Unknown', undefined, false],
  ['Provisioning In Progress: 2/11', undefined, true],
  ['Provisioned', 'INSTANCE_STATE_RUNNING', true],
  [undefined, 'INSTANCE_STATE_RUNNING', true],
])('takes provisioning as begun with status %j and state %j: %s', (provisioningStatus, currentState, begun) => {
  expect(isProvisioning({ provisioningStatus, currentState })).toBe(begun)
})
