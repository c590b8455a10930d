// SPDX-License-Identifier: Apache-2.0
/** Kinds of resources that say where hosts are and who provides for them. */
import { either, type Kind, member, type Setting, word } from './kind.ts'

const NAME: Setting = { flags: '--name <text>', member: 'name', about: 'its name', form: { is: 'text' } }
const METADATA: Setting = {
  flags: '--metadata <k=v>',
  member: 'metadata',
  about: 'metadata that hosts inherit; several by comma or repeated',
  form: { is: 'labels' },
}
const ALL = ['ls', 'get', 'create', 'set', 'rm'] as const
const NO_SET = ['ls', 'get', 'create', 'rm'] as const
const ID = { title: 'RESOURCEID', cell: member('resourceId') }
const NAMED = { title: 'NAME', cell: member('name') }

export const region: Kind = {
  noun: 'region',
  summary: 'Regions, in which sites are',
  kind: 'Region',
  prefixes: ['region'],
  places: [{ path: 'regions', list: 'regions', asks: { showTotalSites: true } }],
  named: 'name',
  verbs: ALL,
  columns: [
    ID,
    NAMED,
    { title: 'PARENTID', cell: either('parentRegion.resourceId', 'parentId') },
    { title: 'TOTALSITES', cell: member('totalSites') },
  ],
  settings: [
    NAME,
    {
      flags: '--parent <region>',
      member: 'parentId',
      about: 'region above it; an empty text for none',
      form: { is: 'reference', noun: 'region' },
    },
    METADATA,
  ],
  examples: {
    ls: 'ls --filter \'name="emea"\' --order-by name',
    get: 'get emea',
    create: 'create bavaria --parent emea --metadata country=de --dry-run',
    set: 'set emea --metadata zone=1 --dry-run',
    rm: 'rm emea --dry-run',
  },
}

export const site: Kind = {
  noun: 'site',
  summary: 'Sites, at which hosts are',
  kind: 'Site',
  prefixes: ['site'],
  places: [{ path: 'sites', list: 'sites' }],
  named: 'name',
  verbs: ALL,
  columns: [
    ID,
    NAMED,
    { title: 'REGIONID', cell: either('region.resourceId', 'regionId') },
    { title: 'REGION', cell: member('region.name') },
    { title: 'LATITUDE', cell: degrees('siteLat'), wide: true },
    { title: 'LONGITUDE', cell: degrees('siteLng'), wide: true },
  ],
  settings: [
    NAME,
    {
      flags: '--region <region>',
      member: 'regionId',
      about: 'region it is in; an empty text for none',
      form: { is: 'reference', noun: 'region' },
    },
    { flags: '--latitude <degrees>', member: 'siteLat', about: '-90 to 90', form: { is: 'degrees', most: 90 } },
    { flags: '--longitude <degrees>', member: 'siteLng', about: '-180 to 180', form: { is: 'degrees', most: 180 } },
    METADATA,
  ],
  examples: {
    ls: 'ls -o wide',
    get: 'get plant-1',
    create: 'create plant-2 --region emea --latitude 48.1372 --longitude 11.5755 --dry-run',
    set: 'set plant-1 --latitude 52.52 --dry-run',
    rm: 'rm plant-1 --dry-run',
  },
}

function degrees(path: string) {
  return (resource: Parameters<ReturnType<typeof member>>[0]): string => {
    const text = member(path)(resource)
    return text === '-' ? text : String(Number(text) / 1e7)
  }
}

export const provider: Kind = {
  noun: 'provider',
  summary: 'Providers, which look after hosts',
  kind: 'Provider',
  prefixes: ['provider'],
  places: [{ path: 'providers', list: 'providers' }],
  named: 'name',
  verbs: NO_SET,
  columns: [
    NAMED,
    ID,
    { title: 'KIND', cell: word('providerKind', 'PROVIDER_KIND_') },
    { title: 'VENDOR', cell: word('providerVendor', 'PROVIDER_VENDOR_') },
    { title: 'ENDPOINT', cell: member('apiEndpoint') },
  ],
  settings: [
    NAME,
    {
      flags: '--kind <kind>',
      member: 'providerKind',
      about: 'baremetal',
      form: { is: 'enum', prefix: 'PROVIDER_KIND_', values: ['baremetal'] },
    },
    {
      flags: '--vendor <vendor>',
      member: 'providerVendor',
      about: 'lenovo-lxca or lenovo-loca',
      form: { is: 'enum', prefix: 'PROVIDER_VENDOR_', values: ['unspecified', 'lenovo-lxca', 'lenovo-loca'] },
    },
    { flags: '--endpoint <url>', member: 'apiEndpoint', about: 'where its interface is', form: { is: 'text' } },
    {
      flags: '--apicredentials <text>',
      member: 'apiCredentials',
      about: 'credential of it; may be repeated',
      form: { is: 'list' },
    },
    { flags: '--config <json>', member: 'config', about: 'its settings, as it understands them', form: { is: 'text' } },
  ],
  defaults: { providerKind: 'PROVIDER_KIND_BAREMETAL' },
  examples: {
    ls: 'ls',
    get: 'get loca-1',
    create: 'create loca-2 --vendor lenovo-loca --endpoint https://loca.example --dry-run',
    rm: 'rm loca-1 --dry-run',
  },
}

export const account: Kind = {
  noun: 'account',
  summary: 'People who may sign in on hosts with an SSH key',
  kind: 'LocalAccount',
  prefixes: ['localaccount'],
  places: [{ path: 'localAccounts', list: 'localAccounts' }],
  named: 'username',
  verbs: NO_SET,
  columns: [{ title: 'USERNAME', cell: member('username') }, ID, { title: 'SSHKEY', cell: member('sshKey') }],
  settings: [
    {
      flags: '--ssh-key <file>',
      member: 'sshKey',
      about: 'file with the public key: ed25519 or ecdsa-sha2-nistp521',
      form: { is: 'content' },
    },
  ],
  examples: {
    ls: 'ls',
    get: 'get anna',
    create: 'create ben --ssh-key key.pub --dry-run',
    rm: 'rm anna --dry-run',
  },
}

export const customConfig: Kind = {
  noun: 'custom-config',
  summary: 'Cloud-init documents that hosts get when they come in',
  kind: 'CustomConfig',
  prefixes: ['customconfig'],
  places: [{ path: 'customConfigs', list: 'customConfigs' }],
  named: 'name',
  verbs: NO_SET,
  columns: [NAMED, ID, { title: 'DESCRIPTION', cell: member('description') }],
  settings: [
    { flags: '--description <text>', member: 'description', about: 'what it is for', form: { is: 'text' } },
    { flags: '--config <file>', member: 'config', about: 'file with the cloud-init document', form: { is: 'content' } },
  ],
  examples: {
    ls: 'ls',
    get: 'get ntp',
    create: 'create nginx --config cloud-init.yaml --description "web server" --dry-run',
    rm: 'rm ntp --dry-run',
  },
}
