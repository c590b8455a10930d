// SPDX-License-Identifier: Apache-2.0
/** People for tests: made, invited, signed in. */
import type { Answer, TestController } from './controller.ts'

export const PASSWORD = 'a quiet morning in Lyon'

export interface TestPerson {
  readonly id: string
  readonly name: string
  readonly token: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** Calls as somebody else than the first administrator. */
export function callAs(controller: TestController, token: string): TestPerson['call'] {
  return (method, path, body, headers = {}) =>
    controller.call(method, path, body, { authorization: `Bearer ${token}`, ...headers })
}

/** Calls without a credential, or with a cookie. */
export async function callBare(
  { url }: TestController,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, body: isJson ? JSON.parse(text) : undefined, headers: response.headers, text }
}

/** Makes somebody with a password. */
export async function addPerson(controller: TestController, name: string): Promise<string> {
  const made = await controller.call('POST', '/v1/access/people', { name })
  const invite = await controller.call('POST', `/v1/access/people/${made.body.id}/invite`)
  await callBare(controller, 'POST', '/v1/access/invites', { body: { secret: invite.body.secret, password: PASSWORD } })
  return made.body.id
}

export async function signIn(controller: TestController, name: string, more: object = {}): Promise<Answer> {
  return callBare(controller, 'POST', '/v1/session', { body: { name, password: PASSWORD, ...more } })
}

/** Binds somebody to a role; answers the binding's id. */
export async function bind(
  controller: TestController,
  principal: string,
  role: string,
  more: { scope?: object; effect?: 'allow' | 'deny' } = {},
): Promise<string> {
  return (await controller.call('POST', '/v1/access/bindings', { principal, role, ...more })).body.id
}

/** Makes somebody with roles and signs them in. */
export async function person(
  controller: TestController,
  name: string,
  ...bindings: readonly { role: string; scope?: object; effect?: 'allow' | 'deny' }[]
): Promise<TestPerson> {
  const id = await addPerson(controller, name)
  for (const { role, ...more } of bindings) await bind(controller, id, role, more)
  const { token } = (await signIn(controller, name)).body
  return { id, name, token, call: callAs(controller, token) }
}
