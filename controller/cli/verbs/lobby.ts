// SPDX-License-Identifier: Apache-2.0
/** `muster lobby`: list, accept, reject waiting machines. */
import { type LobbyRequest, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { drawFacts } from '../render/table.ts'
import { referenceOf } from '../resources/find.ts'
import { lobbyView } from '../views/rest.ts'

export const listing: Run = async call => {
  await call.output.list(lobbyView, await waitingIn(await call.session()))
  return undefined
}

async function waitingIn({ client, project }: Session): Promise<readonly LobbyRequest[]> {
  const { requests }: { requests: readonly LobbyRequest[] } = await client.get(paths.lobby(project))
  return requests
}

export const accepting: Run = async call => {
  const name = call.options.text('name')
  const metadata = call.options.labels('label')
  const session = await call.session()
  const siteId = await referenceOf(session, 'site', call.options.text('site'))
  const intent: Intent = {
    method: 'POST',
    path: paths.accept(session.project, idOf(call)),
    body: {
      ...(name === undefined ? {} : { name }),
      ...(siteId === undefined ? {} : { siteId }),
      ...(metadata.length === 0 ? {} : { metadata }),
    },
  }
  if (isDryRun(call)) return prove(call, session, intent)
  const accepted: { host?: string } | undefined = await session.client.send('POST', intent.path, intent.body)
  const row = { id: idOf(call), host: accepted?.host ?? '' }
  await call.output.item({ kind: 'Admission', name: each => each.host || each.id }, row, each =>
    drawFacts([
      ['accepted', each.id],
      ['host', each.host],
    ]),
  )
  return undefined
}

export const rejecting: Run = async call => {
  const reason = call.options.text('reason')
  if (reason === undefined) throw problem('usage', 'rejecting needs --reason <text>')
  const session = await call.session()
  const intent: Intent = { method: 'POST', path: paths.reject(session.project, idOf(call)), body: { reason } }
  if (isDryRun(call)) return prove(call, session, intent)
  await session.client.send('POST', intent.path, intent.body)
  await call.output.note(`${idOf(call)} was sent away`)
  return undefined
}

async function prove(call: Call, session: Session, intent: Intent): Promise<undefined> {
  if ((await waitingIn(session)).some(each => each.id === idOf(call))) return showIntents(call, [intent])
  throw problem('name-unknown', `no machine waits under ${idOf(call)}`)
}

function idOf({ words }: Call): string {
  return words[0] ?? ''
}
