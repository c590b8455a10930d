// SPDX-License-Identifier: Apache-2.0
/** What activation is made of, and what it is configured with. */
import { type Static, Type } from 'typebox'
import type { Log } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Devices } from '../devices/devices.ts'
import type { Reaches } from '../ports.ts'
import type { domainFor, provisioningCertificate, resolveProfile } from '../records/resolve.ts'
import type { DeviceCertificates, EnterpriseCredentials, Timing } from './ground.ts'

export const ActivationConfig = Type.Object(
  {
    /** Who may be activated: any machine that names a profile, as with RPS, or only known hosts and devices. */
    policy: Type.Enum(['anyone', 'known'], { default: 'anyone' }),
    /** The project of clients that name no tenant. */
    project: Type.String({ default: 'default', maxLength: 64 }),
    /** What becomes of a TLS session with firmware that cannot prove where it was made. */
    onDie: Type.Enum(['report', 'require'], { default: 'report' }),
    /** Roots of the vendor's on-die authority, PEM. */
    onDieRoots: Type.Array(Type.String({ maxLength: 16_384 }), { default: [], maxItems: 16 }),
    /** Sessions at the same time. */
    sessions: Type.Integer({ default: 200, minimum: 1, maximum: 10_000 }),
  },
  { additionalProperties: false },
)
export type ActivationConfig = Static<typeof ActivationConfig>

export const ACTIVATION_DEFAULTS: ActivationConfig = {
  policy: 'anyone',
  project: 'default',
  onDie: 'report',
  onDieRoots: [],
  sessions: 200,
}

/** `activated`: it was ordered, and is done. */
export type Ordered = 'activate' | 'activated' | 'deactivate'

export type ActivationParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly devices: Devices
  readonly reaches: Pick<Reaches, 'forget'>
  readonly records: {
    readonly resolveProfile: typeof resolveProfile
    readonly domainFor: typeof domainFor
    readonly provisioningCertificate: typeof provisioningCertificate
  }
  readonly certificates: DeviceCertificates
  readonly enterprise?: EnterpriseCredentials
  /** What an operator ordered for a device. */
  readonly ordered: (project: string, guid: string) => Promise<Ordered | undefined>
  readonly config: ActivationConfig
  readonly timing?: Partial<Timing>
  readonly log: Log
}
