// SPDX-License-Identifier: Apache-2.0
/** Fetches the description of the API from a running controller with every module. */
import { startTestController } from '../../support/controller.ts'

type Verbs = Readonly<Record<string, { readonly deprecated?: boolean }>>

/**
 * Without EIM's other spellings of the same paths, which would treble it: a running controller describes those too, and
 * `docs/eim-compatibility.md` lists them.
 */
export async function openapiDocument(): Promise<string> {
  const running = await startTestController()
  try {
    const { body } = await running.call('GET', '/openapi.json')
    const paths = Object.entries(body.paths as Readonly<Record<string, Verbs>>)
    const own = paths.filter(([, verbs]) => !Object.values(verbs).every(verb => verb.deprecated === true))
    return written({ ...body, paths: {} }, own)
  } finally {
    await running.stop()
  }
}

/** One line for each operation: a change of one is a line in a comparison, and the whole is a third of the size. */
function written(rest: object, paths: readonly (readonly [string, Verbs])[]): string {
  const lines = paths.map(([path, verbs]) => {
    const operations = Object.entries(verbs).map(
      ([verb, operation]) => `      ${JSON.stringify(verb)}: ${JSON.stringify(operation)}`,
    )
    return `    ${JSON.stringify(path)}: {\n${operations.join(',\n')}\n    }`
  })
  // A function, because patterns in the schemas would be read as references to what was replaced.
  const filled = JSON.stringify(rest, null, 2).replace('"paths": {}', () => `"paths": {\n${lines.join(',\n')}\n  }`)
  return `${filled}\n`
}
