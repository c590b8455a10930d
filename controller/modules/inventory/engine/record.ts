// SPDX-License-Identifier: Apache-2.0
/** Audit entry and event of a write, in its transaction, without secrets. */
import type { Json } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Tx } from '../../../store/store.ts'
import type { Gathered } from './gather.ts'
import type { Act, Kind, Row } from './kind.ts'
import type { World } from './world.ts'

export type Recorded = {
  readonly kind: Kind
  readonly act: Act
  readonly row: Row
  readonly what: 'create' | 'change' | 'delete'
  readonly gathered?: Gathered
  /** Columns that differ now. */
  readonly changed?: readonly string[]
}

const EVENTS = { create: 'created', change: 'changed', delete: 'deleted' } as const
const LONGEST = 200

export async function record(world: World, tx: Tx, recorded: Recorded): Promise<void> {
  const { kind, act, row, what } = recorded
  const { kernel } = world
  const detail = detailOf(recorded)
  await kernel.audit.append(tx, {
    chain: projectChain(act.project),
    principal: act.by,
    action: `${kind.name}.${what}`,
    target: row.id,
    outcome: 'done',
    reason: act.reason,
    request: act.request,
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  })
  await kernel.events.emit(tx, {
    project: act.project,
    type: `${kind.name}.${EVENTS[what]}`,
    subject: row.id,
    data: { by: act.by.name, ...nameOf(kind, row), ...(what === 'change' ? { members: namesOf(recorded) } : {}) },
  })
}

function detailOf({ gathered, what, row, kind }: Recorded): Readonly<Record<string, Json>> {
  if (gathered === undefined) return what === 'delete' ? nameOf(kind, row) : {}
  const detail: Record<string, Json> = {}
  for (const { name, spec } of gathered.inputs) {
    const value = gathered.given[name]
    const hidden = spec.is !== 'reference' && (spec.secret === true || (spec.is === 'column' && spec.quiet === true))
    if (value !== undefined) detail[name] = hidden ? '[hidden]' : shortened(value)
    if (value === undefined && what === 'change') detail[name] = null
  }
  return detail
}

function shortened(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= LONGEST) return value
  return `${text.slice(0, LONGEST)}… (${text.length} characters)`
}

function namesOf({ gathered, changed = [] }: Recorded): readonly string[] {
  const differs = (spec: Gathered['inputs'][number]['spec']): boolean =>
    spec.is === 'extra' || changed.includes(spec.column)
  return (gathered?.inputs ?? []).filter(({ spec }) => differs(spec)).map(({ name }) => name)
}

function nameOf(kind: Kind, row: Row): Readonly<Record<string, Json>> {
  const named = kind.members.name ?? kind.members.username
  const name = named?.is === 'column' ? row[named.column] : undefined
  return name === undefined || name === null ? {} : { name }
}
