// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management: tunnels, a storm of them, power over REST, and activations; each beside what MPS and RPS measured. */
import { Agent, request } from 'node:http'
import { swarmAccount } from '../../simulator/amt/swarm.ts'
import { type Machines, startMachines } from './oob-machines.ts'
import { REAL, realOf, show } from './oob-real.ts'
import { type BenchController, benchController, cpuSecondsOf, memoryOf, percentile } from './support.ts'

const MANY = Number(process.env.BENCH_TUNNELS ?? 10_000)
const SOME = 1_000
const CALLS: Readonly<Record<number, number>> = { 1: 200, 16: 3_000, 64: 6_000 }
const ACTIVATIONS = 200
const SEED = 'bench'

/** Which parts to measure, for somebody who works on one of them: `BENCH_PARTS=power,storm`. */
const PARTS = (process.env.BENCH_PARTS ?? 'power,activation,storm').split(',')

export async function run(): Promise<void> {
  if (PARTS.includes('power') || PARTS.includes('activation')) await day()
  if (PARTS.includes('storm')) await storm()
}

async function day(): Promise<void> {
  const controller = await benchController()
  const machines = startMachines()
  try {
    const rest = { value: memoryOf(controller.pid).rssMb, unit: 'MB', aim: '≤ 150', real: REAL.rest }
    show({ name: 'controller RSS at rest', ...rest })
    const server = await endpoint(controller)
    await ramp(controller, machines, { count: SOME, from: 0, server })
    if (PARTS.includes('power')) await power(controller)
    if (PARTS.includes('activation')) await activations(controller, machines)
  } finally {
    machines.stop()
    await controller.stop()
  }
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
      const device = {
        guid: uuid,
        hostname: `sim-${index}`,
        mpsusername: username,
        mpspassword: password,
        password: amtPassword,
      }
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
  const what = `${count} tunnels`
  const perSecond = (count / report.tookMs) * 1_000
  const cpuEach = { value: (cpu / count) * 1_000, unit: 'ms', aim: '≤ 1.65', real: REAL.connectCpu }
  show({ name: `${what}: connects per second`, value: perSecond, unit: '/s', real: realOf(REAL.connects, count) })
  show({ name: `${what}: controller CPU per connect`, ...cpuEach })
  show({ name: `${what}: handshake p50`, value: report.p50, unit: 'ms', real: realOf(REAL.handshake50, count) })
  show({ name: `${what}: handshake p95`, value: report.p95, unit: 'ms', real: realOf(REAL.handshake95, count) })
  await settle()
  const rss = memoryOf(controller.pid).rssMb
  const aim = count === SOME ? { aim: '≤ 215' } : {}
  show({ name: `${what}: controller RSS`, value: rss, unit: 'MB', ...aim, real: realOf(REAL.rss, count) })
  show({ name: `${what}: RSS for each`, value: ((rss - rssBefore) * 1_024) / count, unit: 'KB' })
}

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5_000))

/** Power read and set, as a client of MPS does it. */
async function power(controller: BenchController): Promise<void> {
  for (const [kind, method, body] of [
    ['state', 'GET', undefined],
    ['action', 'POST', { action: 2 }],
  ] as const) {
    for (const concurrency of [1, 16, 64] as const) await measure(controller, { kind, method, body, concurrency })
  }
}

type Measured = {
  readonly kind: 'state' | 'action'
  readonly method: 'GET' | 'POST'
  readonly body: object | undefined
  readonly concurrency: 1 | 16 | 64
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
  const [p50, p99, rate] = REAL[kind][concurrency]
  const [quick, many] = [concurrency === 1 ? { aim: '≤ 25' } : {}, concurrency === 64 ? { aim: '≥ 1180' } : {}]
  show({ name: `${what}: p50`, value: percentile(times, 0.5), unit: 'ms', ...quick, real: p50 })
  show({ name: `${what}: p95`, value: percentile(times, 0.95), unit: 'ms' })
  show({ name: `${what}: p99`, value: percentile(times, 0.99), unit: 'ms', real: p99 })
  show({ name: `${what}: per second`, value: perSecond, unit: '/s', ...many, real: rate })
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
  const perSecond = (ACTIVATIONS / report.tookMs) * 1_000
  show({ name: 'activations (CCM with CIRA), 50 at once', value: perSecond, unit: '/s', aim: '≥ 20' })
  show({ name: 'activation p50', value: report.p50, unit: 'ms' })
  show({ name: 'activation p95', value: report.p95, unit: 'ms' })
  show({ name: 'controller CPU for each activation', value: (cpu / ACTIVATIONS) * 1_000, unit: 'ms' })
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
    const back = (performance.now() - began) / 1_000
    const refused = (await refusals(controller)) - refusedBefore
    const rss = memoryOf(controller.pid).rssMb
    const all = `${MANY} tunnels lost at once: all back after`
    show({ name: all, value: back, unit: 's', aim: '≤ 60', real: realOf(REAL.storm, MANY) })
    show({ name: 'attempts refused meanwhile', value: refused, unit: '', aim: '0', real: realOf(REAL.refused, MANY) })
    show({ name: 'a REST probe meanwhile: p95', value: percentile(probes, 0.95), unit: 'ms', real: REAL.probe })
    show({ name: 'controller RSS after the storm', value: rss, unit: 'MB', real: realOf(REAL.stormRss, MANY) })
  } finally {
    machines.stop()
    await controller.stop()
  }
}

async function refusals(controller: BenchController): Promise<number> {
  return (await controller.call('GET', '/v1/projects/default/oob/endpoint')).refused
}

const keepAlive = new Agent({ keepAlive: true, maxSockets: 128 })

const post = (controller: BenchController, path: string, body: object) =>
  send(controller, { method: 'POST', path, body })

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
