// SPDX-License-Identifier: Apache-2.0
/** A machine with nobody at its keyboard: the owner's token, and an agent that enrolls when it starts. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/controller.ts'
import { type ControllerProcess, controllerProcess } from '../support/process.ts'

const AGENT = fileURLToPath(new URL('../../agent/bin.js', import.meta.url))
const CONTROLLER = fileURLToPath(new URL('../../controller/bin.js', import.meta.url))

let controller: ControllerProcess
let folder: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  controller = await controllerProcess()
})
afterAll(() => controller.remove())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-first-'))
  mkdirSync(join(folder, 'state'), { mode: 0o700 })
})
afterEach(async () => {
  for (const child of children) {
    const gone =
      child.exitCode === null && child.signalCode === null && new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  children.clear()
  rmSync(folder, { recursive: true })
})

function admin(...args: string[]) {
  const env = { PATH: process.env.PATH, MUSTER_CONTROLLER_DATA_DIR: join(controller.dir, 'data') }
  const { status, stdout, stderr } = spawnSync(process.execPath, [CONTROLLER, 'admin', 'token', ...args], {
    env,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

function startAgent(tokenFile: string, url = controller.secureUrl) {
  const env = {
    PATH: process.env.PATH,
    MUSTER_AGENT_STATE_DIR: join(folder, 'state'),
    MUSTER_AGENT_START_JITTER_MS: '0',
    MUSTER_AGENT_PLUGINS: 'power',
    MUSTER_AGENT_ENROLL: url,
    MUSTER_AGENT_TOKEN_FILE: tokenFile,
  }
  const child = spawn(process.execPath, [AGENT, 'run'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = new Promise<number | null>(resolve => child.once('exit', resolve))
  return { child, code, said: () => said }
}

function isOnline(): boolean {
  const file = join(folder, 'state/status.json')
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).status.link.phase === 'online'
}

describe('a token of the machine’s owner', () => {
  it('is written for its reader only, and audited as made by nobody who signed in', async () => {
    const file = join(folder, 'token')
    const { code, out } = admin('--uses', '2', '--hours', '2', '--out', file)

    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(readFileSync(file, 'utf8')).toMatch(/^muster-join_1\.\S+\n$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { body } = await controller.call('GET', '/v1/projects/default/enrollment/tokens')
    expect(body.tokens[0]).toMatchObject({ uses: 2, used: 0, needsApproval: false })
    const { text } = await controller.call('GET', '/v1/audit?project=default')
    expect(text).toContain('machine-owner')
  })

  it.each([
    ['a project there is not', ['--project', 'nowhere'], 1, 'not-found'],
    ['no use at all', ['--uses', '0'], 2, '--uses takes a number from 1 to 10000'],
    ['hours that are no number', ['--hours', 'day'], 2, '--hours takes a number from 1 to 720'],
  ])('is refused for %s', (_, args, code, why) => {
    const answer = admin(...args)

    expect(answer.code).toBe(code)
    expect(answer.err).toContain(why)
    expect(answer.out).toBe('')
  })
})

describe('an agent that is told where to enroll', () => {
  it('becomes a host at its first start, keeps the token file, and is the same host at its next', async () => {
    const file = join(folder, 'token')
    admin('--uses', '1', '--out', file)
    const first = startAgent(file)
    await until(async () => isOnline(), Boolean, 25_000)
    first.child.kill('SIGTERM')

    expect(await first.code).toBe(0)
    expect(existsSync(file)).toBe(true)
    const again = startAgent(file)
    await until(async () => isOnline(), Boolean, 25_000)
    expect(again.said()).not.toContain('is a host now')
    expect(first.said()).toContain('is a host now')
  })

  it('waits for a controller that is not there, and ends when it is asked to', async () => {
    const file = join(folder, 'token')
    admin('--out', file)
    const { child, code, said } = startAgent(file, 'https://127.0.0.1:9')
    await until(
      async () => said(),
      text => text.includes('is tried again'),
      25_000,
    )
    child.kill('SIGTERM')

    expect(await code).toBe(130)
  })

  it.each([
    ['a token that nobody made', 'muster-join_1.x', 0o600, 'token-malformed'],
    ['a token that others can read', 'muster-join_1.x', 0o644, 'token-exposed'],
  ])('ends with the reason when it finds %s', async (_, text, mode, why) => {
    const file = join(folder, 'token')
    writeFileSync(file, text)
    chmodSync(file, mode)
    const { code, said } = startAgent(file)

    expect(await code).toBeGreaterThan(0)
    expect(said()).toContain(why)
  })
})
