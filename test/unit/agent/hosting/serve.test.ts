// SPDX-License-Identifier: Apache-2.0
/** The plugin's end of the channel, with the test as the agent. */
import { duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { servePlugin } from '../../../../agent/hosting/serve.ts'
import type { AnyPlugin, AnyRunning, PluginHost } from '../../../../plugins/contract/index.ts'
import { kettlePlugin } from './fixtures/kettle.ts'
import { smallSystem } from './fixtures/system.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

function serve(parts: Partial<AnyRunning> = {}, more: Partial<AnyPlugin> = {}) {
  const [channel, agent] = duplexPair()
  const system = smallSystem()
  const plugin = kettlePlugin()
  const heard: Record<string, unknown>[] = []
  const left: number[] = []
  let host: PluginHost | undefined
  let text = ''
  agent.on('data', chunk => {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) heard.push(JSON.parse(line))
  })
  const start = (given: PluginHost): AnyRunning => {
    host = given
    return { ...plugin.start(given), ...parts }
  }
  servePlugin({ ...plugin, start, ...more }, { channel, system, leave: code => left.push(code) })
  const say = async (...messages: unknown[]): Promise<void> => {
    for (const message of messages) agent.write(`${JSON.stringify(message)}\n`)
    for (let count = 0; count < 5; count++) await turn()
  }
  return { agent, channel, system, heard, left, say, host: () => host! }
}

const observe = { type: 'call', id: 1, call: { method: 'observe' } }

describe("the plugin's end", () => {
  it('says who it is and what it can', async () => {
    const { heard, say } = serve()

    await say()

    expect(heard).toEqual([
      {
        type: 'ready',
        name: 'kettle',
        version: '1.2.3',
        abilities: { probe: false, revert: false, recover: ['boil'] },
      },
    ])
  })

  it('answers calls and pings', async () => {
    const { heard, say } = serve()

    await say(observe, { type: 'ping', id: 7 })

    expect(heard.slice(1)).toEqual([
      { type: 'pong', id: 7 },
      { type: 'answer', id: 1, result: { level: 0, heard: [] } },
    ])
  })

  it.each<[string, unknown, string]>([
    ['an input that does not fit', { method: 'run', command: 'boil', id: 'x', input: { cups: -1 } }, 'invalid'],
    ['an unknown command', { method: 'run', command: 'constructor', id: 'x', input: {} }, 'invalid'],
    ['a step that is none', { method: 'apply', step: 'fill' }, 'invalid'],
    ['a desired that does not fit', { method: 'plan', desired: {}, observed: { level: 0, heard: [] } }, 'invalid'],
    ['a way back that there is not', { method: 'revert', step: { do: 'x', impact: 'none', why: '' } }, 'invalid'],
    [
      'a recovery that there is not',
      { method: 'recover', command: 'emit', id: 'x', input: {}, startedAt: 0, rebooted: false },
      'interrupted',
    ],
  ])('refuses %s', async (_, call, code) => {
    const { heard, say } = serve()

    await say({ type: 'call', id: 1, call })

    expect(heard[1]).toMatchObject({ type: 'failure', id: 1, problem: { code } })
  })

  it('asks what it has, and passes what it is given', async () => {
    const given: unknown[] = []
    const { heard, say } = serve({
      probe: async () => ({ supported: false, why: 'no water' }),
      revert: async (step: unknown) => {
        given.push(step)
      },
    })
    const step = { do: 'fill', impact: 'none', why: 'thirst' }

    await say(
      { type: 'call', id: 1, call: { method: 'probe' } },
      { type: 'call', id: 2, call: { method: 'revert', step } },
      { type: 'call', id: 3, call: { method: 'plan', desired: { level: 1 }, observed: { level: 0, heard: [] } } },
    )

    expect(heard.slice(1)).toEqual([
      { type: 'answer', id: 1, result: { supported: false, why: 'no water' } },
      { type: 'answer', id: 2 },
      { type: 'answer', id: 3, result: [{ do: 'fill', impact: 'none', why: 'level is 0' }] },
    ])
    expect(given).toEqual([step])
  })

  it.each<[string, unknown]>([
    ['too large', { level: 0, heard: ['x'.repeat(2_000_000)] }],
    ['beyond JSON', { level: 0, heard: [], more: 1n }],
    ['of another shape', { level: 'high' }],
  ])('refuses a result that is %s', async (_, observed) => {
    const { heard, say } = serve({ observe: async () => observed })

    await say(observe)

    expect(heard[1]).toMatchObject({ type: 'failure', id: 1, problem: { code: 'plugin-output' } })
  })

  it('cancels a call, and minds no other of that number', async () => {
    const { heard, say } = serve()
    await say({ type: 'call', id: 4, call: { method: 'run', command: 'misbehave', id: 'x', input: { how: 'heed' } } })
    expect(heard.length).toBe(1)

    await say({ type: 'cancel', id: 3 }, { type: 'cancel', id: 4 }, { type: 'cancel', id: 4 })

    expect(heard.slice(1)).toMatchObject([{ type: 'failure', id: 4, problem: { code: 'cancelled' } }])
  })

  it('passes on events, readings and log lines', async () => {
    const { heard, say, host, system } = serve()
    const circle: Record<string, unknown> = {}
    circle.self = circle

    host().wake(1_000)
    await system.clock.advance(1_000)
    host().sample('heat', 1, { unit: 'c' })
    host().log.info('x'.repeat(600), { err: new Error('burnt'), at: 1 })
    host().log.warn('long', { text: 'x'.repeat(5_000) })
    host().log.debug('circle', circle)
    host().log.error('bare')
    await say()

    expect(heard.slice(1, 3)).toEqual([
      { type: 'changed' },
      { type: 'sample', stream: 'heat', value: 1, labels: { unit: 'c' } },
    ])
    expect(heard[3]).toMatchObject({ level: 'info', message: 'x'.repeat(500), fields: { at: 1 } })
    expect(JSON.stringify(heard[3])).toContain('Error: burnt')
    expect(heard.slice(4)).toEqual([
      { type: 'log', level: 'warn', message: 'long' },
      { type: 'log', level: 'debug', message: 'circle' },
      { type: 'log', level: 'error', message: 'bare' },
    ])
  })

  it('stops when it is told to, after what is under way was cancelled', async () => {
    let stopped = 0
    const signals: boolean[] = []
    const { say, left, agent } = serve({
      observe: signal =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            signals.push(signal.aborted)
            reject(signal.reason)
          })
        }),
      stop: async () => {
        stopped++
      },
    })
    await say(observe)

    await say({ type: 'stop' })
    agent.end()
    await turn()

    expect(signals).toEqual([true])
    expect(stopped).toBe(1)
    expect(left[0]).toBe(0)
  })

  it.each<[string, Partial<AnyPlugin>, RegExp]>([
    ['of another contract', { manifest: { ...kettlePlugin().manifest, contract: 2 as 1 } }, /contract 2/],
    [
      'that cannot start',
      {
        start: () => {
          throw new Error('no water')
        },
      },
      /no water/,
    ],
  ])('refuses a plugin %s', async (_, more, detail) => {
    const { heard, say, left } = serve({}, more)

    await say()

    expect(heard).toEqual([{ type: 'refused', detail: expect.stringMatching(detail) }])
    expect(left[0]).toBe(0)
  })

  it.each(['nonsense\n', '{"type":"ready"}\n', 'x'.repeat(1_100_000)])(
    'leaves when the agent makes no sense: %#',
    async text => {
      const { agent, left, say } = serve()

      agent.write(text)
      await say()

      expect(left[0]).toBe(1)
    },
  )

  it('leaves when the agent is gone', async () => {
    const { channel, left } = serve()

    channel.destroy()
    await turn()

    expect(left).toEqual([0])
  })
})
