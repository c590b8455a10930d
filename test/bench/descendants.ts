// SPDX-License-Identifier: Apache-2.0
/** The processes that came of one: what they use together, and their end. */
import { readdirSync, readFileSync } from 'node:fs'
import { cpuSecondsOf, memoryOf } from './support.ts'

/** A process and all that came of it, from the kernel's own list. */
export function treeOf(pid: number): readonly number[] {
  const children = Map.groupBy(parents(), ([, parent]) => parent)
  const found: number[] = []
  const waiting = [pid]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next)
    waiting.push(...(children.get(next) ?? []).map(([child]) => child))
  }
  return found
}

function parents(): readonly (readonly [number, number])[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
        return [[Number(name), Number(fields[1])] as const]
      } catch {
        return [] // it has ended meanwhile
      }
    })
}

/** Seconds of processor time of living processes and all that came of them. */
export function cpuSecondsOfTrees(pids: readonly number[]): number {
  return sum(pids, cpuSecondsOf)
}

/** Resident megabytes of living processes and all that came of them; pages they share count in each. */
export function rssMbOfTrees(pids: readonly number[]): number {
  return sum(pids, pid => memoryOf(pid).rssMb)
}

function sum(pids: readonly number[], measure: (pid: number) => number): number {
  let total = 0
  for (const pid of pids.flatMap(treeOf)) {
    try {
      total += measure(pid)
    } catch {
      // it has ended meanwhile
    }
  }
  return total
}

/** Ends everything that came of this process. */
export function endDescendants(signal: NodeJS.Signals): void {
  for (const pid of treeOf(process.pid).slice(1)) {
    try {
      process.kill(pid, signal)
    } catch {
      // it has ended meanwhile
    }
  }
}
