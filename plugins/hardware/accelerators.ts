// SPDX-License-Identifier: Apache-2.0
/** Graphics and neural processors: what drivers made of them, and what the PCI bus shows without a driver. */
import type { Files } from '../contract/index.ts'
import type { Accelerator } from './contract.ts'
import { pciOf } from './nics.ts'
import { byName, fact, names, present, target, targetName, whole } from './read.ts'

const PCI = '/sys/bus/pci/devices'

export type Accelerators = { readonly gpus: readonly Accelerator[]; readonly npus: readonly Accelerator[] }

/** Answers the accelerators; classes and names of PCI devices are read again only when the bus changed. */
export type AcceleratorReader = () => Promise<Accelerators>

export function acceleratorReader(files: Files): AcceleratorReader {
  let bus: { readonly key: string; readonly functions: readonly PciFunction[] } | undefined
  let labels: { readonly key: string; readonly of: ReadonlyMap<string, Label> } | undefined
  return async () => {
    const addresses = await names(files, PCI)
    const key = addresses.join(' ')
    if (bus?.key !== key) bus = { key, functions: await readBus(files, addresses) }
    const cards = await readNodes(files, 'gpu')
    const nodes = await readNodes(files, 'npu')
    const gpus = [...cards, ...without(bus.functions, cards, 'gpu')]
    const npus = [...nodes, ...without(bus.functions, nodes, 'npu')]
    const wanted = [...gpus, ...npus].map(idOf).sort().join(' ')
    if (labels?.key !== wanted) labels = { key: wanted, of: await readLabels(files, [...gpus, ...npus]) }
    const { of } = labels
    return { gpus: gpus.map(device => labelled(device, of)), npus: npus.map(device => labelled(device, of)) }
  }
}

type PciFunction = {
  readonly address: string
  readonly kind: 'gpu' | 'npu'
  readonly vendorId: string | undefined
  readonly deviceId: string | undefined
}
type Found = Omit<Accelerator, 'vendor' | 'product'>

async function readBus(files: Files, addresses: readonly string[]): Promise<readonly PciFunction[]> {
  const found: PciFunction[] = []
  for (const address of addresses) {
    const code = (await fact(files, `${PCI}/${address}/class`)) ?? ''
    // PCI class 03h is display, 12h processing accelerators (PCI Code and ID Assignment §1.4, §1.19).
    const kind = code.startsWith('0x03') ? 'gpu' : code.startsWith('0x12') ? 'npu' : undefined
    if (kind === undefined) continue
    const vendorId = hexOf(await fact(files, `${PCI}/${address}/vendor`))
    found.push({ address, kind, vendorId, deviceId: hexOf(await fact(files, `${PCI}/${address}/device`)) })
  }
  return found
}

const DESCRIPTIONS = { gpu: 'Display controller', npu: 'Processing accelerator' } as const
// Connectors of a card (card0-HDMI-A-1) and render nodes are no devices of their own.
const NODES = {
  gpu: { folder: '/sys/class/drm', pattern: /^card\d+$/ },
  npu: { folder: '/sys/class/accel', pattern: /^accel\d+$/ },
} as const

async function readNodes(files: Files, kind: 'gpu' | 'npu'): Promise<readonly Found[]> {
  const { folder, pattern } = NODES[kind]
  const found: Found[] = []
  for (const name of (await names(files, folder)).filter(entry => pattern.test(entry)).sort(byName)) {
    const at = `${folder}/${name}/device`
    found.push(
      present({
        pciId: pciOf((await target(files, `${folder}/${name}`)) ?? ''),
        deviceName: name,
        vendorId: hexOf(await fact(files, `${at}/vendor`)),
        deviceId: hexOf(await fact(files, `${at}/device`)),
        description: DESCRIPTIONS[kind],
        driver: await targetName(files, `${at}/driver`),
      }),
    )
  }
  return found
}

function without(functions: readonly PciFunction[], nodes: readonly Found[], kind: 'gpu' | 'npu'): readonly Found[] {
  const driven = new Set(nodes.map(node => node.pciId))
  return functions
    .filter(each => each.kind === kind && !driven.has(each.address))
    .map(({ address, vendorId, deviceId }) =>
      present({ pciId: address, vendorId, deviceId, description: DESCRIPTIONS[kind] }),
    )
}

function hexOf(text: string | undefined): string | undefined {
  return text !== undefined && /^0x[0-9a-f]{4}$/i.test(text) ? text.slice(2).toLowerCase() : undefined
}

function idOf(device: Found): string {
  return `${device.vendorId}:${device.deviceId}`
}

function labelled(device: Found, labels: ReadonlyMap<string, Label>): Accelerator {
  const { vendor, product } = labels.get(idOf(device)) ?? {}
  return { ...device, ...present({ vendor, product }) }
}

export type Label = { readonly vendor?: string; readonly product?: string }

const ID_LISTS = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids']

async function readLabels(files: Files, devices: readonly Found[]): Promise<ReadonlyMap<string, Label>> {
  const labels = new Map<string, Label>()
  if (devices.length === 0) return labels
  let list = ''
  for (const path of ID_LISTS) if (list === '') list = (await whole(files, path)) ?? ''
  for (const device of devices) {
    const vendorId = device.vendorId ?? ''
    const { vendor, product } = lookUp(list, vendorId, device.deviceId ?? '')
    labels.set(idOf(device), present({ vendor: vendor ?? VENDORS[vendorId], product }))
  }
  return labels
}

/** Finds vendor and device in the text of pci.ids: vendors start a line, their devices follow, indented by one tab. */
export function lookUp(list: string, vendorId: string, deviceId: string): Label {
  const start = new RegExp(`^${vendorId}  (.+)$`, 'm').exec(vendorId === '' ? '' : list)
  if (start === null) return {}
  const rest = list.slice(start.index + start[0].length)
  const end = rest.search(/\n[0-9a-zA-Z]/)
  const product = new RegExp(`\\n\\t${deviceId}  (.+)`).exec(end < 0 ? rest : rest.slice(0, end))?.[1]
  return present({ vendor: start[1]?.slice(0, 200).trim(), product: product?.slice(0, 200).trim() })
}

// For hosts without pci.ids.
const VENDORS: Readonly<Record<string, string>> = {
  '1002': 'Advanced Micro Devices, Inc. [AMD/ATI]',
  '102b': 'Matrox Electronics Systems Ltd.',
  '10de': 'NVIDIA Corporation',
  '1234': 'QEMU',
  '1414': 'Microsoft Corporation',
  '15ad': 'VMware',
  '1a03': 'ASPEED Technology, Inc.',
  '1af4': 'Red Hat, Inc.',
  '8086': 'Intel Corporation',
}
