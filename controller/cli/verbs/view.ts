// SPDX-License-Identifier: Apache-2.0
/** `muster view`: list, save and remove searches that are kept under a name. */
import { paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { readQuery } from '../query.ts'
import { type KeptView, keptView } from '../views/view.ts'

const PAGE = 'hosts'

async function all({ client, project }: Session, page: string | undefined): Promise<readonly KeptView[]> {
  const { views }: { views: readonly KeptView[] } = await client.get(paths.views(project), { query: { page } })
  return views
}

export const listing: Run = async call => {
  await call.output.list(keptView, await all(await call.session(), call.options.text('page')))
  return undefined
}

export const saving: Run = async call => {
  const [name = '', words = ''] = call.words
  const page = call.options.text('page') ?? PAGE
  // What nobody could look for is not worth keeping.
  if (page === PAGE) readQuery(words)
  const shared = call.options.has('shared')
  const body = { name, page, query: new URLSearchParams({ q: words }).toString(), ...(shared ? { shared } : {}) }
  const { client, project } = await call.session()
  const path = paths.views(project)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const kept: KeptView = await client.send('POST', path, body)
  await call.output.item(keptView, kept, each => `${each.id}\n`)
  return undefined
}

/** By id or by name; one's own comes before one of the project. Throws `name-unknown`. */
async function findView(call: Call, session: Session): Promise<KeptView> {
  const [word = ''] = call.words
  const page = call.options.text('page')
  const named = (await all(session, page)).filter(({ id, name }) => id === word || name === word)
  const meant = call.options.has('shared') ? named.filter(({ shared }) => shared) : named
  const [first] = [...meant].sort((one, other) => Number(one.shared) - Number(other.shared))
  if (first === undefined) throw problem('name-unknown', `no view is called ${word}`)
  return first
}

export const removing: Run = async call => {
  const session = await call.session()
  const view = await findView(call, session)
  const path = paths.view(session.project, view.id)
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  if (view.shared) await confirm(call, `Remove the view ${view.name}, which the project shares?`)
  await session.client.send('DELETE', path)
  await call.output.note(`${view.name} is removed`)
  return undefined
}
