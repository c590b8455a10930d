// SPDX-License-Identifier: Apache-2.0
/** `muster section`: list, get, set, unset. */
import { Problem } from '../../../plugins/contract/problem.ts'
import { type Desired, type Host, paths, type Reported, type SectionLine } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import { EXIT } from '../exit.ts'
import type { Run } from '../grammar.ts'
import { oneHost, spoken } from '../hosts.ts'
import { readInput } from '../input.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { sectionView } from '../views/rest.ts'
import { DEFAULT_WAIT_MS, deadlineOf } from '../waiting.ts'

const LOOK_AGAIN_MS = 1_000

export const listing: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  await call.output.list(sectionView, await linesOf(session, host))
  return undefined
}

async function linesOf({ client, project }: Session, host: Host): Promise<readonly SectionLine[]> {
  const { sections }: { sections: readonly SectionLine[] } = await client.get(paths.sections(project, host.resourceId))
  return sections
}

export const getting: Run = async call => {
  const session = await call.session()
  const { client, project } = session
  const host = await oneHost(call, session)
  const section = sectionOf(call)
  const name = (): string => section
  if (call.options.has('reported')) {
    const reported: Reported = await client.get(paths.reported(project, host.resourceId, section))
    await call.output.item({ kind: 'Reported', name }, reported, each => asYaml(each.observed))
    await call.output.note(`${reported.status}, answers revision ${reported.revision}, ${reported.at}`)
    return undefined
  }
  const desired: Desired = await client.get(paths.desired(project, host.resourceId, section))
  await call.output.item({ kind: 'Desired', name }, desired, each => asYaml(each.content))
  await call.output.note(`revision ${desired.revision}`)
  return undefined
}

async function asYaml(value: unknown): Promise<string> {
  const { writeYaml } = await import('../render/yaml.ts')
  return writeYaml(value)
}

export const setting: Run = async call => {
  const file = call.options.text('file')
  if (file === undefined) throw problem('usage', 'say what it should become with -f <file>; - reads standard input')
  const content = await readInput(call, file)
  const session = await call.session()
  const host = await oneHost(call, session)
  const intent = intentOf(call, session, { method: 'PUT', host, body: { content } })
  if (isDryRun(call)) return prove(call, session, intent)
  const desired: Desired = await session.client.send('PUT', intent.path, intent.body, { headers: intent.headers ?? {} })
  await call.output.note(`${sectionOf(call)} of ${spoken(host)} shall be revision ${desired.revision}`)
  if (!call.options.has('wait')) return undefined
  return settled(call, session, { host, revision: desired.revision })
}

export const unsetting: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const intent = intentOf(call, session, { method: 'DELETE', host })
  if (isDryRun(call)) return prove(call, session, intent)
  await confirm(call, `Stop managing ${sectionOf(call)} of ${spoken(host)}?`)
  await session.client.send('DELETE', intent.path, undefined, { headers: intent.headers ?? {} })
  await call.output.note(`${sectionOf(call)} of ${spoken(host)} is no longer managed`)
  return undefined
}

type Write = { readonly method: 'PUT' | 'DELETE'; readonly host: Host; readonly body?: unknown }

function intentOf(call: Call, { project }: Session, { method, host, body }: Write): Intent {
  const revision = call.options.count('if-match')
  return {
    method,
    path: paths.desired(project, host.resourceId, sectionOf(call)),
    ...(body === undefined ? {} : { body }),
    ...(revision === undefined ? {} : { headers: { 'if-match': `"${revision}"` } }),
    host,
  }
}

/** A dry run proves that the section is served; that nothing is desired of it yet is fine. */
async function prove(call: Call, { client }: Session, intent: Intent): Promise<undefined> {
  try {
    await client.get(intent.path)
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'not-found') throw thrown
  }
  return showIntents(call, [intent])
}

/** Waits until the host has answered this revision and needs nothing more. Held is an answer, and not a failure. */
async function settled(
  call: Call,
  session: Session,
  { host, revision }: { host: Host; revision: number },
): ReturnType<Run> {
  const until = deadlineOf(call, DEFAULT_WAIT_MS)
  for (;;) {
    const line = (await linesOf(session, host)).find(each => each.section === sectionOf(call))
    const answered = line !== undefined && (line.reportedRevision ?? -1) >= revision && line.status !== 'progressing'
    if (answered) {
      await call.output.list(sectionView, [line])
      if (line.status === 'settled') return undefined
      return line.status === 'held' ? EXIT.held : EXIT.partial
    }
    if (call.clock.monotonic() >= until) {
      throw problem('wait-over', `${spoken(host)} has not settled revision ${revision}`)
    }
    await call.clock.sleep(LOOK_AGAIN_MS, call.signal)
  }
}

function sectionOf({ words }: Call): string {
  return words[1] ?? ''
}
