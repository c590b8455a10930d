// SPDX-License-Identifier: Apache-2.0
/** What each permission lets somebody do, in words that stand after "can" and after "cannot". */
import { catalogue } from './catalogue.ts'

/** How roles and places are told in sentences. */
export const t = catalogue({
  everything: 'Can do everything.',
  nothing: 'Can do nothing.',
  can: (what: string) => `Can ${what}.`,
  cannot: (what: string) => `Cannot ${what}.`,
  and: (all: readonly string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(all),
  or: (all: readonly string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(all),
  everywhere: 'everywhere',
  inProject: (project: string) => `in project ${project}`,
  inEveryProject: 'in every project',
  hosts: 'for hosts',
  ofSites: (sites: string, count: number) => (count === 1 ? `of site ${sites}` : `of the sites ${sites}`),
  withLabels: (labels: string) => `with ${labels}`,
  not: (role: string) => `never ${role}`,
  noGrant: 'no role yet',
  account: (role: string) => `${role} everywhere, by the account itself`,
})

/** In the order in which a role is told: from looking to deciding. */
export const rights = catalogue({
  'host.read': 'look at hosts',
  'inventory.read': 'look at sites, schedules and systems',
  'event.read': 'follow what happens',
  'project.read': 'see what the project may hold',
  'token.read': 'see join tokens',
  'webhook.read': 'see webhooks',
  'system.read': 'see how the controller does',
  'audit.read': 'read the audit',
  'access.read': 'see who may do what',
  'host.label': 'label hosts',
  'host.operate': 'restart hosts and switch them on and off',
  'host.change': 'change the configuration of hosts',
  'inventory.write': 'change sites, schedules and systems',
  'host.admit': 'let machines in',
  'token.write': 'make join tokens',
  'webhook.write': 'have events told to other programs',
  'host.access': 'open the console or screen of a machine',
  'host.destroy': 'retire hosts and erase machines',
  'access.write': 'say who may do what',
  'project.write': 'make and delete projects',
  'system.write': 'back up and restore the controller',
})

export type RightName = keyof typeof rights
