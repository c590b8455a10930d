// SPDX-License-Identifier: Apache-2.0
/** Which profile a host is activated with: the project's policy, or what the order asked for. */
import type { ChooseProfile } from './converge/amt-loop.ts'
import type { OobParts } from './ports.ts'
import { defaultName } from './records/policy.ts'
import { choose } from './records/policy-store.ts'
import { domainFor } from './records/resolve.ts'
import { find } from './records/store.ts'

/** `prepare` makes what a project has without anybody asking. */
export function profileChooser({ kernel }: OobParts, prepare: (project: string) => Promise<void>): ChooseProfile {
  const { store } = kernel
  return async (host, { sku, mode, profile, dnsSuffix }) => {
    const { project } = host
    await prepare(project)
    if (profile !== undefined) return named({ store, project }, { name: profile, sku, dnsSuffix })
    const labels = Object.fromEntries(host.labels.map(({ key, value }) => [key, value]))
    const choice = await choose(store, project, { sku, labels, tags: [], dnsSuffix })
    if (choice.profile !== undefined && (mode === undefined || choice.controlMode === mode))
      return { profile: choice.profile }
    if (mode === undefined) return { why: choice.why.at(-1) ?? 'no profile fits' }
    if (mode === 'ccm') return { profile: defaultName(project, 'ccm') }
    const why = await noAdmin({ store, project }, { sku, dnsSuffix })
    return why === undefined ? { profile: defaultName(project, 'acm') } : { why }
  }
}

type Place = { readonly store: OobParts['kernel']['store']; readonly project: string }
type Machine = { readonly sku: 'amt' | 'ism'; readonly dnsSuffix: string | undefined }

/** The profile that was asked for, if the machine can be activated with it. */
async function named(
  place: Place,
  { name, ...machine }: Machine & { readonly name: string },
): ReturnType<ChooseProfile> {
  const kept = await find(place.store, place.project, { kind: 'profile', name })
  if (kept === undefined) return { why: `there is no profile ${name}` }
  const { profileName: profile, activation } = kept.record
  if (activation === 'ccmactivate') return { profile, controlMode: 'ccm' }
  const why = await noAdmin(place, machine)
  return why === undefined ? { profile, controlMode: 'acm' } : { why }
}

/** Why a machine cannot be brought to admin control mode. */
async function noAdmin({ store, project }: Place, { sku, dnsSuffix }: Machine): Promise<string | undefined> {
  if (sku === 'ism') return 'admin control mode was asked for, and this machine has Standard Manageability'
  if (dnsSuffix === undefined || dnsSuffix === '')
    return 'admin control mode needs the DNS suffix of the machine, and its firmware does not tell one'
  if ((await domainFor(store, project, dnsSuffix)) === undefined)
    return `no domain has a certificate for ${dnsSuffix}: add one with muster oob domain create`
  return undefined
}
