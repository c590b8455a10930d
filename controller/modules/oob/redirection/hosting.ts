// SPDX-License-Identifier: Apache-2.0
/** Opens a redirection session of our own, without a browser: start, log in, and hand over the stream. */
import type { Duplex } from 'node:stream'
import { SECOND } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Reach } from '../ports.ts'
import { problem as oobProblem } from '../problems.ts'
import { createAuthentication } from './authentication.ts'
import { createPending } from './bytes.ts'
import { type DeviceFrame, type Mode, readDeviceFrame, startFrame } from './framing.ts'
import { problem } from './problems.ts'

export type Hosted = { readonly stream: Duplex; readonly rest: Uint8Array }

export type HostingParts = {
  readonly kernel: Pick<Kernel, 'clock' | 'random'>
  readonly reach: Reach
  readonly mode: Mode
}

const OPENING_MS = 30 * SECOND
const MAX_WAITING = 65_536
const STATUS: Readonly<Record<number, string>> = { 1: 'type unknown', 2: 'busy', 3: 'unsupported' }
const PORT = 16_994

/**
 * Resolves with the stream paused, logged in. Rejects with `redirection-refused`, `redirection-protocol`,
 * `amt-unauthorized`, `amt-timeout`, what dialling rejects with, or the signal's reason; the stream is closed then.
 */
export async function openAsHost({ kernel, reach, mode }: HostingParts, signal: AbortSignal): Promise<Hosted> {
  const credentials = await reach.credentials()
  const late = new AbortController()
  const forget = kernel.clock.after(OPENING_MS, () => late.abort(oobProblem('amt-timeout', 'redirection')))
  const either = AbortSignal.any([signal, late.signal])
  let stream: Duplex | undefined
  try {
    stream = await reach.dial(PORT, either)
    const cnonce = Buffer.from(kernel.random(16)).toString('hex')
    const rest = await login(stream, { login: createAuthentication(credentials, cnonce), mode, signal: either })
    return { stream, rest }
  } catch (thrown) {
    stream?.on('error', () => undefined)
    stream?.destroy()
    throw thrown
  } finally {
    forget()
  }
}

type Login = {
  readonly login: ReturnType<typeof createAuthentication>
  readonly mode: Mode
  readonly signal: AbortSignal
}

function login(stream: Duplex, { login, mode, signal }: Login): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pending = createPending(MAX_WAITING)
    const settle = (act: () => void): void => {
      stream.pause()
      stream.off('data', onData).off('close', onClose).off('error', onClose)
      signal.removeEventListener('abort', onAbort)
      act()
    }
    const fail = (thrown: unknown): void => settle(() => reject(thrown))
    const onClose = (): void => fail(problem('redirection-ended', 'while opening'))
    const onAbort = (): void => fail(signal.reason)
    const onFrame = (frame: DeviceFrame): boolean => {
      if (frame.kind === 'started') {
        if (frame.status !== 0) fail(problem('redirection-refused', STATUS[frame.status] ?? `status ${frame.status}`))
        else stream.write(login.query())
        return frame.status === 0
      }
      const step = login.reply(frame)
      if (step.is === 'send') stream.write(step.frame)
      if (step.is === 'done') settle(() => resolve(pending.takeAll()))
      if (step.is === 'failed')
        fail(step.why === 'unauthorized' ? oobProblem('amt-unauthorized') : problem('redirection-protocol', step.why))
      return step.is === 'send'
    }
    const onData = (data: Uint8Array): void => {
      if (!pending.add(data)) return void fail(problem('redirection-protocol', 'too much before the session is open'))
      for (let more = true; more; ) {
        const found = readDeviceFrame(pending.bytes)
        if (found === 'wait') return
        if (found === 'bad') return void fail(problem('redirection-protocol', 'no frame of redirection'))
        pending.drop(found.size)
        more = onFrame(found.frame)
      }
    }
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('data', onData).on('close', onClose).on('error', onClose)
    stream.write(startFrame(mode))
  })
}
