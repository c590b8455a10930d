// SPDX-License-Identifier: Apache-2.0
/** Tells of a certificate file whether it could provision the devices of a suffix, and keeps nothing of it. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, Time } from '../../../http/schemas.ts'
import { Secret } from '../../../secrets/secrets.ts'
import { BASE64, MEBIBYTE } from './domains.ts'
import { checkPfx, UNREADABLE } from './pfx.ts'
import type { PfxReader } from './pfx-worker.ts'

const Body = Type.Object(
  {
    domainSuffix: Type.String({ minLength: 1, maxLength: 253 }),
    provisioningCert: Type.String({ minLength: 1, maxLength: MEBIBYTE, description: 'Base64 of the PFX file' }),
    provisioningCertPassword: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
)
const Finding = Type.Object({
  ok: Type.Boolean(),
  code: Type.Optional(Type.String({ description: 'The first check that failed; those after it were not made' })),
  message: Type.Optional(Type.String()),
  expires: Type.Optional(Time),
})

export type DomainCheckParts = { readonly readPfx: PfxReader; readonly now: () => number }

export function domainCheckRoute(http: Http, { readPfx, now }: DomainCheckParts): void {
  http.post(
    '/v1/projects/:project/oob/domain-check',
    {
      config: { access: 'host.access' },
      bodyLimit: MEBIBYTE,
      schema: {
        tags: ['out-of-band'],
        summary: 'Whether a certificate file could provision the devices of a suffix; nothing is kept',
        params: InProject,
        body: Body,
        response: { 200: Finding, ...failures },
      },
    },
    async request => {
      const { domainSuffix: suffix, provisioningCert, provisioningCertPassword } = request.body
      const gone = new AbortController()
      request.raw.once('aborted', () => gone.abort(new Error('the client went away')))
      const content = BASE64.test(provisioningCert)
        ? await readPfx(Buffer.from(provisioningCert, 'base64'), Secret.of(provisioningCertPassword), gone.signal)
        : undefined
      const finding = content === undefined ? UNREADABLE : checkPfx(content, { suffix, now: now() })
      if (finding.ok) return { ok: true, expires: finding.pfx.expires }
      return { ok: false, code: finding.code, message: finding.message }
    },
  )
}
