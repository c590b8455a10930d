// SPDX-License-Identifier: Apache-2.0
/** Everything the buttons of inventory do. */
import type { AnyAct } from '../../acts/act.ts'
import { importHosts } from './acts/import.ts'
import * as places from './acts/places.ts'
import * as schedules from './acts/schedules.ts'
import * as systems from './acts/systems.ts'

export const acts: readonly AnyAct[] = [
  places.createRegion,
  places.changeRegion,
  places.createSite,
  places.changeSite,
  places.deletePlace,
  places.deletePlaces,
  places.moveHosts,
  schedules.createSchedule,
  schedules.changeSchedule,
  schedules.deleteSchedule,
  systems.createSystem,
  systems.changeSystem,
  systems.deleteSystem,
  systems.createPolicy,
  systems.deletePolicy,
  systems.deleteRun,
  importHosts,
]
