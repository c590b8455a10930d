// SPDX-License-Identifier: Apache-2.0
/** The one list of modules: what is not imported does not exist. */
import type { AnyModule } from '../kernel/module.ts'

export const catalog: Readonly<Record<string, () => Promise<AnyModule>>> = {
  onboarding: async () => (await import('./onboarding/module.ts')).onboarding,
  inventory: async () => (await import('./inventory/module.ts')).inventory,
  oob: async () => (await import('./oob/module.ts')).oob,
}

/** What each is for, for people who choose. */
export const titles: Readonly<Record<string, string>> = {
  onboarding: 'Join tokens, lobby, certificates',
  inventory: 'Hardware and operating system of the hosts',
  oob: 'Out-of-band management: power, and what AMT or ISM the hosts have',
}
