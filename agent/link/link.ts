// SPDX-License-Identifier: Apache-2.0
/** Keeps the agent connected to its controller: dials, begins sessions, carries messages, and starts over for ever. */
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import {
  asProblem,
  DAY,
  HOUR,
  hostFilters,
  type Log,
  MAX_BYTES,
  Problem,
  parseTopic,
  ReceiptMessage,
  readMessage,
  SECOND,
  type SessionHead,
  type Topic,
  topicOf,
} from '../../plugins/contract/index.ts'
import { askTime, type TimeFloor } from '../identity/floor.ts'
import type { Identities, Identity } from '../identity/identity.ts'
import { renewalAt } from '../identity/renew.ts'
import type { Journal } from '../state/journal.ts'
import type { System } from '../system/system.ts'
import { createBackoff, fraction } from './backoff.ts'
import { contextOf, dialTls, leafOf } from './dial.ts'
import { endpointOf } from './https.ts'
import { type MqttSession, openSession } from './mqtt.ts'
import { type Courier, createCourier } from './outbox.ts'
import { type BirthFacts, birthOf, farewellOf, willOf } from './presence.ts'
import { problem } from './problems.ts'
import { beginSession, epochOf, ticketOf } from './session-start.ts'
import { openWebSocket } from './websocket.ts'

export type Transport = 'tls' | 'websocket'

export type LinkState = {
  readonly phase: 'connecting' | 'online' | 'waiting' | 'stopped'
  readonly host: string | undefined
  readonly transport: Transport | undefined
  readonly standing: SessionHead['standing'] | undefined
  /** Why the last attempt or session ended. */
  readonly problem: Problem | undefined
}

export type LinkParts = {
  readonly system: System
  readonly log: Log
  readonly identities: Identities
  readonly journal: Journal
  readonly floor: TimeFloor
  readonly startJitterMs: number
  readonly keepaliveMs: number
  readonly birth: () => Pick<BirthFacts, 'agent' | 'capabilities' | 'denies'>
  /** Sees that the certificate of an identity lives on; called before it is used and from time to time during a session. */
  readonly keep: (identity: Identity, signal: AbortSignal) => Promise<Identity>
  readonly onMessage: (topic: Topic, payload: Uint8Array, identity: Identity) => void
  /** A session has begun and its head is proven. */
  readonly onUp: (head: SessionHead, identity: Identity) => void
  readonly onChange: (state: LinkState) => void
}

export interface Link {
  start(): void
  stop(reason: 'stopped' | 'rebooting'): Promise<void>
  /** Drops everything as a power cut would. */
  kill(): void
  /** What the birth message says has changed. */
  birthChanged(): void
  flush(): void
  /** Sends a frame of a stream; resolves when it has left, rejects when there is no session. */
  stream(id: string, frame: Uint8Array): Promise<void>
  readonly state: LinkState
  /** Monotonic moment at which the controller was last heard; negative before the first time. */
  heardAt(): number
  isUp(): boolean
}

const BACKOFF = { firstMs: SECOND, maxMs: 60 * SECOND }
/** However short the outage was. */
const LEAST_LIMIT_MS = 4 * SECOND
/** A session that lasted so long was a good one. */
const GOOD_SESSION_MS = 60 * SECOND
const ANSWER_WITHIN_MS = 20 * SECOND
/** Attempts at the transport that worked last before both are tried. */
const TRIES = 2
/** How it looks when nothing was answered: an answer, of any kind, shows that our certificate was followed. */
const HANGING_UP: readonly string[] = ['session-lost', 'unreachable']
/** How long the farewell may take; a broker that has gone silent never hears it. */
const FAREWELL_MS = 2 * SECOND

type Current = { readonly session: MqttSession; readonly courier: Courier; readonly identity: Identity }

export function createLink(parts: LinkParts): Link {
  const stopping = new AbortController()
  const life: Life = {
    parts,
    state: { phase: 'waiting', host: undefined, transport: undefined, standing: undefined, problem: undefined },
    current: undefined,
    heardAt: Number.NEGATIVE_INFINITY,
    misses: 0,
    attempt: 0,
    context: undefined,
    shows: 'leaf',
    untried: 0,
    signal: stopping.signal,
  }
  let loop: Promise<void> | undefined
  return {
    start: () => {
      loop ??= forever(life).catch(thrown => {
        if (!stopping.signal.aborted) parts.log.error('the link gave up', { error: thrown })
      })
    },
    stop: async reason => {
      const { current } = life
      const late = new AbortController()
      if (current !== undefined) {
        const leave = takeLeave(parts, current, reason).catch(() => undefined)
        await Promise.race([leave, parts.system.clock.sleep(FAREWELL_MS, late.signal).catch(() => undefined)])
      }
      late.abort()
      stopping.abort()
      await loop
      tell(life, { phase: 'stopped' })
    },
    kill: () => {
      stopping.abort()
      life.current?.session.destroy()
    },
    birthChanged: () => {
      if (life.current !== undefined) void sayBirth(life, life.current).catch(() => undefined)
    },
    flush: () => {
      if (life.current !== undefined && life.state.standing === 'active') life.current.courier.flush()
    },
    stream: async (id, frame) => {
      const { current } = life
      if (current === undefined) throw problem('session-lost', 'there is no session')
      await current.session.send(topicOf({ ...current.identity, kind: 'up', stream: id }), frame)
    },
    get state() {
      return life.state
    },
    heardAt: () => life.heardAt,
    isUp: () => life.state.phase === 'online',
  }
}

type Life = {
  readonly parts: LinkParts
  state: LinkState
  current: Current | undefined
  heardAt: number
  /** Attempts in a row that reached nobody. */
  misses: number
  attempt: number
  /** Of the identity dialed with last: while the controller is away, many attempts follow each other. */
  context: { readonly of: string; readonly made: SecureContext } | undefined
  /**
   * What of an identity's certificates the next dial shows. The controller keeps what it is shown as long as the connection
   * lives, 10 KB for a whole chain, and knows who issued the certificate. One that has forgotten, or another broker, is
   * shown the chain after it has hung up on the certificate alone; what worked last is shown again.
   */
  shows: 'leaf' | 'chain'
  /** Identities that have not had their turn since the last session. */
  untried: number
  readonly signal: AbortSignal
}

function tell(life: Life, change: Partial<LinkState>): void {
  life.state = { ...life.state, ...change }
  life.parts.onChange(life.state)
}

async function forever(life: Life): Promise<void> {
  const { system, log, startJitterMs } = life.parts
  const { signal } = life
  const backoff = createBackoff({ ...BACKOFF, random: system.random })
  if (startJitterMs > 0) await system.clock.sleep(fraction(system.random) * startJitterMs, signal)
  let badSince = system.clock.monotonic()
  while (!signal.aborted) {
    const began = system.clock.monotonic()
    const why = await oneSession(life).catch(asProblem)
    if (signal.aborted) return
    life.current = undefined
    tell(life, { phase: 'waiting', standing: undefined, problem: why })
    const now = system.clock.monotonic()
    if (now - began >= GOOD_SESSION_MS) {
      backoff.reset()
      badSince = now
    }
    // Of a fleet some draw one short wait after another: a short outage must not have them wait long for that.
    const mostMs = Math.max(LEAST_LIMIT_MS, 2 * (now - badSince))
    const waitMs = typeof why.retry === 'object' && life.untried === 0 ? why.retry.afterMs : backoff.next(mostMs)
    log.info('the link is down', { problem: why, againInMs: waitMs })
    await system.clock.sleep(waitMs, signal)
  }
}

/** Resolves with why it ended; rejects with why it never began. */
async function oneSession(life: Life): Promise<Problem> {
  const { parts, signal } = life
  const identity = await choose(life)
  const { stream, transport } = await reach(life, identity)
  const bootId = await parts.system.bootId()
  const { promise: answered, resolve, reject } = Promise.withResolvers<SessionHead>()
  // The answer may come, and be refused, before the broker acknowledges the birth: while nobody waits for it yet.
  answered.catch(() => undefined)
  let bornAt = Number.POSITIVE_INFINITY
  const sinceBirthMs = (): number => Math.max(0, parts.system.clock.monotonic() - bornAt)
  const opening = openSession({
    stream,
    host: identity.host,
    keepaliveMs: parts.keepaliveMs,
    clock: parts.system.clock,
    will: { topic: topicOf({ ...identity, kind: 'presence' }), payload: JSON.stringify(willOf(bootId)) },
    signal,
    onMessage: (topic, payload) => receive(life, { identity, topic, payload, sinceBirthMs, resolve, reject }),
  })
  const session = await heardOut(life, opening)
  const courier = createCourier({
    system: parts.system,
    journal: parts.journal,
    log: parts.log,
    owner: identity,
    session,
  })
  const current: Current = { session, courier, identity }
  const abandon = (): void => session.destroy()
  signal.addEventListener('abort', abandon, { once: true })
  let forgetRenewal = (): void => {}
  try {
    await session.subscribe(hostFilters(identity))
    bornAt = parts.system.clock.monotonic()
    await sayBirth(life, current)
    const head = await answerOf(life, session, answered)
    life.current = current
    await online(life, current, { head, transport })
    forgetRenewal = renewInTime(life, current)
    return problem('session-lost', (await session.closed).detail)
  } finally {
    forgetRenewal()
    signal.removeEventListener('abort', abandon)
    courier.close(!signal.aborted)
    session.destroy()
  }
}

type Beginning = { readonly head: SessionHead; readonly transport: Transport }

async function online(life: Life, current: Current, { head, transport }: Beginning): Promise<void> {
  const { parts } = life
  const { courier, identity } = current
  await parts.identities.confirm(identity)
  // The new ticket is on disk: saying so makes the one before worthless to a copy of this machine.
  await sayBirth(life, current)
  attempt(parts, () => parts.journal.values.put('transport', transport))
  life.misses = 0
  life.attempt = 0
  life.untried = 0
  parts.log.info('the link is up', { host: identity.host, transport, standing: head.standing })
  tell(life, { phase: 'online', standing: head.standing, problem: undefined })
  attempt(parts, () => parts.onUp(head, identity))
  if (head.standing === 'active') courier.flush()
}

/** What cannot be written down, as on a full disk, must not cost the session. */
function attempt({ log }: LinkParts, act: () => void): void {
  try {
    act()
  } catch (thrown) {
    log.error('the beginning of a session could not be kept', { problem: asProblem(thrown) })
  }
}

/** Looks once a day, and when the certificate is due, whether a newer one can be had; a session with it follows. */
function renewInTime(life: Life, { session, identity }: Current): () => void {
  const { system, floor, keep, log } = life.parts
  let forget = (): void => {}
  const look = async (): Promise<void> => {
    const kept = await keep(identity, life.signal).catch(thrown => {
      if (!life.signal.aborted) log.warn('the certificate was not renewed', { problem: asProblem(thrown) })
      return identity
    })
    if (kept.fingerprint !== identity.fingerprint) return session.end()
    wait()
  }
  const wait = (): void => {
    const dueInMs = renewalAt(identity) - floor.trustedNow()
    const waitMs = dueInMs > 0 ? Math.min(DAY, dueInMs) : HOUR
    forget = system.clock.after(waitMs, () => void look())
  }
  wait()
  return () => forget()
}

/** Newest first; after a refusal the older one gets its turn. */
async function choose(life: Life): Promise<Identity> {
  const { identities, keep } = life.parts
  const candidates = await identities.candidates()
  const turn = life.attempt++ % Math.max(1, candidates.length)
  const identity = candidates[turn]
  life.untried = Math.max(0, candidates.length - 1 - turn)
  if (identity === undefined) throw problem('session-refused', 'this machine is not enrolled')
  try {
    return await keep(identity, life.signal)
  } catch (thrown) {
    // It may look ended only because the clock runs years ahead.
    await learnTime(life, identity)
    throw thrown
  }
}

/**
 * What one attempt tries, in this order. After some misses either the controller is away or one way to it is closed; the
 * lighter way is then asked first each time, so that after an outage nobody stays on the heavier one for no reason.
 */
function transportsOf({ parts, misses }: Life): readonly [Transport, Transport?] {
  const remembered: Transport = parts.journal.values.get('transport') === 'websocket' ? 'websocket' : 'tls'
  return misses < TRIES ? [remembered] : ['tls', 'websocket']
}

type Reached = { readonly stream: Duplex; readonly transport: Transport }

async function reach(life: Life, identity: Identity): Promise<Reached> {
  const [first, second] = transportsOf(life)
  try {
    return await dial(life, identity, first).catch(thrown => {
      if (second === undefined || life.signal.aborted) throw thrown
      return dial(life, identity, second)
    })
  } catch (thrown) {
    life.misses++
    if (isAboutTime(thrown)) await learnTime(life, identity)
    throw thrown
  }
}

async function dial(life: Life, identity: Identity, transport: Transport): Promise<Reached> {
  const { system, floor } = life.parts
  const { signal } = life
  const endpoint = endpointOf(identity.url)
  if (endpoint === undefined) throw problem('session-refused', `the address ${identity.url} cannot be used`)
  tell(life, { phase: 'connecting', host: identity.host, transport })
  const target = transport === 'tls' ? identity.broker : endpoint.target
  const at = floor.judgeAt()
  const trust = { roots: identity.trust.head.roots }
  const tls = await dialTls({
    system,
    target,
    trust,
    identity,
    context: contextFor(life, identity),
    signal,
    ...(at === undefined ? {} : { at }),
  })
  const open = async () => (transport === 'tls' ? tls : openWebSocket(tls, endpoint.origin, signal))
  return { stream: await heardOut(life, open()), transport }
}

/** In TLS 1.3 a server that cannot follow our certificate to its root breaks off when the handshake is over for us. */
async function heardOut<T>(life: Life, beginning: Promise<T>): Promise<T> {
  return beginning.catch(thrown => {
    if (HANGING_UP.includes(asProblem(thrown).code)) life.shows = life.shows === 'leaf' ? 'chain' : 'leaf'
    throw thrown
  })
}

/** Notes about an identity, such as that it has worked, change nothing of what TLS reads in it. */
function contextFor(life: Life, identity: Identity): SecureContext {
  const { fingerprint, trust } = identity
  const of = [life.shows, fingerprint, ...trust.head.roots].join()
  const shown = () => (life.shows === 'leaf' ? leafOf(identity) : identity)
  if (life.context?.of !== of) life.context = { of, made: contextOf({ trust: trust.head, identity: shown() }) }
  return life.context.made
}

function isAboutTime(thrown: unknown): boolean {
  return thrown instanceof Problem && (thrown.code === 'clock-behind' || thrown.code === 'certificate-expired')
}

/** A certificate that looks early or expired may only mean that this clock is wrong: the controller is asked for the time. */
async function learnTime({ parts, signal }: Life, identity: Identity): Promise<void> {
  const { system, floor, log } = parts
  const target = endpointOf(identity.url)?.target
  if (target === undefined) return
  try {
    const trust = { roots: identity.trust.head.roots }
    const asked = await askTime({ system, target, trust, at: floor.floor(), bundle: identity.trust, signal })
    floor.beginSession(asked.now)
    log.warn('the clock of this machine is wrong', { skewMs: asked.skewMs })
  } catch (thrown) {
    signal.throwIfAborted()
    log.warn('the controller did not prove the time', { problem: asProblem(thrown) })
  }
}

async function sayBirth({ parts }: Life, { session, identity }: Current): Promise<void> {
  const { system, journal, birth } = parts
  const epoch = epochOf(journal, identity)
  const holds: Record<string, number> = {}
  for (const held of journal.desired.list()) if (held.epoch === epoch) holds[held.section] = held.revision
  const facts = { ...birth(), bootId: await system.bootId(), ticket: ticketOf(identity, journal), epoch, holds }
  await session.publish(
    topicOf({ ...identity, kind: 'presence' }),
    JSON.stringify(birthOf(facts, system.clock.now())),
    { qos: 1, retain: true },
  )
}

async function answerOf(
  { parts, signal }: Life,
  session: MqttSession,
  answered: Promise<SessionHead>,
): Promise<SessionHead> {
  const late = new AbortController()
  const forget = parts.system.clock.after(ANSWER_WITHIN_MS, () => late.abort())
  const tooLate = new Promise<never>((_, reject) =>
    late.signal.addEventListener('abort', () =>
      reject(problem('session-lost', 'the controller did not answer our birth')),
    ),
  )
  const broken = session.closed.then(({ detail }) => {
    throw problem('session-lost', detail)
  })
  try {
    return await Promise.race([answered, tooLate, broken])
  } finally {
    forget()
    broken.catch(() => undefined)
    signal.throwIfAborted()
  }
}

type Received = {
  readonly identity: Identity
  readonly topic: string
  readonly payload: Uint8Array
  /** 0 before the birth is said. */
  readonly sinceBirthMs: () => number
  readonly resolve: (head: SessionHead) => void
  readonly reject: (reason: unknown) => void
}

function receive(life: Life, { identity, topic: text, payload, sinceBirthMs, resolve, reject }: Received): void {
  const { parts } = life
  const topic = parseTopic(text)
  life.heardAt = parts.system.clock.monotonic()
  if (topic === undefined || topic.host !== identity.host) return
  try {
    if (topic.kind !== 'receipt') {
      parts.onMessage(topic, payload, identity)
      return
    }
    const receipt = readMessage(ReceiptMessage, payload, MAX_BYTES.receipt * 2)
    if (receipt?.session !== undefined) resolve(beginSession({ ...parts, identity }, receipt.session, sinceBirthMs()))
    if (receipt !== undefined && receipt.ids.length > 0) life.current?.courier.received(receipt.ids)
  } catch (thrown) {
    parts.log.warn('a message could not be taken in', { topic: topic.kind, problem: asProblem(thrown) })
    reject(thrown)
  }
}

async function takeLeave(
  parts: LinkParts,
  { session, identity }: Current,
  reason: 'stopped' | 'rebooting',
): Promise<void> {
  const farewell = farewellOf(await parts.system.bootId(), reason)
  await session.publish(topicOf({ ...identity, kind: 'presence' }), JSON.stringify(farewell), { qos: 1, retain: true })
  await session.end()
}
