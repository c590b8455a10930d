// SPDX-License-Identifier: Apache-2.0
/** The processors, from /proc/cpuinfo and the topology in /sys. */
import type { Files } from '../contract/index.ts'
import type { Cpu } from './contract.ts'
import { clean, count, fact, names, present, whole } from './read.ts'

const CPUS = '/sys/devices/system/cpu'

/** What tells one set of processors from another without reading them all. */
export async function onlineCpus(files: Files): Promise<string | undefined> {
  return fact(files, `${CPUS}/online`)
}

/** Reads the processors; `undefined` when the kernel shows none. */
export async function readCpu(files: Files): Promise<Cpu | undefined> {
  const text = await whole(files, '/proc/cpuinfo')
  const processors = parseCpuinfo(text ?? '')
  const first = processors[0]
  if (first === undefined) return undefined
  const shape = (await readTopology(files)) ?? topologyOf(processors)
  const maxKhz = await count(files, `${CPUS}/cpu0/cpufreq/cpuinfo_max_freq`)
  return present({
    model: clean(modelOf(processors)),
    vendor: clean(first.vendor_id ?? ARM_VENDORS[first['CPU implementer'] ?? '']),
    architecture: (await fact(files, '/proc/sys/kernel/arch')) ?? architectureOf(first),
    ...shape,
    threads: processors.length,
    maxMhz: maxKhz === undefined ? undefined : Math.round(maxKhz / 1_000),
    capabilities: flagsOf(first),
    coreGroups: await readCoreGroups(files),
  })
}

export type Processor = Readonly<Record<string, string>>

/** Splits /proc/cpuinfo into its processors; the trailing block of some ARM boards describes the board and is left out. */
export function parseCpuinfo(text: string): readonly Processor[] {
  return text
    .split(/\n\s*\n/)
    .map(block => {
      const fields: Record<string, string> = {}
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':')
        if (colon > 0) fields[line.slice(0, colon).trim()] = line.slice(colon + 1).trim()
      }
      return fields
    })
    .filter(fields => /^\d+$/.test(fields.processor ?? ''))
}

const ARM_VENDORS: Readonly<Record<string, string>> = {
  '0x41': 'ARM',
  '0x42': 'Broadcom',
  '0x43': 'Cavium',
  '0x46': 'Fujitsu',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x50': 'Ampere (APM)',
  '0x51': 'Qualcomm',
  '0x61': 'Apple',
  '0xc0': 'Ampere',
}

function modelOf(processors: readonly Processor[]): string | undefined {
  const first = processors[0] ?? {}
  const named = first['model name'] ?? first['cpu model'] ?? first.Processor ?? first.uarch
  if (named !== undefined) return named
  const part = first['CPU part']
  return part === undefined ? undefined : `${ARM_VENDORS[first['CPU implementer'] ?? ''] ?? 'ARM'} part ${part}`
}

// Kernels before 6.1 have no /proc/sys/kernel/arch.
function architectureOf(processor: Processor): string {
  const flags = flagsOf(processor)
  if (flags.includes('lm')) return 'x86_64'
  if (processor.vendor_id !== undefined) return 'i686'
  if (processor['CPU architecture'] === '8') return 'aarch64'
  if (processor['CPU architecture'] !== undefined) return 'arm'
  return processor.isa?.startsWith('rv64') ? 'riscv64' : 'unknown'
}

function flagsOf(processor: Processor): string[] {
  const text = processor.flags ?? processor.Features ?? processor.features ?? processor.isa ?? ''
  const flags = new Set(text.split(/\s+/).filter(flag => flag !== '' && flag.length <= 200))
  return [...flags].sort().slice(0, 512)
}

type Shape = { readonly sockets: number; readonly cores: number }

async function readTopology(files: Files): Promise<Shape | undefined> {
  const cpus = (await names(files, CPUS)).filter(name => /^cpu\d+$/.test(name))
  const sockets = new Set<string>()
  const cores = new Set<string>()
  for (const cpu of cpus) {
    const core = await fact(files, `${CPUS}/${cpu}/topology/core_id`)
    if (core === undefined) continue
    // Boards without the notion of a package say -1.
    const socket = await fact(files, `${CPUS}/${cpu}/topology/physical_package_id`)
    const cluster = await fact(files, `${CPUS}/${cpu}/topology/die_id`)
    sockets.add(socket ?? '-1')
    cores.add(`${socket}/${cluster}/${core}`)
  }
  return cores.size === 0 ? undefined : { sockets: sockets.size, cores: cores.size }
}

function topologyOf(processors: readonly Processor[]): Shape {
  const sockets = new Set<string>()
  const cores = new Set<string>()
  for (const processor of processors) {
    sockets.add(processor['physical id'] ?? '0')
    cores.add(`${processor['physical id']}/${processor['core id'] ?? processor.processor}`)
  }
  return { sockets: sockets.size, cores: cores.size }
}

async function readCoreGroups(files: Files): Promise<Cpu['coreGroups']> {
  const performance = await fact(files, '/sys/devices/cpu_core/cpus')
  const efficiency = await fact(files, '/sys/devices/cpu_atom/cpus')
  if (performance === undefined || efficiency === undefined) return undefined
  return [
    { kind: 'performance', cpus: performance },
    { kind: 'efficiency', cpus: efficiency },
  ]
}
