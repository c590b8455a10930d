// SPDX-License-Identifier: Apache-2.0
/** An identity provider that says whatever a test wants, signed with whatever key. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export type Keys = Awaited<ReturnType<typeof generateKeyPair>>

export interface HostileProvider {
  readonly issuer: string
  readonly keys: Keys
  readonly fetches: () => number
  /** What the token endpoint answers with next. */
  answerWith(idToken: string): void
  /** Whoever comes with a browser from now on has signed in with these claims. */
  welcome(claims: (nonce: string) => JWTPayload): void
  sign(claims: JWTPayload, how?: { kid?: string; alg?: string; key?: Keys['privateKey'] | Uint8Array }): Promise<string>
  stop(): Promise<void>
}

export async function startHostileProvider(): Promise<HostileProvider> {
  const keys = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  let fetches = 0
  let idToken = ''
  let issuer = ''
  let welcomed: ((nonce: string) => JWTPayload) | undefined
  const sign: HostileProvider['sign'] = (claims, { kid = 'one', alg = 'RS256', key = keys.privateKey } = {}) =>
    new SignJWT({ iss: issuer, sub: 'ada', aud: 'muster', iat: now(), exp: now() + 300, ...claims })
      .setProtectedHeader({ alg, kid })
      .sign(key)
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const send = (body: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/.well-known/openid-configuration')
      return send({
        issuer,
        jwks_uri: `${issuer}/keys`,
        token_endpoint: `${issuer}/token`,
        authorization_endpoint: `${issuer}/authorize`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (request.url === '/keys') {
      fetches++
      return send({ keys: [jwk] })
    }
    if (request.url === '/token') return send({ access_token: 'x', token_type: 'Bearer', id_token: idToken })
    const asked = new URL(request.url ?? '/', issuer)
    if (asked.pathname === '/authorize' && welcomed !== undefined) {
      const { redirect_uri: back = '', state = '', nonce = '' } = Object.fromEntries(asked.searchParams)
      return void sign(welcomed(nonce)).then(token => {
        idToken = token
        response.writeHead(302, { location: `${back}?code=c&state=${encodeURIComponent(state)}` }).end()
      })
    }
    response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    keys,
    fetches: () => fetches,
    answerWith: token => {
      idToken = token
    },
    welcome: claims => {
      welcomed = claims
    },
    sign,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}

export function now(): number {
  return Math.floor(Date.now() / 1_000)
}
