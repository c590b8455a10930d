// SPDX-License-Identifier: Apache-2.0
/** Signing in from the command line: by invitation, by password, and what is said when it fails. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk } from '../support/muster.ts'

let controller: TestController
let desk: Desk
let file: (name: string) => string
beforeAll(async () => {
  controller = await startTestController({ config: { modules: { onboarding: {}, tenancy: {}, access: {} } } })
  desk = createDesk()
  file = name => join(desk.home, name)
  writeFileSync(file('password'), 'marble tuesday otter wheel\n')
  writeFileSync(file('wrong'), 'marble tuesday otter whale\n')
  writeFileSync(file('token'), controller.token)
  await desk.muster(['login', controller.url, '--token-file', file('token'), '-c', 'admin'])
}, 30_000)
afterAll(async () => {
  await controller.stop()
  desk.remove()
})

it('takes an invitation, then the password; a session ends by being revoked', async () => {
  const made = await desk.muster(['person', 'create', 'bert', '--role', 'viewer', '-c', 'admin'])
  expect(made.code).toBe(0)

  const invited = await desk.muster(
    ['login', controller.url, '--invite', '-', '--password-file', file('password'), '-c', 'bert'],
    {
      input: made.out,
    },
  )
  expect(invited.err).toContain('signed in to')
  expect((await desk.muster(['host', 'ls', '-c', 'bert'])).code).toBe(0)
  const wrong = await desk.muster([
    'login',
    controller.url,
    '--user',
    'bert',
    '--password-file',
    file('wrong'),
    '-c',
    'no',
  ])
  expect(wrong.err).toContain('[sign-in-refused]')
  expect(wrong.code).toBe(3)
  const again = await desk.muster([
    'login',
    controller.url,
    '--user',
    'bert',
    '--password-file',
    file('password'),
    '-c',
    'bert',
  ])
  expect(again.code).toBe(0)
  const explained = await desk.muster(['access', 'explain', 'host.operate', '-c', 'bert'])
  expect(explained.out).toMatch(/^no\n {2}missing: no role of bert has host\.operate in project default/)

  const { json } = await desk.muster(['session', 'ls', '--all', '-c', 'admin', '-o', 'json'])
  for (const { id } of json.items) await desk.muster(['session', 'revoke', id, '-y', '-c', 'admin'])
  expect((await desk.muster(['host', 'ls', '-c', 'bert'])).code).toBe(3)
}, 30_000)

it('sets a password of one’s own from files', async () => {
  const set = await desk.muster(['person', 'password', '--password-file', file('password'), '-c', 'admin'])
  expect(set.code).toBe(0)

  const login = ['login', controller.url, '--user', 'tester', '--password-file', file('password'), '-c', 'boss']
  expect((await desk.muster(login)).code).toBe(0)
})

it('never shows a password in what it would send', async () => {
  const dry = await desk.muster([
    'login',
    controller.url,
    '--user',
    'bert',
    '--password-file',
    file('password'),
    '--dry-run',
  ])

  expect(dry.out).toContain('"password":"***"')
  expect(dry.out + dry.err).not.toContain('otter')
})

it('says what holds in the project, names people, and gives nobody the same role twice', async () => {
  const bind = ['role', 'bind', 'bert', 'operator', '-l', 'line=2', '-c', 'admin']
  const { out: id } = await desk.muster(bind)
  const twice = await desk.muster(bind)
  expect(twice.err).toContain(`${id.trim()} [binding-exists]`)
  expect(twice.code).toBe(7)
  expect((await desk.muster(['role', 'bindings', '-c', 'admin'])).out).toMatch(
    /^b-\w+ +bert +operator +default, line=2/m,
  )
  expect((await desk.muster(['access', 'explain', 'host.read', '--who', 'tester', '-c', 'admin'])).out).toMatch(/^yes/)

  const credentials = ['--user', 'bert', '--password-file', file('password')]
  await desk.muster(['login', controller.url, ...credentials, '-c', 'bert'])
  const { json } = await desk.muster(['whoami', '-c', 'bert', '-o', 'json'])
  expect(json.item.permissions).toEqual([])
  expect(json.item.here).toMatchObject({ project: 'default', roles: ['operator', 'viewer'] })
  expect(json.item.here.permissions).toContain('host.read')
  expect(json.item.here.onSomeHosts).toContain('host.operate')
})
