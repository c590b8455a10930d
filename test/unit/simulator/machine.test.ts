// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../agent/log.ts'
import { SECOND } from '../../../plugins/contract/index.ts'
import type { SimulatedHost } from '../../../simulator/host.ts'
import { createMachine, type MachineAgent } from '../../../simulator/machine.ts'
import { newHost } from './support.ts'

/** A program that notes what happens to it. */
function scripted(host: SimulatedHost, said: string[], failures = { left: 0 }) {
  return (): MachineAgent => {
    const boot = host.power.bootCount
    return {
      async start() {
        if (failures.left-- > 0) throw new Error('no journal')
        said.push(`start ${boot}`)
      },
      async stop() {
        said.push(`stop ${boot}`)
      },
      kill() {
        said.push(`kill ${boot}`)
      },
    }
  }
}

function newMachine(failures = 0) {
  const { host, clock } = newHost({ bootMs: 8 * SECOND, goingDownMs: SECOND })
  const said: string[] = []
  const machine = createMachine({ host, agent: scripted(host, said, { left: failures }), log: silentLog() })
  return { host, clock, said, machine }
}

describe('a simulated machine', () => {
  it('runs its agent from start to stop', async () => {
    const { host, said, machine } = newMachine()

    await machine.start()
    expect(machine.agent).toBeDefined()
    await machine.stop()

    expect(said).toEqual(['start 1', 'stop 1'])
    expect(machine.agent).toBeUndefined()
    expect(host.power.on).toBe(false)
  })

  it('kills the agent before anything else happens when the plug is pulled', async () => {
    const { host, said, machine } = newMachine()
    await machine.start()

    host.faults.powerCut()

    expect(said).toEqual(['start 1', 'kill 1'])
    expect(machine.agent).toBeUndefined()
  })

  it('starts another agent after the boot', async () => {
    const { host, clock, said, machine } = newMachine()
    await machine.start()

    host.faults.powerCut(8 * SECOND)
    await clock.advance(8 * SECOND)

    expect(said).toEqual(['start 1', 'kill 1', 'start 2'])
  })

  it('tries again every five seconds when the agent does not start after a boot', async () => {
    const { host, clock } = newHost({ bootMs: SECOND })
    const said: string[] = []
    const failures = { left: 0 }
    const machine = createMachine({ host, agent: scripted(host, said, failures), log: silentLog() })
    await machine.start()

    failures.left = 2
    host.faults.powerCut(SECOND)
    await clock.advance(SECOND)
    expect(said).toEqual(['start 1', 'kill 1'])
    await clock.advance(10 * SECOND)

    expect(said).toEqual(['start 1', 'kill 1', 'start 2'])
  })

  it('tells why the agent did not start the first time', async () => {
    const { machine } = newMachine(1)

    await expect(machine.start()).rejects.toThrow('no journal')
  })

  it('starts nothing after it was stopped', async () => {
    const { host, clock, said, machine } = newMachine()
    await machine.start()
    host.faults.powerCut(SECOND)

    await machine.stop()
    await clock.advance(60 * SECOND)

    expect(said).toEqual(['start 1', 'kill 1'])
  })
})
