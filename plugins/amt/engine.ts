// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of Intel's management engine. */
import type { Files } from '../contract/index.ts'
import type { Engine } from './classify.ts'

const MEI = '/sys/class/mei'
const PCI = '/sys/bus/pci/devices'
/** What is read here: the entries of the PCI bus are links into /sys/devices. */
export const ENGINE_PATHS = [MEI, PCI, '/sys/devices']

/** Looks for a driver, then for the device on the PCI bus; `unknown` on machines whose PCI bus cannot be seen. */
export async function findEngine(files: Files): Promise<Engine> {
  if ((await list(files, MEI)).length > 0) return 'driver'
  const functions = await list(files, PCI)
  let unseen = functions.length === 0
  for (const address of functions) {
    const of = (name: string): Promise<string | undefined> =>
      files.text(`${PCI}/${address}/${name}`).catch(() => undefined)
    const code = await of('class')
    unseen ||= code === undefined
    // Its host interface is an Intel function of class 0780h, "communication controller, other".
    if (code?.startsWith('0x0780') && (await of('vendor'))?.trim() === '0x8086') return 'device'
  }
  return unseen ? 'unknown' : 'absent'
}

/** A text that differs when a driver or a device came or went. */
export async function engineKey(files: Files): Promise<string> {
  return `${await list(files, MEI)}|${await list(files, PCI)}`
}

function list(files: Files, path: string): Promise<readonly string[]> {
  return files.list(path).catch(() => [])
}
