// SPDX-License-Identifier: Apache-2.0
/** The same work on mosquitto, on our broker alone, and on a whole controller, one after the other in one run, as ratios. */
import { setTimeout } from 'node:timers/promises'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import { issueHost, issueServer } from '../../provisioning/pki/issue.ts'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { type Authority, BACKEND, type Broker, embedded, mosquitto } from './compare-brokers.ts'
import { type Measured, timed } from './compare-measured.ts'
import { wholeController } from './compare-whole.ts'
import { openWire, type Wire } from './compare-wire.ts'
import { eachOf } from './scale-calls.ts'
import { cpuSecondsOf, type Figure, memoryOf, print, shownValue } from './support.ts'

export type Client = { readonly host: string; readonly cert: string; readonly key: string }

const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 1_000)
/** Below what our broker lets one host say at once. */
const MESSAGES_EACH = 15
const PAYLOAD_BYTES = 256
const HANDSHAKES_AT_ONCE = 16
const QUIET_MS = 2_000

const NAMES: Readonly<Record<keyof Measured, string>> = {
  connectsPerS: 'connects per second, full handshake',
  cpuMsPerConnect: 'CPU ms for each connect and subscribe',
  kibPerConnection: 'RSS in KiB for each idle connection',
  ingestPerS: `messages in per second, QoS 1, ${PAYLOAD_BYTES} B`,
  ingestCpuMs: 'CPU ms for 1,000 messages in',
  fanOutPerS: 'messages out per second, one to each host, QoS 1',
  fanOutCpuMs: 'CPU ms for 1,000 messages out',
  stormS: 'seconds from kill -9 until all are back',
  stormCpuMs: 'CPU ms for each that came back',
}

export async function run(): Promise<readonly Figure[]> {
  const { authority, clients, backend } = await makeClients()
  const columns = new Map<string, Partial<Measured>>()
  const peer = await mosquitto(authority)
  if (peer === undefined) process.stdout.write('mosquitto is not installed here, so there is nothing to compare with\n')
  else columns.set('mosquitto', await measure(peer, { clients, ca: authority.ca, backend }))
  columns.set('our broker', await measure(await embedded(authority), { clients, ca: authority.ca, backend }))
  columns.set('controller', await wholeController(MESSAGES_EACH))
  return table(columns)
}

async function makeClients() {
  const now = Date.now()
  const { root, issuing } = await createAuthority({ now })
  const server = await issueServer(issuing, { names: ['localhost', '127.0.0.1'], now })
  const make = async (host: string): Promise<Client> => {
    const key = await createKey()
    const order = { publicKeyFrom: createRequest(key), host, project: 'default', installation: 'bench', epoch: 0, now }
    return { host, key, cert: `${await issueHost(issuing, order)}${issuing.certificate}` }
  }
  const clients: Client[] = []
  const names = Array.from({ length: CONNECTIONS }, (_, at) => `host-${(at + 1).toString(16).padStart(8, '0')}`)
  await eachOf(names, 4, async name => void clients.push(await make(name)))
  const authority: Authority = { ca: `${root.certificate}${issuing.certificate}`, server }
  return { authority, clients, backend: await make(BACKEND) }
}

type Crowd = { readonly clients: readonly Client[]; readonly ca: string; readonly backend: Client }

async function measure(broker: Broker, crowd: Crowd): Promise<Measured> {
  const { clients } = crowd
  process.stdout.write(`  ${broker.name}\n`)
  await broker.start()
  await setTimeout(QUIET_MS)
  const empty = memoryOf(broker.pid).rssMb
  const say = (what: string): void => void process.stdout.write(`    ${what}\n`)
  say('connect')
  const connecting = await timed(broker, () => connectAll(broker, crowd))
  await setTimeout(QUIET_MS)
  const kibPerConnection = ((memoryOf(broker.pid).rssMb - empty) * 1_024) / clients.length
  const wires = connecting.made
  const backend = broker.tell === undefined ? await backendOf(broker, crowd) : undefined
  say('in')
  const ingest = await timed(broker, () => ingestAll(wires, 'a'.repeat(PAYLOAD_BYTES), backend))
  say('out')
  const fanOut = await timed(broker, () => fanOutAll(broker, wires, backend))
  const [messages, hosts] = [wires.size * MESSAGES_EACH, wires.size]
  say('storm')
  const began = performance.now()
  await broker.kill()
  await broker.start()
  await connectAll(broker, crowd)
  const stormS = (performance.now() - began) / 1_000
  const stormCpuMs = (cpuSecondsOf(broker.pid) * 1_000) / hosts
  await broker.kill()
  return {
    connectsPerS: hosts / connecting.seconds,
    cpuMsPerConnect: connecting.cpuMs / hosts,
    kibPerConnection,
    ingestPerS: messages / ingest.seconds,
    ingestCpuMs: (ingest.cpuMs / messages) * 1_000,
    fanOutPerS: hosts / fanOut.seconds,
    fanOutCpuMs: (fanOut.cpuMs / hosts) * 1_000,
    stormS,
    stormCpuMs,
  }
}

type Wires = ReadonlyMap<string, Wire>

async function connectAll({ port }: Pick<Broker, 'port'>, { clients, ca }: Crowd): Promise<Wires> {
  const wires = new Map<string, Wire>()
  await eachOf(clients, HANDSHAKES_AT_ONCE, async ({ host, cert, key }) => {
    const wire = await openWire({ port, ca, cert, key, client: host })
    await wire.subscribe(['receipt', 'desired/+', 'command/+'].map(filter => `muster/1/default/${host}/${filter}`))
    wires.set(host, wire)
  })
  return wires
}

/** At a broker of its own the controller is a client like others: it takes everything in and gives everything out. */
async function backendOf({ port }: Broker, { ca, backend }: Crowd): Promise<Wire> {
  const wire = await openWire({ port, ca, cert: backend.cert, key: backend.key, client: backend.host })
  await wire.subscribe(['muster/1/default/+/reported/+'])
  return wire
}

/** Every host says its messages one after the other, all hosts at once, until the last one has been taken in. */
export async function ingestAll(wires: Wires, payload: string, backend?: Wire): Promise<void> {
  const wanted = wires.size * MESSAGES_EACH
  const heard = Promise.withResolvers<void>()
  let count = 0
  backend?.onMessage(() => {
    if (++count === wanted) heard.resolve()
  })
  await Promise.all(
    [...wires].map(async ([host, wire]) => {
      for (let each = 0; each < MESSAGES_EACH; each++)
        await wire.publish(`muster/1/default/${host}/reported/os`, payload)
    }),
  )
  if (backend !== undefined) await heard.promise
}

async function fanOutAll(broker: Broker, wires: Wires, backend: Wire | undefined): Promise<void> {
  const payload = 'b'.repeat(PAYLOAD_BYTES)
  const heard = Promise.withResolvers<void>()
  let count = 0
  for (const wire of wires.values()) {
    wire.onMessage(() => {
      if (++count === wires.size) heard.resolve()
    })
  }
  if (backend === undefined) broker.tell?.([...wires.keys()], payload)
  else await Promise.all([...wires.keys()].map(host => backend.publish(`muster/1/default/${host}/receipt`, payload)))
  await heard.promise
}

/** Each column beside mosquitto: what it measured, and that divided by mosquitto's. */
function table(columns: ReadonlyMap<string, Partial<Measured>>): readonly Figure[] {
  const peer = columns.get('mosquitto')
  const figures: Figure[] = []
  // Every name is one of a measured value.
  for (const [member, name] of Object.entries(NAMES) as [keyof Measured, string][]) {
    for (const [column, measured] of columns) {
      const value = measured[member]
      if (value === undefined) continue
      const theirs = peer?.[member]
      const ratio = theirs === undefined || column === 'mosquitto' ? '' : `${shownValue(value / theirs)} × mosquitto`
      const figure = { name: `${name}: ${column}`, value, unit: ratio }
      print(figure)
      figures.push(figure)
    }
  }
  return figures
}
