// SPDX-License-Identifier: Apache-2.0
/** A plant for tests of packages: a signed repository with two builds in it, and a way to talk to its controller. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRepository } from '../../packaging/repository/build.ts'
import { openKeys } from '../../packaging/repository/keys.ts'
import { builtPackages } from './packages.ts'
import type { World } from './roots.ts'

/** The build that is installed first, and the one after it: a minor apart. */
export const EARLIER = '0.8.0'
export const LATER = '0.9.0'

export type Format = 'deb' | 'rpm'

export interface Repository {
  /** The folder: `apt`, `rpm`, `keys`. */
  readonly dir: string
  /** Publishes the later build too, as a maintainer would. */
  publishLater(): Promise<void>
  close(): Promise<void>
}

/** Builds packages of the sources as they are, twice, and publishes the earlier build. */
export async function openRepository(format: Format, only: readonly string[]): Promise<Repository> {
  const home = mkdtempSync(join(tmpdir(), 'muster-plant-'))
  const [packages, dir] = [join(home, 'packages'), join(home, 'repository')]
  const keys = await openKeys({ home: join(home, 'k'), make: true, say: () => undefined })
  const build = (version: string, names: readonly string[]) => builtPackages({ format, version, only: names })
  // Node is the same in both builds.
  const later = only.filter(name => name !== 'muster-runtime')
  // Both before anything is measured: on a busy machine a build takes minutes.
  const folders = { earlier: await build(EARLIER, only), later: await build(LATER, later) }
  const take = async (from: string): Promise<void> => {
    for (const file of readdirSync(from).filter(each => each.endsWith(`.${format}`)))
      cpSync(join(from, file), join(packages, file))
    await buildRepository({ packages, out: dir, keys, at: new Date(), validDays: 30, say: () => undefined })
  }
  await take(folders.earlier)
  return {
    dir,
    publishLater: () => take(folders.later),
    close: async () => {
      await keys.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export type Answered = { readonly status: number; readonly body: any }

/** Asks a controller in a world, from the world; its certificate is not what these tests are about. */
export async function ask(world: World, url: string, request: Request): Promise<Answered> {
  const script = `
    const { url, method, token, body } = ${JSON.stringify({ url, ...request })}
    const headers = { ...(token && { authorization: 'Bearer ' + token }), ...(body && { 'content-type': 'application/json' }) }
    let answer
    // A controller on a busy machine may say that it is overloaded; any client asks again then.
    for (let times = 0; times < 60; times++) {
      answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      if (answer.status !== 503) break
      await new Promise(resolve => setTimeout(resolve, 500))
    }
    const text = await answer.text()
    process.stdout.write(JSON.stringify({ status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }))`
  const asked = await world.sh(
    `NODE_TLS_REJECT_UNAUTHORIZED=0 exec ${process.execPath} --no-warnings --input-type=module`,
    { input: script },
  )
  if (asked.code !== 0) throw new Error(`${request.method} ${url}: ${asked.err}`)
  return JSON.parse(asked.out) as Answered // written by the script
}

export type Request = { readonly method: 'GET' | 'POST' | 'PUT'; readonly token?: string; readonly body?: object }

/** Serves a folder on the loopback of a world, as a mirror would that knows nothing of us. Resolves with its address. */
export async function mirror(world: World, dir: string): Promise<string> {
  const script = `
    const { createReadStream, statSync } = require('node:fs')
    require('node:http').createServer((request, response) => {
      try {
        const file = ${JSON.stringify(dir)} + decodeURIComponent(new URL(request.url, 'http://x').pathname)
        response.setHeader('content-length', statSync(file).size)
        createReadStream(file).pipe(response)
      } catch {
        response.writeHead(404).end()
      }
    }).listen(8000, '127.0.0.1', () => console.log('ready'))`
  const server = world.program([process.execPath, '-e', script])
  await new Promise((resolve, reject) => {
    server.stdout?.once('data', resolve)
    server.once('exit', code => reject(new Error(`the mirror ended with ${code}`)))
  })
  return 'http://127.0.0.1:8000'
}

export interface Desk {
  readonly url: string
  readonly token: string
  joinToken(): Promise<string>
}

/** A controller of the sources, in a world, for tests that are about something else. */
export async function controllerOfSources(world: World): Promise<Desk> {
  const url = 'https://ctl.local:8443'
  const config = '/run/controller.yaml'
  const settings = 'dataDir: /run/controller\nhttp: {names: [ctl.local]}\nmodules: {onboarding: {}, inventory: {}}\n'
  await world.sh(`cat > ${config}`, { input: settings })
  const main = join(import.meta.dirname, '../../controller/main.ts')
  const program = world.program([process.execPath, main, 'run', '--config', config])
  await new Promise((resolve, reject) => {
    program.stdout?.once('data', resolve)
    program.once('exit', code => reject(new Error(`the controller ended with ${code}`)))
  })
  const link = await world.sh(`exec ${process.execPath} ${main} admin link --config ${config}`)
  const secret = link.out.trim().split('#')[1] ?? ''
  const { body } = await ask(world, `${url}/v1/setup`, { method: 'POST', body: { secret, name: 'tester' } })
  const { token } = body
  const tokens = `${url}/v1/projects/default/enrollment/tokens`
  return {
    url,
    token,
    joinToken: async () => (await ask(world, tokens, { method: 'POST', token, body: { uses: 1 } })).body.token,
  }
}
