// SPDX-License-Identifier: Apache-2.0
/** Labels of regions and sites: rules for one list, and what is taken over from further up. */
import { type Json, problem } from '../../../../plugins/contract/index.ts'
import type { Label } from '../../../kernel/hosts.ts'
import type { Db } from '../../../store/store.ts'
import type { Cell, Draft } from '../engine/kind.ts'
import { regionsAbove, upFrom } from './tree.ts'

const LONGEST_PREFIX = 253
const LONGEST_NAME = 63

/** Throws `invalid` for keys that stand there twice or are longer than a prefix of 253 and a name of 63 characters. */
export function checkLabels({ given }: Pick<Draft, 'given'>): void {
  // The member's schema has checked its shape.
  const labels = (given.metadata ?? []) as readonly Label[]
  const seen = new Set<string>()
  for (const [at, { key }] of labels.entries()) {
    const wrong = seen.has(key) ? `the key ${key} stands there twice` : wrongKey(key)
    if (wrong !== undefined) {
      const findings = [{ pointer: `/body/metadata/${at}/key`, message: wrong }]
      throw problem('invalid', `metadata: ${wrong}`, { findings })
    }
    seen.add(key)
  }
}

function wrongKey(key: string): string | undefined {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash > LONGEST_PREFIX) return `the prefix of a key has at most ${LONGEST_PREFIX} characters`
  if (name.length > LONGEST_NAME) return `a key has at most ${LONGEST_NAME} characters behind its prefix`
  return name === '' ? 'a key has a name' : undefined
}

/** The labels a column holds; it was written by the engine from a checked body. */
export function labelsIn(cell: Cell | undefined): readonly Label[] {
  return typeof cell === 'string' ? (JSON.parse(cell) as Label[]) : []
}

/** Of labels with one key, the first wins. */
export function merged(...lists: readonly (readonly Label[])[]): readonly Label[] {
  const labels = new Map<string, Label>()
  for (const label of lists.flat()) if (!labels.has(label.key)) labels.set(label.key, label)
  return [...labels.values()]
}

/** Labels that are not among a thing's own. */
export function inherited(own: readonly Label[], above: readonly Label[]): Json {
  const keys = new Set(own.map(each => each.key))
  return above.filter(each => !keys.has(each.key)).map(({ key, value }) => ({ key, value }))
}

/** Labels of regions with those of all regions above them, the nearest winning; by id of the region. */
export async function regionLabels(
  db: Db,
  project: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Label[]>> {
  const regions = await regionsAbove(db, project, ids)
  return new Map(ids.map(id => [id, merged(...upFrom(regions, id).map(({ metadata }) => labelsIn(metadata)))]))
}
