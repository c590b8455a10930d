// SPDX-License-Identifier: Apache-2.0
/** The certificates of the port AMT dials: a root that firmware keeps for decades, and server certificates below it. */
import { createPrivateKey, generateKeyPair, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { DAY, type EpochMs, type RandomBytes } from '../../plugins/contract/index.ts'
import type { Issuer } from './authority.ts'
import { alternativeName } from './issue.ts'
import { publicHalf } from './keys.ts'
import { buildCertificate } from './x509.ts'

const YEAR = 365.25 * DAY
/** How long they live, and how far back they begin: the clock of firmware may be anywhere. */
export const CIRA_LIFE = { root: 30 * YEAR, leaf: 1 * YEAR, backdated: 1 * YEAR } as const

const generate = promisify(generateKeyPair)

export type CiraRootOrder = { readonly now: EpochMs; readonly random: RandomBytes; readonly backdatedMs?: number }

/** Makes a root: RSA 3072, SHA-384, for 30 years. Its name ends in six random digits, so that roots can be told apart. */
export async function createCiraRoot({
  now,
  random,
  backdatedMs = CIRA_LIFE.backdated,
}: CiraRootOrder): Promise<Issuer> {
  const privateKey = await createRsaKey(3_072)
  const certificate = await buildCertificate({
    commonName: `MusterCIRA-${Buffer.from(random(3)).toString('hex')}`,
    purpose: { kind: 'authority' },
    publicKey: publicHalf(privateKey),
    signingKey: createPrivateKey(privateKey),
    notBefore: now - backdatedMs,
    notAfter: now + CIRA_LIFE.root,
    random,
  })
  return { certificate, privateKey }
}

export type CiraLeafOrder = CiraRootOrder & {
  /** The DNS name or IP address devices are told to dial. */
  readonly address: string
  readonly lifeMs?: number
}

/** Issues a server certificate with a new RSA key of 2048 bits; answers the leaf alone: the device has the root. */
export async function issueCiraLeaf(root: Issuer, order: CiraLeafOrder): Promise<Issuer> {
  const { address, now, random, lifeMs = CIRA_LIFE.leaf, backdatedMs = CIRA_LIFE.backdated } = order
  const { validFromDate, validToDate } = new X509Certificate(root.certificate)
  const privateKey = await createRsaKey(2_048)
  const certificate = await buildCertificate({
    // RFC 5280 appendix A: a common name has at most 64 characters.
    commonName: address.slice(0, 64),
    purpose: { kind: 'server', names: [alternativeName(address)] },
    publicKey: publicHalf(privateKey),
    issuer: root.certificate,
    signingKey: createPrivateKey(root.privateKey),
    notBefore: Math.max(validFromDate.getTime(), now - backdatedMs),
    notAfter: Math.min(validToDate.getTime(), now + lifeMs),
    random,
  })
  return { certificate, privateKey }
}

async function createRsaKey(bits: number): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: bits })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
