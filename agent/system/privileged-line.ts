// SPDX-License-Identifier: Apache-2.0
/** Asks the privileged helper over its socket: one connection, one line each way. */
import { connect, type Socket } from 'node:net'
import { findings, problemFrom, SECOND } from '../../plugins/contract/index.ts'
import { type InputOf, type OutputOf, VERBS, type Verb } from '../helper/inputs.ts'
import { problem } from '../helper/problems.ts'
import { Answer, type Evidence, MAX_ANSWER_BYTES, MAX_REQUEST_BYTES, PROTOCOL } from '../helper/wire.ts'
import { readLines } from '../hosting/lines.ts'
import { readLine } from '../hosting/protocol.ts'

export type Asking = {
  readonly messages?: readonly Evidence[]
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

export interface HelperLine {
  /**
   * Has one verb done. Throws `helper-unavailable` when nobody answers, what the helper refuses with, and the signal's
   * reason; closing the connection then ends what the helper was doing.
   */
  ask<V extends Verb>(verb: V, input: InputOf<V>, asking: Asking): Promise<OutputOf<V>>
  readonly socket: string
}

const ANSWER_WITHIN_MS = 60 * SECOND

export function helperLine(socket: string): HelperLine {
  return {
    socket,
    async ask(verb, input, { messages = [], signal, timeoutMs = ANSWER_WITHIN_MS }) {
      const text = JSON.stringify({ v: PROTOCOL, verb, input, messages })
      if (Buffer.byteLength(text) > MAX_REQUEST_BYTES) throw problem('helper-request', 'it is too long')
      const answer = await exchange({ socket, text, signal, timeoutMs })
      if ('problem' in answer) throw problemFrom(answer.problem)
      if (findings(VERBS[verb].output, answer.output).length > 0)
        throw problem('helper-unavailable', `${socket} answered ${verb} with something else`)
      return answer.output as OutputOf<typeof verb> // as just checked
    },
  }
}

type Exchange = {
  readonly socket: string
  readonly text: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

function exchange({ socket: path, text, signal, timeoutMs }: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const line = connect(path)
    const timer = setTimeout(() => settle(() => reject(gone(path, 'it takes too long'))), timeoutMs)
    const stop = (): void => settle(() => reject(signal.reason))
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      line.destroy()
      act()
    }
    const take = (bytes: Uint8Array): void => {
      const answer = readLine(Answer, bytes)
      settle(() => (answer === undefined ? reject(gone(path, 'its answer cannot be read')) : resolve(answer)))
    }
    signal.addEventListener('abort', stop, { once: true })
    line.on('error', thrown => settle(() => reject(gone(path, reasonOf(thrown)))))
    line.once('close', () => settle(() => reject(gone(path, 'it closed the connection'))))
    listenTo(line, take, () => settle(() => reject(gone(path, 'its answer is too long'))))
    line.once('connect', () => line.write(`${text}\n`))
  })
}

function listenTo(line: Socket, take: (bytes: Uint8Array) => void, tooLong: () => void): void {
  const lines = readLines(MAX_ANSWER_BYTES, take, tooLong)
  line.on('data', chunk => lines.push(chunk))
}

function gone(path: string, why: string) {
  return problem('helper-unavailable', `${path}: ${why}`, { path })
}

function reasonOf(thrown: Error): string {
  if (!('code' in thrown)) return thrown.message
  if (thrown.code === 'ENOENT') return 'there is no such socket'
  if (thrown.code === 'ECONNREFUSED') return 'nobody listens'
  return thrown.code === 'EACCES' ? 'this user may not connect' : String(thrown.code)
}
