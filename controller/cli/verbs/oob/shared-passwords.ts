// SPDX-License-Identifier: Apache-2.0
/** `muster oob shared-passwords`: whether the default profiles give all machines one password. */
import type { Call } from '../../call.ts'
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { problem } from '../../problems.ts'

type Shared = { readonly shared: boolean; readonly warning?: string }

const MAX_BYTES = 1_024
const view = { kind: 'SharedPasswords', name: () => 'shared-passwords' }

export const getting: Run = async call => {
  const { client, project } = await call.session()
  await show(call, await client.get(oobPaths.sharedPasswords(project)))
  return undefined
}

export const setting: Run = async call => {
  const [amt, mebx] = [await secretIn(call, 'amt-file'), await secretIn(call, 'mebx-file')]
  const { client, project } = await call.session()
  const path = oobPaths.sharedPasswords(project)
  if (isDryRun(call)) return showIntents(call, [{ method: 'PUT', path, body: { amt: '[secret]', mebx: '[secret]' } }])
  await confirm(call, 'Give all machines the same passwords?')
  const reason = call.options.text('reason')
  await show(call, await client.send('PUT', path, { amt, mebx, ...(reason === undefined ? {} : { reason }) }))
  return undefined
}

export const clearing: Run = async call => {
  const { client, project } = await call.session()
  const path = oobPaths.sharedPasswords(project)
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  await show(call, await client.send('DELETE', path))
  return undefined
}

async function show(call: Call, shared: Shared): Promise<void> {
  await call.output.item(view, shared, async ({ shared: is, warning }) =>
    is ? (warning ?? 'all machines share one password') : 'each machine has a password of its own',
  )
}

async function secretIn(call: Call, option: 'amt-file' | 'mebx-file'): Promise<string> {
  const file = call.options.text(option)
  if (file === undefined) throw problem('usage', `give the password with --${option} <file>`)
  return new TextDecoder().decode(await call.files.read(file, MAX_BYTES)).replace(/\r?\n$/, '')
}
