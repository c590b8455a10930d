// SPDX-License-Identifier: Apache-2.0
/** Which members a body sets, and to what: all of them, those it replaces, or those a field mask names. Pure. */
import { type Json, problem } from '../../../../plugins/contract/index.ts'
import type { Given } from './engine.ts'
import type { Kind } from './kind.ts'
import { defaultOf, embeds, type Input, inputNamed, inputsOf } from './members.ts'

export type Gathered = {
  /** The inputs that are set. */
  readonly inputs: readonly Input[]
  /** Their values by their name in bodies; `undefined` clears. */
  readonly given: Readonly<Record<string, Json | undefined>>
}

/** POST: every input, with its default where it is left out. */
export function gatherAll(kind: Kind, members: Given): Gathered {
  return filled(inputsOf(kind), members)
}

/** PUT: the same, but what is set once for all stays when it is left out. */
export function gatherReplaced(kind: Kind, members: Given): Gathered {
  const inputs = inputsOf(kind).filter(input => input.write === 'always' || valueIn(input, members) !== undefined)
  return filled(inputs, members)
}

/** PATCH: what the mask names or, without one, what is there. A member that is named and not there is cleared. */
export function gatherMasked(kind: Kind, members: Given, mask: readonly string[] = []): Gathered {
  const names = mask.map(name => name.trim()).filter(name => name !== '')
  if (names.length === 0) {
    return filled(
      inputsOf(kind).filter(input => valueIn(input, members) !== undefined),
      members,
    )
  }
  const inputs = new Map<string, Input>()
  for (const name of names) {
    const input = inputNamed(kind, name)
    if (input === undefined) throw unknownMember(kind, name)
    if (input !== 'read-only') inputs.set(input.name, input)
  }
  return filled([...inputs.values()], members)
}

function unknownMember(kind: Kind, name: string): Error {
  const known = inputsOf(kind).map(each => each.name)
  const message = `names ${name.slice(0, 60)}, which a ${kind.words[0]} does not have; it may name ${known.join(', ')}`
  return problem('invalid', `fieldMask ${message}`, { findings: [{ pointer: '/querystring/fieldMask', message }] })
}

function filled(inputs: readonly Input[], members: Given): Gathered {
  const given: Record<string, Json | undefined> = {}
  const missing: string[] = []
  for (const input of inputs) {
    const value = valueIn(input, members) ?? defaultOf(input)
    if (input.required && (value === undefined || (input.spec.is === 'reference' && value === '')))
      missing.push(input.name)
    given[input.name] = value
  }
  const findings = missing.map(name => ({ pointer: `/body/${name}`, message: 'is required' }))
  if (findings.length > 0) throw problem('invalid', `${missing.join(', ')} must be there`, { findings })
  return { inputs, given }
}

/** The value of an input in a body: by its own name or, for a reference, by the embedded object's id. */
function valueIn(input: Input, members: Given): Json | undefined {
  const own = input.name === input.member && embeds(input) ? undefined : members[input.name]
  if (own !== undefined) return own as Json // parsed from JSON and checked by the schema
  if (!embeds(input)) return undefined
  const embedded = members[input.member]
  if (typeof embedded !== 'object' || embedded === null || !('resourceId' in embedded)) return undefined
  return typeof embedded.resourceId === 'string' && embedded.resourceId !== '' ? embedded.resourceId : undefined
}
