// SPDX-License-Identifier: Apache-2.0
/** What happened, newest first: each with its age, a mark of its kind, and a link to its cause. */
import { Text } from '@mantine/core'
import { CircleDot, FileText, OctagonX, Power, ShieldAlert, Terminal, Wifi } from 'lucide-react'
import type { ReactNode } from 'react'
import { Go } from '../shell/go.tsx'
import { t } from '../words/views.ts'
import { LiveAge } from './live-age.tsx'
import './views.css'

const LOOKS = {
  online: { icon: Wifi, hue: 'mu-ok' },
  offline: { icon: Power, hue: 'mu-failing' },
  command: { icon: Terminal, hue: 'mu-unknown' },
  document: { icon: FileText, hue: 'mu-unknown' },
  failed: { icon: OctagonX, hue: 'mu-failing' },
  trust: { icon: ShieldAlert, hue: 'mu-held' },
  other: { icon: CircleDot, hue: 'mu-unknown' },
} as const

export type Happening = {
  readonly id: string
  readonly at: string
  readonly kind: keyof typeof LOOKS
  readonly text: string
  /** Who or what, why. */
  readonly more?: string
  /** Where its cause or its result is told. */
  readonly to?: string
}

export function Timeline({
  items,
  label,
  end,
}: {
  readonly items: readonly Happening[]
  readonly label: string
  readonly end?: ReactNode
}) {
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.timeline.nothing}
      </Text>
    )
  return (
    <>
      <ol className="mu-timeline" aria-label={label}>
        {items.map(({ id, at, kind, text, more, to }) => {
          const { icon: Icon, hue } = LOOKS[kind]
          return (
            <li key={id} data-kind={kind}>
              <Icon size={14} className={`mu-timeline-mark ${hue}`} aria-hidden />
              <div className="mu-timeline-text">
                {to === undefined ? text : <Go to={to}>{text}</Go>}
                {more !== undefined && ` · ${more}`}
                <Text size="xs" c="dimmed">
                  <LiveAge at={at} ago />
                </Text>
              </div>
            </li>
          )
        })}
      </ol>
      {end}
    </>
  )
}
