// SPDX-License-Identifier: Apache-2.0
/** `muster oob <verb> <host>`: what is done with the firmware of one machine. */
import { HOST, HOSTS, type OptionSpec, shared, type Verb } from '../grammar.ts'

const { selector, query, dryRun, yes, count, reason } = shared
const firmware = async () => import('../verbs/oob/firmware.ts')
const features = async () => import('../verbs/oob/features.ts')
const sessions = async () => import('../verbs/oob/sessions.ts')

const ON_OFF = ['on', 'off'] as const
const TARGETS = ['bios', 'pxe', 'cd', 'floppy', 'diagnostic', 'https', 'winre', 'pba'] as const
const passwordFile: OptionSpec = {
  flags: '--password-file <path>',
  about: 'file with the password; - for standard input',
}

const looking: readonly Verb[] = [
  {
    name: 'logs',
    summary: 'Show the event log of the hardware, or the audit log of the firmware',
    arguments: [HOST],
    options: [
      { flags: '--audit', about: 'who did what to the firmware' },
      { flags: '--start <n>', about: 'leave out so many of the newest entries of the audit log' },
    ],
    examples: [
      { line: 'muster oob logs press-04', says: 'what the hardware noticed' },
      { line: 'muster oob logs press-04 --audit', says: 'who did what to the firmware' },
    ],
    load: async () => (await firmware()).logs,
  },
  {
    name: 'hardware',
    summary: 'Show the hardware as the firmware knows it',
    arguments: [HOST],
    examples: [{ line: 'muster oob hardware press-04', says: 'also of a machine that is off' }],
    load: async () => (await firmware()).hardware,
  },
]

const changing: readonly Verb[] = [
  {
    name: 'boot',
    summary: 'Boot once from somewhere else',
    details: `Takes ${TARGETS.join(', ')}. Resets a machine that is on; --up starts one that is off.`,
    arguments: [HOST, { spelled: '<target>', about: 'where from', completes: TARGETS }],
    options: [
      { flags: '--up', about: 'the machine is off: switch it on' },
      { flags: '--sol', about: 'with the text console redirected' },
      { flags: '--url <url>', about: 'of the boot file, for https' },
      { flags: '--path <path>', about: 'of the boot source, for pba and winre' },
      { flags: '--no-secure-boot', about: 'do not enforce secure boot, for https' },
      reason,
      yes,
      dryRun,
    ],
    writes: true,
    examples: [{ line: 'muster oob boot press-04 pxe --dry-run', says: 'shows what would be sent' }],
    load: async () => (await import('../verbs/oob/boot.ts')).boot,
  },
  {
    name: 'features',
    summary: 'Show or switch KVM, SOL, IDER and the consent of users',
    arguments: [HOSTS],
    options: [
      { flags: '--kvm <on|off>', about: 'screen, keyboard and mouse', completes: ON_OFF },
      { flags: '--sol <on|off>', about: 'serial console', completes: ON_OFF },
      { flags: '--ider <on|off>', about: 'drives over the network', completes: ON_OFF },
      { flags: '--ocr <on|off>', about: 'one-click recovery', completes: ON_OFF },
      { flags: '--erase <on|off>', about: 'remote platform erase', completes: ON_OFF },
      { flags: '--consent <whom>', about: 'none, kvm or all', completes: ['none', 'kvm', 'all'] },
      selector,
      query,
      reason,
      count,
      yes,
      dryRun,
    ],
    writes: true,
    examples: [
      { line: 'muster oob features press-04', says: 'what is on' },
      { line: 'muster oob features -l line=4 --ider off --dry-run', says: 'which machines it would be' },
    ],
    load: async () => (await features()).features,
  },
  {
    name: 'password',
    summary: 'Give the firmware a new password that only the controller knows',
    details: 'With --current the controller is told the password that is in force, and the firmware keeps it.',
    arguments: [HOSTS],
    options: [
      { flags: '--rotate', about: 'make a new one, set it, try it' },
      { flags: '--mebx', about: 'of the setup screen instead (admin control mode)' },
      { flags: '--current', about: 'tell the controller the one that is in force' },
      passwordFile,
      selector,
      query,
      reason,
      count,
      yes,
      dryRun,
    ],
    writes: true,
    examples: [{ line: 'muster oob password press-04 --rotate --dry-run', says: 'shows what would be sent' }],
    load: async () => (await import('../verbs/oob/password.ts')).password,
  },
  {
    name: 'erase',
    summary: 'Erase a machine for good',
    details: 'The name of the machine is typed, or given with --confirm: -y is not enough for what has no way back.',
    arguments: [HOST],
    options: [
      { flags: '--disks', about: 'all disks' },
      { flags: '--tpm', about: 'the keys in its TPM' },
      { flags: '--bios', about: 'the BIOS goes back to what it was delivered with' },
      { flags: '--firmware', about: 'the firmware forgets that it was activated' },
      { flags: '--secure-erase', about: 'the first disk only, as older firmware does it' },
      passwordFile,
      { flags: '--confirm <name>', about: 'the name of the machine' },
      reason,
      dryRun,
    ],
    writes: true,
    examples: [{ line: 'muster oob erase press-04 --disks --tpm --dry-run', says: 'shows what would be sent' }],
    load: async () => (await import('../verbs/oob/erase.ts')).erase,
  },
  ...clocks(),
]

function clocks(): readonly Verb[] {
  const load = async () => import('../verbs/oob/alarm.ts')
  return [
    {
      name: 'alarm',
      summary: 'Show, add or remove the alarms at which the firmware switches a machine on',
      arguments: [
        HOST,
        { spelled: '[act]', about: 'add or remove', completes: ['add', 'remove'] },
        { spelled: '[name]', about: 'of the alarm' },
      ],
      options: [
        { flags: '--at <time>', about: 'when, as RFC 3339: 2031-01-31T04:00:00Z' },
        { flags: '--every <duration>', about: 'again after so long, in whole minutes' },
        dryRun,
      ],
      writes: true,
      examples: [
        { line: 'muster oob alarm press-04', says: 'which there are' },
        {
          line: 'muster oob alarm press-04 add nightly --at 2031-01-31T04:00:00Z --every 1d --dry-run',
          says: 'shows what would be sent',
        },
      ],
      load: async () => (await load()).alarm,
    },
    {
      name: 'clock',
      summary: 'Set the clock of the firmware by that of the controller',
      arguments: [HOST],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster oob clock press-04 --dry-run', says: 'shows what would be sent' }],
      load: async () => (await load()).clock,
    },
  ]
}

const redirecting: readonly Verb[] = [
  {
    name: 'consent',
    summary: 'Ask the person at the machine: request, send <code>, cancel',
    arguments: [
      HOST,
      { spelled: '<act>', about: 'request, send or cancel', completes: ['request', 'send', 'cancel'] },
      { spelled: '[code]', about: 'the six digits on the screen' },
    ],
    examples: [{ line: 'muster oob consent press-04 request', says: 'a code appears on its screen' }],
    load: async () => (await features()).consent,
  },
  {
    name: 'sol',
    summary: 'Open the serial console',
    details:
      'Ctrl-] closes it. Without a terminal, standard input is sent, and the answer printed until it has been silent for five seconds.',
    arguments: [HOST],
    options: [{ flags: '--for <duration>', about: 'close it after so long' }, reason],
    examples: [{ line: 'muster oob sol press-04 --for 1s', says: 'what the console says within a second' }],
    load: async () => (await import('../verbs/oob/serial.ts')).serial,
  },
  {
    name: 'kvm',
    summary: 'Get the address and the token for a KVM viewer',
    arguments: [HOST],
    options: [{ flags: '--for <duration>', about: 'the session ends after so long, in whole minutes' }, reason],
    examples: [{ line: 'muster oob kvm press-04', says: 'for any viewer of the Device Management Toolkit' }],
    load: async () => (await sessions()).kvm,
  },
  {
    name: 'ider',
    summary: 'Give a machine a drive with an image of the controller',
    details: 'Without options it shows the drives that the machine has and had.',
    arguments: [HOST],
    options: [
      { flags: '--image <name>', about: 'one of those that --list shows' },
      {
        flags: '--drive <kind>',
        about: 'cd or floppy; by the name of the image unless given',
        completes: ['cd', 'floppy'],
      },
      { flags: '--start <when>', about: 'now, graceful or reboot', completes: ['now', 'graceful', 'reboot'] },
      { flags: '--stop', about: 'take the drive away' },
      { flags: '--list', about: 'show the images' },
      yes,
      dryRun,
    ],
    writes: true,
    examples: [
      { line: 'muster oob ider press-04 --list', says: 'images that lie in the folder of the controller' },
      { line: 'muster oob ider press-04 --image rescue.iso --dry-run', says: 'shows what would be sent' },
    ],
    load: async () => (await sessions()).ider,
  },
]

export const machine: readonly Verb[] = [...looking, ...changing, ...redirecting]
