// SPDX-License-Identifier: Apache-2.0
/** What the command line needs of the machine it runs on, as ports that a test can own. */
import type { Clock } from '../../plugins/contract/clock.ts'

/** Standard output or standard error. */
export interface Sink {
  readonly isTerminal: boolean
  /** Columns of the terminal; `undefined` when it is none. */
  readonly columns: number | undefined
  /** Resolves when the reader has room for more. */
  write(content: string | Uint8Array): Promise<void>
}

export interface Source {
  readonly isTerminal: boolean
  /** Everything up to the end; throws `input-unreadable` past `maxBytes`. */
  read(maxBytes: number): Promise<Uint8Array>
  /** One line that a person types after a question shown on standard error; `hidden` does not echo it. */
  ask(question: string, options: { readonly hidden: boolean; readonly signal: AbortSignal }): Promise<string>
  /** Hands over what is typed, key by key where it is a terminal; `undefined` once for the end. Returns what stops it. */
  keys(take: (bytes: Uint8Array | undefined) => void): () => void
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The person's own folder; `undefined` when there is none. */
  readonly home: string | undefined
  readonly input: Source
  readonly output: Sink
  readonly error: Sink
}

export type Stream = { readonly bytes: AsyncIterable<Uint8Array>; readonly sizeBytes: number }

export interface Files {
  /** Reads a file of secrets; `undefined` when there is none. Throws `context-file-exposed` when others can read it. */
  readPrivate(path: string): Promise<string | undefined>
  /** Replaces a file of secrets, mode 0600 in a folder of mode 0700. */
  writePrivate(path: string, text: string): Promise<void>
  /** Reads at most `maxBytes`; throws `file-unusable`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>
  open(path: string): Promise<Stream>
  exists(path: string): Promise<boolean>
  /** Writes a new file of mode 0600 that appears only once it is whole; returns its size in bytes. */
  save(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number>
}

export type WireRequest = {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | Stream
  /** PEM of the only authority to trust; without it, those of the system. */
  readonly ca?: string | undefined
  /** Longest silence before and between the parts of the answer. */
  readonly idleMs: number
  readonly signal: AbortSignal
}

export type WireAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: AsyncIterable<Uint8Array>
}

export type ShownCertificate = { readonly pem: string; readonly sha256: string; readonly subject: string }

export interface Wire {
  /** Follows no redirect. Throws `controller-unreachable` and `controller-untrusted`. */
  send(request: WireRequest): Promise<WireAnswer>
  /** The certificates a server shows, leaf first, verified by nobody; sends nothing but the handshake. */
  chain(url: URL, signal: AbortSignal): Promise<readonly ShownCertificate[]>
}

export type SocketAsk = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly ca?: string | undefined
  readonly signal: AbortSignal
}

/** A WebSocket to the controller. */
export interface Socket {
  send(bytes: Uint8Array): Promise<void>
  /** Set before the next turn of the event loop. */
  onMessage: (bytes: Uint8Array) => void
  /** Resolves once it is closed, with what the other side said (RFC 6455 §7.1.5); 1000 is an end without a failure. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  close(): void
}

export interface Sockets {
  /** Throws `controller-unreachable`, `controller-untrusted`, and the controller's refusal: `socket-refused` unless it names one. */
  open(ask: SocketAsk): Promise<Socket>
}

export type Surroundings = {
  readonly terminal: Terminal
  readonly files: Files
  readonly wire: Wire
  readonly sockets: Sockets
  readonly clock: Clock
  /** 16 random bytes as text, for idempotency keys. */
  newKey(): string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}
