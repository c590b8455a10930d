// SPDX-License-Identifier: Apache-2.0
/** Steps in order, each with how it stands: a mark of its own shape, a word, and more where there is more to say. */
import { VisuallyHidden } from '@mantine/core'
import { CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../words/views.ts'
import './views.css'

export type CheckState = keyof typeof t.check

export type Check = {
  readonly id: string
  readonly state: CheckState
  readonly text: ReactNode
  /** Why, or when. */
  readonly detail?: ReactNode
}

const LOOKS = {
  done: { icon: CircleCheck, hue: 'mu-ok' },
  failed: { icon: CircleX, hue: 'mu-failing' },
  now: { icon: LoaderCircle, hue: 'mu-degraded' },
  waiting: { icon: CircleDashed, hue: 'mu-unknown' },
  skipped: { icon: CircleMinus, hue: 'mu-unknown' },
} as const

export type ChecklistProps = {
  readonly label: string
  readonly checks: readonly Check[]
  /** Beside each other. */
  readonly row?: boolean
}

export function Checklist({ label, checks, row = false }: ChecklistProps) {
  return (
    <ol className={row ? 'mu-checks mu-checks-row' : 'mu-checks'} aria-label={label}>
      {checks.map(({ id, state, text, detail }) => {
        const { icon: Icon, hue } = LOOKS[state]
        return (
          <li key={id} data-check={id} data-state={state}>
            <Icon size={16} className={`mu-checks-mark ${hue}`} aria-hidden />
            <div>
              {text}
              <VisuallyHidden> ({t.check[state]})</VisuallyHidden>
              {detail !== undefined && <div className="mu-checks-detail">{detail}</div>}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
