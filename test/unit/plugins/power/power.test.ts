// SPDX-License-Identifier: Apache-2.0
/** The power plugin: how it takes a host down, what it says afterwards, and what never reaches a program. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Commands, findings } from '../../../../plugins/contract/index.ts'
import { PowerInput, power as section } from '../../../../plugins/power/contract.ts'
import { power } from '../../../../plugins/power/plugin.ts'
import { type Answer, fakeHost, type RunCall, realHost, type Tree } from '../host.ts'

const { signal } = new AbortController()
const BOOT: Tree = {
  '/proc/sys/kernel/random/boot_id': '5f07bee3-5248-4793-b189-da916edc2f70\n',
  '/proc/stat': 'cpu 1\nbtime 1795235481\n',
  '/run/systemd/system/x': '',
}

/** A `sleep` that lasts until the signal ends it, as it does on a host that is going down. */
const forever = ({ options }: RunCall): Promise<never> =>
  new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason)))

const started = (answers: Record<string, Answer>, tree: Tree = { ...BOOT }) => {
  const host = fakeHost(power.manifest.permissions, tree, call => answers[call.file]?.(call) ?? {})
  return { host, running: power.start(host) }
}
const argv = ({ file, args }: RunCall): string[] => [file, ...args]

describe('taking a host down', () => {
  it.each([
    ['reboot', ['systemctl', 'reboot', '--no-ask-password']],
    ['shutdown', ['systemctl', 'poweroff', '--no-ask-password']],
  ] as const)('%s does not succeed before the host came back', async (name, expected) => {
    const { host, running } = started({ systemctl: () => ({ code: 0 }), sleep: forever })
    const stopping = new AbortController()
    let ended = false
    const run = running.commands[name].run({}, { id: 'c', signal: stopping.signal }).finally(() => {
      ended = true
    })
    await expect.poll(() => host.runs.length).toBe(2)

    expect(host.runs.map(argv)).toEqual([expected, ['sleep', '300']])
    expect(ended).toBe(false)
    stopping.abort(new Error('the agent stops'))
    await expect(run).rejects.toThrow('the agent stops')
    expect(host.refused).toEqual([])
  })

  it('waits for its signal where there is nothing to wait with', async () => {
    const { host, running } = started({ systemctl: () => ({ code: 0 }) })
    const stopping = new AbortController()
    const run = running.commands.reboot.run({}, { id: 'c', signal: stopping.signal })
    await expect.poll(() => host.runs.length).toBe(2)

    stopping.abort(new Error('the agent stops'))
    await expect(run).rejects.toThrow('the agent stops')
  })

  it.each([
    ['reboot', ['shutdown', '-r', 'now'], 'reboot-not-happened'],
    ['shutdown', ['shutdown', '-h', 'now'], 'shutdown-not-happened'],
  ] as const)('%s falls back to `shutdown`, and fails when the host is still up', async (name, expected, code) => {
    const { host, running } = started({ shutdown: () => ({ code: 0 }), sleep: () => ({ code: 0 }) })

    await expect(running.commands[name].run({}, { id: 'c', signal })).rejects.toMatchObject({ code })
    expect(host.runs.map(argv)[1]).toEqual(expected)
  })

  it('waits first when a delay is asked for', async () => {
    const { host, running } = started({ systemctl: () => ({ code: 0 }), sleep: () => ({ code: 0 }) })
    await running.commands.reboot.run({ delaySeconds: 90 }, { id: 'c', signal }).catch(() => {})

    expect(host.runs.map(({ file }) => file)).toEqual(['sleep', 'systemctl', 'sleep'])
    expect(host.runs[0]).toMatchObject({ args: ['90'], options: { timeoutMs: 120_000 } })
  })

  it('does not take the host down when the delay is given up', async () => {
    const { host, running } = started({ systemctl: () => ({ code: 0 }), sleep: forever })
    const stopping = new AbortController()
    const run = running.commands.reboot.run({ delaySeconds: 90 }, { id: 'c', signal: stopping.signal })
    stopping.abort(new Error('cancelled'))

    await expect(run).rejects.toThrow('cancelled')
    expect(host.runs.map(({ file }) => file)).not.toContain('systemctl')
  })

  it('does not go down at once when it cannot wait', async () => {
    const { host, running } = started({ systemctl: () => ({ code: 0 }) })

    await expect(running.commands.reboot.run({ delaySeconds: 9 }, { id: 'c', signal })).rejects.toMatchObject({
      code: 'power-refused',
    })
    expect(host.runs.map(({ file }) => file)).toEqual(['sleep'])
  })

  it('says why it was refused, in at most 500 characters', async () => {
    const stderr = `Operation inhibited by "updater"\n${'x'.repeat(2_000)}`
    const { running } = started({ systemctl: () => ({ code: 1, stderr }) })
    const thrown = await running.commands.reboot.run({}, { id: 'c', signal }).catch((error: unknown) => error)

    expect(thrown).toMatchObject({ code: 'power-refused', fields: { code: 1 } })
    expect((thrown as { detail: string }).detail).toBe(stderr.slice(0, 500))
  })

  it('is refused where there is no program for it', async () => {
    const { running } = started({})

    await expect(running.commands.shutdown.run({}, { id: 'c', signal })).rejects.toMatchObject({
      code: 'power-refused',
    })
  })
})

describe('reading back after a restart of the agent', () => {
  const context = { id: 'c', signal, startedAt: 0 }

  it.each(['reboot', 'shutdown'] as const)('%s succeeded when the host is in another boot', async name => {
    const { running, host } = started({})
    const output = await running.commands[name].recover?.({}, { ...context, rebooted: true })

    expect(output).toEqual({ bootId: '5f07bee3-5248-4793-b189-da916edc2f70', bootedAt: '2026-11-21T04:31:21.000Z' })
    expect(findings(section.commands[name].output, output)).toEqual([])
    expect(host.runs).toEqual([])
  })

  it.each([
    ['reboot', 'reboot-not-happened'],
    ['shutdown', 'shutdown-not-happened'],
  ] as const)('%s failed when it is in the same one, and is not tried again', async (name, code) => {
    const { running, host } = started({})

    await expect(running.commands[name].recover?.({}, { ...context, rebooted: false })).rejects.toMatchObject({ code })
    expect(host.runs).toEqual([])
  })
})

describe('input', () => {
  const accepts = (input: unknown): boolean => findings(PowerInput, input).length === 0

  it.each([
    {},
    { delaySeconds: 0 },
    { delaySeconds: 3_600, message: 'Maintenance: back in 10 min (ticket #7), sorry!' },
    { message: 'Wartung läuft' },
    { message: '保守のため再起動します' },
    { message: 'été' },
  ])('may be %j', input => {
    expect(accepts(input)).toBe(true)
  })

  it.each([
    { message: '../../etc/shadow' },
    { message: '; rm -rf /' },
    { message: '$(id)' },
    { message: 'hello $(id)' },
    { message: 'hello `id`' },
    { message: 'a|b' },
    { message: '-oProxyCommand=x' },
    { message: '--force' },
    { message: 'two\nlines' },
    { message: 'bell\u0007' },
    { message: 'line\u2028separator' },
    { message: '' },
    { message: 'x'.repeat(201) },
    { delaySeconds: -1 },
    { delaySeconds: 3_601 },
    { delaySeconds: 1.5 },
    { delaySeconds: '5' },
    { force: true },
  ])('may not be %j', input => {
    expect(accepts(input)).toBe(false)
  })

  it('reaches a program only as one argument that is no option', async () => {
    const message = fc.string({ unit: 'binary', maxLength: 60 }).filter(text => accepts({ message: text }))
    await fc.assert(
      fc.asyncProperty(message, fc.boolean(), async (text, modern) => {
        const { host, running } = started(
          modern
            ? { systemctl: () => ({ code: 0 }), sleep: () => ({ code: 0 }) }
            : { shutdown: () => ({ code: 0 }), sleep: () => ({ code: 0 }) },
        )
        await running.commands.reboot.run({ message: text }, { id: 'c', signal }).catch(() => {})
        const [systemctl, next] = host.runs.map(({ args }) => args)
        expect(systemctl).toEqual(['reboot', '--no-ask-password', `--message=${text}`])
        if (!modern) expect(next).toEqual(['-r', 'now', '--', text])
      }),
    )
  })
})

describe('the section', () => {
  it('lets its commands run as long as the longest delay and the grace take', () => {
    const commands: Commands = section.commands
    for (const command of Object.values(commands)) {
      expect(command).toMatchObject({ class: 1, ttlMs: 120_000, impact: 'reboot' })
      expect(command.timeoutMs).toBeGreaterThan(3_600_000 + 300_000)
    }
  })

  it('reports the boot and whether there is a program to end it with', async () => {
    const { running, host } = started({})
    const observed = await running.observe(signal)

    expect(findings(section.observed, observed)).toEqual([])
    expect(observed).toEqual({
      bootId: '5f07bee3-5248-4793-b189-da916edc2f70',
      bootedAt: '2026-11-21T04:31:21.000Z',
      canReboot: true,
    })
    expect(await running.plan({}, observed)).toEqual([])
    expect(host.refused).toEqual([])
    expect(host.runs).toEqual([])
  })

  it('keeps to the boot time it has said', async () => {
    const { running, host } = started({})
    const first = await running.observe(signal)
    host.tree['/proc/stat'] = 'btime 1795235483\n'

    expect(await running.observe(signal)).toEqual(first)
  })

  it.each([
    [{ '/sbin/shutdown': '' }, true],
    [{}, false],
  ])('knows without systemd from %j whether it can reboot', async (tree, canReboot) => {
    expect(await started({}, tree).running.observe(signal)).toEqual({ canReboot })
  })

  it('is not supported where nothing could be read back', async () => {
    expect(await started({}, {}).running.probe?.(signal)).toMatchObject({ supported: false })
    expect(await started({}).running.probe?.(signal)).toEqual({ supported: true })
  })

  it.runIf(process.platform === 'linux')('reports this machine', async () => {
    const host = realHost(power.manifest)

    expect(findings(section.observed, await power.start(host).observe(signal))).toEqual([])
    expect(host.refused).toEqual([])
  })
})
