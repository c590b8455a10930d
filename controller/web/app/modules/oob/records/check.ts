// SPDX-License-Identifier: Apache-2.0
/** Checks of a form while it is filled in: the same rules as the controller's, told before anything is sent. Pure. */
import { t } from '../../../words/oob-records.ts'
import type { Context, Field, Spec, Values } from './spec.ts'
import { list, text } from './spec.ts'

export function shownFields({ fields }: Spec, values: Values, context: Context): readonly Field[] {
  return fields.filter(({ when }) => when === undefined || when(values, context))
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === undefined || value === null || text(value) === ''
}

export type Findings = {
  /** By field; what is wrong with what is there. */
  readonly wrong: ReadonlyMap<string, string>
  /** Labels of what is needed and not there. */
  readonly missing: readonly string[]
}

export function findingsOf(spec: Spec, values: Values, context: Context): Findings {
  const wrong = new Map<string, string>()
  const missing: string[] = []
  for (const { name, label, required, check } of shownFields(spec, values, context)) {
    const value = values[name]
    if (isEmpty(value)) {
      if (required === true) missing.push(label)
      continue
    }
    const said = check?.(value, values, context)
    if (said !== undefined) wrong.set(name, said)
  }
  return { wrong, missing }
}

export const free =
  (pattern: RegExp, message: string) =>
  (value: unknown, _: Values, { names, old }: Context): string | undefined => {
    if (!pattern.test(text(value))) return message
    return old === undefined && names.has(text(value).toLowerCase()) ? t.check.taken : undefined
  }

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/
const IPV6 = /^(?=.*:.*:)[0-9a-f:.]{2,45}$/i
const FULL_NAME = /^(?=.{1,254}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i
export const SUFFIX = /^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$/

/** The firmware's number for a form of address; `undefined` when it is none. */
export function formatOf(address: string): 3 | 4 | 201 | undefined {
  if (IPV4.test(address)) return 3
  if (IPV6.test(address)) return 4
  return FULL_NAME.test(address) ? 201 : undefined
}

export function address(value: unknown): string | undefined {
  return formatOf(text(value)) === undefined ? t.check.address : undefined
}

export function fullName(value: unknown): string | undefined {
  return FULL_NAME.test(text(value)) ? undefined : t.check.suffix
}

export const port =
  (from: number, to: number) =>
  (value: unknown): string | undefined => {
    const asked = Number(text(value))
    return Number.isInteger(asked) && asked >= from && asked <= to ? undefined : t.check.port(from, to)
  }

const PASSWORD = /^(?=.*[0-9])(?=.*[!@#$%^&*])(?=.*[a-z])(?=.*[A-Z])[a-zA-Z0-9$@!%*#?&-_~^]{8,32}$/

export function password(value: unknown): string | undefined {
  return PASSWORD.test(text(value)) ? undefined : t.check.password
}

export const atMost =
  (count: number) =>
  (value: unknown): string | undefined =>
    list(value).length > count ? t.check.most(count) : undefined
