// SPDX-License-Identifier: Apache-2.0
/** The host a plugin is given. */
import { describe, expect, it } from 'vitest'
import { createPluginHost } from '../../../../agent/hosting/plugin-host.ts'
import type { Permissions } from '../../../../plugins/contract/index.ts'
import { keptLog } from './fixtures/quiet.ts'
import { smallSystem } from './fixtures/system.ts'

function hostWith(permissions: Permissions = {}) {
  const system = smallSystem()
  const { log, lines } = keptLog()
  const samples: unknown[] = []
  const counts = { changed: 0 }
  const owned = createPluginHost({
    manifest: { name: 'kettle', version: '1.0.0', contract: 1, isolation: 'inline', permissions },
    system,
    log,
    timers: 2,
    onChanged: () => counts.changed++,
    onSample: (...sample) => samples.push(sample),
  })
  return { system, lines, samples, counts, owned, host: owned.host }
}

const signal = new AbortController().signal

describe('programs', () => {
  it('run with a fixed path, nothing inherited, and bounded time and output', async () => {
    const { host, system } = hostWith({ run: ['rpc'] })

    await host.run('rpc', ['-json'], { signal, env: { HOME: '/' } })

    const [{ options } = { options: undefined }] = system.ran
    expect(options?.env).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      HOME: '/',
    })
    expect(options?.timeoutMs).toBe(30_000)
    expect(options?.maxBytes).toBe(1_048_576)
  })

  it.each(['PATH', 'LANG', 'LD_PRELOAD', 'A=B', ''])('may not be given the variable %j', async name => {
    const { host, system } = hostWith({ run: ['rpc'] })

    await expect(host.run('rpc', [], { signal, env: { [name]: 'x' } })).rejects.toMatchObject({ code: 'not-permitted' })

    expect(system.ran).toEqual([])
  })

  it('are cancelled by the plugin and by the end of its host', async () => {
    const { host, system, owned } = hostWith({ run: ['rpc'] })
    let given: AbortSignal | undefined
    system.processes.run = async (_, __, options) => {
      given = options.signal
      return new Promise(() => {})
    }
    void host.run('rpc', [], { signal })

    await Promise.resolve()
    owned.close()

    expect(given?.aborted).toBe(true)
  })

  it('refuse once the host is closed', async () => {
    const { host, owned } = hostWith({ run: ['rpc'], read: ['/a'] })

    owned.close()

    await expect(host.run('rpc', [], { signal })).rejects.toMatchObject({ code: 'unavailable' })
    await expect(host.files.text('/a')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('wake', () => {
  it('asks for a look once after the wait', async () => {
    const { host, system, counts } = hostWith()

    host.wake(1_000)
    await system.clock.advance(999)
    expect(counts.changed).toBe(0)
    await system.clock.advance(5_000)

    expect(counts.changed).toBe(1)
  })

  it('is forgotten when the plugin says so, and when it stops', async () => {
    const { host, system, counts, owned } = hostWith()
    const forget = host.wake(1_000)
    host.wake(2_000)

    forget()
    owned.quiet()
    await system.clock.advance(5_000)

    expect(counts.changed).toBe(0)
    expect(system.clock.pending).toBe(0)
  })

  it('has a limited number of timers, of which a past or forgotten one is free again', async () => {
    const { host, system } = hostWith()
    host.wake(1_000)
    const forget = host.wake(2_000)

    expect(() => host.wake(1)).toThrow(expect.objectContaining({ code: 'unavailable' }))
    forget()
    forget()
    host.wake(3_000)
    expect(() => host.wake(1)).toThrow(expect.objectContaining({ code: 'unavailable' }))
    await system.clock.advance(1_000)
    host.wake(1)
  })

  it('does nothing after the plugin was stopped', async () => {
    const { host, system, owned, counts } = hostWith()
    owned.quiet()

    host.wake(1)
    host.changed()
    await system.clock.advance(10)

    expect(counts.changed).toBe(0)
  })
})

describe('readings', () => {
  it('are passed on with their labels', () => {
    const { host, samples } = hostWith()

    host.sample('cpu-load', 0.5, { core: '0' })
    host.sample('uptime', 1)

    expect(samples).toEqual([
      ['cpu-load', 0.5, { core: '0' }],
      ['uptime', 1, {}],
    ])
  })

  it.each<[unknown, unknown, Record<string, unknown>]>([
    ['CPU', 1, {}],
    ['../x', 1, {}],
    ['cpu', Number.NaN, {}],
    ['cpu', Number.POSITIVE_INFINITY, {}],
    ['cpu', '1', {}],
    ['cpu', 1, { core: 'x'.repeat(129) }],
    ['cpu', 1, { core: 7 }],
    ['cpu', 1, Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`l${index}`, '']))],
  ])('that cannot be kept are dropped with a word in the log: %j %j', (stream, value, labels) => {
    const { host, samples, lines } = hostWith()

    host.sample(stream as string, value as number, labels as Record<string, string>)

    expect(samples).toEqual([])
    expect(lines.map(line => line.level)).toEqual(['warn'])
  })
})
