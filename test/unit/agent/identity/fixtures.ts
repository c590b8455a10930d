// SPDX-License-Identifier: Apache-2.0
/** An installation in memory: authorities, a command key, and what it hands to hosts. */
import type { NewIdentity } from '../../../../agent/identity/identity.ts'
import type { TrustBundle, TrustHead } from '../../../../plugins/contract/index.ts'
import { type Authority, createAuthority } from '../../../../provisioning/pki/authority.ts'
import { readHostCertificate } from '../../../../provisioning/pki/host-certificate.ts'
import { issueHost } from '../../../../provisioning/pki/issue.ts'
import { createKey } from '../../../../provisioning/pki/keys.ts'
import { createRequest } from '../../../../provisioning/pki/request.ts'
import { createSigningKey, type NewSigningKey } from '../../../../provisioning/pki/signing.ts'
import { signTrust } from '../../../../provisioning/pki/trust.ts'

export const NAMES = { host: 'host-1a2b3c4d', project: 'default', installation: 'test' }

export type Installation = {
  readonly authority: Authority
  readonly command: NewSigningKey
  readonly audit: NewSigningKey
  bundle(more?: Partial<TrustHead>): TrustBundle
  /** A whole identity; its times are those of the certificate. */
  identity(options: { now: number; lifeMs?: number } & Partial<NewIdentity>): Promise<NewIdentity>
}

export async function createInstallation(now: number): Promise<Installation> {
  const authority = await createAuthority({ now })
  const [command, audit] = [createSigningKey(), createSigningKey()]
  const bundle: Installation['bundle'] = (more = {}) =>
    signTrust(
      {
        v: 1,
        version: 1,
        installation: NAMES.installation,
        epoch: 0,
        roots: [authority.root.certificate],
        keys: [
          { kid: command.kid, role: 'command', publicKey: command.publicKey },
          { kid: audit.kid, role: 'audit', publicKey: audit.publicKey },
        ],
        issuedAt: new Date(now).toISOString(),
        ...more,
      },
      authority.root.privateKey,
      0,
    )
  return {
    authority,
    command,
    audit,
    bundle,
    identity: async ({ now: issuedAt, lifeMs, ...more }) => {
      const key = await createKey()
      const order = { publicKeyFrom: createRequest(key), ...NAMES, epoch: 1, now: issuedAt }
      const leaf = await issueHost(authority.issuing, lifeMs === undefined ? order : { ...order, lifeMs })
      const { fingerprint, notBefore, notAfter } = readHostCertificate(leaf)!
      return {
        ...NAMES,
        url: 'https://ctl.example:8443',
        broker: { host: 'ctl.example', port: 8883 },
        certificate: leaf + authority.issuing.certificate,
        key,
        fingerprint,
        notBefore,
        notAfter,
        trust: bundle(),
        ...more,
      }
    },
  }
}
