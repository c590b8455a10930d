// SPDX-License-Identifier: Apache-2.0
/** Calls within one project of a test controller. */
import { expect } from 'vitest'
import type { Answer, TestController } from './controller.ts'

export interface ProjectCalls {
  readonly name: string
  get(path: string): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  patch(path: string, body: unknown): Promise<Answer>
  remove(path: string): Promise<Answer>
  /** Creates and returns the resource; fails the test when that is refused. */
  made(path: string, body: unknown): Promise<any>
  /** A registered host. */
  host(name: string, more?: object): Promise<string>
}

/** Makes a project and calls within it. */
export async function projectCalls(test: TestController, name: string): Promise<ProjectCalls> {
  expect((await test.call('PUT', `/v1/projects/${name}`, {})).status).toBe(200)
  const call = (method: string, path: string, body?: unknown) => test.call(method, `/v1/projects/${name}/${path}`, body)
  let serial = 0
  const made: ProjectCalls['made'] = async (path, body) => {
    const answer = await call('POST', path, body)
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  return {
    name,
    made,
    get: path => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    remove: path => call('DELETE', path),
    host: async (host, more = {}) => {
      const registered = await made('compute/hosts/register', {
        name: host,
        serialNumber: `${name.toUpperCase().replace(/[^A-Z]/g, '')}${String(++serial).padStart(5, '0')}`,
        autoOnboard: true,
        ...more,
      })
      return registered.resourceId
    },
  }
}
