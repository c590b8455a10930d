// SPDX-License-Identifier: Apache-2.0
/** The types of the API as the dashboard sees it: what it calls, with what comes back when it went well. */
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { openapiDocument } from './openapi.ts'

/** Doors for other programs: the dashboard takes the ones inside a project. */
const FOREIGN = /^\/(api|mps|rps|device|enroll|openid|realms|admin)\b/

const HEAD = `// SPDX-License-Identifier: Apache-2.0
/** The API as types. Written by \`node test/tools/reference.ts\` from the sources. Change those, not this file. */
`

/** The module of types, formatted by its generator. */
export async function apiTypes(): Promise<string> {
  const document = JSON.parse(await openapiDocument())
  const paths = Object.entries<Record<string, Operation>>(document.paths)
    .filter(([path]) => !FOREIGN.test(path))
    .map(([path, operations]) => [path, mapValues(operations, slim)])
  const lean = { ...document, paths: Object.fromEntries(paths) } as OpenAPI3 // swagger wrote it
  const nodes = await openapiTS(lean, { alphabetize: true, immutable: false, emptyObjectsUnknown: true })
  return HEAD + withoutNoise(astToString(nodes))
}

type Operation = { readonly responses?: Readonly<Record<string, unknown>> }

/** Every operation can fail in every way; the dashboard reads failures as problems, whatever the operation. */
function slim(operation: Operation): Operation {
  const good = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'))
  return { ...operation, responses: Object.fromEntries(good) }
}

function withoutNoise(text: string): string {
  return text
    .replaceAll(
      /^ +(header|cookie|query|path|requestBody|get|put|post|delete|options|head|patch|trace)\?: never;\n/gm,
      '',
    )
    .replaceAll(/^ +\/\*\* @description Default Response \*\/\n/gm, '')
    .replaceAll(/^ +headers: \{\n +\[name: string\]: unknown;\n +\};\n/gm, '')
    .replaceAll(/^ +parameters: \{\n +\};\n/gm, '')
    .replaceAll('    ', ' ')
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
