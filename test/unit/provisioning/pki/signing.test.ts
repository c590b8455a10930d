// SPDX-License-Identifier: Apache-2.0
import { createHash, createPrivateKey } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TrustHead } from '../../../../plugins/contract/index.ts'
import { type Authority, createAuthority } from '../../../../provisioning/pki/authority.ts'
import { fingerprintOf } from '../../../../provisioning/pki/keys.ts'
import {
  createSigningKey,
  digestOf,
  signHead,
  signingKeyFrom,
  verifyHead,
} from '../../../../provisioning/pki/signing.ts'
import { signTrust, verifyTrust } from '../../../../provisioning/pki/trust.ts'

const key = createSigningKey()

describe('a signed head', () => {
  const head = { v: 1, host: 'host-1a2b3c4d', sequence: 5 }

  it('verifies under the key that signed it, whatever the order of its members', () => {
    const sig = signHead('command', head, key.privateKey)

    expect(sig).toMatch(/^[A-Za-z0-9_-]{86}$/)
    expect(verifyHead('command', { head: { sequence: 5, host: 'host-1a2b3c4d', v: 1 }, sig }, key.publicKey)).toBe(true)
    expect(signHead('command', head, createPrivateKey(key.privateKey))).toBe(sig)
  })

  it('does not verify as another kind, under another key, or changed', () => {
    const sig = signHead('command', head, key.privateKey)

    expect(verifyHead('desired', { head, sig }, key.publicKey)).toBe(false)
    expect(verifyHead('command', { head, sig }, createSigningKey().publicKey)).toBe(false)
    expect(verifyHead('command', { head: { ...head, sequence: 6 }, sig }, key.publicKey)).toBe(false)
  })

  it.each([
    ['an empty key', { head, sig: 'A'.repeat(86) }, ''],
    ['a short key', { head, sig: 'A'.repeat(86) }, 'AAAA'],
    ['an empty signature', { head, sig: '' }, key.publicKey],
    ['a head that cannot be spelled', { head: { text: '\ud800' }, sig: 'A'.repeat(86) }, key.publicKey],
    ['no head', { head: undefined, sig: 'A'.repeat(86) }, key.publicKey],
  ])('does not verify with %s', (_, signed, publicKey) => {
    expect(verifyHead('command', signed, publicKey)).toBe(false)
  })

  it('names its key by what the key is', () => {
    const { kid, publicKey } = signingKeyFrom(key.privateKey)

    expect({ kid, publicKey }).toEqual({ kid: key.kid, publicKey: key.publicKey })
    expect(publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(kid).toMatch(/^[0-9a-f]{16}$/)
  })
})

it('digests documents in their canonical form', () => {
  expect(digestOf({ b: 1, a: [true] })).toBe(createHash('sha256').update('{"a":[true],"b":1}').digest('base64url'))
})

describe('a trust bundle', () => {
  let authority: Authority
  let other: Authority
  let head: TrustHead

  beforeAll(async () => {
    const now = Date.now()
    authority = await createAuthority({ now })
    other = await createAuthority({ now })
    head = {
      v: 1,
      version: 3,
      installation: 'test',
      epoch: 0,
      roots: [other.root.certificate, authority.root.certificate],
      keys: [{ kid: key.kid, role: 'command', publicKey: key.publicKey }],
      issuedAt: '2026-11-21T04:31:00.000Z',
    }
  })

  it('is believed when a root we know has signed it', () => {
    const bundle = signTrust(head, authority.root.privateKey, 1)

    expect(bundle.sig).toMatch(/^[A-Za-z0-9_-]{86}$/)
    expect(verifyTrust(bundle, { roots: [authority.root.certificate] })).toBe('ok')
    expect(verifyTrust(bundle, { fingerprint: fingerprintOf(authority.root.certificate) })).toBe('ok')
    expect(verifyTrust(bundle, { fingerprint: fingerprintOf(authority.root.certificate).toUpperCase() })).toBe('ok')
  })

  it('is not believed when another root has, though ours stands in it', () => {
    const bundle = signTrust(head, other.root.privateKey, 0)

    expect(verifyTrust(bundle, { roots: [authority.root.certificate] })).toBe('unknown-root')
    expect(verifyTrust(bundle, { fingerprint: fingerprintOf(authority.root.certificate) })).toBe('unknown-root')
    expect(verifyTrust({ ...bundle, signer: 1 }, { roots: [authority.root.certificate] })).toBe('bad-signature')
  })

  it('is not believed when it was changed or names a signer it does not hold', () => {
    const bundle = signTrust(head, authority.root.privateKey, 1)
    const pinned = { roots: [authority.root.certificate] }

    expect(verifyTrust({ ...bundle, head: { ...head, version: 4 } }, pinned)).toBe('bad-signature')
    expect(verifyTrust({ ...bundle, signer: 2 }, pinned)).toBe('unknown-root')
    expect(verifyTrust({ ...bundle, head: { ...head, roots: ['nonsense', 'more'] } }, pinned)).toBe('unknown-root')
    expect(verifyTrust({ ...bundle, sig: 'A'.repeat(86) }, pinned)).toBe('bad-signature')
  })
})
