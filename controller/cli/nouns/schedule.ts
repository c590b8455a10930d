// SPDX-License-Identifier: Apache-2.0
/** `muster schedule create`, `set` and `next`: what schedules have beside the verbs of all resources. */
import { HOST, type OptionSpec, shared, type Verb } from '../grammar.ts'
import { STATUS_WORDS } from '../resources/schedules.ts'

const { dryRun } = shared

const WHEN: readonly OptionSpec[] = [
  { flags: '-f, --file <path>', about: 'JSON or YAML; - for standard input' },
  { flags: '--target <target>', about: 'host-…, site-…, region-…; or host/, site/, region/ and a name' },
  {
    flags: '--maintenance-type <type>',
    about: 'maintenance, osupdate, shipping, firmware-update or cluster-update',
    completes: STATUS_WORDS,
  },
  {
    flags: '--frequency-type <type>',
    about: 'single or repeated; repeated with --frequency',
    completes: ['single', 'repeated'],
  },
  { flags: '--start-time <time>', about: 'single: 2027-01-31T22:00:00Z, or "2027-01-31 22:00"' },
  { flags: '--end-time <time>', about: 'single: the same; without it until it is removed' },
  { flags: '--timezone <zone>', about: 'whose clock is meant: Europe/Berlin (UTC)' },
  { flags: '--frequency <word>', about: 'weekly or monthly', completes: ['weekly', 'monthly'] },
  { flags: '--day-of-week <days>', about: 'mon,wed-fri; 0 is Sunday' },
  { flags: '--day-of-month <days>', about: '1-4,31' },
  { flags: '--months <months>', about: '1-2,12; all without it' },
  { flags: '--hour <hours>', about: '0 to 23; several by comma' },
  { flags: '--minute <minutes>', about: '0 to 59; several by comma (0)' },
  { flags: '--duration <seconds>', about: '1 to 86400; 30m and 4h do as well' },
]

export const scheduleVerbs: readonly Verb[] = [
  {
    name: 'create',
    summary: 'Make a schedule, single or repeated',
    details:
      'Times of a repeated schedule are those of its time zone, over every change of the clock: nothing is turned into UTC.',
    arguments: [{ spelled: '[name]', about: 'the name it gets' }],
    options: [...WHEN, dryRun],
    writes: true,
    examples: [
      {
        line: 'muster schedule create weekend --target site/plant-1 --frequency weekly --day-of-week sat,sun --hour 2 --duration 4h --timezone Europe/Berlin --dry-run',
        says: 'from two to six in the night, by the clock on the wall',
      },
      {
        line: 'muster schedule create retrofit --target host/press-04 --start-time "2099-03-01 08:00" --end-time "2099-03-01 16:00" --timezone Europe/Berlin --dry-run',
        says: 'once',
      },
    ],
    load: async () => (await import('../verbs/schedule.ts')).creating,
  },
  {
    name: 'set',
    summary: 'Change a schedule; what is not named stays',
    arguments: [{ spelled: '<schedule>', about: 'its id or name' }],
    options: [...WHEN, dryRun],
    writes: true,
    examples: [{ line: 'muster schedule set nights --hour 3 --dry-run', says: 'shows what would be sent' }],
    load: async () => (await import('../verbs/schedule.ts')).setting,
  },
  {
    name: 'next',
    summary: 'Show what holds for a host now and next',
    arguments: [HOST],
    examples: [{ line: 'muster schedule next press-04', says: 'its own schedules, and those of its site and regions' }],
    load: async () => (await import('../verbs/schedule.ts')).next,
  },
]
