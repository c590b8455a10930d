// SPDX-License-Identifier: Apache-2.0
/** Something wider than a narrow screen, such as a table: it scrolls by itself, with keys too. */
import type { ReactNode } from 'react'
import './wide.css'

/** `label` says what it is, for people who do not see it. */
export function Wide({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys
    <section className="mu-wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
