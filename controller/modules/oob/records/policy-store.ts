// SPDX-License-Identifier: Apache-2.0
/** Keeps each project's policy, and chooses by it with what the project has. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { type Choice, type ControlMode, chooseProfile, defaultName, type Policy, type PolicySubject } from './policy.ts'
import { problem } from './problems.ts'
import { domainFor } from './resolve.ts'
import { find, keyOf, list } from './store.ts'
import type { RecordTables } from './tables.ts'

export type KeptPolicy = { readonly policy: Policy; readonly version: number }

const NONE: KeptPolicy = { policy: { rules: [] }, version: 0 }
const ALL = 100_000

/** The project's policy; without one, no rules. */
export async function policyOf(db: Db, project: string): Promise<KeptPolicy> {
  const row = await db.of<RecordTables>(project).select('oob_record_policies').selectAll().executeTakeFirst()
  if (row === undefined) return NONE
  return { policy: JSON.parse(row.content) as Policy, version: Number(row.version) } // written by `putPolicy` only
}

export type PolicyChange = { readonly policy: Policy; readonly by: string; readonly now: number }

/** Throws `policy-invalid` when a rule names a profile that is not there. */
export async function putPolicy(tx: Tx, project: string, { policy, by, now }: PolicyChange): Promise<KeptPolicy> {
  const own = [defaultName(project, 'acm'), defaultName(project, 'ccm')].map(keyOf)
  for (const [index, { profile }] of policy.rules.entries()) {
    if (profile === undefined || own.includes(keyOf(profile))) continue
    if ((await find(tx, project, { kind: 'profile', name: profile })) === undefined)
      throw problem('policy-invalid', `rule ${index + 1} names the profile ${profile}, which is not there`)
  }
  const version = (await policyOf(tx, project)).version + 1
  const row = { version, content: JSON.stringify(policy), updated_at: formatTime(now), updated_by: by }
  await tx
    .of<RecordTables>(project)
    .insert('oob_record_policies', row)
    .onConflict(clash => clash.column('project').doUpdateSet(row))
    .execute()
  return { policy, version }
}

/** Chooses the profile of a device by the project's policy, profiles and domains. */
export async function choose(db: Db, project: string, subject: Omit<PolicySubject, 'domain'>): Promise<Choice> {
  const { policy } = await policyOf(db, project)
  const { kept } = await list(db, project, { kind: 'profile', top: ALL, skip: 0 })
  const profiles = new Map(kept.map(({ record }) => [keyOf(record.profileName), modeOf(record.activation)] as const))
  const { dnsSuffix } = subject
  const domain = dnsSuffix === undefined ? undefined : await domainFor(db, project, dnsSuffix)
  return chooseProfile(policy, { ...subject, domain: domain?.domainSuffix }, { project, profiles })
}

function modeOf(activation: 'ccmactivate' | 'acmactivate'): ControlMode {
  return activation === 'acmactivate' ? 'acm' : 'ccm'
}
