// SPDX-License-Identifier: Apache-2.0
/** Why something is done, for writes whose body does not say it. */
import type { Call } from './call.ts'

/** The path with the reason that was typed, if one was; `path` has no query yet. */
export function because({ options }: Call, path: string): string {
  const reason = options.text('reason')
  return reason === undefined ? path : `${path}?reason=${encodeURIComponent(reason)}`
}
