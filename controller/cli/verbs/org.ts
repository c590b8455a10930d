// SPDX-License-Identifier: Apache-2.0
/** `muster org ls`, `get`, `create`, `rm`. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import type { Call } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import type { View } from '../output.ts'
import { drawFacts } from '../render/table.ts'
import { literal } from '../render/text.ts'

type Org = {
  readonly name: string
  readonly spec: { readonly description: string }
  readonly status: {
    readonly orgStatus: { readonly message: string; readonly timeStamp: number; readonly uID: string }
  }
}

const view: View<Org> = {
  kind: 'Org',
  name: org => org.name,
  columns: [
    { title: 'NAME', cell: org => org.name },
    { title: 'DESCRIPTION', cell: org => literal(org.spec.description) },
    { title: 'UUID', cell: org => org.status.orgStatus.uID, wide: true },
  ],
}

function draw({ name, spec, status: { orgStatus } }: Org): string {
  return drawFacts([
    ['name', name],
    ['description', spec.description],
    ['uuid', orgStatus.uID],
    ['since', new Date(orgStatus.timeStamp * 1_000).toISOString()],
    ['says', orgStatus.message],
  ])
}

export const listing: Run = async call => {
  const { client } = await call.session()
  await call.output.list(view, await client.get<readonly Org[]>(paths.orgs))
  return undefined
}

export const showing: Run = async call => {
  const { client } = await call.session()
  await call.output.item(view, await client.get<Org>(paths.org(nameOf(call))), draw)
  return undefined
}

export const creating: Run = async call => {
  const { client } = await call.session()
  const description = call.options.text('description')
  const intent: Intent = {
    method: 'PUT',
    path: paths.org(nameOf(call)),
    body: description === undefined ? {} : { description },
  }
  if (isDryRun(call)) {
    await client.get(paths.orgs)
    return showIntents(call, [intent])
  }
  await call.output.item(view, await client.send<Org>('PUT', intent.path, intent.body), draw)
  return undefined
}

export const removing: Run = async call => {
  const name = nameOf(call)
  const { client } = await call.session()
  const intent: Intent = { method: 'DELETE', path: because(call, paths.org(name)) }
  await client.get(paths.org(name))
  if (isDryRun(call)) return showIntents(call, [intent])
  await confirm(call, `Delete the organisation ${name}?`, name)
  await client.send('DELETE', intent.path)
  await call.output.note(`${name} is gone`)
  return undefined
}

function nameOf({ words }: Call): string {
  return words[0] ?? ''
}
