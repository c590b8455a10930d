// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveProfile } from '../../controller/modules/oob/records/resolve.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

let rps: TestRps
beforeEach(async () => {
  rps = await startTestRps()
})
afterEach(() => rps.close())

const CIRA = {
  configName: 'ciraconfig',
  mpsServerAddress: '192.168.8.50',
  mpsPort: 4433,
  username: 'admin',
  commonName: '192.168.8.50',
  serverAddressFormat: 3,
  authMethod: 2,
  mpsRootCertificate: 'rootcert',
  proxyDetails: '',
}
const PROFILE = {
  profileName: 'profile6',
  activation: 'ccmactivate',
  amtPassword: 'Intel123!',
  generateRandomPassword: false,
  generateRandomMEBxPassword: false,
  tags: ['tag1'],
  dhcpEnabled: true,
}
const PASSWORD_RULE =
  'password is required field should contains at least one lowercase letter, one uppercase letter, one numeric digit,and one special character and password length should be in between 8 to 32.'

const posting = (body: object) => rps.call('POST', '/profiles/', body)
const complaints = async (change: object): Promise<[string, string][]> => {
  const { status, body } = await posting({ ...PROFILE, ...change })
  expect(status).toBe(400)
  return body.errors.map(({ path, msg }: any) => [path, msg])
}

describe('making a profile', () => {
  it('answers with everything but secrets, defaults filled in', async () => {
    const { status, body, headers } = await posting(PROFILE)

    expect(status).toBe(201)
    expect(body).toEqual({
      profileName: 'profile6',
      activation: 'ccmactivate',
      ciraConfigName: null,
      generateRandomPassword: false,
      generateRandomMEBxPassword: false,
      tags: ['tag1'],
      dhcpEnabled: true,
      tlsMode: null,
      userConsent: 'All',
      iderEnabled: false,
      kvmEnabled: true,
      solEnabled: false,
      tlsSigningAuthority: null,
      ieee8021xProfileName: null,
      wifiConfigs: [],
      ipSyncEnabled: false,
      localWifiSyncEnabled: false,
      uefiWifiSyncEnabled: false,
      proxyConfigs: [],
      ieee8021xProfile: null,
      tenantId: '',
      version: expect.stringMatching(/^\d+$/),
    })
    expect(headers.etag).toBe(body.version)
  })

  it('asks for consent to KVM in admin control mode unless told otherwise', async () => {
    const acm = { ...PROFILE, activation: 'acmactivate', mebxPassword: 'Intel123!' }

    expect((await posting(acm)).body.userConsent).toBe('KVM')
    expect((await posting({ ...acm, profileName: 'other', userConsent: 'None' })).body.userConsent).toBe('None')
  })

  it('signs TLS itself unless told otherwise, and forgets the authority without TLS', async () => {
    expect((await posting({ ...PROFILE, tlsMode: 2 })).body).toMatchObject({
      tlsMode: 2,
      tlsSigningAuthority: 'SelfSigned',
    })
    expect(
      (await posting({ ...PROFILE, profileName: 'plain', tlsSigningAuthority: 'MicrosoftCA' })).body,
    ).toMatchObject({
      tlsMode: null,
      tlsSigningAuthority: null,
    })
  })

  it('lists every complaint in order', async () => {
    const { status, body } = await posting({})

    expect(status).toBe(400)
    expect(body.errors.map(({ path, msg }: any) => `${path}: ${msg}`)).toEqual([
      'profileName: AMT profile name is required',
      'profileName: AMT profile name accepts letters, numbers, special characters and no spaces',
      'activation: Activation is required',
      'activation: Activation accepts either acmactivate (admin control activation) or ccmactivate (client control mode activation)',
      'activation: Either generateRandomPassword should be enabled or provide amtPassword',
      'generateRandomPassword: If generate random AMT password is disabled, amtPassword is mandatory',
      'dhcpEnabled: Invalid value',
      'dhcpEnabled: DHCP enabled must be a boolean',
    ])
    expect(body.errors[0]).toEqual({
      type: 'field',
      msg: 'AMT profile name is required',
      path: 'profileName',
      location: 'body',
    })
  })

  it('wants a name without spaces', async () => {
    expect(await complaints({ profileName: 'with space' })).toEqual([
      ['profileName', 'AMT profile name accepts letters, numbers, special characters and no spaces'],
    ])
  })

  it('wants a password or leave to draw one, not both', async () => {
    expect(await complaints({ generateRandomPassword: true })).toEqual([
      [
        'generateRandomPassword',
        'Either generate Random AMT Password should be enabled or should provide AMT Password but not both',
      ],
    ])
    expect(await complaints({ amtPassword: undefined })).toEqual([
      ['activation', 'Either generateRandomPassword should be enabled or provide amtPassword'],
      ['generateRandomPassword', 'If generate random AMT password is disabled, amtPassword is mandatory'],
    ])
  })

  it.each(['Intel123', 'intel123!', 'INTEL123!', 'Intelabc!', 'In1!', 'I1!aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'])(
    'refuses the password %s and does not repeat it',
    async amtPassword => {
      const { body } = await posting({ ...PROFILE, amtPassword })

      expect(body.errors).toEqual([
        { type: 'field', msg: `AMT ${PASSWORD_RULE}`, path: 'amtPassword', location: 'body' },
      ])
    },
  )

  it('wants a password for the MEBx in admin control mode, or leave to draw one', async () => {
    const acm = { activation: 'acmactivate' }

    expect(await complaints(acm)).toEqual([
      ['activation', 'MEBx Password is required for acmactivate'],
      ['generateRandomMEBxPassword', 'If generate random MEBx password is disabled, mebxPassword is mandatory'],
    ])
    expect(await complaints({ ...acm, mebxPassword: 'Intel123!', generateRandomMEBxPassword: true })).toEqual([
      [
        'generateRandomMEBxPassword',
        'Either generate MEBx password should be enabled or should provide MEBx password, but not both',
      ],
    ])
    expect(await complaints({ ...acm, mebxPassword: 'weak' })).toEqual([['mebxPassword', `MEBx ${PASSWORD_RULE}`]])
  })

  it('connects by CIRA or by TLS, not both', async () => {
    expect(await complaints({ ciraConfigName: 'ciraconfig', tlsMode: 1 })).toEqual([
      ['ciraConfigName', 'CIRA cannot be configured if TLS is enabled'],
    ])
    expect(await complaints({ tlsMode: 'invalid' })).toEqual([
      [
        'tlsMode',
        'tlsMode must be set to one of these values: 1 (Server Authentication Only), 2 (Server and Non-TLS Authentication), 3 (Mutual TLS only), 4 (Mutual and Non-TLS authentication)',
      ],
    ])
    expect(await complaints({ tlsMode: 1, tlsSigningAuthority: 'Other' })).toEqual([
      ['tlsSigningAuthority', 'TLS Signing Authority must be one of SelfSigned,MicrosoftCA'],
    ])
  })

  it('asks for consent to everything in client control mode', async () => {
    expect(await complaints({ userConsent: 'None' })).toEqual([
      ['userConsent', 'User consent is required for all the actions in client control mode'],
    ])
    expect(
      await complaints({ userConsent: 'BadValue', iderEnabled: 'foo', kvmEnabled: 'foo', solEnabled: 'foo' }),
    ).toEqual([
      ['userConsent', 'User consent must be one of None,All,KVM'],
      ['userConsent', 'User consent is required for all the actions in client control mode'],
      ['iderEnabled', 'IDER enabled must be a boolean'],
      ['kvmEnabled', 'KVM enabled must be a boolean'],
      ['solEnabled', 'Serial Over Lan (sol) enabled must be a boolean'],
    ])
  })

  it('takes Wi-Fi with DHCP only, eight at most, each with its own priority', async () => {
    const wifi = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ priority: index + 1, profileName: `w${index}` }))

    expect(await complaints({ dhcpEnabled: false, wifiConfigs: wifi(1) })).toEqual([
      ['wifiConfigs', 'Wifi supports only DHCP in AMT'],
    ])
    expect(await complaints({ wifiConfigs: wifi(9) })).toEqual([
      ['wifiConfigs', 'A maximum of 8 wifi profiles can be stored at a time.'],
    ])
    expect(await complaints({ wifiConfigs: [{ priority: 256, profileName: 'w' }] })).toEqual([
      ['wifiConfigs', 'wifi config priority should be an integer and between 1 and 255'],
    ])
    expect(
      await complaints({
        wifiConfigs: [
          { priority: 1, profileName: 'a' },
          { priority: 1, profileName: 'b' },
        ],
      }),
    ).toEqual([['wifiConfigs', 'wifi config priorities should be unique']])
    expect(await complaints({ wifiConfigs: wifi(2) })).toEqual([
      ['wifiConfigs', 'wifi configs w0,w1 does not exists in db'],
    ])
  })

  it('takes fifteen proxies at most, each there and with its own priority', async () => {
    const proxies = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ priority: index + 1, name: `p${index}` }))

    expect(await complaints({ proxyConfigs: proxies(16) })).toEqual([
      ['proxyConfigs', 'A maximum of 15 proxy profiles can be stored at a time.'],
    ])
    expect(await complaints({ proxyConfigs: proxies(1) })).toEqual([
      ['proxyConfigs', 'proxy configs p0 does not exists in db'],
    ])
  })

  it('wants the wired sort of 802.1x', async () => {
    await rps.call('POST', '/ieee8021xconfigs', {
      profileName: 'air',
      authenticationProtocol: 0,
      wiredInterface: false,
    })

    expect(await complaints({ ieee8021xProfileName: 'air' })).toEqual([
      ['ieee8021xProfileName', 'Ieee8021x profile air is for wireless interfaces'],
    ])
    expect(await complaints({ ieee8021xProfileName: 'none' })).toEqual([
      ['ieee8021xProfileName', 'Ieee8021x profile none does not exist in db'],
    ])
  })

  it('refuses a name that is taken, in any case', async () => {
    await posting(PROFILE)

    const again = await posting({ ...PROFILE, profileName: 'PROFILE6' })

    expect(again.status).toBe(400)
    expect(again.body).toEqual({ error: 'Unique key violation', message: 'AMT profile PROFILE6 already exists' })
  })

  it('refuses a CIRA configuration that is not there', async () => {
    const { status, body } = await posting({ ...PROFILE, ciraConfigName: 'nociraconfig' })

    expect(status).toBe(400)
    expect(body.error).toContain('Foreign key constraint violation')
    expect(body.message).toBe("Referenced constraint nociraconfig doesn't exist")
  })

  it('takes CIRA with a static address', async () => {
    await rps.call('POST', '/ciraconfigs', CIRA)

    const made = await posting({ ...PROFILE, dhcpEnabled: false, ciraConfigName: 'ciraconfig' })

    expect(made).toMatchObject({ status: 201, body: { ciraConfigName: 'ciraconfig', dhcpEnabled: false } })
  })
})

describe('changing a profile', () => {
  const made = async (change: object = {}): Promise<string> => (await posting({ ...PROFILE, ...change })).body.version
  const patching = (body: object, headers = {}) =>
    rps.call('PATCH', '/profiles/', { profileName: 'profile6', ...body }, headers)

  it('keeps a password that is not given again', async () => {
    const version = await made()

    const changed = await patching({ activation: 'ccmactivate', generateRandomPassword: false, tags: ['b'], version })

    expect(changed).toMatchObject({ status: 200, body: { tags: ['b'], generateRandomPassword: false } })
    const resolved = await resolveProfile(rps.kernel.store, rps.secrets, { project: 'default', name: 'Profile6' })
    expect(resolved?.amtPassword?.equals('Intel123!')).toBe(true)
  })

  it('draws passwords from then on when told to, and forgets the old one', async () => {
    const version = await made()

    const changed = await patching({ activation: 'ccmactivate', generateRandomPassword: true, version })

    expect(changed.body.generateRandomPassword).toBe(true)
    const back = await patching({
      activation: 'ccmactivate',
      generateRandomPassword: false,
      version: changed.body.version,
    })
    expect(back.body.errors[0].msg).toBe('Either generateRandomPassword should be enabled or provide amtPassword')
  })

  it('goes to admin control mode only with a password for the MEBx', async () => {
    const version = await made()

    const refused = await patching({ activation: 'acmactivate', generateRandomMEBxPassword: false, version })
    const changed = await patching({ activation: 'acmactivate', mebxPassword: 'Intel123!', version })

    expect(refused.body.errors[0]).toMatchObject({
      path: 'activation',
      msg: 'MEBx Password is required for acmactivate',
    })
    expect(changed.status).toBe(200)
    const again = await patching({ activation: 'acmactivate', version: changed.body.version })
    expect(again.status).toBe(200)
  })

  it('asks for consent to everything again when it goes back to client control mode', async () => {
    const version = await made({ activation: 'acmactivate', mebxPassword: 'Intel123!', userConsent: 'None' })

    const changed = await patching({ activation: 'ccmactivate', version })

    expect(changed.body).toMatchObject({ userConsent: 'All', generateRandomMEBxPassword: false })
  })

  it('moves from CIRA to TLS and back', async () => {
    await rps.call('POST', '/ciraconfigs', CIRA)
    const version = await made({ ciraConfigName: 'ciraconfig' })

    const tls = await patching({ activation: 'ccmactivate', ciraConfigName: null, tlsMode: 2, version })
    const cira = await patching({
      activation: 'ccmactivate',
      ciraConfigName: 'ciraconfig',
      tlsMode: null,
      version: tls.body.version,
    })

    expect(tls.body).toMatchObject({ ciraConfigName: null, tlsMode: 2 })
    expect(cira.body).toMatchObject({ ciraConfigName: 'ciraconfig', tlsMode: null })
  })

  it('refuses a reference that is not there', async () => {
    const version = await made()

    const changed = await patching({ activation: 'ccmactivate', ciraConfigName: 'gone', version })

    expect(changed.status).toBe(400)
    expect(changed.body).toEqual({
      error: 'Foreign key constraint violation',
      message: "Referenced config gone doesn't exist",
    })
  })

  it('takes the version as a number too', async () => {
    const version = Number(await made())

    expect((await patching({ activation: 'ccmactivate', version })).status).toBe(200)
  })

  it('answers 409 to a stale body and 412 to a stale header, with the profile as it is', async () => {
    const version = await made()

    const byBody = await patching({ activation: 'ccmactivate', version: '123' })
    const byHeader = await patching({ activation: 'ccmactivate', version }, { 'if-match': '123' })
    const without = await patching({ activation: 'ccmactivate' })

    expect(byBody).toMatchObject({
      status: 409,
      body: { profileName: 'profile6', version },
      headers: { etag: version },
    })
    expect(byHeader).toMatchObject({
      status: 412,
      body: { profileName: 'profile6', version },
      headers: { etag: version },
    })
    expect(without).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'version', msg: 'Version is required to patch/update a record.' }] },
    })
  })

  it('lets the header decide, quoted or not', async () => {
    const version = await made()

    const changed = await patching({ activation: 'ccmactivate', version: '123' }, { 'if-match': `"${version}"` })

    expect(changed.status).toBe(200)
    expect(changed.headers.etag).toBe(changed.body.version)
    expect(changed.body.version).not.toBe(version)
  })

  it('keeps the spelling of the name it was made with', async () => {
    const version = await made()

    const changed = await rps.call('PATCH', '/profiles', {
      profileName: 'PROFILE6',
      activation: 'ccmactivate',
      version,
    })

    expect(changed.body.profileName).toBe('profile6')
  })

  it('says so when there is none', async () => {
    const { status, body } = await patching({ activation: 'ccmactivate', generateRandomPassword: true, version: '1' })

    expect(status).toBe(404)
    expect(body).toEqual({ error: 'Not Found', message: 'AMT profile profile6 Not Found' })
  })
})

describe('removing a profile', () => {
  it('removes it with its secrets, and frees what it named', async () => {
    await rps.call('POST', '/ciraconfigs', CIRA)
    await posting({ ...PROFILE, ciraConfigName: 'ciraconfig' })

    const inUse = await rps.call('DELETE', '/ciraconfigs/ciraconfig')
    const removed = await rps.call('DELETE', '/profiles/Profile6')
    const free = await rps.call('DELETE', '/ciraconfigs/ciraconfig')

    expect(inUse).toMatchObject({
      status: 400,
      body: { error: 'Foreign key violation', message: 'CIRA Config: ciraconfig is associated with an AMT profile' },
    })
    expect([removed.status, removed.body, free.status]).toEqual([204, undefined, 204])
    await posting({ ...PROFILE, amtPassword: undefined, generateRandomPassword: true })
    const secret = { project: 'default', kind: 'profile-amt', owner: 'profile6' }
    expect(await rps.secrets.candidates(rps.kernel.store, secret)).toEqual([])
  })

  it('says so when there is none', async () => {
    expect(await rps.call('DELETE', '/profiles/profileNA')).toMatchObject({
      status: 404,
      body: { error: 'Not Found', message: 'AMT profile profileNA Not Found' },
    })
  })
})
