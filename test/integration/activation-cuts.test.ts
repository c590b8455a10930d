// SPDX-License-Identifier: Apache-2.0
/** Cuts at every message of every act: what is run again converges, writes once, and loses no password. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Secret } from '../../controller/secrets/secrets.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activationWorld, ciraConfig, type Given, machine, type World } from '../support/activation.ts'
import { runRpc } from '../support/rpc-client.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const each of worlds.splice(0)) await each.stop()
})
async function world(profiles: Record<string, Given>): Promise<World> {
  const made = await activationWorld({ profiles, callMs: 2_000 })
  worlds.push(made)
  return made
}

const hashOf = (realm: string, password: string) => createHash('md5').update(`admin:${realm}:${password}`).digest('hex')
let serial = 0
/** Each machine is one of its own, so that one store serves all cuts. */
function fresh(options: Parameters<typeof machine>[0] = {}): { amt: AmtMachine; guid: string } {
  const guid = `4c4c4544-005a-3510-8047-${(++serial).toString(16).padStart(12, '0')}`
  const amt = machine({ uuid: guid, ...options })
  expect(amt.faults.messages).toBe(0)
  return { amt, guid }
}

async function knows(made: World, amt: AmtMachine, guid: string): Promise<boolean> {
  if (amt.state.controlMode === 0) return true
  const all = await made.candidates('amt-admin', guid)
  return all.some(each => hashOf(amt.state.realm, each.text) === amt.state.adminHash)
}

const READS = /^(Get|Enumerate|Pull|GetLowAccuracyTimeSynch) /

/** Where it is worth to cut: at every act and its neighbours, and here and there between reads. */
async function rehearse(made: World, options: Parameters<typeof machine>[0]) {
  const { amt } = fresh(options)
  const before: number[] = []
  const whole = await runRpc({
    routes: made.routes,
    machine: amt,
    method: 'activate --profile lab',
    onRequest: n => {
      before[n] = amt.faults.messages
    },
  })
  expect(whole.end, whole.text).toBe('success')
  const places = new Set([1, 2, whole.requests])
  for (let n = 1; n <= whole.requests; n++) {
    const carried = amt.faults.seen.slice(before[n], before[n + 1])
    if (n % 12 === 0) places.add(n)
    if (carried.some(each => !READS.test(each))) for (const place of [n, n + 1]) places.add(place)
  }
  return { want: amt.state, places: [...places].filter(n => n <= whole.requests), seen: amt.faults.seen }
}

const CIRA = { ciraConfigName: 'cira' } as const
const ADMIN = { activation: 'acmactivate', userConsent: 'None' } as const
const count = (amt: AmtMachine, what: string): number => amt.faults.seen.filter(each => each.startsWith(what)).length

describe.each([
  ['client control and a tunnel', { cira: ciraConfig(), profile: CIRA }, { version: '16.1.25' }, 1],
  ['admin control and a tunnel', { cira: ciraConfig(), profile: { ...CIRA, ...ADMIN } }, { version: '16.1.25' }, 1],
  ['TLS', { profile: { tlsMode: 2 as const } }, { version: '16.1.25' }, 1],
  ['firmware that speaks TLS only', { profile: ADMIN }, { version: '19.0.5' }, 2],
] as const)('an activation with %s', (_, given: Given, options, writes) => {
  it.each(['before', 'after'] as const)(
    'that is cut %s each message converges when it is run again',
    async when => {
      const made = await world({ lab: given })
      const { want, places } = await rehearse(made, options)

      for (const n of places) {
        const { amt, guid } = fresh(options)
        const cut = await runRpc({
          routes: made.routes,
          machine: amt,
          method: 'activate --profile lab',
          cut: { n, when },
        })
        expect(cut.end, `${n}`).toBe('closed')
        // Half of the time the whole program is gone too.
        if (n % 2 === 0) await made.restart()
        expect(await knows(made, amt, guid), `a password was lost at ${n}`).toBe(true)

        const again = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

        expect(again.end, `${n}: ${again.text}`).toBe('success')
        const failed = Object.values(again.status.Components ?? {}).filter(each => each.Result === 'Failure')
        expect(failed, `${n}`).toEqual([])
        expect(amt.state.controlMode, `${n}`).toBe(want.controlMode)
        expect(amt.state.counters.activationWrites, `${n}`).toBe(writes)
        expect((await made.candidates('amt-admin', guid))[0]?.state).toBe('active')
        expect(await knows(made, amt, guid)).toBe(true)
        expect(amt.state.cira.servers.length).toBe(want.cira.servers.length)
        expect(amt.state.cira.rules.map(each => [each.name, each.mpsType])).toEqual(
          want.cira.rules.map(each => [each.name, each.mpsType]),
        )
        expect(amt.state.cira.detection.length).toBe(want.cira.detection.length)
        expect(amt.state.certificates.length, `${n}`).toBe(want.certificates.length)
        expect(amt.state.keys.length, `${n}`).toBe(want.keys.length)
        expect(amt.state.tls.settings).toEqual(want.tls.settings)
        expect(amt.state.tls.pending).toBeUndefined()
        if (want.mebxPassword !== undefined) {
          const [mebx] = await made.candidates('amt-mebx', guid)
          expect(mebx).toMatchObject({ state: 'active', text: amt.state.mebxPassword })
        }
        const servers = amt.state.cira.servers.map(each => each.password)
        const passwords = (await made.candidates('amt-cira', guid)).map(each => each.text)
        for (const each of servers) expect(passwords).toContain(each)
      }
    },
    180_000,
  )
})

describe('replies that are lost', () => {
  it.each([
    ['client control and a tunnel', { cira: ciraConfig(), profile: CIRA }],
    ['admin control and a tunnel', { cira: ciraConfig(), profile: { ...CIRA, ...ADMIN } }],
  ] as const)(
    'do not keep an act of %s from being noticed',
    async (_, given: Given) => {
      const made = await activationWorld({ profiles: { lab: given }, callMs: 250 })
      worlds.push(made)
      const { seen, want } = await rehearse(made, {})

      for (const [index, what] of seen.entries()) {
        if (READS.test(what) && index % 9 !== 0) continue
        const { amt, guid } = fresh()
        amt.faults.loseReply(index + 1)
        const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })

        expect(end.end, `${what}: ${end.text}`).toBe('success')
        const failed = Object.values(end.status.Components ?? {}).filter(each => each.Result === 'Failure')
        expect(failed, what).toEqual([])
        expect(amt.state.counters.activationWrites, what).toBe(1)
        expect(
          amt.state.cira.rules.map(each => [each.name, each.mpsType]),
          what,
        ).toEqual(want.cira.rules.map(each => [each.name, each.mpsType]))
        expect(amt.state.cira.servers.length, what).toBe(1)
        expect(amt.state.certificates.length, what).toBe(want.certificates.length)
        expect(await knows(made, amt, guid), what).toBe(true)
        const passwords = (await made.candidates('amt-cira', guid)).map(each => each.text)
        expect(passwords, what).toContain(amt.state.cira.servers[0]!.password)
      }
    },
    120_000,
  )
})

describe('a change of the password', () => {
  it.each(['before', 'after'] as const)(
    'that is cut %s each message leaves one that we know',
    async when => {
      const made = await world({ lab: {} })
      for (let n = 1; ; n++) {
        const { amt, guid } = fresh()
        await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
        const [old] = await made.candidates('amt-admin', guid)
        const run = (cut?: { n: number; when: typeof when }) =>
          runRpc({
            routes: made.routes,
            machine: amt,
            method: 'maintenance --changepassword',
            payload: { password: old!.text },
            ...(cut && { cut }),
          })

        const first = await run({ n, when })
        expect(await knows(made, amt, guid), `at ${n}`).toBe(true)
        if (first.end === 'success') return expect(n).toBeGreaterThan(3)
        if (n % 2 === 0) await made.restart()
        const again = await run()

        expect(again.end, `${n}: ${again.text}`).toBe('success')
        const [active] = await made.candidates('amt-admin', guid)
        expect(active?.state).toBe('active')
        expect(hashOf(amt.state.realm, active!.text), `${n}`).toBe(amt.state.adminHash)
      }
    },
    60_000,
  )

  it.each(['before', 'after'] as const)(
    'by a profile that is cut %s each message converges',
    async when => {
      const made = await world({
        old: {},
        fresh: { amtPassword: Secret.of('Of-The-Profile1'), profile: { generateRandomPassword: false } },
      })
      for (let n = 1; n < 14; n++) {
        const { amt, guid } = fresh()
        await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile old' })
        const [old] = await made.candidates('amt-admin', guid)
        const payload = { password: old!.text }
        await runRpc({
          routes: made.routes,
          machine: amt,
          method: 'activate --profile fresh',
          payload,
          cut: { n, when },
        })
        expect(await knows(made, amt, guid), `at ${n}`).toBe(true)

        const again = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile fresh', payload })

        expect(again.end, `${n}: ${again.text}`).toBe('success')
        expect(amt.state.adminHash, `${n}`).toBe(hashOf(amt.state.realm, 'Of-The-Profile1'))
        expect((await made.candidates('amt-admin', guid))[0]?.text).toBe('Of-The-Profile1')
      }
    },
    60_000,
  )
})

describe('a deactivation', () => {
  it.each(['before', 'after'] as const)(
    'that is cut %s each message ends with nothing left',
    async when => {
      const made = await world({ lab: {} })
      for (let n = 1; ; n++) {
        const { amt, guid } = fresh()
        await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
        const [active] = await made.candidates('amt-admin', guid)
        const run = (cut?: { n: number; when: typeof when }) =>
          runRpc({
            routes: made.routes,
            machine: amt,
            method: `deactivate --password ${active!.text}`,
            payload: { password: active!.text },
            ...(cut && { cut }),
          })

        const first = await run({ n, when })
        expect(await knows(made, amt, guid), `at ${n}`).toBe(true)
        if (first.end === 'success') return expect(n).toBeGreaterThan(1)
        if (n % 2 === 0) await made.restart()
        const again = await run()

        expect(again.end, `${n}: ${again.text}`).toBe('success')
        await vi.waitFor(() => expect(amt.state.controlMode, `${n}`).toBe(0))
        expect(await made.candidates('amt-admin', guid)).toEqual([])
        expect(await made.devices.find(made.store, 'default', guid)).toBeUndefined()
        expect(count(amt, 'Unprovision'), `${n}`).toBe(1)
      }
    },
    60_000,
  )
})
