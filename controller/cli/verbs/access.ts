// SPDX-License-Identifier: Apache-2.0
/** `muster access token`: list, create, revoke API tokens. */
import { type AccessToken, paths } from '../api.ts'
import type { Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
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
  if (name === undefined || role === undefined || expiresInMs === undefined) {
    throw problem('usage', 'a token needs --name, --role and --expires (at most 1 year)')
  }
  const body = { name, role, expiresInMs }
  const session = await call.session()
  if (isDryRun(call)) {
    await listTokens(session)
    return showIntents(call, [{ method: 'POST', path: paths.accessTokens, body }])
  }
  const made: Made = await session.client.send('POST', paths.accessTokens, body)
  await output.item(
    { kind: 'AccessToken', name: accessTokenView.name },
    { ...body, ...made },
    each => `${literal(each.token)}\n`,
  )
  await output.note(`good until ${made.expiresAt}; shown once`)
  return undefined
}

export const revoking: Run = async call => {
  const id = call.words[0] ?? ''
  const session = await call.session()
  const path = paths.accessToken(id)
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
