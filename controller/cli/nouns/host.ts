// SPDX-License-Identifier: Apache-2.0
/** `muster host`: the machines. */
import { HOST, HOSTS, type Noun, type OptionSpec, shared } from '../grammar.ts'
import { bulkVerbs } from './host-bulk.ts'

const { selector, query, wait, dryRun, yes, reason, key, expires, count, filter, site, region } = shared

const asOf: OptionSpec = { flags: '--as-of <time>', about: 'as it was: 7d, 4h, or 2026-11-21T04:00:00Z' }
const powerOptions: readonly OptionSpec[] = [selector, query, reason, expires, wait, key, count, yes, dryRun]

export const host: Noun = {
  name: 'host',
  summary: 'The machines',
  verbs: [
    {
      name: 'ls',
      summary: 'List hosts',
      options: [
        query,
        selector,
        filter,
        site,
        region,
        { flags: '--online', about: 'only those that are there' },
        { flags: '--offline', about: 'only those that are not' },
        { flags: '--limit <n>', about: 'at most so many' },
      ],
      examples: [
        { line: 'muster host ls', says: 'all hosts of the project' },
        { line: "muster host ls -q 'site:berlin online:true press' -o wide", says: 'by label, presence and name' },
        { line: "muster host ls -q 'reachability:offline,never agent:<2.3 -lab:yes'", says: 'see: muster help search' },
        { line: 'muster host ls -l site=berlin --offline -o name', says: 'ids, for a script' },
        { line: "muster host ls -o jsonpath='{.items[*].name}'", says: 'names alone; muster help output has more' },
      ],
      load: async () => (await import('../verbs/host-look.ts')).listing,
    },
    {
      name: 'summary',
      summary: 'Count hosts: all, with an error, running, without a site',
      options: [{ flags: '--filter <text>', about: 'hosts that fit a filter' }],
      examples: [
        { line: 'muster host summary', says: 'of the project' },
        { line: "muster host summary --filter 'metadata.line = 4' -o json", says: 'of those that fit, for a program' },
      ],
      load: async () => (await import('../verbs/host-summary.ts')).summary,
    },
    {
      name: 'get',
      summary: 'Show one host',
      arguments: [HOST],
      options: [asOf],
      examples: [
        { line: 'muster host get press-04', says: 'by name; an id, a serial number or the start of an id do as well' },
        { line: 'muster host get press-04 -o json', says: 'everything the controller knows, for a program' },
      ],
      load: async () => (await import('../verbs/host-look.ts')).getting,
    },
    {
      name: 'inventory',
      summary: 'Show the hardware of a host',
      arguments: [HOST],
      options: [asOf],
      examples: [{ line: 'muster host inventory press-04', says: 'processor, memory, disks, network' }],
      load: async () => (await import('../verbs/host-look.ts')).inventory,
    },
    {
      name: 'history',
      summary: 'Show what a part of a host was, and for how long',
      arguments: [HOST],
      options: [
        { flags: '--part <part>', about: 'status, record, presence, section:<name> or desired:<name> (status)' },
        { flags: '--limit <n>', about: 'at most so many (50)' },
      ],
      examples: [
        { line: 'muster host history press-04', says: 'when it was there, and when not' },
        { line: 'muster host history press-04 --part section:power -o json', says: 'what it reported of its power' },
      ],
      load: async () => (await import('../verbs/host-history.ts')).history,
    },
    {
      name: 'label',
      summary: 'Set and remove labels',
      arguments: [HOST, { spelled: '<change...>', about: 'k=v sets a label, k- removes it' }],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster host label press-04 line=4 lab-', says: 'sets line, removes lab' }],
      load: async () => (await import('../verbs/host-change.ts')).label,
    },
    {
      name: 'rename',
      summary: 'Give a host another name',
      arguments: [HOST, { spelled: '<name>', about: 'the new name' }],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster host rename press-04 press-05 --dry-run', says: 'shows what would be sent' }],
      load: async () => (await import('../verbs/host-change.ts')).rename,
    },
    {
      name: 'note',
      summary: 'Write a note on a host; an empty text removes it',
      arguments: [HOST, { spelled: '<text>', about: 'what everybody shall read who looks at it' }],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster host note press-04 "fan is loud" --dry-run', says: 'shows what would be sent' }],
      load: async () => (await import('../verbs/host-change.ts')).note,
    },
    ...bulkVerbs,
    {
      name: 'reboot',
      summary: 'Restart hosts',
      details: 'A host that is away gets the command when it is back before the deadline; see --expires.',
      arguments: [HOSTS],
      options: powerOptions,
      writes: true,
      examples: [
        { line: 'muster host reboot -l line=4 --reason "fan swap" --dry-run', says: 'which hosts it would be' },
        {
          line: 'muster host reboot press-04 --reason "fan swap" --wait -y',
          says: 'and read back that it came up again',
        },
      ],
      load: async () => (await import('../verbs/host-power.ts')).reboot,
    },
    {
      name: 'shutdown',
      summary: 'Shut hosts down',
      details: 'Somebody must switch them on again, or their out-of-band management must.',
      arguments: [HOSTS],
      options: powerOptions,
      writes: true,
      examples: [
        {
          line: 'muster host shutdown press-04 --expires 10m --reason "moving it" -y',
          says: 'within ten minutes or not at all',
        },
      ],
      load: async () => (await import('../verbs/host-power.ts')).shutdown,
    },
    {
      name: 'revoke',
      summary: 'Refuse a host from now on',
      details: 'Its certificates are revoked and its connection is cut. To come back it must be enrolled anew.',
      arguments: [HOST],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster host revoke press-04 --reason stolen -y', says: 'without being asked' }],
      load: async () => (await import('../verbs/host-change.ts')).revoke,
    },
    {
      name: 'release',
      summary: 'Let a quarantined host act again',
      details: 'It is quarantined when two machines show the same certificate: find out first which one is right.',
      arguments: [HOST],
      options: [reason, dryRun],
      writes: true,
      examples: [
        {
          line: 'muster host release press-04 --reason "the clone is off" --dry-run',
          says: 'shows what would be sent',
        },
      ],
      load: async () => (await import('../verbs/host-change.ts')).release,
    },
    {
      name: 'delete',
      summary: 'Retire a host: revoke it and forget what it reported',
      arguments: [HOST],
      options: [{ flags: '--force', about: 'without waiting for what still holds it' }, reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster host delete press-04 --dry-run', says: 'shows which host that is' }],
      load: async () => (await import('../verbs/host-change.ts')).remove,
    },
  ],
}
