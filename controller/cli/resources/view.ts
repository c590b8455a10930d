// SPDX-License-Identifier: Apache-2.0
/** How resources look: a line of a table, and one of them in full. */
import type { View } from '../output.ts'
import { type Kind, member, type Resource } from './kind.ts'

/** The view of a kind; where it has variants, each row says which. */
export function resourceView(kind: Kind): View<Resource> {
  return {
    kind: kind.kind,
    name: member('resourceId'),
    ...(kind.verbs.includes('create') ? { empty: `muster ${kind.noun} create` } : {}),
    columns: kind.columns,
  }
}

/** One resource as YAML, as people read documents. */
export async function drawResource(resource: Resource): Promise<string> {
  const { writeYaml } = await import('../render/yaml.ts')
  return writeYaml(resource)
}
