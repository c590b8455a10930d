// SPDX-License-Identifier: Apache-2.0
/** What the page is told at once, so that nothing flickers and nothing of absent modules is fetched. Read by server and browser. */

export type Boot = {
  readonly version: string
  /** Modules that run here, with `kernel`. */
  readonly modules: readonly string[]
  readonly signIn: {
    readonly password: boolean
    readonly providers: readonly { readonly name: string; readonly title: string; readonly start: string }[]
  }
  /** Nobody is administrator yet. */
  readonly needsSetup: boolean
}
