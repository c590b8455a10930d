// SPDX-License-Identifier: Apache-2.0
/** What was typed after the dashes, read with its type. */

import { parseDuration } from '../../plugins/contract/time.ts'
import type { Label } from './api.ts'
import { problem } from './problems.ts'

export interface Options {
  has(name: string): boolean
  text(name: string): string | undefined
  list(name: string): readonly string[]
  /** Milliseconds; throws `usage` for what is no duration. */
  durationMs(name: string): number | undefined
  /** Throws `usage` for what is no whole number of at least 0. */
  count(name: string): number | undefined
  labels(name: string): readonly Label[]
}

/** Wraps what the parser gathered; names are the long forms without dashes, as they are typed. */
export function createOptions(given: Readonly<Record<string, unknown>>): Options {
  const text = (name: string): string | undefined => {
    const value = given[camel(name)]
    return typeof value === 'string' ? value : undefined
  }
  const list = (name: string): readonly string[] => {
    const value = given[camel(name)]
    return Array.isArray(value) ? value.map(String) : []
  }
  return {
    has: name => given[camel(name)] === true,
    text,
    list,
    durationMs: name => {
      const typed = text(name)
      const lengthMs = typed === undefined ? undefined : parseDuration(typed)
      if (typed !== undefined && lengthMs === undefined) {
        throw problem('usage', `--${name} takes a duration such as 30s, 10m or 1h`)
      }
      return lengthMs
    },
    count: name => {
      const typed = text(name)
      if (typed !== undefined && !/^\d{1,15}$/.test(typed)) throw problem('usage', `--${name} takes a whole number`)
      return typed === undefined ? undefined : Number(typed)
    },
    labels: name =>
      list(name)
        .flatMap(each => each.split(','))
        .map(each => readLabel(each, `--${name}`)),
  }
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Reads `key=value`; throws `usage`. */
export function readLabel(text: string, what: string): Label {
  const at = text.indexOf('=')
  if (at <= 0) throw problem('usage', `${what} takes key=value`)
  return { key: text.slice(0, at), value: text.slice(at + 1) }
}
