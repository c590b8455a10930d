// SPDX-License-Identifier: Apache-2.0
/** Texts of out-of-band management that are there before any of its pages: navigation, palette, overview. */
import { catalogue, plural } from './catalogue.ts'

export const t = catalogue({
  certificates: {
    title: 'For provisioning AMT, in this project',
    none: 'No domain has a provisioning certificate here.',
    domain: 'Domain',
    suffix: 'Suffix',
    until: 'Until',
    left: 'Left',
    over: (age: string) => `over for ${age}`,
  },
  nav: 'Out-of-band',
  palette: {
    activations: 'Activations',
    profiles: 'Activation profiles',
    domains: 'Provisioning domains and certificates',
    drift: 'Drift from profiles',
    playbooks: 'Recovery playbooks',
    sessions: 'Consoles, drives and recordings',
    rules: 'Rules for activation, drift and recovery',
    words: 'amt vpro ism oob cira',
  },
  need: {
    certificates: (count: number, when: string) =>
      plural(count, {
        one: `A provisioning certificate expires in ${when}`,
        other: `# provisioning certificates expire, the first in ${when}`,
      }),
    expired: (count: number) =>
      plural(count, {
        one: 'A provisioning certificate has expired',
        other: '# provisioning certificates have expired',
      }),
    renew: 'Renew',
    drifted: (count: number) =>
      plural(count, { one: 'A machine differs from its profile', other: '# machines differ from their profiles' }),
    compare: 'See what differs',
    failed: (count: number) =>
      plural(count, { one: 'Activation failed on a host', other: 'Activation failed on # hosts' }),
    why: 'See why',
    approval: (count: number) =>
      plural(count, { one: 'A recovery waits for approval', other: '# recoveries wait for approval' }),
    review: 'Review',
    shared: 'All machines share one firmware password',
  },
  step: {
    capable: 'Capable',
    reachable: 'Reachable',
    activated: 'Activated',
    connected: 'Connected',
    compliant: 'As its profile says',
  },
})
