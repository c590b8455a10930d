// SPDX-License-Identifier: Apache-2.0
/** Which characters make white space, names and references in XML. */
import { isSpeakable } from './escape.ts'

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}

export function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return false
  return true
}

/** Wider than XML 1.0 §2.3 above ASCII, where no name of ours stands. */
export function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80
}

export function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x3a) || code === 0x2d || code === 0x2e
}

/** What a reference stands for, `amp` or `#x41`; `undefined` for entities that are not predefined (XML 1.0 §4.6). */
export function characterOf(name: string): string | undefined {
  switch (name) {
    case 'amp':
      return '&'
    case 'lt':
      return '<'
    case 'gt':
      return '>'
    case 'quot':
      return '"'
    case 'apos':
      return "'"
  }
  const [, hexadecimal, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name) ?? []
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  if (!(code <= 0x10ffff)) return undefined // also when there was no match, and so no number
  const character = String.fromCodePoint(code)
  return isSpeakable(character) ? character : undefined
}
