// SPDX-License-Identifier: Apache-2.0
/** Signed commands and documents as a controller sends them, to be spoiled by tests. */
import { Type } from 'typebox'
import type { Audience } from '../../../agent/commands/verify.ts'
import {
  type CommandHead,
  type CommandMessage,
  type DesiredHead,
  type DesiredMessage,
  defineSection,
  formatTime,
  MINUTE,
  newUlid,
  type TrustBundle,
} from '../../../plugins/contract/index.ts'
import { createSigningKey, digestOf, signHead } from '../../../provisioning/pki/signing.ts'

export const NOW = Date.UTC(2026, 10, 21, 4, 31)
export const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

const command = createSigningKey()
const audit = createSigningKey()
const stranger = createSigningKey()
export const KEYS = { command, audit, stranger }

export const AUDIENCE: Audience = {
  host: 'host-0a1b2c3d',
  project: 'default',
  installation: 'inst-1',
  epoch: 2,
  trust: {
    head: {
      keys: [
        { kid: command.kid, role: 'command', publicKey: command.publicKey },
        { kid: audit.kid, role: 'audit', publicKey: audit.publicKey },
      ],
    },
  } as unknown as TrustBundle,
}

const kind = (riskClass: 0 | 1 | 2 | 3 | 4, impact: 'none' | 'service' | 'reboot' = 'none') => ({
  title: 'A command of a test',
  input: Type.Object({ delay: Type.Integer({ minimum: 0, maximum: 60 }) }, { additionalProperties: false }),
  output: Type.Object({ done: Type.Boolean() }),
  class: riskClass,
  ttlMs: 2 * MINUTE,
  timeoutMs: 10_000,
  impact,
})

export const lamp = defineSection({
  name: 'lamp',
  title: 'A lamp',
  desired: Type.Object({ on: Type.Boolean() }, { additionalProperties: false }),
  observed: Type.Object({ on: Type.Boolean() }),
  commands: { blink: kind(1), look: kind(0), swap: kind(2, 'service'), break: kind(4) },
})

export function commandHead(more: Partial<CommandHead> = {}): CommandHead {
  return {
    v: 1,
    installation: AUDIENCE.installation,
    epoch: AUDIENCE.epoch,
    project: AUDIENCE.project,
    host: AUDIENCE.host,
    issuedAt: formatTime(NOW),
    section: 'lamp',
    name: 'blink',
    id: newUlid(NOW, random),
    expiresAt: formatTime(NOW + 2 * MINUTE),
    inputDigest: digestOf({ delay: 1 }),
    principal: 'person:anna',
    approvals: [],
    sequence: 1,
    ...more,
  }
}

export type Signing = { readonly key?: keyof typeof KEYS; readonly input?: unknown }

export function signedCommand(
  more: Partial<CommandHead> = {},
  { key = 'command', input }: Signing = {},
): CommandMessage {
  const wanted = input === undefined ? { delay: 1 } : input
  const head = commandHead({ inputDigest: digestOf(wanted), ...more })
  return { head, input: wanted, kid: KEYS[key].kid, sig: signHead('command', head, KEYS[key].privateKey) }
}

export function signedDesired(
  content: unknown,
  more: Partial<DesiredHead> = {},
  { key = 'command' }: Signing = {},
): DesiredMessage {
  const head: DesiredHead = {
    v: 1,
    installation: AUDIENCE.installation,
    epoch: AUDIENCE.epoch,
    project: AUDIENCE.project,
    host: AUDIENCE.host,
    issuedAt: formatTime(NOW),
    section: 'lamp',
    revision: 5,
    contentDigest: digestOf(content),
    ...more,
  }
  return { head, content, kid: KEYS[key].kid, sig: signHead('desired', head, KEYS[key].privateKey) }
}

export function bytesOf(message: unknown): Uint8Array {
  return new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message))
}

/** Nests a value so deep that no reader goes all the way. */
export function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { deeper: value }
  return value
}
