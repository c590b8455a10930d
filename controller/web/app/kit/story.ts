// SPDX-License-Identifier: Apache-2.0
/** A component in each of its states, for the page that shows them all and the tests that look at it. */
import type { ReactNode } from 'react'

export type Story = {
  readonly component: string
  /** Name of the state to what it looks like. Nothing in it may depend on the time of day or on a server. */
  readonly states: Readonly<Record<string, () => ReactNode>>
}
