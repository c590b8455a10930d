// SPDX-License-Identifier: Apache-2.0
/** `muster system packages`, `offline-kit`: what machines can install from the controller, with a network and without. */
import { type NewJoinToken, paths } from '../api.ts'
import type { Call } from '../call.ts'
import type { Client } from '../client.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { formatBytes, literal, literalLines } from '../render/text.ts'

const DAY_MS = 86_400_000
const OWNER_ONLY = 'readable by you alone'

type Packages = {
  readonly url: string
  readonly validUntil: string
  readonly keys: { readonly apt: string; readonly rpm: string }
  readonly rootFingerprint: string
  readonly join: { readonly apt: readonly string[]; readonly dnf: readonly string[]; readonly cloudInit: string }
  readonly packages: readonly {
    readonly name: string
    readonly format: string
    readonly versions: readonly { readonly version: string; readonly arch: string }[]
  }[]
}

export const packages: Run = async call => {
  const { client } = await call.session()
  const found = await published(client)
  const form = call.options.has('cloud-init') ? ({ join }: Packages) => literalLines(join.cloudInit) : draw
  await call.output.item({ kind: 'Packages', name: () => 'packages' }, found, form)
  return undefined
}

function draw({ url, validUntil, keys, rootFingerprint, join, packages: offered }: Packages): string {
  const lines = [
    `# ${url}, believed until ${validUntil}`,
    `# apt key ${keys.apt}`,
    `# rpm key ${keys.rpm}`,
    `# root sha256:${rootFingerprint}`,
    ...offered.map(({ name, format, versions }) => {
      const told = versions.map(({ version, arch }) => `${version} ${arch}`)
      return `# ${name} (${format}): ${told.join(', ')}`
    }),
    '',
    '# Debian, Ubuntu',
    ...join.apt,
    '',
    '# Fedora, RHEL',
    ...join.dnf,
  ]
  return `${lines.map(literal).join('\n')}\n`
}

export const offlineKit: Run = async call => {
  const { options } = call
  const file = options.text('out') ?? 'muster-kit.tar'
  const uses = options.count('uses')
  const wish = {
    arches: options.list('arch').length === 0 ? ['amd64'] : options.list('arch'),
    ...(options.list('format').length === 0 ? {} : { formats: options.list('format') }),
    ...(options.list('package').length === 0 ? {} : { packages: options.list('package') }),
  }
  const { client, project } = await call.session()
  const newToken = { uses: uses ?? 1, expiresInMs: options.durationMs('expires') ?? DAY_MS, note: 'offline kit' }
  if (isDryRun(call)) {
    await published(client)
    return showIntents(call, [
      ...(uses === undefined ? [] : [{ method: 'POST' as const, path: paths.joinTokens(project), body: newToken }]),
      { method: 'POST', path: paths.kit, body: wish },
      { method: 'LOCAL', path: file },
    ])
  }
  const { keys } = await published(client)
  if (file !== '-' && (await call.files.exists(file))) await confirm(call, `Replace ${file}?`)
  if (file === '-' && call.terminal.output.isTerminal)
    throw problem('usage', 'a kit is not for a terminal: send it somewhere')
  const token = uses === undefined ? undefined : await makeToken(call, newToken)
  const body = { ...wish, ...(token === undefined ? {} : { token }) }
  const content = new TextEncoder().encode(JSON.stringify(body))
  const answer = await client.post(paths.kit, { type: 'application/json', content })
  if (file === '-') {
    for await (const part of answer.body) await call.output.data(part)
    return undefined
  }
  const size = await call.files.save(file, answer.body)
  const about = token === undefined ? '' : `; it holds a join token for ${uses}: whoever has it can join machines`
  await call.output.note(`${formatBytes(size)} in ${file}, ${OWNER_ONLY}${about}`)
  await call.output.note(`on the machine: tar xf ${file} && sudo sh muster-kit/install.sh --fingerprint ${keys.apt}`)
  await call.output.note(`where packages are .rpm: --fingerprint ${keys.rpm}`)
  return undefined
}

async function published(client: Client): Promise<Packages> {
  const found: Packages & { readonly published: boolean } = await client.get(paths.packages)
  if (!found.published) throw problem('nothing-published')
  return found
}

async function makeToken(call: Call, body: object): Promise<string> {
  const { client, project } = await call.session()
  const made: NewJoinToken = await client.send('POST', paths.joinTokens(project), body)
  return made.token
}
