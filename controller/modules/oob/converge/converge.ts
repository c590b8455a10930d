// SPDX-License-Identifier: Apache-2.0
/** Convergence: orders on one side, what is seen on the other, and the loops between them. */
import { findByFacts } from '../../../kernel/hosts.ts'
import type { Facet, HostPatch } from '../../../kernel/module.ts'
import type { Tx } from '../../../store/store.ts'
import { requestConsent } from '../device/consent.ts'
import { readFeatures } from '../device/features.ts'
import { actOnPower, readPowerState } from '../device/power.ts'
import { succeeded } from '../device/wire.ts'
import type { Devices } from '../devices/devices.ts'
import type { CiraEvents, LiveRedirections, OobParts, Reaches, Tunnels } from '../ports.ts'
import { type AmtLoopParts, type ChooseProfile, createAmtLoop } from './amt-loop.ts'
import { createArrivals } from './arrivals.ts'
import { type DoorParts, doorFacet, doorPatch, type SessionOrder } from './door.ts'
import { findIntent, withdrawAmt } from './intents.ts'
import { createPowerOrders } from './power-orders.ts'
import { keepSession, nextOfSession, type SessionActs, type SessionLook } from './session-states.ts'

export type ConvergenceParts = OobParts & {
  readonly devices: Devices
  readonly reaches: Reaches
  readonly tunnels: () => Tunnels
  readonly redirections: LiveRedirections
  readonly choose: ChooseProfile
  readonly server: AmtLoopParts['server']
  readonly unprovision: AmtLoopParts['unprovision']
}

export interface Convergence extends Pick<CiraEvents, 'connected' | 'disconnected'> {
  readonly facet: Facet
  readonly patch: HostPatch
  readonly door: DoorParts
  /** What an operator ordered for a device, if its host has an order; `activated` once that was done. */
  ordered(project: string, guid: string): Promise<'activate' | 'activated' | 'deactivate' | undefined>
  /** Somebody takes a device out of management by another door: what was ordered before is no longer wanted. */
  released(tx: Tx, project: string, guid: string): Promise<void>
  /** A host's agent reported. */
  reported(project: string, host: string): void
  resume(): Promise<void>
  stop(): Promise<void>
}

export function createConvergence(parts: ConvergenceParts): Convergence {
  const { kernel, devices, log, tunnels } = parts
  const power = createPowerOrders({
    ...parts,
    acts: {
      read: async ({ wsman }, signal) => (await readPowerState(wsman, { signal })).state,
      send: async ({ wsman, guid }, code, signal) => {
        const act = { guid, code, redirections: parts.redirections, options: { signal } }
        succeeded(await actOnPower(wsman, act), 'power was not changed')
      },
    },
  })
  const amt = createAmtLoop(parts)
  const running = new Set<Promise<void>>()
  const session = (order: SessionOrder): void => {
    const turn = openSession(parts, order)
      .catch(thrown => log.warn('a session was not prepared', { host: order.host, error: String(thrown) }))
      .finally(() => running.delete(turn))
    running.add(turn)
  }
  const door: DoorParts = { kernel, secrets: parts.secrets, log, devices, tunnels, power, amt, session }
  const arrivals = createArrivals({ kernel, log, power: power.wake, amt: amt.wake })
  return {
    facet: doorFacet(door),
    patch: doorPatch(door),
    door,
    connected: ({ guid }) => arrivals.changed(guid),
    disconnected: ({ guid }) => arrivals.changed(guid),
    ordered: async (project, guid) => {
      const device = await devices.find(kernel.store, project, guid)
      const host = device?.host ?? (await hostOf(parts, project, guid))
      const intent = host === undefined ? undefined : await findIntent(kernel.store, project, host)
      if (intent === undefined || intent.amt === null) return undefined
      if (intent.amt === 'unprovisioned') return 'deactivate'
      return intent.indicator === 'IDLE' ? 'activated' : 'activate'
    },
    released: async (tx, project, guid) => {
      const host = (await devices.find(tx, project, guid))?.host
      if (host !== undefined) await withdrawAmt(parts, tx, project, host)
    },
    reported: (project, host) => amt.wake(project, host),
    resume: async () => {
      await power.resume()
      await amt.resume()
    },
    stop: async () => {
      await arrivals.stop()
      await power.stop()
      await amt.stop()
      await Promise.all(running)
    },
  }
}

async function hostOf({ kernel }: OobParts, project: string, guid: string): Promise<string | undefined> {
  return (await findByFacts(kernel.store, project, { uuid: guid }))?.id
}

async function openSession(
  parts: ConvergenceParts,
  { project, host, guid, kind, wish, by }: SessionOrder,
): Promise<void> {
  const acts = sessionActs(parts)
  const look = wish === 'stop' ? undefined : await acts.look(project, guid, kind).catch(() => undefined)
  const move = nextOfSession(kind, wish, look)
  if (move.ask === true) await acts.askConsent(project, guid)
  if (move.end === true) await acts.end(guid, kind, `stopped by ${by.name}`)
  await parts.kernel.store.change(tx => keepSession(parts, tx, project, { host, kind, wish, move }))
}

function sessionActs({ reaches, redirections }: ConvergenceParts): SessionActs {
  return {
    look: async (project, guid, kind) => {
      const { wsman } = await reaches.reach(project, guid)
      const features = await readFeatures(wsman)
      const on = kind === 'kvm' ? features.kvm : features.sol
      const feature = kind === 'kvm' && !features.kvmAvailable ? 'absent' : on && features.redirection ? 'on' : 'off'
      return { feature, consent: consentOf(features.consent, kind, features.optInState) }
    },
    askConsent: async (project, guid) => {
      const { wsman } = await reaches.reach(project, guid)
      await requestConsent(wsman)
    },
    end: async (guid, _kind, why) => redirections.end(guid, why),
  }
}

function consentOf(required: string | undefined, kind: 'kvm' | 'sol', state: number): SessionLook['consent'] {
  if (required === 'none' || (required === 'kvm' && kind === 'sol')) return 'none'
  if (state === 3 || state === 4) return 'granted'
  return state === 1 || state === 2 ? 'displayed' : 'needed'
}
