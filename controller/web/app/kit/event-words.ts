// SPDX-License-Identifier: Apache-2.0
/** What happened, for people: what it is about, what came of it, and who did it. */
import type { ServerEvent } from '../live/state.ts'
import { t } from '../words/events.ts'

export type EventSaid = {
  /** Id of the host it is about, when it is about one. */
  readonly host: string | undefined
  /** A predicate: "came online". */
  readonly what: string
  readonly by: string | undefined
  readonly reason: string | undefined
  /** How much it matters to who looks on. */
  readonly weight: 'trouble' | 'change' | 'noise'
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const TROUBLE = /^(host\.(offline|revoked|quarantined|refused|mismatched)|address\.duplicated|oob\.duplicate)$/
const NOISE = /^(document\.reported|command\.sent|token\.used)$/

/** `titles` are the sentences of `/v1/events/types`, for what has no words of its own. */
export function sayEvent(event: ServerEvent, titles: ReadonlyMap<string, string>): EventSaid {
  const { type, subject, data } = event
  const about = text(data.host)
  const isHost = subject.startsWith('host-')
  const failed = type === 'command.finished' && !['succeeded', 'cancelled'].includes(text(data.state))
  return {
    host: isHost ? subject : about === '' ? undefined : about,
    what: predicate(event) ?? titles.get(type) ?? type,
    by: text(data.by) === '' ? undefined : text(data.by),
    reason: text(data.reason) === '' || type === 'host.offline' ? undefined : text(data.reason),
    weight: failed || TROUBLE.test(type) ? 'trouble' : NOISE.test(type) ? 'noise' : 'change',
  }
}

function predicate({ type, data }: ServerEvent): string | undefined {
  const name = `${text(data.section)}.${text(data.name)}`
  if (type === 'host.offline') return t.host.offline(text(data.reason))
  if (type === 'host.quarantined') return t.host.quarantined(text(data.why))
  if (type === 'document.desired') return t.document.desired(text(data.section), Number(data.revision ?? 0))
  if (type === 'document.reported') return t.document.reported(text(data.section), text(data.status))
  if (type === 'command.created') return t.command.created(name)
  if (type === 'command.sent') return t.command.sent(name)
  if (type === 'command.finished') return t.command.finished(name, text(data.state))
  const [kind = '', what = ''] = type.split('.')
  const said: unknown = kind === 'host' ? (t.host as Readonly<Record<string, unknown>>)[what] : undefined // texts by name
  return typeof said === 'string' ? said : undefined
}
