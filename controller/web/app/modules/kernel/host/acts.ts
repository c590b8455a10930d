// SPDX-License-Identifier: Apache-2.0
/** What can be done to one host. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

/** A host as acts name it: by its id, which is never ambiguous. */
export type OfHost = { readonly project: string; readonly id: string }
/** The entity tag that was read: a change made meanwhile is refused, and never written over. */
type Tagged = OfHost & { readonly etag: string }
export type Label = { readonly key: string; readonly value: string }

const PATCH = '/v1/projects/{projectName}/compute/hosts/{resourceId}'
const EXAMPLE = { project: 'default', id: 'host-1a2b3c4d' }
const TAGGED = { ...EXAMPLE, etag: '"0123456789abcdef"' }
const pathOf = ({ project, id }: OfHost) => ({ projectName: project, resourceId: id })
const matching = ({ etag }: Tagged): Readonly<Record<string, string>> => (etag === '' ? {} : { 'if-match': etag })

/** `muster`, with the project where it is not the usual one. */
export function muster(project: string): string {
  return project === 'default' ? 'muster' : `muster -p ${quoted(project)}`
}

export const rename = defineAct<Tagged & { readonly name: string }>({
  name: 'host.rename',
  riskClass: 1,
  permission: 'host.label',
  cli: ({ project, id, name }) => `${muster(project)} host rename ${id} ${quoted(name)}`,
  calls: input => [call('PATCH', PATCH, { path: pathOf(input), body: { name: input.name }, headers: matching(input) })],
  example: { ...TAGGED, name: 'press-04' },
})

export const writeNote = defineAct<Tagged & { readonly note: string }>({
  name: 'host.note',
  riskClass: 1,
  permission: 'host.label',
  cli: ({ project, id, note }) => `${muster(project)} host note ${id} ${quoted(note)}`,
  calls: input => [call('PATCH', PATCH, { path: pathOf(input), body: { note: input.note }, headers: matching(input) })],
  example: { ...TAGGED, note: 'fan is loud' },
})

type Labelling = Tagged & { readonly labels: readonly Label[]; readonly before: readonly Label[] }

export const setLabels = defineAct<Labelling>({
  name: 'host.labels',
  riskClass: 1,
  permission: 'host.label',
  cli: ({ project, id, labels, before }) => {
    const set = labels.filter(({ key, value }) => !before.some(each => each.key === key && each.value === value))
    const gone = before.filter(({ key }) => !labels.some(each => each.key === key))
    const changes = [...set.map(({ key, value }) => `${key}=${value}`), ...gone.map(({ key }) => `${key}-`)]
    return [`${muster(project)} host label ${id}`, ...changes.map(quoted)].join(' ')
  },
  calls: input => [
    call('PATCH', PATCH, {
      path: pathOf(input),
      body: { metadata: input.labels.map(({ key, value }) => ({ key, value })) },
      headers: matching(input),
    }),
  ],
  example: {
    ...TAGGED,
    labels: [{ key: 'line', value: '4' }],
    before: [{ key: 'lab', value: 'yes' }],
  },
})

export const onboard = defineAct<OfHost>({
  name: 'host.onboard',
  riskClass: 2,
  permission: 'host.admit',
  cli: ({ project, id }) => `${muster(project)} host onboard ${id}`,
  calls: input => [
    call('PATCH', '/v1/projects/{projectName}/compute/hosts/{resourceId}/onboard', { path: pathOf(input), body: {} }),
  ],
  example: EXAMPLE,
})

export const release = defineAct<OfHost>({
  name: 'host.release',
  riskClass: 3,
  permission: 'host.destroy',
  cli: input => `${muster(input.project)} host release ${input.id}${reasonFlag(input)}`,
  calls: ({ project, id, reason = '' }) => [
    call('PUT', '/v1/projects/{project}/compute/hosts/{host}/release', {
      path: { project, host: id },
      body: { note: reason },
    }),
  ],
  example: { ...EXAMPLE, reason: 'the clone is off' },
})

export const revoke = defineAct<OfHost>({
  name: 'host.revoke',
  riskClass: 4,
  permission: 'host.destroy',
  cli: input => `${muster(input.project)} host revoke ${input.id}${reasonFlag(input)} -y`,
  calls: input => [
    call('PUT', '/v1/projects/{projectName}/compute/hosts/{resourceId}/invalidate', {
      path: pathOf(input),
      body: { note: input.reason ?? '' },
    }),
  ],
  example: { ...EXAMPLE, reason: 'stolen' },
})

export const retire = defineAct<OfHost & { readonly force: boolean }>({
  name: 'host.retire',
  riskClass: 4,
  permission: 'host.destroy',
  cli: input =>
    `${muster(input.project)} host delete ${input.id}${input.force ? ' --force' : ''}${reasonFlag(input)} -y`,
  calls: input => [
    call('DELETE', PATCH, {
      path: pathOf(input),
      query: input.force ? { force: true } : {},
      body: { note: input.reason ?? '' },
    }),
  ],
  example: { ...EXAMPLE, force: false, reason: 'scrapped' },
})

/** A length of time as the command line takes it. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

type PowerInput = OfHost & { readonly expiresInMs?: number }

function powerAct(name: 'reboot' | 'shutdown') {
  return defineAct<PowerInput>({
    name: `host.${name}`,
    riskClass: 2,
    permission: 'host.operate',
    cli: input =>
      `${muster(input.project)} host ${name} ${input.id}${reasonFlag(input)}${
        input.expiresInMs === undefined ? '' : ` --expires ${duration(input.expiresInMs)}`
      } -y`,
    calls: ({ project, id, reason, expiresInMs }) => [
      call('POST', '/v1/projects/{project}/compute/hosts/{host}/commands', {
        path: { project, host: id },
        body: {
          section: 'power',
          name,
          input: {},
          ...(reason === undefined ? {} : { reason }),
          ...(expiresInMs === undefined ? {} : { expiresInMs }),
        },
      }),
    ],
    example: { ...EXAMPLE, reason: 'fan swap', expiresInMs: 600_000 },
  })
}
export const reboot = powerAct('reboot')
export const shutdown = powerAct('shutdown')

export const cancelCommand = defineAct<{ readonly project: string; readonly command: string }>({
  name: 'command.cancel',
  riskClass: 1,
  permission: 'host.operate',
  cli: ({ project, command }) => `${muster(project)} command cancel ${command}`,
  calls: ({ project, command }) => [
    call('POST', '/v1/projects/{project}/commands/{command}/cancel', { path: { project, command } }),
  ],
  example: { project: 'default', command: '01JD2Z9B3Q8V5K7M4N6P0R2S4T' },
})

type Running = OfHost & { readonly section: string; readonly command: string; readonly input: unknown }

function runAct(name: string, { riskClass, permission }: { riskClass: 1 | 3; permission: string }) {
  return defineAct<Running>({
    name,
    riskClass,
    permission,
    cli: ({ project, id, section, command, input, reason }) =>
      `${muster(project)} command run ${id} ${section} ${command} --input ${quoted(JSON.stringify(input))}${reasonFlag({
        ...(reason === undefined ? {} : { reason }),
      })}`,
    calls: ({ project, id, section, command, input, reason }) => [
      call('POST', '/v1/projects/{project}/compute/hosts/{host}/commands', {
        path: { project, host: id },
        body: { section, name: command, input, ...(reason === undefined ? {} : { reason }) },
      }),
    ],
    example: { ...EXAMPLE, section: 'hardware', command: 'refresh', input: {}, reason: 'new disk' },
  })
}
/** Commands that only look, those that act, and those that change and so need a reason. */
export const look = runAct('host.look', { riskClass: 1, permission: 'host.read' })
export const operate = runAct('host.operate', { riskClass: 1, permission: 'host.operate' })
export const disturb = runAct('host.disturb', { riskClass: 3, permission: 'host.change' })

type OfSection = OfHost & { readonly section: string; readonly revision: number }
const DESIRED = '/v1/projects/{project}/compute/hosts/{host}/sections/{section}/desired'
const sectionPath = ({ project, id, section }: OfSection) => ({ project, host: id, section })

export const setSection = defineAct<OfSection & { readonly content: unknown }>({
  name: 'section.set',
  riskClass: 2,
  permission: 'host.change',
  cli: ({ project, id, section, revision, content }) =>
    `echo ${quoted(JSON.stringify(content))} | ${muster(project)} section set ${id} ${section} -f - --if-match ${revision}`,
  calls: input => [
    call('PUT', DESIRED, {
      path: sectionPath(input),
      body: { content: input.content },
      headers: { 'if-match': `"${input.revision}"` },
    }),
  ],
  example: { ...EXAMPLE, section: 'maintenance', revision: 3, content: { timeZone: 'UTC', windows: [] } },
})

export const unsetSection = defineAct<OfSection>({
  name: 'section.unset',
  riskClass: 2,
  permission: 'host.change',
  cli: ({ project, id, section, revision }) =>
    `${muster(project)} section unset ${id} ${section} --if-match ${revision} -y`,
  calls: input => [
    call('DELETE', DESIRED, { path: sectionPath(input), headers: { 'if-match': `"${input.revision}"` } }),
  ],
  example: { ...EXAMPLE, section: 'maintenance', revision: 3 },
})

export const acts = [
  rename,
  writeNote,
  setLabels,
  onboard,
  release,
  revoke,
  retire,
  reboot,
  shutdown,
  cancelCommand,
  look,
  operate,
  disturb,
  setSection,
  unsetSection,
]
