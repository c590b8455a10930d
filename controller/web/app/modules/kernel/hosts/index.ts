// SPDX-License-Identifier: Apache-2.0
/** The list of hosts, as a page of the kernel. */
import { Server } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../../words/hosts.ts'
import type { NavItem, PageRoute } from '../../pages.ts'

const nav: readonly NavItem[] = [
  { to: '/hosts', title: t.title, icon: Server, order: 10, permission: 'host.read', key: 'h' },
]
const routes: readonly PageRoute[] = [
  { path: '/hosts', page: lazy(() => import('./hosts-page.tsx')), permission: 'host.read' },
]

export const hosts = { nav, routes, refresh: { 'view.': ['views'] } } as const
