// SPDX-License-Identifier: Apache-2.0
/** `/sys` of a simulated host. */
import type { SimulatedFacts } from '../facts.ts'
import { coreOf } from '../parts.ts'
import { smbiosEntryPoint, smbiosTable } from '../smbios.ts'
import type { TreeSource } from './source.ts'
import { blockLinks, virtualBlock } from './sys-disks.ts'
import { netLinks, virtualNet } from './sys-net.ts'
import { hasMei, pciFunctions, pciLinks, pciRoot } from './sys-pci.ts'
import { usbLinks } from './sys-usb.ts'
import { type Folder, folder, type Node, symlink } from './tree.ts'
import { vitalsOf } from './vitals.ts'

export function sysFolder(source: TreeSource): Folder {
  const { facts } = source
  return {
    block: folder(() => blockLinks(facts, '..')),
    bus: folder({
      pci: folder({ devices: folder(() => pciLinks(pciFunctions(source))) }),
      usb: folder({ devices: folder(() => usbLinks(facts)) }),
    }),
    class: folder(() => classFolder(source)),
    devices: folder(() => devicesFolder(source)),
    firmware: folder(() => firmwareFolder(facts)),
    kernel: folder({ security: folder({}) }),
  }
}

function devicesFolder(source: TreeSource): Folder {
  const { cpu, sockets } = source.facts.model
  const threads = cpu.threads * sockets
  const fast = cpu.fast?.threads
  return {
    'pci0000:00': folder(() => pciRoot(pciFunctions(source))),
    system: folder({ cpu: folder(() => cpuFolder(source.facts)) }),
    virtual: folder({
      block: folder(virtualBlock),
      dmi: folder({ id: folder(() => dmiFolder(source.facts)) }),
      net: folder(virtualNet),
      thermal: folder({ thermal_zone0: folder(() => thermalFolder(source)) }),
    }),
    ...(fast === undefined
      ? {}
      : {
          cpu_atom: folder({ cpus: `${fast}-${threads - 1}\n` }),
          cpu_core: folder({ cpus: `0-${fast - 1}\n` }),
        }),
  }
}

function cpuFolder({ model: { cpu, sockets } }: SimulatedFacts): Folder {
  const count = cpu.threads * sockets
  const all = count === 1 ? '0\n' : `0-${count - 1}\n`
  const cpus: Record<string, Node> = {}
  for (let number = 0; number < count; number++) {
    cpus[`cpu${number}`] = folder(() => ({
      cpufreq: folder({ cpuinfo_max_freq: `${cpu.maxMhz * 1_000}\n`, cpuinfo_min_freq: '800000\n' }),
      online: '1\n',
      topology: folder({
        core_id: `${coreOf(cpu, number % cpu.threads)}\n`,
        die_id: '0\n',
        physical_package_id: `${Math.floor(number / cpu.threads)}\n`,
      }),
    }))
  }
  return { online: all, possible: all, present: all, ...cpus }
}

function classFolder(source: TreeSource): Folder {
  const { facts } = source
  const display = facts.model.gpus.map((gpu, at): [string, Node] => {
    const path = gpu.driver === 'ast' ? '0000:00:1c.5/0000:50:00.0' : `0000:00:02.${at}`
    return [`card${at}`, symlink(`../../devices/pci0000:00/${path}/drm/card${at}`)]
  })
  return {
    block: folder(() => blockLinks(facts, '../..')),
    dmi: folder({ id: symlink('../../devices/virtual/dmi/id') }),
    drm: folder({ ...Object.fromEntries(display), version: 'drm 1.1.0 20060810\n' }),
    net: folder(() => netLinks(facts.nics)),
    thermal: folder({ thermal_zone0: symlink('../../devices/virtual/thermal/thermal_zone0') }),
    tpm: folder({ tpm0: folder({ tpm_version_major: '2\n' }) }),
    ...(facts.model.npus.length === 0
      ? {}
      : { accel: folder({ accel0: symlink('../../devices/pci0000:00/0000:00:0b.0/accel/accel0') }) }),
    ...(hasMei(facts) ? { mei: folder({ mei0: symlink('../../devices/pci0000:00/0000:00:16.0/mei/mei0') }) } : {}),
  }
}

function thermalFolder(source: TreeSource): Folder {
  return { temp: () => `${Math.round(vitalsOf(source).celsius * 1_000)}\n`, type: 'x86_pkg_temp\n' }
}

/** `/sys/class/dmi/id`, which repeats what the tables say. */
function dmiFolder({ model, biosVersion, biosDate, serial, uuid }: SimulatedFacts): Folder {
  const line = (text: string): string => `${text}\n`
  return {
    bios_date: line(biosDate),
    bios_release: '255.255\n',
    bios_vendor: 'Muster simulator\n',
    bios_version: line(biosVersion),
    board_asset_tag: '\n',
    board_name: line(model.board),
    board_serial: line(`B${serial}`),
    board_vendor: line(model.vendor),
    board_version: 'A1\n',
    chassis_asset_tag: '\n',
    chassis_serial: line(serial),
    chassis_type: line(String(model.chassis)),
    chassis_vendor: line(model.vendor),
    chassis_version: '1.0\n',
    product_family: line(model.vendor),
    product_name: line(model.product),
    product_serial: line(serial),
    product_sku: line(`${model.product} SKU`),
    product_uuid: line(uuid),
    product_version: '1.0\n',
    sys_vendor: line(model.vendor),
  }
}

/** Secure Boot as the EFI variable tells it: four bytes of attributes, then the value (UEFI 2.10 §3.3). */
const SECURE_BOOT = 'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'

function firmwareFolder(facts: SimulatedFacts): Folder {
  const secure = facts.index % 4 === 0 ? 0 : 1
  return {
    dmi: folder({
      tables: folder({
        DMI: () => smbiosTable(facts),
        smbios_entry_point: () => smbiosEntryPoint(smbiosTable(facts).byteLength),
      }),
    }),
    efi: folder({
      efivars: folder({ [SECURE_BOOT]: () => Uint8Array.of(6, 0, 0, 0, secure) }),
      fw_platform_size: '64\n',
    }),
  }
}
