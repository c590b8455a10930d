// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Identities,
  type Identity,
  type NewIdentity,
  openIdentities,
} from '../../../../agent/identity/identity.ts'
import { DAY, HOUR } from '../../../../plugins/contract/index.ts'
import { createInstallation, type Installation } from './fixtures.ts'
import { createMachine, type Machine, PowerCut } from './machine.ts'

const now = 1_800_000_000_000
const dir = '/var/lib/muster-agent/identity'
let installation: Installation
let first: NewIdentity
let second: NewIdentity
let third: NewIdentity

beforeAll(async () => {
  installation = await createInstallation(now)
  first = await installation.identity({ now, ticket: 'ticket-of-enrollment' })
  second = await installation.identity({ now: now + DAY })
  third = await installation.identity({ now: now + 2 * DAY })
})

const open = (machine: Machine): Identities => openIdentities({ system: machine.system, dir })
const fingerprints = async (identities: Identities): Promise<string[]> =>
  (await identities.candidates()).map(each => each.fingerprint)

async function enrolled(): Promise<{ machine: Machine; identities: Identities; identity: Identity }> {
  const machine = createMachine({ now })
  const identities = open(machine)
  const identity = await identities.write(first)
  await identities.confirm(identity)
  return { machine, identities, identity }
}

describe('identities on disk', () => {
  it('are none on a machine that is not enrolled', async () => {
    expect(await open(createMachine()).candidates()).toEqual([])
  })

  it('are read back after a restart, whole', async () => {
    const { machine, identity } = await enrolled()

    const [read] = await open(machine.reboot()).candidates()

    expect(read).toMatchObject({ ...first, slot: 'a', generation: 1, confirmedAt: now })
    expect(identity.slot).toBe('a')
  })

  it('come newest first, and the one that works stays where it is', async () => {
    const { identities } = await enrolled()

    const fresh = await identities.write(second)

    expect(fresh.slot).toBe('b')
    expect(await fingerprints(identities)).toEqual([second.fingerprint, first.fingerprint])
  })

  it('are overwritten only where they never worked', async () => {
    const { identities } = await enrolled()
    await identities.write(second)

    await identities.write(third)

    expect(await fingerprints(identities)).toEqual([third.fingerprint, first.fingerprint])
  })

  it('are superseded once a newer one has completed a session, and gone a day later', async () => {
    const { machine, identities } = await enrolled()
    await identities.confirm(await identities.write(second))

    expect(await fingerprints(identities)).toEqual([second.fingerprint, first.fingerprint])
    machine.advance(DAY - 1)
    expect(await fingerprints(identities)).toEqual([second.fingerprint, first.fingerprint])
    machine.advance(1)
    expect(await fingerprints(identities)).toEqual([second.fingerprint])
    expect([...machine.disk.keys()]).toEqual([`${dir}/identity-b.json`])
  })

  it('take turns in the slots', async () => {
    const { identities } = await enrolled()
    await identities.confirm(await identities.write(second))

    const next = await identities.write(third)

    expect(next.slot).toBe('a')
    expect(await fingerprints(identities)).toEqual([third.fingerprint, second.fingerprint])
  })

  it('are not superseded by an older one that had to step in, which then stays', async () => {
    const { machine, identities, identity } = await enrolled()
    await identities.confirm(await identities.write(second))

    await identities.confirm(identity)
    machine.advance(2 * DAY)

    expect(await fingerprints(identities)).toEqual([second.fingerprint, first.fingerprint])
  })

  it('are written once for the many sessions that confirm them', async () => {
    const { machine, identities, identity } = await enrolled()
    const before = machine.changes.length

    for (let session = 0; session < 5; session++) await identities.confirm(identity)

    expect(machine.changes).toHaveLength(before)
  })

  it('are amended in place, and left alone when the slot holds another by now', async () => {
    const { identities, identity } = await enrolled()
    const trust = installation.bundle({ version: 2 })

    await identities.amend(identity, { trust })
    await identities.amend({ ...identity, generation: 99 }, { url: 'https://elsewhere.example' })

    expect(await identities.candidates()).toMatchObject([{ fingerprint: first.fingerprint, trust, url: first.url }])
  })

  it('that were damaged from outside are as good as none', async () => {
    const { machine } = await enrolled()
    const path = `${dir}/identity-a.json`
    const whole = machine.disk.get(path)!

    for (const text of ['', '{', '{}', whole.slice(0, -10), whole.replace('"slot":"a"', '"slot":"b"'), '[]', 'null']) {
      machine.disk.set(path, text)
      expect(await open(machine).candidates()).toEqual([])
    }
  })

  it('do not show the machine id, and not the same text for two of them', async () => {
    const { machine, identities } = await enrolled()
    await identities.write(second)

    const texts = [...machine.disk.values()]
    const digests = texts.map(text => JSON.parse(text).machineIdDigest)
    expect(texts.join()).not.toContain('a'.repeat(32))
    expect(new Set(digests).size).toBe(2)
  })

  it('remember the renewals of a day, not the enrollment', async () => {
    const { machine, identities, identity } = await enrolled()
    expect(identity.renewedAt).toEqual([])

    machine.advance(HOUR)
    expect((await identities.write(second)).renewedAt).toEqual([now + HOUR])
    machine.advance(HOUR)
    expect((await identities.write(third)).renewedAt).toEqual([now + HOUR, now + 2 * HOUR])
    machine.advance(DAY)
    expect((await identities.write(second)).renewedAt).toEqual([now + DAY + 2 * HOUR])
  })
})

describe('an identity on another machine', () => {
  it('is refused and put aside, now and ever after', async () => {
    const { machine, identities } = await enrolled()
    await identities.write(second)
    const copy = machine.reboot({ machineId: 'b'.repeat(32), disk: new Map(machine.disk) })

    await expect(open(copy).candidates()).rejects.toMatchObject({ code: 'cloned-image', fields: { host: first.host } })
    await expect(open(copy.reboot()).candidates()).rejects.toMatchObject({ code: 'cloned-image' })

    expect([...copy.disk.keys()].sort()).toEqual([`${dir}/archived-a.json`, `${dir}/archived-b.json`])
    expect(await open(copy).lastArchived()).toMatchObject({ reason: 'cloned-image', host: first.host })
  })

  it('is refused also when that machine has no id', async () => {
    const { machine } = await enrolled()

    await expect(open(machine.reboot({ machineId: '' })).candidates()).rejects.toMatchObject({ code: 'cloned-image' })
  })

  it('makes room for one of its own', async () => {
    const { machine } = await enrolled()
    const copy = machine.reboot({ machineId: 'b'.repeat(32) })
    const identities = open(copy)
    await identities.candidates().catch(() => undefined)

    await identities.write(second)

    expect(await fingerprints(identities)).toEqual([second.fingerprint])
  })

  it('cannot be told when the machine had no id to begin with', async () => {
    const machine = createMachine({ now, machineId: '' })
    await open(machine).write(first)

    expect(await fingerprints(open(machine.reboot({ machineId: 'c'.repeat(32) })))).toEqual([first.fingerprint])
  })
})

describe('archiving', () => {
  it('puts everything aside but the one to keep', async () => {
    const { identities } = await enrolled()
    const fresh = await identities.write(second)

    await identities.archive('enrolled-anew', fresh)

    expect(await fingerprints(identities)).toEqual([second.fingerprint])
    expect(await identities.lastArchived()).toMatchObject({ reason: 'enrolled-anew', host: first.host, at: now })
  })

  it('of a retired host leaves nothing to connect with', async () => {
    const { identities } = await enrolled()

    await identities.archive('retired')

    expect(await identities.candidates()).toEqual([])
  })
})

describe('a power cut', () => {
  type Act = (identities: Identities, machine: Machine) => Promise<unknown>
  const renew: Act = async identities => identities.confirm(await identities.write(second))
  const acts: readonly (readonly [string, Act])[] = [
    ['renewal and its first session', renew],
    [
      'two renewals',
      async (identities, machine) => {
        await renew(identities, machine)
        machine.advance(HOUR)
        await identities.confirm(await identities.write(third))
      },
    ],
    [
      'the day after a renewal',
      async (identities, machine) => {
        await renew(identities, machine)
        machine.advance(2 * DAY)
        await identities.candidates()
      },
    ],
    ['enrolling anew', async identities => identities.archive('enrolled-anew', await identities.write(second))],
    [
      'taking up new trust',
      async identities => {
        const [identity] = await identities.candidates()
        await identities.amend(identity!, { trust: installation.bundle({ version: 2 }) })
      },
    ],
  ]

  it.each(acts)('at any write of %s leaves an identity that works, and the act can be repeated', async (name, act) => {
    const whole = await enrolled()
    const already = whole.machine.changes.length
    await act(whole.identities, whole.machine)
    const writes = whole.machine.changes.length - already
    expect(writes).toBeGreaterThan(0)

    for (let at = 0; at < writes; at++) {
      const { machine, identities } = await enrolled()
      machine.cutAt(at)
      await expect(act(identities, machine)).rejects.toThrow(PowerCut)

      const after = open(machine.reboot())
      const known = [first, second, third].map(each => each.fingerprint)
      const found = await after.candidates()
      expect(found.length).toBeGreaterThan(0)
      for (const each of found) expect(known).toContain(each.fingerprint)
      // Enrolling anew is asked for by a person, and what was there before may go before the first session.
      if (name !== 'enrolling anew') expect(found.some(each => each.confirmedAt !== undefined)).toBe(true)

      await act(after, machine.reboot())
      expect((await after.candidates()).length).toBeGreaterThan(0)
    }
  })

  it('before enrollment is written leaves none, and after it the whole one', async () => {
    const machine = createMachine({ now })
    machine.cutAt(0)
    await expect(open(machine).write(first)).rejects.toThrow(PowerCut)

    const again = machine.reboot()
    expect(await open(again).candidates()).toEqual([])
    await open(again).write(first)
    expect(await fingerprints(open(again.reboot()))).toEqual([first.fingerprint])
  })
})

it('carries out what is asked at once one after the other', async () => {
  const { identities, identity } = await enrolled()

  const [, fresh] = await Promise.all([
    identities.amend(identity, { trust: installation.bundle({ version: 5 }) }),
    identities.write(second),
    identities.confirm(identity),
  ])

  expect(fresh.slot).toBe('b')
  const [, old] = await identities.candidates()
  expect(old?.trust.head.version).toBe(5)
})

describe('an enrollment that has begun', () => {
  const what = { url: 'https://ctl.example:8443', tokenId: 'token-1' }

  it('goes on with the same key for an hour', async () => {
    const machine = createMachine({ now })
    const begun = await open(machine).pending.begin(what)
    machine.advance(HOUR - 1)

    expect(await open(machine.reboot()).pending.begin(what)).toEqual(begun)
    machine.advance(1)
    expect((await open(machine.reboot()).pending.begin(what)).key).not.toBe(begun.key)
  })

  it('begins anew for another token or controller', async () => {
    const { pending } = open(createMachine({ now }))
    const { key } = await pending.begin(what)

    expect((await pending.begin({ ...what, tokenId: 'token-2' })).key).not.toBe(key)
    const other = await pending.begin({ ...what, url: 'https://other.example' })
    expect(other.key).not.toBe(key)
  })

  it('waits for an approval as long as it takes', async () => {
    const machine = createMachine({ now })
    const { pending } = open(machine)
    const begun = await pending.begin(what)
    const waiting = { request: 'r1', secret: 's1' }
    await pending.save({ ...begun, waiting })
    machine.advance(10 * DAY)

    expect(await open(machine.reboot()).pending.begin(what)).toEqual({ ...begun, waiting })
  })

  it('is forgotten when it is over, and when its file is damaged', async () => {
    const machine = createMachine({ now })
    const { pending } = open(machine)
    const { key } = await pending.begin(what)
    machine.disk.set(`${dir}/enrollment.json`, '{"url":1}')

    expect((await pending.begin(what)).key).not.toBe(key)
    await pending.clear()
    expect([...machine.disk.keys()]).toEqual([])
  })

  it('has its key on disk before anybody can be asked', async () => {
    const machine = createMachine({ now })
    const { key } = await open(machine).pending.begin(what)

    expect(machine.disk.get(`${dir}/enrollment.json`)).toContain(JSON.stringify(key))
  })
})
