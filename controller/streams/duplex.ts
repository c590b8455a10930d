// SPDX-License-Identifier: Apache-2.0
/** The controller's end of a stream, as a duplex that also tells when the host has opened its own. */
import { Duplex } from 'node:stream'
import { createStreamEnd, type StreamEnd, type StreamParts } from '../../plugins/contract/index.ts'

export type OpenedEnd = {
  readonly duplex: Duplex
  readonly end: StreamEnd
  /** Resolves when the host is there; rejects with what `gone` makes of the reason when it never came. */
  readonly answered: Promise<void>
}

export type EndParts = Pick<StreamParts, 'clock' | 'send'> & { readonly gone: (why: string) => Error }

/** Opens an end that waits for the host's. What breaks it closes the duplex, without an error that must be caught. */
export function openEnd({ gone, ...parts }: EndParts): OpenedEnd {
  const { promise: answered, resolve, reject } = Promise.withResolvers<void>()
  answered.catch(() => {}) // not everybody waits for it
  let why = 'it was closed'
  const end = createStreamEnd({
    ...parts,
    opened: resolve,
    data: bytes => duplex.push(bytes),
    ended: () => void duplex.push(null),
    broken: reason => {
      why = reason
      duplex.destroy()
    },
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
      end.reset('the controller closed it')
      reject(gone(why))
      done(thrown)
    },
  })
  duplex.on('error', () => {}) // whoever uses it hears of its close
  end.begin('waits')
  return { duplex, end, answered }
}
