// SPDX-License-Identifier: Apache-2.0
/** `muster person`: list, create, invite, disable, enable, remove. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import type { Call } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { literal } from '../render/text.ts'
import { type Person, personView } from '../views/people.ts'

type Invitation = { readonly secret: string; readonly link: string; readonly expiresAt: string }

export const listing: Run = async call => {
  const { client } = await call.session()
  const { people }: { people: readonly Person[] } = await client.get(paths.people)
  await call.output.list(personView, people)
  return undefined
}

export const creating: Run = async call => {
  const [name = ''] = call.words
  const role = call.options.text('role')
  const { client, project } = await call.session()
  const scope = call.options.has('everywhere') ? {} : { project }
  const body = { name, ...(role === undefined ? {} : { role, ...scope }) }
  const path = because(call, paths.people)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Person = await client.send('POST', path, body)
  return showInvitation(call, made, await client.send('POST', paths.personAct(made.id, 'invite')))
}

export const inviting: Run = async call => {
  const [name = ''] = call.words
  const { client } = await call.session()
  const path = paths.personAct(name, 'invite')
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path }])
  return showInvitation(call, { name }, await client.send('POST', path))
}

async function showInvitation(call: Call, { name }: { name: string }, made: Invitation): Promise<undefined> {
  const view = { kind: 'Invitation', name: (each: Invitation) => each.secret }
  await call.output.item(view, made, each => `${literal(each.secret)}\n`)
  await call.output.note(`for ${name}, good once until ${made.expiresAt}: muster login <url> --invite <secret>`)
  return undefined
}

function standing(act: 'disable' | 'enable'): Run {
  return async call => {
    const [name = ''] = call.words
    const { client } = await call.session()
    const path = because(call, paths.personAct(name, act))
    if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path }])
    await client.send('POST', path)
    await call.output.note(`${name} is ${act}d`)
    return undefined
  }
}
export const disabling: Run = standing('disable')
export const enabling: Run = standing('enable')

export const removing: Run = async call => {
  const [name = ''] = call.words
  const { client } = await call.session()
  const path = because(call, paths.person(name))
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  await confirm(call, `Forget ${name}, with their tokens, sessions and roles?`)
  await client.send('DELETE', path)
  await call.output.note(`${name} is forgotten`)
  return undefined
}
