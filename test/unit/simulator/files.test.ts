// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Problem } from '../../../plugins/contract/index.ts'
import { MODELS } from '../../../simulator/models.ts'
import { newHost, wholeTree } from './support.ts'

async function codeOf(act: Promise<unknown>): Promise<string | undefined> {
  return act.then(
    () => undefined,
    cause => (cause instanceof Problem ? cause.code : String(cause)),
  )
}

describe('the files of a simulated host', () => {
  it.each(MODELS.map(model => model.name))('are the same for the same seed (%s)', async model => {
    const [one, other] = [newHost({ model }), newHost({ model })]

    expect(await wholeTree(one.host.system.files)).toEqual(await wholeTree(other.host.system.files))
  })

  it('differ from machine to machine', async () => {
    const [one, other] = [newHost({ index: 1, model: 'checkout' }), newHost({ index: 2, model: 'checkout' })]
    const [tree, others] = [await wholeTree(one.host.system.files), await wholeTree(other.host.system.files)]

    const different = [...tree].filter(([path, content]) => others.get(path) !== content).map(([path]) => path)

    expect(different).toContain('/etc/machine-id')
    expect(different).toContain('/sys/firmware/dmi/tables/DMI')
    expect(different.some(path => path.endsWith('/net/enp1s0/address'))).toBe(true)
  })

  it.each(MODELS.map(model => model.name))(
    'have no link that leads nowhere but to drivers and buses (%s)',
    async model => {
      const { files } = newHost({ model }).host.system
      const dangling: string[] = []
      for (const [path, content] of await wholeTree(files)) {
        if (!content.startsWith('-> ') || /\/(driver|subsystem|phy80211)$/.test(path)) continue
        const names = await files.list(path)
        const text = await files.text(path).catch(() => 'a folder')
        if (names.length === 0 && text === undefined) dangling.push(`${path} ${content}`)
      }

      expect(dangling).toEqual([])
    },
  )

  it('can be written, read, listed and removed', async () => {
    const { files } = newHost().host.system

    await files.replace('/var/lib/muster-agent/identity/a.pem', 'key', 0o600)
    await files.replace('/var/lib/muster-agent/journal.txt', Uint8Array.of(1, 2))

    expect(await files.text('/var/lib/muster-agent/identity/a.pem')).toBe('key')
    expect(await files.list('/var/lib/muster-agent')).toEqual(['identity', 'journal.txt'])
    expect(await files.list('/var/lib')).toEqual(['dpkg', 'muster-agent'])
    await files.remove('/var/lib/muster-agent/identity/a.pem')
    expect(await files.read('/var/lib/muster-agent/identity/a.pem')).toBeUndefined()
    expect(await files.list('/var/lib/muster-agent')).toEqual(['journal.txt'])
  })

  it('keep what was given to them, whatever the giver does with it later', async () => {
    const { files } = newHost().host.system
    const content = Uint8Array.of(1)

    await files.replace('/tmp/a', content)
    content[0] = 2

    expect([...((await files.read('/tmp/a')) ?? [])]).toEqual([1])
  })

  it('hide a file of the system that was removed', async () => {
    const { files } = newHost().host.system

    await files.remove('/etc/timezone')

    expect(await files.text('/etc/timezone')).toBeUndefined()
    expect(await files.list('/etc')).not.toContain('timezone')
  })

  it('are reached through links too', async () => {
    const { files } = newHost().host.system

    await files.replace('/var/run/muster/lock', 'mine')

    expect(await files.text('/run/muster/lock')).toBe('mine')
    expect(await files.text('/etc/os-release')).toContain('PRETTY_NAME=')
  })

  it('answer as the real ones do when a file cannot be read', async () => {
    const { files } = newHost({ model: 'panel-pc' }).host.system

    expect(await codeOf(files.text('/sys/class/net/wlp2s0/speed'))).toBe('file-refused')
    expect(await codeOf(files.read('/etc'))).toBe('file-refused')
    expect(await codeOf(files.replace('/proc/version', 'mine'))).toBe('file-refused')
    expect(await files.text('/etc/nothing')).toBeUndefined()
    expect(await files.list('/nothing')).toEqual([])
    expect(await files.link('/etc/hostname')).toBeUndefined()
  })

  it('take nothing more when the disk is full, and go on when there is room again', async () => {
    const { host } = newHost()
    await host.system.files.replace('/var/lib/a', 'old')

    host.faults.diskFull(true)

    expect(await codeOf(host.system.files.replace('/var/lib/a', 'new'))).toBe('disk-full')
    expect(await host.system.files.text('/var/lib/a')).toBe('old')
    host.faults.diskFull(false)
    await host.system.files.replace('/var/lib/a', 'new')
    expect(await host.system.files.text('/var/lib/a')).toBe('new')
  })
})

describe('the kernel of a simulated host', () => {
  it('counts time and work forward only', async () => {
    const { host, clock } = newHost()
    const read = async (): Promise<readonly number[]> => {
      const stat = await host.system.files.text('/proc/stat')
      const uptime = await host.system.files.text('/proc/uptime')
      const received = await host.system.files.text('/sys/class/net/enp1s0/statistics/rx_bytes')
      return [...(stat?.split('\n')[0]?.match(/\d+/g) ?? []), uptime?.split(' ')[0], received].map(Number)
    }
    let before = await read()
    for (let step = 0; step < 50; step++) {
      await clock.advance(173_000)
      const now = await read()

      expect(now.every((value, at) => value >= (before[at] ?? Number.NaN))).toBe(true)
      before = now
    }
  })

  it('keeps its uptime when the wall clock jumps', async () => {
    const { host, clock } = newHost()
    await clock.advance(90_000)

    host.faults.jumpClock(7_200_000)

    expect(await host.system.files.text('/proc/uptime')).toMatch(/^90\.00 /)
    expect(host.system.clock.now() - clock.now()).toBe(7_200_000)
    expect(await host.system.files.text('/proc/stat')).toContain(`btime ${Date.UTC(2026, 10, 21, 6, 31) / 1_000}\n`)
  })
})
