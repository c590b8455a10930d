// SPDX-License-Identifier: Apache-2.0
/** An activation server that says what a test tells it to, over a real websocket and TLS. */
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import { issueServer } from '../../provisioning/pki/issue.ts'

export type RpsMessage = { readonly method: string; readonly message: string; readonly payload: string } & Record<
  string,
  unknown
>

export interface RpsSession {
  /** What the client began with, and the payload in it. */
  readonly first: RpsMessage
  readonly claim: Record<string, any>
  send(method: string, more?: Record<string, unknown>): void
  /** The next message of the client; rejects when it has gone. */
  next(): Promise<RpsMessage>
  /** Has the client carry bytes to the firmware, and returns the answer. */
  wsman(request: string): Promise<string>
  /** Breaks the connection. */
  drop(): void
}

export interface ScriptedRps {
  readonly url: string
  /** PEM. */
  readonly root: string
  /** What each session does; the last one for all that follow. */
  scripts: ((session: RpsSession) => Promise<void>)[]
  readonly sessions: RpsSession[]
  /** What scripts threw. */
  readonly failures: unknown[]
  close(): Promise<void>
}

export async function startScriptedRps(): Promise<ScriptedRps> {
  const now = Date.now()
  const authority = await createAuthority({ now: now - 86_400_000 })
  const server = await issueServer(authority.issuing, { names: ['localhost', '127.0.0.1'], now })
  const https = createServer({ key: server.privateKey, cert: `${server.certificate}${authority.issuing.certificate}` })
  const sockets = new WebSocketServer({ server: https })
  const rps: Omit<ScriptedRps, 'url' | 'root' | 'close'> = { scripts: [], sessions: [], failures: [] }
  sockets.on('connection', socket => {
    void serve(rps, socket).catch(thrown => rps.failures.push(thrown))
  })
  https.listen(0, '127.0.0.1')
  await once(https, 'listening')
  const { port } = https.address() as AddressInfo
  return Object.assign(rps, {
    url: `wss://127.0.0.1:${port}/activate`,
    root: authority.root.certificate,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      https.close()
      await once(https, 'close')
    },
  })
}

async function serve(rps: Pick<ScriptedRps, 'scripts' | 'sessions'>, socket: WebSocket): Promise<void> {
  const heard: string[] = []
  let wake = (): void => undefined
  socket.on('message', data => {
    heard.push(String(data))
    wake()
  })
  socket.on('close', () => wake())
  const next = async (): Promise<RpsMessage> => {
    while (heard.length === 0) {
      if (socket.readyState > socket.OPEN) throw new Error('the client has gone')
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    return JSON.parse(heard.shift() ?? '')
  }
  const send = (method: string, more: Record<string, unknown> = {}): void => {
    const whole = {
      method,
      apiKey: 'xxxxx',
      appVersion: '2.40.0',
      protocolVersion: '4.0.0',
      status: method,
      message: '',
      fqdn: '',
      payload: '',
      ...more,
    }
    socket.send(JSON.stringify(whole))
  }
  const first = await next()
  const session: RpsSession = {
    first,
    claim: JSON.parse(Buffer.from(first.payload, 'base64').toString()),
    next,
    send,
    async wsman(request) {
      send('wsman', { payload: Buffer.from(request).toString('base64') })
      const answer = await next()
      if (answer.method !== 'response') throw new Error(`${answer.method} instead of a response`)
      return Buffer.from(answer.payload, 'base64').toString()
    },
    drop: () => socket.terminate(),
  }
  rps.sessions.push(session)
  const script = rps.scripts.length > 1 ? rps.scripts.shift() : rps.scripts[0]
  await script?.(session)
}
