// SPDX-License-Identifier: Apache-2.0
/** The tunnels that are up, one for each GUID: the latest login wins, and only once it is complete. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import { DISCONNECT } from '../apf/messages.ts'
import type { CiraAccount, CiraAccounts, CiraEvents, Tunnel, TunnelEnd, Tunnels } from '../ports.ts'
import type { Connection, ConnectionEvents } from './connection.ts'
import { Flapping } from './flapping.ts'
import type { DeviceTunnel } from './tunnel.ts'

type Live = { readonly connection: Connection; readonly tunnel: DeviceTunnel }

export type RegistryParts = {
  readonly accounts: CiraAccounts
  readonly events: CiraEvents
  readonly clock: Clock
  /** The connection is logged in or gone, and no longer one of the unauthenticated. */
  settled(connection: Connection): void
  ended(connection: Connection): void
  /** The accounts could not be told that a password is in force. */
  unverified(guid: string, thrown: unknown): void
}

export class Registry implements Tunnels, ConnectionEvents {
  readonly #parts: RegistryParts
  readonly #live = new Map<string, Live>()
  /** Logged in and not yet up; a device has one at most. */
  readonly #arriving = new Map<string, Connection>()
  readonly #flapping: Flapping
  #generation = 0

  constructor(parts: RegistryParts) {
    this.#parts = parts
    this.#flapping = new Flapping(parts.clock)
  }

  find(guid: string): Tunnel | undefined {
    return this.#live.get(guid)?.tunnel
  }

  get size(): number {
    return this.#live.size
  }

  *all(): Iterable<Tunnel> {
    for (const { tunnel } of this.#live.values()) yield tunnel
  }

  loggedIn(connection: Connection, account: CiraAccount, version: number | undefined): number {
    const { accounts, unverified, settled } = this.#parts
    settled(connection)
    this.#arriving.get(account.guid)?.disconnect('replaced', DISCONNECT.byApplication, 'it logged in again')
    this.#arriving.set(account.guid, connection)
    if (version !== undefined) {
      accounts.verified(account, version).catch(thrown => unverified(account.guid, thrown))
    }
    return ++this.#generation
  }

  up(connection: Connection, tunnel: DeviceTunnel): void {
    const { events } = this.#parts
    const { guid } = tunnel
    if (this.#arriving.get(guid) === connection) this.#arriving.delete(guid)
    const former = this.#live.get(guid)
    this.#live.set(guid, { connection, tunnel })
    if (former !== undefined) {
      former.connection.disconnect('replaced', DISCONNECT.byApplication, 'it logged in again')
      const addresses = this.#flapping.takeover(guid, former.tunnel.address, tunnel.address)
      if (addresses !== undefined) events.flapping(guid, addresses)
    }
    events.connected(tunnel)
  }

  ended(connection: Connection, end: TunnelEnd, tunnel: DeviceTunnel | undefined): void {
    const { events, settled, ended } = this.#parts
    settled(connection)
    ended(connection)
    if (tunnel === undefined) return
    if (this.#arriving.get(tunnel.guid) === connection) this.#arriving.delete(tunnel.guid)
    if (this.#live.get(tunnel.guid)?.connection !== connection) return
    this.#live.delete(tunnel.guid)
    events.disconnected(tunnel, end)
  }

  refused(connection: Connection, code: string): void {
    const { address, guid } = connection
    this.#parts.events.refused({ code, address, ...(guid === undefined ? {} : { guid }) })
  }
}
