// SPDX-License-Identifier: Apache-2.0
/** `muster role`: roles and bindings. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { referenceId } from '../resources/find.ts'
import { type Binding, bindingView, type Role, roleView } from '../views/people.ts'

export const listing: Run = async call => {
  const { client } = await call.session()
  const { roles }: { roles: readonly Role[] } = await client.get(paths.roles)
  await call.output.list(roleView, roles)
  return undefined
}

export const creating: Run = async call => {
  const [name = ''] = call.words
  const permissions = call.options.list('permission').flatMap(each => each.split(','))
  if (permissions.length === 0) throw problem('usage', 'say what it may do, with --permission')
  const about = call.options.text('about')
  const body = { name, permissions, ...(about === undefined ? {} : { description: about }) }
  const { client } = await call.session()
  const path = because(call, paths.roles)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  await client.send('POST', path, body)
  await call.output.note(`${name} may ${permissions.join(', ')}`)
  return undefined
}

function deleting(pathOf: (name: string) => string, what: string): Run {
  return async call => {
    const [name = ''] = call.words
    const { client } = await call.session()
    const intent: Intent = { method: 'DELETE', path: because(call, pathOf(name)) }
    if (isDryRun(call)) return showIntents(call, [intent])
    await confirm(call, `Remove the ${what} ${name}?`)
    await client.send('DELETE', intent.path)
    await call.output.note(`${name} is removed`)
    return undefined
  }
}
export const removing: Run = deleting(paths.role, 'role')
export const unbinding: Run = deleting(paths.binding, 'binding')

export const bindings: Run = async call => {
  const { client } = await call.session()
  const query = { principal: call.options.text('of') }
  const found: { bindings: readonly Binding[] } = await client.get(paths.bindings, { query })
  await call.output.list(bindingView, found.bindings)
  return undefined
}

export const binding: Run = async call => {
  const [who = '', role = ''] = call.words
  const { options, output } = call
  const session = await call.session()
  const { client, project } = session
  const labels = options.labels('label')
  const sites = await Promise.all(options.list('site').map(each => referenceId(session, 'site', each)))
  const scope = {
    ...(options.has('everywhere') ? {} : { project }),
    ...(sites.length === 0 ? {} : { sites }),
    ...(labels.length === 0 ? {} : { labels }),
  }
  const subject = options.has('group') ? { group: who } : { principal: who }
  const body = { ...subject, role, effect: options.has('deny') ? 'deny' : 'allow', scope }
  const path = because(call, paths.bindings)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Binding = await client.send('POST', path, body)
  await output.item(bindingView, made, each => `${literal(each.id)}\n`)
  return undefined
}
