// SPDX-License-Identifier: Apache-2.0
/** The PCI devices of a simulated machine as `/sys/devices/pci0000:00` shows them. */
import type { SimulatedFacts } from '../facts.ts'
import type { PciPart } from '../parts.ts'
import type { PciFunction } from './pci-function.ts'
import type { TreeSource } from './source.ts'
import { diskFunctions } from './sys-disks.ts'
import { nicFunctions } from './sys-net.ts'
import { usbFunction } from './sys-usb.ts'
import { type Folder, folder, type Node, symlink } from './tree.ts'

export function pciFunctions(source: TreeSource): readonly PciFunction[] {
  const { facts } = source
  return [
    ...facts.model.gpus.map((gpu, at) => displayFunction(gpu, at)),
    ...facts.model.npus.map(npu => neuralFunction(npu)),
    ...(facts.model.chassis === RACK ? [] : [managementFunction(facts)]),
    usbFunction(facts),
    ...nicFunctions(source),
    ...diskFunctions(facts),
  ]
}

/** `/sys/devices/pci0000:00`. */
export function pciRoot(functions: readonly PciFunction[]): Folder {
  const root: Record<string, Node> = {}
  for (const each of functions) {
    const [bridge = '', own] = each.path
    if (own === undefined) root[bridge] = folder(() => functionFolder(each))
    else root[bridge] = folder(() => ({ ...bridgeFolder(), [own]: folder(() => functionFolder(each)) }))
  }
  return root
}

/** `/sys/bus/pci/devices`: a link for every function, as deep as its bridges make it. */
export function pciLinks(functions: readonly PciFunction[]): Folder {
  return Object.fromEntries(
    functions.map(({ path }) => [path.at(-1) ?? '', symlink(`../../../devices/pci0000:00/${path.join('/')}`)]),
  )
}

function functionFolder({ path, vendor, device, class: kind, driver, children }: PciFunction): Folder {
  const up = '../'.repeat(path.length + 2)
  return {
    class: `${kind}\n`,
    device: `0x${device}\n`,
    ...(driver === undefined ? {} : { driver: symlink(`${up}bus/pci/drivers/${driver}`) }),
    enable: '1\n',
    modalias: `pci:v0000${vendor.toUpperCase()}d0000${device.toUpperCase()}\n`,
    numa_node: '-1\n',
    revision: '0x04\n',
    subsystem: symlink(`${up}bus/pci`),
    subsystem_device: '0x7270\n',
    subsystem_vendor: `0x${vendor}\n`,
    uevent: `${driver === undefined ? '' : `DRIVER=${driver}\n`}PCI_ID=${vendor.toUpperCase()}:${device.toUpperCase()}\nPCI_SLOT_NAME=${path.at(-1)}\n`,
    vendor: `0x${vendor}\n`,
    ...children,
  }
}

function bridgeFolder(): Folder {
  return { class: '0x060400\n', device: '0x7ab8\n', revision: '0x11\n', vendor: '0x8086\n' }
}

function displayFunction(gpu: PciPart, at: number): PciFunction {
  const card = folder({ dev: `226:${at}\n`, device: symlink('../..'), uevent: `DEVNAME=dri/card${at}\n` })
  const connector = folder({ dpms: 'Off\n', enabled: 'disabled\n', status: 'disconnected\n' })
  const render = folder({ dev: `226:${128 + at}\n`, device: symlink('../..') })
  const isServerDisplay = gpu.driver === 'ast'
  return {
    path: isServerDisplay ? ['0000:00:1c.5', '0000:50:00.0'] : [`0000:00:02.${at}`],
    vendor: gpu.vendor,
    device: gpu.device,
    class: '0x030000',
    driver: gpu.driver,
    children: {
      drm: folder({
        [`card${at}`]: card,
        [`card${at}-${isServerDisplay ? 'VGA-1' : 'DP-1'}`]: connector,
        ...(isServerDisplay ? {} : { [`renderD${128 + at}`]: render }),
      }),
    },
  }
}

function neuralFunction(npu: PciPart): PciFunction {
  return {
    path: ['0000:00:0b.0'],
    vendor: npu.vendor,
    device: npu.device,
    class: '0x120000',
    driver: npu.driver,
    children: { accel: folder({ accel0: folder({ dev: '261:0\n', device: symlink('../..') }) }) },
  }
}

/** Servers have another management controller, which is not simulated. */
const RACK = 23

/** Whether the management engine shows an interface, so that `rpc` has something to ask. */
export function hasMei({ model, amt }: SimulatedFacts): boolean {
  return model.chassis !== RACK && amt.obstacle !== 'no-driver'
}

function managementFunction(facts: SimulatedFacts): PciFunction {
  const mei = folder({ mei0: folder({ dev: '241:0\n', dev_state: 'ENABLED\n', device: symlink('../..') }) })
  return {
    path: ['0000:00:16.0'],
    vendor: '8086',
    device: '7ae8',
    class: '0x078000',
    driver: hasMei(facts) ? 'mei_me' : undefined,
    children: hasMei(facts) ? { mei } : {},
  }
}
