// SPDX-License-Identifier: Apache-2.0
/** The authority behind the certificates with which devices serve TLS: one root for each project, its key a secret. */
import { createPrivateKey, generateKeyPair, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { DAY } from '../../../../plugins/contract/index.ts'
import type { Issuer } from '../../../../provisioning/pki/authority.ts'
import { publicHalf } from '../../../../provisioning/pki/keys.ts'
import { buildCertificate } from '../../../../provisioning/pki/x509.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { Secret, type SecretName, type Secrets } from '../../../secrets/secrets.ts'
import type { DeviceCertificates } from './ground.ts'

const YEAR = 365.25 * DAY
/** The clock of firmware may be anywhere, so certificates begin long ago. */
const LIFE = { root: 30 * YEAR, leaf: 20 * YEAR, backdated: 1 * YEAR } as const

const generate = promisify(generateKeyPair)

export type DeviceCertificatesParts = {
  readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>
  readonly secrets: Secrets
}

/** Makes a project's root when it is asked for first; of several who ask at once all are given the same. */
export function createDeviceCertificates({ kernel, secrets }: DeviceCertificatesParts): DeviceCertificates {
  const { store, clock, random } = kernel
  const held = new Map<string, Promise<Issuer>>()

  async function open(project: string): Promise<Issuer> {
    const name = nameOf(project)
    const kept = await secrets.active(store, name)
    if (kept !== undefined) return issuerIn(kept)
    const { privateKey } = await generate('rsa', { modulusLength: 3_072 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const certificate = await buildCertificate({
      commonName: `MusterTLS-${Buffer.from(random(3)).toString('hex')}`,
      purpose: { kind: 'authority' },
      publicKey: publicHalf(pem),
      signingKey: privateKey,
      notBefore: clock.now() - LIFE.backdated,
      notAfter: clock.now() + LIFE.root,
      random,
    })
    return store.change(async tx => {
      const winner = await secrets.active(tx, name)
      if (winner !== undefined) return issuerIn(winner)
      await secrets.put(tx, name, Secret.of(JSON.stringify({ certificate, privateKey: pem })))
      return { certificate, privateKey: pem }
    })
  }

  function issuerOf(project: string): Promise<Issuer> {
    const known = held.get(project)
    if (known !== undefined) return known
    const opened = open(project)
    held.set(project, opened)
    opened.catch(() => held.delete(project))
    return opened
  }

  return {
    root: async project => derOf((await issuerOf(project)).certificate),
    async kept(project) {
      const present = held.has(project) || (await secrets.active(store, nameOf(project))) !== undefined
      return present ? derOf((await issuerOf(project)).certificate) : undefined
    },
    async issue({ project, guid, publicKey }) {
      const issuer = await issuerOf(project)
      const { validFromDate, validToDate } = new X509Certificate(issuer.certificate)
      const certificate = await buildCertificate({
        commonName: guid,
        purpose: { kind: 'server', names: [{ type: 'dns', value: guid }] },
        publicKey,
        issuer: issuer.certificate,
        signingKey: createPrivateKey(issuer.privateKey),
        notBefore: Math.max(validFromDate.getTime(), clock.now() - LIFE.backdated),
        notAfter: Math.min(validToDate.getTime(), clock.now() + LIFE.leaf),
        random,
      })
      return derOf(certificate)
    },
  }
}

function nameOf(project: string): SecretName {
  return { project, kind: 'amt-tls-root', owner: 'root' }
}

function issuerIn(secret: Secret): Issuer {
  return secret.use(text => JSON.parse(text) as Issuer) // written just above
}

function derOf(pem: string): string {
  return new X509Certificate(pem).raw.toString('base64')
}
