// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { wrongSshKey } from '../../../../../../controller/modules/inventory/accounts/ssh-key.ts'

/** Strings of RFC 4251 §5, one behind the other, in base64. */
function blob(...fields: readonly (string | Uint8Array)[]): string {
  const parts = fields.map(field => {
    const bytes = Buffer.from(field as string)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  })
  return Buffer.concat(parts).toString('base64')
}

const ED = 'ssh-ed25519'
const EC = 'ecdsa-sha2-nistp521'
const ed25519 = blob(ED, Buffer.alloc(32, 7))

function point(namedCurve: string): Buffer {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}
const p521 = point('P-521')
const bent = Buffer.from(p521).fill(1, 60, 61)

describe('a public key', () => {
  it.each([
    ['ed25519', `${ED} ${ed25519}`],
    ['ed25519 with a comment of several words', `${ED} ${ed25519} somebody at home`],
    ['P-521', `${EC} ${blob(EC, 'nistp521', p521)} me@here`],
  ])('of %s is taken', (_, line) => {
    expect(wrongSshKey(line)).toBeUndefined()
  })

  it.each([
    ['rsa', `ssh-rsa ${blob('ssh-rsa', Buffer.of(1, 0, 1), Buffer.alloc(256, 9))}`, 'ssh-rsa is not taken'],
    ['P-256', `ecdsa-sha2-nistp256 ${blob('ecdsa-sha2-nistp256', 'nistp256', point('P-256'))}`, 'is not taken'],
    ['a security token', `sk-ssh-ed25519@openssh.com ${ed25519}`, 'is not taken'],
    ['nothing', '', 'not taken'],
    ['a type alone', ED, 'base64'],
    ['text for base64', `${ED} not*base64`, 'base64'],
    ['base64 without its padding', `${ED} ${ed25519.replace(/=+$/, '')}=`, 'base64'],
    ['rsa inside', `${ED} ${blob('ssh-rsa', Buffer.alloc(32))}`, 'another type inside'],
    ['31 bytes', `${ED} ${blob(ED, Buffer.alloc(31))}`, '32 bytes'],
    ['33 bytes', `${ED} ${blob(ED, Buffer.alloc(33))}`, '32 bytes'],
    ['a third field', `${ED} ${blob(ED, Buffer.alloc(32), 'x')}`, '32 bytes'],
    ['a cut', `${ED} ${Buffer.from(ed25519, 'base64').subarray(0, 48).toString('base64')}`, 'cut off'],
    ['a length beyond its end', `${ED} ${Buffer.from('ffffffff00', 'hex').toString('base64')}`, 'cut off'],
    ['another curve inside', `${EC} ${blob(EC, 'nistp384', p521)}`, 'curve'],
    ['a compressed point', `${EC} ${blob(EC, 'nistp521', Buffer.concat([Buffer.of(2), p521.subarray(1, 67)]))}`, '133'],
    ['a point off the curve', `${EC} ${blob(EC, 'nistp521', bent)}`, 'not on its curve'],
    ['two lines', `${ED} ${ed25519} a\n${ED} ${ed25519}`, 'one line'],
  ])('with %s is refused', (_, line, words) => {
    expect(wrongSshKey(line)).toContain(words)
  })

  it('that is a private one is refused without being repeated', () => {
    const wrong = wrongSshKey('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n')

    expect(wrong).toContain('private key')
    expect(wrong).not.toContain('b3BlbnNzaC1rZXk')
  })
})
