// SPDX-License-Identifier: Apache-2.0
/** What the parts of the embedded bus share. */
import type { Clock, Log, TopicOwner } from '../../plugins/contract/index.ts'
import type { BusEvents, PeerIdentity } from './bus.ts'
import { Fences } from './fences.ts'
import { type BusLimits, DEFAULT_BUS_LIMITS } from './limits.ts'
import type { KeyExchange, TlsMaterial } from './listener.ts'
import { Refusals } from './refusals.ts'

export type EmbeddedBusOptions = {
  readonly listen: { readonly host: string; readonly port: number }
  /** Asked again from time to time, for a renewed certificate. */
  readonly tls: () => TlsMaterial
  /** Reads a certificate that the handshake found to be ours; `undefined` when it is not one of a host. */
  readonly identify: (der: Buffer) => PeerIdentity | undefined
  readonly knownSections: () => ReadonlySet<string>
  /** Telemetry streams this controller takes; none by default. */
  readonly knownStreams?: () => ReadonlySet<string>
  /** Whether a stream is open under this id for this host; none by default. */
  readonly isOpenStream?: (owner: TopicOwner, stream: string) => boolean
  readonly clock: Clock
  readonly log: Log
  /** Exempts loopback addresses from limits that count by address. */
  readonly trustLoopback?: boolean
  readonly keyExchange?: KeyExchange
  /** The share of its memory this process uses, from 0 to 1; unwatched by default. */
  readonly memoryUse?: () => number
  readonly limits?: Partial<BusLimits>
  readonly events: BusEvents
}

export type Parts = {
  readonly options: EmbeddedBusOptions
  readonly limits: BusLimits
  readonly fences: Fences
  readonly refusals: Refusals
  /** Tells the kernel something; a failure there is logged and goes no further. */
  tell(act: (events: BusEvents) => void): void
}

export function createParts(options: EmbeddedBusOptions): Parts {
  const { clock, log, events, trustLoopback = false } = options
  const limits = { ...DEFAULT_BUS_LIMITS, ...options.limits }
  const tell: Parts['tell'] = act => {
    try {
      act(events)
    } catch (thrown) {
      log.error('an event of the bus was not handled', { err: thrown })
    }
  }
  return {
    options,
    limits,
    tell,
    fences: new Fences({ clock, limits, trustLoopback }),
    refusals: new Refusals(refusal => tell(({ refused }) => refused(refusal))),
  }
}
