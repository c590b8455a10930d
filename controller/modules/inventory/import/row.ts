// SPDX-License-Identifier: Apache-2.0
/** One row of a file: a new host with its place, labels and instance, or what a known host still lacks of them. */
import { Problem } from '../../../../plugins/contract/index.ts'
import { refuseGain } from '../../../http/gain.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { changeHost, findKeyed, getHost, type Host } from '../../../kernel/hosts.ts'
import { registerHost } from '../../../kernel/lifecycle.ts'
import { applyFields } from '../../../kernel/patching.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Tx } from '../../../store/store.ts'
import type { Row } from '../engine/kind.ts'
import { INSTANCE, INSTANCE_TABLE } from '../instances/instance.ts'
import type { ImportParts } from './import.ts'
import { type HostPlan, SAYS } from './rules.ts'

export type Importing = {
  readonly project: string
  readonly by: Principal
  readonly request: string
  /** Machines are let in as soon as they come. */
  readonly onboard: boolean
}

/** `completed`: it was there, and lacked something that the row has. */
export type Added = { readonly outcome: 'registered' | 'completed' | 'skipped'; readonly host: string }

/** Why a row was not taken, in EIM's words; its cause is the problem behind it. */
export class RowFailure extends Error {
  override readonly name = 'RowFailure'
}

type Adding = { readonly act: Importing; readonly plan: HostPlan }

/** Throws {@link RowFailure}; what it wrote until then must be undone. */
export async function addOrResume(parts: ImportParts, tx: Tx, { act, plan }: Adding): Promise<Added> {
  try {
    return await add(parts, tx, { act, plan })
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown
  }
  // Nothing was written yet: that a key is taken is found out first.
  const [twin, second] = await findKeyed(tx, act.project, plan)
  if (twin === undefined || second !== undefined || !hasKeys(twin, plan) || twin.desired === 'deleted')
    throw new RowFailure(SAYS.mismatch)
  return resume(parts, tx, { act, plan, host: twin })
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof RowFailure && thrown.cause instanceof Problem && thrown.cause.code === 'host-exists'
}

function hasKeys(host: Host, { serial, uuid }: HostPlan): boolean {
  const sameSerial = serial === undefined || host.serial?.toLowerCase() === serial.toLowerCase()
  return sameSerial && (uuid === undefined || host.uuid === uuid)
}

async function add(parts: ImportParts, tx: Tx, { act, plan }: Adding): Promise<Added> {
  const { project, by, request, onboard } = act
  const { serial, uuid, labels, lvmSize, site } = plan
  const allocate = (fresh: Host, siteId: string): Promise<void> =>
    stage(SAYS.allocate, () => applyFields(parts.kernel, tx, { host: fresh, fields: { siteId }, by }))
  const host = await stage(SAYS.register, () =>
    registerHost(parts.kernel, tx, {
      project,
      name: '',
      uuid,
      serial,
      labels,
      autoOnboard: onboard,
      userLvmSize: lvmSize,
      by,
      request,
      ...(site === undefined ? {} : { complete: fresh => allocate(fresh, site) }),
    }),
  )
  if (needsInstance(plan)) await addInstance(parts, tx, { act, plan, host })
  return { outcome: 'registered', host: host.id }
}

type Resuming = Adding & { readonly host: Host }

/** What the host says otherwise is a mismatch; what it does not say is added. */
async function resume(parts: ImportParts, tx: Tx, { act, plan, host }: Resuming): Promise<Added> {
  const own = new Map(host.labels.map(({ key, value }) => [key, value]))
  const present = needsInstance(plan) ? await instanceOf(tx, host) : undefined
  const differs =
    (plan.site !== undefined && host.site !== undefined && host.site !== plan.site) ||
    plan.labels.some(({ key, value }) => own.has(key) && own.get(key) !== value) ||
    (plan.lvmSize !== undefined && host.userLvmSize !== undefined && host.userLvmSize !== plan.lvmSize) ||
    (present !== undefined && isOther(present, plan))
  if (differs) throw new RowFailure(SAYS.mismatch)
  const labels = plan.labels.filter(({ key }) => !own.has(key))
  const moves = plan.site !== undefined && host.site === undefined
  const grows = plan.lvmSize !== undefined && host.userLvmSize === undefined
  const begins = needsInstance(plan) && present === undefined
  if (labels.length === 0 && !moves && !grows && !begins) return { outcome: 'skipped', host: host.id }
  if (begins) await addInstance(parts, tx, { act, plan, host })
  await stage(SAYS.allocate, async () => {
    await changeHost(tx, host, {
      ...(labels.length > 0 ? { labels: [...host.labels, ...labels] } : {}),
      ...(grows ? { userLvmSize: plan.lvmSize } : {}),
      clock: parts.kernel.clock,
    })
    if (moves) await applyFields(parts.kernel, tx, { host, fields: { siteId: plan.site ?? '' }, by: act.by })
    refuseGain(act.by, host, await getHost(tx, host.project, host.id))
    await tell(parts, tx, { act, plan, host })
  })
  return { outcome: 'completed', host: host.id }
}

function isOther(instance: Row, { profile, account }: HostPlan): boolean {
  const clashes = (wanted: string | undefined, is: Row[string] | undefined): boolean =>
    wanted !== undefined && is !== null && is !== wanted
  return clashes(profile, instance.os) || clashes(account, instance.local_account)
}

async function instanceOf(tx: Tx, { project, id }: Host): Promise<Row | undefined> {
  const rows = tx.of<{ [INSTANCE_TABLE]: Row }>(project)
  const row = await rows.select(INSTANCE_TABLE).selectAll().where('host', '=', id).executeTakeFirst()
  return row as Row | undefined // the engine's own columns
}

/** An account and custom configs have no other place than an instance. */
export function needsInstance({ profile, account, configs }: HostPlan): boolean {
  return profile !== undefined || account !== undefined || configs.length > 0
}

const SECURE = 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'

async function addInstance({ engine }: ImportParts, tx: Tx, { act, plan, host }: Resuming): Promise<void> {
  const { profile, account, configs, secure } = plan
  const { project, by, request } = act
  await stage(SAYS.instance, () =>
    engine.create(
      tx,
      { project, by, request },
      {
        kind: INSTANCE,
        members: {
          kind: 'INSTANCE_KIND_METAL',
          hostID: host.id,
          ...(profile === undefined ? {} : { osID: profile }),
          ...(account === undefined ? {} : { localAccountID: account }),
          ...(configs.length === 0 ? {} : { customConfigID: [...configs] }),
          ...(profile === undefined ? {} : { securityFeature: secure ? SECURE : 'SECURITY_FEATURE_NONE' }),
        },
      },
    ),
  )
}

async function tell({ kernel }: ImportParts, tx: Tx, { act, plan, host }: Resuming): Promise<void> {
  const { project, by, request } = act
  await kernel.events.emit(tx, { project, type: 'host.changed', subject: host.id, data: { by: by.name } })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: 'host.change',
    target: host.id,
    outcome: 'done',
    request,
    detail: { siteId: plan.site ?? '', metadata: plan.labels.map(({ key, value }) => ({ key, value })) },
  })
}

/** Says which step failed, in EIM's words. */
async function stage<R>(words: string, act: () => Promise<R>): Promise<R> {
  try {
    return await act()
  } catch (thrown) {
    if (thrown instanceof Problem) throw new RowFailure(words, { cause: thrown })
    throw thrown
  }
}
