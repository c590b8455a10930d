// SPDX-License-Identifier: Apache-2.0
/**
 * Hostile input of every kind against a real controller that serves a hundred well-behaved devices:
 * `node test/bench/oob-fuzz.ts --minutes 60`. Fails when memory grows, or when a probe of a good device does.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { WebSocket } from 'ws'
import { swarmAccount } from '../../simulator/amt/swarm.ts'
import { ApfDevice, forward, password, service, u32, version } from '../support/apf-device.ts'
import { startMachines } from './oob-machines.ts'
import { type BenchController, benchController, memoryOf, percentile, print } from './support.ts'

const GOOD = 100
const LIARS = 24
const SEED = 'fuzz'
const GROWTH = 1.1
const PROBE_EVERY_MS = 100
const REPORT_EVERY_MS = 10_000

type Server = { readonly host: string; readonly port: number; readonly ca: string; readonly commonName: string }

/** What is done in all, by kind of attack. */
const done: Record<string, number> = {}
const count = (what: string): void => {
  done[what] = (done[what] ?? 0) + 1
}
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const pick = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T
/** Limits by address are not what is tried here. */
const somewhere = (): string => `127.${randomInt(1, 250)}.${randomInt(250)}.${randomInt(1, 250)}`

/** Bits flipped, bytes cut out, doubled, replaced, or lengths made huge. */
function mutated(bytes: Buffer): Buffer {
  let made = Buffer.from(bytes)
  for (let rounds = randomInt(1, 5); rounds > 0 && made.length > 0; rounds--) {
    const at = randomInt(made.length)
    switch (randomInt(6)) {
      case 0:
        made[at] = made[at]! ^ (1 << randomInt(8))
        break
      case 1:
        made = Buffer.concat([made.subarray(0, at), made.subarray(at + randomInt(16))])
        break
      case 2:
        made = Buffer.concat([made.subarray(0, at), randomBytes(randomInt(64)), made.subarray(at)])
        break
      case 3:
        made = made.subarray(0, at)
        break
      case 4:
        if (made.length >= at + 4) made.writeUInt32BE(pick([0, 1, 0x7fffffff, 0xffffffff, 65_536]), at)
        break
      default:
        made = Buffer.concat([made, made.subarray(at)])
    }
  }
  return made
}

/** Before and after a login: messages of the tunnel, changed. */
async function apf(server: Server, index: number): Promise<void> {
  const account = swarmAccount(SEED, GOOD + LIARS + (index % 8))
  const device = new ApfDevice({ port: server.port, guid: account.uuid, localAddress: somewhere() })
  device.socket.setTimeout(3_000, () => device.close())
  try {
    const hello = Buffer.from([...version(account.uuid), ...service('auth@amt.intel.com')])
    const login = Buffer.from(password(account.username, account.password))
    const rest = Buffer.from([
      ...service('pfwd@amt.intel.com'),
      ...forward(16992),
      ...forward(16994),
      208,
      ...u32(7),
      97,
      ...u32(randomInt(1 << 30)),
      93,
      ...u32(randomInt(16)),
      ...u32(0xffffffff),
      94,
      ...u32(randomInt(16)),
      ...u32(4),
      1,
      2,
      3,
      4,
      91,
      ...u32(randomInt(16)),
      ...u32(1),
      ...u32(0xffffffff),
      ...u32(0xffffffff),
    ])
    switch (randomInt(4)) {
      case 0:
        device.send(mutated(hello))
        break
      case 1:
        device.send(Buffer.concat([hello, mutated(login)]))
        break
      case 2:
        device.send(Buffer.concat([hello, login, mutated(rest)]))
        break
      default:
        device.send(randomBytes(randomInt(1, 20_000)))
    }
    await device.until(() => device.closed, 'end', randomInt(200, 3_000)).catch(() => undefined)
  } finally {
    device.close()
    count('tunnels of garbage')
  }
}

const ENVELOPE = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><a:Envelope xmlns:a="http://www.w3.org/2003/05/soap-envelope" xmlns:b="http://schemas.xmlsoap.org/ws/2004/08/addressing"><a:Header><b:RelatesTo>${randomInt(9)}</b:RelatesTo></a:Header><a:Body>${body}</a:Body></a:Envelope>`
const LIES: readonly (() => string | Buffer)[] = [
  () => reply(200, ENVELOPE('<g:AMT_GeneralSettings><g:DigestRealm>x</g:DigestRealm></g:AMT_GeneralSettings>')),
  () => reply(200, `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(100)}">]>${ENVELOPE('&a;&a;&a;')}`),
  () => reply(200, '<html><body><form>log in</form></body></html>'),
  () => reply(200, ENVELOPE('<x>'.repeat(randomInt(1, 50_000)))),
  () => reply(200, ENVELOPE(`<x>${'y'.repeat(randomInt(2_000_000))}</x>`)),
  () => reply(200, mutated(Buffer.from(ENVELOPE('<g:PowerState>2</g:PowerState>')))),
  () => reply(500, ENVELOPE(`<a:Fault><a:Code><a:Value>${'c:'.repeat(9_000)}</a:Value></a:Code></a:Fault>`)),
  () =>
    reply(401, '', { 'WWW-Authenticate': `Digest realm="x", nonce="${randomBytes(9).toString('hex')}", qop="auth"` }),
  () =>
    reply(401, '', {
      'WWW-Authenticate': mutated(Buffer.from('Digest realm="x", nonce="y", qop="auth"')).toString('latin1'),
    }),
  () => `HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n`,
  () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'f'.repeat(randomInt(40))}\r\n`,
  () => `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(randomInt(20_000))}`,
  () => mutated(Buffer.from(reply(200, ENVELOPE('')))),
  () => randomBytes(randomInt(1, 100_000)),
  () => '',
]

function reply(status: number, body: string | Buffer, headers: Record<string, string> = {}): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${status} X\r\n${lines.join('')}Content-Type: application/soap+xml\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])
}

/** A device that is let in and then lies about everything it is asked. */
async function liar(server: Server, index: number): Promise<ApfDevice> {
  const { uuid, username, password: secret } = swarmAccount(SEED, GOOD + index)
  const device = new ApfDevice({
    port: server.port,
    guid: uuid,
    user: username,
    secret,
    localAddress: somewhere(),
    window: 32_768,
  })
  device.onData = (channel, data) => {
    device.adjust(channel, pick([data.length, 0, 0x7fffffff]))
    const lie = Buffer.from(pick(LIES)())
    count('lies')
    // Sometimes more than it was allowed to send.
    const most = randomInt(20) === 0 ? lie.length : Math.min(lie.length, Math.max(0, channel.credits))
    for (let at = 0; at < most; at += 16_384) device.data(channel, lie.subarray(at, Math.min(most, at + 16_384)))
    if (randomInt(4) === 0) device.send([97, ...u32(channel.theirs)])
  }
  device.onOpen = channel => {
    const dice = randomInt(12)
    if (dice === 0) device.refuse(channel, randomInt(6))
    else if (dice === 1) device.channels.delete(channel.ours)
    else device.confirm(channel)
  }
  await device.up()
  return device
}

const ASKED: readonly [string, string, object?][] = [
  ['GET', 'amt/power/state'],
  ['GET', 'amt/generalSettings'],
  ['GET', 'amt/hardwareInfo'],
  ['GET', 'amt/version'],
  ['GET', 'amt/features'],
  ['GET', 'amt/log/audit'],
  ['GET', 'amt/log/event'],
  ['GET', 'amt/certificates'],
  ['GET', 'amt/networkSettings'],
  ['GET', 'amt/alarmOccurrences'],
  ['POST', 'amt/power/action', { action: 8 }],
  ['POST', 'amt/power/bootOptions', { action: 400, useSOL: false }],
]

/** Keeps one lying device in place, and asks it things. */
async function asking(controller: BenchController, server: Server, index: number, until: () => boolean): Promise<void> {
  const { uuid } = swarmAccount(SEED, GOOD + index)
  let device: ApfDevice | undefined
  while (!until()) {
    if (device === undefined || device.closed) {
      device?.close()
      device = await liar(server, index).catch(() => undefined)
      if (device === undefined) await sleep(500)
      continue
    }
    const [method, path, body] = pick(ASKED)
    const answer = await send(controller, method, `/api/v1/${path}/${uuid}`, body)
    count(`answers about liars: ${Math.floor((answer?.status ?? 0) / 100)}xx`)
    device.heard.length = 0
    device.reads.length = 0
  }
  device?.close()
}

async function send(controller: BenchController, method: string, path: string, body?: object) {
  return fetch(`${controller.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${controller.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  })
    .then(async answer => ({ status: answer.status, text: await answer.text() }))
    .catch(() => undefined)
}

const CLAIM = {
  ver: '16.1.25',
  build: '2049',
  sku: '16392',
  features: 'AMT Pro Corporate',
  uuid: '4c4c4544-005a-3510-8047-b4c04f564433',
  username: '$$OsAdmin',
  password: 'x',
  currentMode: 0,
  hostname: 'h',
  fqdn: 'x.example',
  client: 'RPC',
  certHashes: [] as string[],
}

/** A program that is no `rpc`, or one that answers with anything. */
function activation(controller: BenchController): Promise<void> {
  const claim = {
    ...CLAIM,
    uuid: `4c4c4544-${randomBytes(2).toString('hex')}-3510-8047-${randomBytes(6).toString('hex')}`,
  }
  const first = (payload: string): string =>
    JSON.stringify({
      method: pick([
        'activate --profile default_ccm',
        'deactivate --password x',
        'maintenance --synctime',
        `${'a'.repeat(randomInt(9_000))}`,
      ]),
      apiKey: 'key',
      appVersion: '2.52.4',
      protocolVersion: pick(['4.0.0', '4.0.0', '9', '']),
      status: 'ok',
      message: 'ok',
      fqdn: '',
      payload,
      tenantId: pick(['', '', 'nowhere', '../x']),
    })
  const good = first(Buffer.from(JSON.stringify(claim)).toString('base64'))
  return exchange(`${controller.url.replace('http', 'ws')}/activate`, undefined, socket => {
    const opening = pick<() => string | Buffer>([
      () => good,
      () => good,
      () => mutated(Buffer.from(good)),
      () => randomBytes(randomInt(1, 5_000)),
      () => JSON.stringify({ method: {}, payload: [] }),
      () => 'x'.repeat(2_000_000),
      () => first(mutated(Buffer.from(JSON.stringify(claim))).toString('base64')),
    ])()
    socket.send(opening)
    socket.on('message', () => {
      const lie = Buffer.from(pick(LIES)()).subarray(0, 90_000)
      const method = pick([
        'response',
        'response',
        'tls_data',
        'connection_reset',
        'port_switch_ack',
        'heartbeat_response',
        'success',
      ])
      const text = JSON.stringify({ method, status: 'ok', payload: lie.toString('base64') })
      socket.send(randomInt(5) === 0 ? mutated(Buffer.from(text)) : text)
      count('lies to activations')
    })
  }).then(() => count('activations'))
}

/** Frames of no protocol through the relay to a good device, and doors rattled. */
async function relay(controller: BenchController): Promise<void> {
  const { uuid } = swarmAccount(SEED, randomInt(1, GOOD))
  const answer = await send(controller, 'GET', `/api/v1/authorize/redirection/${uuid}`)
  const token =
    randomInt(4) === 0 ? 'a.b.c' : ((JSON.parse(answer?.text ?? '{}') as { token?: string }).token ?? 'none')
  const mode = pick(['sol', 'kvm', 'ider', 'x'])
  const query = `p=2&host=${uuid}&port=${pick(['16994', '16994', '22', '-1'])}&tls=0&tls1only=0&mode=${mode}`
  const letters: Record<string, string> = { sol: 'SOL ', kvm: 'KVMR', ider: 'IDER' }
  const hello = Buffer.from(`\x10${mode === 'kvm' ? '\x01' : '\x00'}\0\0${letters[mode] ?? 'XXXX'}`, 'latin1')
  const query13 = Buffer.from([0x13, 0, 0, 0, 0, 0, 0, 0, 0])
  await exchange(`${controller.url.replace('http', 'ws')}/relay/webrelay.ashx?${query}`, token, socket => {
    socket.send(randomInt(3) === 0 ? mutated(hello) : hello)
    let left = 20
    socket.on('message', () => {
      if (left-- === 0) return socket.terminate()
      socket.send(
        pick([
          query13,
          mutated(query13),
          randomBytes(randomInt(1, 70_000)),
          Buffer.from([0x13, 0, 0, 0, 4, 255, 255, 255, 255]),
        ]),
      )
      count('frames to the relay')
    })
  })
  count('relays')
}

/** Opens, talks, and ends when the other side does or when it has been long enough. */
function exchange(url: string, token: string | undefined, talk: (socket: WebSocket) => void): Promise<void> {
  return new Promise(resolve => {
    const socket = new WebSocket(url, token === undefined ? [] : [token], { perMessageDeflate: false })
    const timer = setTimeout(() => socket.terminate(), randomInt(200, 4_000))
    socket.on('error', () => undefined)
    socket.once('open', () => talk(socket))
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function register(controller: BenchController): Promise<void> {
  for (let index = 0; index < GOOD + LIARS + 8; index++) {
    const { uuid, username, password: mpspassword, amtPassword } = swarmAccount(SEED, index)
    const device = { guid: uuid, hostname: `d-${index}`, mpsusername: username, mpspassword, password: amtPassword }
    const answer = await send(controller, 'POST', '/api/v1/devices', device)
    if (answer?.status !== 201) throw new Error(`a device was not added: ${answer?.status} ${answer?.text}`)
  }
}

type Probes = { readonly times: number[]; failures: string[] }

/** Asks a good device for its power state, again and again. */
async function probing(controller: BenchController, probes: Probes, until: () => boolean): Promise<void> {
  const { uuid } = swarmAccount(SEED, 0)
  while (!until()) {
    const from = performance.now()
    const answer = await send(controller, 'GET', `/api/v1/amt/power/state/${uuid}`)
    probes.times.push(performance.now() - from)
    if (answer?.status !== 200) probes.failures.push(`${answer?.status} ${answer?.text.slice(0, 200)}`)
    await sleep(PROBE_EVERY_MS)
  }
}

async function repeated(workers: number, act: (turn: number) => Promise<void>, until: () => boolean): Promise<void> {
  let turn = 0
  const worker = async (): Promise<void> => {
    while (!until()) {
      await act(turn++).catch(() => count('attacks that broke by themselves'))
      await sleep(randomInt(20))
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
}

async function main(): Promise<number> {
  const at = process.argv.indexOf('--minutes')
  const lengthMs = (at < 0 ? 1 : Number(process.argv[at + 1])) * 60_000
  const controller = await benchController()
  const machines = startMachines()
  try {
    await register(controller)
    const { address, port, root } = await controller.call('GET', '/v1/projects/default/oob/endpoint')
    const server: Server = { host: '127.0.0.1', port, ca: root, commonName: address }
    await machines.ask({ do: 'make', count: GOOD, seed: SEED, server })
    const { failed } = await machines.ask({ do: 'connect', concurrency: 20 })
    if (failed > 0) throw new Error(`${failed} good devices did not connect`)
    print({ name: 'RSS before', value: memoryOf(controller.pid).rssMb, unit: 'MB' })
    const began = performance.now()
    const over = (): boolean => performance.now() - began > lengthMs
    const probes: Probes = { times: [], failures: [] }
    const rss: { at: number; mb: number }[] = []
    const report = setInterval(() => {
      const mb = memoryOf(controller.pid).rssMb
      rss.push({ at: performance.now() - began, mb })
      const p95 = percentile(probes.times.slice(-100), 0.95)
      print({
        name: `after ${Math.round((performance.now() - began) / 1_000)} s: RSS`,
        value: mb,
        unit: `MB, probe p95 ${Math.round(p95)} ms, ${probes.failures.length} failed`,
      })
    }, REPORT_EVERY_MS)
    await Promise.all([
      probing(controller, probes, over),
      repeated(6, turn => apf(server, turn), over),
      repeated(4, () => activation(controller), over),
      repeated(3, () => relay(controller), over),
      ...Array.from({ length: LIARS }, (_, index) => asking(controller, server, index, over)),
    ])
    clearInterval(report)
    return await verdict({ controller, machines, probes, rss, lengthMs })
  } finally {
    machines.stop()
    await controller.stop()
  }
}

type Outcome = {
  readonly controller: BenchController
  readonly machines: ReturnType<typeof startMachines>
  readonly probes: Probes
  readonly rss: readonly { at: number; mb: number }[]
  readonly lengthMs: number
}

async function verdict({ controller, machines, probes, rss, lengthMs }: Outcome): Promise<number> {
  for (const [what, times] of Object.entries(done)) print({ name: what, value: (times / lengthMs) * 1_000, unit: '/s' })
  print({ name: 'probe of a good device: p95', value: percentile(probes.times, 0.95), unit: 'ms' })
  print({ name: 'probes that failed', value: probes.failures.length, unit: `of ${probes.times.length}`, aim: '0' })
  const { connected } = await machines.ask({ do: 'connected' })
  print({ name: 'good devices connected', value: connected, unit: '', aim: `${GOOD}` })
  const mean = (list: readonly { mb: number }[]): number => list.reduce((sum, { mb }) => sum + mb, 0) / list.length
  const warm = rss.filter(each => each.at >= 55_000)
  const [early, late] = [mean(warm.slice(0, 3)), mean(warm.slice(-3))]
  if (warm.length > 3)
    print({
      name: 'RSS after the first minute, and at the end',
      value: late,
      unit: `MB, was ${Math.round(early)}`,
      aim: '≤ 110 %',
    })
  for (const failure of probes.failures.slice(0, 3)) process.stdout.write(`a probe failed: ${failure}\n`)
  const alive = await send(controller, 'GET', '/readyz')
  const isWell = probes.failures.length === 0 && connected === GOOD && alive?.status === 200
  return isWell && (warm.length <= 3 || late <= early * GROWTH) ? 0 : 1
}

// What a hostile client trips over itself is no finding.
process.on('uncaughtException', () => count('attacks that broke by themselves'))
process.exitCode = await main()
process.exit()
