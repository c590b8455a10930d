// SPDX-License-Identifier: Apache-2.0
/** Time as far as it can be trusted: never below what was signed, and by the controller's clock during a session. */
import {
  type Clock,
  type EpochMs,
  HOUR,
  MINUTE,
  Problem,
  parseTime,
  TimeAnswer,
  type TrustBundle,
} from '../../plugins/contract/index.ts'
import { type Endpoint, requestJson } from '../link/https.ts'
import { problem } from './problems.ts'
import { verifySigned } from './trust.ts'

/** Beyond this the host's clock is worth an event. */
export const MAX_SKEW_MS = 5 * MINUTE
/** The floor is written down when it has risen by this much. */
const WRITE_STEP_MS = HOUR

/** Where the floor outlives a restart; the journal, as a rule. */
export interface FloorMemory {
  get(): EpochMs | undefined
  put(floor: EpochMs): void
}

export interface TimeFloor {
  /** No real moment is before this. */
  floor(): EpochMs
  /** A time that was signed by the controller: time has come at least so far. */
  seen(signedAt: EpochMs): void
  /**
   * Sets the session's time: what the controller's signed clock said at some moment of the last `withinMs`. Later readings
   * run on the monotonic clock.
   *
   * The system clock tells which moment, where it may be right. Where it cannot be, the latest that it may be is taken: a
   * command that is refused a little early can be given again, one that runs late cannot be taken back.
   */
  beginSession(signedAt: EpochMs, withinMs?: number): void
  /** The best estimate there is; independent of the system clock once a session has begun. Never below the floor. */
  trustedNow(): EpochMs
  /** How far the system clock is ahead of the trusted time; 0 before the first session. */
  skewMs(): number
  /** The moment to judge certificates at when the system clock is known to be wrong; `undefined` while it is not. */
  judgeAt(): EpochMs | undefined
}

export type FloorOptions = {
  readonly clock: Clock
  /** When this program was built: it cannot be earlier. */
  readonly builtAt: EpochMs
  readonly memory: FloorMemory
}

/** Opens the time floor from memory. */
export function openFloor({ clock, builtAt, memory }: FloorOptions): TimeFloor {
  let written = memory.get() ?? 0
  let highest = Math.max(builtAt, written)
  let session: { readonly at: EpochMs; readonly monotonic: number } | undefined

  const seen = (signedAt: EpochMs): void => {
    highest = Math.max(highest, signedAt)
    if (highest < written + WRITE_STEP_MS) return
    written = highest
    memory.put(highest)
  }
  const trustedNow = (): EpochMs => {
    const estimate = session === undefined ? clock.now() : session.at + clock.monotonic() - session.monotonic
    return Math.max(highest, Math.round(estimate))
  }
  const skewMs = (): number => (session === undefined ? 0 : clock.now() - trustedNow())
  return {
    floor: () => highest,
    seen,
    beginSession(signedAt, withinMs = 0) {
      const [own, latest] = [clock.now(), signedAt + withinMs]
      session = { at: own >= signedAt && own <= latest ? own : latest, monotonic: clock.monotonic() }
      seen(signedAt)
    },
    trustedNow,
    skewMs,
    judgeAt: () => (clock.now() < highest || Math.abs(skewMs()) > MAX_SKEW_MS ? trustedNow() : undefined),
  }
}

export type AskedTime = {
  /** The controller's clock at the moment this is returned. */
  readonly now: EpochMs
  /** How far the system clock is ahead of it. */
  readonly skewMs: number
  /** Half the round trip: `skewMs` is no more precise than this. */
  readonly uncertaintyMs: number
}

export type TimeQuestion = Endpoint & { readonly bundle: TrustBundle; readonly signal: AbortSignal }

/**
 * Asks the controller for the time, also when our clock is so wrong that its certificates look early or expired. Its
 * command key signs the answer together with our nonce, so that no old answer passes.
 * Throws `time-unproven` and what `requestJson` throws.
 */
export async function askTime({ bundle, ...endpoint }: TimeQuestion): Promise<AskedTime> {
  const { clock, random } = endpoint.system
  const nonce = Buffer.from(random(24)).toString('base64url')
  const question = { method: 'POST', path: '/enroll/v1/time', body: { nonce }, schema: TimeAnswer } as const
  return despiteClock(endpoint, async judged => {
    const started = clock.monotonic()
    const { body } = await requestJson({ ...judged, ...question, signal: endpoint.signal })
    const uncertaintyMs = Math.ceil((clock.monotonic() - started) / 2)
    const now = provenTime(body, nonce, bundle) + uncertaintyMs
    return { now, skewMs: clock.now() - now, uncertaintyMs }
  })
}

/**
 * Asks, and when the controller's certificates do not fit our clock, asks once more with the moment they began as the
 * time. Only for questions whose answers are signed: afterwards a certificate that has really expired must still be found
 * out, by asking for the time and judging the chain at the time that was proved.
 */
export async function despiteClock<T>(endpoint: Endpoint, ask: (judged: Endpoint) => Promise<T>): Promise<T> {
  const judged = { ...endpoint, at: endpoint.at ?? endpoint.system.clock.now() }
  try {
    return await ask(judged)
  } catch (thrown) {
    const began = beganAt(thrown)
    if (began === undefined) throw thrown
    return ask({ ...endpoint, at: began })
  }
}

// The latest beginning in the chain is the earliest moment at which it can have been valid.
function beganAt(thrown: unknown): EpochMs | undefined {
  if (!(thrown instanceof Problem)) return undefined
  const { code, fields } = thrown
  if (code !== 'clock-behind' && code !== 'certificate-expired') return undefined
  return typeof fields.from === 'string' ? parseTime(fields.from) : undefined
}

function provenTime(answer: TimeAnswer, nonce: string, bundle: TrustBundle): EpochMs {
  const verdict = verifySigned('time', answer, bundle)
  if (verdict !== 'ok') throw problem('time-unproven', verdict)
  if (answer.head.nonce !== nonce) throw problem('time-unproven', 'it answers another question')
  const told = parseTime(answer.head.now)
  if (told === undefined) throw problem('time-unproven', 'it is not a time')
  return told
}

/** Spells a skew as people read it: `+0.4 s`, `-3 h`. */
export function formatSkew(skewMs: number): string {
  const sign = skewMs < 0 ? '-' : '+'
  const length = Math.abs(skewMs)
  if (length < 2 * MINUTE) return `${sign}${(length / 1_000).toFixed(1)} s`
  if (length < 2 * HOUR) return `${sign}${Math.round(length / MINUTE)} min`
  return length < 48 * HOUR
    ? `${sign}${Math.round(length / HOUR)} h`
    : `${sign}${Math.round(length / (24 * HOUR))} days`
}
