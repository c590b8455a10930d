// SPDX-License-Identifier: Apache-2.0
/** The order of blockers, and how a host is written into a command line. */
import type { Host } from './hosts.ts'

/** What must be mended first has the lowest; modules place theirs between. */
export const RANKS = {
  gone: 10,
  arriving: 20,
  quarantine: 30,
  certificate: 35,
  offline: 40,
  clock: 45,
  renewal: 50,
  plugin: 60,
  signature: 65,
  policy: 70,
  approval: 75,
  window: 80,
  lock: 85,
  failed: 90,
  behind: 92,
  progress: 95,
  commands: 97,
  unknown: 900,
} as const

/** The host's name where a shell takes it as one word, else its id. */
export function spelled({ name, id }: Pick<Host, 'name' | 'id'>): string {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) ? name : id
}
