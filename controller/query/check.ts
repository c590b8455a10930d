// SPDX-License-Identifier: Apache-2.0
/** Checks a filter or an order against the members there are, before anything is looked up. */
import { memberOf } from './members.ts'
import { refuse } from './problems.ts'
import type { Field, Fields, Filter, OrderBy } from './query.ts'
import { askedBy, askedByHas } from './tests.ts'

/** Throws `filter-invalid` for unknown members and for values of the wrong kind, naming token, column and what would do. */
export function checkFilter(filter: Filter | undefined, fields: Fields): void {
  if (filter === undefined) return
  if (filter.kind === 'and' || filter.kind === 'or') for (const part of filter.parts) checkFilter(part, fields)
  if (filter.kind === 'not') checkFilter(filter.part, fields)
  if (filter.kind === 'compare') askedBy(filter, fields)
  if (filter.kind === 'has') askedByHas(filter, fields)
}

/** Throws `order-invalid` for members that are unknown or have no order. */
export function checkOrder(order: OrderBy, fields: Fields): void {
  for (const { field: name, at } of order) orderedField(fields, name, at)
}

/** The member to order by. Throws `order-invalid`. */
export function orderedField<F extends Field>(fields: Fields<F>, name: string, at: number): F {
  const { field } = memberOf(fields, [name], { at, code: 'order-invalid' })
  if (field.type === 'reference' || field.type === 'labels')
    throw refuse('order-invalid', { at, token: name, expected: 'a member with one value' })
  return field
}
