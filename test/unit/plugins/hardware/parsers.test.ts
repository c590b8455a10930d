// SPDX-License-Identifier: Apache-2.0
/** The readers of single kernel files, on machines unlike the one the tests run on. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookUp } from '../../../../plugins/hardware/accelerators.ts'
import { parseIp, parseProcNet, shorten } from '../../../../plugins/hardware/addresses.ts'
import { readCpu } from '../../../../plugins/hardware/cpu.ts'
import { diskReader, parseUdev, transportOf } from '../../../../plugins/hardware/disks.ts'
import { parseAnswer } from '../../../../plugins/hardware/lookup.ts'
import { parseMeminfo } from '../../../../plugins/hardware/memory.ts'
import { pciOf } from '../../../../plugins/hardware/nics.ts'
import { factual } from '../../../../plugins/hardware/placeholders.ts'
import { hardware } from '../../../../plugins/hardware/plugin.ts'
import { clean } from '../../../../plugins/hardware/read.ts'
import { usbReader } from '../../../../plugins/hardware/usb.ts'
import { fakeHost, type Tree } from '../host.ts'

const filesOf = (tree: Tree) => fakeHost(hardware.manifest.permissions, tree).files

describe('processors', () => {
  const topology = (cpu: number, socket: number, core: number): Tree => ({
    [`/sys/devices/system/cpu/cpu${cpu}/topology/physical_package_id`]: `${socket}\n`,
    [`/sys/devices/system/cpu/cpu${cpu}/topology/core_id`]: `${core}\n`,
  })
  const intel = [0, 1, 2, 3].map(
    id => `processor\t: ${id}\nvendor_id\t: GenuineIntel\nmodel name\t: Example(R) Core\nflags\t\t: lm fpu aes\n`,
  )

  it('are counted by socket, core and thread', async () => {
    const cpu = await readCpu(
      filesOf({
        '/proc/cpuinfo': intel.join('\n'),
        '/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq': '4700000\n',
        '/sys/devices/cpu_core/cpus': '0-1\n',
        '/sys/devices/cpu_atom/cpus': '2-3\n',
        ...topology(0, 0, 0),
        ...topology(1, 0, 0),
        ...topology(2, 1, 0),
        ...topology(3, 1, 1),
      }),
    )

    expect(cpu).toEqual({
      model: 'Example(R) Core',
      vendor: 'GenuineIntel',
      architecture: 'x86_64',
      sockets: 2,
      cores: 3,
      threads: 4,
      maxMhz: 4_700,
      capabilities: ['aes', 'fpu', 'lm'],
      coreGroups: [
        { kind: 'performance', cpus: '0-1' },
        { kind: 'efficiency', cpus: '2-3' },
      ],
    })
  })

  it('are counted without a topology in /sys', async () => {
    const text = intel.map((block, id) => `${block}physical id\t: 0\ncore id\t\t: ${id >> 1}\n`).join('\n')

    expect(await readCpu(filesOf({ '/proc/cpuinfo': text }))).toMatchObject({ sockets: 1, cores: 2, threads: 4 })
  })

  it('have names on ARM too', async () => {
    const block = (id: number): string =>
      `processor\t: ${id}\nFeatures\t: fp asimd crc32\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0b\n`
    const text = `${block(0)}\n${block(1)}\nHardware\t: Example Board\nSerial\t\t: 0000\n`

    expect(await readCpu(filesOf({ '/proc/cpuinfo': text }))).toEqual({
      model: 'ARM part 0xd0b',
      vendor: 'ARM',
      architecture: 'aarch64',
      sockets: 1,
      cores: 2,
      threads: 2,
      capabilities: ['asimd', 'crc32', 'fp'],
    })
  })

  it('are not there when the kernel shows none', async () => {
    expect(await readCpu(filesOf({ '/proc/cpuinfo': 'garbage' }))).toBeUndefined()
  })
})

describe('memory', () => {
  it('is total and swap, without what changes', () => {
    const text = 'MemTotal:       16303428 kB\nMemFree:         1 kB\nSwapTotal:       2097148 kB\nSwapFree: 1 kB\n'

    expect(parseMeminfo(text)).toEqual({ totalBytes: 16_303_428 * 1_024, swapBytes: 2_097_148 * 1_024 })
    expect(parseMeminfo('MemFree: 1 kB\n')).toBeUndefined()
  })
})

describe('disks', () => {
  const sata = '../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda'

  it('are those lsblk calls disks', async () => {
    const size = (name: string): Tree => ({ [`/sys/block/${name}/size`]: '2048\n' })
    const tree = {
      ...size('sda'),
      ...size('sda10'),
      ...size('loop0'),
      ...size('ram0'),
      ...size('dm-0'),
      ...size('md127'),
      ...size('sr0'),
      ...size('zram0'),
      ...size('nvme0c0n1'),
      '/sys/block/nvme0c0n1/hidden': '1\n',
      ...size('sdb'),
      '/sys/block/sdb/device/type': '5\n',
      '/sys/block/bad/size': { error: 'EIO' },
    }

    expect((await diskReader(filesOf(tree))()).map(disk => disk.deviceName)).toEqual(['sda', 'sda10', 'zram0'])
  })

  it('are described by udev where it runs', async () => {
    const tree = {
      '/sys/block/sda': { link: sata },
      '/sys/block/sda/size': '3907029168\n',
      '/sys/block/sda/dev': '8:0\n',
      '/sys/block/sda/device/type': '0\n',
      '/sys/block/sda/device/model': 'Example SSD 870 \n',
      '/sys/block/sda/device/vendor': 'ATA     \n',
      '/sys/block/sda/queue/rotational': '0\n',
      '/sys/block/sda/removable': '0\n',
      '/run/udev/data/b8:0':
        'S:disk/by-id/x\nE:ID_MODEL=Example_SSD\nE:ID_MODEL_ENC=Example\\x20SSD\\x20870\\x20\\x20\nE:ID_SERIAL=Example_S1\nE:ID_SERIAL_SHORT=S1\nE:ID_WWN=0x5002538f\nE:ID_BUS=ata\n',
    }

    expect(await diskReader(filesOf(tree))()).toEqual([
      {
        deviceName: 'sda',
        model: 'Example SSD 870',
        vendor: 'ATA',
        serial: 'S1',
        wwid: '0x5002538f',
        capacityBytes: 2_000_398_934_016,
        rotational: false,
        removable: false,
        transport: 'sata',
      },
    ])
  })

  it('are described by the kernel where udev does not run', async () => {
    const page = Uint8Array.from([0, 0x80, 0, 6, 0x20, 0x20, 0x53, 0x32, 0x33, 0x20, 0x58])
    const tree = {
      '/sys/block/sda': { link: sata },
      '/sys/block/sda/size': '8\n',
      '/sys/block/sda/device/wwid': 'naa.5002538f\n',
      '/sys/block/sda/device/vpd_pg80': page,
    }

    expect(await diskReader(filesOf(tree))()).toMatchObject([
      { serial: 'S23', wwid: 'naa.5002538f', capacityBytes: 4_096 },
    ])
  })

  it.each([
    ['nvme0n1', '../devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0/nvme0n1', 'nvme'],
    ['sdb', '../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host1/target1:0:0/1:0:0:0/block/sdb', 'usb'],
    ['sdc', '../devices/pci0000:00/0000:02:00.0/host2/port-2:0/end_device-2:0/target2:0:0/2:0:0:0/block/sdc', 'sas'],
    ['vda', '../devices/pci0000:00/0000:00:02.0/virtio1/block/vda', 'virtio'],
    ['mmcblk0', '../devices/platform/soc/mmc_host/mmc0/mmc0:0001/block/mmcblk0', 'mmc'],
    ['zram0', '../devices/virtual/block/zram0', undefined],
  ])('know how %s is attached', (name, path, transport) => {
    expect(transportOf(name, path)).toBe(transport)
  })

  it('survive any record of udev', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseUdev(`E:ID_MODEL_ENC=${text}\n`)))
  })
})

describe('addresses', () => {
  const proc = {
    ifInet6:
      '00000000000000000000000000000001 01 80 10 80       lo\nfe8000000000000000fc00fffe000001 04 40 20 80     eth0\n',
    route:
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n' +
      'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n',
    fibTrie:
      'Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 192.0.2.0\n        /24 link UNICAST\n' +
      '     |-- 192.0.2.2\n        /32 link UNICAST\n        /32 host LOCAL\n' +
      '     |-- 127.0.0.0\n        /8 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n' +
      '     |-- 203.0.113.9\n        /32 host LOCAL\n     |-- 192.0.2.255\n        /32 link BROADCAST\n',
  }

  it('come from `ip` in a fixed order and without lifetimes', () => {
    const address = (family: string, local: string) => ({
      family,
      local,
      prefixlen: 24,
      scope: 'global',
      valid_life_time: 7,
    })
    const json = (infos: readonly object[]) =>
      JSON.stringify([{ ifname: 'eth0', addr_info: infos }, { ifname: 'eth1' }, 7])
    const infos = [address('inet6', 'fd00::2'), address('inet', '192.0.2.10'), address('inet', '192.0.2.9')]

    expect(parseIp(json(infos))).toEqual(parseIp(json([...infos].reverse())))
    expect(parseIp(json(infos))?.get('eth0')).toEqual([
      { family: 'inet', address: '192.0.2.9', prefix: 24, scope: 'global' },
      { family: 'inet', address: '192.0.2.10', prefix: 24, scope: 'global' },
      { family: 'inet6', address: 'fd00::2', prefix: 24, scope: 'global' },
    ])
  })

  it('are none when `ip` speaks no JSON', () => {
    expect(parseIp('BusyBox v1.36.1\n')).toBeUndefined()
    expect(parseIp('{}')).toBeUndefined()
  })

  it('come from /proc where there is no `ip`, as far as it tells whose they are', () => {
    expect(Object.fromEntries(parseProcNet(proc))).toEqual({
      eth0: [
        { family: 'inet', address: '192.0.2.2', prefix: 24, scope: 'global' },
        { family: 'inet6', address: 'fe80::fc:ff:fe00:1', prefix: 64, scope: 'link' },
      ],
      lo: [
        { family: 'inet', address: '127.0.0.1', prefix: 8, scope: 'host' },
        { family: 'inet6', address: '::1', prefix: 128, scope: 'host' },
      ],
    })
  })

  it('survive any content of /proc', () => {
    const text = fc.string({ maxLength: 300 })
    fc.assert(fc.property(text, text, text, (a, b, c) => void parseProcNet({ fibTrie: a, route: b, ifInet6: c }).size))
  })

  it.each([
    ['00000000000000000000000000000000', '::'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000100010001000100010001', '2001:db8:1:1:1:1:1:1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['fe800000000000000000000000000000', 'fe80::'],
  ])('are written in the shortest way: %s', (hex, text) => {
    expect(shorten(hex)).toBe(text)
  })
})

describe('devices on a bus', () => {
  it('hang from the last PCI function on their path', () => {
    expect(pciOf('../../devices/pci0000:00/0000:00:1c.0/0000:02:00.0/net/enp2s0')).toBe('0000:02:00.0')
    expect(pciOf('../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/net/enx0')).toBeUndefined()
    expect(pciOf('../../devices/virtual/net/lo')).toBeUndefined()
  })

  it('have the names of the list of PCI ids', () => {
    const list =
      '# comment\n1002  Other Vendor\n\t46a6  Wrong\n8086  Intel Corporation\n\t1234  First\n\t46a6  Example Graphics\n\t\t1028 0b00  Sub\n8087  Next\n\t46a7  Not this\nC 03  Display controller\n'

    expect(lookUp(list, '8086', '46a6')).toEqual({ vendor: 'Intel Corporation', product: 'Example Graphics' })
    expect(lookUp(list, '8086', '46a7')).toEqual({ vendor: 'Intel Corporation' })
    expect(lookUp(list, 'ffff', '46a6')).toEqual({})
    expect(lookUp(list, '', '')).toEqual({})
  })

  it('are USB devices with the class of their first interface when they have none', async () => {
    const at = '/sys/bus/usb/devices'
    const device = (name: string, more: Record<string, string>): Tree =>
      Object.fromEntries(Object.entries(more).map(([key, value]) => [`${at}/${name}/${key}`, `${value}\n`]))
    const tree = {
      ...device('usb1', { idVendor: '1d6b', idProduct: '0002', busnum: '1', devnum: '1', bDeviceClass: '09' }),
      ...device('1-4', {
        idVendor: '046D',
        idProduct: 'C31C',
        busnum: '1',
        devnum: '10',
        bDeviceClass: '00',
        product: 'Keyboard',
      }),
      ...device('1-4:1.0', { bInterfaceClass: '03' }),
      ...device('1-4:1.1', { bInterfaceClass: '08' }),
    }

    expect(await usbReader(filesOf(tree))()).toEqual([
      {
        deviceName: '1-4',
        bus: 1,
        addr: 10,
        idVendor: '046d',
        idProduct: 'c31c',
        class: 'Human Interface Device',
        product: 'Keyboard',
      },
      { deviceName: 'usb1', bus: 1, addr: 1, idVendor: '1d6b', idProduct: '0002', class: 'Hub' },
    ])
  })
})

describe('texts', () => {
  it.each(['To be filled by O.E.M.', 'Default string', '0000000', 'None', ' ', 'xxxx', '0123456789', 'INVALID'])(
    'that state nothing are left out: %j',
    text => {
      expect(factual(text)).toBeUndefined()
    },
  )

  it('that state something are kept', () => {
    expect(factual(' EX-0042 \u0000')).toBe('EX-0042')
  })

  it('are always ones that JSON can carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), text => {
        const kept = clean(text)
        expect(kept === undefined || (kept.isWellFormed() && kept.length <= 200 && kept === kept.trim())).toBe(true)
      }),
    )
  })
})

describe('what the child program printed', () => {
  it('is taken without the guesses of its library', () => {
    const learned = parseAnswer(
      JSON.stringify({
        system: { manufacturer: '', model: 'Docker Container', version: '', serial: '-', uuid: '', sku: '-' },
        bios: { vendor: 'Example BIOS Works', version: '1', releaseDate: '' },
        baseboard: { manufacturer: '', model: '', version: '', serial: '' },
        chassis: { manufacturer: '', type: '', version: '', serial: '' },
        controllers: [
          { vendor: 'Example', model: 'Graphics 9', busAddress: '00:02.0' },
          { vendor: '', model: '', busAddress: null },
        ],
      }),
    )

    expect(learned).toEqual({
      system: {},
      bios: { vendor: 'Example BIOS Works', version: '1' },
      board: {},
      chassis: {},
      gpus: new Map([['00:02.0', { vendor: 'Example', product: 'Graphics 9' }]]),
    })
  })

  it('is dropped when it is anything else', () => {
    for (const text of ['', 'x', '[]', '7', '{"system":7}', `"${'x'.repeat(400_000)}"`]) {
      expect(parseAnswer(text)).toBeUndefined()
    }
  })
})
