// SPDX-License-Identifier: Apache-2.0
/** The page of components, in builds for development only. */
import { lazy } from 'react'
import type { ModulePages } from '../pages.ts'

const kit: ModulePages = {
  name: 'kit',
  nav: [],
  routes: [{ path: '/system/kit', page: lazy(() => import('./kit-page.tsx')) }],
  acts: async () => [],
  refresh: {},
}
export default kit
