// SPDX-License-Identifier: Apache-2.0
/** How many hosts there are in each status, in one question. */
import { useQuery } from '@tanstack/react-query'
import { send } from '../../../api/call.ts'
import type { Compliance, Health, Reachability } from '../../../kit/status-chip.tsx'
import { useProject } from '../../../shell/go.tsx'

export type Tally = {
  readonly total: number
  readonly reachability: Readonly<Record<Reachability, number>>
  readonly health: Readonly<Record<Health, number>>
  readonly compliance: Readonly<Record<Compliance, number>>
}

type Values = {
  readonly member: string
  readonly total: number
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

const MEMBERS = ['reachability', 'hostStatusIndicator', 'compliance']

export function useTally() {
  const project = useProject()
  return useQuery({
    queryKey: ['summary', project, 'tally'],
    queryFn: ({ signal }) => readTally(project, signal),
  })
}

export async function readTally(project: string, signal: AbortSignal): Promise<Tally> {
  const path = `/v1/projects/${encodeURIComponent(project)}/compute/hosts/values?member=${MEMBERS.join(',')}`
  const { members } = await send<{ readonly members: readonly Values[] }>({ method: 'GET', path }, signal)
  const [reach, health, compliance] = MEMBERS.map(name => members.find(({ member }) => member === name))
  const count = (from: Values | undefined, value: string): number =>
    from?.values.find(each => each.value === value)?.count ?? 0
  const indicator = (word: string): number => count(health, `STATUS_INDICATION_${word}`) + count(health, word)
  return {
    total: reach?.total ?? 0,
    reachability: {
      online: count(reach, 'online'),
      asleep: count(reach, 'asleep'),
      offline: count(reach, 'offline'),
      never: count(reach, 'never'),
    },
    health: {
      ok: indicator('IDLE'),
      degraded: indicator('IN_PROGRESS'),
      failing: indicator('ERROR'),
      unknown: indicator('UNSPECIFIED'),
    },
    compliance: {
      settled: count(compliance, 'settled'),
      progressing: count(compliance, 'progressing'),
      held: count(compliance, 'held'),
      failed: count(compliance, 'failed'),
      unsupported: count(compliance, 'unsupported'),
    },
  }
}
