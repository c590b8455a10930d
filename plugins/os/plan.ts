// SPDX-License-Identifier: Apache-2.0
/** What is left to do until the host bears its desired name. */
import type { OsDesired, OsObserved, OsStep } from './contract.ts'

/** One step when the name in force or the name of the next boot is another; nothing when no name is desired. */
export function plan({ hostname }: OsDesired, observed: OsObserved): readonly OsStep[] {
  if (hostname === undefined) return []
  if (observed.hostname !== hostname) return [step(hostname, `the name is ${observed.hostname}`)]
  if (observed.staticHostname === hostname) return []
  return [step(hostname, `the name of the next boot is ${observed.staticHostname ?? 'not set'}`)]
}

function step(hostname: string, why: string): OsStep {
  return { do: 'set-hostname', impact: 'none', hostname, why }
}
