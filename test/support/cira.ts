// SPDX-License-Identifier: Apache-2.0
/** A real port for devices, with accounts in memory and everything it tells kept. */
import { type Cira, type CiraOptions, createCira } from '../../controller/modules/oob/cira/cira.ts'
import type { Material } from '../../controller/modules/oob/cira/listener.ts'
import type { CiraAccount, Tunnel, TunnelEnd } from '../../controller/modules/oob/ports.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import type { Issuer } from '../../provisioning/pki/authority.ts'
import { createCiraRoot, issueCiraLeaf } from '../../provisioning/pki/cira.ts'
import { silent } from './kernel.ts'

export const GUID = '4c4c4544-0035-5910-804b-b4c04f385931'

export async function ciraCertificate(address = 'localhost'): Promise<{ root: Issuer; material: Material }> {
  const root = await createCiraRoot({ now: Date.now(), random: realRandom })
  const leaf = await issueCiraLeaf(root, { now: Date.now(), random: realRandom, address })
  return { root, material: { cert: leaf.certificate, key: leaf.privateKey } }
}

export type Told =
  | { readonly what: 'connected'; readonly tunnel: Tunnel }
  | { readonly what: 'disconnected'; readonly tunnel: Tunnel; readonly end: TunnelEnd }
  | { readonly what: 'refused'; readonly code: string; readonly address: string; readonly guid?: string }
  | { readonly what: 'flapping'; readonly guid: string; readonly addresses: readonly string[] }

export type TestCira = {
  readonly cira: Cira
  readonly accounts: Map<string, CiraAccount>
  readonly verified: { guid: string; version: number }[]
  readonly told: Told[]
  until<R>(look: () => R | undefined | false, what: string, withinMs?: number): Promise<R>
  connected(guid?: string): Promise<Tunnel>
}

export function account(guid: string, more: Partial<CiraAccount> = {}): CiraAccount {
  return {
    project: 'default',
    guid,
    username: 'admin',
    passwords: [{ version: 1, value: Secret.of('P@ssw0rd') }],
    ...more,
  }
}

export async function startCira(material: Material, options: Partial<CiraOptions> = {}): Promise<TestCira> {
  const accounts = new Map<string, CiraAccount>([[GUID, account(GUID)]])
  const verified: { guid: string; version: number }[] = []
  const told: Told[] = []
  const waiters = new Set<() => void>()
  const tell = (each: Told) => {
    told.push(each)
    for (const wake of waiters) wake()
  }
  const cira = await createCira({
    listen: { host: '127.0.0.1', port: 0 },
    certificates: { contextFor: () => material },
    accounts: {
      find: async guid => accounts.get(guid),
      verified: async ({ guid }, version) => void verified.push({ guid, version }),
    },
    events: {
      connected: tunnel => tell({ what: 'connected', tunnel }),
      disconnected: (tunnel, end) => tell({ what: 'disconnected', tunnel, end }),
      refused: what => tell({ what: 'refused', ...what }),
      flapping: (guid, addresses) => tell({ what: 'flapping', guid, addresses }),
    },
    clock: realClock,
    log: silent,
    random: realRandom,
    ...options,
  })
  const until: TestCira['until'] = async (look, what, withinMs = 10_000) => {
    const end = Date.now() + withinMs
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found as Exclude<typeof found, false | undefined>
      if (Date.now() > end) throw new Error(`no ${what} within ${withinMs} ms`)
      await new Promise<void>(resolve => {
        const wake = () => {
          clearTimeout(timer)
          waiters.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, 20)
        waiters.add(wake)
      })
    }
  }
  return {
    cira,
    accounts,
    verified,
    told,
    until,
    connected: (guid = GUID) => until(() => cira.tunnels.find(guid), `tunnel of ${guid}`),
  }
}
