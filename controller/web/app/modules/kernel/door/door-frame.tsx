// SPDX-License-Identifier: Apache-2.0
/** The frame of pages for people who are not signed in yet. */
import './door.css'
import { Paper } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { t } from '../../../words/door.ts'

type DoorFrameProps = {
  readonly title: string
  readonly about?: ReactNode
  readonly wide?: boolean
  /** Without a card around it: the page has cards of its own. */
  readonly bare?: boolean
  readonly children: ReactNode
}

export function DoorFrame({ title, about, wide = false, bare = false, children }: DoorFrameProps) {
  const body = (
    <>
      <PageHead title={title} about={about} />
      {children}
    </>
  )
  return (
    <div className="mu-door">
      <main className={wide ? 'mu-door-card mu-door-wide' : 'mu-door-card'}>
        <div className="mu-door-brand">
          <img src="/icon.svg" width={24} height={24} alt="" />
          {t.brand}
        </div>
        {bare ? (
          body
        ) : (
          <Paper withBorder p="lg" radius="md">
            {body}
          </Paper>
        )}
      </main>
    </div>
  )
}
