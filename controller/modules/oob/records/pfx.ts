// SPDX-License-Identifier: Apache-2.0
/** Checks that a certificate file can provision AMT: every check, in order, with the words clients of RPS know. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { PfxContent } from './pfx-reader.ts'
import type { KeptChain } from './resolve.ts'

/** A certificate that may provision. */
export type CheckedPfx = KeptChain & {
  /** RFC 3339. */
  readonly expires: string
}

export type PfxFinding =
  | { readonly ok: true; readonly pfx: CheckedPfx }
  /** `code` is ours and stable; `message` is RPS's. */
  | { readonly ok: false; readonly code: PfxCode; readonly message: string }

export type PfxCode =
  | 'pfx-unreadable'
  | 'pfx-empty'
  | 'pfx-no-common-name'
  | 'pfx-wrong-suffix'
  | 'pfx-not-yet-valid'
  | 'pfx-expired'
  | 'pfx-no-root'
  | 'pfx-not-rsa'
  | 'pfx-weak-key'
  | 'pfx-no-key'
  | 'pfx-wrong-key'
  | 'pfx-chain-broken'
  | 'pfx-chain-unsigned'
  | 'pfx-chain-long'
  | 'pfx-no-amt-usage'

const AMT_USAGE = '2.16.840.1.113741.1.2.3'
const AMT_UNIT = 'Intel(R) Client Setup Certificate'
const MIN_BITS = 2048
/** What `AddNextCertInChain` takes. */
const MAX_CHAIN = 4
/** No honest file has more, and each is compared with each. */
const MAX_CERTIFICATES = 32
const MAX_KEYS = 8

export const UNREADABLE: Extract<PfxFinding, { readonly ok: false }> = {
  ok: false,
  code: 'pfx-unreadable',
  message:
    'Unable to decrypt provisioning certificate. Please check that the password is correct, and that the certificate is a valid certificate.',
}

type Parsed = {
  readonly leaf: X509Certificate
  readonly all: readonly X509Certificate[]
  readonly keys: readonly KeyObject[]
  readonly suffix: string
  readonly now: number
}

type Check = (parsed: Parsed) => PfxFinding | undefined

/** All but the last; each is told only what the ones before it let pass. */
const CHECKS: readonly Check[] = [checkName, checkTimes, checkRoot, checkKeySizes, checkKey]

/** Checks what a file holds, against the suffix of its domain; `now` is epoch ms. */
export function checkPfx(
  content: PfxContent,
  { suffix, now }: { readonly suffix: string; readonly now: number },
): PfxFinding {
  const parsed = parse(content)
  if (parsed === undefined) return UNREADABLE
  const [first] = parsed.all
  if (first === undefined) return bad('pfx-empty', 'No certificates found in the provisioning certificate')
  const given: Parsed = { ...parsed, leaf: leafOf(parsed) ?? first, suffix, now }
  for (const check of CHECKS) {
    const finding = check(given)
    if (finding !== undefined) return finding
  }
  const chain = chainOf(given)
  if ('ok' in chain) return chain
  if (!isForAmt(given.leaf))
    return bad('pfx-no-amt-usage', `Leaf certificate is missing the Intel AMT Activation EKU OID (${AMT_USAGE})`)
  const key = given.keys.find(each => given.leaf.checkPrivateKey(each))
  if (key === undefined) return bad('pfx-no-key', NO_KEY)
  return {
    ok: true,
    pfx: {
      chain: chain.map(each => each.raw.toString('base64')),
      key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
      expires: formatTime(Date.parse(given.leaf.validTo)),
    },
  }
}

function parse(content: PfxContent): Pick<Parsed, 'all' | 'keys'> | undefined {
  if (content.certificates.length > MAX_CERTIFICATES || content.keys.length > MAX_KEYS) return undefined
  try {
    return {
      all: content.certificates.map(der => new X509Certificate(Buffer.from(der, 'base64'))),
      keys: content.keys.map(pem => createPrivateKey(pem)),
    }
  } catch {
    return undefined
  }
}

function bad(code: PfxCode, message: string): PfxFinding {
  return { ok: false, code, message }
}

/** The one the key is for; else the one that issued no other. */
function leafOf({ all, keys }: Pick<Parsed, 'all' | 'keys'>): X509Certificate | undefined {
  const own = all.find(each => keys.some(key => each.checkPrivateKey(key)))
  return own ?? all.find(each => !all.some(other => other !== each && other.issuer === each.subject))
}

function checkName({ leaf, suffix }: Parsed): PfxFinding | undefined {
  const name = subjectOf(leaf, 'CN').at(-1)
  if (name === undefined)
    return bad('pfx-no-common-name', 'Provisioning certificate does not contain a Common Name (CN) in the subject')
  const last = (dotted: string): string => dotted.trim().toLowerCase().split('.').slice(-2).join('.')
  if (last(name) === last(suffix)) return undefined
  return bad('pfx-wrong-suffix', 'FQDN not associated with provisioning certificate')
}

function checkTimes({ all, now }: Parsed): PfxFinding | undefined {
  for (const { validFrom, validTo } of all) {
    const from = Date.parse(validFrom)
    if (!(from <= now))
      return bad(
        'pfx-not-yet-valid',
        `Uploaded certificate is not yet valid: notBefore date ${formatTime(from)} is in the future`,
      )
    if (!(Date.parse(validTo) >= now)) return bad('pfx-expired', 'Uploaded certificate has expired')
  }
  return undefined
}

function checkRoot({ all }: Parsed): PfxFinding | undefined {
  if (all.some(isRoot)) return undefined
  return bad('pfx-no-root', 'Provisioning certificate does not contain a root certificate')
}

function isRoot({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer
}

function checkKeySizes({ all }: Parsed): PfxFinding | undefined {
  for (const { publicKey } of all) {
    if (publicKey.asymmetricKeyType !== 'rsa')
      return bad(
        'pfx-not-rsa',
        `Certificate key type ${publicKey.asymmetricKeyType} is not supported, AMT requires RSA`,
      )
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
    if (bits < MIN_BITS)
      return bad(
        'pfx-weak-key',
        `Certificate key size ${bits} bits is below the minimum required ${MIN_BITS} bits for AMT`,
      )
  }
  return undefined
}

const NO_KEY = 'Provisioning certificate does not contain a private key'

function checkKey({ leaf, keys }: Parsed): PfxFinding | undefined {
  if (keys.length === 0) return bad('pfx-no-key', NO_KEY)
  if (keys.some(key => leaf.checkPrivateKey(key))) return undefined
  return bad('pfx-wrong-key', 'Private key in the PFX does not match the leaf certificate public key')
}

/** From the leaf to the root, each signed by the next. */
function chainOf({ leaf, all }: Parsed): readonly X509Certificate[] | PfxFinding {
  const chain = [leaf]
  const pool = new Set(all)
  pool.delete(leaf)
  for (let current = leaf; !isRoot(current); ) {
    const named = [...pool].filter(each => each.subject === current.issuer)
    const [first] = named
    if (first === undefined)
      return bad('pfx-chain-broken', 'Certificate chain is broken: cannot find issuer for a certificate in the chain')
    // Cross-signed authorities share a name; the one whose key signed is meant.
    const issuer = named.find(each => current.verify(each.publicKey)) ?? first
    if (!current.verify(issuer.publicKey)) return unsigned(current)
    pool.delete(issuer)
    chain.push(issuer)
    current = issuer
  }
  const root = chain.at(-1) ?? leaf
  if (!root.verify(root.publicKey)) return unsigned(root)
  if (chain.length > MAX_CHAIN)
    return bad('pfx-chain-long', `Certificate chain has ${chain.length} certificates, AMT takes at most ${MAX_CHAIN}`)
  return chain
}

function unsigned({ subject }: X509Certificate): PfxFinding {
  const name = subject.split('\n').at(-1) ?? ''
  return bad('pfx-chain-unsigned', `Certificate chain signature verification failed: ${name}`)
}

function isForAmt(leaf: X509Certificate): boolean {
  return (leaf.keyUsage ?? []).includes(AMT_USAGE) || subjectOf(leaf, 'OU').includes(AMT_UNIT)
}

/** Node prints one attribute on each line, and escapes what could be mistaken for another. */
function subjectOf({ subject }: X509Certificate, attribute: string): readonly string[] {
  return subject
    .split('\n')
    .filter(line => line.startsWith(`${attribute}=`))
    .map(line => line.slice(attribute.length + 1))
}
