// SPDX-License-Identifier: Apache-2.0
/** What one simulated machine is: everything that stays with it, drawn from a seed and its number. */
import { type Dice, diceOf } from './dice.ts'
import { type AmtSku, type MachineModel, MODELS } from './models.ts'
import { IMAGES, type OsImage } from './os-images.ts'
import type { DiskPart, NicPart } from './parts.ts'
import { simulatorProblem } from './problems.ts'

/** `unknown`: the firmware may have AMT, but nothing on the host can ask it (no driver, or no `rpc`). */
export type AmtKind = AmtSku | 'unknown'

/** Percent of the fleet by kind; together 100. */
export type AmtShares = Readonly<Record<AmtKind, number>>

export const DEFAULT_AMT_SHARES: AmtShares = { vpro: 60, ism: 20, none: 15, unknown: 5 }

export type SimulatedDisk = DiskPart & { readonly name: string; readonly serial: string }

export type SimulatedNic = NicPart & {
  readonly name: string
  readonly mac: string
  readonly pciAddress: string
  readonly linked: boolean
  readonly ipv4: string | undefined
  readonly ipv6: string | undefined
}

export type SimulatedAmt = {
  readonly kind: AmtKind
  readonly version: string
  readonly build: string
  /** What keeps `unknown` unknown. */
  readonly obstacle: 'no-driver' | 'no-rpc' | undefined
  /** Major version of the installed `rpc`. */
  readonly rpc: 2 | 3
}

export type SimulatedUsb = {
  readonly vendor: string
  readonly product: string
  readonly maker: string
  readonly title: string
  /** Class of its first interface, as in `03` for input devices. */
  readonly interfaceClass: string
}

export type SimulatedFacts = {
  readonly seed: string
  /** From 1. */
  readonly index: number
  readonly model: MachineModel
  readonly image: OsImage
  readonly hostname: string
  readonly serial: string
  readonly uuid: string
  readonly machineId: string
  readonly biosVersion: string
  readonly biosDate: string
  readonly memory: { readonly modules: number; readonly moduleGib: number; readonly totalBytes: number }
  readonly memorySerials: readonly string[]
  readonly disks: readonly SimulatedDisk[]
  readonly nics: readonly SimulatedNic[]
  readonly gateway: string
  readonly usb: readonly SimulatedUsb[]
  readonly amt: SimulatedAmt
}

export type FactsOptions = {
  readonly seed: string
  readonly index: number
  /** Name of a model; drawn when left out. */
  readonly model?: string
  /** Kind of AMT; drawn by the shares when left out. */
  readonly amt?: AmtKind
  readonly shares?: AmtShares
}

const GIB = 1_073_741_824

/** Draws a machine: the same options give the same machine. Throws `no-such-model` for a name that is not one. */
export function factsOf({ seed, index, model, amt, shares }: FactsOptions): SimulatedFacts {
  const dice = (fact: string): Dice => diceOf(seed, index, fact)
  const kind = amt ?? kindAt(seed, index, shares ?? DEFAULT_AMT_SHARES)
  const machine = model === undefined ? dice('model').pick(modelsFor(kind)) : modelNamed(model)
  const moduleGib = dice('memory').pick(machine.memory.moduleGib)
  const modules =
    machine.memory.slots === 1 ? 1 : dice('modules').pick([machine.memory.slots / 2, machine.memory.slots])
  return {
    seed,
    index,
    model: machine,
    image: dice('image').pick(IMAGES),
    hostname: `sim-${diceOf(seed, 'fleet').hex(2)}-${String(index).padStart(4, '0')}`,
    serial: `SIM${dice('serial').hex(6).toUpperCase()}${String(index).padStart(5, '0')}`,
    uuid: uuidOf(dice('uuid').bytes(16)),
    machineId: dice('machine-id').hex(32),
    biosVersion: dice('bios').pick(machine.biosVersions),
    biosDate: `${pad(dice('bios-month').between(1, 12))}/${pad(dice('bios-day').between(1, 28))}/2025`,
    memory: { modules, moduleGib, totalBytes: modules * moduleGib * GIB },
    memorySerials: Array.from({ length: modules }, (_, slot) =>
      diceOf(seed, index, 'module', slot).hex(8).toUpperCase(),
    ),
    disks: disksOf(dice('disks').pick(machine.disks), slot => diceOf(seed, index, 'disk', slot)),
    nics: nicsOf(machine.nics, index, slot => diceOf(seed, index, 'nic', slot)),
    gateway: `10.${64 + (index >> 14)}.${(index >> 6) & 255}.1`,
    usb: dice('usb').pick(USB_SETS),
    amt: amtOf(kind, machine, dice('amt')),
  }
}

/** Writes sixteen bytes as a random UUID (RFC 9562 §5.4). */
export function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

const GOLDEN = 0.618_033_988_749_895

/** Spreads the kinds evenly over the numbers, so that already twenty hosts show the shares they were asked for. */
function kindAt(seed: string, index: number, shares: AmtShares): AmtKind {
  const place = ((diceOf(seed, 'amt').fraction() + index * GOLDEN) % 1) * 100
  if (place < shares.vpro) return 'vpro'
  if (place < shares.vpro + shares.ism) return 'ism'
  return place < shares.vpro + shares.ism + shares.none ? 'none' : 'unknown'
}

function modelsFor(kind: AmtKind): readonly MachineModel[] {
  return MODELS.filter(({ amt }) => amt.skus.includes(kind === 'unknown' ? 'vpro' : kind))
}

function modelNamed(name: string): MachineModel {
  const model = MODELS.find(each => each.name === name)
  if (model !== undefined) return model
  throw simulatorProblem('no-such-model', `${name}; there are ${MODELS.map(each => each.name).join(', ')}`)
}

function disksOf(parts: readonly DiskPart[], dice: (slot: number) => Dice): readonly SimulatedDisk[] {
  const seen = { nvme: 0, sata: 0, emmc: 0 }
  return parts.map((part, slot) => {
    const place = seen[part.kind]++
    const name =
      part.kind === 'nvme'
        ? `nvme${place}n1`
        : part.kind === 'sata'
          ? `sd${String.fromCharCode(97 + place)}`
          : `mmcblk${place}`
    const serial =
      part.kind === 'emmc' ? `0x${dice(slot).hex(8)}` : `${part.serialPrefix}SIM${dice(slot).hex(9).toUpperCase()}`
    return { ...part, name, serial }
  })
}

function nicsOf(parts: readonly NicPart[], index: number, dice: (slot: number) => Dice): readonly SimulatedNic[] {
  return parts.map((part, slot) => {
    // Locally administered (IEEE 802-2014 §8.4), so that no simulated address belongs to a real maker.
    const mac = ['02', ...(Buffer.from(dice(slot).bytes(5)).toString('hex').match(/../g) ?? [])].join(':')
    const bus = slot + 1
    const name = part.kind === 'wireless' ? `wlp${bus}s0` : `enp${bus}s0`
    const linked = slot === 0
    return {
      ...part,
      name,
      mac,
      pciAddress: `0000:${pad(bus)}:00.0`,
      linked,
      ipv4: linked ? `10.${64 + (index >> 14)}.${(index >> 6) & 255}.${(index & 63) * 3 + 2}` : undefined,
      ipv6: linked ? linkLocal(mac) : undefined,
    }
  })
}

/** The link-local address of a MAC (RFC 4291 appendix A), as 32 hexadecimal digits. */
function linkLocal(mac: string): string {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = mac.split(':')
  const first = (Number.parseInt(a, 16) ^ 2).toString(16).padStart(2, '0')
  return `fe80000000000000${first}${b}${c}fffe${d}${e}${f}`
}

function amtOf(kind: AmtKind, { amt }: MachineModel, dice: Dice): SimulatedAmt {
  const obstacle = kind === 'unknown' ? dice.pick(['no-driver', 'no-rpc'] as const) : undefined
  return {
    kind,
    version: amt.version === '' ? '16.1.32' : amt.version,
    build: amt.build === '' ? '2418' : amt.build,
    obstacle,
    rpc: dice.below(10) < 7 ? 2 : 3,
  }
}

const KEYBOARD = { vendor: '04d9', product: '1503', maker: 'Simulated', title: 'Keyboard', interfaceClass: '03' }
const SCANNER = {
  vendor: '05f9',
  product: '2216',
  maker: 'Simulated',
  title: 'Handheld Barcode Scanner',
  interfaceClass: '03',
}
const SERIAL = {
  vendor: '0403',
  product: '6001',
  maker: 'Simulated',
  title: 'USB Serial Converter',
  interfaceClass: 'ff',
}
const CAMERA = { vendor: '0c45', product: '6366', maker: 'Simulated', title: 'USB 2.0 Camera', interfaceClass: '0e' }
const USB_SETS: readonly (readonly SimulatedUsb[])[] = [[], [KEYBOARD], [KEYBOARD, SCANNER], [SERIAL], [CAMERA, CAMERA]]

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
