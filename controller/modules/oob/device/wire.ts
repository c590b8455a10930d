// SPDX-License-Identifier: Apache-2.0
/** What the services of a device share: members as they stand on the wire, return values, classes that are not there. */
import { Problem } from '../../../../plugins/contract/index.ts'
import { problem } from '../problems.ts'
import { statusName } from '../wsman/status.ts'
import { type Instance, instanceOf, type Output, type Reply, selectorsOf, textOf, type Value } from '../wsman/wsman.ts'

type Member = Value | number | boolean | undefined

/** Members as text, in the order given; those that are `undefined` are left out. */
export function members(given: Readonly<Record<string, Member>>): Instance {
  const written: Record<string, Value> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    written[name] = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  }
  return written
}

/** A copy of an instance in which some members have another value; new ones come last. */
export function overlay(instance: Instance, changes: Readonly<Record<string, Member>>): Instance {
  return { ...instance, ...members(changes) }
}

/** An instance without some of its members. */
export function without(instance: Instance, names: readonly string[]): Instance {
  return Object.fromEntries(Object.entries(instance).filter(([name]) => !names.includes(name)))
}

const CONSENT_REQUIRED = 0x821
const UNSUPPORTED: readonly number[] = [0x802, 0x812]

/** The output, when the method succeeded. Throws `amt-consent-needed`, `amt-unsupported` or `amt-refused` (fields: status, name). */
export function succeeded(output: Output, what: string): Output {
  const { returnValue } = output
  if (returnValue === 0) return output
  const name = statusName(returnValue)
  const fields = { status: returnValue, name }
  if (returnValue === CONSENT_REQUIRED) throw problem('amt-consent-needed', what, fields)
  if (UNSUPPORTED.includes(returnValue)) throw problem('amt-unsupported', `${what}: ${name}`, fields)
  throw problem('amt-refused', `${what}: ${name}`, fields)
}

/** What a read gives, or `undefined` when this firmware does not have the class. */
export async function present<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'amt-fault') return undefined
    throw thrown
  }
}

/** The instance of a reply to Get, or `undefined` when this firmware does not have the class. */
export async function contentOf(read: Promise<Reply>): Promise<Instance | undefined> {
  return (await present(read))?.content
}

/** A member that holds an instance; an empty one when it does not. */
export function innerOf(value: Value | undefined): Instance {
  return instanceOf(value) ?? {}
}

/** The key an endpoint reference in a reply names: its InstanceID, or its last selector. */
export function keyOf(reference: Value | undefined): string {
  const selectors = selectorsOf(reference)
  const key = selectors.InstanceID ?? Object.values(selectors).at(-1)
  return typeof key === 'string' ? key : ''
}

/** The class an endpoint reference in a reply points to. */
export function resourceOf(reference: Value | undefined): string {
  const uri = textOf(innerOf(innerOf(reference).ReferenceParameters).ResourceURI)
  return uri.slice(uri.lastIndexOf('/') + 1).trim()
}
