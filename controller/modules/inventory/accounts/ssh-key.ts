// SPDX-License-Identifier: Apache-2.0
/** Reads public keys of OpenSSH (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4) and says what is wrong with them. Pure. */
import { createPublicKey } from 'node:crypto'

const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp521'] as const
type KeyType = (typeof TYPES)[number]

const ED25519_BYTES = 32
/** Coordinates of P-521 have 521 bits; an uncompressed point is the byte 4 and both of them (SEC 1 §2.3.3). */
const P521_BYTES = 66

/** What is wrong with a line of a public key file, for people; `undefined` when it can be used. Never repeats the key. */
export function wrongSshKey(line: string): string | undefined {
  const [type = '', encoded = '', ...comment] = line.split(' ')
  if (/PRIVATE KEY/.test(line)) return 'this is a private key: send the public one, from the file that ends in .pub'
  if (!isTaken(type)) return `${spoken(type)} is not taken: use ${TYPES.join(' or ')}`
  if (/[\r\n]/.test(line) || /[^\x20-\x7e]/.test(comment.join(' '))) return 'it must be one line of printable ASCII'
  const blob = Buffer.from(encoded, 'base64')
  if (encoded === '' || blob.toString('base64') !== encoded) return 'the key behind its type is not base64'
  return wrongBlob(type, blob)
}

function isTaken(type: string): type is KeyType {
  return (TYPES as readonly string[]).includes(type)
}

function spoken(type: string): string {
  return /^[a-z0-9@.-]{3,40}$/.test(type) ? type : 'this type of key'
}

function wrongBlob(type: KeyType, blob: Buffer): string | undefined {
  const fields = fieldsOf(blob)
  if (fields === undefined) return 'the key is cut off or has something behind its end'
  const [inner, ...rest] = fields
  if (inner?.toString('latin1') !== type) return `the key says ${type} in front and another type inside`
  return type === 'ssh-ed25519' ? wrongEd25519(rest) : wrongP521(rest)
}

/** Strings of RFC 4251 §5 that fill the bytes exactly; `undefined` when they do not. */
function fieldsOf(blob: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = []
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) return undefined
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  return fields
}

function wrongEd25519([key, ...more]: readonly Buffer[]): string | undefined {
  if (key?.length === ED25519_BYTES && more.length === 0) return undefined
  return `an ssh-ed25519 key has ${ED25519_BYTES} bytes`
}

function wrongP521([curve, point, ...more]: readonly Buffer[]): string | undefined {
  if (curve?.toString('latin1') !== 'nistp521') return 'the curve inside the key is not nistp521'
  if (point?.length !== 2 * P521_BYTES + 1 || point[0] !== 4 || more.length > 0) {
    return `an ecdsa-sha2-nistp521 key has ${2 * P521_BYTES + 1} bytes, the first of them 4`
  }
  const x = point.subarray(1, 1 + P521_BYTES).toString('base64url')
  const y = point.subarray(1 + P521_BYTES).toString('base64url')
  try {
    createPublicKey({ key: { kty: 'EC', crv: 'P-521', x, y }, format: 'jwk' })
    return undefined
  } catch {
    return 'the point of the key is not on its curve'
  }
}
