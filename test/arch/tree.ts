// SPDX-License-Identifier: Apache-2.0
/** The files of this repository, for the tests that read them as text. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Top folders of what ships. */
export const PRODUCT = ['agent', 'controller', 'plugins', 'provisioning', 'simulator'] as const

/** Every file under version control or about to be, as paths below the root. */
export function trackedFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT })
  return listed
    .toString()
    .split('\0')
    .filter(file => file !== '' && existsSync(resolve(ROOT, file)))
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
