// SPDX-License-Identifier: Apache-2.0
/** The connection, for components. */
import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react'
import type { Live, LiveState, ServerEvent } from './state.ts'

const Context = createContext<Live | undefined>(undefined)
export const LiveProvider = Context.Provider

const IDLE: LiveState = { mode: 'connecting', since: 0 }

export function useLiveState(): LiveState {
  const live = useContext(Context)
  return useSyncExternalStore(live?.watchState ?? (() => () => undefined), live?.state ?? (() => IDLE))
}

/** Told of events as they come, in batches; `undefined` when some were missed. */
export function useEvents(told: (events: readonly ServerEvent[] | undefined) => void): void {
  const live = useContext(Context)
  const latest = useRef(told)
  latest.current = told
  useEffect(() => live?.onEvents(events => latest.current(events)), [live])
}
