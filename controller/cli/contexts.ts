// SPDX-License-Identifier: Apache-2.0
/** Contexts: which controllers this person works with, and the token for each, in one file of theirs alone. */
import { join } from 'node:path'
import type { Files } from './ports.ts'
import { problem } from './problems.ts'

export type Context = {
  readonly url: string
  /** PEM of the only authority trusted for this controller; absent when the system's are. */
  readonly ca?: string
  readonly project?: string
  readonly token?: string
  /** Who the token stands for, as the controller said at login. */
  readonly principal?: string
}

export type Contexts = {
  readonly current?: string
  readonly contexts: Readonly<Record<string, Context>>
}

/** What a project may be called. */
export const PROJECT_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/

/** What a context may be called: it becomes part of a file name. */
export const CONTEXT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

const NONE: Contexts = { contexts: {} }
const FORM = 1

export type Places = {
  readonly flag?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string | undefined
}

/** The folder of everything the command line keeps: `--home`, MUSTER_HOME, or the XDG base directory. */
export function homeFolder({ flag, env, home }: Places): string {
  const own = flag ?? env.MUSTER_HOME
  if (own !== undefined && own !== '') return own
  // XDG Base Directory Specification: relative paths are to be ignored.
  const base = env.XDG_CONFIG_HOME
  if (base?.startsWith('/')) return join(base, 'muster')
  if (home === undefined) throw problem('no-home')
  return join(home, '.config', 'muster')
}

/** Where the contexts of a folder are kept. */
export function contextsFile(folder: string): string {
  return join(folder, 'contexts.json')
}

/** Reads the contexts; none when there is no file. Throws `context-file-exposed` and `context-file-broken`. */
export async function readContexts(files: Files, folder: string): Promise<Contexts> {
  const path = contextsFile(folder)
  const text = await files.readPrivate(path)
  if (text === undefined) return NONE
  const contexts = parseContexts(text)
  if (contexts === undefined) throw problem('context-file-broken', path)
  return contexts
}

export async function writeContexts(files: Files, folder: string, contexts: Contexts): Promise<void> {
  await files.writePrivate(contextsFile(folder), `${JSON.stringify({ v: FORM, ...contexts }, undefined, 2)}\n`)
}

/** The contexts with one added, replaced or (`undefined`) removed. */
export function withContext({ current, contexts }: Contexts, name: string, context: Context | undefined): Contexts {
  const others = Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name))
  if (context !== undefined) return { current: name, contexts: { ...others, [name]: context } }
  const left = current === name ? undefined : current
  return { ...(left === undefined ? {} : { current: left }), contexts: others }
}

function parseContexts(text: string): Contexts | undefined {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(read) || read.v !== FORM || !isRecord(read.contexts)) return undefined
  const { current } = read
  if (current !== undefined && typeof current !== 'string') return undefined
  const contexts: Record<string, Context> = {}
  for (const [name, each] of Object.entries(read.contexts)) {
    if (!CONTEXT_NAME.test(name) || !isContext(each)) return undefined
    contexts[name] = each
  }
  return { ...(current === undefined ? {} : { current }), contexts }
}

function isContext(value: unknown): value is Context {
  if (!isRecord(value) || typeof value.url !== 'string') return false
  return [value.ca, value.project, value.token, value.principal].every(
    each => each === undefined || typeof each === 'string',
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
