// SPDX-License-Identifier: Apache-2.0
/** WebSockets of this machine, loaded when a session is opened and never before. */
import type { Socket, SocketAsk, Sockets } from '../ports.ts'
import { refusedSocket } from '../toolkit-failure.ts'
import { unreachable } from './unreachable.ts'

export const sockets: Sockets = { open }

async function open({ url, headers, ca, signal }: SocketAsk): Promise<Socket> {
  signal.throwIfAborted()
  const { WebSocket } = await import('ws')
  const address = new URL(url)
  address.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  const webSocket = new WebSocket(address, {
    headers,
    perMessageDeflate: false,
    maxPayload: 1_048_576,
    ...(ca === undefined ? {} : { ca }),
  })
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }))
  })
  signal.addEventListener('abort', () => webSocket.terminate(), { once: true })
  const socket: Socket = {
    closed,
    onMessage: () => {},
    send: bytes =>
      new Promise((resolve, reject) => webSocket.send(bytes, error => (error ? reject(error) : resolve()))),
    close: () => webSocket.close(),
  }
  webSocket.on('message', data => socket.onMessage(data as Buffer)) // one message is one buffer unless asked otherwise
  await new Promise<void>((resolve, reject) => {
    webSocket.on('open', resolve)
    webSocket.on('unexpected-response', (_, answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const said = Buffer.concat(parts).toString('utf8').trim().slice(0, 200)
        reject(refusedSocket(answer.statusCode ?? 0, said))
      })
    })
    webSocket.on('error', reject)
  }).catch(thrown => {
    webSocket.terminate()
    throw unreachable({ url, signal }, thrown)
  })
  return socket
}
