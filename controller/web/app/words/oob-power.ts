// SPDX-License-Identifier: Apache-2.0
/** Texts about the firmware of a host that are needed before its tab is opened. */
import { catalogue } from './catalogue.ts'

export const t = catalogue({
  tab: 'Out-of-band',
  path: 'via AMT',
  why: {
    unknown: 'the host has not told its UUID, so its firmware is not known',
    disconnected: 'its firmware is activated, and not connected now',
    unprovisioned: 'its AMT is not activated',
    incapable: 'it has no AMT',
  },
})
