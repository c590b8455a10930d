// SPDX-License-Identifier: Apache-2.0
/** The parts of out-of-band management, side by side above each of them. */

import { useLocation } from 'wouter'
import { Go } from '../../shell/go.tsx'
import { t } from '../../words/oob-fleet.ts'
import './oob.css'

const PARTS = [
  { to: '/out-of-band', title: t.tabs.fleet },
  { to: '/out-of-band/activations', title: t.tabs.activations },
  { to: '/out-of-band/records', title: t.tabs.records },
  { to: '/out-of-band/drift', title: t.tabs.drift },
  { to: '/out-of-band/playbooks', title: t.tabs.playbooks },
  { to: '/out-of-band/sessions', title: t.tabs.sessions },
  { to: '/out-of-band/rules', title: t.tabs.rules },
] as const

/** On narrow screens the part at hand may lie beyond the edge. */
function intoView(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

export function OobNav() {
  const [path] = useLocation()
  return (
    <nav className="mu-oob-nav" aria-label={t.tabs.label}>
      {PARTS.map(({ to, title }) => (
        <Go key={to} to={to} ref={path === to ? intoView : undefined} aria-current={path === to ? 'page' : undefined}>
          {title}
        </Go>
      ))}
    </nav>
  )
}
