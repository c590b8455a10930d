// SPDX-License-Identifier: Apache-2.0
/** Single keys of a page: not while somebody types, not behind a dialog, and not for who turned them off (WCAG 2.1.4). */
import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useRef } from 'react'

export function usePageKeys(keys: Readonly<Record<string, () => void>>): void {
  const [on] = useLocalStorage({ key: 'muster.keys', defaultValue: true, getInitialValueInEffect: false })
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!on) return undefined
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      if (target instanceof Element && target.closest('input,textarea,select,[contenteditable],[data-takes-keys]'))
        return
      if (document.querySelector('[role="dialog"]') !== null) return
      const act = latest.current[event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [on])
}
