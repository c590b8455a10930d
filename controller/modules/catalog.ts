// SPDX-License-Identifier: Apache-2.0
/** The one list of modules: what is not imported does not exist. */
import type { AnyModule } from '../kernel/module.ts'

export const catalog: Readonly<Record<string, () => Promise<AnyModule>>> = {
  onboarding: async () => (await import('./onboarding/module.ts')).onboarding,
  inventory: async () => (await import('./inventory/module.ts')).inventory,
  tenancy: async () => (await import('./tenancy/module.ts')).tenancy,
  access: async () => (await import('./access/module.ts')).access,
  webhooks: async () => (await import('./webhooks/module.ts')).webhooks,
  oob: async () => (await import('./oob/module.ts')).oob,
  packages: async () => (await import('./packages/module.ts')).packages,
  dashboard: async () => (await import('./dashboard/module.ts')).dashboard,
}

/** What each is for, for people who choose. */
export const titles: Readonly<Record<string, string>> = {
  onboarding: 'Join tokens, lobby, certificates',
  inventory: 'Hardware and operating system of the hosts',
  tenancy: 'Projects that cannot see each other, with quotas',
  access: 'People, roles and where they hold, OpenID Connect',
  webhooks: 'Events, told to addresses of yours',
  oob: 'Out-of-band management: power, and what AMT or ISM the hosts have',
  packages: 'Packages for machines, from this controller',
  dashboard: 'The pages in the browser',
}
