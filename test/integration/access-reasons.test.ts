// SPDX-License-Identifier: Apache-2.0
/** Why somebody changed access or a project stands in the audit, beside who did it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

const entriesOf = async (chain: string) =>
  (await test.call('GET', `/v1/audit?chain=${encodeURIComponent(chain)}&limit=100`)).body.entries as readonly {
    readonly action: string
    readonly target: string
    readonly reason?: string
  }[]

async function done(method: string, path: string, body?: unknown) {
  const answer = await test.call(method, path, body)
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer.body
}

const WHY = 'weil’s sein muss & zwar sofort'
const why = `reason=${encodeURIComponent(WHY)}`

describe('a reason', () => {
  it('is kept for everything that is done to people, roles, sessions and tokens', async () => {
    await done('POST', `/v1/access/people?${why}`, { name: 'anna' })
    await done('POST', `/v1/access/people/anna/disable?${why}`)
    await done('POST', `/v1/access/people/anna/enable?${why}`)
    await done('POST', `/v1/access/roles?${why}`, { name: 'doorman', permissions: ['host.read'] })
    const { id } = await done('POST', `/v1/access/bindings?${why}`, { principal: 'anna', role: 'doorman' })
    await done('DELETE', `/v1/access/bindings/${id}?${why}`)
    await done('DELETE', `/v1/access/roles/doorman?${why}`)
    const token = await done('POST', `/v1/access/tokens?${why}`, { name: 'ci', role: 'viewer', expiresInMs: 60_000 })
    await done('DELETE', `/v1/access/tokens/${token.id}?${why}`)
    await done('DELETE', `/v1/access/people/anna/totp?${why}`)
    await done('DELETE', `/v1/access/people/anna?${why}`)

    const entries = await entriesOf('installation')
    for (const action of [
      'person.create',
      'person.disable',
      'person.enable',
      'role.create',
      'binding.create',
      'binding.delete',
      'role.delete',
      'token.create',
      'token.revoke',
      'totp.remove',
      'person.delete',
    ])
      expect(
        entries.filter(entry => entry.action === action).map(({ reason }) => reason),
        action,
      ).toContain(WHY)
  })

  it('is kept for what is done to projects and organisations', async () => {
    await done('PUT', '/v1/projects/berlin', { description: '' })
    await done('PUT', `/v1/projects/berlin/quotas?${why}`, { hosts: 3 })
    await done('PUT', '/v1/orgs/plants', {})
    await done('DELETE', `/v1/orgs/plants?${why}`)

    expect((await entriesOf('project:berlin')).find(({ action }) => action === 'project.quotas')?.reason).toBe(WHY)
    await done('DELETE', `/v1/projects/berlin?${why}`)
    const entries = await entriesOf('installation')
    expect(entries.find(({ action }) => action === 'org.delete')?.reason).toBe(WHY)
    expect(entries.find(({ action }) => action === 'project.close')?.reason).toBe(WHY)
  })

  it('is not invented where none was given', async () => {
    await done('POST', '/v1/access/people', { name: 'bert' })
    await done('DELETE', '/v1/access/people/bert')

    const removed = (await entriesOf('installation')).filter(({ action }) => action === 'person.delete')
    expect(removed.map(({ reason }) => reason)).toContain(undefined)
  })

  it('is refused when it is a letter instead of a line', async () => {
    const answer = await test.call('DELETE', `/v1/access/people/nobody?reason=${'x'.repeat(501)}`)

    expect(answer.status).toBe(400)
  })
})
