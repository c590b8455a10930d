// SPDX-License-Identifier: Apache-2.0
/** Schemas that regions and sites share. */
import { Type } from 'typebox'

export const Name = Type.String({ maxLength: 50, pattern: '^$|^[a-zA-Z-_0-9./: ]+$' })

const KEY_PATTERN =
  '^$|^[a-z.]+/$|^[a-z.]+/[a-z0-9][a-z0-9-_.]*[a-z0-9]$|^[a-z.]+/[a-z0-9]$|^[a-z]$|^[a-z0-9][a-z0-9-_.]*[a-z0-9]$'
const VALUE_PATTERN = '^$|^[a-z0-9]$|^[a-z0-9][a-z0-9._-]*[a-z0-9]$'

/** A label as EIM takes it: lower case, a prefix of at most 253 characters before a slash, a name and a value of at most 63. */
export const MetadataItem = Type.Object(
  {
    key: Type.String({ maxLength: 316, pattern: KEY_PATTERN }),
    value: Type.String({ maxLength: 63, pattern: VALUE_PATTERN }),
  },
  { additionalProperties: false },
)
export const Metadata = Type.Array(MetadataItem, { maxItems: 100 })

/** What EIM shows above a region that stands at the top, and around a site in no region; its command line looks into it. */
export const NO_REGION = { resourceId: '', name: '' } as const
