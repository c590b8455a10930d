// SPDX-License-Identifier: Apache-2.0
/** The verbs that every kind of resource has: ls, get, create, set, rm. */
import type { Call } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { bodyOf } from '../resources/body.ts'
import { kindOf } from '../resources/catalogue.ts'
import { findResource, listPlace, placePath, resourcePath } from '../resources/find.ts'
import type { Kind, Place, Resource } from '../resources/kind.ts'
import { drawResource, resourceView } from '../resources/view.ts'

type Verbs = { readonly ls: Run; readonly get: Run; readonly create: Run; readonly set: Run; readonly rm: Run }

/** The verbs of one kind. */
export function resourceVerbs(noun: string): Verbs {
  const kind = kindOf(noun)
  return {
    ls: call => listing(call, kind),
    get: async call => {
      const { resource } = await findResource(await call.session(), kind, call.words[0] ?? '')
      await call.output.item(resourceView(kind), resource, drawResource)
      return undefined
    },
    create: call => creating(call, kind),
    set: call => setting(call, kind),
    rm: call => removing(call, kind),
  }
}

async function listing(call: Call, kind: Kind): ReturnType<Run> {
  const { options, clock, output } = call
  const session = await call.session()
  const asked = { filter: options.text('filter'), orderBy: options.text('order-by'), limit: options.count('limit') }
  const began = clock.monotonic()
  const rows: Resource[] = []
  let total = 0
  for (const place of placesMeant(call, kind)) {
    const left = asked.limit === undefined ? undefined : Math.max(0, asked.limit - rows.length)
    const listed = await listPlace(session, place, { ...asked, limit: left })
    rows.push(...listed.resources)
    total += listed.total
  }
  await output.list(resourceView(kind), rows, { total, tookMs: Math.round(clock.monotonic() - began) })
  return undefined
}

function placesMeant(call: Call, { places }: Kind): readonly Place[] {
  const variant = variantOf(call, places)
  return variant === undefined ? places : places.filter(place => place.variant === variant)
}

/** `--kind` where there are variants; a kind with one place has an option of that name for itself. */
function variantOf(call: Call, places: Kind['places']): string | undefined {
  const typed = places.length > 1 ? call.options.text('kind') : undefined
  if (typed !== undefined && !places.some(({ variant }) => variant === typed))
    throw problem('usage', `--kind takes ${places.map(({ variant }) => variant).join(' or ')}`)
  return typed
}

async function creating(call: Call, kind: Kind): ReturnType<Run> {
  const { places, named, defaults } = kind
  const variant = variantOf(call, places)
  const [place] = placesMeant(call, kind)
  if (place === undefined || (places.length > 1 && variant === undefined))
    throw problem('usage', `say which with --kind ${places.map(each => each.variant).join(' or --kind ')}`)
  const session = await call.session()
  const given = await bodyOf(call, session, kind)
  const [name] = call.words
  const body: Resource = {
    ...defaults,
    ...given,
    ...(named === undefined || name === undefined ? {} : { [named]: name }),
  }
  if (named !== undefined && (body[named] ?? '') === '') throw problem('usage', `say which ${named} it gets`)
  const path = placePath(session.project, place)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Resource = await session.client.send('POST', path, body)
  await call.output.list(resourceView(kind), [made])
  return undefined
}

async function setting(call: Call, kind: Kind): ReturnType<Run> {
  const session = await call.session()
  const { place, id } = await findResource(session, kind, call.words[0] ?? '')
  const body = await bodyOf(call, session, kind)
  if (Object.keys(body).length === 0) throw problem('usage', 'say what to set, with options or with -f <file>')
  const path = resourcePath(session.project, place, id)
  if (isDryRun(call)) return showIntents(call, [{ method: 'PATCH', path, body }])
  const changed: Resource = await session.client.send('PATCH', path, body)
  await call.output.list(resourceView(kind), [changed])
  return undefined
}

async function removing(call: Call, kind: Kind): ReturnType<Run> {
  const session = await call.session()
  const { place, id } = await findResource(session, kind, call.words[0] ?? '')
  const path = resourcePath(session.project, place, id)
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  await confirm(call, `Remove ${kind.noun} ${call.words[0] ?? ''} (${id})?`)
  await session.client.send('DELETE', path, undefined, { query: { reason: call.options.text('reason') } })
  await call.output.note(`${kind.noun} ${id} is removed`)
  return undefined
}
