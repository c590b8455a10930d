// SPDX-License-Identifier: Apache-2.0
/** Configuration of out-of-band management. */
import { type Static, Type } from 'typebox'
import { ActivationConfig } from './activation/parts.ts'
import { RedirectionConfig } from './redirection/config.ts'
import { ToolkitConfig } from './toolkit/config.ts'

const Listen = Type.String({ pattern: '^.+:\\d{1,5}$', maxLength: 300 })
const Address = Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' })

export const CiraConfig = Type.Object(
  {
    /** `host:port` of the listener that firmware dials in to; 0.0.0.0:4433 unless said otherwise. */
    listen: Type.Optional(Listen),
    /** For AMT 11 and older, which need TLS 1.0: a port of its own, closed unless given. */
    legacyListen: Type.Optional(Listen),
    /** Name or address that devices are told to dial; that of the API unless said otherwise. */
    address: Type.Optional(Address),
    /** The port they are told, when it is another than the one listened on. */
    port: Type.Optional(Type.Integer({ minimum: 1_024, maximum: 49_151 })),
    /** Projects whose devices dial another name, under a root of its own. */
    projects: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Address)),
    /** Bytes a device may send ahead on a channel. */
    windowBytes: Type.Optional(Type.Integer({ minimum: 32_768, maximum: 1_048_576 })),
    /** Devices at the same time. */
    connections: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  },
  { additionalProperties: false },
)
export type CiraConfig = Static<typeof CiraConfig>

export const LanConfig = Type.Object(
  {
    /** Networks in which devices are dialled at their address, such as `10.0.0.0/8`; none unless given. */
    networks: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })),
  },
  { additionalProperties: false },
)

const { properties } = ActivationConfig
/** Every one may be left out. */
const ActivationSettings = Type.Object(
  {
    policy: Type.Optional(properties.policy),
    project: Type.Optional(properties.project),
    onDie: Type.Optional(properties.onDie),
    onDieRoots: Type.Optional(properties.onDieRoots),
    sessions: Type.Optional(properties.sessions),
  },
  { additionalProperties: false },
)

export const OobConfig = Type.Object(
  {
    cira: Type.Optional(CiraConfig),
    lan: Type.Optional(LanConfig),
    activation: Type.Optional(ActivationSettings),
    redirection: Type.Optional(RedirectionConfig),
    toolkit: Type.Optional(ToolkitConfig),
  },
  { additionalProperties: false },
)
export type OobConfig = Static<typeof OobConfig>

const PORT = 4_433

export type Endpoint = { readonly host: string; readonly port: number }

/** Splits `host:port`; IPv6 addresses stand in brackets. */
export function endpointOf(text: string | undefined): Endpoint {
  if (text === undefined) return { host: '0.0.0.0', port: PORT }
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}
