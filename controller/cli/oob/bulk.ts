// SPDX-License-Identifier: Apache-2.0
/** One act on many hosts: a line for each as it ends, a count at the end, and exit code 9 when some failed. */
import { asProblem } from '../../../plugins/contract/problem.ts'
import type { Host } from '../api.ts'
import type { Call } from '../call.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { literal } from '../render/text.ts'

export type Outcome = { readonly ok: boolean; readonly says: string }

/** How many are under way at once. */
const ABREAST = 16

export type Bulk = {
  readonly hosts: readonly Host[]
  readonly act: (host: Host) => Promise<Outcome>
}

/** One host's failure is thrown as it is; of several, each is told and the rest goes on. */
export async function actOnAll(call: Call, { hosts, act }: Bulk): Promise<ExitCode | undefined> {
  const [only, second] = hosts
  if (only !== undefined && second === undefined) {
    const { ok, says } = await act(only)
    await tell(call, { host: only, ok, says, at: 1, of: 1 })
    return ok ? undefined : EXIT.partial
  }
  let ended = 0
  let failed = 0
  const queue = hosts.values()
  const worker = async (): Promise<void> => {
    for (const host of queue) {
      if (call.signal.aborted) return
      const outcome = await act(host).catch((thrown): Outcome => ({ ok: false, says: asProblem(thrown).message }))
      ended++
      if (!outcome.ok) failed++
      await tell(call, { host, ...outcome, at: ended, of: hosts.length })
    }
  }
  await Promise.all(Array.from({ length: Math.min(ABREAST, hosts.length) }, worker))
  await call.output.note(
    `Done: ${ended - failed} updated, ${failed} failed${ended < hosts.length ? `, ${hosts.length - ended} not begun` : ''}`,
  )
  if (call.signal.aborted) return EXIT.interrupted
  return failed > 0 ? EXIT.partial : undefined
}

type Told = Outcome & { readonly host: Host; readonly at: number; readonly of: number }

async function tell(call: Call, { host, ok, says, at, of }: Told): Promise<void> {
  const row = { host: host.resourceId, name: host.name, ok, says }
  const count = of === 1 ? '' : `[${at}/${of}]  `
  await call.output.line(row, literal(`${count}${host.name} (${host.resourceId})  ${says}`))
}
