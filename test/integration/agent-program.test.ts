// SPDX-License-Identifier: Apache-2.0
/** The program muster-agent against a real controller: from a machine nobody knows to one that runs, and back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inspectJournal, openJournal } from '../../agent/state/journal.ts'
import manifest from '../../package.json' with { type: 'json' }
import { startTestController, type TestController, until } from '../support/controller.ts'

const BIN = fileURLToPath(new URL('../../agent/bin.js', import.meta.url))
type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

let controller: TestController
let folder: string
let configFile: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  controller = await startTestController()
})

afterAll(() => controller.stop())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-program-'))
  configFile = join(folder, 'agent.yaml')
  mkdirSync(join(folder, 'state'), { mode: 0o700 })
  configure({})
})

afterEach(async () => {
  for (const child of children) {
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  rmSync(folder, { recursive: true })
})

function configure(more: object): void {
  const settings = {
    stateDir: join(folder, 'state'),
    policyFile: join(folder, 'policy.yaml'),
    startJitterMs: 0,
    ...more,
  }
  writeFileSync(configFile, JSON.stringify(settings))
}

function begin(args: readonly string[], input = ''): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, MUSTER_AGENT_CONFIG: configFile },
  })
  children.add(child)
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (err += chunk))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<Ended>(resolve =>
    child.once('close', code => {
      children.delete(child)
      resolve({ code, out, err })
    }),
  )
  return { child, ended }
}

const run = (args: readonly string[], input = '') => begin(args, input).ended
const enroll = async () => run(['enroll', controller.secureUrl, '-'], await controller.joinToken())
const statusFile = () => join(folder, 'state', 'status.json')

describe('a machine nobody knows', () => {
  it('says which version it runs', async () => {
    expect(await run(['version'])).toMatchObject({ code: 0, out: `${manifest.version}\n` })
    expect(await run(['--version'])).toMatchObject({ code: 0, out: `${manifest.version}\n` })
  })

  it('shows what its configuration comes to, without secrets', async () => {
    configure({ proxy: 'http://anna:hunter2@proxy.example:3128' })

    const { code, out } = await run(['run', '--print-config'])

    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ stateDir: join(folder, 'state'), startJitterMs: 0 })
    expect(out).not.toContain('hunter2')
  })

  it.each([
    [['sing'], 2, 'sing'],
    [['enroll'], 2, 'url'],
    [['enroll', 'https://ctl.example'], 2, 'token'],
    [['run'], 7, 'agent-not-enrolled'],
    [['enroll', 'http://ctl.example', '-'], 6, ''],
    [['enroll', 'https://ctl.example', '-'], 6, ''],
  ])('answers %j with code %i', async (args, code, text) => {
    const ended = await run(args, 'not a token')

    expect(ended.code).toBe(code)
    expect(ended.err + ended.out).toContain(text)
    expect(ended.err).not.toContain('    at ')
  })

  it('names the place in a configuration it cannot use', async () => {
    configure({ startJiterMs: 5 })

    const { code, err } = await run(['run'])

    expect(code).toBe(6)
    expect(err).toContain('startJiterMs')
  })

  it('is told by status and doctor, which change nothing', async () => {
    expect(await run(['status'])).toMatchObject({ code: 3, out: expect.stringContaining('not enrolled') })
    const { code, out } = await run(['doctor', '--json'])

    const { findings } = JSON.parse(out) as { findings: { check: string; ok: unknown }[] }
    expect(code).toBe(1)
    expect(findings.length).toBeGreaterThanOrEqual(12)
    expect(findings.filter(each => each.ok === false).map(each => each.check)).toEqual(['identity'])
    expect(existsSync(join(folder, 'state', 'journal.db'))).toBe(false)
  })
})

describe('enrollment', () => {
  it('shows every step up to the first report, once', async () => {
    const { code, out, err } = await enroll()

    expect(out.split('\n').filter(line => line.startsWith('✗'))).toEqual([])
    expect(code).toBe(0)
    for (const step of ['TCP', 'TLS', 'clock', 'token', 'certificate', 'MQTT', 'first report']) {
      expect(out).toContain(`✓ ${step}`)
    }
    expect(err).not.toContain('history')
    expect(await enroll()).toMatchObject({ code: 7, err: expect.stringContaining('already-enrolled') })
  })

  it('keeps key and journal from everybody else', async () => {
    await enroll()

    for (const name of ['journal.db', 'identity/identity-a.json']) {
      expect(statSync(join(folder, 'state', name)).mode & 0o777).toBe(0o600)
    }
  })

  it('warns of a token on the command line, and still takes it', async () => {
    const ended = await run(['enroll', controller.secureUrl, await controller.joinToken()])

    expect(ended).toMatchObject({ code: 0, err: expect.stringContaining('history') })
  })

  it('shreds the file the token came in, and only when it was used', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, await controller.joinToken(), { mode: 0o600 })
    const wrongPort = controller.secureUrl.replace(/:\d+$/, ':1')
    expect(await run(['enroll', wrongPort, '--token-file', file])).toMatchObject({ code: 11 })
    expect(existsSync(file)).toBe(true)

    expect(await run(['enroll', controller.secureUrl, '--token-file', file])).toMatchObject({ code: 0 })
    expect(existsSync(file)).toBe(false)
  })

  it('refuses a token file that others can read', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, await controller.joinToken(), { mode: 0o644 })

    const { code, err } = await run(['enroll', controller.secureUrl, '--token-file', file])

    expect(code).toBe(2)
    expect(err).toContain('0600')
  })

  it('of a used token is code 3 and says so in the checklist', async () => {
    const token = await controller.joinToken()
    await run(['enroll', controller.secureUrl, '-'], token)
    rmSync(join(folder, 'state'), { recursive: true })
    mkdirSync(join(folder, 'state'), { mode: 0o700 })

    const { code, out } = await run(['enroll', controller.secureUrl, '-'], token)

    expect(code).toBe(3)
    expect(out).toContain('✗ token')
  })

  it('of a controller with another root is code 12', async () => {
    const token = await controller.joinToken()
    const [prefix, id, secret] = token.split('.')
    const other = Buffer.alloc(32, 7).toString('base64url')

    const { code, out } = await run(['enroll', controller.secureUrl, '-'], [prefix, id, secret, other].join('.'))

    expect([6, 12]).toContain(code)
    expect(out).not.toContain('✓ certificate')
  })

  it('anew makes the machine a host of another controller, which finds nothing of the first', async () => {
    await enroll()
    // As a host remembers of a controller that was restored from its backups many times.
    const journal = openJournal(join(folder, 'state', 'journal.db'), { now: () => 0 })
    journal.values.put('epoch', '9')
    journal.close()
    const second = await startTestController()
    try {
      const ended = await run(['enroll', second.secureUrl, '-', '--force'], await second.joinToken())

      expect(ended.out).toContain('✓ first report')
      expect(ended.code).toBe(0)
    } finally {
      await second.stop()
    }
  })
})

describe('a host', () => {
  async function start(): Promise<{ child: ChildProcess; ended: Promise<Ended>; host: string }> {
    await enroll()
    const agent = begin(['run'])
    const ask = async () => JSON.parse((await run(['status', '--json'])).out)
    const { status } = await until(ask, answer => answer.status?.link?.phase === 'online', 20_000)
    return { ...agent, host: status.link.host }
  }

  it('runs, is seen online, is well, and leaves no note when it is stopped', async () => {
    const { child, ended, host } = await start()
    await controller.until(host, is => JSON.stringify(is).includes('online') || is.presence?.online === true)
    expect((await run(['status'])).out).toContain('online')
    expect((await run(['doctor'])).out).not.toContain('✗')

    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ code: 0 })
    expect(existsSync(statusFile())).toBe(false)
    expect(await run(['status'])).toMatchObject({ code: 3, out: expect.stringContaining('not running') })
  })

  it('does not run twice', async () => {
    await start()

    expect(await run(['run'])).toMatchObject({ code: 7, err: expect.stringContaining('agent-running') })
  })

  it('that was killed is not taken for one that runs, and starts again with a sound journal', async () => {
    const { child, ended } = await start()
    child.kill('SIGKILL')
    await ended
    expect(JSON.parse(readFileSync(statusFile(), 'utf8'))).toHaveProperty('pid')

    expect((await run(['status'])).code).toBe(3)
    expect(inspectJournal(join(folder, 'state', 'journal.db'))).toBeUndefined()
    begin(['run'])
    await until(
      async () => JSON.parse((await run(['status', '--json'])).out),
      answer => answer.status?.link?.phase === 'online',
      20_000,
    )
  })

  it('logs one JSON object a line and no secret', async () => {
    const { child, ended } = await start()
    child.kill('SIGTERM')
    const { err } = await ended

    const lines = err.trim().split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
    expect(err).not.toMatch(/muster-join_1|PRIVATE KEY|"ticket":"(?!\[redacted)/)
  })
})
