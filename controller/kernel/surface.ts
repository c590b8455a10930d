// SPDX-License-Identifier: Apache-2.0
/** What there is for people to see here: the modules that run, and the ways to sign in. */
import { type Port, port } from './module.ts'

/** What runs here. */
export interface Running {
  readonly version: string
  /** Names of the modules, in the order in which they were started. */
  readonly modules: readonly string[]
}
export const running: Port<Running> = port('running')

/** A way in through an identity provider; `start` is where a browser is sent. */
export type ProviderWay = { readonly name: string; readonly title: string; readonly start: string }

/** How people may sign in, offered by whoever knows people. */
export interface SignInWays {
  readonly password: boolean
  readonly providers: readonly ProviderWay[]
}
export const signInWays: Port<SignInWays> = port('sign-in-ways')
