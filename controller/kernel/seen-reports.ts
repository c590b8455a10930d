// SPDX-License-Identifier: Apache-2.0
/** Remembers what each section of a host last said, so that what is said again costs little. */
import type { ReportedMessage } from '../../plugins/contract/index.ts'
import type { SectionKey } from './documents.ts'
import type { Surroundings } from './ports.ts'

export interface SeenReports {
  /** `known`: it says what the one before said. `keep` remembers it, once it is durable. */
  look(key: SectionKey, message: ReportedMessage): { readonly known: boolean; readonly keep: () => void }
}

/** About 100 bytes each; with more sections than this, those said longest ago are read as new. */
const MOST = 100_000

/** Lives as long as the process: after a start, with other modules perhaps, each report is taken as new once. */
export function createSeenReports(digest: Surroundings['digest']): SeenReports {
  const seen = new Map<string, string>()
  return {
    look: ({ host, section }, { id: _, at: __, ...said }) => {
      const key = `${host}/${section}`
      const now = digest(JSON.stringify(said))
      return {
        known: seen.get(key) === now,
        keep: () => {
          seen.delete(key)
          seen.set(key, now)
          const [oldest] = seen.keys()
          if (seen.size > MOST && oldest !== undefined) seen.delete(oldest)
        },
      }
    },
  }
}
