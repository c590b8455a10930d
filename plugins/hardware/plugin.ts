// SPDX-License-Identifier: Apache-2.0
/** The plugin `hardware`: looks at the machine in a few milliseconds of file reads, and changes nothing. */
import process from 'node:process'
import { definePlugin, MINUTE, type PluginHost, type Running, type Support } from '../contract/index.ts'
import { type AcceleratorReader, acceleratorReader } from './accelerators.ts'
import type { Accelerator, Cpu, HardwareObserved } from './contract.ts'
import { hardware as section } from './contract.ts'
import { onlineCpus, readCpu } from './cpu.ts'
import { diskReader } from './disks.ts'
import { fitted } from './fit.ts'
import { type Identity, readIdentity } from './identity.ts'
import { type Learned, lookup, sourceScript, type Topic } from './lookup.ts'
import { parseMeminfo } from './memory.ts'
import { addressBook, nicReader } from './nics.ts'
import { plan } from './plan.ts'
import { problem } from './problems.ts'
import { names, present, whole } from './read.ts'
import { usbReader } from './usb.ts'

const LOOK_AGAIN_MS = 5 * MINUTE

export const hardware = definePlugin<typeof section, never>({
  manifest: {
    name: 'hardware',
    version: '0.1.0',
    contract: 1,
    isolation: 'inline',
    permissions: {
      run: ['ip', process.execPath],
      // /sys/class, /sys/block and /sys/bus hold links into /sys/devices. Every name below a grant is checked for being
      // a link, so the busy folders are named in full.
      read: [
        '/proc/cpuinfo',
        '/proc/device-tree',
        '/proc/meminfo',
        '/proc/net',
        '/proc/sys/kernel/arch',
        '/run/udev/data',
        '/sys/block',
        '/sys/bus/pci/devices',
        '/sys/bus/usb/devices',
        '/sys/class/accel',
        '/sys/class/dmi/id',
        '/sys/class/drm',
        '/sys/class/net',
        '/sys/devices',
        '/sys/devices/system/cpu',
        '/sys/devices/virtual/block',
        '/sys/devices/virtual/net',
        '/sys/firmware/dmi/tables',
        '/usr/share/hwdata/pci.ids',
        '/usr/share/misc/pci.ids',
      ],
    },
  },
  section,
  start: host => running(host, sourceScript()),
})

/** Starts looking; `script` is the child program for what the files do not show, or `undefined` to do without. */
export function running(host: PluginHost, script: string | undefined): Running<typeof section, never> {
  const { files } = host
  const child = lookup(host, script)
  const addresses = addressBook(host)
  const accelerators = acceleratorReader(files)
  const processors = cpuReader(host)
  const disks = diskReader(files)
  const nics = nicReader(files)
  const usb = usbReader(files)
  let identity: Identity | undefined
  let forgetWake: () => void = () => {}

  return {
    async probe(): Promise<Support> {
      if ((await names(files, '/proc/net')).length > 0 || (await whole(files, '/proc/meminfo')) !== undefined) {
        return { supported: true }
      }
      return { supported: false, why: 'there is no /proc to look at' }
    },
    async observe(signal): Promise<HardwareObserved> {
      forgetWake()
      forgetWake = host.wake(LOOK_AGAIN_MS)
      const cpu = await processors()
      const totals = parseMeminfo((await whole(files, '/proc/meminfo')) ?? '')
      if (cpu === undefined || totals === undefined) throw problem('hardware-unreadable', 'no processor or no memory')
      identity ??= await readIdentity(files)
      const devices = await readDevices(accelerators, child.about, identity)
      signal.throwIfAborted()
      const { slots, modules } = identity.slots
      return fitted({
        ...nameplate(identity, devices.learned),
        cpu,
        memory: present({ ...totals, slots, modules: [...modules] }),
        disks: [...(await disks())],
        nics: [...(await nics(await addresses(signal)))],
        usb: [...(await usb())],
        gpus: devices.gpus,
        npus: devices.npus,
      })
    },
    plan,
    apply: async () => {},
    commands: {
      refresh: {
        async run() {
          identity = undefined
          host.changed()
          return {}
        },
      },
    },
    async stop() {
      forgetWake()
      await child.stop()
    },
  }
}

// Processors change only by being switched on and off.
function cpuReader({ files }: PluginHost): () => Promise<Cpu | undefined> {
  let known: { readonly online: string | undefined; readonly cpu: Cpu } | undefined
  return async () => {
    const online = await onlineCpus(files)
    if (known !== undefined && known.online === online) return known.cpu
    const cpu = await readCpu(files)
    known = cpu === undefined ? undefined : { online, cpu }
    return cpu
  }
}

type Devices = { readonly gpus: Accelerator[]; readonly npus: Accelerator[]; readonly learned: Learned }

async function readDevices(
  read: AcceleratorReader,
  ask: (topics: readonly Topic[]) => Learned,
  { system }: Identity,
): Promise<Devices> {
  const { gpus, npus } = await read()
  const topics: Topic[] = []
  if (system.vendor === undefined && system.productName === undefined) topics.push('system')
  if (gpus.some(gpu => gpu.product === undefined)) topics.push('graphics')
  const learned = ask(topics)
  // The child names functions without the PCI domain.
  const named = gpus.map(gpu => ({ ...learned.gpus.get(gpu.pciId?.slice(5) ?? ''), ...gpu }))
  return { gpus: named, npus: [...npus], learned }
}

function nameplate(
  identity: Identity,
  learned: Learned,
): Pick<HardwareObserved, 'system' | 'board' | 'chassis' | 'bios'> {
  return {
    system: { ...learned.system, ...identity.system },
    board: { ...learned.board, ...identity.board },
    chassis: { ...learned.chassis, ...identity.chassis },
    bios: { ...learned.bios, ...identity.bios },
  }
}
