// SPDX-License-Identifier: Apache-2.0
/** Finds rpc's answer among whatever else it printed, as JSON. */
import { letters, TELLING } from './names.ts'

/** So many braces are tried as the start of an object. */
const MAX_CANDIDATES = 64

/** The fields of the object that says most; empty when none is rpc's answer. */
export function readJson(text: string): ReadonlyMap<string, string> {
  let best: ReadonlyMap<string, string> = new Map()
  for (const object of objectsIn(text)) {
    const fields = flatten(object)
    if (fields.size > best.size && TELLING.some(key => fields.has(key))) best = fields
  }
  return best
}

/** The JSON objects in a text, outermost first, without those inside one that could be read. */
export function objectsIn(text: string): readonly object[] {
  const found: object[] = []
  let at = text.indexOf('{')
  for (let tried = 0; at >= 0 && tried < MAX_CANDIDATES; tried++) {
    const end = closingBrace(text, at)
    const object = end === undefined ? undefined : parseObject(text.slice(at, end + 1))
    if (object !== undefined) found.push(object)
    at = text.indexOf('{', object === undefined || end === undefined ? at + 1 : end + 1)
  }
  return found
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x5c && quoted) at++
    if (character === 0x22) quoted = !quoted
    if (quoted) continue
    if (character === 0x7b) depth++
    if (character === 0x7d && --depth === 0) return at
  }
  return undefined
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const GROUPS = new Map([
  ['ras', 'ras'],
  ['wiredadapter', 'wired'],
  ['wirelessadapter', 'wireless'],
])

// `AMT`, `Build Number`, `DNS Suffix (OS)` of early versions and `amt`, `buildNumber`, `dnsSuffixOS` of later ones have
// the same letters, so one rule reads all generations.
function flatten(object: object): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(object)) {
    const key = letters(name)
    if (isScalar(value)) fields.set(key, String(value))
    if (typeof value !== 'object' || value === null) continue
    if (key === 'certificatehashes') fields.set(key, String(Object.keys(value).length))
    const group = GROUPS.get(key)
    if (group === undefined) continue
    for (const [inner, fact] of Object.entries(value))
      if (isScalar(fact)) fields.set(`${group}.${letters(inner)}`, String(fact))
  }
  return fields
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
