// SPDX-License-Identifier: Apache-2.0
/** Single and repeated schedules over the API: their rules, who inherits them, and when they open. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { misfits } from '../support/eim.ts'
import { type ProjectCalls, projectCalls } from '../support/project-calls.ts'
import { enrollWire, messageId, openWire } from '../support/wire-host.ts'

let test: TestController
let ours: ProjectCalls
let theirs: ProjectCalls
let [outer, inner, site, host, loner] = ['', '', '', '', '']

beforeAll(async () => {
  test = await startTestController()
  ours = await projectCalls(test, 'ours')
  theirs = await projectCalls(test, 'theirs')
  outer = (await ours.made('regions', { name: 'north' })).resourceId
  inner = (await ours.made('regions', { name: 'north east', parentId: outer })).resourceId
  site = (await ours.made('sites', { name: 'plant', regionId: inner })).resourceId
  host = await ours.host('press-1')
  loner = await ours.host('press-2')
  expect((await ours.patch(`compute/hosts/${host}`, { siteId: site })).status).toBe(200)
})
afterAll(() => test.stop())

const SINGLE = 'schedules/single'
const REPEATED = 'schedules/repeated'
const now = (): number => Math.floor(Date.now() / 1_000)
const single = (more: object = {}) => ({
  name: 'once',
  scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
  startSeconds: now() + 3_600,
  ...more,
})
const repeated = (more: object = {}) => ({
  name: 'nightly',
  scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
  durationSeconds: 3_600,
  cronMinutes: '0',
  cronHours: '3',
  cronDayMonth: '*',
  cronMonth: '*',
  cronDayWeek: '*',
  ...more,
})

describe('single schedules', () => {
  it('are made, read, changed, replaced and deleted', async () => {
    const schedule = await ours.made(SINGLE, single({ targetHostId: host, endSeconds: now() + 7_200 }))
    const path = `${SINGLE}/${schedule.resourceId}`

    expect(schedule).toMatchObject({
      name: 'once',
      targetHost: { resourceId: host },
      singleScheduleID: schedule.resourceId,
    })
    expect(schedule.resourceId).toMatch(/^singlesche-[0-9a-f]{8}$/)
    expect(schedule.targetHostId).toBe(schedule.targetHost?.resourceId ?? '')
    expect(misfits('SingleScheduleResource', schedule)).toEqual([])
    expect((await ours.get(path)).body).toMatchObject({ resourceId: schedule.resourceId })
    expect((await ours.patch(path, { name: 'renamed' })).body).toMatchObject({
      name: 'renamed',
      endSeconds: schedule.endSeconds,
    })
    const moved = (await ours.patch(path, { targetSiteId: site })).body
    expect(moved).toMatchObject({ targetSite: { resourceId: site, name: 'plant' } })
    expect(moved).not.toHaveProperty('targetHost')
    const open = await ours.put(path, single({ targetRegionId: outer }))
    expect(open.body).toMatchObject({ targetRegion: { resourceId: outer } })
    expect(open.body).not.toHaveProperty('endSeconds')
    expect((await ours.put(path, open.body)).status).toBe(200)
    expect((await ours.remove(path)).body).toEqual({})
    expect((await ours.get(path)).status).toBe(404)
  })

  it.each([
    ['a start in the past', () => single({ targetHostId: host, startSeconds: now() - 60 }), 'startSeconds'],
    ['a start right now', () => single({ targetHostId: host, startSeconds: now() }), 'startSeconds'],
    ['no start', () => single({ targetHostId: host, startSeconds: undefined }), 'startSeconds'],
    ['a start of nothing', () => single({ targetHostId: host, startSeconds: 0 }), 'startSeconds'],
    ['an end before the start', () => single({ targetHostId: host, endSeconds: now() + 60 }), 'endSeconds'],
    ['no target', () => single(), 'targetHostId'],
    ['empty targets', () => single({ targetHostId: '', targetSiteId: '' }), 'targetHostId'],
    ['two targets', () => single({ targetHostId: host, targetSiteId: site }), 'targetSiteId'],
    ['no kind', () => single({ targetHostId: host, scheduleStatus: undefined }), 'scheduleStatus'],
    [
      'an unknown kind',
      () => single({ targetHostId: host, scheduleStatus: 'SCHEDULE_STATUS_PARTY' }),
      'scheduleStatus',
    ],
    ['a member nobody knows', () => single({ targetHostId: host, colour: 'red' }), 'colour'],
    ['an id of another kind', () => single({ targetHostId: site }), 'targetHostId'],
  ])('are refused with %s', async (_what, body, word) => {
    const answer = await ours.post(SINGLE, body())

    expect(answer.body).toMatchObject({ status: 400, code: 'invalid' })
    expect(answer.text).toContain(word)
  })

  it('are refused for what is not there', async () => {
    const answer = await ours.post(SINGLE, single({ targetHostId: 'host-00000000' }))

    expect(answer.body).toMatchObject({ status: 400, code: 'reference-unknown' })
  })

  it.each(['SHIPPING', 'FIRMWARE_UPDATE', 'CLUSTER_UPDATE'])('may be for %s too', async kind => {
    const schedule = await ours.made(SINGLE, single({ targetHostId: host, scheduleStatus: `SCHEDULE_STATUS_${kind}` }))

    expect((await ours.remove(`${SINGLE}/${schedule.resourceId}`)).status).toBe(200)
  })

  it('cannot be changed into what they could not be made as', async () => {
    const { resourceId, startSeconds } = await ours.made(SINGLE, single({ targetHostId: host }))
    const path = `${SINGLE}/${resourceId}`

    expect((await ours.patch(path, { endSeconds: startSeconds })).status).toBe(400)
    expect((await ours.patch(path, { targetHostId: '' })).status).toBe(400)
    expect((await ours.patch(path, { endSeconds: startSeconds + 1 })).status).toBe(200)
    expect((await ours.patch(`${path}?fieldMask=endSeconds`, {})).body).not.toHaveProperty('endSeconds')
    await ours.remove(path)
  })
})

describe('repeated schedules', () => {
  it('are made, read, changed, replaced and deleted', async () => {
    const schedule = await ours.made(REPEATED, repeated({ targetSiteId: site, timezone: 'Europe/Berlin' }))
    const path = `${REPEATED}/${schedule.resourceId}`

    expect(schedule).toMatchObject({
      ...repeated(),
      timezone: 'Europe/Berlin',
      targetSite: { resourceId: site },
      repeatedScheduleID: schedule.resourceId,
    })
    expect(misfits('RepeatedScheduleResource', schedule)).toEqual([])
    expect((await ours.patch(path, { cronMinutes: '0,30' })).body.cronMinutes).toBe('0,30')
    expect((await ours.patch(`${path}?fieldMask=cron_hours`, { cronHours: '4', name: 'no' })).body).toMatchObject({
      cronHours: '4',
      name: 'nightly',
    })
    const replaced = (await ours.put(path, repeated({ targetHostId: host }))).body
    expect(replaced).toMatchObject({ targetHost: { resourceId: host }, cronMinutes: '0' })
    expect(replaced).not.toHaveProperty('timezone')
    expect((await ours.remove(path)).body).toEqual({})
  })

  it.each([
    ['no length', { durationSeconds: 0 }],
    ['more than a day', { durationSeconds: 86_401 }],
    ['a range', { cronHours: '1-4' }],
    ['a step', { cronMinutes: '*/5' }],
    ['minute 60', { cronMinutes: '60' }],
    ['hour 24', { cronHours: '24' }],
    ['day 32', { cronDayMonth: '32' }],
    ['month 0', { cronMonth: '0' }],
    ['weekday 7', { cronDayWeek: '7' }],
    ['an empty field', { cronDayWeek: '' }],
    ['a missing field', { cronMonth: undefined }],
    ['a zone nobody knows', { timezone: 'Mars/Olympus' }],
    ['an offset for a zone', { timezone: '+02:00' }],
    ['two targets', { targetRegionId: 'region-00000000' }],
  ])('are refused with %s', async (_what, more) => {
    expect((await ours.post(REPEATED, repeated({ targetSiteId: site, ...more }))).status).toBe(400)
  })
})

describe('the schedules that hold', () => {
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    const once = async (target: object, more: object = {}) =>
      (await ours.made(SINGLE, single({ ...target, ...more }))).resourceId
    ids.host = await once({ targetHostId: host })
    ids.site = await once({ targetSiteId: site }, { startSeconds: now() + 100, endSeconds: now() + 200 })
    ids.outer = await once({ targetRegionId: outer }, { scheduleStatus: 'SCHEDULE_STATUS_SHIPPING' })
    ids.loner = await once({ targetHostId: loner })
    ids.weekly = (
      await ours.made(REPEATED, repeated({ targetRegionId: inner, cronDayWeek: '1', timezone: 'Europe/Berlin' }))
    ).resourceId
  })

  const named = (...names: string[]): string[] => names.map(name => ids[name] ?? '').sort()
  async function both(query: string): Promise<string[]> {
    const answer = await ours.get(`schedules?${query}`)
    expect(answer.status, answer.text).toBe(200)
    const { singleSchedules, repeatedSchedules, totalElements } = answer.body
    expect(totalElements).toBe(singleSchedules.length + repeatedSchedules.length)
    return [...singleSchedules, ...repeatedSchedules].map((each: any) => each.resourceId).sort()
  }

  it('for a host are its own and those of its site and regions', async () => {
    expect(await both(`hostId=${host}`)).toEqual(named('host', 'site', 'outer', 'weekly'))
    expect(await both(`hostId=${loner}`)).toEqual(named('loner'))
    expect(await both(`siteId=${site}`)).toEqual(named('site', 'outer', 'weekly'))
    expect(await both(`regionId=${inner}`)).toEqual(named('outer', 'weekly'))
    expect(await both(`regionId=${outer}`)).toEqual(named('outer'))
    expect(await both('')).toEqual(named('host', 'site', 'outer', 'loner', 'weekly'))
    expect((await ours.get(`${SINGLE}?hostId=${host}`)).body).toMatchObject({ totalElements: 3, hasNext: false })
    expect((await ours.get(`${REPEATED}?hostId=${host}`)).body.repeatedSchedules).toMatchObject([
      { resourceId: ids.weekly },
    ])
  })

  it('at a time are those that are open then', async () => {
    const monday = Date.parse('2027-03-29T01:30:00Z') / 1_000 // 03:30 in Berlin, the day after the clocks changed

    expect(await both(`hostId=${host}&unixEpoch=${now() + 150}`)).toEqual(named('site'))
    expect(await both(`unixEpoch=${now() + 3_700}`)).toEqual(named('host', 'outer', 'loner'))
    expect((await ours.get(`${REPEATED}?unixEpoch=${monday}`)).body.totalElements).toBe(1)
    expect((await ours.get(`${REPEATED}?unixEpoch=${monday + 3_600}`)).body.totalElements).toBe(0)
    expect((await ours.get(`${SINGLE}?unixEpoch=${now()}`)).body.totalElements).toBe(0)
  })

  it('are given in pages that miss nothing', async () => {
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body }: any = await ours.get(`schedules?pageSize=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(body.totalElements).toBe(5)
      expect(body.hasNext).toBe(body.nextCursor !== undefined)
      for (const each of [...body.singleSchedules, ...body.repeatedSchedules]) seen.push(each.resourceId)
      cursor = body.nextCursor
    }

    expect(seen).toHaveLength(5)
    expect(seen.toSorted()).toEqual(named('host', 'site', 'outer', 'loner', 'weekly'))
    expect((await ours.get('schedules?pageSize=2&offset=4')).body).toMatchObject({
      hasNext: false,
      singleSchedules: [],
    })
    expect((await ours.get('schedules?cursor=nonsense')).body.code).toBe('cursor-invalid')
  })

  it.each([
    'hostId=site-00000000',
    'unixEpoch=soon',
    'unixEpoch=-1',
    'pageSize=0',
    'colour=red',
    'hostId=host-00000001&siteId=site-00000001',
  ])('cannot be asked for with %s', async query => {
    for (const path of ['schedules', SINGLE, REPEATED]) expect((await ours.get(`${path}?${query}`)).status).toBe(400)
  })

  it('of a host that is not there are not found', async () => {
    expect((await ours.get('schedules?hostId=host-00000000')).status).toBe(404)
    expect((await theirs.get(`schedules?hostId=${host}`)).status).toBe(404)
  })

  it('come next in order, in UTC and in their local time', async () => {
    const { body } = await ours.get(`schedules/upcoming?hostId=${host}&count=4`)

    expect(body.occurrences.map((each: any) => each.scheduleId)).toContain(ids.site)
    expect(body.occurrences.map((each: any) => each.startSeconds)).toEqual(
      body.occurrences.map((each: any) => each.startSeconds).toSorted((a: number, b: number) => a - b),
    )
    const weekly = body.occurrences.find((each: any) => each.scheduleId === ids.weekly)
    expect(weekly).toMatchObject({
      scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
      targetId: inner,
      timezone: 'Europe/Berlin',
      open: false,
    })
    expect(weekly.localStart).toMatch(/T03:00:00\+0[12]:00$/)
    expect(Date.parse(weekly.startTime)).toBe(Date.parse(weekly.localStart))
    expect(weekly.endSeconds - weekly.startSeconds).toBe(3_600)
    expect((await ours.get('schedules/upcoming?count=101')).status).toBe(400)
  })

  it('hold the places they are for', async () => {
    expect((await ours.remove(`regions/${outer}`)).body.code).toBe('in-use')
    expect((await ours.remove(`sites/${site}`)).status).toBe(409)
  })

  it('are not seen from another project', async () => {
    for (const path of [`${SINGLE}/${ids.host}`, `${REPEATED}/${ids.weekly}`]) {
      expect((await theirs.get(path)).status).toBe(404)
      expect((await theirs.patch(path, { name: 'mine' })).status).toBe(404)
      expect((await theirs.remove(path)).status).toBe(404)
    }
    expect((await theirs.get('schedules')).body).toEqual({
      singleSchedules: [],
      repeatedSchedules: [],
      totalElements: 0,
      hasNext: false,
    })
    expect((await theirs.get('schedules/upcoming')).body.occurrences).toEqual([])
  })
})

describe('an open-ended window', () => {
  it('is open until its schedule is ended or deleted', async () => {
    const { resourceId, startSeconds } = await ours.made(SINGLE, single({ targetHostId: loner, name: 'open' }))
    const openAt = async (at: number): Promise<boolean> => {
      const { body } = await ours.get(`${SINGLE}?hostId=${loner}&unixEpoch=${at}`)
      return body.singleSchedules.some((each: any) => each.resourceId === resourceId)
    }

    expect(await openAt(startSeconds + 1_000_000)).toBe(true)
    await ours.patch(`${SINGLE}/${resourceId}`, { endSeconds: startSeconds + 10 })
    expect([await openAt(startSeconds + 9), await openAt(startSeconds + 10)]).toEqual([true, false])
    await ours.remove(`${SINGLE}/${resourceId}`)
    expect(await openAt(startSeconds + 9)).toBe(false)
  })
})

describe('a host that waits for a window', () => {
  it('is told when a schedule of its places opens next', async () => {
    const { token } = (await ours.post('enrollment/tokens', { uses: 1 })).body
    const identity = await enrollWire(test, { serial: 'SN-waits' }, token)
    expect((await ours.patch(`compute/hosts/${identity.host}`, { siteId: site })).status).toBe(200)
    const session = await openWire(test, identity)
    await session.birth()
    const planned = async (): Promise<any[]> =>
      (await ours.get(`compute/hosts/${identity.host}/why`)).body.blockers.filter(
        (each: any) => each.code === 'window-closed' && each.evidence.opens !== undefined,
      )
    expect(await planned()).toEqual([])

    await session.publish('reported/os', {
      id: messageId(),
      revision: 0,
      status: 'held',
      observed: null,
      problem: {
        type: '/problems/held-window',
        title: 'Outside the maintenance window',
        status: 409,
        code: 'held-window',
        retry: 'never',
      },
      step: { do: 'reboot', impact: 'reboot', why: 'a new kernel' },
      plugin: { name: 'os', version: '1.0.0' },
      at: new Date().toISOString(),
    })

    const [blocker] = await until(planned, blockers => blockers.length === 1)
    expect(blocker).toMatchObject({
      evidence: { target: site, scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE', open: false, sections: ['os'] },
    })
    await session.end()
  })
})

describe('a host that is deleted', () => {
  it('takes its own schedules along', async () => {
    const gone = await ours.host('gone')
    const { resourceId } = await ours.made(SINGLE, single({ targetHostId: gone }))

    expect((await ours.remove(`compute/hosts/${gone}`)).status).toBe(200)

    await until(
      () => ours.get(`${SINGLE}/${resourceId}`),
      ({ status }) => status === 404,
    )
  })
})
