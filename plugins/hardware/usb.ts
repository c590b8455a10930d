// SPDX-License-Identifier: Apache-2.0
/** USB devices, from /sys/bus/usb/devices. */
import type { Files } from '../contract/index.ts'
import type { Usb } from './contract.ts'
import { byName, count, fact, names, present } from './read.ts'
import { recall } from './recall.ts'

const DEVICES = '/sys/bus/usb/devices'

/** Lists the devices, hubs included, by where they are plugged in. */
export type UsbReader = () => Promise<readonly Usb[]>

/** Creates a reader that reads a device once: its number on the bus is a new one whenever it is plugged in. */
export function usbReader(files: Files): UsbReader {
  const known = recall<Usb | undefined>()
  return async () => {
    const entries = await names(files, DEVICES)
    // Names with a colon are interfaces of a device.
    const devices = entries.filter(entry => !entry.includes(':')).sort(byName)
    known.keep(devices)
    const found: Usb[] = []
    for (const name of devices) {
      const number = await fact(files, `${DEVICES}/${name}/devnum`)
      const device = await known.of(name, number, () => readDevice(files, name, entries))
      if (device !== undefined) found.push(device)
    }
    return found
  }
}

async function readDevice(files: Files, name: string, entries: readonly string[]): Promise<Usb | undefined> {
  const at = `${DEVICES}/${name}`
  const idVendor = await fact(files, `${at}/idVendor`)
  const idProduct = await fact(files, `${at}/idProduct`)
  if (idVendor === undefined || idProduct === undefined) return undefined
  return present({
    deviceName: name,
    bus: (await count(files, `${at}/busnum`)) ?? 0,
    addr: (await count(files, `${at}/devnum`)) ?? 0,
    idVendor: idVendor.toLowerCase(),
    idProduct: idProduct.toLowerCase(),
    class: await readClass(files, name, entries),
    vendor: await fact(files, `${at}/manufacturer`),
    product: await fact(files, `${at}/product`),
    serial: await fact(files, `${at}/serial`),
  })
}

// Class 00 means that each interface has its own; then the first interface speaks for the device.
async function readClass(files: Files, name: string, entries: readonly string[]): Promise<string> {
  const own = (await fact(files, `${DEVICES}/${name}/bDeviceClass`)) ?? '00'
  if (own !== '00') return CLASSES[own] ?? own
  const first = [...entries].sort(byName).find(entry => entry.startsWith(`${name}:`))
  const code = first === undefined ? '00' : ((await fact(files, `${DEVICES}/${first}/bInterfaceClass`)) ?? '00')
  return CLASSES[code] ?? code
}

/** USB-IF base class codes. */
const CLASSES: Readonly<Record<string, string>> = {
  '01': 'Audio',
  '02': 'Communications',
  '03': 'Human Interface Device',
  '05': 'Physical',
  '06': 'Image',
  '07': 'Printer',
  '08': 'Mass Storage',
  '09': 'Hub',
  '0a': 'CDC Data',
  '0b': 'Smart Card',
  '0d': 'Content Security',
  '0e': 'Video',
  '0f': 'Personal Healthcare',
  '10': 'Audio/Video',
  '11': 'Billboard',
  dc: 'Diagnostic',
  e0: 'Wireless',
  ef: 'Miscellaneous',
  fe: 'Application Specific',
  ff: 'Vendor Specific',
}
