// SPDX-License-Identifier: Apache-2.0
/** Reads guides as tests do: what is typed in them, what they say is seen, and whether that is what was seen. */

/** A fenced block: ` ```sh machines ` has the language `sh` and the note `machines`. */
export type Block = { readonly language: string; readonly note: string; readonly text: string }

/** The fenced blocks of a guide, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: ([^\n]+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', note = '', text = '']) => ({ language, note, text }),
  )
}

/** What is typed at a shell, a line each; a line that ends in `\` goes on in the next. */
export function typedIn(blocks: readonly Block[]): readonly string[] {
  return blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
    .filter(line => line !== '')
}

/** Lines that are typed together at one place, and what is seen after them. */
export type Exchange = {
  /** A terminal that is named and stays open; `''` for the desk. */
  readonly terminal: string
  /** Starts a program at a terminal, types at it, or runs to its end. */
  readonly kind: 'starts' | 'types' | 'runs'
  readonly lines: readonly string[]
  /** Lines that are seen, in this order, others between them; `…` stands for any text. */
  readonly sees: readonly string[]
  /** Of the last line. */
  readonly exitCode: number
}

const NOTHING = { kind: 'types', lines: [], exitCode: 0 } as const
const EXIT = /^exit code (\d+)$/

/**
 * Commands with the `text` block that follows them: those of `sh` at the desk, of `sh machines` at a terminal of that name,
 * of `console machines` typed into what runs there. `text machines` is seen there without anything being typed.
 */
export function exchangesOf(blocks: readonly Block[]): readonly Exchange[] {
  return blocks.flatMap((block, at) => {
    const { language, note } = block
    if (language === 'text' && note !== '') return { ...NOTHING, terminal: note, sees: linesOf(block) }
    if (language !== 'sh' && language !== 'console') return []
    const next = blocks[at + 1]
    const seen = next?.language === 'text' && next.note === '' ? linesOf(next) : []
    const kind = language === 'console' ? 'types' : note === '' ? 'runs' : 'starts'
    return {
      terminal: note,
      kind,
      lines: typedIn([{ ...block, language: 'sh' }]),
      sees: seen.filter(line => !EXIT.test(line)),
      exitCode: Number(seen.map(line => EXIT.exec(line)?.[1]).find(code => code !== undefined) ?? 0),
    }
  })
}

function linesOf({ text }: Block): readonly string[] {
  return text.split('\n').filter(line => line.trim() !== '')
}

/** The first line that a guide shows and that was not seen after those before it; `undefined` when all were. */
export function missingFrom(output: string, sees: readonly string[]): string | undefined {
  const lines = output.split('\n')
  let at = 0
  for (const wanted of sees) {
    if (/^[\s…]+$/.test(wanted)) continue
    const pattern = lineOf(wanted)
    while (at < lines.length && !pattern.test(lines[at] ?? '')) at++
    if (at++ >= lines.length) return wanted
  }
  return undefined
}

/** Blanks count as one, since columns are as wide as what stands in them. */
function lineOf(wanted: string): RegExp {
  const source = wanted
    .trim()
    .split('…')
    .map(part =>
      part
        .split(/\s+/)
        .map(word => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('\\s+'),
    )
    .join('.*')
  return new RegExp(`^\\s*${source}\\s*$`)
}
