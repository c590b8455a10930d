// SPDX-License-Identifier: Apache-2.0
/** Takes in what hosts say: many messages in one transaction, and a receipt once it is durable. */
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
import { saveReported, touchReported } from './documents.ts'
import type { Events } from './events.ts'
import type { Surroundings } from './ports.ts'
import { createReceipts } from './receipts.ts'
import type { Sections } from './sections.ts'
import { createSeenReports, type SeenReports } from './seen-reports.ts'
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

export function createIngest(parts: IngestParts): Ingest {
  const receipts = createReceipts(parts)
  const seen = createSeenReports(parts.digest)
  return {
    message: async (peer, topic, payload) => {
      parts.sessions.heard(peer.host)
      const item = readItem(parts, peer, topic, payload)
      if (item === undefined) return
      if (item.kind === 'presence') return parts.sessions.presence(peer, item.message)
      try {
        await parts.store.together(peer.project, tx => writeItem({ ...parts, seen }, tx, item))
      } catch (thrown) {
        // No receipt goes out, so the host will send again.
        parts.dropped(`unstored-${item.kind}`, peer)
        parts.log.error('a message was not stored', { host: peer.host, kind: item.kind, error: String(thrown) })
        return
      }
      receipts.add(peer, item.message.id)
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

type WriteParts = IngestParts & { readonly seen: SeenReports }

async function writeItem(parts: WriteParts, tx: Tx, item: Item): Promise<void> {
  if (item.kind === 'result') return writeResult(parts, tx, item.peer, item.message)
  const { peer, section, message } = item
  const { project, host } = peer
  const key = { host, section }
  const report = parts.seen.look(key, message)
  // What says the same as the one before is new in nothing but its time.
  if (report.known) return touchReported(tx, project, { ...key, at: message.at, now: parts.clock.now() })
  saveReported(tx, project, { ...key, message, now: parts.clock.now() })
  for (const hook of parts.hooks()) await hook(tx, { project, host, section, message })
  const { status, revision } = message
  await parts.events.emit(tx, {
    project,
    type: 'document.reported',
    subject: host,
    data: { section, status, revision },
  })
  tx.afterCommit(report.keep)
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
