// SPDX-License-Identifier: Apache-2.0
/** Asks what EIM's command line asks and demands of the answers what it demands: TLS 1.3, its way to sign in, its checks. */
import { request } from 'node:https'
import type { Answer } from './controller.ts'

/** Where commands go; nothing is looked up, every name leads to this machine. */
export type EimWorld = {
  /** As `orch-cli config set api-endpoint` takes it. */
  readonly api: string
  /** PEM of the root that the certificate comes from. */
  readonly ca: string
}

export type Sent = { readonly query?: Readonly<Record<string, string | number | boolean>>; readonly body?: object }

const CLIENT = 'system-client'

/** A refusal as the command line prints it. */
export class CliFailure extends Error {
  readonly status: number
  constructor(told: string, { status, text }: Pick<Answer, 'status' | 'text'>) {
    const message = /^\s*\{/.test(text) ? JSON.parse(text).message : undefined
    super(`${told}: ${status}\n${message === undefined ? text : `"${message}"`}`)
    this.status = status
  }
}

/** A member that the command line follows without looking whether it is there; it would crash without. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new TypeError(`orch-cli would crash: there is no ${what}`)
  return value
}

export interface EimCli {
  /** `login <user> <password> [--keycloak …]`, without which the address is made from the api endpoint's. */
  login(user: string, password: string, keycloak?: string): Promise<{ readonly expiresIn: number }>
  logout(): void
  /** One request with a fresh access token, made from the refresh token of the sign-in; throws {@link CliFailure}. */
  send(method: string, path: string, sent?: Sent): Promise<any>
  /** The same, whatever the answer. */
  ask(method: string, path: string, sent?: Sent): Promise<Answer>
  /** The access token that goes with a request. */
  accessToken(): Promise<string>
  /** What most commands begin with: whether the project is there. */
  inProject(project: string): Promise<EimProject>
}

export interface EimProject {
  readonly name: string
  send(method: string, path: string, sent?: Sent): Promise<any>
  ask(method: string, path: string, sent?: Sent): Promise<Answer>
}

export function eimCli(world: EimWorld): EimCli {
  const kept = { token: '', keycloak: '' }
  const form = (fields: Record<string, string>) =>
    raw(world, 'POST', `${kept.keycloak}/protocol/openid-connect/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      text: new URLSearchParams(fields).toString(),
    })
  const accessToken = async (): Promise<string> => {
    checkToken(kept)
    const fields = { client_id: CLIENT, grant_type: 'refresh_token', refresh_token: kept.token }
    const answer = await form(fields)
    if (answer.status === 401) throw new CliFailure('unauthorized', answer)
    if (answer.status !== 200) throw new CliFailure('response', answer)
    return answer.body.access_token
  }
  const ask: EimCli['ask'] = async (method, path, { query = {}, body } = {}) => {
    const url = new URL(`.${path}`, world.api.endsWith('/') ? world.api : `${world.api}/`)
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value))
    const headers: Record<string, string> = { authorization: `Bearer ${await accessToken()}` }
    if (body !== undefined) headers['content-type'] = 'application/json'
    return raw(world, method, url.href, { headers, ...(body === undefined ? {} : { text: JSON.stringify(body) }) })
  }
  const send: EimCli['send'] = async (method, path, sent) => {
    const answer = await ask(method, path, sent)
    if (![200, 201, 204].includes(answer.status)) throw new CliFailure(`${method} ${path}`, answer)
    return answer.body
  }
  return {
    login: async (user, password, keycloak) => {
      kept.keycloak = keycloak ?? keycloakOf(world.api)
      const known = await raw(world, 'GET', `${kept.keycloak}/.well-known/openid-configuration`, {})
      if (known.body === undefined) throw new Error('invalid response from Identity Provider')
      const expected = `${kept.keycloak}/protocol/openid-connect/token`
      if (must(known.body.token_endpoint, 'token_endpoint') !== expected)
        throw new Error(`unexpected token endpoint ${known.body.token_endpoint}`)
      const answer = await form({
        claims: 'openid profile email',
        client_id: CLIENT,
        grant_type: 'password',
        password,
        username: user,
      })
      if (answer.status === 401) throw new CliFailure('unauthorized', answer)
      if (answer.status !== 200) throw new CliFailure('response', answer)
      kept.token = must(answer.body.refresh_token, 'refresh_token')
      return { expiresIn: must(answer.body.expires_in, 'expires_in') }
    },
    logout: () => Object.assign(kept, { token: '', keycloak: '' }),
    send,
    ask,
    accessToken,
    inProject: async project => {
      const found = await ask('GET', `/v1/projects/${project}`)
      if (found.status !== 200 || found.body === undefined)
        throw new Error(`project ${project} does not exist or you do not have access to it`)
      const under = (path: string) => `/v1/projects/${project}${path}`
      return {
        name: project,
        send: (method, path, sent) => send(method, under(path), sent),
        ask: (method, path, sent) => ask(method, under(path), sent),
      }
    },
  }
}

function keycloakOf(api: string): string {
  const [, domain] = /^[^.]+\.(.+)$/.exec(new URL(api).host) ?? []
  return `https://keycloak.${must(domain, 'domain in the api endpoint')}/realms/master`
}

/** What it looks at before it lets any command run. */
function checkToken({ token, keycloak }: { readonly token: string; readonly keycloak: string }): void {
  if (token === '') throw new Error('token is empty. Please login')
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  if (claims.typ !== 'Refresh') throw new Error('token type is not Refresh. Please logout')
  if (claims.azp !== CLIENT) throw new Error('token client-id is not correct. Please logout')
  if (claims.iss !== keycloak) throw new Error('token issuer is not correct. Please logout')
}

type Raw = { readonly headers?: Record<string, string>; readonly text?: string }

function raw({ ca }: EimWorld, method: string, href: string, { headers = {}, text }: Raw): Promise<Answer> {
  const { host, hostname, port, pathname, search } = new URL(href)
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        method,
        host: '127.0.0.1',
        port: Number(port || 443),
        path: `${pathname}${search}`,
        headers: { host, ...headers, ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }) },
        ca,
        ...(/^[\d.]+$/.test(hostname) ? {} : { servername: hostname }),
        minVersion: 'TLSv1.3',
        maxVersion: 'TLSv1.3',
        agent: false,
      },
      answer => {
        const parts: Buffer[] = []
        answer.on('data', part => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const read = Buffer.concat(parts).toString('utf8')
          const isJson = answer.headers['content-type']?.includes('json') === true && read !== ''
          const status = answer.statusCode ?? 0
          resolve({ status, body: isJson ? JSON.parse(read) : undefined, headers: new Headers(), text: read })
        })
      },
    )
    sending.on('error', reject)
    sending.end(text)
  })
}
