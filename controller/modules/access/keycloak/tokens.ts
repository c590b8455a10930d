// SPDX-License-Identifier: Apache-2.0
/** Tokens as Keycloak gives them: signed statements about a session that is kept here, and that end with it. */
import { DAY, HOUR, SECOND } from '../../../../plugins/contract/index.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { listProjects } from '../../../kernel/projects.ts'
import { Secret, type SecretName } from '../../../secrets/secrets.ts'
import type { AccessParts } from '../parts.ts'
import { SESSION_LIFE_MS } from '../sessions/sessions.ts'
import type { SessionRow } from '../tables.ts'
import { type Claims, newSigningKey, peek, type SigningKey, signingKeyOf, signJwt, verifyJwt } from '../tokens/jwt.ts'
import { OAuthFailure } from './problems.ts'
import { eimRoles } from './roles.ts'

/** As RFC 6749 §5.1 has it, with Keycloak's members. */
export type TokenAnswer = {
  readonly access_token: string
  readonly expires_in: number
  readonly refresh_expires_in: number
  readonly refresh_token: string
  readonly token_type: 'Bearer'
  readonly id_token?: string
  readonly 'not-before-policy': 0
  readonly session_state: string
  readonly scope: string
}

export type Grounds = {
  readonly row: SessionRow
  readonly principal: Principal
  readonly issuer: string
  readonly client: string
  readonly scope: string
}

export interface KeycloakTokens {
  key(): Promise<SigningKey>
  issue(grounds: Grounds): Promise<TokenAnswer>
  /**
   * Redeems a refresh token, which stays good until its session ends. Throws {@link OAuthFailure}. The clients these
   * addresses are for keep the token of their sign-in and redeem it before every single request, several at a time;
   * tokens that are good once would end their sessions with the second request.
   */
  refresh(given: {
    readonly token: string
    readonly client: string
    readonly issuer: string
    readonly address: string
  }): Promise<TokenAnswer>
  /** The session that a token of ours is about, whether or not it lives. */
  sessionOf(token: string): Promise<string | undefined>
  /** Who an access token stands for as of now. */
  authenticate(token: string, address: string): Promise<Principal | undefined>
}

const KEY: SecretName = { project: '', kind: 'keycloak-key', owner: 'v1' }
const ACCESS_MS = HOUR
/** How long sessions with `offline_access` last. */
export const OFFLINE_MS = 30 * DAY

export function createKeycloakTokens(parts: AccessParts, organization: string): KeycloakTokens {
  const key = rememberKey(parts)
  const { kernel, sessions } = parts
  const verify = async (token: string): Promise<Claims | undefined> => {
    const { kid, publicKey } = await key()
    if (peek(token)?.kid !== kid) return undefined
    return verifyJwt(token, { keys: publicKey, now: kernel.clock.now() })
  }
  const issue = async (grounds: Grounds): Promise<TokenAnswer> =>
    signAll(parts, { ...grounds, key: await key(), organization })
  return {
    key,
    issue,
    refresh: async ({ token, client, issuer, address }) => {
      const claims = await verify(token)
      const { sid, scope, azp } = claims ?? {}
      if (typeof sid !== 'string' || (claims?.typ !== 'Refresh' && claims?.typ !== 'Offline'))
        throw new OAuthFailure(400, 'invalid_grant', 'Invalid refresh token')
      if (azp !== client)
        throw new OAuthFailure(
          400,
          'invalid_grant',
          'Invalid refresh token. Token client and authorized client do not match',
        )
      const found = await sessions.find(sid, address)
      if (found === undefined) throw new OAuthFailure(400, 'invalid_grant', 'Token is not active')
      return issue({ ...found, issuer, client, scope: typeof scope === 'string' ? scope : 'openid' })
    },
    sessionOf: async token => {
      const sid = (await verify(token))?.sid
      return typeof sid === 'string' ? sid : undefined
    },
    authenticate: async (token, address) => {
      const claims = await verify(token)
      if (claims?.typ !== 'Bearer' || typeof claims.sid !== 'string') return undefined
      const found = await sessions.find(claims.sid, address)
      return found === undefined || found.principal.id !== claims.sub
        ? undefined
        : { ...found.principal, via: 'keycloak' }
    },
  }
}

type Signing = Grounds & { readonly key: SigningKey; readonly organization: string }

async function signAll({ kernel }: AccessParts, given: Signing): Promise<TokenAnswer> {
  const { row, principal, issuer, client, scope, key, organization } = given
  const now = Math.floor(kernel.clock.now() / SECOND)
  const end = Math.floor(Date.parse(row.expires_at) / SECOND)
  const offline = scope.split(' ').includes('offline_access')
  const id = (): string => Buffer.from(kernel.random(16)).toString('hex')
  const common = { iss: issuer, sub: principal.id, azp: client, sid: row.id, session_state: row.id, iat: now }
  const roles = eimRoles(principal, await listProjects(kernel.store), organization)
  const person = { preferred_username: principal.name, name: principal.name }
  const access = {
    ...{ ...common, ...person, scope, jti: id(), typ: 'Bearer', aud: 'account', acr: '1' },
    exp: Math.min(now + ACCESS_MS / SECOND, end),
    'allowed-origins': [],
    realm_access: { roles: [...roles] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
  }
  const refresh = {
    ...common,
    scope,
    jti: id(),
    typ: offline ? 'Offline' : 'Refresh',
    aud: issuer,
    exp: end,
  }
  const identity = { ...common, ...person, jti: id(), typ: 'ID', aud: client, auth_time: now, exp: access.exp }
  return {
    access_token: await signJwt(access, key),
    expires_in: access.exp - now,
    refresh_expires_in: end - now,
    refresh_token: await signJwt(refresh, key),
    token_type: 'Bearer',
    ...(scope.split(' ').includes('openid') ? { id_token: await signJwt(identity, key) } : {}),
    'not-before-policy': 0,
    session_state: row.id,
    scope,
  }
}

/** How long a session of a scope lasts. */
export function lifeOf(scope: string): number {
  return scope.split(' ').includes('offline_access') ? OFFLINE_MS : SESSION_LIFE_MS
}

/** Reads the installation's key, or makes it, once; after a failure the next call tries again. */
function rememberKey({ kernel, secrets }: AccessParts): () => Promise<SigningKey> {
  let reading: Promise<SigningKey> | undefined
  const read = async (): Promise<SigningKey> => {
    const known = await secrets.active(kernel.store, KEY)
    const secret = known ?? (await keep(Secret.of(await newSigningKey())))
    return secret.use(pem => signingKeyOf(pem))
  }
  const keep = (fresh: Secret): Promise<Secret> =>
    kernel.store.change(async tx => {
      const present = await secrets.active(tx, KEY)
      if (present === undefined) await secrets.put(tx, KEY, fresh)
      return present ?? fresh
    })
  return () => {
    reading ??= read().catch(thrown => {
      reading = undefined
      throw thrown
    })
    return reading
  }
}
