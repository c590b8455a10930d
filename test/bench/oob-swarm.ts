// SPDX-License-Identifier: Apache-2.0
/** Machines with AMT in a process of their own: obeys lines of JSON, and answers each with one. */
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { createAmtMachine } from '../../simulator/amt/machine.ts'
import { createSwarm, type Swarm } from '../../simulator/amt/swarm.ts'
import { diceOf } from '../../simulator/dice.ts'
import { uuidOf } from '../../simulator/facts.ts'

const monotonic = (): number => performance.now()
const clock = {
  now: () => Date.now(),
  monotonic,
  after: (waitMs: number, act: () => void) => {
    const timer = setTimeout(act, waitMs)
    return () => clearTimeout(timer)
  },
  sleep: (waitMs: number) => new Promise<void>(resolve => setTimeout(resolve, waitMs)),
}

type Server = { host: string; port: number; ca: string; commonName: string }
type Order =
  | { do: 'make'; count: number; seed: string; server: Server }
  | { do: 'connect'; concurrency: number }
  | { do: 'cut' }
  | { do: 'connected' }
  | { do: 'activate'; count: number; concurrency: number; url: string; profile: string }

let swarm: Swarm | undefined
const attempts = 0

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'make':
      swarm = createSwarm({
        ...order,
        clock,
        // As the machines spoke that MPS was measured with, and as most firmware does.
        maxTls: 'TLSv1.2',
        // Firmware tries again soon, as after a restart of its server; 30 s keep-alive as most generations have it.
        reconnect: { tries: 1_000, waitMs: 500, backoffMs: 2_000 },
      })
      return {}
    case 'connect': {
      const report = await swarm?.connect({ concurrency: order.concurrency, patienceMs: 120_000 })
      return {
        ...report,
        handshakesMs: undefined,
        p50: at(report?.handshakesMs, 0.5),
        p95: at(report?.handshakesMs, 0.95),
      }
    }
    case 'cut':
      swarm?.cut()
      return {}
    case 'connected':
      return { connected: swarm?.connected() ?? 0, attempts }
    case 'activate':
      return activateAll(order)
  }
}

function at(values: readonly number[] | undefined, share: number): number {
  return values?.[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
}

async function activateAll(order: Extract<Order, { do: 'activate' }>): Promise<unknown> {
  const machines = Array.from({ length: order.count }, (_, index) => {
    const dice = diceOf('activation', index)
    return createAmtMachine({
      uuid: uuidOf(dice.bytes(16)),
      version: '16.1.25',
      sku: 'amt',
      clock,
      random: bytes => dice.bytes(bytes),
      dnsSuffix: 'bench.example',
    })
  })
  const began = monotonic()
  const queue = machines.values()
  const ends: Record<string, number> = {}
  const times: number[] = []
  const worker = async (): Promise<void> => {
    for (const machine of queue) {
      const from = monotonic()
      const end = await activate(machine, order)
      times.push(monotonic() - from)
      ends[end] = (ends[end] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: order.concurrency }, worker))
  const tookMs = monotonic() - began
  times.sort((one, other) => one - other)
  return { tookMs, ends, p50: at(times, 0.5), p95: at(times, 0.95) }
}

/** What `rpc` does: the first message, then every request handed on to the firmware and its reply back. */
function activate(machine: ReturnType<typeof createAmtMachine>, { url, profile }: { url: string; profile: string }) {
  return new Promise<string>(resolve => {
    const socket = new WebSocket(url, { rejectUnauthorized: false, perMessageDeflate: false })
    let answer: ((raw: Buffer) => void) | undefined
    let lms = machine.lms(16992)
    const listen = (): void => {
      lms.on('data', (bytes: Buffer) => answer?.(bytes))
      lms.on('close', () => {
        lms = machine.lms(16992)
        listen()
      })
    }
    listen()
    socket.on('error', () => resolve('socket'))
    socket.on('close', () => resolve('closed'))
    const { mei } = machine
    const local = mei.localSystemAccount()
    const payload = {
      ver: mei.version,
      build: mei.build,
      sku: String(mei.skuCode),
      uuid: mei.uuid,
      username: local.username,
      password: local.password,
      currentMode: 0,
      hostname: 'bench',
      fqdn: mei.dnsSuffix(),
      client: 'RPC',
      certHashes: mei.certificateHashes().map(each => each.hash),
      ipConfiguration: { dhcp: true, ipsync: true },
      hostnameInfo: { dnsSuffixOS: 'bench.example', hostname: 'bench' },
    }
    const say = (method: string, body: string, message = ''): void =>
      socket.send(
        JSON.stringify({
          method,
          apiKey: 'key',
          appVersion: '2.52.4',
          protocolVersion: '4.0.0',
          status: 'ok',
          message,
          fqdn: mei.dnsSuffix(),
          payload: body,
          tenantId: '',
        }),
      )
    socket.on('open', () =>
      say(`activate --profile ${profile}`, Buffer.from(JSON.stringify(payload)).toString('base64')),
    )
    socket.on('message', raw => {
      const { method, payload: given } = JSON.parse(String(raw)) as { method: string; payload: string }
      if (method === 'wsman') {
        answer = reply(lms, answered => say('response', answered.toString('base64')))
        lms.write(Buffer.from(given, 'base64'))
      } else if (method === 'heartbeat_request') say('heartbeat_response', '')
      else if (method === 'success' || method === 'error') {
        resolve(method)
        socket.close()
        lms.destroy()
      }
    })
  })
}

/** Gathers one HTTP reply: to its length, or to its last chunk. */
function reply(_lms: unknown, done: (raw: Buffer) => void): (bytes: Buffer) => void {
  let gathered = Buffer.alloc(0)
  return bytes => {
    gathered = Buffer.concat([gathered, bytes])
    const head = gathered.indexOf('\r\n\r\n')
    if (head < 0) return
    const headers = gathered.subarray(0, head).toString('latin1').toLowerCase()
    const length = /content-length: *(\d+)/.exec(headers)?.[1]
    const whole =
      length === undefined
        ? gathered.subarray(-5).toString('latin1') === '0\r\n\r\n' ||
          gathered.subarray(-7).toString('latin1').endsWith('\r\n0\r\n\r\n')
        : gathered.length >= head + 4 + Number(length)
    if (!whole) return
    const raw = gathered
    gathered = Buffer.alloc(0)
    done(raw)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(JSON.parse(line) as Order).catch(thrown => ({ error: String(thrown) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit(0)
