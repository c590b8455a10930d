// SPDX-License-Identifier: Apache-2.0
/** What no text or number of a request may be, whatever its schema says: what not every store and reader keeps as it is. */
import type { Finding } from '../../plugins/contract/index.ts'

const MAX_DEPTH = 64

type Place = {
  readonly value: unknown
  readonly depth: number
  readonly name: string
  readonly above: Place | undefined
}

/**
 * The first place of a parsed value that I-JSON (RFC 7493 §2.1, §2.2) does not allow: text with a lone surrogate, a whole
 * number past 2^53, an infinite one. Texts with U+0000 and a negative zero change in databases, and what nests without
 * end brings down whoever walks it. Takes time in proportion to the value, however deep it is.
 */
export function unsound(value: unknown, prefix: string): Finding | undefined {
  const waiting: Place[] = [{ value, depth: 0, name: prefix, above: undefined }]
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const message = flawOf(place)
    if (message !== undefined) return { pointer: pointerOf(place), message }
    for (const [name, member] of membersOf(place.value))
      waiting.push({ value: member, depth: place.depth + 1, name, above: place })
  }
  return undefined
}

function flawOf({ value, depth, name }: Place): string | undefined {
  const flaw = textFlaw(name)
  if (flaw !== undefined) return `has a name that ${flaw}`
  if (typeof value === 'number') return numberFlaw(value)
  if (typeof value === 'string') return textFlaw(value)
  return depth > MAX_DEPTH ? `nests deeper than ${MAX_DEPTH} levels` : undefined
}

function numberFlaw(value: number): string | undefined {
  if (Object.is(value, -0)) return 'must not be a negative zero'
  if (!Number.isFinite(value)) return 'must be a finite number'
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? 'must lie within 2^53' : undefined
}

function textFlaw(text: string): string | undefined {
  if (!text.isWellFormed()) return 'must be well-formed Unicode'
  return text.includes('\0') ? 'must not hold the character U+0000' : undefined
}

/** Only of what a parser of JSON or of queries made; streams and bytes are left alone. */
function membersOf(value: unknown): readonly [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  const prototype: unknown = Object.getPrototypeOf(value)
  // Plain objects, and those of the router, whose prototype is empty.
  const parsed = Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
  return parsed ? Object.entries(value) : []
}

const LONGEST = 200

function pointerOf(place: Place): string {
  let pointer = ''
  for (let at: Place | undefined = place; at !== undefined; at = at.above) {
    const name = at.above === undefined ? at.name : `/${at.name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    pointer = name + pointer
    if (pointer.length > LONGEST) return `…${pointer.slice(-LONGEST)}`.toWellFormed()
  }
  return pointer.toWellFormed()
}
