// SPDX-License-Identifier: Apache-2.0
/** The identity providers of the configuration: whose tokens are believed, and what they mean here. */
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Grant, Principal } from '../../../kernel/permissions.ts'
import type { ProviderWay } from '../../../kernel/surface.ts'
import type { SecretFiles } from '../../../secrets/secrets.ts'
import { addPerson, findPerson } from '../accounts/accounts.ts'
import type { Provider } from '../config.ts'
import { problem } from '../problems.ts'
import { grantsOfSubject } from '../roles/bindings.ts'
import { type Told, toldIn } from '../sessions/sessions.ts'
import type { SessionRow } from '../tables.ts'
import { type Claims, peek, remoteKeys, verifyJwt } from '../tokens/jwt.ts'
import { isFor, mappedGrants, toldBy } from './claims.ts'
import { createOidcClient, type OidcClient } from './client.ts'

export type NamedProvider = Provider & { readonly name: string }

export type Recognised = { readonly principal: Principal; readonly told: Told; readonly claims: Claims }

export interface Providers {
  /** How people sign in with them. */
  readonly ways: readonly ProviderWay[]
  find(name: string): { readonly provider: NamedProvider; readonly client: OidcClient } | undefined
  /** Who a token of one of the providers stands for; `undefined` for anything else. */
  authenticate(token: string, address: string): Promise<Principal | undefined>
  /** The same for an ID token of a provider, with what it told. */
  recognise(provider: NamedProvider, token: string, address: string): Promise<Recognised | undefined>
  /** Grants of a session by what was told at its sign-in. */
  granted(row: SessionRow): Promise<readonly Grant[]>
}

export type ProviderParts = {
  readonly kernel: Kernel
  readonly files: SecretFiles
  readonly config: readonly Provider[]
}

type Entry = { readonly provider: NamedProvider; readonly client: OidcClient; keys?: ReturnType<typeof remoteKeys> }

const KNOWN_MOST = 10_000

/** Throws `provider-misconfigured`, and what reading a secret's file throws. */
export async function openProviders({ kernel, files, config }: ProviderParts): Promise<Providers> {
  const entries = new Map<string, Entry>()
  for (const each of config) {
    const provider = { ...each, name: each.name ?? new URL(each.issuer).hostname.split('.')[0] ?? 'oidc' }
    checkProvider(provider, entries)
    const secret = each.clientSecret === undefined ? undefined : await files.read(each.clientSecret.file)
    const { issuer, clientId, scopes = [] } = provider
    const client = createOidcClient({ issuer, clientId, secret, scopes, clock: kernel.clock })
    entries.set(provider.name, { provider, client })
  }
  const known = new Set<string>()
  const grantsOf = (provider: NamedProvider, told: Told) =>
    allGrants(kernel, { provider, told, alone: entries.size === 1 })
  const recognise = async (entry: Entry, token: string, address: string): Promise<Recognised | undefined> => {
    const { provider } = entry
    const claims = await verified(kernel, entry, token)
    if (claims === undefined || !isFor(claims, provider)) return undefined
    const told = toldBy(claims, provider)
    const { sub } = claims
    if (told === undefined || sub === undefined || sub === '' || sub.length > 255) return undefined
    const id = `oidc-${kernel.digest(`${provider.issuer}\n${sub}`).slice(0, 22)}`
    if (!known.has(id)) await ensurePerson(kernel, { id, name: nameIn(claims, sub) })
    if (known.size >= KNOWN_MOST) known.clear()
    known.add(id)
    const principal = await kernel.principals.find(id, { via: 'oidc', address, more: await grantsOf(provider, told) })
    return principal === undefined ? undefined : { principal, told, claims }
  }
  const byName = (name: string): Entry | undefined => entries.get(name)
  return {
    ways: [...entries.keys()].map(name => ({ name, title: name, start: `/v1/session/oidc/${name}/start` })),
    find: byName,
    authenticate: async (token, address) => {
      if (entries.size === 0) return undefined
      const issuer = peek(token)?.issuer
      for (const entry of entries.values()) {
        if (entry.provider.issuer !== issuer) continue
        const found = await recognise(entry, token, address)
        if (found !== undefined) return found.principal
      }
      return undefined
    },
    recognise: async ({ name }, token, address) => {
      const entry = byName(name)
      return entry === undefined ? undefined : recognise(entry, token, address)
    },
    granted: async ({ issuer, groups }) => {
      const entry = byName(issuer ?? '')
      return entry === undefined ? [] : grantsOf(entry.provider, toldIn(groups))
    },
  }
}

function checkProvider({ name, issuer }: NamedProvider, others: ReadonlyMap<string, unknown>): void {
  if (others.has(name)) throw problem('provider-misconfigured', `two are called ${name}: give them a name`)
  const { protocol, hostname } = new URL(issuer)
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'http:' && !here) throw problem('provider-misconfigured', `${issuer} is not https`)
}

async function verified(kernel: Kernel, entry: Entry, token: string): Promise<Claims | undefined> {
  const head = peek(token)
  // A key is asked for by a name; one that is an address or a path is none.
  if (head === undefined || (head.kid !== undefined && !/^[\w.~=+-]{1,200}$/.test(head.kid))) return undefined
  try {
    entry.keys ??= remoteKeys(await entry.client.keysUri(), kernel.clock)
  } catch (thrown) {
    kernel.log.warn('an identity provider cannot be reached', { provider: entry.provider.name, error: String(thrown) })
    return undefined
  }
  return verifyJwt(token, { keys: entry.keys, issuer: entry.provider.issuer, now: kernel.clock.now() })
}

type Granting = { readonly provider: NamedProvider; readonly told: Told; readonly alone: boolean }

/** Groups are bound as `<provider>:<group>`, or by their own name while there is only one provider. */
async function allGrants({ store }: Kernel, { provider, told, alone }: Granting): Promise<readonly Grant[]> {
  const names = told.groups.flatMap(group => [`${provider.name}:${group}`, ...(alone ? [group] : [])])
  const bound = await grantsOfSubject(store, { kind: 'group', names })
  return [...(await mappedGrants(store, provider, told)), ...bound]
}

async function ensurePerson(kernel: Kernel, fresh: { readonly id: string; readonly name: string }): Promise<void> {
  await kernel.store.change(async tx => {
    if ((await findPerson(tx, fresh.id)) === undefined) await addPerson(kernel, tx, fresh)
  })
}

/** What people call them: a claim of theirs, cut to what names may be. */
function nameIn({ preferred_username: username, name, email }: Claims, sub: string): string {
  const text = [username, name, email].find(each => typeof each === 'string' && each !== '') ?? sub
  return String(text)
    .replace(/[^\p{L}\p{N} ._@+-]/gu, '')
    .slice(0, 60)
}
