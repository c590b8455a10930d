// SPDX-License-Identifier: Apache-2.0
/** Says in what a JSON value differs from the shape an interface promises. */

/**
 * `'string'`, `'number|null'`, `'any'`; `[shape]` for a list of such; an object for one with at least these members,
 * those whose name ends in `?` being optional.
 */
export type Shape = string | readonly [Shape] | { readonly [member: string]: Shape }

/** One line for each difference; none when the value has the shape. */
export function differences(value: unknown, shape: Shape, at = '$'): readonly string[] {
  if (typeof shape === 'string') {
    const kind = kindOf(value)
    return shape === 'any' || shape.split('|').includes(kind) ? [] : [`${at} is ${kind}, not ${shape}`]
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${at} is ${kindOf(value)}, not a list`]
    return value.flatMap((each, index) => differences(each, shape[0] as Shape, `${at}[${index}]`))
  }
  if (kindOf(value) !== 'object') return [`${at} is ${kindOf(value)}, not an object`]
  const members = value as Readonly<Record<string, unknown>>
  return Object.entries(shape).flatMap(([key, expected]) => {
    const name = key.replace(/\?$/, '')
    if (members[name] === undefined) return key.endsWith('?') ? [] : [`${at}.${name} is missing`]
    return differences(members[name], expected, `${at}.${name}`)
  })
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return Number.isInteger(value) ? 'number' : typeof value
}
