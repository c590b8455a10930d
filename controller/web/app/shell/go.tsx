// SPDX-License-Identifier: Apache-2.0
/** Links and moves inside the dashboard: the project stays in the address, so that an address says everything. */
import { type AnchorHTMLAttributes, forwardRef, useCallback } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'

export const DEFAULT_PROJECT = 'default'

/** The project of the address. */
export function useProject(): string {
  const [search] = useSearchParams()
  return search.get('project') ?? DEFAULT_PROJECT
}

/** The project that the search part of an address names. */
export function projectOf(search: string): string {
  return new URLSearchParams(search).get('project') ?? DEFAULT_PROJECT
}

/** An address of this dashboard with its project; one that names a project keeps it. */
export function withProject(to: string, project: string): string {
  if (project === DEFAULT_PROJECT || /[?&]project=/.test(to)) return to
  const [path = '', hash] = to.split('#')
  return `${path}${path.includes('?') ? '&' : '?'}project=${encodeURIComponent(project)}${hash === undefined ? '' : `#${hash}`}`
}

type GoProps = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly to: string }

/** A link to a page of the dashboard. */
export const Go = forwardRef<HTMLAnchorElement, GoProps>(function Go({ to, children, ...rest }, ref) {
  const project = useProject()
  return (
    <Link {...rest} ref={ref} href={withProject(to, project)}>
      {children}
    </Link>
  )
})

/** Moves to a page; `replace` leaves no step in the history. */
export function useGo(): (to: string, options?: { readonly replace?: boolean }) => void {
  const [, navigate] = useLocation()
  const project = useProject()
  return useCallback((to, options) => navigate(withProject(to, project), options), [navigate, project])
}

/** One part of the address after the question mark: its value, and how to change it. Empty takes it away. */
export function useParam(
  name: string,
  fallback = '',
): readonly [string, (value: string, options?: { readonly replace?: boolean }) => void] {
  const [search, setSearch] = useSearchParams()
  const set = useCallback(
    (value: string, { replace = true }: { readonly replace?: boolean } = {}) =>
      setSearch(
        old => {
          const next = new URLSearchParams(old)
          if (value === '' || value === fallback) next.delete(name)
          else next.set(name, value)
          return next
        },
        { replace },
      ),
    [name, fallback, setSearch],
  )
  return [search.get(name) ?? fallback, set]
}
