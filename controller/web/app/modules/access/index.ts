// SPDX-License-Identifier: Apache-2.0
/** Pages of the module access: tabs of the page that the kernel has. */
import { lazy } from 'react'
import { t } from '../../words/access.ts'
import type { ModulePages } from '../pages.ts'
import { weakAdmins } from './needs.ts'

const of = '/access'
const tab = (id: keyof typeof t.tab) => `${of}?tab=${id}`

const access: ModulePages = {
  name: 'access',
  nav: [],
  routes: [],
  tabs: [
    {
      of,
      id: 'people',
      title: t.tab.people,
      order: 10,
      permission: 'access.read',
      tab: lazy(() => import('./people-tab.tsx')),
    },
    { of, id: 'roles', title: t.tab.roles, order: 20, tab: lazy(() => import('./roles-tab.tsx')) },
    { of, id: 'sessions', title: t.tab.sessions, order: 40, tab: lazy(() => import('./sessions-tab.tsx')) },
    { of, id: 'explain', title: t.tab.explain, order: 50, tab: lazy(() => import('./explain-tab.tsx')) },
    {
      of,
      id: 'providers',
      title: t.tab.providers,
      order: 60,
      permission: 'access.read',
      tab: lazy(() => import('./providers-tab.tsx')),
    },
  ],
  parts: [
    {
      of: '/projects/:project',
      id: 'members',
      order: 20,
      permission: 'access.read',
      part: lazy(() => import('./members.tsx')),
    },
  ],
  needs: [weakAdmins],
  palette: [
    { title: t.people.list, to: tab('people') },
    { title: t.given.list, to: `${tab('roles')}&view=given` },
    { title: t.sessions.list, to: tab('sessions') },
    { title: t.tab.explain, to: tab('explain') },
  ],
  acts: async () => (await import('./acts.ts')).acts,
  refresh: {},
}
export default access
