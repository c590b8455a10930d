// SPDX-License-Identifier: Apache-2.0
/** The wired port's 802.1X: who the firmware is to the switch. */
import { type CallOptions, type Instance, Reference, type Wsman } from '../wsman/wsman.ts'
import { members, overlay, succeeded } from './wire.ts'

const SETTINGS = 'IPS_IEEE8021xSettings'
const WITH_CERTIFICATES = 2
const DISABLED = 3
const WITHOUT_CERTIFICATES = 6

export type Wired8021x = {
  /** 0 EAP-TLS, 2 PEAP-MSCHAPv2, 3 PEAP-GTC, 5 FAST-GTC, 10 FAST-TLS. */
  readonly protocol: number
  readonly username: string
  readonly password?: string | undefined
  /** Seconds in which PXE may boot unauthenticated; 0 for never. */
  readonly pxeTimeout: number
  /** Handles of certificates in the device's store. */
  readonly clientCertificate?: string | undefined
  readonly rootCertificate?: string | undefined
}

/** Switches it on with these settings, or off. Throws `amt-refused`. */
export async function changeWired8021x(
  wsman: Wsman,
  wanted: Wired8021x | undefined,
  options?: CallOptions,
): Promise<void> {
  const { content } = await wsman.get(SETTINGS, options)
  await wsman.put(SETTINGS, wired8021xSettings(content, wanted), options)
  const { clientCertificate, rootCertificate } = wanted ?? {}
  if (clientCertificate === undefined && rootCertificate === undefined) return
  const reference = (handle: string | undefined): Reference | undefined =>
    handle === undefined ? undefined : new Reference('AMT_PublicKeyCertificate', { InstanceID: handle }, 'default')
  const input = members({
    ServerCertificateIssuer: reference(rootCertificate),
    ClientCertificate: reference(clientCertificate),
  })
  succeeded(await wsman.invoke(SETTINGS, 'SetCertificates', input, options), 'the certificates were not set')
}

export function wired8021xSettings(given: Instance, wanted: Wired8021x | undefined): Instance {
  if (wanted === undefined) return overlay(given, { Enabled: DISABLED })
  const certified = wanted.clientCertificate !== undefined || wanted.rootCertificate !== undefined
  return overlay(given, {
    Enabled: certified ? WITH_CERTIFICATES : WITHOUT_CERTIFICATES,
    AuthenticationProtocol: wanted.protocol,
    Username: wanted.username,
    Password: wanted.password,
    PxeTimeout: wanted.pxeTimeout,
  })
}
