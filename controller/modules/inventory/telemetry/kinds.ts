// SPDX-License-Identifier: Apache-2.0
/** Telemetry groups, which say what can be collected, and profiles, which say what is collected where. */
import type { Expression, SqlBool } from 'kysely'
import { Type } from 'typebox'
import { problem } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { chainOf } from '../chain.ts'
import type { Engine } from '../engine/engine.ts'
import { type Act, type Asked, defineKind, type Kind, type Member, type Row } from '../engine/kind.ts'
import { isFor, targetsSettled } from '../targets.ts'
import { LOG_LEVELS } from './merge.ts'
import { ensureSeeded, LOG_GROUP, METRIC_GROUP, type Seeding } from './seeding.ts'
import { LOG_GROUPS, LOG_PROFILES, METRIC_GROUPS, METRIC_PROFILES, TARGETS } from './tables.ts'

export const LOG_PROFILE = 'telemetryLogsProfile'
export const METRIC_PROFILE = 'telemetryMetricsProfile'

const groupMembers: Readonly<Record<string, Member>> = {
  name: {
    is: 'column',
    column: 'name',
    schema: Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-zA-Z-_0-9./: ]+$' }),
    required: true,
    searched: true,
  },
  collectorKind: {
    is: 'column',
    column: 'collector_kind',
    schema: Type.Enum([
      'TELEMETRY_COLLECTOR_KIND_UNSPECIFIED',
      'TELEMETRY_COLLECTOR_KIND_HOST',
      'TELEMETRY_COLLECTOR_KIND_CLUSTER',
    ]),
    required: true,
  },
  groups: {
    is: 'column',
    column: 'groups',
    form: 'json',
    schema: Type.Array(Type.String({ maxLength: 1_000, pattern: '^$|^[a-zA-Z-_0-9.:;=@?!#*()" ]+$' }), {
      maxItems: 100,
    }),
    required: true,
  },
}

type GroupNames = Pick<Kind, 'name' | 'words' | 'table' | 'places' | 'plural'> & { readonly alias: string }

function group({ alias, ...names }: GroupNames, seeding: Seeding): Kind {
  return defineKind({
    ...names,
    prefix: 'telemetrygroup',
    tag: 'telemetry',
    verbs: ['list', 'get', 'create', 'delete'],
    members: { ...groupMembers, [alias]: { is: 'alias' } },
    bodyBytes: 262_144,
    narrow: async ({ db, project }) => {
      await ensureSeeded(seeding, db, project)
      return undefined
    },
    check: (tx, { act }) => ensureSeeded(seeding, tx, act.project),
  })
}

/** Profiles of an instance go with it; those of sites and regions hold them. */
const targetMembers: Readonly<Record<string, Member>> = {
  targetInstance: {
    is: 'reference',
    to: 'instance',
    column: 'target_instance',
    writes: 'targetInstance',
    shownAs: 'id',
    removal: 'ignored',
  },
  targetSite: { is: 'reference', to: 'site', column: 'target_site', writes: 'targetSite', shownAs: 'id' },
  targetRegion: { is: 'reference', to: 'region', column: 'target_region', writes: 'targetRegion', shownAs: 'id' },
}

const parameters = {
  instanceId: Type.String({ pattern: '^inst-[0-9a-f]{8}$' }),
  siteId: Type.String({ pattern: '^site-[0-9a-f]{8}$' }),
  regionId: Type.String({ pattern: '^region-[0-9a-f]{8}$' }),
  showInherited: Type.Boolean({ description: 'Those of the places around it too' }),
} as const

type ProfileNames = GroupNames & { readonly members: Readonly<Record<string, Member>> }

function profile({ alias, members, ...names }: ProfileNames, engine: () => Engine): Kind {
  return defineKind({
    ...names,
    prefix: 'telemetryprofile',
    tag: 'telemetry',
    verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
    members: { ...targetMembers, ...members, [alias]: { is: 'alias' } },
    parameters,
    narrow: ({ db, project, asked }) => narrowed(engine(), db, { project, asked, table: names.table }),
    check: async (_tx, draft) => targetsSettled(TARGETS, draft),
  })
}

type Narrowing = { readonly project: string; readonly asked: Asked; readonly table: string }

async function narrowed(
  engine: Engine,
  db: Db,
  { project, asked, table }: Narrowing,
): Promise<Expression<SqlBool> | undefined> {
  const { instanceId, siteId, regionId, showInherited } = asked
  const named = [instanceId, siteId, regionId].filter(id => id !== undefined)
  if (named.length > 1) throw problem('invalid', 'ask for one instance, site or region')
  const from = { instance: textOf(instanceId), site: textOf(siteId), region: textOf(regionId) }
  const chain = await chainOf(engine, db, project, from)
  if (chain === undefined) return undefined
  const wanted = showInherited === true ? chain : chain.slice(0, 1)
  return isFor(table, TARGETS, wanted)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The four kinds of telemetry. */
export function telemetryKinds(seeding: Seeding): readonly Kind[] {
  return [...groupKinds(seeding), logProfileKind(seeding.engine), metricProfileKind(seeding.engine)]
}

function groupKinds(seeding: Seeding): readonly Kind[] {
  return [
    group(
      {
        name: LOG_GROUP,
        words: ['telemetry logs group', 'telemetry logs groups'],
        table: LOG_GROUPS,
        places: [{ path: '/telemetry/loggroups' }],
        plural: 'telemetryLogsGroups',
        alias: 'telemetryLogsGroupId',
      },
      seeding,
    ),
    group(
      {
        name: METRIC_GROUP,
        words: ['telemetry metrics group', 'telemetry metrics groups'],
        table: METRIC_GROUPS,
        places: [{ path: '/telemetry/metricgroups' }],
        plural: 'telemetryMetricsGroups',
        alias: 'telemetryMetricsGroupId',
      },
      seeding,
    ),
  ]
}

function logProfileKind(engine: () => Engine): Kind {
  return profile(
    {
      name: LOG_PROFILE,
      words: ['telemetry logs profile', 'telemetry logs profiles'],
      table: LOG_PROFILES,
      places: [{ path: '/telemetry/profiles/logs' }],
      plural: 'telemetryLogsProfiles',
      alias: 'profileId',
      members: {
        logLevel: {
          is: 'column',
          column: 'log_level',
          schema: Type.Enum(LOG_LEVELS.toReversed()),
          required: true,
        },
        logsGroup: {
          is: 'reference',
          to: LOG_GROUP,
          column: 'collected',
          writes: 'logsGroupId',
          shownAs: 'both',
          required: true,
        },
      },
    },
    engine,
  )
}

function metricProfileKind(engine: () => Engine): Kind {
  return profile(
    {
      name: METRIC_PROFILE,
      words: ['telemetry metrics profile', 'telemetry metrics profiles'],
      table: METRIC_PROFILES,
      places: [{ path: '/telemetry/profiles/metrics' }],
      plural: 'telemetryMetricsProfiles',
      alias: 'profileId',
      members: {
        metricsInterval: {
          is: 'column',
          column: 'metrics_interval',
          form: 'integer',
          schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Seconds' }),
          required: true,
        },
        metricsGroup: {
          is: 'reference',
          to: METRIC_GROUP,
          column: 'collected',
          writes: 'metricsGroupId',
          shownAs: 'both',
          required: true,
        },
      },
    },
    engine,
  )
}

type Tables = Record<string, Row & { target_instance: string | null }>

/** Removes the profiles of an instance that goes away. */
export async function dropProfilesOf(
  engine: Engine,
  tx: Tx,
  { act, instance }: { readonly act: Act; readonly instance: string },
): Promise<void> {
  for (const [kind, table] of [
    [LOG_PROFILE, LOG_PROFILES],
    [METRIC_PROFILE, METRIC_PROFILES],
  ] as const) {
    const rows = await tx
      .of<Tables>(act.project)
      .select(table)
      .select('id')
      .where('target_instance', '=', instance)
      .execute()
    for (const { id } of rows) await engine.remove(tx, act, { kind, id })
  }
}
