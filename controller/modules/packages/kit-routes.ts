// SPDX-License-Identifier: Apache-2.0
/** Makes kits for machines without a network, from what the repository has. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { DEB_ARCHES, FORMATS, type KitSource, planKit, USUAL_PACKAGES } from '../../../provisioning/kit/kit.ts'
import { tarSize, writeTar } from '../../../provisioning/kit/tar.ts'
import type { Http } from '../../http/http.ts'
import { failures } from '../../http/schemas.ts'
import type { Listing, Repository } from './files.ts'
import { problem } from './problems.ts'
import { addressOf, type JoinParts, rootOf } from './routes.ts'

/** A kit is tens of megabytes. */
const KITS_PER_MINUTE = 10

const Wish = Type.Object(
  {
    arches: Type.Optional(Type.Array(Type.Enum([...DEB_ARCHES]), { minItems: 1, uniqueItems: true })),
    formats: Type.Optional(Type.Array(Type.Enum([...FORMATS]), { minItems: 1, uniqueItems: true })),
    packages: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9+.-]{1,99}$' }), {
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
      }),
    ),
    token: Type.Optional(
      Type.String({ pattern: '^muster-join_1[.A-Za-z0-9_-]{1,200}$', description: 'Join token that lies in the kit' }),
    ),
  },
  { additionalProperties: false },
)

export function kitRoutes(http: Http, { repository, authority }: Omit<JoinParts, 'requestsPerMinute'>): void {
  http.post(
    '/v1/packages/kit',
    {
      config: { access: 'signed-in', rateLimit: { max: KITS_PER_MINUTE, timeWindow: '1 minute' } },
      schema: {
        tags: ['packages'],
        summary: 'Packages, keys and a script as one archive, for machines without a network',
        body: Wish,
        response: { 200: Type.Unknown({ description: 'A tar archive' }), ...failures },
      },
    },
    async (request, reply) => {
      const listing = await repository.listing()
      if (listing === undefined) throw problem('no-repository')
      const { arches = ['amd64'], formats, packages = [...USUAL_PACKAGES], token } = request.body
      const present = FORMATS.filter(format => listing.packages.some(each => each.format === format))
      const entries = await planKit(sourceOf(repository, listing), {
        arches,
        formats: formats ?? present,
        packages,
        url: addressOf(authority, request),
        token,
        root: rootOf(authority),
      })
      const seconds = Math.floor(Date.parse(listing.at) / 1_000)
      return reply
        .header('content-type', 'application/x-tar')
        .header('content-length', tarSize(entries))
        .send(Readable.from(writeTar(entries, seconds)))
    },
  )
}

function sourceOf(repository: Repository, { suite, keys, packages }: Listing): KitSource {
  return {
    suite,
    keys,
    packages,
    text: async path => {
      const bytes = await repository.bytes(path)
      return bytes === undefined ? undefined : Buffer.from(bytes).toString()
    },
    bytes: path => repository.bytes(path),
    stream: async function* (path) {
      const opened = await repository.open(path)
      if (opened !== undefined) yield* opened.read(0, opened.size)
    },
  }
}
