// SPDX-License-Identifier: Apache-2.0
/** How much a browser must fetch: the whole before the first page, and the heavy parts that come when they are asked for. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { webFolder } from '../support/dashboard.ts'

type Asset = { readonly path: string; readonly packed: { readonly gzip: number }; readonly imports?: readonly string[] }
type Listing = {
  readonly page: string
  readonly assets: readonly Asset[]
  readonly entries: Readonly<Record<string, readonly string[]>>
}

const K = 1_024

describe('what a browser fetches', () => {
  let listing: Listing
  beforeAll(async () => {
    listing = JSON.parse(await readFile(join(await webFolder(), 'dashboard.json'), 'utf8'))
  })

  /** Scripts that are fetched with these, each once. */
  const closure = (paths: readonly string[]): Set<string> => {
    const found = new Set<string>()
    const take = (path: string): void => {
      if (found.has(path)) return
      found.add(path)
      for (const next of listing.assets.find(asset => asset.path === path)?.imports ?? []) take(next)
    }
    for (const path of paths) take(path)
    return found
  }
  const weigh = (paths: Iterable<string>): number =>
    [...paths].reduce((sum, path) => sum + (listing.assets.find(asset => asset.path === path)?.packed.gzip ?? 0), 0)
  const named = (pattern: RegExp): readonly string[] =>
    listing.assets.flatMap(({ path }) => (pattern.test(path) ? [path] : []))
  const begin = (): Set<string> => {
    const inPage = [...listing.page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path ?? '')
    return closure([
      ...inPage,
      ...Object.entries(listing.entries).flatMap(([name, paths]) => (name === 'kit' ? [] : paths)),
    ])
  }
  /** What comes on top of the beginning when a part is asked for. */
  const more = (pattern: RegExp): number => weigh([...closure(named(pattern))].filter(path => !begin().has(path)))

  it('is at most 260 K of scripts until the first page is there, with every module on', () => {
    const page = /assets\/overview-page-.*\.js$/
    expect(named(page)).toHaveLength(1)
    expect(weigh(begin()) + more(page)).toBeLessThan(260 * K)
  })

  it.each([
    ['hosts', /assets\/hosts-page-.*\.js$/],
    ['host', /assets\/host-page-.*\.js$/],
  ])('is at most 280 K when the page %s is the first one', (_, pattern) => {
    expect(named(pattern)).toHaveLength(1)
    expect(weigh(begin()) + more(pattern)).toBeLessThan(280 * K)
  })

  it('is at most 45 K of styles', () => {
    const inPage = [...listing.page.matchAll(/href="\/([^"]+\.css)"/g)].map(([, path]) => path ?? '')
    expect(inPage.length).toBeGreaterThan(0)
    expect(weigh(inPage)).toBeLessThan(45 * K)
  })

  it.each([
    ['terminal', /assets\/xterm-.*\.js$/, 110],
    ['KVM', /assets\/screen-.*\.js$/, 40],
    ['charts', /assets\/(uplot|panel)-.*\.js$/, 30],
  ])('is little when the %s is asked for', (_, pattern, most) => {
    expect(named(pattern).length).toBeGreaterThan(0)
    expect(weigh(named(pattern))).toBeLessThan(most * K)
  })
})
