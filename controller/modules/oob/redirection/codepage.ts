// SPDX-License-Identifier: Apache-2.0
/** Code page 437, which serial consoles of firmware speak, and UTF-8, which everything else does. Pure. */

/** The upper half, from 0x80; the lower half is ASCII, control characters among it. */
const UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

const UNKNOWN = 0x3f

/** Each byte as its character. */
export function textOfCodePage(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : UPPER.charAt(byte - 0x80)
  return text
}

/** Each character as its byte; `?` for those the code page has not. */
export function codePageOfText(text: string): Uint8Array {
  return Uint8Array.from([...text], character => {
    const point = character.codePointAt(0) ?? UNKNOWN
    if (point < 0x80) return point
    const place = UPPER.indexOf(character)
    return place < 0 ? UNKNOWN : 0x80 + place
  })
}
