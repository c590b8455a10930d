// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of the audit. */
import { ScrollText } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../../words/audit.ts'
import type { ModulePages } from '../../pages.ts'

export const audit = {
  nav: [{ to: '/audit', title: t.nav, icon: ScrollText, order: 110, permission: 'audit.read', key: 'u' }],
  routes: [{ path: '/audit', page: lazy(() => import('./audit-page.tsx')), permission: 'audit.read' }],
  palette: [{ title: t.verify.title, to: '/audit?verify=1', words: t.title }],
  // Whatever is recorded as an event has mostly left an entry too.
  refresh: { '': ['audit-new'] },
} satisfies Partial<ModulePages>
