// SPDX-License-Identifier: Apache-2.0
/** A WebSocket as modules see it, and the routes they serve it on. */
export interface Socket {
  readonly address: string
  /** Bytes that wait to be sent. */
  readonly pending: number
  /** Resolves when it was handed to the network; rejects when the socket is closed. */
  send(data: string | Uint8Array): Promise<void>
  /** Close codes of RFC 6455 §7.4. */
  close(code?: number, reason?: string): void
  /** Stops reading until `resume`, so that a fast sender waits. */
  pause(): void
  resume(): void
  /** Set before anything arrives: messages in order, then one end. */
  onMessage: (data: Uint8Array, isText: boolean) => void
  onClose: (code: number, reason: string) => void
}

export type SocketRequest = {
  readonly url: URL
  readonly address: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What the client offered in Sec-WebSocket-Protocol. */
  readonly protocols: readonly string[]
}

/** `refuse` ends it before the upgrade, with an HTTP status; `accept` names the sub-protocol to echo, if any. */
export type SocketVerdict =
  | { readonly refuse: number; readonly why: string }
  | { readonly protocol?: string; accept(socket: Socket): void }

export type SocketRoute = {
  /** Exact paths. */
  readonly paths: readonly string[]
  /** Largest message, in bytes. */
  readonly maxMessage: number
  /** Whether pages of another origin may open it: only for routes whose token no browser adds by itself. */
  readonly anyOrigin?: boolean
  decide(request: SocketRequest): Promise<SocketVerdict>
}
