// SPDX-License-Identifier: Apache-2.0
/** Takes in what hosts report: many messages in one transaction, and a receipt once it is durable. */
import {
  formatTime,
  MAX_BYTES,
  PresenceMessage,
  ReportedMessage,
  ResultMessage,
  readMessage,
  type Topic,
} from '../../plugins/contract/index.ts'
import type { Peer } from '../bus/bus.ts'
import type { Store, Tx } from '../store/store.ts'
import { endingOf, finishCommand } from './commands.ts'
import type { Dispatch } from './dispatch.ts'
import { saveReported } from './documents.ts'
import type { Events } from './events.ts'
import type { Surroundings } from './ports.ts'
import type { Sections } from './sections.ts'
import type { Sessions } from './sessions.ts'

/** What a module does with a report, within the transaction that stores it. */
export type ReportHook = (
  tx: Tx,
  report: { project: string; host: string; section: string; message: ReportedMessage },
) => Promise<void>

export interface Ingest {
  /** Resolves when the message is durable, or was found to be nothing. */
  message(peer: Peer, topic: Topic, payload: Uint8Array): Promise<void>
}

export type IngestParts = Surroundings & {
  readonly store: Store
  readonly events: Events
  readonly dispatch: Dispatch
  readonly sessions: Sessions
  readonly sections: () => Sections
  readonly hooks: () => readonly ReportHook[]
  /** Counts what was dropped, by code. */
  readonly dropped: (code: string, peer: Peer) => void
}

type Item =
  | { readonly kind: 'reported'; readonly peer: Peer; readonly section: string; readonly message: ReportedMessage }
  | { readonly kind: 'result'; readonly peer: Peer; readonly message: ResultMessage }

type Waiting = { readonly item: Item; readonly done: () => void }

const BATCH = 200

export function createIngest(parts: IngestParts): Ingest {
  let waiting: Waiting[] = []
  let running = false
  const drain = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
      await writeBatch(parts, batch)
      for (const { done } of batch) done()
    }
    running = false
  }
  const enqueue = (item: Item): Promise<void> =>
    new Promise(done => {
      waiting.push({ item, done })
      // One turn of the event loop gathers what all sockets have brought.
      if (!running) setImmediate(() => void (running || drain()))
    })
  return {
    message: async (peer, topic, payload) => {
      parts.sessions.heard(peer.host)
      const item = readItem(parts, peer, topic, payload)
      if (item === undefined) return
      if (item.kind === 'presence') return parts.sessions.presence(peer, item.message)
      return enqueue(item)
    },
  }
}

type Presence = { readonly kind: 'presence'; readonly message: PresenceMessage }

function readItem(parts: IngestParts, peer: Peer, topic: Topic, payload: Uint8Array): Item | Presence | undefined {
  if (topic.kind === 'presence') {
    const message = readMessage(PresenceMessage, payload, MAX_BYTES.presence)
    if (message !== undefined) return { kind: 'presence', message }
  }
  if (topic.kind === 'reported') {
    const message = readMessage(ReportedMessage, payload, MAX_BYTES.document)
    if (message !== undefined) return { kind: 'reported', peer, section: topic.section, message }
  }
  if (topic.kind === 'result') {
    const message = readMessage(ResultMessage, payload, MAX_BYTES.document)
    if (message !== undefined) return { kind: 'result', peer, message }
  }
  parts.dropped(`unreadable-${topic.kind}`, peer)
  return undefined
}

async function writeBatch(parts: IngestParts, batch: readonly Waiting[]): Promise<void> {
  try {
    await parts.store.change(async tx => {
      for (const { item } of batch) await writeItem(parts, tx, item)
    })
  } catch (thrown) {
    // No receipt goes out, so the hosts will send again.
    parts.log.error('a batch of messages was not stored', { error: String(thrown), messages: batch.length })
    if (batch.length > 1) for (const each of batch) await writeBatch(parts, [each])
    return
  }
  await sendReceipts(parts, batch)
}

async function writeItem(parts: IngestParts, tx: Tx, item: Item): Promise<void> {
  if (item.kind === 'result') return writeResult(parts, tx, item.peer, item.message)
  const { peer, section, message } = item
  const { project, host } = peer
  await saveReported(tx, project, { host, section, message, now: parts.clock.now() })
  for (const hook of parts.hooks()) await hook(tx, { project, host, section, message })
  const { status, revision } = message
  await parts.events.emit(tx, {
    project,
    type: 'document.reported',
    subject: host,
    data: { section, status, revision },
  })
}

async function writeResult(
  parts: IngestParts,
  tx: Tx,
  { project, host, ...peer }: Peer,
  message: ResultMessage,
): Promise<void> {
  const ending = endingOf(message, parts.clock.now())
  const command = await finishCommand(tx, project, { ...ending, id: message.command, host })
  if (command === undefined) return parts.dropped('result-without-command', { project, host, ...peer })
  const data = { host, section: command.section, name: command.name, state: command.state, at: formatTime(ending.now) }
  await parts.events.emit(tx, { project, type: 'command.finished', subject: command.id, data })
}

async function sendReceipts({ dispatch }: IngestParts, batch: readonly Waiting[]): Promise<void> {
  const byHost = new Map<string, { peer: Peer; ids: string[] }>()
  for (const { item } of batch) {
    const entry = byHost.get(item.peer.host) ?? { peer: item.peer, ids: [] }
    byHost.set(item.peer.host, entry)
    entry.ids.push(item.message.id)
  }
  for (const { peer, ids } of byHost.values()) {
    for (let from = 0; from < ids.length; from += 100) {
      await dispatch.receipt({ project: peer.project, host: peer.host }, ids.slice(from, from + 100))
    }
  }
}
