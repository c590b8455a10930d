// SPDX-License-Identifier: Apache-2.0
/** The reference says what the sources say, and every failure has one name. */
import { describe, expect, it } from 'vitest'
import { listProblems } from '../tools/reference/problems.ts'
import { PAGES } from '../tools/reference.ts'
import { read } from './tree.ts'

const problems = await listProblems()

describe('problems', () => {
  it('have one owner each', () => {
    const codes = problems.map(({ code }) => code)
    const twice = problems.filter(({ code }) => codes.indexOf(code) !== codes.lastIndexOf(code))

    expect(codes.length).toBeGreaterThan(60)
    expect(twice.map(({ code, owner }) => `${code} in ${owner}`)).toEqual([])
  })

  it('have codes in kebab case and titles without a full stop', () => {
    const odd = problems.filter(
      ({ code, title }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code) || !/^[A-Z].*[^.]$/.test(title),
    )

    expect(odd.map(({ code }) => code)).toEqual([])
  })

  it('have a status of HTTP that means failure', () => {
    expect(problems.filter(({ status }) => status < 400 || status > 599).map(({ code }) => code)).toEqual([])
  })
})

/** Routes that anybody may call: health, signing in, the first administrator, and machines on their way in. */
const PUBLIC = [
  'GET /api/v1/admin/health',
  'GET /api/v1/admin/version',
  'GET /api/v1/health',
  'GET /api/v1/version',
  'GET /enroll/v1/nonce',
  'GET /enroll/v1/trust',
  'GET /healthz',
  'GET /mps/api/v1/health',
  'GET /mps/api/v1/version',
  'GET /readyz',
  'GET /rps/api/v1/admin/health',
  'GET /rps/api/v1/admin/version',
  'GET /v1/session/oidc/{provider}/callback',
  'GET /v1/session/oidc/{provider}/start',
  'POST /api/v1/authorize',
  'POST /enroll/v1/leave',
  'POST /enroll/v1/rejoin',
  'POST /enroll/v1/renew',
  'POST /enroll/v1/requests',
  'POST /enroll/v1/requests/{request}',
  'POST /enroll/v1/time',
  'POST /mps/api/v1/authorize',
  'POST /mps/login/api/v1/authorize',
  'POST /v1/access/invites',
  'POST /v1/session',
  'POST /v1/setup',
]

describe('the API', () => {
  it('asks for a credential on every route but these', () => {
    const { paths }: { paths: Record<string, Record<string, { security?: unknown }>> } = JSON.parse(
      read('docs/reference/openapi.json'),
    )
    const open = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        security === undefined ? [`${method.toUpperCase()} ${path}`] : [],
      ),
    )

    expect(open.sort()).toEqual(PUBLIC)
  })
})

describe('the reference', () => {
  it.each(Object.entries(PAGES))('%s is what `node test/tools/reference.ts` writes', async (file, write) => {
    expect(read(file)).toBe(await write())
  })
})
