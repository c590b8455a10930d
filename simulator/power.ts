// SPDX-License-Identifier: Apache-2.0
/** The power of a simulated machine: on, off, and what each boot changes. */
import type { Clock, RandomBytes } from '../plugins/contract/index.ts'
import { uuidOf } from './facts.ts'
import { simulatorProblem } from './problems.ts'

export type PowerLoss = 'power-cut' | 'reboot' | 'shutdown'

export type PowerEvent =
  | { readonly kind: 'on'; readonly bootCount: number }
  /** `backInMs` is absent when somebody must switch it on. */
  | { readonly kind: 'off'; readonly why: PowerLoss; readonly backInMs?: number }

export interface Power {
  readonly on: boolean
  /** From 1; counts boots of this machine, in earlier runs too. */
  readonly bootCount: number
  readonly bootId: string
  /** Aborted when the present boot ends. */
  readonly signal: AbortSignal
  /** Since the present boot began. */
  uptimeMs(): number
  /** Ends the boot at once, as if the plug were pulled; boots again after a wait when one is given. */
  lose(why: PowerLoss, backInMs?: number): void
  /** Boots now; does nothing when it is on. */
  press(): void
  /** Tells of every loss and every boot from now on; the returned function stops it. */
  watch(listener: (event: PowerEvent) => void): () => void
  /** Switches off for good: no boot follows. */
  close(): void
}

export type PowerOptions = {
  readonly clock: Clock
  readonly random: RandomBytes
  /** Boots so far. */
  readonly bootCount: number
  /** Runs before anybody is told of a boot; the signal is aborted when the boot ends. */
  readonly onBoot: (boot: { readonly count: number; readonly ended: AbortSignal }) => void
}

type Boot = { readonly id: string; readonly count: number; readonly since: number; readonly ended: AbortController }

/** Makes a machine that has just booted. */
export function createPower({ clock, random, bootCount, onBoot }: PowerOptions): Power {
  const listeners = new Set<(event: PowerEvent) => void>()
  let forgetBoot = (): void => undefined
  let boot = begin(bootCount + 1)
  function begin(count: number): Boot {
    const made = { id: uuidOf(random(16)), count, since: clock.monotonic(), ended: new AbortController() }
    onBoot({ count, ended: made.ended.signal })
    return made
  }
  const tell = (event: PowerEvent): void => {
    for (const listener of [...listeners]) listener(event)
  }
  const press = (): void => {
    if (!boot.ended.signal.aborted) return
    forgetBoot()
    boot = begin(boot.count + 1)
    tell({ kind: 'on', bootCount: boot.count })
  }
  return {
    get on() {
      return !boot.ended.signal.aborted
    },
    get bootCount() {
      return boot.count
    },
    get bootId() {
      return boot.id
    },
    get signal() {
      return boot.ended.signal
    },
    uptimeMs: () => clock.monotonic() - boot.since,
    lose(why, backInMs) {
      if (boot.ended.signal.aborted) return
      boot.ended.abort(simulatorProblem('simulated-power-off', why))
      tell(backInMs === undefined ? { kind: 'off', why } : { kind: 'off', why, backInMs })
      if (backInMs !== undefined) forgetBoot = clock.after(backInMs, press)
    },
    press,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      forgetBoot()
      listeners.clear()
      boot.ended.abort(simulatorProblem('simulated-power-off', 'the simulation has ended'))
    },
  }
}
