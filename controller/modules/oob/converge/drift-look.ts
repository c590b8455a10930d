// SPDX-License-Identifier: Apache-2.0
/** Compares one device with the profile it was activated with, and puts the differences in words. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Ground } from '../activation/ground.ts'
import { createObserver, optional } from '../activation/observe.ts'
import { driftOver } from '../activation/provision.ts'
import { keyOf, type Step } from '../activation/step.ts'
import type { Wanted } from '../activation/wanted.ts'
import type { Device } from '../devices/devices.ts'
import { type Area, areaOf, bySafety, cutsTunnel, type DriftPolicy } from './drift-areas.ts'
import { activatedWith, type DriftParts, groundFor, wantedOf } from './drift-ground.ts'

/** One difference, and what becomes of it. */
export type Difference = {
  readonly area: Area
  /** The act that would put it right. */
  readonly do: string
  /** What differs. */
  readonly says: string
  readonly mode: 'report' | 'repair'
  /** Why it is not done over the tunnel. */
  readonly held?: string
}

export type Finding = {
  readonly state: 'compliant' | 'drifted' | 'unknown'
  readonly why: string
  readonly profile: string | undefined
  readonly steps: readonly Difference[]
}

export type Planned = { readonly step: Step; readonly difference: Difference }

/** What a look gives: the finding, and with what it can be repaired. */
export type Look = Finding & {
  readonly scene?: { readonly ground: Ground; readonly wanted: Wanted }
}

export type Looking = {
  readonly device: Device
  readonly policy: DriftPolicy
  readonly tolerated: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** Rejects when the device cannot be asked, but not when it no longer lets us in: that is a finding. */
export async function look(parts: DriftParts, looking: Looking): Promise<Look> {
  const { device, policy, signal } = looking
  const { kernel, secrets } = parts
  const { project, guid } = device
  const activated = await activatedWith(kernel.store, project, guid)
  if (activated === undefined) return untold(undefined, 'it was not activated here, so nothing says how it should be')
  const { profile } = activated
  const resolved = await parts.resolveProfile(kernel.store, secrets, { project, name: profile })
  if (resolved === undefined) return untold(profile, `the profile ${profile} is gone`)
  const ground = groundFor(parts, device, signal)
  try {
    const wanted = await wantedOf(parts, { device, ground, resolved })
    const planned = differences(await driftOver(ground, wanted), looking)
    const mode = await modeDiffers(ground, wanted, policy)
    const steps = [...mode, ...planned.map(each => each.difference)]
    return { state: steps.length === 0 ? 'compliant' : 'drifted', why: '', profile, steps, scene: { ground, wanted } }
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'amt-unauthorized') throw thrown
    const says = 'it does not accept the password we have for it'
    return { state: 'drifted', why: '', profile, steps: [{ area: 'activation', do: 'activate', says, mode: 'report' }] }
  }
}

function untold(profile: string | undefined, why: string): Look {
  return { state: 'unknown', why, profile, steps: [] }
}

/** In the order in which they are best repaired. */
export function differences(
  steps: readonly Step[],
  { policy, tolerated }: Pick<Looking, 'policy' | 'tolerated'>,
): readonly Planned[] {
  const found: Planned[] = []
  for (const step of bySafety(steps)) {
    const area = areaOf(step)
    const mode = policy[area]
    if (mode === 'off' || tolerated.has(keyOf(step))) continue
    const held = cutsTunnel(step, steps)
    const difference = { area, do: step.do, says: step.why, mode, ...(held === undefined ? {} : { held }) }
    found.push({ step, difference })
  }
  return found
}

/** A device that is activated in another control mode than its profile names. */
async function modeDiffers(ground: Ground, { mode, profile }: Wanted, policy: DriftPolicy): Promise<Difference[]> {
  if (policy.activation === 'off') return []
  const setup = await optional(createObserver(ground).read('setup'))
  if (setup === undefined || setup.mode === mode) return []
  const says = `it is in ${setup.mode} control mode, and ${profile} is for ${mode} control mode`
  return [{ area: 'activation', do: 'activate', says, mode: 'report' }]
}
