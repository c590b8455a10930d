// SPDX-License-Identifier: Apache-2.0
/** The reason of an act on firmware, as the header that carries it: bodies of MPS have no place for one. */
import type { Call } from '../call.ts'
import type { More } from '../client.ts'

export function reasoned(call: Call): More {
  const reason = call.options.text('reason')
  return reason === undefined ? {} : { headers: { 'muster-reason': encodeURIComponent(reason) } }
}
