// SPDX-License-Identifier: Apache-2.0
/** The section `os`: which operating system runs, since when, and under which name. The name can be desired. */
import { type Static, Type } from 'typebox'
import { defineSection, type Step } from '../contract/index.ts'

const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
// systemd treats names of the local host as "no name" and would fall back to another one.
const NO_LOCALHOST =
  '(?!(.*\\.)?[lL][oO][cC][aA][lL][hH][oO][sS][tT](\\.[lL][oO][cC][aA][lL][dD][oO][mM][aA][iI][nN])?$)'
const NO_ADDRESS = '(?!\\d{1,3}(\\.\\d{1,3}){3}$)'

/** RFC 1123 §2.1 within Linux's 64 characters; neither an IPv4 address nor a name of the local host. */
export const HOSTNAME_PATTERN = `^${NO_ADDRESS}${NO_LOCALHOST}${LABEL}(\\.${LABEL})*$`
export const HOSTNAME_MAX = 64

const Text = Type.String({ maxLength: 200 })

export const OsDesired = Type.Object(
  { hostname: Type.Optional(Type.String({ minLength: 1, maxLength: HOSTNAME_MAX, pattern: HOSTNAME_PATTERN })) },
  { additionalProperties: false },
)
export type OsDesired = Static<typeof OsDesired>

export const OsObserved = Type.Object({
  /** The name in force. */
  hostname: Text,
  /** The name the next boot will use, from /etc/hostname. */
  staticHostname: Type.Optional(Text),
  /** From os-release(5). */
  release: Type.Object({
    id: Type.Optional(Text),
    name: Type.Optional(Text),
    prettyName: Type.Optional(Text),
    version: Type.Optional(Text),
    variant: Type.Optional(Text),
  }),
  kernel: Type.Object({
    /** As `uname -r`, `-v` and `-m` print them. */
    release: Type.Optional(Text),
    version: Type.Optional(Text),
    architecture: Type.Optional(Text),
  }),
  packages: Type.Object({
    manager: Type.Enum(['dpkg', 'rpm', 'none']),
    /** Installed packages; absent when the manager did not answer. */
    count: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  bootId: Type.Optional(Text),
  /** RFC 3339; uptime is the time since. */
  bootedAt: Type.Optional(Text),
  /** IANA name. */
  timeZone: Type.Optional(Text),
})
export type OsObserved = Static<typeof OsObserved>

export type OsStep = Step & { readonly do: 'set-hostname'; readonly impact: 'none'; readonly hostname: string }

export const os = defineSection({
  name: 'os',
  title: 'The operating system and its name',
  desired: OsDesired,
  observed: OsObserved,
  commands: {},
})
