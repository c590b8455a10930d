// SPDX-License-Identifier: Apache-2.0
/** Tables on wide, narrow and no terminals, and what strangers write into them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Host } from '../../../../controller/cli/api.ts'
import { drawFacts, drawTable, type Look } from '../../../../controller/cli/render/table.ts'
import { cut, formatBytes, literal, literalJson, widthOf } from '../../../../controller/cli/render/text.ts'
import { hostView } from '../../../../controller/cli/views/host.ts'

const NOW = Date.parse('2026-11-21T05:00:00.000Z')
const look = (columns?: number): Look => ({ columns, color: false, now: NOW })
const shown = hostView.columns.filter(column => column.wide !== true)

const host = (more: Partial<Host>): Host => ({
  resourceId: 'host-1a2b3c4d',
  name: 'press-04',
  currentState: 'HOST_STATE_ONBOARDED',
  metadata: [{ key: 'site', value: 'berlin' }],
  presence: { online: true, lastSeen: '2026-11-21T04:56:00.000Z' },
  ...more,
})
const hosts = [
  host({}),
  host({ resourceId: 'host-00000002', name: 'a-very-long-name-of-a-machine-in-hall-7', simulated: true }),
]

describe('a table', () => {
  it('is not cut where there is no terminal', () => {
    expect(drawTable(shown, hosts, look()).text).toBe(
      [
        'NAME                                     STATE     SEEN  KIND  ID             LABELS',
        'press-04                                 ● online    4m  real  host-1a2b3c4d  site=berlin',
        'a-very-long-name-of-a-machine-in-hall-7  ● online    4m  sim   host-00000002  site=berlin',
        '',
      ].join('\n'),
    )
  })

  it('is cut to 80 columns with an ellipsis', () => {
    const { text, hidden } = drawTable(shown, hosts, look(80))

    expect(Math.max(...text.split('\n').map(widthOf))).toBe(80)
    expect(text).toContain('…')
    expect(hidden).toEqual([])
  })

  it('leaves columns out from the right at 40 columns, and says which', () => {
    const { text, hidden } = drawTable(shown, hosts, look(40))

    expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(40)
    expect(text).toMatch(/^NAME +STATE/)
    expect(text).toContain('sim')
    expect(hidden).toEqual(['LABELS'])
  })

  it('never exceeds the terminal, however narrow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })),
        (columns, names) => {
          const { text } = drawTable(
            shown,
            names.map(name => host({ name })),
            look(columns),
          )
          for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })

  it('colors words, never instead of them', () => {
    const { text } = drawTable(shown, hosts, { ...look(), color: true })

    expect(text).toContain('\u001b[32m● online\u001b[0m')
  })

  it('marks revoked, quarantined and never seen hosts by words', () => {
    const rows = [
      host({ currentState: 'HOST_STATE_UNTRUSTED' }),
      host({ presence: { online: true, standing: 'quarantined' } }),
      host({ presence: { online: false, reason: 'never-connected', lastSeen: '2026-11-21T04:56:00.000Z' } }),
    ]
    const lines = drawTable(shown, rows, look()).text.split('\n')

    expect(lines[1]).toContain('✗ revoked')
    expect(lines[2]).toContain('! quarantined')
    expect(lines[3]).toMatch(/· never +- +real/)
  })
})

describe('what strangers write', () => {
  const hostile = 'a\u001b]0;owned\u0007\r\nb\u009b31m\u202e\u2066c'

  it('is shown literally, on one line', () => {
    expect(literal(hostile)).toBe('a\\x1b]0;owned\\x07\\x0d\\nb\\x9b31m\\u202e\\u2066c')
    expect(drawTable(shown, [host({ name: hostile })], look()).text.split('\n')).toHaveLength(3)
    expect(drawFacts([['name', hostile]])).toBe(`name  ${literal(hostile)}\n`)
  })

  it('is escaped in JSON without changing what it parses to', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const json = literalJson(JSON.stringify({ value, text, hostile }, undefined, 2))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be left
        expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text, hostile })))
      }),
      { numRuns: 40 },
    )
  })
})

describe('widths', () => {
  it('count wide characters twice and combined ones once', () => {
    expect(widthOf('漢字')).toBe(4)
    expect(widthOf('e\u0301')).toBe(1)
    expect(cut('漢字漢字', 5)).toBe('漢字…')
  })

  it('write bytes in units', () => {
    expect([0, 1_023, 1_024, 17_179_869_184].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '16 GiB'])
  })
})
