// SPDX-License-Identifier: Apache-2.0
/** Serves the pages and what they need. */
import { indexPage, pageStyle, setupPage, setupScript } from '../../web/pages.ts'
import type { Http } from '../http.ts'

const FILES = [
  ['/', 'text/html; charset=utf-8', indexPage],
  ['/setup', 'text/html; charset=utf-8', setupPage],
  ['/assets/page.css', 'text/css; charset=utf-8', pageStyle],
  ['/assets/setup.js', 'text/javascript; charset=utf-8', setupScript],
] as const

export function webRoutes(http: Http): void {
  for (const [url, type, content] of FILES) {
    http.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (_, reply) =>
      reply.header('content-type', type).serializer(String).send(content),
    )
  }
}
