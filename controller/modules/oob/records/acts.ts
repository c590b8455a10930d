// SPDX-License-Identifier: Apache-2.0
/** Makes, changes and removes records: rules, secrets and audit in one transaction. */
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Tx } from '../../../store/store.ts'
import { recordSecret } from '../devices/secrets.ts'
import { ToolkitAnswer } from '../toolkit/toolkit.ts'
import { constraint, duplicate, itemOf, notFound, stale } from './answers.ts'
import { type Given, has, text } from './checks.ts'
import type { Checked, Kind, SecretChange } from './kind.ts'
import type { PfxReader } from './pfx-worker.ts'
import type { RecordKind } from './records.ts'
import { erase, find, insert, type Kept, referrers, replace, type Writing } from './store.ts'

export type ActParts = { readonly kernel: Kernel; readonly secrets: Secrets; readonly readPfx: PfxReader }

/** Who does it, where. */
export type Actor = {
  readonly project: string
  readonly by: Principal
  /** Id of the request. */
  readonly request?: string
  readonly signal: AbortSignal
  /** Status of an answer about a certificate that cannot provision. */
  readonly unfit?: 400 | 422
}

/** Throws the answers of RPS: 400 with what is wrong. */
export async function create<K extends RecordKind>(
  parts: ActParts,
  actor: Actor,
  { kind, given }: { readonly kind: Kind<K>; readonly given: Given },
): Promise<Kept<K>> {
  const { kernel } = parts
  const { project } = actor
  const checked = await check(parts, actor, { kind, given, old: undefined, changing: false, conditional: false })
  return kernel.store.change(async tx => {
    const name = kind.nameIn(given)
    if ((await find(tx, project, { kind: kind.kind, name })) !== undefined) throw duplicate(kind, name)
    const { record, secrets } = kind.write(given, undefined, checked)
    const writing = writingOf(kind, { name, record, now: kernel.clock.now() })
    await refuseClash(tx, project, { kind, writing })
    await refuseMissing(tx, project, { kind, writing, creating: true })
    const kept = await insert(tx, project, writing)
    await keepSecrets(parts, tx, { project, name, secrets })
    await auditChange(parts, tx, { actor, action: 'create', kind, name, secrets })
    return kept
  })
}

/** Throws the answers of RPS: 404, 409 or 412 with the record as it is, 400 with what is wrong. */
export async function change<K extends RecordKind>(
  parts: ActParts,
  actor: Actor,
  asked: { readonly kind: Kind<K>; readonly given: Given; readonly ifMatch: string | undefined },
): Promise<Kept<K>> {
  const { kernel } = parts
  const { project } = actor
  const { kind, given, ifMatch } = asked
  const which = { kind: kind.kind, name: kind.nameIn(given) }
  const before = await find(kernel.store, project, which)
  const conditional = ifMatch !== undefined
  const checked = await check(parts, actor, { kind, given, old: before, changing: true, conditional })
  return kernel.store.change(async tx => {
    const old = await find(tx, project, which)
    if (old === undefined) throw notFound(kind, which.name)
    const asked = ifMatch ?? (has(given, 'version') ? text(given.version) : undefined)
    const version = ifMatch === '*' ? String(old.version) : asked
    const needed = version !== undefined || kind.versionless !== true
    // What was checked must be what is written, version or not.
    const moved = before?.version !== old.version
    if ((needed && version !== String(old.version)) || moved) throw stale(itemOf(kind, project, old), conditional)
    const { record, secrets } = kind.write(given, old.record, checked)
    const name = kind.nameIn({ ...given, ...kind.show(record) })
    const writing = writingOf(kind, { name, record, now: kernel.clock.now() })
    await refuseClash(tx, project, { kind, writing })
    await refuseMissing(tx, project, { kind, writing, creating: false })
    const kept = await replace(tx, project, writing)
    await keepSecrets(parts, tx, { project, name, secrets })
    await auditChange(parts, tx, { actor, action: 'change', kind, name, secrets })
    return kept
  })
}

/** Throws 404, or 400 while another record names it. */
export async function remove<K extends RecordKind>(
  parts: ActParts,
  actor: Actor,
  { kind, name }: { readonly kind: Kind<K>; readonly name: string },
): Promise<void> {
  const { project } = actor
  await parts.kernel.store.change(async tx => {
    const which = { kind: kind.kind, name }
    if ((await find(tx, project, which)) === undefined) throw notFound(kind, name)
    const by = await referrers(tx, project, which)
    if (by.length > 0 && kind.inUse !== undefined) throw constraint(kind.inUse(name, by))
    await erase(tx, project, which)
    const secrets = kind.secretKinds.map(each => ({ kind: each, value: undefined }))
    await keepSecrets(parts, tx, { project, name, secrets })
    await auditChange(parts, tx, { actor, action: 'remove', kind, name, secrets: [] })
  })
}

type Checking<K extends RecordKind> = {
  readonly kind: Kind<K>
  readonly given: Given
  readonly old: Kept<K> | undefined
  readonly changing: boolean
  readonly conditional: boolean
}

async function check<K extends RecordKind>(
  { kernel, readPfx }: ActParts,
  { project, signal, unfit = 400 }: Actor,
  { kind, given, ...about }: Checking<K>,
): Promise<Checked> {
  const { store: db, clock } = kernel
  const checked = await kind.check(given, { ...about, db, project, readPfx, signal, now: clock.now() })
  const { errors, code } = checked
  if (errors.length === 0) return checked
  throw new ToolkitAnswer(code === undefined ? 400 : unfit, { errors, ...(code === undefined ? {} : { code }) })
}

type ToWrite<K extends RecordKind> = Pick<Writing<K>, 'name' | 'record' | 'now'>

function writingOf<K extends RecordKind>(kind: Kind<K>, { name, record, now }: ToWrite<K>): Writing<K> {
  const distinct = kind.distinct?.(record)
  const references = kind.references?.(record) ?? []
  return { kind: kind.kind, name, record, now, references, ...(distinct === undefined ? {} : { distinct }) }
}

type Seen<K extends RecordKind> = { readonly kind: Kind<K>; readonly writing: Writing<K> }

/** Another record of the kind has what must be distinct. */
async function refuseClash<K extends RecordKind>(tx: Tx, project: string, { kind, writing }: Seen<K>): Promise<void> {
  const { distinct, name } = writing
  if (distinct === undefined) return
  const other = await find(tx, project, { kind: kind.kind, distinct })
  if (other === undefined) return
  const itself = kind.nameIn(kind.show(other.record)).toLowerCase() === name.toLowerCase()
  if (!itself) throw duplicate(kind, name)
}

async function refuseMissing<K extends RecordKind>(
  tx: Tx,
  project: string,
  { kind, writing, creating }: Seen<K> & { readonly creating: boolean },
): Promise<void> {
  for (const reference of writing.references ?? []) {
    if ((await find(tx, project, reference)) !== undefined) continue
    const failing = kind.missing?.(reference, creating)
    throw constraint(failing ?? { error: 'Error', message: `Referenced config ${reference.name} doesn't exist` })
  }
}

type Keeping = { readonly project: string; readonly name: string; readonly secrets: readonly SecretChange[] }

async function keepSecrets({ secrets: keep }: ActParts, tx: Tx, { project, name, secrets }: Keeping): Promise<void> {
  for (const { kind, value } of secrets) {
    const secret = recordSecret(project, kind, name)
    if (value === undefined) await keep.remove(tx, secret)
    else await keep.put(tx, secret, value)
  }
}

type Recording = {
  readonly actor: Actor
  readonly action: 'create' | 'change' | 'remove'
  readonly kind: { readonly kind: RecordKind }
  readonly name: string
  readonly secrets: readonly SecretChange[]
}

async function auditChange({ kernel }: ActParts, tx: Tx, recording: Recording): Promise<void> {
  const { actor, action, kind, name, secrets } = recording
  const replaced = secrets.filter(each => each.value !== undefined).map(each => each.kind)
  await kernel.audit.append(tx, {
    chain: projectChain(actor.project),
    principal: actor.by,
    action: `oob.${kind.kind}.${action}`,
    target: name,
    outcome: 'done',
    request: actor.request,
    ...(replaced.length === 0 ? {} : { detail: { secrets: replaced } }),
  })
}
