// SPDX-License-Identifier: Apache-2.0
/** What is known of hosts at times that are over: the seam between who keeps it and who shows it. */
import type { EpochMs } from '../../plugins/contract/index.ts'
import type { Reported } from './documents.ts'
import type { Host } from './hosts.ts'
import type { Presence } from './presence.ts'

/** A host as it was known at a time. */
export type PastHost = {
  readonly host: Host
  readonly presence: Presence | undefined
  /** As it was shown then. */
  readonly status: { readonly text: string; readonly indicator: string; readonly since: string } | undefined
  readonly reports: ReadonlyMap<string, Reported>
  /** RFC 3339: the earliest time of which anything is kept. */
  readonly knownSince: string
}

export interface PastReader {
  /** Throws `not-found` for a host that is not there now, `not-known-then` for a time before the first that is kept. */
  host(project: string, id: string, at: EpochMs): Promise<PastHost>
}
