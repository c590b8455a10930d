// SPDX-License-Identifier: Apache-2.0
/** Pre-flight: EIM's rules and messages for a file of hosts. */
import { describe, expect, it } from 'vitest'
import { COLUMNS, EMPTY_ROW, type HostRow } from '../../../../../../controller/modules/inventory/import/columns.ts'
import { joined, type Known, preflight } from '../../../../../../controller/modules/inventory/import/rules.ts'

const known: Known = {
  site: text => ({ berlin: 'site-11111111', 'site-11111111': 'site-11111111' })[text],
  profile: text =>
    ({
      ubuntu: { id: 'os-11111111', securityFeature: 'SECURITY_FEATURE_NONE' },
      emt: { id: 'os-22222222', securityFeature: 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION' },
    })[text],
  account: text => ({ anna: 'localaccount-11111111' })[text],
  config: text => ({ nginx: 'customconfig-11111111', ntp: 'customconfig-22222222' })[text],
}
const isLabel = ({ key, value }: { key: string; value: string }) =>
  /^[a-z0-9.-]+$/.test(key) && /^[a-z0-9.-]*$/.test(value)

let serial = 0
const fresh = (row: Partial<HostRow> = {}): HostRow => ({ ...EMPTY_ROW, serial: `SERIAL${++serial}`, ...row })
const checked = (rows: readonly HostRow[], requireProfile = false) =>
  preflight(
    rows.map((row, at) => ({ number: at + 1, line: at + 2, row })),
    { known, requireProfile, isLabel },
  )
const errorsOf = (row: Partial<HostRow>, requireProfile = false) => {
  const [first] = checked([fresh(row)], requireProfile)
  return first !== undefined && 'errors' in first ? first.errors : []
}

describe('a file with eight defects', () => {
  const rows = [
    fresh(),
    fresh({ serial: 'BAD-1' }),
    fresh({ uuid: '4c4c4c4c1-0000-1111-2222-333333333333' }),
    fresh({ serial: '', uuid: '' }),
    fresh({ site: 'nowhere' }),
    fresh({ osProfile: 'nothing' }),
    fresh({ metadata: 'no pairs' }),
    fresh({ lvmSize: 'much' }),
    fresh({ remoteUser: 'nobody' }),
  ]

  it('has exactly eight messages, in EIM’s words', () => {
    const messages = checked(rows).flatMap(each => ('errors' in each ? each.errors : []))

    expect(messages).toEqual([
      'Invalid Serial number',
      'Invalid UUID',
      'One of Serial number or UUID required',
      'Invalid Site',
      'Invalid OS profile',
      'Invalid Metadata',
      'Invalid LVM Size',
      'Invalid Local Account',
    ])
  })
})

describe('a row', () => {
  it.each([
    [{ serial: 'ABCD' }, 'Invalid Serial number'],
    [{ serial: 'A'.repeat(21) }, 'Invalid Serial number'],
    [{ serial: 'ABCD\t123' }, 'Invalid Serial number'],
    [{ uuid: '4c4c4c4c-0000-11112222-333333333333' }, 'Invalid UUID'],
    [{ error: 'left over' }, 'Error not empty - invalid CSV entry'],
    [{ osProfile: 'ubuntu', secure: 'true' }, 'OS Profile and Security feature mismatch'],
    [{ osProfile: 'ubuntu', secure: 'perhaps' }, 'OS Profile and Security feature mismatch'],
    [{ metadata: 'a=1&a=2' }, 'Invalid Metadata'],
    [{ metadata: 'a=1&' }, 'Invalid Metadata'],
    [{ metadata: 'UPPER=1' }, 'Invalid Metadata'],
    [{ lvmSize: '-1' }, 'Invalid LVM Size'],
    [{ lvmSize: '1.5' }, 'Invalid LVM Size'],
    [{ cloudInit: 'nginx&missing' }, 'Invalid cloud init metadata'],
    [{ clusterTemplate: 'baseline:2.0.0' }, 'Invalid cluster template'],
    [{ clusterDeploy: 'true' }, 'Invalid cluster template'],
    [{ clusterConfig: 'name:x' }, 'Invalid cluster config'],
  ] as const)('is refused: %j', (row, message) => {
    expect(errorsOf(row)).toEqual([message])
  })

  it.each([
    { serial: 'ABCDE' },
    { serial: 'A'.repeat(20) },
    { serial: '', uuid: '4C4C4C4C-0000-1111-2222-333333333333' },
    { osProfile: 'emt', secure: 'true' },
    { osProfile: 'emt', secure: 'FALSE' },
    {
      clusterDeploy: 'true',
      clusterTemplate: 'baseline:v2.0.12',
      clusterConfig: 'role:all;name:n1;labels:k1=v1&k2=v2',
    },
  ])('is taken: %j', row => {
    expect(errorsOf(row)).toEqual([])
  })

  it('may be required to have an operating system and a place', () => {
    expect(errorsOf({}, true)).toEqual(['OS Profile is required', 'Site is required'])
    expect(joined(errorsOf({ serial: '' }, true))).toBe(
      'One of Serial number or UUID required; OS Profile is required; Site is required;',
    )
  })

  it('is understood: names become ids', () => {
    const [row] = checked([
      fresh({
        serial: 'ABC123',
        uuid: '4C4C4C4C-0000-1111-2222-333333333333',
        osProfile: 'emt',
        site: 'berlin',
        secure: 'true',
        remoteUser: 'anna',
        metadata: 'line=4&lab=',
        lvmSize: '60',
        cloudInit: 'nginx&ntp',
      }),
    ])

    expect(row).toMatchObject({
      plan: {
        serial: 'ABC123',
        uuid: '4c4c4c4c-0000-1111-2222-333333333333',
        profile: 'os-22222222',
        site: 'site-11111111',
        secure: true,
        account: 'localaccount-11111111',
        labels: [
          { key: 'line', value: '4' },
          { key: 'lab', value: '' },
        ],
        lvmSize: 60,
        configs: ['customconfig-11111111', 'customconfig-22222222'],
      },
    })
  })
})

describe('rows against each other', () => {
  it('name the first row that has the serial number or UUID, whatever the case', () => {
    const uuid = '4a4a4a4a-0000-1111-2222-333333333333'
    const found = checked([
      fresh({ serial: 'QWERTY123' }),
      fresh({ uuid }),
      fresh({ serial: 'qwerty123' }),
      fresh({ uuid: uuid.toUpperCase() }),
    ]).map(each => ('errors' in each ? joined(each.errors) : ''))

    expect(found).toEqual(['', '', 'Duplicate Serial number : Row 1;', 'Duplicate UUID : Row 2;'])
  })
})

describe('the header', () => {
  it('is EIM’s', () => {
    expect(COLUMNS.join(',')).toBe(
      'Serial,UUID,OSProfile,Site,Secure,RemoteUser,Metadata,LVMSize,CloudInitMeta,K8sEnable,K8sClusterTemplate,K8sConfig,Error - do not fill',
    )
  })
})
