// SPDX-License-Identifier: Apache-2.0
/** Configuration of the sign-in that tools of the Device Management Toolkit use. */
import { type Static, Type } from 'typebox'
import { ROLES } from '../../../kernel/permissions.ts'

export const ToolkitAccountConfig = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    /** A file with the password and nothing else; readable by the controller only. */
    passwordFile: Type.String({ minLength: 1, maxLength: 1_000 }),
    role: Type.Enum(Object.keys(ROLES)),
  },
  { additionalProperties: false },
)

export const ToolkitConfig = Type.Object(
  {
    /** Whether `POST /authorize` is answered; 405 otherwise. On unless said otherwise. */
    signIn: Type.Optional(Type.Boolean()),
    /** The `iss` of tokens; gateways in front of us check it. */
    issuer: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** How long a sign-in lasts. */
    loginHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 })),
    /** Origins whose pages may call the toolkit's paths, such as `https://console.example.com`, or `*`. None unless given. */
    corsOrigins: Type.Optional(
      Type.Array(Type.String({ pattern: '^(\\*|https?://[^/\\s]{1,300})$', maxLength: 310 }), { maxItems: 64 }),
    ),
    accounts: Type.Optional(Type.Array(ToolkitAccountConfig, { maxItems: 64 })),
  },
  { additionalProperties: false },
)
export type ToolkitConfig = Static<typeof ToolkitConfig>
