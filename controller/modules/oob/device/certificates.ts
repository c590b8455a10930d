// SPDX-License-Identifier: Apache-2.0
/** Certificates and keys in a device's store, and which of its profiles use them. */
import { problem } from '../problems.ts'
import { type CallOptions, flagOf, type Instance, type Listing, textOf, type Wsman } from '../wsman/wsman.ts'
import { keyOf, members, present, succeeded } from './wire.ts'

export type StoredCertificate = {
  readonly elementName: string
  readonly instanceId: string
  /** DER in base64. */
  readonly x509: string
  readonly isTrustedRoot: boolean
  readonly issuer: string
  readonly subject: string
  readonly isReadOnly: boolean
}

export type StoredKey = { readonly elementName: string; readonly instanceId: string; readonly der: string }

export type Use = {
  readonly type: 'TLS' | 'Wireless' | 'Wired'
  readonly profile: string
  /** Instance id. */
  readonly certificate: string
}

export type CertificateStore = {
  readonly certificates: readonly StoredCertificate[]
  readonly keys: readonly StoredKey[]
  readonly uses: readonly Use[]
  /** Instance id of a certificate to that of its key. */
  readonly keyOfCertificate: ReadonlyMap<string, string>
}

export async function readCertificates(wsman: Wsman, options?: CallOptions): Promise<CertificateStore> {
  const dependencies = await present(wsman.list('CIM_ConcreteDependency', options))
  const certificates = await wsman.list('AMT_PublicKeyCertificate', options)
  const keys = await present(wsman.list('AMT_PublicPrivateKeyPair', options))
  const contexts = await present(wsman.list('CIM_CredentialContext', options))
  return {
    certificates: certificates.instances.map(certificateOf),
    keys: (keys?.instances ?? []).map(each => ({
      elementName: textOf(each.ElementName),
      instanceId: textOf(each.InstanceID),
      der: textOf(each.DERKey),
    })),
    uses: usesOf(contexts),
    keyOfCertificate: new Map(
      (dependencies?.instances ?? []).map(each => [keyOf(each.Antecedent), keyOf(each.Dependent)]),
    ),
  }
}

function certificateOf(each: Instance): StoredCertificate {
  return {
    elementName: textOf(each.ElementName),
    instanceId: textOf(each.InstanceID),
    x509: textOf(each.X509Certificate),
    // Firmware writes the name of this member without its second i.
    isTrustedRoot: flagOf(each.TrustedRootCertficate) || flagOf(each.TrustedRootCertificate),
    issuer: textOf(each.Issuer),
    subject: textOf(each.Subject),
    isReadOnly: flagOf(each.ReadOnlyCertificate),
  }
}

const KINDS: Readonly<Record<string, Use['type']>> = {
  amt_tlscredentialcontext: 'TLS',
  amt_8021xcredentialcontext: 'Wireless',
  amt_8021xwiredcredentialcontext: 'Wired',
}

function usesOf(contexts: Listing | undefined): readonly Use[] {
  return (contexts?.items ?? []).flatMap(({ name, instance }) => {
    const type = KINDS[name.toLowerCase()]
    const certificate = keyOf(instance.ElementInContext)
    if (type === undefined || certificate === '') return []
    const profile = keyOf(instance.ElementProvidingContext).replace(/^Intel\(r\) AMT:IEEE 802\.1x Settings /, '')
    return [{ type, profile, certificate }]
  })
}

const KEYS = 'AMT_PublicKeyManagementService'

/** Adds a certificate (DER in base64) and returns its handle; one that is already there gives that one's. */
export async function addCertificate(
  wsman: Wsman,
  { x509, isTrusted }: { readonly x509: string; readonly isTrusted: boolean },
  options?: CallOptions,
): Promise<string> {
  const method = isTrusted ? 'AddTrustedRootCertificate' : 'AddCertificate'
  const output = await wsman.invoke(KEYS, method, members({ CertificateBlob: x509 }), options)
  if (output.returnValue === DUPLICATE) {
    const { certificates } = await readCertificates(wsman, options)
    const same = certificates.find(each => each.x509 === x509 && each.isTrustedRoot === isTrusted)
    if (same !== undefined) return same.instanceId
  }
  const handle = keyOf(succeeded(output, method).content.CreatedCertificate)
  if (handle === '') throw problem('amt-unexpected', 'it does not tell the handle of the new certificate')
  return handle
}

const DUPLICATE = 0x80a

/** Adds a private key (PKCS #1 DER in base64) and returns its handle. */
export async function addKey(wsman: Wsman, der: string, options?: CallOptions): Promise<string> {
  const output = await wsman.invoke(KEYS, 'AddKey', members({ KeyBlob: der }), options)
  return keyOf(succeeded(output, 'AddKey').content.CreatedKey)
}

/** Makes the device generate a key pair and returns its handle. */
export async function generateKey(wsman: Wsman, bits: number, options?: CallOptions): Promise<string> {
  const output = await wsman.invoke(KEYS, 'GenerateKeyPair', members({ KeyAlgorithm: 0, KeyLength: bits }), options)
  return keyOf(succeeded(output, 'GenerateKeyPair').content.KeyPair)
}

export async function removeCertificate(wsman: Wsman, instanceId: string, options?: CallOptions): Promise<void> {
  await wsman.remove('AMT_PublicKeyCertificate', { ...options, selectors: { InstanceID: instanceId } })
}

export async function removeKey(wsman: Wsman, instanceId: string, options?: CallOptions): Promise<void> {
  await wsman.remove('AMT_PublicPrivateKeyPair', { ...options, selectors: { InstanceID: instanceId } })
}

/** What a use is called in lists: the profile matters where there may be several. */
export function useName({ type, profile }: Use): string {
  return type === 'Wireless' ? `${type} - ${profile}` : type
}
