// SPDX-License-Identifier: Apache-2.0
/** What the tabs of the system share: its figures, asked again and again, and what they were since the page was opened. */
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { get } from '../../../api/call.ts'
import { t } from '../../../words/system.ts'
import { type Sample, sampleOf, sized, withSample } from './samples.ts'

export const EVERY_MS = 5_000

export function useSystem() {
  return useQuery({ queryKey: ['system'], queryFn: get('/v1/system'), refetchInterval: EVERY_MS })
}

const Context = createContext<readonly Sample[]>([])

/** Samples since the page was opened, oldest first. */
export function useSamples(): readonly Sample[] {
  return useContext(Context)
}

export function Sampling({ children }: { readonly children: ReactNode }) {
  const { data } = useSystem()
  const [samples, setSamples] = useState<readonly Sample[]>([])
  useEffect(() => {
    if (data !== undefined) setSamples(old => withSample(old, sampleOf(data)))
  }, [data])
  return <Context value={samples}>{children}</Context>
}

/** Counted on demand: it walks over the whole database. */
export function useStorage() {
  return useQuery({
    queryKey: ['system-storage'],
    queryFn: get('/v1/system/storage'),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function bytes(count: number): string {
  const { value, unit } = sized(count, t.units.split(' '))
  return t.bytes(value, unit)
}
