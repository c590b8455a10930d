// SPDX-License-Identifier: Apache-2.0
/** The hardware plugin as a whole: what it reports of a made-up machine, when it runs programs, and how small it stays. */
import { describe, expect, it } from 'vitest'
import { canonical, DAY, findings, MAX_BYTES, MINUTE } from '../../../../plugins/contract/index.ts'
import { hardware as section } from '../../../../plugins/hardware/contract.ts'
import { fitted } from '../../../../plugins/hardware/fit.ts'
import { hardware, running } from '../../../../plugins/hardware/plugin.ts'
import { type Answer, fakeHost, type Tree } from '../host.ts'

const { signal } = new AbortController()

const MACHINE: Tree = {
  '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Example\nflags\t\t: lm fpu\n',
  '/proc/meminfo': 'MemTotal: 1024 kB\nMemFree: 7 kB\nSwapTotal: 0 kB\n',
  '/proc/sys/kernel/arch': 'x86_64\n',
  '/proc/net/if_inet6': '00000000000000000000000000000001 01 80 10 80       lo\n',
  '/sys/devices/system/cpu/online': '0\n',
  '/sys/class/dmi/id/sys_vendor': 'Example Systems\n',
  '/sys/class/dmi/id/product_name': 'Edge 100\n',
  '/sys/class/net/bonding_masters': '\n',
  '/sys/class/net/lo': { link: '../../devices/virtual/net/lo' },
  '/sys/class/net/lo/operstate': 'unknown\n',
  '/sys/class/net/lo/address': '00:00:00:00:00:00\n',
  '/sys/class/net/lo/mtu': '65536\n',
  '/sys/class/net/enp2s0': { link: '../../devices/pci0000:00/0000:00:1c.0/0000:02:00.0/net/enp2s0' },
  '/sys/class/net/enp2s0/operstate': 'down\n',
  '/sys/class/net/enp2s0/address': '02:00:5e:00:53:01\n',
  '/sys/class/net/enp2s0/mtu': '1500\n',
  '/sys/class/net/enp2s0/speed': { error: 'EINVAL: invalid argument, read' },
  '/sys/class/net/enp2s0/device/driver': { link: '../../../../bus/pci/drivers/igc' },
  '/sys/class/net/enp2s0/device/sriov_totalvfs': '7\n',
  '/sys/class/net/enp2s0/device/sriov_numvfs': '2\n',
  '/sys/class/drm/card0': { link: '../../devices/pci0000:00/0000:00:02.0/drm/card0' },
  '/sys/class/drm/card0/device/vendor': '0x8086\n',
  '/sys/class/drm/card0/device/device': '0x46a6\n',
  '/sys/class/drm/card0/device/driver': { link: '../../../bus/pci/drivers/i915' },
  '/sys/class/drm/card0-HDMI-A-1/status': 'connected\n',
  '/sys/bus/pci/devices/0000:00:02.0/class': '0x030000\n',
  '/sys/bus/pci/devices/0000:00:02.0/vendor': '0x8086\n',
  '/sys/bus/pci/devices/0000:05:00.0/class': '0x030200\n',
  '/sys/bus/pci/devices/0000:05:00.0/vendor': '0x10de\n',
  '/sys/bus/pci/devices/0000:05:00.0/device': '0x20b5\n',
  '/sys/bus/pci/devices/0000:00:0b.0/class': '0x120000\n',
  '/sys/bus/pci/devices/0000:00:0b.0/vendor': '0x8086\n',
}
const IP = JSON.stringify([
  { ifname: 'enp2s0', addr_info: [{ family: 'inet', local: '192.0.2.7', prefixlen: 24, scope: 'global' }] },
])

const SCRIPT = '/opt/example/source.js'

const started = (answer?: Answer, tree: Tree = { ...MACHINE }, script: string | undefined = undefined) => {
  const permissions = { ...hardware.manifest.permissions, run: [...(hardware.manifest.permissions.run ?? [])] }
  const host = fakeHost(permissions, tree, answer)
  return { host, plugin: running(host, script) }
}

describe('a report', () => {
  it('describes the machine in the words of its schema', async () => {
    const { host, plugin } = started(() => ({ code: 0, stdout: IP }))
    const observed = await plugin.observe(signal)

    expect(findings(section.observed, observed)).toEqual([])
    expect(host.refused).toEqual([])
    expect(observed).toEqual({
      system: { vendor: 'Example Systems', productName: 'Edge 100' },
      board: {},
      chassis: {},
      bios: {},
      cpu: {
        model: 'Example',
        vendor: 'GenuineIntel',
        architecture: 'x86_64',
        sockets: 1,
        cores: 1,
        threads: 1,
        capabilities: ['fpu', 'lm'],
      },
      memory: { totalBytes: 1_048_576, swapBytes: 0, modules: [] },
      disks: [],
      nics: [
        {
          deviceName: 'enp2s0',
          macAddr: '02:00:5e:00:53:01',
          mtu: 1_500,
          linkState: 'down',
          driver: 'igc',
          pciIdentifier: '0000:02:00.0',
          virtual: false,
          sriovEnabled: true,
          sriovVfsNum: 2,
          sriovVfsTotal: 7,
          addresses: [{ family: 'inet', address: '192.0.2.7', prefix: 24, scope: 'global' }],
        },
        {
          deviceName: 'lo',
          macAddr: '00:00:00:00:00:00',
          mtu: 65_536,
          linkState: 'unknown',
          virtual: true,
          addresses: [],
        },
      ],
      usb: [],
      gpus: [
        {
          pciId: '0000:00:02.0',
          deviceName: 'card0',
          vendorId: '8086',
          deviceId: '46a6',
          vendor: 'Intel Corporation',
          description: 'Display controller',
          driver: 'i915',
        },
        {
          pciId: '0000:05:00.0',
          vendorId: '10de',
          deviceId: '20b5',
          vendor: 'NVIDIA Corporation',
          description: 'Display controller',
        },
      ],
      npus: [
        {
          pciId: '0000:00:0b.0',
          vendorId: '8086',
          vendor: 'Intel Corporation',
          description: 'Processing accelerator',
        },
      ],
    })
  })

  it('is the same while nothing changed but counters', async () => {
    const { host, plugin } = started()
    const first = canonical(await plugin.observe(signal))
    host.tree['/proc/meminfo'] = 'MemTotal: 1024 kB\nMemFree: 5 kB\nSwapTotal: 0 kB\n'
    host.tree['/sys/class/net/enp2s0/statistics/rx_bytes'] = '12345\n'

    expect(canonical(await plugin.observe(signal))).toBe(first)
  })

  it('changes with a link', async () => {
    const { host, plugin } = started()
    await plugin.observe(signal)
    host.tree['/sys/class/net/enp2s0/operstate'] = 'up\n'
    host.tree['/sys/class/net/enp2s0/speed'] = '1000\n'
    const { nics } = await plugin.observe(signal)

    expect(nics[0]).toMatchObject({ linkState: 'up', speedMbps: 1_000 })
  })

  it('changes with a disk that is plugged in', async () => {
    const { host, plugin } = started()
    await plugin.observe(signal)
    host.tree['/sys/block/sda/size'] = '2048\n'

    expect((await plugin.observe(signal)).disks).toHaveLength(1)
  })

  it('changes with a disk that is swapped for one of the same size', async () => {
    const at = '/sys/block/sda'
    const { host, plugin } = started(undefined, {
      ...MACHINE,
      [`${at}/size`]: '2048\n',
      [`${at}/diskseq`]: '7\n',
      [`${at}/device/serial`]: 'FIRST\n',
    })
    expect((await plugin.observe(signal)).disks[0]?.serial).toBe('FIRST')
    host.tree[`${at}/device/serial`] = 'SECOND\n'
    host.tree[`${at}/diskseq`] = '8\n'

    expect((await plugin.observe(signal)).disks[0]?.serial).toBe('SECOND')
  })

  it('changes with a disk that is swapped on a kernel that does not count them', async () => {
    const at = '/sys/block/sda'
    const tree = { ...MACHINE, [`${at}/size`]: '2048\n', [`${at}/device/serial`]: 'FIRST\n' }
    const { host, plugin } = started(undefined, tree)
    await plugin.observe(signal)
    host.tree[`${at}/device/serial`] = 'SECOND\n'

    expect((await plugin.observe(signal)).disks[0]?.serial).toBe('SECOND')
  })

  it('changes with a USB device that is plugged in where another was', async () => {
    const at = '/sys/bus/usb/devices/1-4'
    const device = (number: string, product: string): Tree => ({
      [`${at}/devnum`]: `${number}\n`,
      [`${at}/idVendor`]: '046d\n',
      [`${at}/idProduct`]: `${product}\n`,
    })
    const { host, plugin } = started(undefined, { ...MACHINE, ...device('5', 'aaaa') })
    expect((await plugin.observe(signal)).usb).toMatchObject([{ addr: 5, idProduct: 'aaaa' }])
    Object.assign(host.tree, device('6', 'bbbb'))

    expect((await plugin.observe(signal)).usb).toMatchObject([{ addr: 6, idProduct: 'bbbb' }])
  })

  it('is withheld rather than empty when the kernel shows nothing', async () => {
    const { plugin } = started(undefined, {})

    await expect(plugin.observe(signal)).rejects.toMatchObject({ code: 'hardware-unreadable' })
    expect(await plugin.probe?.(signal)).toMatchObject({ supported: false })
  })

  it('fits into one message on a machine with everything', async () => {
    const tree: Tree = { ...MACHINE }
    for (let n = 0; n < 400; n++) {
      tree[`/sys/class/net/veth${n}`] = { link: `../../devices/virtual/net/veth${n}` }
      tree[`/sys/class/net/veth${n}/operstate`] = 'up\n'
      tree[`/sys/class/net/veth${n}/address`] = '02:00:5e:00:53:02\n'
      tree[`/sys/block/sd${n}/size`] = '2048\n'
      tree[`/sys/block/sd${n}/device/model`] = 'x'.repeat(200)
      tree[`/sys/block/sd${n}/device/serial`] = 'y'.repeat(200)
    }
    const { plugin } = started(undefined, tree)
    const observed = await plugin.observe(signal)

    expect(Buffer.byteLength(canonical(observed))).toBeLessThan(MAX_BYTES.document - 4_096)
    expect(findings(section.observed, observed)).toEqual([])
    expect(observed.nics[0]).toMatchObject({ deviceName: 'enp2s0' })
    expect(observed.disks.length + (observed.omitted?.disks ?? 0)).toBe(400)
    expect(observed.nics.length + (observed.omitted?.nics ?? 0)).toBe(402)
    expect(fitted(observed)).toEqual(observed)
  })
})

describe('programs', () => {
  it('`ip` runs once, and again when the kernel shows other addresses', async () => {
    const { host, plugin } = started(() => ({ code: 0, stdout: IP }))
    await plugin.observe(signal)
    await plugin.observe(signal)
    expect(host.runs).toHaveLength(1)

    host.tree['/proc/net/fib_trie'] = 'changed'
    await plugin.observe(signal)
    expect(host.runs.map(({ file }) => file)).toEqual(['ip', 'ip'])
  })

  it('`ip` may be missing', async () => {
    const { plugin } = started()
    const { nics } = await plugin.observe(signal)

    expect(nics.at(-1)?.addresses).toEqual([{ family: 'inet6', address: '::1', prefix: 128, scope: 'host' }])
  })

  it('the child runs in the background, once a day, only for what is missing', async () => {
    const gpu = JSON.stringify({ controllers: [{ vendor: 'Intel', model: 'Iris Xe', busAddress: '00:02.0' }] })
    const { host, plugin } = started(
      ({ file }) => (file === 'ip' ? {} : { code: 0, stdout: gpu }),
      { ...MACHINE },
      SCRIPT,
    )

    expect((await plugin.observe(signal)).gpus[0]).not.toHaveProperty('product')
    await expect.poll(() => host.changes).toBe(1)
    expect((await plugin.observe(signal)).gpus[0]).toMatchObject({ product: 'Iris Xe', vendor: 'Intel Corporation' })

    const children = () => host.runs.filter(({ file }) => file === process.execPath)
    expect(children().map(({ args }) => args)).toEqual([[SCRIPT, 'graphics']])
    expect(children()[0]?.options.timeoutMs).toBe(20_000)
    host.at += DAY
    await plugin.observe(signal)
    expect(children()).toHaveLength(2)
    await plugin.stop?.()
    expect(host.changes).toBe(1)
  })

  it('a child that fails costs only what it was asked for', async () => {
    const { host, plugin } = started(
      ({ file }) => (file === 'ip' ? {} : { code: 1, stderr: 'boom' }),
      { ...MACHINE },
      SCRIPT,
    )
    const before = await plugin.observe(signal)
    await plugin.stop?.()

    expect(before.system).toMatchObject({ vendor: 'Example Systems' })
    expect(host.changes).toBe(0)
  })

  it('a child that hangs ends with the plugin', async () => {
    const { plugin } = started(
      ({ file, options }) =>
        file === 'ip'
          ? {}
          : new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason))),
      { ...MACHINE },
      SCRIPT,
    )
    await plugin.observe(signal)

    await expect(plugin.stop?.()).resolves.toBeUndefined()
  })
})

it('asks to be woken every five minutes', async () => {
  const { host, plugin } = started()
  await plugin.observe(signal)

  expect(host.wakes).toEqual([5 * MINUTE])
})
