// SPDX-License-Identifier: Apache-2.0
/** The two authorities of an installation: a root, which may be kept offline, and the issuing one below it. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { DAY, type EpochMs, MINUTE, type RandomBytes } from '../../plugins/contract/index.ts'
import { createKey, publicHalf } from './keys.ts'
import { buildCertificate } from './x509.ts'

const YEAR = 365.25 * DAY
/** How long an authority lives. */
export const AUTHORITY_LIFE = { root: 20 * YEAR, issuing: 3 * YEAR } as const
/** How far back certificates start, so that hosts with slow clocks accept them at once. */
export const BACKDATED_MS = 10 * MINUTE

/** Something that signs certificates. */
export type Issuer = {
  /** PEM, its own certificate first, those above it after; the root comes last. */
  readonly certificate: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
}

export type Authority = { readonly root: Issuer; readonly issuing: Issuer }

export type NewAuthority = {
  readonly now: EpochMs
  readonly random?: RandomBytes
  /** Common names; `Muster root 1` and `Muster issuing 1` unless given. */
  readonly names?: { readonly root?: string; readonly issuing?: string }
}

/** Makes a root for 20 years and an issuing authority for 3, below which no further authority may stand. */
export async function createAuthority({ now, random, names = {} }: NewAuthority): Promise<Authority> {
  const privateKey = await createKey()
  const certificate = await buildCertificate({
    commonName: names.root ?? 'Muster root 1',
    purpose: { kind: 'authority', pathLength: 1 },
    publicKey: publicHalf(privateKey),
    signingKey: createPrivateKey(privateKey),
    notBefore: now - BACKDATED_MS,
    notAfter: now + AUTHORITY_LIFE.root,
    ...(random === undefined ? {} : { random }),
  })
  const root = { certificate, privateKey }
  return { root, issuing: await issueAuthority(root, names.issuing ?? 'Muster issuing 1', { now, random }) }
}

export type IssuingRenewal = {
  /** The issuing authority to be followed: PEM. */
  readonly previous: string
  readonly now: EpochMs
  readonly random?: RandomBytes
}

/** Makes the next issuing authority, with a new key and the next number in its name. The root must outlive it. */
export async function renewIssuing(root: Issuer, { previous, now, random }: IssuingRenewal): Promise<Issuer> {
  const number = Number(/(\d+)$/.exec(new X509Certificate(previous).subject)?.[1] ?? 1)
  return issueAuthority(root, `Muster issuing ${number + 1}`, { now, random })
}

type Circumstances = { readonly now: EpochMs; readonly random: RandomBytes | undefined }

async function issueAuthority(root: Issuer, commonName: string, { now, random }: Circumstances): Promise<Issuer> {
  const privateKey = await createKey()
  const above = new X509Certificate(root.certificate)
  const certificate = await buildCertificate({
    commonName,
    purpose: { kind: 'authority', pathLength: 0 },
    publicKey: publicHalf(privateKey),
    issuer: root.certificate,
    signingKey: createPrivateKey(root.privateKey),
    notBefore: now - BACKDATED_MS,
    notAfter: Math.min(now + AUTHORITY_LIFE.issuing, above.validToDate.getTime()),
    ...(random === undefined ? {} : { random }),
  })
  return { certificate: certificate + root.certificate, privateKey }
}
