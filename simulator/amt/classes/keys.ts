// SPDX-License-Identifier: Apache-2.0
/** Certificates and keys the engine holds, and who uses them. */
import { createPrivateKey, createPublicKey, generateKeyPair, sign, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { bitString, readTlv, rsaSha256, sequence } from '../der.ts'
import type { AmtClass, Firmware, Item, Method, Output } from '../firmware.ts'
import { type Fields, type Reference, WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { constant, instanceId, serviceFields } from './tables.ts'

const CERTIFICATE = 'AMT_PublicKeyCertificate'
const KEY = 'AMT_PublicPrivateKeyPair'
const MAX_CERTIFICATES = 20
const generate = promisify(generateKeyPair)

export function certificateReference(id: string): Reference {
  return { ref: CERTIFICATE, selectors: { InstanceID: id } }
}

function keyReference(id: string): Reference {
  return { ref: KEY, selectors: { InstanceID: id } }
}

/** `CN=…,O=…` as the engine writes names: the most specific part last. */
function printName(name: string): string {
  return name.split('\n').join(',')
}

const certificates: AmtClass = {
  name: CERTIFICATE,
  keys: ['InstanceID'],
  instances: ({ state }) =>
    state.certificates.map(({ id, der, trusted }) => {
      const certificate = new X509Certificate(Buffer.from(der, 'base64'))
      return {
        fields: {
          ElementName: 'Intel(r) AMT Certificate',
          InstanceID: id,
          Issuer: printName(certificate.issuer),
          ReadOnlyCertificate: false,
          Subject: printName(certificate.subject),
          // The schema spells it so.
          TrustedRootCertficate: trusted,
          X509Certificate: der,
        },
      }
    }),
  remove(firmware, target) {
    const id = instanceId(target)
    if (usersOf(firmware).some(({ certificate }) => certificate === id)) throw new WsmanFault('c:AccessDenied')
    const { state } = firmware
    state.certificates = state.certificates.filter(certificate => certificate.id !== id)
  },
}

const keys: AmtClass = {
  name: KEY,
  keys: ['InstanceID'],
  instances: ({ state }) =>
    state.keys.map(({ id, der }) => ({ fields: { DERKey: der, ElementName: 'Intel(r) AMT Key', InstanceID: id } })),
  remove({ state }, target) {
    const id = instanceId(target)
    if (state.certificates.some(({ key }) => key === id)) throw new WsmanFault('c:AccessDenied')
    state.keys = state.keys.filter(key => key.id !== id)
  },
}

/** Whatever would break if a certificate went. */
export function usersOf({ state }: Firmware): readonly { certificate: string; item: Item }[] {
  const users: { certificate: string; item: Item }[] = []
  const add = (certificate: string | undefined, className: string, provider: Reference): void => {
    if (certificate === undefined) return
    const fields: Fields = { ElementInContext: certificateReference(certificate), ElementProvidingContext: provider }
    users.push({ certificate, item: { className, fields } })
  }
  add(state.tls.certificate, 'AMT_TLSCredentialContext', {
    ref: 'AMT_TLSProtocolEndpointCollection',
    selectors: { ElementName: 'TLSProtocolEndpoint Instances Collection' },
  })
  const wired: Reference = { ref: 'IPS_IEEE8021xSettings', selectors: { InstanceID: 'Intel(r) AMT: 8021X Settings' } }
  add(state.wired8021x.clientCertificate, 'IPS_8021xCredentialContext', wired)
  add(state.wired8021x.issuer, 'IPS_8021xCredentialContext', wired)
  for (const profile of state.wifi.profiles) {
    const settings: Reference = {
      ref: 'CIM_IEEE8021xSettings',
      selectors: { InstanceID: `Intel(r) AMT:IEEE 802.1x Settings ${profile.name}` },
    }
    add(profile.clientCertificate, 'CIM_CredentialContext', settings)
    add(profile.caCertificate, 'CIM_CredentialContext', settings)
  }
  return users
}

const credentialContext: AmtClass = {
  name: 'CIM_CredentialContext',
  instances: firmware => usersOf(firmware).map(({ item }) => item),
}

/** Only the contexts of one kind. */
function contextsOf(name: string): AmtClass {
  return {
    name,
    instances: firmware =>
      usersOf(firmware)
        .map(({ item }) => item)
        .filter(({ className }) => className === name),
  }
}

const ROLES: readonly Item[] = ['$$OsAdmin', 'admin'].map(user => ({
  fields: {
    Antecedent: { ref: 'CIM_Identity', selectors: { InstanceID: `Intel(r) AMT:${user}` } },
    Dependent: { ref: 'CIM_Role', selectors: { CreationClassName: 'CIM_Role', Name: `Intel(r) AMT:${user}` } },
  },
}))
const concreteDependency: AmtClass = {
  name: 'CIM_ConcreteDependency',
  instances: ({ state }) => [
    ...ROLES,
    ...state.certificates.flatMap(({ id, key }) =>
      key === undefined ? [] : [{ fields: { Antecedent: certificateReference(id), Dependent: keyReference(key) } }],
    ),
  ],
}

const management: AmtClass = {
  ...constant('AMT_PublicKeyManagementService', {
    ...serviceFields('AMT_PublicKeyManagementService', 'Intel(r) AMT Certificate Store Service'),
    EnabledState: 5,
    RequestedState: 12,
  }),
  methods: {
    AddTrustedRootCertificate: (firmware, input) => addCertificate(firmware, input.text('CertificateBlob'), true),
    AddCertificate: (firmware, input) => addCertificate(firmware, input.text('CertificateBlob'), false),
    AddKey(firmware, input) {
      try {
        const der = Buffer.from(input.text('KeyBlob').replace(/\s/g, ''), 'base64')
        const type = readTlv(readTlv(der).value).tag === 2 ? 'pkcs1' : 'pkcs8'
        const key = createPrivateKey({ key: der, format: 'der', type })
        return addKey(firmware, key.export({ type: 'pkcs8', format: 'pem' }).toString())
      } catch {
        return STATUS.invalidParameter
      }
    },
    async GenerateKeyPair(firmware, input) {
      const bits = input.number('KeyLength')
      if (input.number('KeyAlgorithm') !== 0 || (bits !== 2048 && bits !== 3072)) return STATUS.invalidParameter
      const { privateKey } = await generate('rsa', { modulusLength: bits })
      return addKey(firmware, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    },
    GeneratePKCS10RequestEx: (...call) => signRequest(...call),
  },
}

function addCertificate({ state }: Firmware, blob: string, trusted: boolean): number | Output {
  const text = blob.replace(/\s/g, '')
  let certificate: X509Certificate
  try {
    if (!/^[\w+/]+=*$/.test(text)) return STATUS.invalidCertificate
    certificate = new X509Certificate(Buffer.from(text, 'base64'))
  } catch {
    return STATUS.invalidCertificate
  }
  if (state.certificates.some(known => known.der === text)) return STATUS.duplicate
  if (state.certificates.length >= MAX_CERTIFICATES) return STATUS.limitReached
  const key = trusted ? undefined : state.keys.find(({ pem }) => certificate.checkPrivateKey(createPrivateKey(pem)))
  const id = `Intel(r) AMT Certificate: Handle: ${state.handles++}`
  state.certificates.push({ id, der: text, trusted, ...(key !== undefined && { key: key.id }) })
  return { status: STATUS.success, output: { CreatedCertificate: certificateReference(id) } }
}

function addKey({ state }: Firmware, pem: string): Output {
  const der = createPublicKey(pem).export({ type: 'pkcs1', format: 'der' }).toString('base64')
  const id = `Intel(r) AMT Key: Handle: ${state.handles++}`
  state.keys.push({ id, der, pem })
  return { status: STATUS.success, output: { KeyPair: keyReference(id) } }
}

/** The request comes signed by nobody; what it says is signed with the private key. */
const signRequest: Method = ({ state }, input) => {
  const id = input.reference('KeyPair')?.selectors.InstanceID
  const key = state.keys.find(known => known.id === id)
  if (key === undefined) return STATUS.pkiMissingKeys
  if (input.number('SigningAlgorithm') !== 1) return STATUS.unsupported
  try {
    const request = Buffer.from(input.text('NullSignedCertificateRequest').replace(/\s/g, ''), 'base64')
    const info = readTlv(readTlv(request).value).whole
    const signature = sign('RSA-SHA256', info, key.pem)
    const signed = sequence(info, rsaSha256(), bitString(signature))
    return { status: STATUS.success, output: { SignedCertificateRequest: signed.toString('base64') } }
  } catch (thrown) {
    if (thrown instanceof RangeError) return STATUS.invalidParameter
    throw thrown
  }
}

export const KEY_CLASSES: readonly AmtClass[] = [
  certificates,
  keys,
  management,
  credentialContext,
  contextsOf('AMT_8021xCredentialContext'),
  contextsOf('IPS_8021xCredentialContext'),
  concreteDependency,
]
