// SPDX-License-Identifier: Apache-2.0
/** The machines a simulated fleet is made of, from a shop-floor box to a Xeon edge server; the makers are invented. */
import { CPUS, type CpuPart, DISKS, type DiskPart, GPUS, NICS, type NicPart, NPUS, type PciPart } from './parts.ts'

/** What a machine's firmware offers out of band. */
export type AmtSku = 'vpro' | 'ism' | 'none'

export type MemoryKind = 'DDR4' | 'DDR5' | 'LPDDR5'

export type MachineModel = {
  readonly name: string
  readonly title: string
  readonly vendor: string
  readonly product: string
  readonly board: string
  /** SMBIOS 3.7 §7.4.1: 3 desktop, 23 rack mount, 34 embedded PC, 35 mini PC. */
  readonly chassis: number
  readonly biosVersions: readonly string[]
  readonly cpu: CpuPart
  readonly sockets: number
  readonly memory: {
    readonly kind: MemoryKind
    readonly speedMts: number
    readonly slots: number
    /** Sizes of one module, in GiB, of which a machine has one kind. */
    readonly moduleGib: readonly number[]
    readonly soldered: boolean
  }
  /** One of these sets. */
  readonly disks: readonly (readonly DiskPart[])[]
  readonly nics: readonly NicPart[]
  readonly gpus: readonly PciPart[]
  readonly npus: readonly PciPart[]
  readonly amt: { readonly skus: readonly AmtSku[]; readonly version: string; readonly build: string }
}

const KESTREL = 'Kestrel Industrial'
const FJORD = 'Fjord Computing'
const HALDE = 'Halde Systems'

const NO_AMT = { skus: ['none'], version: '', build: '' } as const

export const MODELS: readonly MachineModel[] = [
  {
    name: 'shop-floor-box',
    title: 'Fanless box beside a machine tool',
    vendor: KESTREL,
    product: 'Kestrel K110',
    board: 'K110-MB',
    chassis: 34,
    biosVersions: ['K110.08', 'K110.11'],
    cpu: CPUS.celeronJ6412,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 3200, slots: 2, moduleGib: [4, 8], soldered: false },
    disks: [[DISKS.emmc64], [DISKS.sata128]],
    nics: [NICS.i210, NICS.i210],
    gpus: [GPUS.elkhartLake],
    npus: [],
    amt: NO_AMT,
  },
  {
    name: 'din-rail-gateway',
    title: 'Gateway on a DIN rail',
    vendor: KESTREL,
    product: 'Kestrel R6',
    board: 'R6-CPU',
    chassis: 34,
    biosVersions: ['R6.2.4', 'R6.2.7'],
    cpu: CPUS.atomX6425E,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 3200, slots: 1, moduleGib: [8, 16], soldered: true },
    disks: [[DISKS.emmc64], [DISKS.emmc64, DISKS.sata128]],
    nics: [NICS.i210, NICS.i226it],
    gpus: [GPUS.elkhartLake],
    npus: [],
    amt: NO_AMT,
  },
  {
    name: 'panel-pc',
    title: 'Operator panel with a touch screen',
    vendor: KESTREL,
    product: 'Kestrel P15',
    board: 'P15-MB',
    chassis: 34,
    biosVersions: ['P15.03'],
    cpu: CPUS.i3N305,
    sockets: 1,
    memory: { kind: 'LPDDR5', speedMts: 4800, slots: 1, moduleGib: [8, 16], soldered: true },
    disks: [[DISKS.nvme256]],
    nics: [NICS.i226it, NICS.ax210],
    gpus: [GPUS.alderLakeN],
    npus: [],
    amt: NO_AMT,
  },
  {
    name: 'checkout',
    title: 'Checkout of a shop',
    vendor: FJORD,
    product: 'Fjord Till 4',
    board: 'T4-Q670',
    chassis: 3,
    biosVersions: ['F4C12', 'F4C19'],
    cpu: CPUS.i312100T,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 3200, slots: 2, moduleGib: [8], soldered: false },
    disks: [[DISKS.sata128], [DISKS.nvme256]],
    nics: [NICS.i219],
    gpus: [GPUS.uhd730],
    npus: [],
    amt: { skus: ['ism', 'none'], version: '16.1.32', build: '2418' },
  },
  {
    name: 'back-office',
    title: 'Back-office computer of 2018',
    vendor: FJORD,
    product: 'Fjord Micro 3',
    board: 'M3-Q370',
    chassis: 35,
    biosVersions: ['M3B31', 'M3B44'],
    cpu: CPUS.i58500T,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 2667, slots: 2, moduleGib: [8, 16], soldered: false },
    disks: [[DISKS.sata128], [DISKS.nvme256, DISKS.hdd4t]],
    nics: [NICS.i219old],
    gpus: [GPUS.uhd630],
    npus: [],
    amt: { skus: ['vpro', 'ism'], version: '12.0.94', build: '2453' },
  },
  {
    name: 'signage-player',
    title: 'Player behind a large display',
    vendor: FJORD,
    product: 'Fjord Screen 2',
    board: 'S2-UP3',
    chassis: 35,
    biosVersions: ['S2.114', 'S2.120'],
    cpu: CPUS.i51145G7E,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 3200, slots: 2, moduleGib: [8, 16], soldered: false },
    disks: [[DISKS.nvme256], [DISKS.nvme512]],
    nics: [NICS.i225, NICS.ax210],
    gpus: [GPUS.irisXe],
    npus: [],
    amt: { skus: ['vpro', 'ism'], version: '15.0.50', build: '2633' },
  },
  {
    name: 'vision-box',
    title: 'Inspection computer for four cameras',
    vendor: KESTREL,
    product: 'Kestrel V7',
    board: 'V7-Q670E',
    chassis: 34,
    biosVersions: ['V7.1.9', 'V7.2.0'],
    cpu: CPUS.i712700TE,
    sockets: 1,
    memory: { kind: 'DDR5', speedMts: 4800, slots: 2, moduleGib: [16, 32], soldered: false },
    disks: [[DISKS.nvme512], [DISKS.nvme512, DISKS.sata480]],
    nics: [NICS.i219, NICS.i226it, NICS.i226it],
    gpus: [GPUS.uhd770],
    npus: [],
    amt: { skus: ['vpro'], version: '16.1.32', build: '2418' },
  },
  {
    name: 'line-controller',
    title: 'Controller of a packaging line',
    vendor: KESTREL,
    product: 'Kestrel L5',
    board: 'L5-R680E',
    chassis: 34,
    biosVersions: ['L5.0.22'],
    cpu: CPUS.i513500TE,
    sockets: 1,
    memory: { kind: 'DDR5', speedMts: 4800, slots: 4, moduleGib: [16], soldered: false },
    disks: [[DISKS.nvme512], [DISKS.nvme512, DISKS.nvme512]],
    nics: [NICS.i219, NICS.i210, NICS.i210],
    gpus: [GPUS.uhd770],
    npus: [],
    amt: { skus: ['vpro', 'ism'], version: '16.1.35', build: '2557' },
  },
  {
    name: 'clinic-cart',
    title: 'Computer on a hospital cart, with an NPU',
    vendor: FJORD,
    product: 'Fjord Ward 1',
    board: 'W1-MTLH',
    chassis: 35,
    biosVersions: ['W1.30', 'W1.33'],
    cpu: CPUS.ultra155H,
    sockets: 1,
    memory: { kind: 'DDR5', speedMts: 5600, slots: 2, moduleGib: [16, 32], soldered: false },
    disks: [[DISKS.nvme512], [DISKS.nvme1t]],
    nics: [NICS.i226lm, NICS.ax210],
    gpus: [GPUS.meteorLake],
    npus: [NPUS.meteorLake],
    amt: { skus: ['vpro'], version: '18.0.20', build: '2424' },
  },
  {
    name: 'inference-tower',
    title: 'Small tower that runs models on site',
    vendor: HALDE,
    product: 'Halde T26',
    board: 'T26-W880',
    chassis: 3,
    biosVersions: ['1.4.2', '1.5.0'],
    cpu: CPUS.ultra265,
    sockets: 1,
    memory: { kind: 'DDR5', speedMts: 6400, slots: 4, moduleGib: [16, 32], soldered: false },
    disks: [[DISKS.nvme1t], [DISKS.nvme1t, DISKS.nvme4t]],
    nics: [NICS.i226lm, NICS.i226it],
    gpus: [GPUS.arrowLake],
    npus: [NPUS.arrowLake],
    amt: { skus: ['vpro'], version: '19.0.5', build: '2057' },
  },
  {
    name: 'short-server',
    title: 'Short-depth server in a radio cabinet',
    vendor: HALDE,
    product: 'Halde E1',
    board: 'E1-ICXD',
    chassis: 23,
    biosVersions: ['E1.2.11', 'E1.2.14'],
    cpu: CPUS.xeonD2796NT,
    sockets: 1,
    memory: { kind: 'DDR4', speedMts: 2933, slots: 4, moduleGib: [32], soldered: false },
    disks: [
      [DISKS.sata480, DISKS.nvme4t],
      [DISKS.sata480, DISKS.sata480, DISKS.nvme4t],
    ],
    nics: [NICS.i210, NICS.e810, NICS.e810],
    gpus: [GPUS.aspeed],
    npus: [],
    amt: NO_AMT,
  },
  {
    name: 'edge-server',
    title: 'Two-socket server in a plant room',
    vendor: HALDE,
    product: 'Halde R2',
    board: 'R2-SPR2S',
    chassis: 23,
    biosVersions: ['2.1.3', '2.3.0'],
    cpu: CPUS.xeon6421N,
    sockets: 2,
    memory: { kind: 'DDR5', speedMts: 4800, slots: 16, moduleGib: [16, 32], soldered: false },
    disks: [
      [DISKS.sata480, DISKS.sata480, DISKS.nvme4t, DISKS.nvme4t],
      [DISKS.sata480, DISKS.sata480, DISKS.hdd4t, DISKS.hdd4t, DISKS.nvme4t],
    ],
    nics: [NICS.i210, NICS.i210, NICS.e810, NICS.e810],
    gpus: [GPUS.aspeed],
    npus: [],
    amt: NO_AMT,
  },
]
