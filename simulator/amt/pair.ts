// SPDX-License-Identifier: Apache-2.0
/** Two byte streams back to back: what is written to one is read from the other, and both end together. */
import { Duplex } from 'node:stream'

export type Pair = { readonly near: Duplex; readonly far: Duplex }

/** Makes a pair; destroying one side destroys the other, without an error. */
export function createPair(): Pair {
  const near: Duplex = side(() => far)
  const far: Duplex = side(() => near)
  return { near, far }
}

function side(other: () => Duplex): Duplex {
  let go: (() => void) | undefined
  return new Duplex({
    read() {
      // The other side's writer waits until its bytes were taken.
      other().emit('taken')
    },
    write(this: Duplex, chunk: Buffer, _encoding, done) {
      go = () => {
        this.off('taken', taken)
        go = undefined
        done()
      }
      const taken = (): void => go?.()
      if (other().push(Buffer.from(chunk))) return go()
      this.on('taken', taken)
    },
    final(done) {
      other().push(null)
      done()
    },
    destroy(error, done) {
      setImmediate(() => other().destroy())
      done(error)
    },
  })
}
