// SPDX-License-Identifier: Apache-2.0
/** Labels as lines of text, and coordinates as degrees, as people type them. Pure. */
import type { Label } from '../acts/places.ts'

const KEY = /^([a-z.]+\/)?[a-z0-9]([a-z0-9-_.]*[a-z0-9])?$/
const VALUE = /^$|^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/
const LONGEST = 63

export type ReadLabels =
  | { readonly labels: readonly Label[] }
  | { readonly wrong: string; readonly is: 'form' | 'twice' }

/** Reads `key=value`, one in a line; empty lines do not count. */
export function readLabels(text: string): ReadLabels {
  const labels: Label[] = []
  for (const line of text.split('\n').map(each => each.trim())) {
    if (line === '') continue
    const at = line.indexOf('=')
    const [key, value] = [line.slice(0, Math.max(0, at)), line.slice(at + 1)]
    const name = key.slice(key.indexOf('/') + 1)
    if (at < 0 || !KEY.test(key) || !VALUE.test(value) || name.length > LONGEST || value.length > LONGEST)
      return { wrong: line, is: 'form' }
    if (labels.some(each => each.key === key)) return { wrong: key, is: 'twice' }
    labels.push({ key, value })
  }
  return { labels }
}

export function labelText(labels: readonly Label[] = []): string {
  return labels.map(({ key, value }) => `${key}=${value}`).join('\n')
}

export function sameLabels(one: readonly Label[] = [], other: readonly Label[] = []): boolean {
  return labelText(one) === labelText(other)
}

const E7 = 10_000_000

/** Degrees times ten million; `undefined` for an empty text, `null` for what is no such number. */
export function readDegrees(text: string, most: number): number | undefined | null {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return undefined
  if (!/^[+-]?\d{1,3}(\.\d{1,7})?$/.test(typed) || Math.abs(Number(typed)) > most) return null
  return Math.round(Number(typed) * E7)
}

export function degreesText(value: number | undefined): string {
  return value === undefined ? '' : String(value / E7)
}

/** `48.1372° N, 11.5755° E` */
export function coordinates(latitude: number, longitude: number): string {
  const part = (value: number, [plus, minus]: readonly [string, string]): string =>
    `${Math.abs(value / E7)}° ${value < 0 ? minus : plus}`
  return `${part(latitude, ['N', 'S'])}, ${part(longitude, ['E', 'W'])}`
}
