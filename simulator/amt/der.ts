// SPDX-License-Identifier: Apache-2.0
/** Distinguished encoding (X.690) as far as certificates and their requests need it. */

/** An element: tag, length, value. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts)
  if (value.length < 0x80) return Buffer.concat([Buffer.of(tag, value.length), value])
  const length = value.length < 0x100 ? Buffer.of(0x81, value.length) : Buffer.of(0x82, value.length >> 8, value.length)
  return Buffer.concat([Buffer.of(tag), length, value])
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tlv(0x30, ...parts)
}

/** An object identifier in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) + 128)
    bytes.push(...groups)
  }
  return tlv(6, Buffer.from(bytes))
}

export function bitString(bytes: Uint8Array): Buffer {
  return tlv(3, Buffer.of(0), bytes)
}

export function integer(bytes: Uint8Array): Buffer {
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return tlv(2, positive)
}

/** The element at the front, whole and its value; throws `RangeError` when the bytes are not one. */
export function readTlv(bytes: Buffer): { readonly tag: number; readonly whole: Buffer; readonly value: Buffer } {
  const tag = bytes[0]
  const first = bytes[1]
  if (tag === undefined || first === undefined) throw new RangeError('no element')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 3) throw new RangeError('too long')
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes)
  const start = 2 + lengthBytes
  if (bytes.length < start + length) throw new RangeError('cut off')
  return { tag, whole: bytes.subarray(0, start + length), value: bytes.subarray(start, start + length) }
}

const SHA256_RSA = '1.2.840.113549.1.1.11'

/** The algorithm identifier of RSA with SHA-256. */
export function rsaSha256(): Buffer {
  return sequence(oid(SHA256_RSA), tlv(5))
}

/** The algorithm identifier of ECDSA with SHA-384. */
export function ecdsaSha384(): Buffer {
  return sequence(oid('1.2.840.10045.4.3.3'))
}

/** A distinguished name from pairs of type and text. */
export function nameOf(...parts: readonly (readonly [type: 'CN' | 'O' | 'OU', text: string])[]): Buffer {
  const types = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11' }
  return sequence(
    ...parts.map(([type, text]) => tlv(0x31, sequence(oid(types[type]), tlv(0x0c, Buffer.from(text, 'utf8'))))),
  )
}
