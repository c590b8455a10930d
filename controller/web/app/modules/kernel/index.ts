// SPDX-License-Identifier: Apache-2.0
/** Pages of what is always there. */
import { House } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/kernel.ts'
import type { ModulePages } from '../pages.ts'

const kernel: ModulePages = {
  name: 'kernel',
  nav: [{ to: '/', title: t.nav.overview, icon: House, order: 0, key: 'd' }],
  routes: [{ path: '/', page: lazy(() => import('./overview/overview-page.tsx')) }],
  acts: [],
  refresh: {
    'host.': ['hosts', 'host', 'why', 'summary'],
    'document.': ['host', 'why'],
    'command.': ['commands', 'command'],
  },
}
export default kernel
