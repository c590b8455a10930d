// SPDX-License-Identifier: Apache-2.0
/** Which profile a host is activated with: the project's policy, or what the order asked for. */
import type { ChooseProfile } from './converge/amt-loop.ts'
import type { OobParts } from './ports.ts'
import { defaultName } from './records/policy.ts'
import { choose } from './records/policy-store.ts'
import { domainFor } from './records/resolve.ts'

/** `prepare` makes what a project has without anybody asking. */
export function profileChooser({ kernel }: OobParts, prepare: (project: string) => Promise<void>): ChooseProfile {
  const { store } = kernel
  return async (host, { sku, mode, dnsSuffix }) => {
    const { project } = host
    await prepare(project)
    const labels = Object.fromEntries(host.labels.map(({ key, value }) => [key, value]))
    const choice = await choose(store, project, { sku, labels, tags: [], dnsSuffix })
    if (choice.profile !== undefined && (mode === undefined || choice.controlMode === mode))
      return { profile: choice.profile }
    if (mode === undefined) return { why: choice.why.at(-1) ?? 'no profile fits' }
    if (mode === 'ccm') return { profile: defaultName(project, 'ccm') }
    if (sku === 'ism') return { why: 'admin control mode was asked for, and this machine has Standard Manageability' }
    if (dnsSuffix === undefined || dnsSuffix === '')
      return { why: 'admin control mode needs the DNS suffix of the machine, and its firmware does not tell one' }
    if ((await domainFor(store, project, dnsSuffix)) === undefined)
      return { why: `no domain has a certificate for ${dnsSuffix}: add one with muster oob domain create` }
    return { profile: defaultName(project, 'acm') }
  }
}
