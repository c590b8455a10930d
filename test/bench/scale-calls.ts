// SPDX-License-Identifier: Apache-2.0
/** Many calls to one controller over connections that stay open, so that the caller costs little beside it. */
import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { BenchController } from './support.ts'

export interface Caller {
  /**
   * Asks again, as any client should, when the controller says that it is overloaded. Rejects when it does not answer,
   * or answers anything else but a 2xx.
   */
  call(method: string, path: string, body?: unknown): Promise<any>
  /** How often it was told so. */
  readonly turnedAway: number
  close(): void
}

const AGAIN_MS = 500
const MOST_TIMES = 120

export function createCaller({ url, token }: BenchController, atOnce: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  let turnedAway = 0
  const once = (method: string, path: string, body: unknown): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const outgoing = request(`${url}${path}`, { agent, method, headers }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.once('error', reject)
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      outgoing.once('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    call: async (method, path, body) => {
      for (let times = 1; ; times++) {
        const { status, text } = await once(method, path, body)
        if (status >= 200 && status <= 299) return text === '' ? undefined : JSON.parse(text)
        if ((status !== 503 && status !== 429) || times === MOST_TIMES)
          throw new Error(`${method} ${path}: ${status} ${text}`)
        turnedAway++
        await setTimeout(AGAIN_MS)
      }
    },
    get turnedAway() {
      return turnedAway
    },
    close: () => agent.destroy(),
  }
}

/** Works through a list with so many at once. */
export async function eachOf<T>(list: readonly T[], atOnce: number, act: (item: T) => Promise<void>): Promise<void> {
  const queue = list.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await act(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** The ids of all hosts that are online. */
export async function onlineHosts({ call }: Caller): Promise<readonly string[]> {
  const ids: string[] = []
  for (let offset = 0; ; offset = ids.length) {
    const { hosts } = await call('GET', `/v1/projects/default/compute/hosts?pageSize=500&online=true&offset=${offset}`)
    ids.push(...hosts.map((host: { resourceId: string }) => host.resourceId))
    if (hosts.length < 500) return ids
  }
}

export const desiredPath = (host: string, section: string): string =>
  `/v1/projects/default/compute/hosts/${host}/sections/${section}/desired`
