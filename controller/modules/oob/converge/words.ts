// SPDX-License-Identifier: Apache-2.0
/** Power, AMT and session states in EIM's words, and what each power order means to the firmware. Pure. */
import { Type } from 'typebox'

export const POWER_ACTIONS = ['on', 'off', 'sleep', 'hibernate', 'reset', 'power-cycle'] as const
export type PowerAction = (typeof POWER_ACTIONS)[number]

export type PowerPolicy = 'immediate' | 'ordered'

export type PowerRule = {
  /** Sent at once, or when the polite one did not help. */
  readonly code: number
  /** Asks the operating system first; absent where there is nothing to ask. */
  readonly polite?: number
  readonly progress: string
  readonly done: string
  /** Power states that mean it took place; the firmware lags, so they are sets. */
  readonly accepts: readonly number[]
  /** Being in such a state already is as good as an act; a reset is an act whatever the state. */
  readonly settles: boolean
}

/** Codes of RequestPowerStateChange (DSP1027 §7.2, extended by AMT). */
export const POWER_RULES: Readonly<Record<PowerAction, PowerRule>> = {
  on: { code: 2, progress: 'Powering on', done: 'Powered on', accepts: [2], settles: true },
  off: { code: 8, polite: 12, progress: 'Powering off', done: 'Powered off', accepts: [6, 8, 12, 13], settles: true },
  sleep: { code: 4, progress: 'Sleeping', done: 'Sleep state', accepts: [3, 4], settles: true },
  hibernate: { code: 7, progress: 'Hibernating', done: 'Hibernate state', accepts: [7], settles: true },
  reset: { code: 10, polite: 14, progress: 'Resetting', done: 'Reset successful', accepts: [2, 14], settles: false },
  'power-cycle': {
    code: 5,
    polite: 15,
    progress: 'Power cycling',
    done: 'Power cycle successful',
    accepts: [2, 9],
    settles: false,
  },
}

export const EIM_POWER = {
  on: 'POWER_STATE_ON',
  off: 'POWER_STATE_OFF',
  sleep: 'POWER_STATE_SLEEP',
  hibernate: 'POWER_STATE_HIBERNATE',
  reset: 'POWER_STATE_RESET',
  'power-cycle': 'POWER_STATE_POWER_CYCLE',
} as const satisfies Readonly<Record<PowerAction, string>>

/** Resets may be asked for twice in a row under two names; both are one act. */
const ASKED: Readonly<Record<string, PowerAction>> = {
  ...Object.fromEntries(Object.entries(EIM_POWER).map(([action, word]) => [word, action as PowerAction])), // keys of the table above
  POWER_STATE_RESET_REPEAT: 'reset',
}

export function actionNamed(word: string): PowerAction | undefined {
  return Object.hasOwn(ASKED, word) ? ASKED[word] : undefined
}

/** EIM's word for a power state of the firmware. */
export function eimPowerOf(state: number | undefined): string {
  if (state === 2) return EIM_POWER.on
  if (state === 3 || state === 4) return EIM_POWER.sleep
  if (state === 7) return EIM_POWER.hibernate
  if (state === 6 || state === 8 || state === 12 || state === 13) return EIM_POWER.off
  return 'POWER_STATE_UNSPECIFIED'
}

export type Indicator = 'UNSPECIFIED' | 'ERROR' | 'IN_PROGRESS' | 'IDLE'

export const StatusIndication = Type.Enum([
  'STATUS_INDICATION_UNSPECIFIED',
  'STATUS_INDICATION_ERROR',
  'STATUS_INDICATION_IN_PROGRESS',
  'STATUS_INDICATION_IDLE',
])
export const PowerState = Type.Enum(['POWER_STATE_UNSPECIFIED', ...Object.keys(ASKED)])
export const PowerCommandPolicy = Type.Enum([
  'POWER_COMMAND_POLICY_UNSPECIFIED',
  'POWER_COMMAND_POLICY_IMMEDIATE',
  'POWER_COMMAND_POLICY_ORDERED',
])
export const AmtState = Type.Enum([
  'AMT_STATE_UNSPECIFIED',
  'AMT_STATE_PROVISIONED',
  'AMT_STATE_UNPROVISIONED',
  'AMT_STATE_DISCONNECTED',
])
export const AmtControlMode = Type.Enum([
  'AMT_CONTROL_MODE_UNSPECIFIED',
  'AMT_CONTROL_MODE_ACM',
  'AMT_CONTROL_MODE_CCM',
])
export const KvmState = Type.Enum([
  'KVM_STATE_UNSPECIFIED',
  'KVM_STATE_START',
  'KVM_STATE_STOP',
  'KVM_STATE_AWAITING_CONSENT',
  'KVM_STATE_ERROR',
  'KVM_CONSENT_RECEIVED',
  'KVM_REDIRECTION_RECEIVED',
])
export const SolState = Type.Enum([
  'SOL_STATE_UNSPECIFIED',
  'SOL_STATE_START',
  'SOL_STATE_STOP',
  'SOL_STATE_AWAITING_CONSENT',
  'SOL_STATE_ERROR',
  'SOL_STATE_CONSENT_RECEIVED',
  'SOL_STATE_REDIRECTION_RECEIVED',
])
export const KvmStatus = Type.Enum(['KVM_STATUS_UNSPECIFIED', 'KVM_STATUS_ACTIVATED', 'KVM_STATUS_DEACTIVATED'])
export const SolStatus = Type.Enum(['SOL_STATUS_UNSPECIFIED', 'SOL_STATUS_ACTIVATED', 'SOL_STATUS_DEACTIVATED'])
