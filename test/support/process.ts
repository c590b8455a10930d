// SPDX-License-Identifier: Apache-2.0
/** A controller as a process of its own, so that it can be killed like one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Config } from '../../controller/config.ts'
import type { Answer } from './controller.ts'

const MAIN = fileURLToPath(new URL('../../controller/main.ts', import.meta.url))

export interface ControllerProcess {
  /** Runs it in the foreground, for whoever wants to start and end it in its place. */
  readonly command: string
  readonly url: string
  readonly secureUrl: string
  readonly busPort: number
  /** The folder with its data, as `data` below it. */
  readonly dir: string
  readonly pid: number
  readonly token: string
  call(method: string, path: string, body?: unknown): Promise<Answer>
  joinToken(uses: number): Promise<string>
  kill(signal: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** Starts the process and does not wait until it answers. */
  launch(): void
  remove(): Promise<void>
}

export async function controllerProcess(
  more: Partial<Config> = {},
  flags: readonly string[] = [],
  /** Kills the very first start, whatever it was doing then, and starts again. */
  { killFirstAfterMs }: { readonly killFirstAfterMs?: number } = {},
): Promise<ControllerProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-process-'))
  const [https, http, bus] = [await freePort(), await freePort(), await freePort()]
  const config = join(dir, 'c.yaml')
  const url = `http://127.0.0.1:${http}`
  writeFileSync(
    config,
    stringify({
      dataDir: join(dir, 'data'),
      bus: { listen: `127.0.0.1:${bus}`, trustLoopback: true },
      modules: {
        onboarding: { attemptsPerMinute: 100_000 },
        inventory: {},
        oob: { cira: { listen: `127.0.0.1:${await freePort()}` } },
      },
      logLevel: 'error',
      ...more,
      http: {
        listen: [`https://127.0.0.1:${https}`, url],
        requestsPerMinute: { person: 1_000_000, address: 1_000_000 },
      },
    }),
  )
  // One arena of the C library's allocator, as the service has it.
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' }
  let child: ChildProcess | undefined
  let token = ''
  const launch = (): void => {
    const args = [...flags, MAIN, 'run', '--config', config]
    child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  }
  const start = async (): Promise<void> => {
    launch()
    await answers(`${url}/readyz`)
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child?.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  const call: ControllerProcess['call'] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    // Of the types that end in json only these two are one document; an answer by the line is none.
    const isDocument = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
    const json = isDocument && text !== '' ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, body: json, text }
  }
  if (killFirstAfterMs !== undefined) {
    launch()
    await new Promise(resolve => setTimeout(resolve, killFirstAfterMs))
    await kill('SIGKILL')
  }
  await start()
  const secret = (await output([MAIN, 'admin', 'link', '--config', config])).split('#')[1]?.trim()
  token = (await call('POST', '/v1/setup', { secret, name: 'tester' })).body.token
  return {
    command: `'${process.execPath}' '${MAIN}' run --config '${config}'`,
    url,
    secureUrl: `https://127.0.0.1:${https}`,
    busPort: bus,
    dir,
    get pid() {
      return child?.pid ?? -1
    },
    token,
    call,
    joinToken: async uses => (await call('POST', '/v1/projects/default/enrollment/tokens', { uses })).body.token,
    kill,
    start,
    launch,
    remove: async () => {
      await kill('SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
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

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + 120_000
  for (;;) {
    try {
      if ((await fetch(url)).ok) return
    } catch {
      if (performance.now() > deadline) throw new Error(`${url} does not answer`)
    }
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
