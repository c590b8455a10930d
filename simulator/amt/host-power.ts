// SPDX-License-Identifier: Apache-2.0
/** The power of one simulated host: what was asked for, when it happens, and who is told. */
import type { Firmware } from './firmware.ts'
import { consumeBoot, judgePower, type PowerChange } from './power.ts'
import { STATUS } from './status.ts'

export type PowerQuirks = {
  /** How long a power change takes before the engine tells of it. */
  readonly powerLagMs?: number
  /** Off and reset wait until no redirection session is open. */
  readonly deferWhileRedirecting?: boolean
  /** The tunnel breaks when the host goes off; true for AMT 12 unless given. */
  readonly dropTunnelOnOff?: boolean
}

export interface HostPower {
  state(): number
  /** The button: starts what is off, shuts down what is on. */
  press(): void
  osSavingState(): number
  /** Whether the operating system runs and listens to the engine; tests may say that it hangs. */
  systemUp: boolean
  /** What the engine is asked for; the status to return. */
  request(action: number): number
  /** No redirection session is open any more. */
  idle(): void
}

export type HostPowerParts = {
  readonly firmware: Firmware
  readonly quirks: PowerQuirks
  readonly redirecting: () => boolean
  readonly tell?: (change: PowerChange) => void
  readonly dropTunnel: () => void
}

/** Makes the power of one host; its state is the engine's. */
export function createHostPower({ firmware, quirks, redirecting, tell, dropTunnel }: HostPowerParts): HostPower {
  const { state, model, clock } = firmware
  let systemUp = true
  let deferred: PowerChange | undefined

  const apply = (change: PowerChange): void => {
    state.power = change.to
    if (change.to !== 2 || change.booted) state.osSaving = 2
    if (change.booted) consumeBoot(state, String(change.action))
    systemUp = change.nmi ? false : systemUp || change.booted
    firmware.touched()
    tell?.(change)
    const off = change.to === 6 || change.to === 8
    if (off && (quirks.dropTunnelOnOff ?? model.major === 12)) dropTunnel()
  }
  const schedule = (change: PowerChange): void => {
    const lagMs = quirks.powerLagMs ?? 0
    if (lagMs > 0) clock.after(lagMs, () => apply(change))
    else apply(change)
  }
  return {
    state: () => state.power,
    osSavingState: () => state.osSaving,
    get systemUp() {
      return systemUp && state.power === 2
    },
    set systemUp(up: boolean) {
      systemUp = up
    },
    press() {
      const action = state.power !== 2 ? 2 : systemUp ? 12 : 8
      const change = judgePower(state, action, { sleep: true, systemUp })
      if (typeof change !== 'number') apply({ ...change, action: 0 })
    },
    request(action) {
      const change = judgePower(state, action, { sleep: model.hardware.sleep, systemUp })
      if (typeof change === 'number') return change
      if (quirks.deferWhileRedirecting === true && action !== 2 && redirecting()) deferred = change
      else schedule(change)
      return STATUS.success
    },
    idle() {
      const change = deferred
      deferred = undefined
      if (change !== undefined) schedule(change)
    },
  }
}
