// SPDX-License-Identifier: Apache-2.0
/** Looks at one thing of a list without leaving it: a drawer at the end of the page that the list stays usable beside. */
import { CloseButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { t } from '../words/kit.ts'
import './peek.css'

export type PeekProps = {
  readonly title: ReactNode
  /** Names it for people who do not see it. */
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Peek({ title, label, onClose, children }: PeekProps) {
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[role="dialog"], [role="menu"], [aria-expanded="true"][role="combobox"]') !== null)
        return
      close.current()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <aside className="mu-peek" aria-label={label}>
      <div className="mu-peek-head">
        <div className="mu-peek-title">{title}</div>
        <CloseButton aria-label={t.close} onClick={onClose} />
      </div>
      {children}
    </aside>
  )
}
