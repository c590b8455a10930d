// SPDX-License-Identifier: Apache-2.0
/** Every page of the dashboard by its address, for tests that look at all of them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../arch/tree.ts'

export type PageAddress = { readonly path: string; readonly permission: string | undefined; readonly module: string }

/** What is read of a module's pages; the sources themselves are for a browser and have types of their own. */
type Pages = {
  readonly name: string
  readonly routes: readonly { readonly path: string; readonly permission?: string }[]
}

const MODULES = join(ROOT, 'controller/web/app/modules')

/** Addresses of all pages; `fill` gives an example for the parameters of a pattern, such as `:host`. */
export async function allPages(fill: Readonly<Record<string, string>>): Promise<readonly PageAddress[]> {
  const names = readdirSync(MODULES, { withFileTypes: true }).flatMap(each => (each.isDirectory() ? [each.name] : []))
  const addresses: PageAddress[] = []
  for (const name of names.filter(each => each !== 'kit')) {
    const { default: pages } = (await import(join(MODULES, name, 'index.ts'))) as { default: Pages }
    for (const { path, permission } of pages.routes)
      addresses.push({ path: filled(path, fill), permission, module: pages.name })
  }
  return addresses
}

function filled(pattern: string, fill: Readonly<Record<string, string>>): string {
  return pattern.replaceAll(/\/:(\w+)\??/g, (_, parameter: string) => {
    const example = fill[parameter]
    if (example === undefined) throw new Error(`the page ${pattern} needs an example for :${parameter}`)
    return `/${example}`
  })
}
