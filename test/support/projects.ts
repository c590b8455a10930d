// SPDX-License-Identifier: Apache-2.0
/** Two projects with one object of every kind in each, and somebody who is everything in one of them and nobody elsewhere. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createToken } from '../../controller/kernel/tokens.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import type { Answer, TestController } from './controller.ts'
import { firstObjects } from './eim-objects.ts'
import { silent } from './kernel.ts'
import { askIn, enrollWire, messageId, openWire, type WireIdentity } from './wire-host.ts'

/** A project and the ids of what is in it, by the path or the word they are made under. */
export type Ground = {
  readonly name: string
  readonly uuid: string
  readonly ids: Readonly<Record<string, string>>
  readonly identity: WireIdentity
}

/** A project with one of everything. `only` names what has no id but a name. */
export async function groundOf(test: TestController, name: string): Promise<Ground> {
  const base = `/v1/projects/${name}`
  const must = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await test.call(method, `${base}${path}`, body)
    expect([200, 201, 202, 204], `${method} ${path}: ${answer.text}`).toContain(answer.status)
    return answer.body
  }
  const { uID: uuid } = (await must('PUT', '', { description: `secret of ${name}` })).status.projectStatus
  const ids: Record<string, string> = {}
  for (const [path, , body] of firstObjects(ids)) ids[path] = (await must('POST', `/${path}`, body())).resourceId

  const join = await must('POST', '/enrollment/tokens', { uses: 5 })
  const approving = await must('POST', '/enrollment/tokens', { uses: 5, needsApproval: true })
  const identity = await enrollWire(test, { serial: `SN-${name}`, uuid: randomUUID() }, join.token)
  const waiting = await askIn(test, approving.token, { serial: `SN-waits-${name}` })
  const session = await openWire(test, identity)
  await session.birth()
  await session.publish('reported/power', {
    id: messageId(),
    revision: 0,
    status: 'settled',
    observed: { bootId: `boot-${name}`, canReboot: true },
    plugin: { name: 'power', version: '1.0.0' },
    at: new Date().toISOString(),
  })
  await session.next('/receipt')
  const host = `/compute/hosts/${identity.host}`
  const command = await must('POST', `${host}/commands`, { section: 'power', name: 'reboot', reason: 'test' })
  await must('PUT', `${host}/sections/maintenance/desired`, {
    content: { timeZone: 'Europe/Berlin', windows: [{ days: ['sat'], from: '22:00', to: '04:00' }] },
  })
  await session.end()

  const guid = randomUUID()
  await must('POST', '/oob/mps/devices', { guid, hostname: `firmware-of-${name}`, tags: [`tag-of-${name}`] })
  // Switched off, so that nothing about it changes by itself.
  const webhook = await must('POST', '/webhooks', { name: 'duty', url: 'https://duty.example/hook', enabled: false })
  const record = `recordof${name}`
  await must('POST', '/oob/rps/proxyconfigs', {
    name: record,
    address: 'proxy.example',
    infoFormat: 201,
    port: 3128,
    networkDnsSuffix: 'plant.example',
  })
  return {
    name,
    uuid,
    identity,
    ids: {
      ...ids,
      'compute/hosts': identity.host,
      host: identity.host,
      instance: ids['compute/instances']!,
      regionId: ids.regions!,
      command: command.id,
      token: join.id,
      request: waiting.body.request,
      guid,
      webhook: webhook.resourceId,
      name: record,
    },
  }
}

/** Bearer tokens of somebody who is administrator of one project, and of nothing else. */
export type Administrators = {
  /** Secrets of tokens. */
  readonly person: string
  readonly lent: string
  /** Ids, by the words of the paths that take them. */
  readonly ids: Readonly<Record<'person' | 'binding' | 'token', string>>
}

export async function administratorsOf(test: TestController, project: string): Promise<Administrators> {
  const person = await test.call('POST', '/v1/access/people', { name: `admin of ${project}`, role: 'admin', project })
  expect(person.status, person.text).toBeLessThan(300)
  const id: string = person.body.id ?? person.body.person?.id
  const me = await test.call('GET', '/v1/me')
  const { bindings } = (await test.call('GET', `/v1/access/bindings?project=${project}`)).body
  const store = openSqlite(join(test.dir, 'controller.db'))
  const around = { clock: realClock, random: realRandom, digest: sha256, log: silent }
  const own = { name: 'test', role: 'admin', lifeMs: 3_600_000 }
  try {
    return await store.change(async tx => {
      const theirs = await createToken(around, tx, { ...own, principal: id })
      // What an administrator of everything hands out for one project.
      const lent = await createToken(around, tx, { ...own, principal: me.body.id, project })
      return {
        person: theirs.secret,
        lent: lent.secret,
        ids: { person: id, binding: bindings[0].id, token: lent.token.id },
      }
    })
  } finally {
    await store.close()
  }
}

/** Calls as somebody else. */
export async function callAs(
  test: TestController,
  token: string,
  {
    method,
    path,
    body,
    headers = {},
  }: { method: string; path: string; body?: unknown; headers?: Record<string, string> },
): Promise<Answer> {
  return test.call(method, path, body, { authorization: `Bearer ${token}`, ...headers })
}

/** Every row of a project, table by table, as the database has it. */
export async function rowsOf(test: Pick<TestController, 'dir'>, project: string, file = 'controller.db') {
  const store = openSqlite(join(test.dir, file))
  try {
    const rows: Record<string, unknown[]> = {}
    for (const table of await store.projectRows.tables()) {
      rows[table] = await store
        .installation<Record<string, { project: string }>>()
        .selectFrom(table)
        .selectAll()
        .where('project', '=', project)
        .execute()
    }
    return rows
  } finally {
    await store.close()
  }
}

/** An id of the same form that belongs to nothing. */
export function ghostOf(id: string): string {
  if (id.startsWith('recordof')) return 'recordofnobody'
  const flip = (digit: string): string => (digit === '0' ? '1' : '0')
  // Kinds of ids keep their form when only their last characters differ.
  return id.slice(0, -4) + [...id.slice(-4)].map(flip).join('')
}
