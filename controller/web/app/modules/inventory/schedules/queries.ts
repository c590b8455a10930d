// SPDX-License-Identifier: Apache-2.0
/** Schedules of a project, single and repeated, as one list. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import type { Status } from '../acts/schedules.ts'
import { onceSentence, ownZone, repeatSentence } from './speak.ts'
import type { Timed } from './week.ts'

type Listed = AnswerOf<'/v1/projects/{projectName}/schedules', 'GET'>
type Single = Listed['singleSchedules'][number]
type Repeated = Listed['repeatedSchedules'][number]

export type TargetKind = 'host' | 'site' | 'region'
export type Place = {
  readonly kind: TargetKind
  readonly id: string
  readonly name: string
  readonly site: string | undefined
}

export type Schedule = Timed & {
  readonly kind: 'single' | 'repeated'
  readonly label: string
  readonly place: Place
  readonly zone: string
  readonly sentence: string
  /** With where it holds. */
  readonly whole: string
  readonly resource: Single | Repeated
}

const PAGE = 500
/** More than these and a project has something else than people's schedules. */
const MOST = 5_000

/** The parameter of the lists that asks for what holds for a thing. */
export function targetQuery(target: string): { hostId?: string; siteId?: string; regionId?: string } {
  if (target.startsWith('site-')) return { siteId: target }
  if (target.startsWith('region-')) return { regionId: target }
  return target === '' ? {} : { hostId: target }
}

export function useSchedules(target: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['schedules', project, 'all', target],
    queryFn: ({ signal }) => allSchedules({ project, target, signal }),
  })
}

type Asking = { readonly project: string; readonly target: string; readonly signal: AbortSignal }

async function allSchedules({ project, target, signal }: Asking): Promise<readonly Schedule[]> {
  const found: Schedule[] = []
  for (let more = true; more && found.length < MOST; ) {
    const page = await send<Listed>(
      call('GET', '/v1/projects/{projectName}/schedules', {
        path: { projectName: project },
        query: { ...targetQuery(target), pageSize: PAGE, offset: found.length },
      }),
      signal,
    )
    const read = [...page.singleSchedules.map(singleOf), ...page.repeatedSchedules.map(repeatedOf)]
    found.push(...read)
    more = page.hasNext && read.length > 0
  }
  return found
}

/** Where it is for, as resources embed it. */
function placeOf(resource: Single | Repeated): Place {
  const { targetHost, targetSite, targetRegion } = resource as {
    targetHost?: Embedded
    targetSite?: Embedded
    targetRegion?: Embedded
  } // resources with their names
  const [kind, target] =
    targetHost !== undefined
      ? (['host', targetHost] as const)
      : targetSite !== undefined
        ? (['site', targetSite] as const)
        : (['region', targetRegion ?? {}] as const)
  const id = target.resourceId ?? ''
  const site = target.siteId ?? target.site?.resourceId
  return { kind, id, name: target.name === undefined || target.name === '' ? id : target.name, site }
}
type Embedded = { resourceId?: string; name?: string; siteId?: string; site?: { resourceId?: string } }

function singleOf(resource: Single): Schedule {
  const { startSeconds = 0, endSeconds } = resource
  const common = commonOf(resource)
  const times = { startSeconds, endSeconds }
  return {
    ...common,
    kind: 'single',
    zone: ownZone(),
    times,
    sentence: onceSentence(times),
    whole: onceSentence(times, whereWords(common.place)),
  }
}

function whereWords({ kind, name }: Place): string {
  return t.on[kind](name)
}

function repeatedOf(resource: Repeated): Schedule {
  const {
    durationSeconds = 0,
    cronMinutes = '*',
    cronHours = '*',
    cronDayMonth = '*',
    cronMonth = '*',
    cronDayWeek = '*',
  } = resource
  const times = {
    durationSeconds,
    cronMinutes,
    cronHours,
    cronDayMonth,
    cronMonth,
    cronDayWeek,
    timezone: resource.timezone,
  }
  const common = commonOf(resource)
  return {
    ...common,
    kind: 'repeated',
    zone: resource.timezone ?? 'UTC',
    times,
    sentence: repeatSentence(times),
    whole: repeatSentence(times, whereWords(common.place)),
  }
}

function commonOf(resource: Single | Repeated) {
  const { resourceId: id, name = '', scheduleStatus } = resource
  const place = placeOf(resource)
  return {
    id,
    name: name === '' ? id : name,
    label: name === '' ? t.unnamed : name,
    status: statusOf(scheduleStatus),
    target: place.id,
    place,
    resource,
  }
}

export function statusOf(status: string | undefined): Status | 'SCHEDULE_STATUS_UNSPECIFIED' {
  return status !== undefined && Object.hasOwn(t.kind, status) ? (status as Status) : 'SCHEDULE_STATUS_UNSPECIFIED' // looked up just now
}
