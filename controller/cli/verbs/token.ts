// SPDX-License-Identifier: Apache-2.0
/** `muster token`: create, list, revoke join tokens. */
import { type JoinToken, type NewJoinToken, paths } from '../api.ts'
import type { Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { referenceOf } from '../resources/find.ts'
import { joinTokenView } from '../views/rest.ts'

const HOUR_MS = 3_600_000

export const creating: Run = async call => {
  const { options, output } = call
  const serial = options.text('host-serial')
  const cidr = options.text('cidr')
  const note = options.text('note')
  const session = await call.session()
  const host = await referenceOf(session, 'host', options.text('host'))
  const siteId = await referenceOf(session, 'site', options.text('site'))
  const body = {
    uses: options.count('uses') ?? 1,
    expiresInMs: options.durationMs('expires') ?? HOUR_MS,
    labels: options.labels('label'),
    needsApproval: options.has('needs-approval'),
    ...(serial === undefined ? {} : { serial }),
    ...(cidr === undefined ? {} : { cidr }),
    ...(note === undefined ? {} : { note }),
    ...(host === undefined ? {} : { host }),
    ...(siteId === undefined ? {} : { siteId }),
  }
  const { client, project } = session
  const path = paths.joinTokens(project)
  if (isDryRun(call)) {
    await listTokens(session)
    return showIntents(call, [{ method: 'POST', path, body }])
  }
  const made: NewJoinToken = await client.send('POST', path, body)
  const line = `muster-agent enroll ${made.url ?? client.url} ${made.token}`
  await output.item(
    { kind: 'JoinToken', name: joinTokenView.name },
    { ...made, line },
    each => `${literal(each.line)}\n`,
  )
  await output.note(
    `good for ${body.uses === 1 ? 'one machine' : `${body.uses} machines`} until ${made.expiresAt}; shown once`,
  )
  return undefined
}

export const listing: Run = async call => {
  await call.output.list(joinTokenView, await listTokens(await call.session()))
  return undefined
}

async function listTokens({ client, project }: Session): Promise<readonly JoinToken[]> {
  const { tokens }: { tokens: readonly JoinToken[] } = await client.get(paths.joinTokens(project))
  return tokens
}

export const revoking: Run = async call => {
  const id = call.words[0] ?? ''
  const session = await call.session()
  const path = paths.joinToken(session.project, id)
  if (isDryRun(call)) {
    if (!(await listTokens(session)).some(token => token.id === id))
      throw problem('name-unknown', `no join token has the id ${id}`)
    return showIntents(call, [{ method: 'DELETE', path }])
  }
  await confirm(call, `Make the join token ${id} useless?`)
  await session.client.send('DELETE', path)
  await call.output.note(`${id} is revoked; hosts that came in with it stay`)
  return undefined
}
