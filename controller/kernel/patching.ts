// SPDX-License-Identifier: Apache-2.0
/** Hands members of the host resource to the modules that let them be set. */
import type { Json } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import type { Host } from './hosts.ts'
import type { Kernel } from './kernel.ts'
import type { HostPatch } from './module.ts'
import type { Principal } from './permissions.ts'
import { problem } from './problems.ts'

export type Fields = Readonly<Record<string, Json>>

/** Which modules bring about what nobody serves while they are off. */
const SERVED_BY: Readonly<Record<string, string>> = { siteId: 'inventory' }

/** Whether some loaded module lets a member be set. */
export function isServed({ patches }: Kernel, member: string): boolean {
  return patches.some(({ properties }) => Object.hasOwn(properties, member))
}

/**
 * Has the modules apply what they serve, within the caller's change. Empty wishes for what nobody serves are passed over.
 * Throws `member-not-served` (fields: member, module), and whatever the modules refuse.
 */
export async function applyFields(
  kernel: Kernel,
  tx: Tx,
  { host, fields, by }: { readonly host: Host; readonly fields: Fields; readonly by: Principal },
): Promise<void> {
  refuseUnserved(kernel, fields)
  for (const patch of kernel.patches) {
    const own = ownFields(patch, fields)
    if (own !== undefined) await patch.apply(tx, host, own, by)
  }
}

/** Throws what `applyFields` would throw for every host of the project. */
export async function checkFields(kernel: Kernel, db: Db, project: string, fields: Fields): Promise<void> {
  refuseUnserved(kernel, fields)
  for (const patch of kernel.patches) {
    const own = ownFields(patch, fields)
    if (own !== undefined) await patch.check?.(db, project, own)
  }
}

function ownFields({ properties }: HostPatch, fields: Fields): Fields | undefined {
  const own = Object.entries(fields).filter(([name]) => Object.hasOwn(properties, name))
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

function refuseUnserved(kernel: Kernel, fields: Fields): void {
  const member = Object.keys(fields).find(name => !isServed(kernel, name) && !isEmpty(fields[name]))
  if (member === undefined) return
  const module = SERVED_BY[member] ?? 'oob'
  throw problem('member-not-served', `${member} needs the module ${module}, which is off`, { member, module })
}

/** No wish: what EIM's clients send for members they leave alone. */
function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || String(value).endsWith('_UNSPECIFIED')
}
