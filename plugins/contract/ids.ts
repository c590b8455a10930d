// SPDX-License-Identifier: Apache-2.0
/** The names things carry: hosts in EIM's shape, commands and messages as ULIDs, segments of topics. */

declare const brand: unique symbol
type Branded<Tag extends string> = string & { readonly [brand]: Tag }

/** `host-1a2b3c4d`: EIM's shape of a resource id (prefix and eight hexadecimal digits). */
export type HostId = Branded<'HostId'>

/** A ULID: 48 bits of milliseconds and 80 random bits in Crockford's base 32; sorts by time. */
export type Ulid = Branded<'Ulid'>

/** A source of random bytes. */
export type RandomBytes = (count: number) => Uint8Array

export const HOST_ID_PATTERN = '^host-[0-9a-f]{8}$'
export const ULID_PATTERN = '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'
/** What one segment of a topic may be: also the shape of project and section names. */
export const SEGMENT_PATTERN = '^[a-z0-9][a-z0-9-]{0,63}$'

const hostId = new RegExp(HOST_ID_PATTERN)
const ulidText = new RegExp(ULID_PATTERN)
const segment = new RegExp(SEGMENT_PATTERN)

export function isHostId(text: string): text is HostId {
  return hostId.test(text)
}

export function isUlid(text: string): text is Ulid {
  return ulidText.test(text)
}

/** Tells whether a text may stand between two slashes of a topic. */
export function isSegment(text: string): boolean {
  return segment.test(text)
}

/** Makes a host id from four random bytes. Ids collide at some 65,000 hosts: the caller retries on a clash. */
export function newHostId(random: RandomBytes): HostId {
  let hex = ''
  for (const byte of random(4)) hex += byte.toString(16).padStart(2, '0')
  return `host-${hex}` as HostId
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Makes a ULID for a moment; two of the same millisecond differ, in no particular order. */
export function newUlid(at: number, random: RandomBytes): Ulid {
  let time = ''
  for (let rest = Math.floor(at), digit = 0; digit < 10; digit++) {
    time = CROCKFORD.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let tail = ''
  for (const byte of random(16)) tail += CROCKFORD.charAt(byte % 32)
  return (time + tail) as Ulid
}
