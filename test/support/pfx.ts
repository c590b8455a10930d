// SPDX-License-Identifier: Apache-2.0
/** Provisioning certificates as PKCS#12 files, good ones and every sort of bad one. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

const { asn1, pki, pkcs12, md, util } = forge
const { Class, Type } = asn1

/** How the file is encrypted: RC2 and triple DES as old tools write it, AES as new ones. */
export type PfxAlgorithm = 'aes' | '3des' | 'rc2'

export type PfxOptions = {
  readonly suffix?: string
  readonly password?: string
  /** Epoch ms around which everything is valid. */
  readonly now?: number
  /** How long the leaf is valid from now on; negative for an expired one. */
  readonly days?: number
  /** When the leaf begins to be valid; positive for one that is not yet. */
  readonly startsInDays?: number
  /** The usage that AMT wants; `false` leaves it out. */
  readonly eku?: boolean
  readonly unit?: string
  /** Common name of the leaf; `null` leaves it out. */
  readonly commonName?: string | null
  /** Certificates in all: leaf, intermediates, root. */
  readonly chain?: number
  readonly bits?: number
  readonly digest?: 'sha256' | 'sha384'
  readonly algorithm?: PfxAlgorithm
  readonly leaveOut?: 'root' | 'intermediate' | 'key' | 'certificates'
  /** The key of some other certificate. */
  readonly wrongKey?: boolean
  /** The root is another one with the same name. */
  readonly forged?: boolean
  /** Root first. */
  readonly reversed?: boolean
  /** Rounds of key derivation that the file says its integrity took. */
  readonly claimedRounds?: number
}

export type ProvisioningPfx = {
  /** Base64. */
  readonly pfx: string
  readonly password: string
  /** PEM. */
  readonly leaf: string
  readonly root: string
  readonly key: string
  /** Base64 of each DER: leaf, intermediates, root. */
  readonly chain: readonly string[]
  readonly rootSha1: string
  readonly rootSha256: string
  readonly rootSha384: string
}

const DAY_MS = 86_400_000
const AMT_USAGE = '2.16.840.1.113741.1.2.3'

type Entity = { readonly certificate: forge.pki.Certificate; readonly key: forge.pki.rsa.PrivateKey }

export function makeProvisioningPfx(options: PfxOptions = {}): ProvisioningPfx {
  const { suffix = 'example.com', password = 'Intel123!', chain = 3, algorithm = 'aes' } = options
  const root = issue(options, { name: [{ shortName: 'CN', value: 'Test Root' }], authority: true })
  const entities: Entity[] = [root]
  for (let index = 1; index < chain - 1; index++) {
    const name = [{ shortName: 'CN', value: `Test Intermediate ${index}` }]
    entities.unshift(issue(options, { name, authority: true, issuer: entities[0] }))
  }
  const { commonName = `provision.${suffix}`, unit } = options
  const name = [
    ...(unit === undefined ? [] : [{ shortName: 'OU', value: unit }]),
    { shortName: 'O', value: 'Test' },
    ...(commonName === null ? [] : [{ shortName: 'CN', value: commonName }]),
  ]
  const leaf = issue(options, { name, authority: false, issuer: entities[0] })
  entities.unshift(leaf)
  const shown = entities.filter((_, index) => !isLeftOut(options, index, entities.length))
  if (options.forged === true)
    shown[shown.length - 1] = issue(options, { name: [{ shortName: 'CN', value: 'Test Root' }], authority: true })
  const key = options.wrongKey === true ? newKey(options.bits ?? 2048) : leaf.key
  const certificates = shown.map(each => derOf(each.certificate))
  return {
    pfx: wrapPfx({
      certificates: options.reversed === true ? certificates.reverse() : certificates,
      ...(options.leaveOut === 'key' ? {} : { key: pkcs8Of(key) }),
      password,
      algorithm,
      ...(options.claimedRounds === undefined ? {} : { claimedRounds: options.claimedRounds }),
    }),
    password,
    leaf: pki.certificateToPem(leaf.certificate),
    root: pki.certificateToPem(root.certificate),
    key: pki.privateKeyToPem(leaf.key),
    chain: entities.map(each => derOf(each.certificate).toString('base64')),
    rootSha1: hashOf('sha1', root),
    rootSha256: hashOf('sha256', root),
    rootSha384: hashOf('sha384', root),
  }
}

function isLeftOut({ leaveOut }: PfxOptions, index: number, length: number): boolean {
  if (leaveOut === 'certificates') return true
  if (leaveOut === 'root') return index === length - 1
  return leaveOut === 'intermediate' && index > 0 && index < length - 1
}

function hashOf(algorithm: string, { certificate }: Entity): string {
  return createHash(algorithm).update(derOf(certificate)).digest('hex')
}

function derOf(certificate: forge.pki.Certificate): Buffer {
  return Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), 'binary')
}

function pkcs8Of(key: forge.pki.rsa.PrivateKey): Buffer {
  return Buffer.from(asn1.toDer(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key))).getBytes(), 'binary')
}

function newKey(bits: number): forge.pki.rsa.PrivateKey {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return pki.privateKeyFromPem(privateKey) as forge.pki.rsa.PrivateKey
}

type Issue = {
  readonly name: forge.pki.CertificateField[]
  readonly authority: boolean
  readonly issuer?: Entity | undefined
}

function issue(options: PfxOptions, { name, authority, issuer }: Issue): Entity {
  const { now = Date.now(), days = 365, startsInDays = -1, eku = true, bits = 2048, digest = 'sha256' } = options
  const key = newKey(bits)
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = `01${util.bytesToHex(forge.random.getBytesSync(8))}`
  certificate.validity.notBefore = new Date(now + (authority ? -400 : startsInDays) * DAY_MS)
  certificate.validity.notAfter = new Date(now + (authority ? 3650 : days) * DAY_MS)
  if (!authority && days < 0) certificate.validity.notBefore = new Date(now + (days - 30) * DAY_MS)
  certificate.setSubject(name)
  certificate.setIssuer(issuer === undefined ? name : issuer.certificate.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: authority, critical: true },
    ...(authority || !eku ? [] : [{ name: 'extKeyUsage', serverAuth: true, [AMT_USAGE]: true }]),
  ])
  certificate.sign(issuer?.key ?? key, md[digest].create())
  return { certificate, key }
}

export type WrapOptions = {
  readonly certificates: readonly Buffer[]
  /** PKCS#8 DER of any sort of key. */
  readonly key?: Buffer
  readonly password: string
  readonly algorithm: PfxAlgorithm
  readonly claimedRounds?: number
}

const ROUNDS = 2048

/** Writes a PKCS#12 file (RFC 7292), the certificates encrypted too. */
export function wrapPfx({ certificates, key, password, algorithm, claimedRounds = ROUNDS }: WrapOptions): string {
  const rounds = ROUNDS
  const certBags = certificates.map(der =>
    bag(
      pki.oids.certBag!,
      sequence(
        oid(pki.oids.x509Certificate!),
        explicit(asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, der.toString('binary'))),
      ),
    ),
  )
  const certs = encrypted(sequence(...certBags), { password, algorithm, rounds })
  const contents = [contentInfo(pki.oids.encryptedData!, sequence(integer(0), certs))]
  if (key !== undefined) {
    const shrouded = pki.encryptPrivateKeyInfo(
      asn1.fromDer(key.toString('binary')),
      password,
      // Old tools use triple DES for keys, whatever they use for certificates.
      {
        algorithm: algorithm === 'aes' ? 'aes256' : '3des',
        count: rounds,
        prfAlgorithm: algorithm === 'aes' ? 'sha256' : 'sha1',
      } as never,
    )
    contents.push(contentInfo(pki.oids.data!, octets(sequence(bag(pki.oids.pkcs8ShroudedKeyBag!, shrouded)))))
  }
  const safe = asn1.toDer(sequence(...contents)).getBytes()
  const content = contentInfo(pki.oids.data!, asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, safe))
  const file = sequence(integer(3), content, macOf(safe, { password, algorithm, rounds }, claimedRounds))
  return Buffer.from(asn1.toDer(file).getBytes(), 'binary').toString('base64')
}

type Sealing = { readonly password: string; readonly algorithm: PfxAlgorithm; readonly rounds: number }

/** EncryptedContentInfo (RFC 5652 §6.1). */
function encrypted(content: forge.asn1.Asn1, { password, algorithm, rounds }: Sealing): forge.asn1.Asn1 {
  const [how, sealed] =
    algorithm === 'rc2' ? rc2(content, password, rounds) : byForge(content, { password, algorithm, rounds })
  return sequence(oid(pki.oids.data!), how, asn1.create(Class.CONTEXT_SPECIFIC, 0 as never, false, sealed))
}

/** forge seals keys only, but does not look at what it seals. */
function byForge(content: forge.asn1.Asn1, { password, algorithm, rounds }: Sealing): [forge.asn1.Asn1, string] {
  const options = {
    algorithm: algorithm === 'aes' ? 'aes256' : '3des',
    count: rounds,
    prfAlgorithm: algorithm === 'aes' ? 'sha256' : 'sha1',
  }
  const sealed = pki.encryptPrivateKeyInfo(content as never, password, options as never) as forge.asn1.Asn1
  const [how, bytes] = sealed.value as forge.asn1.Asn1[]
  return [how!, bytes!.value as string]
}

type Pbe = {
  generatePkcs12Key(
    password: string,
    salt: unknown,
    id: number,
    rounds: number,
    size: number,
    digest?: unknown,
  ): forge.util.ByteBuffer
}

/** pbeWithSHAAnd40BitRC2-CBC (RFC 7292 appendix C). */
function rc2(content: forge.asn1.Asn1, password: string, rounds: number): [forge.asn1.Asn1, string] {
  const salt = forge.random.getBytesSync(8)
  const { generatePkcs12Key } = (pki as unknown as { pbe: Pbe }).pbe
  const derive = (id: number, size: number) => generatePkcs12Key(password, util.createBuffer(salt), id, rounds, size)
  const { rc2: cipherOf } = forge as unknown as {
    rc2: { createEncryptionCipher(key: unknown, bits: number): forge.cipher.BlockCipher }
  }
  const cipher = cipherOf.createEncryptionCipher(derive(1, 5), 40)
  ;(cipher as unknown as { start(iv: unknown): void }).start(derive(2, 8))
  cipher.update(util.createBuffer(asn1.toDer(content).getBytes()))
  cipher.finish()
  const octetSalt = asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, salt)
  return [sequence(oid('1.2.840.113549.1.12.1.6'), sequence(octetSalt, integer(rounds))), cipher.output.getBytes()]
}

function macOf(safe: string, { password, algorithm, rounds }: Sealing, claimed: number): forge.asn1.Asn1 {
  const digest = algorithm === 'aes' ? 'sha256' : 'sha1'
  const salt = forge.random.getBytesSync(8)
  const { generateKey } = pkcs12 as unknown as { generateKey: Pbe['generatePkcs12Key'] }
  const size = digest === 'sha256' ? 32 : 20
  const key = generateKey(password, util.createBuffer(salt), 3, rounds, size, md[digest].create())
  const mac = forge.hmac.create()
  mac.start(digest, key)
  mac.update(safe)
  const value = asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, mac.getMac().getBytes())
  const how = sequence(oid(pki.oids[digest]!), asn1.create(Class.UNIVERSAL, Type.NULL, false, ''))
  return sequence(sequence(how, value), asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, salt), integer(claimed))
}

function sequence(...value: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, value)
}

function oid(dotted: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes())
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes())
}

function octets(content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, asn1.toDer(content).getBytes())
}

function explicit(content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, 0 as never, true, [content])
}

function bag(type: string, content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return sequence(oid(type), explicit(content))
}

function contentInfo(type: string, content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return sequence(oid(type), explicit(content))
}
