// SPDX-License-Identifier: Apache-2.0
/** A minimal `rpc`: carries messages between the activation server and a simulated machine, and can be cut off. */
import type { Duplex } from 'node:stream'
import type { Socket, SocketRoute } from '../../controller/kernel/socket.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'

export type RpcRun = {
  readonly routes: readonly SocketRoute[]
  readonly machine: AmtMachine
  /** The command line: `activate --profile lab`. */
  readonly method: string
  readonly path?: string
  readonly tenantId?: string
  readonly protocolVersion?: string
  /** Over what the machine says of itself. */
  readonly payload?: Record<string, unknown>
  /** The whole first message as it is sent. */
  readonly raw?: string
  /** The websocket is closed at the n-th request, before it is handed on or before its reply is. */
  readonly cut?: { readonly n: number; readonly when: 'before' | 'after' }
  /** Called before each request is handed on. */
  readonly onRequest?: (n: number) => void | Promise<void>
}

export type RpcEnd = {
  /** `success`, `error`, or `closed` when it was cut off. */
  readonly end: string
  readonly text: string
  readonly status: {
    readonly Status?: string
    readonly Network?: string
    readonly CIRAConnection?: string
    readonly TLSConfiguration?: string
    readonly Components?: Record<string, { Result: string; Mode?: string; Details?: string }>
  }
  readonly requests: number
  readonly progress: readonly string[]
  readonly heartbeats: number
  readonly portSwitches: readonly { port: string; delay: number; rootCert?: string }[]
  /** Everything the server sent. */
  readonly sent: readonly string[]
}

/** What `rpc` says of the machine it runs on. */
export function payloadOf(machine: AmtMachine, password?: string): Record<string, unknown> {
  const { mei } = machine
  const mode = mei.controlMode()
  const { username, password: local } = mei.localSystemAccount()
  return {
    ver: mei.version,
    build: mei.build,
    sku: String(mei.skuCode),
    features: 'AMT Pro Corporate',
    uuid: mei.uuid,
    username,
    password: mode === 0 ? local : (password ?? 'unknown-to-rpc'),
    currentMode: mode,
    hostname: 'node-1',
    fqdn: mei.dnsSuffix(),
    client: 'RPC',
    certHashes: mei.certificateHashes().map(each => each.hash),
    ipConfiguration: {
      dhcp: true,
      static: false,
      ipsync: true,
      ipAddress: '192.168.6.24',
      netmask: '255.255.255.0',
      gateway: '192.168.6.1',
      primaryDns: '192.168.6.1',
      secondaryDns: '',
    },
    hostnameInfo: { dnsSuffixOS: mei.dnsSuffix(), hostname: 'node-1' },
    tlsEnforced: mei.tlsEnforced,
  }
}

export async function runRpc(run: RpcRun): Promise<RpcEnd> {
  const route = run.routes.find(each => each.paths.includes(run.path ?? '/activate'))
  if (route === undefined) throw new Error('no such path')
  const url = new URL(`ws://127.0.0.1${run.path ?? '/activate'}`)
  const verdict = await route.decide({ url, address: '192.0.2.7', headers: {}, protocols: [] })
  if ('refuse' in verdict) throw new Error(verdict.why)
  const client = new Client(run)
  verdict.accept(client.socket)
  const { password, ...rest } = run.payload ?? {}
  const payload = {
    ...payloadOf(run.machine, password as string | undefined),
    ...rest,
    ...(password === '' ? { password } : {}),
  }
  const message = {
    method: run.method,
    apiKey: 'key',
    appVersion: '2.52.4',
    protocolVersion: run.protocolVersion ?? '4.0.0',
    status: 'ok',
    message: 'ok',
    fqdn: '',
    payload: Buffer.from(JSON.stringify(payload)).toString('base64'),
    tenantId: run.tenantId ?? '',
  }
  client.say(run.raw ?? JSON.stringify(message))
  return client.ended
}

class Client {
  readonly #run: RpcRun
  readonly #end = Promise.withResolvers<RpcEnd>()
  readonly #sent: string[] = []
  readonly #progress: string[] = []
  readonly #switches: { port: string; delay: number; rootCert?: string }[] = []
  #heartbeats = 0
  #requests = 0
  #closed = false
  #tls: Duplex | undefined
  readonly socket: Socket

  constructor(run: RpcRun) {
    this.#run = run
    this.socket = {
      address: '192.0.2.7',
      pending: 0,
      send: async data => {
        if (this.#closed) throw new Error('the socket is closed')
        const text = Buffer.from(data as Uint8Array).toString('utf8')
        if (text.length > 102_400) throw new Error('the message is too large for rpc')
        this.#sent.push(text)
        setImmediate(() => void this.#take(text))
      },
      // What was sent before arrives before the end does.
      close: () => void setImmediate(() => setImmediate(() => this.#close('closed', ''))),
      pause: () => {},
      resume: () => {},
      onMessage: () => {},
      onClose: () => {},
    }
  }

  get ended(): Promise<RpcEnd> {
    return this.#end.promise
  }

  say(text: string): void {
    if (!this.#closed) this.socket.onMessage(Buffer.from(text), true)
  }

  #reply(method: string, payload: Uint8Array | string, status = 'ok'): void {
    this.say(
      JSON.stringify({
        method,
        apiKey: 'key',
        appVersion: '2.52.4',
        protocolVersion: '4.0.0',
        status,
        message: 'ok',
        payload: Buffer.from(payload).toString('base64'),
        tenantId: '',
      }),
    )
  }

  async #take(text: string): Promise<void> {
    if (this.#closed) return
    const message = JSON.parse(text) as { method: string; message: string; payload: string }
    switch (message.method) {
      case 'wsman':
        return this.#wsman(Buffer.from(message.payload, 'base64'))
      case 'tls_data':
        return this.#records(Buffer.from(message.payload, 'base64'))
      case 'heartbeat_request':
        this.#heartbeats += 1
        return this.#reply('heartbeat_response', '', 'success')
      case 'port_switch':
        this.#switches.push(JSON.parse(message.payload))
        this.#tls?.destroy()
        this.#tls = undefined
        return this.#reply('port_switch_ack', '')
      case 'progress':
        this.#progress.push(message.message)
        return
      case 'success':
      case 'error':
        return this.#close(message.method, message.message)
      default:
        throw new Error(`rpc does not know ${message.method}`)
    }
  }

  /** Tells whether the client is gone now. */
  async #request(when: 'before' | 'after'): Promise<boolean> {
    const { cut } = this.#run
    if (when === 'before') {
      this.#requests += 1
      await this.#run.onRequest?.(this.#requests)
    }
    if (cut?.n === this.#requests && cut.when === when) this.#close('closed', '')
    return this.#closed
  }

  async #wsman(request: Buffer): Promise<void> {
    if (await this.#request('before')) return
    const reply = await exchange(this.#run.machine.lms(16992), request)
    if (await this.#request('after')) return
    if (reply.length > 0) this.#reply('response', reply)
    else if (reply.length === 0) this.#close('closed', 'LMS gave nothing')
  }

  /** One connection carries many messages, until either side ends it. */
  async #records(records: Buffer): Promise<void> {
    if (await this.#request('before')) return
    if (this.#tls === undefined || this.#tls.destroyed) {
      const stream = this.#run.machine.lms(16993)
      this.#tls = stream
      stream.on('data', (bytes: Buffer) => {
        if (this.#tls === stream && !this.#closed) this.#reply('tls_data', bytes)
      })
      stream.on('error', () => {})
      stream.once('close', () => {
        if (this.#tls !== stream) return
        this.#tls = undefined
        this.#reply('connection_reset', '')
      })
    }
    this.#tls.write(records)
    await this.#request('after')
  }

  #close(end: string, text: string): void {
    if (this.#closed) return
    this.#closed = true
    this.#tls?.destroy()
    let status = {}
    try {
      status = JSON.parse(text)
    } catch {
      // told in plain words
    }
    setImmediate(() => this.socket.onClose(1000, ''))
    this.#end.resolve({
      end,
      text,
      status,
      requests: this.#requests,
      progress: this.#progress,
      heartbeats: this.#heartbeats,
      portSwitches: this.#switches,
      sent: this.#sent,
    })
  }
}

/** As `rpc` does with LMS: one connection, one request, the whole reply; nothing when the port says nothing. */
function exchange(stream: Duplex, request: Buffer): Promise<Buffer> {
  return new Promise(resolve => {
    const parts: Buffer[] = []
    const done = (): void => {
      stream.destroy()
      resolve(Buffer.concat(parts))
    }
    const timer = setTimeout(done, 2_000)
    stream.on('data', (bytes: Buffer) => {
      parts.push(bytes)
      if (isWhole(Buffer.concat(parts).toString('latin1'))) done()
    })
    stream.once('end', done)
    stream.on('error', () => {})
    stream.once('close', () => {
      clearTimeout(timer)
      done()
    })
    stream.write(request)
  })
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length:\s*(\d+)/i.exec(text.slice(0, end))?.[1]
  return length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= end + 4 + Number(length)
}
