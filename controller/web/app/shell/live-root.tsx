// SPDX-License-Identifier: Apache-2.0
/** Keeps what is on the screen as new as the events that come: old answers are asked again, a few times a second at most. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTicker } from '../kit/now.ts'
import { createLive } from '../live/live.ts'
import { createRefresh } from '../live/refresh.ts'
import { LiveProvider } from '../live/use-live.tsx'
import { projectOf } from './go.tsx'
import { useMe, useSurroundings } from './session.tsx'

/** A smaller difference is the time the answer was on its way. */
const SKEW_THAT_MATTERS_MS = 2_000

export function LiveRoot({ children }: { readonly children: ReactNode }) {
  const { modules } = useSurroundings()
  const { id } = useMe()
  const client = useQueryClient()
  const ticker = useTicker()
  const [live] = useState(() =>
    createLive({
      project: () => projectOf(location.search),
      person: id,
      onSkew: skewMs => ticker.correct(Math.abs(skewMs) < SKEW_THAT_MATTERS_MS ? 0 : skewMs),
    }),
  )
  useEffect(() => {
    const refresh = createRefresh({ client, modules, project: () => projectOf(location.search) })
    const stop = live.onEvents(refresh.take)
    live.start()
    return () => {
      live.stop()
      stop()
      refresh.stop()
    }
  }, [live, client, modules])
  return <LiveProvider value={live}>{children}</LiveProvider>
}
