// SPDX-License-Identifier: Apache-2.0
/** Kinds of resources that say what runs on hosts: systems, instances, updates, workloads. */
import { either, type Kind, member, moment, type Resource, type Setting, word } from './kind.ts'

const ALL = ['ls', 'get', 'create', 'set', 'rm'] as const
const ID = { title: 'RESOURCEID', cell: member('resourceId') }
const NAMED = { title: 'NAME', cell: member('name') }
const NAME: Setting = { flags: '--name <text>', member: 'name', about: 'its name', form: { is: 'text' } }
const text = (flags: string, name: string, about: string): Setting => ({
  flags,
  member: name,
  about,
  form: { is: 'text' },
})
const SECURITY: Setting = {
  flags: '--security <feature>',
  member: 'securityFeature',
  about: 'none, or secure-boot-and-full-disk-encryption',
  form: { is: 'enum', prefix: 'SECURITY_FEATURE_', values: ['none', 'secure-boot-and-full-disk-encryption'] },
}

export const os: Kind = {
  noun: 'os',
  summary: 'Operating systems that hosts may run',
  kind: 'OperatingSystem',
  prefixes: ['os'],
  places: [{ path: 'compute/os', list: 'OperatingSystemResources' }],
  named: 'name',
  verbs: ALL,
  columns: [
    NAMED,
    { title: 'ARCHITECTURE', cell: member('architecture') },
    { title: 'SECURITYFEATURE', cell: word('securityFeature', 'SECURITY_FEATURE_') },
    ID,
    { title: 'PROFILE', cell: member('profileName'), wide: true },
    { title: 'VERSION', cell: either('profileVersion', 'imageId'), wide: true },
    { title: 'TYPE', cell: word('osType', 'OS_TYPE_'), wide: true },
  ],
  settings: [
    NAME,
    text('--architecture <name>', 'architecture', 'x86_64'),
    text('--profile-name <name>', 'profileName', 'profile it belongs to'),
    text('--image-url <url>', 'imageUrl', 'where its image is'),
    text('--image-id <text>', 'imageId', 'what tells its image from others, such as a version'),
    text('--sha256 <hex>', 'sha256', 'digest of its image'),
    text('--description <text>', 'description', 'what it is for'),
    {
      flags: '--type <type>',
      member: 'osType',
      about: 'mutable or immutable',
      form: { is: 'enum', prefix: 'OS_TYPE_', values: ['mutable', 'immutable'] },
    },
    SECURITY,
  ],
  spelled: eimProfile,
  examples: {
    ls: 'ls -o wide',
    get: 'get ubuntu',
    create: 'create -f os-profile.yaml --dry-run',
    set: 'set ubuntu --description "for lines 1 to 4" --dry-run',
    rm: 'rm ubuntu --dry-run',
  },
}

/** Members of EIM's profile files that the interface calls otherwise. */
const PROFILE_MEMBERS: Readonly<Record<string, string>> = {
  type: 'osType',
  provider: 'osProvider',
  osImageUrl: 'imageUrl',
  osImageSha256: 'sha256',
  osImageVersion: 'imageId',
  osPackageManifestURL: 'installedPackagesUrl',
  osExistingCvesURL: 'existingCvesUrl',
  osFixedCvesURL: 'fixedCvesUrl',
}

function eimProfile(document: Resource): Resource {
  const renamed = Object.entries(document).map(([name, value]) => [PROFILE_MEMBERS[name] ?? name, value] as const)
  return Object.fromEntries(
    renamed.map(([name, value]) => {
      if (typeof value !== 'string') return [name, value]
      if (name === 'osType') return [name, value.replace('OPERATING_SYSTEM_TYPE_', 'OS_TYPE_')]
      if (name === 'osProvider') return [name, value.replace('OPERATING_SYSTEM_PROVIDER_', 'OS_PROVIDER_KIND_')]
      return [name, value]
    }),
  )
}

export const instance: Kind = {
  noun: 'instance',
  summary: 'What runs on a host: its operating system and how it is kept',
  kind: 'Instance',
  prefixes: ['inst'],
  places: [{ path: 'compute/instances', list: 'instances' }],
  named: 'name',
  verbs: ALL,
  columns: [
    ID,
    NAMED,
    { title: 'HOST', cell: either('host.name', 'host.resourceId') },
    { title: 'OS', cell: either('os.name', 'os.resourceId') },
    { title: 'STATUS', cell: member('instanceStatus') },
    { title: 'PROVISIONING', cell: member('provisioningStatus'), wide: true },
    { title: 'UPDATE', cell: member('updateStatus'), wide: true },
    { title: 'POLICY', cell: member('updatePolicy.name'), wide: true },
  ],
  settings: [
    NAME,
    { flags: '--host <host>', member: 'hostID', about: 'host it is on', form: { is: 'reference', noun: 'host' } },
    { flags: '--os <os>', member: 'osID', about: 'its operating system', form: { is: 'reference', noun: 'os' } },
    SECURITY,
    {
      flags: '--account <account>',
      member: 'localAccountID',
      about: 'who may sign in on it',
      form: { is: 'reference', noun: 'account' },
    },
    {
      flags: '--osupdatepolicy <policy>',
      member: 'osUpdatePolicyID',
      about: 'how it is updated',
      form: { is: 'reference', noun: 'update-policy' },
    },
    {
      flags: '--custom-config <config>',
      member: 'customConfigID',
      about: 'cloud-init document for it; may be repeated',
      form: { is: 'reference', noun: 'custom-config', many: true },
    },
  ],
  defaults: { kind: 'INSTANCE_KIND_METAL' },
  examples: {
    ls: 'ls --filter \'os.name="ubuntu"\'',
    get: 'get press-os',
    create: 'create press-05-os --host press-04 --os ubuntu --dry-run',
    set: 'set press-os --osupdatepolicy nightly --dry-run',
    rm: 'rm press-os --dry-run',
  },
}

export const updatePolicy: Kind = {
  noun: 'update-policy',
  summary: 'How operating systems are updated',
  kind: 'OsUpdatePolicy',
  prefixes: ['osupdatepolicy'],
  places: [{ path: 'os-update-policies', list: 'osUpdatePolicies' }],
  named: 'name',
  verbs: ['ls', 'get', 'create', 'rm'],
  columns: [NAMED, ID, { title: 'DESCRIPTION', cell: member('description') }],
  settings: [
    text('--description <text>', 'description', 'what it is for'),
    {
      flags: '--policy <policy>',
      member: 'updatePolicy',
      about: 'latest or target',
      form: { is: 'enum', prefix: 'UPDATE_POLICY_', values: ['latest', 'target'] },
    },
    {
      flags: '--target-os <os>',
      member: 'targetOsId',
      about: 'system to bring immutable ones to',
      form: { is: 'reference', noun: 'os' },
    },
    text('--packages <text>', 'updatePackages', 'packages to install on mutable ones'),
    text('--kernel-command <text>', 'updateKernelCommand', 'kernel command line of mutable ones'),
    {
      flags: '--source <text>',
      member: 'updateSources',
      about: 'source of packages (DEB822); may be repeated',
      form: { is: 'list' },
    },
  ],
  examples: {
    ls: 'ls',
    get: 'get nightly',
    create: 'create weekly --policy latest --dry-run',
    rm: 'rm nightly --dry-run',
  },
}

export const updateRun: Kind = {
  noun: 'update-run',
  summary: 'Updates that were carried out, or tried',
  kind: 'OsUpdateRun',
  prefixes: ['osupdaterun'],
  places: [{ path: 'os-update-runs', list: 'osUpdateRuns' }],
  named: 'name',
  verbs: ['ls', 'get', 'rm'],
  columns: [
    NAMED,
    ID,
    { title: 'STATUS', cell: member('status') },
    { title: 'POLICY', cell: either('appliedPolicy.name', 'appliedPolicy.resourceId') },
    { title: 'START', cell: moment('startTime') },
    { title: 'END', cell: moment('endTime') },
    { title: 'DETAILS', cell: member('statusDetails'), wide: true },
  ],
  settings: [],
  examples: {
    ls: 'ls --order-by name',
    get: 'get osupdaterun-1a2b3c4d',
    rm: 'rm osupdaterun-1a2b3c4d --dry-run',
  },
}

export const workload: Kind = {
  noun: 'workload',
  summary: 'Clusters and what else spans instances',
  kind: 'Workload',
  prefixes: ['workload'],
  places: [{ path: 'workloads', list: 'workloads' }],
  named: 'name',
  verbs: ALL,
  columns: [
    ID,
    NAMED,
    { title: 'KIND', cell: word('kind', 'WORKLOAD_KIND_') },
    { title: 'STATUS', cell: member('status') },
    { title: 'MEMBERS', cell: member('members') },
  ],
  settings: [
    NAME,
    text('--external-id <text>', 'externalId', 'its id where it came from'),
    text('--status <text>', 'status', 'how it is, for people'),
  ],
  defaults: { kind: 'WORKLOAD_KIND_CLUSTER', members: [] },
  examples: {
    ls: 'ls',
    get: 'get line-cluster',
    create: 'create other-cluster --external-id c-2 --dry-run',
    set: 'set line-cluster --status running --dry-run',
    rm: 'rm line-cluster --dry-run',
  },
}
