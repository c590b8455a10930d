// SPDX-License-Identifier: Apache-2.0
/** `muster host import`, `export`, `register`, `onboard` and `set`: hosts by the file, and many at once. */
import { HOST, HOSTS, shared, type Verb } from '../grammar.ts'

const { selector, query, dryRun, yes, count, filter, site, region } = shared

export const bulkVerbs: readonly Verb[] = [
  {
    name: 'import',
    summary: 'Register the hosts of a file',
    details:
      'The whole file is checked before the first host is registered; what is wrong goes into a file of the same form.\nRunning it again is safe: hosts that are registered already are passed over.',
    arguments: [{ spelled: '[file]', about: "EIM's table of hosts (CSV); - for standard input" }],
    options: [
      { flags: '--template [path]', about: 'write an empty table instead, there or to standard output' },
      { flags: '--os-profile <os>', about: 'for all rows: operating system, by id or name' },
      { flags: '--site <site>', about: 'for all rows: site, by id or name' },
      { flags: '--secure <flag>', about: 'for all rows: true or false' },
      { flags: '--remote-user <account>', about: 'for all rows: who may sign in' },
      { flags: '--metadata <k=v>', about: 'for all rows: labels; several by comma or repeated', repeat: true },
      { flags: '--cloud-init <name>', about: 'for all rows: custom configs; may be repeated', repeat: true },
      { flags: '--lvm-size <GB>', about: 'for all rows: size of the user volume' },
      { flags: '--cluster-deploy <flag>', about: 'for all rows: true or false' },
      { flags: '--cluster-template <name>', about: 'for all rows: name:v1.2.3' },
      { flags: '--cluster-config <text>', about: 'for all rows: role:all;name:n' },
      { flags: '--require-profile', about: 'refuse rows without operating system or site' },
      { flags: '--manual-onboard', about: 'let no machine in until somebody onboards it' },
      dryRun,
    ],
    writes: true,
    examples: [
      { line: 'muster host import hosts.csv --dry-run', says: 'checks the file only' },
      { line: 'muster host import hosts.csv --site plant-1 --metadata batch=7', says: 'all at one site' },
      { line: 'muster host import --template=table.csv', says: 'a file to fill in' },
    ],
    load: async () => (await import('../verbs/host-import.ts')).importing,
  },
  {
    name: 'export',
    summary: 'Write hosts as a file that can be imported elsewhere',
    details: 'With -o json it is everything the controller knows, one JSON object on each line.',
    arguments: [{ spelled: '[file]', about: 'where to; standard output without it' }],
    options: [query, selector, filter],
    examples: [
      { line: 'muster host export hosts-of-today.csv', says: 'all hosts of the project' },
      { line: 'muster host export -q line:4 -o json', says: 'all about some of them' },
    ],
    load: async () => (await import('../verbs/host-export.ts')).exporting,
  },
  {
    name: 'register',
    summary: 'Register a machine that is to come',
    options: [
      { flags: '--serial <serial>', about: 'its serial number: 5 to 20 letters and digits' },
      { flags: '--uuid <uuid>', about: 'its UUID, as its firmware says it' },
      { flags: '--name <name>', about: 'the name it gets' },
      { flags: '--auto-onboard', about: 'let it in as soon as it comes' },
      { flags: '--enable-vpro', about: 'its out-of-band management is wanted' },
      { flags: '--lvm-size <GB>', about: 'size of the user volume' },
      dryRun,
    ],
    writes: true,
    examples: [
      { line: 'muster host register --serial PRESS00099 --name press-99 --auto-onboard', says: 'and lets it in' },
    ],
    load: async () => (await import('../verbs/host-register.ts')).registering,
  },
  {
    name: 'onboard',
    summary: 'Let a registered machine in',
    arguments: [HOST],
    options: [dryRun],
    writes: true,
    examples: [{ line: 'muster host onboard press-04 --dry-run', says: 'shows what would be sent' }],
    load: async () => (await import('../verbs/host-register.ts')).onboarding,
  },
  {
    name: 'set',
    summary: 'Change the same on many hosts',
    details:
      'Power and its policy are left out on hosts whose AMT is not provisioned, an update policy on those without an instance.\nA file has the columns Name, ResourceID, Serial or UUID, and what to set: Power, OSUpdatePolicy, ...',
    arguments: [HOSTS],
    options: [
      selector,
      query,
      filter,
      site,
      region,
      { flags: '--from-csv <path>', about: 'hosts, and what to set on each; - for standard input' },
      {
        flags: '--power <action>',
        about: 'on, off, reset or power-cycle',
        completes: ['on', 'off', 'reset', 'power-cycle', 'sleep', 'hibernate'],
      },
      {
        flags: '--power-policy <policy>',
        about: 'immediate, or ordered: softly first',
        completes: ['immediate', 'ordered'],
      },
      {
        flags: '--amt-state <state>',
        about: 'provisioned or unprovisioned',
        completes: ['provisioned', 'unprovisioned'],
      },
      { flags: '--control-mode <mode>', about: 'client or admin', completes: ['client', 'admin'] },
      { flags: '--osupdatepolicy <policy>', about: 'how their instances are updated' },
      { flags: '--site-id <site>', about: 'site they stand at; an empty text for none' },
      { flags: '--metadata <k=v>', about: 'labels to set; others stay; may be repeated', repeat: true },
      count,
      yes,
      dryRun,
    ],
    writes: true,
    examples: [
      { line: 'muster host set press-04 --metadata line=4 --site-id plant-1', says: 'one host' },
      { line: 'muster host set -l line=4 --power reset --power-policy ordered --dry-run', says: 'shows which hosts' },
      { line: 'muster host set --site plant-1 --osupdatepolicy nightly --dry-run', says: 'all hosts of a site' },
    ],
    load: async () => (await import('../verbs/host-set.ts')).setting,
  },
]
