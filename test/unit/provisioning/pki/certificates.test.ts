// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata'
import { createPublicKey, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { DAY, MINUTE, Problem } from '../../../../plugins/contract/index.ts'
import { type Authority, createAuthority, renewIssuing } from '../../../../provisioning/pki/authority.ts'
import { readHostCertificate } from '../../../../provisioning/pki/host-certificate.ts'
import {
  type HostCertificateOrder,
  issueHost,
  issueServer,
  readRequest,
  verifyProof,
} from '../../../../provisioning/pki/issue.ts'
import { createKey, fingerprintOf, publicHalf } from '../../../../provisioning/pki/keys.ts'
import { createRequest, proofOf } from '../../../../provisioning/pki/request.ts'
import { spentMs } from '../../../support/effort.ts'

const now = Date.UTC(2026, 10, 21, 4, 31, 0, 123)
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const names = { host: 'host-1a2b3c4d', project: 'default', installation: '01JD-test', epoch: 7 }

let authority: Authority
let key: string
let csr: string

beforeAll(async () => {
  authority = await createAuthority({ now })
  key = await createKey()
  csr = createRequest(key)
})

const issue = (more: Partial<HostCertificateOrder> = {}) =>
  issueHost(authority.issuing, { publicKeyFrom: csr, ...names, now, ...more })

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const thrown = await promise.then(
    () => new Error('it succeeded'),
    reason => reason,
  )
  if (thrown instanceof Problem) return thrown
  throw thrown
}

describe('the authorities', () => {
  it('are a root for twenty years and an issuing one for three, below which none may stand', () => {
    const root = new x509.X509Certificate(authority.root.certificate)
    const issuing = new x509.X509Certificate(authority.issuing.certificate)
    const years = (each: x509.X509Certificate) => (each.notAfter.getTime() - now) / (365.25 * DAY)

    expect([root.subject, issuing.subject, issuing.issuer]).toEqual([
      'CN=Muster root 1',
      'CN=Muster issuing 1',
      'CN=Muster root 1',
    ])
    expect(years(root)).toBeCloseTo(20, 5)
    expect(years(issuing)).toBeCloseTo(3, 5)
    expect(root.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, pathLength: 1, critical: true })
    expect(issuing.getExtension(x509.BasicConstraintsExtension)).toMatchObject({
      ca: true,
      pathLength: 0,
      critical: true,
    })
    const certSign = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
    expect(issuing.getExtension(x509.KeyUsagesExtension)).toMatchObject({ usages: certSign, critical: true })
  })

  it('are signed by the root, and the chain of the issuing one ends there', () => {
    const issuing = new X509Certificate(authority.issuing.certificate)
    const root = new X509Certificate(authority.root.certificate)

    expect(issuing.verify(root.publicKey)).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(authority.issuing.certificate.endsWith(authority.root.certificate)).toBe(true)
  })

  it('take other names when asked', async () => {
    const other = await createAuthority({ now, names: { root: 'Plant root', issuing: 'Plant issuing' } })

    expect(new X509Certificate(other.root.certificate).subject).toBe('CN=Plant root')
    expect(new X509Certificate(other.issuing.certificate).subject).toBe('CN=Plant issuing')
  })

  it('are followed by one with a new key and the next number, which never outlives the root', async () => {
    const next = await renewIssuing(authority.root, {
      previous: authority.issuing.certificate,
      now: now + 19 * 365 * DAY,
    })
    const [certificate, root] = [new X509Certificate(next.certificate), new X509Certificate(authority.root.certificate)]

    expect(certificate.subject).toBe('CN=Muster issuing 2')
    expect(certificate.verify(root.publicKey)).toBe(true)
    expect(certificate.publicKey.equals(new X509Certificate(authority.issuing.certificate).publicKey)).toBe(false)
    expect(certificate.validToDate).toEqual(root.validToDate)
  })
})

describe('the certificate of a host', () => {
  it('says who it is for, and is read back', async () => {
    const certificate = await issue({ lifeMs: 10 * DAY })

    const read = readHostCertificate(certificate)

    expect(read).toMatchObject({ ...names, fingerprint: fingerprintOf(certificate) })
    expect(read?.serial).toMatch(/^[0-9a-f]{32}$/)
    expect(read?.notBefore).toBe(Math.floor((now - 10 * MINUTE) / 1_000) * 1_000)
    expect(read?.notAfter).toBe(Math.floor((now + 10 * DAY) / 1_000) * 1_000)
    expect(readHostCertificate(new X509Certificate(certificate).raw)).toEqual(read)
  })

  it('is for clients only, signs only, and is no authority', async () => {
    const certificate = new x509.X509Certificate(await issue())

    expect(certificate.extensions.map(each => each.type).sort()).toEqual(
      ['2.5.29.14', '2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.35', '2.5.29.37'].sort(),
    )
    expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([CLIENT_AUTH])
    expect(certificate.getExtension(x509.KeyUsagesExtension)?.usages).toBe(x509.KeyUsageFlags.digitalSignature)
    expect(certificate.getExtension(x509.BasicConstraintsExtension)?.ca).toBe(false)
  })

  it('has the key of the request and a serial of its own each time', async () => {
    const [one, other] = await Promise.all([issue(), issue()])

    expect(new X509Certificate(one).publicKey.equals(publicHalf(key))).toBe(true)
    expect(new X509Certificate(one).serialNumber).not.toBe(new X509Certificate(other).serialNumber)
  })

  it('keeps its serial positive and readable whatever is drawn', async () => {
    const drawn = (first: number) => issue({ random: count => new Uint8Array(count).fill(first) })

    expect(readHostCertificate(await drawn(0xff))?.serial).toBe('ff'.repeat(16))
    expect(readHostCertificate(await drawn(0x01))?.serial).toBe('01'.repeat(16))
  })

  it('never outlives its issuer, and is not issued by one that has ended', async () => {
    const last = new X509Certificate(authority.issuing.certificate).validToDate.getTime()

    expect(readHostCertificate(await issue({ now: last - DAY }))?.notAfter).toBe(last)
    expect((await problemOf(issue({ now: last + 1 }))).code).toBe('issuer-unusable')
  })

  it.each([
    { host: 'host-1' },
    { project: 'Default' },
    { project: 'a:b' },
    { installation: 'a:b' },
    { installation: '' },
    { epoch: -1 },
    { epoch: 1.5 },
    { epoch: 1e21 },
  ])('is not issued for names that cannot be spelled in it: %o', async wrong => {
    expect((await problemOf(issue(wrong))).code).toBe('invalid')
  })

  it('holds nothing of the request but its key', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const hostile = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=controller, O=Evil',
      keys: pair,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [
        new x509.BasicConstraintsExtension(true, 5, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'controller' }]),
        ...Array.from(
          { length: 200 },
          (_, index) => new x509.Extension(`1.3.6.1.4.1.99999.${index}`, index === 0, new Uint8Array([5, 0])),
        ),
      ],
    })

    const certificate = new x509.X509Certificate(await issue({ publicKeyFrom: hostile.toString('pem') }))

    expect(certificate.subject).toBe(`CN=${names.host}`)
    expect(certificate.extensions).toHaveLength(6)
    expect(new X509Certificate(new Uint8Array(certificate.rawData)).ca).toBe(false)
    expect(readHostCertificate(new Uint8Array(certificate.rawData))).toMatchObject(names)
  })
})

describe('a certificate request', () => {
  it('is read by others, names nothing and verifies', async () => {
    const request = new x509.Pkcs10CertificateRequest(csr)

    expect(request.subject).toBe('')
    expect(request.extensions).toEqual([])
    expect(await request.verify()).toBe(true)
    expect((await readRequest(csr)).publicKey.equals(publicHalf(key))).toBe(true)
  })

  it('names its key by the same fingerprint each time', async () => {
    const [one, again, other] = await Promise.all(
      [csr, createRequest(key), createRequest(await createKey())].map(readRequest),
    )

    expect(again?.fingerprint).toBe(one?.fingerprint)
    expect(other?.fingerprint).not.toBe(one?.fingerprint)
  })

  it('is refused when its signature is of something else', async () => {
    const der = new Uint8Array(x509.PemConverter.decodeFirst(csr))
    der[60]! ^= 1 // inside the point of the public key: still on no curve, or on another point
    const broken = x509.PemConverter.encode(der, 'CERTIFICATE REQUEST')

    expect((await problemOf(readRequest(broken))).code).toBe('csr-refused')
    const stolen = new Uint8Array(x509.PemConverter.decodeFirst(csr))
    stolen[stolen.length - 1]! ^= 1
    expect((await problemOf(readRequest(x509.PemConverter.encode(stolen, 'CERTIFICATE REQUEST')))).detail).toContain(
      'signature',
    )
  })

  it.each([
    ['P-384', { name: 'ECDSA', namedCurve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-384' }],
    [
      'RSA',
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ],
    ['Ed25519', { name: 'Ed25519' }, { name: 'Ed25519' }],
  ])('is refused with a key of another kind: %s', async (_, algorithm, signingAlgorithm) => {
    const keys = (await crypto.subtle.generateKey(algorithm as never, true, ['sign', 'verify'])) as never
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      keys,
      signingAlgorithm: signingAlgorithm as never,
    })

    expect((await problemOf(readRequest(request.toString('pem')))).detail).toContain('P-256')
  })

  it('is refused when it is larger than 8 KB, and at once when it nests without end', async () => {
    const bomb = Buffer.concat([...Array.from({ length: 1_900 }, () => Buffer.of(0x30, 0x80))])

    expect((await problemOf(readRequest(csr + '\n'.repeat(8_192)))).detail).toContain('8 KB')
    const started = spentMs()
    expect((await problemOf(readRequest(x509.PemConverter.encode(bomb, 'CERTIFICATE REQUEST')))).code).toBe(
      'csr-refused',
    )
    expect(spentMs() - started).toBeLessThan(1_000)
  })

  it('is refused, never worse, whatever it is', async () => {
    const mutated = fc.tuple(fc.nat(1_000), fc.nat(255)).map(([at, value]) => {
      const der = new Uint8Array(x509.PemConverter.decodeFirst(csr))
      der[at % der.length] = value
      return x509.PemConverter.encode(der, 'CERTIFICATE REQUEST')
    })
    const anything = fc.oneof(fc.string(), mutated)

    await fc.assert(
      fc.asyncProperty(anything, async text => {
        try {
          const read = await readRequest(text)
          expect(read.publicKey.equals(publicHalf(key))).toBe(true)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Problem)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('comes with a proof that its key is at hand', async () => {
    const proof = proofOf(key, 'nonce-of-the-server')

    expect(proof).toMatch(/^[A-Za-z0-9_-]{86}$/)
    expect(await verifyProof(csr, 'nonce-of-the-server', proof)).toBe(true)
    expect(await verifyProof(csr, 'another-nonce', proof)).toBe(false)
    expect(await verifyProof(createRequest(await createKey()), 'nonce-of-the-server', proof)).toBe(false)
    expect(await verifyProof(csr, 'nonce-of-the-server', 'nonsense')).toBe(false)
  })
})

describe('the certificate of a server', () => {
  it('carries its names, is for servers only, and comes with its chain and key', async () => {
    const server = await issueServer(authority.issuing, { names: ['ctl.example', '10.0.0.1', 'fd00::1'], now })
    const leaf = new X509Certificate(server.certificate)

    expect(leaf.subject).toBe('CN=ctl.example')
    expect(leaf.subjectAltName).toBe('DNS:ctl.example, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1')
    expect(leaf.keyUsage).toEqual([SERVER_AUTH])
    expect(leaf.validToDate.getTime()).toBe(Math.floor((now + 90 * DAY) / 1_000) * 1_000)
    expect(leaf.publicKey.equals(createPublicKey(server.privateKey))).toBe(true)
    expect(server.certificate.endsWith(authority.issuing.certificate)).toBe(true)
  })

  it('is not taken for one of a host', async () => {
    const server = await issueServer(authority.issuing, { names: ['host-1a2b3c4d'], now })

    expect(readHostCertificate(server.certificate)).toBeUndefined()
  })

  it('needs a name, of whatever length', async () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`

    expect((await problemOf(issueServer(authority.issuing, { names: [], now }))).code).toBe('invalid')
    const { certificate } = await issueServer(authority.issuing, { names: [long], now })
    expect(new X509Certificate(certificate).checkHost(long, { subject: 'never' })).toBe(long)
  })
})

describe('reading the certificate of a host', () => {
  async function made(change: {
    name?: string
    extensions?: readonly x509.Extension[]
    namedCurve?: string
  }): Promise<string> {
    const namedCurve = change.namedCurve ?? 'P-256'
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify'])
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      keys,
      name: change.name ?? `CN=${names.host}`,
      extensions: [...(change.extensions ?? ours())],
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    })
    return certificate.toString('pem')
  }
  const uri = `urn:muster:${names.installation}:${names.project}:${names.host}:${names.epoch}`
  const alternatives = (...list: x509.JsonGeneralNames) => new x509.SubjectAlternativeNameExtension(list)
  const usage = (...list: string[]) => new x509.ExtendedKeyUsageExtension(list)
  const ours = () => [usage(CLIENT_AUTH), alternatives({ type: 'url', value: uri })]

  it('accepts the shape we issue', async () => {
    expect(readHostCertificate(await made({}))).toMatchObject(names)
  })

  it.each([
    ['no name in it', { extensions: [usage(CLIENT_AUTH)] }],
    [
      'two names',
      { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'url', value: uri }, { type: 'url', value: uri })] },
    ],
    [
      'a DNS name besides',
      { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'url', value: uri }, { type: 'dns', value: 'x' })] },
    ],
    ['a DNS name that pretends', { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'dns', value: uri })] }],
    ['another host in its subject', { name: 'CN=host-99999999' }],
    ['more in its subject', { name: `CN=${names.host}, O=Evil` }],
    ['no use', { extensions: [alternatives({ type: 'url', value: uri })] }],
    [
      'use for servers besides',
      { extensions: [usage(CLIENT_AUTH, SERVER_AUTH), alternatives({ type: 'url', value: uri })] },
    ],
    [
      'another use',
      { extensions: [usage('1.3.6.1.4.1.99999.1', CLIENT_AUTH), alternatives({ type: 'url', value: uri })] },
    ],
    ['authority', { extensions: [...ours(), new x509.BasicConstraintsExtension(true)] }],
    ['another curve', { namedCurve: 'P-384' }],
    [
      'a leading zero in its epoch',
      { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'url', value: uri.replace(/:7$/, ':07') })] },
    ],
    [
      'something after its epoch',
      { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'url', value: `${uri}:x` })] },
    ],
    [
      'another scheme',
      { extensions: [usage(CLIENT_AUTH), alternatives({ type: 'url', value: uri.replace('muster', 'mustard') })] },
    ],
  ])('refuses one with %s', async (_, change) => {
    expect(readHostCertificate(await made(change))).toBeUndefined()
  })

  it('refuses what is no certificate', () => {
    for (const text of ['', 'nonsense', csr]) expect(readHostCertificate(text)).toBeUndefined()
    expect(readHostCertificate(new Uint8Array(100))).toBeUndefined()
  })
})

it('issues in a few milliseconds', async () => {
  await issue()
  const started = spentMs()

  for (let count = 0; count < 20; count++) await issue()

  expect((spentMs() - started) / 20).toBeLessThan(60)
})
