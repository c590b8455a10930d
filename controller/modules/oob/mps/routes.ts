// SPDX-License-Identifier: Apache-2.0
/** The REST interface of the Device Management Toolkit's MPS, for the clients that were written for it. */
import type { Http } from '../../../http/http.ts'
import { alarmRoutes } from './alarms.ts'
import { bootRoutes } from './boot.ts'
import { bulkRoutes } from './bulk.ts'
import { certificateRoutes } from './certificates.ts'
import { deviceRoutes } from './devices.ts'
import { displayRoutes } from './displays.ts'
import { explorerRoutes } from './explorer.ts'
import { featureRoutes } from './features.ts'
import { infoRoutes } from './info.ts'
import { installationRoutes } from './installation.ts'
import { logRoutes } from './logs.ts'
import { networkRoutes } from './network.ts'
import type { MpsParts } from './parts.ts'
import { powerRoutes } from './power.ts'
import { securityRoutes } from './security.ts'
import { wirelessRoutes } from './wireless.ts'

export type { MpsParts } from './parts.ts'
export { powerShortcuts } from './power.ts'

const SECTIONS = [
  installationRoutes,
  deviceRoutes,
  infoRoutes,
  powerRoutes,
  bulkRoutes,
  bootRoutes,
  featureRoutes,
  logRoutes,
  alarmRoutes,
  certificateRoutes,
  displayRoutes,
  networkRoutes,
  wirelessRoutes,
  securityRoutes,
  explorerRoutes,
]

/** All of its routes, to be mounted under each prefix with `mountToolkit`. */
export function mpsRoutes(parts: MpsParts): (http: Http) => void {
  return http => {
    for (const routes of SECTIONS) routes(http, parts)
  }
}
