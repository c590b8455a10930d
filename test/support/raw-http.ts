// SPDX-License-Identifier: Apache-2.0
/** HTTP by the byte, for requests that no client would send. */
import { connect } from 'node:net'

/** Sends bytes as they are and reads until the server closes or falls silent. */
export function raw(url: string, bytes: string | Buffer, waitMs = 1_000): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = connect({ host: hostname, port: Number(port) })
    let text = ''
    const timer = setTimeout(() => socket.destroy(), waitMs)
    socket.on('data', part => {
      text += part
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
    socket.write(bytes)
  })
}
