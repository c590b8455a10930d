// SPDX-License-Identifier: Apache-2.0
/** `muster session`: list, revoke. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { type LoginSession, sessionView } from '../views/people.ts'

export const listing: Run = async call => {
  const { client } = await call.session()
  const query = { all: call.options.has('all') ? true : undefined }
  const { sessions }: { sessions: readonly LoginSession[] } = await client.get(paths.sessions, { query })
  await call.output.list(sessionView, sessions)
  return undefined
}

export const revoking: Run = async call => {
  const [id = ''] = call.words
  const { client } = await call.session()
  const path = because(call, paths.loginSession(id))
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  await confirm(call, `End the session ${id}?`)
  await client.send('DELETE', path)
  await call.output.note(`${id} has ended`)
  return undefined
}
