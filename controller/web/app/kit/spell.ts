// SPDX-License-Identifier: Apache-2.0
/** Values of documents as text: what cannot be seen is spelled out, so that nothing hides in a name. Pure. */
import type { Json } from './diff.ts'

/** Controls, direction marks, joiners, separators, lone surrogates, private use: all that could change what is seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u00a0]/gu

function escaped(text: string): string {
  return text.replaceAll(UNSEEN, found =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  )
}

/** One value in JSON, on one line. */
export function spelled(value: Json): string {
  return escaped(JSON.stringify(value))
}

/** A document in JSON, indented. */
export function spelledOut(value: Json): string {
  return JSON.stringify(value, undefined, 2).split('\n').map(escaped).join('\n')
}

const PLAIN = /^[A-Za-z_]\w*$/

/** A path as `-o jsonpath` takes it: `.hostNics[0].mtu`. */
export function jsonPath(path: readonly (string | number)[]): string {
  const words = path.map(step => {
    if (typeof step === 'number') return `[${step}]`
    return PLAIN.test(step) ? `.${step}` : `[${spelled(step)}]`
  })
  return words.length === 0 ? '.' : words.join('')
}

/** A path for people: `hostNics › enp1s0 › mtu`. */
export function shownPath(path: readonly string[]): string {
  return path.map(escaped).join(' › ')
}
