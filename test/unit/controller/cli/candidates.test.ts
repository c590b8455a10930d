// SPDX-License-Identifier: Apache-2.0
/** Completion: what may stand at the end of a line. */
import { describe, expect, it } from 'vitest'
import { candidatesFor } from '../../../../controller/cli/completion/candidates.ts'
import { grammar } from '../../../../controller/cli/nouns/grammar.ts'

/** Completes the last word of a line; a line that ends in a space has an empty one. */
function complete(line: string) {
  const words = line.split(' ')
  const { fixed, names, files } = candidatesFor(grammar, words.slice(0, -1), words.at(-1) ?? '')
  return { words: fixed.map(each => each.word), names, files }
}

describe('completion', () => {
  it('offers nouns and verbs that start so', () => {
    expect(complete('c').words).toEqual(['custom-config', 'command', 'context', 'completion'])
    expect(complete('host re').words).toEqual(['rename', 'register', 'reboot', 'revoke', 'release'])
    expect(complete('access token ').words).toEqual(['ls', 'create', 'revoke'])
  })

  it('offers live names where a host stands, also after the first', () => {
    expect(complete('host get ').names).toBe('host')
    expect(complete('host reboot a b ').names).toBe('host')
    expect(complete('host get a ').names).toBeUndefined()
    expect(complete('events --host ').names).toBe('host')
    expect(complete('-c ').names).toBe('context')
  })

  it('offers the options of the verb, and the global ones', () => {
    expect(complete('host reboot a --').words).toEqual(expect.arrayContaining(['--wait', '--reason', '--context']))
    expect(complete('host --con').words).toEqual(['--context'])
    expect(complete('host ls --w').words).toEqual([])
  })

  it('knows which options take a value', () => {
    expect(complete('-c plant host ls -o j').words).toEqual(['json'])
    expect(complete('host reboot --wait ').names).toBe('host')
    expect(complete('host reboot --reason ').names).toBeUndefined()
    expect(complete('command ls --state s').words).toEqual(['sent', 'succeeded'])
  })

  it('offers files where a path stands', () => {
    expect(complete('section set a maintenance -f ').files).toBe(true)
    expect(complete('audit verify ').files).toBe(true)
    expect(complete('host get ').files).toBe(false)
  })

  it('offers nothing behind what it does not know', () => {
    expect(complete('nonsense ')).toEqual({ words: [], names: undefined, files: false })
    expect(complete('host nonsense --')).toEqual({ words: [], names: undefined, files: false })
  })

  it('offers help topics', () => {
    expect(complete('help ex').words).toEqual(['exit-codes'])
  })
})
