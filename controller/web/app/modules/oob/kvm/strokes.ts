// SPDX-License-Identifier: Apache-2.0
/** Keys as a machine gets them: special ones, and text as somebody with a US keyboard would type it. Pure. */

/** A key goes down or comes up, by its number in X11, as RFB has it. */
export type Stroke = { readonly key: number; readonly isDown: boolean }

const KEY = {
  backspace: 65_288,
  tab: 65_289,
  enter: 65_293,
  esc: 65_307,
  print: 44,
  del: 65_535,
  shift: 65_505,
  ctrl: 65_507,
  alt: 65_513,
  meta: 65_511,
  f1: 65_470,
} as const

/** Held in order, let go in the other order. */
function together(...keys: readonly number[]): readonly Stroke[] {
  return [...keys.map(key => ({ key, isDown: true })), ...keys.toReversed().map(key => ({ key, isDown: false }))]
}

const functionKey = (number: number): number => KEY.f1 + number - 1

export const SPECIAL = {
  cad: together(KEY.ctrl, KEY.alt, KEY.del),
  esc: together(KEY.esc),
  meta: together(KEY.meta),
  altTab: together(KEY.alt, KEY.tab),
  altF4: together(KEY.alt, functionKey(4)),
  f2: together(functionKey(2)),
  f10: together(functionKey(10)),
  f12: together(functionKey(12)),
  print: together(KEY.print),
} as const

/** What is on a key with Shift, and what without: machines get keys, not signs. */
const SHIFTED: Readonly<Record<string, string>> = Object.fromEntries(
  [...'!@#$%^&*()_+{}|:"<>?~'].map((sign, at) => [sign, "1234567890-=[]\\;',./`"[at] ?? '']),
)

/** The strokes for a text, and how many of its characters no key has. Line ends are Enter. */
export function strokesOf(text: string): { readonly strokes: readonly Stroke[]; readonly left: number } {
  const strokes: Stroke[] = []
  let left = 0
  for (const sign of text.replaceAll('\r\n', '\n')) {
    const made = strokesOfSign(sign)
    if (made === undefined) left++
    else strokes.push(...made)
  }
  return { strokes, left }
}

function strokesOfSign(sign: string): readonly Stroke[] | undefined {
  if (sign === '\n' || sign === '\r') return together(KEY.enter)
  if (sign === '\t') return together(KEY.tab)
  if (/^[A-Z]$/.test(sign)) return together(KEY.shift, sign.charCodeAt(0))
  const base = SHIFTED[sign]
  if (base !== undefined) return together(KEY.shift, base.charCodeAt(0))
  return /^[ -~]$/.test(sign) ? together(sign.charCodeAt(0)) : undefined
}
