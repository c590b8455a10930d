// SPDX-License-Identifier: Apache-2.0
/** Hosting inline, under a clock that the test owns. */
import { describe, expect, it } from 'vitest'
import { type HostedPlugin, type HostOptions, hostPlugin } from '../../../../agent/hosting/hosted.ts'
import { nodeFlags } from '../../../../agent/hosting/launch.ts'
import { DEFAULT_LIMITS } from '../../../../agent/hosting/limits.ts'
import { type AnyRunning, MINUTE, type Problem, SECOND } from '../../../../plugins/contract/index.ts'
import { kettlePlugin } from './fixtures/kettle.ts'
import { keptLog } from './fixtures/quiet.ts'
import { smallSystem } from './fixtures/system.ts'

const signal = new AbortController().signal

function host(plugin: HostedPlugin, more: Partial<HostOptions> = {}) {
  const system = smallSystem()
  const { log, lines } = keptLog()
  const states: [string, string | undefined][] = []
  const hosted = hostPlugin(plugin, {
    system,
    log,
    onChanged: () => {},
    onSample: () => {},
    onState: (state, problem) => states.push([state, problem?.code]),
    ...more,
  })
  return { hosted, system, lines, states }
}

/** The kettle with parts of its running form replaced. */
function altered(parts: Partial<AnyRunning> | (() => AnyRunning)): HostedPlugin {
  const plugin = kettlePlugin()
  const start = (...given: Parameters<typeof plugin.start>): AnyRunning =>
    typeof parts === 'function' ? parts() : { ...plugin.start(...given), ...parts }
  return { ...plugin, start }
}

function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'fine',
    (thrown: Problem) => thrown.code,
  )
}

const hang = (): Promise<never> => new Promise(() => {})

describe('a call that does not end', () => {
  it.each([
    ['observe', MINUTE],
    ['apply', 30 * MINUTE],
  ] as const)('of %s is over a grace period after its limit', async (method, limit) => {
    const { hosted, system } = host(altered({ [method]: hang }))
    const step = { do: 'fill', impact: 'none', why: '' }
    const code = codeOf(method === 'apply' ? hosted.running.apply(step, signal) : hosted.running.observe(signal))
    let settled = false
    void code.then(() => {
      settled = true
    })

    await system.clock.advance(limit + DEFAULT_LIMITS.graceMs - 1)
    expect(settled).toBe(false)
    await system.clock.advance(1)

    expect(await code).toBe('plugin-timeout')
    expect(system.clock.pending).toBe(0)
  })

  it('is over a grace period after it was cancelled', async () => {
    const { hosted, system } = host(altered({ observe: hang }))
    const controller = new AbortController()
    const code = codeOf(hosted.running.observe(controller.signal))

    controller.abort()
    await system.clock.advance(DEFAULT_LIMITS.graceMs)

    expect(await code).toBe('cancelled')
  })

  it('is not even begun when it was cancelled before', async () => {
    let begun = 0
    const { hosted } = host(
      altered({
        observe: async () => {
          begun++
          return { level: 0, heard: [] }
        },
      }),
    )

    expect(await codeOf(hosted.running.observe(AbortSignal.abort()))).toBe('cancelled')
    expect(begun).toBe(0)
  })

  it('may still answer within the grace period', async () => {
    const { hosted, system } = host(
      altered({ observe: () => system.clock.sleep(MINUTE + SECOND, signal).then(() => ({ level: 1, heard: [] })) }),
    )
    const observed = hosted.running.observe(signal)

    await system.clock.advance(2 * MINUTE)

    expect(await codeOf(observed)).toBe('fine')
  })
})

describe('what a plugin answers', () => {
  it.each<[string, Partial<AnyRunning>, (running: AnyRunning) => unknown]>([
    ['observed of another shape', { observe: async () => ({ level: 'high' }) }, running => running.observe(signal)],
    ['a plan that is no list', { plan: () => 'fill' as never }, running => running.plan({ level: 1 }, full)],
    ['a step without impact', { plan: () => [{ do: 'fill' }] }, running => running.plan({ level: 1 }, full)],
    [
      'support of another shape',
      { probe: async () => ({ supported: 'yes' }) as never },
      running => running.probe?.(signal),
    ],
    [
      'unsupported without a reason',
      { probe: async () => ({ supported: false }) as never },
      running => running.probe?.(signal),
    ],
  ])('is refused when it is %s', async (_, parts, act) => {
    const { hosted } = host(altered(parts))

    expect(await codeOf(Promise.resolve(act(hosted.running)))).toBe('plugin-output')
  })

  const full = { level: 0, heard: [] }
})

describe('a plugin that cannot be started', () => {
  const plugin = kettlePlugin()

  it.each<[string, HostedPlugin, RegExp]>([
    [
      'throws',
      altered(() => {
        throw new Error('no water')
      }),
      /no water/,
    ],
    [
      'throws what is no error',
      altered(() => {
        throw 'no water'
      }),
      /not an error/,
    ],
    ['returns nothing', altered(() => undefined as never), /lacks observe/],
    ['is asynchronous', altered(() => Promise.resolve({}) as never), /lacks observe/],
    ['lacks a handler', altered({ commands: {} }), /lacks commands.boil/],
    ['is of another contract', { ...plugin, manifest: { ...plugin.manifest, contract: 2 as 1 } }, /contract 2/],
    ['has a bad name', { ...plugin, manifest: { ...plugin.manifest, name: '../kettle' } }, /its name/],
    ['has a bad section', { ...plugin, section: { ...plugin.section, name: 'a/b' } }, /its section/],
    ['asks for a bad path', { ...plugin, manifest: { ...plugin.manifest, permissions: { read: ['etc'] } } }, /etc/],
    ['has no code here', { manifest: plugin.manifest, section: plugin.section }, /not part of this program/],
  ])('because it %s is refused and not tried again', async (_, faulty, detail) => {
    const { hosted, system, states } = host(faulty)

    await system.clock.advance(60 * MINUTE)

    expect(states).toEqual([['quarantined', 'plugin-refused']])
    expect(hosted.problem?.detail).toMatch(detail)
    expect(system.clock.pending).toBe(0)
  })

  it('runs after a retry when the reason is gone', async () => {
    let broken = true
    const good = kettlePlugin()
    const { hosted, system, states } = host({
      ...good,
      start: given => {
        if (broken) throw new Error('not yet')
        return good.start(given)
      },
    })
    await system.clock.advance(0)

    broken = false
    hosted.retry()
    await system.clock.advance(0)

    expect(states.map(([state]) => state)).toEqual(['quarantined', 'running'])
    expect(await hosted.running.observe(signal)).toEqual({ level: 0, heard: [] })
  })
})

describe('stopping', () => {
  it('takes no longer than its time, even when the plugin hangs', async () => {
    const { hosted, system } = host(altered({ stop: hang }))
    const stopped = hosted.stop()

    await system.clock.advance(DEFAULT_LIMITS.stopMs)

    await stopped
    expect(system.clock.pending).toBe(0)
  })

  it('does not mind a plugin that fails at it', async () => {
    const { hosted, lines } = host(altered({ stop: () => Promise.reject(new Error('stuck')) }))

    await hosted.stop()

    expect(lines.map(line => line.message)).toEqual(['the plugin did not stop cleanly'])
  })
})

describe('isolation', () => {
  const native = { ...kettlePlugin(), manifest: { ...kettlePlugin().manifest, permissions: { native: true } } }

  it('has no process on a simulated host, where a native plugin is refused', () => {
    const system = { ...smallSystem(), simulated: true }

    expect(host(kettlePlugin(), { system, isolation: 'process' }).hosted.running.probe).toBeUndefined()
    expect(host(native, { system }).hosted.problem?.code).toBe('plugin-refused')
  })

  it('adds the permission model, except for addons, which it would refuse', () => {
    const entry = { file: import.meta.filename, args: [] }
    const permissions = { read: ['/etc/os-release'], write: ['/var/lib/kettle'], run: ['rpc'] }
    const manifest = { ...kettlePlugin().manifest, permissions }

    const flags = nodeFlags(manifest, entry, DEFAULT_LIMITS)

    expect(flags).toContain('--max-old-space-size=192')
    expect(flags).toContain('--permission')
    expect(flags).toContain('--allow-fs-read=/etc/os-release')
    expect(flags).toContain('--allow-fs-write=/var/lib/kettle/*')
    expect(flags).toContain('--allow-child-process')
    expect(nodeFlags(kettlePlugin().manifest, entry, DEFAULT_LIMITS)).not.toContain('--allow-child-process')
    expect(nodeFlags(native.manifest, entry, DEFAULT_LIMITS)).toEqual(['--max-old-space-size=192'])
  })
})
