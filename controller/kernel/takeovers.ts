// SPDX-License-Identifier: Apache-2.0
/** Notices two machines that keep throwing each other out of one identity. */
import { MINUTE } from '../../plugins/contract/index.ts'
import type { Peer } from '../bus/bus.ts'

const WITHIN_MS = 10 * MINUTE
const TOO_MANY = 3

export interface Takeovers {
  note(peer: Peer, now: number): void
  /**
   * True when this host was taken over three times in ten minutes, and a boot has come back that another had replaced: a
   * machine that is switched off and on again has ever new boots, two machines take turns with theirs.
   */
  stormy(peer: Peer, bootId: string, now: number): boolean
  /** Somebody has looked: what was before counts no longer. */
  forget(host: string): void
}

type Track = { readonly at: number[]; readonly boots: Map<string, number>; last?: string }

export function createTakeovers(): Takeovers {
  const tracks = new Map<string, Track>()
  return {
    note: ({ host }, now) => {
      const track: Track = tracks.get(host) ?? { at: [], boots: new Map() }
      tracks.set(host, track)
      track.at.push(now)
      while ((track.at[0] ?? now) < now - WITHIN_MS) track.at.shift()
      if (tracks.size > 1_000) forgetOld(tracks, now)
    },
    stormy: ({ host }, bootId, now) => {
      const track = tracks.get(host)
      if (track === undefined) return false
      for (const [boot, at] of track.boots) if (at < now - WITHIN_MS) track.boots.delete(boot)
      const isBack = track.last !== bootId && track.boots.has(bootId)
      track.last = bootId
      track.boots.set(bootId, now)
      return isBack && track.at.filter(at => at >= now - WITHIN_MS).length >= TOO_MANY
    },
    forget: host => void tracks.delete(host),
  }
}

function forgetOld(tracks: Map<string, Track>, now: number): void {
  for (const [host, { at }] of tracks) {
    if ((at.at(-1) ?? 0) < now - WITHIN_MS) tracks.delete(host)
  }
}
