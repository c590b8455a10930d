// SPDX-License-Identifier: Apache-2.0
/** Pages of the module webhooks. */
import { Webhook } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/webhooks.ts'
import type { ModulePages } from '../pages.ts'
import { webhookNeeds } from './needs.ts'

const READ = 'webhook.read'

const webhooks: ModulePages = {
  name: 'webhooks',
  nav: [{ to: '/webhooks', title: t.nav, icon: Webhook, order: 150, permission: READ }],
  routes: [
    { path: '/webhooks', page: lazy(() => import('./list-page.tsx')), permission: READ },
    { path: '/webhooks/:webhook', page: lazy(() => import('./webhook-page.tsx')), permission: READ },
  ],
  needs: [webhookNeeds],
  acts: async () => (await import('./acts.ts')).webhookActs,
  refresh: { 'webhook.': ['webhooks'] },
}
export default webhooks
