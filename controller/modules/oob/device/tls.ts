// SPDX-License-Identifier: Apache-2.0
/** TLS of a device's own web server: for the network, and for programs on the machine itself. */
import { type CallOptions, flagOf, type Instance, textOf, type Wsman } from '../wsman/wsman.ts'
import { overlay, succeeded } from './wire.ts'

const SETTINGS = 'AMT_TLSSettingData'

export type TlsSettings = {
  readonly elementName: string
  readonly instanceId: string
  readonly enabled: boolean
  readonly mutual: boolean
  readonly acceptsPlain: boolean
  /** Missing before 16.1; `false` means that plain connections cannot be had. */
  readonly plainSupported: boolean | undefined
  readonly trustedCn: string
}

/** The remote interface first, as firmware lists them. */
export async function readTls(wsman: Wsman, options?: CallOptions): Promise<readonly TlsSettings[]> {
  return (await wsman.list(SETTINGS, options)).instances.map(each => ({
    elementName: textOf(each.ElementName),
    instanceId: textOf(each.InstanceID),
    enabled: flagOf(each.Enabled),
    mutual: flagOf(each.MutualAuthentication),
    acceptsPlain: flagOf(each.AcceptNonSecureConnections),
    plainSupported:
      each.NonSecureConnectionsSupported === undefined ? undefined : flagOf(each.NonSecureConnectionsSupported),
    trustedCn: textOf(each.TrustedCN),
  }))
}

export type TlsChange = { readonly enabled: boolean; readonly mutual?: boolean; readonly acceptsPlain?: boolean }

/** Puts the change of both interfaces and commits it: firmware takes it over at once and may end connections. */
export async function changeTls(wsman: Wsman, change: TlsChange, options?: CallOptions): Promise<void> {
  const { instances } = await wsman.list(SETTINGS, options)
  for (const each of instances) {
    const selectors = { InstanceID: textOf(each.InstanceID) }
    await wsman.put(SETTINGS, tlsSettings(each, change), { ...options, selectors })
  }
  const output = await wsman.invoke('AMT_SetupAndConfigurationService', 'CommitChanges', {}, options)
  succeeded(output, 'the TLS settings were not committed')
}

/** The local interface knows no client certificates, and says itself whether plain connections can be forbidden. */
export function tlsSettings(given: Instance, { enabled, mutual, acceptsPlain }: TlsChange): Instance {
  const isLocal = textOf(given.InstanceID).includes('LMS')
  const knowsSupport = given.NonSecureConnectionsSupported !== undefined
  const { NonSecureConnectionsSupported: _, ...writable } = given
  return overlay(writable, {
    Enabled: enabled,
    ...(isLocal ? {} : { MutualAuthentication: enabled && (mutual ?? false) }),
    ...(!isLocal || (knowsSupport && flagOf(given.NonSecureConnectionsSupported))
      ? { AcceptNonSecureConnections: !enabled || (acceptsPlain ?? false) }
      : {}),
  })
}
