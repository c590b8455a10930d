// SPDX-License-Identifier: Apache-2.0
/** Texts with places in them that are filled from a value: kubectl's `jsonpath`, and the part of Go's templates that lists need. Pure. */
import { problem } from '../problems.ts'

/** Fills the places; what is not there is empty, what is no text is JSON. */
export type Template = (value: unknown) => string

const MARKS = { jsonpath: ['{', '}'], template: ['{{', '}}'] } as const
export type Language = keyof typeof MARKS

type Step = { readonly name: string } | { readonly at: number } | 'all'
type Path = { readonly fromRoot: boolean; readonly steps: readonly Step[] }
type Part =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'place'; readonly path: Path }
  | { readonly is: 'range'; readonly path: Path; readonly parts: Part[] }

/**
 * Reads a template: `{.items[*].name}`, or `{{.item.name}}`; `range` and `end` repeat what is between them for each of
 * many, and quoted texts such as `"\n"` stand for themselves. Throws `usage`.
 */
export function readTemplate(language: Language, text: string): Template {
  const [open, close] = MARKS[language]
  const root: Part[] = []
  const levels: Part[][] = [root]
  const add = (part: Part): void => void levels.at(-1)?.push(part)
  let at = 0
  for (const { from, to, act } of acts(text, open, close)) {
    if (from > at) add({ is: 'text', text: text.slice(at, from) })
    at = to
    if (act === 'end') {
      if (levels.length === 1) throw refused(language, '"end" ends nothing')
      levels.pop()
    } else if (/^range\s/.test(act)) {
      const parts: Part[] = []
      add({ is: 'range', path: pathOf(language, act.slice('range'.length).trim()), parts })
      levels.push(parts)
    } else if (act.startsWith('"')) add({ is: 'text', text: quoted(language, act) })
    else add({ is: 'place', path: pathOf(language, act) })
  }
  if (levels.length > 1) throw refused(language, '"range" has no "end"')
  if (at < text.length) add({ is: 'text', text: text.slice(at) })
  return value => filled(root, value, value)
}

type Act = { readonly from: number; readonly to: number; readonly act: string }

/** What stands between marks, and where. */
function* acts(text: string, open: string, close: string): Generator<Act> {
  const marked = open === '{' ? /\{((?:"(?:[^"\\]|\\.)*"|[^"{}])*)\}/g : /\{\{((?:"(?:[^"\\]|\\.)*"|[^"{}])*)\}\}/g
  let seen = 0
  for (const found of text.matchAll(marked)) {
    refuseMarks(text.slice(seen, found.index), open, close)
    seen = found.index + found[0].length
    yield { from: found.index, to: seen, act: (found[1] ?? '').trim() }
  }
  refuseMarks(text.slice(seen), open, close)
}

function refuseMarks(text: string, open: string, close: string): void {
  const language: Language = open === '{' ? 'jsonpath' : 'template'
  if (text.includes(open) || text.includes(close)) throw refused(language, `${open} and ${close} do not pair`)
}

function quoted(language: Language, act: string): string {
  try {
    return String(JSON.parse(act))
  } catch {
    throw refused(language, `${act} is no text`)
  }
}

function pathOf(language: Language, text: string): Path {
  const fromRoot = text.startsWith('$')
  const rest = text.replace(/^[$@]/, '')
  const steps: Step[] = []
  const step = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[\*\]|\.\*|\['((?:[^'\\]|\\.)*)'\]/y
  for (let at = rest === '.' ? 1 : 0; at < rest.length; at = step.lastIndex) {
    step.lastIndex = at
    const found = step.exec(rest)
    if (found === null) throw refused(language, `${text} is no path such as .items[0].name`)
    const [, name, index, key] = found
    if (index !== undefined) steps.push({ at: Number(index) })
    else if (name !== undefined || key !== undefined) steps.push({ name: name ?? key ?? '' })
    else steps.push('all')
  }
  if (text === '') throw refused(language, 'an empty place')
  return { fromRoot, steps }
}

function refused(language: Language, why: string): unknown {
  return problem('usage', `-o ${language}=: ${why}`)
}

function filled(parts: readonly Part[], value: unknown, root: unknown): string {
  return parts
    .map(part => {
      if (part.is === 'text') return part.text
      const found = chosen(part.path, part.path.fromRoot ? root : value)
      if (part.is === 'place') return found.map(shown).join(' ')
      const [only] = found
      const many = found.length === 1 && Array.isArray(only) ? only : found
      return many.map((each: unknown) => filled(part.parts, each, root)).join('')
    })
    .join('')
}

function chosen({ steps }: Path, value: unknown): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((values, step) => values.flatMap(each => taken(step, each)), [value])
}

function taken(step: Step, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (step === 'all') return Object.values(value)
  if ('at' in step !== Array.isArray(value)) return []
  const name = 'at' in step ? String(step.at) : step.name
  return Object.hasOwn(value, name) ? [(value as Readonly<Record<string, unknown>>)[name]] : [] // an object that has it
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
