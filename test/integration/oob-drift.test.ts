// SPDX-License-Identifier: Apache-2.0
/** Devices that differ from the profile they were activated with: noticed, told, and put right. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DriftTables } from '../../controller/modules/oob/converge/tables-drift.ts'
import type { DeviceTables } from '../../controller/modules/oob/devices/tables.ts'
import { HOUR, MINUTE } from '../../plugins/contract/index.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { type DriftWorld, driftWorld, GUID, HOST } from '../support/drift.ts'

let world: DriftWorld
let amt: AmtMachine
beforeEach(async () => {
  world = await driftWorld()
  amt = await world.join()
})
afterEach(() => world.stop())

const READS = /^(Get|Enumerate|Pull|GetLowAccuracyTimeSynch) /
const acts = () => amt.faults.seen.filter(each => !READS.test(each))
const check = (body: object = {}) => world.call('POST', `/devices/${GUID}/drift`, body)
const kept = async () => (await world.call('GET', `/devices/${GUID}/drift`)).body
const offsetOf = () => Math.abs(amt.state.clockOffsetMs)
const told = async () => (await world.events('oob.drift')).map(each => (each.data as { state: string }).state)
const policy = (change: object) =>
  world.call('PUT', '/drift-policy', {
    ...{ clock: 'repair', cira: 'repair', features: 'repair', tls: 'report' },
    ...{ network: 'report', passwords: 'report', activation: 'report' },
    ...change,
  })

describe('a check', () => {
  it('finds nothing on a device that was just activated', async () => {
    const before = acts().length

    const { status, body } = await check()

    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ guid: GUID, profile: 'lab', state: 'compliant', steps: [], repaired: [] })
    expect(acts().slice(before)).toEqual([])
    expect(await kept()).toMatchObject({ state: 'compliant', profile: 'lab' })
    expect((await world.call('GET', '/drift')).body.counts).toEqual({ compliant: 1, drifted: 0, unknown: 0 })
  })

  it('reports in words what differs, and changes nothing', async () => {
    amt.state.clockOffsetMs = 10 * MINUTE
    amt.state.features.kvm = 3
    amt.state.cira.rules = amt.state.cira.rules.filter(({ name }) => name !== 'Periodic')
    amt.state.tls.settings[0] = { enabled: true, mutual: false, acceptNonSecure: true, trustedCn: [] }
    const before = acts().length

    const { body } = await check()

    expect(body.state).toBe('drifted')
    expect(body.steps).toContainEqual({
      area: 'clock',
      do: 'sync-clock',
      says: expect.stringMatching(/^its clock is (599|600) s off$/),
      mode: 'repair',
    })
    expect(body.steps).toContainEqual({ area: 'features', do: 'set-kvm', says: 'KVM differs', mode: 'repair' })
    expect(body.steps).toContainEqual({ area: 'cira', do: 'add-rule', says: 'Periodic is missing', mode: 'repair' })
    expect(body.steps).toContainEqual({
      area: 'tls',
      do: 'disable-tls',
      says: 'TLS is on and not wanted',
      mode: 'report',
    })
    expect(acts().slice(before)).toEqual([])
    expect((await world.call('GET', '/drift?state=drifted')).body.devices).toMatchObject([
      { guid: GUID, state: 'drifted' },
    ])
    expect((await world.call('GET', '/drift?state=compliant')).body.devices).toEqual([])
    expect(await told()).toEqual(['drifted'])
  })

  it('keeps nothing and repairs nothing in a dry run', async () => {
    amt.state.features.kvm = 3
    const before = acts().length

    const { body } = await check({ repair: true, dryRun: true })

    expect(body).toMatchObject({ dryRun: true, state: 'drifted', repaired: [] })
    expect(acts().slice(before)).toEqual([])
    expect((await world.call('GET', `/devices/${GUID}/drift`)).body.why).toBe('it was not looked at yet')
    expect(await world.events('oob.drift')).toEqual([])
  })

  it('reports a device that no longer lets us in', async () => {
    amt.state.adminHash = createHash('md5').update(`admin:${amt.state.realm}:somebody else`).digest('hex')

    const { body } = await check({ repair: true })

    expect(body).toMatchObject({ state: 'drifted', steps: [{ area: 'activation', do: 'activate' }] })
    expect(body.steps[0].says).toContain('does not accept the password')
  })

  it('cannot tell how a device should be that was not activated here', async () => {
    const other = '4c4c4544-005a-3510-8047-b4c04f564499'
    await world.store.change(tx => world.devices.put(tx, 'default', other, { hostname: 'other' }))

    const { body } = await world.call('POST', `/devices/${other}/drift`, {})
    const repaired = await world.call('POST', `/devices/${other}/drift`, { repair: true })

    expect(body).toMatchObject({ state: 'unknown', steps: [] })
    expect(repaired).toMatchObject({ status: 409, body: { code: 'drift-unprofiled' } })
  })

  it('answers 404 for a device that is not there, and for one of another project', async () => {
    expect((await world.call('POST', '/devices/4c4c4544-005a-3510-8047-b4c04f5644ff/drift', {})).body.code).toBe(
      'device-unknown',
    )
  })

  it('is for viewers, a repair is not', async () => {
    world.who.role = 'viewer'

    expect((await check()).status).toBe(200)
    expect(await check({ repair: true })).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await check({ repair: true, dryRun: true })).status).toBe(200)
  })
})

describe('a repair', () => {
  it('puts clock, features and tunnel right and leaves TLS to people', async () => {
    amt.state.clockOffsetMs = 10 * MINUTE
    amt.state.features = { redirection: 32_768, listener: false, kvm: 3 }
    amt.state.cira.rules = amt.state.cira.rules.filter(({ name }) => name !== 'Periodic')
    amt.state.cira.userInitiated = 32_768
    amt.state.tls.settings[0] = { enabled: true, mutual: false, acceptNonSecure: true, trustedCn: [] }

    const { body } = await check({ repair: true, reason: 'weekly' })

    expect(body.failed).toEqual([])
    expect(body.repaired.map((each: { do: string }) => each.do)).toEqual(
      expect.arrayContaining([
        'add-rule',
        'set-redirection',
        'set-kvm',
        'set-listener',
        'sync-clock',
        'enable-user-initiated',
      ]),
    )
    expect(offsetOf()).toBeLessThanOrEqual(1_000)
    expect(amt.state.features).toEqual({ redirection: 32_770, listener: true, kvm: 2 })
    expect(amt.state.cira.rules.map(({ name }) => name).sort()).toEqual(['Periodic', 'User Initiated'])
    expect(amt.state.cira.userInitiated).toBe(32_771)
    expect(amt.state.tls.settings[0].enabled).toBe(true)
    expect(amt.cira.status).toBe('connected')
    expect(body.steps.map((each: { area: string }) => each.area)).toEqual(['tls'])
    expect(await told()).toContain('repaired')
    const entry = (await world.audit()).find(({ action }) => action === 'oob.drift.repair')
    expect(entry).toMatchObject({ target: GUID, reason: 'weekly', principal: { id: 'person:anna' } })
  })

  it('keeps the device dialling when it no longer knows that it is outside', async () => {
    amt.state.cira.detection = []
    amt.state.cira.rules = amt.state.cira.rules.filter(({ name }) => name !== 'User Initiated')

    const { body } = await check({ repair: true })

    expect(body).toMatchObject({ state: 'compliant', failed: [] })
    expect(amt.state.cira.detection).toHaveLength(1)
    expect(amt.cira.status).toBe('connected')
  })

  it('does not cut the tunnel it goes through', async () => {
    amt.state.cira.rules[0]!.tunnelLifeTime = 60
    const before = acts().length

    const { body } = await check({ repair: true })

    expect(body.state).toBe('drifted')
    expect(body.steps[0]).toMatchObject({ do: 'remove-rule', held: expect.stringContaining('cut it off') })
    expect(acts().slice(before)).toEqual([])
    expect(amt.cira.status).toBe('connected')
  })

  it('puts TLS right when a person names it', async () => {
    amt.state.tls.settings[0] = { enabled: true, mutual: false, acceptNonSecure: true, trustedCn: [] }

    const { body } = await check({ repair: true, areas: ['tls'] })

    expect(body).toMatchObject({ state: 'compliant', repaired: [{ do: 'disable-tls' }] })
    expect(amt.state.tls.settings[0].enabled).toBe(false)
  })

  it('follows the policy of the project', async () => {
    expect((await world.call('GET', '/drift-policy')).body).toMatchObject({
      clock: 'repair',
      tls: 'report',
      version: 0,
    })
    expect((await policy({ clock: 'report', features: 'off' })).body).toMatchObject({ clock: 'report', version: 1 })
    expect((await policy({ activation: 'repair' })).status).toBe(400)
    amt.state.clockOffsetMs = HOUR
    amt.state.features.kvm = 3

    const { body } = await check({ repair: true })

    expect(body.repaired).toEqual([])
    expect(body.steps).toMatchObject([{ area: 'clock', do: 'sync-clock', mode: 'report' }])
    expect(offsetOf()).toBe(HOUR)
    expect(amt.state.features.kvm).toBe(3)
  })

  it('refuses a policy that somebody changed meanwhile', async () => {
    await policy({})

    const late = await world.callWith(
      { 'if-match': '"0"' },
      'PUT',
      '/drift-policy',
      (await world.call('GET', '/drift-policy')).body,
    )

    expect(late.status).toBe(400)
    const { version: _, ...content } = (await world.call('GET', '/drift-policy')).body
    expect((await world.callWith({ 'if-match': '"0"' }, 'PUT', '/drift-policy', content)).body.code).toBe(
      'revision-mismatch',
    )
    expect((await world.callWith({ 'if-match': '"1"' }, 'PUT', '/drift-policy', content)).status).toBe(200)
  })

  it('does not touch a device somebody has a session with', async () => {
    amt.state.features.kvm = 3
    world.redirections.open.set(GUID, [{ id: 's1', mode: 'sol', by: 'bert' }])
    const before = amt.faults.seen.length

    expect(await check({ repair: true })).toMatchObject({ status: 409, body: { code: 'drift-busy' } })
    await world.pass(12 * MINUTE, MINUTE)
    expect(amt.faults.seen.length).toBe(before)
    world.redirections.open.clear()
    await world.pass(12 * MINUTE, MINUTE)

    expect(amt.state.features.kvm).toBe(2)
  })

  it('stops when somebody opens a session meanwhile', async () => {
    amt.state.features = { redirection: 32_768, listener: false, kvm: 3 }
    const before = acts().length
    const asked = check({ repair: true })
    while (acts().length === before) await new Promise(resolve => setImmediate(resolve))
    world.redirections.open.set(GUID, [{ id: 's1', mode: 'sol', by: 'bert' }])

    const { body } = await asked

    expect(body.repaired).toHaveLength(1)
    expect(body).toMatchObject({ state: 'drifted', why: 'a session was opened' })
    expect(acts().slice(before)).toHaveLength(1)
  })

  it('is done on a device three times a day', async () => {
    for (let count = 0; count < 3; count++) {
      amt.state.features.kvm = 3
      expect((await check({ repair: true })).body.repaired).toHaveLength(1)
    }
    amt.state.features.kvm = 3

    expect(await check({ repair: true })).toMatchObject({ status: 429, body: { code: 'drift-repair-limit' } })
    expect(amt.state.features.kvm).toBe(3)
    expect((await check()).body.state).toBe('drifted')
  })

  it('is done in a project ten times a minute', async () => {
    const at = new Date(world.clock.now()).toISOString()
    for (let count = 0; count < 10; count++) {
      const row = {
        id: `r${count}`,
        guid: `other-${count}`,
        at,
        by: 'system',
        outcome: 'done' as const,
        done: '[]',
        failed: '[]',
      }
      await world.store.of<DriftTables>('default').insert('oob_drift_repairs', row).execute()
    }
    amt.state.features.kvm = 3

    expect((await check({ repair: true })).status).toBe(429)
    await world.clock.advance(61_000)
    expect((await check({ repair: true })).status).toBe(200)
    expect(amt.state.features.kvm).toBe(2)
  })

  it('lives with what the firmware does not let go', async () => {
    await policy({ tls: 'repair' })
    const stray = amt.state.certificates.find(each => each.trusted)!
    const other = (await world.parts.certificates.root('default')).replace(/\s/g, '')
    amt.state.certificates.push({ ...stray, id: 'Intel(r) AMT Certificate: Handle: 9', der: other })
    amt.faults.fail(1, what => what.startsWith('Delete AMT_PublicKeyCertificate'))

    const { body } = await check({ repair: true })

    expect(body).toMatchObject({ state: 'compliant', failed: [], repaired: [] })
    expect(amt.state.certificates.map(({ id }) => id)).toContain('Intel(r) AMT Certificate: Handle: 9')
    expect((await check()).body.state).toBe('compliant')
  })

  it('goes on where the firmware stands when it was cut off', async () => {
    amt.state.clockOffsetMs = HOUR
    amt.state.features = { redirection: 32_768, listener: false, kvm: 3 }
    amt.state.cira.rules = amt.state.cira.rules.filter(({ name }) => name !== 'Periodic')
    const before = acts().length
    const cut = check({ repair: true })
    while (acts().length === before) await new Promise(resolve => setImmediate(resolve))

    await world.restart()
    expect((await cut.catch(() => ({ status: 0 }))).status).not.toBe(200)
    const { body } = await check({ repair: true })

    expect(body).toMatchObject({ state: 'compliant', failed: [] })
    expect(amt.state.cira.rules.filter(({ name }) => name === 'Periodic')).toHaveLength(1)
    expect(offsetOf()).toBeLessThanOrEqual(1_000)
  })

  it('ends and says so when the tunnel goes', async () => {
    amt.state.features.kvm = 3
    amt.faults.cut(amt.faults.messages + 60, 'before')
    const answers: number[] = []
    for (let tries = 0; tries < 5 && amt.cira.status === 'connected'; tries++) {
      answers.push((await check({ repair: true })).status)
    }

    expect(answers.filter(status => status !== 200 && status !== 404)).toEqual([])
    expect(amt.cira.status).not.toBe('connected')
    expect(await check({ repair: true })).toMatchObject({ status: 404, body: { code: 'amt-not-connected' } })
  })
})

describe('the loop', () => {
  it('looks at a device minutes after it came, and again after six hours', async () => {
    await world.pass(MINUTE, MINUTE)
    expect((await kept()).checkedAt).toBeUndefined()

    await world.pass(11 * MINUTE, MINUTE)
    const first = (await kept()).checkedAt
    expect(first).toBeDefined()
    await world.pass(5 * HOUR, 15 * MINUTE)
    expect((await kept()).checkedAt).toBe(first)
    amt.state.clockOffsetMs = HOUR
    await world.pass(2 * HOUR, 15 * MINUTE)

    expect((await kept()).checkedAt).not.toBe(first)
    expect((await kept()).state).toBe('compliant')
    expect(offsetOf()).toBeLessThanOrEqual(1_000)
    const repair = (await world.audit()).find(({ action }) => action === 'oob.drift.repair')
    expect(repair?.principal.id).toBe('system')
  })

  it('looks soon at a device that comes back after a long absence', async () => {
    await world.pass(12 * MINUTE, MINUTE)
    const first = (await kept()).checkedAt
    await back(2 * HOUR)

    await world.pass(11 * MINUTE, MINUTE)

    expect((await kept()).checkedAt).not.toBe(first)
  })

  it('keeps its time for a device that was away for a moment', async () => {
    await world.pass(12 * MINUTE, MINUTE)
    const first = (await kept()).checkedAt
    await back(5 * MINUTE)

    await world.pass(11 * MINUTE, MINUTE)

    expect((await kept()).checkedAt).toBe(first)
  })

  it('does not look at once at what fell due while it was away', async () => {
    await world.pass(12 * MINUTE, MINUTE)
    const first = (await kept()).checkedAt
    await world.store.of<DriftTables>('default').update('oob_drift', { due_at: first }).execute()
    await back(MINUTE)
    await world.settled()
    expect((await kept()).checkedAt).toBe(first)

    await world.pass(11 * MINUTE, MINUTE)

    expect((await kept()).checkedAt).not.toBe(first)
  })

  it('takes the devices up again after a restart', async () => {
    await world.restart()
    amt.state.features.kvm = 3

    await world.pass(12 * MINUTE, MINUTE)

    expect(amt.state.features.kvm).toBe(2)
  })

  it('tells of a difference once', async () => {
    await policy({ clock: 'report' })
    amt.state.clockOffsetMs = HOUR
    await check()
    amt.state.clockOffsetMs = 2 * HOUR
    await check()

    expect(await told()).toEqual(['drifted'])
  })
})

describe('a host whose agent reports', () => {
  it('shows that it was unprovisioned behind our back', async () => {
    await world.agent({ online: true })
    await away()
    await world.clock.advance(HOUR)
    await world.detected('none')

    expect(await kept()).toMatchObject({
      state: 'drifted',
      profile: 'lab',
      steps: [{ area: 'activation', do: 'activate' }],
    })
    expect((await kept()).steps[0].says).toContain('not activated; it was, with lab')
    expect(await told()).toEqual(['drifted'])

    await world.detected('acm')
    expect(await kept()).toMatchObject({ state: 'unknown', steps: [] })
  })

  it('shows nothing when it was to be unprovisioned', async () => {
    await world.agent({ online: true })
    await away()
    await world.clock.advance(HOUR)
    await world.wantUnprovisioned(HOST)
    await world.detected('none')

    expect(await told()).toEqual([])
  })

  it('shows a device that is in another control mode than its profile names', async () => {
    amt.state.controlMode = 1

    const { body } = await check({ repair: true })

    expect(body.steps[0]).toMatchObject({
      area: 'activation',
      says: 'it is in client control mode, and lab is for admin control mode',
    })
  })
})

async function away(): Promise<void> {
  amt.unplug()
  while (world.cira.tunnels.find(GUID) !== undefined) await new Promise(resolve => setTimeout(resolve, 5))
}

/** The cable is out for a while. */
async function back(awayMs: number): Promise<void> {
  await away()
  const left = { connected: 0, last_disconnected: new Date(world.clock.now()).toISOString() }
  await world.store.of<DeviceTables>('default').update('oob_devices', left).where('guid', '=', GUID).execute()
  await world.clock.advance(awayMs)
  amt.plug()
  while (amt.cira.status !== 'connected') await new Promise(resolve => setTimeout(resolve, 5))
  await world.settled()
}
