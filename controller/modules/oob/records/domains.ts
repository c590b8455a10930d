// SPDX-License-Identifier: Apache-2.0
/** Domains: which certificate provisions the devices of which DNS suffix. */
import { Secret } from '../../../secrets/secrets.ts'
import { allErrors, Field, type Given, text } from './checks.ts'
import type { CheckContext, Checked, Kind, SecretChange, Written } from './kind.ts'
import { checkPfx, type PfxFinding, UNREADABLE } from './pfx.ts'
import type { Domain } from './records.ts'

export const MEBIBYTE = 1_048_576
export const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/
const FORMATS = ['raw', 'string']

export const domainKind: Kind<'domain'> = {
  kind: 'domain',
  path: 'domains',
  type: 'Domain',
  title: 'Domains and their provisioning certificates',
  access: 'host.access',
  bodyLimit: MEBIBYTE,
  secretKinds: ['domain-pfx', 'domain-pfx-password', 'domain-chain'],
  nameIn: given => text(given.profileName),
  check,
  write,
  distinct: ({ domainSuffix }) => domainSuffix.toLowerCase(),
  show: record => ({ ...record }),
  duplicate: name => `Domain ${name} ID or Suffix already exists`,
}

async function check(given: Given, context: CheckContext<'domain'>): Promise<Checked> {
  const { changing, old } = context
  const fields = [
    new Field(given, 'profileName')
      .required('AMT Domain profile name is required')
      .matches(
        /^[a-zA-Z0-9_-]+$/,
        'AMT Domain profile name accepts letters, numbers, hyphens (-), and underscores (_)',
      ),
    ...(changing ? changeFields(given) : createFields(given)),
  ]
  const suffix = text(given.domainSuffix) || (old?.record.domainSuffix ?? '')
  const certificate = new Field(given, 'provisioningCert', { secret: true })
  if (!changing) certificate.required('Provisioning certificate is required')
  const both = text(given.provisioningCert) !== '' && text(given.provisioningCertPassword) !== ''
  const isThere = !changing || old !== undefined
  const finding = both && isThere && suffix !== '' ? await findingOf(given, context, suffix) : undefined
  if (finding?.ok === false) certificate.custom(() => finding.message)
  // A new certificate without its password, or a new suffix that the old certificate is not for, would be found out
  // by a device.
  if (changing && !both) certificate.custom(() => halfError(given, old?.record))
  const errors = allErrors([...fields, certificate, formatField(given, changing)])
  if (finding === undefined) return { errors }
  return finding.ok ? { errors, pfx: finding.pfx } : { errors, code: finding.code }
}

function createFields(given: Given): readonly Field[] {
  return [
    new Field(given, 'provisioningCertPassword', { secret: true })
      .required('Provisioning Cert Password is required')
      .length({ max: 64 }, 'Password should not exceed 64 characters in length'),
    suffixField(given).required('Domain suffix name is required').matches(SUFFIX, BAD_SUFFIX),
  ]
}

function changeFields(given: Given): readonly Field[] {
  return [
    new Field(given, 'provisioningCertPassword', { secret: true })
      .optional()
      .length({ max: 64 }, 'Password should not exceed 64 characters in length'),
    suffixField(given).optional().matches(SUFFIX, BAD_SUFFIX),
  ]
}

const SUFFIX = /^$|^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$/
const BAD_SUFFIX = 'Domain suffix name accepts labels of letters, numbers and hyphens with dots between'

function suffixField(given: Given): Field {
  return new Field(given, 'domainSuffix')
}

function formatField(given: Given, changing: boolean): Field {
  const field = new Field(given, 'provisioningCertStorageFormat')
  if (changing) return field.optional().oneOf(FORMATS, 'Provisioning Cert Storage Format is either "raw" or "string"')
  return field
    .required('Provisioning Cert Storage Format is required')
    .oneOf(FORMATS, "Provisioning Cert Storage Format should be either 'raw' or 'string'")
}

function halfError(given: Given, old: Domain | undefined): string | undefined {
  if (text(given.provisioningCert) !== '') return UNREADABLE.message
  const suffix = text(given.domainSuffix)
  if (suffix === '' || old === undefined) return undefined
  const last = (dotted: string): string => dotted.toLowerCase().split('.').slice(-2).join('.')
  return last(suffix) === last(old.domainSuffix) ? undefined : 'FQDN not associated with provisioning certificate'
}

async function findingOf(given: Given, context: CheckContext<'domain'>, suffix: string): Promise<PfxFinding> {
  const encoded = text(given.provisioningCert)
  if (!BASE64.test(encoded)) return UNREADABLE
  const password = Secret.of(text(given.provisioningCertPassword))
  const content = await context.readPfx(Buffer.from(encoded, 'base64'), password, context.signal)
  return content === undefined ? UNREADABLE : checkPfx(content, { suffix, now: context.now })
}

function write(given: Given, old: Domain | undefined, { pfx }: Checked): Written<'domain'> {
  const format = text(given.provisioningCertStorageFormat) || (old?.provisioningCertStorageFormat ?? 'raw')
  return {
    record: {
      profileName: old?.profileName ?? text(given.profileName),
      domainSuffix: text(given.domainSuffix) || (old?.domainSuffix ?? ''),
      provisioningCertStorageFormat: format as 'raw' | 'string', // one of FORMATS, checked
      expirationDate: pfx?.expires ?? old?.expirationDate ?? '',
    },
    secrets: pfx === undefined ? [] : secretsOf(given, { chain: pfx.chain, key: pfx.key }),
  }
}

function secretsOf(given: Given, kept: object): readonly SecretChange[] {
  return [
    { kind: 'domain-pfx', value: Secret.of(text(given.provisioningCert)) },
    { kind: 'domain-pfx-password', value: Secret.of(text(given.provisioningCertPassword)) },
    { kind: 'domain-chain', value: Secret.of(JSON.stringify(kept)) },
  ]
}
