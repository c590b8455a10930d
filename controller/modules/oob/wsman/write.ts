// SPDX-License-Identifier: Apache-2.0
/** Writes instances and references as the XML of a request. */
import { problem } from '../../../../plugins/contract/index.ts'
import { escapeXml } from './escape.ts'
import { resourceUri } from './resources.ts'
import { type Instance, instanceOf, listOf, NAMESPACE, Reference, type Selectors, textOf, type Value } from './wsman.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/**
 * Writes the members of an instance in their order, with a prefix that is declared around them: lists as repeated
 * elements, references with the prefixes `a` (addressing) and `w` (WS-Management), which the envelope declares.
 * Throws `invalid` for names and text that XML cannot carry.
 */
export function writeMembers(instance: Instance, prefix: string): string {
  let xml = ''
  for (const name of Object.keys(instance)) {
    for (const value of listOf(instance[name])) xml += writeMember(name, value, prefix)
  }
  return xml
}

function writeMember(name: string, value: Value, prefix: string): string {
  if (!NAME.test(name)) throw problem('invalid', 'a member has a name that XML cannot carry')
  const tag = `${prefix}:${name}`
  if (typeof value === 'string') return `<${tag}>${escapeXml(value)}</${tag}>`
  if (value instanceof Reference) return `<${tag}>${writeReference(value)}</${tag}>`
  const instance = instanceOf(value)
  if (instance === undefined) throw problem('invalid', 'a list stands within a list')
  if (instance.ReferenceParameters !== undefined) return `<${tag}>${writeRead(instance)}</${tag}>`
  const namespace = (instance as { readonly [NAMESPACE]?: string })[NAMESPACE] // the symbol is only set by `embedded`
  if (namespace === undefined) return `<${tag}>${writeMembers(instance, prefix)}</${tag}>`
  const within = prefix === 'h' ? 'q' : `${prefix}q` // the element itself keeps the meaning of its own prefix
  const declared = `xmlns:${within}="${escapeXml(resourceUri(namespace))}"`
  return `<${tag} ${declared}>${writeMembers(instance, within)}</${tag}>`
}

/** The content of an endpoint reference (WS-Addressing 2004/08 §2.2). */
function writeReference({ resource, selectors, address }: Reference): string {
  const uri = escapeXml(resourceUri(resource))
  return (
    `<a:Address>${escapeXml(address)}</a:Address><a:ReferenceParameters><w:ResourceURI>${uri}</w:ResourceURI>` +
    `${writeSelectors(selectors)}</a:ReferenceParameters>`
  )
}

export function writeSelectors(selectors: Selectors): string {
  let xml = ''
  for (const [name, value] of Object.entries(selectors)) {
    const content =
      typeof value === 'string'
        ? escapeXml(value)
        : `<a:EndpointReference>${writeReference(value)}</a:EndpointReference>`
    xml += `<w:Selector Name="${escapeXml(name)}">${content}</w:Selector>`
  }
  return `<w:SelectorSet>${xml}</w:SelectorSet>`
}

/** A reference as a reply carried it, on its way back to the device. */
function writeRead({ Address, ReferenceParameters }: Instance): string {
  const { ResourceURI, SelectorSet } = instanceOf(ReferenceParameters) ?? {}
  let selectors = ''
  for (const selector of listOf(instanceOf(SelectorSet)?.Selector)) {
    const { $: attributes, _: text, EndpointReference } = instanceOf(selector) ?? {}
    const inner = instanceOf(EndpointReference)
    const content =
      inner === undefined ? escapeXml(textOf(text)) : `<a:EndpointReference>${writeRead(inner)}</a:EndpointReference>`
    const name = escapeXml(textOf(instanceOf(attributes)?.Name))
    selectors += `<w:Selector Name="${name}">${content}</w:Selector>`
  }
  return (
    `<a:Address>${escapeXml(textOf(Address))}</a:Address><a:ReferenceParameters>` +
    `<w:ResourceURI>${escapeXml(textOf(ResourceURI))}</w:ResourceURI>` +
    `<w:SelectorSet>${selectors}</w:SelectorSet></a:ReferenceParameters>`
  )
}
