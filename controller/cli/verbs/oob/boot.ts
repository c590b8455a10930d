// SPDX-License-Identifier: Apache-2.0
/** `muster oob boot`: the next boot of a machine from somewhere else, once. */
import { BOOT_CODES, isBootTarget } from '../../../query/boot-codes.ts'
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { oneMachine, spokenMachine } from '../../oob/machines.ts'
import { reasoned } from '../../oob/reason.ts'
import { problem } from '../../problems.ts'

export const boot: Run = async call => {
  const target = call.words[1] ?? ''
  if (!isBootTarget(target)) throw problem('usage', `boot takes ${Object.keys(BOOT_CODES).join(', ')}`)
  const codes = BOOT_CODES[target]
  const url = call.options.text('url')
  if ((target === 'https') !== (url !== undefined)) throw problem('usage', '--url goes with https, and https needs it')
  const bootPath = call.options.text('path')
  if (bootPath !== undefined && target !== 'pba' && target !== 'winre')
    throw problem('usage', '--path goes with pba and winre')
  const details = {
    ...(url === undefined ? {} : { url, enforceSecureBoot: !call.options.has('no-secure-boot') }),
    ...(bootPath === undefined ? {} : { bootPath }),
  }
  const body = {
    action: call.options.has('up') ? codes.up : codes.reset,
    useSOL: call.options.has('sol'),
    ...(Object.keys(details).length === 0 ? {} : { bootDetails: details }),
  }
  const { session, machine, guid } = await oneMachine(call)
  const path = oobPaths.device(session.project, 'amt/power/bootOptions', guid)
  if (isDryRun(call))
    return showIntents(call, [{ method: 'POST', path, body, ...(machine.host && { host: machine.host }) }])
  await confirm(call, `Boot ${spokenMachine(machine)} to ${target} once, now?`)
  return actOnAll(call, {
    machines: [machine],
    act: async () => {
      await session.client.send('POST', path, body, reasoned(call))
      return { ok: true, says: `${call.options.has('up') ? 'is switched on' : 'is reset'} and boots to ${target} once` }
    },
  })
}
