// SPDX-License-Identifier: Apache-2.0
/** Signing in: what is trusted, what is sent, what is kept. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import { issueServer } from '../../provisioning/pki/issue.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk } from '../support/muster.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

let desk: Desk
let token: string
beforeEach(() => {
  desk = createDesk()
  token = join(desk.home, 'token.txt')
  writeFileSync(token, `${test.token}\n`)
})
afterEach(() => desk.remove())

const fingerprint = () => `sha256:${test.controller.rootFingerprint}`
const contextsFile = () => join(desk.home, 'muster', 'contexts.json')
const signIn = (more: readonly string[] = []) =>
  desk.muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint(), '--token-file', token, ...more])

describe('signing in', () => {
  it('takes the one-time link as it was printed, once', async () => {
    const link = (await test.controller.setupLink()).replace(/^https:\/\/[^/]+/, test.secureUrl)
    const first = await desk.muster(['login', link, '--name', 'anna', '--ca-fingerprint', fingerprint()])
    const again = await desk.muster(['login', link, '--name', 'anna', '--ca-fingerprint', fingerprint()])

    expect(first).toMatchObject({ code: 0, out: '', err: expect.stringContaining('as anna (admin)') })
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining('[setup-refused]') })
    expect((await desk.muster(['whoami', '-o', 'json'])).json.item).toMatchObject({ name: 'anna', role: 'admin' })
  })

  it('keeps the root and the token for this person alone', async () => {
    expect((await signIn()).code).toBe(0)
    const kept = JSON.parse(readFileSync(contextsFile(), 'utf8'))

    expect(statSync(contextsFile()).mode & 0o777).toBe(0o600)
    expect(statSync(join(desk.home, 'muster')).mode & 0o777).toBe(0o700)
    expect(kept.contexts['127.0.0.1']).toMatchObject({
      url: test.secureUrl,
      token: test.token,
      ca: expect.stringContaining('BEGIN'),
    })
  })

  it('reads a token from standard input, and asks a person without showing it', async () => {
    const piped = await desk.muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint(), '--token', '-'], {
      input: `${test.token}\n`,
    })
    const asked = await desk.muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint()], {
      answers: [test.token],
    })

    expect(piped.code).toBe(0)
    expect(asked).toMatchObject({ code: 0, asked: ['API token: '] })
  })

  it('takes the root from a file instead', async () => {
    const root = join(desk.home, 'ca.pem')
    await signIn()
    writeFileSync(root, JSON.parse(readFileSync(contextsFile(), 'utf8')).contexts['127.0.0.1'].ca)

    expect(
      (await desk.muster(['login', test.secureUrl, '--ca-file', root, '--token-file', token, '-c', 'plant'])).code,
    ).toBe(0)
    expect((await desk.muster(['context', 'ls', '-o', 'name'])).out).toBe('127.0.0.1\nplant\n')
  })

  it.each([
    [['--token', 'muster_pat_x'], 'history of the shell'],
    [[], '--token-file'],
    [['--token', '-', '--token-file', 'x'], 'exclude each other'],
  ])('refuses a token that would leak, and none at all: %j', async (args, says) => {
    const ended = await desk.muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint(), ...args])

    expect(ended).toMatchObject({ code: 2, err: expect.stringContaining(says) })
    expect(ended.err).not.toContain('muster_pat_x')
  })

  it('refuses a token that the controller does not know, and keeps nothing', async () => {
    const ended = await desk.muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint(), '--token', '-'], {
      input: 'muster_pat_wrong',
    })

    expect(ended).toMatchObject({ code: 3, err: expect.stringContaining('[not-signed-in]') })
    expect(existsSync(contextsFile())).toBe(false)
  })

  it('shows with --dry-run what it would do, and sends nothing', async () => {
    const link = (await test.controller.setupLink()).replace(/^https:\/\/[^/]+/, test.secureUrl)
    const dry = await desk.muster(['login', link, '--name', 'bea', '--ca-fingerprint', fingerprint(), '--dry-run'])
    const real = await desk.muster(['login', link, '--name', 'bea', '--ca-fingerprint', fingerprint()])

    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('POST') })
    expect(dry.out).not.toContain(link.split('#')[1])
    expect(real.code).toBe(0)
  })
})

describe('trust', () => {
  it('sends nothing to a controller with another root', async () => {
    const heard: string[] = []
    const now = Date.now()
    const { issuing } = await createAuthority({ now })
    const { certificate, privateKey } = await issueServer(issuing, { names: ['127.0.0.1'], now })
    const impostor = createServer({ cert: certificate, key: privateKey }, socket => {
      socket.on('data', data => heard.push(data.toString()))
      socket.on('error', () => undefined)
    })
    await new Promise<void>(resolve => impostor.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(impostor.address() as { port: number }).port}`

    const pinned = await desk.muster([
      'login',
      `${url}/setup#SECRET`,
      '--name',
      'anna',
      '--ca-fingerprint',
      fingerprint(),
    ])
    const unpinned = await desk.muster(['login', url, '--token-file', token])
    impostor.close()

    expect(pinned).toMatchObject({ code: 12, err: expect.stringContaining('[fingerprint-differs]') })
    expect(unpinned).toMatchObject({ code: 12, err: expect.stringContaining('[controller-untrusted]') })
    expect(heard).toEqual([])
    expect(existsSync(contextsFile())).toBe(false)
  })

  it('goes on with every later line', async () => {
    await signIn()
    const kept = JSON.parse(readFileSync(contextsFile(), 'utf8'))
    const foreign = await createAuthority({ now: Date.now() })
    kept.contexts['127.0.0.1'].ca = foreign.root.certificate
    writeFileSync(contextsFile(), JSON.stringify(kept))

    expect(await desk.muster(['host', 'ls'])).toMatchObject({
      code: 12,
      err: expect.stringContaining('[controller-untrusted]'),
    })
  })

  it('does not take the fingerprint of the server certificate for that of the root', async () => {
    const shown = await desk.muster([
      'login',
      test.secureUrl,
      '--ca-fingerprint',
      `sha256:${'0'.repeat(64)}`,
      '--token-file',
      token,
    ])

    expect(shown.err).toContain(fingerprint())
    expect(shown.code).toBe(12)
  })

  it('refuses plain http to anywhere else', async () => {
    expect(await desk.muster(['login', 'http://ctl.example:8080', '--token-file', token])).toMatchObject({ code: 6 })
    expect((await desk.muster(['login', test.url, '--token-file', token])).code).toBe(0)
    expect(
      (await desk.muster(['login', test.url, '--ca-fingerprint', fingerprint(), '--token-file', token])).code,
    ).toBe(2)
  })

  it('has no option to skip it', async () => {
    const help = (await desk.muster(['login', '--help'])).out

    expect(help).not.toMatch(/insecure|skip|no-verify/i)
    expect((await desk.muster(['login', test.secureUrl, '--insecure'])).code).toBe(2)
  })
})

describe('the file of contexts', () => {
  it.each([0o644, 0o640, 0o604, 0o620])('is refused when others can use it: %o', async mode => {
    await signIn()
    chmodSync(contextsFile(), mode)

    const ended = await desk.muster(['host', 'ls'])
    expect(ended).toMatchObject({ code: 5, err: expect.stringContaining('[context-file-exposed]') })
    expect((await signIn()).code).toBe(5)
  })

  it('that is broken is named, and not overwritten', async () => {
    mkdirSync(join(desk.home, 'muster'))
    writeFileSync(contextsFile(), '{"v":1,', { mode: 0o600 })

    expect((await signIn()).err).toContain('[context-file-broken]')
    expect(readFileSync(contextsFile(), 'utf8')).toBe('{"v":1,')
  })

  it('that cannot be written is found out in words', async () => {
    writeFileSync(join(desk.home, 'muster'), 'a file where a folder should be')
    const ended = await signIn()

    expect(ended).toMatchObject({ code: 6, err: expect.stringMatching(/^error: .*\[file-unusable\]/) })
  })

  it('is not needed without a home to say so', async () => {
    const typed = { env: { MUSTER_HOME: '' }, parts: {} }
    expect((await desk.muster(['help', 'contexts'], typed)).code).toBe(0)
  })
})

describe('contexts', () => {
  it('are chosen by flag, then environment, then use', async () => {
    await signIn(['-c', 'one'])
    await signIn(['-c', 'two', '-p', 'other'])

    const chosen = async (args: readonly string[], env = {}) =>
      (await desk.muster(['whoami', ...args], { env })).out.match(/context +(\S+)\nproject +(\S+)/)?.slice(1)
    expect(await chosen([])).toEqual(['two', 'other'])
    expect(await chosen(['-c', 'one'])).toEqual(['one', 'default'])
    expect(await chosen([], { MUSTER_CONTEXT: 'one', MUSTER_PROJECT: 'lab' })).toEqual(['one', 'lab'])
    expect(await chosen(['-c', 'two', '-p', 'x'], { MUSTER_CONTEXT: 'one', MUSTER_PROJECT: 'lab' })).toEqual([
      'two',
      'x',
    ])
    expect((await desk.muster(['context', 'use', 'one'])).code).toBe(0)
    expect(await chosen([])).toEqual(['one', 'default'])
  })

  it('never show a token', async () => {
    await signIn()
    for (const form of ['table', 'json', 'yaml']) {
      const { out, err } = await desk.muster(['context', 'show', '-o', form])
      expect(out + err).not.toContain(test.token.slice(0, 20))
      expect(out).toContain('127.0.0.1')
    }
  })

  it('are forgotten, and signed out of', async () => {
    await signIn()
    expect((await desk.muster(['logout', '--dry-run'])).out).toContain('LOCAL')
    expect((await desk.muster(['whoami'])).code).toBe(0)
    expect((await desk.muster(['logout'])).code).toBe(0)
    expect(await desk.muster(['whoami'])).toMatchObject({ code: 3, err: expect.stringContaining('[no-token]') })
    expect((await desk.muster(['whoami'], { env: { MUSTER_TOKEN: test.token } })).code).toBe(0)
    expect((await desk.muster(['context', 'rm', '127.0.0.1'])).code).toBe(0)
    expect(await desk.muster(['whoami'])).toMatchObject({ code: 3, err: expect.stringContaining('[no-context]') })
    expect((await desk.muster(['context', 'use', 'nowhere'])).code).toBe(4)
  })
})

describe('a controller that is not there', () => {
  it('is exit code 11, with the address and what to do', async () => {
    const silent = createTcpServer()
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    await new Promise(resolve => silent.close(resolve))

    const ended = await desk.muster(['login', `http://127.0.0.1:${port}`, '--token-file', token])
    expect(ended.code).toBe(11)
    expect(ended.err).toMatch(new RegExp(`127\\.0\\.0\\.1:${port}: ECONNREFUSED \\[controller-unreachable\\]\ntry: `))
  })

  it('that is something else is called so', async () => {
    const ended = await desk.muster(['login', `${test.url}/nonsense`, '--token-file', token])

    expect(ended.code).toBe(4)
    expect(ended.err).toContain('[route-unknown]')
  })
})
