// SPDX-License-Identifier: Apache-2.0
/** What runs on the hosts and when they may be disturbed: kinds, tables and routes of these parts, in one place. */
import type { Http } from '../../http/http.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Migrations, Tx } from '../../store/store.ts'
import type { Engine } from './engine/engine.ts'
import type { Act, Kind } from './engine/kind.ts'
import { instanceKind } from './instances/instance.ts'
import { instanceRoutes } from './instances/routes.ts'
import { instanceMigrations } from './instances/tables.ts'
import { repeatedSchedule, singleSchedule } from './schedules/kinds.ts'
import { scheduleRoutes } from './schedules/routes.ts'
import { scheduleMigrations } from './schedules/tables.ts'
import { osUpdatePolicy } from './systems/policy.ts'
import { osUpdateRun } from './systems/run.ts'
import { operatingSystem } from './systems/system.ts'
import { systemMigrations } from './systems/tables.ts'
import { dropProfilesOf, telemetryKinds } from './telemetry/kinds.ts'
import { telemetryRoutes } from './telemetry/routes.ts'
import { telemetryMigrations } from './telemetry/tables.ts'
import { workloadKind, workloadMember } from './workloads/kinds.ts'
import { workloadMigrations } from './workloads/tables.ts'

export const fleetMigrations: Migrations = {
  ...systemMigrations,
  ...instanceMigrations,
  ...workloadMigrations,
  ...telemetryMigrations,
  ...scheduleMigrations,
}

export function fleetKinds({
  kernel,
  engine,
}: {
  readonly kernel: Kernel
  readonly engine: () => Engine
}): readonly Kind[] {
  const farewell = (tx: Tx, act: Act, instance: string) => dropProfilesOf(engine(), tx, { act, instance })
  return [
    operatingSystem,
    osUpdatePolicy,
    osUpdateRun,
    instanceKind(engine, farewell),
    workloadKind(engine),
    workloadMember,
    ...telemetryKinds({ kernel, engine }),
    singleSchedule({ engine, clock: kernel.clock }),
    repeatedSchedule({ engine, clock: kernel.clock }),
  ]
}

/** Routes that are not one of every kind. */
export function fleetRoutes(http: Http, parts: { readonly kernel: Kernel; readonly engine: Engine }): void {
  instanceRoutes(http, parts)
  telemetryRoutes(http, parts)
  scheduleRoutes(http, parts)
}
