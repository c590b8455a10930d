// SPDX-License-Identifier: Apache-2.0
/** The application: providers around the pages, and the door for who is not signed in. */
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { problemOf } from '../api/problem.ts'
import { createTicker, TickerProvider } from '../kit/now.ts'
import { ProblemCard } from '../kit/problem-card.tsx'
import { Loading } from '../kit/states.tsx'
import { Keyboard } from './keyboard.tsx'
import { Layout } from './layout.tsx'
import { LiveRoot } from './live-root.tsx'
import { Palette } from './palette.tsx'
import { Routes } from './routes.tsx'
import { MeProvider, type Surroundings, SurroundingsProvider, useMeQuery } from './session.tsx'
import { theme, variables } from './theme.ts'

const SignIn = lazy(() => import('../modules/kernel/door/sign-in.tsx'))
const Setup = lazy(() => import('../modules/kernel/door/setup.tsx'))
const Invite = lazy(() => import('../modules/kernel/door/invite.tsx'))

/** A session that ended sends its tabs to the door, whichever request found out. */
export function createQueries(): QueryClient {
  const onError = (thrown: unknown): void => {
    if (problemOf(thrown).status === 401) void client.invalidateQueries({ queryKey: ['me'] })
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: (thrown, { queryKey }) => queryKey[0] !== 'me' && onError(thrown) }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, thrown) => problemOf(thrown).status === 0 && count < 2,
        refetchOnWindowFocus: true,
      },
    },
  })
  return client
}

const colorSchemeManager = localStorageColorSchemeManager({ key: 'muster.scheme' })

export function App({ surroundings, queries }: { readonly surroundings: Surroundings; readonly queries: QueryClient }) {
  const [ticker] = useState(createTicker)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      getStyleNonce={() => surroundings.nonce}
    >
      <SurroundingsProvider value={surroundings}>
        <QueryClientProvider client={queries}>
          <TickerProvider value={ticker}>
            <Notifications position="bottom-right" limit={3} />
            <Suspense fallback={<Loading />}>
              <Switch>
                <Route path="/setup">
                  <Setup />
                </Route>
                <Route path="/invite">
                  <Invite />
                </Route>
                <Route path="/sign-in">
                  <SignIn />
                </Route>
                <Route>
                  <SignedIn>
                    <Inside />
                  </SignedIn>
                </Route>
              </Switch>
            </Suspense>
          </TickerProvider>
        </QueryClientProvider>
      </SurroundingsProvider>
    </MantineProvider>
  )
}

function SignedIn({ children }: { readonly children: ReactNode }) {
  const me = useMeQuery()
  const [path] = useLocation()
  // What is known of somebody is kept when a question fails; that their session ended is no such failure.
  if (me.error !== null && problemOf(me.error).status === 401)
    return <Redirect to={`/sign-in?to=${encodeURIComponent(`${path}${location.search}`)}`} replace />
  if (me.data !== undefined) return <MeProvider me={me.data}>{children}</MeProvider>
  if (me.isPending) return <Loading />
  return <ProblemCard problem={me.error} onRetry={() => void me.refetch()} />
}

function Inside() {
  const [help, setHelp] = useState(false)
  return (
    <LiveRoot>
      <Layout onHelp={() => setHelp(true)}>
        <Routes />
      </Layout>
      <Palette />
      <Keyboard help={help} onHelp={setHelp} />
    </LiveRoot>
  )
}
