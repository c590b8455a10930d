// SPDX-License-Identifier: Apache-2.0
/** Where the settings of the agent come from, and what is refused. */
import { describe, expect, it } from 'vitest'
import { DEFAULTS, type Environment, loadConfig, parseYaml, printableConfig } from '../../../agent/config.ts'
import type { Files } from '../../../plugins/contract/index.ts'

const PATH = '/etc/muster-agent/config.yaml'

function load(text: string | undefined, env: Environment = {}) {
  const files = { text: async (path: string) => (path === PATH ? text : undefined) } as unknown as Files
  return loadConfig(files, PATH, env)
}

describe('the settings', () => {
  it('are the defaults when there is no file', async () => {
    expect(await load(undefined)).toEqual(DEFAULTS)
    expect(await load('# nothing set\n')).toEqual(DEFAULTS)
  })

  it('come from the file, and above it from the environment', async () => {
    const config = await load('logLevel: warn\nstartJitterMs: 5\nplugins: [power, os]\n', {
      MUSTER_AGENT_LOG_LEVEL: 'debug',
      MUSTER_AGENT_STATE_DIR: '/srv/muster',
      OTHER: 'ignored',
    })

    expect(config).toMatchObject({
      logLevel: 'debug',
      startJitterMs: 5,
      plugins: ['power', 'os'],
      stateDir: '/srv/muster',
    })
  })

  it('read numbers, lists and records from the environment', async () => {
    const config = await load(undefined, {
      MUSTER_AGENT_START_JITTER_MS: '250',
      MUSTER_AGENT_PLUGINS: 'power, os',
      MUSTER_AGENT_ISOLATION: '{"power":"process"}',
    })

    expect(config).toMatchObject({ startJitterMs: 250, plugins: ['power', 'os'], isolation: { power: 'process' } })
  })

  it('do not take the variable that names the file for a setting', async () => {
    expect(await load(undefined, { MUSTER_AGENT_CONFIG: PATH })).toEqual(DEFAULTS)
  })
})

describe('a setting', () => {
  it.each([
    ['an unknown one', 'startJiterMs: 5\n', {}, 'startJiterMs'],
    ['an unknown variable', '', { MUSTER_AGENT_NONSENSE: '1' }, 'nonsense'],
    ['a number that is none', '', { MUSTER_AGENT_START_JITTER_MS: 'soon' }, '/startJitterMs'],
    ['a relative path', 'stateDir: state\n', {}, '/stateDir'],
    ['isolation that would be lowered', 'isolation: { power: inline }\n', {}, '/isolation/power'],
    ['a record that is not JSON', '', { MUSTER_AGENT_ISOLATION: '{' }, '/isolation'],
  ])('that is %s is refused by name', async (_, text, env, place) => {
    const refused = load(text, env)

    await expect(refused).rejects.toMatchObject({ code: 'agent-config' })
    const { fields, detail } = await refused.catch(thrown => thrown)
    expect(JSON.stringify([fields, detail])).toContain(place)
  })

  it('with a password in it is printed without', async () => {
    const config = await load('proxy: http://anna:hunter2@proxy:3128\n')

    expect(printableConfig(config)).toContain('proxy:3128')
    expect(printableConfig(config)).not.toContain('hunter2')
  })
})

describe('hostile YAML', () => {
  const laughs = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
  ]

  it.each([
    ['a billion laughs', [...laughs, 'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]'].join('\n')],
    ['a code tag', 'a: !!js/function "function () {}"'],
    ['duplicate keys', 'a: 1\na: 2'],
    ['tabs for indentation', 'a:\n\tb: 1'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['a file beyond the limit', `a: "${'x'.repeat(70_000)}"`],
  ])('with %s is refused', async (_, text) => {
    await expect(parseYaml(text, PATH)).rejects.toMatchObject({ code: 'agent-config' })
  })

  it('that is a list or a word is no set of settings', async () => {
    await expect(load('- a\n')).rejects.toMatchObject({ code: 'agent-config' })
    await expect(load('word')).rejects.toMatchObject({ code: 'agent-config' })
  })

  it('cannot reach a prototype', async () => {
    await expect(load('__proto__: { polluted: true }\n')).rejects.toMatchObject({ code: 'agent-config' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
