// SPDX-License-Identifier: Apache-2.0
/** Keeps what is on the screen as new as the events that come: old answers are asked again, a few times a second at most. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { createLive } from '../live/live.ts'
import { createRefresh } from '../live/refresh.ts'
import { LiveProvider } from '../live/use-live.tsx'
import { useSurroundings } from './session.tsx'

export function LiveRoot({ children }: { readonly children: ReactNode }) {
  const { modules } = useSurroundings()
  const client = useQueryClient()
  const [live] = useState(() =>
    createLive({ project: () => new URLSearchParams(location.search).get('project') ?? 'default' }),
  )
  useEffect(() => {
    live.start()
    const refresh = createRefresh({
      client,
      modules,
      project: () => new URLSearchParams(location.search).get('project') ?? 'default',
    })
    const stop = live.onEvents(refresh.take)
    return () => {
      stop()
      refresh.stop()
      live.stop()
    }
  }, [live, client, modules])
  return <LiveProvider value={live}>{children}</LiveProvider>
}
