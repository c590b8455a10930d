// SPDX-License-Identifier: Apache-2.0
/** The pages by their addresses, each in its own frame for failures, waiting and permissions. */
import { Button } from '@mantine/core'
import { Component, type ReactNode, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { EmptyState, Loading, NoPermission } from '../kit/states.tsx'
import type { PageRoute } from '../modules/pages.ts'
import { t } from '../words/kernel.ts'
import { Go } from './go.tsx'
import { useMay, useSurroundings } from './session.tsx'

export function Routes() {
  const { modules } = useSurroundings()
  const [path] = useLocation()
  return (
    <Fence key={path.split('/')[1] ?? ''}>
      <Suspense fallback={<Loading lines={8} />}>
        <Switch>
          {modules
            .flatMap(({ routes }) => routes)
            .map(route => (
              <Route key={route.path} path={route.path}>
                <Guarded route={route} />
              </Route>
            ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Fence>
  )
}

function Guarded({ route: { page: Page, permission } }: { readonly route: PageRoute }) {
  const may = useMay()
  if (permission !== undefined && !may(permission)) return <NoPermission permission={permission} />
  return <Page />
}

export function NotFound() {
  return (
    <EmptyState title={t.notFound.title} action={<Go to="/">{t.notFound.home}</Go>}>
      {t.notFound.what}
    </EmptyState>
  )
}

/** Keeps a page that fails to draw from taking the others along. */
export class Fence extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <EmptyState
        title={t.broken.title}
        action={<Button onClick={() => this.setState({ failed: false })}>{t.broken.retry}</Button>}
      >
        {t.broken.what}
      </EmptyState>
    )
  }
}
