// SPDX-License-Identifier: Apache-2.0
/** What a request carries, as the classes of the management engine read it. */
import type { Reference } from './soap.ts'
import { childOf, type XmlElement } from './xml.ts'

/** The members of an instance that is put, or the parameters of a method. */
export class Input {
  readonly element: XmlElement

  constructor(element: XmlElement) {
    this.element = element
  }

  has(name: string): boolean {
    return childOf(this.element, name) !== undefined
  }

  /** As it stands, not trimmed; `''` when it is missing. */
  text(name: string): string {
    return childOf(this.element, name)?.text ?? ''
  }

  texts(name: string): readonly string[] {
    return this.element.children.filter(child => child.name === name).map(child => child.text)
  }

  /** A whole number, or `undefined`. */
  number(name: string): number | undefined {
    const text = this.text(name).trim()
    return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  }

  flag(name: string): boolean {
    return /^(true|1)$/i.test(this.text(name).trim())
  }

  /** The instance inside a member. */
  part(name: string): Input | undefined {
    const child = childOf(this.element, name)
    return child === undefined ? undefined : new Input(child)
  }

  /** The instance a member refers to. */
  reference(name: string): Reference | undefined {
    const child = childOf(this.element, name)
    return child === undefined ? undefined : referenceIn(child)
  }

  /** All members in the order they came, those that stand there several times as often. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return this.element.children.map(child => [child.name, child.children.length === 0 ? child.text : '…'])
  }
}

/** An endpoint reference (DSP0226 §5.4) inside an element. */
export function referenceIn(element: XmlElement): Reference | undefined {
  const parameters = childOf(element, 'ReferenceParameters')
  const resource = childOf(parameters, 'ResourceURI')?.text.trim()
  if (resource === undefined) return undefined
  return { ref: classOf(resource), selectors: selectorsIn(childOf(parameters, 'SelectorSet')) }
}

/** Selectors by name; one that is itself a reference counts by the instance it names, written `Class(a=b)`. */
export function selectorsIn(set: XmlElement | undefined): Record<string, string> {
  const selectors: Record<string, string> = {}
  for (const selector of set?.children ?? []) {
    if (selector.name !== 'Selector') continue
    const inner = childOf(selector, 'EndpointReference')
    const reference = inner === undefined ? undefined : referenceIn(inner)
    selectors[selector.attributes.Name ?? ''] = reference === undefined ? selector.text.trim() : keyOf(reference)
  }
  return selectors
}

/** A reference in one word, to compare references by; what tells instances apart counts, however it was given. */
export function keyOf({ ref, selectors }: Reference): string {
  const id = selectors.InstanceID ?? selectors.Name ?? selectors.PolicyRuleName ?? Object.values(selectors).join(',')
  return `${ref}(${id.trim()})`
}

/** The last part of a resource URI. */
export function classOf(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1)
}
