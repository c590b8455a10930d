// SPDX-License-Identifier: Apache-2.0
/** `muster events`: what happened, and with `-w` what happens. */
import { SECOND } from '../../../plugins/contract/time.ts'
import type { ServerEvent, StreamItem } from '../../query/sse.ts'
import { type Happening, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { watch } from '../event-stream.ts'
import type { Run } from '../grammar.ts'
import { findHost } from '../hosts.ts'
import { literal } from '../render/text.ts'

/** What is kept comes at once; so much silence after it means that it was all. */
const QUIET_MS = SECOND

export const events: Run = async call => {
  const { options } = call
  const session = await call.session()
  const watches = options.has('watch')
  const cursor = options.count('since')
  const since = cursor === undefined ? (watches ? undefined : '0') : String(cursor)
  const stop = new AbortController()
  const items = watch({
    client: session.client,
    clock: call.clock,
    path: paths.events,
    query: await queryOf(call, session),
    since,
    signal: AbortSignal.any([call.signal, stop.signal]),
    note: line => void call.output.note(line),
    resumes: watches,
  })
  await (watches ? printAll(call, items) : printUntilQuiet(call, items, stop))
  return undefined
}

async function queryOf({ options }: Call, session: Session) {
  const name = options.text('host')
  const host = name === undefined ? undefined : (await findHost(session, name)).resourceId
  return { project: session.project, host, type: options.text('type') }
}

async function printAll(call: Call, items: AsyncIterable<StreamItem>): Promise<void> {
  for await (const item of items) if (item.kind === 'event') await print(call, item.event)
}

async function printUntilQuiet(call: Call, items: AsyncIterable<StreamItem>, stop: AbortController): Promise<void> {
  let forget = (): void => {}
  const listen = (): void => {
    forget()
    forget = call.clock.after(QUIET_MS, () => stop.abort())
  }
  try {
    for await (const item of items) {
      listen()
      if (item.kind === 'event') await print(call, item.event)
    }
  } catch (thrown) {
    if (!stop.signal.aborted || call.signal.aborted) throw thrown
  } finally {
    forget()
  }
}

async function print(call: Call, event: ServerEvent): Promise<void> {
  const data: unknown = JSON.parse(event.data)
  if (event.type === 'reset') {
    await call.output.note('older events are no longer kept')
    return
  }
  const happening = data as Happening // the controller's schema of an event
  const time = call.output.look.columns === undefined ? happening.at : happening.at.slice(11, 19)
  const about = literal(`${happening.type}  ${happening.subject}  ${tell(happening.data)}`)
  await call.output.line(happening, `${time}  ${about}`.trimEnd())
}

/** The facts of an event in one line: `section=power state=succeeded`. */
function tell(data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  return Object.entries(data)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
