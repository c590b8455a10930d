// SPDX-License-Identifier: Apache-2.0
/** Pages of the module tenancy: what can be done to projects, on the pages that the kernel has. */
import { Boxes } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/tenancy.ts'
import type { ModulePages } from '../pages.ts'

const tenancy: ModulePages = {
  name: 'tenancy',
  nav: [{ to: '/projects', title: t.nav, icon: Boxes, order: 130 }],
  routes: [],
  tabs: [{ of: '/projects', id: 'orgs', title: t.orgs.tab, order: 10, tab: lazy(() => import('./orgs-tab.tsx')) }],
  parts: [
    {
      of: '/projects head',
      id: 'new',
      order: 0,
      permission: 'project.write',
      part: lazy(() => import('./new-project.tsx')),
    },
    {
      of: '/projects/:project head',
      id: 'change',
      order: 0,
      permission: 'project.write',
      part: lazy(() => import('./project-acts.tsx')),
    },
    {
      of: '/projects/:project',
      id: 'quotas',
      order: 10,
      permission: 'project.read',
      part: lazy(() => import('./quotas.tsx')),
    },
  ],
  acts: async () => (await import('./acts.ts')).acts,
  refresh: {},
}
export default tenancy
