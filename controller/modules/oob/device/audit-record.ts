// SPDX-License-Identifier: Apache-2.0
/** Decodes one record of the security audit log: big-endian, with lengths before what varies. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import { AUDIT_APPLICATIONS, AUDIT_EVENTS, REALMS } from './audit-names.ts'

/** As MPS shows it. */
export type AuditRecord = {
  readonly AuditAppID: number
  readonly EventID: number
  readonly InitiatorType: number
  readonly AuditApp: string
  readonly Event: string
  readonly Initiator: string
  /** RFC 3339, or `''` when the record has none. */
  readonly Time: string
  readonly MCLocationType: number
  readonly NetAddress: string
  /** Extended data, one character for each byte. */
  readonly Ex: string
  readonly ExStr: string | null
}

const DIGEST = 0
const KERBEROS = 1
const LOCAL = 2
const KVM = 3

/** A record that is cut short keeps what could be read. */
export function decodeAuditRecord(base64: string): AuditRecord {
  const bytes = Buffer.from(base64, 'base64')
  const application = u16(bytes, 0)
  const event = u16(bytes, 2)
  const { initiator, end } = initiatorOf(bytes)
  const seconds = u32(bytes, end)
  const addressAt = end + 6
  const addressLength = u8(bytes, end + 5)
  const extendedAt = addressAt + addressLength + 1
  const extended = bytes.subarray(extendedAt, extendedAt + u8(bytes, extendedAt - 1))
  const key = application * 100 + event
  return {
    AuditAppID: application,
    EventID: event,
    InitiatorType: u8(bytes, 4),
    AuditApp: AUDIT_APPLICATIONS[application] ?? `#${application}`,
    Event: AUDIT_EVENTS[key] ?? `#${event}`,
    Initiator: initiator,
    Time: seconds === undefined ? '' : formatTime(seconds * 1_000),
    MCLocationType: u8(bytes, end + 4),
    NetAddress: bytes
      .subarray(addressAt, addressAt + addressLength)
      .toString('latin1')
      .replace('0000:0000:0000:0000:0000:0000:0000:0001', '::1'),
    Ex: extended.toString('latin1'),
    ExStr: extendedText(key, extended),
  }
}

function u8(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0
}

function u16(bytes: Buffer, at: number): number {
  return u8(bytes, at) * 256 + u8(bytes, at + 1)
}

function u32(bytes: Buffer, at: number): number | undefined {
  return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : undefined
}

function initiatorOf(bytes: Buffer): { readonly initiator: string; readonly end: number } {
  const type = u8(bytes, 4)
  if (type === DIGEST) {
    const end = 6 + u8(bytes, 5)
    return { initiator: bytes.subarray(6, end).toString('latin1'), end }
  }
  if (type === KERBEROS) {
    const end = 10 + u8(bytes, 9)
    return { initiator: sidText(bytes.subarray(10, end)), end }
  }
  const names: Readonly<Record<number, string>> = { [LOCAL]: 'Local', [KVM]: 'KVM Default Port' }
  return { initiator: names[type] ?? '', end: 5 }
}

/** `S-1-5-…` of a binary security identifier ([MS-DTYP] §2.4.2). */
function sidText(sid: Buffer): string {
  if (sid.length < 8) return sid.toString('latin1')
  const parts = [u8(sid, 0), sid.readUIntBE(2, 6)]
  for (let at = 8; at + 4 <= sid.length; at += 4) parts.push(sid.readUInt32LE(at))
  return `S-${parts.join('-')}`
}

const AUTHENTICATION = ['NoAuth', 'ServerAuth', 'MutualAuth']
const REALM_MODES = ['NoAuth', 'Auth', 'Disabled']
const CONSENTS = ['None', 'KVM', 'All']
const UNPROVISIONERS = ['BIOS', 'MEBx', 'Local MEI', 'Local WSMAN', 'Remote WSMAN']

/** What the extended data of an event says; `null` for those that nobody described. */
function extendedText(key: number, data: Buffer): string | null {
  const pick = (texts: readonly string[], at: number): string => texts[u8(data, at)] ?? `#${u8(data, at)}`
  const rest = (at: number): string => data.subarray(at).toString('latin1')
  switch (key) {
    case 1602:
    case 1604:
      return u8(data, 0) === 0 ? rest(2).slice(0, u8(data, 1)) : null
    case 1603:
      return u8(data, 1) === 0 ? rest(3) : null
    case 1605:
      return pick(['Invalid ME access', 'Invalid MEBx access'], 0)
    case 1606:
      return pick(['Disabled', 'Enabled'], 0) + (u8(data, 1) === 0 ? `, ${rest(3)}` : '')
    case 1607:
      return `Remote ${pick(AUTHENTICATION, 0)}, Local ${pick(AUTHENTICATION, 1)}`
    case 1617:
      return `${REALMS[u32(data, 0) ?? 0] ?? ''}, ${pick(REALM_MODES, 4)}`
    case 1619:
      return pick(UNPROVISIONERS, 0)
    case 1900:
      return `From ${versionAt(data, 0)} to ${versionAt(data, 8)}`
    case 2100:
      return formatTime((u32(data, 0) ?? 0) * 1_000)
    case 3000:
      return `From ${pick(CONSENTS, 0)} to ${pick(CONSENTS, 1)}`
    case 3001:
      return pick(['Success', 'Failed 3 times'], 0)
    default:
      return null
  }
}

function versionAt(data: Buffer, at: number): string {
  return [0, 2, 4, 6].map(offset => u16(data, at + offset)).join('.')
}
