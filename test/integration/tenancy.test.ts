// SPDX-License-Identifier: Apache-2.0
/** Projects and organisations over the API: made, described, limited, closed and gone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesOf, readAuditKey, verifyExport } from '../../controller/cli/audit-verify.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { administratorsOf } from '../support/projects.ts'
import { askIn, enrollWire, openWire } from '../support/wire-host.ts'

let controller: TestController
beforeAll(async () => {
  controller = await startTestController()
})
afterAll(() => controller?.stop())

const call: TestController['call'] = (...given) => controller.call(...given)
const put = (name: string, body: object = {}) => call('PUT', `/v1/projects/${name}`, body)
const gone = (name: string) =>
  until(
    () => call('GET', `/v1/projects/${name}`),
    ({ status }) => status === 404,
  )

describe('projects', () => {
  it('are made and described by PUT, and keep their UUID', async () => {
    const made = await put('plant', { description: 'first' })
    const again = await put('plant', { description: 'second' })
    const read = await call('GET', '/v1/projects/plant')

    expect([made.status, again.status]).toEqual([200, 200])
    expect(made.body).toMatchObject({
      name: 'plant',
      message: 'Project plant CREATE is complete',
      spec: { description: 'first' },
      status: {
        projectStatus: { statusIndicator: 'STATUS_INDICATION_IDLE', uID: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    })
    expect(read.body).toMatchObject({ spec: { description: 'second' }, status: made.body.status })
    expect((await call('PUT', '/v1/projects/plant?update_if_exists=false', {})).body).toMatchObject({
      status: 409,
      code: 'project-exists',
    })
    expect((await put('plant')).body.spec.description).toBe('second')
  })

  it('are listed as an array, as EIM does', async () => {
    const { body } = await call('GET', '/v1/projects')
    expect(body.map(({ name }: { name: string }) => name)).toEqual(['default', 'plant'])
  })

  it('take no name that is a UUID, and no other than a segment', async () => {
    expect((await put('70883f2f-4bbe-4a67-9eea-1a5824dee549')).body.code).toBe('project-name-refused')
    expect((await put('Plant')).status).toBe(400)
    expect((await call('GET', '/v1/projects/nowhere')).status).toBe(404)
    expect((await call('DELETE', '/v1/projects/nowhere')).status).toBe(404)
  })

  it('are found by their UUID from the moment they are made until they are gone', async () => {
    const { uID } = (await put('short')).body.status.projectStatus
    const native = () => call('GET', '/edge-infra.orchestrator.apis/v2/hosts', undefined, { activeprojectid: uID })

    expect((await native()).status).toBe(200)
    await call('DELETE', '/v1/projects/short')
    await gone('short')
    expect((await native()).status).toBe(404)
  })

  it('close at once and are gone soon; the first one stays', async () => {
    await put('brief')
    const answer = await call('DELETE', '/v1/projects/brief')
    const after = await call('GET', '/v1/projects/brief/compute/hosts')

    expect([answer.status, after.status]).toEqual([200, 404])
    await gone('brief')
    expect((await call('DELETE', '/v1/projects/default')).body.code).toBe('project-kept')
  })

  it('start anew under an old name: another UUID, and nothing of the old audit', async () => {
    const first = (await put('twice', { description: 'one' })).body.status.projectStatus.uID
    await call('DELETE', '/v1/projects/twice')
    await gone('twice')
    const second = (await put('twice', { description: 'two' })).body.status.projectStatus.uID
    const { body } = await call('GET', '/v1/audit?project=twice')

    expect(second).not.toBe(first)
    expect(body.entries.map((entry: any) => [entry.action, entry.detail.description])).toEqual([
      ['project.create', 'two'],
    ])
  })
})

describe('a deleted project', () => {
  it('sends its hosts away and takes back what it gave out, also when its name is used again', async () => {
    await put('cycle')
    const join = await call('POST', '/v1/projects/cycle/enrollment/tokens', { uses: 5 })
    const identity = await enrollWire(controller, { serial: 'SN-cycle' }, join.body.token)
    const session = await openWire(controller, identity)
    await session.birth()
    const { person } = await administratorsOf(controller, 'cycle')
    const asAdministrator = { authorization: `Bearer ${person}` }
    expect((await call('GET', '/v1/projects/cycle/compute/hosts', undefined, asAdministrator)).status).toBe(200)

    await call('DELETE', '/v1/projects/cycle')
    await session.closed
    await gone('cycle')
    await put('cycle')

    await expect(openWire(controller, identity)).rejects.toThrow()
    expect((await askIn(controller, join.body.token, { serial: 'SN-again' })).status).toBe(401)
    expect((await call('GET', '/v1/projects/cycle/compute/hosts', undefined, asAdministrator)).status).toBe(404)
    expect((await call('GET', '/v1/projects/cycle/compute/hosts')).body).toMatchObject({ hosts: [], totalElements: 0 })
    expect((await call('GET', '/v1/projects/cycle/enrollment/tokens')).body.tokens).toEqual([])
    expect(
      (await call('GET', '/v1/projects/cycle/events')).body.events.map(({ type }: { type: string }) => type),
    ).toEqual(['project.created'])
  })

  it('leaves its audit to the installation, and an export that begins later still proves itself', async () => {
    await put('proof')
    await call('DELETE', '/v1/projects/proof')
    await gone('proof')
    await put('proof', { description: 'again' })
    const custody = await call('GET', '/v1/audit?project=proof&custody=true')
    const exported = async (query: string): Promise<string> => {
      const headers = { authorization: `Bearer ${controller.token}` }
      return (await fetch(`${controller.url}/v1/audit/export?${query}`, { headers })).text()
    }
    const own = await exported('project=proof')
    const whole = await exported('project=proof&custody=true')
    const { publicKey } = (await call('GET', '/v1/audit/key')).body
    const verdictOf = async (text: string) => verifyExport(linesOf(oneByOne(text)), [readAuditKey(publicKey)])

    expect(custody.body.entries.map(({ action }: { action: string }) => action)).toEqual([
      'project.create',
      'project.close',
      'project.create',
    ])
    expect(JSON.parse(own.split('\n')[0]!)).toMatchObject({ chain: 'project:proof', after: 2 })
    expect(await verdictOf(own)).toMatchObject({ entries: 1, signedUpTo: 3, flaw: undefined })
    expect(await verdictOf(whole)).toMatchObject({ entries: 3, signedUpTo: 3, flaw: undefined })
    const forged = own.replace('again', 'never')
    expect(await verdictOf(forged)).toMatchObject({ flaw: { kind: 'changed', n: 3 } })
    const detached = own.replace(/"prev":"[^"]+"/, `"prev":"${'A'.repeat(43)}"`)
    expect(await verdictOf(detached)).toMatchObject({ flaw: { kind: 'detached', n: 3 } })
  })
})

async function* oneByOne(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

describe('quotas', () => {
  it('hold what comes in, and say which and how many', async () => {
    await put('small')
    const path = '/v1/projects/small/enrollment/tokens'
    expect((await call('PUT', '/v1/projects/small/quotas', { joinTokens: 1 })).body).toEqual({
      quotas: { joinTokens: 1 },
    })
    expect((await call('POST', path, { uses: 1 })).status).toBeLessThan(300)
    expect((await call('POST', path, { uses: 1 })).body).toMatchObject({
      code: 'quota-exceeded',
      status: 409,
      fields: { quota: 'joinTokens', present: 1, most: 1 },
    })
    expect((await call('GET', '/v1/projects/small/quotas')).body).toEqual({ quotas: { joinTokens: 1 } })
    await call('PUT', '/v1/projects/small/quotas', {})
    expect((await call('POST', path, { uses: 1 })).status).toBeLessThan(300)
    expect((await call('PUT', '/v1/projects/small/quotas', { hosts: -1 })).status).toBe(400)
  })
})

describe('the administrator of one project', () => {
  it('describes and deletes it, and raises neither its quotas nor makes others', async () => {
    await put('mine')
    const { person } = await administratorsOf(controller, 'mine')
    const as = (method: string, path: string, body?: object) =>
      call(method, path, body, { authorization: `Bearer ${person}` })

    expect((await as('PUT', '/v1/projects/mine', { description: 'ours' })).status).toBe(200)
    expect((await as('GET', '/v1/projects/mine/status')).body.projectStatus.statusIndicator).toBe(
      'STATUS_INDICATION_IDLE',
    )
    expect((await as('PUT', '/v1/projects/mine/quotas', { hosts: 9 })).status).toBe(403)
    expect((await as('PUT', '/v1/projects/mine', { org: 'default' })).status).toBe(403)
    expect((await as('PUT', '/v1/projects/another', {})).status).toBe(404)
    expect((await as('PUT', '/v1/orgs/another', {})).status).toBe(403)
    expect((await as('DELETE', '/v1/projects/plant')).status).toBe(404)
    expect((await as('DELETE', '/v1/projects/mine')).status).toBe(200)
    await gone('mine')
  })
})

describe('organisations', () => {
  it('own projects, and stay while they do', async () => {
    const org = await call('PUT', '/v1/orgs/acme', { description: 'the customer' })
    expect(org.body).toMatchObject({
      spec: { description: 'the customer' },
      status: { orgStatus: { statusIndicator: 'STATUS_INDICATION_IDLE', message: 'Org acme CREATE is complete' } },
    })
    await put('acme-1', { org: 'acme' })
    expect((await call('DELETE', '/v1/orgs/acme')).body).toMatchObject({ code: 'org-in-use', fields: { projects: 1 } })
    expect((await put('acme-2', { org: 'nobody' })).status).toBe(404)
    expect((await call('GET', '/v1/projects/acme-2')).status).toBe(404)
    await call('DELETE', '/v1/projects/acme-1')
    await gone('acme-1')
    expect((await call('DELETE', '/v1/orgs/acme')).status).toBe(200)
    expect((await call('GET', '/v1/orgs')).body.map(({ name }: { name: string }) => name)).toEqual(['default'])
    expect((await call('DELETE', '/v1/orgs/default')).body.code).toBe('org-kept')
  })
})

describe('the orchestrator', () => {
  it('tells EIM’s clients which features they find here', async () => {
    const { body } = await call('GET', '/v1/orchestrator')
    expect(body).toMatchObject({
      'schema-version': '1.0',
      orchestrator: {
        features: {
          'edge-infrastructure-manager': { installed: true, onboarding: { installed: true }, oob: { installed: true } },
          'application-orchestration': { installed: false },
          multitenancy: { installed: true },
        },
      },
    })
  })
})

describe('without the module', () => {
  it('there is the first project, which clients find before they show anything', async () => {
    const lean = await startTestController({ config: { modules: { onboarding: {} } } })
    try {
      expect((await lean.call('GET', '/v1/projects')).body).toMatchObject([{ name: 'default' }])
      expect((await lean.call('GET', '/v1/projects/default')).status).toBe(200)
      expect((await lean.call('GET', '/v1/orchestrator')).body.orchestrator.features.multitenancy.installed).toBe(false)
      expect((await lean.call('PUT', '/v1/projects/other', {})).body.code).toBe('route-unknown')
      expect((await lean.call('GET', '/v1/projects/default/enrollment/tokens')).status).toBe(200)
    } finally {
      await lean.stop()
    }
  })
})
