// SPDX-License-Identifier: Apache-2.0
/** Becoming the administrator, call by call: what was done is kept, so that trying again goes on where it stopped. */
import { type AnswerOf, call, send } from '../../../api/call.ts'

type Made = AnswerOf<'/v1/setup', 'POST'>

/** How far it has come. */
export type Progress = {
  /** The link is used up: an administrator with a token, which opens everything until the session is there. */
  readonly made?: Made
  readonly hasPassword?: boolean
  readonly hasSession?: boolean
}

export type Wish = { readonly secret: string; readonly name: string; readonly password: string }

type Told = (progress: Progress) => void

/**
 * The link gives a token; the token sets the password; the password opens the session; then the token goes. Rejects with
 * what failed, after telling how far it came.
 */
export async function becomeAdministrator(wish: Wish, from: Progress, tell: Told): Promise<void> {
  let progress = from
  const came = (further: Progress): void => {
    progress = { ...progress, ...further }
    tell(progress)
  }
  const made = progress.made ?? (await makePerson(wish))
  came({ made })
  const headers = { authorization: `Bearer ${made.token}` }
  if (progress.hasPassword !== true) {
    const path = { person: made.principal.id }
    const body = { password: wish.password }
    await send(call('PUT', '/v1/access/people/{person}/password', { path, body, headers }))
    came({ hasPassword: true })
  }
  if (progress.hasSession !== true) {
    await send(call('POST', '/v1/session', { body: { name: made.principal.name, password: wish.password } }))
    came({ hasSession: true })
  }
  await dropTokens(made.principal.id)
}

/** The first half, all there is where people have no passwords. */
export function makePerson({ secret, name }: Pick<Wish, 'secret' | 'name'>): Promise<Made> {
  return send<Made>(call('POST', '/v1/setup', { body: { secret, name } }))
}

/** Nobody holds the token of the link any more, so it must not open anything. */
async function dropTokens(principal: string): Promise<void> {
  const { tokens } = await send<AnswerOf<'/v1/access/tokens', 'GET'>>(call('GET', '/v1/access/tokens'))
  for (const { id } of tokens.filter(token => token.principal === principal))
    await send(call('DELETE', '/v1/access/tokens/{token}', { path: { token: id } }))
}
