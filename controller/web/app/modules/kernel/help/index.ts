// SPDX-License-Identifier: Apache-2.0
/** Help, which needs nothing but the controller. */
import { CircleHelp } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../../words/help.ts'
import type { ModulePages } from '../../pages.ts'

export const help = {
  nav: [{ to: '/help', title: t.nav, icon: CircleHelp, order: 199 }],
  routes: [
    { path: '/help', page: lazy(() => import('./help-page.tsx')) },
    { path: '/help/problems/:code', page: lazy(() => import('./problem-page.tsx')) },
  ],
  palette: [
    { title: t.tab.words, to: '/help?tab=words', words: t.title },
    { title: t.tab.cli, to: '/help?tab=cli', words: t.title },
  ],
} satisfies Partial<ModulePages>
