// SPDX-License-Identifier: Apache-2.0
/** The verbs of `muster-provision`. */
import { join } from 'node:path'
import { parseToken } from '../enroll/token.ts'
import { openFolder } from '../kit/folder.ts'
import { DEB_ARCHES, FORMATS, planKit, USUAL_PACKAGES } from '../kit/kit.ts'
import { writeTar } from '../kit/tar.ts'
import { verifyKit } from '../kit/verify.ts'
import { machineOf, readMachines } from '../seed/machines.ts'
import { seedsOf } from '../seed/seed.ts'
import type { Disk } from '../system/disk.ts'
import { UsageError } from './usage.ts'

export type Options = {
  readonly text: (name: string) => string | undefined
  readonly list: (name: string) => readonly string[]
  /** What is no option. */
  readonly words: readonly string[]
}
export type Surroundings = {
  readonly disk: Disk
  readonly say: (line: string) => void
  readonly input: () => Promise<string>
}
export type Verb = (options: Options, around: Surroundings) => Promise<void>

export const seed: Verb = async (options, { disk, say }) => {
  const [url, out, keys] = [addressOf(needed(options, 'url')), needed(options, 'out'), needed(options, 'keys')]
  const fingerprint = needed(options, 'fingerprint')
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) throw new UsageError('--fingerprint is sha256: and 64 hexadecimal digits')
  const shared = options.text('token-file')
  const token = shared === undefined ? undefined : (await fileOf(disk, shared)).trim()
  const [table, hostname] = [options.text('machines'), options.text('hostname')]
  if ((table === undefined) === (hostname === undefined)) throw new UsageError('give --machines or --hostname')
  const machines =
    table === undefined
      ? [machineOf({ hostname: hostname ?? '', token: token ?? '' }, '--hostname')]
      : readMachines(await fileOf(disk, table), token)
  const packages = options.list('package').map(name => packageName(name))
  const wish = {
    ...{ url, fingerprint, packages, proxy: proxyOf(options.text('proxy')) },
    keyring: await fileOf(disk, join(keys, 'muster-archive-keyring.asc')),
    root: await fileOf(disk, join(keys, 'controller-root.pem')),
  }
  for (const { path, content, mode } of seedsOf(wish, machines))
    await disk.write(join(out, path), [Buffer.from(content)], mode)
  say(`${machines.length} ${machines.length === 1 ? 'seed' : 'seeds'} in ${out}; whoever reads user-data can join`)
}

export const kitBuild: Verb = async (options, { disk, say }) => {
  const [repository, out] = [needed(options, 'repository'), needed(options, 'out')]
  const source = await openFolder(disk, repository)
  const [root, token, url] = [options.text('root'), options.text('token-file'), options.text('url')]
  const asked = options.list('package').map(packageName)
  const formats = FORMATS.filter(format => source.packages.some(each => each.format === format))
  const entries = await planKit(source, {
    arches: oneOf(options.list('arch'), DEB_ARCHES, '--arch') ?? ['amd64'],
    formats: oneOf(options.list('format'), FORMATS, '--format') ?? formats,
    packages: asked.length === 0 ? USUAL_PACKAGES : asked,
    url: url === undefined ? undefined : addressOf(url),
    root: root === undefined ? undefined : await fileOf(disk, root),
    token: token === undefined ? undefined : soundToken(await fileOf(disk, token)),
  })
  const size = await disk.write(out, writeTar(entries, Math.floor(Date.parse(source.at) / 1_000)), 0o600)
  say(`${Math.ceil(size / 1_048_576)} MiB in ${out}`)
  say(`apt key ${source.keys.apt}`)
  say(`rpm key ${source.keys.rpm}`)
}

export const kitVerify: Verb = async (options, { disk, say }) => {
  const [file, ...rest] = options.words
  if (file === undefined || rest.length > 0) throw new UsageError('say which kit: muster-provision kit verify FILE')
  const keys = options.list('fingerprint').map(each => each.replaceAll(/[\s:]/g, '').toUpperCase())
  if (keys.length === 0 || !keys.every(key => /^[0-9A-F]{40}$/.test(key)))
    throw new UsageError('--fingerprint is 40 hexadecimal digits')
  const { packages, url, hasToken } = await verifyKit(disk, file, keys)
  for (const name of packages) say(`signed  ${name}`)
  say(url === '' ? 'joins no controller by itself' : `joins   ${url}${hasToken ? ' with the token in it' : ''}`)
}

export const tokenInspect: Verb = async (options, { disk, say, input }) => {
  const [file = '-', ...rest] = options.words
  if (rest.length > 0) throw new UsageError('one token at a time')
  const { token, why } = { why: '', ...parseToken(file === '-' ? await input() : await fileOf(disk, file)) }
  if (token === undefined) throw new Error(`not a join token: ${why}`)
  say(`id    ${token.id}`)
  say(`root  sha256:${token.root}`)
}

function needed(options: Options, name: string): string {
  const value = options.text(name)
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing`)
  return value
}

async function fileOf(disk: Disk, path: string): Promise<string> {
  const content = await disk.read(path)
  if (content === undefined) throw new Error(`there is no file ${path}`)
  return content.toString()
}

/** Addresses become lines of YAML and of apt's configuration, so only the parts that are needed are taken over. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.username !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new UsageError('--url is https://, a name, and a port if it has one')
  return url.origin
}

function proxyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || url.pathname !== '/' || /['"\s]/.test(text))
    throw new UsageError('--proxy is http://, a name and a port')
  return text.replace(/\/$/, '')
}

function packageName(name: string): string {
  if (!/^[a-z0-9][a-z0-9+.-]{1,99}$/.test(name)) throw new UsageError(`${name.slice(0, 40)} is no name of a package`)
  return name
}

function oneOf<T extends string>(
  given: readonly string[],
  known: readonly T[],
  option: string,
): readonly T[] | undefined {
  const strange = given.find(each => !(known as readonly string[]).includes(each))
  if (strange !== undefined) throw new UsageError(`${option} is ${known.join(' or ')}, not ${strange.slice(0, 40)}`)
  return given.length === 0 ? undefined : known.filter(each => given.includes(each))
}

function soundToken(text: string): string {
  const { token, why } = { why: '', ...parseToken(text) }
  if (token === undefined) throw new Error(`the join token: ${why}`)
  return text.trim()
}
