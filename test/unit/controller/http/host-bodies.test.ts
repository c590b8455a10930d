// SPDX-License-Identifier: Apache-2.0
/** What bodies of hosts want, with and without a mask. */
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { hostBody, maskedMembers, refuseTwins, wholeWish, wishOf } from '../../../../controller/http/host-bodies.ts'
import { findings } from '../../../../plugins/contract/index.ts'

const patches = [
  { properties: { siteId: Type.String(), desiredAmtState: Type.String() }, apply: async () => undefined },
]

describe('the wish in a body', () => {
  it('is what it has, apart from what is read-only', () => {
    expect(wishOf({ name: 'n', cpuCores: 4, desiredAmtState: 'X', hostStatus: 'Running' }, patches)).toEqual({
      name: 'n',
      fields: { desiredAmtState: 'X' },
    })
  })

  it('takes the site by its id or as it was read', () => {
    expect(wishOf({ site: { resourceId: 'site-1', name: 's' } }, patches).fields).toEqual({ siteId: 'site-1' })
    expect(wishOf({ siteId: '', site: { resourceId: 'site-1' } }, patches).fields).toEqual({ siteId: '' })
  })

  it('resets what a whole body lacks, but no orders', () => {
    expect(wholeWish({ name: 'n' }, patches)).toEqual({ name: 'n', metadata: [], fields: { siteId: '' } })
  })

  it('clears what a mask names and the body lacks, and leaves out what it does not name', () => {
    const given = maskedMembers('site_id, metadata', new Set(['siteId', 'metadata', 'name']))
    expect(wishOf({ name: 'n' }, patches, given)).toEqual({ metadata: [], fields: { siteId: '' } })
    expect(() => wishOf({}, patches, ['name'])).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

it('refuses a mask with a member that hosts do not have, and a label that stands there twice', () => {
  expect(() => maskedMembers('name,colour', new Set(['name']))).toThrow(expect.objectContaining({ code: 'invalid' }))
  expect(() => refuseTwins([{ key: 'a' }, { key: 'b' }, { key: 'a' }])).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  )
})

it('knows each member of EIM’s host while no module is loaded, and no other', () => {
  const body = hostBody({ facets: [], patches: [] }, false)
  expect(
    findings(body, { desiredPowerState: 'POWER_STATE_RESET_REPEAT', desiredKvmState: 'KVM_CONSENT_RECEIVED' }),
  ).toEqual([])
  expect(findings(body, { hostNics: [], amtSku: 'AMT_SKU_AMT', timestamps: {}, bmcIp: '' })).toEqual([])
  expect(findings(body, { desiredPowerState: 'ON' })).not.toEqual([])
  expect(findings(body, { colour: 'red' })).not.toEqual([])
})
