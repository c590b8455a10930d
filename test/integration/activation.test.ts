// SPDX-License-Identifier: Apache-2.0
/** Activation by `rpc`, from the first message to a device that is set up as its profile says. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ActivationTables } from '../../controller/modules/oob/activation/tables.ts'
import { deviceSecret } from '../../controller/modules/oob/devices/secrets.ts'
import { createWsman } from '../../controller/modules/oob/wsman/client.ts'
import { channelExchange } from '../../controller/modules/oob/wsman/exchange.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import {
  activationWorld,
  ciraConfig,
  GUID,
  machine,
  provisioning,
  type World,
  type WorldOptions,
} from '../support/activation.ts'
import { silent } from '../support/kernel.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'
import { runRpc } from '../support/rpc-client.ts'

const worlds: World[] = []
async function world(options: WorldOptions): Promise<World> {
  const made = await activationWorld(options)
  worlds.push(made)
  return made
}
afterEach(async () => {
  for (const each of worlds.splice(0)) await each.stop()
})

const hashOf = (realm: string, password: string) => createHash('md5').update(`admin:${realm}:${password}`).digest('hex')
const ADMIN = { profile: { activation: 'acmactivate', userConsent: 'None' } } as const
const READS = /^(Get|Enumerate|Pull|GetLowAccuracyTimeSynch) /
const acts = (amt: AmtMachine) => amt.faults.seen.filter(each => !READS.test(each))

async function inForce(made: World, amt: AmtMachine): Promise<string | undefined> {
  const all = await made.candidates('amt-admin')
  return all.find(each => hashOf(amt.state.realm, each.text) === amt.state.adminHash)?.state
}

describe('activation in client control mode', () => {
  it('sets a random password, keeps it as the active one, and makes the device known', async () => {
    const made = await world({ profiles: { lab: {} } })
    const amt = machine()

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(end.status.Status).toBe('Client control mode.')
    expect(end.status.Network).toBe('Wired Network Configured')
    expect(end.status.Components?.Activation).toEqual({
      Result: 'Success',
      Mode: 'CCM',
      Details: 'Client control mode',
    })
    expect(amt.state.controlMode).toBe(1)
    expect(amt.state.counters.activationWrites).toBe(1)
    expect(await inForce(made, amt)).toBe('active')
    const device = await made.devices.get(made.store, 'default', GUID)
    expect(device).toMatchObject({ hostname: 'node-1', tags: ['lab'], dnsSuffix: 'example.com' })
    expect(device.deviceInfo).toMatchObject({ fwVersion: '16.1.25', fwSku: '16392', currentMode: '1' })
  })

  it('does nothing when it is run again', async () => {
    const made = await world({ profiles: { lab: { cira: ciraConfig(), profile: { ciraConfigName: 'cira' } } } })
    const amt = machine()
    expect(amt.faults.messages).toBe(0)
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    const before = acts(amt).length
    const [password] = await made.candidates('amt-admin')

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { password: password!.text },
    })

    expect(end.end, end.text).toBe('success')
    expect(end.status.Status).toBe('already enabled in client mode.')
    expect(acts(amt).slice(before)).toEqual([])
  })

  it('takes the password of the profile', async () => {
    const amtPassword = Secret.of('Aa1!<&">password')
    const made = await world({ profiles: { lab: { amtPassword, profile: { generateRandomPassword: false } } } })
    const amt = machine()

    await runRpc({ routes: made.routes, machine: amt, method: 'activate -profile lab' })

    expect(amt.state.adminHash).toBe(hashOf(amt.state.realm, 'Aa1!<&">password'))
  })

  it('sends whole requests in one chunk, as RPS does', async () => {
    const made = await world({ profiles: { lab: {} } })

    const end = await runRpc({ routes: made.routes, machine: machine(), method: 'activate --profile lab' })

    const first = JSON.parse(end.sent[0]!)
    expect(Object.keys(first)).toEqual([
      'method',
      'apiKey',
      'appVersion',
      'protocolVersion',
      'status',
      'message',
      'payload',
      'tenantId',
    ])
    expect(first).toMatchObject({ method: 'wsman', apiKey: 'xxxxx', protocolVersion: '4.0.0', status: 'ok' })
    const request = Buffer.from(first.payload, 'base64').toString('utf8')
    expect(request).toMatch(/^POST \/wsman HTTP\/1\.1\r\n/)
    expect(request).toContain(`Host: ${GUID}:16992\r\n`)
    expect(request).toContain('Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n')
    expect(request.endsWith('\r\n0\r\n\r\n')).toBe(true)
    const second = Buffer.from(JSON.parse(end.sent[1]!).payload, 'base64').toString('utf8')
    expect(second).toMatch(/Authorization: Digest username="\$\$OsAdmin"/)
  })

  it('tells of its progress when the client understands that', async () => {
    const made = await world({ profiles: { lab: {} } })

    const end = await runRpc({
      routes: made.routes,
      machine: machine(),
      method: 'activate --profile lab',
      payload: { progressSupported: true },
    })

    expect(end.progress[0]).toMatch(/^setup-client: /)
  })

  it('understands a UUID of 16 bytes', async () => {
    const made = await world({ profiles: { lab: {} } })
    const hex = GUID.replaceAll('-', '')
    const bytes = [...Buffer.from(hex, 'hex')]
    const mixed = [
      bytes.slice(0, 4).reverse(),
      bytes.slice(4, 6).reverse(),
      bytes.slice(6, 8).reverse(),
      bytes.slice(8),
    ]

    const end = await runRpc({
      routes: made.routes,
      machine: machine(),
      method: 'activate --profile lab',
      payload: { uuid: mixed.flat() },
    })

    expect(end.end).toBe('success')
    expect(await made.devices.find(made.store, 'default', GUID)).toBeDefined()
  })

  it('works with messages of version 3', async () => {
    const made = await world({ profiles: { lab: {} } })
    const payload = { lmsInstalled: true, friendlyName: 'the one by the door', progressSupported: true }

    const end = await runRpc({ routes: made.routes, machine: machine(), method: 'activate --profile lab', payload })

    expect(end.end).toBe('success')
    expect((await made.devices.get(made.store, 'default', GUID)).friendlyName).toBe('the one by the door')
  })
})

describe('activation in admin control mode', () => {
  it('shows the chain, proves the key, and sets the password of the setup screen', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine()

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(end.status.Status).toBe('Admin control mode.')
    expect(end.status.Components?.Activation?.Mode).toBe('ACM')
    expect(amt.state.controlMode).toBe(2)
    expect(amt.state.counters.activationWrites).toBe(1)
    expect(await inForce(made, amt)).toBe('active')
    const [mebx] = await made.candidates('amt-mebx')
    expect(mebx).toMatchObject({ state: 'active', text: amt.state.mebxPassword })
  })

  it('signs with SHA-384 for firmware and certificates of the newest kind', async () => {
    const strong = makeProvisioningPfx({ suffix: 'example.com', bits: 3072, digest: 'sha384' })
    const made = await world({ profiles: { lab: ADMIN }, pfx: strong })
    const amt = machine({ version: '22.0.1', tlsEnforced: false, trustedRoots: [strong.rootSha384] })

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.controlMode).toBe(2)
  })

  it('finds the root among hashes of SHA-1', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine({ trustedRoots: [provisioning().rootSha1] })

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
  })

  it('raises a device from client control and leaves its password', async () => {
    const made = await world({ profiles: { ccm: {}, acm: ADMIN } })
    const amt = machine()
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile ccm' })
    const [password] = await made.candidates('amt-admin')

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile acm',
      payload: { password: password!.text },
    })

    expect(end.end, end.text).toBe('success')
    expect(end.status.Status).toBe('Upgraded to admin control mode.')
    expect(amt.state.controlMode).toBe(2)
    expect(amt.faults.seen).not.toContain('AdminSetup IPS_HostBasedSetupService')
    expect(amt.state.adminHash).toBe(hashOf(amt.state.realm, password!.text))
  })

  it('sends AdminSetup once and reads the mode back when the reply is lost', async () => {
    const made = await world({ profiles: { lab: ADMIN }, callMs: 400 })
    const amt = machine()
    amt.faults.hangSecondSetup(true)
    const lost = await messageNumber(made, 'AdminSetup IPS_HostBasedSetupService')
    amt.faults.loseReply(lost)

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.controlMode).toBe(2)
    expect(amt.faults.seen.filter(each => each.startsWith('AdminSetup'))).toHaveLength(1)
    expect(await inForce(made, amt)).toBe('active')
  })

  it('reports the refusal of the firmware and leaves it as it was', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine({ dnsSuffix: 'elsewhere.net' })

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { fqdn: 'example.com' },
    })

    expect(end.end).toBe('error')
    expect(end.status.Status).toBe('Failed to activate in admin control mode.')
    expect(amt.state.controlMode).toBe(0)
    expect(await made.devices.find(made.store, 'default', GUID)).toBeUndefined()
  })
})

describe('firmware that speaks TLS only', () => {
  it('is activated through client control, a certificate of ours and another port', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine({ version: '19.0.5' })

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.controlMode).toBe(2)
    expect(amt.state.counters.activationWrites).toBe(2)
    expect(end.portSwitches).toHaveLength(1)
    expect(end.portSwitches[0]).toMatchObject({ port: '16993', delay: 0 })
    expect(end.portSwitches[0]?.rootCert).toContain('BEGIN CERTIFICATE')
    const issued = amt.state.certificates.find(each => each.id === amt.state.tls.certificate)
    expect(issued).toBeDefined()
    const kinds = made.log
      .filter(each => each.message.startsWith('a TLS session'))
      .map(each => (each.fields as any).certificate)
    expect(kinds[0]).toBe('unproven')
    expect(kinds.at(-1)).toBe('own')
  })

  it('can be asked to prove where it was made', async () => {
    const amt = machine({ version: '19.0.5' })
    const good = await world({ profiles: { lab: {} }, config: { onDie: 'require', onDieRoots: [amt.onDieRoot] } })
    const bad = await world({ profiles: { lab: {} }, config: { onDie: 'require', onDieRoots: [] } })

    const refused = await runRpc({ routes: bad.routes, machine: amt, method: 'activate --profile lab' })
    const taken = await runRpc({ routes: good.routes, machine: amt, method: 'activate --profile lab' })

    expect(refused.end).toBe('error')
    expect(taken.end, taken.text).toBe('success')
  })

  it('survives that the reply to CommitChanges is lost', async () => {
    const made = await world({ profiles: { lab: ADMIN }, callMs: 1_000 })
    const amt = machine({ version: '19.0.5' })
    amt.faults.loseCommitReply(true)

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.controlMode).toBe(2)
  })

  it('is taken out of client control again when admin control fails', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine({ version: '19.0.5', dnsSuffix: 'elsewhere.net' })

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { fqdn: 'example.com' },
    })

    expect(end.end).toBe('error')
    expect(end.status.Status).toBe('Failed to upgrade to admin control mode.')
    await vi.waitFor(() => expect(amt.state.controlMode).toBe(0))
    expect(await made.candidates('amt-admin')).toEqual([])
  })

  it('is tunnelled through TLS when the client asks for it', async () => {
    const made = await world({ profiles: { lab: ADMIN } })
    const amt = machine({ version: '16.1.25' })

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { tlsTunnel: true },
    })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.controlMode).toBe(2)
    expect(end.portSwitches).toHaveLength(1)
  })
})

describe('configuration', () => {
  it('sets the tunnel up, and knows the device before the firmware is told to dial', async () => {
    const made = await world({ profiles: { lab: { cira: ciraConfig(), profile: { ciraConfigName: 'cira' } } } })
    const amt = machine()
    const known: unknown[] = []

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      onRequest: async () => {
        if (amt.state.cira.servers.length > 0 || known.length > 0) return
        if ((await made.candidates('amt-cira')).length > 0)
          known.push(await made.devices.find(made.store, 'default', GUID))
      },
    })

    expect(end.end, end.text).toBe('success')
    expect(end.status.CIRAConnection).toBe('Configured')
    expect(end.status.Components?.CIRAConnection).toEqual({ Result: 'Success', Details: 'Configured' })
    expect(known[0]).toMatchObject({ mpsUsername: 'admin' })
    const { servers, rules, detection, userInitiated } = amt.state.cira
    const [password] = await made.candidates('amt-cira')
    expect(servers).toHaveLength(1)
    expect(servers[0]).toMatchObject({
      accessInfo: 'mps.example.com',
      infoFormat: 201,
      port: 4433,
      username: 'admin',
      password: password!.text,
    })
    expect(rules.map(each => [each.name, each.tunnelLifeTime, each.extendedData, each.mpsType])).toEqual([
      ['Periodic', 0, 'AAAAAAAAABk=', 2],
      ['User Initiated', 300, '', 2],
    ])
    expect(userInitiated).toBe(32771)
    expect(detection[0]).toMatch(/^[0-9a-f-]{36}\.com$/)
    expect(amt.state.certificates.filter(each => each.trusted).map(each => each.der)).toEqual([
      ciraConfig().mpsRootCertificate,
    ])
  })

  it('replaces an environment that names the network the device stands in', async () => {
    const made = await world({ profiles: { lab: { cira: ciraConfig(), profile: { ciraConfigName: 'cira' } } } })
    const amt = machine()
    amt.state.cira.detection = ['example.com']

    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(amt.state.cira.detection).not.toContain('example.com')
    expect(amt.state.cira.detection).toHaveLength(1)
  })

  it('removes what another server left behind', async () => {
    const made = await world({ profiles: { lab: { cira: ciraConfig(), profile: { ciraConfigName: 'cira' } } } })
    const amt = machine()
    amt.state.cira.servers.push({
      name: 'Intel(r) AMT:Management Presence Server 0',
      accessInfo: 'old.example.net',
      infoFormat: 201,
      port: 4433,
      authMethod: 2,
      username: 'old',
      password: 'Old-password1',
      commonName: '',
    })
    amt.state.cira.rules.push({
      name: 'Alert',
      trigger: 1,
      tunnelLifeTime: 0,
      extendedData: '',
      servers: ['Intel(r) AMT:Management Presence Server 0'],
      mpsType: 0,
    })
    amt.state.certificates.push({
      id: 'Intel(r) AMT Certificate: Handle: 77',
      der: provisioning().chain[0]!,
      trusted: true,
    })

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.cira.servers.map(each => each.accessInfo)).toEqual(['mps.example.com'])
    expect(amt.state.cira.rules.map(each => each.name).sort()).toEqual(['Periodic', 'User Initiated'])
    expect(amt.state.certificates).toHaveLength(1)
  })

  it.each([
    [1, { enabled: true, mutual: false, acceptNonSecure: false }],
    [2, { enabled: true, mutual: false, acceptNonSecure: true }],
    [3, { enabled: true, mutual: true, acceptNonSecure: false }],
    [4, { enabled: true, mutual: true, acceptNonSecure: true }],
  ] as const)('serves TLS as mode %i says', async (tlsMode, remote) => {
    const made = await world({ profiles: { lab: { profile: { tlsMode } } } })
    const amt = machine()

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(end.status.TLSConfiguration).toBe('Configured')
    expect(amt.state.tls.settings[0]).toMatchObject(remote)
    expect(amt.state.tls.settings[1].enabled).toBe(true)
    expect(amt.state.tls.pending).toBeUndefined()
  })

  it('adds Wi-Fi profiles and proxies, and reports the one that fails beside the others', async () => {
    const wifi = (profileName: string, priority: number, passphrase: string) => ({
      profileName,
      authenticationMethod: 6 as const,
      encryptionMethod: 4 as const,
      ssid: `<${profileName}> & more`,
      linkPolicy: [],
      ieee8021xProfileName: null,
      priority,
      passphrase: Secret.of(passphrase),
      ieee8021x: undefined,
    })
    const proxy = {
      name: 'p',
      address: 'proxy.example.com',
      infoFormat: 201 as const,
      port: 3128,
      networkDnsSuffix: 'example.com',
      priority: 1,
    }
    const made = await world({
      profiles: {
        lab: {
          wireless: [wifi('good', 1, 'passphrase-1 & <>'), wifi('bad', 2, 'short'), wifi('also', 3, 'passphrase-3')],
          proxies: [proxy],
          profile: { localWifiSyncEnabled: true },
        },
      },
    })
    const amt = machine()

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.wifi.profiles.map(each => [each.name, each.ssid, each.passphrase])).toEqual([
      ['good', '<good> & more', 'passphrase-1 & <>'],
      ['also', '<also> & more', 'passphrase-3'],
    ])
    expect(amt.state.wifi.portState).toBe(32769)
    expect(amt.state.proxies).toHaveLength(1)
    expect(end.status.Components?.WirelessNetwork?.Result).toBe('Failure')
    expect(end.status.Components?.CIRAProxy).toEqual({ Result: 'Success', Details: 'Proxy Configured' })
    expect(end.status.Components?.Activation?.Result).toBe('Success')
  })

  it('sets features, and does without KVM where there is none', async () => {
    const made = await world({
      profiles: { lab: { profile: { solEnabled: true, iderEnabled: true, kvmEnabled: true } } },
    })
    const amt = machine({ sku: 'ism' })
    amt.state.features = { redirection: 32768, listener: false, kvm: 3 }

    const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.features).toMatchObject({ redirection: 32771, listener: true })
  })

  it('gives the firmware an address of its own when the profile says so', async () => {
    const made = await world({ profiles: { lab: { profile: { dhcpEnabled: false, ipSyncEnabled: false } } } })
    const amt = machine()

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: {
        ipConfiguration: {
          ipAddress: '10.0.0.9',
          netmask: '255.255.0.0',
          gateway: '10.0.0.1',
          primaryDns: '',
          secondaryDns: '',
        },
      },
    })

    expect(end.end, end.text).toBe('success')
    const written = amt.state.written.AMT_EthernetPortSettings?.['Intel(r) AMT Ethernet Port Settings 0']
    expect(written).toMatchObject({ DHCPEnabled: 'false', IPAddress: '10.0.0.9', SubnetMask: '255.255.0.0' })
  })

  it('sets a clock that is far off', async () => {
    const made = await world({ profiles: { lab: {} } })
    const amt = machine()
    amt.state.clockOffsetMs = -3_600_000

    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    expect(Math.abs(amt.state.clockOffsetMs)).toBeLessThan(3_000)
  })

  it('changes the password when the profile names another one', async () => {
    const made = await world({ profiles: { lab: {} } })
    const amt = machine()
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    const [old] = await made.candidates('amt-admin')
    made.profiles.lab = { amtPassword: Secret.of('Another-Pass1'), profile: { generateRandomPassword: false } }

    const end = await runRpc({
      routes: made.routes,
      machine: amt,
      method: 'activate --profile lab',
      payload: { password: old!.text },
    })

    expect(end.end, end.text).toBe('success')
    expect(amt.state.adminHash).toBe(hashOf(amt.state.realm, 'Another-Pass1'))
    expect((await made.candidates('amt-admin'))[0]).toMatchObject({ state: 'active', text: 'Another-Pass1' })
    expect(made.forgotten).toContain(GUID)
  })
})

describe('without rpc', () => {
  async function reached() {
    const made = await world({
      profiles: { lab: { cira: ciraConfig(), profile: { ciraConfigName: 'cira', kvmEnabled: true } } },
    })
    const amt = machine()
    expect(amt.faults.messages).toBe(0)
    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
    const name = deviceSecret('default', GUID, 'amt-admin')
    const wsman = createWsman({
      guid: GUID,
      exchange: channelExchange({ dial: async port => amt.lms(port), port: 16992, clock: realClock }),
      credentials: async () => ({ username: 'admin', passwords: await made.secrets.candidates(made.store, name) }),
      clock: realClock,
      random: realRandom,
      log: silent,
    })
    const signal = AbortSignal.timeout(20_000)
    return { made, amt, at: { project: 'default', guid: GUID, wsman, signal } }
  }

  it('finds no drift in what was just set up', async () => {
    const { made, at } = await reached()

    expect(await made.activation.provisioner.drift(at)).toEqual([])
  })

  it('finds what was changed behind its back and repairs it', async () => {
    const { made, amt, at } = await reached()
    amt.state.features = { redirection: 32768, listener: false, kvm: 3 }
    amt.state.cira.rules = []
    amt.state.cira.detection = []
    amt.state.clockOffsetMs = 600_000

    const drift = await made.activation.provisioner.drift(at)
    const repaired = await made.activation.provisioner.repair(at)

    expect(drift?.map(each => each.do)).toEqual([
      'set-redirection',
      'set-kvm',
      'set-listener',
      'sync-clock',
      'add-rule',
      'add-rule',
      'set-environment',
    ])
    expect(repaired?.failures).toEqual([])
    expect(await made.activation.provisioner.drift(at)).toEqual([])
    expect(amt.state.cira.rules.map(each => each.mpsType)).toEqual([2, 2])
    expect(amt.state.features).toMatchObject({ redirection: 32770, listener: true, kvm: 2 })
  })

  it('deactivates', async () => {
    const { made, amt, at } = await reached()

    await made.activation.provisioner.unprovision(at)

    await vi.waitFor(() => expect(amt.state.controlMode).toBe(0))
    expect(await made.candidates('amt-admin')).toEqual([])
  })
})

describe('what is written down', () => {
  it('keeps a ledger and events of each step, and no secret in either', async () => {
    const made = await world({ profiles: { lab: { ...ADMIN, cira: ciraConfig() } } })
    const amt = machine()

    await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

    const [row] = await made.store.of<ActivationTables>('default').select('oob_activations').selectAll().execute()
    expect(row).toMatchObject({
      guid: GUID,
      verb: 'activate',
      profile: 'lab',
      mode: 'admin',
      from_mode: 'none',
      outcome: 'succeeded',
      message: 'Admin control mode.',
    })
    const events = await made.kernel.events.since(0, 1_000)
    const steps = events.filter(each => each.type === 'oob.activation').map(each => (each.data as any).step)
    expect(steps).toContain('setup-admin')
    expect(steps).toContain('add-server')
    expect(steps.at(-1)).toBe('end')
    const everything = JSON.stringify([row, events, made.log, await made.kernel.audit.list('project:default', 0, 100)])
    for (const kind of ['amt-admin', 'amt-mebx', 'amt-cira'] as const) {
      const [secret] = await made.candidates(kind)
      expect(secret, kind).toBeDefined()
      expect(everything.includes(secret!.text), kind).toBe(false)
    }
    expect(everything.includes(amt.state.osAdminPassword)).toBe(false)
  })
})

/** At which message something happens, by a rehearsal with a machine of its own. */
async function messageNumber(made: World, what: string): Promise<number> {
  const rehearsal = machine({ uuid: '4c4c4544-005a-3510-8047-b4c04f564400' })
  expect(rehearsal.faults.messages).toBe(0)
  await runRpc({ routes: made.routes, machine: rehearsal, method: 'activate --profile lab' })
  return rehearsal.faults.seen.indexOf(what) + 1
}
