// SPDX-License-Identifier: Apache-2.0
/** The streams of this host: opened by commands, carried by the link, and gone with it. */
import type { Duplex } from 'node:stream'
import { type Clock, isUlid, problem, STREAM } from '../../plugins/contract/index.ts'
import { type OpenedEnd, openEnd } from './duplex.ts'
import { createPace } from './pace.ts'

export interface HostStreams {
  /** Opens this end. Throws `unavailable` when the link is down, the id is taken, or there are too many. */
  open(id: string): Duplex
  /** What came for a stream; for one that is not open it is nothing. */
  take(id: string, frame: Uint8Array): void
  /** The session is over: so are all streams. */
  closeAll(): void
}

export type HostStreamsParts = {
  readonly clock: Clock
  readonly isUp: () => boolean
  /** Resolves when the frame has left; rejects when there is no session. */
  readonly send: (id: string, frame: Uint8Array) => Promise<void>
}

/** Below what a controller takes from one host (100 a second, 500 at once), whatever else is said meanwhile. */
const PACE = { burst: 200, perSecond: 80 }

export function createHostStreams({ clock, isUp, send }: HostStreamsParts): HostStreams {
  const open = new Map<string, OpenedEnd>()
  const ready = createPace(clock, PACE)
  return {
    open(id) {
      if (!isUlid(id) || open.has(id)) throw problem('unavailable', 'there is such a stream already')
      if (!isUp()) throw problem('unavailable', 'the link is down')
      if (open.size >= STREAM.perHost) throw problem('unavailable', `${STREAM.perHost} streams are open`)
      const opened = openEnd({ clock, ready, send: frame => send(id, frame) })
      open.set(id, opened)
      opened.duplex.once('close', () => open.delete(id))
      return opened.duplex
    },
    take: (id, frame) => open.get(id)?.end.take(frame),
    closeAll() {
      for (const { duplex } of open.values()) duplex.destroy()
    },
  }
}
