// SPDX-License-Identifier: Apache-2.0
/** Machines in trouble: found out about, restarted, started from the network, step by step and within bounds. */
import { afterEach, describe, expect, it } from 'vitest'
import { putDesired } from '../../controller/kernel/documents.ts'
import { findIntent } from '../../controller/modules/oob/converge/intents.ts'
import type { DriftTables } from '../../controller/modules/oob/converge/tables-drift.ts'
import { HOUR, MINUTE, SECOND } from '../../plugins/contract/index.ts'
import type { AmtMachine, PowerChange } from '../../simulator/amt/machine.ts'
import { type DriftOptions, type DriftWorld, driftWorld, GUID, HOST } from '../support/drift.ts'

let world: DriftWorld
afterEach(() => world.stop())

/** What the machine's power was told to do, and what its host does about it. */
type Lab = { readonly amt: AmtMachine; readonly changes: PowerChange[] }

async function lab(options: DriftOptions & { readonly boots?: number } = {}): Promise<Lab> {
  const changes: PowerChange[] = []
  const onPower = (change: PowerChange): void => void changes.push(change)
  world = await driftWorld({ ...options, machine: { onPower, ...options.machine } })
  return { amt: await world.join(), changes }
}

/** Its agent has been silent for a while, and its firmware says on. */
async function hung(amt: AmtMachine): Promise<void> {
  amt.power.systemUp = false
  await world.agent({ online: false, reason: 'timeout' })
  await world.detected('acm')
  await world.clock.advance(10 * MINUTE)
  await world.settled()
}

/** The agent greets half a minute after the n-th boot. */
function wakes({ changes }: Lab, boots: number): () => Promise<void> {
  let isBack = false
  return async () => {
    if (isBack || changes.filter(each => each.booted).length < boots) return
    isBack = true
    await world.clock.advance(30 * SECOND)
    await world.agent({ online: true })
  }
}

const start = (name: string, body: object = {}, guid = GUID) =>
  world.call('POST', `/devices/${guid}/playbooks/${name}`, body)
const runOf = async (id: string) => (await world.call('GET', `/playbook-runs/${id}`)).body
const outcomes = (run: { lines: { outcome: string }[] }) => run.lines.map(each => each.outcome)
/** Sockets have a time of their own. */
const tick = () => new Promise(resolve => setTimeout(resolve, 5))
const OVER = ['done', 'failed', 'cancelled']

async function follow(id: string, meanwhile: () => Promise<void> = async () => {}) {
  await world.until(async () => {
    await meanwhile()
    return OVER.includes((await runOf(id)).state)
  }, 3 * HOUR)
  return runOf(id)
}

describe('a hung machine', () => {
  it('is restarted, and seen to run', async () => {
    const given = await lab()
    await hung(given.amt)

    const { status, body } = await start('restart-hung', { reason: 'line 4 stands' })
    const run = await follow(body.id, wakes(given, 1))

    expect(status).toBe(202)
    expect(run, JSON.stringify(run)).toMatchObject({
      state: 'done',
      playbook: 'restart-hung',
      host: HOST,
      by: 'person:anna',
    })
    expect(outcomes(run)).toEqual(['done', 'done', 'done', 'done', 'done', 'skipped', 'done', 'done'])
    expect(run.lines[1].says).toBe('POWER_STATE_ON (2)')
    expect(run.lines[2].says).toMatch(/^\d+ records, the newest:\n/)
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
    const phases = (await world.events('oob.playbook')).map(each => (each.data as { phase: string }).phase)
    expect(phases.slice(0, 2)).toEqual(['queued', 'begun'])
    expect(phases.at(-1)).toBe('done')
    const acts = (await world.audit()).map(each => each.action)
    expect(acts).toEqual(expect.arrayContaining(['oob.playbook.start', 'oob.power', 'oob.playbook.end']))
  })

  it('is restarted a second time without asking when it did not come back', async () => {
    const given = await lab()
    await hung(given.amt)

    const { body } = await start('restart-hung')
    const run = await follow(body.id, wakes(given, 2))

    expect(run.state).toBe('done')
    expect(outcomes(run)).toEqual(['done', 'done', 'done', 'done', 'failed', 'done', 'done', 'done'])
    expect(given.changes.filter(each => each.booted).map(each => each.action)).toEqual([10, 10])
  })

  it('is left with what was found when nothing helps', async () => {
    const given = await lab()
    await hung(given.amt)

    const { body } = await start('restart-hung')
    const run = await follow(body.id)

    expect(run.state).toBe('failed')
    expect(run.says).toContain('it does not run: os-hung')
    expect(run.finishedAt).toBeDefined()
    expect(given.changes.filter(each => each.booted)).toHaveLength(2)
  })

  it('is not restarted when its agent came back meanwhile', async () => {
    const given = await lab()
    await world.agent({ online: true })

    const { body } = await start('restart-hung')
    const run = await follow(body.id)

    expect(run.state).toBe('done')
    expect(given.changes).toEqual([])
  })

  it('is restarted once when there is no agent to show whether it helped', async () => {
    const given = await lab()

    const run = await follow((await start('restart-hung')).body.id)

    expect(outcomes(run)).toEqual(['done', 'done', 'done', 'done', 'skipped', 'skipped', 'skipped', 'done'])
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
  })

  it('is restarted once when the controller stops in the middle', async () => {
    const given = await lab()
    await hung(given.amt)
    const back = wakes(given, 1)
    const { body } = await start('restart-hung')
    await world.until(async () => given.changes.length > 0)
    await world.restart()

    const run = await follow(body.id, back)

    expect(run.state).toBe('done')
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
  })

  it('is restarted though the controller stopped before each of its steps', async () => {
    const given = await lab()
    await hung(given.amt)
    const back = wakes(given, 1)
    const { body } = await start('restart-hung')

    let step = -1
    const run = await follow(body.id, async () => {
      await back()
      const now = (await runOf(body.id)).step
      if (now === step) return
      step = now
      await world.restart()
    })

    expect(run.state).toBe('done')
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
  })
})

describe('a dry run', () => {
  it('tells what would be done and why, and changes nothing', async () => {
    const given = await lab()
    await hung(given.amt)
    const seen = given.amt.faults.messages

    const { status, body } = await start('restart-hung', { dryRun: true })

    expect(status).toBe(200)
    expect(body).toMatchObject({ dryRun: true, playbook: 'restart-hung', blockers: [] })
    expect(body.steps.map((each: { would: string }) => each.would)).toEqual([
      ...['run', 'run', 'run', 'run', 'run', 'depends', 'run', 'run'],
    ])
    expect(body.steps[3]).toEqual({
      says: 'power reset, asking the operating system first, unless its agent is back',
      would: 'run',
      why: 'its agent is away',
    })
    await world.pass(MINUTE)
    expect(given.changes).toEqual([])
    expect(given.amt.faults.messages).toBe(seen)
    expect((await world.call('GET', '/playbook-runs')).body.runs).toEqual([])
    expect(await world.events('oob.playbook')).toEqual([])
  })

  it('leaves out what is not needed', async () => {
    await lab()
    await world.agent({ online: true })

    const { body } = await start('restart-hung', { dryRun: true })

    expect(body.verdict).toBe('running')
    expect(body.steps[3]).toMatchObject({ would: 'skip', why: 'its agent is connected' })
  })

  it('names what is in the way', async () => {
    const given = await lab()
    await hung(given.amt)
    given.amt.unplug()
    await start('restart-hung')
    while (world.cira.tunnels.find(GUID) !== undefined) await tick()

    const { body } = await start('restart-hung', { dryRun: true })

    expect(body.blockers).toEqual([
      expect.stringContaining('A playbook runs on this machine already'),
      'its firmware is not connected now',
    ])
  })
})

describe('a machine that is off', () => {
  it('is switched on, and seen to run', async () => {
    const given = await lab()
    given.amt.state.power = 8
    await world.agent({ online: false, reason: 'stopped' })

    const { body } = await start('power-on')
    const run = await follow(body.id, wakes(given, 1))

    expect(run.state).toBe('done')
    expect(given.amt.state.power).toBe(2)
    expect(run.lines.at(-1).says).toContain('it runs')
  })

  it('is left alone when it is on', async () => {
    const given = await lab()
    await world.agent({ online: true })

    const run = await follow((await start('power-on')).body.id)

    expect(outcomes(run)).toEqual(['done', 'done', 'skipped', 'done'])
    expect(given.changes).toEqual([])
  })

  it('is waited for until its firmware dials in', async () => {
    const given = await lab()
    given.amt.state.power = 8
    await world.agent({ online: false, reason: 'stopped' })
    given.amt.unplug()
    while (world.cira.tunnels.find(GUID) !== undefined) await tick()
    const { body } = await start('power-on')
    await world.pass(MINUTE)
    expect((await runOf(body.id)).says).toBe('waits for its tunnel')

    given.amt.plug()
    while (given.amt.cira.status !== 'connected') await tick()
    const run = await follow(body.id, wakes(given, 1))

    expect(run.state).toBe('done')
  })
})

describe('a machine to be installed anew', () => {
  it('starts once from the network, and counts as running with a new session of its agent only', async () => {
    const given = await lab()
    await world.agent({ online: true })

    const { body } = await start('reinstall-pxe')
    await world.pass(5 * MINUTE)
    expect((await runOf(body.id)).says).toContain('waits until it runs')
    const run = await follow(body.id, wakes(given, 1))

    expect(run.state).toBe('done')
    expect(given.amt.state.boot.last?.source).toBe('Intel(r) AMT: Force PXE Boot')
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
  })

  it('is not started twice when the controller stopped in the middle', async () => {
    const given = await lab()
    given.amt.unplug()
    while (world.cira.tunnels.find(GUID) !== undefined) await tick()
    const { body } = await start('reinstall-pxe')
    await world.settled()
    const at = new Date(world.clock.now()).toISOString()
    const asked = { step: 2, step_at: at, acted_at: at, scratch: '{"sent":true}' }
    await world.store.of<DriftTables>('default').update('oob_playbook_runs', asked).where('id', '=', body.id).execute()
    await world.restart()
    given.amt.plug()
    while (given.amt.cira.status !== 'connected') await tick()
    await world.pass(MINUTE)

    const run = await runOf(body.id)
    expect(run.lines[0]).toMatchObject({ step: 2, outcome: 'done' })
    expect(run.lines[0].says).toContain('not asked twice')
    expect(given.changes).toEqual([])
  })

  it('starts once from an address', async () => {
    const given = await lab()
    await world.agent({ online: true })
    const url = 'https://images.example.com/recover.iso'
    expect((await start('recover-https')).status).toBe(409)
    expect((await start('reinstall-pxe', { url })).status).toBe(409)
    given.amt.state.boot.enabledState = 32_769

    const { body } = await start('recover-https', { url })
    const run = await follow(body.id, wakes(given, 1))

    expect(run, JSON.stringify(run.lines)).toMatchObject({ state: 'done' })
    expect(given.amt.state.boot.last?.source).toContain('Force OCR UEFI HTTPS Boot')
    const [parameter] = given.amt.state.boot.last?.parameters ?? []
    expect(Buffer.from(parameter!.value, 'hex').toString()).toBe(url)
  })
})

describe('a machine whose agent died', () => {
  const closed = { timeZone: 'UTC', windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }] }
  /** A window that opens so many hours from now, for an hour. */
  async function windowIn(hours: number): Promise<void> {
    const clockOf = (at: number) => new Date(at).toISOString().slice(11, 16)
    const from = world.clock.now() + hours * HOUR
    const [window] = closed.windows
    const content = { ...closed, windows: [{ ...window, from: clockOf(from), to: clockOf(from + HOUR) }] }
    const change = {
      host: HOST,
      section: 'maintenance',
      content,
      ifMatch: undefined,
      by: 'test',
      now: world.clock.now(),
    }
    await world.store.change(tx => putDesired(tx, 'default', change as never))
  }

  it('is not restarted when the agent comes back by itself', async () => {
    const given = await lab()
    await world.agent({ online: false, reason: 'lost' })
    const { body } = await start('agent-dead')
    await world.pass(5 * MINUTE)
    await world.agent({ online: true })

    const run = await follow(body.id)

    expect(run.state).toBe('done')
    expect(given.changes).toEqual([])
  })

  it('is restarted in its maintenance window', async () => {
    const given = await lab()
    await world.agent({ online: false, reason: 'lost' })
    await windowIn(2)
    const { body } = await start('agent-dead')
    await world.pass(HOUR, MINUTE)
    expect(given.changes).toEqual([])
    expect((await runOf(body.id)).says).toContain('waits for the maintenance window')

    const run = await follow(body.id, wakes(given, 1))

    expect(run.state).toBe('done')
    expect(given.changes.filter(each => each.graceful && each.booted)).toHaveLength(1)
  })
})

describe('diagnosis', () => {
  it('reads how the machine is and changes nothing', async () => {
    const { amt, changes } = await lab({ role: 'viewer' })
    amt.state.features.kvm = 3
    amt.state.clockOffsetMs = HOUR

    const run = await follow((await start('diagnose')).body.id)

    expect(run.state).toBe('done')
    expect(outcomes(run)).toEqual(['done', 'done', 'done', 'done'])
    expect(run.lines[2].says).toContain('KVM off')
    expect(run.lines[3].says).toMatch(/^it differs: .*clock: its clock is 3\d+ s off/)
    expect(changes).toEqual([])
    expect(amt.state.features.kvm).toBe(3)
    expect(await world.events('oob.drift')).toEqual([])
  })

  it('goes on with what it can read', async () => {
    const { amt } = await lab()
    amt.faults.fail(1_000, what => what.includes('AMT_MessageLog'))

    const run = await follow((await start('diagnose')).body.id)

    expect(run.state).toBe('done')
    expect(outcomes(run)).toEqual(['done', 'failed', 'done', 'done'])
  })
})

describe('activation by a playbook', () => {
  it('orders it of the agent, and waits for what becomes of it', async () => {
    await lab()
    await world.agent({ online: true })
    const { body } = await start('reactivate')
    await world.until(async () => world.woken.length > 0)
    const intent = await findIntent(world.store, 'default', HOST)
    expect(intent).toMatchObject({ amt: 'provisioned', attempt: 1, ordered_by: 'person:anna' })

    await world.store
      .of<{ oob_intents: { project: string; host: string; status: string; indicator: string } }>('default')
      .update('oob_intents', { status: 'AMT Activation Done', indicator: 'IDLE' })
      .where('host', '=', HOST)
      .execute()
    const run = await follow(body.id)

    expect(run.state).toBe('done')
    expect(run.lines[0].says).toBe('AMT Activation Done')
    expect(run.lines[2].says).toBe('it is as its profile says')
  })
})

describe('bounds', () => {
  it('are one run on a machine at a time', async () => {
    const { amt } = await lab()
    await hung(amt)
    const first = await start('restart-hung')

    expect(await start('power-on')).toMatchObject({ status: 409, body: { code: 'playbook-running' } })
    expect((await world.call('POST', `/playbook-runs/${first.body.id}/cancel`)).body.state).toBe('cancelled')
    expect((await start('power-on')).status).toBe(202)
  })

  it('are three runs of a playbook on a machine a day', async () => {
    await lab()
    await world.agent({ online: true })
    for (let count = 0; count < 3; count++) await follow((await start('power-on')).body.id)

    expect(await start('power-on')).toMatchObject({ status: 429, body: { code: 'playbook-limit' } })
    expect((await start('diagnose')).status).toBe(202)
    await world.pass(25 * HOUR, HOUR)
    expect((await start('power-on')).status).toBe(202)
  })

  it('are ten machines of a site a minute', async () => {
    await lab()
    const guids = Array.from({ length: 14 }, (_, at) => `4c4c4544-005a-3510-8047-b4c04f5650${10 + at}`)
    for (const [at, guid] of guids.entries()) {
      await world.store.change(tx => world.devices.put(tx, 'default', guid, { hostname: `edge-${at}` }))
      const labels = [{ key: 'site', value: at < 12 ? 'berlin' : 'porto' }]
      await world.agent(
        { online: false, reason: 'timeout' },
        { host: `host-0000${(4_096 + at).toString(16)}`, guid, labels },
      )
      expect((await start('power-on', {}, guid)).status).toBe(202)
    }
    const begun = async (site: string) => {
      const rows = await world.store
        .of<DriftTables>('default')
        .select('oob_playbook_runs')
        .selectAll()
        .where('site', '=', site)
        .execute()
      return rows.filter(each => each.begun_at !== null).length
    }

    await world.settled()
    expect(await begun('berlin')).toBe(10)
    expect(await begun('porto')).toBe(2)
    await world.pass(90 * SECOND)
    expect(await begun('berlin')).toBe(12)
  })

  it('are ten machines of a site whose power is changed in a minute, whenever their runs began', async () => {
    const given = await lab()
    given.amt.state.power = 8
    await world.agent({ online: false, reason: 'stopped' })
    const { body } = await start('power-on')
    const row = await world.store
      .of<DriftTables>('default')
      .select('oob_playbook_runs')
      .selectAll()
      .executeTakeFirstOrThrow()
    const { project: _, ...own } = row
    const long = new Date(world.clock.now() - HOUR).toISOString()
    const now = new Date(world.clock.now()).toISOString()
    for (let at = 0; at < 10; at++) {
      const other = {
        ...own,
        id: `01K${at}`,
        guid: `other-${at}`,
        state: 'done' as const,
        begun_at: long,
        acted_at: now,
      }
      await world.store.of<DriftTables>('default').insert('oob_playbook_runs', other).execute()
    }

    await world.pass(50 * SECOND)
    expect((await runOf(body.id)).says).toContain('enough machines of its site are acted on')
    expect(given.amt.state.power).toBe(8)
    await world.pass(20 * SECOND)
    expect(given.amt.state.power).toBe(2)
  })

  it('end a run that somebody cancels', async () => {
    const given = await lab()
    await hung(given.amt)
    const { body } = await start('restart-hung')
    await world.until(async () => (await runOf(body.id)).says === 'waits for its agent')

    expect((await world.call('POST', `/playbook-runs/${body.id}/cancel`)).status).toBe(200)
    await world.pass(30 * MINUTE, MINUTE)

    expect(await runOf(body.id)).toMatchObject({ state: 'cancelled', says: 'cancelled by anna' })
    expect(given.changes.filter(each => each.booted)).toHaveLength(1)
    expect((await world.call('POST', `/playbook-runs/${body.id}/cancel`)).body.code).toBe('playbook-ended')
  })
})

describe('permission', () => {
  it('follows what a playbook does', async () => {
    await lab({ role: 'operator' })
    const { playbooks } = (await world.call('GET', '/playbooks')).body
    const needs = Object.fromEntries(
      playbooks.map((each: { name: string; permission: string }) => [each.name, each.permission]),
    )

    expect(needs).toMatchObject({
      diagnose: 'host.read',
      'power-on': 'host.operate',
      'restart-hung': 'host.access',
      'agent-dead': 'host.access',
      'reinstall-pxe': 'host.access',
      'replace-activation': 'host.destroy',
    })
    expect((await start('restart-hung')).status).toBe(403)
    expect((await start('power-on')).status).toBe(202)
    expect((await start('make-coffee')).body.code).toBe('playbook-unknown')
  })

  it('of a second person is asked for when the project wants it', async () => {
    const given = await lab()
    await hung(given.amt)
    await world.call('PUT', '/recovery-policy', { rules: [], approvalFromClass: 3 })
    const { body } = await start('restart-hung')
    await world.until(async () => (await runOf(body.id)).state === 'approval')
    await world.pass(5 * MINUTE)
    expect(given.changes).toEqual([])

    const own = await world.call('POST', `/playbook-runs/${body.id}/approve`)
    world.who.name = 'bert'
    world.who.role = 'operator'
    const low = await world.call('POST', `/playbook-runs/${body.id}/approve`)
    world.who.role = 'security'
    const other = await world.call('POST', `/playbook-runs/${body.id}/approve`)
    world.who.role = 'admin'
    const run = await follow(body.id, wakes(given, 1))

    expect([own.status, low.status, other.status]).toEqual([403, 403, 200])
    expect(run).toMatchObject({ state: 'done', approvedBy: 'person:bert' })
  })
})

describe('rules', () => {
  const policy = (rule: object) =>
    world.call('PUT', '/recovery-policy', {
      rules: [{ verdict: 'os-hung', playbook: 'restart-hung', mode: 'run', afterMinutes: 5, ...rule }],
    })
  const runs = async () => (await world.call('GET', '/playbook-runs')).body.runs

  it('are none at first', async () => {
    const { amt } = await lab()
    await world.playbooks.resume()
    await hung(amt)

    expect((await world.call('GET', '/recovery-policy')).body).toEqual({ rules: [], version: 0 })
    await world.pass(30 * MINUTE, MINUTE)
    expect(await runs()).toEqual([])
  })

  it('start a playbook once a verdict has held for long enough', async () => {
    const given = await lab()
    await hung(given.amt)
    expect((await policy({})).status).toBe(200)
    await world.playbooks.resume()
    await world.pass(4 * MINUTE)
    expect(await runs()).toEqual([])
    await world.pass(3 * MINUTE)

    const [run] = await runs()
    expect(run).toMatchObject({ playbook: 'restart-hung', automatic: true, by: 'system' })
    expect((await follow(run.id, wakes(given, 1))).state).toBe('done')
    expect(await runs()).toHaveLength(1)
  })

  it('only write down what they would do in a dry run', async () => {
    const given = await lab()
    await hung(given.amt)
    await policy({ mode: 'dry-run' })
    await world.playbooks.resume()

    await world.pass(20 * MINUTE, MINUTE)

    const all = await runs()
    expect(all).toHaveLength(1)
    expect(all[0]).toMatchObject({ state: 'dry-run', automatic: true })
    expect(all[0].lines[3].says).toContain('run: power reset')
    expect((await world.events('oob.playbook')).map(each => (each.data as { phase: string }).phase)).toEqual([
      'would-run',
    ])
    expect(given.changes).toEqual([])
  })

  it('cut nobody off who has a session', async () => {
    const given = await lab()
    await hung(given.amt)
    await policy({})
    world.redirections.open.set(GUID, [{ id: 's', mode: 'kvm', by: 'bert' }])
    await world.playbooks.resume()
    await world.pass(8 * MINUTE, MINUTE)

    const run = await follow((await runs())[0].id)

    expect(run).toMatchObject({ state: 'failed', says: 'somebody has a session with it' })
    expect(given.changes).toEqual([])
  })

  it('restart for a dead agent only when they say so', async () => {
    const given = await lab()
    await world.agent({ online: false, reason: 'lost' })
    await world.detected('acm')
    await policy({ verdict: 'agent-dead', playbook: 'agent-dead', afterMinutes: 0 })
    await world.clock.advance(6 * MINUTE)
    await world.playbooks.resume()
    await world.until(async () => (await runs()).length > 0)

    const run = await follow((await runs())[0].id)

    expect(run.state).toBe('failed')
    expect(run.lines[1]).toMatchObject({ outcome: 'skipped', says: 'the rule does not allow a restart' })
    expect(given.changes).toEqual([])
  })

  it('do nothing when many machines are in one trouble at once', async () => {
    await lab()
    for (let at = 0; at < 12; at++) {
      const guid = `4c4c4544-005a-3510-8047-b4c04f5660${10 + at}`
      await world.store.change(tx => world.devices.put(tx, 'default', guid, { hostname: `edge-${at}` }))
      const host = `host-0000${(8_192 + at).toString(16)}`
      await world.agent({ online: false, reason: 'timeout' }, { host, guid })
      await world.detected('acm', host)
    }
    await policy({ verdict: 'unknown', playbook: 'diagnose', afterMinutes: 0 })
    await world.playbooks.resume()

    await world.pass(10 * MINUTE, MINUTE)

    expect(await runs()).toEqual([])
  })

  it('are refused when they name what there is not', async () => {
    await lab()

    expect((await policy({ playbook: 'recover-https' })).status).toBe(400)
    expect((await policy({ verdict: 'sad' })).status).toBe(400)
  })
})
