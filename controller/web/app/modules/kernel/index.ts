// SPDX-License-Identifier: Apache-2.0
/** Pages of what is always there. */
import { House } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/kernel.ts'
import type { ModulePages } from '../pages.ts'
import { access } from './access/index.ts'
import { audit } from './audit/index.ts'
import { help } from './help/index.ts'
import { agentPath } from './host/power.ts'
import { hosts } from './hosts/index.ts'
import { me } from './me/index.ts'
import { fleetNeeds } from './overview/fleet-needs.ts'
import { projects } from './projects/index.ts'
import { system } from './system/index.ts'

const kernel: ModulePages = {
  name: 'kernel',
  nav: [
    { to: '/', title: t.nav.overview, icon: House, order: 0, key: 'd' },
    ...hosts.nav,
    ...access.nav,
    ...audit.nav,
    ...system.nav,
    ...help.nav,
  ],
  routes: [
    { path: '/', page: lazy(() => import('./overview/overview-page.tsx')) },
    ...hosts.routes,
    { path: '/hosts/:host', page: lazy(() => import('./host/host-page.tsx')), permission: 'host.read' },
    ...access.routes,
    ...audit.routes,
    ...help.routes,
    ...me.routes,
    ...projects.routes,
    ...system.routes,
  ],
  needs: [fleetNeeds, ...access.needs, ...system.needs],
  power: [agentPath],
  acts: async () => (await import('./all-acts.ts')).acts,
  palette: [...audit.palette, ...help.palette, ...me.palette, ...system.palette],
  refresh: {
    ...projects.refresh,
    ...audit.refresh,
    ...system.refresh,
    ...hosts.refresh,
    'host.': ['hosts', 'host', 'why', 'summary', 'events'],
    'document.': ['host', 'why', 'summary', 'events'],
    'command.': ['commands', 'command', 'events'],
  },
}
export default kernel
