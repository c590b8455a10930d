// SPDX-License-Identifier: Apache-2.0
/** What many classes have in common: constant members, and members that Put may change. */
import type { AmtClass, Firmware, Item } from '../firmware.ts'
import type { Input } from '../input.ts'
import type { Field, Fields } from '../soap.ts'

/** Members by which a service is found. */
export function serviceFields(className: string, elementName: string, systemName = 'Intel(r) AMT'): Fields {
  return {
    CreationClassName: className,
    ElementName: elementName,
    Name: elementName,
    SystemCreationClassName: 'CIM_ComputerSystem',
    SystemName: systemName,
  }
}

/** The instance of what stands still. */
export function constant(name: string, fields: Fields): AmtClass {
  return { name, instances: () => [{ fields }] }
}

/** The defaults with what was written over them. */
export function withWritten(firmware: Firmware, className: string, key: string, defaults: Fields): Fields {
  const written = firmware.state.written[className]?.[key]
  return written === undefined ? defaults : { ...defaults, ...written }
}

/** Remembers the members of an instance that may be written; others are left as they are. */
export function keepWritten(
  firmware: Firmware,
  { className, key, names }: { className: string; key: string; names: readonly string[] },
  input: Input,
): void {
  const ofClass = firmware.state.written[className] ?? {}
  const ofInstance = ofClass[key] ?? {}
  firmware.state.written[className] = ofClass
  ofClass[key] = ofInstance
  for (const name of names) {
    if (!input.has(name)) continue
    const texts = input.texts(name)
    ofInstance[name] = texts.length === 1 ? (texts[0] ?? '') : [...texts]
  }
}

/** A member's text. */
export function fieldText(field: Field): string {
  return field === undefined || typeof field === 'object' ? '' : String(field)
}

export function instanceId(item: Item): string {
  return item.keys?.InstanceID ?? fieldText(item.fields.InstanceID)
}
