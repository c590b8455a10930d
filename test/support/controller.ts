// SPDX-License-Identifier: Apache-2.0
/** A real controller for tests: own folder, own ports, an administrator signed in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, DEFAULT_MODULES, resolveConfig } from '../../controller/config.ts'
import { type Controller, startController } from '../../controller/controller.ts'
import { createLogs } from '../../controller/log.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import type { Clock } from '../../plugins/contract/index.ts'

export type Answer = { readonly status: number; readonly body: any; readonly headers: Headers; readonly text: string }

export interface TestController {
  readonly controller: Controller
  readonly dir: string
  /** Loopback address of the API. */
  readonly url: string
  readonly secureUrl: string
  readonly token: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A join token for a number of hosts. */
  joinToken(uses?: number, more?: object): Promise<string>
  /** Resolves once the check of the host resource holds; rejects after the time given. */
  until(host: string, check: (host: any) => boolean, withinMs?: number): Promise<any>
  stop(): Promise<void>
  /** Stops and starts again on the same folder and the same ports. */
  restart(): Promise<void>
}

export type TestOptions = {
  readonly config?: Partial<Config>
  readonly clock?: Clock
  readonly logLevel?: 'silent' | 'debug'
  /** Resident bytes of the process, as a test wants them. */
  readonly residentBytes?: () => number
}

export async function startTestController(options: TestOptions = {}): Promise<TestController> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-test-'))
  let ports = { http: 0, https: 0, bus: 0 }
  const ciraPort = await freePort()
  const start = async (): Promise<Controller> =>
    startController({
      config: resolveConfig({
        dataDir: dir,
        bus: { listen: `127.0.0.1:${ports.bus}`, trustLoopback: true },
        ...options.config,
        modules: withOwnPort(withoutPages(options.config?.modules ?? DEFAULT_MODULES), ciraPort),
        http: {
          listen: [`https://127.0.0.1:${ports.https}`, `http://127.0.0.1:${ports.http}`],
          requestsPerMinute: { person: 1_000_000, address: 1_000_000 },
          ...options.config?.http,
        },
      }),
      surroundings: { clock: options.clock ?? realClock, random: realRandom, digest: sha256 },
      logs: createLogs(options.logLevel ?? 'silent'),
      ...(options.residentBytes === undefined ? {} : { residentBytes: options.residentBytes }),
    })
  let controller = await start()
  const read = () => {
    const [https, http] = controller.urls
    ports = { http: Number(http!.port), https: Number(https!.port), bus: controller.busPort }
  }
  read()
  const url = `http://127.0.0.1:${ports.http}`
  const secret = (await controller.setupLink()).split('#')[1]
  const setup = await fetch(`${url}/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, name: 'tester' }),
  })
  const { token } = (await setup.json()) as { token: string }
  const call: TestController['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    // Of the types that end in json only these two are one document; an answer by the line is none.
    const isDocument = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
    const json = isDocument && text !== '' ? JSON.parse(text) : undefined
    return { status: response.status, body: json, headers: response.headers, text }
  }
  return {
    get controller() {
      return controller
    },
    dir,
    url,
    get secureUrl() {
      return `https://127.0.0.1:${ports.https}`
    },
    token,
    call,
    joinToken: async (uses = 1, more = {}) =>
      (await call('POST', '/v1/projects/default/enrollment/tokens', { uses, ...more })).body.token,
    until: (host, check, withinMs = 10_000) =>
      until(async () => (await call('GET', `/v1/projects/default/compute/hosts/${host}`)).body, check, withinMs),
    restart: async () => {
      await controller.stop()
      controller = await start()
      read()
    },
    stop: async () => {
      await controller.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Whether the dashboard was built must not decide what tests of the API see; those that look at it name its folder. */
function withoutPages(modules: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { dashboard } = modules as { dashboard?: object }
  return dashboard === undefined ? modules : { ...modules, dashboard: { dir: '/nowhere', ...dashboard } }
}

/** Firmware keeps the port it was told, so it stays the same over restarts of a controller. */
function withOwnPort(modules: Readonly<Record<string, unknown>>, port: number): Record<string, unknown> {
  if (modules.oob === undefined) return { ...modules }
  const oob = modules.oob as { cira?: object }
  return { ...modules, oob: { ...oob, cira: { listen: `127.0.0.1:${port}`, ...oob.cira } } }
}

/** A port that is free now, in the range that firmware accepts. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => (port <= 49_151 ? resolve(port) : freePort().then(resolve, reject)))
    })
  })
}

/** Asks again and again until the answer fits. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    if (performance.now() > deadline)
      throw new Error(`it never came true within ${withinMs} ms: ${JSON.stringify(answer)?.slice(0, 1_500)}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
