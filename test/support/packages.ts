// SPDX-License-Identifier: Apache-2.0
/** Packages of the tree as it is, built once for everybody who tests them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT, trackedFiles } from '../arch/tree.ts'

/** What the content of packages depends on. */
const SOURCES =
  /^(agent|controller|plugins|provisioning|packaging\/(build|systemd|maintainer|profiles))\/|^(package(-lock)?\.json|LICENSE|CHANGELOG\.md|packaging\/launch\.js)$/

const CACHE = join(ROOT, 'node_modules/.cache/muster-packages')
/** Cached builds that are kept; older ones go. */
const KEPT = 4

export type WhichPackages = {
  /** Debian's names of machines; `amd64` unless said otherwise. */
  readonly arch?: string
  /** `deb`, `rpm` or both with a comma; `deb` unless said otherwise. */
  readonly format?: string
  /** Names of packages; all unless said otherwise. */
  readonly only?: readonly string[]
  /** Another version than that of package.json. */
  readonly version?: string
}

/**
 * The folder with packages of the current tree, lightly compressed. They are built when no test has built them since the
 * last change of a source; who comes meanwhile waits. MUSTER_PACKAGES names a folder with others instead, such as those of
 * a release, which must have every form that is asked for. Callers must leave the folder as it is.
 */
export async function builtPackages(which: WhichPackages = {}): Promise<string> {
  const given = process.env.MUSTER_PACKAGES
  if (given !== undefined && which.arch === undefined && which.version === undefined) return given
  const folder = join(CACHE, `built-${keyOf(which)}`)
  await mkdir(CACHE, { recursive: true })
  const lock = await locked(join(CACHE, 'build.lock'))
  try {
    if (!existsSync(folder)) await build(folder, which)
    const now = new Date()
    await utimes(folder, now, now)
    return folder
  } finally {
    lock.stdin?.end()
    await forgetOld()
  }
}

function keyOf({ arch = 'amd64', format = 'deb', only = [], version = '' }: WhichPackages): string {
  const hash = createHash('sha256').update(JSON.stringify([arch, format, only, version]))
  for (const file of trackedFiles().filter(each => SOURCES.test(each)))
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)))
  return hash.digest('hex').slice(0, 20)
}

async function build(folder: string, { arch = 'amd64', format = 'deb', only, version }: WhichPackages): Promise<void> {
  const draft = await mkdtemp(`${folder}.`)
  const options = [
    ...['--fast', '--out', draft, '--arch', arch, '--format', format],
    ...(only === undefined ? [] : ['--only', only.join(',')]),
    ...(version === undefined ? [] : ['--version', version]),
  ]
  try {
    // Its own Node, because the path may lead to an older one.
    await promisify(execFile)(process.execPath, [join(ROOT, 'packaging/build/main.ts'), '--packages', ...options], {
      cwd: ROOT,
      maxBuffer: 16 * 1_048_576,
    })
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Waits for the lock; it is held until the input of the returned process ends, so that it ends with this process. */
async function locked(file: string): Promise<ChildProcess> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject)
    holder.once('exit', code => reject(new Error(`flock ended with ${code}`)))
    holder.stdout.once('data', () => resolve())
  })
  return holder
}

async function forgetOld(): Promise<void> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `ls -td ${CACHE}/built-* 2>/dev/null || true`])
  const folders = stdout.split('\n').filter(path => /built-[0-9a-f]{20}$/.test(path))
  for (const folder of folders.slice(KEPT * 3)) await rm(folder, { recursive: true, force: true })
}

/** The one file of a package in a folder. Throws when there is none. */
export async function packageFile(folder: string, name: string, ending = '.deb'): Promise<string> {
  const found = (await readdir(folder)).find(
    file =>
      file.endsWith(ending) &&
      (file.startsWith(`${name}_`) || /^-\d/.test(file.slice(name.length))) &&
      file.startsWith(name),
  )
  if (found === undefined) throw new Error(`no ${name} in ${folder}`)
  return join(folder, found)
}
