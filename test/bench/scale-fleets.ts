// SPDX-License-Identifier: Apache-2.0
/** Fleets of simulated hosts in several processes, as many as a big fleet needs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchController, ENVIRONMENT, program } from './support.ts'

/** Garbage is collected in one thread for each process: smaller heaps pause shorter. */
const HOSTS_PER_PROCESS = Number(process.env.BENCH_HOSTS_PER_PROCESS ?? 2_500)
/**
 * Memory of the simulators is not what is measured, and looking for garbage in it would take the controller's processor
 * time: a young generation of full size from the beginning, and a heap that may grow to five times what lives in it,
 * connections counted with it, and is not tidied up in quiet moments. (Code that is optimized for size saves 50 KB of each
 * agent's heap and costs half as much processor time again.)
 */
const FLAGS = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--heap-growing-percent=400',
  '--no-memory-reducer',
  '--external-memory-accounted-in-global-limit',
]

/** As `nice` counts. */
const BELOW = 10

/**
 * The disks of the hosts are in memory where there is a file system for it: they would be ten thousand disks, and are not
 * what is measured. The journals count as memory of the simulators then, which the figures leave out.
 */
const DISKS = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export interface Fleets {
  readonly pids: readonly number[]
  /** Starts processes until so many hosts have been started in all. */
  growTo(hosts: number): Promise<void>
  /** Where each host keeps its journal. */
  journals(): readonly string[]
  /** They would be other machines: when all of them act at once, they must not take the controller's core from it. */
  stepBack(): void
  /** Throws when a process has ended although nobody told it to. */
  mustLive(): void
  /** Lets every agent say farewell. */
  stop(): Promise<void>
}

export function createFleets(controller: BenchController): Fleets {
  const children: ChildProcess[] = []
  const dirs: string[] = []
  let started = 0
  const removeDisks = (): void => {
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
  }
  // Also when the run is cut short.
  process.once('exit', removeDisks)
  const startOne = async (hosts: number): Promise<void> => {
    const name = `fleet-${children.length + 1}`
    const dir = mkdtempSync(join(DISKS, `muster-bench-${name}-`))
    const token = join(controller.dir, `${name}.token`)
    writeFileSync(token, await controller.joinToken(hosts), { mode: 0o600 })
    const { args } = program('simulator')
    const up = ['up', String(hosts), '--url', controller.secureUrl, '--token-file', token, '--seed', name, '--dir', dir]
    const child = spawn(process.execPath, [...FLAGS, ...args, ...up, '--processes', '1', '--json'], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: ENVIRONMENT,
    })
    children.push(child)
    dirs.push(dir)
  }
  return {
    get pids() {
      return children.map(({ pid }) => pid ?? -1)
    },
    growTo: async hosts => {
      while (started < hosts) {
        const next = Math.min(HOSTS_PER_PROCESS, hosts - started)
        await startOne(next)
        started += next
      }
    },
    journals: () =>
      dirs.flatMap(dir => readdirSync(join(dir, 'hosts')).map(name => join(dir, 'hosts', name, 'journal.db'))),
    stepBack: () => {
      for (const { pid } of children) if (pid !== undefined) setPriority(pid, BELOW)
    },
    mustLive: () => {
      for (const { exitCode, signalCode } of children) {
        if (exitCode !== null || signalCode !== null)
          throw new Error(`a simulator ended by itself (${exitCode ?? signalCode})`)
      }
    },
    stop: async () => {
      await Promise.all(
        children.map(async child => {
          const gone = new Promise(resolve => child.once('exit', resolve))
          child.kill('SIGTERM')
          await gone
        }),
      )
      removeDisks()
    },
  }
}
