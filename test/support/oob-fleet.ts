// SPDX-License-Identifier: Apache-2.0
/** A mixed fleet below its operating systems: vPRO of several generations, ISM, and machines with neither. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Config } from '../../controller/config.ts'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { HostWish, Member } from '../../simulator/fleet.ts'
import { makeProvisioningPfx, type ProvisioningPfx } from './pfx.ts'

/** The suffix that simulated networks announce. */
export const SUFFIX = 'plant.example'

const PROFILE = new URL('../../packaging/profiles/oob.yaml', import.meta.url)
/** AMT 12, 15, 16, 18, 19; 11 is made of the first. */
const VPRO = ['back-office', 'signage-player', 'line-controller', 'clinic-cart', 'inference-tower']
const ISM = ['checkout', 'back-office', 'signage-player']
const NONE = ['shop-floor-box', 'panel-pc']

let shared: ProvisioningPfx | undefined
/** Made once: RSA keys take their time. */
export function fleetPfx(): ProvisioningPfx {
  shared ??= makeProvisioningPfx({ suffix: SUFFIX })
  return shared
}

/** The modules of the profile that is shipped, with limits that one machine with many hosts does not meet. */
export function oobModules(): NonNullable<Config['modules']> {
  const { modules } = parse(readFileSync(PROFILE, 'utf8')) as { modules: NonNullable<Config['modules']> }
  return { ...modules, onboarding: { attemptsPerMinute: 100_000 } }
}

export type Mix = { readonly vpro: number; readonly ism: number; readonly none: number }

export type Kind = keyof Mix

export function kindAt({ vpro, ism }: Mix, number: number): Kind {
  if (number <= vpro) return 'vpro'
  return number <= vpro + ism ? 'ism' : 'none'
}

/** Hosts by number: first vPRO, then ISM, then those with neither; all trust the root of {@link fleetPfx}. */
export function oobHost(mix: Mix): (number: number) => HostWish {
  return number => {
    const amt = kindAt(mix, number)
    const models = amt === 'vpro' ? VPRO : amt === 'ism' ? ISM : NONE
    const model = models[number % models.length] ?? ''
    // AMT 11 differs in what it forwards and in the age of its firmware, not in its host.
    const old = amt === 'vpro' && number % 10 === 0 ? { version: '11.8.50', build: '3425' } : {}
    const engine = { trustedRoots: [fleetPfx().rootSha256], reconnect: { tries: 3, waitMs: 500, backoffMs: 2_000 } }
    return { amt, model, bootMs: 500, goingDownMs: 100, ...(amt === 'none' ? {} : { engine: { ...engine, ...old } }) }
  }
}

export function guidOf(member: Member<SimulatedAgent>): string {
  return member.host.facts.uuid.toLowerCase()
}
