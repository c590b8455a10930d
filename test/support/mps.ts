// SPDX-License-Identifier: Apache-2.0
/** MPS's routes over real parts and simulated machines, without a network in between. */
import { createHash } from 'node:crypto'
import { fastify, type InjectOptions } from 'fastify'
import { createAudit, projectChain } from '../../controller/kernel/audit.ts'
import { createEvents } from '../../controller/kernel/events.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { type Principal, ROLES, type Role } from '../../controller/kernel/permissions.ts'
import { createReaches } from '../../controller/modules/oob/devices/reach.ts'
import { deviceSecret } from '../../controller/modules/oob/devices/secrets.ts'
import { createDevices } from '../../controller/modules/oob/devices/store.ts'
import { deviceMigrations } from '../../controller/modules/oob/devices/tables.ts'
import { mpsRoutes, powerShortcuts } from '../../controller/modules/oob/mps/routes.ts'
import type { LiveRedirections, Tunnel } from '../../controller/modules/oob/ports.ts'
import { createConsentTries } from '../../controller/modules/oob/redirection/consent.ts'
import { mountToolkit } from '../../controller/modules/oob/toolkit/toolkit.ts'
import { masterKey } from '../../controller/secrets/seal.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { createSecrets, secretMigrations } from '../../controller/secrets/store.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import {
  type AmtMachine,
  type AmtMachineOptions,
  createAmtFaults,
  createAmtMachine,
} from '../../simulator/amt/machine.ts'
import { kernelStore, silent, testSigner } from './kernel.ts'

export const PASSWORD = 'P@ssw0rd'
export const ROOT = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

export type Called = {
  readonly status: number
  readonly body: any
  readonly text: string
  readonly headers: Record<string, unknown>
}

/** A machine in admin control mode whose password is {@link PASSWORD}. */
export function activeMachine(guid: string, options: Partial<AmtMachineOptions> = {}): AmtMachine {
  const machine = createAmtMachine({
    uuid: guid,
    version: '16.1.25',
    sku: 'amt',
    clock: realClock,
    random: realRandom,
    faults: createAmtFaults(),
    tlsEnforced: false,
    ...options,
  })
  const { state } = machine
  state.controlMode = 2
  state.optIn.required = 0
  state.adminHash = createHash('md5').update(`admin:${state.realm}:${PASSWORD}`).digest('hex')
  return machine
}

/** Redirection sessions a test opens and sees ended. */
export function fakeRedirections() {
  const open = new Map<string, { id: string; mode: 'kvm' | 'sol' | 'ider'; by: string }[]>()
  const ended: string[] = []
  const live: LiveRedirections = {
    of: guid => open.get(guid) ?? [],
    async end(guid, why) {
      ended.push(why)
      open.delete(guid)
    },
  }
  return { live, open, ended }
}

export async function startMps(role: Role = 'admin') {
  const store = await kernelStore()
  await store.migrate('secrets', secretMigrations)
  await store.migrate('oob', deviceMigrations)
  const surroundings = { clock: realClock, random: realRandom, digest: sha256, log: silent }
  const audit = createAudit(store, testSigner(), surroundings)
  const events = createEvents(store, surroundings)
  const kernel = { ...surroundings, store, audit, events } as unknown as Kernel
  const secrets = createSecrets({ master: masterKey(realRandom(32)), clock: realClock, random: realRandom })
  const devices = createDevices({ secrets, now: realClock.now })
  const up = new Map<string, Tunnel>()
  const tunnels = {
    find: (guid: string) => up.get(guid),
    get size() {
      return up.size
    },
    all: () => up.values(),
  }
  const parts = { kernel, secrets, log: silent, devices }
  const reaches = createReaches({ ...parts, tunnels: () => tunnels, others: [] })
  const redirections = fakeRedirections()
  const consent = createConsentTries(realClock)
  const mps = { ...parts, reaches, tunnels, redirections: redirections.live, consent, ciraRoot: async () => ROOT }
  const http = fastify()
  const who = { role, permissions: new Set(ROLES[role]) as Principal['permissions'] }
  http.decorateRequest('principal', undefined)
  http.setSerializerCompiler(() => JSON.stringify)
  http.addHook('onRequest', async request => {
    request.principal = { id: 'person:anna', kind: 'person', name: 'anna', via: 'token', ...who }
  })
  mountToolkit(http, { prefixes: ['/api/v1', '/v1/projects/:project/oob/mps'], routes: mpsRoutes(mps) })
  mountToolkit(http, { prefixes: ['/device'], routes: powerShortcuts(mps) })
  await http.ready()
  const call = async (method: string, path: string, body?: unknown, prefix = '/api/v1'): Promise<Called> => {
    const options = {
      method,
      url: `${prefix}${path}`,
      ...(body === undefined ? {} : { payload: body }),
    } as InjectOptions
    const reply = await http.inject(options)
    const json = String(reply.headers['content-type']).includes('json')
    return { status: reply.statusCode, body: json ? reply.json() : undefined, text: reply.body, headers: reply.headers }
  }
  const connect = async (guid: string, machine: AmtMachine, project = 'default'): Promise<void> => {
    await store.change(async tx => {
      await devices.put(tx, project, guid, { hostname: 'edge-1', tags: ['lab'] })
      await secrets.put(tx, deviceSecret(project, guid, 'amt-admin'), Secret.of(PASSWORD))
    })
    up.set(guid, tunnelTo(guid, machine, { project, end: () => up.delete(guid) }))
  }
  return {
    call,
    connect,
    store,
    secrets,
    devices,
    reaches,
    redirections,
    tunnels: up,
    who,
    audit: () => audit.list(projectChain('default'), 0, 100),
    events: () => events.since(0, 100),
    http,
    stop: async () => {
      reaches.close()
      await http.close()
      await store.close()
    },
  }
}

function tunnelTo(guid: string, machine: AmtMachine, { project, end }: { project: string; end: () => void }): Tunnel {
  return {
    guid,
    project,
    generation: 1,
    address: '127.0.0.1',
    since: 0,
    lastSeen: 0,
    ports: new Set([16992]),
    dial: async port => machine.lan(port),
    stats: () => ({ received: 0, sent: 0, channels: 0 }),
    close: end,
  }
}
