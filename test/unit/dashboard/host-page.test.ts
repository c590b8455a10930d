// SPDX-License-Identifier: Apache-2.0
/** What the page of a host makes of what it reads: spans of time, ticks, ways to power, lines of a timeline, words. */
import { describe, expect, it } from 'vitest'
import { spansWithin, summaryOf } from '../../../controller/web/app/kit/spans.ts'
import { jsonPath, spelled } from '../../../controller/web/app/kit/spell.ts'
import { ticksOf } from '../../../controller/web/app/kit/ticks.ts'
import { duration } from '../../../controller/web/app/modules/kernel/host/acts.ts'
import { binaryBytes, decimalBytes, labelsOf } from '../../../controller/web/app/modules/kernel/host/facts.ts'
import { happenings } from '../../../controller/web/app/modules/kernel/host/happenings.ts'
import { agentPath } from '../../../controller/web/app/modules/kernel/host/power.ts'
import { actionsOf, choose, waysOf } from '../../../controller/web/app/modules/kernel/host/power-choice.ts'
import { leavesByDay, presenceSpans } from '../../../controller/web/app/modules/kernel/host/presence.ts'
import { beginning, hasMembers, schemaLines } from '../../../controller/web/app/modules/kernel/host/schema.ts'
import type { PowerPath } from '../../../controller/web/app/modules/pages.ts'
import { Windows } from '../../../plugins/contract/window.ts'

const host = (more: object = {}): any => ({
  resourceId: 'host-1a2b3c4d',
  currentState: 'HOST_STATE_ONBOARDED',
  presence: { online: true, standing: 'active' },
  capabilities: [{ section: 'power', supported: true }],
  denies: [],
  metadata: [],
  ...more,
})

describe('spans of time', () => {
  it('are cut to the window and never bridge what is not known', () => {
    const spans = spansWithin(
      [
        { from: -50, until: 20, state: 'online' },
        { from: 30, until: 60, state: 'offline' },
      ],
      { from: 0, until: 100 },
    )

    expect(spans.map(({ from, until, state }) => `${from}-${until} ${state}`)).toEqual([
      '0-20 online',
      '20-30 unknown',
      '30-60 offline',
      '60-100 unknown',
    ])
    expect(summaryOf(spans)).toEqual({ share: 0.4, gaps: 1 })
  })

  it('say nothing of a time that nobody knows', () => {
    expect(summaryOf(spansWithin([], { from: 0, until: 10 }))).toEqual({ share: undefined, gaps: 0 })
  })

  it('come from the history: who never connected is not offline', () => {
    const at = '2026-11-21T04:00:00.000Z'
    const states = [
      { online: true },
      { online: false, reason: 'rebooting' },
      { online: false, reason: 'lost' },
      { online: false, reason: 'never-connected' },
    ]

    expect(
      presenceSpans(
        states.map(value => ({ at, value })),
        Date.parse(at) + 1,
      ).map(({ state }) => state),
    ).toEqual(['online', 'asleep', 'offline', 'unknown'])
  })

  it('count how often it went away by day, and nothing for days before it was known', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    const hour = 3_600_000
    const spans = [
      { from: now - 30 * hour, until: now - 5 * hour, state: 'online' as const },
      { from: now - 5 * hour, until: now - 4 * hour, state: 'offline' as const },
      { from: now - 4 * hour, until: now, state: 'online' as const },
    ]

    expect(leavesByDay(spans, now, 3).map(({ value }) => value)).toEqual([undefined, 0, 1])
  })
})

describe('the ticks of a command', () => {
  const command = { createdAt: '2026-11-21T04:00:00.000Z', expiresAt: '2026-11-21T04:02:00.000Z' }
  const sentAt = '2026-11-21T04:00:01.000Z'
  const states = (of: Parameters<typeof ticksOf>[0]) => ticksOf(of).checks.map(({ state }) => state)

  it('follow it from the controller to the host', () => {
    expect(states({ ...command, state: 'queued' })).toEqual(['done', 'now', 'waiting'])
    expect(states({ ...command, state: 'sent', sentAt })).toEqual(['done', 'done', 'now'])
    expect(states({ ...command, state: 'succeeded', sentAt, finishedAt: sentAt })).toEqual(['done', 'done', 'done'])
    expect(states({ ...command, state: 'failed', sentAt, finishedAt: sentAt })).toEqual(['done', 'done', 'failed'])
  })

  it('tell one that nobody took from one that the host took and never answered', () => {
    const untaken = ticksOf({ ...command, state: 'expired' })
    const unanswered = ticksOf({ ...command, state: 'expired', sentAt })

    expect(untaken.checks.map(({ state }) => state)).toEqual(['done', 'failed', 'skipped'])
    expect(untaken.ending).toContain('nothing was done')
    expect(unanswered.ending).toContain('never told')
  })
})

describe('the way to power a host', () => {
  const amt: PowerPath = {
    ...agentPath,
    id: 'amt',
    title: 'via AMT',
    order: 20,
    usable: () => ({ actions: ['on', 'off', 'reset', 'reboot'] }),
  }
  const may = () => true

  it('is the agent while the host is there', () => {
    const { ways } = choose(waysOf(host(), [amt, agentPath], may), 'reboot')

    expect(ways.map(({ path }) => path.id)).toEqual(['agent', 'amt'])
  })

  it('is one that need not wait while the host is away', () => {
    const away = host({ presence: { online: false, standing: 'active', reason: 'lost' } })

    expect(choose(waysOf(away, [agentPath, amt], may), 'reboot').ways.map(({ path }) => path.id)).toEqual([
      'amt',
      'agent',
    ])
  })

  it('says of each other way why not', () => {
    const ways = waysOf(host(), [agentPath, amt], may)

    expect(choose(ways, 'on').others).toEqual([{ path: agentPath, why: expect.stringContaining('Switch on') }])
    expect(actionsOf(ways)).toEqual(['on', 'reboot', 'shutdown', 'reset', 'off'])
  })

  it.each([
    [{ currentState: 'HOST_STATE_UNTRUSTED' }, 'revoked'],
    [{ presence: undefined }, 'never connected'],
    [{ presence: { online: true, standing: 'quarantined' } }, 'quarantined'],
    [{ capabilities: [] }, 'no plugin'],
    [{ capabilities: [{ section: 'power', supported: false, why: 'in a container' }] }, 'in a container'],
    [{ denies: ['power/*'] }, 'forbids'],
    [{ denies: ['*/*'] }, 'forbids'],
  ])('is not the agent for %o', (more, why) => {
    expect(agentPath.usable(host(more))).toEqual({ actions: [], why: expect.stringContaining(why) })
  })

  it('is only that act which the owner does not forbid', () => {
    expect(agentPath.usable(host({ denies: ['power/reboot', 'terminal/*'] })).actions).toEqual(['shutdown'])
  })
})

describe('the timeline', () => {
  const event = (id: number, type: string, data: object = {}, subject = 'host-1a2b3c4d'): any => ({
    id,
    at: `2026-11-21T04:00:${String(id).padStart(2, '0')}.000Z`,
    project: 'default',
    type,
    subject,
    data,
  })
  const lines = (sources: object): readonly any[] =>
    happenings({ host: 'host-1a2b3c4d', events: [], commands: [], statuses: [], titles: new Map(), ...sources })

  it('is newest first, with a line for a report that was made again and again', () => {
    const report = { section: 'os', status: 'settled', revision: 0 }
    const items = lines({
      events: [
        event(9, 'document.reported', report),
        event(8, 'document.reported', report),
        event(7, 'host.online'),
        event(6, 'document.reported', report),
      ],
    })

    expect(items.map(({ text, more }) => [text, more])).toEqual([
      ['os reported: settled', '2 times'],
      ['Came online', undefined],
      ['os reported: settled', undefined],
    ])
  })

  it('links to causes and marks what failed', () => {
    const [failed, wanted] = lines({
      events: [
        event(
          2,
          'command.finished',
          { section: 'power', name: 'reboot', state: 'failed', by: 'ada' },
          '01JD2Z9B3Q8V5K7M4N6P0R2S4T',
        ),
        event(1, 'document.desired', { section: 'maintenance', revision: 3, by: 'ada' }),
      ],
    })

    expect(failed).toMatchObject({
      kind: 'failed',
      more: 'ada',
      to: expect.stringContaining('command=01JD2Z9B3Q8V5K7M4N6P0R2S4T'),
    })
    expect(wanted).toMatchObject({ to: expect.stringContaining('tab=config&section=maintenance') })
  })

  it('goes on with the history where events are no longer kept', () => {
    const items = lines({
      events: [event(30, 'host.online')],
      statuses: [
        { at: '2026-11-21T04:00:30.000Z', value: { text: 'Running', indicator: 'IDLE' } },
        { at: '2026-11-20T04:00:00.000Z', value: { text: 'Connection lost', indicator: 'ERROR' } },
      ],
    })

    expect(items.map(({ text }) => text)).toEqual(['Came online', 'Status: Connection lost'])
  })

  it('says what an event is by its title where it has no sentence', () => {
    const [item] = lines({
      events: [event(1, 'oob.amt', { says: 'Provisioned' })],
      titles: new Map([['oob.amt', 'AMT changed']]),
    })

    expect(item).toMatchObject({ text: 'AMT changed', more: 'Provisioned' })
  })
})

describe('words for figures', () => {
  it('count memory in binary units and disks in decimal ones', () => {
    expect(binaryBytes('16698831872')).toBe('15.6 GiB')
    expect(decimalBytes('128035676160')).toBe('128 GB')
    expect(binaryBytes('0')).toBeUndefined()
    expect(decimalBytes('nonsense')).toBeUndefined()
  })

  it('spell lengths of time as the command line takes them', () => {
    expect([120_000, 3_600_000, 86_400_000, 90_000].map(duration)).toEqual(['2m', '1h', '24h', '90s'])
  })

  it('spell paths as jsonpath takes them, and nothing unseen as it is', () => {
    expect(jsonPath(['hostNics', 0, 'mtu'])).toBe('.hostNics[0].mtu')
    expect(jsonPath(['a b', "it's"])).toBe('["a b"]["it\'s"]')
    expect(spelled('a\u202eb\u0007\u200b')).toBe('"a\\u202eb\\u0007\\u200b"')
  })

  it('say where each label comes from, its own winning', () => {
    const labels = labelsOf(
      host({
        metadata: [{ key: 'line', value: '4' }],
        inheritedMetadata: [{ key: 'plant', value: 'lyon' }],
        metadataSources: [
          { key: 'line', value: '4', source: 'host-1a2b3c4d' },
          { key: 'plant', value: 'lyon', source: 'region-1a2b3c4d' },
        ],
      }),
    )

    expect(labels).toEqual([
      { key: 'line', value: '4', source: undefined },
      { key: 'plant', value: 'lyon', source: 'region-1a2b3c4d' },
    ])
  })
})

describe('the schema of a section', () => {
  const schema = JSON.parse(JSON.stringify(Windows))

  it('is told member by member', () => {
    expect(schemaLines(schema).map(({ path, isRequired }) => `${path}${isRequired ? '' : '?'}`)).toEqual([
      '/timeZone',
      '/windows',
      '/windows/*',
      '/windows/*/days',
      '/windows/*/days/*',
      '/windows/*/from',
      '/windows/*/to',
    ])
    expect(hasMembers({ type: 'object', properties: {} })).toBe(false)
    expect(hasMembers({})).toBe(true)
  })

  it('gives a beginning with what is reported of it', () => {
    expect(beginning(schema, { windows: { timeZone: 'UTC', windows: [] }, open: true })).toEqual({
      timeZone: 'UTC',
      windows: [],
    })
    expect(beginning(schema, undefined)).toEqual({ timeZone: '', windows: [] })
  })
})
