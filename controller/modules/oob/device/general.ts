// SPDX-License-Identifier: Apache-2.0
/** General settings of a device: its name in the network, its digest realm, when its firmware sleeps. */
import { problem } from '../problems.ts'
import { type CallOptions, type Reply, textOf, type Wsman } from '../wsman/wsman.ts'
import { overlay } from './wire.ts'

const SETTINGS = 'AMT_GeneralSettings'

export function readGeneralSettings(wsman: Wsman, options?: CallOptions): Promise<Reply> {
  return wsman.get(SETTINGS, options)
}

/** Of the form `Digest:…`; part of every password hash, and never the same on two devices. */
export async function readRealm(wsman: Wsman, options?: CallOptions): Promise<string> {
  const realm = textOf((await readGeneralSettings(wsman, options)).content.DigestRealm)
  if (realm === '') throw problem('amt-unexpected', 'it does not tell its digest realm')
  return realm
}

export type GeneralChange = {
  readonly HostName?: string | undefined
  readonly DomainName?: string | undefined
  readonly SharedFQDN?: boolean | undefined
  readonly AMTNetworkEnabled?: number | undefined
  readonly RmcpPingResponseEnabled?: boolean | undefined
  readonly PingResponseEnabled?: boolean | undefined
  readonly IdleWakeTimeout?: number | undefined
  readonly PrivacyLevel?: number | undefined
}

/** Changes the named members and puts the rest back as it is. */
export async function changeGeneralSettings(
  wsman: Wsman,
  change: GeneralChange,
  options?: CallOptions,
): Promise<Reply> {
  const { content } = await readGeneralSettings(wsman, options)
  return wsman.put(SETTINGS, overlay(content, change), options)
}
