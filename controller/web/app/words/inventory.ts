// SPDX-License-Identifier: Apache-2.0
/** Texts of the module inventory that are there from the start: names of its pages, and what it asks of people. */
import { catalogue, number, plural } from './catalogue.ts'

export const t = catalogue({
  nav: { sites: 'Sites', schedules: 'Schedules', os: 'OS profiles', import: 'Import hosts' },
  palette: {
    policies: 'Update policies',
    runs: 'Update runs',
    newSchedule: 'New schedule',
    newSite: 'New site',
  },
  dark: (site: string, dark: number, hosts: number) =>
    dark === hosts
      ? `Site ${site}: ${plural(hosts, { one: '# host dark', other: '# hosts dark' })}`
      : `Site ${site}: ${number(dark)} of ${number(hosts)} hosts dark`,
  openSite: 'Open the site',
})
