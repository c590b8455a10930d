// SPDX-License-Identifier: Apache-2.0
/** An agent, a helper and a controller as they are installed: what is privileged goes the long way round, and arrives. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { type HelperStand, helperStand, soon } from '../support/helper.ts'

const BIN = fileURLToPath(new URL('../../agent/bin.js', import.meta.url))
const isRoot = process.getuid?.() === 0

let controller: TestController
let stand: HelperStand
let folder: string
let agent: ChildProcess | undefined
let host: string

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

function muster(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ended> {
  const config = join(folder, 'agent.yaml')
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, MUSTER_AGENT_CONFIG: config, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (err += chunk))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return new Promise(resolve => child.once('close', code => resolve({ code, out, err })))
}

function configure(more: object = {}): void {
  const settings = {
    stateDir: join(folder, 'state'),
    policyFile: join(folder, 'policy.yaml'),
    helper: stand.socket,
    startJitterMs: 0,
    plugins: ['power', 'amt'],
    ...more,
  }
  writeFileSync(join(folder, 'agent.yaml'), JSON.stringify(settings))
}

function startAgent(): void {
  agent = spawn(process.execPath, [BIN, 'run'], {
    env: { PATH: process.env.PATH, MUSTER_AGENT_CONFIG: join(folder, 'agent.yaml') },
    stdio: 'ignore',
  })
}

async function stopAgent(): Promise<void> {
  const running = agent
  if (running === undefined || running.exitCode !== null) return
  const gone = new Promise(resolve => running.once('exit', resolve))
  running.kill('SIGTERM')
  await gone
}

beforeAll(async () => {
  controller = await startTestController()
  stand = await helperStand({ enrolled: false })
  folder = mkdtempSync(join(tmpdir(), 'muster-helped-'))
  mkdirSync(join(folder, 'state'), { mode: 0o700 })
  for (const name of ['systemctl', 'shutdown']) stand.program(name)
  stand.program(
    'rpc',
    `case "$1" in version) echo '{"app":"rpc","version":"3.0.0","platform":"linux"}';; *) echo no; exit 1;; esac`,
  )
  await stand.start()
  configure()
})

afterAll(async () => {
  await stopAgent()
  await stand?.end()
  await controller?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

const command = (name: string, input: object = {}) =>
  controller.call('POST', `/v1/projects/default/compute/hosts/${host}/commands`, {
    section: 'power',
    name,
    input,
    reason: 'test',
  })
const result = async (id: string) => (await controller.call('GET', `/v1/projects/default/commands/${id}`)).body

describe.runIf(isRoot)('a machine with a helper', () => {
  it('is told by an enrollment as root whom to trust', async () => {
    const helper = ['--helper-state', join(stand.dir, 'state')]

    const { code, out, err } = await muster(
      ['enroll', controller.secureUrl, '-', ...helper],
      await controller.joinToken(),
    )

    expect(`${out}${err}`).toContain('This machine is host-')
    expect(code).toBe(0)
    host = /host-[0-9a-z]{8}/.exec(out)?.[0] ?? ''
    expect(await stand.ask('helper.greet', {})).toMatchObject({ trusts: { host, project: 'default' } })
    expect(statSync(join(stand.dir, 'state', 'trust.json')).mode & 0o777).toBe(0o600)
  })

  it('finds it sound', async () => {
    const { out } = await muster(['doctor', '--json'])

    const { findings } = JSON.parse(out)
    expect(findings.find(({ check }: { check: string }) => check === 'helper')).toMatchObject({ ok: true })
    expect((await muster(['status'])).out).toContain(stand.socket)
  })

  it('reboots by way of the helper, once, when the controller orders it', async () => {
    startAgent()
    await controller.until(host, ({ presence }) => presence?.online === true, 30_000)

    const sent = await command('reboot', { message: 'Tonight' })

    expect(sent.status).toBeLessThan(300)
    await soon(() => stand.calls().some(each => each.startsWith('systemctl')), 20_000)
    expect(stand.calls().filter(each => each.startsWith('systemctl'))).toEqual([
      'systemctl [reboot] [--no-ask-password] [--message=Tonight]',
    ])
  })

  it('looks at its management engine by way of the helper', async () => {
    await soon(() => stand.calls().some(each => each.startsWith('rpc [version]')), 20_000)
    await soon(() => stand.calls().some(each => each.startsWith('rpc [amtinfo]')), 20_000)
  })

  it('says that the helper does not answer, and what to do', async () => {
    await stopAgent()
    await stand.kill()

    const { out, code } = await muster(['doctor'])

    expect(code).toBe(1)
    expect(out).toMatch(/✗ helper {2}.*(nobody listens|no such socket)/)
    expect(out).toContain('systemctl status muster-helper.socket')
  })

  it('fails a command whose helper is gone with a problem that says so', async () => {
    startAgent()
    await controller.until(host, ({ presence }) => presence?.online === true, 30_000)

    const { body } = await command('shutdown')

    const ended = await until(
      () => result(body.id),
      each => each.state === 'failed' || each.result !== undefined,
      30_000,
    )
    expect(JSON.stringify(ended)).toContain('helper-unavailable')
    await stopAgent()
  })

  it('goes on as the host it was when it is installed again', async () => {
    const helper = ['--helper-state', join(stand.dir, 'state')]

    const plain = await muster(['enroll', controller.secureUrl, ...helper])
    const again = await muster(['enroll', controller.secureUrl, '--reclaim', ...helper])

    expect(plain.err).toContain('already-enrolled')
    expect(again.out).toContain(`This machine is ${host}`)
    expect(again.code).toBe(0)
  })

  it('tells the controller when it leaves, and destroys its identity', async () => {
    const helper = ['--helper-state', join(stand.dir, 'state')]
    const asked = await muster(['leave', ...helper])
    expect(asked.err).toContain('leave-unconfirmed')

    const { code, out } = await muster(['leave', '--yes', ...helper])

    expect(code).toBe(0)
    expect(out).toContain(`knows that ${host} has left`)
    expect(() => statSync(join(folder, 'state', 'identity'))).toThrow()
    expect(() => readFileSync(join(stand.dir, 'state', 'trust.json'))).toThrow()
    const gone = (await controller.call('GET', `/v1/projects/default/compute/hosts/${host}`)).body
    expect(JSON.stringify(gone)).toMatch(/revoked|untrusted|UNTRUSTED/i)
    const audit = (await controller.call('GET', '/v1/audit?project=default')).body
    expect(JSON.stringify(audit)).toContain('host.leave')
  })
})

describe.runIf(isRoot)('a machine that leaves', () => {
  it('does so within seconds when the controller is not there, and says what is left to do', async () => {
    configure({ helper: undefined })
    await muster(['enroll', controller.secureUrl, '-'], await controller.joinToken())
    await controller.controller.stop()
    const before = performance.now()

    const { code, out, err } = await muster(['leave', '--yes', '--helper-state', join(folder, 'none')])

    expect(performance.now() - before).toBeLessThan(20_000)
    expect(code).toBe(0)
    expect(out).toContain('Overwrote and removed')
    expect(err).toMatch(/muster host delete host-/)
  })
})
