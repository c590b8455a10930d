// SPDX-License-Identifier: Apache-2.0
/** Which profile a device is activated with: a project's rules in order, then what fits its firmware. Pure. */
import { type Static, Type } from 'typebox'
import { keyOf } from './store.ts'

const Words = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 32 })

export const PolicyRule = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 100, description: 'What people call the rule' })),
    sku: Type.Optional(Type.Enum(['amt', 'ism'], { description: 'Firmware the rule is for; any without it' })),
    labels: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 63 }), Type.String({ maxLength: 63 }), {
        maxProperties: 32,
        description: 'Labels the host must have, each with this value',
      }),
    ),
    tags: Type.Optional(Words),
    controlMode: Type.Optional(
      Type.Enum(['acm', 'ccm'], { description: 'Mode wanted; alone it means the default profile' }),
    ),
    profile: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Profile to activate with' })),
  },
  { additionalProperties: false },
)
export type PolicyRule = Static<typeof PolicyRule>

export const Policy = Type.Object(
  { rules: Type.Array(PolicyRule, { maxItems: 100, description: 'The first that fits decides' }) },
  { additionalProperties: false },
)
export type Policy = Static<typeof Policy>

export type PolicySubject = {
  readonly sku: 'amt' | 'ism' | 'none' | 'unknown'
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly dnsSuffix: string | undefined
  /** Suffix of the domain whose certificate fits the device, if any. */
  readonly domain: string | undefined
}

export type ControlMode = 'acm' | 'ccm'

/** Control mode by name of profile, in lower case. */
export type KnownProfiles = ReadonlyMap<string, ControlMode>

export type Choice =
  | { readonly profile: string; readonly controlMode: ControlMode; readonly why: readonly string[] }
  /** Nothing fits: the machine has no such firmware, or nothing that was asked for exists. */
  | { readonly profile: undefined; readonly why: readonly string[] }

type Considered = { readonly profile: string; readonly controlMode: ControlMode } | { readonly passedOver: string }

/** The first rule that fits and can be met, else the default of the firmware; with what was weighed, in order. */
export function chooseProfile(
  policy: Policy,
  subject: PolicySubject,
  { project, profiles }: { readonly project: string; readonly profiles: KnownProfiles },
): Choice {
  if (subject.sku === 'none' || subject.sku === 'unknown')
    return { profile: undefined, why: [`the machine has no firmware to activate (${subject.sku})`] }
  const why: string[] = []
  for (const [index, rule] of policy.rules.entries()) {
    const title = rule.name ?? `rule ${index + 1}`
    const misfit = misfitOf(rule, subject)
    if (misfit !== undefined) {
      why.push(`${title} is for others: ${misfit}`)
      continue
    }
    const found = consider(rule, subject, { project, profiles })
    if ('passedOver' in found) {
      why.push(`${title} fits but cannot be met: ${found.passedOver}`)
      continue
    }
    return { ...found, why: [...why, `${title} fits`] }
  }
  return byFirmware(subject, { project, profiles, why })
}

function misfitOf({ sku, labels = {}, tags = [] }: PolicyRule, subject: PolicySubject): string | undefined {
  if (sku !== undefined && sku !== subject.sku) return `it is for ${sku}, the machine has ${subject.sku}`
  const label = Object.entries(labels).find(([key, value]) => subject.labels[key] !== value)
  if (label !== undefined) return `the label ${label[0]} is not ${label[1]}`
  const tag = tags.find(each => !subject.tags.includes(each))
  return tag === undefined ? undefined : `the tag ${tag} is missing`
}

type Known = { readonly project: string; readonly profiles: KnownProfiles }

function consider(rule: PolicyRule, subject: PolicySubject, { project, profiles }: Known): Considered {
  const wanted = rule.controlMode ?? defaultMode(subject)
  const profile = rule.profile ?? defaultName(project, wanted)
  const controlMode = profiles.get(keyOf(profile))
  if (controlMode === undefined) return { passedOver: `there is no profile ${profile}` }
  if (rule.controlMode !== undefined && controlMode !== rule.controlMode)
    return { passedOver: `${profile} is for ${controlMode}, ${rule.controlMode} is wanted` }
  if (controlMode === 'acm' && subject.domain === undefined) return { passedOver: noDomain(subject) }
  return { profile, controlMode }
}

function byFirmware(
  subject: PolicySubject,
  { project, profiles, why }: Known & { readonly why: readonly string[] },
): Choice {
  const mode = defaultMode(subject)
  const profile = defaultName(project, mode)
  const reason = [...why, reasonOf(subject)]
  if (!profiles.has(keyOf(profile))) return { profile: undefined, why: [...reason, `there is no profile ${profile}`] }
  return { profile, controlMode: mode, why: reason }
}

function defaultMode({ sku, domain }: PolicySubject): ControlMode {
  return sku === 'amt' && domain !== undefined ? 'acm' : 'ccm'
}

function reasonOf(subject: PolicySubject): string {
  if (subject.sku === 'ism') return 'ISM is activated in client control mode'
  if (subject.domain === undefined) return `client control mode, for ${noDomain(subject)}`
  return `vPro is activated in admin control mode, for the domain ${subject.domain} has a certificate`
}

function noDomain({ dnsSuffix }: PolicySubject): string {
  return dnsSuffix === undefined || dnsSuffix === ''
    ? 'the device has no DNS suffix'
    : `no domain has a certificate for the suffix ${dnsSuffix}`
}

/** Name of the profile that every project has for a mode. */
export function defaultName(project: string, mode: ControlMode): string {
  return `${project}_${mode}`
}
