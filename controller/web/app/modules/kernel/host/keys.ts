// SPDX-License-Identifier: Apache-2.0
/** Keys of the page of a host; none of them does anything to it. */
import type { Host } from '../../../api/types.ts'
import { usePageKeys } from '../../../kit/page-keys.ts'
import { useProject } from '../../../shell/go.tsx'
import { copyLine, lineOf } from './line.ts'

export type KeyParts = {
  readonly host: Host
  readonly tabs: readonly { readonly id: string }[]
  readonly setTab: (id: string, options?: { readonly replace?: boolean }) => void
}

export function useHostKeys({ host, tabs, setTab }: KeyParts): void {
  const project = useProject()
  const numbered = tabs.slice(0, 9).map(({ id }, at) => [String(at + 1), () => setTab(id, { replace: false })] as const)
  usePageKeys({
    ...Object.fromEntries(numbered),
    '.': () => setTab('raw', { replace: false }),
    w: () => {
      setTab('summary', { replace: false })
      focusSoon('[data-why]')
    },
    p: () => document.querySelector<HTMLElement>('[data-power]')?.click(),
    c: () => void copyLine(lineOf(project, host.resourceId, new URLSearchParams(location.search))),
  })
}

const TRIES = 60

/** What is meant may be drawn only after the tab has been loaded. */
function focusSoon(selector: string, tries = TRIES): void {
  const found = document.querySelector<HTMLElement>(selector)
  if (found !== null) {
    found.scrollIntoView({ block: 'start' })
    found.focus()
    return
  }
  if (tries > 0) requestAnimationFrame(() => focusSoon(selector, tries - 1))
}
