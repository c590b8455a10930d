// SPDX-License-Identifier: Apache-2.0
/** The USB devices of a simulated machine as `/sys` shows them. */
import { diceOf } from '../dice.ts'
import type { SimulatedFacts, SimulatedUsb } from '../facts.ts'
import type { PciFunction } from './pci-function.ts'
import { type Folder, folder, type Node, symlink } from './tree.ts'

const CONTROLLER = '0000:00:14.0'

/** The host controller, with a root hub and what is plugged in. */
export function usbFunction(facts: SimulatedFacts): PciFunction {
  return {
    path: [CONTROLLER],
    vendor: '8086',
    device: '7ae0',
    class: '0x0c0330',
    driver: 'xhci_hcd',
    children: { usb1: folder(() => rootHub(facts)) },
  }
}

/** `/sys/bus/usb/devices`. */
export function usbLinks({ usb }: SimulatedFacts): Folder {
  const root = `../../../devices/pci0000:00/${CONTROLLER}/usb1`
  const links: Record<string, Node> = { usb1: symlink(root), '1-0:1.0': symlink(`${root}/1-0:1.0`) }
  for (const at of usb.keys()) {
    const name = `1-${at + 1}`
    links[name] = symlink(`${root}/${name}`)
    links[`${name}:1.0`] = symlink(`${root}/${name}/${name}:1.0`)
  }
  return links
}

function rootHub(facts: SimulatedFacts): Folder {
  const devices = facts.usb.map((device, at): [string, Node] => [
    `1-${at + 1}`,
    folder(() => deviceFolder(facts, device, at)),
  ])
  return {
    '1-0:1.0': folder(interfaceFolder('09')),
    bDeviceClass: '09\n',
    bMaxPower: '0mA\n',
    busnum: '1\n',
    devnum: '1\n',
    devpath: '0\n',
    idProduct: '0002\n',
    idVendor: '1d6b\n',
    manufacturer: `Linux ${facts.image.kernel} xhci-hcd\n`,
    product: 'xHCI Host Controller\n',
    serial: `${CONTROLLER}\n`,
    speed: '480\n',
    version: ' 2.00\n',
    ...Object.fromEntries(devices),
  }
}

function deviceFolder(facts: SimulatedFacts, device: SimulatedUsb, at: number): Folder {
  const name = `1-${at + 1}`
  return {
    [`${name}:1.0`]: folder(interfaceFolder(device.interfaceClass)),
    bDeviceClass: '00\n',
    bMaxPower: '100mA\n',
    busnum: '1\n',
    devnum: `${at + 2}\n`,
    devpath: `${at + 1}\n`,
    idProduct: `${device.product}\n`,
    idVendor: `${device.vendor}\n`,
    manufacturer: `${device.maker}\n`,
    product: `${device.title}\n`,
    serial: `${diceOf(facts.seed, facts.index, 'usb', at).hex(10).toUpperCase()}\n`,
    speed: '12\n',
    version: ' 1.10\n',
  }
}

function interfaceFolder(kind: string): Folder {
  return {
    bInterfaceClass: `${kind}\n`,
    bInterfaceNumber: '00\n',
    bInterfaceProtocol: '00\n',
    bInterfaceSubClass: '00\n',
  }
}
