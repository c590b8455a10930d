// SPDX-License-Identifier: Apache-2.0
/** Failures as OAuth tells them (RFC 6749 §5.2), in Keycloak's words; only at Keycloak's addresses. */

export type OAuthCode =
  | 'invalid_request'
  | 'invalid_grant'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'unauthorized_client'
  | 'temporarily_unavailable'
  | 'server_error'

/** Thrown by what answers there. */
export class OAuthFailure extends Error {
  readonly status: number
  readonly code: OAuthCode | string
  readonly description: string
  readonly retryAfterS: number | undefined

  constructor(status: number, code: OAuthCode | string, description: string, retryAfterS?: number) {
    super(`${code}: ${description}`)
    this.status = status
    this.code = code
    this.description = description
    this.retryAfterS = retryAfterS
  }
}
