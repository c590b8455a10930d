// SPDX-License-Identifier: Apache-2.0
/** Runs the programs a repository is made with, and says which Debian package brings one that is missing. */
import { execFile } from 'node:child_process'

/** Debian's packages, by the program they bring. */
const BRINGS: Readonly<Record<string, string>> = {
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  gpgv: 'gpgv',
  'apt-ftparchive': 'apt-utils',
  'dpkg-deb': 'dpkg',
  createrepo_c: 'createrepo-c',
  rpm: 'rpm',
  rpmsign: 'rpm',
  xz: 'xz-utils',
}

const MOST_OUTPUT_BYTES = 256 * 1_024 * 1_024

export type Calling = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
}

/** What a program wrote to standard output. Throws an `Error` with what it said when it fails or is not there. */
export function run(program: string, args: readonly string[], { cwd, env, input }: Calling = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      // Messages and orders that do not depend on who builds.
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
      encoding: 'buffer' as const,
      maxBuffer: MOST_OUTPUT_BYTES,
    }
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(failureOf(program, error, stderr.toString()))
    })
    // A program that ends without reading is told of by its exit code.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function failureOf(program: string, error: Error & { code?: unknown }, stderr: string): Error {
  if (error.code === 'ENOENT') {
    const brings = BRINGS[program] ?? program
    return new Error(`${program} is not installed: apt-get install --no-install-recommends ${brings}`)
  }
  const said = stderr.trim().split('\n').slice(-6).join('\n')
  return new Error(`${program} failed${said === '' ? ` (${String(error.code)})` : `:\n${said}`}`)
}
