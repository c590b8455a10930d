// SPDX-License-Identifier: Apache-2.0
/** Configuration of access control. */
import { type Static, Type } from 'typebox'
import { SEGMENT_PATTERN } from '../../../plugins/contract/index.ts'

const Text = Type.String({ minLength: 1, maxLength: 500 })
const exact = { additionalProperties: false } as const

/** What a group, or a role, of the identity provider means here; `*` stands for any text. */
const Mapping = Type.Object(
  {
    group: Type.Optional(Text),
    role: Type.Optional(Text),
    /** One of our roles. */
    as: Text,
    /** The only project it holds in; every one when left out. */
    project: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
  },
  exact,
)
export type Mapping = Static<typeof Mapping>

const Provider = Type.Object(
  {
    /** In addresses and group bindings; the first part of the issuer's host name when left out. */
    name: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
    issuer: Type.String({ pattern: '^https?://', maxLength: 500 }),
    clientId: Text,
    /** A file that holds the secret; without one the client is public. */
    clientSecret: Type.Optional(Type.Object({ file: Text }, exact)),
    /** What tokens must be made for; the client itself when left out. */
    audience: Type.Optional(Text),
    scopes: Type.Optional(Type.Array(Text, { maxItems: 20 })),
    /** Where the groups are told, with dots for members of members. */
    groupsClaim: Type.Optional(Text),
    map: Type.Optional(Type.Array(Mapping, { maxItems: 200 })),
    /** Also take the role names of Edge Infrastructure Manager. */
    eim: Type.Optional(Type.Boolean()),
  },
  exact,
)
export type Provider = Static<typeof Provider>

export const AccessConfig = Type.Object(
  {
    signIn: Type.Optional(
      Type.Object(
        {
          /** Attempts of one address. */
          perMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
          /** Memory of one password hash; less for small controllers. */
          hashMiB: Type.Optional(Type.Integer({ minimum: 19, maximum: 1_024 })),
        },
        exact,
      ),
    ),
    oidc: Type.Optional(Type.Array(Provider, { maxItems: 8 })),
    /** Answers at Keycloak's addresses, for tools that sign in there. */
    keycloak: Type.Optional(
      Type.Object(
        {
          realm: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
          /** Clients that may ask for tokens. */
          clients: Type.Optional(Type.Array(Text, { minItems: 1, maxItems: 50 })),
          /** What the organization is called in the names of roles. */
          organization: Type.Optional(Text),
        },
        exact,
      ),
    ),
  },
  exact,
)
export type AccessConfig = Static<typeof AccessConfig>
