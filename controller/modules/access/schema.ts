// SPDX-License-Identifier: Apache-2.0
/** Schemas of people, roles, bindings and sessions. */
import { Type } from 'typebox'
import { SEGMENT_PATTERN, ULID_PATTERN } from '../../../plugins/contract/index.ts'
import { Time } from '../../http/schemas.ts'
import { PERMISSIONS } from '../../kernel/permissions.ts'

const exact = { additionalProperties: false } as const

/** What people type to sign in. */
export const PersonName = Type.String({ minLength: 1, maxLength: 60, pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]*$' })
export const Password = Type.String({ minLength: 1, maxLength: 1_024 })
export const Code = Type.String({ minLength: 6, maxLength: 40, pattern: '^[0-9A-Za-z -]+$' })
export const PermissionName = Type.Enum([...PERMISSIONS])
export const RoleName = Type.String({ minLength: 1, maxLength: 60, pattern: SEGMENT_PATTERN })
const SubjectName = Type.String({ minLength: 1, maxLength: 200 })
const Label = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 63 }), value: Type.String({ maxLength: 63 }) },
  exact,
)

export const ScopeSchema = Type.Object(
  {
    project: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
    sites: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 })),
    labels: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 20 })),
  },
  exact,
)

export const SignIn = Type.Object({ name: PersonName, password: Password, totp: Type.Optional(Code) }, exact)
export const Me = Type.Object({ id: Type.String(), name: Type.String(), role: Type.String() })
export const Opened = Type.Object({ token: Type.String(), id: Type.String(), expiresAt: Time, principal: Me })

export const SessionResource = Type.Object({
  id: Type.String(),
  principal: Type.String(),
  method: Type.String(),
  address: Type.String(),
  agent: Type.String(),
  createdAt: Time,
  usedAt: Time,
  expiresAt: Time,
  current: Type.Boolean({ description: 'The one that asks' }),
})
export const OfSession = Type.Object({ session: Type.String({ pattern: ULID_PATTERN }) })

export const PersonResource = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  role: Type.String({ description: 'What the account carries itself, beside its bindings' }),
  login: Type.Optional(Type.String()),
  disabled: Type.Boolean(),
  password: Type.Boolean({ description: 'Whether one was set' }),
  totp: Type.Boolean({ description: 'Whether a second factor is in force' }),
  createdAt: Time,
  signedInAt: Type.Optional(Time),
})
export const NewPerson = Type.Object(
  {
    name: PersonName,
    role: Type.Optional(RoleName),
    project: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
  },
  exact,
)
export const OfPerson = Type.Object({ person: Type.String({ minLength: 1, maxLength: 100 }) })
export const Invitation = Type.Object({ secret: Type.String(), link: Type.String(), expiresAt: Time })

export const RoleResource = Type.Object({
  name: Type.String(),
  description: Type.String(),
  permissions: Type.Array(Type.String()),
  builtIn: Type.Boolean(),
})
export const NewRole = Type.Object(
  {
    name: RoleName,
    description: Type.Optional(Type.String({ maxLength: 300 })),
    permissions: Type.Array(PermissionName, { minItems: 1, maxItems: PERMISSIONS.length }),
  },
  exact,
)

export const BindingResource = Type.Object({
  id: Type.String(),
  principal: Type.Optional(Type.String()),
  name: Type.Optional(Type.String({ description: 'Of the principal; in lists only' })),
  group: Type.Optional(Type.String()),
  role: Type.String(),
  effect: Type.Enum(['allow', 'deny']),
  scope: ScopeSchema,
  createdAt: Time,
  createdBy: Type.String(),
})
export const NewBinding = Type.Object(
  {
    principal: Type.Optional(SubjectName),
    group: Type.Optional(SubjectName),
    role: RoleName,
    effect: Type.Optional(Type.Enum(['allow', 'deny'])),
    scope: Type.Optional(ScopeSchema),
  },
  exact,
)
export const OfBinding = Type.Object({ binding: Type.String({ pattern: '^b-[0-9a-f]{8}$' }) })

export const Explained = Type.Object({
  principal: Type.String(),
  permission: Type.String(),
  allowed: Type.Boolean(),
  reasons: Type.Array(
    Type.Object({
      grant: Type.String(),
      effect: Type.Enum(['allow', 'deny']),
      decides: Type.Boolean(),
      says: Type.String(),
    }),
  ),
  missing: Type.Optional(Type.String()),
})
