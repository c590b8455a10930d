// SPDX-License-Identifier: Apache-2.0
/** Which package each file of a split program belongs to. */
import type { Metafile } from 'esbuild'

export type Ownership = {
  /** Scripts every installation has. */
  readonly core: ReadonlySet<string>
  /** Scripts of a part alone, by the part's path as `plugins/amt`. */
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>
}

/** How names of outputs begin, wherever the build thinks it writes. */
const OUT = /^.*?out\//

/**
 * What can be reached without passing a part is the core's; what only one part reaches is that part's; what several
 * parts share, and nobody else, is the core's again.
 */
export function ownersOf(metafile: Metafile, parts: readonly string[]): Ownership {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, { entryPoint, imports }]) => [
      path.replace(OUT, ''),
      { entryPoint, imports: imports.flatMap(each => (each.external === true ? [] : [each.path.replace(OUT, '')])) },
    ]),
  )
  const doors = new Map(parts.map(part => [`${part}.mjs`, part]))
  const reach = (from: readonly string[], closed: ReadonlySet<string>): ReadonlySet<string> => {
    const found = new Set<string>()
    const take = (name: string): void => {
      if (found.has(name) || closed.has(name)) return
      found.add(name)
      for (const next of outputs.get(name)?.imports ?? []) take(next)
    }
    from.forEach(take)
    return found
  }
  const dynamic = new Set([...outputs.values()].flatMap(({ imports }) => imports))
  const begins = [...outputs].filter(([name, { entryPoint }]) => entryPoint !== undefined && !dynamic.has(name))
  const core = new Set(
    reach(
      begins.map(([name]) => name).filter(name => !doors.has(name)),
      new Set(doors.keys()),
    ),
  )
  const reached = new Map([...doors].map(([door, part]) => [part, reach([door], new Set([...core]))]))
  const counts = new Map<string, number>()
  for (const name of [...reached.values()].flatMap(each => [...each])) counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const [name, count] of counts) if (count > 1) core.add(name)
  return {
    core,
    parts: new Map([...reached].map(([part, names]) => [part, new Set([...names].filter(name => !core.has(name)))])),
  }
}
