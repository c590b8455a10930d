// SPDX-License-Identifier: Apache-2.0
/** The agent's side of enrollment and renewal: with a real controller, and with ones that lie. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EnrollStep, formatStep } from '../../agent/identity/checklist.ts'
import { type Enrollment, enroll } from '../../agent/identity/enroll.ts'
import { collectFacts } from '../../agent/identity/facts.ts'
import { askTime } from '../../agent/identity/floor.ts'
import { type Identities, openIdentities } from '../../agent/identity/identity.ts'
import { refreshTrust, rejoin, renew } from '../../agent/identity/renew.ts'
import { endpointOf } from '../../agent/link/https.ts'
import { createSystem } from '../../agent/system/real.ts'
import type { System } from '../../agent/system/system.ts'
import { realClock } from '../../controller/system/clock.ts'
import { DAY, HOUR, Problem } from '../../plugins/contract/index.ts'
import { formatToken, newToken, parseToken } from '../../provisioning/enroll/token.ts'
import { readHostCertificate } from '../../provisioning/pki/host-certificate.ts'
import { issueHost, issueServer } from '../../provisioning/pki/issue.ts'
import { createKey, fingerprintOf } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { signHead } from '../../provisioning/pki/signing.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { createInstallation, type Installation, NAMES } from '../unit/agent/identity/fixtures.ts'
import { createMachine, type Machine, PowerCut } from '../unit/agent/identity/machine.ts'

const dir = '/var/lib/muster-agent/identity'
const never = new AbortController().signal
const network = createSystem({ env: {} }).network
let machines = 0

/** A machine like no other, with the network of this one. */
function machine(now = Date.now()): Machine {
  machines += 1
  const id = String(machines).padStart(32, '0')
  const disk = new Map([['/sys/class/dmi/id/product_serial', `SN-${id}`]])
  return createMachine({ now, machineId: id, disk, network })
}

type Run = {
  readonly steps: EnrollStep[]
  readonly identities: Identities
  readonly done: ReturnType<typeof enroll>
}

function run(
  { system }: { readonly system: System },
  more: Pick<Enrollment, 'url' | 'token'> & Partial<Enrollment>,
): Run {
  const steps: EnrollStep[] = []
  const identities = openIdentities({ system, dir })
  const begin = async () => {
    const facts = await collectFacts(system)
    const agentVersion = '0.0.0-test'
    return enroll({ system, identities, facts, agentVersion, signal: never, onStep: step => steps.push(step), ...more })
  }
  return { steps, identities, done: begin() }
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const thrown = await promise.then(
    () => new Error('it succeeded'),
    reason => reason,
  )
  if (thrown instanceof Problem) return thrown
  throw thrown
}

const names = (steps: readonly EnrollStep[]): string[] => steps.map(({ name, ok }) => `${ok ? '✓' : '✗'} ${name}`)

describe('with a real controller', () => {
  let test: TestController
  let offset = 0
  const requests = '/v1/projects/default/enrollment/requests'

  beforeAll(async () => {
    test = await startTestController({ clock: { ...realClock, now: () => Date.now() + offset } })
  })
  afterAll(() => test.stop())
  afterEach(() => {
    offset = 0
  })

  const join = async (more: object = {}) => ({ url: test.secureUrl, token: await test.joinToken(1, more) })

  it('a machine becomes a host, and says how it went', async () => {
    const { done, steps, identities } = run(machine(), await join())

    const identity = await done

    const port = new URL(test.secureUrl).port
    expect(steps.map(formatStep).slice(0, 2)).toEqual([
      `✓ TCP ${port}`,
      expect.stringMatching(/^✓ TLS \(root [0-9a-f]{8}…\)$/),
    ])
    expect(steps[2]).toMatchObject({ name: 'clock', ok: true, detail: expect.stringMatching(/^[+-]\d\.\d s$/) })
    expect(formatStep(steps[3]!)).toBe('✓ token')
    expect(formatStep(steps[4]!)).toMatch(new RegExp(`^✓ certificate \\(${identity.host}, until \\d{4}-`))
    expect(identity).toMatchObject({ slot: 'a', project: 'default', url: test.secureUrl, ticket: expect.any(String) })
    expect(identity.broker).toEqual({ host: '127.0.0.1', port: test.controller.busPort })
    expect(await identities.candidates()).toEqual([identity])
  })

  it('a lost answer costs no token, wherever the power is cut', async () => {
    const whole = machine()
    const rehearsal = run(whole, await join())
    await rehearsal.done
    expect(whole.changes).toHaveLength(3)

    for (let at = 0; at < whole.changes.length; at++) {
      const cut = machine()
      const joining = await join()
      cut.cutAt(at)
      await expect(run(cut, joining).done).rejects.toThrow(PowerCut)

      const again = cut.reboot()
      const { identities, done } = run(again, joining)
      const identity = await done

      expect((await identities.candidates())[0]?.host).toBe(identity.host)
      expect([...again.disk.keys()].filter(path => path.endsWith('enrollment.json'))).toEqual([])
    }
  })

  it('a token that was used is refused, and the key made for it forgotten', async () => {
    const joining = await join()
    await run(machine(), joining).done
    const late = machine()

    const { done, steps } = run(late, joining)

    expect((await problemOf(done)).code).toBe('token-refused')
    expect(names(steps)).toEqual(['✓ tcp', '✓ tls', '✓ clock', '✗ token'])
    expect(steps.at(-1)?.hint).toContain('muster token create')
    expect([...late.disk.keys()].filter(path => path.startsWith(dir))).toEqual([])
  })

  it('a machine waits until somebody approves, also over a restart, asking less and less often', async () => {
    const joining = await join({ needsApproval: true })
    const host = machine()
    const waits: number[] = []
    const stop = new AbortController()
    const patience = (limit: number, then: () => Promise<void>): Machine['system']['clock'] => ({
      ...host.system.clock,
      sleep: async ms => {
        waits.push(ms)
        if (waits.length >= limit) await then()
        stop.signal.throwIfAborted()
      },
    })
    const first = run(
      { system: { ...host.system, clock: patience(6, async () => stop.abort(new Error('stopped'))) } },
      { ...joining, signal: stop.signal },
    )
    await expect(first.done).rejects.toThrow('stopped')
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
    expect(names(first.steps)).toEqual(['✓ tcp', '✓ tls', '✓ clock', '✓ token', '✗ approval'])

    const { requests: waiting } = (await test.call('GET', requests)).body
    await test.call('POST', `${requests}/${waiting.at(-1).id}/accept`, {})
    offset = 3 * HOUR // the token has run out since; the request has not
    host.advance(3 * HOUR)
    const second = run(host, joining)
    const identity = await second.done

    expect(readHostCertificate(identity.certificate)?.host).toBe(identity.host)
  })

  it('a machine that somebody refuses stops asking', async () => {
    const host = machine()
    const sleep = async (): Promise<void> => {
      const { requests: waiting } = (await test.call('GET', requests)).body
      const open = waiting.find((each: { state?: string }) => each.state === undefined || each.state === 'waiting')
      await test.call('POST', `${requests}/${open.id}/reject`, { reason: 'not ours' })
    }
    const system = { ...host.system, clock: { ...host.system.clock, sleep } }

    const { done, steps } = run({ system }, await join({ needsApproval: true }))

    expect(await problemOf(done)).toMatchObject({ code: 'enrollment-refused', detail: 'not ours' })
    expect(names(steps).slice(-2)).toEqual(['✗ approval', '✗ approval'])
  })

  it.each([
    ['1970', 0],
    ['2099', Date.UTC(2099, 0, 1)],
  ])('a machine whose clock says %s becomes a host all the same', async (_, now) => {
    const { done, steps } = run(machine(now), await join())

    const identity = await done

    expect(names(steps)).toEqual(['✓ tcp', '✓ tls', '✗ clock', '✓ token', '✓ certificate'])
    expect(steps[2]?.hint).toContain('timedatectl')
    expect(Math.abs(identity.notBefore - Date.now())).toBeLessThan(HOUR)
  })

  it('a machine with an identity of another controller lets go of it only when it has a new one', async () => {
    const host = machine()
    const elsewhere = await createInstallation(Date.now())
    const before = openIdentities({ system: host.system, dir })
    const old = await before.write(await elsewhere.identity({ now: Date.now() }))
    const failed = run(host, { ...(await join()), token: 'muster-join_1.' })
    expect((await problemOf(failed.done)).code).toBe('token-malformed')
    expect((await before.candidates())[0]?.fingerprint).toBe(old.fingerprint)

    const { done, identities } = run(host, await join())

    const identity = await done
    expect((await identities.candidates()).map(each => each.fingerprint)).toEqual([identity.fingerprint])
    expect(await identities.lastArchived()).toMatchObject({ reason: 'enrolled-anew' })
  })

  it('a host renews into its other slot twice a day at most, and its old key stays until the new one is confirmed', async () => {
    const { system } = machine()
    const { done, identities } = run({ system }, await join())
    const first = await done
    await identities.confirm(first)

    const second = await renew({ system, identities, identity: first, signal: never })
    expect(second).toMatchObject({ host: first.host, slot: 'b', broker: first.broker })
    expect(second.key).not.toBe(first.key)
    expect((await identities.candidates()).map(each => each.fingerprint)).toEqual([
      second.fingerprint,
      first.fingerprint,
    ])

    await identities.confirm(second)
    const clock = { ...system.clock, now: () => system.clock.now() + 1 }
    const third = await renew({
      system: { ...system, clock },
      identities: openIdentities({ system: { ...system, clock }, dir }),
      identity: second,
      signal: never,
    })
    expect(third.slot).toBe('a')
    const again = renew({ system: { ...system, clock }, identities, identity: third, signal: never })
    expect((await problemOf(again)).code).toBe('renewal-limit')
  })

  it('a host that slept past the end of its certificate comes back in', async () => {
    const host = machine()
    const { done, identities } = run(host, await join())
    const identity = await done
    const early = rejoin({ system: host.system, identities, identity, signal: never })
    expect((await problemOf(early)).code).toBe('certificate-not-renewable')

    offset = 45 * DAY
    host.advance(45 * DAY)
    const asleep = renew({ system: host.system, identities, identity, signal: never })
    expect((await problemOf(asleep)).code).toBe('certificate-not-renewable')
    const back = await rejoin({ system: host.system, identities, identity, signal: never })

    expect(back.host).toBe(identity.host)
    expect(back.notAfter).toBeGreaterThan(Date.now() + 70 * DAY)
  })

  it('a host asks for the time and for what to trust', async () => {
    const { system } = machine()
    const { done, identities } = run({ system }, await join())
    const identity = await done
    const { target } = endpointOf(identity.url)!
    const trust = { roots: identity.trust.head.roots }
    offset = 3 * HOUR

    const asked = await askTime({ system, target, trust, bundle: identity.trust, signal: never })
    const refreshed = await refreshTrust({ system, identities, identity, signal: never })

    expect(Math.abs(asked.skewMs + 3 * HOUR)).toBeLessThan(10_000)
    expect(refreshed).toEqual(identity.trust)
  })
})

describe('with a controller that lies', () => {
  const open: { close(): void }[] = []
  let ours: Installation
  let theirs: Installation

  beforeAll(async () => {
    ours = await createInstallation(Date.now())
    theirs = await createInstallation(Date.now())
  })
  afterEach(() => {
    for (const each of open.splice(0)) each.close()
  })

  /** Whatever a request of ours carries; a question without a body reads none of it. */
  type Body = { readonly nonce: string; readonly csr: string }
  type Answers = Readonly<Record<string, (body: Body) => unknown>>

  /** Answers what an honest controller would, but for what a test overrides. */
  async function controller(
    lies: Answers,
    serverOf = ours,
    now = Date.now(),
  ): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = []
    const answers: Answers = {
      '/enroll/v1/trust': () => ours.bundle(),
      '/enroll/v1/nonce': () => ({ nonce: 'n'.repeat(24) }),
      '/enroll/v1/time': ({ nonce }) => {
        const head = { nonce, now: new Date().toISOString() }
        return { head, kid: ours.command.kid, sig: signHead('time', head, ours.command.privateKey) }
      },
      '/enroll/v1/requests': admission,
      ...lies,
    }
    const { certificate, privateKey } = await issueServer(serverOf.authority.issuing, {
      names: ['127.0.0.1'],
      now,
    })
    const server = createServer({ cert: certificate, key: privateKey }, async (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = chunks.length === 0 ? {} : JSON.parse(String(Buffer.concat(chunks)))
      const answer = await answers[request.url!]!(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
    open.push({
      close: () => {
        server.closeAllConnections()
        server.close()
      },
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
  }

  async function admission({ csr }: Pick<Body, 'csr'>, more: object = {}): Promise<object> {
    const order = { publicKeyFrom: csr, ...NAMES, epoch: 1, now: Date.now() }
    const leaf = await issueHost(ours.authority.issuing, order)
    const papers = { certificate: leaf + ours.authority.issuing.certificate, trust: ours.bundle() }
    const { host, project } = NAMES
    return { status: 'enrolled', host, project, broker: ':8883', ticket: 't'.repeat(24), ...papers, ...more }
  }

  const tokenOf = ({ authority }: Installation): string =>
    formatToken({ ...newToken(createSystem().random), root: fingerprintOf(authority.root.certificate) })

  it('but does not in this one, the machine comes in', async () => {
    const { url } = await controller({})

    expect(await run(machine(), { url, token: tokenOf(ours) }).done).toMatchObject({ host: NAMES.host })
  })

  it('but is only far ahead of our clock, the machine comes in by its time', async () => {
    const later = Date.now() + 100 * DAY
    const { url } = await controller(
      { '/enroll/v1/time': ({ nonce }) => time(nonce, ours, new Date(later).toISOString()) },
      ours,
      later,
    )

    const { done, steps } = run(machine(), { url, token: tokenOf(ours) })

    expect(await done).toMatchObject({ host: NAMES.host })
    expect(names(steps)).toEqual(['✓ tcp', '✓ tls', '✗ clock', '✓ token', '✓ certificate'])
  })

  it('about who it is, nothing is sent', async () => {
    const { url, asked } = await controller({}, theirs)
    const host = machine()

    const { done, steps } = run(host, { url, token: tokenOf(ours) })

    expect((await problemOf(done)).code).toBe('untrusted-controller')
    expect(names(steps)).toEqual(['✓ tcp', '✗ tls'])
    expect(asked).toEqual([])
    expect(host.changes).toEqual([])
  })

  it('about what to trust, the token stays here', async () => {
    const { url, asked } = await controller({ '/enroll/v1/trust': () => theirs.bundle() })

    const { done, steps } = run(machine(), { url, token: tokenOf(ours) })

    expect((await problemOf(done)).code).toBe('untrusted-controller')
    expect(names(steps)).toEqual(['✓ tcp', '✗ tls'])
    expect(asked).toEqual(['GET /enroll/v1/trust'])
  })

  it.each([
    ['with another key', ({ nonce }: Body) => time(nonce, theirs)],
    ['to an older question', () => time('o'.repeat(32), ours)],
    ['in nonsense', ({ nonce }: Body) => time(nonce, ours, 'yesterday')],
  ])('about the time, %s, the token stays here', async (_, lie) => {
    const { url, asked } = await controller({ '/enroll/v1/time': lie })

    const { done, steps } = run(machine(), { url, token: tokenOf(ours) })

    expect((await problemOf(done)).code).toBe('time-unproven')
    expect(names(steps).at(-1)).toBe('✗ clock')
    expect(asked).not.toContain('POST /enroll/v1/requests')
  })

  it('with a certificate that has really expired, is found out although our clock is wrong too', async () => {
    const old = Date.now() - 20 * DAY
    const aged = await createInstallation(old)
    const lifeMs = DAY
    const { certificate, privateKey } = await issueServer(aged.authority.issuing, {
      names: ['127.0.0.1'],
      now: old,
      lifeMs,
    })
    const stale = { ...aged, authority: { ...aged.authority, issuing: aged.authority.issuing } }
    const head = (nonce: string) => ({ nonce, now: new Date().toISOString() })
    const server = createServer({ cert: certificate, key: privateKey }, async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { nonce } = chunks.length === 0 ? { nonce: '' } : JSON.parse(String(Buffer.concat(chunks)))
      const told = head(nonce)
      const signed = { head: told, kid: stale.command.kid, sig: signHead('time', told, stale.command.privateKey) }
      response.end(JSON.stringify(request.url === '/enroll/v1/trust' ? stale.bundle() : signed))
    })
    open.push({ close: () => server.close() })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`

    for (const now of [0, Date.now()]) {
      const { done, steps } = run(machine(now), { url, token: tokenOf(stale) })
      expect((await problemOf(done)).code).toBe('certificate-expired')
      expect(names(steps).at(-1)).toBe('✗ tls')
    }
  })

  it.each<[string, (body: Body) => Promise<object>, string]>([
    ['for another key', async () => admission({ csr: createRequest(await createKey()) }), 'admission-unusable'],
    ['for another host', async body => admission(body, { host: 'host-ffffffff' }), 'admission-unusable'],
    ['for another project', async body => admission(body, { project: 'other' }), 'admission-unusable'],
    [
      'by another authority',
      async ({ csr }) => admission({ csr }, { certificate: await foreign(csr) }),
      'admission-unusable',
    ],
    [
      'for a server',
      async body =>
        admission(body, {
          certificate: (await issueServer(ours.authority.issuing, { names: [NAMES.host], now: Date.now() }))
            .certificate,
        }),
      'admission-unusable',
    ],
    ['with no broker', async body => admission(body, { broker: 'nowhere' }), 'admission-unusable'],
    ['with a broker that is no name', async body => admission(body, { broker: 'a b\r\n:1' }), 'admission-unusable'],
    ['with trust of another root', async body => admission(body, { trust: theirs.bundle() }), 'trust-refused'],
    [
      'with trust of another installation',
      async body => admission(body, { trust: ours.bundle({ installation: 'other' }) }),
      'trust-refused',
    ],
  ])('with papers %s, the machine does not become a host', async (_, lie, code) => {
    const { url } = await controller({ '/enroll/v1/requests': lie })
    const { done, steps, identities } = run(machine(), { url, token: tokenOf(ours) })

    expect((await problemOf(done)).code).toBe(code)
    expect(names(steps).at(-1)).toBe('✗ certificate')
    expect(await identities.candidates()).toEqual([])
  })

  it.each(['http://127.0.0.1', 'https://127.0.0.1/path', 'ftp://x', '', 'https://user:pw@127.0.0.1'])(
    'is not even asked at %j',
    async url => {
      const { done, steps } = run(machine(), { url, token: tokenOf(ours) })

      expect((await problemOf(done)).code).toBe('controller-address')
      expect(names(steps)).toEqual(['✗ address'])
    },
  )

  it('a renewal with papers for another host is not written', async () => {
    const { url } = await controller({
      '/enroll/v1/renew': async ({ csr }) => {
        const order = { publicKeyFrom: csr, ...NAMES, host: 'host-ffffffff', epoch: 1, now: Date.now() }
        return {
          certificate: (await issueHost(ours.authority.issuing, order)) + ours.authority.issuing.certificate,
          trust: ours.bundle(),
        }
      },
    })
    const host = machine()
    const { done, identities } = run(host, { url, token: tokenOf(ours) })
    const identity = await done

    const renewing = renew({ system: host.system, identities, identity, signal: never })

    expect((await problemOf(renewing)).code).toBe('admission-unusable')
    expect(await identities.candidates()).toHaveLength(1)
  })

  it('a renewal with an older trust bundle keeps the one there is, and says so', async () => {
    const { url } = await controller({
      '/enroll/v1/trust': () => ours.bundle({ version: 5 }),
      '/enroll/v1/requests': (body: Body) => admission(body, { trust: ours.bundle({ version: 5 }) }),
      '/enroll/v1/renew': async body => admission(body),
    })
    const host = machine()
    const { done, identities } = run(host, { url, token: tokenOf(ours) })
    const refused: Problem[] = []

    const onTrustRefused = (problem: Problem) => refused.push(problem)
    const renewed = await renew({
      system: host.system,
      identities,
      identity: await done,
      signal: never,
      onTrustRefused,
    })

    expect(renewed.trust.head.version).toBe(5)
    expect(refused.map(each => each.code)).toEqual(['trust-refused'])
  })

  it('never shows a secret, whatever goes wrong', async () => {
    const token = tokenOf(ours)
    const { secret } = parseToken(token).token!
    for (const lie of [() => ({}), () => null, () => ({ status: 'enrolled' })]) {
      const { url } = await controller({ '/enroll/v1/requests': lie })
      const host = machine()
      const { done, steps } = run(host, { url, token })
      const problem = await problemOf(done)

      const key = JSON.parse(host.disk.get(`${dir}/enrollment.json`)!).key as string
      const shown = JSON.stringify([problem, steps]) + problem.stack
      expect(shown).not.toContain(secret)
      expect(shown).not.toContain(key.slice(40, 80))
    }
  })

  function time(nonce: string, { command }: Installation, now = new Date().toISOString()) {
    const head = { nonce, now }
    return { head, kid: ours.command.kid, sig: signHead('time', head, command.privateKey) }
  }

  async function foreign(csr: string): Promise<string> {
    const order = { publicKeyFrom: csr, ...NAMES, epoch: 1, now: Date.now() }
    return (await issueHost(theirs.authority.issuing, order)) + theirs.authority.issuing.certificate
  }
})
