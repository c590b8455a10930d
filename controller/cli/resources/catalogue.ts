// SPDX-License-Identifier: Apache-2.0
/** Every kind of resource that the command line serves with the same verbs. */
import type { Kind } from './kind.ts'
import { account, customConfig, provider, region, site } from './places.ts'
import { schedule } from './schedules.ts'
import { instance, os, updatePolicy, updateRun, workload } from './systems.ts'
import { telemetryGroup, telemetryProfile } from './telemetry.ts'

export const KINDS: readonly Kind[] = [
  region,
  site,
  provider,
  os,
  instance,
  account,
  customConfig,
  workload,
  schedule,
  telemetryGroup,
  telemetryProfile,
  updatePolicy,
  updateRun,
]

/** The kind behind a noun; every noun that is asked for stands in the list. */
export function kindOf(noun: string): Kind {
  const kind = KINDS.find(each => each.noun === noun)
  if (kind === undefined) throw new TypeError(`no resources are called ${noun}`)
  return kind
}
