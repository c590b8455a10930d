// SPDX-License-Identifier: Apache-2.0
/** The texts firmware has where a manufacturer wrote nothing: they identify no machine and are not reported. */
import { clean } from './read.ts'

const PLACEHOLDERS = new Set([
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'o.e.m.',
  'oem',
  'default',
  'default string',
  'system manufacturer',
  'system product name',
  'system serial number',
  'system version',
  'system sku',
  'sku',
  'base board serial number',
  'base board asset tag',
  'chassis serial number',
  'chassis asset tag',
  'asset tag',
  'no asset tag',
  'no asset information',
  'not specified',
  'not applicable',
  'not available',
  'not provided',
  'none',
  'n/a',
  'na',
  'null',
  'unknown',
  'undefined',
  'invalid',
  'empty',
  '0123456789',
  '123456789',
  '1234567890',
])

/** Returns the text when it states something; `undefined` for placeholders and for runs of one character. */
export function factual(text: string | undefined): string | undefined {
  const value = clean(text)
  if (value === undefined || PLACEHOLDERS.has(value.toLowerCase()) || /^([0xX.\-_*#])\1*$/.test(value)) return undefined
  return value
}

// The last one is what several generations of boards ship with.
const PLACEHOLDER_UUIDS = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
])

/** Returns a UUID (RFC 9562 §4) in lower case; `undefined` when it is none or one that many machines share. */
export function factualUuid(text: string | undefined): string | undefined {
  const uuid = clean(text)?.toLowerCase()
  if (uuid === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return undefined
  return PLACEHOLDER_UUIDS.has(uuid) ? undefined : uuid
}
