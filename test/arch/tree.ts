// SPDX-License-Identifier: Apache-2.0
/** The files of this repository, for the tests that read them as text. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Top folders of what ships. */
export const PRODUCT = ['agent', 'controller', 'plugins', 'provisioning', 'simulator'] as const

/** Folders that tools write and nobody commits; the same as in .gitignore. */
const WRITTEN = new Set(['.git', 'node_modules', 'dist', '.lab', 'coverage'])

/**
 * Every file under version control or about to be, as paths below the root. Without a history, as in an archive of the
 * sources, every file that no tool has written.
 */
export function trackedFiles(): readonly string[] {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { status, stdout } = spawnSync('git', options, { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 * 1_048_576 })
  const listed = status === 0 && stdout !== '' ? stdout.split('\0') : walk('')
  return listed.filter(file => file !== '' && existsSync(resolve(ROOT, file))).sort()
}

function walk(folder: string): readonly string[] {
  return readdirSync(resolve(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return WRITTEN.has(entry.name) ? [] : walk(path)
    return entry.name.endsWith('.log') ? [] : [path]
  })
}

/** TypeScript and JavaScript of the product, the build and the tests. */
export function sources(): readonly string[] {
  return trackedFiles().filter(file => /\.[cm]?[jt]sx?$/.test(file) && !file.startsWith('test/fixtures/'))
}

export function productSources(): readonly string[] {
  return sources().filter(file => PRODUCT.some(folder => file.startsWith(`${folder}/`)))
}

export function read(file: string): string {
  return readFileSync(resolve(ROOT, file), 'utf8')
}
