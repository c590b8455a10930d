// SPDX-License-Identifier: Apache-2.0
/** Members of an instance: what may be set, what it refers to, and the statuses others write. */
import { Type } from 'typebox'
import type { Member } from '../engine/kind.ts'
import { INDICATIONS } from '../systems/run.ts'
import { INSTANCE_STATES, SECURITY_FEATURES } from './rules.ts'
import { STATUSES } from './tables.ts'

const State = Type.Enum([...INSTANCE_STATES])
const Embedded = Type.Object({}, { additionalProperties: true })
/** Texts that feeds and hosts write. */
const Fed = Type.String({ description: 'Read-only' })

export const CONFIG_ID = '^customconfig-[0-9a-f]{8}$'

export const instanceMembers: Readonly<Record<string, Member>> = {
  kind: {
    is: 'column',
    column: 'kind',
    schema: Type.Enum(['INSTANCE_KIND_UNSPECIFIED', 'INSTANCE_KIND_METAL']),
  },
  name: {
    is: 'column',
    column: 'name',
    schema: Type.String({ maxLength: 50, pattern: '^$|^[a-zA-Z-_0-9./: ]+$' }),
    searched: true,
  },
  desiredState: { is: 'column', column: 'desired_state', schema: State },
  currentState: { is: 'column', column: 'current_state', schema: State, write: 'never' },
  host: { is: 'reference', to: 'host', column: 'host', writes: 'hostID' },
  os: { is: 'reference', to: 'operatingSystem', column: 'os', writes: 'osID' },
  securityFeature: { is: 'column', column: 'security_feature', schema: Type.Enum([...SECURITY_FEATURES]) },
  ...statusMembers(),
  workloadMembers: { is: 'computed', schema: Type.Array(Embedded) },
  localaccount: { is: 'reference', to: 'localAccount', column: 'local_account', writes: 'localAccountID' },
  updatePolicy: { is: 'reference', to: 'osUpdatePolicy', column: 'update_policy', writes: 'osUpdatePolicyID' },
  instanceStatusDetail: { is: 'column', column: 'instance_status_detail', schema: Fed, write: 'never' },
  existingCves: { is: 'column', column: 'existing_cves', schema: Fed, write: 'never' },
  runtimePackages: { is: 'column', column: 'runtime_packages', schema: Fed, write: 'never', filter: 'none' },
  osUpdateAvailable: { is: 'column', column: 'os_update_available', schema: Fed, write: 'never' },
  customConfig: { is: 'computed', schema: Type.Array(Embedded) },
  customConfigID: {
    is: 'extra',
    schema: Type.Array(Type.String({ pattern: CONFIG_ID, maxLength: 21 }), { maxItems: 100 }),
  },
  instanceID: { is: 'alias' },
}

/** `instanceStatus`, `instanceStatusIndicator`, `instanceStatusTimestamp`, and the same of the other three. */
function statusMembers(): Record<string, Member> {
  const members: Record<string, Member> = {}
  for (const status of STATUSES) {
    const name = statusName(status)
    const column = `${status}_status`
    members[name] = { is: 'column', column, schema: Type.String({ maxLength: 1_024 }), write: 'never' }
    members[`${name}Indicator`] = {
      is: 'column',
      column: `${column}_indicator`,
      schema: Type.Enum([...INDICATIONS]),
      write: 'never',
    }
    members[`${name}Timestamp`] = {
      is: 'column',
      column: `${column}_at`,
      form: 'integer',
      schema: Type.Integer({ description: 'Unix seconds; 0 when nobody has said anything yet' }),
      write: 'never',
    }
  }
  return members
}

/** `trusted_attestation` is shown as `trustedAttestationStatus`. */
export function statusName(status: (typeof STATUSES)[number]): string {
  return `${status.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}Status`
}
