// SPDX-License-Identifier: Apache-2.0
/** This host's end of a stream, as a duplex: its buffers are the window's, and its pressure the credits'. */
import { Duplex } from 'node:stream'
import { createStreamEnd, type StreamEnd, type StreamParts } from '../../plugins/contract/index.ts'

export type OpenedEnd = { readonly duplex: Duplex; readonly end: StreamEnd }

/** Opens an end and tells the other side so. What breaks it closes the duplex, without an error that must be caught. */
export function openEnd(parts: Pick<StreamParts, 'clock' | 'send' | 'ready'>): OpenedEnd {
  const end = createStreamEnd({
    ...parts,
    opened: () => {},
    data: bytes => duplex.push(bytes),
    ended: () => void duplex.push(null),
    broken: () => duplex.destroy(),
  })
  const duplex = new Duplex({
    allowHalfOpen: false,
    read: () => end.wanted(),
    write: (chunk: Uint8Array, _encoding, done) => end.write(chunk, done),
    writev: (chunks, done) => end.write(Buffer.concat(chunks.map(({ chunk }): Uint8Array => chunk)), done),
    final: done => {
      end.end()
      done()
    },
    destroy: (thrown, done) => {
      end.reset('this end was closed')
      done(thrown)
    },
  })
  duplex.on('error', () => {}) // whoever uses it hears of its close
  end.begin('speaks')
  return { duplex, end }
}
