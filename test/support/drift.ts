// SPDX-License-Identifier: Apache-2.0
/** Machines that `rpc` activated and that dialled in, with the loops that keep them right on a clock the test owns. */
import { connect } from 'node:net'
import { fastify, type InjectOptions } from 'fastify'
import { installErrors } from '../../controller/http/errors.ts'
import { requirePermission } from '../../controller/http/guard.ts'
import type { Http } from '../../controller/http/http.ts'
import { validatorCompiler } from '../../controller/http/validate.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { type Principal, ROLES, type Role, SYSTEM } from '../../controller/kernel/permissions.ts'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import { createCira } from '../../controller/modules/oob/cira/cira.ts'
import { createDrift } from '../../controller/modules/oob/converge/drift.ts'
import { orderAmt } from '../../controller/modules/oob/converge/intents.ts'
import { createPlaybooks } from '../../controller/modules/oob/converge/playbooks.ts'
import { createPowerOrders } from '../../controller/modules/oob/converge/power-orders.ts'
import { convergeMigrations } from '../../controller/modules/oob/converge/tables.ts'
import { driftMigrations, playbookMigrations } from '../../controller/modules/oob/converge/tables-drift.ts'
import { actOnPower, readPowerState } from '../../controller/modules/oob/device/power.ts'
import { succeeded } from '../../controller/modules/oob/device/wire.ts'
import { createAccounts } from '../../controller/modules/oob/devices/accounts.ts'
import { createReaches } from '../../controller/modules/oob/devices/reach.ts'
import type { OobTables } from '../../controller/modules/oob/tables.ts'
import { migrations } from '../../controller/modules/oob/tables.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { MINUTE, SECOND } from '../../plugins/contract/index.ts'
import type { AmtMachine, AmtMachineOptions } from '../../simulator/amt/machine.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { activationWorld, ciraConfig, type Given, GUID, machine } from './activation.ts'
import { ciraCertificate } from './cira.ts'
import { silent } from './kernel.ts'
import { fakeRedirections } from './mps.ts'
import { runRpc } from './rpc-client.ts'

export { GUID } from './activation.ts'

export const HOST = 'host-0000abcd'

export type DriftOptions = {
  readonly profile?: Given['profile']
  readonly machine?: Partial<AmtMachineOptions>
  readonly role?: Role
}

/** A world without machines; `join` brings them in. */
export async function driftWorld(options: DriftOptions = {}) {
  const { root, material } = await ciraCertificate('mps.example.com')
  const der = root.certificate.replace(/-----[A-Z ]+-----|\s/g, '')
  const lab: Given = {
    profile: { activation: 'acmactivate', userConsent: 'None', ciraConfigName: 'cira', ...options.profile },
    cira: { ...ciraConfig(), mpsRootCertificate: der },
  }
  const made = await activationWorld({ profiles: { lab } })
  const { store, secrets, devices } = made
  await store.migrate('converge', {
    '0001-first': migrations['0001-first']!,
    ...convergeMigrations,
    ...driftMigrations,
    ...playbookMigrations,
  })
  const clock = createFakeClock(Date.now())
  // The kernel's late members throw while nothing is behind them, so it is not copied.
  const kernel = Object.create(made.kernel, { clock: { value: clock } }) as Kernel
  const onReal = { kernel: made.kernel, secrets, log: silent }
  const parts = { kernel, secrets, log: silent, devices }
  const connected = new Set<() => void>()
  const cira = await createCira({
    listen: { host: '127.0.0.1', port: 0 },
    certificates: { contextFor: () => material },
    accounts: createAccounts(onReal, devices),
    events: {
      connected: tunnel => {
        loops.drift.connected(tunnel)
        for (const each of connected) each()
      },
      disconnected: () => {},
      refused: () => {},
      flapping: () => {},
    },
    clock: { ...realClock, now: () => clock.now() },
    log: silent,
    random: realRandom,
  })
  const tunnels = () => cira.tunnels
  const reaches = createReaches({ ...onReal, devices, tunnels, others: [] })
  const redirections = fakeRedirections()
  const woken: string[] = []
  const start = () => {
    const power = createPowerOrders({
      ...parts,
      reaches,
      acts: {
        read: async ({ wsman }, signal) => (await readPowerState(wsman, { signal })).state,
        send: async ({ wsman, guid }, code, signal) => {
          const act = { guid, code, redirections: redirections.live, options: { signal } }
          succeeded(await actOnPower(wsman, act), 'power was not changed')
        },
      },
    })
    const drift = createDrift({
      ...parts,
      reaches,
      tunnels,
      redirections: redirections.live,
      certificates: made.parts.certificates,
      resolveProfile: made.parts.records.resolveProfile,
      timing: { tlsMs: 0 },
    })
    const amt = { wake: (project: string, host: string) => void woken.push(`${project}/${host}`) }
    const playbooks = createPlaybooks({
      ...parts,
      reaches,
      tunnels,
      redirections: redirections.live,
      power,
      amt,
      drift,
    })
    return { power, drift, playbooks }
  }
  let loops = start()
  const who = { role: options.role ?? 'admin', name: 'anna' }
  const api = async () => {
    const http = fastify()
    http.decorateRequest('principal', undefined)
    http.setSerializerCompiler(() => JSON.stringify)
    http.setValidatorCompiler(validatorCompiler as never)
    http.addHook('onRequest', async request => {
      const permissions = new Set(ROLES[who.role]) as Principal['permissions']
      request.principal = { id: `person:${who.name}`, kind: 'person', via: 'token', ...who, permissions }
      const { access } = request.routeOptions.config
      if (access === undefined || access === 'public' || access === 'signed-in')
        throw new Error('no permission is named')
      requirePermission(request.principal, access)
    })
    const native = http as unknown as Http
    installErrors(native)
    loops.drift.routes(native)
    loops.playbooks.routes(native)
    await http.ready()
    return http
  }
  let http = await api()
  const request = async (headers: Record<string, string>, sent: { method: string; path: string; body: unknown }) => {
    const payload = sent.body === undefined ? {} : { payload: sent.body }
    const url = `/v1/projects/default/oob${sent.path}`
    const reply = await http.inject({ method: sent.method, url, headers, ...payload } as InjectOptions)
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers }
  }
  const machines: AmtMachine[] = []
  const settled = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      await loops.power.settled()
      await loops.drift.settled()
      await loops.playbooks.settled()
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  return {
    ...made,
    kernel,
    clock,
    cira,
    redirections,
    who,
    woken,
    get drift() {
      return loops.drift
    },
    get playbooks() {
      return loops.playbooks
    },
    get power() {
      return loops.power
    },
    settled,
    /** Moves the clock on in steps, and lets everything that falls due come to rest after each. */
    async pass(ms: number, stepMs = 10 * SECOND): Promise<void> {
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(left, stepMs))
        await settled()
      }
    },
    /** Moves the clock on until something is so. */
    async until(look: () => Promise<boolean>, withinMs = 60 * MINUTE, stepMs = 10 * SECOND): Promise<void> {
      for (let passed = 0; passed <= withinMs; passed += stepMs) {
        await settled()
        if (await look()) return
        await clock.advance(stepMs)
      }
      throw new Error('it never came true')
    },
    call: (method: string, path: string, body?: unknown) => request({}, { method, path, body }),
    callWith: (headers: Record<string, string>, method: string, path: string, body?: unknown) =>
      request(headers, { method, path, body }),
    /** A machine that is activated with the profile and has its tunnel up. */
    async join(guid = GUID): Promise<AmtMachine> {
      const amt = machine({
        uuid: guid,
        clock: { ...realClock, now: () => clock.now() },
        dial: async () => connect({ host: '127.0.0.1', port: cira.port, noDelay: true }),
        ...options.machine,
      })
      // Counted from the start, as it is with the first look at them.
      expectNothing(amt.faults.messages)
      machines.push(amt)
      const end = await runRpc({ routes: made.routes, machine: amt, method: 'activate --profile lab' })
      if (end.end !== 'success') throw new Error(`it was not activated: ${end.text}`)
      const isUp = new Promise<void>(resolve => {
        const look = () => {
          if (cira.tunnels.find(guid) === undefined || amt.cira.status !== 'connected') return
          connected.delete(look)
          amt.cira.watch(undefined)
          resolve()
        }
        connected.add(look)
        amt.cira.watch(look)
        look()
      })
      amt.start()
      await isUp
      // Long enough for its first words.
      await clock.advance(5 * SECOND)
      await settled()
      return amt
    },
    /** The host's agent, as the kernel knows it. */
    async agent(
      is: { readonly online: boolean; readonly reason?: string; readonly since?: number },
      { host = HOST, guid = GUID, labels = [] as object[] } = {},
    ) {
      const at = new Date(is.since ?? clock.now()).toISOString()
      await store.change(async tx => {
        const hosts = {
          name: host,
          hostname: null,
          uuid: guid,
          serial: null,
          state: 'onboarded',
          simulated: 1,
          labels: JSON.stringify(labels),
        }
        const more = { note: '', facts: '{}', epoch: 1, sequence: 0, created_at: at, updated_at: at }
        await tx
          .of<KernelTables>('default')
          .insert('kernel_hosts', { id: host, ...hosts, ...more } as never)
          .onConflict(clash => clash.doNothing())
          .execute()
        const presence = {
          online: is.online ? 1 : 0,
          since: at,
          last_seen: at,
          reason: is.reason ?? null,
          standing: 'active' as const,
          standing_why: null,
          boot_id: null,
          agent: null,
          address: null,
          transport: null,
          ticket: null,
          previous_ticket: null,
          capabilities: '[]',
          denies: '[]',
        }
        await tx
          .of<KernelTables>('default')
          .insert('kernel_presence', { host, ...presence })
          .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(presence))
          .execute()
        await devices.put(tx, 'default', guid, (await devices.find(tx, 'default', guid)) ?? { hostname: host })
      })
    },
    /** What the agent found out about the firmware. */
    async detected(mode: 'none' | 'ccm' | 'acm', host = HOST) {
      const row = { sku: 'amt', why: '', version: '16.1.25', control_mode: mode, dns_suffix: 'example.com' }
      const full = { ...row, since: new Date(clock.now()).toISOString() }
      await store
        .of<OobTables>('default')
        .insert('oob_detections', { host, ...full })
        .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(full))
        .execute()
      loops.drift.reported('default', host)
      await settled()
    },
    wantUnprovisioned: (host: string) =>
      store.change(tx => orderAmt(parts, tx, { project: 'default', host, amt: 'unprovisioned', by: SYSTEM })),
    events: async (type: string) => (await made.kernel.events.since(0, 1_000)).filter(each => each.type === type),
    audit: async () => made.kernel.audit.list('project:default', 0, 1_000),
    /** The loops end as with the program, and new ones begin on the same store. */
    async restart(): Promise<void> {
      await http.close()
      await loops.playbooks.stop()
      await loops.drift.stop()
      await loops.power.stop()
      loops = start()
      http = await api()
      await loops.power.resume()
      await loops.drift.resume()
      await loops.playbooks.resume()
    },
    async stop(): Promise<void> {
      for (const each of machines) await each.stop()
      await http.close()
      await loops.playbooks.stop()
      await loops.drift.stop()
      await loops.power.stop()
      reaches.close()
      await cira.close()
      await made.stop()
    },
  }
}

export type DriftWorld = Awaited<ReturnType<typeof driftWorld>>

function expectNothing(messages: number): void {
  if (messages !== 0) throw new Error('the machine was spoken to before')
}
