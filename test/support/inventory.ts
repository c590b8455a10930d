// SPDX-License-Identifier: Apache-2.0
/** Calls below one project, and resources made there. */
import { expect } from 'vitest'
import type { Answer, TestController } from './controller.ts'

export type InProject = {
  readonly base: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
  /** Posts and expects the resource back. */
  made(path: string, body: unknown): Promise<any>
}

/** Makes a project, if it is not there, and gives calls that stay in it. */
export async function inProject(test: TestController, name: string): Promise<InProject> {
  const base = `/v1/projects/${name}`
  const answer = await test.call('PUT', base, {})
  expect(answer.status, answer.text).toBeLessThan(300)
  const call: InProject['call'] = (method, path, body, headers) => test.call(method, `${base}${path}`, body, headers)
  return {
    base,
    call,
    get: path => call('GET', path),
    made: async (path, body) => {
      const created = await call('POST', path, body)
      expect(created.status, created.text).toBe(200)
      return created.body
    },
  }
}
