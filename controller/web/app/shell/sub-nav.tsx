// SPDX-License-Identifier: Apache-2.0
/** Pages that stand beside each other under one item of the rail: links, the present one marked. */
import { useLocation } from 'wouter'
import { Go } from './go.tsx'
import { useMay, useSurroundings } from './session.tsx'
import './sub-nav.css'

/** `of` is the address of the item in the rail. Nothing where there is only that page. */
export function SubNav({ of, label }: { readonly of: string; readonly label: string }) {
  const { modules } = useSurroundings()
  const may = useMay()
  const [path] = useLocation()
  const items = modules
    .flatMap(({ nav }) => nav)
    .filter(({ to, under, permission }) => (to === of || under === of) && may(permission))
    .sort((a, b) => Number(b.to === of) - Number(a.to === of) || a.order - b.order)
  if (items.length < 2) return null
  return (
    <nav className="mu-subnav" aria-label={label}>
      {items.map(({ to, title }) => (
        <Go key={to} to={to} aria-current={path === to ? 'page' : undefined}>
          {title}
        </Go>
      ))}
    </nav>
  )
}
