// SPDX-License-Identifier: Apache-2.0
/** The one list of the plugins an agent can run: name to lazy import, so that what is off is never loaded. */
import type { AnyPlugin } from './contract/index.ts'

export const catalog: Readonly<Record<string, () => Promise<AnyPlugin>>> = {
  amt: async () => (await import('./amt/plugin.ts')).amt,
  hardware: async () => (await import('./hardware/plugin.ts')).hardware,
  os: async () => (await import('./os/plugin.ts')).os,
  power: async () => (await import('./power/plugin.ts')).power,
}

/** Plugins that packages of a distribution bring on their own, beside the agent's: name to package. */
export const ownPackages: Readonly<Record<string, string>> = {
  amt: 'muster-agent-oob',
}
