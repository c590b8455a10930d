// SPDX-License-Identifier: Apache-2.0
/** How a place is doing, from the counts of its hosts. Pure. */

export type Tally = {
  readonly hosts: number
  readonly online: number
  readonly offline: number
  /** Those of them whose connection was lost; the others were refused or cut off. */
  readonly lost: number
  readonly asleep: number
  readonly never: number
  readonly failing: number
  /** RFC 3339: when the last of those that are lost was lost. */
  readonly lostSince?: string | undefined
}

export type PlaceState = 'ok' | 'trouble' | 'dark' | 'asleep' | 'waiting' | 'empty'

export const NO_HOSTS: Tally = { hosts: 0, online: 0, offline: 0, lost: 0, asleep: 0, never: 0, failing: 0 }

/** So much of what should be there is gone when a place is called dark. */
const DARK = 0.8

/**
 * A place is dark when its connection is likely what failed: four in five of the hosts that should be there are not.
 * Those that never came and those that said that they would go do not count.
 */
export function stateOf({ hosts, online, lost, asleep, never, failing }: Tally): PlaceState {
  if (hosts === 0) return 'empty'
  if (lost > 0 && lost >= DARK * (online + lost)) return 'dark'
  if (lost > 0 || failing > 0) return 'trouble'
  if (online > 0) return 'ok'
  return asleep > 0 || never < hosts ? 'asleep' : 'waiting'
}

/** Counts of several places together; of the times when hosts were lost, the latest. */
export function summed(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, each) => {
    const since = [all.lostSince, each.lostSince].filter(at => at !== undefined).sort()
    return {
      hosts: all.hosts + each.hosts,
      online: all.online + each.online,
      offline: all.offline + each.offline,
      lost: all.lost + each.lost,
      asleep: all.asleep + each.asleep,
      never: all.never + each.never,
      failing: all.failing + each.failing,
      lostSince: since.at(-1),
    }
  }, NO_HOSTS)
}

/** Whether somebody should look. */
export function isTrouble(state: PlaceState): boolean {
  return state === 'dark' || state === 'trouble'
}
