// SPDX-License-Identifier: Apache-2.0
/** The way to each device: its tunnel when it is there, else its address; one client for each as long as the way stands. */
import type { StoredSecret } from '../../../secrets/secrets.ts'
import type { WsmanMeter } from '../measures.ts'
import { type Credentials, type Dial, type OobParts, PORTS, type Reach, type Reaches, type Tunnels } from '../ports.ts'
import { problem } from '../problems.ts'
import { type ClosableWsman, createWsman } from '../wsman/client.ts'
import { channelExchange } from '../wsman/exchange.ts'
import type { Device, Devices } from './devices.ts'
import { deviceSecret } from './secrets.ts'

/** A way other than the tunnel; `undefined` when it does not lead to this device. */
export type OtherWay = {
  readonly via: 'lan' | 'agent'
  /** Looks at the device's row: whether, and over which port, it is reached this way now. */
  open(device: Device): Promise<OpenWay | undefined>
}

export type OpenWay = {
  readonly dial: Dial
  readonly port: number
  /** How long a channel is kept for the next read, where opening one is dear. 5 s. */
  readonly idleMs?: number
}

export type ReachParts = OobParts & {
  readonly devices: Devices
  readonly tunnels: () => Tunnels
  /** Tried in order when there is no tunnel. */
  readonly others: readonly OtherWay[]
  readonly meter?: WsmanMeter
}

/** The firmware's only remote user that we ever are. */
const USERNAME = 'admin'
/** Clients of ways other than tunnels that are kept at most. */
const KEPT = 1_000

type Kept = { readonly reach: Reach; readonly wsman: ClosableWsman }

export function createReaches(parts: ReachParts): Reaches & { close(): void } {
  // A tunnel's client goes with the tunnel; those of other ways go when they are too many, oldest first.
  const byTunnel = new WeakMap<object, Kept>()
  const byGuid = new Map<string, Kept>()
  const keep = (guid: string, kept: Kept): Reach => {
    byGuid.set(guid, kept)
    if (byGuid.size <= KEPT) return kept.reach
    const [oldest] = byGuid.keys()
    if (oldest !== undefined) forget(oldest)
    return kept.reach
  }
  const forget = (guid: string): void => {
    const tunnel = parts.tunnels().find(guid)
    if (tunnel !== undefined) {
      byTunnel.get(tunnel)?.wsman.close()
      byTunnel.delete(tunnel)
    }
    byGuid.get(guid)?.wsman.close()
    byGuid.delete(guid)
  }
  return {
    async reach(project, guid) {
      const tunnel = parts.tunnels().find(guid)
      if (tunnel !== undefined) {
        if (tunnel.project !== project) throw problem('amt-not-connected', `guid : ${guid}`)
        const known = byTunnel.get(tunnel)
        if (known !== undefined) return known.reach
        const made = open(parts, { project, guid, via: 'cira', dial: tunnel.dial, port: PORTS.wsman })
        byTunnel.set(tunnel, made)
        return made.reach
      }
      const device = await parts.devices.find(parts.kernel.store, project, guid)
      if (device === undefined) throw problem('amt-not-connected', `guid : ${guid}`)
      const known = byGuid.get(guid)
      if (known !== undefined) return known.reach
      for (const { via, open: way } of parts.others) {
        const found = await way(device)
        const meanwhile = byGuid.get(guid)
        if (meanwhile !== undefined) return meanwhile.reach
        if (found !== undefined) return keep(guid, open(parts, { project, guid, via, ...found }))
      }
      throw problem('amt-not-connected', `guid : ${guid}`)
    },
    forget,
    close: () => {
      for (const guid of [...byGuid.keys()]) forget(guid)
      for (const tunnel of parts.tunnels().all()) byTunnel.get(tunnel)?.wsman.close()
    },
  }
}

type Way = OpenWay & {
  readonly project: string
  readonly guid: string
  readonly via: Reach['via']
}

function open(parts: ReachParts, { project, guid, via, dial, port, idleMs }: Way): Kept {
  const { kernel, secrets, log } = parts
  const name = deviceSecret(project, guid, 'amt-admin')
  const states = new Map<number, StoredSecret['state']>()
  let proven: Credentials | undefined
  const candidates = async () => {
    const passwords = await secrets.candidates(kernel.store, name)
    for (const { version, state } of passwords) states.set(version, state)
    return passwords
  }
  const exchange = channelExchange({ dial, port, clock: kernel.clock, ...(idleMs === undefined ? {} : { idleMs }) })
  const wsman = createWsman({
    guid,
    exchange: parts.meter?.measured(exchange) ?? exchange,
    credentials: async () => ({ username: USERNAME, passwords: await candidates() }),
    verified: async version => {
      proven = undefined
      if (states.get(version) !== 'active') await kernel.store.change(tx => secrets.activate(tx, name, version))
    },
    clock: kernel.clock,
    random: kernel.random,
    log,
  })
  const reach: Reach = {
    project,
    guid,
    via,
    wsman,
    dial,
    async credentials() {
      const [password] = proven === undefined ? await candidates() : []
      if (proven === undefined && password === undefined) throw problem('amt-unauthorized', `guid : ${guid}`)
      proven ??= { username: USERNAME, password: (password as StoredSecret).value } // thrown above when there is none
      return proven
    },
  }
  return { reach, wsman }
}
