// SPDX-License-Identifier: Apache-2.0
/** Return values have names, and those that are not 0 are refusals. */
import { expect, it } from 'vitest'
import { mustSucceed, statusName } from '../../../../../../controller/modules/oob/wsman/status.ts'

it.each([
  [0, 'SUCCESS'],
  [1, 'INTERNAL_ERROR'],
  [2, 'NOT_READY'],
  [3, 'INVALID_PT_MODE'],
  [0x0c, 'INVALID_NAME'],
  [0x10, 'NOT_PERMITTED'],
  [0x17, 'MAX_LIMIT_REACHED'],
  [0x20, 'INVALID_PROVISIONING_STATE'],
  [0x24, 'INVALID_PARAMETER'],
  [0x400, 'DISABLED_BY_POLICY'],
  [0x802, 'UNSUPPORTED_BOOT_OPTION'],
  [0x80a, 'DUPLICATE'],
  [0x810, 'CERT_KEY_NOT_MATCH'],
  [0x821, 'USER_CONSENT_REQUIRED'],
  [4_711, 'UNKNOWN_ERROR'],
])('%i is %s', (value, name) => {
  expect(statusName(value)).toBe(name)
})

it('throws a refusal that names the act, the value and its name', () => {
  const output = { returnValue: 2, content: {}, envelope: { Header: {}, Body: {} } }

  expect(() => mustSucceed(output, 'RequestPowerStateChange')).toThrow(
    expect.objectContaining({
      code: 'amt-refused',
      detail: 'RequestPowerStateChange: NOT_READY (2)',
      fields: { returnValue: 2, status: 'NOT_READY' },
    }),
  )
  expect(mustSucceed({ ...output, returnValue: 0 }, 'x').returnValue).toBe(0)
})
