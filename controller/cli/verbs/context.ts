// SPDX-License-Identifier: Apache-2.0
/** `muster context` and `logout`: what is kept on this machine. */
import { createHash, X509Certificate } from 'node:crypto'
import type { Call } from '../call.ts'
import {
  type Context,
  type Contexts,
  contextsFile,
  PROJECT_NAME,
  readContexts,
  withContext,
  writeContexts,
} from '../contexts.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { drawFacts } from '../render/table.ts'
import { type ContextRow, contextView } from '../views/rest.ts'

export const listing: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const rows = Object.entries(contexts.contexts).map(([name, context]) => rowOf(name, context, contexts))
  await call.output.list(contextView, rows)
  return undefined
}

export const showing: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const name = call.words[0] ?? chosenName(call, contexts)
  const row = rowOf(name, contextOf(contexts, name), contexts)
  await call.output.item(contextView, row, each =>
    drawFacts([
      ['name', each.name],
      ['url', each.url],
      ['project', each.project],
      ['as', each.signedIn ? (each.principal ?? 'somebody') : 'signed out'],
      ['root', each.caFingerprint ?? 'authorities of the system'],
      ['kept in', contextsFile(call.folder())],
    ]),
  )
  return undefined
}

export const certificate: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const name = call.words[0] ?? chosenName(call, contexts)
  const { ca } = contextOf(contexts, name)
  if (ca === undefined)
    throw problem('name-unknown', `context ${name} goes by the authorities of the system, and has no root of its own`)
  const row = { context: name, fingerprint: fingerprintOf(ca), pem: ca.endsWith('\n') ? ca : `${ca}\n` }
  await call.output.item({ kind: 'RootCertificate', name: each => each.fingerprint }, row, each => each.pem)
  return undefined
}

export const using: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const name = call.words[0] ?? ''
  const context = contextOf(contexts, name)
  const project = call.options.text('project')
  if (project === undefined) return keep(call, { ...contexts, current: name }, `context ${name} is in use`)
  if (!PROJECT_NAME.test(project)) throw problem('usage', '-p takes small letters, digits and dashes')
  const changed = withContext(contexts, name, { ...context, project })
  return keep(call, changed, `context ${name} is in use, project ${project}`)
}

export const removing: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const name = call.words[0] ?? ''
  contextOf(contexts, name)
  return keep(
    call,
    withContext(contexts, name, undefined),
    `context ${name} is forgotten; its token stays valid until it is revoked`,
  )
}

export const logout: Run = async call => {
  const contexts = await readContexts(call.files, call.folder())
  const name = chosenName(call, contexts)
  const { token: _, ...signedOut } = contextOf(contexts, name)
  const changed = { ...contexts, contexts: { ...contexts.contexts, [name]: signedOut } }
  return keep(call, changed, `signed out of context ${name}; the token stays valid until it is revoked`)
}

async function keep(call: Call, contexts: Contexts, says: string): Promise<undefined> {
  const folder = call.folder()
  if (isDryRun(call)) {
    const body = { current: contexts.current, contexts: Object.keys(contexts.contexts) }
    return showIntents(call, [{ method: 'LOCAL', path: contextsFile(folder), body }])
  }
  await writeContexts(call.files, folder, contexts)
  await call.output.note(says)
  return undefined
}

function chosenName(call: Call, { current }: Contexts): string {
  const name = call.options.text('context') ?? (call.terminal.env.MUSTER_CONTEXT || current)
  if (name === undefined) throw problem('no-context')
  return name
}

function contextOf({ contexts }: Contexts, name: string): Context {
  const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined
  if (context === undefined) throw problem('context-unknown', name)
  return context
}

/** Never the token, nor a part of it. */
function rowOf(name: string, context: Context, { current }: Contexts): ContextRow {
  return {
    name,
    current: name === current,
    url: context.url,
    project: context.project ?? 'default',
    principal: context.principal,
    signedIn: context.token !== undefined,
    caFingerprint: context.ca === undefined ? undefined : fingerprintOf(context.ca),
  }
}

function fingerprintOf(pem: string): string {
  try {
    return `sha256:${createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')}`
  } catch {
    return 'unreadable'
  }
}
