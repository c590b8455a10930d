// SPDX-License-Identifier: Apache-2.0
/** Text as a terminal shows it: nothing a stranger wrote is obeyed, and widths are those of the screen. */

/**
 * What a terminal might obey or what turns the reading order: C0 and C1 controls, line and paragraph separators, and
 * the bidirectional controls of Unicode TR 9.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Shows a text literally, on one line: what a terminal would obey becomes an escape one can read. */
export function literal(text: string): string {
  return text.toWellFormed().replace(OBEYED, escapeOf)
}

/** As {@link literal}, and keeps line ends and tabs. */
export function literalLines(text: string): string {
  return text
    .split('\n')
    .map(line => line.split('\t').map(literal).join('\t'))
    .join('\n')
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0)
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** JSON in which nothing is left that a terminal would obey; the value it parses to is the same. */
export function literalJson(json: string): string {
  // Outside of strings JSON has no such characters but line ends, and those stay.
  return json.replace(OBEYED, character =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const ASCII = /^[\u0020-\u007e]*$/
/** Scripts and pictures that take two columns (Unicode TR 11: wide and full-width). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** How many columns a text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}

/** Cuts a text to so many columns; what was cut is marked with an ellipsis. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  if (columns <= 1) return columns === 1 ? '…' : ''
  let kept = ''
  let width = 0
  for (const { segment } of graphemes(text)) {
    width += widthOf(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** Fills a text with spaces to so many columns. */
export function pad(text: string, columns: number, right: boolean): string {
  const filling = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return right ? filling + text : text + filling
}

function graphemes(text: string): Iterable<{ readonly segment: string }> {
  return new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)
}

/** Bytes as people read them: `16 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let amount = bytes
  let unit = 0
  while (amount >= 1_024 && unit < units.length - 1) {
    amount /= 1_024
    unit++
  }
  const digits = amount >= 10 || unit === 0 ? 0 : 1
  return `${amount.toFixed(digits)} ${units[unit]}`
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
