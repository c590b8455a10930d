// SPDX-License-Identifier: Apache-2.0
/** The link of the agent against a real broker: sessions, wills, receipts, fallbacks, and a controller that lies. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFloor, type TimeFloor } from '../../agent/identity/floor.ts'
import { type Identities, type NewIdentity, openIdentities } from '../../agent/identity/identity.ts'
import { createLink, type Link, type LinkState } from '../../agent/link/link.ts'
import { silentLog } from '../../agent/log.ts'
import { type Journal, openJournal } from '../../agent/state/journal.ts'
import { createSystem } from '../../agent/system/real.ts'
import type { System } from '../../agent/system/system.ts'
import { newUlid, type Topic, topicOf } from '../../plugins/contract/index.ts'
import { standStill } from '../support/effort.ts'
import { HOST, startBroker, startProxy, type TestBroker } from '../support/test-broker.ts'

let broker: TestBroker
let folder: string
let journal: Journal
let identities: Identities
let received: { topic: Topic; payload: Uint8Array }[]
let crashes: unknown[]
const links: Link[] = []
const note = (reason: unknown): void => void crashes.push(reason)

beforeEach(async () => {
  broker = await startBroker()
  folder = mkdtempSync(join(tmpdir(), 'muster-link-'))
  journal = openJournal(join(folder, 'journal.db'), { now: () => 0 })
  identities = openIdentities({ system: createSystem({ env: {} }), dir: folder })
  received = []
  crashes = []
  process.on('unhandledRejection', note)
})

afterEach(async () => {
  for (const link of links.splice(0)) link.kill()
  await broker.close()
  await new Promise(resolve => setImmediate(resolve))
  process.off('unhandledRejection', note)
  journal.close()
  rmSync(folder, { recursive: true })
  expect(crashes).toEqual([])
})

type Running = {
  readonly link: Link
  readonly floor: TimeFloor
  /** Resolves when the state fits, now or later. */
  until(fits: (state: LinkState) => boolean): Promise<LinkState>
}

async function run(
  options: { identity?: Partial<NewIdentity>; system?: System; enrolled?: boolean } = {},
): Promise<Running> {
  const { system = createSystem({ env: {} }) } = options
  if (options.enrolled !== true) await identities.write(await broker.identity(options.identity))
  const waiting = new Set<() => void>()
  const floor = openFloor({ clock: system.clock, builtAt: 0, memory: { get: () => undefined, put: () => undefined } })
  const link = createLink({
    // The waits between attempts are what these tests would wait for; how long they are is tested with the back-off.
    system: { ...system, clock: { ...system.clock, sleep: (ms, signal) => system.clock.sleep(ms / 20, signal) } },
    log: silentLog(),
    identities,
    journal,
    floor,
    startJitterMs: 0,
    keepaliveMs: 60_000,
    birth: () => ({ agent: '0.1.0', capabilities: [], denies: ['terminal/*'] }),
    keep: async identity => identity,
    onMessage: (topic, payload) => received.push({ topic, payload }),
    onUp: () => undefined,
    onChange: () => {
      for (const wake of waiting) wake()
    },
  })
  links.push(link)
  link.start()
  return {
    link,
    floor,
    until: fits =>
      new Promise(resolve => {
        const look = (): void => {
          if (!fits(link.state)) return
          waiting.delete(look)
          resolve(link.state)
        }
        waiting.add(look)
        look()
      }),
  }
}

const isUp = (state: LinkState): boolean => state.phase === 'online'
const isDown = (code: string) => (state: LinkState) => state.phase === 'waiting' && state.problem?.code === code
const isOffline = (reason: string) => (heard: { body: object }) =>
  'reason' in heard.body && heard.body.reason === reason

function putResult(): string {
  const id = newUlid(Date.now(), createSystem().random)
  const body = { id, command: id, status: 'succeeded', at: new Date().toISOString() }
  journal.outbox.put({ id, kind: 'result', key: id, payload: JSON.stringify(body) })
  return id
}

describe('a session', () => {
  it('begins with the birth and is up once the controller has answered it', async () => {
    journal.desired.put({ section: 'power', epoch: 0, revision: 7, message: { head: {}, content: {} } as never })
    const { until } = await run()

    await until(isUp)

    expect(broker.births()).toEqual([
      expect.objectContaining({
        ticket: 'ticket-of-enrollment',
        agent: '0.1.0',
        epoch: 0,
        holds: { power: 7 },
        denies: ['terminal/*'],
      }),
    ])
    expect(broker.transports).toEqual(['tls'])
    const [used] = await identities.candidates()
    expect(used?.confirmedAt).toBeTypeOf('number')
  })

  it('presents the ticket of the last one, also after a restart', async () => {
    const first = await run()
    await first.until(isUp)
    const given = journal.values.get('ticket')
    first.link.kill()

    const second = await run({ enrolled: true })
    await second.until(isUp)

    expect(given).not.toBe('ticket-of-enrollment')
    expect(broker.births().map(birth => birth.ticket)).toEqual(['ticket-of-enrollment', given])
  })

  it('is begun anew when the link breaks', async () => {
    const { until } = await run()
    await until(isUp)

    broker.drop()
    await until(state => !isUp(state))
    await until(isUp)

    expect(broker.births()).toHaveLength(2)
  })

  it('hands desired documents and commands on, and nothing that is for others', async () => {
    const { until, link } = await run()
    await until(isUp)
    const before = link.heardAt()

    broker.publish(topicOf({ ...HOST, kind: 'desired', section: 'power' }), { first: true })
    broker.publish(topicOf({ ...HOST, host: 'host-ffffffff', kind: 'command', section: 'power' }), { foreign: true })
    broker.publish(topicOf({ ...HOST, kind: 'command', section: 'power' }), 'not JSON at all')
    await expect.poll(() => received.length).toBe(2)

    expect(received.map(({ topic }) => topic.kind)).toEqual(['desired', 'command'])
    expect(link.heardAt()).toBeGreaterThan(before)
    expect(link.isUp()).toBe(true)
  })

  it('says its birth again when what it says has changed', async () => {
    const { until, link } = await run()
    await until(isUp)
    const given = journal.values.get('ticket')

    link.birthChanged()

    await expect.poll(() => broker.laterBirths().length).toBe(2)
    expect(broker.laterBirths().map(birth => birth.ticket)).toEqual([given, given])
  })
})

describe('waits between attempts', () => {
  it('are at most twice as long as the outage, or four seconds, however short those before were', async () => {
    const system = createSystem({ env: {} })
    const waits: number[] = []
    await broker.closePort('tls')
    await broker.closePort('https')
    const { promise: enough, resolve } = Promise.withResolvers<void>()

    await run({
      system: {
        ...system,
        random: length => new Uint8Array(length).fill(waits.length < 8 ? 0 : 0xff),
        clock: {
          ...system.clock,
          sleep: async (ms, signal) => {
            // As `run` has them: a twentieth.
            if (waits.push(ms * 20) < 9) return
            resolve()
            await system.clock.sleep(60_000, signal)
          },
        },
      },
    })
    await enough

    expect(waits.slice(0, 8)).toEqual(Array(8).fill(0))
    expect(waits[8]).toBeGreaterThan(3_900)
    expect(waits[8]).toBeLessThanOrEqual(4_000)
  })
})

describe('a full disk', () => {
  it('does not keep the host from its session', async () => {
    journal.close()
    journal = openJournal(join(folder, 'full.db'), { now: () => 0, maxPages: 13 })
    const fill = (): void => {
      while (putResult());
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }))
    const { until, link } = await run()

    await until(isUp)
    broker.publish(topicOf({ ...HOST, kind: 'command', section: 'power' }), {})

    await expect.poll(() => received.length).toBe(1)
    expect(link.isUp()).toBe(true)
  })
})

describe('the ticket', () => {
  it('given last is presented with a renewed identity, whether that carries the one of enrollment or none', async () => {
    const first = await run()
    await first.until(isUp)
    first.link.kill()

    for (const more of [{}, { ticket: undefined as never }]) {
      const given = journal.values.get('ticket')
      const renewed = await run({ identity: more })
      await renewed.until(isUp)
      renewed.link.kill()

      expect(broker.births().at(-1)?.ticket).toBe(given)
    }
  })

  it('of a new enrollment is presented instead of the one that was kept', async () => {
    const first = await run()
    await first.until(isUp)
    first.link.kill()

    const again = await run({ identity: { ticket: 'ticket-of-second-enrollment' } })
    await again.until(isUp)

    expect(broker.births().at(-1)?.ticket).toBe('ticket-of-second-enrollment')
  })
})

describe('the end of a session', () => {
  it('that is a power cut leaves the will to the broker', async () => {
    const { until, link } = await run()
    await until(isUp)

    link.kill()

    expect((await broker.until(isOffline('lost'))).body).toMatchObject({ state: 'offline', reason: 'lost' })
  })

  it('on purpose is said, and the will stays unsaid', async () => {
    const { until, link } = await run()
    await until(isUp)

    await link.stop('rebooting')

    expect(broker.heard.filter(isOffline('rebooting'))).toHaveLength(1)
    expect(broker.heard.filter(isOffline('lost'))).toEqual([])
    expect(link.state.phase).toBe('stopped')
  })

  it('on purpose does not wait for a broker that has gone silent', async () => {
    const { until, link } = await run()
    await until(isUp)
    broker.freeze()
    const began = performance.now()

    await link.stop('stopped')

    expect(performance.now() - began).toBeLessThan(6_000)
  })
})

describe('the outbox', () => {
  it('waits for the session and is emptied by receipts', async () => {
    const id = putResult()
    const { until } = await run()
    await until(isUp)

    await broker.until(({ kind, body }) => kind === 'result' && 'id' in body && body.id === id)

    await expect.poll(() => journal.outbox.count()).toBe(0)
  })

  it('is sent again when the link breaks before the receipt', async () => {
    broker.manners.receipts = false
    const id = putResult()
    const { until } = await run()
    await until(isUp)
    const isIt = ({ body }: { body: object }) => 'id' in body && body.id === id
    await broker.until(isIt)

    broker.manners.receipts = true
    const from = broker.heard.length
    broker.drop()
    await broker.until(isIt, from)

    await expect.poll(() => journal.outbox.count()).toBe(0)
  })

  it('loses a message that breaks the link, and nothing else', async () => {
    const [before, poison, after] = [putResult(), putResult(), putResult()]
    broker.manners.breaksOn = ({ body }) => 'id' in body && body.id === poison
    const { until } = await run()
    await until(isUp)

    await expect.poll(() => journal.outbox.count(), { timeout: 20_000 }).toBe(0)

    const results = broker.heard.flatMap(({ kind, body }) => (kind === 'result' ? [body] : []))
    expect(new Set(results.map(result => result.command))).toEqual(new Set([before, poison, after]))
    expect(results.find(result => result.command === poison)?.problem?.code).toBe('undeliverable')
  })

  it('stays shut while the host is in quarantine', async () => {
    broker.manners.head = head => ({ ...head, standing: 'quarantined' })
    putResult()
    const { until, link } = await run()
    await until(isUp)

    link.flush()
    link.birthChanged()
    await expect.poll(() => broker.laterBirths().length).toBe(2)

    expect(broker.heard.filter(({ kind }) => kind !== 'presence')).toEqual([])
    expect(link.state.standing).toBe('quarantined')
  })
})

describe('another way', () => {
  it('is MQTT over WebSocket when the TLS port is closed, and is remembered', async () => {
    await broker.closePort('tls')
    const first = await run()
    await first.until(isUp)
    expect(broker.transports).toEqual(['websocket'])
    first.link.kill()
    await broker.openPort('tls')

    const second = await run({ enrolled: true })
    await second.until(isUp)

    expect(broker.transports).toEqual(['websocket', 'websocket'])
  })

  it.each(['tls', 'https'] as const)(
    'shows the whole chain to who cannot follow its certificate, by %s',
    async port => {
      await broker.close()
      broker = await startBroker({ knows: 'root' })
      if (port === 'https') await broker.closePort('tls')
      const { until } = await run()
      const why: (string | undefined)[] = []
      const online = () =>
        until(state => {
          if (state.phase === 'waiting' && state.problem !== undefined) why.push(state.problem.code)
          return isUp(state)
        })

      await online()
      expect(why).not.toEqual([])

      why.length = 0
      broker.drop()
      await until(state => !isUp(state))
      await online()
      expect(new Set(why)).toEqual(new Set(['session-lost']))
      expect(broker.births()).toHaveLength(2)
    },
  )

  it('is the TLS port again when the other is closed', async () => {
    journal.values.put('transport', 'websocket')
    await broker.closePort('https')
    const { until } = await run()

    await until(isUp)

    expect(broker.transports).toEqual(['tls'])
  })

  it('is left for the TLS port when an outage of both is over', async () => {
    journal.values.put('transport', 'websocket')
    await broker.closePort('tls')
    const { link, until } = await run()
    await until(isUp)
    expect(broker.transports).toEqual(['websocket'])

    await broker.closePort('https')
    for (let attempts = 0; attempts < 3; attempts++) {
      await until(({ phase }) => phase === 'connecting')
      await until(isDown('unreachable'))
    }
    await broker.openPort('tls')
    await broker.openPort('https')
    await until(isUp)

    expect(broker.transports).toEqual(['websocket', 'tls'])
    expect(link.state.transport).toBe('tls')
  })

  it('leads through a proxy, for both', async () => {
    const proxy = await startProxy()
    const real = createSystem({ env: {} })
    const system = { ...real, network: { ...real.network, proxyFor: () => new URL(proxy.url) } }
    const first = await run({ system })
    await first.until(isUp)
    first.link.kill()
    await broker.closePort('tls')

    const second = await run({ system, enrolled: true })
    await second.until(isUp)

    expect(broker.transports).toEqual(['tls', 'websocket'])
    expect(new Set(proxy.targets)).toEqual(new Set([`127.0.0.1:${broker.tlsPort}`, `127.0.0.1:${broker.httpsPort}`]))
    second.link.kill()
    await proxy.close()
  })
})

describe('an identity', () => {
  it('that is refused makes way for the one before', async () => {
    const works = await identities.write(await broker.identity())
    await identities.confirm(works)
    const refused = await broker.identity()
    await identities.write(refused)
    broker.manners.admits = fingerprint => fingerprint === works.fingerprint

    const { until } = await run({ enrolled: true })
    await until(isUp)

    expect((await identities.candidates()).map(each => each.confirmedAt !== undefined)).toEqual([false, true])
  })

  it('that is refused altogether is the state of the link', async () => {
    broker.manners.admits = () => false
    const { until } = await run()

    const { problem } = await until(isDown('session-refused'))

    expect(problem?.retry).toEqual({ afterMs: 300_000 })
    expect(broker.births()).toEqual([])
  })
})

describe('an answer to the birth', () => {
  const LIES: [string, string, (test: TestBroker) => void][] = [
    [
      'is signed by nobody we know',
      'session-refused',
      ({ manners }) => (manners.forge = s => ({ ...s, kid: 'other' })),
    ],
    [
      'was changed after it was signed',
      'session-refused',
      ({ manners }) => (manners.forge = s => ({ ...s, head: { ...s.head, ticket: 'ticket-of-a-thief' } })),
    ],
    [
      'is for another host',
      'session-refused',
      ({ manners }) => (manners.head = head => ({ ...head, host: 'host-ffffffff' })),
    ],
    [
      'is of another installation',
      'session-refused',
      ({ manners }) => (manners.head = head => ({ ...head, installation: 'other' })),
    ],
  ]

  it.each(LIES)('that %s begins no session and changes no ticket', async (_, code, lie) => {
    lie(broker)
    putResult()
    const { until, link } = await run()

    await until(isDown(code))

    expect(link.isUp()).toBe(false)
    expect(journal.values.get('ticket')).toBeUndefined()
    expect(broker.heard.filter(({ kind }) => kind !== 'presence')).toEqual([])
  })

  it('that took long makes the time no earlier than it is', async () => {
    broker.manners.head = head => {
      standStill(700)
      return head
    }
    const { until, floor } = await run()

    await until(isUp)

    expect(Math.abs(floor.trustedNow() - Date.now())).toBeLessThan(350)
  })

  it('of an epoch before the one already seen is a stale controller', async () => {
    journal.values.put('epoch', '3')
    const { until } = await run()

    await until(isDown('stale-controller'))

    expect(journal.values.get('epoch')).toBe('3')
  })

  it('of a later epoch is believed and remembered', async () => {
    broker.manners.head = head => ({ ...head, epoch: 2 })
    const { until } = await run()

    await until(isUp)

    expect(journal.values.get('epoch')).toBe('2')
  })
})
