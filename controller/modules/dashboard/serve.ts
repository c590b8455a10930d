// SPDX-License-Identifier: Apache-2.0
/** Serves the page under every address that has one, and the files it is made of. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Http } from '../../http/http.ts'
import { problem } from '../../http/problems.ts'
import { AREAS, KERNEL } from './areas.ts'
import type { Boot } from './boot.ts'
import type { Asset, Built } from './files.ts'
import { fillPage, policyOf } from './page.ts'

export type Serving = {
  readonly built: Built
  readonly boot: () => Promise<Boot>
  /** Random text for one answer. */
  readonly nonce: () => string
}

/** A year: the name of a file changes with its content. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

const open = { config: { access: 'public' }, schema: { hide: true } } as const

export async function serveDashboard(http: Http, serving: Serving): Promise<void> {
  const { modules } = await serving.boot()
  const page = (_: FastifyRequest, reply: FastifyReply) => sendPage(reply, serving)
  for (const module of modules) {
    for (const area of AREAS[module] ?? []) {
      http.get(`/${area}`, open, page)
      if (area !== '') http.get(`/${area}/*`, open, page)
    }
  }
  const files = new Map(served(serving.built, modules).map(asset => [`/${asset.path}`, asset]))
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? ''
    const asset = files.get(path)
    if (asset === undefined) throw problem('route-unknown', `GET ${path.slice(0, 200)}`)
    return sendAsset(request, reply, { asset, built: serving.built })
  }
  http.get('/assets/*', open, send)
  for (const path of files.keys()) if (!path.startsWith('/assets/')) http.get(path, open, send)
}

/** What belongs to a module that is off is not there. */
function served({ listing }: Built, modules: readonly string[]): readonly Asset[] {
  return listing.assets.filter(({ module = KERNEL }) => modules.includes(module))
}

/** The page under any address. */
export async function sendPage(reply: FastifyReply, { built, boot, nonce: draw }: Serving): Promise<FastifyReply> {
  const nonce = draw()
  const told = await boot()
  const preload = told.modules.flatMap(module => built.listing.entries[module] ?? [])
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', policyOf(nonce))
    .serializer(String)
    .send(fillPage(built.listing.page, { nonce, boot: told, preload }))
}

type Sending = { readonly asset: Asset; readonly built: Built }

async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  { asset, built }: Sending,
): Promise<FastifyReply> {
  const accepted = request.headers['accept-encoding'] ?? ''
  const coding = CODINGS.find(([name]) => asset.packed[name] !== undefined && accepts(accepted, name))
  reply
    .header('content-type', asset.type)
    .header('cache-control', asset.path.startsWith('assets/') ? FOR_EVER : 'no-cache')
    .header('vary', 'accept-encoding')
  if (coding === undefined) {
    return reply.header('content-length', asset.bytes).send(built.read(asset.path, ''))
  }
  const [name, suffix] = coding
  return reply
    .header('content-encoding', name)
    .header('content-length', asset.packed[name])
    .send(built.read(asset.path, suffix))
}

/** RFC 9110 §12.5.3, as far as browsers go: named, and not with a weight of nought. */
function accepts(header: string, coding: string): boolean {
  const named = header.split(',').map(each => each.trim().toLowerCase())
  return named.some(each => each === coding || (each.startsWith(`${coding};`) && !/q=0(\.0*)?$/.test(each)))
}
