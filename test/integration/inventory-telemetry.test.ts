// SPDX-License-Identifier: Apache-2.0
/** Telemetry groups and profiles over the API, and what an instance collects in the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { misfits } from '../support/eim.ts'
import { type ProjectCalls, projectCalls } from '../support/project-calls.ts'

let test: TestController
let ours: ProjectCalls
let theirs: ProjectCalls
let [outer, inner, site, hostID, instance] = ['', '', '', '', '']
let [logGroup, metricGroup] = ['', '']

beforeAll(async () => {
  test = await startTestController()
  ours = await projectCalls(test, 'ours')
  theirs = await projectCalls(test, 'theirs')
  outer = (await ours.made('regions', { name: 'north' })).resourceId
  inner = (await ours.made('regions', { name: 'north east', parentId: outer })).resourceId
  site = (await ours.made('sites', { name: 'plant', regionId: inner })).resourceId
  hostID = await ours.host('press-1')
  const placed = await ours.patch(`compute/hosts/${hostID}`, { siteId: site })
  expect(placed.status, placed.text).toBe(200)
  instance = (await ours.made('compute/instances', { name: 'press', hostID })).resourceId
  logGroup = (await ours.get('telemetry/loggroups')).body.telemetryLogsGroups[0].resourceId
  metricGroup = (await ours.get('telemetry/metricgroups')).body.telemetryMetricsGroups[0].resourceId
})
afterAll(() => test.stop())

const LOGS = 'telemetry/profiles/logs'
const METRICS = 'telemetry/profiles/metrics'

describe('telemetry groups', () => {
  it('are the same fourteen in every new project, whatever is asked first and however many ask at once', async () => {
    const fresh = await projectCalls(test, 'fresh')

    await Promise.all([fresh.get('telemetry/loggroups'), fresh.get('telemetry/metricgroups'), fresh.get(LOGS)])
    const logs = (await fresh.get('telemetry/loggroups')).body
    const metrics = (await fresh.get('telemetry/metricgroups')).body

    expect([logs.totalElements, metrics.totalElements]).toEqual([6, 8])
    const byName = (list: any[]) => Object.fromEntries(list.map(({ name, groups }) => [name, groups]))
    expect(byName(logs.telemetryLogsGroups)).toMatchObject({ SystemD: ['systemd'], RKE_Cluster: ['kubelet'] })
    expect(byName(metrics.telemetryMetricsGroups)).toMatchObject({
      Disk_Usage_and_Health: ['disk', 'diskio', 'smart'],
      Power_Usage_And_Temperature: ['temp', 'intel_powerstat'],
    })
    for (const each of logs.telemetryLogsGroups) expect(misfits('TelemetryLogsGroupResource', each)).toEqual([])
    for (const each of metrics.telemetryMetricsGroups)
      expect(misfits('TelemetryMetricsGroupResource', each)).toEqual([])
  })

  it('do not come back once they were deleted', async () => {
    const bare = await projectCalls(test, 'bare')
    const { telemetryLogsGroups } = (await bare.get('telemetry/loggroups')).body

    for (const { resourceId } of telemetryLogsGroups)
      expect((await bare.remove(`telemetry/loggroups/${resourceId}`)).body).toEqual({})

    expect((await bare.get('telemetry/loggroups')).body.totalElements).toBe(0)
  })

  it('of our own stand beside them', async () => {
    const own = await projectCalls(test, 'own')

    const made = await own.made('telemetry/metricgroups', {
      name: 'cpu',
      collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST',
      groups: ['cpu', 'linux_cpu'],
    })

    expect(made.resourceId).toMatch(/^telemetrygroup-[0-9a-f]{8}$/)
    expect(made.telemetryMetricsGroupId).toBe(made.resourceId)
    expect((await own.get('telemetry/metricgroups')).body.totalElements).toBe(9)
    expect((await own.get(`telemetry/loggroups/${made.resourceId}`)).status).toBe(404)
    for (const verb of ['PUT', 'PATCH'])
      expect([404, 405]).toContain(
        (await test.call(verb, `/v1/projects/own/telemetry/metricgroups/${made.resourceId}`, {})).status,
      )
  })

  it.each([
    ['no name', { name: undefined }],
    ['an empty name', { name: '' }],
    ['no groups', { groups: undefined }],
    ['no collector', { collectorKind: undefined }],
    ['an unknown collector', { collectorKind: 'TELEMETRY_COLLECTOR_KIND_SHIP' }],
    ['too many groups', { groups: Array.from({ length: 101 }, () => 'x') }],
  ])('are refused with %s', async (_what, more) => {
    const body = { name: 'x', collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST', groups: ['x'], ...more }

    expect((await ours.post('telemetry/loggroups', body)).body).toMatchObject({ status: 400, code: 'invalid' })
  })
})

describe('telemetry profiles', () => {
  it('are made, read, replaced, changed and deleted', async () => {
    const profile = await ours.made(METRICS, { targetSite: site, metricsInterval: 60, metricsGroupId: metricGroup })
    const path = `${METRICS}/${profile.resourceId}`

    expect(profile).toMatchObject({
      targetSite: site,
      metricsInterval: 60,
      metricsGroupId: metricGroup,
      metricsGroup: { resourceId: metricGroup },
      profileId: profile.resourceId,
    })
    expect(misfits('TelemetryMetricsProfileResource', profile)).toEqual([])
    expect((await ours.patch(path, { metricsInterval: 30 })).body.metricsInterval).toBe(30)
    const moved = (await ours.patch(path, { targetRegion: inner })).body
    expect(moved).toMatchObject({ targetRegion: inner, metricsInterval: 30 })
    expect(moved).not.toHaveProperty('targetSite')
    const replaced = await ours.put(path, { targetSite: site, metricsInterval: 5, metricsGroupId: metricGroup })
    expect(replaced.body).toMatchObject({ targetSite: site, metricsInterval: 5 })
    expect(replaced.body).not.toHaveProperty('targetRegion')
    expect((await ours.put(path, replaced.body)).status).toBe(200)
    expect((await ours.remove(`telemetry/metricgroups/${metricGroup}`)).body.code).toBe('in-use')
    expect((await ours.remove(path)).body).toEqual({})
    expect((await ours.get(path)).status).toBe(404)
  })

  const metrics = { metricsInterval: 60 }
  it.each([
    ['no target', () => ({ ...metrics, metricsGroupId: metricGroup }), 'invalid'],
    [
      'two targets',
      () => ({ ...metrics, metricsGroupId: metricGroup, targetSite: site, targetRegion: inner }),
      'invalid',
    ],
    ['no group', () => ({ ...metrics, targetSite: site }), 'invalid'],
    ['a group of logs', () => ({ ...metrics, targetSite: site, metricsGroupId: logGroup }), 'reference-unknown'],
    [
      'an interval of nothing',
      () => ({ metricsInterval: 0, targetSite: site, metricsGroupId: metricGroup }),
      'invalid',
    ],
    ['no interval', () => ({ targetSite: site, metricsGroupId: metricGroup }), 'invalid'],
    [
      'an unknown site',
      () => ({ ...metrics, targetSite: 'site-00000000', metricsGroupId: metricGroup }),
      'reference-unknown',
    ],
    ['an id of another kind', () => ({ ...metrics, targetSite: instance, metricsGroupId: metricGroup }), 'invalid'],
  ])('are refused with %s', async (_what, body, code) => {
    expect((await ours.post(METRICS, body())).body).toMatchObject({ status: 400, code })
  })

  it('of logs need a level that exists', async () => {
    const body = { targetSite: site, logsGroupId: logGroup }

    expect((await ours.post(LOGS, body)).status).toBe(400)
    expect((await ours.post(LOGS, { ...body, logLevel: 'SEVERITY_LEVEL_LOUD' })).status).toBe(400)
    const profile = await ours.made(LOGS, { ...body, logLevel: 'SEVERITY_LEVEL_WARN' })
    expect(profile).toMatchObject({ logsGroupId: logGroup, logsGroup: { resourceId: logGroup } })
    expect(misfits('TelemetryLogsProfileResource', profile)).toEqual([])
    await ours.remove(`${LOGS}/${profile.resourceId}`)
  })

  it('of another project are not there and cannot be used', async () => {
    const { resourceId } = await ours.made(LOGS, {
      targetSite: site,
      logsGroupId: logGroup,
      logLevel: 'SEVERITY_LEVEL_WARN',
    })

    expect((await theirs.get(`${LOGS}/${resourceId}`)).status).toBe(404)
    expect((await theirs.remove(`${LOGS}/${resourceId}`)).status).toBe(404)
    expect((await theirs.get(`telemetry/loggroups/${logGroup}`)).status).toBe(404)
    expect((await theirs.get(LOGS)).body.totalElements).toBe(0)
    expect((await theirs.get(`compute/instances/${instance}/telemetry`)).status).toBe(404)
    await ours.remove(`${LOGS}/${resourceId}`)
  })
})

describe('what holds at an instance', () => {
  let ids: Record<string, string>

  beforeAll(async () => {
    const metric = async (target: object, metricsInterval: number) =>
      (await ours.made(METRICS, { ...target, metricsInterval, metricsGroupId: metricGroup })).resourceId
    const log = async (target: object, logLevel: string) =>
      (await ours.made(LOGS, { ...target, logLevel, logsGroupId: logGroup })).resourceId
    ids = {
      outer: await metric({ targetRegion: outer }, 300),
      region: await metric({ targetRegion: inner }, 60),
      site: await metric({ targetSite: site }, 10),
      instance: await metric({ targetInstance: instance }, 30),
      quiet: await log({ targetInstance: instance }, 'SEVERITY_LEVEL_ERROR'),
      loud: await log({ targetRegion: outer }, 'SEVERITY_LEVEL_DEBUG'),
    }
  })

  const listed = async (query: string): Promise<string[]> => {
    const answer = await ours.get(`${METRICS}?${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.telemetryMetricsProfiles.map((each: any) => each.resourceId).sort()
  }
  const named = (...names: string[]): string[] => names.map(name => ids[name] ?? '').sort()

  it('is listed with and without what is inherited', async () => {
    expect(await listed(`instanceId=${instance}`)).toEqual(named('instance'))
    expect(await listed(`instanceId=${instance}&showInherited=true`)).toEqual(
      named('instance', 'site', 'region', 'outer'),
    )
    expect(await listed(`siteId=${site}`)).toEqual(named('site'))
    expect(await listed(`siteId=${site}&showInherited=true`)).toEqual(named('site', 'region', 'outer'))
    expect(await listed(`regionId=${inner}&showInherited=true`)).toEqual(named('region', 'outer'))
    expect(await listed(`regionId=${outer}&showInherited=true`)).toEqual(named('outer'))
    expect(await listed('')).toEqual(named('instance', 'site', 'region', 'outer'))
    expect((await ours.get(`${METRICS}?siteId=${site}&regionId=${outer}`)).status).toBe(400)
    expect((await ours.get(`${METRICS}?siteId=site-00000000`)).status).toBe(404)
  })

  it('is merged: the smallest interval in seconds, the most verbose level, and where they come from', async () => {
    const merged = (await ours.get(`compute/instances/${instance}/telemetry`)).body

    expect(merged.places).toEqual([instance, site, inner, outer])
    expect(merged.metrics).toMatchObject([
      {
        groupId: metricGroup,
        metricsInterval: 10,
        from: { profileId: ids.site, targetId: site },
        profiles: [{ targetId: instance }, { targetId: site }, { targetId: inner }, { targetId: outer }],
      },
    ])
    expect(merged.logs).toMatchObject([
      { groupId: logGroup, logLevel: 'SEVERITY_LEVEL_DEBUG', from: { profileId: ids.loud, targetId: outer } },
    ])
    expect((await ours.get(`compute/hosts/${hostID}/telemetry`)).body).toEqual(merged)
  })

  it('is told for a host without an instance by its places alone', async () => {
    const bare = await ours.host('bare')

    expect((await ours.get(`compute/hosts/${bare}/telemetry`)).body).toEqual({ places: [bare], metrics: [], logs: [] })
    expect((await ours.get('compute/hosts/host-00000000/telemetry')).status).toBe(404)
    expect((await ours.get('compute/instances/inst-00000000/telemetry')).status).toBe(404)
  })
})
