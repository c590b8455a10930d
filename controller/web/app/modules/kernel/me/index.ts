// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of oneself. */
import { lazy } from 'react'
import { t } from '../../../words/me.ts'
import type { ModulePages } from '../../pages.ts'

export const me = {
  routes: [{ path: '/me', page: lazy(() => import('./me-page.tsx')) }],
  palette: [{ title: t.preferences.title, to: '/me' }],
} satisfies Partial<ModulePages>
