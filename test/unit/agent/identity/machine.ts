// SPDX-License-Identifier: Apache-2.0
/** A machine in memory: files that can fail at any write, and a clock that stands still until it is moved. */
import { randomBytes } from 'node:crypto'
import type { Network, System } from '../../../../agent/system/system.ts'
import type { Clock, Files } from '../../../../plugins/contract/index.ts'

export class PowerCut extends Error {}

export type Machine = {
  readonly system: System
  /** What lies on the disk. */
  readonly disk: Map<string, string>
  /** Every change of the disk so far: `replace /path`. */
  readonly changes: string[]
  /** From now on, the change with this number (0 is the next) does not happen, and none after it. */
  cutAt(change: number): void
  /** The disk lives on in a machine that is as good as new. */
  reboot(more?: Partial<MachineOptions>): Machine
  advance(ms: number): void
}

export type MachineOptions = {
  readonly now: number
  readonly machineId: string
  readonly disk: Map<string, string>
  readonly links: Readonly<Record<string, string>>
  readonly network: Network
}

const nowhere: Network = {
  connect: () => Promise.reject(new Error('this machine has no network')),
  proxyFor: () => undefined,
}

export function createMachine(options: Partial<MachineOptions> = {}): Machine {
  const { machineId = 'a'.repeat(32), disk = new Map<string, string>(), links = {}, network = nowhere } = options
  const changes: string[] = []
  let now = options.now ?? 1_800_000_000_000
  let monotonic = 0
  let cut = Number.POSITIVE_INFINITY

  const change = (what: string, act: () => void): void => {
    if (cut-- <= 0) throw new PowerCut(what)
    changes.push(what)
    act()
  }
  const files: Files = {
    read: async path => (disk.has(path) ? new TextEncoder().encode(disk.get(path)) : undefined),
    text: async path => disk.get(path),
    list: async path => {
      const below = [...disk.keys(), ...Object.keys(links)].filter(each => each.startsWith(`${path}/`))
      return [...new Set(below.map(each => each.slice(path.length + 1).split('/')[0]!))].sort()
    },
    link: async path => links[path],
    replace: async (path, content) =>
      change(`replace ${path}`, () => {
        disk.set(path, typeof content === 'string' ? content : new TextDecoder().decode(content))
      }),
    remove: async path => change(`remove ${path}`, () => disk.delete(path)),
  }
  const clock: Clock = {
    now: () => now,
    monotonic: () => monotonic,
    after: () => () => undefined,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      now += ms
      monotonic += ms
    },
  }
  return {
    disk,
    changes,
    system: {
      files,
      clock,
      network,
      processes: { run: () => Promise.reject(new Error('this machine runs no programs')) },
      random: count => new Uint8Array(randomBytes(count)),
      machineId: async () => machineId,
      bootId: async () => 'boot',
      simulated: false,
    },
    cutAt: at => {
      cut = at
    },
    reboot: more => createMachine({ now, machineId, disk, links, network, ...more }),
    advance: ms => {
      now += ms
      monotonic += ms
    },
  }
}
