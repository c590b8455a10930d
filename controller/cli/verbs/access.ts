// SPDX-License-Identifier: Apache-2.0
/** `muster access token`: list, create, revoke API tokens. */
import { type AccessToken, paths } from '../api.ts'
import { because } from '../because.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { referenceId } from '../resources/find.ts'
import { accessTokenView } from '../views/rest.ts'

export const listing: Run = async call => {
  await call.output.list(accessTokenView, await listTokens(await call.session()))
  return undefined
}

async function listTokens({ client }: Session): Promise<readonly AccessToken[]> {
  const { tokens }: { tokens: readonly AccessToken[] } = await client.get(paths.accessTokens)
  return tokens
}

type Made = { readonly id: string; readonly token: string; readonly expiresAt: string }

export const creating: Run = async call => {
  const { options, output } = call
  const [name, role, expiresInMs] = [options.text('name'), options.text('role'), options.durationMs('expires')]
  const permissions = options.list('permission').flatMap(each => each.split(','))
  if (name === undefined || (role === undefined && permissions.length === 0) || expiresInMs === undefined) {
    throw problem('usage', 'a token needs --name, --role or --permission, and --expires (at most 1 year)')
  }
  const session = await call.session()
  const body = {
    name,
    ...(role === undefined ? {} : { role }),
    ...(permissions.length === 0 ? {} : { permissions }),
    ...(await narrowing(call, session)),
    expiresInMs,
  }
  const path = because(call, paths.accessTokens)
  if (isDryRun(call)) {
    await listTokens(session)
    return showIntents(call, [{ method: 'POST', path, body }])
  }
  const made: Made = await session.client.send('POST', path, body)
  await output.item(
    { kind: 'AccessToken', name: accessTokenView.name },
    { ...body, role: role ?? 'custom', ...made },
    each => `${literal(each.token)}\n`,
  )
  await output.note(`good until ${made.expiresAt}; shown once`)
  return undefined
}

/** Where it is good: the project, its hosts, and where it comes from. */
async function narrowing({ options }: Call, session: Session) {
  const labels = options.labels('label')
  const sites = await Promise.all(options.list('site').map(each => referenceId(session, 'site', each)))
  const networks = options.list('network')
  const hosts = { ...(sites.length === 0 ? {} : { sites }), ...(labels.length === 0 ? {} : { labels }) }
  return {
    ...(options.has('here') ? { project: session.project } : {}),
    ...(Object.keys(hosts).length === 0 ? {} : { hosts }),
    ...(networks.length === 0 ? {} : { networks }),
  }
}

export const revoking: Run = async call => {
  const id = call.words[0] ?? ''
  const session = await call.session()
  const path = because(call, paths.accessToken(id))
  if (isDryRun(call)) {
    if (!(await listTokens(session)).some(token => token.id === id))
      throw problem('name-unknown', `no API token has the id ${id}`)
    return showIntents(call, [{ method: 'DELETE', path }])
  }
  await confirm(call, `Make the API token ${id} useless?`)
  await session.client.send('DELETE', path)
  await call.output.note(`${id} is revoked`)
  return undefined
}
