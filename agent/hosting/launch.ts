// SPDX-License-Identifier: Apache-2.0
/** How a plugin's process is started: program, flags, environment and limits of the operating system. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Manifest } from '../../plugins/contract/index.ts'
import type { HostingLimits } from './limits.ts'
import { FIXED_ENVIRONMENT } from './plugin-host.ts'
import { CHANNEL } from './protocol.ts'

/** The script that ends in `runPluginChild`, and what it is told. */
export type Entry = { readonly file: string; readonly args: readonly string[] }

/** The agent itself, told to be this plugin. */
export function ownEntry(name: string): Entry {
  return { file: process.argv[1] ?? '', args: ['plugin', name] }
}

/**
 * Starts the process as the leader of its own session, with nothing inherited but three pipes: what it prints, what it
 * complains, and the channel.
 */
export function launch(manifest: Manifest, entry: Entry, limits: HostingLimits): ChildProcess {
  const command = [process.execPath, ...nodeFlags(manifest, entry, limits), entry.file, ...entry.args]
  const [file = '', ...args] = [...limiter(limits), ...command]
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'pipe']
  stdio[CHANNEL] = 'pipe'
  return spawn(file, args, { cwd: '/', env: FIXED_ENVIRONMENT, detached: true, stdio })
}

/**
 * Node's permission model repeats the manifest's grants. It is a guard rail and not a jail: it does not know the
 * network, follows symbolic links, and says nothing of what a granted program may do. It refuses addons outright, so a
 * native plugin goes without.
 */
export function nodeFlags({ permissions }: Manifest, entry: Entry, limits: HostingLimits): readonly string[] {
  const heap = `--max-old-space-size=${Math.floor((limits.memoryBytes * 0.75) / 1_048_576)}`
  if (permissions.native === true) return [heap]
  const { run = [], read = [], write = [] } = permissions
  const written = write.flatMap(replaceable)
  return [
    heap,
    '--permission',
    ...codeOf(entry.file).map(path => `--allow-fs-read=${path}`),
    ...[...read.flatMap(below), ...written].map(path => `--allow-fs-read=${path}`),
    ...written.map(path => `--allow-fs-write=${path}`),
    ...(run.length === 0 ? [] : ['--allow-child-process']),
  ]
}

/** A file is replaced by way of a hidden neighbour that carries its name, and a rename reads what it moves. */
function replaceable(path: string): readonly string[] {
  return [...below(path), join(dirname(path), `.${basename(path)}.*`)]
}

function below(path: string): readonly string[] {
  return [path, join(path, '*')]
}

/**
 * The code a plugin's process loads: what lies in the package around its script, but for hidden entries, where
 * repositories keep their history and programs their state; without a package, the script's folder.
 */
function codeOf(script: string): readonly string[] {
  const file = realpathSync(script)
  const root = packageAround(file)
  if (root === undefined) return below(dirname(file))
  return readdirSync(root)
    .filter(name => !name.startsWith('.'))
    .flatMap(name => below(join(root, name)))
}

function packageAround(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
  }
  return undefined
}

const PRLIMIT = '/usr/bin/prlimit'
/** What an empty Node process counts as data already: V8 maps its code range writable (measured on x64). */
const BASE_DATA_BYTES = 640 * 1_048_576
/** Threads and processes of the agent's user, which this limit counts together (setrlimit(2)). */
const MOST_THREADS = 512

/**
 * Limits of the kernel, where util-linux is there to set them: no core files, and ceilings that a process cannot outrun
 * between two looks of the watch. Root is exempt from the number of threads.
 */
function limiter(limits: HostingLimits): readonly string[] {
  if (!existsSync(PRLIMIT)) return []
  const data = BASE_DATA_BYTES + 2 * limits.memoryBytes
  return [PRLIMIT, '--core=0', `--data=${data}`, `--nproc=${MOST_THREADS}`, '--nofile=1024', '--']
}
