// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ALL_LAN, cutsUntil, parseNetworks, profileFor } from '../../../simulator/network-profiles.ts'
import { eventLogOf } from '../../../simulator/scenario/event-log.ts'
import { planOf } from '../../../simulator/scenario/plan.ts'
import { parseScenario, readScenario, shippedScenarios } from '../../../simulator/scenario/read.ts'
import { htmlReport } from '../../../simulator/scenario/report/html.ts'
import { verdictOf } from '../../../simulator/scenario/verdict.ts'

const NAMES = [
  'amt-tunnels',
  'broker-restart',
  'clock-skew',
  'clone-wave',
  'cold-start',
  'controller-crash',
  'half-open-links',
  'mass-reboot',
  'site-outage',
]

const options = { hosts: 100, short: true }

function logOf(name: string, seed: string, network = ALL_LAN) {
  const plan = planOf(readScenario(name), { ...options, seed })
  const outcomes = [{ host: 1, settled: true, commands: 2, ended: 2, twice: 0, late: 0 }]
  const held = plan.phases.map(() => true)
  return eventLogOf({ scenario: name, seed, hosts: 100, short: true, network, plan, held, outcomes })
}

describe('the scenarios that come with the simulator', () => {
  it('are all there, and each says in a sentence what it is about', () => {
    expect(shippedScenarios().map(({ name }) => name)).toEqual(NAMES)
    for (const { about } of shippedScenarios()) expect(about).toMatch(/^[A-Z].*\.$/)
  })

  it.each(NAMES)('%s ends with every host settled', name => {
    const asked = readScenario(name).steps.flatMap(step => (step.do === 'expect' ? [step] : []))
    expect(asked.some(({ that, hosts = 'all' }) => that === 'settled' && hosts === 'all')).toBe(true)
  })
})

describe('the event log', () => {
  it.each(NAMES)('of %s is the same for the same seed, and another for another', name => {
    expect(logOf(name, 'one')).toEqual(logOf(name, 'one'))
    expect(logOf(name, 'one').digest).not.toBe(logOf(name, 'two').digest)
  })

  it('is one JSON object a line, ordered by virtual time and host', () => {
    const events = logOf('mass-reboot', 'one', parseNetworks('lan=50,flapping=50'))
      .text.trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    const order = events.map(({ at, host = 0 }) => at * 1_000 + host)

    expect(order).toEqual([...order].sort((one, other) => one - other))
    expect(new Set(events.map(({ kind }) => kind))).toEqual(
      new Set(['0-scenario', 'network', 'command', 'power-cut', 'boot', 'expect', 'outcome']),
    )
  })

  it('differs when an outcome or an expectation does', () => {
    const plan = planOf(readScenario('cold-start'), { ...options, seed: 's' })
    const base = { scenario: 'cold-start', seed: 's', hosts: 100, short: true, network: ALL_LAN, plan, outcomes: [] }
    const held = plan.phases.map(() => true)

    expect(eventLogOf({ ...base, held }).digest).not.toBe(eventLogOf({ ...base, held: [false, true] }).digest)
  })
})

describe('a plan', () => {
  it('draws groups that share no host, by their share', () => {
    const { groups } = planOf(readScenario('clock-skew'), { ...options, seed: 's' })
    const { all = [], ahead = [], behind = [], others = [], ...far } = groups

    expect([all.length, ahead.length, behind.length, others.length]).toEqual([100, 10, 10, 70])
    const parts = [ahead, behind, others, ...Object.values(far)].flat()
    expect(parts.sort((one, other) => one - other)).toEqual(all)
  })

  it('cuts AMT at each message in turn', () => {
    const { phases } = planOf(readScenario('amt-tunnels'), { hosts: 1_000, short: true, seed: 's' })
    const acts = phases.flatMap(({ entries }) => entries.map(({ act }) => act))
    const cuts = acts.flatMap(act => (act.do === 'cut-amt' ? [act] : []))

    expect(new Set(cuts.map(({ message }) => message))).toEqual(new Set(Array.from({ length: 18 }, (_, at) => at + 1)))
    expect(new Set(cuts.map(({ when }) => when))).toEqual(new Set(['before', 'after', 'reply']))
  })

  it('starts a controller again after it has ended it', () => {
    const { phases } = planOf(readScenario('broker-restart'), { ...options, seed: 's' })
    const acts = phases.flatMap(({ entries }) => entries).filter(({ act }) => act.do === 'controller')

    expect(acts.map(({ at, act }) => [at, act])).toEqual([
      [1_000, { do: 'controller', act: 'stop' }],
      [2_000, { do: 'controller', act: 'start' }],
    ])
  })

  it('waits longer for fleets of more than a thousand', () => {
    const waits = [100, 1_000, 5_000].map(hosts =>
      planOf(readScenario('broker-restart'), { hosts, short: true, seed: 's' }).phases.map(
        ({ expect }) => expect?.withinMs,
      ),
    )

    expect(waits).toEqual([
      [60_000, 60_000],
      [60_000, 60_000],
      [140_000, 140_000],
    ])
  })
})

describe('a scenario file', () => {
  const file = (steps: string) => `title: t\nabout: a\ngroups:\n  some: 10%\nsteps:\n${steps}`

  it.each([
    ['steps: [', 'mine.yaml:1: '],
    [file('  - do: dance\n'), 'mine.yaml:6: steps.0.do must be one of cut, unplug'],
    [file('  - do: cut\n    hosts: some\n  - do: cut\n'), 'mine.yaml:8: steps.1 must have required properties hosts'],
    [file('  - do: wait\n    for: soon\n'), 'mine.yaml:7: steps.0.for '],
    [file('  - do: cut\n    hosts: none\n'), 'mine.yaml:7: steps.0.hosts names no group; there are all, others, some'],
    [file('  - do: cut\n    hosts: some\n    force: 9\n'), 'mine.yaml:6: steps.0 has members it does not know: force'],
    ['title: t\ntitle: u\n', 'mine.yaml:2: Map keys must be unique'],
  ])('that is wrong is refused with its line: %#', (text, message) => {
    expect(() => parseScenario(text, 'mine')).toThrow(message)
  })

  it('that is not there is told with those that are', () => {
    expect(() => readScenario('sunny-day')).toThrow(/sunny-day; there are amt-tunnels, /)
    expect(() => readScenario('./sunny-day.yaml')).toThrow('./sunny-day.yaml cannot be read (ENOENT)')
  })
})

describe('kinds of network', () => {
  it('are spread over the numbers by their shares', () => {
    const shares = parseNetworks('lan=70,cellular=30')
    const names = Array.from({ length: 200 }, (_, at) => profileFor('s', at + 1, shares))

    expect(names.filter(name => name === 'cellular').length).toBeGreaterThan(55)
    expect(names.filter(name => name === 'cellular').length).toBeLessThan(65)
    expect(names.every(name => name === 'lan' || name === 'cellular')).toBe(true)
  })

  it('fail at moments that the seed has drawn for each host', () => {
    const cuts = (number: number) => cutsUntil({ seed: 's', number, profile: 'flapping' }, 600_000)

    expect(cuts(1)).toEqual(cuts(1))
    expect(cuts(1)).not.toEqual(cuts(2))
    expect(cuts(1).length).toBeGreaterThan(5)
    expect(cutsUntil({ seed: 's', number: 1, profile: 'lan' }, 86_400_000)).toEqual([])
  })

  it.each([
    ['lan=50', 'add up to 50'],
    ['lan=50,pigeon=50', '`pigeon=50` is no network; there are lan, wifi, cellular, satellite, flapping'],
  ])('%s is refused', (text, message) => {
    expect(() => parseNetworks(text)).toThrow(message)
  })
})

describe('the verdict', () => {
  const end = (id: string, state: string) => ({ id, state, createdAt: '2026-01-01T00:00:00Z', finishedAt: undefined })
  const accepted = ['a', 'b', 'c', 'd', 'e'].map(id => ({ id, host: 1, expiresAt: 1_000 }))
  const ends = new Map(
    [end('a', 'succeeded'), end('b', 'succeeded'), end('c', 'sent'), end('d', 'expired'), end('e', 'succeeded')].map(
      each => [each.id, each],
    ),
  )
  const run = (id: string, at = 500) => ({ id, host: 1, at })

  it('names what was lost, run twice, run late, and what the two sides tell differently', () => {
    const runs = [run('a'), run('a', 700), run('b', 2_100), run('c'), run('d')]

    expect(verdictOf({ accepted, ends, runs, isComplete: true })).toMatchObject({
      accepted: 5,
      ends: { succeeded: 3, sent: 1, expired: 1 },
      missing: ['c'],
      twice: ['a'],
      late: ['b'],
      contradicted: ['d', 'e'],
    })
  })
})

describe('the page of a report', () => {
  it('asks nothing of any other address, and escapes what was typed', () => {
    const page = htmlReport({
      request: {
        count: 3,
        url: 'https://ctl:8443',
        token: 'secret',
        tokenFile: undefined,
        seed: '<script>',
        dir: undefined,
        shares: undefined,
        model: undefined,
        network: undefined,
        processes: 1,
        reportIntervalMs: undefined,
        verbose: false,
      },
      results: [],
    })

    expect(page).toContain("default-src 'none'")
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toMatch(/<script|src=|https?:\/\/|secret/)
    expect(page).toContain('intervals of the agents as shipped')
  })
})
