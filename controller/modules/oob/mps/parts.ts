// SPDX-License-Identifier: Apache-2.0
/** What MPS's interface is given. */

import type { Tx } from '../../../store/store.ts'
import type { Devices } from '../devices/devices.ts'
import type { ConsentGate, LiveRedirections, OobParts, Reaches, Tunnels } from '../ports.ts'

export type MpsParts = OobParts & {
  readonly devices: Devices
  readonly reaches: Reaches
  readonly tunnels: Tunnels
  readonly redirections: LiveRedirections
  readonly consent: ConsentGate
  /** Within the transaction that forgets a device: what was ordered for its host is no longer wanted. */
  readonly released?: (tx: Tx, project: string, guid: string) => Promise<void>
  /** PEM of the root that devices of a project trust for their tunnel. */
  ciraRoot(project: string): Promise<string>
}
