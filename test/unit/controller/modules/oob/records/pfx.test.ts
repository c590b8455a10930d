// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkPfx, type PfxCode } from '../../../../../../controller/modules/oob/records/pfx.ts'
import { readPfx } from '../../../../../../controller/modules/oob/records/pfx-reader.ts'
import { createAuthority } from '../../../../../../provisioning/pki/authority.ts'
import { issueServer } from '../../../../../../provisioning/pki/issue.ts'
import { makeProvisioningPfx, type PfxOptions, wrapPfx } from '../../../../../support/pfx.ts'

const NOW = Date.parse('2026-11-21T04:00:00Z')

function read({ pfx, password }: { pfx: string; password: string }) {
  return readPfx(Buffer.from(pfx, 'base64'), password)
}

function judge(options: PfxOptions, suffix = 'example.com') {
  return checkPfx(read(makeProvisioningPfx({ now: NOW, ...options })), { suffix, now: NOW })
}

describe('a provisioning certificate', () => {
  it.each(['aes', '3des', 'rc2'] as const)('is taken from a file encrypted with %s', algorithm => {
    const made = makeProvisioningPfx({ now: NOW, algorithm })

    const finding = checkPfx(read(made), { suffix: 'example.com', now: NOW })

    if (!finding.ok) expect.fail(finding.message)
    expect(finding.pfx.chain).toEqual(made.chain)
    expect(new X509Certificate(made.leaf).checkPrivateKey(createPrivateKey(finding.pfx.key))).toBe(true)
    expect(finding.pfx.expires).toBe('2027-11-21T04:00:00.000Z')
  })

  it('is put in order from the leaf to the root, however the file has it', () => {
    const made = makeProvisioningPfx({ now: NOW, chain: 4, reversed: true })

    const finding = checkPfx(read(made), { suffix: 'example.com', now: NOW })

    expect(finding).toMatchObject({ ok: true, pfx: { chain: made.chain } })
  })

  it('fits the domain when the last two labels agree, whatever their case', () => {
    expect(judge({ suffix: 'site.Example.COM' }, 'lab.example.com').ok).toBe(true)
  })

  it('may say by its unit that it is for AMT', () => {
    expect(judge({ eku: false, unit: 'Intel(R) Client Setup Certificate' }).ok).toBe(true)
  })

  it.each<[string, PfxOptions, PfxCode, string]>([
    [
      'has no certificate',
      { leaveOut: 'certificates' },
      'pfx-empty',
      'No certificates found in the provisioning certificate',
    ],
    [
      'has no common name',
      { commonName: null },
      'pfx-no-common-name',
      'Provisioning certificate does not contain a Common Name (CN) in the subject',
    ],
    [
      'is for another domain',
      { suffix: 'other.org' },
      'pfx-wrong-suffix',
      'FQDN not associated with provisioning certificate',
    ],
    ['has expired', { days: -2 }, 'pfx-expired', 'Uploaded certificate has expired'],
    [
      'is not yet valid',
      { startsInDays: 3 },
      'pfx-not-yet-valid',
      'Uploaded certificate is not yet valid: notBefore date 2026-11-24T04:00:00.000Z is in the future',
    ],
    [
      'has no root',
      { leaveOut: 'root' },
      'pfx-no-root',
      'Provisioning certificate does not contain a root certificate',
    ],
    [
      'has a weak key',
      { bits: 1024 },
      'pfx-weak-key',
      'Certificate key size 1024 bits is below the minimum required 2048 bits for AMT',
    ],
    ['has no key', { leaveOut: 'key' }, 'pfx-no-key', 'Provisioning certificate does not contain a private key'],
    [
      'has the key of another',
      { wrongKey: true },
      'pfx-wrong-key',
      'Private key in the PFX does not match the leaf certificate public key',
    ],
    [
      'lacks an intermediate',
      { leaveOut: 'intermediate' },
      'pfx-chain-broken',
      'Certificate chain is broken: cannot find issuer for a certificate in the chain',
    ],
    [
      'has a root that did not sign',
      { forged: true },
      'pfx-chain-unsigned',
      'Certificate chain signature verification failed: CN=Test Intermediate 1',
    ],
    [
      'is longer than firmware takes',
      { chain: 5 },
      'pfx-chain-long',
      'Certificate chain has 5 certificates, AMT takes at most 4',
    ],
    [
      'is not for AMT',
      { eku: false },
      'pfx-no-amt-usage',
      'Leaf certificate is missing the Intel AMT Activation EKU OID (2.16.840.1.113741.1.2.3)',
    ],
  ])('is refused when it %s', (_, options, code, message) => {
    expect(judge(options)).toEqual({ ok: false, code, message })
  })

  it('is refused with the name of its key type when that is an elliptic curve', async () => {
    const { issuing, root } = await createAuthority({ now: NOW })
    const issued = await issueServer(issuing, { names: ['provision.example.com'], now: NOW })
    const certificates = [
      ...`${issued.certificate}${root.certificate}`.matchAll(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g),
    ]
    const file = wrapPfx({
      certificates: certificates.map(([pem]) => new X509Certificate(pem).raw),
      key: createPrivateKey(issued.privateKey).export({ format: 'der', type: 'pkcs8' }),
      password: 'x',
      algorithm: 'aes',
    })

    const finding = checkPfx(read({ pfx: file, password: 'x' }), { suffix: 'example.com', now: NOW })

    expect(finding).toEqual({
      ok: false,
      code: 'pfx-not-rsa',
      message: 'Certificate key type ec is not supported, AMT requires RSA',
    })
  })

  it('stays shut for a wrong password', () => {
    const { pfx } = makeProvisioningPfx({ now: NOW })

    expect(() => read({ pfx, password: 'wrong' })).toThrow()
  })

  it('is refused in a crowd of certificates', () => {
    const { certificates, keys } = read(makeProvisioningPfx({ now: NOW }))
    const crowd = Array.from({ length: 11 }, () => certificates).flat()

    expect(checkPfx({ certificates: crowd, keys }, { suffix: 'example.com', now: NOW })).toMatchObject({
      ok: false,
      code: 'pfx-unreadable',
    })
  })

  it('is refused, not thrown about, when its certificates are not certificates', () => {
    const content = { certificates: [Buffer.from('nonsense').toString('base64')], keys: [] }

    expect(checkPfx(content, { suffix: 'example.com', now: NOW })).toMatchObject({ ok: false, code: 'pfx-unreadable' })
  })
})
