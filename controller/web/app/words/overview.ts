// SPDX-License-Identifier: Apache-2.0
/** Texts of the overview. */
import { catalogue, number, plural } from './catalogue.ts'

export const t = catalogue({
  title: 'Overview',
  fleet: 'The fleet',
  total: (count: number) => plural(count, { one: '# host', other: '# hosts' }),
  reachability: 'Reachability',
  health: 'Health',
  compliance: 'Compliance',
  segment: (word: string, count: number) => `${word}: ${number(count)}`,
  seeHosts: (word: string, count: number) => `${word}: show ${plural(count, { one: '# host', other: '# hosts' })}`,
  needs: 'Needs you',
  nothing: 'Nothing needs you.',
  checked: 'Last checked',
  checkedAgo: (age: string) => `${age} ago`,
  notChecked: (count: number) =>
    plural(count, { one: '# thing could not be checked', other: '# things could not be checked' }),
  moreNeeds: (count: number) => plural(count, { one: 'Show # more', other: 'Show # more' }),
  newNeeds: (count: number) => plural(count, { one: '# new', other: '# new' }),
  rank: ['Security', 'Outage', 'Expiry', 'Drift'].reduce<Record<string, string>>(
    (all, word, at) => Object.assign(all, { [at]: word }),
    {},
  ),
  now: 'Now',
  quiet: 'Nothing is under way.',
  command: (name: string, host: string) => `${name} on ${host}`,
  commandState: { queued: 'waits for the host', sent: 'with the host' },
  changes: 'Last changes',
  noChanges: 'Nothing has happened yet.',
  allChanges: 'Everything that happened',
  off: {
    title: (count: number) => plural(count, { one: '# host is offline', other: '# hosts are offline' }),
    failing: (count: number) => plural(count, { one: '# host is failing', other: '# hosts are failing' }),
    failed: (count: number) =>
      plural(count, { one: 'A section of # host failed to settle', other: 'Sections of # hosts failed to settle' }),
    quarantined: (count: number) => plural(count, { one: '# host is quarantined', other: '# hosts are quarantined' }),
  },
  look: 'Look',
  empty: {
    title: 'No hosts yet',
    what: 'A host is a machine that runs the agent. It connects to this controller by itself; nothing has to be opened towards it.',
    add: 'Add a host',
    simulate: 'Or try it with twenty simulated hosts',
  },
})
