// SPDX-License-Identifier: Apache-2.0
/** What happened to a host, from events, commands and history, as lines of a timeline. Pure. */
import type { Command } from '../../../api/types.ts'
import type { Happening } from '../../../kit/timeline.tsx'
import type { ServerEvent } from '../../../live/state.ts'
import { t } from '../../../words/host.ts'
import type { PastValue } from './presence.ts'

export type Sources = {
  readonly host: string
  /** Newest first. */
  readonly events: readonly ServerEvent[]
  readonly commands: readonly Command[]
  /** Values of the part `status`. */
  readonly statuses: readonly PastValue[]
  /** Titles of event types, for those that have no sentence here. */
  readonly titles: ReadonlyMap<string, string>
}

/** Everything, newest first, each thing once: events say more than the history of the same moment. */
export function happenings({ host, events, commands, statuses, titles }: Sources): readonly Happening[] {
  const byId = new Map(commands.map(command => [command.id, command]))
  const fromEvents = squeezed(events).map(each => fromEvent(each, { host, byId, titles }))
  const oldest = events.at(-1)?.at ?? '9999'
  const inEvents = new Set(events.map(({ subject }) => subject))
  const older = [
    ...statuses.filter(({ at }) => at < oldest).flatMap(value => fromStatus(value)),
    ...commands
      .filter(({ id, createdAt }) => createdAt < oldest && !inEvents.has(id))
      .map(each => fromCommand(host, each)),
  ]
  return [...fromEvents, ...older].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

type Counted = { readonly event: ServerEvent; readonly count: number }

/** The same report again and again is one line with a number. */
function squeezed(events: readonly ServerEvent[]): readonly Counted[] {
  const lines: { event: ServerEvent; count: number }[] = []
  for (const event of events) {
    const last = lines.at(-1)
    if (last !== undefined && isReport(event) && isReport(last.event) && toldBy(event) === toldBy(last.event))
      last.count += 1
    else lines.push({ event, count: 1 })
  }
  return lines
}

function isReport({ type }: ServerEvent): boolean {
  return type === 'document.reported'
}

function toldBy({ data }: ServerEvent): string {
  return JSON.stringify([data.section, data.status, data.revision])
}

type Around = {
  readonly host: string
  readonly byId: ReadonlyMap<string, Command>
  readonly titles: ReadonlyMap<string, string>
}

function fromEvent({ event, count }: Counted, { host, byId, titles }: Around): Happening {
  const { id, at, type, subject } = event
  const base = { id: `event ${id}`, at }
  const command = byId.get(subject)
  if (type.startsWith('command.')) {
    const failed = ['failed', 'refused', 'expired'].includes(text(event, 'state'))
    return {
      ...base,
      kind: failed ? 'failed' : 'command',
      text: t.happened.command(type, `${text(event, 'section')} ${text(event, 'name')}`, text(event, 'state')),
      ...moreOf([text(event, 'by'), command?.reason]),
      to: `/hosts/${host}?tab=commands&command=${subject}`,
    }
  }
  if (type.startsWith('document.')) {
    const failed = text(event, 'status') === 'failed'
    const words = count === 1 ? [] : [t.happened.times(count)]
    return {
      ...base,
      kind: failed ? 'failed' : 'document',
      text: t.happened.document(type, text(event, 'section'), String(event.data.revision ?? 0), text(event, 'status')),
      ...moreOf([text(event, 'by'), ...words]),
      to: `/hosts/${host}?tab=config&section=${text(event, 'section')}`,
    }
  }
  const said = t.happened.host[type as keyof typeof t.happened.host] // undefined for types without a sentence
  return {
    ...base,
    kind: KINDS[type] ?? 'other',
    text: said ?? titles.get(type) ?? type,
    ...moreOf(['reason', 'why', 'by', 'how', 'address', 'says', 'step'].map(name => text(event, name))),
  }
}

const KINDS: Readonly<Record<string, Happening['kind']>> = {
  'host.online': 'online',
  'host.offline': 'offline',
  'host.quarantined': 'trust',
  'host.released': 'trust',
  'host.revoked': 'trust',
  'host.refused': 'trust',
}

function text({ data }: ServerEvent, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? value : ''
}

function moreOf(parts: readonly (string | undefined)[]): { readonly more?: string } {
  const more = parts.filter(part => part !== undefined && part !== '').join(' · ')
  return more === '' ? {} : { more }
}

function fromStatus({ at, value }: PastValue): readonly Happening[] {
  const { text: status = '', indicator } = value as { readonly text?: string; readonly indicator?: string } // as kept
  if (status === '') return []
  const kind = indicator === 'ERROR' ? 'offline' : 'online'
  return [{ id: `status ${at}`, at, kind, text: t.happened.status(status) }]
}

function fromCommand(host: string, { id, createdAt, section, name, state, principal, reason }: Command): Happening {
  return {
    id: `command ${id}`,
    at: createdAt,
    kind: ['failed', 'refused', 'expired'].includes(state) ? 'failed' : 'command',
    text: t.happened.command('command.created', `${section} ${name}`, state),
    ...moreOf([t.commands.state[state], principal, reason]),
    to: `/hosts/${host}?tab=commands&command=${id}`,
  }
}
