// SPDX-License-Identifier: Apache-2.0
/** Instances that are put: member for member. */
import { describe, expect, it } from 'vitest'
import { intervalText } from '../../../../../../controller/modules/oob/device/alarms.ts'
import { bootSettings, overridesBoot } from '../../../../../../controller/modules/oob/device/boot-data.ts'
import { displaysOf } from '../../../../../../controller/modules/oob/device/displays.ts'
import { wired8021xSettings } from '../../../../../../controller/modules/oob/device/ieee8021x.ts'
import { wiredSettings } from '../../../../../../controller/modules/oob/device/network.ts'
import { isAmtPassword, passwordHash } from '../../../../../../controller/modules/oob/device/password.ts'
import { bootPowerCode } from '../../../../../../controller/modules/oob/device/power-codes.ts'
import { tlsSettings } from '../../../../../../controller/modules/oob/device/tls.ts'
import { profileInput } from '../../../../../../controller/modules/oob/device/wireless-profiles.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'

describe('boot settings', () => {
  const OLD = { BIOSLastStatus: ['2', '0'], BIOSSetup: 'true', InstanceID: 'x', UseIDER: 'false', UseSOL: 'true' }

  it('drop what firmware does not take, and keep its order', () => {
    const settings = bootSettings(OLD, { ider: 'cd' })

    expect(Object.keys(settings)).toEqual(['BIOSSetup', 'IDERBootDevice', 'InstanceID', 'UseIDER', 'UseSOL'])
    expect(settings).toEqual({
      BIOSSetup: 'false',
      IDERBootDevice: '1',
      InstanceID: 'x',
      UseIDER: 'true',
      UseSOL: 'false',
    })
  })

  it('do not name what an old generation does not have', () => {
    expect(bootSettings(OLD, {})).not.toHaveProperty('PlatformErase')
    expect(bootSettings(OLD, {})).not.toHaveProperty('EnforceSecureBoot')
  })

  it('tell whether they override anything', () => {
    expect(overridesBoot(OLD)).toBe(true)
    expect(overridesBoot({ BIOSSetup: 'false', UefiBootNumberOfParams: '0' })).toBe(false)
    expect(overridesBoot({ UefiBootNumberOfParams: '2' })).toBe(true)
  })

  it.each([
    [101, 10],
    [105, 10],
    [107, 10],
    [109, 10],
    [200, 10],
    [202, 10],
    [301, 10],
    [400, 10],
    [100, 2],
    [106, 2],
    [108, 2],
    [110, 2],
    [201, 2],
    [203, 2],
    [300, 2],
    [401, 2],
  ])('start %i with power code %i', (code, power) => {
    expect(bootPowerCode(code)).toBe(power)
  })
})

describe('network settings', () => {
  const PORT = {
    ElementName: 'e',
    InstanceID: 'i',
    SharedMAC: 'true',
    IpSyncEnabled: 'true',
    DHCPEnabled: 'true',
    IPAddress: '1.1.1.1',
  }

  it('of a static address', () => {
    const change = {
      dhcp: false,
      ipAddress: '10.0.0.2',
      subnetMask: '255.0.0.0',
      defaultGateway: '10.0.0.1',
      primaryDns: '10.0.0.3',
    }

    expect(wiredSettings(PORT, change)).toEqual({
      ElementName: 'e',
      InstanceID: 'i',
      SharedMAC: 'true',
      SharedStaticIp: 'false',
      IpSyncEnabled: 'false',
      DHCPEnabled: 'false',
      IPAddress: '10.0.0.2',
      SubnetMask: '255.0.0.0',
      DefaultGateway: '10.0.0.1',
      PrimaryDNS: '10.0.0.3',
    })
  })

  it('of DHCP carry no address', () => {
    expect(wiredSettings(PORT, { dhcp: true })).toEqual({
      ElementName: 'e',
      InstanceID: 'i',
      SharedMAC: 'true',
      SharedStaticIp: 'false',
      IpSyncEnabled: 'true',
      DHCPEnabled: 'true',
    })
  })

  it('of 802.1X, with certificates, without, and off', () => {
    const given = { ElementName: 'e', Enabled: '3' }
    const login = { protocol: 2, username: 'u', password: 'p', pxeTimeout: 120 }

    expect(wired8021xSettings(given, login)).toEqual({
      ElementName: 'e',
      Enabled: '6',
      AuthenticationProtocol: '2',
      Username: 'u',
      Password: 'p',
      PxeTimeout: '120',
    })
    expect(wired8021xSettings(given, { ...login, clientCertificate: 'h' }).Enabled).toBe('2')
    expect(wired8021xSettings({ ...given, Enabled: '2' }, undefined).Enabled).toBe('3')
  })

  it('of a wireless profile mention no credential that is not there', () => {
    const profile = { name: 'p', ssid: 's', authentication: 7, encryption: 4, priority: 1 }
    const login = { protocol: 2, username: 'u', password: 'p', clientCertificate: undefined, rootCertificate: '' }

    expect(Object.keys(profileInput({ ...profile, login }))).toEqual([
      'WiFiEndpointSettingsInput',
      'IEEE8021xSettingsInput',
    ])
    expect(Object.keys(profileInput({ ...profile, login: { ...login, rootCertificate: 'h' } }))).toContain(
      'CACredential',
    )
  })
})

describe('TLS settings', () => {
  const REMOTE = {
    InstanceID: 'Intel(r) AMT 802.3 TLS Settings',
    Enabled: 'false',
    NonSecureConnectionsSupported: 'true',
  }
  const LOCAL = { InstanceID: 'Intel(r) AMT LMS TLS Settings', Enabled: 'false', AcceptNonSecureConnections: 'true' }

  it('ask for client certificates on the network only', () => {
    const change = { enabled: true, mutual: true }

    expect(tlsSettings(REMOTE, change)).toMatchObject({
      Enabled: 'true',
      MutualAuthentication: 'true',
      AcceptNonSecureConnections: 'false',
    })
    expect(tlsSettings(REMOTE, change)).not.toHaveProperty('NonSecureConnectionsSupported')
    expect(tlsSettings(LOCAL, change)).toEqual({ ...LOCAL, Enabled: 'true' })
  })
})

describe('passwords', () => {
  it('are hashed as raw MD5 in base64', () => {
    expect(passwordHash('admin', 'Digest:A4070000000000000000000000000000', Secret.of('P@ssw0rd'))).toMatch(
      /^[A-Za-z0-9+/]{22}==$/,
    )
    expect(passwordHash('a', 'b', Secret.of('c'))).toBe(
      Buffer.from('02cc8f08398a4f3113b554e8105ebe4c', 'hex').toString('base64'),
    )
  })

  it.each([
    ['P@ssw0rd', true],
    ['Passw0rd', false],
    ['p@ssw0rd', false],
    ['P@ss0rd', false],
    ['P@ssw0rd:', false],
    [`P@ssw0rd${'x'.repeat(25)}`, false],
  ])('%s is taken: %s', (text, taken) => {
    expect(isAmtPassword(Secret.of(text))).toBe(taken)
  })
})

describe('small things', () => {
  it.each([
    [0, 'P0DT0H0M'],
    [90, 'P0DT1H30M'],
    [1_590, 'P1DT2H30M'],
  ])('%i minutes are %s', (minutes, text) => {
    expect(intervalText(minutes)).toBe(text)
  })

  it('one display is a list as well', () => {
    const screen = {
      IsActive: 'true',
      UpperLeftX: '0',
      UpperLeftY: '0',
      ResolutionX: '1920',
      ResolutionY: '1080',
      PrimaryIndex: '0',
    }

    expect(displaysOf(screen, 0)).toEqual([
      {
        displayIndex: 0,
        isActive: true,
        upperLeftX: 0,
        upperLeftY: 0,
        resolutionX: 1920,
        resolutionY: 1080,
        role: 'primary',
        isDefault: true,
      },
    ])
  })
})
