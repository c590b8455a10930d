// SPDX-License-Identifier: Apache-2.0
/** Finds for an activation what people kept for it: the profile with all it names, the domain, the certificate. */
import { createHash, X509Certificate } from 'node:crypto'
import { Secret, type Secrets } from '../../../secrets/secrets.ts'
import type { Db } from '../../../store/store.ts'
import { recordSecret } from '../devices/secrets.ts'
import type { Domain, Profile, ProvisioningCertificate, ResolvedProfile, ResolvedWireless } from './records.ts'
import { find } from './store.ts'

/** Whose record: names match without regard to case. */
export type RecordName = { readonly project: string; readonly name: string }

/** The profile as it is kept, or `undefined`. */
export async function getProfile(db: Db, project: string, name: string): Promise<Profile | undefined> {
  return (await find(db, project, { kind: 'profile', name }))?.record
}

/**
 * The profile with everything it names and the secrets that belong to it, or `undefined` when there is none.
 * What a profile names cannot be removed before it, so nothing is missing.
 */
export async function resolveProfile(
  db: Db,
  secrets: Secrets,
  { project, name }: RecordName,
): Promise<ResolvedProfile | undefined> {
  const profile = await getProfile(db, project, name)
  if (profile === undefined) return undefined
  const secret = (kind: string, owner: string): Promise<Secret | undefined> =>
    secrets.active(db, recordSecret(project, kind, owner))
  const named = async <K extends 'cira' | 'ieee8021x'>(kind: K, owner: string | null) =>
    owner === null ? undefined : (await find(db, project, { kind, name: owner }))?.record
  const { ciraConfigName, wifiConfigs, proxyConfigs } = profile
  const wireless: ResolvedWireless[] = []
  for (const each of byPriority(wifiConfigs)) {
    const found = (await find(db, project, { kind: 'wireless', name: each.profileName }))?.record
    if (found === undefined) continue
    wireless.push({
      ...found,
      priority: each.priority,
      passphrase: await secret('wireless-psk', found.profileName),
      ieee8021x: await named('ieee8021x', found.ieee8021xProfileName),
    })
  }
  const proxies: ResolvedProfile['proxies'][number][] = []
  for (const each of byPriority(proxyConfigs)) {
    const found = (await find(db, project, { kind: 'proxy', name: each.name }))?.record
    if (found !== undefined) proxies.push({ ...found, priority: each.priority })
  }
  return {
    profile,
    amtPassword: profile.generateRandomPassword ? undefined : await secret('profile-amt', name),
    mebxPassword: profile.generateRandomMEBxPassword ? undefined : await secret('profile-mebx', name),
    cira: await named('cira', ciraConfigName),
    ciraPassword: ciraConfigName === null ? undefined : await secret('cira-password', ciraConfigName),
    ieee8021x: await named('ieee8021x', profile.ieee8021xProfileName),
    wireless,
    proxies,
  }
}

function byPriority<T extends { readonly priority: number }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((one, other) => one.priority - other.priority)
}

/**
 * The domain a device belongs to: its DNS suffix, or what remains of it with labels taken off the front, is the
 * domain's suffix. The longest wins.
 */
export async function domainFor(db: Db, project: string, dnsSuffix: string): Promise<Domain | undefined> {
  for (const suffix of suffixesOf(dnsSuffix)) {
    const found = await find(db, project, { kind: 'domain', distinct: suffix })
    if (found !== undefined) return found.record
  }
  return undefined
}

/** `a.b.c` gives `a.b.c` and `b.c`; a top-level domain alone is nobody's. */
export function suffixesOf(dnsSuffix: string): readonly string[] {
  const labels = dnsSuffix
    .trim()
    .toLowerCase()
    .split('.')
    .filter(label => label !== '')
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, from) => labels.slice(from).join('.'))
}

/** How the parsed certificate is kept, as the one secret `domain-chain`: key and chain were checked to belong together. */
export type KeptChain = { readonly chain: readonly string[]; readonly key: string }

/** The provisioning certificate of a domain, or `undefined` when its secrets are gone. */
export async function provisioningCertificate(
  db: Db,
  secrets: Secrets,
  { project, domain }: { readonly project: string; readonly domain: Domain },
): Promise<ProvisioningCertificate | undefined> {
  const kept = await secrets.active(db, recordSecret(project, 'domain-chain', domain.profileName))
  if (kept === undefined) return undefined
  const { chain, key } = kept.use(text => JSON.parse(text) as KeptChain) // written by the domains' store only
  const root = Buffer.from(chain.at(-1) ?? '', 'base64')
  const hash = (algorithm: string): string => createHash(algorithm).update(root).digest('hex')
  return {
    chain,
    key: Secret.of(key),
    digest: digestOf(chain[0] ?? ''),
    rootHashes: { sha1: hash('sha1'), sha256: hash('sha256'), sha384: hash('sha384') },
    expires: domain.expirationDate,
  }
}

/** Node names the algorithm as OpenSSL does: `sha384WithRSAEncryption`. */
function digestOf(leaf: string): 'sha256' | 'sha384' | 'other' {
  const { signatureAlgorithm = '' } = new X509Certificate(Buffer.from(leaf, 'base64'))
  if (/sha256/i.test(signatureAlgorithm)) return 'sha256'
  return /sha384/i.test(signatureAlgorithm) ? 'sha384' : 'other'
}
