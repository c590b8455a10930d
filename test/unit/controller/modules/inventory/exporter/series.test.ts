// SPDX-License-Identifier: Apache-2.0
/** Lines of the exporter: whatever a host is called, a reader gets back the very labels. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Exported,
  escapeLabel,
  FAMILIES,
  labelsOf,
  STATUS_VALUES,
  statusValue,
} from '../../../../../../controller/modules/inventory/exporter/series.ts'

const host: Exported = {
  id: 'host-00000001',
  uuid: null,
  name: 'press',
  hostname: null,
  serial: null,
  status: 'Running',
  onboarding: 'Onboarded',
  provisioning: null,
  update: null,
  inMaintenance: false,
  provisioningSeconds: undefined,
}

/** Reads one line as the exposition format 0.0.4 describes it. */
function readLine(line: string): { name: string; labels: Record<string, string>; value: number } {
  const open = line.indexOf('{')
  const labels: Record<string, string> = {}
  let at = open + 1
  while (line[at] !== '}') {
    const equals = line.indexOf('="', at)
    const key = line.slice(at, equals)
    let value = ''
    at = equals + 2
    for (; line[at] !== '"'; at++) {
      if (line[at] !== '\\') value += line[at]
      else {
        at++
        value += line[at] === 'n' ? '\n' : line[at]
      }
    }
    labels[key] = value
    at += line[at + 1] === ',' ? 2 : 1
  }
  return { name: line.slice(0, open), labels, value: Number(line.slice(at + 2)) }
}

describe('a line', () => {
  it('gives back what went in, whatever that is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\"\n{},= a]*$/))
    fc.assert(
      fc.property(text, text, text, (name, hostname, serial) => {
        const told = { ...host, name, hostname, serial }
        for (const family of FAMILIES) {
          const lines = family.lines(told, labelsOf(told, 'p')).split('\n').filter(Boolean)
          for (const line of lines) {
            const { labels, name: metric } = readLine(line)
            expect(metric).toBe(family.name)
            expect(labels).toMatchObject({ name, hostname, serial, hostID: host.id, projectId: 'p' })
          }
        }
      }),
    )
  })

  it('never breaks a line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !escapeLabel(text).includes('\n')))
  })
})

describe('the value of a status', () => {
  it.each([
    ['host', 'Running', 'Running'],
    ['host', 'Error: quarantined: two machines', 'Error'],
    ['host', 'Deleting: waiting on inst-1', 'Deleting'],
    ['host', '', 'Unknown'],
    ['host', 'something new', 'Unknown'],
    ['update', 'Update completed - 3 packages', 'Update completed'],
    ['provisioning', 'Provisioning In Progress: 3/11: stream', 'Provisioning In Progress'],
  ] as const)('%s %j counts as %s', (kind, text, value) => {
    expect(statusValue(STATUS_VALUES[kind], text)).toBe(value)
  })

  it('is one of a fixed set for any text, and exactly one is 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string()), (status, update) => {
        const told = { ...host, status, update }
        const counts = FAMILIES.map(family => family.lines(told, '').split('\n').filter(Boolean))
        expect(counts.map(lines => lines.length)).toEqual([11, 1, 4, 6, 7, 0])
        expect(counts.map(lines => lines.filter(line => line.endsWith(' 1')).length)).toEqual([1, 0, 1, 1, 1, 0])
      }),
    )
  })
})
