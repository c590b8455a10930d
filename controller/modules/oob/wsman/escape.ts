// SPDX-License-Identifier: Apache-2.0
/** Text as XML 1.0 carries it. */
import { problem } from '../../../../plugins/contract/index.ts'

const MARKUP = /[&<>"'\r]/
const MARKUP_ALL = /[&<>"'\r]/g
/** Outside of Char (XML 1.0 §2.2); lone surrogates are found apart. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** Whether XML 1.0 can carry the text. */
export function isSpeakable(text: string): boolean {
  return !UNSPEAKABLE.test(text) && text.isWellFormed()
}

/**
 * Escapes text for content and for attribute values. Throws `invalid` for characters that XML 1.0 cannot carry: no
 * reference can stand for them either.
 */
export function escapeXml(text: string): string {
  if (!isSpeakable(text)) throw problem('invalid', 'it has characters that XML cannot carry')
  return MARKUP.test(text) ? text.replace(MARKUP_ALL, referenceFor) : text
}

function referenceFor(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '"':
      return '&quot;'
    case "'":
      return '&apos;'
    default:
      return '&#13;' // a bare carriage return would be read as a line feed (§2.11)
  }
}
