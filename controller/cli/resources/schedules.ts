// SPDX-License-Identifier: Apache-2.0
/** Schedules as people say them, as the controller keeps them: once from one time to another, or again and again. Pure. */
import { HOUR, MINUTE, parseTime } from '../../../plugins/contract/time.ts'
import type { Options } from '../options.ts'
import { problem } from '../problems.ts'
import { either, type Kind, member, moment, type Resource, word } from './kind.ts'

export const schedule: Kind = {
  noun: 'schedule',
  summary: 'When hosts may be disturbed, and when they must not',
  kind: 'Schedule',
  prefixes: ['singlesche', 'repeatedsche'],
  places: [
    { variant: 'single', path: 'schedules/single', list: 'singleSchedules' },
    { variant: 'repeated', path: 'schedules/repeated', list: 'repeatedSchedules' },
  ],
  named: 'name',
  verbs: ['ls', 'get', 'rm'],
  columns: [
    { title: 'NAME', cell: member('name') },
    {
      title: 'TARGET',
      cell: either(
        'targetHost.resourceId',
        'targetSite.resourceId',
        'targetRegion.resourceId',
        'targetHostId',
        'targetSiteId',
        'targetRegionId',
      ),
    },
    { title: 'RESOURCEID', cell: member('resourceId') },
    { title: 'WHEN', cell: whenOf },
    { title: 'STATUS', cell: word('scheduleStatus', 'SCHEDULE_STATUS_'), wide: true },
    { title: 'TYPE', cell: each => (each.startSeconds === undefined ? 'repeated' : 'single'), wide: true },
  ],
  settings: [],
  examples: { ls: 'ls -o wide', get: 'get nights', rm: 'rm nights --dry-run' },
}

function whenOf(each: Resource): string {
  if (each.startSeconds !== undefined) {
    const end = moment('endSeconds')(each)
    return `${moment('startSeconds')(each)} to ${end === '-' ? 'its removal' : end}`
  }
  const cron = ['cronMinutes', 'cronHours', 'cronDayMonth', 'cronMonth', 'cronDayWeek'].map(name => member(name)(each))
  const zone = member('timezone')(each)
  return `${cron.join(' ')} for ${member('durationSeconds')(each)} s${zone === '-' ? '' : ` (${zone})`}`
}

const STATUSES: Readonly<Record<string, string>> = {
  maintenance: 'SCHEDULE_STATUS_MAINTENANCE',
  osupdate: 'SCHEDULE_STATUS_OS_UPDATE',
  'os-update': 'SCHEDULE_STATUS_OS_UPDATE',
  shipping: 'SCHEDULE_STATUS_SHIPPING',
  'firmware-update': 'SCHEDULE_STATUS_FIRMWARE_UPDATE',
  'cluster-update': 'SCHEDULE_STATUS_CLUSTER_UPDATE',
}
/** What people are told of; `os-update` is another spelling. */
export const STATUS_WORDS: readonly string[] = Object.keys(STATUSES).filter(word => word !== 'os-update')
const DAYS: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Whether the options speak of a schedule that repeats. */
export function repeats(options: Options): boolean {
  const type = options.text('frequency-type')
  if (type !== undefined && type !== 'single' && type !== 'repeated')
    throw problem('usage', '--frequency-type takes single or repeated')
  return type === undefined ? options.text('frequency') !== undefined : type === 'repeated'
}

/** What the options set of a schedule; only what was given. Throws `usage`. */
export function scheduleBody(options: Options): Resource {
  const body = repeats(options) ? repeatedBody(options) : singleBody(options)
  const status = options.text('maintenance-type')
  if (status === undefined) return body
  const known = STATUSES[status]
  if (known === undefined) throw problem('usage', `--maintenance-type takes ${STATUS_WORDS.join(', ')}`)
  return { ...body, scheduleStatus: known }
}

function singleBody(options: Options): Resource {
  const zone = options.text('timezone') ?? 'UTC'
  const [start, end] = ['start-time', 'end-time'].map(name => momentOf(options, name, zone))
  if (start !== undefined && end !== undefined && end <= start)
    throw problem('usage', '--end-time comes after --start-time')
  return {
    ...(start === undefined ? {} : { startSeconds: start }),
    ...(end === undefined ? {} : { endSeconds: end }),
  }
}

function momentOf(options: Options, name: string, zone: string): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const at = parseTime(text) ?? localTime(text, zone)
  if (at === undefined)
    throw problem('usage', `--${name} takes 2027-01-31T22:00:00Z, or "2027-01-31 22:00" in --timezone`)
  return Math.floor(at / 1_000)
}

/** Reads a local time in a time zone; of a time that a change of the clock repeats, the first. */
function localTime(text: string, zone: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/.exec(text) ?? []
  if (day === undefined || time === undefined) return undefined
  const asUtc = parseTime(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  if (asUtc === undefined) return undefined
  const offsets = [asUtc - 24 * HOUR, asUtc + 24 * HOUR].map(at => offsetAt(at, zone))
  const fitting = offsets.map(offset => asUtc - offset).filter(at => at + offsetAt(at, zone) === asUtc)
  // A time that a change of the clock leaves out is the one after as long.
  return fitting.length > 0 ? Math.min(...fitting) : asUtc - (offsets[0] ?? 0)
}

function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: checkedZone(zone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const of = (type: string): number => Number(parts.find(part => part.type === type)?.value)
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'))
  return local - Math.floor(at / MINUTE) * MINUTE
}

function checkedZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw problem('usage', `--timezone takes a name such as Europe/Berlin, not ${zone}`)
  }
}

/** The times of day stay local: the controller follows the zone over every change of the clock. */
function repeatedBody(options: Options): Resource {
  const frequency = options.text('frequency')
  if (frequency !== undefined && frequency !== 'weekly' && frequency !== 'monthly')
    throw problem('usage', '--frequency takes weekly or monthly')
  const given = (name: string): boolean => options.text(name) !== undefined
  if (frequency === 'weekly' && (!given('day-of-week') || given('day-of-month')))
    throw problem('usage', 'weekly goes with --day-of-week, and not with --day-of-month')
  if (frequency === 'monthly' && (!given('day-of-month') || given('day-of-week')))
    throw problem('usage', 'monthly goes with --day-of-month, and not with --day-of-week')
  const zone = options.text('timezone')
  const duration = options.text('duration')
  return {
    ...(frequency === undefined ? {} : { cronDayWeek: '*', cronDayMonth: '*', cronMonth: '*', cronMinutes: '0' }),
    ...numbers(options, 'minute', { member: 'cronMinutes', from: 0, to: 59 }),
    ...numbers(options, 'hour', { member: 'cronHours', from: 0, to: 23 }),
    ...numbers(options, 'day-of-month', { member: 'cronDayMonth', from: 1, to: 31 }),
    ...numbers(options, 'months', { member: 'cronMonth', from: 1, to: 12 }),
    ...numbers(options, 'day-of-week', { member: 'cronDayWeek', from: 0, to: 6 }),
    ...(duration === undefined ? {} : { durationSeconds: durationOf(duration) }),
    ...(zone === undefined ? {} : { timezone: checkedZone(zone) }),
  }
}

function durationOf(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(text) ?? []
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? Number.NaN)
  if (!(seconds >= 1 && seconds <= 86_400)) throw problem('usage', '--duration takes 1 to 86400 seconds, or 30m, 4h')
  return seconds
}

type Range = { readonly member: string; readonly from: number; readonly to: number }

/** Reads `1-4,31` or `mon,wed-fri` as the list the controller takes, which has no ranges. */
function numbers(options: Options, name: string, { member: target, from, to }: Range): Resource {
  const text = options.text(name)
  if (text === undefined) return {}
  if (text === '*') return { [target]: '*' }
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [first = '', last = first, ...rest] = part.trim().toLowerCase().split('-')
    const [low, high] = [numberOf(first, name), numberOf(last, name)]
    if (rest.length > 0 || !(low >= from && high <= to && low <= high))
      throw problem(
        'usage',
        `--${name} takes ${name === 'day-of-week' ? 'days such as mon,wed-fri, or ' : ''}numbers from ${from} to ${to} and ranges of them: ${part} is none`,
      )
    for (let each = low; each <= high; each++) found.add(each)
  }
  return { [target]: [...found].sort((a, b) => a - b).join(',') }
}

function numberOf(text: string, name: string): number {
  const day = name === 'day-of-week' ? DAYS.indexOf(text) : -1
  if (day !== -1) return day
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
}

/** `host-…`, `site-…` or `region-…` as the member that a schedule keeps it in; empties the others. */
export function targetBody(id: string): Resource {
  const [kind = ''] = id.split('-')
  const members: Readonly<Record<string, string>> = {
    host: 'targetHostId',
    site: 'targetSiteId',
    region: 'targetRegionId',
  }
  const target = members[kind]
  if (target === undefined) throw problem('usage', '--target takes host-…, site-… or region-…, or kind/name')
  return { [target]: id }
}
