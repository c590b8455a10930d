// SPDX-License-Identifier: Apache-2.0
/** What every measurement needs: real programs as processes, their memory and time, and figures as lines. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import * as settings from '../../packaging/build/process-settings.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The built program when there is one, else its source. */
export function program(name: 'agent' | 'controller' | 'simulator' | 'cli'): {
  readonly args: string[]
  readonly built: boolean
} {
  const source = {
    agent: 'agent/main.ts',
    controller: 'controller/main.ts',
    simulator: 'simulator/main.ts',
    cli: 'controller/cli/bin.js',
  }[name]
  const file = {
    agent: 'agent/muster-agent.mjs',
    controller: 'controller/muster-controller.mjs',
    simulator: 'simulator/muster-sim.mjs',
    cli: 'cli/muster.mjs',
  }[name]
  // BENCH_SOURCE=1 measures what was changed a moment ago.
  const isBuilt = process.env.BENCH_SOURCE !== '1' && existsSync(join(ROOT, 'dist', file))
  const built = isBuilt ? join(ROOT, 'dist', file) : undefined
  return built === undefined ? { args: [join(ROOT, source)], built: false } : { args: [built], built: true }
}

/** As the service of the controller runs. */
export const CONTROLLER_ENVIRONMENT = { ...process.env, ...settings.CONTROLLER_ENVIRONMENT }
export const CONTROLLER_FLAGS = [...settings.CONTROLLER_FLAGS]
/** As agents run, and simulators here. */
export const ENVIRONMENT = { ...process.env, ...settings.AGENT_ENVIRONMENT }
export const AGENT_FLAGS = [...settings.AGENT_FLAGS]

export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly aim?: string
  /** Whether the aim is met; the run ends with a table of these. */
  readonly met?: boolean
}

export const shownValue = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100

/** Prints a figure that may be at most so much, and returns it for the table at the end. */
export function printAtMost(figure: Omit<Figure, 'aim' | 'met'>, most: number): Figure {
  const judged = { ...figure, aim: `≤ ${most}`, met: figure.value <= most }
  print(judged)
  return judged
}

export function print({ name, value, unit, aim }: Figure): void {
  const shown = shownValue(value)
  process.stdout.write(
    `${name.padEnd(58)} ${String(shown).padStart(9)} ${unit.padEnd(12)} ${aim === undefined ? '' : `(aim ${aim})`}\n`,
  )
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

export type Memory = { readonly rssMb: number; readonly privateMb: number }

/** From the kernel: resident, and what belongs to this process alone. */
export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kb = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0)
  return { rssMb: kb('Rss') / 1_024, privateMb: (kb('Private_Clean') + kb('Private_Dirty')) / 1_024 }
}

/** Seconds of processor time used so far, by the process and the children it has waited for. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0)
  return ticks / 100
}

export interface BenchController {
  readonly pid: number
  readonly url: string
  readonly secureUrl: string
  readonly busPort: number
  readonly token: string
  readonly startMs: number
  readonly dir: string
  readonly built: boolean
  call(method: string, path: string, body?: unknown): Promise<any>
  joinToken(uses: number): Promise<string>
  /** As a power cut would end it. */
  kill(): Promise<void>
  /** On the same folder and ports; resolves with the milliseconds until it answers. */
  startAgain(): Promise<number>
  stop(): Promise<void>
}

let nextPort = 21_000 + (process.pid % 2_000) * 4

export async function benchController(more: { announce?: number } = {}): Promise<BenchController> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const [https, http, bus] = [nextPort++, nextPort++, nextPort++]
  writeFileSync(
    join(dir, 'c.yaml'),
    stringify({
      dataDir: join(dir, 'data'),
      http: {
        listen: [`https://127.0.0.1:${https}`, `http://127.0.0.1:${http}`],
        requestsPerMinute: { person: 10_000_000, address: 10_000_000 },
      },
      bus: {
        listen: `127.0.0.1:${bus}`,
        trustLoopback: true,
        ...(more.announce === undefined ? {} : { announce: `:${more.announce}` }),
      },
      modules: {
        onboarding: { attemptsPerMinute: 1_000_000, failuresPerMinute: 10_000 },
        inventory: {},
        oob: { cira: { listen: '127.0.0.1:0' } },
      },
      logLevel: 'error',
    }),
  )
  const { args, built } = program('controller')
  const url = `http://127.0.0.1:${http}`
  let child: ChildProcess
  const start = async (): Promise<number> => {
    const began = performance.now()
    child = spawn(process.execPath, [...CONTROLLER_FLAGS, ...args, 'run', '--config', join(dir, 'c.yaml')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: CONTROLLER_ENVIRONMENT,
    })
    await answers(`${url}/readyz`)
    return performance.now() - began
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  const startMs = await start()
  const link = await output([...args, 'admin', 'link', '--config', join(dir, 'c.yaml')])
  const call = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return answer.json()
  }
  let token = ''
  token = (await call('POST', '/v1/setup', { secret: link.split('#')[1]?.trim(), name: 'bench' })).token
  return {
    get pid() {
      return child.pid ?? -1
    },
    url,
    secureUrl: `https://127.0.0.1:${https}`,
    busPort: bus,
    token,
    startMs,
    dir,
    built,
    call,
    joinToken: async uses => (await call('POST', '/v1/projects/default/enrollment/tokens', { uses })).token,
    kill: () => end('SIGKILL'),
    startAgain: start,
    stop: async () => {
      await end('SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<void> {
  // Others may want the machine too: how long it takes is measured, not judged.
  const deadline = performance.now() + 120_000
  for (;;) {
    try {
      if ((await fetch(url)).ok) return
    } catch {
      if (performance.now() > deadline) throw new Error(`${url} does not answer`)
    }
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Runs a program of ours to its end and returns what it printed. */
export async function output(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  await new Promise(resolve => child.once('close', resolve))
  return text
}

export async function hostsOnline(controller: BenchController): Promise<number> {
  // A controller that is overloaded says so instead.
  return (await controller.call('GET', '/v1/projects/default/compute/hosts/summary')).running ?? 0
}

export async function untilOnline(controller: BenchController, wanted: number, withinMs = 300_000): Promise<number> {
  const began = performance.now()
  while ((await hostsOnline(controller).catch(() => 0)) < wanted) {
    if (performance.now() - began > withinMs)
      throw new Error(`only ${await hostsOnline(controller)} of ${wanted} hosts came online`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return performance.now() - began
}

/** A fleet of simulated hosts in a process of its own. */
export async function startFleet(
  controller: BenchController,
  count: number,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  writeFileSync(join(controller.dir, 'token'), await controller.joinToken(count), { mode: 0o600 })
  const { args } = program('simulator')
  const child = spawn(
    process.execPath,
    [...args, 'up', String(count), '--url', controller.secureUrl, '--token-file', join(controller.dir, 'token')],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  )
  return {
    pid: child.pid ?? -1,
    stop: async () => {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

export interface Meter {
  readonly port: number
  bytes(): number
  close(): void
}

/** Passes TCP through and counts what it passes, in both directions. */
export async function meter(target: () => number): Promise<Meter> {
  let bytes = 0
  const server = createServer(inner => {
    const outer = dial({ host: '127.0.0.1', port: target() })
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('data', part => {
        bytes += part.length
      })
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    bytes: () => bytes,
    close: () => server.close(),
  }
}
