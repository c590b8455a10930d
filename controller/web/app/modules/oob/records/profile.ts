// SPDX-License-Identifier: Apache-2.0
/** Profiles of activation: their fields, and what is sent of them. */
import { t } from '../../../words/oob-records.ts'
import { atMost, free, password } from './check.ts'
import { type Item, nameOf } from './reads.ts'
import { type Context, type Field, list, type Option, type Spec, text, typed, type Values } from './spec.ts'

const isAdmin = ({ activation }: Values): boolean => activation === 'acmactivate'

const named =
  (kind: 'cira' | 'wireless' | 'ieee8021x' | 'proxy', keep: (item: Item) => boolean = () => true) =>
  ({ others }: Context): readonly Option[] =>
    others[kind].filter(keep).map(item => ({ value: nameOf(kind, item), label: nameOf(kind, item) }))

/** What a profile keeps need not be typed again. */
const keepsAmt = ({ old }: Context): boolean => old !== undefined && old.generateRandomPassword === false
const keepsMebx = ({ old }: Context): boolean =>
  old !== undefined && old.activation === 'acmactivate' && old.generateRandomMEBxPassword === false

const identity: readonly Field[] = [
  {
    name: 'profileName',
    label: t.field.name,
    input: 'text',
    required: true,
    fixed: true,
    check: free(/^[a-zA-Z0-9$@!%*#?&-_~^]+$/, t.check.profileName),
  },
  {
    name: 'activation',
    label: t.field.activation,
    input: 'select',
    help: t.help.activation,
    options: () => [
      { value: 'acmactivate', label: t.choice.acmactivate },
      { value: 'ccmactivate', label: t.choice.ccmactivate },
    ],
  },
]

const passwords: readonly Field[] = [
  {
    name: 'generateRandomPassword',
    label: t.field.randomPassword,
    input: 'switch',
    section: t.section.passwords,
  },
  {
    name: 'amtPassword',
    label: t.field.amtPassword,
    input: 'secret',
    help: t.help.amtPassword,
    required: true,
    when: (values, context) => values.generateRandomPassword !== true && !keepsAmt(context),
    check: password,
  },
  {
    name: 'amtPassword',
    label: t.field.amtPassword,
    input: 'secret',
    help: t.kept,
    when: (values, context) => values.generateRandomPassword !== true && keepsAmt(context),
    check: password,
  },
  { name: 'generateRandomMEBxPassword', label: t.field.randomMebx, input: 'switch', when: isAdmin },
  {
    name: 'mebxPassword',
    label: t.field.mebxPassword,
    input: 'secret',
    help: t.help.amtPassword,
    required: true,
    when: (values, context) => isAdmin(values) && values.generateRandomMEBxPassword !== true && !keepsMebx(context),
    check: password,
  },
  {
    name: 'mebxPassword',
    label: t.field.mebxPassword,
    input: 'secret',
    help: t.kept,
    when: (values, context) => isAdmin(values) && values.generateRandomMEBxPassword !== true && keepsMebx(context),
    check: password,
  },
]

const way: readonly Field[] = [
  {
    name: 'connection',
    section: t.section.way,
    label: t.field.connection,
    input: 'select',
    options: () => [
      { value: 'cira', label: t.choice.cira },
      { value: 'tls', label: t.choice.tls },
      { value: 'neither', label: t.choice.neither },
    ],
  },
  {
    name: 'ciraConfigName',
    label: t.field.ciraConfig,
    input: 'select',
    required: true,
    when: ({ connection }) => connection === 'cira',
    options: named('cira'),
  },
  {
    name: 'tlsMode',
    label: t.field.tlsMode,
    input: 'select',
    required: true,
    when: ({ connection }) => connection === 'tls',
    options: () => Object.entries(t.choice.tlsModes).map(([value, label]) => ({ value, label })),
  },
  {
    name: 'tlsSigningAuthority',
    label: t.field.tlsAuthority,
    input: 'select',
    when: ({ connection }) => connection === 'tls',
    options: () => (['SelfSigned', 'MicrosoftCA'] as const).map(value => ({ value, label: t.choice[value] })),
  },
]

const features: readonly Field[] = [
  { name: 'kvmEnabled', label: t.field.kvm, input: 'switch', section: t.section.features },
  { name: 'solEnabled', label: t.field.sol, input: 'switch' },
  { name: 'iderEnabled', label: t.field.ider, input: 'switch' },
  {
    name: 'userConsent',
    label: t.field.consent,
    input: 'select',
    // In client control mode the person at the machine is always asked.
    when: isAdmin,
    options: () => (['None', 'KVM', 'All'] as const).map(value => ({ value, label: t.choice[value] })),
  },
]

const network: readonly Field[] = [
  { name: 'dhcpEnabled', label: t.field.dhcp, input: 'switch', section: t.section.network },
  { name: 'ipSyncEnabled', label: t.field.ipSync, input: 'switch' },
  {
    name: 'wifiConfigs',
    label: t.field.wifi,
    input: 'ordered',
    help: t.help.ordered,
    when: ({ dhcpEnabled }) => dhcpEnabled === true,
    options: named('wireless'),
    check: atMost(8),
  },
  { name: 'localWifiSyncEnabled', label: t.field.wifiSync, input: 'switch' },
  { name: 'uefiWifiSyncEnabled', label: t.field.uefiSync, input: 'switch' },
  {
    name: 'ieee8021xProfileName',
    label: t.field.wired8021x,
    input: 'select',
    options: context => [
      { value: '', label: t.choice.none },
      ...named('ieee8021x', ({ wiredInterface }) => wiredInterface === true)(context),
    ],
  },
  {
    name: 'proxyConfigs',
    label: t.field.proxies,
    input: 'ordered',
    help: t.help.ordered,
    options: named('proxy'),
    check: atMost(15),
  },
  { name: 'tags', label: t.field.tags, input: 'tags', help: t.help.tags },
]

export const profileSpec: Spec = {
  kind: 'profile',
  fields: [...identity, ...passwords, ...way, ...features, ...network],
  blank: ({ others }) => ({
    profileName: '',
    activation: 'ccmactivate',
    generateRandomPassword: true,
    generateRandomMEBxPassword: true,
    connection: 'cira',
    ciraConfigName: others.cira[0] === undefined ? '' : nameOf('cira', others.cira[0]),
    tlsMode: '1',
    tlsSigningAuthority: 'SelfSigned',
    userConsent: 'None',
    kvmEnabled: true,
    solEnabled: true,
    iderEnabled: false,
    dhcpEnabled: true,
    ipSyncEnabled: false,
    localWifiSyncEnabled: false,
    uefiWifiSyncEnabled: false,
    wifiConfigs: [],
    proxyConfigs: [],
    ieee8021xProfileName: '',
    tags: [],
  }),
  values: item => ({
    ...Object.fromEntries(Object.entries(item).filter(([name]) => KEPT.has(name))),
    connection: item.ciraConfigName !== null ? 'cira' : item.tlsMode !== null ? 'tls' : 'neither',
    ciraConfigName: text(item.ciraConfigName),
    tlsMode: text(item.tlsMode ?? 1),
    tlsSigningAuthority: text(item.tlsSigningAuthority) || 'SelfSigned',
    ieee8021xProfileName: text(item.ieee8021xProfileName),
    wifiConfigs: inOrder(item.wifiConfigs, 'profileName'),
    proxyConfigs: inOrder(item.proxyConfigs, 'name'),
  }),
  body,
}

/** Members that a form holds as they are answered. */
const KEPT = new Set([
  'profileName',
  'activation',
  'generateRandomPassword',
  'generateRandomMEBxPassword',
  'userConsent',
  'kvmEnabled',
  'solEnabled',
  'iderEnabled',
  'dhcpEnabled',
  'ipSyncEnabled',
  'localWifiSyncEnabled',
  'uefiWifiSyncEnabled',
  'tags',
])

function inOrder(entries: unknown, member: string): readonly string[] {
  if (!Array.isArray(entries)) return []
  return (entries as readonly Readonly<Record<string, unknown>>[]) // as the controller answers them
    .toSorted((a, b) => Number(a.priority) - Number(b.priority))
    .map(each => text(each[member]))
}

/** Everything is said again: what a change leaves out would be taken away. */
function body(values: Values): Readonly<Record<string, unknown>> {
  const flag = (name: string): boolean => values[name] === true
  const admin = isAdmin(values)
  const random = flag('generateRandomPassword')
  const randomMebx = admin && flag('generateRandomMEBxPassword')
  const isTls = values.connection === 'tls'
  const wired = text(values.ieee8021xProfileName)
  return {
    profileName: text(values.profileName),
    activation: values.activation,
    generateRandomPassword: random,
    ...(random ? {} : typed('amtPassword', values)),
    generateRandomMEBxPassword: randomMebx,
    ...(admin && !randomMebx ? typed('mebxPassword', values) : {}),
    ...(values.connection === 'cira' ? { ciraConfigName: text(values.ciraConfigName) } : {}),
    ...(isTls ? { tlsMode: Number(values.tlsMode), tlsSigningAuthority: values.tlsSigningAuthority } : {}),
    userConsent: admin ? values.userConsent : 'All',
    kvmEnabled: flag('kvmEnabled'),
    solEnabled: flag('solEnabled'),
    iderEnabled: flag('iderEnabled'),
    dhcpEnabled: flag('dhcpEnabled'),
    ipSyncEnabled: flag('ipSyncEnabled'),
    localWifiSyncEnabled: flag('localWifiSyncEnabled'),
    uefiWifiSyncEnabled: flag('uefiWifiSyncEnabled'),
    wifiConfigs: flag('dhcpEnabled')
      ? list(values.wifiConfigs).map((profileName, at) => ({ priority: at + 1, profileName }))
      : [],
    proxyConfigs: list(values.proxyConfigs).map((name, at) => ({ priority: at + 1, name })),
    ...(wired === '' ? {} : { ieee8021xProfileName: wired }),
    tags: list(values.tags),
  }
}
