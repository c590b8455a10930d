// SPDX-License-Identifier: Apache-2.0
/** What the parts of out-of-band management know of each other. */
import type { Duplex } from 'node:stream'
import type { Log } from '../../../plugins/contract/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Secret, Secrets } from '../../secrets/secrets.ts'
import type { Wsman } from './wsman/wsman.ts'

/** What every part is given. */
export type OobParts = { readonly kernel: Kernel; readonly secrets: Secrets; readonly log: Log }

/** Ports of AMT: WS-Management, redirection, each plain and over TLS. */
export const PORTS = { wsman: 16992, wsmanTls: 16993, redirection: 16994, redirectionTls: 16995 } as const

/**
 * Opens a byte stream to a port of a device. Rejects with `amt-not-connected`, `amt-channel-refused`, `amt-timeout` when
 * the device does not answer, `amt-channels-busy` when too many callers wait already, or the signal's reason.
 */
export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>

/** Why a tunnel ended. */
export type TunnelEnd = {
  readonly reason: 'closed-by-device' | 'lost' | 'timeout' | 'replaced' | 'protocol' | 'limit' | 'operator' | 'shutdown'
  readonly detail: string
}

/** A device that dialled in and logged in; a later login of the same device makes a later generation. */
export interface Tunnel {
  readonly guid: string
  readonly project: string
  /** Grows over the life of the process; what an older generation says after a newer one logged in is not believed. */
  readonly generation: number
  readonly address: string
  /** Epoch ms. */
  readonly since: number
  /** When the device was last heard of, epoch ms. */
  readonly lastSeen: number
  /** Ports it forwards. */
  readonly ports: ReadonlySet<number>
  readonly dial: Dial
  /** Bytes received and sent, and channels open. */
  stats(): { readonly received: number; readonly sent: number; readonly channels: number }
  close(reason: TunnelEnd['reason'], detail: string): void
}

/** The tunnels that are up in this process. */
export interface Tunnels {
  find(guid: string): Tunnel | undefined
  readonly size: number
  all(): Iterable<Tunnel>
}

/** What the listener must know of a device before it lets it in. */
export type CiraAccount = {
  readonly project: string
  readonly guid: string
  readonly username: string
  /** What may be in force, most likely first. */
  readonly passwords: readonly { readonly version: number; readonly value: Secret }[]
  /** SHA-256 of the client certificate that also logs it in, lower-case hexadecimal. */
  readonly certificate?: string
}

export interface CiraAccounts {
  /** GUIDs are lower case with hyphens. */
  find(guid: string): Promise<CiraAccount | undefined>
  /** A password was used with success: if it was only pending, it is active from now on. */
  verified(account: CiraAccount, version: number): Promise<void>
}

/** What the listener tells; handlers must not throw, and what they start they guard themselves. */
export type CiraEvents = {
  connected(tunnel: Tunnel): void
  /** Not called for a tunnel that a newer one replaced: the device was never away. */
  disconnected(tunnel: Tunnel, end: TunnelEnd): void
  /** A login or a connection was refused. */
  refused(what: { readonly code: string; readonly address: string; readonly guid?: string }): void
  /** One GUID logs in from alternating addresses: two machines share it. */
  flapping(guid: string, addresses: readonly string[]): void
}

export type Credentials = { readonly username: string; readonly password: Secret }

/** How a device is reached at this moment. */
export type Reach = {
  readonly project: string
  readonly guid: string
  /** `cira`: its own tunnel. `lan`: we dial its address. `agent`: through the host's agent. */
  readonly via: 'cira' | 'lan' | 'agent'
  readonly wsman: Wsman
  readonly dial: Dial
  /** What it is logged in with, for the redirection port. */
  credentials(): Promise<Credentials>
}

export interface Reaches {
  /**
   * Throws `amt-not-connected` when there is no way to the device, or no such device in the project. Calls of one
   * device share its queue, its channel and its digest nonce.
   */
  reach(project: string, guid: string): Promise<Reach>
  /** Drops what is remembered of a device: channel, nonce, credentials. Called after its password changed. */
  forget(guid: string): void
}

/** Tries of consent codes, by device: whoever passes codes on asks here first and tells the outcome. */
export interface ConsentGate {
  /** A new code is being shown: counting starts again. */
  shown(guid: string): void
  /** Throws `consent-tries-exhausted` when the last code was wrong too often. */
  allow(guid: string): void
  tried(guid: string, right: boolean): void
  exhausted(guid: string): boolean
}

/** Redirection sessions of a device; acts that they would delay or break ask here first. */
export interface LiveRedirections {
  of(guid: string): readonly { readonly id: string; readonly mode: 'kvm' | 'sol' | 'ider'; readonly by: string }[]
  /** Ends them and resolves when their channels are closed. */
  end(guid: string, why: string): Promise<void>
}
