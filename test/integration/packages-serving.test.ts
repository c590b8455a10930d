// SPDX-License-Identifier: Apache-2.0
/** How the controller serves a repository: to anybody, in parts, with conditions, and nothing beside it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { sketchRepository } from '../support/repository.ts'

const DEB = 'apt/pool/main/m/muster-agent/muster-agent_0.1.0+b1~rc2_amd64.deb'

describe('a controller with a repository', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-serving-'))
  const out = join(dir, 'repository')
  let controller: TestController
  const put = (path: string, content: string): void => {
    mkdirSync(join(out, path, '..'), { recursive: true })
    writeFileSync(join(out, path), content)
  }
  beforeAll(async () => {
    sketchRepository(out)
    put(DEB, '0123456789')
    put('apt/empty', '')
    put('apt/half.deb.part', 'half')
    put('apt/.hidden', 'secret')
    put('rpm/repodata/repomd.xml', '<repomd/>')
    put('.lock', '1')
    writeFileSync(join(dir, 'private'), 'nobody may read this')
    symlinkSync(join(dir, 'private'), join(out, 'apt/way-out'))
    symlinkSync('InRelease', join(out, 'apt/dists/stable/inside'))
    execFileSync('mkfifo', [join(out, 'apt/pipe')])
    controller = await startTestController({
      config: { modules: { onboarding: {}, packages: { dir: out, downloads: 2, requestsPerMinute: 100_000 } } },
    })
  })
  afterAll(async () => {
    await controller?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${controller.url}/packages/${path}`, { method, headers })

  it('serves files to anybody, with their type, size and tag', async () => {
    const answer = await get(DEB)

    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('0123456789')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/vnd.debian.binary-package',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    expect(answer.headers.get('etag')).toMatch(/^"[0-9a-z-]+"$/)
  })

  it('has indexes asked for again each time', async () => {
    expect((await get('apt/dists/stable/InRelease')).headers.get('cache-control')).toBe('no-cache')
    expect((await get('rpm/repodata/repomd.xml')).headers.get('content-type')).toBe('application/xml')
  })

  it('tells of a file without sending it', async () => {
    const answer = await get(DEB, {}, 'HEAD')

    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '10', ''])
  })

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-200', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=4-400', 206, '456789', 'bytes 4-9/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    // What a server may answer with the whole (RFC 9110 section 14.2).
    ['bytes=5-2', 200, '0123456789', null],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['lines=0-1', 200, '0123456789', null],
    ['bytes=a-b', 200, '0123456789', null],
    ['bytes=-', 200, '0123456789', null],
  ])('answers the range %s with %i', async (range, status, body, contentRange) => {
    const answer = await get(DEB, { range })

    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ])
  })

  it.each(['bytes=10-', 'bytes=-0', 'bytes=99999999999999-'])('refuses the range %s, telling the size', async range => {
    const answer = await get(DEB, { range })

    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10'])
    expect(await answer.json()).toMatchObject({ code: 'range-unsatisfiable' })
  })

  it('goes on with a download only of the same file', async () => {
    const first = await get(DEB)
    const etag = first.headers.get('etag') ?? ''
    const modified = first.headers.get('last-modified') ?? ''
    const status = async (condition: string) => (await get(DEB, { range: 'bytes=5-', 'if-range': condition })).status

    expect([await status(etag), await status(modified)]).toEqual([206, 206])
    expect([await status('"other"'), await status('Thu, 01 Jan 1970 00:00:00 GMT')]).toEqual([200, 200])
  })

  it('sends nothing that the machine has', async () => {
    const first = await get('apt/dists/stable/InRelease')
    const headers = Object.fromEntries(first.headers)
    const status = async (conditions: Record<string, string>) =>
      (await get('apt/dists/stable/InRelease', conditions)).status

    expect(await status({ 'if-none-match': headers.etag ?? '' })).toBe(304)
    expect(await status({ 'if-none-match': `"x", W/${headers.etag}` })).toBe(304)
    expect(await status({ 'if-modified-since': headers['last-modified'] ?? '' })).toBe(304)
    expect(await status({ 'if-none-match': '"x"', 'if-modified-since': headers['last-modified'] ?? '' })).toBe(200)
    expect(await status({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(200)
  })

  it('has another tag for a file that took the place of one', async () => {
    put('apt/changing', 'one')
    const before = (await get('apt/changing')).headers.get('etag')
    rmSync(join(out, 'apt/changing'))
    put('apt/changing', 'two')

    expect((await get('apt/changing')).headers.get('etag')).not.toBe(before)
  })

  it('sends an empty file', async () => {
    const answer = await get('apt/empty')

    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  it('follows links that stay inside', async () => {
    expect(await (await get('apt/dists/stable/inside')).text()).toBe('signed')
  })

  it.each([
    'apt/way-out',
    'apt/pipe',
    'apt/.hidden',
    'apt/half.deb.part',
    '.lock',
    'repository.json',
    'apt',
    'apt/',
    'apt/dists',
    'apt/dists/stable/',
    'apt//dists/stable/InRelease',
    'apt/./dists/stable/InRelease',
    'apt/../repository.json',
    'apt/../../private',
    'apt/%2e%2e/%2e%2e/private',
    'apt/..%2f..%2fprivate',
    'apt%2fdists%2fstable%2f..%2f..%2f..%2frepository.json',
    'apt/%00',
    'apt/dists/stable/InRelease%00.deb',
    'apt/..\\..\\private',
    'apt/%c0%ae%c0%ae/private',
    'other/file',
    '%2fetc%2fpasswd',
    `apt/${'a/'.repeat(40)}b`,
    `apt/${'a'.repeat(190)}`,
    'apt/con:1/$(id)',
  ])('has nothing at %s', async path => {
    const answer = await raw(controller.url, `/packages/${path}`)

    expect([400, 404, 414]).toContain(answer.status)
    expect(answer.body).not.toMatch(/nobody may read|secret|"keyFiles"|root:/)
  })

  it.each(['POST', 'PUT', 'DELETE'])('takes no %s', async method => {
    expect((await get(DEB, {}, method)).status).toBe(404)
  })

  it('bounds how many are served at once, and frees the place of one that goes away', async () => {
    put('apt/pool/big', 'x'.repeat(32_000_000))
    const stuck = await Promise.all([
      hold(controller.url, '/packages/apt/pool/big'),
      hold(controller.url, '/packages/apt/pool/big'),
    ])
    const refused = await get('apt/dists/stable/InRelease')
    const told = await refused.json()
    for (const each of stuck) each.destroy()

    expect(told).toMatchObject({ code: 'too-many-downloads' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    await expect.poll(async () => (await get('apt/dists/stable/InRelease')).status).toBe(200)
  })

  it('tells people and programs how to join', async () => {
    const { status, body } = await controller.call('GET', '/v1/packages')
    const text = await (await get('join')).text()

    expect(status).toBe(200)
    expect(body.rootFingerprint).toBe(controller.controller.rootFingerprint)
    expect(body.join.apt).toHaveLength(3)
    expect(body.join.dnf).toHaveLength(3)
    for (const line of [...body.join.apt, ...body.join.dnf]) expect(text).toContain(line)
    expect(await (await get('keys/controller-root.pem')).text()).toBe(controller.controller.root.trim().concat('\n'))
  })

  it('makes a kit of what was asked for and what that needs, and nothing else', async () => {
    const wish = { arches: ['arm64'], packages: ['muster-agent'] }
    const answer = await fetch(`${controller.url}/v1/packages/kit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${controller.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const listed = execFileSync('tar', ['tf', '-'], { input: bytes, encoding: 'utf8' }).trim().split('\n')

    expect(Number(answer.headers.get('content-length'))).toBe(bytes.length)
    expect(listed.filter(name => name.endsWith('.deb'))).toEqual([
      'muster-kit/deb/muster-agent_0.1.0_arm64.deb',
      'muster-kit/deb/muster-runtime_0.1.0_arm64.deb',
    ])
    expect(listed).not.toContain('muster-kit/join-token')
    expect(
      execFileSync('tar', ['xOf', '-', 'muster-kit/deb/muster-agent_0.1.0_arm64.deb'], {
        input: bytes,
        encoding: 'utf8',
      }),
    ).toBe('muster-agent for arm64')
  })

  it.each([
    [{ packages: ['muster-teleport'] }, 409, 'kit-incomplete'],
    [{ formats: ['rpm'] }, 409, 'kit-incomplete'],
    [{ arches: ['riscv64'] }, 400, 'invalid'],
    [{ packages: ['../../etc/passwd'] }, 400, 'invalid'],
    [{ token: 'muster-join_1\n; rm' }, 400, 'invalid'],
  ])('refuses the kit %j', async (wish, status, code) => {
    const answer = await controller.call('POST', '/v1/packages/kit', wish)

    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('tells the digests to nobody who is not signed in', async () => {
    const answer = await fetch(`${controller.url}/v1/packages`)

    expect(answer.status).toBe(401)
  })
})

describe('a controller without a repository', () => {
  it('says so when its folder holds none', async () => {
    const controller = await startTestController({ config: { modules: { packages: { dir: '/nonexistent' } } } })
    const [listed, join_, file] = [
      await controller.call('GET', '/v1/packages'),
      await controller.call('GET', '/packages/join'),
      await controller.call('GET', '/packages/apt/dists/stable/InRelease'),
    ]
    await controller.stop()

    expect(listed.body).toEqual({ published: false, packages: [] })
    expect([join_.body.code, file.body.code]).toEqual(['no-repository', 'package-file-unknown'])
  })

  it('has no route of it when the module is off', async () => {
    const controller = await startTestController({ config: { modules: { onboarding: {} } } })
    const answers = await Promise.all(
      ['/v1/packages', '/packages/join', '/packages/apt/dists/stable/InRelease'].map(path =>
        controller.call('GET', path),
      ),
    )
    await controller.stop()

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([404, 'route-unknown']))
  })
})

/** A request whose path is sent as it is. */
async function raw(url: string, path: string): Promise<{ status: number; body: string }> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  let text = ''
  for await (const part of socket) text += part
  return { status: Number(text.split(' ')[1]), body: text }
}

/** Begins a download and takes no more than its head. */
function hold(url: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(`${url}${path}`, { agent: false }, answer => {
      answer.pause()
      answer.on('error', () => undefined)
      resolve(answer)
    })
    asked.on('error', reject)
    asked.end()
  })
}
