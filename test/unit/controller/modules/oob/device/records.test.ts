// SPDX-License-Identifier: Apache-2.0
/** Records of logs and parameters of boots, byte for byte. */
import { describe, expect, it } from 'vitest'
import { decodeAuditRecord } from '../../../../../../controller/modules/oob/device/audit-record.ts'
import { decodeEventRecord, eventText } from '../../../../../../controller/modules/oob/device/event-record.ts'
import {
  encodeParameters,
  fileBootParameters,
  httpsBootParameters,
} from '../../../../../../controller/modules/oob/device/tlv.ts'
import { Problem } from '../../../../../../plugins/contract/index.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex').toString('base64')
/** 2003-12-29T05:46:37Z. */
const TIME = '3fefbfbd'

describe('an audit record', () => {
  it('of a digest user', () => {
    const record = decodeAuditRecord(hex(`0012 000a 00 05 61646d696e ${TIME} 00 07 312e322e332e34 00`))

    expect(record).toEqual({
      AuditAppID: 18,
      EventID: 10,
      InitiatorType: 0,
      AuditApp: 'Redirection Manager',
      Event: 'KVM Enabled',
      Initiator: 'admin',
      Time: '2003-12-29T05:46:37.000Z',
      MCLocationType: 0,
      NetAddress: '1.2.3.4',
      Ex: '',
      ExStr: null,
    })
  })

  it('of a Kerberos user', () => {
    const sid = '01 02 000000000005 20000000 20020000'
    const record = decodeAuditRecord(hex(`0010 0013 01 00000000 10 ${sid} ${TIME} 01 00 01 04`))

    expect(record).toMatchObject({
      InitiatorType: 1,
      Initiator: 'S-1-5-32-544',
      Event: 'Unprovisioning Started',
      ExStr: 'Remote WSMAN',
      Ex: '\u0004',
      MCLocationType: 1,
    })
  })

  it.each([
    ['02', 'Local'],
    ['03', 'KVM Default Port'],
    ['09', ''],
  ])('of initiator type %s', (type, initiator) => {
    const address = Buffer.from('0000:0000:0000:0000:0000:0000:0000:0001').toString('hex')
    const record = decodeAuditRecord(hex(`001e 0001 ${type} ${TIME} 00 27 ${address} 01 01`))

    expect(record).toMatchObject({
      Initiator: initiator,
      NetAddress: '::1',
      Event: 'Send Consent Code Event',
      ExStr: 'Failed 3 times',
      Time: '2003-12-29T05:46:37.000Z',
    })
  })

  it.each([
    ['0010 0007', '0102', 'Remote ServerAuth, Local MutualAuth'],
    ['001e 0000', '0200', 'From All to None'],
    ['0013 0000', '0010 0001 0019 07d0 0010 0001 0020 0001', 'From 16.1.25.2000 to 16.1.32.1'],
    ['0010 0011', '00000003 01', 'PT Administration, Auth'],
    ['0010 0002', '00 05 61646d696e', 'admin'],
    ['0010 0005', '01', 'Invalid MEBx access'],
  ])('explains the data of %s', (event, data, text) => {
    const length = (data.replace(/\s/g, '').length / 2).toString(16).padStart(2, '0')

    expect(decodeAuditRecord(hex(`${event} 02 ${TIME} 00 00 ${length} ${data}`)).ExStr).toBe(text)
  })

  it('that nobody named or that is cut short is shown all the same', () => {
    expect(decodeAuditRecord(hex(`00ff 0063 02 ${TIME} 00 00 00`))).toMatchObject({ AuditApp: '#255', Event: '#99' })
    for (let length = 0; length < 20; length++) {
      const whole = Buffer.from(hex(`0012 000a 00 05 61646d696e ${TIME} 00 07 312e322e332e34 00`), 'base64')
      expect(() => decodeAuditRecord(whole.subarray(0, length).toString('base64'))).not.toThrow()
    }
  })
})

describe('an event', () => {
  const RECORD = 'ff 0f 6f 02 68 01 ff 22 00 40 06 00 00 00 00 00 00'

  it('is decoded with its time', () => {
    expect(decodeEventRecord(hex(`${'04809f5c'} ${RECORD}`))).toEqual({
      DeviceAddress: 255,
      EventSensorType: 15,
      EventType: 111,
      EventOffset: 2,
      EventSourceType: 104,
      EventSeverity: 1,
      SensorNumber: 255,
      Entity: 34,
      EntityInstance: 0,
      EventData: [64, 6, 0, 0, 0, 0, 0, 0],
      TimeStamp: new Date(0x5c9f8004 * 1000).toISOString(),
      EntityStr: 'BIOS',
      Desc: 'USB resource configuration',
    })
  })

  it.each(['00000000', 'ffffffff'])('has no time when it says %s', time => {
    expect(decodeEventRecord(hex(`${time} ${RECORD}`))).toMatchObject({
      TimeStamp: '',
      Desc: 'USB resource configuration',
    })
  })

  it.each([
    [6, 1, [32, 3, 0], 'Authentication failed 3 times. The system may be under attack.'],
    [15, 0, [64, 11], 'Firmware (BIOS) ROM corruption detected.'],
    [15, 0, [235, 11], 'Invalid Data'],
    [18, 0, [170, 1, 2, 3, 4, 5, 6, 8], 'Agent watchdog 04030201-0605-... changed to Expired'],
    [30, 0, [], 'No bootable media'],
    [32, 0, [], 'Operating system lockup or power interrupt'],
    [35, 0, [], 'System boot failure'],
    [37, 0, [], 'System firmware started (at least one CPU is properly executing).'],
    [99, 0, [], 'Unknown Sensor Type #99'],
  ])('of sensor %i, offset %i is told in words', (sensor, offset, data, text) => {
    expect(eventText(sensor, offset, data)).toBe(text)
  })
})

describe('boot parameters', () => {
  it('of a boot from a server', () => {
    const bytes = encodeParameters(httpsBootParameters({ url: 'https://a.b/c', username: 'me', password: 'pw' }))

    expect(bytes.toString('hex')).toBe(
      '86800100' +
        '0d000000' +
        Buffer.from('https://a.b/c').toString('hex') +
        '86801400' +
        '01000000' +
        '01' +
        '86802800' +
        '02000000' +
        '6d65' +
        '86802900' +
        '02000000' +
        '7077',
    )
  })

  it('of a file', () => {
    expect(encodeParameters(fileBootParameters('\\EFI\\x')).toString('hex')).toBe(
      `8680020006000000${Buffer.from('\\EFI\\x').toString('hex')}86800300020000000600`,
    )
  })

  it.each([
    [{ url: 'not a url' }],
    [{ url: `https://a.b/${'c'.repeat(300)}` }],
    [{ url: 'https://a.b', username: 'u'.repeat(17) }],
    [{ url: 'https://a.b', password: 'p'.repeat(17) }],
  ])('refuse %j', given => {
    expect(() => httpsBootParameters(given)).toThrow(Problem)
  })
})
