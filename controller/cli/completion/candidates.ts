// SPDX-License-Identifier: Apache-2.0
/** What may stand at the end of an unfinished line, from the grammar alone. */
import {
  type Completes,
  GLOBAL_OPTIONS,
  type Grammar,
  isNoun,
  type Noun,
  type OptionSpec,
  type Verb,
} from '../grammar.ts'
import { TOPICS } from '../topics.ts'

export type Candidate = { readonly word: string; readonly about: string }

export type Candidates = {
  readonly fixed: readonly Candidate[]
  /** Names that must be looked up. */
  readonly names: 'host' | 'context' | undefined
  /** Files may stand here too. */
  readonly files: boolean
}

const NOTHING: Candidates = { fixed: [], names: undefined, files: false }

/** `words`: those before the last, without the program's name; `last`: the one being typed, perhaps empty. */
export function candidatesFor(grammar: Grammar, words: readonly string[], last: string): Candidates {
  const { node, positional, pending } = walk(grammar, words)
  const found = pending === undefined ? placeOf(grammar, node, { positional, last }) : optionValue(pending)
  return { ...found, fixed: found.fixed.filter(({ word }) => word.startsWith(last)) }
}

type Walk = {
  readonly node: Verb | Noun | undefined
  /** How many words stand behind the verb. */
  readonly positional: number
  /** An option that still waits for its value. */
  readonly pending: OptionSpec | undefined
}

function walk(grammar: Grammar, words: readonly string[]): Walk {
  let node: Verb | Noun | undefined
  let positional = 0
  let pending: OptionSpec | undefined
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined
      continue
    }
    if (word.startsWith('-') && word !== '-') {
      const option = optionsOf(node).find(each => spellings(each).includes(word))
      if (option !== undefined && takesValue(option)) pending = option
      continue
    }
    if (node !== undefined && !isNoun(node)) {
      positional++
      continue
    }
    const next: Verb | Noun | undefined = childrenOf(grammar, node).find(each => each.name === word)
    if (next === undefined) return { node: undefined, positional: Number.POSITIVE_INFINITY, pending: undefined }
    node = next
  }
  return { node, positional, pending }
}

function childrenOf(grammar: Grammar, node: Noun | undefined): readonly (Verb | Noun)[] {
  return node === undefined ? [...grammar.nouns, ...grammar.verbs] : node.verbs
}

type Place = { readonly positional: number; readonly last: string }

function placeOf(grammar: Grammar, node: Verb | Noun | undefined, { positional, last }: Place): Candidates {
  if (positional === Number.POSITIVE_INFINITY) return NOTHING
  if (last.startsWith('-')) {
    const fixed = optionsOf(node).flatMap(option => spellings(option).map(word => ({ word, about: option.about })))
    return { ...NOTHING, fixed: fixed.filter(({ word }) => word.startsWith('--')) }
  }
  if (node === undefined || isNoun(node)) {
    const children = childrenOf(grammar, node).filter(each => isNoun(each) || each.hidden !== true)
    return { ...NOTHING, fixed: children.map(({ name, summary }) => ({ word: name, about: summary })) }
  }
  const all = node.arguments ?? []
  const argument = all[positional] ?? (all.at(-1)?.spelled.includes('...') ? all.at(-1) : undefined)
  if (argument === undefined) return NOTHING
  return { ...namesOf(argument.completes), files: argument.spelled.includes('file') }
}

function optionValue(option: OptionSpec): Candidates {
  return { ...namesOf(option.completes), files: /<(path|folder)>/.test(option.flags) }
}

function namesOf(completes: Completes | undefined): Candidates {
  if (completes === 'host' || completes === 'context') return { ...NOTHING, names: completes }
  if (completes === undefined || completes === 'command') return NOTHING
  const words = completes === 'topic' ? Object.keys(TOPICS) : completes
  return { ...NOTHING, fixed: words.map(word => ({ word, about: '' })) }
}

function optionsOf(node: Verb | Noun | undefined): readonly OptionSpec[] {
  const own = node === undefined || isNoun(node) ? [] : (node.options ?? [])
  return [...own, ...GLOBAL_OPTIONS]
}

function spellings({ flags }: OptionSpec): readonly string[] {
  return flags.split(/[ ,]+/).filter(part => part.startsWith('-'))
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes('<')
}
