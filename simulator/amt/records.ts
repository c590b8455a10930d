// SPDX-License-Identifier: Apache-2.0
/** Records of the audit log and of the event log, byte by byte. */

export type AuditRecord = {
  readonly application: number
  readonly event: number
  /** Who did it: an account, a Kerberos identity, somebody at the host, or a viewer on the default port. */
  readonly initiator:
    | { readonly kind: 'digest'; readonly name: string }
    | { readonly kind: 'kerberos'; readonly domain: number; readonly sid: Buffer }
    | { readonly kind: 'local' }
    | { readonly kind: 'kvm' }
  /** Seconds since 1970. */
  readonly at: number
  readonly location: number
  readonly address: string
  readonly extended?: Buffer
}

const INITIATORS = { digest: 0, kerberos: 1, local: 2, kvm: 3 } as const

/** An audit record in base64: numbers are big-endian. */
export function encodeAudit(record: AuditRecord): string {
  const head = Buffer.alloc(5)
  head.writeUInt16BE(record.application, 0)
  head.writeUInt16BE(record.event, 2)
  head[4] = INITIATORS[record.initiator.kind]
  const time = Buffer.alloc(4)
  time.writeUInt32BE(record.at >>> 0)
  const address = Buffer.from(record.address, 'latin1')
  const extended = record.extended ?? Buffer.alloc(0)
  return Buffer.concat([
    head,
    initiatorBytes(record.initiator),
    time,
    Buffer.of(record.location, address.length),
    address,
    Buffer.of(extended.length),
    extended,
  ]).toString('base64')
}

function initiatorBytes(initiator: AuditRecord['initiator']): Buffer {
  if (initiator.kind === 'digest') {
    const name = Buffer.from(initiator.name, 'latin1')
    return Buffer.concat([Buffer.of(name.length), name])
  }
  if (initiator.kind === 'kerberos') {
    const domain = Buffer.alloc(4)
    domain.writeUInt32BE(initiator.domain)
    return Buffer.concat([domain, Buffer.of(initiator.sid.length), initiator.sid])
  }
  return Buffer.alloc(0)
}

export type EventRecord = {
  /** Seconds since 1970; 0 and 0xFFFFFFFF are none. */
  readonly at: number
  readonly deviceAddress?: number
  readonly sensorType: number
  readonly eventType: number
  readonly offset: number
  readonly sourceType?: number
  readonly severity: number
  readonly sensorNumber?: number
  readonly entity: number
  readonly entityInstance?: number
  /** Eight bytes. */
  readonly data?: Buffer
}

/** An event record of 21 bytes in base64: the time is little-endian. */
export function encodeEvent(record: EventRecord): string {
  const bytes = Buffer.alloc(21)
  bytes.writeUInt32LE(record.at >>> 0, 0)
  bytes[4] = record.deviceAddress ?? 255
  bytes[5] = record.sensorType
  bytes[6] = record.eventType
  bytes[7] = record.offset
  bytes[8] = record.sourceType ?? 104
  bytes[9] = record.severity
  bytes[10] = record.sensorNumber ?? 255
  bytes[11] = record.entity
  bytes[12] = record.entityInstance ?? 0
  record.data?.copy(bytes, 13, 0, 8)
  return bytes.toString('base64')
}

const START = 1_700_000_000

/** What an audit log holds that nobody has looked at: every kind of initiator is among the first records. */
export function sampleAudit(count: number): readonly string[] {
  const initiators: readonly AuditRecord['initiator'][] = [
    { kind: 'digest', name: 'admin' },
    { kind: 'local' },
    { kind: 'kvm' },
    { kind: 'kerberos', domain: 500, sid: Buffer.from('0105000000000005', 'hex') },
    { kind: 'digest', name: '$$OsAdmin' },
  ]
  const events = [
    [16, 0],
    [16, 2],
    [17, 6],
    [18, 0],
    [28, 1],
  ] as const
  return Array.from({ length: count }, (_none, index) => {
    const [application, event] = events[index % events.length] ?? [16, 0]
    const initiator = initiators[index % initiators.length] ?? { kind: 'local' }
    const address = index % 2 === 0 ? '127.0.0.1' : '192.168.0.10'
    return encodeAudit({ application, event, initiator, at: START + index * 60, location: 0, address })
  })
}

/** What an event log holds that nobody has looked at; some records know no time. */
export function sampleEvents(count: number): readonly string[] {
  return Array.from({ length: count }, (_none, index) =>
    encodeEvent({
      at: index % 7 === 3 ? 0 : index % 11 === 5 ? 0xffff_ffff : START + index * 60,
      sensorType: index % 2 === 0 ? 15 : 6,
      eventType: 111,
      offset: index % 2 === 0 ? 2 : 1,
      severity: index % 3 === 0 ? 8 : 1,
      entity: 34,
      data: Buffer.from([64, index % 2 === 0 ? 19 : 1, 0, 0, 0, 0, 0, 0]),
    }),
  )
}
