// SPDX-License-Identifier: Apache-2.0
/** `muster oob session`, `policy`, `drift`, `playbook`: what runs, what holds for all, and what is done about differences and trouble. */
import { HOST, HOSTS, type Noun, shared, type Verb } from '../grammar.ts'
import type { RulesKind } from '../oob/api.ts'

const { selector, query, wait, dryRun, yes, reason, count } = shared
const sessions = async () => import('../verbs/oob/sessions.ts')
const drifts = async () => import('../verbs/oob/drift.ts')
const playbooks = async () => import('../verbs/oob/playbook.ts')
const shareds = async () => import('../verbs/oob/shared-passwords.ts')

const ID = '01JD2Z9B3Q8V5K7M4N6P0R2S4Y'
const NAME_OF_SESSION = { spelled: '<id>', about: 'id of the session' } as const
const NAME_OF_RUN = { spelled: '<id>', about: 'id of the run' } as const

type About = { readonly kind: RulesKind; readonly noun: string; readonly summary: string; readonly file: string }

/** The two verbs of rules that are one document. */
function rules({ kind, noun, summary, file }: About): Noun {
  const load = async () => (await import('../verbs/oob/rules.ts')).rulesVerbs(kind)
  return {
    name: 'policy',
    summary,
    verbs: [
      {
        name: 'get',
        summary: 'Show the rules',
        examples: [{ line: `muster oob ${noun} get`, says: 'with their version' }],
        load: async () => (await load()).get,
      },
      {
        name: 'set',
        summary: 'Replace the rules; a version in the file must be the present one',
        options: [{ flags: '-f, --file <path>', about: 'JSON or YAML; - for standard input' }, yes, dryRun],
        writes: true,
        examples: [{ line: `muster oob ${noun} set -f ${file} --dry-run`, says: 'shows what would be sent' }],
        load: async () => (await load()).set,
      },
    ],
  }
}

const session: Noun = {
  name: 'session',
  summary: 'Consoles and drives that are open',
  verbs: [
    {
      name: 'ls',
      summary: 'List them: whose, of which machine, since when',
      examples: [{ line: 'muster oob session ls', says: 'KVM, SOL and IDER' }],
      load: async () => (await sessions()).listing,
    },
    {
      name: 'end',
      summary: 'End one',
      arguments: [NAME_OF_SESSION],
      options: [yes, dryRun],
      writes: true,
      examples: [{ line: `muster oob session end ${ID} --dry-run`, says: 'shows what would be sent' }],
      load: async () => (await sessions()).ending,
    },
  ],
}

const drift: Noun = {
  name: 'drift',
  summary: 'Machines that differ from the profile they were activated with',
  verbs: [
    {
      name: 'ls',
      summary: 'List how machines compared when they were looked at last',
      options: [{ flags: '--state <state>', about: 'only these', completes: ['compliant', 'drifted', 'unknown'] }],
      examples: [{ line: 'muster oob drift ls --state drifted', says: 'those that differ' }],
      load: async () => (await drifts()).listing,
    },
    {
      name: 'check',
      summary: 'Compare machines with their profiles now; exit code 9 when one differs',
      arguments: [HOSTS],
      options: [selector, query],
      examples: [{ line: 'muster oob drift check press-04', says: 'and what differs' }],
      load: async () => (await drifts()).check,
    },
    {
      name: 'repair',
      summary: 'Put machines right, as far as the policy says',
      arguments: [HOSTS],
      options: [
        { flags: '--area <name>', about: 'only this: clock, cira, features, tls, network, passwords', repeat: true },
        selector,
        query,
        reason,
        count,
        yes,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob drift repair press-04 --dry-run', says: 'what would be changed' }],
      load: async () => (await drifts()).repair,
    },
    rules({
      kind: 'drift-policy',
      noun: 'drift policy',
      summary: 'What happens by itself, by area',
      file: 'drift.yaml',
    }),
  ],
}

const runVerbs: readonly Verb[] = [
  {
    name: 'runs',
    summary: 'List runs, newest first',
    arguments: [{ ...HOST, spelled: '[host]' }],
    options: [{ flags: '--state <state>', about: 'only these: running, approval, failed, done' }],
    examples: [{ line: 'muster oob playbook runs press-04', says: 'of one machine' }],
    load: async () => (await playbooks()).runs,
  },
  {
    name: 'get',
    summary: 'Show one run, line by line',
    arguments: [NAME_OF_RUN],
    examples: [{ line: `muster oob playbook get ${ID}`, says: 'what it did, and what it waits for' }],
    load: async () => (await playbooks()).getting,
  },
  {
    name: 'approve',
    summary: 'Approve the step that a run waits with',
    arguments: [NAME_OF_RUN],
    options: [dryRun],
    writes: true,
    examples: [{ line: `muster oob playbook approve ${ID} --dry-run`, says: 'shows what would be sent' }],
    load: async () => (await playbooks()).approving,
  },
  {
    name: 'cancel',
    summary: 'Take no further step of a run',
    arguments: [NAME_OF_RUN],
    options: [reason, dryRun],
    writes: true,
    examples: [{ line: `muster oob playbook cancel ${ID} --dry-run`, says: 'shows what would be sent' }],
    load: async () => (await playbooks()).cancelling,
  },
]

const playbook: Noun = {
  name: 'playbook',
  summary: 'What is done about machines in trouble, step by step',
  verbs: [
    {
      name: 'ls',
      summary: 'List the playbooks',
      examples: [{ line: 'muster oob playbook ls -o wide', says: 'with their steps' }],
      load: async () => (await playbooks()).listing,
    },
    {
      name: 'run',
      summary: 'Start one on machines',
      arguments: [{ spelled: '<playbook>', about: 'one of those that ls shows' }, HOSTS],
      options: [
        { flags: '--url <url>', about: 'of the image, for playbooks that start from one' },
        selector,
        query,
        reason,
        wait,
        count,
        yes,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster oob playbook run diagnose press-04 --dry-run', says: 'what it would do, and why' }],
      load: async () => (await playbooks()).starting,
    },
    ...runVerbs,
    rules({
      kind: 'recovery-policy',
      noun: 'playbook policy',
      summary: 'Which playbook starts by itself, and what a second person must approve',
      file: 'recovery.yaml',
    }),
  ],
}

const policy: Noun = rules({
  kind: 'policy',
  noun: 'policy',
  summary: 'Which profile a machine is activated with',
  file: 'policy.yaml',
})

const sharedPasswords: Noun = {
  name: 'shared-passwords',
  summary: 'Whether the default profiles give all machines one password; not advised',
  verbs: [
    {
      name: 'get',
      summary: 'Tell whether they do',
      examples: [{ line: 'muster oob shared-passwords get', says: 'and what is wrong with that' }],
      load: async () => (await shareds()).getting,
    },
    {
      name: 'set',
      summary: 'Give all machines that are activated from now on the same passwords',
      options: [
        { flags: '--amt-file <path>', about: 'file with the password of the firmware' },
        { flags: '--mebx-file <path>', about: 'file with the password of the setup screen' },
        reason,
        yes,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster oob shared-passwords set --amt-file amt.txt --mebx-file mebx.txt --dry-run',
          says: 'shows what would be sent, without the passwords',
        },
      ],
      load: async () => (await shareds()).setting,
    },
    {
      name: 'clear',
      summary: 'Give each machine a password of its own again',
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster oob shared-passwords clear --dry-run', says: 'shows what would be sent' }],
      load: async () => (await shareds()).clearing,
    },
  ],
}

export const care: readonly Noun[] = [policy, drift, playbook, session, sharedPasswords]
