// SPDX-License-Identifier: Apache-2.0
/** What there is to install and how a machine joins: for people at the machine, and for programs. */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { fingerprintOf } from '../../../provisioning/pki/keys.ts'
import { cloudConfig } from '../../../provisioning/seed/cloud-config.ts'
import type { Http } from '../../http/http.ts'
import { failures } from '../../http/schemas.ts'
import type { CertificateAuthority } from '../../kernel/authority.ts'
import type { Listing, Repository } from './files.ts'
import { aptLines, dnfLines, ROOT_FILE, type Source, TOKEN_PLACE } from './join.ts'
import { problem } from './problems.ts'

const Digest = Type.String({ description: 'SHA-256, hexadecimal' })
const Lines = Type.Array(Type.String(), { description: 'Key, source, install and enroll' })
const Offered = Type.Object({
  name: Type.String(),
  summary: Type.String(),
  format: Type.Enum(['deb', 'rpm']),
  versions: Type.Array(Type.Object({ version: Type.String(), arch: Type.String(), bytes: Type.Integer() })),
})
const Packages = Type.Object({
  published: Type.Boolean({ description: 'Whether there is a repository; without one, there is nothing below' }),
  url: Type.Optional(Type.String({ description: 'Address of the controller, as the lines name it' })),
  at: Type.Optional(Type.String({ description: 'When the repository was written last' })),
  validUntil: Type.Optional(Type.String({ description: 'Until when machines believe it' })),
  keys: Type.Optional(Type.Object({ apt: Type.String(), rpm: Type.String() }, { description: 'Fingerprints' })),
  rootFingerprint: Type.Optional(Type.String({ description: 'SHA-256 of the root of the controller’s certificate' })),
  digests: Type.Optional(Type.Object({ apt: Digest, rpm: Digest, root: Digest })),
  tokenPlace: Type.Optional(Type.String({ description: 'What stands in the lines for a join token' })),
  join: Type.Optional(Type.Object({ apt: Lines, dnf: Lines, cloudInit: Type.String() })),
  packages: Type.Array(Offered),
})

/** The certificate that ends the controller's own chain, which machines are told the fingerprint of. */
export function rootOf(authority: CertificateAuthority): string {
  const { roots } = authority.trust().head
  const root = roots.find(pem => fingerprintOf(pem) === authority.rootFingerprint) ?? roots[0] ?? ''
  return `${root.trim()}\n`
}

export type JoinParts = {
  readonly repository: Repository
  readonly authority: CertificateAuthority
  readonly requestsPerMinute: number
}

export function joinRoutes(http: Http, parts: JoinParts): void {
  http.get(
    '/v1/packages',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['packages'],
        summary: 'Packages to install, and how a machine joins',
        response: { 200: Packages, ...failures },
      },
    },
    async request => (await describe(parts, request)) ?? { published: false, packages: [] },
  )
  const limited = {
    access: 'public',
    rateLimit: { max: parts.requestsPerMinute, timeWindow: '1 minute' },
  } as const
  http.get('/packages/join', { config: limited, schema: { hide: true } }, async (request, reply) => {
    const described = await describe(parts, request)
    if (described === undefined) throw problem('no-repository')
    return reply.header('content-type', 'text/plain; charset=utf-8').serializer(String).send(asText(described.join))
  })
  http.get(`/packages/keys/${ROOT_FILE}`, { config: limited, schema: { hide: true } }, async (_, reply) =>
    reply
      .header('content-type', 'application/x-pem-file')
      .header('cache-control', 'no-cache')
      .serializer(String)
      .send(rootOf(parts.authority)),
  )
}

function asText({ apt, dnf }: { readonly apt: readonly string[]; readonly dnf: readonly string[] }): string {
  const head = [
    '# Lines for a machine that joins. Whoever could change this answer could change the digests in it: take them from',
    '# the dashboard, or from `muster system packages`, when this was fetched without checking the certificate.',
    `# ${TOKEN_PLACE} stands for a join token: muster token create`,
  ]
  return [...head, '', '# Debian, Ubuntu', ...apt, '', '# Fedora, RHEL', ...dnf, ''].join('\n')
}

async function describe({ repository, authority }: JoinParts, request: FastifyRequest) {
  const listing = await repository.listing()
  if (listing === undefined) return undefined
  const root = rootOf(authority)
  const digest = (name: string): string => listing.keyFiles[name] ?? ''
  const source: Source = {
    url: addressOf(authority, request),
    suite: listing.suite,
    digests: {
      apt: digest('muster-archive-keyring.gpg'),
      rpm: digest('muster-rpm.asc'),
      root: createHash('sha256').update(root).digest('hex'),
    },
  }
  const keyring = Buffer.from((await repository.bytes('keys/muster-archive-keyring.asc')) ?? []).toString()
  return {
    published: true,
    url: source.url,
    at: listing.at,
    validUntil: listing.validUntil,
    keys: listing.keys,
    rootFingerprint: authority.rootFingerprint,
    digests: source.digests,
    tokenPlace: TOKEN_PLACE,
    join: {
      apt: [...aptLines(source)],
      dnf: [...dnfLines(source)],
      cloudInit: cloudConfig({ ...source, keyring, root, token: TOKEN_PLACE }),
    },
    packages: offered(listing),
  }
}

/** One line for a name and format, with what there is of it. */
function offered({ packages }: Listing) {
  const byName = Object.groupBy(packages, ({ format, name }) => `${name} ${format}`)
  return Object.values(byName).flatMap((group = []) => {
    const [first] = group
    if (first === undefined) return []
    const versions = group.map(({ version, arch, bytes }) => ({ version, arch, bytes }))
    return [{ name: first.name, summary: first.summary, format: first.format, versions }]
  })
}

/** The configured address; where that says no more than this machine, the name the caller has used, which was checked. */
export function addressOf(authority: CertificateAuthority, { host, protocol }: FastifyRequest): string {
  const own = authority.url()
  const isLocal = /^https?:\/\/(localhost|127\.|\[::1\])/.test(own)
  return isLocal && protocol === 'https' && host !== '' ? `https://${host.toLowerCase()}` : own
}
