// SPDX-License-Identifier: Apache-2.0
/** Who is signed in, what they may do in the project at hand, and which modules there are. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Boot } from '../../../modules/dashboard/boot.ts'
import { call, get, send } from '../api/call.ts'
import type { Me } from '../api/types.ts'
import type { ModulePages } from '../modules/pages.ts'
import { useProject } from './go.tsx'

export type Surroundings = { readonly boot: Boot; readonly nonce: string; readonly modules: readonly ModulePages[] }
const Context = createContext<Surroundings | undefined>(undefined)
export const SurroundingsProvider = Context.Provider

/** What runs here. */
export function useSurroundings(): Surroundings {
  const found = useContext(Context)
  if (found === undefined) throw new Error('outside of the application')
  return found
}

const MeContext = createContext<Me | undefined>(undefined)
export const MeProvider = ({ me, children }: { readonly me: Me; readonly children: ReactNode }) => (
  <MeContext.Provider value={me}>{children}</MeContext.Provider>
)

/** Who is signed in, in the project of the address. */
export function useMeQuery() {
  const project = useProject()
  return useQuery({
    queryKey: ['me', project],
    queryFn: get('/v1/me', { query: { project } }),
    staleTime: 60_000,
    retry: false,
  })
}

export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('nobody is signed in here')
  return me
}

/**
 * Whether somebody may do something in the project of the address. A permission that holds for some hosts only counts:
 * the controller decides for each host.
 */
export function useMay(): (permission: string | undefined) => boolean {
  const me = useMe()
  return useMemo(() => {
    const held = new Set([...me.permissions, ...(me.here?.permissions ?? []), ...(me.here?.onSomeHosts ?? [])])
    return permission => permission === undefined || held.has(permission)
  }, [me])
}

/** Ends the session and forgets everything that was read in it. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await send(call('DELETE', '/v1/session')).catch(() => undefined)
    client.clear()
    location.assign('/sign-in')
  }
}
