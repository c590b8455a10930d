// SPDX-License-Identifier: Apache-2.0
/** The command line as data: help, parsing, completion and tests all read this one description. */
import type { Call } from './call.ts'
import type { ExitCode } from './exit.ts'

/** What may be completed in a place: fixed words, or names that are looked up. */
export type Completes = 'host' | 'context' | 'topic' | 'command' | readonly string[]

export type OptionSpec = {
  /** `-f, --file <path>`: short form, long form, value. */
  readonly flags: string
  readonly about: string
  /** May be given several times. */
  readonly repeat?: true
  readonly completes?: Completes
}

export type ArgumentSpec = {
  /** `<host>`, `[host...]`. */
  readonly spelled: string
  readonly about: string
  readonly completes?: Completes
}

export type Example = {
  /** A line that a shell would take; it is executed in the tests. */
  readonly line: string
  readonly says: string
}

/** Does the work of a verb; answers the exit code when it is not 0. */
export type Run = (call: Call) => Promise<ExitCode | undefined>

export type Verb = {
  readonly name: string
  readonly summary: string
  /** More than the summary, where that is not enough. */
  readonly details?: string
  readonly arguments?: readonly ArgumentSpec[]
  readonly options?: readonly OptionSpec[]
  readonly examples: readonly Example[]
  /** Changes something, and therefore has `--dry-run`. */
  readonly writes?: true
  readonly hidden?: true
  /** Loads the implementation, which nothing else does: the program starts without it. */
  readonly load: () => Promise<Run>
}

export type Noun = { readonly name: string; readonly summary: string; readonly verbs: readonly (Verb | Noun)[] }

/** Tells a noun from a verb. */
export function isNoun(node: Verb | Noun): node is Noun {
  return 'verbs' in node
}

export type Grammar = {
  readonly nouns: readonly Noun[]
  /** Verbs without a noun. */
  readonly verbs: readonly Verb[]
}

/** The nouns and the verb that words name, in order; options and what comes after the verb are passed over. */
export function pathIn({ nouns, verbs }: Grammar, words: readonly string[]): readonly string[] {
  const path: string[] = []
  let children: readonly (Verb | Noun)[] = [...nouns, ...verbs]
  for (const word of words) {
    const node = children.find(each => each.name === word)
    if (node === undefined) continue
    path.push(word)
    children = isNoun(node) ? node.verbs : []
  }
  return path
}

/** Accepted before the noun, between noun and verb, and after the verb. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '-c, --context <name>', about: 'which controller (MUSTER_CONTEXT)', completes: 'context' },
  { flags: '-p, --project <name>', about: 'which project (MUSTER_PROJECT)' },
  {
    flags: '-o, --output <form>',
    about: 'table, wide, json, yaml, name, csv, jsonpath=..., template=...',
    completes: ['table', 'wide', 'json', 'yaml', 'name', 'csv'],
  },
  { flags: '--timeout <duration>', about: 'how long to wait: 30s, 10m' },
  { flags: '--no-color', about: 'no colors (NO_COLOR)' },
  { flags: '--quiet', about: 'data and errors only' },
  { flags: '-v, --verbose', about: 'show requests, without secrets' },
  { flags: '--home <folder>', about: 'where contexts are kept (MUSTER_HOME)' },
]

/** Options that several verbs share, each with one meaning. */
export const shared = {
  selector: { flags: '-l, --selector <k=v>', about: 'hosts with this label; several must all fit', repeat: true },
  query: {
    flags: '-q, --query <words>',
    about: 'hosts that fit: site:berlin, health:failing, agent:<2.3, key:value, part of a name; see help search',
  },
  filter: { flags: '--filter <text>', about: 'hosts that fit a filter, or: onboarded, registered, error, ...' },
  site: { flags: '--site <site>', about: 'hosts at this site' },
  region: { flags: '--region <region>', about: 'hosts at the sites of this region and of those below it' },
  wait: { flags: '--wait', about: 'wait for the end' },
  dryRun: { flags: '--dry-run', about: 'show what would be sent, and send nothing' },
  yes: { flags: '-y, --yes', about: 'do not ask' },
  reason: { flags: '--reason <text>', about: 'why; it is kept in the audit' },
  key: { flags: '--idempotency-key <key>', about: 'makes repeating this line safe' },
  expires: { flags: '--expires <duration>', about: 'how long it stays good: 10m, 1h' },
  count: { flags: '--confirm-count <n>', about: 'the number of hosts, when there are more than 50' },
  label: { flags: '-l, --label <k=v>', about: 'label to give; may be repeated', repeat: true },
} as const satisfies Readonly<Record<string, OptionSpec>>

/** The argument that names one host. */
export const HOST: ArgumentSpec = {
  spelled: '<host>',
  about: 'id, start of an id, name, host name or serial number',
  completes: 'host',
}
export const HOSTS: ArgumentSpec = { ...HOST, spelled: '[host...]' }
