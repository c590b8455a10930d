// SPDX-License-Identifier: Apache-2.0
/** The dashboard as a browser gets it: packed files for ever, a page that lets nothing in, and nothing of a module that is off. */
import { get } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { webFolder } from '../support/dashboard.ts'

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, any>>; readonly bytes: Buffer }

/** Bytes as they come: `fetch` would unpack them. */
function read(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
      )
    }).on('error', reject)
  })
}

const HTML = { accept: 'text/html,application/xhtml+xml' }

describe('the dashboard', () => {
  let all: TestController
  let few: TestController
  beforeAll(async () => {
    const dir = await webFolder()
    const dashboard = { dir }
    all = await startTestController({
      config: { modules: { onboarding: {}, inventory: {}, access: {}, oob: {}, dashboard } },
    })
    few = await startTestController({ config: { modules: { onboarding: {}, dashboard } } })
  })
  afterAll(async () => {
    await all.stop()
    await few.stop()
  })

  const scriptsOf = async (controller: TestController): Promise<string[]> => {
    const { bytes } = await read(`${controller.url}/`, HTML)
    return [...bytes.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!)
  }

  it('gives a page whose policy lets in nothing but its own files and styles of this one answer', async () => {
    const first = await read(`${all.url}/`, HTML)
    const second = await read(`${all.url}/`, HTML)
    const nonces = [first, second].map(({ headers }) => /'nonce-([^']+)'/.exec(headers['content-security-policy'])?.[1])

    expect(first.status).toBe(200)
    expect(first.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/,
    )
    expect(first.headers['content-security-policy']).not.toContain('unsafe')
    expect(first.headers['cache-control']).toBe('no-store')
    expect(nonces[0]).not.toBe(nonces[1])
    expect(first.bytes.toString()).toContain(`nonce="${nonces[0]}"`)
    expect(first.bytes.toString()).not.toMatch(/<script(?![^>]*src=)/)
  })

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('sends files packed with %s to who takes it, the same bytes as without', async (coding, unpack) => {
    const [path] = (await scriptsOf(all)).filter(each => /frame-.*\.js$/.test(each))
    const packed = await read(`${all.url}${path}`, { 'accept-encoding': coding })
    const plain = await read(`${all.url}${path}`)

    expect(packed.headers['content-encoding']).toBe(coding)
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(Number(packed.headers['content-length'])).toBe(packed.bytes.length)
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(unpack(packed.bytes).equals(plain.bytes)).toBe(true)
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
  })

  it('takes a coding that is refused with q=0 for refused', async () => {
    const [path] = (await scriptsOf(all)).filter(each => /frame-.*\.js$/.test(each))
    const { headers } = await read(`${all.url}${path}`, { 'accept-encoding': 'br;q=0, gzip;q=0.0' })

    expect(headers['content-encoding']).toBeUndefined()
  })

  it('has pages of modules that run, under any address below them', async () => {
    for (const path of ['/hosts', '/hosts/host-1?tab=raw', '/out-of-band', '/sites/site-1'])
      expect((await read(`${all.url}${path}`, HTML)).status, path).toBe(200)
  })

  it('has no page of a module that is off, and says so in the form of a page', async () => {
    const { status, headers, bytes } = await read(`${few.url}/out-of-band`, HTML)

    expect(status).toBe(404)
    expect(headers['content-type']).toContain('text/html')
    expect(bytes.toString()).toContain('muster-boot')
  })

  it('answers programs that ask for what is not there with a problem', async () => {
    for (const [path, headers] of [
      ['/out-of-band', { accept: 'application/json' }],
      ['/v1/nothing', HTML],
      ['/assets/nothing.js', HTML],
    ] as const) {
      const answer = await read(`${few.url}${path}`, { ...headers })

      expect(answer.status, path).toBe(404)
      expect(answer.headers['content-type'], path).toContain('application/problem+json')
    }
  })

  it('has no file of a module that is off', async () => {
    const { boot, assets } = await listed(all)
    const owned = assets.filter(({ module }) => module === 'oob' || module === 'inventory')
    expect(boot).toContain('oob')
    expect(owned.length).toBeGreaterThan(1)
    for (const { path } of owned) {
      expect((await read(`${all.url}/${path}`)).status, path).toBe(200)
      expect((await read(`${few.url}/${path}`)).status, path).toBe(404)
    }
    expect((await scriptsOf(few)).filter(path => owned.some(each => `/${each.path}` === path))).toEqual([])
  })

  it('does not lead out of its folder', async () => {
    for (const path of [
      '/assets/../dashboard.json',
      '/assets/%2e%2e/dashboard.json',
      '/assets/..%2fdashboard.json',
      '/dashboard.json',
    ])
      expect((await read(`${all.url}${path}`)).status, path).toBe(404)
  })

  async function listed(controller: TestController) {
    const { readFile } = await import('node:fs/promises')
    const { assets } = JSON.parse(await readFile(`${await webFolder()}/dashboard.json`, 'utf8'))
    const boot = (await read(`${controller.url}/`, HTML)).bytes.toString()
    return { boot, assets: assets as { path: string; module?: string }[] }
  }
})
