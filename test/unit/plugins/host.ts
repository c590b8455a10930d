// SPDX-License-Identifier: Apache-2.0
/** Two plugin hosts for tests: one over a tree of files in memory, one over this machine; both keep to a manifest's grants. */
import { createPluginHost } from '../../../agent/hosting/plugin-host.ts'
import { createSystem } from '../../../agent/system/real.ts'
import {
  type Files,
  type Manifest,
  type Permissions,
  type PluginHost,
  Problem,
  type RunOptions,
  type RunResult,
} from '../../../plugins/contract/index.ts'

export type Entry = string | Uint8Array | { readonly link: string } | { readonly error: string }
export type Tree = Record<string, Entry>
export type RunCall = { readonly file: string; readonly args: readonly string[]; readonly options: RunOptions }
export type Answer = (call: RunCall) => Partial<RunResult> | Promise<Partial<RunResult>>

type Recorded = PluginHost & {
  readonly runs: RunCall[]
  /** What was asked for outside the grants. */
  readonly refused: string[]
}

export type FakeHost = Recorded & {
  readonly tree: Tree
  readonly wakes: number[]
  changes: number
  at: number
}

/** A host whose files are `tree` and whose programs are `answer`; a program without an answer is not installed. */
export function fakeHost(permissions: Permissions, tree: Tree = {}, answer: Answer = () => ({})): FakeHost {
  const refused: string[] = []
  const runs: RunCall[] = []
  const wakes: number[] = []
  const silent = (): void => {}
  const host: FakeHost = {
    tree,
    runs,
    refused,
    wakes,
    changes: 0,
    at: Date.parse('2026-11-21T04:31:00Z'),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    now: () => host.at,
    files: granted(permissions, treeFiles(tree), refused),
    async run(file, args, options) {
      if (!permissions.run?.includes(file)) refuse(refused, file)
      options.signal.throwIfAborted()
      const call = { file, args, options }
      runs.push(call)
      return { code: -1, stdout: '', stderr: 'it could not be started: ENOENT', ...(await answer(call)) }
    },
    connect: async address => refuse(refused, address),
    sample: silent,
    changed() {
      host.changes++
    },
    wake(afterMs) {
      wakes.push(afterMs)
      return silent
    },
  }
  return host
}

/** The agent's own host over this machine. It only looks: a test does not write to the machine it runs on. */
export function realHost(manifest: Manifest): Recorded & { close(): void } {
  const refused: string[] = []
  const runs: RunCall[] = []
  const silent = (): void => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const system = createSystem()
  const { host, close } = createPluginHost({ manifest, system, log, timers: 64, onChanged: silent, onSample: silent })
  const noted = async <T>(act: Promise<T>): Promise<T> => {
    try {
      return await act
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.code === 'not-permitted') refused.push(thrown.message)
      throw thrown
    }
  }
  const { files } = host
  return {
    ...host,
    runs,
    refused,
    close,
    run(file, args, options) {
      runs.push({ file, args, options })
      return noted(host.run(file, args, options))
    },
    files: {
      ...files,
      read: path => noted(files.read(path)),
      text: path => noted(files.text(path)),
      list: path => noted(files.list(path)),
      link: path => noted(files.link(path)),
      replace: async path => refuse(refused, path),
      remove: async path => refuse(refused, path),
    },
  }
}

function refuse(refused: string[], what: string): never {
  refused.push(what)
  throw new Error(`not permitted: ${what}`)
}

function granted({ read = [], write = [] }: Permissions, files: Files, refused: string[]): Files {
  const demand = (grants: readonly string[], path: string): void => {
    if (!grants.some(grant => path === grant || path.startsWith(`${grant}/`))) refuse(refused, path)
  }
  const reading =
    <T>(act: (path: string) => Promise<T>) =>
    async (path: string): Promise<T> => {
      demand([...read, ...write], path)
      return act(path)
    }
  return {
    read: reading(files.read),
    text: reading(files.text),
    list: reading(files.list),
    link: reading(files.link),
    async replace(path, content, mode) {
      demand(write, path)
      await files.replace(path, content, mode)
    },
    async remove(path) {
      demand(write, path)
      await files.remove(path)
    },
  }
}

/** Links are entries beside the files below them, so that a test can put a file where the kernel has a chain of links. */
function treeFiles(tree: Tree): Files {
  const content = (path: string): string | Uint8Array | undefined => {
    const entry = tree[path]
    if (typeof entry === 'object' && 'error' in entry) throw new Error(entry.error)
    return typeof entry === 'object' && 'link' in entry ? undefined : entry
  }
  return {
    async read(path) {
      const found = content(path)
      return typeof found === 'string' ? new TextEncoder().encode(found) : found
    },
    async text(path) {
      const found = content(path)
      return found instanceof Uint8Array ? new TextDecoder().decode(found) : found
    },
    async list(path) {
      const below = Object.keys(tree).filter(name => name.startsWith(`${path}/`))
      return [...new Set(below.map(name => name.slice(path.length + 1).split('/')[0] ?? ''))].sort()
    },
    async link(path) {
      const entry = tree[path]
      return typeof entry === 'object' && 'link' in entry ? entry.link : undefined
    },
    async replace(path, value) {
      tree[path] = value
    },
    async remove(path) {
      delete tree[path]
    },
  }
}
