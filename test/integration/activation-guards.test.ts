// SPDX-License-Identifier: Apache-2.0
/** What the activation server refuses, in the words that clients of RPS look for; deactivation and maintenance. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addHost } from '../../controller/kernel/hosts.ts'
import type { ActivationTables } from '../../controller/modules/oob/activation/tables.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import { activationWorld, GUID, machine, type World, type WorldOptions } from '../support/activation.ts'
import { silent } from '../support/kernel.ts'
import { type RpcRun, runRpc } from '../support/rpc-client.ts'

const worlds: World[] = []
async function world(options: WorldOptions = {}): Promise<World> {
  const made = await activationWorld({
    profiles: { lab: {}, acm: { profile: { activation: 'acmactivate' } } },
    ...options,
  })
  worlds.push(made)
  return made
}
afterEach(async () => {
  for (const each of worlds.splice(0)) await each.stop()
})

const hashOf = (realm: string, password: string) => createHash('md5').update(`admin:${realm}:${password}`).digest('hex')

async function refusal(made: World, run: Partial<RpcRun> & Pick<RpcRun, 'method'>): Promise<string | undefined> {
  const end = await runRpc({ routes: made.routes, machine: machine(), ...run })
  expect(end.end, end.text).toBe('error')
  expect(end.requests).toBe(0)
  expect(JSON.parse(end.sent.at(-1)!)).toMatchObject({ method: 'error', status: 'failed', apiKey: 'xxxxx' })
  return end.status.Status
}

describe('what is refused before the firmware is touched', () => {
  it.each([
    [
      'no password',
      { method: 'activate --profile lab', payload: { password: '' } },
      `Device ${GUID} activation failed. Missing password.`,
    ],
    [
      'an unknown profile',
      { method: 'activate --profile nope' },
      `Device ${GUID} activation failed. nope does not match list of available AMT profiles.`,
    ],
    [
      'a profile of another tenant',
      { method: 'activate --profile lab', tenantId: 'other' },
      `Device ${GUID} activation failed. lab does not match list of available AMT profiles.`,
    ],
    [
      'no DNS suffix',
      { method: 'activate --profile acm', payload: { fqdn: '' } },
      `Device ${GUID} activation failed. Missing DNS Suffix.`,
    ],
    [
      'a suffix without domain',
      { method: 'activate --profile acm', payload: { fqdn: 'lab.other.net' } },
      `Device ${GUID} activation failed. Specified AMT domain suffix: lab.other.net does not match list of available AMT domain suffixes.`,
    ],
    [
      'no list of roots',
      { method: 'activate --profile acm', payload: { certHashes: null } },
      `Device ${GUID} activation failed. Missing certificate hashes from the device.`,
    ],
    [
      'a root the firmware does not have',
      { method: 'activate --profile acm', payload: { certHashes: ['ab'.repeat(32)] } },
      'Invalid domain certificate, hash does not exists in list of trusted root certificates on AMT',
    ],
    [
      'admin control, when client control is asked for',
      { method: 'activate --profile lab', payload: { currentMode: 2 } },
      `Device ${GUID} already enabled in admin control mode.`,
    ],
    [
      'a mode nobody knows',
      { method: 'activate --profile lab', payload: { currentMode: 9 } },
      `Device ${GUID} activation failed. It is in unknown mode.`,
    ],
    [
      'firmware before 7',
      { method: 'activate --profile lab', payload: { ver: '6.2.1' } },
      `Device ${GUID} activation failed. AMT version: 6.2.1. Version less than 7 cannot be remotely configured `,
    ],
    [
      'an early build',
      { method: 'activate --profile lab', payload: { ver: '9.0.1', build: '2000' } },
      `Device ${GUID} activation failed. Please check with your OEM for a firmware update.`,
    ],
    [
      'another protocol',
      { method: 'activate --profile lab', protocolVersion: '5.0.0' },
      'protocol version NOT supported: 5.0.0',
    ],
    [
      'a newer protocol',
      { method: 'activate --profile lab', protocolVersion: '4.1.0' },
      'protocol version NOT supported: 4.1.0',
    ],
    ['another command', { method: 'reboot --now' }, `Device ${GUID} Not a supported method received from AMT device`],
    [
      'a payload without client',
      { method: 'activate --profile lab', payload: { client: '' } },
      'Invalid payload from client',
    ],
    [
      'a UUID that is none',
      { method: 'activate --profile lab', payload: { uuid: 'x' } },
      'Invalid payload from client',
    ],
    ['no JSON', { method: '', raw: 'hello' }, 'Invalid payload from client'],
    [
      'to deactivate what is not activated',
      { method: 'deactivate --password P' },
      `Device ${GUID} is in pre-provisioning mode.`,
    ],
    [
      'maintenance of what is not activated',
      { method: 'maintenance --password P --synctime' },
      `Device ${GUID} is in pre-provisioning mode.`,
    ],
    [
      'maintenance without a task',
      { method: 'maintenance --password P', payload: { currentMode: 1 } },
      'missing maintenance task in message',
    ],
  ] as const)('%s', async (_, run, text) => {
    expect(await refusal(await world(), run)).toBe(text)
  })

  it.each(['00000000-0000-0000-0000-000000000000', '03000200-0400-0500-0006-000700080009'])(
    'a UUID that boards share: %s',
    async uuid => {
      expect(await refusal(await world(), { method: 'activate --profile lab', payload: { uuid } })).toMatch(
        /not unique/,
      )
    },
  )

  it('a device of another project', async () => {
    const made = await world()
    await made.store.change(tx => made.devices.put(tx, 'other', GUID, { hostname: 'theirs' }))

    const text = await refusal(made, { method: 'activate --profile lab' })

    expect(text).toBe('Device belongs to another tenant. Please unprovision and re-activate device.')
  })

  it('machines nobody knows, when only known ones may be activated', async () => {
    const made = await world({ config: { policy: 'known' } })

    expect(await refusal(made, { method: 'activate --profile lab' })).toMatch(/not among the machines/)

    const facts = { uuid: GUID, hostname: 'node-1' }
    const around = { clock: realClock, random: realRandom, digest: sha256, log: silent }
    await made.store.change(tx =>
      addHost(tx, 'default', { name: '', facts, labels: [], state: 'onboarded', ...around }),
    )
    const end = await runRpc({ routes: made.routes, machine: machine(), method: 'activate --profile lab' })
    expect(end.end, end.text).toBe('success')
  })

  it('more sessions than there may be', async () => {
    const made = await world({ config: { sessions: 1 } })
    const [route] = made.routes
    const request = { url: new URL('ws://x/activate'), address: '192.0.2.1', headers: {}, protocols: [] }
    const first = await route!.decide(request)
    expect('accept' in first).toBe(true)
    const socket = {
      address: '',
      pending: 0,
      send: async () => {},
      close: () => {},
      pause: () => {},
      resume: () => {},
      onMessage: () => {},
      onClose: () => {},
    }
    if ('accept' in first) first.accept(socket)

    expect(await route!.decide(request)).toMatchObject({ refuse: 503 })
    socket.onClose()
  })
})

describe('the password of an activated device', () => {
  async function activated(made: World) {
    const amt = machine()
    expect(amt.faults.messages).toBe(0)
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    const [active] = await made.candidates('amt-admin')
    return { amt, password: active!.text }
  }

  it('must be the one that is kept', async () => {
    const made = await world()
    const { amt } = await activated(made)

    const text = await refusal(made, { machine: amt, method: 'activate --profile lab', payload: { password: 'wrong' } })

    expect(text).toBe(`AMT password DOES NOT match stored version for Device ${GUID}`)
    const rows = await made.store
      .of<ActivationTables>('default')
      .select('oob_activations')
      .selectAll()
      .orderBy('id')
      .execute()
    expect(rows.find(each => each.step === 'refused')).toMatchObject({ outcome: 'failed', message: text })
  })

  it('is not asked for when an operator ordered it', async () => {
    let order: 'activate' | 'deactivate' | undefined
    const made = await world({ ordered: async () => order })
    const { amt } = await activated(made)
    order = 'deactivate'

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'deactivate --password placeholder' })

    expect(end.end, end.text).toBe('success')
    await vi.waitFor(() => expect(amt.state.controlMode).toBe(0))
  })

  it('is asked for again once what was ordered is done, and always for maintenance', async () => {
    let order: 'activate' | 'activated' | 'deactivate' | undefined
    const made = await world({ ordered: async () => order })
    const { amt } = await activated(made)
    const wrong = `AMT password DOES NOT match stored version for Device ${GUID}`
    const { adminHash } = amt.state
    order = 'activated'
    expect(await refusal(made, { machine: amt, method: 'deactivate --password placeholder' })).toBe(wrong)
    for (order of ['activate', 'activated', 'deactivate'] as const)
      expect(
        await refusal(made, { machine: amt, method: 'maintenance -password x --changepassword N3w!Passw0rd' }),
      ).toBe(wrong)

    expect(amt.state).toMatchObject({ controlMode: 1, adminHash })
  })

  it('may be another one with force, and is learnt', async () => {
    const made = await world()
    const { amt } = await activated(made)
    amt.state.adminHash = hashOf(amt.state.realm, 'Set-By-Hand1')

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'maintenance -password Set-By-Hand1 --synctime -f',
      payload: { password: 'Set-By-Hand1' },
    })

    expect(end.end, end.text).toBe('success')
    expect((await made.candidates('amt-admin'))[0]).toMatchObject({ state: 'active', text: 'Set-By-Hand1' })
  })

  it('is adopted from the client when none is kept', async () => {
    const made = await world()
    const amt = machine()
    amt.state.controlMode = 1
    amt.state.adminHash = hashOf(amt.state.realm, 'By-Somebody1')

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { password: 'By-Somebody1' },
    })

    expect(end.end, end.text).toBe('success')
    expect(end.status.Status).toBe('already enabled in client mode.')
    expect((await made.candidates('amt-admin'))[0]).toMatchObject({ state: 'active', text: 'By-Somebody1' })
  })

  it('that the firmware does not take ends with the words agents look for', async () => {
    const made = await world()
    const amt = machine()
    amt.state.controlMode = 1
    amt.state.adminHash = hashOf(amt.state.realm, 'By-Somebody1')

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { password: 'Not-That-One1' },
    })

    expect(end.end).toBe('error')
    expect(end.status.Status).toBe('Unable to authenticate with AMT')
  })

  it('is removed with the device when it is deactivated', async () => {
    const made = await world()
    const { amt, password } = await activated(made)

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      path: '/deactivate',
      method: `deactivate --password ${password}`,
      payload: { password },
    })

    expect(end.end, end.text).toBe('success')
    expect(end.status).toEqual({ Status: 'Device deactivated' })
    await vi.waitFor(() => expect(amt.state.controlMode).toBe(0))
    expect(await made.candidates('amt-admin')).toEqual([])
    expect(await made.devices.find(made.store, 'default', GUID)).toBeUndefined()
    expect(made.forgotten).toContain(GUID)
  })
})

describe('maintenance', () => {
  async function run(made: World, task: string, payload: Record<string, unknown> = {}) {
    const amt = machine()
    expect(amt.faults.messages).toBe(0)
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    const [active] = await made.candidates('amt-admin')
    const password = active!.text
    amt.state.clockOffsetMs = 90_000
    const method = `maintenance -password "${password}" ${task}`
    return {
      amt,
      end: await runRpc({
        routes: made.routes,
        machine: amt,
        path: '/maintenance',
        method,
        payload: { ...payload, password },
      }),
    }
  }

  it('sets the clock', async () => {
    const { amt, end } = await run(await world(), '--synctime')

    expect(end.status.Status).toBe('synctime completed succesfully')
    expect(Math.abs(amt.state.clockOffsetMs)).toBeLessThan(3_000)
  })

  it('gives it the address of the host', async () => {
    const ipConfiguration = {
      ipAddress: '10.1.1.5',
      netmask: '255.255.255.0',
      gateway: '10.1.1.1',
      primaryDns: '10.1.1.2',
      secondaryDns: '',
    }
    const { amt, end } = await run(await world(), '--syncip', { ipConfiguration })

    expect(end.status.Status).toBe('syncip completed succesfully')
    const written = amt.state.written.AMT_EthernetPortSettings?.['Intel(r) AMT Ethernet Port Settings 0']
    expect(written).toMatchObject({ DHCPEnabled: 'false', IPAddress: '10.1.1.5', PrimaryDNS: '10.1.1.2' })
  })

  it('gives it the name of the host', async () => {
    const hostnameInfo = { hostname: 'renamed', dnsSuffixOS: 'lab.example.com' }
    const { amt, end } = await run(await world(), '--synchostname', { hostnameInfo })

    expect(end.status.Status).toBe('synchostname completed succesfully')
    expect(amt.state.written.AMT_GeneralSettings?.['']).toMatchObject({
      HostName: 'renamed',
      DomainName: 'lab.example.com',
    })
  })

  it('notes what the device says of itself', async () => {
    const made = await world()
    const { end } = await run(made, '--syncdeviceinfo', { build: '3111' })

    expect(end.status.Status).toBe('syncdeviceinfo completed succesfully')
    expect((await made.devices.get(made.store, 'default', GUID)).deviceInfo).toMatchObject({
      fwBuild: '3111',
      currentMode: '1',
    })
  })

  it.each([
    ['--changepassword "With space & <1>A"', 'With space & <1>A'],
    ['--changepassword', undefined],
  ])('changes the password: %s', async (task, text) => {
    const made = await world()
    const { amt, end } = await run(made, task)

    expect(end.status.Status).toBe('changepassword completed succesfully')
    const [active] = await made.candidates('amt-admin')
    if (text !== undefined) expect(active?.text).toBe(text)
    expect(active?.state).toBe('active')
    expect(amt.state.adminHash).toBe(hashOf(amt.state.realm, active!.text))
  })
})

describe('two sessions for one device', () => {
  it('gives way to the later one', async () => {
    const made = await world()
    const amt = machine()
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const first = runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      onRequest: n => (n === 3 ? held : undefined),
    })
    await vi.waitFor(async () =>
      expect(
        await made.store.of<ActivationTables>('default').select('oob_activations').selectAll().execute(),
      ).toHaveLength(1),
    )

    const second = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    release()

    expect(second.end, second.text).toBe('success')
    expect((await first).end).not.toBe('success')
    expect(amt.state.counters.activationWrites).toBe(1)
  })
})
