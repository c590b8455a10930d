// SPDX-License-Identifier: Apache-2.0
/** Who reaches what: roles by projects, hosts by site and label, and tokens that are a part of somebody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Permission, ROLES, type Role } from '../../controller/kernel/permissions.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { addPerson, bind, callAs, person, signIn, type TestPerson } from '../support/people.ts'

let controller: TestController
/** Two hosts of one project, one of another. */
let press: string
let lathe: string
let foreign: string
const GUID = '11111111-2222-4333-8444-555555555555'
const OTHER_GUID = '11111111-2222-4333-8444-666666666666'

beforeAll(async () => {
  const modules = {
    ...{ onboarding: {}, inventory: {}, tenancy: {}, webhooks: {}, oob: {} },
    access: { signIn: { perMinute: 10_000, hashMiB: 19 } },
  }
  controller = await startTestController({ config: { modules } })
  for (const project of ['alpha', 'beta'])
    expect((await controller.call('PUT', `/v1/projects/${project}`, {})).status).toBe(200)
  press = await register('alpha', { name: 'press', serialNumber: 'SN001', uuid: GUID })
  lathe = await register('alpha', { name: 'lathe', serialNumber: 'SN002', uuid: OTHER_GUID })
  foreign = await register('beta', { name: 'foreign', serialNumber: 'SN003' })
  await controller.call('PATCH', `/v1/projects/alpha/compute/hosts/${press}`, {
    metadata: [{ key: 'line', value: '4' }],
  })
  await controller.call('PATCH', `/v1/projects/alpha/compute/hosts/${lathe}`, {
    metadata: [{ key: 'line', value: '5' }],
  })
}, 30_000)
afterAll(() => controller.stop())

async function register(project: string, body: object): Promise<string> {
  const made = await controller.call('POST', `/v1/projects/${project}/compute/hosts/register`, body)
  if (made.status !== 200) throw new Error(`${made.status} ${made.text}`)
  return made.body.resourceId
}

type Verb = [method: string, path: string, needs: Permission, body?: object]
/** One of each permission; none changes what the others need. */
const VERBS: readonly Verb[] = [
  ['GET', 'compute/hosts', 'host.read'],
  ['GET', 'compute/hosts/summary', 'host.read'],
  ['GET', 'compute/hosts/HOST', 'host.read'],
  ['PATCH', 'compute/hosts/HOST', 'host.label', { note: 'seen' }],
  ['POST', 'compute/hosts/register', 'host.admit', {}],
  ['GET', 'commands', 'host.read'],
  ['GET', 'regions', 'inventory.read'],
  ['POST', 'regions', 'inventory.write', { surplus: 1 }],
  ['GET', 'enrollment/tokens', 'token.read'],
  ['POST', 'enrollment/tokens', 'token.write', { surplus: 1 }],
  ['GET', 'webhooks', 'webhook.read'],
  ['GET', 'oob/detections', 'host.read'],
  ['POST', `oob/devices/${GUID}/power`, 'host.operate', { surplus: 1 }],
  ['PUT', 'compute/hosts/HOST/invalidate', 'host.destroy', { surplus: 1 }],
]

const pathIn = (project: string, path: string): string => `/v1/projects/${project}/${path.replace('HOST', press)}`
const plain = (text: string): string => text.replaceAll(/alpha|beta|nowhere/g, 'P')

describe.each(Object.keys(ROLES) as Role[])('%s in one project', role => {
  let somebody: TestPerson
  beforeAll(async () => {
    somebody = await person(controller, `${role} of alpha`, { role, scope: { project: 'alpha' } })
  })

  it.each([...VERBS])('%s %s, which needs %s', async (...verb: Verb) => {
    const [method, path, needs, body] = verb
    const [own, other, none] = await Promise.all(
      ['alpha', 'beta', 'nowhere'].map(project => somebody.call(method, pathIn(project, path), body)),
    )

    const allowed = (ROLES[role] as readonly Permission[]).includes(needs)
    if (allowed) expect([200, 201, 202, 400, 404, 409]).toContain(own!.status)
    else expect(own).toMatchObject({ status: 403, body: { code: 'not-allowed', fields: { permission: needs } } })
    if (allowed) expect(own!.body?.code).not.toBe('not-found')
    expect(other).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(none!.status).toBe(404)
    expect(plain(other!.text)).toBe(plain(none!.text))
  })

  it('does nothing in the installation as a whole', async () => {
    for (const path of ['/v1/system', '/v1/system/backup']) expect((await somebody.call('GET', path)).status).toBe(403)
    expect((await somebody.call('POST', '/v1/access/people', { name: 'friend' })).status).toBe(403)
    expect((await somebody.call('POST', '/v1/access/roles', { name: 'mine', permissions: ['host.read'] })).status).toBe(
      403,
    )
  })
})

describe('somebody without any role', () => {
  it('is told of every project that it does not exist', async () => {
    const nobody = await person(controller, 'nobody')

    for (const [method, path, , body] of VERBS) {
      const [own, none] = await Promise.all(
        ['alpha', 'nowhere'].map(project => nobody.call(method, pathIn(project, path), body)),
      )
      expect(own!.status).toBe(404)
      expect(plain(own!.text)).toBe(plain(none!.text))
    }
    expect((await nobody.call('GET', '/v1/access/people')).body.people).toHaveLength(1)
    expect((await nobody.call('GET', '/v1/access/bindings')).body.bindings).toEqual([])
  })
})

describe('a denial', () => {
  it('hides a project from somebody who may do everything elsewhere', async () => {
    const chief = await person(
      controller,
      'chief',
      { role: 'admin' },
      { role: 'admin', effect: 'deny', scope: { project: 'beta' } },
    )

    expect((await chief.call('GET', '/v1/projects/alpha/compute/hosts')).status).toBe(200)
    expect((await chief.call('GET', '/v1/projects/beta/compute/hosts')).status).toBe(404)
    expect((await chief.call('GET', `/v1/projects/beta/compute/hosts/${foreign}`)).status).toBe(404)
    expect((await chief.call('GET', '/v1/system')).status).toBe(200)
  })

  it('takes hosts out of what somebody reaches', async () => {
    const hosts = { labels: [{ key: 'line', value: '5' }] }
    const most = await person(
      controller,
      'most',
      { role: 'operator', scope: { project: 'alpha' } },
      { role: 'operator', effect: 'deny', scope: { project: 'alpha', ...hosts } },
    )

    const list = await most.call('GET', '/v1/projects/alpha/compute/hosts')
    const names = list.body.hosts.map((host: { name: string }) => host.name)
    expect(names).toContain('press')
    expect(names).not.toContain('lathe')
    expect((await most.call('GET', `/v1/projects/alpha/compute/hosts/${lathe}`)).status).toBe(404)
    expect((await most.call('GET', `/v1/projects/alpha/compute/hosts/${press}`)).status).toBe(200)
  })
})

describe('somebody with some hosts of a project', () => {
  let part: TestPerson
  beforeAll(async () => {
    const scope = { project: 'alpha', labels: [{ key: 'line', value: '4' }] }
    part = await person(controller, 'part', { role: 'engineer', scope })
  })

  it('sees them alone in lists and counts', async () => {
    const { body } = await part.call('GET', '/v1/projects/alpha/compute/hosts')
    expect(body.hosts.map((host: { resourceId: string }) => host.resourceId)).toEqual([press])
    expect(body.totalElements).toBe(1)
    expect((await part.call('GET', '/v1/projects/alpha/compute/hosts/summary')).body.total).toBe(1)
    expect((await part.call('GET', '/v1/projects/alpha/inventory/summary')).status).toBe(200)
    expect((await part.call('GET', '/v1/projects/alpha/oob/detections')).body.detections).toEqual([])
  })

  it('acts on them, and gets of the others what a host gets that is not there', async () => {
    const host = (id: string) => `/v1/projects/alpha/compute/hosts/${id}`
    expect((await part.call('GET', host(press))).status).toBe(200)
    expect((await part.call('PATCH', host(press), { note: 'mine' })).status).toBe(200)
    expect((await part.call('PUT', `${host(press)}/invalidate`, { note: 'no' })).status).toBe(403)
    const [other, absent] = [await part.call('GET', host(lathe)), await part.call('GET', host('host-00000000'))]
    expect(other.status).toBe(404)
    expect(other.text.replaceAll(lathe, 'H')).toBe(absent.text.replaceAll('host-00000000', 'H'))
    expect((await part.call('PATCH', host(lathe), { note: 'mine' })).status).toBe(404)
    expect((await part.call('PUT', `${host(lathe)}/invalidate`, { note: 'no' })).status).toBe(404)
  })

  it('sees their commands alone', async () => {
    const send = (host: string) =>
      controller.call('POST', `/v1/projects/alpha/compute/hosts/${host}/commands`, {
        section: 'power',
        name: 'reboot',
        reason: 'test',
      })
    const [mine, other] = [await send(press), await send(lathe)]
    expect(mine.status).toBe(202)

    const list = await part.call('GET', '/v1/projects/alpha/commands')

    expect(list.body.commands.map((command: { host: string }) => command.host)).toEqual([press])
    expect((await part.call('GET', `/v1/projects/alpha/commands/${mine.body.id}`)).status).toBe(200)
    expect((await part.call('GET', `/v1/projects/alpha/commands/${other.body.id}`)).status).toBe(404)
    expect((await part.call('POST', `/v1/projects/alpha/commands/${other.body.id}/cancel`)).status).toBe(404)
  })

  it('is refused what concerns the project as a whole', async () => {
    for (const [method, path, body] of [
      ['GET', 'regions', undefined],
      ['POST', 'regions', { name: 'mine' }],
      ['POST', 'enrollment/tokens', { uses: 1 }],
      ['GET', 'webhooks', undefined],
      ['GET', 'oob/recordings', undefined],
    ] as const)
      expect((await part.call(method, `/v1/projects/alpha/${path}`, body)).status).toBe(403)
  })

  it('is told which role they have there, and that it is for some hosts', async () => {
    const refused = await part.call('POST', '/v1/projects/alpha/compute/hosts/register', { serialNumber: 'SN999' })

    expect(refused.body.detail).toMatch(/^it needs host\.admit; you have the role \w+ of some hosts$/)
  })

  it('sees the machines below them alone in the lists of out-of-band management', async () => {
    for (const guid of [GUID, OTHER_GUID])
      await controller.call('POST', '/v1/projects/alpha/oob/mps/devices', {
        guid,
        hostname: `h-${guid}`,
        tags: [`t-${guid}`],
      })
    const paths = ['status', 'drift', 'activations', 'playbook-runs', 'redirections', 'mps/devices', 'mps/devices/tags']

    for (const path of paths) {
      const [whole, narrow] = await Promise.all(
        [controller, part].map(by => by.call('GET', `/v1/projects/alpha/oob/${path}`)),
      )
      expect(narrow!.status, path).toBe(200)
      expect(narrow!.text, path).not.toContain(OTHER_GUID)
      expect(narrow!.text.includes(GUID), path).toBe(whole!.text.includes(GUID))
    }
    const stats = await part.call('GET', '/v1/projects/alpha/oob/mps/devices/stats')
    expect(stats.body).toMatchObject({ totalCount: 1 })
    expect((await controller.call('GET', '/v1/projects/alpha/oob/mps/devices')).text).toContain(OTHER_GUID)
  })

  it('finds an order for their machine by its id, and not one for another', async () => {
    const [mine, other] = await Promise.all(
      [GUID, OTHER_GUID].map(guid =>
        controller.call('POST', `/v1/projects/alpha/oob/devices/${guid}/power`, { action: 'off', reason: 'test' }),
      ),
    )
    const look = (id: string) => part.call('GET', `/v1/projects/alpha/oob/power/${id}`)

    expect((await look(mine!.body.id)).status).toBe(200)
    const [hidden, none] = await Promise.all([look(other!.body.id), look('01J0000000000000000000000A')])
    expect(hidden.status).toBe(404)
    expect(hidden.text.replaceAll(other!.body.id, 'ID')).toBe(none.text.replaceAll('01J0000000000000000000000A', 'ID'))
  })

  it('does not get more of a host by labelling it', async () => {
    const scope = { project: 'alpha', labels: [{ key: 'line', value: '9' }] }
    await controller.call('POST', '/v1/access/roles', { name: 'tagger', permissions: ['host.read', 'host.label'] })
    const clever = await person(
      controller,
      'clever',
      { role: 'tagger', scope: { project: 'alpha' } },
      { role: 'manager', scope },
    )
    const path = `/v1/projects/alpha/compute/hosts/${lathe}`
    const write = (value: string) => clever.call('PATCH', path, { metadata: [{ key: 'line', value }] })

    expect(await write('9')).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await controller.call('GET', path)).body.metadata).toEqual([{ key: 'line', value: '5' }])
    expect((await write('5')).status).toBe(200)
  })

  it('reaches the machine below their host through the toolkit’s paths, and no other', async () => {
    const tenant = { 'x-tenant-id': 'alpha' }
    const power = (guid: string, headers: Record<string, string> = tenant) =>
      part.call('GET', `/api/v1/amt/power/state/${guid}`, undefined, headers)

    const [mine, other, absent] = [
      await power(GUID),
      await power(OTHER_GUID),
      await power('99999999-2222-4333-8444-555555555555'),
    ]

    // No machine is connected here: it is looked for, which is what the others are not.
    expect(mine.status).toBe(404)
    expect(other.text.replaceAll(OTHER_GUID, 'G')).toBe(
      absent.text.replaceAll('99999999-2222-4333-8444-555555555555', 'G'),
    )
    expect((await power(GUID, { 'x-tenant-id': 'beta' })).status).toBe(404)
    expect((await power(GUID, {})).status).toBe(404)
    expect((await part.call('GET', '/api/v1/devices', undefined, tenant)).status).toBe(200)
    expect((await part.call('POST', '/api/v1/devices', { guid: OTHER_GUID }, tenant)).status).toBe(403)
    expect((await part.call('GET', '/api/v1/devices', undefined, { 'x-tenant-id': 'beta' })).status).toBe(404)
    expect((await part.call('POST', '/api/v1/amt/power/bulk', { guids: [OTHER_GUID], action: 2 }, tenant)).status).toBe(
      403,
    )
    expect(
      (await part.call('POST', `/v1/projects/alpha/oob/devices/${OTHER_GUID}/power`, { action: 'on' })).status,
    ).toBe(404)
  })
})

describe('a binding', () => {
  it('is made in a project by those who may there, and gives no more than they have', async () => {
    const boss = await person(controller, 'boss', { role: 'manager', scope: { project: 'alpha' } })
    const friend = await addPerson(controller, 'friend')
    const give = (role: string, scope: object) =>
      boss.call('POST', '/v1/access/bindings', { principal: friend, role, scope })

    expect((await give('engineer', { project: 'alpha' })).status).toBe(201)
    expect((await give('manager', { project: 'alpha', sites: ['site-1'] })).status).toBe(201)
    expect(await give('admin', { project: 'alpha' })).toMatchObject({
      status: 403,
      body: { code: 'more-than-you-have' },
    })
    expect((await give('viewer', {})).status).toBe(403)
    expect((await give('viewer', { project: 'beta' })).status).toBe(404)
    expect((await give('viewer', { project: 'nowhere' })).status).toBe(404)
    expect((await give('no-such-role', { project: 'alpha' })).body.code).toBe('role-unknown')
    const { bindings } = (await boss.call('GET', '/v1/access/bindings')).body
    expect(new Set(bindings.map((binding: { scope: { project: string } }) => binding.scope.project))).toEqual(
      new Set(['alpha']),
    )
  })

  it('is not removed by those who may not make it', async () => {
    const deputy = await person(controller, 'deputy', { role: 'manager', scope: { project: 'alpha' } })
    const other = await addPerson(controller, 'other')
    const [high, elsewhere] = [
      await bind(controller, other, 'admin', { scope: { project: 'alpha' } }),
      await bind(controller, other, 'viewer', { scope: { project: 'beta' } }),
    ]

    expect((await deputy.call('DELETE', `/v1/access/bindings/${high}`)).status).toBe(403)
    expect((await deputy.call('DELETE', `/v1/access/bindings/${elsewhere}`)).status).toBe(404)
    expect((await controller.call('DELETE', `/v1/access/bindings/${high}`)).status).toBe(204)
  })

  it('with a role of one’s own gives what the role lists', async () => {
    const made = await controller.call('POST', '/v1/access/roles', {
      name: 'labeller',
      permissions: ['host.read', 'host.label'],
    })
    expect(made.status).toBe(201)
    const lea = await person(controller, 'lea', { role: 'labeller', scope: { project: 'alpha' } })

    expect((await lea.call('PATCH', `/v1/projects/alpha/compute/hosts/${press}`, { note: 'l' })).status).toBe(200)
    expect((await lea.call('GET', '/v1/projects/alpha/regions')).status).toBe(403)
    expect((await controller.call('DELETE', '/v1/access/roles/labeller')).body.code).toBe('role-in-use')
    expect((await controller.call('DELETE', '/v1/access/roles/viewer')).status).toBe(409)
  })

  it('goes with its project, and with the tokens for it', async () => {
    await controller.call('PUT', '/v1/projects/gamma', {})
    const ghost = await person(controller, 'ghost', { role: 'viewer', scope: { project: 'gamma' } })
    const list = '/v1/projects/gamma/compute/hosts'
    expect((await ghost.call('GET', list)).status).toBe(200)

    await controller.call('DELETE', '/v1/projects/gamma')
    await expect
      .poll(async () => (await controller.call('GET', '/v1/projects/gamma')).status, { timeout: 10_000 })
      .toBe(404)
    await controller.call('PUT', '/v1/projects/gamma', {})

    const { token } = (await signIn(controller, 'ghost')).body
    await expect.poll(async () => (await callAs(controller, token)('GET', list)).status).toBe(404)
  })
})

describe('explaining', () => {
  it('says which bindings decide, in sentences, and what is missing', async () => {
    const ines = await person(controller, 'ines', { role: 'engineer', scope: { project: 'alpha' } })
    const ask = (query: string) => controller.call('GET', `/v1/access/explain?principal=ines&${query}`)

    const yes = await ask(`permission=host.change&project=alpha&host=${press}`)
    expect(yes.body).toMatchObject({ principal: ines.id, allowed: true })
    expect(yes.body.reasons[0].says).toMatch(
      /^engineer in project alpha, because of the binding b-[0-9a-f]{8} made by tester on 2/,
    )
    const no = await ask('permission=host.destroy&project=alpha')
    expect(no.body).toMatchObject({
      allowed: false,
      reasons: [],
      missing: 'no role of ines has host.destroy in project alpha (roles: engineer)',
    })
    expect(await ask(`permission=host.destroy&host=${press}`)).toMatchObject({
      status: 400,
      body: { detail: `name the project of ${press}` },
    })
    const denial = await bind(controller, ines.id, 'engineer', { effect: 'deny', scope: { project: 'alpha' } })
    const denied = await ask('permission=host.change&project=alpha')
    expect(denied.body.allowed).toBe(false)
    expect(denied.body.reasons.map((reason: { decides: boolean }) => reason.decides)).toEqual([true, false])
    expect(denied.body.missing).toContain(denial)
  })

  it('is about oneself for anybody, about others for those who may read access', async () => {
    const own = await person(controller, 'own', { role: 'viewer', scope: { project: 'alpha' } })

    expect((await own.call('GET', '/v1/access/explain?permission=host.read&project=alpha')).body.allowed).toBe(true)
    expect((await own.call('GET', '/v1/access/explain?permission=host.read&project=beta')).status).toBe(404)
    expect((await own.call('GET', '/v1/access/explain?principal=tester&permission=host.read')).status).toBe(404)
  })
})

describe('explaining to somebody of one project', () => {
  it('says nothing of roles in others, and what roles for some hosts are', async () => {
    const chief = await person(controller, 'chief of alpha', { role: 'manager', scope: { project: 'alpha' } })
    const hosts = { project: 'alpha', labels: [{ key: 'line', value: '4' }] }
    await person(
      controller,
      'everywhere',
      { role: 'manager', scope: { project: 'beta' } },
      { role: 'manager', scope: hosts },
    )
    const query = '/v1/access/explain?principal=everywhere&permission=host.destroy&project=alpha'

    const told = await chief.call('GET', query)

    expect(told.text).not.toContain('beta')
    expect(told.body).toMatchObject({
      allowed: false,
      missing: 'no role of everywhere has host.destroy in project alpha (roles: manager of some hosts)',
    })
    expect((await controller.call('GET', query)).body.missing).toContain('manager in project beta')
  })
})

describe('an API token', () => {
  const make = (by: TestPerson['call'], more: object) =>
    by('POST', '/v1/access/tokens', { name: 'bot', expiresInMs: 3_600_000, ...more })
  const status = async (token: string, method: string, path: string, body?: object) =>
    (await callAs(controller, token)(method, path, body)).status

  it('for one project gets 404 from another, 403 for what it may not, 401 when it was changed by a bit', async () => {
    const { body } = await make(controller.call, { permissions: ['host.read'], project: 'alpha' })

    expect(await status(body.token, 'GET', '/v1/projects/alpha/compute/hosts')).toBe(200)
    expect(await status(body.token, 'GET', '/v1/projects/beta/compute/hosts')).toBe(404)
    expect(await status(body.token, 'PATCH', `/v1/projects/alpha/compute/hosts/${press}`, { note: 'x' })).toBe(403)
    expect(await status(body.token, 'GET', '/v1/system')).toBe(403)
    for (const at of [12, 30, body.token.length - 1]) {
      const flipped = `${body.token.slice(0, at)}${String.fromCharCode(body.token.charCodeAt(at) ^ 1)}${body.token.slice(at + 1)}`
      expect(await status(flipped, 'GET', '/v1/me')).toBe(401)
    }
  })

  it('for some hosts reaches those', async () => {
    const hosts = { labels: [{ key: 'line', value: '5' }] }
    const { body } = await make(controller.call, { role: 'operator', project: 'alpha', hosts })

    const list = await callAs(controller, body.token)('GET', '/v1/projects/alpha/compute/hosts')
    expect(list.body.hosts.map((host: { name: string }) => host.name)).toEqual(['lathe'])
    expect(await status(body.token, 'GET', `/v1/projects/alpha/compute/hosts/${press}`)).toBe(404)
  })

  it('from an address outside its ranges is none', async () => {
    const near = await make(controller.call, { role: 'viewer', networks: ['127.0.0.0/8'] })
    const far = await make(controller.call, { role: 'viewer', networks: ['10.0.0.0/8', 'fd00::/8'] })

    expect(await status(near.body.token, 'GET', '/v1/me')).toBe(200)
    expect(await status(far.body.token, 'GET', '/v1/me')).toBe(401)
    expect((await make(controller.call, { role: 'viewer', networks: ['somewhere'] })).status).toBe(409)
  })

  it('does no more than its maker, at the time of making and ever after', async () => {
    const max = await person(controller, 'max', { role: 'operator', scope: { project: 'alpha' } })
    const { bindings } = (await max.call('GET', '/v1/access/bindings')).body

    expect((await make(max.call, { role: 'engineer', project: 'alpha' })).status).toBe(403)
    expect((await make(max.call, { role: 'viewer' })).status).toBe(403)
    expect((await make(max.call, { role: 'viewer', project: 'beta' })).status).toBe(404)
    const { body } = await make(max.call, { role: 'viewer', project: 'alpha' })
    expect(await status(body.token, 'GET', '/v1/projects/alpha/compute/hosts')).toBe(200)
    await controller.call('DELETE', `/v1/access/bindings/${bindings[0].id}`)
    expect(await status(body.token, 'GET', '/v1/projects/alpha/compute/hosts')).toBe(404)
  })

  it('makes no other unless it may give rights, and then none that does more', async () => {
    const narrow = (await make(controller.call, { permissions: ['host.read'], project: 'alpha' })).body.token
    const wide = (await make(controller.call, { role: 'manager', project: 'alpha' })).body.token

    expect((await make(callAs(controller, narrow), { permissions: ['host.read'], project: 'alpha' })).status).toBe(403)
    expect((await make(callAs(controller, wide), { permissions: ['host.read'], project: 'alpha' })).status).toBe(201)
    expect((await make(callAs(controller, wide), { role: 'admin', project: 'alpha' })).status).toBe(403)
    expect((await make(callAs(controller, wide), { role: 'viewer' })).status).toBe(403)
    expect(
      (await callAs(controller, wide)('PUT', '/v1/access/people/me/password', { password: 'a password of its own' }))
        .status,
    ).toBe(403)
  })

  it('lives a year at most', async () => {
    expect((await make(controller.call, { role: 'viewer', expiresInMs: 367 * 86_400_000 })).status).toBe(400)
  })
})
