// SPDX-License-Identifier: Apache-2.0
/** `/proc` of a simulated host, in the shape of Linux 5.15 to 6.12. */
import { diceOf } from '../dice.ts'
import { type CpuPart, coreOf } from '../parts.ts'
import { fibTrie, ifInet6, routes } from './proc-net.ts'
import type { TreeSource } from './source.ts'
import { type Folder, folder } from './tree.ts'
import { vitalsOf } from './vitals.ts'

export function procFolder(source: TreeSource): Folder {
  const { facts } = source
  return {
    cmdline: () => `BOOT_IMAGE=/boot/vmlinuz-${facts.image.kernel} root=/dev/mapper/root ro quiet\n`,
    cpuinfo: () => cpuinfo(facts.model.cpu, facts.model.sockets),
    diskstats: () => diskstats(source),
    loadavg: () => loadavg(source),
    meminfo: () => meminfo(source),
    mounts: () => mounts(source),
    net: folder(() => ({
      dev: () => netDev(source),
      fib_trie: () => fibTrie(source),
      if_inet6: () => ifInet6(source),
      route: () => routes(source),
    })),
    stat: () => stat(source),
    sys: folder(() => ({
      kernel: folder(() => ({
        hostname: () => `${source.hostname()}\n`,
        // The file is there from Linux 6.1 on.
        ...(facts.image.kernel.startsWith('5.') ? {} : { arch: 'x86_64\n' }),
        osrelease: () => `${facts.image.kernel}\n`,
        ostype: 'Linux\n',
        version: () => `${facts.image.build}\n`,
        random: folder(() => ({ boot_id: () => `${source.bootId()}\n` })),
      })),
    })),
    uptime: () => {
      const { uptimeSeconds, busySeconds } = vitalsOf(source)
      const idle = processors(source) * (uptimeSeconds - busySeconds)
      return `${uptimeSeconds.toFixed(2)} ${idle.toFixed(2)}\n`
    },
    version: () => `Linux version ${facts.image.kernel} (builder@simulated) (gcc 13.3.0) ${facts.image.build}\n`,
  }
}

function processors({ facts: { model } }: TreeSource): number {
  return model.cpu.threads * model.sockets
}

const FLAGS =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm ' +
  'pbe syscall nx pdpe1gb rdtscp lm constant_tsc art arch_perfmon pebs bts rep_good nopl xtopology nonstop_tsc cpuid ' +
  'aperfmperf tsc_known_freq pni pclmulqdq dtes64 monitor ds_cpl vmx est tm2 ssse3 sdbg cx16 xtpr pdcm sse4_1 sse4_2 ' +
  'x2apic movbe popcnt tsc_deadline_timer aes xsave rdrand lahf_lm 3dnowprefetch cpuid_fault ibrs ibpb stibp ' +
  'fsgsbase tsc_adjust smep erms rdseed smap clflushopt intel_pt sha_ni xsaveopt xsavec xgetbv1 dtherm ida arat'
const AVX = 'avx f16c fma avx2 bmi1 bmi2 avx_vnni'
const AVX512 = 'avx f16c fma avx2 bmi1 bmi2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni'

function cpuinfo(cpu: CpuPart, sockets: number): string {
  const small = cpu.cores === cpu.threads && cpu.baseMhz <= 2_000 && cpu.model === 150
  const flags = small ? FLAGS : `${FLAGS} ${cpu.wide ? AVX512 : AVX}`
  const blocks: string[] = []
  for (let socket = 0; socket < sockets; socket++) {
    for (let thread = 0; thread < cpu.threads; thread++) {
      blocks.push(cpuBlock(cpu, { socket, thread, number: socket * cpu.threads + thread, flags }))
    }
  }
  return `${blocks.join('\n\n')}\n\n`
}

type Place = { readonly socket: number; readonly thread: number; readonly number: number; readonly flags: string }

function cpuBlock(cpu: CpuPart, { socket, thread, number, flags }: Place): string {
  return [
    `processor\t: ${number}`,
    'vendor_id\t: GenuineIntel',
    `cpu family\t: ${cpu.family}`,
    `model\t\t: ${cpu.model}`,
    `model name\t: ${cpu.name}`,
    `stepping\t: ${cpu.stepping}`,
    `microcode\t: ${cpu.microcode}`,
    `cpu MHz\t\t: ${cpu.baseMhz}.000`,
    `cache size\t: ${cpu.cacheKb} KB`,
    `physical id\t: ${socket}`,
    `siblings\t: ${cpu.threads}`,
    `core id\t\t: ${coreOf(cpu, thread)}`,
    `cpu cores\t: ${cpu.cores}`,
    `apicid\t\t: ${number}`,
    `initial apicid\t: ${number}`,
    'fpu\t\t: yes',
    'fpu_exception\t: yes',
    'cpuid level\t: 27',
    'wp\t\t: yes',
    `flags\t\t: ${flags}`,
    'bugs\t\t: spectre_v1 spectre_v2 spec_store_bypass swapgs',
    `bogomips\t: ${cpu.baseMhz * 2}.00`,
    'clflush size\t: 64',
    'cache_alignment\t: 64',
    'address sizes\t: 46 bits physical, 48 bits virtual',
    'power management:',
  ].join('\n')
}

/** Firmware and the kernel keep some of what is fitted, as on real machines. */
function meminfo(source: TreeSource): string {
  const kb = (bytes: number): number => Math.floor(bytes / 1_024)
  const total = kb(source.facts.memory.totalBytes * 0.972)
  const used = kb(vitalsOf(source).memoryUsedBytes)
  const cached = Math.floor((total - used) * 0.4)
  const line = (name: string, value: number): string => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`
  return [
    line('MemTotal', total),
    line('MemFree', total - used - cached),
    line('MemAvailable', total - used),
    line('Buffers', Math.floor(cached * 0.05)),
    line('Cached', cached),
    line('SwapCached', 0),
    line('SwapTotal', 2_097_148),
    line('SwapFree', 2_097_148),
  ].join('')
}

/** Clock ticks of 10 ms (USER_HZ). */
function stat(source: TreeSource): string {
  const { busySeconds, uptimeSeconds } = vitalsOf(source)
  const count = processors(source)
  const ticks = (share: number): number => Math.floor(busySeconds * 100 * share)
  const row = (name: string, factor: number): string =>
    [
      name,
      ticks(0.7) * factor,
      0,
      ticks(0.27) * factor,
      Math.floor((uptimeSeconds - busySeconds) * 100) * factor,
      ticks(0.02) * factor,
      0,
      ticks(0.01) * factor,
      0,
      0,
      0,
    ].join(' ')
  return [
    row('cpu ', count),
    ...Array.from({ length: count }, (_, number) => row(`cpu${number}`, 1)),
    'intr 0',
    `ctxt ${Math.floor(busySeconds * 9_000)}`,
    `btime ${Math.floor((source.now() - source.uptimeMs()) / 1_000)}`,
    `processes ${1_200 + Math.floor(busySeconds)}`,
    'procs_running 1',
    'procs_blocked 0',
    '',
  ].join('\n')
}

function loadavg(source: TreeSource): string {
  const load = (vitalsOf(source).load * processors(source)).toFixed(2)
  return `${load} ${load} ${load} 1/412 ${2_000 + Math.floor(source.uptimeMs() / 60_000)}\n`
}

function diskstats(source: TreeSource): string {
  const { readSectors, writtenSectors } = vitalsOf(source)
  return source.facts.disks
    .map(({ name, kind }, at) => {
      const [major, minor] = kind === 'nvme' ? [259, at] : kind === 'sata' ? [8, at * 16] : [179, at * 8]
      const [read, written] = at === 0 ? [readSectors, writtenSectors] : [Math.floor(readSectors / 16), 0]
      const busyMs = Math.floor((read + written) / 16)
      return `${String(major).padStart(4)}${String(minor).padStart(8)} ${name} ${Math.floor(read / 8)} 0 ${read} ${busyMs} ${Math.floor(written / 8)} 0 ${written} ${busyMs} 0 ${busyMs} ${busyMs} 0 0 0 0 0 0\n`
    })
    .join('')
}

function netDev(source: TreeSource): string {
  const { receivedBytes, sentBytes } = vitalsOf(source)
  const row = (name: string, received: number, sent: number): string =>
    `${name.padStart(6)}: ${received} ${Math.floor(received / 512)} 0 0 0 0 0 0 ${sent} ${Math.floor(sent / 512)} 0 0 0 0 0 0\n`
  return [
    'Inter-|   Receive                                                |  Transmit\n',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n',
    row('lo', Math.floor(sentBytes / 16), Math.floor(sentBytes / 16)),
    ...source.facts.nics.map(({ name, linked }) => row(name, linked ? receivedBytes : 0, linked ? sentBytes : 0)),
  ].join('')
}

function mounts({ facts }: TreeSource): string {
  const disk = facts.disks[0]?.name ?? 'sda'
  const part = /\d$/.test(disk) ? `${disk}p` : disk
  const inode = diceOf(facts.seed, facts.index, 'mounts').between(100_000, 900_000)
  return [
    'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0',
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    `udev /dev devtmpfs rw,nosuid,relatime,nr_inodes=${inode},mode=755,inode64 0 0`,
    'tmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime,mode=755,inode64 0 0',
    `/dev/${part}2 / ext4 rw,relatime 0 0`,
    `/dev/${part}1 /boot/efi vfat rw,relatime,fmask=0077,dmask=0077 0 0`,
    '',
  ].join('\n')
}
