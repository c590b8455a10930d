// SPDX-License-Identifier: Apache-2.0
/** Which pages there are, by the module they belong to: the first part of an address decides. Read by server and browser. */

/** Pages of what is always there; every other name is that of a module. */
export const KERNEL = 'kernel'

/** First parts of the addresses of pages, by module. A module that is off has no page, and its addresses are unknown. */
export const AREAS: Readonly<Record<string, readonly string[]>> = {
  [KERNEL]: ['', 'setup', 'sign-in', 'hosts', 'audit', 'access', 'system', 'me', 'help', 'projects'],
  onboarding: ['lobby', 'join-tokens'],
  inventory: ['sites', 'schedules', 'os', 'import'],
  access: ['invite', 'people'],
  oob: ['out-of-band'],
  webhooks: ['webhooks'],
}
