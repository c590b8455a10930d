// SPDX-License-Identifier: Apache-2.0
/** Certificates of a device: list, add, remove. */
import { X509Certificate } from 'node:crypto'
import type { Http } from '../../../http/http.ts'
import {
  addCertificate,
  type CertificateStore,
  readCertificates,
  removeCertificate,
  type StoredCertificate,
  useName,
} from '../device/certificates.ts'
import type { ToolkitAnswer } from '../toolkit/toolkit.ts'
import { type Fields, flagIn, fulfils, isFlag, saying } from './fields.ts'
import type { MpsParts } from './parts.ts'
import { type DeviceContext, declare } from './route.ts'
import { refusal } from './texts.ts'

const exception = 'Exception during AMT Certificates request'

export function certificateRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/certificates/:guid',
    access: 'host.read',
    summary: 'List certificates and what uses them',
    exception,
    device: async ({ wsman, options }) => ({ body: certificatesJson(await readCertificates(wsman, options)) }),
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/certificates/:guid',
    access: 'host.change',
    summary: 'Add a certificate',
    exception,
    act: 'certificate',
    check: fields => addChecks(fields, parts.kernel.clock.now()),
    device: async ({ wsman, body, options }) => {
      const certificate = readCertificate(body.cert)
      if (certificate === undefined) throw refusal(400, 'Failed to validate or process certificate')
      const isTrusted = flagIn(body.isTrusted) === true
      const x509 = certificate.raw.toString('base64')
      const handle = await addCertificate(wsman, { x509, isTrusted }, options)
      return { body: { handle }, note: { added: handle, isTrusted, fingerprint: certificate.fingerprint256 } }
    },
  })
  declare(http, parts, {
    method: 'DELETE',
    path: '/amt/certificates/:guid/:instanceId',
    access: 'host.change',
    summary: 'Remove a certificate that nothing uses',
    exception,
    act: 'certificate',
    device: context => remove(context),
  })
}

function addChecks(fields: Fields, now: number): void {
  const isLiving = (value: unknown): boolean => Date.parse(readCertificate(value)?.validTo ?? '') >= now
  const isReadable = (value: unknown): boolean => readCertificate(value) !== undefined
  fields
    .check(
      'body',
      'cert',
      fulfils(value => typeof value === 'string' && value !== '', 'Certificate is required'),
    )
    .check('body', 'cert', fulfils(isReadable, 'Invalid certificate format (not valid DER or PEM)'))
    .check(
      'body',
      'cert',
      fulfils(value => !isReadable(value) || isLiving(value), 'Certificate has expired'),
    )
    .check('body', 'isTrusted', saying(isFlag, 'isTrusted must be a boolean value'))
}

const PEM = '-----BEGIN CERTIFICATE-----'

/** Base64 of DER, base64 of PEM, or PEM. */
function readCertificate(value: unknown): X509Certificate | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const bytes = value.includes(PEM) ? Buffer.from(value) : Buffer.from(value, 'base64')
  try {
    return new X509Certificate(bytes)
  } catch {
    return undefined
  }
}

type Item = {
  elementName: string
  instanceID: string
  x509Certificate: string
  trustedRootCertificate: boolean
  issuer: string
  subject: string
  readOnlyCertificate: boolean
  publicKeyHandle: string
  associatedProfiles: string[]
  displayName: string
}

function itemOf(each: StoredCertificate): Item {
  return {
    elementName: each.elementName,
    instanceID: each.instanceId,
    x509Certificate: each.x509,
    trustedRootCertificate: each.isTrustedRoot,
    issuer: each.issuer,
    subject: each.subject,
    readOnlyCertificate: each.isReadOnly,
    publicKeyHandle: '',
    associatedProfiles: [],
    displayName: /CN=([^,]+)/.exec(each.subject)?.[1] ?? each.instanceId,
  }
}

type Association = {
  type: string
  profileID: string
  clientCertificate?: Item
  rootCertificate?: Item
  publicKey?: object
}

/** Lists, and each profile with the certificates and the key it uses. */
export function certificatesJson({ certificates, keys, uses, keyOfCertificate }: CertificateStore): object {
  const items = certificates.map(itemOf)
  const keyItems = keys.map(each => ({
    elementName: each.elementName,
    instanceID: each.instanceId,
    derKey: each.der,
    certificateHandle: '',
  }))
  const profiles: Association[] = []
  for (const use of uses) {
    const item = items.find(each => each.instanceID === use.certificate)
    if (item === undefined) continue
    const known = profiles.find(each => each.type === use.type && each.profileID === use.profile)
    const profile: Association = known ?? { type: use.type, profileID: use.profile }
    if (known === undefined) profiles.push(profile)
    if (!item.associatedProfiles.includes(useName(use))) item.associatedProfiles.push(useName(use))
    if (item.trustedRootCertificate) {
      profile.rootCertificate = item
      continue
    }
    profile.clientCertificate = item
    const key = keyItems.find(each => each.instanceID === keyOfCertificate.get(item.instanceID))
    if (key === undefined) continue
    key.certificateHandle = item.instanceID
    item.publicKeyHandle = key.instanceID
    profile.publicKey = key
  }
  return {
    certificates: { keyManagementItems: [], publicKeyCertificateItems: items },
    publicKeys: { publicPrivateKeyPairItems: keyItems },
    profileAssociation: profiles,
  }
}

async function remove({ wsman, params, options }: DeviceContext) {
  const handle = String(params.instanceId)
  const { certificates, uses } = await readCertificates(wsman, options)
  const target =
    certificates.find(each => each.instanceId === handle) ?? certificates.find(each => each.elementName === handle)
  const refuse = (status: number, error: string): ToolkitAnswer => refusal(status, error)
  if (target === undefined) throw refuse(404, `Certificate with handle '${handle}' not found`)
  if (target.isReadOnly) {
    throw refuse(400, `Cannot delete certificate '${handle}': Certificate is read-only and cannot be removed`)
  }
  const references = uses.filter(each => each.certificate === target.instanceId)
  if (references.length > 0) {
    const names = [...new Set(references.map(each => `${each.type} - ${each.profile || 'Unknown Profile'}`))].join(', ')
    const why = `Certificate is currently referenced by the following AMT profiles/configurations: ${names}. Remove these references before deleting the certificate.`
    throw refuse(409, `Cannot delete certificate '${handle}': ${why}`)
  }
  await removeCertificate(wsman, target.instanceId, options)
  return { body: { message: 'Certificate deleted successfully', handle }, note: { removed: target.instanceId } }
}
