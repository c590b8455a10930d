// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management: tunnels, a storm of them, power over REST, and activations; machines in a process of their own. */
import { Agent, request } from 'node:http'
import { swarmAccount } from '../../simulator/amt/swarm.ts'
import { type Machines, startMachines } from './oob-machines.ts'
import { type BenchController, benchController, cpuSecondsOf, memoryOf, percentile, print } from './support.ts'

const MANY = Number(process.env.BENCH_TUNNELS ?? 10_000)
const SOME = 1_000
const CALLS: Readonly<Record<number, number>> = { 1: 200, 16: 3_000, 64: 6_000 }
const ACTIVATIONS = 200
const SEED = 'bench'

export async function run(): Promise<void> {
  const controller = await benchController()
  const machines = startMachines()
  try {
    print({ name: 'controller RSS at rest', value: memoryOf(controller.pid).rssMb, unit: 'MB', aim: '≤ 150' })
    const server = await endpoint(controller)
    await ramp(controller, machines, { count: SOME, from: 0, server })
    await power(controller)
    await activations(controller, machines)
  } finally {
    machines.stop()
    await controller.stop()
  }
  await storm()
}

type Server = { readonly host: string; readonly port: number; readonly ca: string; readonly commonName: string }

async function endpoint(controller: BenchController): Promise<Server> {
  const { address, port, root } = await controller.call('GET', '/v1/projects/default/oob/endpoint')
  return { host: '127.0.0.1', port, ca: root, commonName: address }
}

/** Devices as activation leaves them: known, with their passwords. */
async function register(controller: BenchController, count: number): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const { uuid, username, password, amtPassword } = swarmAccount(SEED, index)
      const device = { guid: uuid, hostname: `sim-${index}`, mpsusername: username, mpspassword: password, password: amtPassword }
      const { status, text } = await post(controller, '/api/v1/devices', device)
      if (status !== 201 && status !== 200) throw new Error(`${status} ${text}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

type Ramp = { readonly count: number; readonly from: number; readonly server: Server }

async function ramp(controller: BenchController, machines: Machines, { count, server }: Ramp): Promise<void> {
  await register(controller, count)
  await machines.ask({ do: 'make', count, seed: SEED, server })
  await settle()
  const [rssBefore, cpuBefore] = [memoryOf(controller.pid).rssMb, cpuSecondsOf(controller.pid)]
  const report = await machines.ask({ do: 'connect', concurrency: 100 })
  const cpu = cpuSecondsOf(controller.pid) - cpuBefore
  if (report.failed > 0) throw new Error(`${report.failed} devices did not connect`)
  print({ name: `${count} tunnels: connects per second`, value: (count / report.tookMs) * 1_000, unit: '/s' })
  print({ name: `${count} tunnels: controller CPU per connect`, value: (cpu / count) * 1_000, unit: 'ms', aim: '≤ 1.65' })
  print({ name: `${count} tunnels: handshake p50`, value: report.p50, unit: 'ms' })
  print({ name: `${count} tunnels: handshake p95`, value: report.p95, unit: 'ms' })
  await settle()
  const rss = memoryOf(controller.pid).rssMb
  print({ name: `${count} tunnels: controller RSS`, value: rss, unit: 'MB', ...(count === SOME ? { aim: '≤ 215' } : {}) })
  print({ name: `${count} tunnels: RSS for each`, value: ((rss - rssBefore) * 1_024) / count, unit: 'KB' })
}

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5_000))

/** Power read and set, as a client of MPS does it. */
async function power(controller: BenchController): Promise<void> {
  for (const [kind, method, body] of [
    ['state', 'GET', undefined],
    ['action', 'POST', { action: 2 }],
  ] as const) {
    for (const concurrency of [1, 16, 64]) await measure(controller, { kind, method, body, concurrency })
  }
}

type Measured = {
  readonly kind: string
  readonly method: 'GET' | 'POST'
  readonly body: object | undefined
  readonly concurrency: number
}

async function measure(controller: BenchController, { kind, method, body, concurrency }: Measured): Promise<void> {
  const calls = CALLS[concurrency] ?? 1_000
  const times: number[] = []
  let next = 0
  const began = performance.now()
  const worker = async (): Promise<void> => {
    for (let call = next++; call < calls; call = next++) {
      const { uuid } = swarmAccount(SEED, (call * 7) % SOME)
      const from = performance.now()
      const { status, text } = await send(controller, { method, path: `/api/v1/amt/power/${kind}/${uuid}`, body })
      if (status !== 200) throw new Error(`${kind} ${status} ${text}`)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const perSecond = (calls / (performance.now() - began)) * 1_000
  const what = `power ${kind}, ${concurrency} at once over ${SOME} tunnels`
  print({ name: `${what}: p50`, value: percentile(times, 0.5), unit: 'ms', ...(concurrency === 1 ? { aim: '≤ 25' } : {}) })
  print({ name: `${what}: p95`, value: percentile(times, 0.95), unit: 'ms' })
  print({ name: `${what}: p99`, value: percentile(times, 0.99), unit: 'ms' })
  print({ name: `${what}: per second`, value: perSecond, unit: '/s', ...(concurrency === 64 ? { aim: '≥ 1150' } : {}) })
}

async function activations(controller: BenchController, machines: Machines): Promise<void> {
  await controller.call('GET', '/api/v1/admin/profiles')
  const cpuBefore = cpuSecondsOf(controller.pid)
  const report = await machines.ask({
    do: 'activate',
    count: ACTIVATIONS,
    concurrency: 50,
    url: `${controller.secureUrl.replace('https', 'wss')}/activate`,
    profile: 'default_ccm',
  })
  const cpu = cpuSecondsOf(controller.pid) - cpuBefore
  if (report.ends.success !== ACTIVATIONS) throw new Error(`activations ended as ${JSON.stringify(report.ends)}`)
  print({ name: 'activations (CCM with CIRA), 50 at once', value: (ACTIVATIONS / report.tookMs) * 1_000, unit: '/s' })
  print({ name: 'activation p50', value: report.p50, unit: 'ms' })
  print({ name: 'activation p95', value: report.p95, unit: 'ms' })
  print({ name: 'controller CPU for each activation', value: (cpu / ACTIVATIONS) * 1_000, unit: 'ms' })
}

/** Every tunnel lost at once, and all of them back. */
async function storm(): Promise<void> {
  const controller = await benchController()
  const machines = startMachines()
  try {
    await ramp(controller, machines, { count: MANY, from: 0, server: await endpoint(controller) })
    const refusedBefore = await refusals(controller)
    await machines.ask({ do: 'cut' })
    const began = performance.now()
    const probes: number[] = []
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 250))
      const from = performance.now()
      await controller.call('GET', '/api/v1/devices/stats')
      probes.push(performance.now() - from)
      const { connected } = await machines.ask({ do: 'connected' })
      if (connected === MANY && performance.now() - began > 2_000) break
      if (performance.now() - began > 180_000) throw new Error(`only ${connected} of ${MANY} came back`)
    }
    print({ name: `${MANY} tunnels lost at once: all back after`, value: (performance.now() - began) / 1_000, unit: 's', aim: '≤ 60' })
    print({ name: 'attempts refused meanwhile', value: (await refusals(controller)) - refusedBefore, unit: '', aim: '0' })
    print({ name: 'a REST probe meanwhile: p95', value: percentile(probes, 0.95), unit: 'ms' })
    print({ name: 'controller RSS after the storm', value: memoryOf(controller.pid).rssMb, unit: 'MB' })
  } finally {
    machines.stop()
    await controller.stop()
  }
}

async function refusals(controller: BenchController): Promise<number> {
  return (await controller.call('GET', '/v1/projects/default/oob/endpoint')).refused
}

const keepAlive = new Agent({ keepAlive: true, maxSockets: 128 })

const post = (controller: BenchController, path: string, body: object) => send(controller, { method: 'POST', path, body })

type Sent = { readonly method: string; readonly path: string; readonly body: object | undefined }

function send(controller: BenchController, { method, path, body }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : JSON.stringify(body)
    const asked = request(
      `${controller.url}${path}`,
      {
        method,
        agent: keepAlive,
        headers: {
          authorization: `Bearer ${controller.token}`,
          ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length }),
        },
      },
      answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', part => {
          text += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      },
    )
    asked.on('error', reject)
    asked.end(content)
  })
}
