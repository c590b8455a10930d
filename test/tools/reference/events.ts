// SPDX-License-Identifier: Apache-2.0
/** Writes the reference of events: every type that a controller with every module may record. */
import { startTestController } from '../../support/controller.ts'
import { page, table } from './page.ts'

type Shape = {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>
  readonly required?: readonly string[]
}
type Kind = { readonly type: string; readonly title: string; readonly subject: string; readonly data: Shape }

export async function eventsPage(): Promise<string> {
  const rows = (await listKinds()).map(({ type, title, subject, data }) => [
    `\`${type}\``,
    title,
    subject,
    membersOf(data),
  ])
  return page('Events', [
    'What happens is recorded in the transaction of the change and kept for a day (`events` in the configuration). Watch it at `/v1/events` (server-sent events, resumed with `after` or `Last-Event-ID`), read it page by page at `/v1/projects/{project}/events`, or have it told to an address with a webhook.',
    'A cursor that is older than what is kept is answered with `reset` in a stream and with 410 `events-gone` otherwise. Members in italics may be absent; readers ignore members they do not know.',
    table(['Type', 'When', 'Subject', 'Data'], rows),
  ])
}

async function listKinds(): Promise<readonly Kind[]> {
  const running = await startTestController()
  try {
    return (await running.call('GET', '/v1/events/types')).body.types
  } finally {
    await running.stop()
  }
}

function membersOf({ properties = {}, required = [] }: Shape): string {
  return Object.keys(properties)
    .map(name => (required.includes(name) ? `\`${name}\`` : `*${name}*`))
    .join(', ')
}
