// SPDX-License-Identifier: Apache-2.0
/** What a host may say in its CONNECT (MQTT 3.1.1 §3.1). */

import { decideWill } from './access.ts'
import type { PeerIdentity } from './bus.ts'
import type { BusLimits } from './limits.ts'

/** The members of a CONNECT that matter here. */
export type Connect = {
  readonly protocolId?: string | undefined
  readonly protocolVersion?: number | undefined
  readonly clientId: string
  readonly clean?: boolean | undefined
  readonly keepalive?: number | undefined
  readonly username?: unknown
  readonly password?: unknown
  readonly will?:
    | {
        readonly topic: string
        readonly payload: Uint8Array | string
        readonly qos?: number
        readonly retain?: boolean
      }
    | undefined
}

export type ConnectRefusal = {
  readonly code: string
  /** Return code of the CONNACK (§3.2.2.3); without one the connection is just closed. */
  readonly returnCode?: 2 | 3 | 4 | 5
}

const NOTHING_KNOWN = { sections: new Set<string>(), streams: new Set<string>(), isOpen: () => false }

/** Says why a CONNECT is refused; `undefined` when it is one of ours. */
export function refusalOf(connect: Connect, identity: PeerIdentity, limits: BusLimits): ConnectRefusal | undefined {
  const { keepalive = 0, will } = connect
  const { least, most } = limits.keepAliveSeconds
  if (connect.protocolId !== 'MQTT' || connect.protocolVersion !== 4) return { code: 'protocol-version' }
  if (connect.clientId !== identity.host) return { code: 'client-id' }
  if (connect.username !== undefined || connect.password !== undefined) return { code: 'password', returnCode: 4 }
  if (connect.clean !== true) return { code: 'session-not-clean', returnCode: 2 }
  if (keepalive < least || keepalive > most) return { code: 'keep-alive', returnCode: 2 }
  if (will === undefined) return undefined
  const decision = decideWill({
    identity,
    standing: 'active',
    text: will.topic,
    packet: { bytes: Buffer.byteLength(will.payload), qos: will.qos ?? 0, retain: will.retain ?? false },
    known: NOTHING_KNOWN,
  })
  return 'deny' in decision ? { code: decision.code, returnCode: 5 } : undefined
}
