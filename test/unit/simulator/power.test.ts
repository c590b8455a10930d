// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../plugins/contract/index.ts'
import { never, newHost, runOptions } from './support.ts'

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

describe('the power of a simulated host', () => {
  it('is on from the start', async () => {
    const { host } = newHost()

    expect(host.power).toMatchObject({ on: true, bootCount: 1 })
    expect(await host.system.bootId()).toBe(host.power.bootId)
    expect(await host.system.machineId()).toBe(host.facts.machineId)
  })

  it('ends everything under way when the plug is pulled', async () => {
    const { host, clock } = newHost()
    const { system } = host
    let woken = false
    system.clock.after(10, () => {
      woken = true
    })
    const program = system.processes.run('sleep', ['60'], runOptions)
    const sleep = system.clock.sleep(60_000, never).catch(cause => cause.code)

    host.faults.powerCut()
    await clock.advance(SECOND)

    expect(await program).toMatchObject({ code: -1 })
    expect(await sleep).toBe('simulated-power-off')
    expect(woken).toBe(false)
    await expect(system.files.text('/etc/hostname')).rejects.toMatchObject({ code: 'simulated-power-off' })
    await expect(system.files.replace('/etc/hostname', 'late')).rejects.toMatchObject({ code: 'simulated-power-off' })
    expect(await system.processes.run('uname', [], runOptions)).toMatchObject({ code: -1 })
    await expect(system.network.connect({ host: '127.0.0.1', port: 9 }, never)).rejects.toMatchObject({
      code: 'simulated-power-off',
    })
  })

  it('comes back with another boot, the same machine and the same disk', async () => {
    const { host, clock } = newHost()
    const before = { bootId: host.power.bootId, system: host.system }
    await host.system.files.replace('/var/lib/muster-agent/a', 'kept')
    await host.system.files.replace('/run/muster/b', 'not kept')

    host.faults.powerCut(5 * SECOND)
    await clock.advance(5 * SECOND)

    expect(host.power).toMatchObject({ on: true, bootCount: 2 })
    expect(host.power.bootId).not.toBe(before.bootId)
    expect(await host.system.files.text(BOOT_ID)).toBe(`${host.power.bootId}\n`)
    expect(await host.system.machineId()).toBe(host.facts.machineId)
    expect(await host.system.files.text('/var/lib/muster-agent/a')).toBe('kept')
    expect(await host.system.files.text('/run/muster/b')).toBeUndefined()
    expect(await host.system.files.text('/proc/uptime')).toMatch(/^0\.00 /)
    expect(host.system.clock.monotonic()).toBe(0)
    await expect(before.system.files.text(BOOT_ID)).rejects.toMatchObject({ code: 'simulated-power-off' })
    await expect(before.system.network.connect({ host: '127.0.0.1', port: 9 }, never)).rejects.toMatchObject({
      code: 'simulated-power-off',
    })
  })

  it('stays off when nobody switches it on', async () => {
    const { host, clock } = newHost()

    host.faults.powerCut()
    await clock.advance(3_600 * SECOND)

    expect(host.power.on).toBe(false)
    host.power.press()
    expect(host.power).toMatchObject({ on: true, bootCount: 2 })
  })

  it.each([
    ['systemctl', ['reboot', '--no-ask-password', '--message=an update'], true],
    ['shutdown', ['-r', 'now'], true],
    ['reboot', [], true],
    ['systemctl', ['poweroff', '--no-ask-password'], false],
    ['shutdown', ['-h', 'now', '--', 'good night'], false],
  ])('obeys %s %j', async (file, args, comesBack) => {
    const { host, clock } = newHost({ goingDownMs: SECOND, bootMs: 8 * SECOND })
    const events: string[] = []
    host.power.watch(event => events.push(event.kind === 'off' ? `off: ${event.why}` : 'on'))

    expect(await host.system.processes.run(file, args, runOptions)).toMatchObject({ code: 0 })

    expect(host.power.on).toBe(true)
    await clock.advance(SECOND)
    expect(host.power.on).toBe(false)
    await clock.advance(8 * SECOND)
    expect(host.power.on).toBe(comesBack)
    expect(events).toEqual(comesBack ? ['off: reboot', 'on'] : ['off: shutdown'])
  })

  it('can take back a shutdown that was announced', async () => {
    const { host, clock } = newHost()
    await host.system.processes.run('shutdown', ['-h', '+5'], runOptions)

    await host.system.processes.run('shutdown', ['-c'], runOptions)
    await clock.advance(600 * SECOND)

    expect(host.power.on).toBe(true)
  })

  it('forgets a shutdown that was announced when the plug is pulled first', async () => {
    const { host, clock } = newHost()
    await host.system.processes.run('shutdown', ['-h', '+5'], runOptions)

    host.faults.powerCut(SECOND)
    await clock.advance(600 * SECOND)

    expect(host.power).toMatchObject({ on: true, bootCount: 2 })
  })

  it('never comes back once the simulation has ended', async () => {
    const { host, clock } = newHost()
    host.faults.powerCut(SECOND)

    host.close()
    await clock.advance(60 * SECOND)

    expect(host.power.on).toBe(false)
    expect(clock.pending).toBe(0)
  })
})

describe('the name of a simulated host', () => {
  it('lasts when hostnamectl gave it, until the next boot when hostname did', async () => {
    const { host, clock } = newHost()
    const { processes, files } = host.system

    await processes.run('hostnamectl', ['--no-ask-password', 'set-hostname', 'press-7'], runOptions)
    await processes.run('hostname', ['press-8'], runOptions)

    expect(await files.text('/etc/hostname')).toBe('press-7\n')
    expect(await files.text('/proc/sys/kernel/hostname')).toBe('press-8\n')
    expect((await processes.run('uname', ['-n'], runOptions)).stdout).toBe('press-8\n')
    host.faults.powerCut(SECOND)
    await clock.advance(SECOND)
    expect(host.hostname()).toBe('press-7')
  })
})
