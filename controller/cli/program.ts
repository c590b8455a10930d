// SPDX-License-Identifier: Apache-2.0
/** Reads arguments by the grammar; the only importer of commander. */
import { Command, CommanderError, Option } from 'commander'
import { GLOBAL_OPTIONS, type Grammar, isNoun, type Noun, type OptionSpec, pathIn, type Verb } from './grammar.ts'

export type Reading =
  /** `given` holds options by their long names in camel case. */
  | { readonly kind: 'verb'; readonly verb: Verb; readonly words: readonly string[]; readonly given: Given }
  /** Text that was asked for. */
  | { readonly kind: 'text'; readonly text: string }
  /** What was typed is not understood; `help` when it is only not finished. */
  | { readonly kind: 'usage'; readonly message: string; readonly next: string }
  | { readonly kind: 'unfinished'; readonly help: string }

export type Given = Readonly<Record<string, unknown>>

export type ReadOptions = { readonly version: string; readonly columns: number }

/** Reads what was typed after the program's name. Prints nothing and runs nothing. */
export function read(grammar: Grammar, args: readonly string[], options: ReadOptions): Reading {
  let chosen: Reading | undefined
  let printed = ''
  const shape: Shape = {
    columns: options.columns,
    print: text => {
      printed += text
    },
    choose: reading => {
      chosen = reading
    },
  }
  const program = build(grammar, { ...shape, only: args }).version(options.version, '--version', 'show the version')
  try {
    program.parse([...args], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    return readingOf(thrown, printed, pathIn(grammar, args))
  }
  return chosen ?? { kind: 'unfinished', help: printed }
}

function readingOf({ code, exitCode, message }: CommanderError, printed: string, path: readonly string[]): Reading {
  if (exitCode === 0) return { kind: 'text', text: printed }
  // The program alone asks what it can do; a noun alone is a line that somebody meant to finish.
  if (code === 'commander.help')
    return path.length === 0 ? { kind: 'text', text: printed } : { kind: 'unfinished', help: printed }
  return {
    kind: 'usage',
    message: message.replace(/^error: /, '').replaceAll('\n', ' '),
    next: ['muster', ...path, '--help'].join(' '),
  }
}

/** The help text of a path such as `['host', 'ls']`; `undefined` when nothing stands there. */
export function helpOf(grammar: Grammar, path: readonly string[], columns: number): string | undefined {
  let printed = ''
  const print = (text: string): void => {
    printed += text
  }
  let at = build(grammar, { columns, print, choose: () => {}, only: path })
  for (const word of path) {
    const next = at.commands.find(command => command.name() === word)
    if (next === undefined) return undefined
    at = next
  }
  at.outputHelp()
  return printed
}

type Shape = {
  readonly columns: number
  readonly print: (text: string) => void
  readonly choose: (reading: Reading) => void
}

/** `only`: verbs are added for the nouns among these words, because building all costs time at every start. */
function build(grammar: Grammar, shape: Shape & { readonly only: readonly string[] }): Command {
  const program = prepared(new Command('muster'), shape)
    .description('Edge fleet management from the command line.')
    .usage('[global options] <noun> <verb> [name...] [options]')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('after', '\nHelp on a topic: muster help exit-codes | output | contexts')
  for (const option of GLOBAL_OPTIONS) program.addOption(optionOf(option))
  for (const noun of grammar.nouns) addNoun(program, noun, shape)
  for (const verb of grammar.verbs) addVerb(program, verb, shape)
  return program
}

function addNoun(parent: Command, noun: Noun, shape: Shape & { readonly only: readonly string[] }): void {
  const command = prepared(parent.command(noun.name), shape)
    .description(noun.summary)
    .usage('<verb> [name...] [options]')
    .helpCommand(false)
    .enablePositionalOptions()
  for (const option of GLOBAL_OPTIONS) command.addOption(optionOf(option).hideHelp())
  if (!shape.only.includes(noun.name)) return
  for (const node of noun.verbs) {
    if (isNoun(node)) addNoun(command, node, shape)
    else addVerb(command, node, shape)
  }
}

function addVerb(parent: Command, verb: Verb, shape: Shape): void {
  const command = prepared(parent.command(verb.name, { hidden: verb.hidden === true }), shape)
    .summary(verb.summary)
    .description(verb.details === undefined ? verb.summary : `${verb.summary}.\n\n${verb.details}`)
  for (const argument of verb.arguments ?? []) command.argument(argument.spelled, argument.about)
  for (const option of verb.options ?? []) command.addOption(optionOf(option))
  for (const option of GLOBAL_OPTIONS) command.addOption(optionOf(option).hideHelp())
  command.addHelpText('after', exampleText(verb))
  command.action((...passed: unknown[]) => {
    const words = passed.slice(0, -2).flatMap(word => (word === undefined ? [] : word))
    shape.choose({ kind: 'verb', verb, words: words.map(String), given: gathered(command) })
  })
}

function prepared(command: Command, { columns, print }: Shape): Command {
  return command
    .exitOverride()
    .configureHelp({ helpWidth: columns, subcommandTerm: termOf })
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => {}, getOutHasColors: () => false })
    .helpOption('-h, --help', 'show this help')
}

/** Every verb has options: saying so in each line of a list tells nothing. */
function termOf(command: Command): string {
  const words = command.registeredArguments.map(each =>
    each.required ? `<${each.name()}${each.variadic ? '...' : ''}>` : `[${each.name()}${each.variadic ? '...' : ''}]`,
  )
  return [command.name(), ...words].join(' ')
}

function optionOf({ flags, about, repeat }: OptionSpec): Option {
  const option = new Option(flags, about)
  return repeat === true
    ? option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
    : option
}

/** Options count wherever they stand; the one nearest to the end wins. */
function gathered(command: Command): Given {
  const parents: Command[] = []
  for (let at: Command | null = command; at !== null; at = at.parent) parents.unshift(at)
  const given: Record<string, unknown> = {}
  for (const each of parents) {
    for (const [name, value] of Object.entries(each.opts())) {
      // `--no-color` makes commander invent a default, which must not hide what was typed earlier.
      if (each.getOptionValueSource(name) !== 'default') given[name] = value
    }
  }
  return given
}

function exampleText({ examples }: Verb): string {
  const lines = examples.map(({ line, says }) => `  # ${says}\n  ${line}`)
  const globals = 'Global options (-c, -p, -o, --timeout, --quiet, -v, ...): muster --help'
  return `\n${lines.length === 0 ? '' : `Examples:\n${lines.join('\n')}\n\n`}${globals}`
}
