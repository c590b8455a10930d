// SPDX-License-Identifier: Apache-2.0
/** Hosts from the command line: a real controller, hosts on the wire, every exit code that they lead to. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_UNCOUNTED } from '../../controller/cli/confirm.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk, type Typed } from '../support/muster.ts'
import { enrollWire, messageId, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

let test: TestController
let desk: Desk
let press: WireIdentity
let session: WireSession
const muster = (line: string | readonly string[], typed?: Typed) =>
  desk.muster(typeof line === 'string' ? line.split(' ') : line, typed)

beforeAll(async () => {
  test = await startTestController()
  desk = createDesk()
  const token = join(desk.home, 'token.txt')
  writeFileSync(token, test.token)
  const fingerprint = `sha256:${test.controller.rootFingerprint}`
  await muster(['login', test.secureUrl, '--ca-fingerprint', fingerprint, '--token-file', token])
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
  session = await openWire(test, press)
  await session.birth()
  await enrollWire(test, { hostname: 'twin', serial: 'SN-5', simulated: true })
  await enrollWire(test, { hostname: 'twin', serial: 'SN-6' })
})
afterAll(async () => {
  await session.end()
  await test.stop()
  desk.remove()
})

const answerTo = async (command: { head: { id: string } }, status: string, more: object = {}) =>
  session.publish('result', {
    id: messageId(),
    command: command.head.id,
    status,
    at: new Date().toISOString(),
    ...more,
  })

describe('looking', () => {
  it('lists hosts, marks the simulated, and knows who is there', async () => {
    const { out } = await muster('host ls')

    expect(out).toMatch(/^press-04 +● online +\d+s +real +host-/m)
    expect(out).toMatch(/^twin +· never +- +sim +host-/m)
    expect((await muster('host ls --online -o name')).out).toBe(`${press.host}\n`)
    expect((await muster('host ls -q twin -o json')).json).toMatchObject({
      apiVersion: 'v1',
      kind: 'HostList',
      items: [{}, {}],
    })
  })

  it.each(['press-04', 'PRESS-04', 'SN-4'])('finds a host by %s', async name => {
    expect((await muster(['host', 'get', name, '-o', 'json'])).json.item.resourceId).toBe(press.host)
  })

  it('finds a host by its id and the start of it', async () => {
    expect((await muster(`host get ${press.host} -o name`)).out).toBe(`${press.host}\n`)
    expect((await muster(`host get ${press.host.slice(0, -1)} -o name`)).out).toBe(`${press.host}\n`)
  })

  it.each(['get', 'reboot', 'delete'])(
    'takes an empty text for no host, as an empty variable gives it (%s)',
    async verb => {
      const ended = await muster(['host', verb, '', ...(verb === 'get' ? [] : ['-y'])])

      expect(ended.err).toContain('an empty text names no host')
      expect(ended.code).toBe(4)
    },
  )

  it('does not guess: it lists who is meant and exits 4', async () => {
    const ended = await muster('host get twin')

    expect(ended).toMatchObject({ code: 4, out: '' })
    expect(ended.err.match(/^ {2}host-[0-9a-f]{8} {2}twin {2}SN-[56]$/gm)).toHaveLength(2)
    expect(await muster('host get nobody')).toMatchObject({ code: 4, err: expect.stringContaining('[name-unknown]') })
    expect(await muster('host get host-00000000')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[not-found]'),
    })
    expect(await muster('host ls -p nowhere')).toMatchObject({ code: 4 })
  })

  it('says so when it is not allowed', async () => {
    const { json } = await muster('access token create --name viewer --role viewer --expires 1h -o json')

    expect(await muster('host reboot press-04 -y', { env: { MUSTER_TOKEN: json.item.token } })).toMatchObject({
      code: 5,
      err: expect.stringContaining('[not-allowed]'),
    })
    expect(await muster('host ls', { env: { MUSTER_TOKEN: 'muster_pat_expired' } })).toMatchObject({ code: 3 })
  })
})

describe('changing', () => {
  it('shows what it would send, and sends nothing', async () => {
    const dry = await muster('host rename press-04 other --dry-run')

    expect(dry).toMatchObject({ code: 0, err: 'dry run: nothing was sent\n' })
    expect(dry.out).toContain(
      `PATCH /v1/projects/default/compute/hosts/${press.host}\n  {"name":"other"}\n  on press-04`,
    )
    expect((await muster('host get other')).code).toBe(4)
    expect((await muster('host rename nobody other --dry-run')).code).toBe(4)
  })

  it('sets and removes labels, and finds hosts by them', async () => {
    await muster('host label press-04 site=berlin line=4')
    expect((await muster('host label press-04 shift=a line-')).out).toContain('shift=a site=berlin')
    expect((await muster('host ls -l site=berlin -o name')).out).toBe(`${press.host}\n`)
    expect((await muster('host ls -l site=lyon -o name')).out).toBe('')
    expect((await muster('host label press-04 SITE=Berlin')).code).toBe(6)
    expect((await muster('host label press-04 site')).code).toBe(2)
  })

  it('guards a section with its revision', async () => {
    const set = (args: string) =>
      muster(`section set press-04 maintenance -f -${args}`, { input: 'timeZone: Europe/Berlin\nwindows: []\n' })
    expect((await set('')).code).toBe(0)
    const { out } = await muster('section get press-04 maintenance')
    expect(out).toBe('timeZone: Europe/Berlin\nwindows: []\n')

    expect(await set(' --if-match 7')).toMatchObject({ code: 7, err: expect.stringContaining('[revision-mismatch]') })
    expect((await muster('section set press-04 maintenance -f -', { input: 'timeZone: 4' })).code).toBe(6)
    expect((await muster('section set press-04 nonsense -f - --dry-run', { input: '{}' })).code).toBe(4)
    expect((await muster('section unset press-04 maintenance')).code).toBe(2)
    expect((await muster('section unset press-04 maintenance -y')).code).toBe(0)
  })

  it('waits for a section to settle: done, held, failed', async () => {
    const reports = async (status: string, revision: number) =>
      session.publish('reported/maintenance', {
        id: messageId(),
        revision,
        status,
        observed: { windows: { timeZone: 'Europe/Berlin', windows: [] }, open: true },
        plugin: { name: 'maintenance', version: '1.0.0' },
        at: new Date().toISOString(),
      })
    const setAndAnswer = async (status: string, timeZone: string) => {
      const ended = muster('section set press-04 maintenance -f - --wait --timeout 20s', {
        input: `timeZone: ${timeZone}\nwindows: []\n`,
      })
      for (;;) {
        const { head, content } = await session.next('/desired/maintenance', 10_000)
        if (content?.timeZone !== timeZone) continue
        await reports(status, head.revision)
        return (await ended).code
      }
    }

    expect(await setAndAnswer('settled', 'Europe/Paris')).toBe(0)
    expect(await setAndAnswer('held', 'Europe/Rome')).toBe(8)
    expect(await setAndAnswer('failed', 'Europe/Madrid')).toBe(9)
  })
})

describe('acting', () => {
  it('asks a person, and takes only yes for yes', async () => {
    const no = await muster('host reboot press-04', { answers: ['n'] })

    expect(no).toMatchObject({ code: 2, asked: [`Reboot press-04 (${press.host})? [y/N] `] })
    expect(await muster('host reboot press-04')).toMatchObject({
      code: 2,
      err: expect.stringContaining('[not-confirmed]'),
    })
    expect((await muster('command ls -o name')).out).toBe('')
  })

  it('needs hosts or a selection, never both, never neither', async () => {
    for (const line of ['host reboot -y', 'host reboot press-04 -l site=berlin -y'])
      expect((await muster(line)).code).toBe(2)
    expect((await muster('host reboot -l site=nowhere -y')).code).toBe(4)
  })

  it('waits until the host has read back what became of it', async () => {
    const ended = muster('host reboot press-04 -y --reason fan --wait -o json')
    const command = await session.next('/command/power', 10_000)
    await answerTo(command, 'succeeded', { output: { bootId: 'boot-2' } })

    const { code, json } = await ended
    expect(code).toBe(0)
    expect(json.items).toMatchObject([
      { id: command.head.id, state: 'succeeded', hostName: 'press-04', simulated: false, reason: 'fan' },
    ])
    expect((await muster(`command get ${command.head.id}`)).out).toMatch(/output +\{"bootId":"boot-2"\}/)
    expect((await muster(`command wait ${command.head.id}`)).code).toBe(0)
  })

  it('says what failed, and exits 9', async () => {
    const ended = muster('command run press-04 power reboot --wait')
    const failure = {
      type: '/problems/x',
      title: 'The fan is stuck',
      status: 500,
      code: 'fan-stuck',
      retry: 'never',
      next: 'look',
    }
    await answerTo(await session.next('/command/power', 10_000), 'failed', { problem: failure })

    expect(await ended).toMatchObject({
      code: 9,
      out: expect.stringContaining('[fan-stuck]'),
      err: expect.stringContaining('[hosts-failed]'),
    })
  })

  it('exits 10 when the time is over, and the command goes on', async () => {
    const ended = await muster('host reboot press-04 -y --wait --timeout 50ms')
    const command = await session.next('/command/power', 10_000)

    expect(ended).toMatchObject({ code: 10, err: expect.stringContaining('[wait-over]') })
    expect((await muster(`command wait ${command.head.id} --timeout 10ms`)).code).toBe(10)
    expect(await muster(`command cancel ${command.head.id}`)).toMatchObject({ code: 7 })
    await answerTo(command, 'succeeded', { output: { bootId: 'boot-3' } })
  })

  it('leaves with the id when it is interrupted, and the command goes on', async () => {
    const stop = new AbortController()
    const ended = muster('host reboot press-04 -y --wait', { signal: stop.signal })
    const command = await session.next('/command/power', 10_000)
    stop.abort()

    const { code, err } = await ended
    expect(code).toBe(130)
    expect(err).toBe(`detached: ${command.head.id} on ${press.host}\ntry: muster command wait ${command.head.id}\n`)
    expect((await muster(`command get ${command.head.id} -o json`)).json.item.state).toBe('sent')
    await answerTo(command, 'succeeded', { output: { bootId: 'boot-4' } })
  })

  it('does once what is repeated with the same key', async () => {
    const line = 'command run press-04 power reboot --idempotency-key job-17 -o name'
    const [first, second] = [await muster(line), await muster(line)]

    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^01/) })
    expect(second.out).toBe(first.out)
    expect((await muster('command run press-04 power shutdown --idempotency-key job-17')).code).toBe(6)
    await answerTo(await session.next('/command/power', 10_000), 'succeeded', { output: { bootId: 'boot-5' } })
  })

  it('sends input from a file, from standard input and from the line', async () => {
    const file = join(desk.home, 'input.yaml')
    writeFileSync(file, 'delaySeconds: 60\n')
    const sent = async (input: string, typed?: Typed) => {
      const ended = await muster(
        ['command', 'run', 'press-04', 'power', 'reboot', '-o', 'json', '--input', input],
        typed,
      )
      expect(ended.err).toBe('')
      await answerTo(await session.next('/command/power', 10_000), 'succeeded', { output: { bootId: 'b' } })
      return ended.json.items[0].input
    }

    expect(await sent(`@${file}`)).toEqual({ delaySeconds: 60 })
    expect(await sent('-', { input: '{"delaySeconds":61}' })).toEqual({ delaySeconds: 61 })
    expect(await sent('{"delaySeconds":62}')).toEqual({ delaySeconds: 62 })
    expect((await muster(['command', 'run', 'press-04', 'power', 'reboot', '--input', '{'])).code).toBe(6)
    expect((await muster(['command', 'run', 'press-04', 'power', 'reboot', '--input', '{"x":1}'])).code).toBe(6)
    expect((await muster('command run press-04 power fly')).code).toBe(4)
  })
})

describe('destroying', () => {
  it('wants the name of the host typed, and shows what it calls itself literally', async () => {
    await enrollWire(test, { hostname: 'doomed\u001b[2J', serial: 'SN-DOOMED' })
    const wrong = await muster('host delete SN-DOOMED', { answers: ['y'] })
    const id = wrong.asked[0]?.match(/host-[0-9a-f]{8}/)?.[0] ?? ''

    expect(wrong).toMatchObject({ code: 2, asked: [expect.stringContaining(`doomed\\x1b[2J (${id})`)] })
    expect(wrong.asked[0]).toContain(`Type ${id} to go on`)
    expect((await muster('host revoke SN-DOOMED -y')).code).toBe(2)
    expect((await muster('host revoke SN-DOOMED --reason stolen', { answers: [id] })).out).toContain('✗ revoked')
    expect(await muster('host reboot SN-DOOMED -y')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[host-revoked]'),
    })
    expect((await muster('host delete SN-DOOMED -y')).code).toBe(0)
    expect((await muster('host get SN-DOOMED')).code).toBe(4)
  })
})

describe('many hosts', () => {
  const COUNT = MAX_UNCOUNTED + 1
  beforeAll(async () => {
    const token = await test.joinToken(COUNT, { labels: [{ key: 'crowd', value: 'yes' }] })
    for (let n = 0; n < COUNT; n++) await enrollWire(test, { serial: `crowd-${n}` }, token)
  })

  it('must be confirmed by their number, even with -y', async () => {
    expect(await muster('host reboot -l crowd=yes -y')).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${COUNT} hosts [count-not-confirmed]`),
    })
    expect(await muster('host reboot -l crowd=yes -y --confirm-count 50')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[count-differs]'),
    })
    expect(await muster(`host reboot -l crowd=yes --confirm-count ${COUNT}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('[not-confirmed]'),
    })
  })

  it('are shown by --dry-run without being confirmed', async () => {
    const { code, json } = await muster('host reboot -l crowd=yes --dry-run -o json')

    expect(code).toBe(0)
    expect(json.items).toHaveLength(COUNT)
    expect(json.items[0]).toMatchObject({
      method: 'POST',
      body: { section: 'power', name: 'reboot' },
      host: { name: expect.any(String) },
    })
  })

  it('are told apart by what became of each', async () => {
    const ended = await muster(`host reboot -l crowd=yes -y --confirm-count ${COUNT} --expires 1s --wait -o json`)

    expect(ended.code).toBe(9)
    expect(ended.json.items.map((item: { state: string }) => item.state)).toEqual(
      Array.from({ length: COUNT }, () => 'expired'),
    )
    expect(ended.err).toMatch(/^waiting: \d+\/51, \d+ failed$/m)
  })
})
