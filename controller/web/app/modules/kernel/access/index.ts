// SPDX-License-Identifier: Apache-2.0
/** What the kernel shows of access: the page, and its API tokens. */
import { KeyRound } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../../words/access-tokens.ts'
import type { ModulePages } from '../../pages.ts'
import { unusedTokens } from './needs.ts'

export const access = {
  nav: [{ to: '/access', title: t.nav, icon: KeyRound, order: 120, permission: 'access.read' }],
  // Without a permission: everybody has tokens of their own.
  routes: [{ path: '/access', page: lazy(() => import('./access-page.tsx')) }],
  needs: [unusedTokens],
} satisfies Partial<ModulePages>
