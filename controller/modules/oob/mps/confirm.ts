// SPDX-License-Identifier: Apache-2.0
/** Acts without a way back are asked for twice: the second time with what the first answered, and the GUID written out. */
import { MINUTE } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { ToolkitAnswer } from '../toolkit/toolkit.ts'
import type { DeviceContext } from './route.ts'

const LIFE_MS = 5 * MINUTE
const MOST = 1_000

type Asked = { readonly what: string; readonly by: string; readonly until: number }

/** Throws 428 with a `confirmation` until the same caller repeats the same request with it and `confirmGuid`. */
export function confirmations({
  clock,
  random,
}: Pick<Kernel, 'clock' | 'random'>): (context: DeviceContext, what: string) => void {
  const asked = new Map<string, Asked>()
  return ({ request, reach, body }, act) => {
    const now = clock.monotonic()
    for (const [token, { until }] of asked) if (until <= now || asked.size > MOST) asked.delete(token)
    const what = `${act} of ${reach.guid}`
    const by = callerOf(request).id
    const { confirmation, confirmGuid } = body
    const known = typeof confirmation === 'string' ? asked.get(confirmation) : undefined
    if (known !== undefined && known.what === what && known.by === by && confirmGuid === reach.guid) {
      asked.delete(String(confirmation))
      return
    }
    const token = Buffer.from(random(18)).toString('base64url')
    asked.set(token, { what, by, until: now + LIFE_MS })
    throw new ToolkitAnswer(428, {
      error: 'Confirmation required',
      errorDescription: `There is no way back from the ${what}. Send the request again with this confirmation and confirmGuid.`,
      confirmation: token,
      code: 'confirmation-required',
    })
  }
}
