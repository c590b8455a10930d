// SPDX-License-Identifier: Apache-2.0
/** The messages of the AMT Port Forwarding protocol, by which a device tunnels its ports to us. */

/** The services a device asks for, in this order. */
export const SERVICE = { auth: 'auth@amt.intel.com', forward: 'pfwd@amt.intel.com' } as const

/** The channel type that leads to a port the device forwards. */
export const FORWARDED = 'forwarded-tcpip'

/** Why a side disconnects. */
export const DISCONNECT = {
  hostNotAllowed: 1,
  protocolError: 2,
  keyExchange: 3,
  reserved: 4,
  mac: 5,
  compression: 6,
  serviceUnavailable: 7,
  versionUnsupported: 8,
  hostKey: 9,
  connectionLost: 10,
  byApplication: 11,
  tooManyConnections: 12,
  authenticationCancelled: 13,
  noMoreMethods: 14,
  invalidCredentials: 15,
  timedOut: 16,
  policy: 17,
  temporarilyUnavailable: 18,
} as const

/** Why a channel was not opened. */
export const OPEN_FAILURE = { prohibited: 1, connectFailed: 2, unknownType: 3, resourceShortage: 4 } as const

/** The first byte of each message. */
export const TYPE = {
  disconnect: 1,
  'service-request': 5,
  'service-accept': 6,
  'userauth-request': 50,
  'userauth-failure': 51,
  'userauth-success': 52,
  'global-request': 80,
  'request-success': 81,
  'request-failure': 82,
  'channel-open': 90,
  'channel-confirmation': 91,
  'channel-failure': 92,
  'window-adjust': 93,
  'channel-data': 94,
  'channel-close': 97,
  'protocol-version': 192,
  'keepalive-request': 208,
  'keepalive-reply': 209,
  'keepalive-options-request': 210,
  'keepalive-options-reply': 211,
} as const

/** Longest string of any message but the data of a channel, in bytes. */
export const MAX_STRING = 2_048
/** The largest number the protocol can write; credits stop there. */
export const MAX_U32 = 0xffff_ffff

export type Endpoint = { readonly address: string; readonly port: number }

export type UserauthRequest = {
  readonly kind: 'userauth-request'
  readonly user: string
  readonly service: string
} & ({ readonly method: 'none' } | { readonly method: 'password'; readonly password: Uint8Array })

export type ForwardRequest = Endpoint & {
  readonly kind: 'global-request'
  readonly request: 'tcpip-forward' | 'cancel-tcpip-forward'
  readonly wantReply: boolean
}

/** A datagram, usually an alert (PET), that the device wants sent on. */
export type DatagramRequest = {
  readonly kind: 'global-request'
  readonly request: 'udp-send-to@amt.intel.com'
  readonly wantReply: boolean
  readonly destination: Endpoint
  readonly originator: Endpoint
  readonly payload: Uint8Array
}

/** A request nobody knows: where it ends is unknown too, so nothing can be read after it. */
export type UnknownRequest = {
  readonly kind: 'global-request'
  readonly request: 'unknown'
  readonly name: string
  readonly wantReply: boolean
}

export type ChannelOpen = {
  readonly kind: 'channel-open'
  readonly type: string
  readonly sender: number
  readonly window: number
  readonly target: Endpoint
  readonly originator: Endpoint
}

export type ProtocolVersion = {
  readonly kind: 'protocol-version'
  readonly major: number
  readonly minor: number
  /** 1 user, 2 alert, 3 provisioning, 4 periodic, 254 local. */
  readonly trigger: number
  /** Lower case with hyphens, as the device's owner reads it. */
  readonly guid: string
}

/** Channels are named by the number their receiver gave them. */
export type Message =
  | { readonly kind: 'disconnect'; readonly reason: number }
  | { readonly kind: 'service-request' | 'service-accept'; readonly service: string }
  | UserauthRequest
  | { readonly kind: 'userauth-failure'; readonly methods: string; readonly partial: boolean }
  | { readonly kind: 'userauth-success' }
  | ForwardRequest
  | DatagramRequest
  | UnknownRequest
  /** With the port for `tcpip-forward`, bare for the others. */
  | { readonly kind: 'request-success'; readonly port?: number }
  | { readonly kind: 'request-failure' }
  | ChannelOpen
  | {
      readonly kind: 'channel-confirmation'
      readonly recipient: number
      readonly sender: number
      readonly window: number
    }
  | { readonly kind: 'channel-failure'; readonly recipient: number; readonly reason: number }
  | { readonly kind: 'window-adjust'; readonly recipient: number; readonly bytes: number }
  | { readonly kind: 'channel-data'; readonly recipient: number; readonly data: Uint8Array }
  | { readonly kind: 'channel-close'; readonly recipient: number }
  | ProtocolVersion
  | { readonly kind: 'keepalive-request' | 'keepalive-reply'; readonly cookie: number }
  | {
      readonly kind: 'keepalive-options-request' | 'keepalive-options-reply'
      /** Seconds. */
      readonly interval: number
      /** Seconds. */
      readonly timeout: number
    }

export type Kind = Message['kind']

/** The peer broke the protocol; `reason` is what a DISCONNECT says of it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly reason: number

  constructor(reason: number, detail: string) {
    super(detail)
    this.reason = reason
  }
}
