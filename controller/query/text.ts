// SPDX-License-Identifier: Apache-2.0
/** Writes a filter down again, such that reading it gives the same filter. */
import type { Filter, Literal } from './query.ts'

export function textOf(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return filter.parts.map(part => bracketed(part, ['and'])).join(' AND ')
    case 'or':
      return filter.parts.map(part => bracketed(part, ['and', 'or'])).join(' OR ')
    case 'not':
      return `NOT ${bracketed(filter.part, ['and', 'or'])}`
    case 'compare':
      return `${filter.field.join('.')} ${filter.operator} ${literal(filter.value)}`
    case 'has':
      return `has(${filter.field.join('.')})`
    case 'text':
      return literal(filter.value)
  }
}

/** A text in quotes. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, match => `\\${match}`)}"`
}

function literal(value: Literal): string {
  return value.quoted ? quoted(value.text) : value.text
}

function bracketed(filter: Filter, kinds: readonly Filter['kind'][]): string {
  return kinds.includes(filter.kind) ? `(${textOf(filter)})` : textOf(filter)
}
