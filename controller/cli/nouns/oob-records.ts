// SPDX-License-Identifier: Apache-2.0
/** `muster oob <record>`: the records that activation is made of, all with the same verbs. */
import { type Noun, shared, type Verb } from '../grammar.ts'
import type { RecordKind } from '../oob/api.ts'

const { yes, dryRun, reason } = shared
const NAME = { spelled: '<name>', about: 'name of the record' } as const
const FILE = { flags: '-f, --file <path>', about: 'JSON or YAML; - for standard input' } as const

const DOMAIN = [
  { flags: '--suffix <dns>', about: 'DNS suffix of the machines' },
  { flags: '--pfx <file>', about: 'provisioning certificate with its key and chain' },
  { flags: '--password-file <file>', about: 'password of the certificate; asked for without it' },
] as const

type About = { readonly kind: RecordKind; readonly summary: string; readonly name: string; readonly file: string }

const ABOUT: readonly About[] = [
  { kind: 'profile', summary: 'How machines are activated', name: 'default_ccm', file: 'profile.yaml' },
  { kind: 'domain', summary: 'Certificates that allow admin control mode', name: 'plant', file: 'domain.yaml' },
  { kind: 'cira', summary: 'Where machines dial in', name: 'default', file: 'cira.yaml' },
  { kind: 'wireless', summary: 'Wireless networks for the firmware', name: 'floor', file: 'wireless.yaml' },
  { kind: 'ieee8021x', summary: '802.1x settings', name: 'wired8021x', file: 'ieee8021x.yaml' },
  { kind: 'proxy', summary: 'Proxies between the firmware and us', name: 'proxy1', file: 'proxy.yaml' },
]

const load = async (kind: RecordKind) => (await import('../verbs/oob/records.ts')).recordVerbs(kind)

const exportVerb: Verb = {
  name: 'export',
  summary: 'Write a profile with its secrets as the encrypted file that `rpc` reads on the machine',
  arguments: [NAME],
  options: [
    { flags: '--domain <name>', about: 'with the certificate of this domain, for admin control mode' },
    { flags: '-f, --file <path>', about: 'write it there; what is printed is the key' },
    reason,
  ],
  examples: [{ line: 'muster oob profile export default_ccm -f default_ccm.enc', says: 'and prints the key' }],
  load: async () => (await import('../verbs/oob/export.ts')).profileExport,
}

export const records: readonly Noun[] = ABOUT.map(about => ({
  name: about.kind,
  summary: about.summary,
  verbs: about.kind === 'profile' ? [...verbsOf(about), exportVerb] : verbsOf(about),
}))

function verbsOf({ kind, name, file }: About): readonly Verb[] {
  return [
    {
      name: 'ls',
      summary: `List records of this kind`,
      examples: [{ line: `muster oob ${kind} ls`, says: 'without their secrets, which no command shows' }],
      load: async () => (await load(kind)).ls,
    },
    {
      name: 'get',
      summary: 'Show one',
      arguments: [NAME],
      examples: [{ line: `muster oob ${kind} get ${name}`, says: 'with its version' }],
      load: async () => (await load(kind)).get,
    },
    createVerb({ kind, name, file }),
    {
      name: 'set',
      summary: 'Change one; what the file does not name stays',
      arguments: [NAME],
      options: [FILE, ...(kind === 'domain' ? DOMAIN : []), dryRun],
      writes: true,
      examples: [{ line: `muster oob ${kind} set ${name} -f ${file} --dry-run`, says: 'shows what would be sent' }],
      load: async () => (await load(kind)).set,
    },
    {
      name: 'delete',
      summary: 'Delete one that nothing refers to',
      arguments: [NAME],
      options: [yes, dryRun],
      writes: true,
      examples: [{ line: `muster oob ${kind} delete ${name} --dry-run`, says: 'shows what would be sent' }],
      load: async () => (await load(kind)).remove,
    },
  ]
}

function createVerb({ kind, name, file }: Pick<About, 'kind' | 'name' | 'file'>): Verb {
  const base = {
    name: 'create',
    summary: 'Make one',
    writes: true as const,
    load: async () => (await load(kind)).create,
  }
  if (kind !== 'domain') {
    return {
      ...base,
      options: [FILE, dryRun],
      examples: [{ line: `muster oob ${kind} create -f ${file} --dry-run`, says: 'shows what would be sent' }],
    }
  }
  return {
    ...base,
    arguments: [{ ...NAME, spelled: '[name]' }],
    options: [FILE, ...DOMAIN, dryRun],
    examples: [
      {
        line: `muster oob domain create ${name} --suffix plant.example --pfx amt.pfx --password-file amt.txt --dry-run`,
        says: 'checks nothing yet, and sends nothing',
      },
    ],
  }
}
