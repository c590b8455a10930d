// SPDX-License-Identifier: Apache-2.0
/** Watches and ends a process with everything it started, by way of Linux's `/proc`. */
import { readdirSync, readFileSync } from 'node:fs'

export type TreeUse = { readonly processes: number; readonly residentBytes: number }

/** Counts a process and its descendants and their resident memory; stops looking beyond `most` processes. */
export function measureTree(root: number, most: number): TreeUse {
  let processes = 0
  let residentBytes = 0
  for (const pid of descendants(root, most)) {
    processes++
    residentBytes += residentOf(pid)
  }
  return { processes, residentBytes }
}

/**
 * Kills a process that leads its own session, its session, its group and its descendants. Repeats until nothing is
 * left to be found, because what is being killed may still be forking; whoever left the session and was orphaned before
 * is out of reach, and left to the limits of the agent's unit.
 */
export function killTree(root: number): void {
  for (let round = 0; round < 10; round++) {
    const found = new Set([...descendants(root, Number.POSITIVE_INFINITY), ...sessionOf(root)])
    // Stopped first: a process that does not run cannot fork while the others are being killed.
    for (const pid of found) signal(pid, 'SIGSTOP')
    signal(-root, 'SIGKILL')
    for (const pid of found) signal(pid, 'SIGKILL')
    if (found.size <= 1) return
  }
}

/** Kills what a process that has ended left behind in its session. Its own id may belong to another one by now. */
export function killOrphans(root: number): void {
  for (const pid of sessionOf(root)) signal(pid, 'SIGKILL')
}

function* descendants(root: number, most: number): Generator<number> {
  const waiting = [root]
  const seen = new Set<number>()
  for (let pid = waiting.pop(); pid !== undefined && seen.size <= most; pid = waiting.pop()) {
    if (seen.has(pid)) continue
    seen.add(pid)
    yield pid
    waiting.push(...childrenOf(pid))
  }
}

function childrenOf(pid: number): readonly number[] {
  const children: number[] = []
  for (const task of list(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${task}/children`).split(' ')) {
      if (child !== '') children.push(Number(child))
    }
  }
  return children
}

/** The living members of the session that `leader` leads or led. */
function sessionOf(leader: number): readonly number[] {
  return list('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      // `pid (name) state ppid pgrp session …`; the name may hold spaces and parentheses (proc(5)).
      const stat = read(`/proc/${pid}/stat`)
      const [state, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return state !== 'Z' && (Number(session) === leader || Number(group) === leader)
    })
}

// In kibibytes, whatever the size of a page, which differs between kernels for the same architecture (proc(5)).
function residentOf(pid: number): number {
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return Number(kibibytes) * 1_024
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has gone already.
  }
}

// What vanishes between being listed and being read is simply no longer there.
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
