// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import { acceptTrust, verifySigned } from '../../../../agent/identity/trust.ts'
import { createSigningKey, signHead } from '../../../../provisioning/pki/signing.ts'
import { signTrust } from '../../../../provisioning/pki/trust.ts'
import { createInstallation, type Installation } from './fixtures.ts'

const now = 1_800_000_000_000
let ours: Installation
let theirs: Installation

beforeAll(async () => {
  ours = await createInstallation(now)
  theirs = await createInstallation(now)
})

describe('a signed message', () => {
  const head = { v: 1, host: 'host-1a2b3c4d' }
  const signedBy = (privateKey: string, kid: string) => ({ head, kid, sig: signHead('command', head, privateKey) })

  it('is good when the command key of the bundle signed it', () => {
    const message = signedBy(ours.command.privateKey, ours.command.kid)

    expect(verifySigned('command', message, ours.bundle())).toBe('ok')
    expect(verifySigned('desired', message, ours.bundle())).toBe('bad-signature')
    expect(verifySigned('command', { ...message, head: { ...head, v: 2 } }, ours.bundle())).toBe('bad-signature')
  })

  it('is by an unknown key when its key is not in the bundle, or is there for something else', () => {
    const stranger = createSigningKey()

    expect(verifySigned('command', signedBy(stranger.privateKey, stranger.kid), ours.bundle())).toBe('unknown-key')
    expect(verifySigned('command', signedBy(ours.audit.privateKey, ours.audit.kid), ours.bundle())).toBe('unknown-key')
  })

  it('is not good when it only borrows the name of the key', () => {
    const stranger = createSigningKey()

    expect(verifySigned('command', signedBy(stranger.privateKey, ours.command.kid), ours.bundle())).toBe(
      'bad-signature',
    )
  })
})

describe('a newer trust bundle', () => {
  it('is accepted when a known root signed it, also with other roots and keys in it', () => {
    const present = ours.bundle({ version: 2 })
    const next = ours.bundle({
      version: 3,
      epoch: 1,
      roots: [ours.authority.root.certificate, theirs.authority.root.certificate],
    })

    expect(acceptTrust(present, next)).toBe(next)
    expect(acceptTrust(present, ours.bundle({ version: 2 }))).toMatchObject({ head: { version: 2 } })
  })

  it('may be signed by a root that an earlier one brought, and by no other', () => {
    const roots = [theirs.authority.root.certificate, ours.authority.root.certificate]
    const brought = ours.bundle({ version: 2, roots: [...roots].reverse() })
    const next = signTrust(ours.bundle({ version: 3, roots }).head, theirs.authority.root.privateKey, 0)

    expect(acceptTrust(brought, next)).toBe(next)
    expect(() => acceptTrust(ours.bundle(), next)).toThrow(/root we do not know/)
  })

  it.each([
    ['of another installation', () => ours.bundle({ version: 9, installation: 'other' }), /another installation/],
    ['of another root', () => theirs.bundle({ version: 9 }), /root we do not know/],
    ['that was changed', () => ({ ...ours.bundle({ version: 9 }), sig: 'A'.repeat(86) }), /does not verify/],
    ['of an earlier version', () => ours.bundle({ version: 1, epoch: 2 }), /older/],
    ['of an earlier epoch', () => ours.bundle({ version: 9, epoch: 1 }), /earlier epoch/],
  ])('%s is refused', (_, make, why) => {
    const present = ours.bundle({ version: 2, epoch: 2 })

    expect(() => acceptTrust(present, make())).toThrow(why)
  })
})
