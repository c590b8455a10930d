// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import {
  chooseProfile,
  type PolicyRule,
  type PolicySubject,
} from '../../../../../../controller/modules/oob/records/policy.ts'

const profiles = new Map([
  ['p_acm', 'acm'],
  ['p_ccm', 'ccm'],
  ['kiosk', 'ccm'],
  ['plant', 'acm'],
] as const)
const vpro: PolicySubject = { sku: 'amt', labels: {}, tags: [], dnsSuffix: 'a.example.com', domain: 'example.com' }

function choice(rules: PolicyRule[], subject: Partial<PolicySubject> = {}) {
  return chooseProfile({ rules }, { ...vpro, ...subject }, { project: 'p', profiles })
}

describe('choosing a profile', () => {
  it('follows the firmware without rules, and says why', () => {
    expect(choice([])).toEqual({
      profile: 'p_acm',
      controlMode: 'acm',
      why: ['vPro is activated in admin control mode, for the domain example.com has a certificate'],
    })
    expect(choice([], { domain: undefined })).toEqual({
      profile: 'p_ccm',
      controlMode: 'ccm',
      why: ['client control mode, for no domain has a certificate for the suffix a.example.com'],
    })
    expect(choice([], { domain: undefined, dnsSuffix: undefined }).why).toEqual([
      'client control mode, for the device has no DNS suffix',
    ])
    expect(choice([], { sku: 'ism' })).toMatchObject({
      profile: 'p_ccm',
      why: ['ISM is activated in client control mode'],
    })
  })

  it.each(['none', 'unknown'] as const)('chooses nothing for firmware %s, whatever the rules', sku => {
    expect(choice([{ profile: 'kiosk' }], { sku })).toMatchObject({ profile: undefined })
  })

  it('takes the first rule that fits', () => {
    const rules: PolicyRule[] = [
      { name: 'ism', sku: 'ism', profile: 'p_ccm' },
      { name: 'kiosks', labels: { role: 'kiosk' }, profile: 'kiosk' },
      { name: 'plants', tags: ['plant'], profile: 'plant' },
      { name: 'rest', profile: 'p_ccm' },
    ]

    expect(choice(rules, { labels: { role: 'kiosk' }, tags: ['plant'] })).toMatchObject({ profile: 'kiosk' })
    expect(choice(rules, { tags: ['plant'] })).toEqual({
      profile: 'plant',
      controlMode: 'acm',
      why: [
        'ism is for others: it is for ism, the machine has amt',
        'kiosks is for others: the label role is not kiosk',
        'plants fits',
      ],
    })
    expect(choice(rules)).toMatchObject({ profile: 'p_ccm', why: expect.arrayContaining(['rest fits']) })
  })

  it('passes over a rule that cannot be met', () => {
    expect(choice([{ profile: 'gone' }]).why[0]).toBe('rule 1 fits but cannot be met: there is no profile gone')
    expect(choice([{ profile: 'plant' }], { domain: undefined })).toMatchObject({
      profile: 'p_ccm',
      why: [
        'rule 1 fits but cannot be met: no domain has a certificate for the suffix a.example.com',
        expect.any(String),
      ],
    })
    expect(choice([{ profile: 'kiosk', controlMode: 'acm' }]).why[0]).toBe(
      'rule 1 fits but cannot be met: kiosk is for ccm, acm is wanted',
    )
  })

  it('takes the default profile of the mode that a rule wants', () => {
    expect(choice([{ controlMode: 'ccm' }])).toMatchObject({ profile: 'p_ccm', controlMode: 'ccm' })
  })

  it('finds profiles in any case', () => {
    expect(choice([{ profile: 'KIOSK' }])).toMatchObject({ profile: 'KIOSK', controlMode: 'ccm' })
  })
})
