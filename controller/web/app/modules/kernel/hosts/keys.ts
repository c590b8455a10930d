// SPDX-License-Identifier: Apache-2.0
/** Keys of the list: moving without having to click into it first, and the doors to filters and views. */
import { useEffect } from 'react'

const IN_TABLE = new Set(['j', 'k', 'x', 'X'])

export function useListKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isElsewhere(event.target) || localStorage.getItem('muster.keys') === 'false') return
      if (event.key === 'f' || event.key === 'v') {
        event.preventDefault()
        document.querySelector<HTMLElement>(event.key === 'f' ? '[data-add-filter]' : '[data-views]')?.click()
      } else if (IN_TABLE.has(event.key)) passOn(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** Nobody is at a place of their own: then the rows take the keys. */
function passOn(event: KeyboardEvent): void {
  const grid = document.querySelector<HTMLElement>('.mu-hosts [role="grid"]')
  if (grid === null || event.target === grid) return
  event.preventDefault()
  grid.focus({ preventScroll: true })
  // The first step only shows where one is.
  if (event.key === 'j' || event.key === 'k') return
  grid.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true, cancelable: true }))
}

function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input:not([type="checkbox"]),textarea,select,[data-takes-keys]') !== null)
  )
}
