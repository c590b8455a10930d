// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of projects: there is always one. */
import { lazy } from 'react'
import type { ModulePages } from '../../pages.ts'

export const projects = {
  routes: [
    { path: '/projects', page: lazy(() => import('./projects-page.tsx')) },
    { path: '/projects/:project', page: lazy(() => import('./project-page.tsx')) },
  ],
  refresh: { 'project.': ['projects', 'quotas'] },
} satisfies Partial<ModulePages>
