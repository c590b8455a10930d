// SPDX-License-Identifier: Apache-2.0
/** Provisioning without `rpc`: drift is found and repaired, and devices are deactivated, over whatever way there is. */
import type { Wsman } from '../wsman/wsman.ts'
import { type Ground, TIMING } from './ground.ts'
import { type Ledger, marksOf } from './ledger.ts'
import type { ActivationParts } from './parts.ts'
import { driftOver, type Provisioned, provisionOver } from './provision.ts'
import type { Step } from './step.ts'
import { unprovisionOver } from './unprovision.ts'
import { type Wanted, wantedFrom } from './wanted.ts'

export type Reached = {
  readonly project: string
  readonly guid: string
  /** Logged in as `admin`, and telling the secrets which password was taken. */
  readonly wsman: Wsman
  readonly signal: AbortSignal
}

export interface Provisioner {
  /**
   * What the profile of the last activation wants and the device is not; `undefined` when it was not activated here,
   * or the profile is gone. Changes nothing.
   */
  drift(reached: Reached): Promise<readonly Step[] | undefined>
  /** Repairs it; see {@link provisionOver}. */
  repair(reached: Reached): Promise<Provisioned | undefined>
  /** See {@link unprovisionOver}. */
  unprovision(reached: Reached): Promise<void>
}

export function createProvisioner(parts: ActivationParts, ledger: Ledger): Provisioner {
  const { kernel, secrets, devices, records } = parts

  async function wantedOf({ project, guid }: Reached): Promise<Wanted | undefined> {
    const name = await ledger.profileOf(project, guid)
    if (name === undefined) return undefined
    const resolved = await records.resolveProfile(kernel.store, secrets, { project, name })
    if (resolved === undefined) return undefined
    const device = await devices.find(kernel.store, project, guid)
    return wantedFrom(resolved, { ip: undefined, suffixes: [device?.dnsSuffix ?? ''] })
  }

  function groundOf({ project, guid, wsman, signal }: Reached): Ground {
    const { certificates, enterprise, reaches, log } = parts
    const timing = { ...TIMING, ...parts.timing }
    return {
      project,
      guid,
      wsman: () => wsman,
      signal,
      store: kernel.store,
      secrets,
      devices,
      clock: kernel.clock,
      random: kernel.random,
      log,
      certificates,
      marks: marksOf(kernel, project, guid),
      ...(enterprise === undefined ? {} : { enterprise }),
      forget: each => reaches.forget(each),
      onStep: async (step, why) => {
        await kernel.store.change(tx =>
          kernel.events.emit(tx, { project, type: 'oob.repair', subject: guid, data: { step, why } }),
        )
      },
      pause: ms => kernel.clock.sleep(ms, signal),
      tlsEnforced: false,
      timing,
    }
  }

  return {
    async drift(reached) {
      const wanted = await wantedOf(reached)
      return wanted === undefined ? undefined : driftOver(groundOf(reached), wanted)
    },
    async repair(reached) {
      const wanted = await wantedOf(reached)
      return wanted === undefined ? undefined : provisionOver(groundOf(reached), wanted)
    },
    unprovision: reached => unprovisionOver(groundOf(reached)),
  }
}
