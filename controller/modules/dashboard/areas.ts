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

/** The first part of a path: `hosts` of `/hosts/host-1?q=x`. */
export function areaOf(path: string): string {
  return path.split(/[/?#]/)[1] ?? ''
}

/** The module that has the page; `undefined` when no module has such a page. */
export function moduleOf(path: string): string | undefined {
  const area = areaOf(path)
  return Object.entries(AREAS).find(([, areas]) => areas.includes(area))?.[0]
}
