// SPDX-License-Identifier: Apache-2.0
/** `muster oob`: machines below their operating system. */
import { HOST, HOSTS, type Noun, type OptionSpec, shared } from '../grammar.ts'
import { records } from './oob-records.ts'

const { selector, query, wait, dryRun, yes, reason, expires, count } = shared
const many: readonly OptionSpec[] = [selector, query, reason, wait, count, yes, dryRun]
const orders = async () => import('../verbs/oob/orders.ts')
const device = async () => import('../verbs/oob/device.ts')
const sessions = async () => import('../verbs/oob/sessions.ts')

export const oob: Noun = {
  name: 'oob',
  summary: 'Machines below their operating system: AMT and ISM',
  verbs: [
    {
      name: 'status',
      summary: 'How each machine is: what it has, its tunnel, its power, and why',
      arguments: [HOSTS],
      options: [
        { flags: '--has <kind>', about: 'only machines with this', completes: ['vpro', 'ism', 'none', 'unknown'] },
        { flags: '--connected', about: 'only those whose firmware is connected' },
      ],
      examples: [
        { line: 'muster oob status', says: 'every machine, with the reason where it is not manageable' },
        { line: 'muster oob status press-04 -o wide', says: 'one, with the evidence for the verdict' },
      ],
      load: async () => (await import('../verbs/oob/status.ts')).status,
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
      details:
        'The profile is chosen by policy: admin control mode where a domain fits, client control mode elsewhere.',
      arguments: [HOSTS],
      options: [
        { flags: '--mode <mode>', about: 'acm or ccm', completes: ['acm', 'ccm'] },
        { flags: '--dns-suffix <name>', about: 'for admin control mode, when the machine does not tell it' },
        ...many,
      ],
      writes: true,
      examples: [
        { line: 'muster oob activate press-04 --wait -y', says: 'and wait until its firmware has dialled in' },
        { line: 'muster oob activate -l line=4 --mode ccm --dry-run', says: 'which machines it would be' },
      ],
      load: async () => (await orders()).activate,
    },
    {
      name: 'deactivate',
      summary: 'Take AMT or ISM back to what it was before',
      arguments: [HOSTS],
      options: many,
      writes: true,
      examples: [{ line: 'muster oob deactivate press-04 --reason "moves house" --wait -y', says: 'and read it back' }],
      load: async () => (await orders()).deactivate,
    },
    {
      name: 'power',
      summary: 'Switch machines on, off, or through a reset',
      details:
        'The last word is what to do: on, off, sleep, hibernate, reset, cycle. The operating system is asked first, unless --now is given. An order waits for a machine that is away.',
      arguments: [{ ...HOSTS, spelled: '[host-and-action...]', about: 'hosts, and what to do as the last word' }],
      options: [{ flags: '--now', about: 'do not ask the operating system first' }, expires, ...many],
      writes: true,
      examples: [
        { line: 'muster oob power press-04 off --wait -y', says: 'and read back that it is off' },
        { line: 'muster oob power -l line=4 cycle --now --dry-run', says: 'which machines it would be' },
      ],
      load: async () => (await orders()).power,
    },
    {
      name: 'boot',
      summary: 'Boot once from somewhere else',
      details:
        'Takes bios, pxe, cd, floppy, diagnostic, https, winre or pba. Resets a machine that is on; --up starts one that is off.',
      arguments: [
        HOST,
        {
          spelled: '<target>',
          about: 'where from',
          completes: ['bios', 'pxe', 'cd', 'floppy', 'diagnostic', 'https', 'winre', 'pba'],
        },
      ],
      options: [
        { flags: '--up', about: 'the machine is off: switch it on' },
        { flags: '--sol', about: 'with the text console redirected' },
        { flags: '--url <url>', about: 'of the boot file, for https' },
        { flags: '--path <path>', about: 'of the boot source, for pba and winre' },
        { flags: '--no-secure-boot', about: 'do not enforce secure boot, for https' },
        yes,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob boot press-04 pxe --dry-run', says: 'shows what would be sent' }],
      load: async () => (await device()).boot,
    },
    {
      name: 'features',
      summary: 'Show or switch KVM, SOL, IDER and the consent of users',
      arguments: [HOST],
      options: [
        { flags: '--kvm <on|off>', about: 'screen, keyboard and mouse', completes: ['on', 'off'] },
        { flags: '--sol <on|off>', about: 'serial console', completes: ['on', 'off'] },
        { flags: '--ider <on|off>', about: 'drives over the network', completes: ['on', 'off'] },
        { flags: '--ocr <on|off>', about: 'one-click recovery', completes: ['on', 'off'] },
        { flags: '--consent <whom>', about: 'none, kvm or all', completes: ['none', 'kvm', 'all'] },
        yes,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob features press-04', says: 'what is on' }],
      load: async () => (await device()).features,
    },
    {
      name: 'consent',
      summary: 'Ask the person at the machine: request, send <code>, cancel',
      arguments: [
        HOST,
        { spelled: '<act>', about: 'request, send or cancel', completes: ['request', 'send', 'cancel'] },
        { spelled: '[code]', about: 'the six digits on the screen' },
      ],
      examples: [{ line: 'muster oob consent press-04 request', says: 'a code appears on its screen' }],
      load: async () => (await device()).consent,
    },
    {
      name: 'sol',
      summary: 'Open the serial console',
      details:
        'Ctrl-] closes it. Without a terminal, standard input is sent and the answer printed until it falls silent.',
      arguments: [HOST],
      options: [{ flags: '--for <duration>', about: 'close it after so long' }],
      examples: [{ line: 'muster oob sol press-04 --for 2s', says: 'what the console says in two seconds' }],
      load: async () => (await sessions()).serial,
    },
    {
      name: 'kvm',
      summary: 'Get the address and the one-time token for a KVM viewer',
      arguments: [HOST],
      examples: [{ line: 'muster oob kvm press-04', says: 'for any viewer of the Device Management Toolkit' }],
      load: async () => (await sessions()).kvm,
    },
    {
      name: 'ider',
      summary: 'Give a machine a drive with an image of the controller',
      arguments: [HOST],
      options: [
        { flags: '--image <name>', about: 'one of those that --list shows' },
        { flags: '--start <when>', about: 'now, graceful or reboot', completes: ['now', 'graceful', 'reboot'] },
        { flags: '--stop', about: 'take the drive away' },
        { flags: '--list', about: 'show the images' },
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob ider press-04 --list', says: 'images that lie in the folder of the controller' }],
      load: async () => (await sessions()).ider,
    },
    {
      name: 'logs',
      summary: 'Show the event log of the hardware, or the audit log of the firmware',
      arguments: [HOST],
      options: [
        { flags: '--audit', about: 'who did what to the firmware' },
        { flags: '--start <n>', about: 'from which entry of the audit log' },
      ],
      examples: [{ line: 'muster oob logs press-04', says: 'what the hardware noticed' }],
      load: async () => (await device()).logs,
    },
    {
      name: 'hardware',
      summary: 'Show the hardware as the firmware knows it',
      arguments: [HOST],
      examples: [{ line: 'muster oob hardware press-04 -o json', says: 'also of a machine that is off' }],
      load: async () => (await device()).hardware,
    },
    {
      name: 'password',
      summary: 'Give the firmware a new password that only the controller knows',
      arguments: [HOST],
      options: [
        { flags: '--rotate', about: 'make a new one, set it, verify it' },
        { flags: '--mebx', about: 'of the setup screen instead (admin control mode)' },
        reason,
        yes,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob password press-04 --rotate --dry-run', says: 'shows what would be sent' }],
      load: async () => (await device()).password,
    },
    ...records,
  ],
}
