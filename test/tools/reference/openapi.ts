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
    return `${JSON.stringify({ ...body, paths: Object.fromEntries(own) }, null, 2)}\n`
  } finally {
    await running.stop()
  }
}
