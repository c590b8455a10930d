// SPDX-License-Identifier: Apache-2.0
/** The hardware plugin on the machine the tests run on, against what its own tools say. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonical, findings } from '../../../../plugins/contract/index.ts'
import { type HardwareObserved, hardware as section } from '../../../../plugins/hardware/contract.ts'
import { parseAnswer, sourceScript } from '../../../../plugins/hardware/lookup.ts'
import { hardware, running } from '../../../../plugins/hardware/plugin.ts'
import { realHost } from '../host.ts'

type Named = Record<string, unknown>

function ask(file: string, args: readonly string[]): unknown {
  try {
    return JSON.parse(execFileSync(file, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}

const { signal } = new AbortController()
const lscpu = ask('lscpu', ['-J']) as { lscpu: { field: string; data: string }[] } | undefined
const lsblk = ask('lsblk', ['-J', '-b', '-d', '-o', 'NAME,TYPE,SIZE,MODEL,VENDOR,SERIAL,WWN,ROTA,RM']) as
  | { blockdevices: Named[] }
  | undefined
const ip = ask('ip', ['-j', 'addr']) as Named[] | undefined

describe.runIf(process.platform === 'linux')('this machine', () => {
  let host: ReturnType<typeof realHost>
  let observed: HardwareObserved

  beforeAll(async () => {
    host = realHost(hardware.manifest)
    observed = await running(host, undefined).observe(signal)
  })

  it('fits the schema and reads nothing that was not granted', () => {
    expect(findings(section.observed, observed)).toEqual([])
    expect(host.refused).toEqual([])
  })

  it.runIf(lscpu)('has the processors lscpu shows', () => {
    const says = (field: string): string | undefined => lscpu?.lscpu.find(each => each.field === `${field}:`)?.data
    const { cpu } = observed

    expect(cpu.architecture).toBe(says('Architecture'))
    expect(cpu.sockets).toBe(Number(says('Socket(s)')))
    expect(cpu.cores).toBe(Number(says('Core(s) per socket')) * Number(says('Socket(s)')))
    if (says('Off-line CPU(s) list') === undefined) expect(cpu.threads).toBe(Number(says('CPU(s)')))
    // On ARM lscpu has a table of names for what the kernel only numbers.
    if (cpu.architecture !== 'x86_64') return
    expect(cpu.vendor).toBe(says('Vendor ID'))
    expect(cpu.model).toBe(says('Model name'))
    expect(cpu.capabilities).toEqual(says('Flags')?.split(' ').sort())
  })

  it('has the memory /proc/meminfo shows', () => {
    const total = /^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]

    expect(observed.memory.totalBytes).toBe(Number(total) * 1_024)
  })

  it.runIf(lsblk)('has the disks lsblk shows', () => {
    const disks = lsblk?.blockdevices.filter(({ type }) => type === 'disk') ?? []
    const brief = disks.map(({ name, size, rota, rm }) => [name, Number(size), rota, rm])
    const ours = observed.disks.map(disk => [disk.deviceName, disk.capacityBytes, disk.rotational, disk.removable])

    expect(ours.sort()).toEqual(brief.sort())
    for (const disk of disks) {
      const own = observed.disks.find(({ deviceName }) => deviceName === disk.name)
      for (const [theirs, value] of [
        ['model', own?.model],
        ['vendor', own?.vendor],
        ['serial', own?.serial],
      ] as const) {
        const said = disk[theirs]
        if (typeof said === 'string') expect(value).toBe(said.trim())
      }
    }
  })

  it.runIf(ip)('has the interfaces and addresses `ip` shows, loopback and IPv6 included', () => {
    const byText = (a: unknown, b: unknown): number => canonical(a).localeCompare(canonical(b))
    const theirs = ip?.map(link => ({
      name: link.ifname,
      mac: link.address,
      mtu: link.mtu,
      state: String(link.operstate).toLowerCase(),
      addresses: (link.addr_info as Named[])
        .map(({ family, local, prefixlen, scope }) => ({ family, address: local, prefix: prefixlen, scope }))
        .sort(byText),
    }))
    const ours = observed.nics.map(nic => ({
      name: nic.deviceName,
      mac: nic.macAddr,
      mtu: nic.mtu,
      state: nic.linkState,
      addresses: [...nic.addresses].sort(byText),
    }))

    expect(ours.sort(byText)).toEqual(theirs?.sort(byText))
  })

  it.runIf(ip)('has its addresses without `ip` too, but for IPv4 outside every connected network', async () => {
    const alone = realHost(hardware.manifest)
    const without = { ...alone, run: async () => ({ code: -1, stdout: '', stderr: 'not found' }) }
    const { nics } = await running(without, undefined).observe(signal)

    for (const { deviceName, addresses } of observed.nics) {
      const found = nics.find(nic => nic.deviceName === deviceName)?.addresses ?? []
      expect(addresses).toEqual(expect.arrayContaining([...found]))
      expect(found.filter(({ family }) => family === 'inet6')).toEqual(
        addresses.filter(({ family }) => family === 'inet6'),
      )
    }
    expect(nics.find(({ deviceName }) => deviceName === 'lo')?.addresses[0]?.address).toBe('127.0.0.1')
  })

  it('is looked at again without a program', async () => {
    const again = realHost(hardware.manifest)
    const plugin = running(again, undefined)
    const first = await plugin.observe(signal)
    const runs = again.runs.length
    const second = await plugin.observe(signal)

    expect(canonical(second)).toBe(canonical(first))
    expect(again.runs).toHaveLength(runs)
  })
})

it('runs its child program, which answers what it was asked', async () => {
  const script = sourceScript()
  expect(script).toMatch(/plugins\/hardware\/source\.ts$/)
  const host = realHost(hardware.manifest)
  const ran = await host.run(process.execPath, [script ?? '', 'system', 'graphics'], { signal, timeoutMs: 20_000 })

  expect(ran).toMatchObject({ code: 0 })
  expect(parseAnswer(ran.stdout)).toBeDefined()
}, 30_000)
