// SPDX-License-Identifier: Apache-2.0
/** Pages of the module oob. */
import { Cpu } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/oob.ts'
import { t as ofHost } from '../../words/oob-power.ts'
import type { ModulePages } from '../pages.ts'
import { oobNeeds } from './needs.ts'
import { firmwarePower } from './power/path.ts'

const OOB = '/out-of-band'
const READ = 'host.read'
const words = t.palette.words

const oob: ModulePages = {
  name: 'oob',
  nav: [{ to: OOB, title: t.nav, icon: Cpu, order: 60, key: 'o', permission: READ }],
  routes: [
    { path: OOB, permission: READ, page: lazy(() => import('./fleet/fleet-page.tsx')) },
    { path: `${OOB}/activations`, permission: READ, page: lazy(() => import('./ledger/ledger-page.tsx')) },
    { path: `${OOB}/records`, permission: READ, page: lazy(() => import('./records/records-page.tsx')) },
    { path: `${OOB}/drift`, permission: READ, page: lazy(() => import('./care/drift-page.tsx')) },
    { path: `${OOB}/playbooks`, permission: READ, page: lazy(() => import('./care/playbooks-page.tsx')) },
    { path: `${OOB}/sessions`, permission: READ, page: lazy(() => import('./sessions/sessions-page.tsx')) },
    {
      path: `${OOB}/recordings/:recording`,
      permission: 'audit.read',
      page: lazy(() => import('./sessions/recording-page.tsx')),
    },
    { path: `${OOB}/hosts/:host`, permission: READ, page: lazy(() => import('./host/page.tsx')) },
    { path: `${OOB}/hosts/:host/console`, permission: 'host.access', page: lazy(() => import('./sol/page.tsx')) },
    { path: `${OOB}/hosts/:host/screen`, permission: 'host.access', page: lazy(() => import('./kvm/page.tsx')) },
    { path: `${OOB}/rules`, permission: READ, page: lazy(() => import('./care/rules-page.tsx')) },
  ],
  hostTabs: [
    {
      id: 'out-of-band',
      title: ofHost.tab,
      order: 70,
      permission: READ,
      tab: lazy(() => import('./host/tab.tsx')),
    },
  ],
  power: [firmwarePower],
  acts: async () => (await import('./all-acts.ts')).acts,
  needs: oobNeeds,
  palette: [
    { title: t.palette.activations, to: `${OOB}/activations`, words },
    { title: t.palette.profiles, to: `${OOB}/records`, words },
    { title: t.palette.domains, to: `${OOB}/records?tab=domains`, words },
    { title: t.palette.drift, to: `${OOB}/drift`, words },
    { title: t.palette.playbooks, to: `${OOB}/playbooks`, words },
    { title: t.palette.sessions, to: `${OOB}/sessions`, words },
    { title: t.palette.rules, to: `${OOB}/rules`, words },
  ],
  cards: [{ id: 'oob-funnel', order: 60, permission: READ, card: lazy(() => import('./fleet/overview-card.tsx')) }],
  parts: [
    {
      of: '/system certificates',
      id: 'oob-certificates',
      order: 10,
      permission: READ,
      part: lazy(() => import('./provisioning-certificates.tsx')),
    },
  ],
  refresh: {
    // Machines themselves are read anew by those who show them: how often depends on how many there are.
    'oob.': ['oob'],
    // What the agent says changes the verdict over its machine.
    'host.': ['oob'],
    'oob.features': ['oob-firmware'],
    'oob.consent': ['oob-firmware'],
    'oob.activation': ['oob-activations', 'oob-attempt'],
    'oob.amt': ['oob-activations'],
    'oob.drift': ['oob-drift'],
    'oob.repair': ['oob-drift'],
    'oob.playbook': ['oob-runs'],
    'oob.redirection-': ['oob-sessions'],
  },
}
export default oob
