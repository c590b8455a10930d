// SPDX-License-Identifier: Apache-2.0
/** What runs inside a redirection session once the console has logged in. */

export interface Session {
  /** Takes bytes; returns how many of them it used up. Throws {@link SessionError} when they make no sense. */
  take(bytes: Buffer): number
  end(): void
}

/** The console broke the protocol of a session, which ends it. */
export class SessionError extends Error {}
