// SPDX-License-Identifier: Apache-2.0
/** The authorization code flow of OpenID Connect with PKCE (RFC 7636), state and nonce, against one provider. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretPost,
  type Configuration,
  discovery,
  None,
} from 'openid-client'
import { type Clock, SECOND } from '../../../../plugins/contract/index.ts'
import type { Secret } from '../../../secrets/secrets.ts'
import { problem } from '../problems.ts'

export type ClientParts = {
  readonly issuer: string
  readonly clientId: string
  readonly secret: Secret | undefined
  readonly scopes: readonly string[]
  readonly clock: Pick<Clock, 'monotonic'>
}

/** What the browser is sent away with, and must come back with. */
export type Attempt = {
  readonly redirect: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** SHA-256 of the verifier, base64url. */
  readonly challenge: string
}

export interface OidcClient {
  /** Where the provider's keys are. Throws `provider-unreachable`. */
  keysUri(): Promise<string>
  authorizationUrl(attempt: Attempt): Promise<string>
  /** The ID token for the code that the browser brought. Throws `provider-refused`, `provider-unreachable`. */
  idToken(attempt: Attempt, arrived: URL): Promise<string>
}

const TRY_EVERY_MS = 30 * SECOND
const TIMEOUT_S = 5

/** Looks at the provider when it is first needed; after a failure not again for 30 s. */
export function createOidcClient(parts: ClientParts): OidcClient {
  const { issuer, clientId, secret, scopes, clock } = parts
  let discovered: Promise<Configuration> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  const configuration = (): Promise<Configuration> => {
    if (clock.monotonic() - failedAt < TRY_EVERY_MS) throw problem('provider-unreachable', issuer)
    discovered ??= discover(issuer, clientId, secret).catch(thrown => {
      discovered = undefined
      failedAt = clock.monotonic()
      throw problem('provider-unreachable', issuer, undefined, thrown)
    })
    return discovered
  }
  return {
    keysUri: async () => {
      const { jwks_uri: uri } = (await configuration()).serverMetadata()
      if (uri === undefined) throw problem('provider-unreachable', `${issuer} names no keys`)
      return uri
    },
    authorizationUrl: async ({ redirect, state, nonce, challenge }) =>
      buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirect,
        scope: ['openid', ...scopes.filter(each => each !== 'openid')].join(' '),
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }).href,
    idToken: async ({ state, nonce, verifier }, arrived) => {
      const known = await configuration()
      try {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
        const { id_token: token } = await authorizationCodeGrant(known, arrived, checks)
        if (token === undefined) throw problem('provider-refused', 'no ID token came')
        return token
      } catch (thrown) {
        const code = thrown instanceof ClientError ? thrown.code : undefined
        throw problem(
          code === 'OAUTH_TIMEOUT' ? 'provider-unreachable' : 'provider-refused',
          undefined,
          undefined,
          thrown,
        )
      }
    },
  }
}

function discover(issuer: string, clientId: string, secret: Secret | undefined): Promise<Configuration> {
  const authentication = secret === undefined ? None() : secret.use(text => ClientSecretPost(text))
  // Plain HTTP is taken from this machine only; the configuration was checked for that.
  const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : []
  return discovery(
    new URL(issuer),
    clientId,
    { token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_post' },
    authentication,
    {
      execute,
      timeout: TIMEOUT_S,
    },
  )
}
