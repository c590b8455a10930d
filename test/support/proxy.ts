// SPDX-License-Identifier: Apache-2.0
/** A small proxy for CONNECT, which remembers where it was asked to go. */
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface Proxy {
  readonly url: string
  /** `host:port` of every request, in the order they came. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

export async function startProxy(): Promise<Proxy> {
  const asked: string[] = []
  const open = new Set<Socket>()
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connection', socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.on('connect', (request, client: Socket) => {
    const target = request.url ?? ''
    asked.push(target)
    const [host = '', port = ''] = target.split(/:(?=\d+$)/)
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    open.add(upstream)
    upstream.on('close', () => open.delete(upstream))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
