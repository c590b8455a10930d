// SPDX-License-Identifier: Apache-2.0
/** What every redirection session has, whoever opened it: limits, a recording, and entries in the audit at both ends. */
import { type Json, type Log, SECOND } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { textOfCodePage } from './codepage.ts'
import type { RedirectionRules } from './config.ts'
import type { Ended, Seat } from './live.ts'
import { type Recorder, type RecordingEnd, type RecordingSink, startRecorder } from './recording.ts'

export type SessionParts = {
  readonly kernel: Kernel
  readonly rules: RedirectionRules
  readonly recordings: RecordingSink
  readonly log: Log
}

export interface Session {
  readonly seat: Seat
  /** Starts the limits, the recording and the audit entry. Throws when one of them cannot be. */
  begin(end: (ended: Ended) => void): Promise<Recorder | undefined>
  /** A person did something. */
  touched(): void
  /** Ends the limits, the recording, and writes down how it ended. The first call counts. */
  finish(ended: Ended): Promise<void>
}

export function createSession(parts: SessionParts, seat: Seat): Session {
  const { kernel, rules, log } = parts
  const { clock } = kernel
  let recorder: Recorder | undefined
  let began = false
  let beginning: Promise<Recorder | undefined> | undefined
  let finishing: Promise<void> | undefined
  let lastTouch = clock.monotonic()
  let timers: (() => void)[] = []

  const startLimits = (end: (ended: Ended) => void): void => {
    timers.push(clock.after(longestOf(rules, seat), () => end({ by: 'controller', why: 'limit' })))
    if (seat.mode === 'ider') return
    const watch = (): void => {
      const left = lastTouch + rules.idleMs - clock.monotonic()
      if (left <= 0) return void end({ by: 'controller', why: 'idle' })
      timers[1] = clock.after(left, watch)
    }
    lastTouch = clock.monotonic()
    watch()
  }
  const begin = async (end: (ended: Ended) => void): Promise<Recorder | undefined> => {
    recorder = await recorderFor(parts, seat, () => end({ by: 'controller', why: 'recording-failed' }))
    await write(kernel, seat, { action: 'redirection.open', detail: { session: seat.id, ...facts(seat) } })
    began = true
    if (finishing === undefined) startLimits(end)
    return recorder
  }
  return {
    seat,
    touched: () => {
      lastTouch = clock.monotonic()
    },
    begin: end => {
      beginning = begin(end)
      return beginning
    },
    finish: ended => {
      finishing ??= (async () => {
        for (const forget of timers) forget()
        timers = []
        // What was begun meanwhile is ended too.
        await beginning?.catch(() => undefined)
        const recording = await recorder?.close()
        if (!began) return refused(kernel, seat, ended)
        const detail = closing(seat, ended, { recording, now: clock.now() })
        await write(kernel, seat, { action: 'redirection.close', detail })
      })().catch(thrown =>
        log.error('the end of a redirection session was not written down', { error: String(thrown) }),
      )
      return finishing
    },
  }
}

/** How long a session may last, in milliseconds. */
export function longestOf(
  { imageMaxMs, maxMs }: Pick<RedirectionRules, 'imageMaxMs' | 'maxMs'>,
  { mode, maxMs: own = Number.POSITIVE_INFINITY }: Pick<Seat, 'mode' | 'maxMs'>,
): number {
  return Math.min(own, mode === 'ider' ? imageMaxMs : maxMs)
}

/** Whether what such a session shows is recorded. */
export function isRecorded(rules: RedirectionRules, { mode, kind }: Pick<Seat, 'mode' | 'kind'>): boolean {
  return kind !== 'image' && (mode === 'sol' ? rules.recordSol : mode === 'kvm' && rules.recordKvm)
}

async function recorderFor(
  { kernel, rules, recordings }: SessionParts,
  { id, project, guid, mode, kind }: Seat,
  failed: () => void,
): Promise<Recorder | undefined> {
  if (!isRecorded(rules, { mode, kind })) return undefined
  const format = mode === 'sol' ? 'asciicast' : 'frames'
  return startRecorder({
    sink: recordings,
    about: { id, project, device: guid, format },
    clock: kernel.clock,
    digest: kernel.digest,
    text: mode === 'sol' ? textOfCodePage : data => Buffer.from(data).toString('base64'),
    failed,
  })
}

function facts({ mode, kind }: Seat): { readonly [name: string]: Json } {
  return { mode: mode ?? 'unknown', kind }
}

type Close = { readonly recording: RecordingEnd | undefined; readonly now: number }

function closing(seat: Seat, { by, why }: Ended, { recording, now }: Close): { readonly [name: string]: Json } {
  return {
    session: seat.id,
    ...facts(seat),
    endedBy: by,
    why,
    seconds: Math.round((now - seat.since) / SECOND),
    received: seat.bytes.received,
    sent: seat.bytes.sent,
    ...(recording === undefined ? {} : { recording: { id: seat.id, chunks: recording.chunks, hash: recording.hash } }),
  }
}

/** A session that never came to be open. */
async function refused(kernel: Kernel, { project, guid, principal, ...seat }: Seat, { by, why }: Ended): Promise<void> {
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: projectChain(project),
      principal,
      action: 'redirection.open',
      target: guid,
      outcome: 'refused',
      reason: why,
      detail: { session: seat.id, kind: seat.kind, endedBy: by },
    }),
  )
}

type Entry = {
  readonly action: 'redirection.open' | 'redirection.close'
  readonly detail: { readonly [name: string]: Json }
}

async function write(kernel: Kernel, { project, guid, principal }: Seat, { action, detail }: Entry): Promise<void> {
  await kernel.store.change(async tx => {
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal,
      action,
      target: guid,
      outcome: 'done',
      detail,
    })
    const type = action === 'redirection.open' ? 'oob.redirection-opened' : 'oob.redirection-closed'
    await kernel.events.emit(tx, { project, type, subject: guid, data: { ...detail, by: principal.name } })
  })
}
