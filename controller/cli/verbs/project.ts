// SPDX-License-Identifier: Apache-2.0
/** `muster project ls`, `get`, `create`, `rm`. */
import { MINUTE, SECOND } from '../../../plugins/contract/time.ts'
import { paths } from '../api.ts'
import { because } from '../because.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { drawProject, type Project, projectView } from '../views/project.ts'
import { deadlineOf } from '../waiting.ts'

const LOOK_EVERY_MS = SECOND / 2
const WAIT_MS = 30 * MINUTE

export const listing: Run = async call => {
  await call.output.list(projectView, await listProjects(await call.session()))
  return undefined
}

function listProjects({ client }: Session): Promise<readonly Project[]> {
  return client.get(paths.projects)
}

export const showing: Run = async call => {
  const { client } = await call.session()
  const project: Project = await client.get(paths.project(nameOf(call)))
  await call.output.item(projectView, project, drawProject)
  return undefined
}

export const creating: Run = async call => {
  const [description, org] = [call.options.text('description'), call.options.text('org')]
  const body = { ...(description === undefined ? {} : { description }), ...(org === undefined ? {} : { org }) }
  const session = await call.session()
  const intent: Intent = { method: 'PUT', path: paths.project(nameOf(call)), body }
  if (isDryRun(call)) {
    await listProjects(session)
    return showIntents(call, [intent])
  }
  const made: Project = await session.client.send('PUT', intent.path, body)
  await call.output.item(projectView, made, drawProject)
  return undefined
}

export const removing: Run = async call => {
  const name = nameOf(call)
  const session = await call.session()
  const intent: Intent = { method: 'DELETE', path: because(call, paths.project(name)) }
  await session.client.get(paths.project(name))
  if (isDryRun(call)) return showIntents(call, [intent])
  await confirm(call, `Delete the project ${name} with all its hosts and everything else in it?`, name)
  await session.client.send('DELETE', intent.path)
  if (call.options.has('wait')) return untilGone(call, session, name)
  await call.output.note(`${name} is closed and being removed; muster project get ${name} shows how far it is`)
  return undefined
}

async function untilGone(call: Call, session: Session, name: string): Promise<undefined> {
  const until = deadlineOf(call, WAIT_MS)
  let said = ''
  for (;;) {
    const project = (await listProjects(session)).find(each => each.name === name)
    if (project === undefined) break
    const { message } = project.status.projectStatus
    if (message !== said) await call.output.note(message)
    said = message
    const leftMs = until - call.clock.monotonic()
    if (leftMs <= 0) throw problem('wait-over', message)
    await call.clock.sleep(Math.min(LOOK_EVERY_MS, leftMs), call.signal)
  }
  await call.output.note(`${name} is gone`)
  return undefined
}

function nameOf({ words }: Call): string {
  return words[0] ?? ''
}
