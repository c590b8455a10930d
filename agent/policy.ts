// SPDX-License-Identifier: Apache-2.0
/** What the owner of the machine forbids the controller: a local file that can only narrow. */
import { type Static, Type } from 'typebox'
import { asProblem, check, type Files, isTimeZone, type RiskClass, Windows } from '../plugins/contract/index.ts'
import { parseYaml } from './config.ts'

const Segment = '(\\*|[a-z0-9][a-z0-9-]{0,63})'

export const PolicyFile = Type.Object(
  {
    /** `power/reboot`, `terminal/*`, `*&#47;desired`: commands by section and name; `desired` is the section's document. */
    deny: Type.Optional(Type.Array(Type.String({ pattern: `^${Segment}/${Segment}$` }), { maxItems: 32 })),
    /** The host is disturbed only inside these, whatever windows the controller sends. */
    windows: Type.Optional(Windows),
  },
  { additionalProperties: false },
)
export type PolicyFile = Static<typeof PolicyFile>

export type LocalPolicy = {
  /** The patterns, as the birth message carries them. */
  readonly deny: readonly string[]
  readonly windows: Windows | undefined
  /** Why the file could not be read; then everything but looking is denied. */
  readonly fault: string | undefined
}

/** The name under which a policy speaks of a section's desired document. */
export const DESIRED = 'desired'

export const OPEN_POLICY: LocalPolicy = { deny: [], windows: undefined, fault: undefined }

/** Reads the policy; absent means nothing is denied, malformed means everything of class 1 and above is. Never rejects. */
export async function loadPolicy(files: Files, path: string): Promise<LocalPolicy> {
  try {
    const text = await files.text(path)
    return text === undefined ? OPEN_POLICY : await parsePolicy(text, path)
  } catch (thrown) {
    return closedPolicy(`${path} could not be read: ${asProblem(thrown).title}`)
  }
}

/** Reads the text of a policy. Never rejects. */
export async function parsePolicy(text: string, path: string): Promise<LocalPolicy> {
  try {
    const file = check(PolicyFile, (await parseYaml(text, path)) ?? {}, path)
    const { deny = [], windows } = file
    if (windows !== undefined && !isTimeZone(windows.timeZone)) {
      return closedPolicy(`${path}: there is no time zone ${windows.timeZone}`)
    }
    return { deny, windows, fault: undefined }
  } catch (thrown) {
    const { detail, title } = asProblem(thrown)
    return closedPolicy(detail ?? title)
  }
}

function closedPolicy(fault: string): LocalPolicy {
  return { deny: ['*/*'], windows: undefined, fault }
}

/** Whether the policy forbids a command, or with the name {@link DESIRED} the document of a section. */
export function denies(policy: LocalPolicy, section: string, name: string, riskClass: RiskClass): boolean {
  if (policy.fault !== undefined) return riskClass >= 1
  return policy.deny.some(pattern => {
    const [ofSection, ofName] = pattern.split('/')
    return (ofSection === '*' || ofSection === section) && (ofName === '*' || ofName === name)
  })
}
