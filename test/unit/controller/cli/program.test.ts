// SPDX-License-Identifier: Apache-2.0
/** The grammar: what is understood, what is not, and that every verb is complete. */
import { describe, expect, it } from 'vitest'
import { type Grammar, isNoun, type Noun, type Verb } from '../../../../controller/cli/grammar.ts'
import { grammar } from '../../../../controller/cli/nouns/grammar.ts'
import { helpOf, type Reading, read } from '../../../../controller/cli/program.ts'
import { words } from '../../../support/muster.ts'

const typed = (line: string): Reading => read(grammar, words(line), { version: '9.9.9', columns: 80 })

type Placed = { readonly path: string; readonly verb: Verb }
function verbsOf(nodes: readonly (Verb | Noun)[], path = 'muster'): readonly Placed[] {
  return nodes.flatMap(node => {
    const here = `${path} ${node.name}`
    return isNoun(node) ? verbsOf(node.verbs, here) : [{ path: here, verb: node }]
  })
}
const all = verbsOf([...grammar.nouns, ...grammar.verbs])

describe('a line', () => {
  it('is a verb, its words and its options', () => {
    const reading = typed('host label press-04 line=4 lab- --dry-run')

    expect(reading).toMatchObject({ kind: 'verb', words: ['press-04', 'line=4', 'lab-'], given: { dryRun: true } })
  })

  it.each(['-c plant -o json host ls --quiet', 'host -c plant -o json ls --quiet', 'host ls --quiet -o json -c plant'])(
    'takes global options anywhere: %s',
    line => {
      expect(typed(line)).toMatchObject({ kind: 'verb', given: { context: 'plant', output: 'json', quiet: true } })
    },
  )

  it('lets the option nearest to the end win', () => {
    expect(typed('-o json host ls -o yaml')).toMatchObject({ given: { output: 'yaml' } })
    expect(typed('--no-color host ls')).toMatchObject({ given: { color: false } })
    expect(typed('host ls')).toMatchObject({ given: {} })
  })

  it('gathers options that may be repeated', () => {
    expect(typed('host reboot -l a=1 -l b=2')).toMatchObject({ words: [], given: { selector: ['a=1', 'b=2'] } })
  })

  it('takes a dash as a word and as a value', () => {
    expect(typed('audit verify - --key k')).toMatchObject({ words: ['-'] })
    expect(typed('login https://a --token -')).toMatchObject({ given: { token: '-' } })
  })

  it('takes ids that start with a dash behind two dashes', () => {
    expect(typed('token revoke -y -- -abcdefghijklmnopqrstu')).toMatchObject({ words: ['-abcdefghijklmnopqrstu'] })
  })
})

describe('what is not understood', () => {
  it.each([
    ['host lst', 'Did you mean ls?', 'muster host --help'],
    ['hots ls', 'Did you mean host?', 'muster --help'],
    ['host ls --onlin', 'Did you mean --online?', 'muster host ls --help'],
    ['host get', "missing required argument 'host'", 'muster host get --help'],
    ['host get a b', 'too many arguments', 'muster host get --help'],
    ['access token creat', 'Did you mean create?', 'muster access token --help'],
    ['host ls -o', 'argument missing', 'muster host ls --help'],
    ['host ls --dry-run', 'unknown option', 'muster host ls --help'],
  ])('says what and where to look: %s', (line, message, next) => {
    expect(typed(line)).toMatchObject({ kind: 'usage', message: expect.stringContaining(message), next })
  })

  it('shows the help of a noun without a verb', () => {
    expect(typed('host')).toMatchObject({ kind: 'unfinished', help: expect.stringContaining('ls') })
  })
})

describe('help', () => {
  it('is what the program says alone and with --help', () => {
    expect(typed('')).toMatchObject({ kind: 'text', text: expect.stringContaining('Usage: muster') })
    expect(typed('--help')).toEqual(typed(''))
    expect(typed('--version')).toEqual({ kind: 'text', text: '9.9.9\n' })
  })

  it('is the same through help and through --help', () => {
    expect(typed('host reboot --help')).toEqual({ kind: 'text', text: helpOf(grammar, ['host', 'reboot'], 80) })
    expect(helpOf(grammar, ['host', 'nonsense'], 80)).toBeUndefined()
  })

  it('fits 80 columns but for examples', () => {
    for (const { path } of all) {
      const text = helpOf(grammar, path.split(' ').slice(1), 80) ?? ''
      const prose = text.split('\n').filter(line => !line.startsWith('  muster'))
      expect(
        prose.filter(line => line.length > 80),
        path,
      ).toEqual([])
    }
  })
})

describe.each(all)('$path', ({ path, verb }) => {
  it('has an example, and each example is a line of this verb', () => {
    expect(verb.examples.length).toBeGreaterThan(0)
    for (const { line } of verb.examples) {
      expect(line.startsWith(path), line).toBe(true)
      expect(typed(line.replace(/^muster /, '')), line).toMatchObject({ kind: 'verb', verb })
    }
  })

  it('has --dry-run exactly if it writes', () => {
    const flags = (verb.options ?? []).map(option => option.flags)

    expect(flags.includes('--dry-run')).toBe(verb.writes === true)
  })

  it('loads its implementation', async () => {
    expect(typeof (await verb.load())).toBe('function')
  })
})

describe('the grammar', () => {
  it('can be read twice in one process without one reading touching the other', () => {
    const small: Grammar = {
      nouns: [],
      verbs: [{ name: 'x', summary: 'X', examples: [], load: async () => async () => undefined }],
    }

    expect(read(small, ['x'], { version: '1', columns: 80 }).kind).toBe('verb')
    expect(typed('x').kind).toBe('usage')
  })
})
