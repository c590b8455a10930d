// SPDX-License-Identifier: Apache-2.0
/** Pages of the module onboarding: adding hosts, the lobby, join tokens. */
import { DoorOpen, KeyRound } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../words/onboarding.ts'
import type { ModulePages } from '../pages.ts'
import { lobbyNeeds } from './needs.ts'

const onboarding: ModulePages = {
  name: 'onboarding',
  nav: [
    {
      to: '/lobby',
      title: t.lobby.title,
      icon: DoorOpen,
      order: 12,
      under: '/hosts',
      permission: 'host.read',
      key: 'l',
    },
    {
      to: '/join-tokens',
      title: t.tokens.title,
      icon: KeyRound,
      order: 13,
      under: '/hosts',
      permission: 'token.read',
    },
  ],
  routes: [
    { path: '/lobby', page: lazy(() => import('./lobby/lobby-page.tsx')), permission: 'host.read' },
    { path: '/join-tokens', page: lazy(() => import('./tokens/tokens-page.tsx')), permission: 'token.read' },
  ],
  tabs: [
    {
      of: '/hosts',
      id: 'lobby',
      title: t.lobby.title,
      order: 10,
      tab: lazy(() => import('./lobby/lobby-list.tsx')),
      permission: 'host.read',
    },
  ],
  sheets: {
    add: { title: t.add.title, page: lazy(() => import('./add-host/add-host.tsx')), permission: 'token.write' },
  },
  needs: [lobbyNeeds],
  palette: [{ title: t.add.title, to: '/hosts?add=command', words: t.add.words }],
  acts: async () => (await import('./acts.ts')).acts,
  refresh: {
    'lobby.': ['lobby', 'add-host'],
    'token.': ['join-tokens', 'add-host'],
    'host.': ['add-host'],
    'document.': ['add-host'],
  },
}
export default onboarding
