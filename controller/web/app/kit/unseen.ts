// SPDX-License-Identifier: Apache-2.0
/** Finds what a text hides: control, direction, zero-width and lone characters, each under its number. Pure. */

/** `seen` may be drawn as it is; `hidden` is the number of a character, such as `U+202E`. */
export type Piece = { readonly seen: string } | { readonly hidden: string }

/** Controls, direction marks, joiners, separators, lone surrogates, private use, and spaces that look like none or another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u00a0\u115f\u1160\u2800\u3164\uffa0]|[\ufe00-\ufe0f]/u

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let seen = ''
  for (const letter of text) {
    if (!UNSEEN.test(letter)) {
      seen += letter
      continue
    }
    if (seen !== '') pieces.push({ seen })
    seen = ''
    pieces.push({ hidden: `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` })
  }
  if (seen !== '') pieces.push({ seen })
  return pieces
}

/** The same as plain text, for titles and files: `a⟨U+202E⟩b`. */
export function literalText(text: string): string {
  return piecesOf(text)
    .map(piece => ('seen' in piece ? piece.seen : `⟨${piece.hidden}⟩`))
    .join('')
}

/** As much of a text as a line holds; the rest is told by an ellipsis. Never half of a character. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text
  const letters = [...text.slice(0, (most + 1) * 2)]
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}
