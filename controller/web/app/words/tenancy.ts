// SPDX-License-Identifier: Apache-2.0
/** Texts of the pages of the module tenancy. */
import { catalogue, number, plural } from './catalogue.ts'

export const t = catalogue({
  nav: 'Projects',
  create: 'Make a project',
  createWhat: 'It is there at once, empty, and seen by nobody but those who get a role in it.',
  name: 'Name',
  nameHint: 'Small letters, digits and hyphens; it stands in addresses and cannot be changed',
  description: 'Description',
  org: 'Organisation',
  orgHint: 'A name under which projects are owned; it grants nothing',
  created: (name: string) => `The project ${name} is there`,
  change: 'Describe',
  changeTitle: (name: string) => `Describe ${name}`,
  changed: 'The description is changed',
  remove: 'Delete',
  removeTitle: (name: string) => `Delete the project ${name}`,
  removeVerb: (name: string) => `Delete ${name} and everything in it`,
  removeWhat: (hosts: number) =>
    hosts === 0
      ? 'It has no hosts.'
      : plural(hosts, {
          one: 'It has # host, which is disconnected and not let in again.',
          other: 'It has # hosts, which are disconnected and not let in again.',
        }),
  removeUnknown: 'Its hosts are disconnected and not let in again.',
  removeRest:
    'Hosts, files, secrets and all else in it go; its audit stays with the installation. This cannot be undone.',
  removeFirmware:
    'Firmware is not deactivated, and its passwords go: deactivate the machines that you want to keep before.',
  removing: (name: string) => `${name} is closed and being deleted`,
  kept: 'This project cannot be deleted: what names none goes there.',
  quota: {
    title: 'How much it may hold',
    what: 'What would exceed a quota is refused. Only those who run the installation set them.',
    none: 'no limit',
    of: (used: number, most: number) => `${number(used)} of ${number(most)}`,
    used: (used: number) => number(used),
    unknown: 'not known to you',
    atLeast: (used: number) => `${number(used)} or more`,
    full: 'full',
    fullWhy: 'Nothing of this kind can be added until some are gone.',
    near: 'nearly full',
    nearWhy: 'More than nine tenths are taken.',
    change: 'Set quotas',
    hint: 'Empty: no limit',
    saved: 'The quotas are set',
    below: (name: string, used: number) =>
      `${name}: there are ${number(used)} already; nothing can be added until some are gone.`,
    names: {
      hosts: 'Hosts',
      joinTokens: 'Join tokens that still let machines in',
      queuedCommands: 'Commands without an outcome',
      regions: 'Regions',
      sites: 'Sites',
    },
  },
  orgs: {
    tab: 'Organisations',
    list: 'Organisations',
    what: 'An organisation is a name under which projects are owned, and nothing more: it separates nothing and grants nothing.',
    column: { name: 'Name', description: 'Description', uuid: 'UUID', created: 'Made' },
    create: 'Make an organisation',
    created: (name: string) => `The organisation ${name} is there`,
    name: 'Name',
    description: 'Description',
    remove: 'Delete',
    removeTitle: (name: string) => `Delete the organisation ${name}`,
    removeWhat: 'One that still owns projects is not deleted.',
    removed: (name: string) => `The organisation ${name} is gone`,
    emptyTitle: 'No organisations',
    empty: 'Projects that name none belong to `default`.',
  },
})
