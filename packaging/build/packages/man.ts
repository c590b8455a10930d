// SPDX-License-Identifier: Apache-2.0
/** Manual pages, written from what programs say of their own command lines. */
import type { Described } from './describe.ts'

export type Page = {
  readonly name: string
  /** 1 for programs of people, 8 for those of the system. */
  readonly section: 1 | 8
  /** The half sentence after the name. */
  readonly about: string
  readonly description: readonly string[]
  readonly files: readonly (readonly [path: string, about: string])[]
  readonly environment: readonly (readonly [name: string, about: string])[]
  /** Other pages, as `muster(1)`. */
  readonly see: readonly string[]
}

export type Edition = { readonly version: string; readonly epoch: number }

/** The page in the language of man(7). */
export function manPage(page: Page, command: Described, { version, epoch }: Edition): string {
  const date = new Date(epoch * 1_000).toISOString().slice(0, 10)
  const { name, section } = page
  return [
    '.\\" SPDX-License-Identifier: Apache-2.0',
    `.TH ${quoted(name.toUpperCase())} ${section} "${date}" ${quoted(`Muster ${version}`)} ${quoted('Muster')}`,
    '.SH NAME',
    `${prose(name)} \\- ${prose(page.about)}`,
    '.SH SYNOPSIS',
    `.B ${prose(name)}`,
    command.commands.length === 0 ? '.RI [ options ]' : '.I command\n.RI [ arguments ]\n.RI [ options ]',
    '.SH DESCRIPTION',
    ...page.description.flatMap((each, index) => [...(index === 0 ? [] : ['.PP']), prose(each)]),
    ...(command.commands.length === 0 ? [] : ['.SH COMMANDS', ...command.commands.flatMap(each => entry(each, []))]),
    ...(command.options.length === 0 ? [] : ['.SH OPTIONS', ...options(command)]),
    ...tail(command.after),
    ...listed('FILES', page.files),
    ...listed('ENVIRONMENT', page.environment),
    ...(page.see.length === 0 ? [] : ['.SH SEE ALSO', page.see.map(reference).join(',\n')]),
    '',
  ].join('\n')
}

/** A command with its options and examples; a group of commands is a part of its own. */
function entry(command: Described, above: readonly string[]): readonly string[] {
  const path = [...above, command.name]
  if (command.commands.length > 0) {
    const head = above.length === 0 ? [`.SS ${quoted(`${path.join(' ')}: ${command.about}`)}`] : []
    return [...head, ...command.commands.flatMap(each => entry(each, path))]
  }
  const words = command.words.map(({ spelled }) => ` \\fI${prose(spelled)}\\fR`).join('')
  const inside = [
    ...command.words.flatMap(({ spelled, about }) =>
      about === '' ? [] : ['.TP', `.I ${prose(spelled)}`, prose(about)],
    ),
    ...options(command),
  ]
  const example = examples(command.after)
  return [
    '.TP',
    `\\fB${prose(path.join(' '))}\\fR${words}`,
    ...paragraphs(command.about),
    ...(inside.length === 0 ? [] : ['.RS', ...inside, '.RE']),
    ...(example === '' ? [] : ['.RS', ...verbatim(example), '.RE']),
  ]
}

function options({ options: all }: Described): readonly string[] {
  return all.flatMap(({ flags, about }) => ['.TP', `.B ${prose(flags)}`, prose(about)])
}

function tail(after: string): readonly string[] {
  const example = examples(after)
  const rest = after.replace(/\nExamples:\n[\s\S]*$/, '').trim()
  return [
    ...(rest === '' ? [] : ['.PP', prose(rest)]),
    ...(example === '' ? [] : ['.SH EXAMPLES', ...verbatim(example).slice(1)]),
  ]
}

function examples(after: string): string {
  return (/(?:^|\n)Examples:\n([\s\S]*)$/.exec(after)?.[1] ?? '').trimEnd()
}

function verbatim(text: string): readonly string[] {
  return ['.PP', '.nf', ...text.split('\n').map(prose), '.fi']
}

function paragraphs(text: string): readonly string[] {
  return text.split(/\n\n+/).flatMap((each, index) => [...(index === 0 ? [] : ['.IP']), ...each.split('\n').map(prose)])
}

function listed(title: string, all: readonly (readonly [string, string])[]): readonly string[] {
  if (all.length === 0) return []
  return [`.SH ${title}`, ...all.flatMap(([name, about]) => ['.TP', `.I ${prose(name)}`, prose(about)])]
}

function reference(page: string): string {
  const [, name = '', section = ''] = /^(.*)\((\d)\)$/.exec(page) ?? []
  return `.BR ${prose(name)} (${section})`
}

/** In quotation marks, as an argument of a macro. */
function quoted(text: string): string {
  return `"${prose(text).replaceAll('"', '\\(dq')}"`
}

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** Text that means nothing to the formatter. */
function prose(text: string): string {
  const safe = [...text].map(sign => {
    const code = sign.codePointAt(0) ?? 0
    return SIGNS[sign] ?? (code > 126 ? `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]` : sign)
  })
  const line = safe.join('').replace(/\s*\n\s*/g, ' ')
  return line.startsWith('.') ? `\\&${line}` : line
}
