// SPDX-License-Identifier: Apache-2.0
/** Which members of an OS update policy go together. */
import type { Finding } from '../../../../plugins/contract/index.ts'

export type PolicyMembers = {
  readonly updatePolicy?: string | undefined
  readonly updateSources?: readonly string[] | undefined
  readonly updatePackages?: string | undefined
  readonly updateKernelCommand?: string | undefined
  readonly targetOsId?: string | undefined
}

const MUTABLE = ['updateSources', 'updatePackages', 'updateKernelCommand'] as const
const ALL = [...MUTABLE, 'targetOsId'] as const

/**
 * LATEST goes with no other member; TARGET either with those for mutable systems or with the image to go to. Says of
 * each member why it cannot stand there.
 */
export function policyFindings(members: PolicyMembers): readonly Finding[] {
  const given = ALL.filter(name => !isEmpty(members[name]))
  if (members.updatePolicy === 'UPDATE_POLICY_LATEST') {
    return given.map(name => ({ pointer: `/${name}`, message: 'cannot stand with UPDATE_POLICY_LATEST' }))
  }
  if (members.updatePolicy !== 'UPDATE_POLICY_TARGET') {
    return [{ pointer: '/updatePolicy', message: 'must be UPDATE_POLICY_LATEST or UPDATE_POLICY_TARGET' }]
  }
  if (given.length === 0) {
    return [
      { pointer: '/updatePolicy', message: `UPDATE_POLICY_TARGET needs targetOsId, or some of ${MUTABLE.join(', ')}` },
    ]
  }
  if (!given.includes('targetOsId')) return []
  return given
    .filter(name => name !== 'targetOsId')
    .map(name => ({ pointer: `/${name}`, message: 'is for mutable systems and cannot stand with targetOsId' }))
}

function isEmpty(value: string | readonly string[] | undefined): boolean {
  return value === undefined || value.length === 0
}
