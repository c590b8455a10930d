// SPDX-License-Identifier: Apache-2.0
/** Files and programs of the machine that provisions: the only place where they are touched. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

export interface Disk {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<Buffer | undefined>
  stream(path: string): AsyncIterable<Uint8Array>
  list(path: string): Promise<readonly string[]>
  exists(path: string): Promise<boolean>
  /** Appears under its name only once it is whole. Returns its size in bytes. */
  write(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<number>
  /** Runs a program to its end; code 127 when there is none of that name. */
  run(program: string, args: readonly string[]): Promise<Ran>
  /** A private folder that is gone when the act has ended. */
  aside<T>(act: (dir: string) => Promise<T>): Promise<T>
}

export const disk: Disk = {
  read: path => readFile(path).catch(absent),
  stream: path => createReadStream(path),
  list: path => readdir(path).catch(() => []),
  exists: path =>
    stat(path).then(
      () => true,
      () => false,
    ),
  write,
  run,
  aside: async act => {
    const dir = await mkdtemp(join(tmpdir(), 'muster-provision-'))
    try {
      return await act(dir)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
}

function absent(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR') throw thrown
  return undefined
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mode: number,
): Promise<number> {
  const part = `${path}.part`
  await mkdir(dirname(path), { recursive: true })
  await rm(part, { force: true })
  const handle = await open(part, 'wx', mode)
  let size = 0
  try {
    for await (const bytes of content) {
      await handle.writeFile(bytes)
      size += bytes.byteLength
    }
    await handle.chmod(mode)
  } catch (thrown) {
    await rm(part, { force: true })
    throw thrown
  } finally {
    await handle.close()
  }
  await rename(part, path)
  return size
}

const NO_PROGRAM = 127

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise(resolve => {
    const child = spawn(program, [...args], { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', error => resolve({ code: NO_PROGRAM, stdout, stderr: error.message }))
    child.once('close', code => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
