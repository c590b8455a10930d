// SPDX-License-Identifier: Apache-2.0
/** A redirection port written from the byte layout alone, and the parts around our side of it. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { createSockets } from '../../controller/http/sockets.ts'
import { createAudit } from '../../controller/kernel/audit.ts'
import { createEvents } from '../../controller/kernel/events.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { createPrincipals } from '../../controller/kernel/principals.ts'
import type { Socket } from '../../controller/kernel/socket.ts'
import type { Devices } from '../../controller/modules/oob/devices/devices.ts'
import type { Reach } from '../../controller/modules/oob/ports.ts'
import { problem as oobProblem } from '../../controller/modules/oob/problems.ts'
import type { RedirectionConfig } from '../../controller/modules/oob/redirection/config.ts'
import type { ImageStore } from '../../controller/modules/oob/redirection/images.ts'
import { createMemoryRecordings } from '../../controller/modules/oob/redirection/recording.ts'
import { createRedirection } from '../../controller/modules/oob/redirection/redirection.ts'
import type { ToolkitAccount } from '../../controller/modules/oob/toolkit/accounts.ts'
import type { ToolkitConfig } from '../../controller/modules/oob/toolkit/config.ts'
import { createToolkitTokens } from '../../controller/modules/oob/toolkit/tokens.ts'
import { masterKey } from '../../controller/secrets/seal.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { createSecrets, secretMigrations } from '../../controller/secrets/store.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import type { Clock } from '../../plugins/contract/index.ts'
import { kernelStore, silent, surroundings, testSigner } from './kernel.ts'

export const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
export const OTHER_GUID = '4c4c4544-004b-4210-8033-b6c04f504634'
export const PASSWORD = 'Xy7!device$password'
const REALM = 'Digest:048A0000000000000000000000000000'

export const md5 = (text: string) => createHash('md5').update(text).digest('hex')
export const HA1 = md5(`admin:${REALM}:${PASSWORD}`)

export type PortOptions = {
  /** Kinds of login it offers. */
  readonly kinds?: readonly number[]
  readonly startStatus?: number
  readonly password?: string
  /** Takes over once the session is open; gets what came with the last frame too. */
  readonly open?: (stream: Duplex, kind: string) => (data: Buffer) => void
}

/** What a test sees of the port. */
export type PortSeen = {
  streams: Duplex[]
  /** Everything that came, by connection. */
  received: Buffer[]
  responses: string[]
}

/** A device's side of the redirection port, one call for each connection. */
export function redirectionPort(options: PortOptions = {}): PortSeen & { dial(): Promise<Duplex> } {
  const seen: PortSeen = { streams: [], received: [], responses: [] }
  const dial = async (): Promise<Duplex> => {
    const [near, far] = duplexPair()
    const index = seen.streams.push(far) - 1
    seen.received[index] = Buffer.alloc(0)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    far.on('error', () => undefined)
    let waiting = Buffer.alloc(0)
    let kind = ''
    let session: ((data: Buffer) => void) | undefined
    const nonce = createHash('sha1').update(String(index)).digest('hex').slice(0, 32)
    const strings = (...texts: string[]) =>
      Buffer.concat(texts.map(text => Buffer.concat([Buffer.of(text.length), Buffer.from(text)])))
    const reply = (status: number, type: number, data = Buffer.alloc(0)) => {
      const head = Buffer.of(0x14, status, 0, 0, type, 0, 0, 0, 0)
      head.writeUInt32LE(data.length, 5)
      far.write(Buffer.concat([head, data]))
    }
    const login = (type: number, data: Buffer): boolean => {
      if (type === 0) {
        reply(0, 0, Buffer.from(options.kinds ?? [1, 3, 4]))
        return false
      }
      const texts: string[] = []
      for (let at = 0; at < data.length; at += 1 + data[at]!)
        texts.push(data.toString('utf8', at + 1, at + 1 + data[at]!))
      const [user = '', realm = '', sent = '', uri = '', cnonce = '', nc = '', response = '', qop = ''] = texts
      const password = options.password ?? PASSWORD
      if (type === 1) {
        const right = user === 'admin' && realm === password
        reply(right ? 0 : 1, type)
        return right
      }
      if (response === '') {
        reply(1, type, type === 4 ? strings(REALM, nonce, 'auth') : strings(REALM, nonce))
        return false
      }
      seen.responses.push(response, cnonce)
      const middle = type === 4 ? `${nc}:${cnonce}:${qop}:` : ''
      const expected = md5(`${md5(`admin:${REALM}:${password}`)}:${sent}:${middle}${md5('POST:/RedirectionService')}`)
      const right = response === expected && sent === nonce && realm === REALM && uri === '/RedirectionService'
      reply(right ? 0 : 1, type)
      return right
    }
    far.on('data', (data: Buffer) => {
      seen.received[index] = Buffer.concat([seen.received[index]!, data])
      if (session !== undefined) return session(data)
      waiting = Buffer.concat([waiting, data])
      for (;;) {
        if (waiting[0] === 0x10 && waiting.length >= 8) {
          kind = waiting.toString('latin1', 4, 8)
          const status = options.startStatus ?? 0
          waiting = waiting.subarray(8)
          far.write(Buffer.concat([Buffer.of(0x11, status, 0, 0), Buffer.alloc(status === 0 ? 9 : 0)]))
          continue
        }
        if (waiting[0] !== 0x13 || waiting.length < 9) return
        const size = 9 + waiting.readUInt32LE(5)
        if (waiting.length < size) return
        const frame = waiting.subarray(0, size)
        waiting = waiting.subarray(size)
        if (!login(frame[4]!, frame.subarray(9))) continue
        session = options.open?.(far, kind) ?? (() => undefined)
        if (waiting.length > 0) session(waiting)
        return
      }
    })
    return near
  }
  return Object.assign(seen, { dial })
}

/** A serial console that gives back what is typed; bytes as they are. */
export function solEcho(stream: Duplex): (data: Buffer) => void {
  let waiting = Buffer.alloc(0)
  let sequence = 0
  const send = (kind: number, rest: Buffer) => {
    const head = Buffer.of(kind, 0, 0, 0, 0, 0, 0, 0)
    head.writeUInt32LE(sequence++, 4)
    stream.write(Buffer.concat([head, rest]))
  }
  return data => {
    waiting = Buffer.concat([waiting, data])
    for (;;) {
      const size =
        waiting[0] === 0x28
          ? waiting.length < 10
            ? 10
            : 10 + waiting.readUInt16LE(8)
          : { 32: 24, 39: 14, 43: 8 }[waiting[0] ?? 0]
      if (size === undefined || waiting.length < size) return
      const message = waiting.subarray(0, size)
      waiting = waiting.subarray(size)
      if (message[0] === 0x20) send(0x21, Buffer.alloc(15))
      if (message[0] === 0x28) {
        const length = Buffer.alloc(2)
        length.writeUInt16LE(size - 10)
        send(0x2a, Buffer.concat([length, message.subarray(10)]))
      }
    }
  }
}

/** RFB 3.8 without security on a screen of 64×64; each request gets one raw tile of the colour given. */
export function rfbScreen(colour: number) {
  return (stream: Duplex): ((data: Buffer) => void) => {
    let waiting = Buffer.alloc(0)
    let state = 'channel'
    const take = (count: number): Buffer | undefined => {
      if (waiting.length < count) return undefined
      const part = waiting.subarray(0, count)
      waiting = waiting.subarray(count)
      return part
    }
    const init = Buffer.alloc(24)
    init.writeUInt16BE(64, 0)
    init.writeUInt16BE(64, 2)
    const step = (): boolean => {
      const needs: Record<string, [number, string, Buffer]> = {
        channel: [8, 'version', Buffer.concat([Buffer.of(0x41, 0, 0, 0, 0, 0, 0, 0), Buffer.from('RFB 003.008\n')])],
        version: [12, 'security', Buffer.of(1, 1)],
        security: [1, 'init', Buffer.alloc(4)],
        init: [1, 'open', init],
      }
      const opening = needs[state]
      if (opening !== undefined) {
        if (take(opening[0]) === undefined) return false
        state = opening[1]
        stream.write(opening[2])
        return true
      }
      const kind = waiting[0]
      if (kind === undefined) return false
      if (kind === 2) return waiting.length >= 4 && take(4 + 4 * waiting.readUInt16BE(2)) !== undefined
      if (kind === 6) return waiting.length >= 8 && take(8 + waiting.readUInt32BE(4)) !== undefined
      const size = { 0: 20, 3: 10, 4: 8, 5: 6 }[kind]
      if (size === undefined) throw new Error(`no message of RFB: ${kind}`)
      if (take(size) === undefined) return false
      if (kind === 3) {
        const tile = Buffer.alloc(64 * 64, colour)
        const head = Buffer.alloc(16)
        head.writeUInt16BE(1, 2)
        head.writeUInt16BE(64, 8)
        head.writeUInt16BE(64, 10)
        stream.write(Buffer.concat([head, tile]))
      }
      return true
    }
    return data => {
      waiting = Buffer.concat([waiting, data])
      while (step()) {}
    }
  }
}

export type WorldOptions = {
  readonly clock?: Clock
  readonly port?: ReturnType<typeof redirectionPort>
  readonly config?: RedirectionConfig
  readonly toolkit?: ToolkitConfig
  readonly accounts?: readonly ToolkitAccount[]
  readonly images?: ImageStore
  /** `OptInRequired` and `OptInState` of the device. */
  readonly consent?: readonly [string, string]
  readonly connected?: boolean
  readonly recordingLimit?: number
}

/** Our side, with real parts but for the way to the device. */
export async function startWorld(options: WorldOptions = {}) {
  const store = await kernelStore()
  await store.migrate('secrets', secretMigrations)
  const around = { ...surroundings(), clock: options.clock ?? realClock, random: realRandom, log: silent }
  const audit = createAudit(store, testSigner(), around)
  const events = createEvents(store, around)
  const principals = createPrincipals({ ...around, store, audit, grants: () => [] })
  const kernel = { ...around, store, audit, events, principals } as unknown as Kernel
  const secrets = createSecrets({ master: masterKey(realRandom(32)), clock: around.clock, random: realRandom })
  const port = options.port ?? redirectionPort({ open: solEcho })
  const [required, state] = options.consent ?? ['0', '0']
  const dialled: number[] = []
  const reach = {
    project: 'default',
    guid: GUID,
    via: 'cira',
    wsman: { get: async () => ({ content: { OptInRequired: required, OptInState: state } }) },
    dial: async (number: number) => {
      dialled.push(number)
      return port.dial()
    },
    credentials: async () => ({ username: 'admin', password: Secret.of(PASSWORD) }),
  } as unknown as Reach
  const reaches = {
    reach: async () => {
      if (options.connected === false) throw oobProblem('amt-not-connected', GUID)
      return reach
    },
    forget: () => undefined,
  }
  const devices = {
    find: async (_: unknown, project: string, guid: string) =>
      project === 'default' && (guid === GUID || guid === OTHER_GUID) ? { project, guid } : undefined,
  } as unknown as Devices
  const accounts = options.accounts ?? [
    { username: 'Operator', password: Secret.of('a-long-enough-password'), role: 'admin' as const },
  ]
  const toolkit = options.toolkit ?? {}
  const tokens = createToolkitTokens({ kernel, secrets, config: toolkit, accounts, log: silent })
  const recordings = createMemoryRecordings(options.recordingLimit)
  const images = options.images ?? { list: async () => [], open: async () => Promise.reject(new Error('no images')) }
  const redirection = createRedirection({
    kernel,
    secrets,
    reaches,
    devices,
    tokens,
    recordings,
    images,
    config: options.config ?? {},
    log: silent,
  })
  const login = await tokens.login({ kind: 'account', id: 'Operator' }, 'toolkit-operator')
  const person = (await tokens.authenticate(login, '127.0.0.1'))!
  const grant = (mode?: 'kvm' | 'sol' | 'ider', guid = GUID) =>
    tokens.redirection({ principal: person, bearer: login, project: 'default', guid, mode })
  const audited = async () => (await audit.list('project:default', 0, 100)) as readonly any[]
  return {
    kernel,
    store,
    secrets,
    principals,
    tokens,
    accounts,
    toolkit,
    devices,
    reach,
    redirection,
    recordings,
    port,
    dialled,
    login,
    person,
    grant,
    audited,
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

/** Serves the world's sockets on loopback. */
export async function listen(world: World) {
  const upgrade = createSockets({
    routes: world.redirection.sockets,
    names: new Set(['127.0.0.1']),
    log: silent,
    otherwise: (_, socket) => socket.destroy(),
  })
  const server = createServer()
  server.on('upgrade', upgrade)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    await world.redirection.stop()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    await world.store.close()
  }
  return { url: `ws://127.0.0.1:${port}`, stop }
}

/** A socket without a network. */
export function fakeSocket() {
  const sent: Buffer[] = []
  const closes: { code: number | undefined; reason: string | undefined }[] = []
  const socket: Socket & { paused: boolean } = {
    address: '127.0.0.1',
    pending: 0,
    paused: false,
    send: async data => void sent.push(Buffer.from(data)),
    close: (code, reason) => void closes.push({ code, reason }),
    pause: () => {
      socket.paused = true
    },
    resume: () => {
      socket.paused = false
    },
    onMessage: () => undefined,
    onClose: () => undefined,
  }
  return { socket, sent, closes, text: () => Buffer.concat(sent) }
}
