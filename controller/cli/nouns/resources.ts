// SPDX-License-Identifier: Apache-2.0
/** `muster region`, `site`, `os`, `instance` and the rest of EIM's resources: one table of kinds, the same verbs for all. */
import { type Noun, type OptionSpec, shared, type Verb } from '../grammar.ts'
import { KINDS } from '../resources/catalogue.ts'
import type { Kind, ResourceVerb, Setting } from '../resources/kind.ts'
import { scheduleVerbs } from './schedule.ts'

const { yes, dryRun, reason } = shared
const FILE: OptionSpec = { flags: '-f, --file <path>', about: 'JSON or YAML; - for standard input' }
const FILTER: OptionSpec = { flags: '--filter <text>', about: 'such as name="x" AND region.name="y"' }
const ORDER: OptionSpec = { flags: '--order-by <text>', about: 'such as "name desc"' }
const LIMIT: OptionSpec = { flags: '--limit <n>', about: 'at most so many' }

const load = async (noun: string) => (await import('../verbs/resources.ts')).resourceVerbs(noun)

const treeVerb: Verb = {
  name: 'tree',
  summary: 'Show regions within regions, and the sites in them',
  examples: [{ line: 'muster region tree', says: 'the whole of it' }],
  load: async () => (await import('../verbs/region-tree.ts')).tree,
}

const MAKE: Readonly<Record<ResourceVerb, (kind: Kind) => Verb>> = {
  ls: kind => ({
    name: 'ls',
    summary: 'List them',
    options: [FILTER, ORDER, LIMIT, ...kindOption(kind)],
    examples: [example(kind, 'ls', 'those that fit')],
    load: async () => (await load(kind.noun)).ls,
  }),
  get: kind => ({
    name: 'get',
    summary: 'Show one',
    arguments: [nameOf(kind)],
    examples: [example(kind, 'get', kind.named === undefined ? 'by its id' : 'by its name; its id does as well')],
    load: async () => (await load(kind.noun)).get,
  }),
  create: kind => ({
    name: 'create',
    summary: 'Make one',
    ...(kind.named === undefined ? {} : { arguments: [{ spelled: '[name]', about: `the ${kind.named} it gets` }] }),
    options: [FILE, ...kindOption(kind), ...options(kind), dryRun],
    writes: true,
    examples: [example(kind, 'create', 'shows what would be sent')],
    load: async () => (await load(kind.noun)).create,
  }),
  set: kind => ({
    name: 'set',
    summary: 'Change one; what is not named stays',
    arguments: [nameOf(kind)],
    options: [FILE, ...options(kind), dryRun],
    writes: true,
    examples: [example(kind, 'set', 'shows what would be sent')],
    load: async () => (await load(kind.noun)).set,
  }),
  rm: kind => ({
    name: 'rm',
    summary: 'Remove one that nothing needs',
    arguments: [nameOf(kind)],
    options: [reason, yes, dryRun],
    writes: true,
    examples: [example(kind, 'rm', 'shows which one that is')],
    load: async () => (await load(kind.noun)).rm,
  }),
}

/** A noun for every kind of resource. */
export const resources: readonly Noun[] = KINDS.map(kind => ({
  name: kind.noun,
  summary: kind.summary,
  verbs: [
    ...kind.verbs.map(verb => MAKE[verb](kind)),
    ...(kind.noun === 'region' ? [treeVerb] : []),
    ...(kind.noun === 'schedule' ? scheduleVerbs : []),
  ],
}))

function nameOf({ noun, named }: Kind) {
  return { spelled: `<${noun}>`, about: named === undefined ? 'its id' : `its id or ${named}` }
}

function kindOption({ places }: Kind): readonly OptionSpec[] {
  const variants = places.flatMap(({ variant }) => variant ?? [])
  if (variants.length === 0) return []
  return [{ flags: '--kind <kind>', about: variants.join(' or '), completes: variants }]
}

function options({ settings }: Kind): readonly OptionSpec[] {
  return settings.map(optionOf)
}

function optionOf({ flags, about, form }: Setting): OptionSpec {
  const repeat = form.is === 'labels' || form.is === 'list' || (form.is === 'reference' && form.many === true)
  return {
    flags,
    about,
    ...(repeat ? { repeat: true as const } : {}),
    ...(form.is === 'enum' ? { completes: form.values } : {}),
    ...(form.is === 'reference' && form.noun === 'host' ? { completes: 'host' as const } : {}),
  }
}

function example({ noun, examples }: Kind, verb: ResourceVerb, says: string) {
  return { line: `muster ${noun} ${examples[verb] ?? verb}`, says }
}
