// SPDX-License-Identifier: Apache-2.0
/** `muster oob sol`: the serial console of a machine on this terminal, or between pipes. */
import { SECOND } from '../../../../plugins/contract/time.ts'
import type { Call, Session } from '../../call.ts'
import { EXIT } from '../../exit.ts'
import type { Run } from '../../grammar.ts'
import { serialAddress } from '../../oob/api.ts'
import { grantFor } from '../../oob/grant.ts'
import { oneMachine } from '../../oob/machines.ts'
import type { Socket } from '../../ports.ts'
import { endedSession } from '../../toolkit-failure.ts'

/** Ctrl-], as telnet has it. */
const CLOSE_KEY = 0x1d
/** After the end of what was piped in, so long a silence means that the console has answered. */
const SILENCE_MS = 5 * SECOND
/** End without a failure (RFC 6455 §7.4.1). */
const NORMAL = 1000

export const serial: Run = async call => {
  const forMs = call.options.durationMs('for')
  const { session, guid } = await oneMachine(call)
  const token = (await grantFor(call, session, { guid, mode: 'sol' }))?.token ?? ownToken(call, session)
  const socket = await call.sockets.open({
    url: serialAddress(session.client.url, session.project, guid),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ca: session.context.ca,
    signal: call.signal,
  })
  if (call.terminal.input.isTerminal) await call.output.note('connected; Ctrl-] closes')
  const { code, reason, isOurs } = await attach(call, socket, forMs)
  if (call.signal.aborted) return EXIT.interrupted
  if (!isOurs && code !== NORMAL) throw endedSession(reason)
  if (call.terminal.input.isTerminal) await call.output.note('\nclosed')
  return undefined
}

function ownToken(call: Call, session: Session): string | undefined {
  return call.terminal.env.MUSTER_TOKEN || session.context.token
}

type Closed = { readonly code: number; readonly reason: string; readonly isOurs: boolean }

async function attach(call: Call, socket: Socket, forMs: number | undefined): Promise<Closed> {
  const { input, output } = call.terminal
  let isOurs = false
  let isPrinting = Promise.resolve()
  let forgetSilence = (): void => {}
  let awaitSilence = (): void => {}
  const close = (): void => {
    isOurs = true
    socket.close()
  }
  socket.onMessage = bytes => {
    awaitSilence()
    isPrinting = isPrinting.then(() => output.write(bytes))
  }
  const type = (bytes: Uint8Array): void => {
    if (bytes.length > 0) void socket.send(bytes).catch(() => undefined)
  }
  const stop = input.keys(bytes => {
    if (bytes === undefined) {
      // The end of what was piped in is not the end of what the console has to say.
      if (forMs !== undefined) return
      awaitSilence = () => {
        forgetSilence()
        forgetSilence = call.clock.after(SILENCE_MS, close)
      }
      return awaitSilence()
    }
    const at = input.isTerminal ? bytes.indexOf(CLOSE_KEY) : -1
    type(at === -1 ? bytes : bytes.subarray(0, at))
    if (at !== -1) close()
  })
  const forget = forMs === undefined ? undefined : call.clock.after(forMs, close)
  try {
    const { code, reason } = await socket.closed
    await isPrinting
    return { code, reason, isOurs }
  } finally {
    forget?.()
    forgetSilence()
    stop()
  }
}
