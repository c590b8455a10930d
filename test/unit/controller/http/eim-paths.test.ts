// SPDX-License-Identifier: Apache-2.0
/** Where EIM's paths lead, and how ours are spelled in its words. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasesOf, landing, spelledByEim } from '../../../../controller/http/eim-paths.ts'
import { operations } from '../../../support/eim.ts'

const UUID = '70883f2f-4bbe-4a67-9eea-1a5824dee549'
const nameOf = (uuid: string) => (uuid === UUID ? 'plant' : undefined)
const land = (url: string, activeProject?: string) => landing({ url, activeProject, nameOf })
const NATIVE = '/edge-infra.orchestrator.apis/v2'

describe('the path of a request', () => {
  it.each([
    ['/v1/projects/plant/compute/hosts_summary?filter=a%3D1', '/v1/projects/plant/compute/hosts/summary?filter=a%3D1'],
    ['/v1/projects/plant/compute/operating_systems/os-1', '/v1/projects/plant/compute/os/os-1'],
    ['/v1/projects/plant/compute/schedules/single/x', '/v1/projects/plant/schedules/single/x'],
    ['/v1/projects/plant/telemetry/groups/metrics', '/v1/projects/plant/telemetry/metricgroups'],
    ['/v1/projects/plant/dm/amt/admin/domains/d', '/v1/projects/plant/oob/rps/domains/d'],
    ['/v1/projects/plant/dm/amt/generalSettings/g', '/v1/projects/plant/oob/mps/amt/generalSettings/g'],
    ['/v1/projects/plant/oob/authorize/redirection/g', '/v1/projects/plant/oob/mps/authorize/redirection/g'],
    ['/v1/projects/plant/oob/status', '/v1/projects/plant/oob/status'],
    [`${NATIVE}/hosts?projectName=plant`, '/v1/projects/plant/compute/hosts'],
    [`${NATIVE}/hosts_summary?projectName=plant`, '/v1/projects/plant/compute/hosts/summary'],
    [
      `${NATIVE}/hosts/h/invalidate?note=a+b&projectName=plant`,
      '/v1/projects/plant/compute/hosts/h/invalidate?note=a+b',
    ],
    [`${NATIVE}/os_update_run/r?projectName=plant`, '/v1/projects/plant/os-update-runs/r'],
    ['/v1/projects/plant/regions?projectName=plant&offset=1', '/v1/projects/plant/regions?offset=1'],
    ['/v1/projects/plant/regions', '/v1/projects/plant/regions'],
    ['/v1/projects', '/v1/projects'],
    ['/v1/projects/plant', '/v1/projects/plant'],
    ['/v1/orgs?projectName=x', '/v1/orgs?projectName=x'],
    ['/v1/projects/plant/compute/hosts_summaryx', '/v1/projects/plant/compute/hosts_summaryx'],
    [`${NATIVE}/alerts?projectName=plant`, `${NATIVE}/alerts?projectName=plant`],
  ])('%s leads to %s', (from, to) => expect(land(from)).toEqual({ url: to }))

  it('takes the project from the header where the query names none', () => {
    expect(land(`${NATIVE}/sites`, UUID.toUpperCase())).toEqual({ url: '/v1/projects/plant/sites' })
    expect(land(`${NATIVE}/sites?projectName=plant`, UUID)).toEqual({ url: '/v1/projects/plant/sites' })
  })

  it('takes an unknown UUID for the name of a project that is not there', () => {
    const unknown = UUID.replace('7', '8')
    expect(land(`${NATIVE}/sites`, unknown)).toEqual({ url: `/v1/projects/${unknown}/sites` })
  })

  it('refuses what names no project, or two', () => {
    expect(land(`${NATIVE}/sites`)).toEqual({ refused: 'project-not-named' })
    expect(land(`${NATIVE}/sites?projectName=`)).toEqual({ refused: 'project-not-named' })
    expect(land(`${NATIVE}/sites?projectName=other`, UUID)).toEqual({ refused: 'project-disagrees' })
    expect(land(`${NATIVE}/sites?projectName=a&projectName=b`)).toEqual({ refused: 'project-disagrees' })
    expect(land('/v1/projects/plant/sites?projectName=other')).toEqual({ refused: 'project-disagrees' })
  })

  it('never fails, and never leaves the project it was given, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (tail, header) => {
        const landed = land(`${NATIVE}/hosts/${tail.replaceAll('?', '')}?projectName=plant&${tail}`, header)
        if ('url' in landed) expect(landed.url.startsWith('/v1/projects/plant/compute/hosts/')).toBe(true)
      }),
    )
  })

  it('is the same when it is led a second time', () => {
    for (const { path } of operations) {
      const filled = path.replace('{projectName}', 'plant').replaceAll(/\{[^}]+\}/g, 'x')
      const once = land(path.startsWith(NATIVE) ? `${filled}?projectName=plant` : filled)
      expect(once).toHaveProperty('url')
      expect(land('url' in once ? once.url : '')).toEqual(once)
    }
  })
})

describe('the spelling of a path', () => {
  it('has every path of the specification, once, either as it is or as an alias', () => {
    const ours = operations
      .map(({ path }) => path)
      .map(path => path.replace('{projectName}', '{project}').replace('{resourceId}', '{anything}'))
    const spelled = new Set(ours.flatMap(path => spelledByEim(path) ?? []))
    const all = [...spelled, ...[...spelled].flatMap(aliasesOf)]
    const wanted = [...new Set(operations.map(({ path }) => path))]

    expect(wanted.filter(path => !all.includes(path))).toEqual([])
    expect(all.length).toBe(new Set(all).size)
  })

  it('leaves paths of our own as they are', () => {
    for (const path of [
      '/v1/projects/{project}',
      '/v1/projects/{project}/compute/hosts/{host}/commands',
      '/v1/projects/{project}/enrollment/tokens/{id}',
      '/v1/system',
    ])
      expect(spelledByEim(path)).toBeUndefined()
  })
})
