// SPDX-License-Identifier: Apache-2.0
/** The lines by which machines install from this controller, where it has packages for them. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { useSurroundings } from '../../../shell/session.tsx'

type Packages = AnswerOf<'/v1/packages', 'GET'>
export type PackageLines = {
  readonly apt: readonly string[]
  readonly dnf: readonly string[]
  readonly cloudInit: string
}

const HARDLY_EVER_MS = 60_000

/** `undefined` while it is not known, and `null` where there are none. */
export function usePackages(token: string): PackageLines | null | undefined {
  const { boot } = useSurroundings()
  const isOn = boot.modules.includes('packages')
  const { data } = useQuery({
    queryKey: ['packages'],
    queryFn: ({ signal }) => send<Packages>(call('GET', '/v1/packages', {}), signal),
    enabled: isOn,
    staleTime: HARDLY_EVER_MS,
  })
  if (!isOn) return null
  if (data === undefined) return undefined
  const { join, tokenPlace } = data
  if (join === undefined || tokenPlace === undefined) return null
  const filled = (line: string): string => line.replaceAll(tokenPlace, token)
  return { apt: join.apt.map(filled), dnf: join.dnf.map(filled), cloudInit: filled(join.cloudInit) }
}
