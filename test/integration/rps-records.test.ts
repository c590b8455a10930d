// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveProfile } from '../../controller/modules/oob/records/resolve.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

let rps: TestRps
beforeEach(async () => {
  rps = await startTestRps()
})
afterEach(() => rps.close())

async function complaints(path: string, body: object, method = 'POST'): Promise<string[]> {
  const answer = await rps.call(method, path, body)
  expect(answer.status).toBe(400)
  return answer.body.errors.map((each: any) => `${each.path}: ${each.msg}`)
}

describe('CIRA configurations', () => {
  const CIRA = {
    configName: 'ciraconfig',
    mpsServerAddress: '192.168.8.50',
    mpsPort: 4433,
    username: 'admin',
    password: 'P@ssw0rd',
    commonName: '192.168.8.50',
    serverAddressFormat: 3,
    authMethod: 2,
    mpsRootCertificate: 'rootcert',
    proxyDetails: '',
  }
  const refused = (change: object) => complaints('/ciraconfigs', { ...CIRA, ...change })
  const secret = { project: 'default', kind: 'cira-password', owner: 'ciraconfig' }

  it('are made, and answered without the password', async () => {
    const { status, body } = await rps.call('POST', '/ciraconfigs', CIRA)

    const { password: _, ...shown } = CIRA
    expect(status).toBe(201)
    expect(body).toEqual({ ...shown, tenantId: '', version: expect.any(String) })
    expect((await rps.secrets.active(rps.kernel.store, secret))?.equals('P@ssw0rd')).toBe(true)
  })

  it.each([1024, 4433, 49151])('take port %i', async mpsPort => {
    expect((await rps.call('POST', '/ciraconfigs', { ...CIRA, mpsPort })).status).toBe(201)
  })

  it.each([443, 1023, 49152, 'wrong', 4433.5])('refuse port %s', async mpsPort => {
    expect(await refused({ mpsPort })).toEqual(['mpsPort: MPS Port value should range between 1024 and 49151'])
  })

  it('complain about each member', async () => {
    expect(await complaints('/ciraconfigs', {})).toEqual([
      'configName: CIRA profile name is required',
      'configName: CIRA profile name accepts letters, numbers, underscore and hyphen only',
      'serverAddressFormat: MPS server address format is required',
      'serverAddressFormat: MPS server address format should be either 3(IPV4) , 4(IPV6) or 201(FQDN)',
      'mpsServerAddress: MPS server address is required',
      'mpsServerAddress: serverAddressFormat is required',
      'mpsPort: MPS port is required',
      'mpsPort: MPS Port value should range between 1024 and 49151',
      'username: MPS user name is required',
      'username: MPS user name should be alphanumeric',
      'username: MPS user name length should be in between 5 to 16',
      'authMethod: Authentication method is required',
      'authMethod: Authentication method should be either 1 (Mutual Auth) or 2 (username and password)',
      'mpsRootCertificate: MPS public root certificate is required',
    ])
  })

  it('want an address of the format they name', async () => {
    expect(await refused({ mpsServerAddress: 'mps.example.com' })).toEqual([
      'mpsServerAddress: serverAddressFormat 3 requires IPV4 server address',
    ])
    expect(await refused({ serverAddressFormat: 4 })).toEqual([
      'mpsServerAddress: serverAddressFormat 4 requires IPV6 server address',
    ])
    expect(await refused({ serverAddressFormat: 201, mpsServerAddress: 'no dots' })).toEqual([
      'mpsServerAddress: serverAddressFormat 201 requires FQDN server address',
    ])
    expect(await refused({ commonName: 'mps.example.com' })).toEqual([
      'commonName: Cert. Hostname(CN) should be an IP address.',
    ])
    expect(await refused({ commonName: undefined })).toEqual([
      'mpsServerAddress: commonName is required when serverAddressFormat is 3',
    ])
  })

  it('take names and IPv6 addresses', async () => {
    const name = {
      configName: 'byname',
      serverAddressFormat: 201,
      mpsServerAddress: 'mps.example.com',
      commonName: 'mps.example.com',
    }
    const six = {
      configName: 'six',
      serverAddressFormat: 4,
      mpsServerAddress: '2001:db8::1',
      commonName: '2001:db8::1',
    }

    expect((await rps.call('POST', '/ciraconfigs', { ...CIRA, ...name })).status).toBe(201)
    expect((await rps.call('POST', '/ciraconfigs', { ...CIRA, ...six })).status).toBe(201)
  })

  it.each(['admin user', 'admin@user'])('refuse the user name %s', async username => {
    expect(await refused({ username })).toEqual(['username: MPS user name should be alphanumeric'])
  })

  it('refuse a second of the name', async () => {
    await rps.call('POST', '/ciraconfigs', CIRA)

    expect(await rps.call('POST', '/ciraconfigs', { ...CIRA, configName: 'CiraConfig' })).toMatchObject({
      status: 400,
      body: { error: 'Unique key violation', message: 'CIRA Config CiraConfig already exists.' },
    })
  })

  it('are changed in part; a new password is drawn for each device when asked for', async () => {
    const made = await rps.call('POST', '/ciraconfigs', CIRA)

    const changed = await rps.call('PATCH', '/ciraconfigs', {
      configName: 'ciraconfig',
      username: 'mpsuser',
      version: made.body.version,
    })
    const kept = await rps.secrets.active(rps.kernel.store, secret)
    const regenerated = await rps.call('PATCH', '/ciraconfigs', {
      configName: 'ciraconfig',
      regeneratePassword: true,
      version: changed.body.version,
    })

    expect(changed).toMatchObject({ status: 200, body: { username: 'mpsuser', mpsPort: 4433 } })
    expect(kept?.equals('P@ssw0rd')).toBe(true)
    expect(regenerated.status).toBe(200)
    expect(await rps.secrets.active(rps.kernel.store, secret)).toBeUndefined()
  })

  it('want address, format and name changed together', async () => {
    const version = (await rps.call('POST', '/ciraconfigs', CIRA)).body.version
    const refusedChange = (change: object) =>
      complaints('/ciraconfigs', { configName: 'ciraconfig', version, ...change }, 'PATCH')

    expect(await refusedChange({ serverAddressFormat: 3 })).toEqual([
      'serverAddressFormat: Server address is required to update',
    ])
    expect(await refusedChange({ mpsServerAddress: '10.0.0.1' })).toEqual([
      'mpsServerAddress: serverAddressFormat is required',
    ])
    expect(await refusedChange({ commonName: '10.0.0.1' })).toEqual([
      'commonName: serverAddressFormat and mpsServerAddress is required',
    ])
  })

  it('say so when there is none of the name', async () => {
    const body = { error: 'Not Found', message: 'CIRA profile none Not Found' }

    expect(await rps.call('GET', '/ciraconfigs/none')).toMatchObject({ status: 404, body })
    expect(await rps.call('DELETE', '/ciraconfigs/none')).toMatchObject({ status: 404, body })
    expect(await rps.call('PATCH', '/ciraconfigs', { configName: 'none', version: '1' })).toMatchObject({
      status: 404,
      body,
    })
  })
})

describe('wireless profiles', () => {
  const HOME = {
    profileName: 'home',
    authenticationMethod: 6,
    encryptionMethod: 4,
    ssid: 'Home & "Office"',
    pskPassphrase: 'P@ssw0rd',
    linkPolicy: [14, 16],
  }
  const refused = (change: object) => complaints('/wirelessconfigs/', { ...HOME, ...change })

  it('are made, and answered without the passphrase', async () => {
    const { status, body } = await rps.call('POST', '/wirelessconfigs/', HOME)

    const { pskPassphrase: _, ...shown } = HOME
    expect(status).toBe(201)
    expect(body).toEqual({
      ...shown,
      pskValue: null,
      ieee8021xProfileName: null,
      ieee8021xProfile: null,
      tenantId: '',
      version: expect.any(String),
    })
  })

  it('complain about each member', async () => {
    expect(await complaints('/wirelessconfigs', { authenticationMethod: 4 })).toEqual([
      'profileName: Wireless profile name is required',
      'profileName: Wireless profile name should be alphanumeric',
      'encryptionMethod: Encryption method is required',
      'encryptionMethod: Encryption method must be one of 3:TKIP, 4:CCMP',
      'ssid: SSID is required',
      'pskPassphrase: PSK Passphrase length should be greater than or equal to 8 and less than or equal to 63',
    ])
    expect(await refused({ authenticationMethod: 9 })).toEqual([
      'authenticationMethod: Authentication method must be one of 4:WPA PSK, 5:WPA IEEE 802.1x, 6:WPA2 PSK, 7:WPA2 IEEE 802.1x',
    ])
    expect(await refused({ profileName: 'a'.repeat(33) })).toEqual([
      'profileName: Wireless profile name maximum length is 32',
    ])
    expect(await refused({ ssid: 'a'.repeat(33) })).toEqual(['ssid: Maximum length is 32'])
    expect(await refused({ linkPolicy: 14 })).toEqual(['linkPolicy: LinkPolicy should be an array of integers'])
    expect(await refused({ linkPolicy: ['a'] })).toEqual(['linkPolicy: Array does not contain integers'])
    expect(await refused({ linkPolicy: [2] })).toEqual([
      'linkPolicy: Array values should be either 1: available on S0 AC, 14: available on Sx AC, 16: available on S0 DC, 224: available on Sx DC',
    ])
  })

  it('name an 802.1x configuration of the wireless sort exactly when their method needs one', async () => {
    await rps.call('POST', '/ieee8021xconfigs', {
      profileName: 'wired',
      authenticationProtocol: 0,
      pxeTimeout: 120,
      wiredInterface: true,
    })
    await rps.call('POST', '/ieee8021xconfigs', {
      profileName: 'air',
      authenticationProtocol: 2,
      wiredInterface: false,
    })
    const enterprise = { authenticationMethod: 5 }

    expect(await refused(enterprise)).toEqual(['ieee8021xProfileName: ieee8021xProfileName is required'])
    expect(await refused({ ieee8021xProfileName: 'errant' })).toEqual([
      'ieee8021xProfileName: ieee8021xProfileName can not be specified with the provided authenticationMethod',
      'ieee8021xProfileName: Ieee8021x profile errant does not exist in db',
    ])
    expect(await refused({ ...enterprise, ieee8021xProfileName: 'wired' })).toEqual([
      'ieee8021xProfileName: Ieee8021x profile wired is for wired interfaces',
    ])
    const made = await rps.call('POST', '/wirelessconfigs', { ...HOME, ...enterprise, ieee8021xProfileName: 'air' })
    expect(made).toMatchObject({ status: 201, body: { ieee8021xProfileName: 'air' } })
    expect(await rps.call('DELETE', '/ieee8021xconfigs/air')).toMatchObject({
      status: 400,
      body: { error: 'Error', message: '802.1x config: air is associated with a wireless profile.' },
    })
  })

  it('want a version to be changed, and keep the passphrase that is not given again', async () => {
    const made = await rps.call('POST', '/wirelessconfigs', HOME)
    const { pskPassphrase: _, ...without } = HOME

    expect(await complaints('/wirelessconfigs', HOME, 'PATCH')).toEqual([
      'version: Version is required to patch/update a record.',
    ])
    const changed = await rps.call('PATCH', '/wirelessconfigs', { ...without, ssid: 'new', version: made.body.version })
    expect(changed).toMatchObject({ status: 200, body: { ssid: 'new' } })
    const kept = await rps.secrets.active(rps.kernel.store, { project: 'default', kind: 'wireless-psk', owner: 'home' })
    expect(kept?.equals('P@ssw0rd')).toBe(true)
  })

  it('stay while a profile names them, and come with their secrets, most wanted first', async () => {
    await rps.call('POST', '/wirelessconfigs', HOME)
    await rps.call('POST', '/wirelessconfigs', { ...HOME, profileName: 'office', pskPassphrase: 'An0ther!' })
    await rps.call('POST', '/profiles', {
      profileName: 'p',
      activation: 'ccmactivate',
      generateRandomPassword: true,
      dhcpEnabled: true,
      wifiConfigs: [
        { priority: 2, profileName: 'home' },
        { priority: 1, profileName: 'office' },
      ],
    })

    expect(await rps.call('DELETE', '/wirelessconfigs/Home')).toMatchObject({
      status: 400,
      body: { error: 'Foreign key violation', message: 'Wireless profile: Home is associated with an AMT Profile.' },
    })
    const resolved = await resolveProfile(rps.kernel.store, rps.secrets, { project: 'default', name: 'P' })
    expect(resolved?.wireless.map(each => [each.profileName, each.passphrase?.equals('An0ther!')])).toEqual([
      ['office', true],
      ['home', false],
    ])
  })

  it('are refused a second time', async () => {
    await rps.call('POST', '/wirelessconfigs', HOME)

    expect((await rps.call('POST', '/wirelessconfigs', HOME)).body).toEqual({
      error: 'Unique key violation',
      message: 'Wireless profile home already exists',
    })
  })
})

describe('802.1x configurations', () => {
  const WIRED = { profileName: 'wired', authenticationProtocol: 0, pxeTimeout: 120, wiredInterface: true }
  const refused = (change: object) => complaints('/ieee8021xconfigs', { ...WIRED, ...change })

  it('are made, also from the list of one that the published schema says', async () => {
    expect(await rps.call('POST', '/ieee8021xconfigs/', WIRED)).toMatchObject({
      status: 201,
      body: { ...WIRED, tenantId: '', version: expect.any(String) },
    })
    const listed = { ...WIRED, profileName: 'air', wiredInterface: false, authenticationProtocol: [2] }
    expect((await rps.call('POST', '/ieee8021xconfigs/', listed)).body.authenticationProtocol).toBe(2)
  })

  it('complain about each member', async () => {
    expect(await complaints('/ieee8021xconfigs', {})).toEqual([
      'profileName: 802.1x profile name is required',
      'profileName: 802.1x profile name should be alphanumeric',
      'wiredInterface: Wired interface flag is required',
      'authenticationProtocol: Authentication protocol is required',
      'authenticationProtocol: Authentication protocol must be one of 0:EAP-TLS, 2:PEAPv0/EAP-MSCHAPv2',
    ])
    expect(await refused({ authenticationProtocol: 1 })).toEqual([
      'authenticationProtocol: Authentication protocol must be one of 0:EAP-TLS, 3:PEAPv1/EAP-GTC, 5:EAP-FAST/GTC, 10:EAP-FAST/TLS, 2:PEAPv0/EAP-MSCHAPv2',
    ])
    expect(await refused({ pxeTimeout: 86_401 })).toEqual(['pxeTimeout: PXE Timeout value should be 0 - 86400'])
    expect(await refused({ pxeTimeout: '120' })).toEqual(['pxeTimeout: PXE Timeout must be number'])
    expect(await refused({ pxeTimeout: undefined })).toEqual([
      'pxeTimeout: PXE Timeout is required',
      'pxeTimeout: PXE Timeout must be number',
    ])
  })

  it('stay while a profile names them', async () => {
    await rps.call('POST', '/ieee8021xconfigs', WIRED)
    await rps.call('POST', '/profiles', {
      profileName: 'p',
      activation: 'ccmactivate',
      generateRandomPassword: true,
      dhcpEnabled: true,
      ieee8021xProfileName: 'wired',
    })

    expect((await rps.call('DELETE', '/ieee8021xconfigs/wired')).body).toEqual({
      error: 'Error',
      message: '802.1x config: wired is associated with an AMT Profile.',
    })
  })

  it('are told apart by their names', async () => {
    await rps.call('POST', '/ieee8021xconfigs', WIRED)

    expect((await rps.call('POST', '/ieee8021xconfigs', WIRED)).body).toEqual({
      error: 'Unique key violation',
      message: '802.1x config: wired already exists',
    })
    expect((await rps.call('GET', '/ieee8021xconfigs/none')).body.message).toBe('802.1x profile none Not Found')
  })
})

describe('proxy configurations', () => {
  const PROXY = { name: 'proxy1', address: 'www.vprodemo.com', port: 900, networkDnsSuffix: 'intel.com' }

  it('find the format of their address themselves', async () => {
    const made = async (name: string, address: string) =>
      (await rps.call('POST', '/proxyconfigs/', { ...PROXY, name, address })).body

    expect(await made('one', 'www.vprodemo.com')).toEqual({
      ...PROXY,
      name: 'one',
      proxyName: 'one',
      infoFormat: 201,
      tenantId: '',
      version: expect.any(String),
    })
    expect((await made('two', '192.168.9.58')).infoFormat).toBe(3)
    expect((await made('three', '2001:db8::1')).infoFormat).toBe(4)
  })

  it('take the older form, where the name is proxyName and the format is given', async () => {
    const older = {
      proxyName: 'proxy1',
      infoFormat: 201,
      address: 'www.vprodemo.com',
      port: 900,
      networkDnsSuffix: 'intel.com',
    }

    const made = await rps.call('POST', '/proxyconfigs/', older)
    const changed = await rps.call('PATCH', '/proxyconfigs', { ...older, address: 'www.vprotest.com' })

    expect(made.status).toBe(201)
    expect(changed).toMatchObject({
      status: 200,
      body: { proxyName: 'proxy1', name: 'proxy1', address: 'www.vprotest.com' },
    })
    expect(await complaints('/proxyconfigs', { ...older, proxyName: '' })).toEqual([
      'proxyName: Proxy profile name is required',
      'proxyName: Proxy profile name should be alphanumeric',
    ])
    expect(await complaints('/proxyconfigs', { ...older, infoFormat: 5 })).toEqual([
      'infoFormat: Server address format should be either 3(IPV4), 4(IPV6) or 201(FQDN)',
    ])
    expect(await complaints('/proxyconfigs', { ...older, infoFormat: 3 })).toEqual([
      'address: infoFormat 3 requires IPV4 server address',
    ])
  })

  it('complain about each member', async () => {
    expect(await complaints('/proxyconfigs', {})).toEqual([
      'name: Proxy profile name is required',
      'name: Proxy profile name should be alphanumeric',
      'address: Server address is required',
      'address: Server address must be a valid IPv4, IPv6, or FQDN',
      'port: Port value should range between 1 and 65535',
      'networkDnsSuffix: Domain name of the network is required',
      'networkDnsSuffix: Domain name of the network should contain alphanumeric and hyphens in the middle',
    ])
    expect(await complaints('/proxyconfigs', { ...PROXY, port: 65_536, networkDnsSuffix: '-intel.com' })).toEqual([
      'port: Port value should range between 1 and 65535',
      'networkDnsSuffix: Domain name of the network should contain alphanumeric and hyphens in the middle',
    ])
  })

  it('are told apart by name, and by address and port', async () => {
    await rps.call('POST', '/proxyconfigs', PROXY)

    expect((await rps.call('POST', '/proxyconfigs', { ...PROXY, address: '10.0.0.1' })).body).toEqual({
      error: 'Unique key violation',
      message: 'Proxy profile proxy1 already exists',
    })
    expect((await rps.call('POST', '/proxyconfigs', { ...PROXY, name: 'proxy2' })).body).toEqual({
      error: 'Unique key violation',
      message: 'Proxy profile proxy2 already exists',
    })
  })

  it('stay while a profile names them', async () => {
    await rps.call('POST', '/proxyconfigs', PROXY)
    const profile = { profileName: 'p', activation: 'ccmactivate', generateRandomPassword: true, dhcpEnabled: true }
    await rps.call('POST', '/profiles', { ...profile, proxyConfigs: [{ priority: 1, name: 'proxy1' }] })

    expect((await rps.call('DELETE', '/proxyconfigs/proxy1')).body).toEqual({
      error: 'Foreign key violation',
      message: 'Proxy profile: proxy1 is associated with an AMT Profile.',
    })
    expect((await rps.call('GET', '/proxyconfigs/none')).body.message).toBe('Proxy profile none Not Found')
  })
})
