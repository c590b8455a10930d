// SPDX-License-Identifier: Apache-2.0
/** What a project does by itself about machines in trouble, and what it has approved. */
import { type Static, Type } from 'typebox'
import type { Kernel } from '../../../kernel/kernel.ts'
import { rulesOf } from './drift-policies.ts'
import { PLAYBOOKS } from './playbooks/built-in.ts'
import { VERDICTS } from './verdict.ts'

export const RecoveryRule = Type.Object(
  {
    verdict: Type.Enum([...VERDICTS]),
    playbook: Type.Enum(PLAYBOOKS.filter(each => each.takesUrl !== true).map(each => each.name)),
    mode: Type.Enum(['off', 'dry-run', 'run']),
    afterMinutes: Type.Integer({ minimum: 0, maximum: 10_080, description: 'How long the verdict must hold' }),
    mayRestart: Type.Optional(
      Type.Boolean({ description: 'Whether steps that need leave to restart the machine have it; not, unless said' }),
    ),
  },
  { additionalProperties: false },
)
export type RecoveryRule = Static<typeof RecoveryRule>

export const RecoveryPolicy = Type.Object(
  {
    rules: Type.Array(RecoveryRule, { maxItems: 32, description: 'The first for a verdict decides' }),
    approvalFromClass: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4, description: 'Steps from this class on wait for a second person' }),
    ),
  },
  { additionalProperties: false },
)
export type RecoveryPolicy = Static<typeof RecoveryPolicy>

/** Nothing happens by itself. */
export const DEFAULT_RECOVERY_POLICY: RecoveryPolicy = { rules: [] }

export async function policyOf({ kernel }: { readonly kernel: Kernel }, project: string): Promise<RecoveryPolicy> {
  return (await rulesOf(kernel.store, project, { kind: 'recovery', fallback: DEFAULT_RECOVERY_POLICY })).policy
}
