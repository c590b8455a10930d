// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { amt } from '../../../plugins/amt/plugin.ts'
import { check } from '../../../plugins/contract/index.ts'
import { hardware } from '../../../plugins/hardware/plugin.ts'
import { os } from '../../../plugins/os/plugin.ts'
import { power } from '../../../plugins/power/plugin.ts'
import type { AmtKind } from '../../../simulator/facts.ts'
import { MODELS } from '../../../simulator/models.ts'
import { coreOf } from '../../../simulator/parts.ts'
import { newHost, observe } from './support.ts'

const models = MODELS.map(model => model.name)

describe('the real plugins on simulated machines', () => {
  it.each(models)('see the %s as it is described', async model => {
    const { host } = newHost({ model })
    const { facts } = host

    const seen = check(hardware.section.observed, await observe(hardware, host), 'hardware')

    expect(seen.system).toMatchObject({
      uuid: facts.uuid,
      serialNumber: facts.serial,
      vendor: facts.model.vendor,
      productName: facts.model.product,
    })
    expect(seen.bios).toMatchObject({ version: facts.biosVersion, releaseDate: facts.biosDate })
    expect(seen.cpu).toMatchObject({
      model: facts.model.cpu.name,
      sockets: facts.model.sockets,
      cores: facts.model.cpu.cores * facts.model.sockets,
      threads: facts.model.cpu.threads * facts.model.sockets,
      maxMhz: facts.model.cpu.maxMhz,
      architecture: 'x86_64',
    })
    expect(seen.memory.slots).toBe(facts.model.memory.slots)
    expect(seen.memory.modules.map(module => module.serial)).toEqual(facts.memorySerials)
    const fitted = seen.memory.modules.reduce((sum, module) => sum + module.sizeBytes, 0)
    expect(fitted).toBe(facts.memory.totalBytes)
    expect(seen.memory.totalBytes).toBeLessThan(fitted)
    expect(seen.memory.totalBytes).toBeGreaterThan(fitted * 0.9)
  })

  it.each(models)('see the devices of the %s', async model => {
    const { host } = newHost({ model, index: 5 })
    const { facts } = host

    const seen = await observe(hardware, host)

    expect(byName(seen.disks)).toEqual(
      byName(
        facts.disks.map(({ name, serial, sizeBytes, rotational, kind }) => ({
          deviceName: name,
          serial,
          capacityBytes: sizeBytes,
          rotational,
          transport: kind === 'emmc' ? 'mmc' : kind,
        })),
      ).map(disk => expect.objectContaining(disk)),
    )
    expect(seen.nics.filter(nic => !nic.virtual)).toEqual(
      facts.nics.map(nic =>
        expect.objectContaining({
          deviceName: nic.name,
          macAddr: nic.mac,
          driver: nic.driver,
          pciIdentifier: nic.pciAddress,
          linkState: nic.linked ? 'up' : 'down',
        }),
      ),
    )
    expect(seen.nics[0]?.addresses.map(each => each.address)).toContain(facts.nics[0]?.ipv4)
    expect(seen.gpus.map(gpu => gpu.product)).toEqual(facts.model.gpus.map(gpu => gpu.title))
    expect(seen.npus.map(npu => npu.product)).toEqual(facts.model.npus.map(npu => npu.title))
    expect(seen.usb.filter(each => each.class !== 'Hub')).toHaveLength(facts.usb.length)
  })

  it('see the same addresses with and without the program `ip`', async () => {
    const { host } = newHost()
    const withProgram = await observe(hardware, host)

    host.programs.delete('ip')
    const without = await observe(hardware, host)

    expect(without.nics).toEqual(withProgram.nics)
  })

  it('see fast and efficient cores where there are both', async () => {
    const { host } = newHost({ model: 'vision-box' })

    expect((await observe(hardware, host)).cpu.coreGroups).toEqual([
      { kind: 'performance', cpus: '0-15' },
      { kind: 'efficiency', cpus: '16-19' },
    ])
  })

  it.each<[AmtKind, string]>([
    ['vpro', 'amt'],
    ['ism', 'ism'],
    ['none', 'none'],
    ['unknown', 'unknown'],
  ])('find %s AMT to be %s, whichever rpc is installed', async (kind, sku) => {
    for (let index = 1; index <= 12; index++) {
      const { host } = newHost({ index, amt: kind })

      const seen = check(amt.section.observed, await observe(amt, host), 'amt')

      expect(seen.sku, `${index}: ${seen.why}`).toBe(sku)
      if (seen.rpc !== undefined && seen.rpc.generation !== 'unknown') {
        expect(seen.rpc.generation).toBe(`v${host.facts.amt.rpc}`)
      }
    }
  })

  it('see the operating system, its boot and its name', async () => {
    const { host, clock } = newHost()
    await clock.advance(60_000)

    const seen = check(os.section.observed, await observe(os, host), 'os')

    expect(seen).toMatchObject({
      hostname: host.facts.hostname,
      staticHostname: host.facts.hostname,
      bootId: host.power.bootId,
      bootedAt: '2026-11-21T04:31:00.000Z',
      timeZone: 'Etc/UTC',
    })
    expect(seen.release.id).toBe(host.facts.image.id)
    expect(seen.release.prettyName).toBe(host.facts.image.pretty)
    expect(seen.kernel.release).toBe(host.facts.image.kernel)
    expect(seen.packages).toEqual({ manager: 'dpkg', count: host.facts.image.packages.length })
  })

  it('may take the host down', async () => {
    const { host } = newHost()

    expect(check(power.section.observed, await observe(power, host), 'power')).toMatchObject({
      canReboot: true,
      bootId: host.power.bootId,
    })
  })
})

describe('the numbers of cores', () => {
  it.each(models)('are as many as the processor of the %s has', model => {
    const { cpu } = newHost({ model }).host.facts.model

    expect(new Set(Array.from({ length: cpu.threads }, (_, thread) => coreOf(cpu, thread))).size).toBe(cpu.cores)
  })
})

function byName<T extends { readonly deviceName: string }>(devices: readonly T[]): readonly T[] {
  return [...devices].sort((a, b) => (a.deviceName < b.deviceName ? -1 : 1))
}
