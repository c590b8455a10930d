// SPDX-License-Identifier: Apache-2.0
/** JSON Canonicalization Scheme (RFC 8785): one byte sequence for one value, so that digests and signatures agree. */

/** A JSON value; `undefined` members of objects are left out, as JSON.stringify does. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * Serialises a value as RFC 8785 says: no white space, members sorted by UTF-16 code units (§3.2.3), numbers as
 * ECMAScript prints them (§3.2.2.3).
 * Throws a RangeError for NaN and infinities, and a TypeError for what JSON cannot say and for lone surrogates (§3.2.2.2).
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError('a number that JSON cannot carry')
      return JSON.stringify(value)
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a string with a lone surrogate')
      return JSON.stringify(value)
    case 'object':
      return value === null ? 'null' : canonicalComposite(value)
    default:
      throw new TypeError(`a ${typeof value} is not JSON`)
  }
}

function canonicalComposite(value: object): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item)).join(',')}]`
  const members: string[] = []
  for (const [key, member] of Object.entries(value).sort(byCodeUnits)) {
    if (member !== undefined) members.push(`${canonical(key)}:${canonical(member)}`)
  }
  return `{${members.join(',')}}`
}

function byCodeUnits([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** How deep a value nests: 0 for a scalar, 1 for `{}`; stops counting past `limit` so that hostile depth costs nothing. */
export function depthOf(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (limit <= 0) return 1
  let deepest = 0
  for (const member of Object.values(value)) deepest = Math.max(deepest, depthOf(member, limit - 1))
  return deepest + 1
}
