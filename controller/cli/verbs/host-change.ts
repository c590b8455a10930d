// SPDX-License-Identifier: Apache-2.0
/** `muster host label`, `rename`, `note`, `revoke`, `release`, `delete`. */

import { Problem } from '../../../plugins/contract/problem.ts'
import { type Host, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { oneHost, spoken, typedName } from '../hosts.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { changedLabels } from '../labels.ts'
import { problem } from '../problems.ts'
import { hostView } from '../views/host.ts'

export const label: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const metadata = changedLabels(host.metadata ?? [], call.words.slice(1))
  return patch(call, session, { host, body: { metadata } })
}

export const rename: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  return patch(call, session, { host, body: { name: call.words[1] } })
}

export const note: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  return patch(call, session, { host, body: { note: call.words[1] ?? '' } })
}

async function patch(call: Call, session: Session, { host, body }: { host: Host; body: object }): Promise<undefined> {
  const path = paths.host(session.project, host.resourceId)
  if (isDryRun(call)) return showIntents(call, [{ method: 'PATCH', path, body, host }])
  const changed: Host = await session.client.send('PATCH', path, body)
  await call.output.list(hostView, [changed])
  return undefined
}

export const revoke: Run = async call => {
  const note = call.options.text('reason')
  if (note === undefined) throw problem('usage', 'revoking needs --reason <text>')
  const session = await call.session()
  const host = await oneHost(call, session)
  const intent: Intent = { method: 'PUT', path: paths.revoke(session.project, host.resourceId), body: { note }, host }
  if (isDryRun(call)) return showIntents(call, [intent])
  await confirm(call, `Refuse ${spoken(host)} from now on?`, typedName(host))
  await session.client.send('PUT', intent.path, intent.body)
  const revoked: Host = await session.client.get(paths.host(session.project, host.resourceId))
  await call.output.list(hostView, [revoked])
  return undefined
}

export const release: Run = async call => {
  const reason = call.options.text('reason')
  if (reason === undefined) throw problem('usage', 'releasing needs --reason <text>')
  const session = await call.session()
  const host = await oneHost(call, session)
  const path = `${paths.host(session.project, host.resourceId)}/release`
  const body = { note: reason }
  if (isDryRun(call)) return showIntents(call, [{ method: 'PUT', path, body, host }])
  const released: Host = await session.client.send('PUT', path, body)
  await call.output.list(hostView, [released])
  return undefined
}

export const remove: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const path = paths.host(session.project, host.resourceId)
  const reason = call.options.text('reason')
  const body = reason === undefined ? undefined : { note: reason }
  if (isDryRun(call))
    return showIntents(call, [{ method: 'DELETE', path, ...(body === undefined ? {} : { body }), host }])
  await confirm(call, `Retire ${spoken(host)} and forget what it reported?`, typedName(host))
  await session.client.send('DELETE', call.options.has('force') ? `${path}?force=true` : path, body)
  const left = await stillThere(session, path)
  await call.output.note(
    left === undefined
      ? `${spoken(host)} is retired`
      : `${spoken(host)} is cut off; ${left.hostStatus ?? 'it goes soon'}`,
  )
  return undefined
}

/** A host that something still holds goes later, and its status says why. */
async function stillThere({ client }: Session, path: string): Promise<Host | undefined> {
  try {
    return await client.get(path)
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 404) return undefined
    throw thrown
  }
}
