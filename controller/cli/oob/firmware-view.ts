// SPDX-License-Identifier: Apache-2.0
/** What firmware answers, as a person reads it: logs as tables, hardware and features as facts. */
import type { View } from '../output.ts'
import { drawFacts } from '../render/table.ts'
import { formatBytes } from '../render/text.ts'

type Json = Readonly<Record<string, unknown>>

export const eventView: View<Json> = {
  kind: 'FirmwareEvent',
  name: row => textOf(row.TimeStamp) ?? '-',
  columns: [
    { title: 'TIME', cell: row => timeOf(row.TimeStamp) },
    { title: 'SEVERITY', cell: row => SEVERITIES[Number(row.EventSeverity)] ?? String(row.EventSeverity ?? '-') },
    { title: 'FROM', cell: row => textOf(row.EntityStr) ?? '-' },
    { title: 'WHAT', cell: row => textOf(row.Desc) ?? '-' },
  ],
}

/** Severities of a platform event (IPMI PET 1.0 §4.3). */
const SEVERITIES: Readonly<Record<number, string>> = {
  0: '-',
  1: 'monitor',
  2: 'information',
  4: 'ok',
  8: 'warning',
  16: 'critical',
  32: 'fatal',
}

export const auditView: View<Json> = {
  kind: 'FirmwareAudit',
  name: row => textOf(row.Time) ?? '-',
  columns: [
    { title: 'TIME', cell: row => timeOf(row.Time) },
    { title: 'WHO', cell: row => textOf(row.Initiator) ?? '-' },
    { title: 'FROM', cell: row => textOf(row.NetAddress) ?? '-' },
    { title: 'PART', cell: row => textOf(row.AuditApp) ?? '-' },
    { title: 'WHAT', cell: row => [textOf(row.Event), textOf(row.ExStr)].filter(Boolean).join(': ') || '-' },
  ],
}

/** Firmware that does not know the time says none. */
function timeOf(value: unknown): string {
  return textOf(value)?.replace(/\.000Z$/, 'Z') ?? '-'
}

/** The hardware in a few lines; `-o json` has what the firmware said. */
export function drawHardware(answer: Json): string {
  const [chassis, board, bios] = ['CIM_Chassis', 'CIM_Card', 'CIM_BIOSElement'].map(name => firstOf(answer[name]))
  return drawFacts([
    ['machine', joined(chassis, 'Manufacturer', 'Model', 'Version')],
    ['serial', textOf(chassis?.SerialNumber)],
    ['board', joined(board, 'Manufacturer', 'Model', 'Version')],
    ['BIOS', joined(bios, 'Manufacturer', 'Version')],
    ...rowsOf(answer.CIM_Chip)
      .filter(chip => chip.Capacity === undefined)
      .map(chip => ['processor', textOf(chip.Version)] as const),
    ...rowsOf(answer.CIM_PhysicalMemory).map(bank => ['memory', memoryOf(bank)] as const),
    ...rowsOf(answer.CIM_PhysicalPackage)
      .filter(({ CreationClassName }) => CreationClassName === 'CIM_PhysicalPackage')
      .map(disk => ['disk', joined(disk, 'Model', 'SerialNumber')] as const),
  ])
}

function memoryOf(bank: Json): string | undefined {
  const capacity = Number(bank.Capacity)
  const size = Number.isFinite(capacity) && capacity > 0 ? formatBytes(capacity) : '?'
  return [textOf(bank.BankLabel), size, textOf(bank.PartNumber), textOf(bank.SerialNumber)].filter(Boolean).join(' ')
}

function joined(row: Json | undefined, ...names: readonly string[]): string | undefined {
  return names.flatMap(name => textOf(row?.[name]) ?? []).join(' ') || undefined
}

/** A class is answered as `response`, as `responses`, or as a list of these. */
function rowsOf(answer: unknown): readonly Json[] {
  if (!isJson(answer)) return []
  const { response, responses } = answer
  if (isJson(response)) return [response]
  return Array.isArray(responses) ? responses.filter(isJson) : []
}

function firstOf(answer: unknown): Json | undefined {
  return rowsOf(answer)[0]
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function drawFeatures(answer: Json): string {
  const onOff = (value: unknown): string | undefined =>
    typeof value === 'boolean' ? (value ? 'on' : 'off') : undefined
  const has = [
    ['HTTPS', answer.httpsBootSupported],
    ['WinRE', answer.winREBootSupported],
    ['PBA', answer.localPBABootSupported],
  ].flatMap(([name, supported]) => (supported === true ? [String(name)] : []))
  return drawFacts([
    ['KVM', answer.kvmAvailable === false ? 'not on this machine' : onOff(answer.KVM)],
    ['SOL', onOff(answer.SOL)],
    ['IDER', onOff(answer.IDER)],
    ['consent', consentOf(answer)],
    ['recovery', onOff(answer.ocr)],
    ['boots from', has.join(', ')],
    [
      'erase',
      answer.remoteEraseSupported === true
        ? answer.remoteEraseEnabled === true
          ? 'allowed'
          : 'off'
        : 'not on this machine',
    ],
  ])
}

/** States of a consent (IPS_OptInService.OptInState). */
const OPT_IN: Readonly<Record<number, string>> = {
  1: 'asked for',
  2: 'code is on the screen',
  3: 'code was taken',
  4: 'in session',
}

function consentOf({ userConsent, optInState }: Json): string | undefined {
  const state = OPT_IN[Number(optInState)]
  const whom = textOf(userConsent)
  return whom === undefined || state === undefined ? whom : `${whom} (${state})`
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
