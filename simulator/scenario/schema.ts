// SPDX-License-Identifier: Apache-2.0
/** What a scenario file may say: who there is, what happens to them step by step, and what must then be true. */
import { type Static, Type } from 'typebox'
import { parseDuration, SEGMENT_PATTERN } from '../../plugins/contract/index.ts'

const strict = { additionalProperties: false }
const Length = Type.String({ pattern: '^(\\d{1,6}(ms|s|m|h|d))+$', description: 'a length of time such as 30s' })
/** A length of time, or another one for short runs. */
const Span = Type.Union([Length, Type.Object({ full: Length, short: Length }, strict)])
export type Span = Static<typeof Span>

/** `all`, the name of a group, or `others` for those in no group. */
const Hosts = Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' })
const Over = Type.Optional(Span)
const on = { hosts: Hosts, over: Over }
const Name = Type.String({ pattern: SEGMENT_PATTERN })

const plain = <const Verb extends string>(verb: Verb) => Type.Object({ do: Type.Literal(verb), ...on }, strict)

/** Each kind of step by its verb. */
export const STEPS = {
  cut: plain('cut'),
  unplug: plain('unplug'),
  'half-open': plain('half-open'),
  restore: plain('restore'),
  reboot: plain('reboot'),
  'power-on': plain('power-on'),
  clone: plain('clone'),
  release: plain('release'),
  'activate-amt': plain('activate-amt'),
  'power-cut': Type.Object({ do: Type.Literal('power-cut'), ...on, back: Type.Optional(Span) }, strict),
  jump: Type.Object(
    { do: Type.Literal('jump'), ...on, by: Type.String({ pattern: '^[+-](\\d{1,6}(ms|s|m|h|d))+$' }) },
    strict,
  ),
  flap: Type.Object({ do: Type.Literal('flap'), ...on, up: Span, down: Span }, strict),
  'disk-full': Type.Object({ do: Type.Literal('disk-full'), ...on, full: Type.Optional(Type.Boolean()) }, strict),
  'cut-amt': Type.Object(
    {
      do: Type.Literal('cut-amt'),
      ...on,
      /** The same for each host: the n-th message from now. */
      message: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      /** Another one for each host, in turn: from the first to the n-th. */
      messages: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      when: Type.Optional(Type.Enum(['before', 'after', 'reply'])),
    },
    strict,
  ),
  'ask-amt': plain('ask-amt'),
  command: Type.Object(
    {
      do: Type.Literal('command'),
      ...on,
      section: Name,
      name: Name,
      input: Type.Optional(Type.Unknown()),
      expires: Type.Optional(Span),
      /** How often each host is told. */
      times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    },
    strict,
  ),
  desire: Type.Object({ do: Type.Literal('desire'), ...on, section: Name, content: Type.Unknown() }, strict),
  'copies-off': Type.Object({ do: Type.Literal('copies-off') }, strict),
  controller: Type.Object(
    { do: Type.Literal('controller'), act: Type.Enum(['crash', 'restart']), down: Type.Optional(Span) },
    strict,
  ),
  wait: Type.Object({ do: Type.Literal('wait'), for: Span }, strict),
  expect: Type.Object(
    {
      do: Type.Literal('expect'),
      that: Type.Enum([
        'settled',
        'online',
        'offline',
        'quarantined',
        'commands-ended',
        'amt-activated',
        'amt-connected',
      ]),
      hosts: Type.Optional(Hosts),
      within: Span,
    },
    strict,
  ),
} as const
export type Verb = keyof typeof STEPS
export type StepOf<V extends Verb> = Static<(typeof STEPS)[V]>
export type Step = { [V in Verb]: StepOf<V> }[Verb]

/** The frame; steps are checked one by one by their verb, which names what is wrong better than a union does. */
export const Frame = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 100 }),
    /** One sentence for lists. */
    about: Type.String({ minLength: 1, maxLength: 300 }),
    /** Shares of kinds of AMT, as `--amt` takes them; the command line wins. */
    amt: Type.Optional(Type.String()),
    /** Shares of networks, as `--network` takes them; the command line wins. */
    network: Type.Optional(Type.String()),
    /** Groups that share no host: so many of all by percent or number, drawn by the seed. */
    groups: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
        Type.Union([Type.String({ pattern: '^(100|\\d{1,2})%$' }), Type.Integer({ minimum: 1, maximum: 10_000 })]),
      ),
    ),
    steps: Type.Array(Type.Object({ do: Type.Enum(Object.keys(STEPS)) }), { minItems: 1, maxItems: 200 }),
  },
  strict,
)
export type Frame = Static<typeof Frame>

export type Scenario = Omit<Frame, 'steps'> & { readonly name: string; readonly steps: readonly Step[] }

/** Milliseconds of what the schema has let through. */
export function lengthOf(span: Span, short: boolean): number {
  const text = typeof span === 'string' ? span : short ? span.short : span.full
  return parseDuration(text) ?? 0
}
