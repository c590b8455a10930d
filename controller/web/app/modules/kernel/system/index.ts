// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of the controller itself. */
import { Server } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../../words/system.ts'
import type { ModulePages } from '../../pages.ts'
import { systemNeeds } from './needs.ts'

export const system = {
  nav: [{ to: '/system', title: t.nav, icon: Server, order: 190, permission: 'system.read', key: 's' }],
  routes: [{ path: '/system', page: lazy(() => import('./system-page.tsx')), permission: 'system.read' }],
  palette: [
    { title: t.backup.take, to: '/system?tab=backups', words: t.tab.backups },
    { title: t.tab.certificates, to: '/system?tab=certificates', words: t.title },
    { title: t.tab.modules, to: '/system?tab=modules', words: t.title },
  ],
  needs: systemNeeds,
  refresh: { 'system.': ['system'] },
} satisfies Partial<ModulePages>
