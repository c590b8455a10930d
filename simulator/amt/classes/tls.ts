// SPDX-License-Identifier: Apache-2.0
/** Which of the engine's ports speak TLS, and with which certificate; in force after `CommitChanges`. */
import type { AmtClass, Firmware } from '../firmware.ts'
import type { Input } from '../input.ts'
import { WsmanFault } from '../soap.ts'
import type { TlsSettings } from '../state.ts'
import { STATUS } from '../status.ts'
import { certificateReference } from './keys.ts'
import { instanceId } from './tables.ts'

const NAMES = ['Intel(r) AMT 802.3 TLS Settings', 'Intel(r) AMT LMS TLS Settings'] as const

function current({ state }: Firmware): [TlsSettings, TlsSettings] {
  return state.tls.pending ?? state.tls.settings
}

const settings: AmtClass = {
  name: 'AMT_TLSSettingData',
  keys: ['InstanceID'],
  optional: ['TrustedCN', 'NonSecureConnectionsSupported'],
  instances: firmware =>
    NAMES.map((name, index) => {
      const { enabled, mutual, acceptNonSecure, trustedCn } = current(firmware)[index === 0 ? 0 : 1]
      return {
        fields: {
          AcceptNonSecureConnections: acceptNonSecure,
          ElementName: name,
          Enabled: enabled,
          InstanceID: name,
          MutualAuthentication: mutual,
          NonSecureConnectionsSupported: firmware.model.major >= 16 ? !firmware.model.tlsEnforced : undefined,
          TrustedCN: trustedCn.length === 0 ? undefined : trustedCn,
        },
      }
    }),
  put(firmware, target, input) {
    const [remote, local] = structuredClone(current(firmware))
    const put = instanceId(target) === NAMES[0] ? remote : local
    const enabled = input.flag('Enabled')
    if (input.flag('AcceptNonSecureConnections') && firmware.model.tlsEnforced && enabled) {
      throw new WsmanFault('c:InvalidParameter')
    }
    put.enabled = enabled
    put.mutual = input.flag('MutualAuthentication')
    if (input.has('AcceptNonSecureConnections')) put.acceptNonSecure = input.flag('AcceptNonSecureConnections')
    if (input.has('TrustedCN')) put.trustedCn = input.texts('TrustedCN').filter(name => name !== '')
    firmware.state.tls.pending = [remote, local]
  },
}

/** Makes what was put the rule; the status refuses TLS without a certificate and key to go with it. */
export function commitTls(firmware: Firmware): number {
  const { tls, certificates } = firmware.state
  if (tls.pending === undefined) return STATUS.success
  const certificate = certificates.find(({ id }) => id === tls.certificate)
  const needed = tls.pending.some(({ enabled }) => enabled) && !firmware.model.tlsEnforced
  if (needed && certificate?.key === undefined) return STATUS.dataMissing
  if (tls.pending.some(({ mutual }) => mutual) && !certificates.some(({ trusted }) => trusted))
    return STATUS.dataMissing
  tls.settings = tls.pending
  delete tls.pending
  return STATUS.success
}

const COLLECTION = 'AMT_TLSProtocolEndpointCollection'
const collection: AmtClass = {
  name: COLLECTION,
  instances: () => [{ fields: { ElementName: 'TLSProtocolEndpoint Instances Collection' } }],
}

const COLLECTION_REFERENCE = { ref: COLLECTION, selectors: { ElementName: 'TLSProtocolEndpoint Instances Collection' } }

const credentialContext: AmtClass = {
  name: 'AMT_TLSCredentialContext',
  instances: ({ state }) =>
    state.tls.certificate === undefined
      ? []
      : [
          {
            fields: {
              ElementInContext: certificateReference(state.tls.certificate),
              ElementProvidingContext: COLLECTION_REFERENCE,
            },
          },
        ],
  create(firmware, input) {
    if (firmware.state.tls.certificate !== undefined) throw new WsmanFault('c:AlreadyExists')
    const id = certificateIn(firmware, input)
    firmware.state.tls.certificate = id
    const nested = { ElementInContext: certificateReference(id), ElementProvidingContext: COLLECTION_REFERENCE }
    return { ref: 'AMT_TLSCredentialContext', selectors: {}, nested }
  },
  put(firmware, _target, input) {
    firmware.state.tls.certificate = certificateIn(firmware, input)
  },
  remove(firmware) {
    if (firmware.state.tls.settings.some(({ enabled }) => enabled)) throw new WsmanFault('c:AccessDenied')
    delete firmware.state.tls.certificate
  },
}

function certificateIn({ state }: Firmware, input: Input): string {
  const id = input.reference('ElementInContext')?.selectors.InstanceID
  const certificate = state.certificates.find(known => known.id === id)
  if (certificate?.key === undefined) throw new WsmanFault('c:InvalidParameter')
  return certificate.id
}

export const TLS_CLASSES: readonly AmtClass[] = [settings, collection, credentialContext]
