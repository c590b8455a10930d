// SPDX-License-Identifier: Apache-2.0
/** Domains, CIRA configurations, wireless, 802.1x and proxies: their fields, and what is sent of them. */
import { t } from '../../../words/oob-records.ts'
import { address, formatOf, free, fullName, port, SUFFIX } from './check.ts'
import { nameOf } from './reads.ts'
import { list, type Spec, text, typed, type Values } from './spec.ts'

const choices = (words: Readonly<Record<string, string>>) => () =>
  Object.entries(words).map(([value, label]) => ({ value, label }))
const PLAIN = /^[a-zA-Z0-9_-]+$/
const ALPHANUMERIC = /^[a-zA-Z0-9]{1,32}$/

export const domainSpec: Spec = {
  kind: 'domain',
  fields: [
    {
      name: 'profileName',
      label: t.field.name,
      input: 'text',
      required: true,
      fixed: true,
      check: free(PLAIN, t.check.plainName),
    },
    {
      name: 'domainSuffix',
      label: t.field.suffix,
      input: 'text',
      required: true,
      help: t.help.suffix,
      check: value => (SUFFIX.test(text(value)) ? undefined : t.check.suffix),
    },
    {
      name: 'provisioningCert',
      label: t.field.pfx,
      input: 'file',
      required: true,
      help: t.help.pfx,
      when: (_, { old }) => old === undefined,
    },
    {
      name: 'provisioningCert',
      label: t.field.pfx,
      input: 'file',
      help: t.kept,
      when: (_, { old }) => old !== undefined,
    },
    {
      name: 'provisioningCertPassword',
      label: t.field.pfxPassword,
      input: 'secret',
      required: true,
      help: t.writeOnly,
      when: (values, { old }) => old === undefined || text(values.provisioningCert) !== '',
    },
  ],
  blank: () => ({ profileName: '', domainSuffix: '' }),
  values: ({ profileName, domainSuffix }) => ({ profileName, domainSuffix }),
  body: values => ({
    profileName: text(values.profileName),
    domainSuffix: text(values.domainSuffix),
    provisioningCertStorageFormat: 'string',
    ...(text(values.provisioningCert) === ''
      ? {}
      : { ...typed('provisioningCert', values), ...typed('provisioningCertPassword', values) }),
  }),
}

const isIp = (values: Values): boolean => {
  const format = formatOf(text(values.mpsServerAddress))
  return format === 3 || format === 4
}

export const ciraSpec: Spec = {
  kind: 'cira',
  fields: [
    {
      name: 'configName',
      label: t.field.name,
      input: 'text',
      required: true,
      fixed: true,
      check: free(PLAIN, t.check.plainName),
    },
    { name: 'mpsServerAddress', label: t.field.address, input: 'text', required: true, check: address },
    {
      name: 'commonName',
      label: t.field.commonName,
      input: 'text',
      required: true,
      when: isIp,
      check: value => (formatOf(text(value)) === 201 ? t.check.ip : address(value)),
    },
    { name: 'mpsPort', label: t.field.port, input: 'number', required: true, check: port(1_024, 49_151) },
    {
      name: 'mpsRootCertificate',
      label: t.field.root,
      input: 'area',
      required: true,
      help: t.help.root,
    },
    {
      name: 'username',
      label: t.field.user,
      input: 'text',
      required: true,
      check: value => (/^[a-zA-Z0-9]{5,16}$/.test(text(value)) ? undefined : t.check.user),
    },
    {
      name: 'authMethod',
      label: t.field.auth,
      input: 'select',
      options: choices({ 2: t.choice.password, 1: t.choice.mutual }),
    },
    {
      name: 'password',
      label: t.field.ciraPassword,
      input: 'secret',
      help: t.help.ciraPassword,
      when: values => values.regeneratePassword !== true,
    },
    {
      name: 'regeneratePassword',
      label: t.field.regenerate,
      input: 'switch',
      when: (_, { old }) => old !== undefined,
    },
  ],
  blank: () => ({ configName: '', mpsPort: 4433, username: 'admin', authMethod: '2', mpsServerAddress: '' }),
  values: ({ configName, mpsServerAddress, commonName, mpsPort, mpsRootCertificate, username, authMethod }) => ({
    configName,
    mpsServerAddress,
    commonName,
    mpsPort,
    mpsRootCertificate,
    username,
    authMethod: text(authMethod),
  }),
  body: values => ({
    configName: text(values.configName),
    mpsServerAddress: text(values.mpsServerAddress),
    serverAddressFormat: formatOf(text(values.mpsServerAddress)) ?? 201,
    commonName: isIp(values) ? text(values.commonName) : text(values.mpsServerAddress),
    mpsPort: Number(values.mpsPort),
    mpsRootCertificate: bare(text(values.mpsRootCertificate)),
    username: text(values.username),
    authMethod: Number(values.authMethod),
    proxyDetails: '',
    ...(values.regeneratePassword === true ? { regeneratePassword: true } : typed('password', values)),
  }),
}

/** As the firmware wants it: without the lines around it, and without line ends. */
export function bare(pem: string): string {
  return pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')
}

const isPsk = ({ authenticationMethod }: Values): boolean =>
  authenticationMethod === '4' || authenticationMethod === '6'

export const wirelessSpec: Spec = {
  kind: 'wireless',
  fields: [
    {
      name: 'profileName',
      label: t.field.name,
      input: 'text',
      required: true,
      fixed: true,
      check: free(ALPHANUMERIC, t.check.alphanumeric),
    },
    {
      name: 'ssid',
      label: t.field.ssid,
      input: 'text',
      required: true,
      check: value => (text(value).length > 32 ? t.check.ssid : undefined),
    },
    {
      name: 'authenticationMethod',
      label: t.field.authentication,
      input: 'select',
      options: choices(t.choice.auth),
    },
    { name: 'encryptionMethod', label: t.field.encryption, input: 'select', options: choices(t.choice.encryption) },
    {
      name: 'pskPassphrase',
      label: t.field.passphrase,
      input: 'secret',
      required: true,
      when: (values, { old }) => isPsk(values) && old === undefined,
      check: passphrase,
    },
    {
      name: 'pskPassphrase',
      label: t.field.passphrase,
      input: 'secret',
      help: t.kept,
      when: (values, { old }) => isPsk(values) && old !== undefined,
      check: passphrase,
    },
    {
      name: 'ieee8021xProfileName',
      label: t.field.ieee8021x,
      input: 'select',
      required: true,
      when: values => !isPsk(values),
      options: ({ others }) =>
        others.ieee8021x
          .filter(({ wiredInterface }) => wiredInterface === false)
          .map(item => ({ value: nameOf('ieee8021x', item), label: nameOf('ieee8021x', item) })),
    },
    {
      name: 'linkPolicy',
      label: t.field.linkPolicy,
      input: 'several',
      help: t.help.linkPolicy,
      options: choices(t.choice.link),
    },
  ],
  blank: () => ({
    profileName: '',
    ssid: '',
    authenticationMethod: '6',
    encryptionMethod: '4',
    ieee8021xProfileName: '',
    linkPolicy: ['14', '16'],
  }),
  values: ({ profileName, ssid, authenticationMethod, encryptionMethod, ieee8021xProfileName, linkPolicy }) => ({
    profileName,
    ssid,
    authenticationMethod: text(authenticationMethod),
    encryptionMethod: text(encryptionMethod),
    ieee8021xProfileName: text(ieee8021xProfileName),
    linkPolicy: list(linkPolicy),
  }),
  body: values => ({
    profileName: text(values.profileName),
    ssid: text(values.ssid),
    authenticationMethod: Number(values.authenticationMethod),
    encryptionMethod: Number(values.encryptionMethod),
    linkPolicy: list(values.linkPolicy).map(Number),
    ...(isPsk(values) ? typed('pskPassphrase', values) : { ieee8021xProfileName: text(values.ieee8021xProfileName) }),
  }),
}

function passphrase(value: unknown): string | undefined {
  const { length } = text(value)
  return length >= 8 && length <= 63 ? undefined : t.check.passphrase
}

const isWired = ({ wiredInterface }: Values): boolean => wiredInterface === true
/** Firmware takes these without a cable. */
const WIRELESS = ['0', '2']

export const ieee8021xSpec: Spec = {
  kind: 'ieee8021x',
  fields: [
    {
      name: 'profileName',
      label: t.field.name,
      input: 'text',
      required: true,
      fixed: true,
      check: free(ALPHANUMERIC, t.check.alphanumeric),
    },
    { name: 'wiredInterface', label: t.field.wiredInterface, input: 'switch' },
    {
      name: 'authenticationProtocol',
      label: t.field.protocol,
      input: 'select',
      when: isWired,
      options: choices(t.choice.protocols),
    },
    {
      name: 'authenticationProtocol',
      label: t.field.protocol,
      input: 'select',
      when: values => !isWired(values),
      options: () => choices(t.choice.protocols)().filter(({ value }) => WIRELESS.includes(value)),
      check: value => (WIRELESS.includes(text(value)) ? undefined : t.check.required),
    },
    {
      name: 'pxeTimeout',
      label: t.field.pxeTimeout,
      input: 'number',
      required: true,
      when: isWired,
      check: value => {
        const asked = Number(value)
        return Number.isInteger(asked) && asked >= 0 && asked <= 86_400 ? undefined : t.check.timeout
      },
    },
  ],
  blank: () => ({ profileName: '', wiredInterface: true, authenticationProtocol: '0', pxeTimeout: 120 }),
  values: ({ profileName, wiredInterface, authenticationProtocol, pxeTimeout }) => ({
    profileName,
    wiredInterface,
    authenticationProtocol: text(authenticationProtocol),
    pxeTimeout: pxeTimeout ?? 120,
  }),
  body: values => ({
    profileName: text(values.profileName),
    wiredInterface: isWired(values),
    authenticationProtocol: Number(values.authenticationProtocol),
    ...(isWired(values) ? { pxeTimeout: Number(values.pxeTimeout) } : {}),
  }),
}

export const proxySpec: Spec = {
  kind: 'proxy',
  fields: [
    {
      name: 'name',
      label: t.field.name,
      input: 'text',
      required: true,
      fixed: true,
      check: free(ALPHANUMERIC, t.check.alphanumeric),
    },
    { name: 'address', label: t.field.address, input: 'text', required: true, check: address },
    { name: 'port', label: t.field.port, input: 'number', required: true, check: port(1, 65_535) },
    { name: 'networkDnsSuffix', label: t.field.networkSuffix, input: 'text', required: true, check: fullName },
  ],
  blank: () => ({ name: '', address: '', port: 8080, networkDnsSuffix: '' }),
  values: ({ name, address: at, port: number, networkDnsSuffix }) => ({
    name,
    address: at,
    port: number,
    networkDnsSuffix,
  }),
  body: values => ({
    name: text(values.name),
    address: text(values.address),
    port: Number(values.port),
    networkDnsSuffix: text(values.networkDnsSuffix),
  }),
}
