// SPDX-License-Identifier: Apache-2.0
/** Writes a catalog of optional parts anew with fewer of them, so that a bundle cannot reach the others. */

const ENTRY = /^ {2}'?([a-z0-9-]+)'?:\s*async \(\) =>\s*\(await import\('\.\/[^']+'\)\)\.\w+,\n/gm

/** The parts a catalog names, in its order. */
export function partsOf(source: string): readonly string[] {
  return [...source.matchAll(ENTRY)].map(match => match[1] ?? '')
}

const TEXT = /^ {2}'?([a-z0-9-]+)'?:\s*'([^'\n]*)',\n/gm

/** The parts a catalog says a text about, such as the package that brings a plugin. */
export function textsOf(source: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...source.matchAll(TEXT)].map(([, name = '', text = '']) => [name, text]))
}

/**
 * Returns the source of a catalog with only the wanted parts in it.
 * Throws when a wanted part is not there, or when one that is unwanted could not be taken out.
 */
export function withOnly(source: string, wanted: readonly string[]): string {
  const parts = partsOf(source)
  const missing = wanted.filter(name => !parts.includes(name))
  if (missing.length > 0) throw new Error(`the catalog has no ${missing.join(', ')}; it has ${parts.join(', ')}`)
  const unwanted = parts.filter(name => !wanted.includes(name))
  const shorter = unwanted.reduce(
    (text, name) => text.replaceAll(new RegExp(`^ {2}'?${name}'?:\\s*'[^'\\n]*',\\n`, 'gm'), ''),
    source.replaceAll(ENTRY, (entry, name: string) => (wanted.includes(name) ? entry : '')),
  )
  const left = unwanted.filter(name => shorter.includes(`./${name}/`))
  if (left.length > 0)
    throw new Error(`the catalog still names ${left.join(', ')}: its entries are not of the expected form`)
  return shorter
}
