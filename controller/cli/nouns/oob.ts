// SPDX-License-Identifier: Apache-2.0
/** `muster oob`: machines below their operating system. */
import { HOSTS, type Noun, type OptionSpec, shared, type Verb } from '../grammar.ts'
import { care } from './oob-care.ts'
import { machine } from './oob-machine.ts'
import { records } from './oob-records.ts'

const { selector, query, wait, dryRun, yes, reason, expires, count } = shared
const many: readonly OptionSpec[] = [selector, query, reason, wait, count, yes, dryRun]
const orders = async () => import('../verbs/oob/orders.ts')

const fleet: readonly Verb[] = [
  {
    name: 'status',
    summary: 'How each machine is: what it has, its tunnel, its power, and why',
    arguments: [HOSTS],
    options: [
      selector,
      query,
      { flags: '--has <kind>', about: 'only machines with this', completes: ['vpro', 'ism', 'none', 'unknown'] },
      { flags: '--connected', about: 'only those whose firmware is connected' },
      { flags: '--read', about: 'ask the firmware for the power, instead of what was read last' },
    ],
    examples: [
      { line: 'muster oob status', says: 'every machine, with the reason where it is not manageable' },
      { line: 'muster oob status press-04 -o wide', says: 'one, with the evidence for the verdict' },
      { line: 'muster oob status -l line=4 --connected --read', says: 'some, with their power as it is now' },
    ],
    load: async () => (await import('../verbs/oob/status.ts')).status,
  },
  {
    name: 'endpoint',
    summary: 'Where firmware dials in, and how many are connected',
    examples: [
      { line: 'muster oob endpoint', says: 'the address and port that machines must reach' },
      { line: 'muster oob endpoint -o json', says: 'with the root certificate that firmware trusts' },
    ],
    load: async () => (await import('../verbs/oob/firmware.ts')).endpoint,
  },
  {
    name: 'detect',
    summary: 'Have machines look again what they have',
    arguments: [HOSTS],
    options: [selector, query, wait, count, dryRun],
    writes: true,
    examples: [{ line: 'muster oob detect press-04 --dry-run', says: 'shows the command its agent would get' }],
    load: async () => (await orders()).detect,
  },
  {
    name: 'activate',
    summary: 'Activate AMT or ISM',
    details: 'The profile is chosen by policy: admin control mode where a domain fits, client control mode elsewhere.',
    arguments: [HOSTS],
    options: [
      { flags: '--mode <mode>', about: 'acm or ccm', completes: ['acm', 'ccm'] },
      { flags: '--profile <name>', about: 'with this one, whatever the policy says' },
      { flags: '--dns-suffix <name>', about: 'for admin control mode, when the machine does not tell it' },
      ...many,
    ],
    writes: true,
    examples: [
      { line: 'muster oob activate press-04 --wait -y', says: 'and wait until its firmware has dialled in' },
      { line: 'muster oob activate -l line=4 --mode ccm --dry-run', says: 'which machines it would be' },
      { line: 'muster oob activate press-04 --profile default_ccm --dry-run', says: 'with a profile of your own' },
    ],
    load: async () => (await orders()).activate,
  },
  {
    name: 'deactivate',
    summary: 'Take AMT or ISM back to what it was before',
    arguments: [HOSTS],
    options: many,
    writes: true,
    examples: [
      { line: 'muster oob deactivate press-04 --reason "moves house" --dry-run', says: 'shows what would be sent' },
    ],
    load: async () => (await orders()).deactivate,
  },
  {
    name: 'power',
    summary: 'Show the power of machines, or switch them',
    details:
      'The last word is what to do: on, off, sleep, hibernate, reset, cycle; without it the firmware is asked how it is. The operating system is asked first, unless --now is given. An order waits for a machine that is away.',
    arguments: [{ ...HOSTS, spelled: '[host-and-action...]', about: 'hosts, then what to do' }],
    options: [{ flags: '--now', about: 'do not ask the operating system first' }, expires, ...many],
    writes: true,
    examples: [
      { line: 'muster oob power press-04', says: 'how it is now' },
      { line: 'muster oob power press-04 on --wait -y', says: 'and read back that it is on' },
      { line: 'muster oob power -l line=4 cycle --now --dry-run', says: 'which machines it would be' },
    ],
    load: async () => (await import('../verbs/oob/power.ts')).power,
  },
]

export const oob: Noun = {
  name: 'oob',
  summary: 'Machines below their operating system: AMT and ISM',
  verbs: [...fleet, ...machine, ...care, ...records],
}
