// SPDX-License-Identifier: Apache-2.0
/** The helper as a process over its socket: what it does when it is ordered, and what it refuses. */
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY, formatTime, HOUR, MINUTE } from '../../plugins/contract/index.ts'
import { createSigningKey } from '../../provisioning/pki/signing.ts'
import { commandOf, desiredOf, type HelperStand, helperStand, soon } from '../support/helper.ts'

let stand: HelperStand
/** Documents of one section only ever get newer, for the helper of all tests too. */
let newest = 0

beforeAll(async () => {
  stand = await helperStand()
  await stand.start()
})

beforeEach(() => {
  newest += 10
  stand.forget()
  for (const name of ['systemctl', 'shutdown', 'rpc', 'modprobe', 'date', 'apt-get', 'smartctl']) stand.program(name)
})

afterAll(() => stand.end())

const reboot = (more: object = {}, input: unknown = {}, key = stand.installation.command) =>
  commandOf(stand, { section: 'power', name: 'reboot', ...more }, { input, key })
const refusals = () => stand.log().filter(({ message }) => message === 'not done')

describe('a reboot', () => {
  it('is done once when a signed command orders it', async () => {
    const order = [reboot({}, { message: 'New kernel' })]

    expect(await stand.ask('power.reboot', {}, order)).toMatchObject({ code: 0 })

    expect(stand.calls()).toEqual(['systemctl [reboot] [--no-ask-password] [--message=New kernel]'])
    expect((await stand.refusal('power.reboot', {}, order)).code).toBe('already-done')
    expect(stand.calls()).toHaveLength(1)
  })

  it('is not done again by the same command after the helper was killed', async () => {
    const order = [reboot()]
    await stand.ask('power.reboot', {}, order)
    await stand.kill()
    await stand.start()

    expect((await stand.refusal('power.reboot', {}, order)).code).toBe('already-done')
    expect(stand.calls()).toHaveLength(1)
  })

  it('counts as done when the helper was killed in the middle of it', async () => {
    stand.program('systemctl', 'sleep 30')
    const order = [reboot()]
    const asked = stand.ask('power.reboot', {}, order).catch((thrown: unknown) => thrown)
    await soon(() => stand.calls().length === 1)
    await stand.kill()
    expect(await asked).toMatchObject({ code: 'helper-unavailable' })
    await stand.start()

    expect((await stand.refusal('power.reboot', {}, order)).code).toBe('already-done')
  })

  it('may come as late as the command told it to wait, and no later', async () => {
    const at = Date.now() - 30 * MINUTE
    const late = (delaySeconds: number) =>
      commandOf(stand, { section: 'power', name: 'reboot' }, { input: { delaySeconds }, at })

    expect((await stand.refusal('power.reboot', {}, [late(60)])).code).toBe('expired')
    expect(await stand.ask('power.reboot', {}, [late(1_790)])).toMatchObject({ code: 0 })
  })

  it.each([
    ['nothing that was signed', () => [], 'not-authorized'],
    ['the key of a stranger', () => [reboot({}, {}, createSigningKey())], 'unknown-key'],
    ['the key that signs the audit', () => [reboot({}, {}, stand.installation.audit)], 'unknown-key'],
    ['another host', () => [reboot({ host: 'host-0a0a0a0a' })], 'wrong-audience'],
    ['another project', () => [reboot({ project: 'other' })], 'wrong-audience'],
    ['another installation', () => [reboot({ installation: 'other' })], 'wrong-audience'],
    ['a time that has passed', () => [reboot({ expiresAt: formatTime(Date.now() - 1_000) })], 'expired'],
    [
      'a time to come',
      () => [reboot({ issuedAt: formatTime(Date.now() + HOUR), expiresAt: formatTime(Date.now() + DAY) })],
      'not-yet-valid',
    ],
    ['another act', () => [commandOf(stand, { section: 'power', name: 'shutdown' })], 'not-authorized'],
    ['another section', () => [commandOf(stand, { section: 'amt', name: 'reboot' })], 'not-authorized'],
    [
      'an input that was changed',
      () => [{ ...reboot(), message: { ...reboot().message, input: { message: 'x' } } } as any],
      'digest-mismatch',
    ],
    ['an input the section does not know', () => [reboot({}, { force: true })], 'invalid'],
    ['a desired document', () => [desiredOf(stand, {}, { section: 'power', revision: newest })], 'not-authorized'],
  ])('is refused for %s, with one line in the log', async (_, messages, code) => {
    expect((await stand.refusal('power.reboot', {}, messages())).code).toBe(code)

    expect(stand.calls()).toEqual([])
    expect(refusals()).toHaveLength(1)
    expect(refusals()[0]).toMatchObject({ verb: 'power.reboot', problem: { code } })
  })

  it('is refused when a signature was moved to another message', async () => {
    const [mine, other] = [reboot(), reboot()]
    const forged = { ...mine, message: { ...mine.message, sig: other.message.sig } } as typeof mine

    expect((await stand.refusal('power.reboot', {}, [forged])).code).toBe('bad-signature')
  })

  it('is refused where the owner of the machine forbids it', async () => {
    writeFileSync(join(stand.dir, 'policy.yaml'), 'deny: ["power/reboot"]\n')

    expect((await stand.refusal('power.reboot', {}, [reboot()])).code).toBe('local-policy')
  })
})

const ORDER = { state: 'activated', server: 'wss://rps.example/activate', profile: 'acm', attempt: 1 } as const
const asked = { server: ORDER.server, profile: 'acm', anyCertificate: false, ownRoots: false }
const amt = (activation: object | undefined, revision = 1) =>
  desiredOf(stand, activation === undefined ? {} : { activation }, { section: 'amt', revision: newest + revision })

describe('an activation', () => {
  it('runs rpc as the signed document says', async () => {
    const answer = await stand.ask('rpc.act', { do: 'activate', style: 'v3', order: asked }, [amt(ORDER)])

    expect(answer).toMatchObject({ code: 0 })
    expect(stand.calls()).toEqual(['rpc [activate] [--url] [wss://rps.example/activate] [--profile] [acm]'])
  })

  it('trusts the roots that were signed, not a file of the agent', async () => {
    stand.program('rpc', `cat "$SSL_CERT_FILE"; echo "$HOME$LD_PRELOAD"`)
    const ca = '-----BEGIN CERTIFICATE-----\nsigned\n-----END CERTIFICATE-----\n'

    const answer = await stand.ask(
      'rpc.act',
      { do: 'activate', style: 'v2', order: { ...asked, ownRoots: true }, password: 'secret' },
      [amt({ ...ORDER, ca })],
    )

    expect(answer.stdout).toBe(`${ca}\n`)
  })

  it.each([
    ['another server', { ...asked, server: 'wss://evil.example/activate' }],
    ['another profile', { ...asked, profile: 'ccm' }],
    ['no look at the certificate', { ...asked, anyCertificate: true }],
    ['a name of its own', { ...asked, friendlyName: 'x' }],
    ['roots of its own', { ...asked, ownRoots: true }],
  ])('is refused with %s', async (_, order) => {
    const why = await stand.refusal('rpc.act', { do: 'activate', style: 'v2', order }, [amt(ORDER)])

    expect(why.code).toBe('not-authorized')
    expect(stand.calls()).toEqual([])
  })

  it('is refused by an order to deactivate, and by an older document than the helper has seen', async () => {
    const input = { do: 'activate', style: 'v2', order: asked } as const

    expect((await stand.refusal('rpc.act', input, [amt({ ...ORDER, state: 'deactivated' }, 3)])).code).toBe(
      'not-authorized',
    )
    expect((await stand.refusal('rpc.act', input, [amt(ORDER, 2)])).code).toBe('revision-rollback')
    expect((await stand.refusal('rpc.act', input, [amt(undefined, 4)])).code).toBe('not-authorized')
    expect(stand.calls()).toEqual([])
  })

  it('ends with its program when the client goes', async () => {
    stand.program('rpc', `trap 'echo ended >> ${join(stand.dir, 'calls')}; exit 1' TERM; sleep 30 & wait`)
    const stop = new AbortController()
    const gone = stand.ask('rpc.look', { do: 'version' }, [], stop.signal).catch((thrown: unknown) => thrown)
    await soon(() => stand.calls().length === 1)

    stop.abort(new Error('enough'))

    expect(await gone).toMatchObject({ message: 'enough' })
    await soon(() => stand.calls().includes('ended'))
  })

  it('is done one at a time', async () => {
    stand.program('rpc', 'sleep 30')
    const stop = new AbortController()
    const first = stand.ask('rpc.look', { do: 'version' }, [], stop.signal).catch(() => undefined)
    await soon(() => stand.calls().length === 1)

    expect((await stand.refusal('rpc.look', { do: 'version' })).code).toBe('helper-busy')
    stop.abort()
    await first
  })
})

describe('a driver and a service', () => {
  it('are for whom an activation was ordered', async () => {
    const order = [amt(ORDER)]
    await stand.ask('module.load', { module: 'mei_me' }, order)
    await stand.ask('service.control', { do: 'start', unit: 'lms.service' }, order)

    expect(stand.calls()).toEqual(['modprobe [mei_me]', 'systemctl [start] [--no-ask-password] [--] [lms.service]'])
    expect((await stand.refusal('service.control', { do: 'stop', unit: 'lms.service' }, order)).code).toBe(
      'not-granted',
    )
    expect((await stand.refusal('service.control', { do: 'start', unit: 'ssh.service' }, order)).code).toBe(
      'not-granted',
    )
  })
})

describe('what the owner of the machine grants', () => {
  const grant = (more: object) => writeFileSync(join(stand.dir, 'helper.yaml'), JSON.stringify({ grants: [more] }))
  const base64 = (text: string) => Buffer.from(text).toString('base64')

  it('is nothing as long as nobody says so', async () => {
    const order = [desiredOf(stand, { packages: [{ package: 'chrony' }] }, { section: 'updates', revision: newest })]

    expect((await stand.refusal('package.install', { package: 'chrony' }, order)).code).toBe('not-granted')
  })

  it('lets a package be installed that a document of the named section orders', async () => {
    grant({ act: 'package.install', section: 'updates', packages: ['chrony', 'muster-*'] })
    const order = [
      desiredOf(
        stand,
        { packages: [{ package: 'muster-agent', version: '0.2.0-1' }] },
        { section: 'updates', revision: newest },
      ),
    ]

    expect(await stand.ask('package.install', { package: 'muster-agent', version: '0.2.0-1' }, order)).toMatchObject({
      code: 0,
    })

    expect(stand.calls()[0]).toMatch(/^apt-get \[install\] .*\[--\] \[muster-agent=0\.2\.0-1\]$/)
    expect((await stand.refusal('package.install', { package: 'muster-agent' }, order)).code).toBe('not-authorized')
    expect((await stand.refusal('package.install', { package: 'chrony' }, order)).code).toBe('not-authorized')
    expect((await stand.refusal('package.install', { package: 'bash' }, order)).code).toBe('not-granted')
    const other = [desiredOf(stand, { packages: [{ package: 'chrony' }] }, { section: 'config', revision: newest })]
    expect((await stand.refusal('package.install', { package: 'chrony' }, other)).code).toBe('not-authorized')
  })

  it('lets a file be put below a folder, byte for byte as it was signed', async () => {
    const root = join(stand.dir, 'etc')
    grant({ act: 'file.put', section: 'config', roots: [root] })
    const order = [
      desiredOf(
        stand,
        { files: [{ path: `${root}/a.conf`, content: 'yes\n' }] },
        { section: 'config', revision: newest },
      ),
    ]

    await stand.ask('file.put', { path: `${root}/a.conf`, base64: base64('yes\n') }, order)

    const put = (path: string, text: string, mode?: number) =>
      stand.refusal('file.put', { path, base64: base64(text), ...(mode === undefined ? {} : { mode }) }, order)
    expect((await put(`${root}/a.conf`, 'no\n')).code).toBe('not-authorized')
    expect((await put(`${root}/a.conf`, 'yes\n', 0o600)).code).toBe('not-authorized')
    expect((await put(`${root}/a.conf`, 'yes\n', 0o666)).code).toBe('not-granted')
    expect((await put(`${root}/b.conf`, 'yes\n')).code).toBe('not-authorized')
    expect((await put(`${stand.dir}/elsewhere`, 'yes\n')).code).toBe('not-granted')
    expect((await put(`${root}/../elsewhere`, 'yes\n')).code).toBe('helper-request')
  })

  it('uses a command up', async () => {
    grant({ act: 'service.control', section: 'config', units: ['chrony.service'], do: ['restart'] })
    const order = [
      commandOf(stand, { section: 'config', name: 'restart' }, { input: { unit: 'chrony.service', do: 'restart' } }),
    ]
    const input = { do: 'restart', unit: 'chrony.service' } as const

    await stand.ask('service.control', input, order)

    expect((await stand.refusal('service.control', input, order)).code).toBe('already-done')
    expect(stand.calls()).toHaveLength(1)
  })

  it('is nothing while what the owner wrote cannot be read', async () => {
    grant({ act: 'run.anything', section: 'config' })

    expect((await stand.refusal('dmi.read', { path: '/sys/class/dmi/id/product_uuid' })).code).toBe('helper-config')
  })
})

describe('the clock', () => {
  // What was proved lasts as long as the helper.
  afterAll(async () => {
    await stand.kill()
    await stand.start()
  })

  const signed = async (now: number) => {
    const { nonce } = await stand.ask('clock.ask', {})
    const head = { nonce, now: formatTime(now) }
    const { signHead } = await import('../../provisioning/pki/signing.ts')
    const { command } = stand.installation
    return { head, kid: command.kid, sig: signHead('time', head, command.privateKey) }
  }

  it('is set forward by a time that the controller signed with a nonce of the helper, once', async () => {
    const answer = await signed(Date.now() + 3 * HOUR)

    expect(await stand.ask('clock.step', { answer })).toMatchObject({ stepped: true })

    expect(stand.calls()[0]).toMatch(/^date \[--utc\] \[--set=@\d{10}\]$/)
    expect((await stand.refusal('clock.step', { answer })).code).toBe('not-authorized')
  })

  it('lets commands be judged by the proven time when it is ahead', async () => {
    await stand.kill()
    await stand.start()
    const at = Date.now() - 3 * HOUR
    const order = [commandOf(stand, { section: 'power', name: 'reboot' }, { at })]
    expect((await stand.refusal('power.reboot', {}, order)).code).toBe('expired')

    await stand.ask('clock.step', { answer: await signed(at + 1_000) })

    expect(await stand.ask('power.reboot', {}, order)).toMatchObject({ code: 0 })
  })

  it('is never set back', async () => {
    expect(await stand.ask('clock.step', { answer: await signed(Date.now() - 3 * HOUR) })).toMatchObject({
      stepped: false,
    })
    expect(stand.calls()).toEqual([])
  })
})

describe('a rotation of keys', () => {
  it('is followed when a root it trusts has signed it', async () => {
    const fresh = createSigningKey()
    const order = [reboot({}, {}, fresh)]
    expect((await stand.refusal('power.reboot', {}, order)).code).toBe('unknown-key')
    const keys = [{ kid: fresh.kid, role: 'command', publicKey: fresh.publicKey }] as const
    const trust = stand.installation.bundle({ version: 2, keys: [...keys] })

    expect(await stand.ask('trust.update', { trust })).toMatchObject({ trusts: { version: 2 } })

    expect(await stand.ask('power.reboot', {}, order)).toMatchObject({ code: 0 })
    expect((await stand.refusal('trust.update', { trust: stand.installation.bundle() })).code).toBe('trust-refused')
    await stand.kill()
    await stand.start()
    expect(await stand.ask('helper.greet', {})).toMatchObject({ trusts: { version: 2 } })
  })

  it('is not followed when a stranger has signed it', async () => {
    const stranger = await helperStand()
    const trust = { ...stranger.installation.bundle({ version: 9 }) }

    expect((await stand.refusal('trust.update', { trust })).code).toBe('trust-refused')
    await stranger.end()
  })
})

describe('the socket', () => {
  const raw = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(stand.socket, () => resolve(socket))
      socket.once('error', reject)
    })
  const closed = (socket: Socket) => new Promise<void>(resolve => socket.once('close', () => resolve()))

  it('closes on ten megabytes without a line', async () => {
    const socket = await raw()
    socket.on('error', () => undefined)
    const end = closed(socket)
    socket.write(Buffer.alloc(10 * 2 ** 20, 0x61))

    await end

    expect(stand.log().filter(({ message }) => message === 'a request is too long')).toHaveLength(1)
    expect(await stand.ask('helper.greet', {})).toMatchObject({ verbs: expect.any(Array) })
  })

  it('answers others while hundreds of connections say nothing', async () => {
    const sockets = await Promise.all(Array.from({ length: 300 }, () => raw().catch(() => undefined)))
    for (const socket of sockets) socket?.on('error', () => undefined)
    for (const socket of sockets.slice(0, 290)) socket?.destroy()

    await soon(async () => (await stand.ask('helper.greet', {}).catch(() => undefined)) !== undefined)
    for (const socket of sockets) socket?.destroy()
  })

  it('lets go of a client that does not read its answer', async () => {
    stand.program('smartctl', 'head -c 250000 /dev/zero | tr "\\0" x')
    const socket = await raw()
    socket.pause()
    socket.write(`${JSON.stringify({ v: 1, verb: 'smart.read', input: { disk: 'sda' }, messages: [] })}\n`)

    await soon(() => stand.log().some(({ message }) => message === 'a client did not take its answer in time'), 20_000)
    expect(await stand.ask('helper.greet', {})).toMatchObject({ verbs: expect.any(Array) })
    socket.destroy()
  })

  it.each([
    ['no JSON', 'reboot\n'],
    ['another version', `${JSON.stringify({ v: 2, verb: 'helper.greet', input: {}, messages: [] })}\n`],
    ['a verb there is not', `${JSON.stringify({ v: 1, verb: 'constructor.call', input: {}, messages: [] })}\n`],
    ['a verb of an object', `${JSON.stringify({ v: 1, verb: 'toString', input: {}, messages: [] })}\n`],
    [
      'an input too many',
      `${JSON.stringify({ v: 1, verb: 'dmi.read', input: { path: '/etc/shadow' }, messages: [] })}\n`,
    ],
    ['deep nesting', `{"v":1,"verb":"helper.greet","input":${'['.repeat(2_000)}${']'.repeat(2_000)},"messages":[]}\n`],
  ])('refuses %s', async (_, line) => {
    const socket = await raw()
    let answer = ''
    socket.on('data', chunk => (answer += chunk))
    const end = closed(socket)
    socket.write(line)
    await end

    expect(JSON.parse(answer).problem.code).toBe('helper-request')
  })
})

describe('a helper that was not enrolled', () => {
  it('reads what the firmware says and does nothing that must be ordered', async () => {
    const fresh = await helperStand({ enrolled: false })
    fresh.program('systemctl')
    await fresh.start()

    expect(await fresh.ask('dmi.read', { path: '/sys/class/dmi/id/product_uuid' })).toEqual(expect.any(Object))
    const order = commandOf(fresh, { section: 'power', name: 'reboot' })
    expect((await fresh.refusal('power.reboot', {}, [order])).code).toBe('helper-not-enrolled')
    await fresh.end()
  })
})

describe('a program that others could change', () => {
  it('is not run', async () => {
    stand.program('systemctl', '', 0o777)

    expect((await stand.refusal('power.reboot', {}, [reboot()])).code).toBe('program-unsafe')
    expect(stand.calls()).toEqual([])
  })
})

describe('an idle helper', () => {
  it('ends by itself, and by SIGTERM with 0', async () => {
    const idle = await helperStand({ args: ['--idle', '1'] })
    await idle.start()
    await soon(() => idle.log().some(({ message, why }) => message === 'the helper ends' && why === 'idle'), 10_000)
    await idle.end()

    expect(await stand.kill('SIGTERM')).toBe(0)
  })
})
