// SPDX-License-Identifier: Apache-2.0
/** The section `amt`: whether the machine can be managed out of band, what it shall be, and how far that has come. */
import { type Static, Type } from 'typebox'
import { defineSection, MINUTE, SECOND, ULID_PATTERN } from '../contract/index.ts'

export const RAW_MAX = 4_096

const Text = Type.String({ maxLength: 256 })

/**
 * `amt`: full Active Management Technology. `ism`: Standard Manageability, which has no KVM and no wireless.
 * `none`: the machine has neither. `unknown`: it could not be told; `why` says what is missing.
 */
export const AmtSku = Type.Enum(['amt', 'ism', 'none', 'unknown'])
export type AmtSku = Static<typeof AmtSku>

export const ControlMode = Type.Enum(['none', 'ccm', 'acm', 'unknown'])
export type ControlMode = Static<typeof ControlMode>

export const AmtAdapter = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  linkUp: Type.Optional(Type.Boolean()),
  dhcpEnabled: Type.Optional(Type.Boolean()),
  /** `active`: the firmware asks for its address; `passive`: it uses the one the operating system got. */
  dhcpMode: Type.Optional(Type.Enum(['active', 'passive'])),
  ipAddress: Type.Optional(Text),
  osIpAddress: Type.Optional(Text),
  macAddress: Text,
})
export type AmtAdapter = Static<typeof AmtAdapter>

/** The firmware's own connection to a management server. */
export const RemoteAccess = Type.Object({
  network: Type.Enum(['direct', 'vpn', 'outside', 'unknown']),
  remote: Type.Enum(['not-connected', 'connecting', 'connected', 'unknown']),
  trigger: Type.Enum(['user', 'alert', 'periodic', 'provisioning', 'unknown']),
  mpsHostname: Type.Optional(Text),
  mpsPort: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
})
export type RemoteAccess = Static<typeof RemoteAccess>

/** What the firmware says of itself. */
export const Firmware = Type.Object({
  version: Type.Optional(Text),
  build: Type.Optional(Text),
  /** The firmware's number for what it can do, decimal: `16392`. */
  skuCode: Type.Optional(Text),
  features: Type.Optional(Text),
  uuid: Type.Optional(Text),
  controlMode: ControlMode,
  provisioningState: Type.Optional(Type.Enum(['pre', 'in', 'post'])),
  /** Whether it is switched on in the BIOS. */
  enabled: Type.Optional(Type.Boolean()),
  dnsSuffix: Type.Optional(Text),
  dnsSuffixOs: Type.Optional(Text),
  ras: Type.Optional(RemoteAccess),
  wired: Type.Optional(AmtAdapter),
  wireless: Type.Optional(AmtAdapter),
  /** How many root certificate hashes it knows; absent when `rpc` did not list them. */
  certificateHashes: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type Firmware = Static<typeof Firmware>

/** No spaces, quotes or leading dash: the name becomes a word of a command line, here and on the server. */
const PROFILE_PATTERN = '^[^\\s"\'`\\\\\\u0000-\\u001f\\u007f-][^\\s"\'`\\\\\\u0000-\\u001f\\u007f]*$'

export const Goal = Type.Enum(['activated', 'deactivated'])
export type Goal = Static<typeof Goal>

export const ActivationOrder = Type.Object(
  {
    state: Goal,
    /** Where the activation server listens. */
    server: Type.String({ maxLength: 500, pattern: '^wss://[^\\s"\'`\\\\\\u0000-\\u001f\\u007f]+$' }),
    profile: Type.String({ minLength: 1, maxLength: 128, pattern: PROFILE_PATTERN }),
    /** Another number orders a new try, or another profile. */
    attempt: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** `any`: the server's certificate is not checked. `system` unless said otherwise. */
    trust: Type.Optional(Type.Enum(['system', 'any'])),
    /** Roots the server's certificate is checked against instead of the system's; PEM, no secrets. */
    ca: Type.Optional(Type.String({ maxLength: 65_536, pattern: '^-----BEGIN CERTIFICATE-----' })),
    dnsSuffix: Type.Optional(Type.String({ maxLength: 253, pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$' })),
    friendlyName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        pattern: '^[^\\s\\u0000-\\u001f\\u007f-][^\\u0000-\\u001f\\u007f]*$',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ActivationOrder = Static<typeof ActivationOrder>

/**
 * `idle`: nothing is under way. `waiting`: for a time, or for what `blocker` names. `settling`: `rpc` has run, the firmware
 * has not shown the result yet. `recovering`: between the acts of a recovery. `failed`: given up until another attempt.
 * `unsupported`: this machine cannot be activated.
 */
export const ActivationStatus = Type.Enum([
  'idle',
  'waiting',
  'activating',
  'settling',
  'activated',
  'deactivating',
  'deactivated',
  'recovering',
  'failed',
  'unsupported',
])
export type ActivationStatus = Static<typeof ActivationStatus>

/**
 * What keeps a machine from being activated. `bad-uuid`: its firmware has a UUID that many machines share.
 * `switched-off`: in the BIOS.
 */
export const Blocker = Type.Enum(['no-amt', 'bad-uuid', 'switched-off', 'no-rpc', 'no-driver', 'no-root', 'busy'])
export type Blocker = Static<typeof Blocker>

const Moment = Type.String({ maxLength: 32 })

export const ActivationObserved = Type.Object({
  status: ActivationStatus,
  /** The state and attempt that were ordered last. */
  goal: Goal,
  attempt: Type.Integer(),
  /** Recoveries of this attempt so far. */
  recoveries: Type.Integer({ minimum: 0 }),
  /** Since when it stands so; RFC 3339. */
  since: Moment,
  /** When it is looked at or tried again; RFC 3339. Absent when that is now, or when nothing is to be done. */
  nextTryAt: Type.Optional(Moment),
  /** What `rpc` said last, or why it stands so. */
  message: Type.String({ maxLength: 500 }),
  /** What the last run of `rpc` ended with; -1 when it was killed. */
  lastExit: Type.Optional(Type.Integer()),
  blocker: Type.Optional(Blocker),
})
export type ActivationObserved = Static<typeof ActivationObserved>

export const AmtObserved = Type.Object({
  sku: AmtSku,
  why: Type.String({ maxLength: 500 }),
  /** Whether asking again soon may change the answer. */
  retry: Type.Boolean(),
  rpc: Type.Optional(Type.Object({ generation: Type.Enum(['v2', 'v3', 'unknown']), version: Type.Optional(Text) })),
  firmware: Type.Optional(Firmware),
  /** What `rpc` printed, when it was not understood. */
  raw: Type.Optional(Type.String({ maxLength: RAW_MAX })),
  /** Present once something was ordered. */
  activation: Type.Optional(ActivationObserved),
  /** Intel's local service, through which `rpc` reaches the firmware best; looked for once something was ordered. */
  lms: Type.Optional(Type.Enum(['running', 'stopped', 'absent', 'unknown'])),
  /** The kernel's driver for the management engine; `missing` where there is an engine without one. */
  driver: Type.Optional(Type.Enum(['loaded', 'missing', 'absent', 'unknown'])),
})
export type AmtObserved = Static<typeof AmtObserved>

/** An empty document means: only look. */
export const AmtDesired = Type.Object({ activation: Type.Optional(ActivationOrder) }, { additionalProperties: false })
export type AmtDesired = Static<typeof AmtDesired>

export const RefreshOutput = Type.Object({
  sku: AmtSku,
  controlMode: ControlMode,
  why: Type.String({ maxLength: 500 }),
})
export type RefreshOutput = Static<typeof RefreshOutput>

export const LmsInput = Type.Object(
  {
    /** The stream that the controller has opened. */
    stream: Type.String({ pattern: ULID_PATTERN }),
    /** Of the firmware on this host: WS-Management, plain or over TLS. */
    port: Type.Union([Type.Literal(16_992), Type.Literal(16_993)]),
  },
  { additionalProperties: false },
)
export type LmsInput = Static<typeof LmsInput>

export const amt = defineSection({
  name: 'amt',
  title: 'Out-of-band management',
  desired: AmtDesired,
  observed: AmtObserved,
  commands: {
    refresh: {
      title: 'Ask the firmware again',
      input: Type.Object({}, { additionalProperties: false }),
      output: RefreshOutput,
      class: 0,
      ttlMs: 2 * MINUTE,
      timeoutMs: 2 * MINUTE,
      impact: 'none',
    },
    lms: {
      title: 'Join a stream with a port of the firmware',
      input: LmsInput,
      output: Type.Object({}, { additionalProperties: false }),
      class: 2,
      ttlMs: 30 * SECOND,
      timeoutMs: 10 * SECOND,
      impact: 'none',
      internal: true,
    },
  },
})
