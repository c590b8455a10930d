// SPDX-License-Identifier: Apache-2.0
/** The whole controller under the same load: every message validated, stored with its event, and receipted. */
import { Agent, request } from 'node:https'
import { setTimeout } from 'node:timers/promises'
import { hostFilters, newUlid } from '../../plugins/contract/index.ts'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest, proofOf } from '../../provisioning/pki/request.ts'
import { type Measured, timed } from './compare-measured.ts'
import { openWire, type Wire } from './compare-wire.ts'
import { eachOf } from './scale-calls.ts'
import { type BenchController, benchController, cpuSecondsOf, memoryOf } from './support.ts'

const HOSTS = 300
const AT_ONCE = 16
const QUIET_MS = 2_000

type Enrolled = {
  readonly host: string
  readonly cert: string
  readonly key: string
  readonly ca: string
  ticket: string
}

/** Enrolls hosts of its own, for nobody else gets in. */
export async function wholeController(messagesEach: number): Promise<Partial<Measured>> {
  const controller = await benchController()
  const enrolled = await enrollAll(controller)
  await setTimeout(QUIET_MS)
  const empty = memoryOf(controller.pid).rssMb
  const connecting = await timed(controller, () => connectAll(controller, enrolled))
  await setTimeout(QUIET_MS)
  const kibPerConnection = ((memoryOf(controller.pid).rssMb - empty) * 1_024) / HOSTS
  const ingest = await timed(controller, () => reportAll(connecting.made, messagesEach))
  const began = performance.now()
  await controller.kill()
  await controller.startAgain()
  const own = cpuSecondsOf(controller.pid)
  await connectAll(controller, enrolled)
  const stormS = (performance.now() - began) / 1_000
  const stormCpuMs = ((cpuSecondsOf(controller.pid) - own) * 1_000) / HOSTS
  await controller.stop()
  const messages = HOSTS * messagesEach
  return {
    connectsPerS: HOSTS / connecting.seconds,
    cpuMsPerConnect: connecting.cpuMs / HOSTS,
    kibPerConnection,
    ingestPerS: messages / ingest.seconds,
    ingestCpuMs: (ingest.cpuMs / messages) * 1_000,
    stormS,
    stormCpuMs,
  }
}

async function enrollAll(controller: BenchController): Promise<readonly Enrolled[]> {
  const token = (await controller.joinToken(HOSTS)).split('.').slice(1, 3).join('.')
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false })
  const enrolled: Enrolled[] = []
  await eachOf(Array.from({ length: HOSTS }), 8, async () => {
    const key = await createKey()
    const { nonce } = await call(controller, agent, '/enroll/v1/nonce')
    const proof = proofOf(key, nonce)
    const answer = await call(controller, agent, '/enroll/v1/requests', {
      token,
      csr: createRequest(key),
      nonce,
      proof,
      facts: {},
      agent: 'bench',
    })
    if (answer.status !== 'enrolled') throw new Error(JSON.stringify(answer))
    const { host, certificate, ticket, trust } = answer
    enrolled.push({ host, cert: certificate, key, ca: trust.head.roots.join('\n'), ticket })
  })
  agent.destroy()
  return enrolled
}

function call({ secureUrl }: BenchController, agent: Agent, path: string, body?: unknown): Promise<any> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const outgoing = request(
      `${secureUrl}${path}`,
      { agent, method: body === undefined ? 'GET' : 'POST', headers },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.once('end', () => resolve(JSON.parse(text)))
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

type Wires = ReadonlyMap<string, Wire>

/** Connected is who has a session: birth said, the controller's signed answer in. */
async function connectAll({ busPort }: BenchController, enrolled: readonly Enrolled[]): Promise<Wires> {
  const wires = new Map<string, Wire>()
  await eachOf(enrolled, AT_ONCE, async each => {
    wires.set(each.host, await begin(busPort, each))
  })
  return wires
}

async function begin(port: number, each: Enrolled): Promise<Wire> {
  for (;;) {
    try {
      const wire = await openWire({ ...each, port, client: each.host })
      const answered = Promise.withResolvers<void>()
      wire.onMessage((topic, payload) => {
        const session = topic.endsWith('/receipt') ? JSON.parse(payload.toString()).session : undefined
        if (session === undefined) return
        each.ticket = session.head.ticket
        answered.resolve()
      })
      void wire.closed.then(() => answered.reject(new Error('closed')))
      await wire.subscribe(hostFilters({ project: 'default', host: each.host }))
      await wire.publish(`muster/1/default/${each.host}/presence`, birth(each.ticket))
      await answered.promise
      return wire
    } catch {
      // Refused for coming too fast: as any agent would, it comes again.
      await setTimeout(100)
    }
  }
}

function birth(ticket: string): string {
  const at = new Date().toISOString()
  const nothing = { epoch: 0, holds: {}, capabilities: [], denies: [] }
  return JSON.stringify({ state: 'online', bootId: 'boot-1', ticket, agent: '0.0.0-bench', ...nothing, at })
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

/** A broker's acknowledgement comes here when the report is durable. */
async function reportAll(wires: Wires, messagesEach: number): Promise<void> {
  await Promise.all(
    [...wires].map(async ([host, wire]) => {
      for (let each = 0; each < messagesEach; each++) {
        await wire.publish(`muster/1/default/${host}/reported/os`, report(each))
      }
    }),
  )
}

function report(each: number): string {
  return JSON.stringify({
    id: newUlid(Date.now(), random),
    revision: 0,
    status: 'settled',
    observed: { hostname: `edge-${each}`, note: 'a'.repeat(60) },
    plugin: { name: 'os', version: '0.1.0' },
    at: new Date().toISOString(),
  })
}
