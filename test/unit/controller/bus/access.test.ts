// SPDX-License-Identifier: Apache-2.0
/** The table of topic access, row by row: who may publish, subscribe and leave a will where. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Action, type Attempt, decide, mayDeliver } from '../../../../controller/bus/access.ts'
import type { Standing } from '../../../../controller/bus/bus.ts'
import { hostFilters, parseTopic, type Topic } from '../../../../plugins/contract/index.ts'

const ME = { project: 'plant', host: 'host-0000000a' }
const T = 'muster/1/plant/host-0000000a'
const OPEN = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const SHUT = '01ARZ3NDEKTSV4RRFFQ69G5FAW'
const FOREIGN = '01ARZ3NDEKTSV4RRFFQ69G5FAX'

const known: Attempt['known'] = {
  sections: new Set(['os', 'hardware', 'power', 'certificates']),
  streams: new Set(['cpu-load', 'temperature']),
  isOpen: (owner, stream) => stream === OPEN && owner.host === ME.host,
}

type More = { readonly bytes?: number; readonly qos?: number; readonly retain?: boolean; readonly standing?: Standing }

function verdict(
  action: Action,
  text: string,
  { bytes = 10, qos = 1, retain = false, standing = 'active' }: More = {},
) {
  const decision = decide(action, { identity: ME, standing, text, packet: { bytes, qos, retain }, known })
  return 'allow' in decision ? `allow ${decision.qos}` : `${decision.deny} ${decision.code}`
}

const QUARANTINED = { standing: 'quarantined' } as const
const QOS0 = { qos: 0 } as const

type Row = readonly [text: string, expected: string, more?: More]

const publish: readonly Row[] = [
  // What a host says.
  [`${T}/presence`, 'allow 1'],
  [`${T}/presence`, 'allow 1', { retain: true }],
  [`${T}/presence`, 'allow 1', QOS0],
  [`${T}/reported/os`, 'allow 1'],
  [`${T}/reported/hardware`, 'allow 1'],
  [`${T}/reported/power`, 'allow 1', QOS0],
  [`${T}/reported/certificates`, 'allow 1'],
  [`${T}/reported/os`, 'allow 1', { retain: true }],
  [`${T}/result`, 'allow 1'],
  [`${T}/result`, 'allow 1', { retain: true }],
  [`${T}/telemetry/cpu-load`, 'allow 0', QOS0],
  [`${T}/telemetry/temperature`, 'allow 0', QOS0],
  [`${T}/stream/${OPEN}/up`, 'allow 0', QOS0],
  // Sizes, at and over the limit.
  [`${T}/presence`, 'allow 1', { bytes: 4_096 }],
  [`${T}/presence`, 'drop message-too-large', { bytes: 4_097 }],
  [`${T}/reported/os`, 'allow 1', { bytes: 65_536 }],
  [`${T}/reported/os`, 'drop message-too-large', { bytes: 65_537 }],
  [`${T}/result`, 'allow 1', { bytes: 65_536 }],
  [`${T}/result`, 'drop message-too-large', { bytes: 65_537 }],
  [`${T}/telemetry/cpu-load`, 'allow 0', { qos: 0, bytes: 65_536 }],
  [`${T}/telemetry/cpu-load`, 'drop message-too-large', { qos: 0, bytes: 65_537 }],
  [`${T}/stream/${OPEN}/up`, 'allow 0', { qos: 0, bytes: 16_384 }],
  [`${T}/stream/${OPEN}/up`, 'drop message-too-large', { qos: 0, bytes: 16_385 }],
  [`${T}/presence`, 'allow 1', { bytes: 0 }],
  // Quality of service.
  [`${T}/telemetry/cpu-load`, 'drop qos-too-high', { qos: 1 }],
  [`${T}/stream/${OPEN}/up`, 'drop qos-too-high', { qos: 1 }],
  [`${T}/presence`, 'disconnect qos-2', { qos: 2 }],
  [`${T}/reported/os`, 'disconnect qos-2', { qos: 2 }],
  [`${T}/result`, 'disconnect qos-2', { qos: 2 }],
  [`${T}/telemetry/cpu-load`, 'disconnect qos-2', { qos: 2 }],
  [`${T}/reported/unheard-of`, 'disconnect qos-2', { qos: 2 }],
  // Inside the own tree, and merely unknown.
  [`${T}/reported/unheard-of`, 'drop unknown-section'],
  [`${T}/reported/constructor`, 'drop unknown-section'],
  [`${T}/reported/o`, 'drop unknown-section'],
  [`${T}/reported/os-2`, 'drop unknown-section'],
  [`${T}/telemetry/unheard-of`, 'drop unknown-stream', QOS0],
  [`${T}/telemetry/cpu`, 'drop unknown-stream', QOS0],
  [`${T}/stream/${SHUT}/up`, 'drop stream-not-open', QOS0],
  [`${T}/stream/${FOREIGN}/up`, 'drop stream-not-open', QOS0],
  [`${T}/stream/short/up`, 'drop unknown-topic', QOS0],
  [`${T}/stream/${OPEN.toLowerCase()}/up`, 'drop unknown-topic', QOS0],
  [`${T}/stream/${OPEN}/sideways`, 'drop unknown-topic', QOS0],
  [`${T}/stream/${OPEN}`, 'drop unknown-topic', QOS0],
  [`${T}/stream`, 'drop unknown-topic', QOS0],
  [`${T}/stream/${OPEN}/up/more`, 'drop unknown-topic', QOS0],
  [`${T}/future`, 'drop unknown-topic'],
  [`${T}/future/kind`, 'drop unknown-topic'],
  [`${T}/reported`, 'drop unknown-topic'],
  [`${T}/reported/`, 'drop unknown-topic'],
  [`${T}/reported//os`, 'drop unknown-topic'],
  [`${T}/reported/os/`, 'drop unknown-topic'],
  [`${T}/reported/os/more`, 'drop unknown-topic'],
  [`${T}/reported/OS`, 'drop unknown-topic'],
  [`${T}/reported/o s`, 'drop unknown-topic'],
  [`${T}/reported/ös`, 'drop unknown-topic'],
  [`${T}/reported/-os`, 'drop unknown-topic'],
  [`${T}/reported/os\0`, 'drop unknown-topic'],
  [`${T}/reported/os\n`, 'drop unknown-topic'],
  [`${T}/reported/../presence`, 'drop unknown-topic'],
  [`${T}/reported/${'a'.repeat(64)}`, 'drop unknown-section'],
  [`${T}/reported/${'a'.repeat(65)}`, 'drop unknown-topic'],
  [`${T}/result/`, 'drop unknown-topic'],
  [`${T}/result/os`, 'drop unknown-topic'],
  [`${T}/results`, 'drop unknown-topic'],
  [`${T}/Presence`, 'drop unknown-topic'],
  [`${T}/presence/`, 'drop unknown-topic'],
  [`${T}/presence `, 'drop unknown-topic'],
  [`${T}/telemetry`, 'drop unknown-topic', QOS0],
  [`${T}/`, 'drop unknown-topic'],
  [`${T}//presence`, 'drop unknown-topic'],
  [`${T}/+`, 'drop unknown-topic'],
  [`${T}/reported/+`, 'drop unknown-topic'],
  [`${T}/reported/#`, 'drop unknown-topic'],
  // What only the controller says.
  [`${T}/desired/os`, 'drop downward-topic'],
  [`${T}/desired/os`, 'drop downward-topic', { retain: true }],
  [`${T}/command/power`, 'drop downward-topic'],
  [`${T}/receipt`, 'drop downward-topic'],
  [`${T}/stream/${OPEN}/down`, 'drop downward-topic', QOS0],
  // Somebody else's tree.
  ['muster/1/plant/host-0000000b/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000b/reported/os', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000b/result', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000b/desired/os', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000b/command/power', 'disconnect foreign-topic'],
  ['muster/1/other/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/other/host-0000000a/reported/os', 'disconnect foreign-topic'],
  ['muster/1/plant2/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/plan/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000a0/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000A/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000a /presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000а/presence', 'disconnect foreign-topic'], // a Cyrillic letter
  ['muster/1/PLANT/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/host-0000000a', 'disconnect foreign-topic'],
  ['muster/1/plant//presence', 'disconnect foreign-topic'],
  ['muster/1//host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/+/presence', 'disconnect foreign-topic'],
  ['muster/1/+/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/1/plant/#', 'disconnect foreign-topic'],
  // Nobody's.
  ['muster/2/plant/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster/01/plant/host-0000000a/presence', 'disconnect foreign-topic'],
  ['muster//plant/host-0000000a/presence', 'disconnect foreign-topic'],
  ['Muster/1/plant/host-0000000a/presence', 'disconnect foreign-topic'],
  [`/${T}/presence`, 'disconnect foreign-topic'],
  [`x${T}/presence`, 'disconnect foreign-topic'],
  [` ${T}/presence`, 'disconnect foreign-topic'],
  ['presence', 'disconnect foreign-topic'],
  ['', 'disconnect foreign-topic'],
  ['/', 'disconnect foreign-topic'],
  ['#', 'disconnect foreign-topic'],
  ['+', 'disconnect foreign-topic'],
  ['\0', 'disconnect foreign-topic'],
  ['��', 'disconnect foreign-topic'],
  ['💣', 'disconnect foreign-topic'],
  ['$SYS/broker/heartbeat', 'disconnect reserved-topic'],
  ['$SYS', 'disconnect reserved-topic'],
  ['$share/group/x', 'disconnect reserved-topic'],
  [`$${T}/presence`, 'disconnect reserved-topic'],
  ['$', 'disconnect reserved-topic'],
  [`${T}/reported/${'a'.repeat(300)}`, 'disconnect topic-too-long'],
  ['a'.repeat(65_535), 'disconnect topic-too-long'],
  ['/'.repeat(1_000), 'disconnect topic-too-long'],
  [`${T}/${'a/'.repeat(200)}`, 'disconnect topic-too-long'],
  // In quarantine.
  [`${T}/presence`, 'allow 1', QUARANTINED],
  [`${T}/reported/certificates`, 'allow 1', QUARANTINED],
  [`${T}/reported/os`, 'drop quarantined', QUARANTINED],
  [`${T}/reported/hardware`, 'drop quarantined', QUARANTINED],
  [`${T}/reported/unheard-of`, 'drop unknown-section', QUARANTINED],
  [`${T}/result`, 'drop quarantined', QUARANTINED],
  [`${T}/telemetry/cpu-load`, 'drop quarantined', { ...QUARANTINED, ...QOS0 }],
  [`${T}/stream/${OPEN}/up`, 'drop quarantined', { ...QUARANTINED, ...QOS0 }],
  [`${T}/desired/certificates`, 'drop downward-topic', QUARANTINED],
  ['muster/1/plant/host-0000000b/presence', 'disconnect foreign-topic', QUARANTINED],
]

const subscribe: readonly Row[] = [
  [`${T}/desired/+`, 'allow 1'],
  [`${T}/command/+`, 'allow 1'],
  [`${T}/receipt`, 'allow 1'],
  [`${T}/stream/+/down`, 'allow 0'],
  [`${T}/desired/+`, 'allow 0', QOS0],
  [`${T}/receipt`, 'allow 0', QOS0],
  [`${T}/desired/+`, 'allow 1', { qos: 2 }],
  [`${T}/stream/+/down`, 'allow 0', { qos: 2 }],
  [`${T}/desired/+`, 'allow 1', QUARANTINED],
  [`${T}/command/+`, 'allow 1', QUARANTINED],
  [`${T}/receipt`, 'allow 1', QUARANTINED],
  // Own tree, other filters.
  [`${T}/desired/os`, 'refuse unknown-filter'],
  [`${T}/desired/#`, 'refuse unknown-filter'],
  [`${T}/command/#`, 'refuse unknown-filter'],
  [`${T}/command/power`, 'refuse unknown-filter'],
  [`${T}/#`, 'refuse unknown-filter'],
  [`${T}/+`, 'refuse unknown-filter'],
  [`${T}/+/+`, 'refuse unknown-filter'],
  [`${T}/presence`, 'refuse unknown-filter'],
  [`${T}/reported/+`, 'refuse unknown-filter'],
  [`${T}/result`, 'refuse unknown-filter'],
  [`${T}/telemetry/+`, 'refuse unknown-filter'],
  [`${T}/stream/+/up`, 'refuse unknown-filter'],
  [`${T}/stream/#`, 'refuse unknown-filter'],
  [`${T}/stream/${OPEN}/down`, 'refuse unknown-filter'],
  [`${T}/receipt/#`, 'refuse unknown-filter'],
  [`${T}/receipt/`, 'refuse unknown-filter'],
  [`${T}/desired/+/`, 'refuse unknown-filter'],
  [`${T}/desired/++`, 'refuse unknown-filter'],
  [`${T}/desired/`, 'refuse unknown-filter'],
  // Elsewhere.
  [T, 'refuse foreign-filter'],
  ['#', 'refuse foreign-filter'],
  ['+', 'refuse foreign-filter'],
  ['+/#', 'refuse foreign-filter'],
  ['muster/#', 'refuse foreign-filter'],
  ['muster/1/#', 'refuse foreign-filter'],
  ['muster/1/plant/#', 'refuse foreign-filter'],
  ['muster/1/+/host-0000000a/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/+/desired/+', 'refuse foreign-filter'],
  ['muster/+/plant/host-0000000a/desired/+', 'refuse foreign-filter'],
  ['+/1/plant/host-0000000a/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/host-0000000b/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/host-0000000b/receipt', 'refuse foreign-filter'],
  ['muster/1/other/host-0000000a/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/host-0000000a0/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/host-0000000/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant2/host-0000000a/desired/+', 'refuse foreign-filter'],
  ['muster/1/plant/host-0000000a+/desired/+', 'refuse foreign-filter'],
  [`/${T}/desired/+`, 'refuse foreign-filter'],
  ['', 'refuse foreign-filter'],
  ['$SYS/#', 'refuse reserved-topic'],
  ['$SYS/+/heartbeat', 'refuse reserved-topic'],
  [`$share/group/${T}/desired/+`, 'refuse reserved-topic'],
  [`$queue/${T}/desired/+`, 'refuse reserved-topic'],
  ['a'.repeat(257), 'refuse topic-too-long'],
  ['/'.repeat(65_535), 'refuse topic-too-long'],
]

const will: readonly Row[] = [
  [`${T}/presence`, 'allow 1'],
  [`${T}/presence`, 'allow 1', { retain: true }],
  [`${T}/presence`, 'allow 1', QOS0],
  [`${T}/presence`, 'allow 1', QUARANTINED],
  [`${T}/presence`, 'allow 1', { bytes: 4_096 }],
  [`${T}/presence`, 'refuse will-too-large', { bytes: 4_097 }],
  [`${T}/presence`, 'refuse qos-2', { qos: 2 }],
  [`${T}/result`, 'refuse foreign-will'],
  [`${T}/reported/os`, 'refuse foreign-will'],
  [`${T}/desired/os`, 'refuse foreign-will'],
  [`${T}/presence/`, 'refuse foreign-will'],
  [`${T}/`, 'refuse foreign-will'],
  ['muster/1/plant/host-0000000b/presence', 'refuse foreign-will'],
  ['muster/1/other/host-0000000a/presence', 'refuse foreign-will'],
  ['muster/1/plant/host-0000000a0/presence', 'refuse foreign-will'],
  ['muster/1/plant/+/presence', 'refuse foreign-will'],
  ['$SYS/x', 'refuse foreign-will'],
  ['', 'refuse foreign-will'],
  ['#', 'refuse foreign-will'],
  ['a'.repeat(10_000), 'refuse foreign-will'],
]

const shown = (rows: readonly Row[]) =>
  rows.map(([text, expected, more]) => ({
    expected,
    more,
    text,
    name: `${text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80)} ${JSON.stringify(more ?? {})}`,
  }))

describe('the table of access', () => {
  it('has enough rows to mean something', () => {
    expect(publish.length + subscribe.length + will.length).toBeGreaterThan(200)
  })

  it.each(shown(publish))('publish $name: $expected', ({ text, expected, more }) => {
    expect(verdict('publish', text, more)).toBe(expected)
  })

  it.each(shown(subscribe))('subscribe $name: $expected', ({ text, expected, more }) => {
    expect(verdict('subscribe', text, more)).toBe(expected)
  })

  it.each(shown(will))('will $name: $expected', ({ text, expected, more }) => {
    expect(verdict('will', text, more)).toBe(expected)
  })
})

describe('access, whatever is asked', () => {
  const segment = fc.constantFrom(
    'muster',
    '1',
    'plant',
    'host-0000000a',
    'host-0000000b',
    'desired',
    'os',
    '+',
    '#',
    '',
  )
  const text = fc.oneof(
    fc.array(segment, { maxLength: 9 }).map(parts => parts.join('/')),
    fc.array(segment, { maxLength: 4 }).map(parts => `${T}/${parts.join('/')}`),
    fc.string(),
  )

  it('never lets anything be published outside the own tree', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 2 }), (topic, qos) => {
        const decision = verdict('publish', topic, { qos })
        if (!topic.startsWith(`${T}/`)) expect(decision).toMatch(/^disconnect/)
        expect(decision).not.toMatch(/^refuse/)
      }),
    )
  })

  it('grants four filters and no other', () => {
    fc.assert(
      fc.property(text, filter => {
        expect(verdict('subscribe', filter).startsWith('allow')).toBe(hostFilters(ME).includes(filter))
      }),
    )
  })
})

describe('delivery', () => {
  const topic = (text: string): Topic => parseTopic(text)!

  it.each<[string, Standing, boolean]>([
    [`${T}/desired/os`, 'active', true],
    [`${T}/command/power`, 'active', true],
    [`${T}/receipt`, 'active', true],
    [`${T}/stream/${OPEN}/down`, 'active', true],
    [`${T}/desired/certificates`, 'quarantined', true],
    [`${T}/command/certificates`, 'quarantined', true],
    [`${T}/receipt`, 'quarantined', true],
    [`${T}/desired/os`, 'quarantined', false],
    [`${T}/command/power`, 'quarantined', false],
    [`${T}/stream/${OPEN}/down`, 'quarantined', false],
    [`${T}/presence`, 'active', false],
    [`${T}/reported/os`, 'active', false],
    [`${T}/result`, 'active', false],
    [`${T}/telemetry/cpu-load`, 'active', false],
    [`${T}/stream/${OPEN}/up`, 'active', false],
    ['muster/1/plant/host-0000000b/desired/os', 'active', false],
    ['muster/1/other/host-0000000a/desired/os', 'active', false],
  ])('of %s to a host that is %s: %s', (text, standing, expected) => {
    expect(mayDeliver(ME, standing, topic(text))).toBe(expected)
  })
})
