// SPDX-License-Identifier: Apache-2.0
/** A host reduced to the wire: enrolls and speaks MQTT by hand, so that tests can say what no agent would. */
import { request } from 'node:https'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { realRandom } from '../../controller/system/clock.ts'
import { hostFilters, newUlid, topicOf } from '../../plugins/contract/index.ts'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest, proofOf } from '../../provisioning/pki/request.ts'
import type { TestController } from './controller.ts'

export type WireIdentity = {
  readonly host: string
  readonly project: string
  readonly certificate: string
  readonly key: string
  ticket: string
  readonly roots: string
  readonly trust: any
}

export type Facts = { uuid?: string; serial?: string; hostname?: string; simulated?: boolean; machineId?: string }

/** HTTPS against the controller's own root. */
export function secureCall(
  base: string,
  options: {
    method?: string
    path: string
    body?: unknown
    ca?: string
    identity?: { certificate: string; key: string }
  },
): Promise<{ status: number; body: any }> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const call = request(
      {
        hostname,
        port,
        path: options.path,
        method: options.method ?? 'GET',
        headers: { 'content-type': 'application/json' },
        ca: options.ca,
        rejectUnauthorized: options.ca !== undefined,
        agent: false,
        ...(options.identity === undefined ? {} : { cert: options.identity.certificate, key: options.identity.key }),
      },
      response => {
        let text = ''
        response.on('data', part => {
          text += part
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }),
        )
      },
    )
    call.on('error', reject)
    call.end(options.body === undefined ? undefined : JSON.stringify(options.body))
  })
}

/** Asks to come in with a key of its own; the answer as it came. */
export async function askIn(
  test: Pick<TestController, 'secureUrl'>,
  joinToken: string | undefined,
  facts: Facts = {},
  key?: string,
): Promise<{ status: number; body: any; key: string }> {
  const privateKey = key ?? (await createKey())
  const { nonce } = (await secureCall(test.secureUrl, { path: '/enroll/v1/nonce' })).body
  const token = joinToken === undefined ? {} : { token: joinToken.split('.').slice(1, 3).join('.') }
  const answer = await secureCall(test.secureUrl, {
    method: 'POST',
    path: '/enroll/v1/requests',
    body: {
      ...token,
      csr: createRequest(privateKey),
      nonce,
      proof: proofOf(privateKey, nonce),
      facts,
      agent: '0.0.0-test',
    },
  })
  return { ...answer, key: privateKey }
}

export async function enrollWire(test: TestController, facts: Facts = {}, joinToken?: string): Promise<WireIdentity> {
  const { status, body, key } = await askIn(test, joinToken ?? (await test.joinToken()), facts)
  if (status !== 201) throw new Error(`not enrolled: ${status} ${JSON.stringify(body)}`)
  return identityFrom(body, key)
}

export function identityFrom(admission: any, key: string): WireIdentity {
  const { host, project, certificate, ticket, trust } = admission
  return { host, project, certificate, key, ticket, trust, roots: trust.head.roots.join('\n') }
}

export interface WireSession {
  readonly client: MqttClient
  readonly received: { topic: string; body: any }[]
  birth(more?: object): Promise<void>
  publish(kind: 'presence' | 'result' | `reported/${string}`, body: unknown): Promise<void>
  /** The next message whose topic ends so. */
  next(suffix: string, withinMs?: number): Promise<any>
  readonly closed: Promise<void>
  end(): Promise<void>
}

/** Opens a session; rejects when the controller refuses it. */
export async function openWire(
  test: TestController,
  identity: WireIdentity,
  options: IClientOptions = {},
): Promise<WireSession> {
  const base = `muster/1/${identity.project}/${identity.host}`
  const client = connect(`mqtts://127.0.0.1:${test.controller.busPort}`, {
    clientId: identity.host,
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    reconnectPeriod: 0,
    connectTimeout: 5_000,
    cert: identity.certificate,
    key: identity.key,
    ca: identity.roots,
    will: {
      topic: `${base}/presence`,
      qos: 1,
      retain: true,
      payload: Buffer.from(JSON.stringify({ state: 'offline', bootId: 'boot', reason: 'lost' })),
    },
    ...options,
  })
  const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed')))
  })
  client.on('error', () => undefined)
  const received: { topic: string; body: any }[] = []
  const waiting = new Set<() => void>()
  client.on('message', (topic, payload) => {
    received.push({ topic, body: JSON.parse(payload.toString()) })
    for (const wake of waiting) wake()
  })
  await client.subscribeAsync([...hostFilters(identity)], { qos: 1 })
  const session: WireSession = {
    client,
    received,
    closed,
    birth: async (more = {}) => {
      await client.publishAsync(
        topicOf({ ...identity, kind: 'presence' }),
        JSON.stringify({
          state: 'online',
          bootId: 'boot-1',
          ticket: identity.ticket,
          agent: '0.0.0-test',
          epoch: 0,
          holds: {},
          capabilities: [],
          denies: [],
          at: new Date().toISOString(),
          ...more,
        }),
        { qos: 1 },
      )
      const receipt = await session.next('/receipt')
      if (receipt.session !== undefined) identity.ticket = receipt.session.head.ticket
    },
    publish: async (kind, body) => {
      await client.publishAsync(`${base}/${kind}`, JSON.stringify(body), { qos: 1 })
    },
    next: (suffix, withinMs = 5_000) => {
      const take = () => {
        const at = received.findIndex(each => each.topic.endsWith(suffix))
        return at < 0 ? undefined : received.splice(at, 1)[0]!.body
      }
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = take()
          if (found === undefined) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`no message ending in ${suffix} within ${withinMs} ms`))
        }, withinMs)
        waiting.add(look)
        look()
      })
    },
    end: async () => {
      await client.endAsync(true)
    },
  }
  return session
}

export function messageId(): string {
  return newUlid(Date.now(), realRandom)
}
