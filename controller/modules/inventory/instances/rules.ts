// SPDX-License-Identifier: Apache-2.0
/** What an instance may become: its state, its security feature, and what is settled once provisioning has begun. */
import type { Finding } from '../../../../plugins/contract/index.ts'

export const INSTANCE_STATES = [
  'INSTANCE_STATE_UNSPECIFIED',
  'INSTANCE_STATE_RUNNING',
  'INSTANCE_STATE_DELETED',
  'INSTANCE_STATE_UNTRUSTED',
] as const
export type InstanceState = (typeof INSTANCE_STATES)[number]

export const SECURITY_FEATURES = [
  'SECURITY_FEATURE_UNSPECIFIED',
  'SECURITY_FEATURE_NONE',
  'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION',
] as const
export type SecurityFeature = (typeof SECURITY_FEATURES)[number]

const SECURED: SecurityFeature = 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'

/** Secure boot with disk encryption needs an operating system that has it; one that has it may run without. */
export function securityFindings(
  wanted: string | undefined,
  system: { readonly id: string; readonly securityFeature: string | undefined } | undefined,
): readonly Finding[] {
  if (wanted !== SECURED || system === undefined || system.securityFeature === SECURED) return []
  const has = system.securityFeature ?? 'SECURITY_FEATURE_UNSPECIFIED'
  return [{ pointer: '/securityFeature', message: `${system.id} does not support it: it has ${has}` }]
}

/** What a change of state comes to: the state to keep, or why it cannot be. */
export type StateChange = { readonly state: InstanceState } | { readonly refused: string }

/**
 * The desired state after somebody asked for one; asking for nothing or for UNSPECIFIED keeps it. An untrusted
 * instance can only be deleted, and deletion has a verb of its own.
 */
export function desiredAfter(present: InstanceState, wanted: InstanceState | undefined): StateChange {
  if (wanted === undefined || wanted === 'INSTANCE_STATE_UNSPECIFIED' || wanted === present) return { state: present }
  if (wanted === 'INSTANCE_STATE_DELETED') return { refused: 'an instance is deleted by DELETE, not by its state' }
  if (present === 'INSTANCE_STATE_UNTRUSTED') return { refused: 'an untrusted instance can only be deleted' }
  return { state: wanted }
}

/** Tells whether provisioning has begun: somebody has reported on it, or the instance is known to run. */
export function isProvisioning({
  provisioningStatus,
  currentState,
}: {
  readonly provisioningStatus: string | undefined
  readonly currentState: string | undefined
}): boolean {
  const said = provisioningStatus ?? ''
  return (said !== '' && said !== 'Unknown') || currentState === 'INSTANCE_STATE_RUNNING'
}
