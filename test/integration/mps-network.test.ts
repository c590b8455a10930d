// SPDX-License-Identifier: Apache-2.0
/** Network settings through MPS's interface, against a simulated machine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realRandom } from '../../controller/system/clock.ts'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activeMachine, startMps } from '../support/mps.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
const OTHER = '4c4c4544-004b-4210-8033-b6c04f504634'
let mps: Awaited<ReturnType<typeof startMps>>
let machine: AmtMachine
beforeEach(async () => {
  mps = await startMps()
  machine = activeMachine(GUID)
  await mps.connect(GUID, machine)
})
afterEach(async () => {
  await mps.stop()
  await machine.stop()
})
const get = (path: string, guid = GUID) => mps.call('GET', `/amt/networkSettings${path}/${guid}`)
const send = (method: string, path: string, body: unknown, guid = GUID) =>
  mps.call(method, `/amt/networkSettings${path}/${guid}`, body)

describe('wired', () => {
  const STATIC = {
    dhcpEnabled: false,
    ipAddress: '192.168.1.50',
    subnetMask: '255.255.255.0',
    defaultGateway: '192.168.1.1',
    primaryDNS: '192.168.1.2',
  }

  it('shows both ports, with names for numbers', async () => {
    const { status, body } = await get('')

    expect(status).toBe(200)
    expect(body.wired).toMatchObject({
      instanceID: 'Intel(r) AMT Ethernet Port Settings 0',
      dhcpEnabled: true,
      linkPolicy: ['S0 AC', 'Sx AC'],
      physicalConnectionType: 'Integrated LAN NIC',
      ieee8021x: { enabled: expect.any(String), pxeTimeout: expect.any(Number) },
    })
    expect(body.wireless).toMatchObject({
      physicalConnectionType: 'Wireless LAN',
      wifiNetworks: [],
      ieee8021xSettings: [],
    })
    expect(body.wired).not.toHaveProperty('linkPreference')
    expect((await get('/wired')).body).toEqual(body.wired)
  })

  it('takes a static address and goes back to DHCP', async () => {
    expect((await send('PATCH', '/wired', STATIC)).status).toBe(204)
    expect((await get('/wired')).body).toMatchObject({
      dhcpEnabled: false,
      ipSyncEnabled: false,
      sharedStaticIP: false,
      ipAddress: '192.168.1.50',
      primaryDNS: '192.168.1.2',
    })

    expect((await send('PATCH', '/wired', { dhcpEnabled: true })).status).toBe(204)
    expect((await get('/wired')).body).toMatchObject({ dhcpEnabled: true, ipSyncEnabled: true, sharedStaticIP: false })
  })

  it('shares the address of the operating system', async () => {
    expect((await send('PATCH', '/wired', { dhcpEnabled: false, ipSyncEnabled: true })).status).toBe(204)
    expect((await get('/wired')).body).toMatchObject({ dhcpEnabled: false, ipSyncEnabled: true, sharedStaticIP: true })
  })

  it.each([
    [{ dhcpEnabled: true, ipAddress: '10.0.0.1' }, 'cannot specify static IP settings when DHCP is enabled'],
    [
      { dhcpEnabled: false, ipSyncEnabled: true, ipAddress: '10.0.0.1' },
      'cannot specify static IP settings when IP sync is enabled',
    ],
    [{ dhcpEnabled: false }, 'must enable DHCP, enable IP sync, or provide static IP settings'],
    [{ ...STATIC, defaultGateway: undefined }, 'defaultGateway is required for static IP configuration'],
  ])('refuses %j', async (body, errorDescription) => {
    const reply = await send('PATCH', '/wired', body)

    expect(reply.status).toBe(400)
    expect(reply.body.errorDescription).toBe(errorDescription)
  })

  it('complains of addresses that are none, and does not do 802.1X', async () => {
    const bad = await send('PATCH', '/wired', { dhcpEnabled: 'maybe', ipAddress: '1.2.3' })

    expect(bad.body.errors.map((each: any) => each.msg)).toEqual([
      'dhcpEnabled must be a boolean',
      'ipAddress must be a valid IPv4 address',
    ])
    expect((await send('PATCH', '/wired', { dhcpEnabled: true, ieee8021x: {} })).status).toBe(501)
  })
})

describe('the wireless link', () => {
  const prefer = (body: object, guid = GUID) => mps.call('POST', `/amt/network/linkPreference/${guid}`, body)

  it('goes to the firmware for a while', async () => {
    const { status, body } = await prefer({ linkPreference: 1, timeout: 300 })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'Link Preference set to ME',
      linkPreference: 1,
      timeout: 300,
      instanceID: 'Intel(r) AMT Ethernet Port Settings 1',
      wifiPort: { PhysicalConnectionType: '3' },
    })
    expect(machine.state.wifi.link).toMatchObject({ preference: 1, timeoutSeconds: 300 })
  })

  it('is unknown where there is no radio', async () => {
    const ism = activeMachine(OTHER, { sku: 'ism' })
    await mps.connect(OTHER, ism)

    expect((await prefer({ linkPreference: 2, timeout: 0 }, OTHER)).status).toBe(404)
    expect((await get('/wireless/state', OTHER)).body.error).toBe('Wireless State not found')
    expect((await get('', OTHER)).body.wireless).toBeNull()
    expect((await send('POST', '/wireless/profile', PROFILE, OTHER)).body.error).toBe(
      'No WiFi port found on the device',
    )
    await ism.stop()
  })

  it('complains of a third owner', async () => {
    expect((await prefer({ linkPreference: 3, timeout: -1 })).body.errors.map((each: any) => each.msg)).toEqual([
      'linkPreference must be 1 (ME) or 2 (HOST)',
      'timeout must be a non-negative integer',
    ])
  })
})

describe('the radio', () => {
  it('is switched, whatever the case of the word', async () => {
    expect((await get('/wireless/state')).body).toEqual({ state: 'WifiDisabled' })
    expect((await send('POST', '/wireless/state', { state: 'WIFIENABLEDS0SXAC' })).body).toEqual({
      state: 'WifiEnabledS0SxAC',
    })
    expect(machine.state.wifi.portState).toBe(32_769)
    expect((await send('POST', '/wireless/state', { state: 'half' })).status).toBe(400)
  })

  it('takes over profiles of the operating system', async () => {
    expect((await get('/wireless/profileSync')).body).toEqual({
      localProfileSync: false,
      uefiProfileSync: false,
      uefiProfileSyncSupported: true,
    })

    const { status, body } = await send('POST', '/wireless/profileSync', {
      localProfileSync: true,
      uefiProfileSync: true,
    })

    expect(status).toBe(200)
    expect(body).toEqual({ localProfileSync: true, uefiProfileSync: true, uefiProfileSyncSupported: true })
    expect((await get('/wireless/profileSync')).body).toEqual(body)
    expect((await send('POST', '/wireless/profileSync', { localProfileSync: null })).body).toEqual(body)
  })

  it('refuses to share with a UEFI that cannot', async () => {
    const old = activeMachine(OTHER, { hardware: { recovery: false } })
    await mps.connect(OTHER, old)

    const { status, body } = await send('POST', '/wireless/profileSync', { uefiProfileSync: true }, OTHER)

    expect(status).toBe(409)
    expect(body.error).toBe('UEFI WiFi profile sync is not supported on this device')
    await old.stop()
  })
})

const PROFILE = {
  profileName: 'home',
  ssid: 'Straße & Co <1>',
  priority: 1,
  authenticationMethod: 'WPA2PSK',
  encryptionMethod: 'CCMP',
  password: `p'a<s>&"code`,
}

describe('profiles', () => {
  const add = (more: object = {}) => send('POST', '/wireless/profile', { ...PROFILE, ...more })

  it('adds, lists without secrets, replaces and removes', async () => {
    expect((await add()).status).toBe(204)
    expect(machine.state.wifi.profiles[0]).toMatchObject({ ssid: PROFILE.ssid, passphrase: PROFILE.password })
    const { body, text } = await get('/wireless/profile')
    expect(body).toEqual([
      {
        profileName: 'home',
        ssid: PROFILE.ssid,
        authenticationMethod: 'WPA2PSK',
        encryptionMethod: 'CCMP',
        priority: 1,
      },
    ])
    expect(text).not.toContain('code')

    expect((await send('PATCH', '/wireless/profile', { ...PROFILE, priority: 7, ssid: 'new' })).status).toBe(204)
    expect(machine.state.wifi.profiles).toMatchObject([{ name: 'home', ssid: 'new', priority: 7 }])
    expect((await mps.call('DELETE', `/amt/networkSettings/wireless/profile/${GUID}/home`)).status).toBe(204)
    expect(machine.state.wifi.profiles).toEqual([])
    expect(JSON.stringify(await mps.audit())).not.toContain('code')
  })

  it('takes WPA3, with a passphrase and without', async () => {
    expect((await add({ authenticationMethod: 'WPA3SAE' })).status).toBe(204)
    expect(
      (await add({ profileName: 'open', priority: 2, authenticationMethod: 'WPA3OWE', password: undefined })).status,
    ).toBe(204)

    expect(machine.state.wifi.profiles.map(each => each.authentication)).toEqual([32_768, 32_769])
  })

  it('refuses names and priorities that are taken, a ninth one, and one that is not there', async () => {
    for (let at = 1; at <= 8; at++) await add({ profileName: `p${at}`, priority: at })

    expect(await add({ profileName: 'p1', priority: 9 })).toMatchObject({
      status: 409,
      body: { error: 'Wireless Profile already exists' },
    })
    expect((await add({ priority: 3 })).status).toBe(409)
    expect((await add({ priority: 9 })).body.errorDescription).toContain('Maximum number of wireless profiles')
    expect((await send('PATCH', '/wireless/profile', { ...PROFILE, profileName: 'p1', priority: 2 })).status).toBe(409)
    expect((await send('PATCH', '/wireless/profile', { ...PROFILE, priority: 20 })).body.error).toBe(
      'Wireless Profile not found',
    )
    expect((await mps.call('DELETE', `/amt/networkSettings/wireless/profile/${GUID}/home`)).status).toBe(404)
  })

  it.each([
    [{ profileName: 'a b' }, 'profileName is required and must be alphanumeric'],
    [{ priority: 256 }, 'priority must be between 1 and 255'],
    [{ ssid: '' }, 'ssid is required'],
  ])('complains of %j', async (more, msg) => {
    expect((await add(more)).body.errors[0].msg).toBe(msg)
  })

  it.each([
    [{ authenticationMethod: 'WEP' }, 'authenticationMethod is invalid'],
    [{ encryptionMethod: 'ROT13' }, 'encryptionMethod is invalid'],
    [{ password: undefined }, 'PSK authentication requires a password and must not include ieee8021x settings'],
    [
      { authenticationMethod: 'WPA2IEEE8021x' },
      'IEEE 802.1x authentication requires ieee8021x settings and must not include a password',
    ],
  ])('refuses %j', async (more, errorDescription) => {
    expect((await add(more)).body.errorDescription).toBe(errorDescription)
  })

  it('installs what EAP-TLS needs', async () => {
    const { root } = await createAuthority({ now: Date.now(), random: realRandom })

    const { status } = await add({
      password: undefined,
      authenticationMethod: 'WPA2IEEE8021x',
      ieee8021x: { username: 'till-2', authenticationProtocol: 0, caCert: root.certificate },
    })

    expect(status).toBe(204)
    const [profile] = machine.state.wifi.profiles
    const [certificate] = machine.state.certificates
    expect(certificate).toMatchObject({ trusted: true })
    expect(profile).toMatchObject({
      caCertificate: certificate?.id,
      ieee8021x: { AuthenticationProtocol: '0', Username: 'till-2', ElementName: 'home' },
    })
    expect((await get('/wireless/profile')).body[0].ieee8021x).toEqual({
      username: 'till-2',
      authenticationProtocol: 0,
    })
  })
})
