// SPDX-License-Identifier: Apache-2.0
/** Sections of a host's document: what is desired of them, what is reported. */
import { Type } from 'typebox'
import type { Json } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { findDesired, findReported, listDesired, putDesired, reportsOf } from '../../kernel/documents.ts'
import { getHost } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'
import type { ServedSection } from '../../kernel/sections.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { problem as httpProblem } from '../problems.ts'
import { failures, HostIdText, OfHost, ProjectName, SectionName, Time } from '../schemas.ts'

const OfSection = Type.Object({ project: ProjectName, host: HostIdText, section: SectionName })

const Desired = Type.Object({
  section: Type.String(),
  revision: Type.Integer(),
  content: Type.Unknown(),
  updatedAt: Time,
  updatedBy: Type.String(),
})
const Reported = Type.Object({
  section: Type.String(),
  revision: Type.Integer(),
  status: Type.String(),
  observed: Type.Unknown(),
  problem: Type.Optional(Type.Unknown()),
  step: Type.Optional(Type.Unknown()),
  plugin: Type.Object({ name: Type.String(), version: Type.String() }),
  at: Time,
  receivedAt: Time,
})
const SectionLine = Type.Object({
  section: Type.String(),
  title: Type.String(),
  desiredRevision: Type.Optional(Type.Integer()),
  reportedRevision: Type.Optional(Type.Integer()),
  status: Type.Optional(Type.String()),
  at: Type.Optional(Time),
  problem: Type.Optional(Type.Unknown()),
  plugin: Type.Optional(Type.Object({ name: Type.String(), version: Type.String() })),
})

const CommandKind = Type.Object({
  name: Type.String(),
  title: Type.String(),
  class: Type.Integer({ minimum: 0, maximum: 4, description: 'How much harm it can do: 0 observe … 4 destructive' }),
  ttlMs: Type.Integer({ description: 'How long a host may still start it, unless the caller says otherwise' }),
  timeoutMs: Type.Integer({ description: 'How long it may run' }),
  impact: Type.String({ description: 'What it may disturb' }),
  input: Type.Unknown({ description: 'JSON Schema' }),
})
const SectionKind = Type.Object({
  section: Type.String(),
  title: Type.String(),
  owner: Type.Optional(Type.String({ description: 'The module that alone writes what is desired of it' })),
  desired: Type.Unknown({ description: 'JSON Schema of what can be desired' }),
  commands: Type.Array(CommandKind, { description: 'Those that people may give' }),
})

export function sectionRoutes(http: Http, kernel: Kernel): void {
  kindsRoute(http, kernel)
  readRoutes(http, kernel)
  writeRoutes(http, kernel)
}

function kindsRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/sections',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['sections'],
        summary: 'List the sections that are served, with what can be desired of them and what they can do',
        response: { 200: Type.Object({ sections: Type.Array(SectionKind) }), ...failures },
      },
    },
    async () => ({ sections: kernel.sections.names.map(name => kindOf(kernel.sections.get(name))) }),
  )
}

function kindOf({ section, owner }: ServedSection) {
  return {
    section: section.name,
    title: section.title,
    ...(owner === undefined ? {} : { owner }),
    desired: section.desired as unknown, // a schema is JSON: what makes it more than that has symbols for names
    commands: Object.entries(section.commands)
      .filter(([, { internal }]) => internal !== true)
      .map(([name, { title, class: harm, ttlMs, timeoutMs, impact, input }]) => ({
        name,
        title,
        class: harm,
        ttlMs,
        timeoutMs,
        impact,
        input: input as unknown, // as above
      })),
  }
}

function readRoutes(http: Http, kernel: Kernel): void {
  const base = '/v1/projects/:project/compute/hosts/:host/sections'
  http.get(
    base,
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['sections'],
        summary: 'What each section should be and is',
        params: OfHost,
        response: { 200: Type.Object({ sections: Type.Array(SectionLine) }), ...failures },
      },
    },
    async ({ params }) => {
      await getHost(kernel.store, params.project, params.host)
      return { sections: await sectionLines(kernel, params.project, params.host) }
    },
  )
  http.get(
    `${base}/:section/desired`,
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['sections'],
        summary: 'Read a desired document',
        params: OfSection,
        response: { 200: Desired, ...failures },
      },
    },
    async ({ params }, reply) => {
      await getHost(kernel.store, params.project, params.host)
      kernel.sections.get(params.section)
      const desired = await findDesired(kernel.store, params.project, params)
      if (desired === undefined) throw problem('not-found', `nothing is desired of ${params.section}`)
      return reply.header('etag', `"${desired.revision}"`).send(desired)
    },
  )
  http.get(
    `${base}/:section/reported`,
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['sections'],
        summary: 'Read what the host last reported',
        params: OfSection,
        response: { 200: Reported, ...failures },
      },
    },
    async ({ params }) => {
      await getHost(kernel.store, params.project, params.host)
      kernel.sections.get(params.section)
      const reported = await findReported(kernel.store, params.project, params)
      if (reported === undefined) throw problem('not-found', `${params.section} was not reported yet`)
      return reported
    },
  )
}

async function sectionLines(kernel: Kernel, project: string, host: string) {
  const wanted = await kernel.store.together(project, async tx => listDesired(tx, project, host))
  const desired = new Map(wanted.map(each => [each.section, each]))
  const reported = (await reportsOf(kernel.store, project, [host])).get(host)
  return kernel.sections.names.flatMap(name => {
    const want = desired.get(name)
    const is = reported?.get(name)
    if (want === undefined && is === undefined) return []
    return {
      section: name,
      title: kernel.sections.get(name).section.title,
      ...(want === undefined ? {} : { desiredRevision: want.revision }),
      ...(is === undefined ? {} : { reportedRevision: is.revision, status: is.status, at: is.at, plugin: is.plugin }),
      ...(is?.problem === undefined ? {} : { problem: is.problem }),
    }
  })
}

const Content = Type.Object({ content: Type.Unknown() }, { additionalProperties: false })
const Match = Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 40 })) })

function writeRoutes(http: Http, kernel: Kernel): void {
  const url = '/v1/projects/:project/compute/hosts/:host/sections/:section/desired'
  http.put(
    url,
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['sections'],
        summary: 'Say what a section should become',
        params: OfSection,
        headers: Match,
        body: Content,
        response: { 200: Desired, ...failures },
      },
    },
    async (request, reply) => {
      const content = (request.body.content ?? null) as Json // parsed from JSON
      kernel.sections.checkDesired(request.params.section, content)
      const desired = await write(kernel, {
        ...request.params,
        content,
        ifMatch: revisionOf(request.headers['if-match']),
        by: callerOf(request),
        request: request.id,
      })
      return reply.header('etag', `"${desired.revision}"`).send(desired)
    },
  )
  http.delete(
    url,
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['sections'],
        summary: 'Stop managing a section',
        params: OfSection,
        headers: Match,
        response: { 200: Desired, ...failures },
      },
    },
    async request =>
      write(kernel, {
        ...request.params,
        content: null,
        ifMatch: revisionOf(request.headers['if-match']),
        by: callerOf(request),
        request: request.id,
      }),
  )
}

function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const match = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header)
  if (match === null) throw httpProblem('bad-request', 'If-Match is the revision in quotes, such as "3"')
  return Number(match[1])
}

type Write = {
  project: string
  host: string
  section: string
  content: Json
  ifMatch: number | undefined
  by: Principal
  request: string
}

async function write(kernel: Kernel, { project, host, section, content, ifMatch, by, request }: Write) {
  const { owner } = kernel.sections.get(section)
  if (owner !== undefined) throw problem('section-not-writable', `the module ${owner} writes ${section}`)
  // A document for each of many hosts is many calls at once: they share transactions.
  const { desired, changed } = await kernel.store.together(project, async tx => {
    await getHost(tx, project, host)
    const done = await putDesired(tx, project, { host, section, content, ifMatch, by: by.id, now: kernel.clock.now() })
    if (!done.changed) return done
    const { revision } = done.desired
    await kernel.events.emit(tx, {
      project,
      type: 'document.desired',
      subject: host,
      data: { section, revision, by: by.name },
    })
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: by,
      action: content === null ? 'desired.remove' : 'desired.put',
      target: `${host}/${section}`,
      outcome: 'done',
      request,
      detail: { revision, contentDigest: kernel.digest(JSON.stringify(content)) },
    })
    return done
  })
  if (changed) await kernel.dispatch.desired({ project, host }, section)
  return desired
}
