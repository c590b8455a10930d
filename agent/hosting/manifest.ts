// SPDX-License-Identifier: Apache-2.0
/** Decides whether a plugin can be hosted at all, before any of its code runs. */
import { type AnyPlugin, CONTRACT, isSegment } from '../../plugins/contract/index.ts'
import { faultyGrants } from './permissions.ts'

/** Says why a plugin is refused; `undefined` when its manifest is one this agent can keep. */
export function refusalOf({ manifest, section }: Pick<AnyPlugin, 'manifest' | 'section'>): string | undefined {
  const contract: unknown = manifest.contract
  if (contract !== CONTRACT) return `it was made for contract ${String(contract)}; this agent has ${CONTRACT}`
  if (!isSegment(manifest.name)) return 'its name is not a segment'
  if (!isSegment(section.name)) return 'the name of its section is not a segment'
  if (typeof manifest.version !== 'string' || manifest.version.length > 64) return 'its version is not one'
  const faulty = faultyGrants(manifest.permissions)
  if (faulty.length > 0) return `it asks for what cannot be granted as it stands: ${faulty.slice(0, 3).join(', ')}`
  return undefined
}
