// SPDX-License-Identifier: Apache-2.0
/** Tokens in the form of MPS: JSON Web Tokens that sign in to the API, or open one redirection session. The only importer of jose. */
import { jwtVerify, SignJWT } from 'jose'
import { HOUR, type Log, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { Secret, type SecretName, type Secrets } from '../../../secrets/secrets.ts'
import { mayReach } from '../devices/place.ts'
import { checkAccounts, type ToolkitAccount } from './accounts.ts'
import type { ToolkitConfig } from './config.ts'
import { apiToken, type Grounds, groundsText, parseGrounds, type StandingParts, standingOf } from './standing.ts'

export type RedirectionMode = 'kvm' | 'sol' | 'ider'

/** What a redirection token allows, after every check but one: {@link ToolkitTokens.spend}. */
export type RedirectionGrant = {
  readonly project: string
  readonly guid: string
  /** The only mode it opens, when it was asked for with one. */
  readonly mode: RedirectionMode | undefined
  readonly principal: Principal
  /** After so long the session ends, where that is sooner than the rules say. */
  readonly minutes?: number
  readonly jti: string
  /** Epoch ms. */
  readonly expires: number
}

export type RedirectionOrder = {
  readonly principal: Principal
  /** What the caller came with, so that the token dies with it. */
  readonly bearer: string | undefined
  readonly project: string
  readonly guid: string
  readonly mode?: RedirectionMode | undefined
  /** How long the session may last at most. */
  readonly minutes?: number | undefined
}

export interface ToolkitTokens {
  /** A token that signs in until it expires or its grounds are gone. */
  login(grounds: Grounds, subject: string): Promise<string>
  /** Who a login token stands for, as of now; `undefined` for anything else, redirection tokens among it. */
  authenticate(token: string, address: string): Promise<Principal | undefined>
  /** A token for one redirection session of one device, good for five minutes. */
  redirection(order: RedirectionOrder): Promise<string>
  /** Checks all but whether it was used; `undefined` for anything that is not a living redirection token of this process. */
  verifyRedirection(token: string, address: string): Promise<RedirectionGrant | undefined>
  /** Uses it up. `false` when it was used before, or when so many are remembered that one more could be forgotten. */
  spend(grant: RedirectionGrant): boolean
}

export type ToolkitTokenParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly config: ToolkitConfig
  readonly accounts: readonly ToolkitAccount[]
  readonly log: Log
}

export const TOOLKIT_KEY: SecretName = { project: '', kind: 'toolkit-jwt', owner: 'v1' }
const ALGORITHM = 'HS256'
const ANY_DEVICE = '*'
const REDIRECTION_LIFE_MS = 5 * MINUTE
const MAX_TOKEN = 4_096
const MAX_SPENT = 50_000
const KEY_BYTES = 32

/** Throws what {@link checkAccounts} throws. */
export function createToolkitTokens(parts: ToolkitTokenParts): ToolkitTokens {
  const { kernel, config, accounts } = parts
  checkAccounts(accounts)
  const issuer = config.issuer ?? 'muster'
  const key = rememberKey(parts)
  // Tokens of an earlier run may have been used in it, so they are not believed.
  const run = textOf(kernel.random(12))
  const spent = new Map<string, number>()

  const sign = async (claims: Readonly<Record<string, string>>, lifeMs: number): Promise<string> => {
    const now = Math.floor(kernel.clock.now() / SECOND)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + Math.floor(lifeMs / SECOND))
      .sign(await key())
  }
  const verify = async (token: string, audience: string) => {
    if (token.length > MAX_TOKEN) return undefined
    try {
      const { payload } = await jwtVerify(token, await key(), {
        algorithms: [ALGORITHM],
        issuer,
        audience,
        requiredClaims: ['exp', 'sub', 'jti', 'tenantId', 'deviceId', 'grounds'],
        currentDate: new Date(kernel.clock.now()),
      })
      return payload
    } catch {
      return undefined
    }
  }
  const standing = async (grounds: unknown, address: string) => {
    const parsed = parseGrounds(grounds)
    return parsed === undefined ? undefined : standingOf(parts, parsed, address)
  }
  const authenticate: ToolkitTokens['authenticate'] = async (token, address) => {
    const claims = await verify(token, 'login')
    return claims?.deviceId === ANY_DEVICE ? standing(claims.grounds, address) : undefined
  }
  return {
    login: (grounds, subject) => {
      const claims = { tenantId: '', deviceId: ANY_DEVICE, sub: subject, aud: 'login', grounds: groundsText(grounds) }
      return sign({ ...claims, jti: textOf(kernel.random(16)) }, (config.loginHours ?? 24) * HOUR)
    },
    authenticate,
    redirection: async ({ principal, bearer, project, guid, mode, minutes }) => {
      const grounds = groundsText(await groundsOf(parts, { principal, bearer, verify }))
      const claims = { tenantId: project, deviceId: guid, sub: principal.id, aud: 'redirection', grounds }
      const jti = `${run}.${textOf(kernel.random(16))}`
      const more = {
        ...(mode === undefined ? {} : { mode }),
        ...(minutes === undefined ? {} : { minutes: `${minutes}` }),
      }
      return sign({ ...claims, jti, ...more }, REDIRECTION_LIFE_MS)
    },
    verifyRedirection: async (token, address) => {
      const claims = await verify(token, 'redirection')
      if (claims === undefined) return undefined
      const { tenantId, deviceId, jti = '', exp = 0, sub, mode, minutes } = claims
      if (typeof tenantId !== 'string' || typeof deviceId !== 'string' || deviceId === ANY_DEVICE) return undefined
      if (!jti.startsWith(`${run}.`) || spent.has(jti)) return undefined
      if (mode !== undefined && mode !== 'kvm' && mode !== 'sol' && mode !== 'ider') return undefined
      const principal = await standing(claims.grounds, address)
      if (principal === undefined || principal.id !== sub) return undefined
      const device = { project: tenantId, guid: deviceId, permission: 'host.access' } as const
      if (!(await mayReach({ kernel }, principal, device))) return undefined
      const limit = minutes === undefined ? {} : { minutes: Number(minutes) }
      return { project: tenantId, guid: deviceId, mode, principal, jti, expires: exp * SECOND, ...limit }
    },
    spend: ({ jti, expires }) => {
      const now = kernel.clock.now()
      for (const [each, until] of spent) if (until <= now) spent.delete(each)
      if (spent.has(jti) || spent.size >= MAX_SPENT) return false
      spent.set(jti, Math.max(expires, now + SECOND))
      return true
    },
  }
}

type Verify = (token: string, audience: string) => Promise<Readonly<Record<string, unknown>> | undefined>

async function groundsOf(
  parts: StandingParts,
  { principal, bearer, verify }: { principal: Principal; bearer: string | undefined; verify: Verify },
): Promise<Grounds> {
  const own = bearer === undefined ? undefined : parseGrounds((await verify(bearer, 'login'))?.grounds)
  if (own !== undefined) return own
  const token = bearer === undefined ? undefined : await apiToken(parts, bearer)
  return token === undefined ? { kind: 'person', id: principal.id } : { kind: 'token', id: token.id }
}

/** Reads the installation's key, or makes it, once; after a failure the next call tries again. */
function rememberKey({ kernel, secrets }: ToolkitTokenParts): () => Promise<Uint8Array> {
  let reading: Promise<Uint8Array> | undefined
  const read = async (): Promise<Uint8Array> => {
    const secret = await kernel.store.change(async tx => {
      const known = await secrets.active(tx, TOOLKIT_KEY)
      if (known !== undefined) return known
      const made = Secret.of(Buffer.from(kernel.random(KEY_BYTES)).toString('base64url'))
      await secrets.put(tx, TOOLKIT_KEY, made)
      return made
    })
    return secret.use(text => new Uint8Array(Buffer.from(text, 'base64url')))
  }
  return () => {
    reading ??= read().catch(thrown => {
      reading = undefined
      throw thrown
    })
    return reading
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
