// SPDX-License-Identifier: Apache-2.0
/** Keeps a lane for every webhook that is switched on. */
import type { AttemptParts } from './attempt.ts'
import { type Lane, startLane } from './lane.ts'
import { enabledWebhooks, findWebhook, type Key } from './store.ts'

export interface Dispatch {
  start(): Promise<void>
  /** A webhook was made, changed or removed, or has something new to tell. */
  touch(key: Key): void
  /** Ends the lanes of a project that is going. */
  leave(project: string): Promise<void>
  stop(): Promise<void>
}

export function createDispatch(parts: AttemptParts): Dispatch {
  const lanes = new Map<string, { readonly key: Key; readonly lane: Lane }>()
  const left = new Set<string>()
  let stopping = false
  const nameOf = ({ project, id }: Key): string => `${project}/${id}`
  const touch = (key: Key): void => {
    if (stopping) return
    const name = nameOf(key)
    const present = lanes.get(name)
    if (present !== undefined) {
      present.lane.wake()
      return
    }
    const lane = startLane(parts, key, () => {
      if (lanes.get(name)?.lane === lane) lanes.delete(name)
      void revive(key)
    })
    lanes.set(name, { key, lane })
  }
  /** Somebody may have switched it on again while its lane was on the way out. */
  const revive = async (key: Key): Promise<void> => {
    if (stopping || left.has(key.project)) return
    const row = await findWebhook(parts.kernel.store, key).catch(() => undefined)
    if (row?.enabled === 1) touch(key)
  }
  const unwatch = parts.kernel.events.watch(event => {
    for (const { lane } of lanes.values()) lane.wake(event)
  })
  return {
    start: async () => {
      for (const key of await enabledWebhooks(parts.kernel.store)) touch(key)
    },
    touch,
    leave: async project => {
      left.add(project)
      const leaving = [...lanes.values()].filter(({ key }) => key.project === project)
      await Promise.all(leaving.map(({ lane }) => lane.stop()))
      // A project of the same name may come again.
      left.delete(project)
    },
    stop: async () => {
      stopping = true
      unwatch()
      await Promise.all([...lanes.values()].map(({ lane }) => lane.stop()))
    },
  }
}
