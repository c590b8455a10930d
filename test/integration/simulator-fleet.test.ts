// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../agent/log.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { defineProblems } from '../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../simulator/clock.ts'
import {
  type Crew,
  createFleet,
  type Enlisting,
  type Fleet,
  type FleetOptions,
  type FleetProgress,
} from '../../simulator/fleet.ts'
import type { SimulatedHost } from '../../simulator/host.ts'
import type { MachineAgent } from '../../simulator/machine.ts'

const problem = defineProblems({
  refused: { status: 403, title: 'The token is not valid', retry: 'never' },
  busy: { status: 429, title: 'Too many at once', retry: { afterMs: 2_000 } },
})

const never = new AbortController().signal
const IDENTITY = '/var/lib/muster-agent/identity'

/** Gives identities by number and notes what happens; `before` may hold an enrollment back or fail it. */
class TestCrew implements Crew<MachineAgent> {
  readonly said: string[] = []
  enrolling = 0
  most = 0
  before: (index: number, onWaiting: (why: string) => void) => Promise<void> = async () => undefined

  async enlist(host: SimulatedHost, { onWaiting }: Enlisting) {
    const known = await host.system.files.text(IDENTITY)
    if (known !== undefined) return { id: known, project: 'default', fresh: false }
    this.most = Math.max(this.most, ++this.enrolling)
    try {
      await this.before(host.facts.index, onWaiting)
    } finally {
      this.enrolling--
    }
    const id = `host-${host.facts.machineId.slice(0, 8)}`
    await host.system.files.replace(IDENTITY, id)
    return { id, project: 'default', fresh: true }
  }

  agent(host: SimulatedHost): MachineAgent {
    const name = host.facts.index
    return {
      start: async () => void this.said.push(`start ${name}`),
      stop: async () => void this.said.push(`stop ${name}`),
      kill: () => this.said.push(`kill ${name}`),
    }
  }
}

let folder: string
let clock: FakeClock
let crew: TestCrew
const fleets: Fleet<MachineAgent>[] = []

function newFleet(options: Partial<FleetOptions<MachineAgent>> = {}): Fleet<MachineAgent> {
  const fleet = createFleet({
    count: 3,
    seed: 'fleet',
    crew,
    clock,
    random: systemRandom,
    log: silentLog(),
    dir: join(folder, 'fleet'),
    ...options,
  })
  fleets.push(fleet)
  return fleet
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-fleet-'))
  clock = createFakeClock(0)
  crew = new TestCrew()
})

afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.stop()
  rmSync(folder, { recursive: true })
})

describe('a fleet', () => {
  it('enrolls and starts every host, and tells how far it is', async () => {
    const told: FleetProgress[] = []

    await newFleet().start(progress => told.push(progress), never)

    expect(told.map(each => `${each.done} of ${each.of}`)).toEqual(['1 of 3', '2 of 3', '3 of 3'])
    expect(told.every(each => 'enlisted' in each.outcome && each.outcome.enlisted.fresh)).toBe(true)
    expect(crew.said.sort()).toEqual(['start 1', 'start 2', 'start 3'])
  })

  it('continues with the same hosts in the same folder', async () => {
    const first = newFleet()
    await first.start(() => undefined, never)
    const ids = first.members.map(member => member.enlisted?.id)
    await first.stop()
    const told: FleetProgress[] = []

    const second = newFleet()
    await second.start(progress => told.push(progress), never)

    expect(second.members.map(member => member.enlisted?.id)).toEqual(ids)
    expect(told.some(each => 'enlisted' in each.outcome && each.outcome.enlisted.fresh)).toBe(false)
  })

  it('refuses the folder of another fleet', async () => {
    await newFleet().stop()

    expect(() => newFleet({ seed: 'other' })).toThrow(/holds a fleet of seed `fleet`/)
  })

  it('leaves nothing behind when it was given no folder', async () => {
    const { dir: _, ...rest } = { dir: undefined, count: 2, seed: 'fleet', crew, clock, random: systemRandom }
    const before = new Set(readdirSync(tmpdir()).filter(name => name.startsWith('muster-sim-')))
    const fleet = createFleet({ ...rest, log: silentLog() })
    const [made = ''] = readdirSync(tmpdir()).filter(name => name.startsWith('muster-sim-') && !before.has(name))
    expect(existsSync(join(tmpdir(), made))).toBe(true)
    await fleet.start(() => undefined, never)

    await fleet.stop()

    expect(existsSync(join(tmpdir(), made))).toBe(false)
  })

  it('enrolls no more than eight hosts at the same time, the first of them alone', async () => {
    const release: (() => void)[] = []
    crew.before = index => (index === 1 ? Promise.resolve() : new Promise(resolve => release.push(resolve)))
    const started = newFleet({ count: 30 }).start(() => undefined, never)

    await vi.waitFor(() => expect(crew.enrolling).toBe(8))
    for (let turn = 0; turn < 10; turn++) {
      for (const let_ of release.splice(0)) let_()
      await clock.advance(0)
    }
    await started

    expect(crew.most).toBe(8)
  })

  it('gives up at once when the first host is refused', async () => {
    crew.before = async () => {
      throw problem('refused')
    }

    await expect(newFleet().start(() => undefined, never)).rejects.toMatchObject({ code: 'refused' })
    expect(crew.said).toEqual([])
  })

  it('tries a later host again when it may, and goes on without it when it may not', async () => {
    let busy = 2
    crew.before = async index => {
      if (index === 2 && busy-- > 0) throw problem('busy')
      if (index === 3) throw problem('refused')
    }
    const told: FleetProgress[] = []
    const fleet = newFleet()

    const started = fleet.start(progress => told.push(progress), never)
    await clock.advance(2_000)
    await clock.advance(2_000)
    await started

    expect(fleet.member(2).enlisted).toBeDefined()
    expect(fleet.member(3).problem?.code).toBe('refused')
    expect(told).toHaveLength(3)
    expect(crew.said.sort()).toEqual(['start 1', 'start 2'])
  })

  it('lets no host wait in line behind those that wait for approval', async () => {
    const approve: (() => void)[] = []
    crew.before = (_index, onWaiting) => {
      onWaiting('the token wants approval')
      return new Promise(resolve => approve.push(resolve))
    }
    const told: FleetProgress[] = []

    const started = newFleet({ count: 20 }).start(progress => told.push(progress), never)
    await vi.waitFor(() => expect(approve).toHaveLength(20))

    expect(told.every(each => 'waiting' in each.outcome && each.done === 0)).toBe(true)
    for (const grant of approve) grant()
    await started
    expect(told.filter(each => 'enlisted' in each.outcome)).toHaveLength(20)
    expect(told.at(-1)?.done).toBe(20)
  })

  it('stops enrolling when it is told to', async () => {
    const stop = new AbortController()
    crew.before = async index => {
      if (index > 1) throw problem('busy')
    }

    const started = newFleet().start(() => undefined, stop.signal)
    await clock.advance(0)
    stop.abort(new Error('enough'))

    await expect(started).rejects.toThrow('enough')
  })

  it('stops every agent with a farewell', async () => {
    const fleet = newFleet()
    await fleet.start(() => undefined, never)

    await fleet.stop()

    expect(crew.said.filter(each => each.startsWith('stop')).sort()).toEqual(['stop 1', 'stop 2', 'stop 3'])
    expect(clock.pending).toBe(0)
  })

  it('runs a clone beside its original, under the next number and with the same identity', async () => {
    const fleet = newFleet()
    await fleet.start(() => undefined, never)

    const copy = await fleet.clone(2)

    expect(copy).toMatchObject({ number: 4, cloneOf: 2 })
    expect(await copy.host.system.files.text(IDENTITY)).toBe(fleet.member(2).enlisted?.id)
    expect(crew.said.filter(each => each === 'start 2')).toHaveLength(2)
    expect(copy.host.power.bootId).not.toBe(fleet.member(2).host.power.bootId)
  })

  it('forgets clones from one run to the next', async () => {
    const fleet = newFleet()
    await fleet.start(() => undefined, never)
    await fleet.clone(2)
    await fleet.stop()

    const again = newFleet({ count: 4 })
    await again.start(() => undefined, never)

    expect(new Set(again.members.map(member => member.enlisted?.id)).size).toBe(4)
  })

  it('knows no host beyond its last', () => {
    expect(() => newFleet().member(4)).toThrow(/4; there are 1 to 3/)
  })
})
