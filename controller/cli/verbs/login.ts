// SPDX-License-Identifier: Apache-2.0
/** `muster login`: pins the controller's root, gets or checks a token, and keeps both as a context. */
import { Problem } from '../../../plugins/contract/problem.ts'
import { type Address, readAddress, readFingerprint } from '../address.ts'
import { type Me, paths } from '../api.ts'
import type { Call } from '../call.ts'
import type { Client } from '../client.ts'
import { CONTEXT_NAME, type Context, contextsFile, readContexts, withContext, writeContexts } from '../contexts.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { secretLine } from '../secret-line.ts'

const MAX_SMALL_BYTES = 65_536

export const login: Run = async call => {
  const address = readAddress(call.words[0] ?? '')
  const name = contextNameOf(call, address)
  const setup = await setupOf(call, address)
  const person = call.options.text('name')
  if (setup !== undefined && person === undefined) throw problem('usage', 'the one-time link needs --name <person>')
  const folder = call.folder()
  // What cannot be kept must not be asked for: a one-time link works once.
  const known = await readContexts(call.files, folder)
  const ca = await pinnedRoot(call, address)
  if (isDryRun(call)) return showIntents(call, intents(call, { name, address, setup, person }))
  const { token, me } = await credentials(call, { address, ca, setup, person })
  const before = Object.hasOwn(known.contexts, name) ? known.contexts[name] : undefined
  // Whoever signs in again goes on where they were.
  const project = call.options.text('project') ?? (before?.url === address.url ? before.project : undefined)
  const context: Context = {
    url: address.url,
    ...(ca === undefined ? {} : { ca }),
    ...(project === undefined ? {} : { project }),
    token,
    principal: me.name,
  }
  await writeContexts(call.files, folder, withContext(known, name, context))
  await call.output.note(
    `signed in to ${address.url} as ${me.name}${me.role === 'none' ? '' : ` (${me.role})`}, context ${name}`,
  )
  return undefined
}

function contextNameOf(call: Call, { url }: Address): string {
  const name = call.options.text('context') ?? new URL(url).hostname.replace(/[[\]]/g, '').replaceAll(':', '-')
  const usable = name.replace(/^-+/, 'ip6-')
  if (!CONTEXT_NAME.test(usable)) throw problem('usage', '-c takes letters, digits, dots and dashes')
  return usable
}

async function setupOf(call: Call, { setup }: Address): Promise<string | undefined> {
  const flag = call.options.text('setup')
  if (flag === undefined) return setup
  if (setup !== undefined) throw problem('usage', 'the one-time secret is in the link already: leave --setup out')
  return flag === '-' ? firstLine(await call.terminal.input.read(MAX_SMALL_BYTES)) : flag
}

/** The PEM to trust from now on; `undefined` for the authorities of the system. */
async function pinnedRoot(call: Call, { url }: Address): Promise<string | undefined> {
  const fingerprint = call.options.text('ca-fingerprint')
  const file = call.options.text('ca-file')
  if (fingerprint !== undefined && file !== undefined)
    throw problem('usage', '--ca-fingerprint and --ca-file exclude each other')
  if (url.startsWith('http:')) {
    if (fingerprint === undefined && file === undefined) return undefined
    throw problem('usage', 'plain http shows no certificate: leave --ca-fingerprint and --ca-file out')
  }
  if (file !== undefined) return certificateIn(call, file)
  if (fingerprint === undefined) return undefined
  const expected = readFingerprint(fingerprint)
  const shown = await call.wire.chain(new URL(url), call.signal)
  const root = shown.at(-1)
  if (root === undefined) throw problem('fingerprint-differs', 'it shows no certificate')
  if (root.sha256 !== expected) throw problem('fingerprint-differs', `it shows sha256:${root.sha256} (${root.subject})`)
  return root.pem
}

async function certificateIn(call: Call, path: string): Promise<string> {
  const text = new TextDecoder().decode(await call.files.read(path, MAX_SMALL_BYTES))
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw problem('input-unreadable', `${path} holds no certificate in PEM`)
  if (text.includes('PRIVATE KEY'))
    throw problem('input-unreadable', `${path} holds a private key: give the certificate alone`)
  return text
}

type Asked = {
  readonly address: Address
  readonly ca: string | undefined
  readonly setup: string | undefined
  readonly person: string | undefined
}

async function credentials(call: Call, { address, ca, setup, person }: Asked): Promise<{ token: string; me: Me }> {
  if (setup !== undefined) {
    const client = call.connect({ url: address.url, ca })
    const made: { token: string; principal: Me } = await client.send('POST', paths.setup, {
      secret: setup,
      name: person,
    })
    return { token: made.token, me: made.principal }
  }
  if (call.options.text('user') !== undefined || call.options.text('invite') !== undefined)
    return signedIn(call, { url: address.url, ca })
  const token = await givenToken(call)
  if (!/^[\x21-\x7e]+$/.test(token)) throw problem('input-unreadable', 'this is not an API token')
  return { token, me: await call.connect({ url: address.url, ca, token }).get(paths.me) }
}

async function givenToken(call: Call): Promise<string> {
  const file = call.options.text('token-file')
  const dash = call.options.text('token')
  if (file !== undefined && dash !== undefined) throw problem('usage', '--token-file and --token exclude each other')
  if (dash !== undefined && dash !== '-') {
    throw problem(
      'usage',
      '--token takes - and reads standard input: an argument would stay in the history of the shell',
    )
  }
  if (file !== undefined) return firstLine(await call.files.read(file, MAX_SMALL_BYTES))
  const { input } = call.terminal
  if (dash === '-') return firstLine(await input.read(MAX_SMALL_BYTES))
  if (!input.isTerminal)
    throw problem('usage', 'give an API token with --token-file <file> or --token -, or the one-time link')
  return (await input.ask('API token: ', { hidden: true, signal: call.signal })).trim()
}

function firstLine(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim().split('\n')[0]?.trim() ?? ''
}

type Opened = { readonly token: string }

/** With name and password, after setting it by an invitation where there is one. */
async function signedIn(call: Call, to: { url: string; ca: string | undefined }): Promise<{ token: string; me: Me }> {
  const client = call.connect(to)
  const invite = call.options.text('invite')
  const question = invite === undefined ? 'Password: ' : 'New password: '
  const password = await secretLine(call, { option: 'password-file', question })
  const name =
    invite === undefined ? (call.options.text('user') ?? '') : await useInvite(call, client, { invite, password })
  const { token } = await openSession(call, client, { name, password })
  return { token, me: await call.connect({ ...to, token }).get(paths.me) }
}

async function useInvite(
  call: Call,
  client: Client,
  { invite, password }: { invite: string; password: string },
): Promise<string> {
  const secret = invite === '-' ? firstLine(await call.terminal.input.read(MAX_SMALL_BYTES)) : invite
  const { login }: { login: string } = await client.send('POST', paths.invites, { secret, password })
  return login
}

async function openSession(call: Call, client: Client, given: { name: string; password: string }): Promise<Opened> {
  try {
    return await client.send('POST', paths.signIn, given)
  } catch (thrown) {
    const { input } = call.terminal
    if (!(thrown instanceof Problem) || thrown.code !== 'code-needed' || !input.isTerminal) throw thrown
    const totp = (await input.ask('Code: ', { hidden: false, signal: call.signal })).trim()
    return client.send('POST', paths.signIn, { ...given, totp })
  }
}

type Planned = Omit<Asked, 'ca'> & { readonly name: string }

function intents(call: Call, { name, address, setup, person }: Planned): readonly Intent[] {
  const user = call.options.text('user')
  const reading: Intent =
    user === undefined
      ? { method: 'GET', path: address.url + paths.me }
      : { method: 'POST', path: address.url + paths.signIn, body: { name: user, password: '***' } }
  const ask: Intent =
    setup === undefined
      ? reading
      : { method: 'POST', path: address.url + paths.setup, body: { secret: '***', name: person } }
  return [ask, { method: 'LOCAL', path: contextsFile(call.folder()), body: { context: name, url: address.url } }]
}
