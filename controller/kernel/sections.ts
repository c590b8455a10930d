// SPDX-License-Identifier: Apache-2.0
/** The sections this controller serves: what its modules declared, and what the configuration names beside them. */
import { Type } from 'typebox'
import {
  problem as base,
  type CommandType,
  check,
  isTimeZone,
  maintenance,
  type Section,
} from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'

export type ServedSection = {
  readonly section: Section
  /** Only this module writes the desired document; `undefined` when people do, through the generic routes. */
  readonly owner: string | undefined
}

export interface Sections {
  readonly names: readonly string[]
  readonly served: ReadonlySet<string>
  /** Throws `section-not-served`. */
  get(name: string): ServedSection
  find(name: string): ServedSection | undefined
  /** Throws `command-unknown`. */
  command(section: string, name: string): CommandType
  /** Throws `invalid` when a desired document does not fit the section. */
  checkDesired(name: string, content: unknown): void
}

/** What we know of a plugin of somebody else: nothing, so the host is the judge of its documents. */
function foreign(name: string): Section {
  return { name, title: name, desired: Type.Unknown(), observed: Type.Unknown(), commands: {} }
}

/** A command of a section we know nothing about is treated as dangerous. */
const FOREIGN_COMMAND: CommandType = {
  title: 'A command of a foreign plugin',
  input: Type.Unknown(),
  output: Type.Unknown(),
  class: 3,
  ttlMs: 120_000,
  timeoutMs: 300_000,
  impact: 'none',
}

export function createSections(modules: readonly ServedSection[], extra: readonly string[]): Sections {
  const all = new Map<string, ServedSection>()
  all.set(maintenance.name, { section: maintenance, owner: undefined })
  for (const served of modules) all.set(served.section.name, served)
  const strangers = extra.filter(name => !all.has(name))
  for (const name of strangers) all.set(name, { section: foreign(name), owner: undefined })
  const names = [...all.keys()].sort()
  const get = (name: string): ServedSection => {
    const found = all.get(name)
    if (found === undefined) throw problem('section-not-served', `${name}; served here: ${names.join(', ')}`, { names })
    return found
  }
  return {
    names,
    served: new Set(names),
    get,
    find: name => all.get(name),
    command: (section, name) => {
      const { commands } = get(section).section
      const found = commands[name] ?? (strangers.includes(section) ? FOREIGN_COMMAND : undefined)
      if (found !== undefined) return found
      const known = Object.keys(commands)
      throw problem('command-unknown', `${section} has ${known.length === 0 ? 'none' : known.join(', ')}, not ${name}`)
    },
    checkDesired: (name, content) => {
      if (content === null) return
      check(get(name).section.desired, content, `desired ${name}`)
      if (name === maintenance.name) checkTimeZone(content)
    },
  }
}

function checkTimeZone(content: unknown): void {
  const { timeZone } = content as { timeZone: string } // the schema of the section was checked just before
  if (!isTimeZone(timeZone)) throw base('invalid', `desired maintenance: /timeZone ${timeZone} is not a time zone`)
}
