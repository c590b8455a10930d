// SPDX-License-Identifier: Apache-2.0
/** Verbs that stand without a noun. */
import { HOST, shared, type Verb } from '../grammar.ts'

const { dryRun } = shared

export const verbs: readonly Verb[] = [
  {
    name: 'login',
    summary: 'Sign in to a controller and remember it',
    details:
      'The one-time link that the controller printed may be pasted whole. Before the fingerprint of its root certificate has matched, nothing is sent.',
    arguments: [{ spelled: '<url>', about: 'https://<controller>:8443, or the one-time link' }],
    options: [
      { flags: '--ca-fingerprint <sha256>', about: 'SHA-256 of the root certificate, as the controller printed it' },
      { flags: '--ca-file <path>', about: 'the root certificate in PEM' },
      { flags: '--setup <secret>', about: 'secret of the one-time link; - reads it from standard input' },
      { flags: '--name <person>', about: 'your name, with the one-time link' },
      { flags: '--user <name>', about: 'sign in with a password; it is asked for, and the code if there is one' },
      { flags: '--password-file <path>', about: 'file that holds the password' },
      { flags: '--invite <secret>', about: 'set your password with an invitation; - reads it from standard input' },
      { flags: '--token-file <path>', about: 'file that holds an API token' },
      { flags: '--token <dash>', about: '- reads an API token from standard input' },
      dryRun,
    ],
    writes: true,
    examples: [
      {
        line: "muster login 'https://ctl.example:8443/setup#SECRET' --name anna --ca-fingerprint sha256:FINGERPRINT",
        says: 'the first time, with what the controller printed',
      },
      {
        line: 'muster login https://ctl.example:8443 --ca-file ca.pem --user otto --password-file password.txt -c otto',
        says: 'with a password; it ends after 12 hours, or 30 minutes without use',
      },
      {
        line: 'muster login https://ctl.example:8443 --ca-file ca.pem --token-file token.txt -c plant',
        says: 'with a token, as context plant',
      },
    ],
    load: async () => (await import('../verbs/login.ts')).login,
  },
  {
    name: 'logout',
    summary: 'Forget the token of a context',
    options: [dryRun],
    writes: true,
    examples: [{ line: 'muster logout --dry-run', says: 'the token itself stays valid: revoke it too' }],
    load: async () => (await import('../verbs/context.ts')).logout,
  },
  {
    name: 'whoami',
    summary: 'Show who you are to the controller',
    examples: [{ line: 'muster whoami', says: 'name, role and permissions' }],
    load: async () => (await import('../verbs/whoami.ts')).whoami,
  },
  {
    name: 'why',
    summary: 'Say what keeps a host from its desired state',
    details: 'The first reason is the one to mend first. The same words stand on the page of the host and in the API.',
    arguments: [HOST],
    options: [{ flags: '--section <section>', about: 'what keeps the host as a whole, and this section' }],
    examples: [
      { line: 'muster why press-04', says: 'everything, in the order in which it must be mended' },
      { line: 'muster why press-04 --section power -o json', says: 'for a program' },
    ],
    load: async () => (await import('../verbs/why.ts')).why,
  },
  {
    name: 'events',
    summary: 'Show what happened, and what happens',
    details: 'On a terminal one line per event; elsewhere, and with -o json, one JSON object per line.',
    options: [
      { flags: '-w, --watch', about: 'go on until Ctrl-C; broken connections are taken up again' },
      { flags: '--host <host>', about: 'only of one host', completes: 'host' },
      { flags: '--type <type>', about: 'only of a type, or of its first word: host, host.online' },
      { flags: '--since <cursor>', about: 'after this event (0: all that is kept)' },
    ],
    examples: [
      { line: 'muster events --host press-04 --since 0', says: 'what is kept of one host' },
      { line: 'muster events --type command', says: 'commands only' },
    ],
    load: async () => (await import('../verbs/events.ts')).events,
  },
  {
    name: 'completion',
    summary: 'Print the completion script of a shell',
    arguments: [{ spelled: '<shell>', about: 'bash, zsh or fish', completes: ['bash', 'zsh', 'fish'] }],
    examples: [
      { line: 'muster completion bash', says: 'save it as /etc/bash_completion.d/muster' },
      { line: 'muster completion fish', says: 'save it as ~/.config/fish/completions/muster.fish' },
    ],
    load: async () => (await import('../verbs/completion.ts')).completion,
  },
  {
    name: 'version',
    summary: 'Show the version',
    examples: [{ line: 'muster version', says: 'of this program' }],
    load: async () => (await import('../verbs/version.ts')).version,
  },
  {
    name: 'help',
    summary: 'Explain a topic or a command',
    arguments: [{ spelled: '[topic...]', about: 'exit-codes, output, contexts, or a command', completes: 'topic' }],
    examples: [
      { line: 'muster help exit-codes', says: 'what a script may rely on' },
      { line: 'muster help host reboot', says: 'the same as muster host reboot --help' },
    ],
    load: async () => (await import('../verbs/help.ts')).help,
  },
]
