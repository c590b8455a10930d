// SPDX-License-Identifier: Apache-2.0
/** The parts simulated machines are made of, described as Linux shows them. */

export type CpuPart = {
  /** `model name` of /proc/cpuinfo. */
  readonly name: string
  readonly family: number
  readonly model: number
  readonly stepping: number
  readonly cores: number
  readonly threads: number
  readonly baseMhz: number
  readonly maxMhz: number
  readonly cacheKb: number
  readonly microcode: string
  /** SMBIOS 3.7 §7.5.2, processor family. */
  readonly smbiosFamily: number
  /** Has AVX-512. */
  readonly wide: boolean
  /** Hybrid processors: how many cores and threads are of the fast kind; they are numbered first. */
  readonly fast?: { readonly cores: number; readonly threads: number }
}

/** Vendor and device are PCI ids without 0x. */
export type PciPart = {
  readonly vendor: string
  readonly device: string
  readonly title: string
  readonly driver: string
}

export type NicPart = PciPart & {
  readonly kind: 'wired' | 'wireless'
  /** Megabits per second when the link is up. */
  readonly speedMbps: number
}

export type DiskPart = {
  readonly kind: 'nvme' | 'sata' | 'emmc'
  readonly model: string
  readonly firmware: string
  readonly serialPrefix: string
  readonly sizeBytes: number
  readonly rotational: boolean
}

/** The core a thread runs on, as Linux numbers them: fast cores first, and twins side by side on hybrids. */
export function coreOf(cpu: CpuPart, thread: number): number {
  if (cpu.fast === undefined) return thread % cpu.cores
  if (thread < cpu.fast.threads) return Math.floor((thread * cpu.fast.cores) / cpu.fast.threads) * 4
  return cpu.fast.cores * 4 + thread - cpu.fast.threads
}

const CORE = { smbiosFamily: 0xc6, family: 6, wide: false } as const

export const CPUS = {
  celeronJ6412: {
    name: 'Intel(R) Celeron(R) J6412 @ 2.00GHz',
    family: 6,
    model: 150,
    stepping: 1,
    cores: 4,
    threads: 4,
    baseMhz: 2000,
    maxMhz: 2600,
    cacheKb: 4096,
    microcode: '0x1a',
    smbiosFamily: 0x0f,
    wide: false,
  },
  atomX6425E: {
    name: 'Intel(R) Atom(TM) x6425E Processor @ 2.00GHz',
    family: 6,
    model: 150,
    stepping: 1,
    cores: 4,
    threads: 4,
    baseMhz: 2000,
    maxMhz: 3000,
    cacheKb: 4096,
    microcode: '0x1a',
    smbiosFamily: 0x2b,
    wide: false,
  },
  i3N305: {
    ...CORE,
    smbiosFamily: 0xce,
    name: 'Intel(R) Core(TM) i3-N305',
    model: 190,
    stepping: 0,
    cores: 8,
    threads: 8,
    baseMhz: 1800,
    maxMhz: 3800,
    cacheKb: 6144,
    microcode: '0x1c',
  },
  i312100T: {
    ...CORE,
    smbiosFamily: 0xce,
    name: '12th Gen Intel(R) Core(TM) i3-12100T',
    model: 151,
    stepping: 5,
    cores: 4,
    threads: 8,
    baseMhz: 2200,
    maxMhz: 4100,
    cacheKb: 12288,
    microcode: '0x38',
  },
  i58500T: {
    ...CORE,
    smbiosFamily: 0xcd,
    name: 'Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz',
    model: 158,
    stepping: 10,
    cores: 6,
    threads: 6,
    baseMhz: 2100,
    maxMhz: 3500,
    cacheKb: 9216,
    microcode: '0xf8',
  },
  i51145G7E: {
    ...CORE,
    smbiosFamily: 0xcd,
    name: '11th Gen Intel(R) Core(TM) i5-1145G7E @ 2.60GHz',
    model: 140,
    stepping: 1,
    cores: 4,
    threads: 8,
    baseMhz: 2600,
    maxMhz: 4100,
    cacheKb: 8192,
    microcode: '0xb8',
    wide: true,
  },
  i712700TE: {
    ...CORE,
    name: '12th Gen Intel(R) Core(TM) i7-12700TE',
    model: 151,
    stepping: 2,
    cores: 12,
    threads: 20,
    baseMhz: 1400,
    maxMhz: 4700,
    cacheKb: 25600,
    microcode: '0x38',
    fast: { cores: 8, threads: 16 },
  },
  i513500TE: {
    ...CORE,
    smbiosFamily: 0xcd,
    name: '13th Gen Intel(R) Core(TM) i5-13500TE',
    model: 191,
    stepping: 2,
    cores: 14,
    threads: 20,
    baseMhz: 1300,
    maxMhz: 4500,
    cacheKb: 24576,
    microcode: '0x38',
    fast: { cores: 6, threads: 12 },
  },
  ultra155H: {
    ...CORE,
    name: 'Intel(R) Core(TM) Ultra 7 155H',
    model: 170,
    stepping: 4,
    cores: 16,
    threads: 22,
    baseMhz: 1400,
    maxMhz: 4800,
    cacheKb: 24576,
    microcode: '0x20',
    fast: { cores: 6, threads: 12 },
  },
  ultra265: {
    ...CORE,
    name: 'Intel(R) Core(TM) Ultra 7 265',
    model: 198,
    stepping: 2,
    cores: 20,
    threads: 20,
    baseMhz: 2400,
    maxMhz: 5300,
    cacheKb: 30720,
    microcode: '0x117',
    fast: { cores: 8, threads: 8 },
  },
  xeonD2796NT: {
    name: 'Intel(R) Xeon(R) D-2796NT CPU @ 2.00GHz',
    family: 6,
    model: 108,
    stepping: 1,
    cores: 20,
    threads: 40,
    baseMhz: 2000,
    maxMhz: 3100,
    cacheKb: 30720,
    microcode: '0x10002b0',
    smbiosFamily: 0xb3,
    wide: true,
  },
  xeon6421N: {
    name: 'Intel(R) Xeon(R) Gold 6421N',
    family: 6,
    model: 143,
    stepping: 8,
    cores: 32,
    threads: 64,
    baseMhz: 1800,
    maxMhz: 3600,
    cacheKb: 61440,
    microcode: '0x2b000603',
    smbiosFamily: 0xb3,
    wide: true,
  },
} as const satisfies Readonly<Record<string, CpuPart>>

const NVME = { kind: 'nvme', rotational: false } as const
const SATA = { kind: 'sata', rotational: false } as const

/** Sizes are what such disks report, not round numbers: IDEMA LBA1-03 for 512-byte sectors. */
export const DISKS = {
  emmc64: {
    kind: 'emmc',
    model: 'SIM64G',
    firmware: '0x0600000000000000',
    serialPrefix: '0x',
    sizeBytes: 62_537_072_640,
    rotational: false,
  },
  sata128: {
    ...SATA,
    model: 'Tarn SSD T3 128GB',
    firmware: 'TN03A',
    serialPrefix: 'T3',
    sizeBytes: 128_035_676_160,
  },
  sata480: {
    ...SATA,
    model: 'Tarn SSD DC 480GB',
    firmware: 'TD11C',
    serialPrefix: 'TD',
    sizeBytes: 480_103_981_056,
  },
  hdd4t: {
    kind: 'sata',
    model: 'Fell HDD 4TB-7K2',
    firmware: 'FH02',
    serialPrefix: 'FH',
    sizeBytes: 4_000_787_030_016,
    rotational: true,
  },
  nvme256: { ...NVME, model: 'Scree NVMe S1 256GB', firmware: 'SC1Q', serialPrefix: 'S1', sizeBytes: 256_060_514_304 },
  nvme512: { ...NVME, model: 'Scree NVMe S1 512GB', firmware: 'SC1Q', serialPrefix: 'S1', sizeBytes: 512_110_190_592 },
  nvme1t: { ...NVME, model: 'Scree NVMe S2 1TB', firmware: 'SC2H', serialPrefix: 'S2', sizeBytes: 1_000_204_886_016 },
  nvme4t: {
    ...NVME,
    model: 'Scree NVMe DC 3.84TB',
    firmware: 'SD40',
    serialPrefix: 'SD',
    sizeBytes: 3_840_755_982_336,
  },
} as const satisfies Readonly<Record<string, DiskPart>>

const INTEL = '8086'
const wired = { vendor: INTEL, kind: 'wired', speedMbps: 1000 } as const

export const NICS = {
  i210: { ...wired, device: '1533', title: 'I210 Gigabit Network Connection', driver: 'igb' },
  i219old: { ...wired, device: '15bb', title: 'Ethernet Connection (7) I219-LM', driver: 'e1000e' },
  i219: { ...wired, device: '1a1c', title: 'Ethernet Connection (17) I219-LM', driver: 'e1000e' },
  i225: { ...wired, device: '15f2', title: 'Ethernet Controller I225-LM', driver: 'igc', speedMbps: 2500 },
  i226lm: { ...wired, device: '125b', title: 'Ethernet Controller I226-LM', driver: 'igc', speedMbps: 2500 },
  i226it: { ...wired, device: '125d', title: 'Ethernet Controller I226-IT', driver: 'igc', speedMbps: 2500 },
  e810: { ...wired, device: '1593', title: 'Ethernet Controller E810-C for SFP', driver: 'ice', speedMbps: 25_000 },
  ax210: { vendor: INTEL, kind: 'wireless', device: '2725', title: 'Wi-Fi 6E AX210', driver: 'iwlwifi', speedMbps: 0 },
} as const satisfies Readonly<Record<string, NicPart>>

const display = { vendor: INTEL, driver: 'i915' } as const

export const GPUS = {
  elkhartLake: { ...display, device: '4571', title: 'Elkhart Lake [UHD Graphics Gen11 32EU]' },
  alderLakeN: { ...display, device: '46d0', title: 'Alder Lake-N [UHD Graphics]' },
  uhd630: { ...display, device: '3e92', title: 'CoffeeLake-S GT2 [UHD Graphics 630]' },
  uhd730: { ...display, device: '4692', title: 'Alder Lake-S GT1 [UHD Graphics 730]' },
  uhd770: { ...display, device: '4680', title: 'AlderLake-S GT1 [UHD Graphics 770]' },
  irisXe: { ...display, device: '9a49', title: 'TigerLake-LP GT2 [Iris Xe Graphics]' },
  meteorLake: { ...display, device: '7d55', title: 'Meteor Lake-P [Intel Arc Graphics]' },
  arrowLake: { ...display, device: '7d67', title: 'Arrow Lake-S [Intel Graphics]' },
  aspeed: { vendor: '1a03', device: '2000', title: 'ASPEED Graphics Family', driver: 'ast' },
} as const satisfies Readonly<Record<string, PciPart>>

export const NPUS = {
  meteorLake: { vendor: INTEL, device: '7d1d', title: 'Meteor Lake NPU', driver: 'intel_vpu' },
  arrowLake: { vendor: INTEL, device: 'ad1d', title: 'Arrow Lake NPU', driver: 'intel_vpu' },
} as const satisfies Readonly<Record<string, PciPart>>
