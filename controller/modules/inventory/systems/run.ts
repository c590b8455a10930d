// SPDX-License-Identifier: Apache-2.0
/** Runs of OS updates: what became of one update of one instance; people read and delete them, the controller writes them. */
import { Type } from 'typebox'
import { type EpochMs, formatTime, SECOND } from '../../../../plugins/contract/index.ts'
import type { Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import { type Act, type Cell, defineKind } from '../engine/kind.ts'

export const INDICATIONS = [
  'STATUS_INDICATION_UNSPECIFIED',
  'STATUS_INDICATION_ERROR',
  'STATUS_INDICATION_IN_PROGRESS',
  'STATUS_INDICATION_IDLE',
] as const
export type Indication = (typeof INDICATIONS)[number]

const Seconds = Type.Integer({ description: 'Unix seconds' })

export const osUpdateRun = defineKind({
  name: 'osUpdateRun',
  words: ['OS update run', 'OS update runs'],
  prefix: 'osupdaterun',
  table: 'inventory_update_runs',
  places: [{ path: '/os-update-runs' }],
  plural: 'osUpdateRuns',
  verbs: ['list', 'get', 'delete'],
  members: {
    name: { is: 'column', column: 'name', schema: Type.String(), write: 'never', searched: true },
    description: { is: 'column', column: 'description', schema: Type.String(), write: 'never' },
    appliedPolicy: { is: 'reference', to: 'osUpdatePolicy', column: 'applied_policy', write: 'never' },
    // The history of an instance outlives it.
    instance: { is: 'reference', to: 'instance', column: 'instance', write: 'never', removal: 'ignored' },
    statusIndicator: {
      is: 'column',
      column: 'status_indicator',
      schema: Type.Enum([...INDICATIONS]),
      write: 'never',
    },
    status: { is: 'column', column: 'status', schema: Type.String(), write: 'never' },
    statusDetails: { is: 'column', column: 'status_details', schema: Type.String(), write: 'never', filter: 'none' },
    statusTimestamp: { is: 'column', column: 'status_timestamp', form: 'integer', schema: Seconds, write: 'never' },
    startTime: { is: 'column', column: 'start_time', form: 'integer', schema: Seconds, write: 'never' },
    endTime: { is: 'column', column: 'end_time', form: 'integer', schema: Seconds, write: 'never' },
  },
})

export type RunStatus = {
  readonly indicator: Indication
  readonly status: string
  /** JSON text that says what became of each package. */
  readonly details?: string
  readonly at: EpochMs
}

export type NewRun = RunStatus & {
  readonly instance: string
  readonly policy: string | undefined
  /** What the run is named after, such as the name of the host. */
  readonly subject: string
}

/** Begins a run and returns its id; it has ended once {@link noteRun} says so. */
export async function beginRun(engine: Engine, tx: Tx, act: Act, run: NewRun): Promise<string> {
  const { id } = await engine.create(tx, act, { kind: osUpdateRun.name, members: {} })
  await engine.set(
    tx,
    { project: act.project, kind: osUpdateRun.name, id },
    {
      name: `${run.subject.slice(0, 13)} update ${stamp(run.at)}`,
      instance: run.instance,
      applied_policy: run.policy ?? null,
      start_time: seconds(run.at),
      ...statusColumns(run),
    },
  )
  return id
}

export type RunNote = RunStatus & { readonly id: string; readonly ended: boolean }

/** Notes how a run stands, or how it ended. */
export async function noteRun(engine: Engine, tx: Tx, project: string, note: RunNote): Promise<void> {
  await engine.set(
    tx,
    { project, kind: osUpdateRun.name, id: note.id },
    {
      ...statusColumns(note),
      ...(note.ended ? { end_time: seconds(note.at) } : {}),
    },
  )
}

function statusColumns({ indicator, status, details, at }: RunStatus): Record<string, Cell> {
  return {
    status_indicator: indicator,
    status: status.slice(0, 1_024),
    status_timestamp: seconds(at),
    ...(details === undefined ? {} : { status_details: details.slice(0, 100_000) }),
  }
}

function seconds(at: EpochMs): number {
  return Math.floor(at / SECOND)
}

/** `20261121-103000`, in UTC. */
function stamp(at: EpochMs): string {
  return formatTime(at).slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
}
