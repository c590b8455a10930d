// SPDX-License-Identifier: Apache-2.0
/** One call of the program: what was typed, where it prints, and the controller it means. */
import type { Client } from './client.ts'
import type { Context } from './contexts.ts'
import type { Options } from './options.ts'
import type { Output } from './output.ts'
import type { Surroundings } from './ports.ts'

export type Session = {
  readonly client: Client
  readonly project: string
  /** The name of the context. */
  readonly name: string
  readonly context: Context
}

export type Call = Surroundings & {
  readonly words: readonly string[]
  readonly options: Options
  readonly output: Output
  /** The folder of contexts and caches; throws `no-home`. */
  folder(): string
  /** The chosen controller; throws `no-context`, `no-token`, `context-unknown`. */
  session(): Promise<Session>
  /** A client for an address that is not yet a context. */
  connect(to: { readonly url: string; readonly ca?: string | undefined; readonly token?: string | undefined }): Client
}
