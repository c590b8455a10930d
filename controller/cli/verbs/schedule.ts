// SPDX-License-Identifier: Apache-2.0
/** `muster schedule create`, `set` and `next`. */
import { paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import type { Run } from '../grammar.ts'
import { oneHost } from '../hosts.ts'
import { readInput } from '../input.ts'
import { isDryRun, showIntents } from '../intent.ts'
import type { View } from '../output.ts'
import { problem } from '../problems.ts'
import { findResource, placePath, referenceId, resourcePath } from '../resources/find.ts'
import type { Place, Resource } from '../resources/kind.ts'
import { repeats, schedule, scheduleBody, targetBody } from '../resources/schedules.ts'
import { resourceView } from '../resources/view.ts'

const view = resourceView(schedule)
const [SINGLE, REPEATED] = schedule.places as readonly [Place, Place] // the catalogue has these two, in this order

export const creating: Run = async call => {
  const session = await call.session()
  const document = await documentOf(call)
  const again = document === undefined ? repeats(call.options) : document.startSeconds === undefined
  const [name] = call.words
  const body: Resource = {
    scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
    ...document,
    ...scheduleBody(call.options),
    ...(await targetOf(call, session)),
    ...(name === undefined ? {} : { name }),
  }
  if (document === undefined) mustSay(body, again ? NEEDED.repeated : NEEDED.single)
  const path = placePath(session.project, again ? REPEATED : SINGLE)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Resource = await session.client.send('POST', path, body)
  await call.output.list(view, [made])
  return undefined
}

const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  single: { startSeconds: '--start-time' },
  repeated: { cronHours: '--hour', durationSeconds: '--duration', cronDayWeek: '--frequency weekly or monthly' },
}

function mustSay(body: Resource, needed: Readonly<Record<string, string>> = {}): void {
  for (const [name, option] of Object.entries(needed)) {
    if (body[name] === undefined) throw problem('usage', `this needs ${option}`)
  }
}

export const setting: Run = async call => {
  const session = await call.session()
  const { place, id, resource } = await findResource(session, schedule, call.words[0] ?? '')
  const change = { ...(await documentOf(call)), ...changeOf(call, resource), ...(await targetOf(call, session)) }
  if (Object.keys(change).length === 0) throw problem('usage', 'say what to set, with options or with -f <file>')
  const path = resourcePath(session.project, place, id)
  if (isDryRun(call)) return showIntents(call, [{ method: 'PATCH', path, body: change }])
  const changed: Resource = await session.client.send('PATCH', path, change)
  await call.output.list(view, [changed])
  return undefined
}

/** A schedule stays of its kind: the words of the other kind are refused. */
function changeOf(call: Call, resource: Resource): Resource {
  const single = resource.startSeconds !== undefined
  const foreign = single
    ? ['frequency', 'day-of-week', 'day-of-month', 'months', 'hour', 'minute', 'duration']
    : ['start-time', 'end-time']
  const wrong = foreign.find(name => call.options.text(name) !== undefined)
  if (wrong !== undefined)
    throw problem('usage', `--${wrong} is nothing that a ${single ? 'single' : 'repeated'} schedule has`)
  const options = { ...call.options, text: textOf(call, single) }
  return scheduleBody(options)
}

function textOf(call: Call, single: boolean): Call['options']['text'] {
  return name => (name === 'frequency-type' ? (single ? 'single' : 'repeated') : call.options.text(name))
}

async function documentOf(call: Call): Promise<Resource | undefined> {
  const file = call.options.text('file')
  if (file === undefined) return undefined
  const read = await readInput(call, file)
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw problem('input-unreadable', `${file} is no mapping`)
  return read as Resource // looked at just now
}

/** `--target host-1a2b3c4d`, or a kind and a name: `site/plant-1`. */
async function targetOf(call: Call, session: Session): Promise<Resource> {
  const target = call.options.text('target')
  if (target === undefined) return {}
  const [noun = '', name] = target.split('/', 2)
  if (name === undefined) return targetBody(target)
  if (!['host', 'site', 'region'].includes(noun))
    throw problem('usage', '--target takes host/, site/ or region/ and a name')
  return targetBody(await referenceId(session, noun, name))
}

type Opening = {
  readonly scheduleId: string
  readonly name: string
  readonly scheduleStatus: string
  readonly targetId: string
  readonly open: boolean
  readonly timezone: string
  readonly localStart: string
  readonly localEnd?: string
}

const openings: View<Opening> = {
  kind: 'ScheduleOpening',
  name: ({ scheduleId }) => scheduleId,
  empty: 'muster schedule create',
  columns: [
    { title: 'NAME', cell: ({ name, scheduleId }) => name || scheduleId },
    { title: 'OPEN', cell: ({ open }) => (open ? '● now' : '-'), tone: ({ open }) => (open ? 'good' : undefined) },
    { title: 'FROM', cell: ({ localStart }) => localStart },
    { title: 'TO', cell: ({ localEnd }) => localEnd ?? 'its removal' },
    { title: 'ZONE', cell: ({ timezone }) => timezone },
    { title: 'TARGET', cell: ({ targetId }) => targetId },
    {
      title: 'STATUS',
      cell: ({ scheduleStatus }) => scheduleStatus.replace('SCHEDULE_STATUS_', '').toLowerCase().replaceAll('_', '-'),
    },
    { title: 'RESOURCEID', cell: ({ scheduleId }) => scheduleId, wide: true },
  ],
}

export const next: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const { occurrences }: { occurrences: readonly Opening[] } = await session.client.get(
    paths.upcoming(session.project),
    { query: { hostId: host.resourceId } },
  )
  await call.output.list(openings, occurrences)
  return undefined
}
