// SPDX-License-Identifier: Apache-2.0
/** What is known of the connection to the controller, and what came over it. */

export type LiveMode = 'connecting' | 'live' | 'reconnecting' | 'paused' | 'polling'

export type LiveState = {
  readonly mode: LiveMode
  /** Milliseconds since the epoch: when this mode began. */
  readonly since: number
}

/** An event as the controller records it. */
export type ServerEvent = {
  readonly id: number
  readonly at: string
  readonly project: string
  readonly type: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The events of this browser, whichever tab holds the connection. */
export interface Live {
  state(): LiveState
  watchState(told: () => void): () => void
  /** Told of every event, and with `undefined` when some were missed and everything must be read anew. */
  onEvents(told: (events: readonly ServerEvent[] | undefined) => void): () => void
  start(): void
  stop(): void
}
