// SPDX-License-Identifier: Apache-2.0
/** What each verb of the helper takes and gives, as both sides read it. */
import { type Static, type TSchema, Type } from 'typebox'
import { TimeAnswer, TrustBundle } from '../../plugins/contract/index.ts'
import { Greeting } from './wire.ts'

const strict = { additionalProperties: false }
const nothing = Type.Object({}, strict)

/** What a program ended with; `code` is -1 when it could not be started. */
export const Ran = Type.Object({
  code: Type.Integer(),
  stdout: Type.String(),
  stderr: Type.String(),
})
export type Ran = Static<typeof Ran>

const Dmi = '/sys/class/dmi/id'
const Tables = '/sys/firmware/dmi/tables'
/** What the kernel shows of the firmware to root only. */
export const DMI_FILES = [
  `${Dmi}/board_serial`,
  `${Dmi}/chassis_serial`,
  `${Dmi}/product_serial`,
  `${Dmi}/product_uuid`,
  `${Tables}/DMI`,
  `${Tables}/smbios_entry_point`,
] as const

/** Which of its two command lines `rpc` has. */
const Style = Type.Enum(['v2', 'v3'])
const Text = (maxLength: number): Type.TString => Type.String({ minLength: 1, maxLength })

/** An order as a command line of `rpc` spells it; it counts only when the signed one says the same. */
export const RpcOrder = Type.Object(
  {
    server: Text(500),
    profile: Type.Optional(Text(128)),
    dnsSuffix: Type.Optional(Text(253)),
    friendlyName: Type.Optional(Text(128)),
    anyCertificate: Type.Boolean(),
    /** Roots of the order itself, which the helper writes to a file of its own. */
    ownRoots: Type.Boolean(),
  },
  strict,
)
export type RpcOrder = Static<typeof RpcOrder>

/** A disk by its name in /dev. */
export const DISK_PATTERN = '^(sd[a-z]{1,3}|nvme\\d{1,3}(n\\d{1,3})?|mmcblk\\d{1,2})$'
export const UNIT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_.@-]{0,120}\\.(service|socket|timer|path)$'
/** As dpkg and rpm both allow; never an option, a file or a pattern. */
export const PACKAGE_PATTERN = '^[a-z0-9][a-z0-9+._-]{1,120}$'
export const PACKAGE_VERSION_PATTERN = '^[0-9A-Za-z][0-9A-Za-z.+:~^_-]{0,120}$'
/** Absolute, without empty, `.` and `..` segments. */
export const PATH_PATTERN = '^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@+:-]{1,128}){1,16}$'

const Password = Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }))

/** Every verb there is; a request that names another is refused. */
export const VERBS = {
  'helper.greet': { input: nothing, output: Greeting },
  'trust.update': { input: Type.Object({ trust: TrustBundle }, strict), output: Greeting },
  'dmi.read': {
    input: Type.Object({ path: Type.Enum(DMI_FILES as unknown as [string, ...string[]]) }, strict), // it is not empty
    output: Type.Object({ base64: Type.Optional(Type.String()) }),
  },
  'smart.read': { input: Type.Object({ disk: Type.String({ pattern: DISK_PATTERN }) }, strict), output: Ran },
  'rpc.look': {
    input: Type.Union([
      Type.Object({ do: Type.Literal('version') }, strict),
      Type.Object({ do: Type.Literal('amtinfo'), style: Style }, strict),
    ]),
    output: Ran,
  },
  'rpc.act': {
    input: Type.Object(
      { do: Type.Enum(['activate', 'deactivate']), style: Style, order: RpcOrder, password: Password },
      strict,
    ),
    output: Ran,
  },
  'module.load': { input: Type.Object({ module: Type.Literal('mei_me') }, strict), output: Ran },
  'power.reboot': { input: nothing, output: Ran },
  'power.shutdown': { input: nothing, output: Ran },
  'hostname.set': {
    input: Type.Object({ hostname: Text(64), by: Type.Enum(['hostnamectl', 'hostname']) }, strict),
    output: Ran,
  },
  'clock.ask': { input: nothing, output: Type.Object({ nonce: Type.String({ maxLength: 64 }) }) },
  'clock.step': {
    input: Type.Object({ answer: TimeAnswer }, strict),
    output: Type.Object({ stepped: Type.Boolean(), aheadMs: Type.Integer() }),
  },
  'service.control': {
    input: Type.Object(
      {
        do: Type.Enum(['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'unmask']),
        unit: Type.String({ pattern: UNIT_PATTERN }),
      },
      strict,
    ),
    output: Ran,
  },
  'package.install': {
    input: Type.Object(
      {
        package: Type.String({ pattern: PACKAGE_PATTERN }),
        version: Type.Optional(Type.String({ pattern: PACKAGE_VERSION_PATTERN })),
      },
      strict,
    ),
    output: Ran,
  },
  'file.put': {
    input: Type.Object(
      {
        path: Type.String({ maxLength: 1_000, pattern: PATH_PATTERN }),
        base64: Type.String({ maxLength: 174_764, pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
        mode: Type.Optional(Type.Integer({ minimum: 0, maximum: 0o777 })),
      },
      strict,
    ),
    output: nothing,
  },
} as const satisfies Record<string, { readonly input: TSchema; readonly output: TSchema }>

export type Verb = keyof typeof VERBS
export type InputOf<V extends Verb> = Static<(typeof VERBS)[V]['input']>
export type OutputOf<V extends Verb> = Static<(typeof VERBS)[V]['output']>

/** Whether a text names a verb; names come from the wire, and every object has a `constructor`. */
export function isVerb(text: string): text is Verb {
  return Object.hasOwn(VERBS, text)
}
