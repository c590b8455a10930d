// SPDX-License-Identifier: Apache-2.0
/** Writes the reference of sections: what each plugin sees, may be told, can do, and is permitted to touch. */
import { catalog } from '../../../plugins/catalog.ts'
import type { AnyPlugin, CommandType, Permissions } from '../../../plugins/contract/index.ts'
import { page, table } from './page.ts'

/** As much of a JSON schema as is shown. */
type Shown = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shown>>
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: Shown
  readonly anyOf?: readonly Shown[]
  readonly const?: unknown
}

export async function sectionsPage(): Promise<string> {
  const parts: string[] = []
  for (const load of Object.values(catalog)) parts.push(...describe(await load()))
  return page('Sections', [
    'A section is a named part of the document of a host. One plugin on the host owns it: it reports what it observes, brings about what is desired, and runs its commands once each.',
    'A class says how much harm a command can do: 0 observe, 1 operate, 2 change, 3 dangerous, 4 destructive.',
    ...parts,
  ])
}

function describe({ manifest, section }: AnyPlugin): readonly string[] {
  const desired = members(section.desired as Shown) // a schema is JSON
  const commands = Object.entries(section.commands as Record<string, CommandType>)
  return [
    `## ${section.name}`,
    `${section.title}. Plugin \`${manifest.name}\` ${manifest.version}, runs ${manifest.isolation === 'inline' ? 'inside the agent unless the configuration says otherwise' : 'as a process of its own'}.`,
    '**Observed**',
    table(['Member', 'Type', 'Always'], members(section.observed as Shown)),
    ...(desired.length === 0
      ? ['**Desired**: nothing can be.']
      : ['**Desired**', table(['Member', 'Type', 'Always'], desired)]),
    ...(commands.length === 0
      ? ['**Commands**: none.']
      : [
          '**Commands**',
          table(
            ['Name', 'What it does', 'Class', 'May disturb', 'Starts within', 'Runs at most', 'Input'],
            commands.map(command),
          ),
        ]),
    `**Permissions**: ${permissions(manifest.permissions)}`,
  ]
}

function command([name, type]: [string, CommandType]): readonly string[] {
  const input = members(type.input as Shown).map(([member]) => member)
  const seconds = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`)
  return [
    `\`${name}\``,
    type.title,
    String(type.class),
    type.impact,
    seconds(type.ttlMs),
    seconds(type.timeoutMs),
    input.join(', ') || 'none',
  ]
}

function members({ properties = {}, required = [] }: Shown): readonly (readonly string[])[] {
  return Object.entries(properties).map(([name, shape]) => [
    `\`${name}\``,
    kind(shape),
    required.includes(name) ? 'yes' : '',
  ])
}

function kind(shape: Shown): string {
  if (shape.enum !== undefined) return shape.enum.map(each => `\`${each}\``).join(', ')
  if (shape.const !== undefined) return `\`${shape.const}\``
  if (shape.anyOf !== undefined) return shape.anyOf.map(kind).join(' or ')
  if (shape.type === 'array') return `list of ${shape.items === undefined ? 'anything' : kind(shape.items)}`
  if (shape.properties !== undefined)
    return `object with ${Object.keys(shape.properties)
      .map(name => `\`${name}\``)
      .join(', ')}`
  return shape.type ?? 'anything'
}

function permissions({ run = [], read = [], write = [], native = false }: Permissions): string {
  const list = (verb: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${verb} ${names.map(name => `\`${shown(name)}\``).join(', ')}`]
  const granted = [
    ...list('run', run),
    ...list('read', read),
    ...list('replace', write),
    ...(native ? ['load native code'] : []),
  ]
  return granted.length === 0 ? 'none.' : `${granted.join('; ')}.`
}

/** The path of the running Node differs between machines. */
function shown(name: string): string {
  return name === process.execPath ? 'node' : name
}
