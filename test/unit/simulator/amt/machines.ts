// SPDX-License-Identifier: Apache-2.0
/** Machines for tests, activated or not, and a console at their local port. */
import { randomBytes } from 'node:crypto'
import { passwordHash } from '../../../../simulator/amt/digest.ts'
import { type AmtMachine, type AmtMachineOptions, createAmtMachine } from '../../../../simulator/amt/machine.ts'
import { createAmtState } from '../../../../simulator/amt/state.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'
import { TestConsole } from './console.ts'

export const PASSWORD = 'P@ssw0rd<&>"\''

export type Setup = { machine: AmtMachine; console: TestConsole; clock: FakeClock }

/** A factory-new machine with the console signed in as the local account. */
export function factoryNew(options: Partial<AmtMachineOptions> = {}): Setup {
  const clock = createFakeClock(Date.UTC(2026, 0, 5))
  const machine = createAmtMachine({
    uuid: '4c4c4544-004b-4210-8033-b6c04f504633',
    version: '16.1.25',
    sku: 'amt',
    clock,
    random: count => randomBytes(count),
    ...options,
  })
  const { username, password } = machine.mei.localSystemAccount()
  return { machine, clock, console: new TestConsole(() => machine.lms(16992), username, password) }
}

/** A machine in client (1) or admin (2) control with the console signed in as admin. */
export function activated(controlMode: 1 | 2, options: Partial<AmtMachineOptions> = {}): Setup {
  const state = createAmtState(count => randomBytes(count))
  state.controlMode = controlMode
  state.adminHash = passwordHash('admin', state.realm, PASSWORD)
  state.optIn.required = controlMode === 1 ? 0xffff_ffff : 1
  const { machine, clock } = factoryNew({ state, ...options })
  return { machine, clock, console: new TestConsole(() => machine.lms(16992), 'admin', PASSWORD) }
}
