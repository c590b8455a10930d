// SPDX-License-Identifier: Apache-2.0
/** Fetches the description of the API from a running controller with every module. */
import { startTestController } from '../../support/controller.ts'

export async function openapiDocument(): Promise<string> {
  const running = await startTestController()
  try {
    const { body } = await running.call('GET', '/openapi.json')
    return `${JSON.stringify(body, null, 2)}\n`
  } finally {
    await running.stop()
  }
}
