// SPDX-License-Identifier: Apache-2.0
/** What provisioning stands on, whichever way it reaches the device. */
import type { KeyObject } from 'node:crypto'
import type { Clock, Log, RandomBytes } from '../../../../plugins/contract/index.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Store } from '../../../store/store.ts'
import type { Devices } from '../devices/devices.ts'
import type { Wsman } from '../wsman/wsman.ts'

/** Signs the certificates with which devices serve TLS. All certificates are base64 of the DER. */
export interface DeviceCertificates {
  root(project: string): Promise<string>
  /** The same where it was asked for before; it is not made for this. */
  kept(project: string): Promise<string | undefined>
  /** For a key that was made in the firmware and never leaves it. */
  issue(order: { readonly project: string; readonly guid: string; readonly publicKey: KeyObject }): Promise<string>
}

/** What must survive a restart and cannot be read from the device. */
export interface Marks {
  /** Whether TLS settings were written and perhaps not committed. */
  uncommitted(): Promise<boolean>
  setUncommitted(value: boolean): Promise<void>
}

/** What a user name and a password for 802.1x are got from; an enterprise's own service. */
export type EnterpriseCredentials = (order: {
  readonly project: string
  readonly guid: string
  readonly profile: string
  readonly protocol: number
}) => Promise<{ readonly username: string; readonly password: string; readonly rootCertificate?: string } | undefined>

export type Ground = {
  readonly project: string
  /** Lower case with hyphens. */
  readonly guid: string
  /** Logs in as `admin`, with whatever candidate the firmware takes, and tells the secrets which it was. */
  readonly wsman: () => Wsman
  readonly signal: AbortSignal
  readonly store: Store
  readonly secrets: Secrets
  readonly devices: Devices
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly certificates: DeviceCertificates
  readonly marks: Marks
  readonly enterprise?: EnterpriseCredentials
  /** Drops what others remember of the device's login. */
  readonly forget: (guid: string) => void
  /** Told before each act. */
  readonly onStep: (what: string, why: string) => Promise<void>
  /** Waits while the firmware is busy with itself. */
  readonly pause: (ms: number) => Promise<void>
  readonly tlsEnforced: boolean
  readonly timing: Timing
}

export type Timing = {
  /** How long one call may take. */
  readonly callMs: number
  /** At most after the control mode changed; firmware is looked at meanwhile. */
  readonly settleMs: number
  /** Before a TLS session is opened anew after the firmware closed one. */
  readonly tlsMs: number
  /** Between heartbeats of the client while the server waits. */
  readonly heartbeatMs: number
  /** A whole session. */
  readonly budgetMs: number
}

export const TIMING: Timing = {
  callMs: 12_000,
  settleMs: 5_000,
  tlsMs: 5_000,
  heartbeatMs: 5_000,
  budgetMs: 600_000,
}
