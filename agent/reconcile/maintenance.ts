// SPDX-License-Identifier: Apache-2.0
/** The section `maintenance`: its desired document is the gate's windows; the agent itself takes care of it. */
import { type Clock, isOpen, isTimeZone, maintenance, problem, type Windows } from '../../plugins/contract/index.ts'
import type { Unit } from './unit.ts'

const ALWAYS: Windows = { timeZone: 'UTC', windows: [] }

export type Maintenance = { readonly unit: Unit; readonly windows: () => Windows }

/** `held` is the section's present desired content, `undefined` when nothing is desired. */
export function createMaintenance(clock: Clock, version: string, held: () => Windows | undefined): Maintenance {
  const windows = (): Windows => held() ?? ALWAYS
  const unit: Unit = {
    section: maintenance,
    plugin: { name: 'agent', version },
    fault: undefined,
    retry: () => undefined,
    stop: async () => undefined,
    running: {
      observe: async () => {
        const wanted = held()
        if (wanted !== undefined && !isTimeZone(wanted.timeZone))
          throw problem('invalid', `there is no time zone ${wanted.timeZone}`)
        return { windows: windows(), open: isOpen(windows(), clock.now()) }
      },
      plan: () => [],
      apply: async () => undefined,
      commands: {},
    },
  }
  return { unit, windows }
}
