// SPDX-License-Identifier: Apache-2.0
/** The management engine of a simulated host: made when it is first needed, alive as long as the machine has power. */
import type { Clock, RandomBytes } from '../plugins/contract/index.ts'
import {
  type AmtMachine,
  type AmtMachineOptions,
  type AmtState,
  createAmtMachine,
  type PowerChange,
} from './amt/machine.ts'
import { diceOf } from './dice.ts'
import type { SimulatedFacts } from './facts.ts'
import type { Power } from './power.ts'
import type { MeiFacts } from './programs/rpc/engine.ts'
import { OS_SUFFIX } from './programs/rpc/payload.ts'
import type { Storage } from './storage.ts'

/** What may be said of an engine beyond what its host's facts say. */
export type EngineOptions = Partial<Omit<AmtMachineOptions, 'uuid' | 'sku' | 'clock' | 'state' | 'keep' | 'onPower'>>

export type EngineParts = {
  readonly facts: SimulatedFacts
  readonly storage: Storage
  readonly clock: Clock
  readonly random: RandomBytes | undefined
  readonly options: EngineOptions
  readonly bootMs: number
}

export interface Engine {
  /** The engine, made now when there was none; `undefined` on hosts without AMT. */
  machine(): AmtMachine | undefined
  /** What the host's driver tells, without making it. */
  meiFacts(): MeiFacts
  /** Ties its power to that of the host; wakes an engine that was set up in an earlier run. */
  follow(power: Power): void
  /** The network cable they share. */
  cable(isIn: boolean): void
  close(): void
}

const OFF = 8
const ON = 2

export function createEngine(parts: EngineParts): Engine {
  const { facts, storage, clock } = parts
  const exists = facts.amt.kind === 'vpro' || facts.amt.kind === 'ism'
  let made: AmtMachine | undefined
  let host: Power | undefined
  let isLeading = false

  /** The engine leads: what it does to the host's power must not come back to it as news. */
  const lead = (act: () => void): void => {
    isLeading = true
    try {
      act()
    } finally {
      isLeading = false
    }
  }
  const wake = (): void => {
    if (made?.power.state() === ON) lead(() => host?.press())
  }
  const onPower = (change: PowerChange): void => {
    const power = host
    if (power === undefined) return
    if (change.to !== ON || change.nmi) lead(() => power.lose(change.graceful ? 'shutdown' : 'power-cut'))
    else if (!power.on) clock.after(parts.bootMs, wake)
    else if (change.booted) lead(() => power.lose('reboot', parts.bootMs))
  }
  const make = (): AmtMachine => {
    const { state } = stored(storage)
    const machine = createAmtMachine({
      version: facts.amt.version,
      build: facts.amt.build,
      hostName: facts.hostname,
      dnsSuffix: OS_SUFFIX,
      trustedRoots: rootsOf(facts),
      random: parts.random ?? diceOf(facts.seed, facts.index, 'engine', storage.bootCount).bytes,
      ...parts.options,
      uuid: facts.uuid,
      sku: facts.amt.kind === 'ism' ? 'ism' : 'amt',
      clock,
      ...(state === undefined ? {} : { state }),
      keep(kept) {
        storage.firmware = { ...storage.firmware, amt: kept }
        storage.save()
      },
      onPower,
    })
    machine.state.power = host?.on === false ? OFF : ON
    machine.start()
    return machine
  }
  const machine = (): AmtMachine | undefined => {
    if (exists) made ??= make()
    return made
  }
  const hostChanged = (power: Power, why: string | undefined): void => {
    if (isLeading || made === undefined) return
    made.state.power = power.on || why === 'reboot' ? ON : OFF
    made.power.systemUp = power.on
    if (why === 'power-cut') made.unplug()
    else if (power.on) made.plug()
  }
  return {
    machine,
    meiFacts: () => factsBehind(parts, made ?? (stored(storage).state === undefined ? undefined : machine())),
    follow(power) {
      host = power
      power.watch(event => hostChanged(power, event.kind === 'off' ? event.why : undefined))
      if (stored(storage).state !== undefined) machine()
    },
    cable(isIn) {
      if (isIn) made?.plug()
      else made?.unplug()
    },
    close() {
      void made?.stop()
    },
  }
}

function stored({ firmware }: Storage): { readonly state: AmtState | undefined } {
  return { state: firmware.amt as AmtState | undefined } // written by `keep` only
}

const UNTOUCHED = {
  networkStatus: 'direct',
  remoteStatus: 'not connected',
  remoteTrigger: 'user initiated',
  mpsHostname: '',
} as const

function factsBehind({ facts, storage, options }: EngineParts, machine: AmtMachine | undefined): MeiFacts {
  const { enabled } = storage.firmware
  if (machine !== undefined) return { ...machine.mei, enabled }
  const roots = options.trustedRoots ?? rootsOf(facts)
  return {
    uuid: facts.uuid,
    version: options.version ?? facts.amt.version,
    build: options.build ?? facts.amt.build,
    skuCode: facts.amt.kind === 'ism' ? 16_400 : 16_392,
    controlMode: () => 0,
    dnsSuffix: () => options.dnsSuffix ?? OS_SUFFIX,
    ras: () => UNTOUCHED,
    certificateHashes: () =>
      roots.map((hash, index) => ({
        name: `Provisioning Root ${index}`,
        hash: hash.replaceAll(':', '').toLowerCase(),
        algorithm: 'SHA256',
      })),
    enabled,
  }
}

/** Roots as firmware has them, with digests of nothing. */
function rootsOf({ model }: SimulatedFacts): readonly string[] {
  return ['1', '2'].map(name => diceOf('certificate', model.vendor, name).hex(64))
}
