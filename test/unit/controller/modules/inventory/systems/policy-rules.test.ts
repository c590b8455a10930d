// SPDX-License-Identifier: Apache-2.0
/** Every combination of members of an OS update policy, and which of them go together. */
import { expect, it } from 'vitest'
import { policyFindings } from '../../../../../../controller/modules/inventory/systems/policy-rules.ts'

const MEMBERS = {
  updateSources: ['Types: deb'],
  updatePackages: 'curl',
  updateKernelCommand: 'quiet',
  targetOsId: 'os-00000001',
}
const names = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]
const subsets = Array.from({ length: 16 }, (_, bits) => names.filter((_name, at) => (bits >> at) % 2 === 1))

const policies = ['UPDATE_POLICY_LATEST', 'UPDATE_POLICY_TARGET', 'UPDATE_POLICY_UNSPECIFIED', undefined]

function isPossible(policy: string | undefined, given: readonly string[]): boolean {
  const [image, mutable] = [given.includes('targetOsId'), given.some(name => name !== 'targetOsId')]
  if (policy === 'UPDATE_POLICY_LATEST') return given.length === 0
  return policy === 'UPDATE_POLICY_TARGET' && image !== mutable
}

it.each(policies.flatMap(policy => subsets.map(given => [policy, given] as const)))(
  'judges %s with %j',
  (updatePolicy, given) => {
    const members = Object.fromEntries(given.map(name => [name, MEMBERS[name]]))

    const findings = policyFindings({ updatePolicy, ...members })

    expect(findings.length === 0).toBe(isPossible(updatePolicy, given))
    for (const { pointer } of findings) expect([...given, 'updatePolicy']).toContain(pointer.slice(1))
  },
)

it('takes empty members for absent ones', () => {
  const empty = { updateSources: [], updatePackages: '', updateKernelCommand: '', targetOsId: '' }

  expect(policyFindings({ updatePolicy: 'UPDATE_POLICY_LATEST', ...empty })).toEqual([])
})

it('names every member that cannot stand with the image', () => {
  const findings = policyFindings({ updatePolicy: 'UPDATE_POLICY_TARGET', ...MEMBERS })

  expect(findings.map(({ pointer }) => pointer)).toEqual(['/updateSources', '/updatePackages', '/updateKernelCommand'])
})
