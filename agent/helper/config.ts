// SPDX-License-Identifier: Apache-2.0
/** What the owner of the machine grants beyond what every host needs: `/etc/muster-agent/helper.yaml`, which root owns. */
import { type Static, Type } from 'typebox'
import { type Files, findings, SEGMENT_PATTERN } from '../../plugins/contract/index.ts'
import { parseYaml } from '../config.ts'
import { PACKAGE_PATTERN, PATH_PATTERN, UNIT_PATTERN, VERBS } from './inputs.ts'
import { problem } from './problems.ts'

export const DEFAULT_CONFIG_FILE = '/etc/muster-agent/helper.yaml'

const strict = { additionalProperties: false }
const section = Type.String({ pattern: SEGMENT_PATTERN })

const PackageGrant = Type.Object(
  {
    act: Type.Literal('package.install'),
    section,
    /** Names; a star at the end stands for whatever follows. */
    packages: Type.Array(Type.String({ pattern: `${PACKAGE_PATTERN.slice(0, -1)}\\*?$` }), {
      minItems: 1,
      maxItems: 256,
    }),
  },
  strict,
)
const FileGrant = Type.Object(
  {
    act: Type.Literal('file.put'),
    section,
    /** Folders; files are put anywhere below them. */
    roots: Type.Array(Type.String({ pattern: PATH_PATTERN }), { minItems: 1, maxItems: 64 }),
  },
  strict,
)
const ServiceGrant = Type.Object(
  {
    act: Type.Literal('service.control'),
    section,
    units: Type.Array(Type.String({ pattern: UNIT_PATTERN }), { minItems: 1, maxItems: 64 }),
    do: Type.Array(VERBS['service.control'].input.properties.do, { minItems: 1, maxItems: 8 }),
  },
  strict,
)

export const HelperConfig = Type.Object(
  { grants: Type.Optional(Type.Array(Type.Union([PackageGrant, FileGrant, ServiceGrant]), { maxItems: 64 })) },
  strict,
)
export type HelperConfig = Static<typeof HelperConfig>

export type Grant = NonNullable<HelperConfig['grants']>[number]
export type GrantOf<A extends Grant['act']> = Extract<Grant, { act: A }>

/** Reads the grants; none when there is no file. Throws `helper-config` that names what does not fit. */
export async function loadHelperConfig(files: Files, path: string): Promise<readonly Grant[]> {
  const text = await files.text(path)
  if (text === undefined) return []
  const value = (await parseYaml(text, path)) ?? {}
  const wrong = findings(HelperConfig, value)
  if (wrong.length > 0)
    throw problem('helper-config', wrong.map(each => `${each.pointer || '/'} ${each.message}`).join('; '), { path })
  return (value as HelperConfig).grants ?? [] // the schema has just said so
}
