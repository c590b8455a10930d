// SPDX-License-Identifier: Apache-2.0
/** Who may publish, subscribe and leave a will where: the whole table of access, as one pure function. */
import {
  hostFilters,
  MAX_BYTES,
  ownerOf,
  parseTopic,
  type Topic,
  type TopicOwner,
} from '../../plugins/contract/index.ts'
import type { Standing } from './bus.ts'

export type Action = 'publish' | 'subscribe' | 'will'

/** What an attempt looks like beside its topic; a subscription has a QoS only. */
export type Packet = { readonly bytes: number; readonly qos: number; readonly retain: boolean }

/** What this controller reads. */
export type Known = {
  readonly sections: ReadonlySet<string>
  /** Telemetry streams that were declared. */
  readonly streams: ReadonlySet<string>
  /** Whether a terminal or the like is open under this id, for this host. */
  isOpen(owner: TopicOwner, stream: string): boolean
}

export type Attempt = {
  readonly identity: TopicOwner
  readonly standing: Standing
  /** Topic or filter, as it came. */
  readonly text: string
  readonly packet: Packet
  readonly known: Known
}

export type AccessCode =
  | 'qos-2'
  | 'reserved-topic'
  | 'topic-too-long'
  | 'foreign-topic'
  | 'unknown-topic'
  | 'downward-topic'
  | 'unknown-section'
  | 'unknown-stream'
  | 'stream-not-open'
  | 'quarantined'
  | 'message-too-large'
  | 'qos-too-high'
  | 'foreign-filter'
  | 'unknown-filter'
  | 'foreign-will'
  | 'will-too-large'

/**
 * `drop`: acknowledge and forget, so that a newer agent does not loop. `disconnect`: close the connection.
 * `refuse`: SUBACK 128, or no connection at all for a will.
 */
export type Denial = { readonly deny: 'drop' | 'disconnect' | 'refuse'; readonly code: AccessCode }
/** `qos` is the highest that is granted. */
export type Permission = { readonly allow: true; readonly qos: 0 | 1 }
export type Decision = Permission | Denial

/** The longest topic of ours has 158 characters. */
const MAX_TOPIC_LENGTH = 256
const MAX_STREAM_BYTES = 16_384
/** The one section a quarantined host still reports and hears of: it may have to renew. */
const QUARANTINE_SECTION = 'certificates'

/** Decides on one attempt. Depends on nothing but its arguments; whatever is not allowed here is denied. */
export function decide(action: Action, attempt: Attempt): Decision {
  switch (action) {
    case 'publish':
      return decidePublish(attempt)
    case 'subscribe':
      return decideSubscribe(attempt)
    case 'will':
      return decideWill(attempt)
  }
}

/** Whether a message may be written to a host: its own, downward, and for its standing. */
export function mayDeliver(identity: TopicOwner, standing: Standing, topic: Topic): boolean {
  if (!isSame(identity, topic)) return false
  switch (topic.kind) {
    case 'receipt':
      return true
    case 'desired':
    case 'command':
      return standing === 'active' || topic.section === QUARANTINE_SECTION
    case 'down':
      return standing === 'active'
    default:
      return false
  }
}

/** For a PUBLISH; what passes is one of our topics. */
export function decidePublish(attempt: Attempt): (Permission & { readonly topic: Topic }) | Denial {
  const { identity, text, packet } = attempt
  if (packet.qos > 1) return { deny: 'disconnect', code: 'qos-2' }
  if (text.length > MAX_TOPIC_LENGTH) return { deny: 'disconnect', code: 'topic-too-long' }
  if (text.startsWith('$')) return { deny: 'disconnect', code: 'reserved-topic' }
  const owner = ownerOf(text)
  if (owner === undefined || !isSame(identity, owner)) return { deny: 'disconnect', code: 'foreign-topic' }
  const topic = parseTopic(text)
  if (topic === undefined) return { deny: 'drop', code: 'unknown-topic' }
  const row = rowOf(attempt, topic)
  if (typeof row === 'string') return { deny: 'drop', code: row }
  if (packet.bytes > row.bytes) return { deny: 'drop', code: 'message-too-large' }
  if (packet.qos > row.qos) return { deny: 'drop', code: 'qos-too-high' }
  return { allow: true, qos: row.qos, topic }
}

/** One row of the table, or why there is none for this topic. */
function rowOf({ standing, known }: Attempt, topic: Topic): { bytes: number; qos: 0 | 1 } | AccessCode {
  const quarantined = standing === 'quarantined'
  switch (topic.kind) {
    case 'presence':
      return { bytes: MAX_BYTES.presence, qos: 1 }
    case 'reported':
      if (!known.sections.has(topic.section)) return 'unknown-section'
      if (quarantined && topic.section !== QUARANTINE_SECTION) return 'quarantined'
      return { bytes: MAX_BYTES.document, qos: 1 }
    case 'result':
      return quarantined ? 'quarantined' : { bytes: MAX_BYTES.document, qos: 1 }
    case 'telemetry':
      if (quarantined) return 'quarantined'
      return known.streams.has(topic.stream) ? { bytes: MAX_BYTES.document, qos: 0 } : 'unknown-stream'
    case 'up':
      if (quarantined) return 'quarantined'
      return known.isOpen(topic, topic.stream) ? { bytes: MAX_STREAM_BYTES, qos: 0 } : 'stream-not-open'
    default:
      return 'downward-topic'
  }
}

/** For one filter of a SUBSCRIBE: the four of the host and no other. */
export function decideSubscribe({ identity, text, packet }: Attempt): Decision {
  if (text.length > MAX_TOPIC_LENGTH) return { deny: 'refuse', code: 'topic-too-long' }
  if (text.startsWith('$')) return { deny: 'refuse', code: 'reserved-topic' }
  if (!hostFilters(identity).includes(text)) {
    const owner = ownerOf(text)
    const own = owner !== undefined && isSame(identity, owner)
    return { deny: 'refuse', code: own ? 'unknown-filter' : 'foreign-filter' }
  }
  const most = text.endsWith('/down') ? 0 : 1
  return { allow: true, qos: packet.qos === 0 ? 0 : most }
}

/** For the will of a CONNECT: presence only. */
export function decideWill({ identity, text, packet }: Attempt): Decision {
  if (packet.qos > 1) return { deny: 'refuse', code: 'qos-2' }
  const topic = text.length > MAX_TOPIC_LENGTH ? undefined : parseTopic(text)
  if (topic?.kind !== 'presence' || !isSame(identity, topic)) return { deny: 'refuse', code: 'foreign-will' }
  if (packet.bytes > MAX_BYTES.presence) return { deny: 'refuse', code: 'will-too-large' }
  return { allow: true, qos: 1 }
}

function isSame(a: TopicOwner, b: TopicOwner): boolean {
  return a.project === b.project && a.host === b.host
}
