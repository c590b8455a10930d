// SPDX-License-Identifier: Apache-2.0
/** Narrows files and programs to what a plugin's manifest asks for. */
import { posix } from 'node:path'
import type { Files, Permissions } from '../../plugins/contract/index.ts'
import type { DialTarget } from '../system/system.ts'
import { problem } from './problems.ts'

/** Linux gives up after so many symbolic links too (path_resolution(7)). */
const MAX_LINKS = 40

const BARE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/

/** A service of this machine: a plugin reaches the network through programs and the controller only. */
const LOOPBACK = /^(127\.0\.0\.1|\[::1\]):([1-9]\d{0,4})$/

/**
 * Says what is wrong with a manifest's grants; empty when each is a bare name, an absolute, normal path, or a port of a
 * loopback address.
 */
export function faultyGrants({ run = [], read = [], write = [], connect = [] }: Permissions): readonly string[] {
  const paths = [...read, ...write].filter(path => !isNormal(path))
  const programs = run.filter(file => !BARE_NAME.test(file) && !isNormal(file))
  return [...paths, ...programs, ...connect.filter(address => !LOOPBACK.test(address))]
}

/** Where a granted address is. Throws `not-permitted` unless it is granted as it is spelled. */
export function mustConnect(permissions: Permissions, address: string): DialTarget {
  const [, host, port] = (permissions.connect?.includes(address) && LOOPBACK.exec(address)) || []
  if (host !== undefined) return { host, port: Number(port) }
  throw problem('not-permitted', `may not connect to ${shown(address)}`, {
    permission: 'connect',
    address: shown(address),
  })
}

/** Throws `not-permitted` unless the program is granted by exactly this name or path. */
export function mustRun(permissions: Permissions, file: string): void {
  if (permissions.run?.includes(file)) return
  throw problem('not-permitted', `may not run ${shown(file)}`, { permission: 'run', program: shown(file) })
}

/**
 * Files that refuse what lies outside the grants.
 *
 * Invariants: a path is made normal before it is compared, and comparison is by whole segments. Below a grant every
 * symbolic link is followed here, its target must be granted too, and the path handed on holds no link any more, so what
 * is checked is what is opened. A grant is trusted as it stands, even when it names a link. A writer that swaps a folder
 * for a link between check and use is not stopped; such folders must not be granted for writing.
 */
export function narrowFiles(files: Files, { read = [], write = [] }: Permissions): Files {
  const reading = (path: string): Promise<string> => resolveWithin(files, { path, grants: read, permission: 'read' })
  // The entry itself is replaced, removed or looked at, not what it points to: only its folder is followed.
  const entry = (path: string, permission: 'read' | 'write'): Promise<string> =>
    resolveWithin(files, { path, grants: permission === 'read' ? read : write, permission, keepLast: true })
  return {
    read: async path => files.read(await reading(path)),
    text: async path => files.text(await reading(path)),
    list: async path => files.list(await reading(path)),
    link: async path => files.link(await entry(path, 'read')),
    replace: async (path, content, mode) => files.replace(await entry(path, 'write'), content, mode),
    remove: async path => files.remove(await entry(path, 'write')),
  }
}

type Request = {
  readonly path: string
  readonly grants: readonly string[]
  readonly permission: 'read' | 'write'
  readonly keepLast?: boolean
}

async function resolveWithin(files: Files, request: Request): Promise<string> {
  let path = normalOf(request)
  for (let links = 0; links <= MAX_LINKS; links++) {
    const grant = request.grants.filter(each => covers(each, path)).sort(byLength)[0]
    if (grant === undefined) throw refusal(request)
    const onward = await followFirstLink(files, { path, grant, keepLast: request.keepLast ?? false })
    if (onward === undefined) return path
    path = onward
  }
  throw refusal(request)
}

type Walk = { readonly path: string; readonly grant: string; readonly keepLast: boolean }

/** Where the path leads after the first symbolic link below the grant; `undefined` when there is none. */
async function followFirstLink(files: Files, { path, grant, keepLast }: Walk): Promise<string | undefined> {
  const names = path.slice(grant.length).split('/').filter(Boolean)
  const walked = keepLast ? names.length - 1 : names.length
  let prefix = grant
  for (let index = 0; index < walked; index++) {
    prefix = posix.join(prefix, names[index] ?? '')
    const target = await files.link(prefix)
    if (target !== undefined) return posix.resolve(posix.dirname(prefix), target, ...names.slice(index + 1))
  }
  return undefined
}

function normalOf(request: Request): string {
  const { path } = request
  if (!path.startsWith('/') || path.includes('\0')) throw refusal(request)
  return withoutTrailingSlash(posix.normalize(path))
}

function covers(grant: string, path: string): boolean {
  return grant === path || grant === '/' || path.startsWith(`${grant}/`)
}

// An asterisk would be a name here and a pattern to Node's permission flags.
function isNormal(path: string): boolean {
  return path.startsWith('/') && !/[\0*]/.test(path) && withoutTrailingSlash(posix.normalize(path)) === path
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function byLength(a: string, b: string): number {
  return b.length - a.length
}

function refusal({ path, permission }: Request): Error {
  return problem('not-permitted', `may not ${permission} ${shown(path)}`, { permission, path: shown(path) })
}

/** What a plugin passed may be anything, so it is shortened and stripped before it reaches a log. */
function shown(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
