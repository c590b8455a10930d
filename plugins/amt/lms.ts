// SPDX-License-Identifier: Apache-2.0
/** Joins a stream to the controller with the local ports of the firmware, which Intel's local service keeps open. */
import type { ByteStream, Handler, PluginHost } from '../contract/index.ts'
import type { LmsInput } from './contract.ts'
import { problem } from './problems.ts'

/** Where the local service listens: plain, and over TLS. */
export const LMS_ADDRESSES = ['127.0.0.1:16992', '127.0.0.1:16993']

/** The command is done once both ends are joined; the bytes pass on their own until one end closes. */
export function lmsCommand(host: PluginHost): Handler<LmsInput, Record<string, never>> {
  return {
    async run({ stream, port }, { signal }) {
      if (host.stream === undefined) throw problem('no-streams')
      const line = await host.connect(`127.0.0.1:${port}`, signal)
      try {
        join(line, host.stream(stream))
      } catch (thrown) {
        line.destroy()
        throw thrown
      }
      return {}
    },
  }
}

/** The end of one becomes the end of the other once everything has passed; a break of one breaks the other. */
function join(one: ByteStream, other: ByteStream): void {
  pump(one, other)
  pump(other, one)
}

function pump(from: ByteStream, to: ByteStream): void {
  let isDone = false
  from.on('data', bytes => {
    if (to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.once('end', () => {
    isDone = true
    to.end()
  })
  from.once('close', () => {
    if (!isDone) to.destroy()
  })
}
