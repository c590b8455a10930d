// SPDX-License-Identifier: Apache-2.0
/** Pages of the module inventory: where hosts stand, when they may be disturbed, what they run, and many of them at once. */
import { CalendarClock, Disc3, FileUp, MapPinned } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/inventory.ts'
import type { ModulePages } from '../pages.ts'
import { darkSites } from './needs.ts'

const read = 'inventory.read'

const inventory: ModulePages = {
  name: 'inventory',
  nav: [
    { to: '/sites', title: t.nav.sites, icon: MapPinned, order: 30, permission: read, key: 'i' },
    { to: '/schedules', title: t.nav.schedules, icon: CalendarClock, order: 110, permission: read },
    { to: '/os', title: t.nav.os, icon: Disc3, order: 120, permission: read },
    { to: '/import', title: t.nav.import, icon: FileUp, order: 130, permission: 'host.admit' },
  ],
  routes: [
    { path: '/sites', page: lazy(() => import('./sites/sites-page.tsx')), permission: read },
    { path: '/sites/:site', page: lazy(() => import('./sites/site-page.tsx')), permission: read },
    { path: '/schedules', page: lazy(() => import('./schedules/schedules-page.tsx')), permission: read },
    { path: '/os', page: lazy(() => import('./os/os-page.tsx')), permission: read },
    { path: '/import', page: lazy(() => import('./import/import-page.tsx')), permission: 'host.admit' },
  ],
  palette: [
    { title: t.palette.policies, to: '/os?tab=policies' },
    { title: t.palette.runs, to: '/os?tab=runs' },
    { title: t.palette.newSchedule, to: '/schedules?new=1' },
    { title: t.palette.newSite, to: '/sites?new=site' },
  ],
  needs: [darkSites],
  cards: [{ id: 'inventory.sites', order: 40, permission: read, card: lazy(() => import('./sites/card.tsx')) }],
  acts: async () => (await import('./acts.ts')).acts,
  refresh: {
    'region.': ['regions', 'sites', 'hosts'],
    'site.': ['regions', 'sites', 'hosts'],
    'host.': ['sites'],
    'singleSchedule.': ['schedules'],
    'repeatedSchedule.': ['schedules'],
    'operatingSystem.': ['os'],
    'osUpdatePolicy.': ['policies'],
    'osUpdateRun.': ['update-runs'],
    'instance.': ['instances'],
    'provider.': ['sites'],
  },
}
export default inventory
