// SPDX-License-Identifier: Apache-2.0
/** The licences of the packages inside a bundle, which their authors ask to travel with it. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A package as it lies in node_modules. */
export type Installed = {
  readonly folder: string
  readonly name: string
  readonly version: string
  readonly license: string
}

/** Reads the manifests of the packages that these files belong to, sorted by name and version. */
export async function installed(root: string, files: readonly string[]): Promise<readonly Installed[]> {
  const folders = [...new Set(files.flatMap(file => packageFolder(file) ?? []))]
  const found = await Promise.all(
    folders.map(async folder => {
      const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
      const { name, version, license } = manifest as { name: string; version: string; license: string } // npm requires them
      return { folder, name, version, license }
    }),
  )
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

function packageFolder(file: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i

/** A package with the texts it is licensed under. */
export type Licensed = Installed & { readonly texts: readonly string[] }

/** Reads the licences of packages. */
export async function licensed(root: string, packages: readonly Installed[]): Promise<readonly Licensed[]> {
  return Promise.all(
    packages.map(async each => {
      const names = (await readdir(join(root, each.folder))).filter(file => LICENCE_FILE.test(file)).sort()
      const texts = await Promise.all(names.map(file => readFile(join(root, each.folder, file), 'utf8')))
      return { ...each, texts: texts.map(text => text.trim()) }
    }),
  )
}

/** One text with the licence of every package. */
export async function notices(root: string, packages: readonly Installed[]): Promise<string> {
  const parts = (await licensed(root, packages)).map(
    ({ name, version, license, texts }) => `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`,
  )
  return `This program contains the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
