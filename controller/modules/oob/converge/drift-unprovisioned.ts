// SPDX-License-Identifier: Apache-2.0
/** Notices from a host's agent that its firmware was unprovisioned behind our back: such a device never dials in to be asked. */
import { MINUTE } from '../../../../plugins/contract/index.ts'
import { findHost } from '../../../kernel/hosts.ts'
import type { DetectionRow, OobTables } from '../tables.ts'
import type { DriftPolicy } from './drift-areas.ts'
import { activatedWith, type DriftParts, isActivating } from './drift-ground.ts'
import type { Difference, Finding } from './drift-look.ts'
import { type DeviceKey, differencesOf, findDrift, keepFinding } from './drift-store.ts'
import { findIntent } from './intents.ts'

/** A report that was made while the activation ended may still tell of before. */
const GRACE_MS = 2 * MINUTE

type HostKey = { readonly project: string; readonly host: string }

/** Answers when to look again, if that must be. */
export async function noticeUnprovisioned(
  parts: DriftParts,
  key: HostKey,
  policy: Promise<DriftPolicy>,
): Promise<number | undefined> {
  const { kernel, devices } = parts
  const { store, clock } = kernel
  const { project, host } = key
  const { activation } = await policy
  const detection = await detectionOf(parts, key)
  const uuid = (await findHost(store, project, host))?.uuid
  if (activation === 'off' || detection === undefined || uuid === undefined) return undefined
  const device = await devices.find(store, project, uuid)
  if (device === undefined) return undefined
  const { guid } = device
  if (detection.control_mode !== 'none') return forgive(parts, { project, guid }, detection)
  const activated = await activatedWith(store, project, guid)
  const intent = await findIntent(store, project, host)
  if (activated === undefined || intent?.amt === 'unprovisioned') return undefined
  const age = Date.parse(detection.since) - Date.parse(activated.at)
  if (age < GRACE_MS) return age < 0 ? undefined : GRACE_MS - age + MINUTE
  if (await isActivating(store, project, guid)) return GRACE_MS
  const says = `its agent reports that it is not activated; it was, with ${activated.profile}, at ${activated.at}`
  const steps: Difference[] = [{ area: 'activation', do: 'activate', says, mode: 'report' }]
  const finding: Finding = { state: 'drifted', why: '', profile: activated.profile, steps }
  await store.change(tx => keepFinding(kernel, tx, { project, guid }, { finding, now: clock.now() }))
  return undefined
}

/** It is activated again; how it compares shows when it has dialled in. */
async function forgive(
  { kernel }: DriftParts,
  key: DeviceKey,
  { control_mode: mode }: DetectionRow,
): Promise<undefined> {
  if (mode !== 'acm' && mode !== 'ccm') return undefined
  const row = await findDrift(kernel.store, key)
  if (row === undefined || !differencesOf(row).some(({ says }) => says.startsWith('its agent reports')))
    return undefined
  const finding: Finding = { state: 'unknown', why: 'it was activated again', profile: undefined, steps: [] }
  const now = kernel.clock.now()
  await kernel.store.change(tx => keepFinding(kernel, tx, key, { finding, now, due: now }))
  return undefined
}

async function detectionOf({ kernel }: DriftParts, { project, host }: HostKey): Promise<DetectionRow | undefined> {
  return kernel.store
    .of<OobTables>(project)
    .select('oob_detections')
    .selectAll()
    .where('host', '=', host)
    .executeTakeFirst()
}
