// SPDX-License-Identifier: Apache-2.0
/** Connects streams with the bus: frames go to whoever opened the stream, and all of a host end with its session. */
import { type Clock, newUlid, type RandomBytes, STREAM, type TopicOwner } from '../../plugins/contract/index.ts'
import type { Bus, BusEvents } from '../bus/bus.ts'
import { type OpenedEnd, openEnd } from './duplex.ts'
import { problem } from './problems.ts'
import type { Streams } from './streams.ts'

export interface Switchboard extends Streams {
  /** For the bus: whether frames of this host for this stream may pass. */
  isOpen(owner: TopicOwner, id: string): boolean
  /** Hears of frames and of sessions that end before the kernel does. */
  within(events: BusEvents): BusEvents
  /** Ends all streams. */
  close(): void
}

export type SwitchboardParts = {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly bus: () => Bus
  /** Memory is short: what is open goes on, and nothing new begins. */
  readonly isShort?: () => boolean
}

type Entry = OpenedEnd & { readonly owner: TopicOwner }

/** Of all hosts together: each holds up to a window of bytes for either direction. */
const MOST = 1_000

export function createSwitchboard(parts: SwitchboardParts): Switchboard {
  const { clock, random, bus, isShort = () => false } = parts
  const open = new Map<string, Entry>()
  const ofHost = (host: string): Entry[] => [...open.values()].filter(({ owner }) => owner.host === host)
  const isOpen: Switchboard['isOpen'] = ({ project, host }, id) => {
    const owner = open.get(id)?.owner
    return owner?.host === host && owner.project === project
  }
  return {
    open(owner) {
      if (!bus().isConnected(owner.host)) throw problem('stream-host-away', owner.host)
      if (isShort()) throw problem('stream-memory', owner.host)
      if (open.size >= MOST || ofHost(owner.host).length >= STREAM.perHost) throw problem('stream-limit', owner.host)
      const id = newUlid(clock.now(), random)
      const send = async (frame: Uint8Array): Promise<void> => {
        if (!(await bus().publish({ ...owner, kind: 'down', stream: id }, frame))) throw problem('stream-host-away')
      }
      const opened = openEnd({ clock, send, gone: why => problem('stream-closed', why) })
      open.set(id, { ...opened, owner })
      opened.duplex.once('close', () => open.delete(id))
      return { id, duplex: opened.duplex, answered: opened.answered }
    },
    isOpen,
    within: events => ({
      ...events,
      closed: (peer, reason) => {
        for (const { duplex } of ofHost(peer.host)) duplex.destroy()
        events.closed(peer, reason)
      },
      message: async (peer, topic, payload) => {
        if (topic.kind !== 'up') return events.message(peer, topic, payload)
        if (isOpen(peer, topic.stream)) open.get(topic.stream)?.end.take(payload)
      },
    }),
    close: () => {
      for (const { duplex } of open.values()) duplex.destroy()
    },
  }
}
