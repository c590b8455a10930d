// SPDX-License-Identifier: Apache-2.0
/** How projects look. */
import type { View } from '../output.ts'
import { drawFacts } from '../render/table.ts'
import { literal } from '../render/text.ts'

export type Project = {
  readonly name: string
  readonly spec: { readonly description: string }
  readonly status: {
    readonly projectStatus: {
      readonly statusIndicator: string
      readonly message: string
      readonly timeStamp: number
      readonly uID: string
    }
  }
}

export type Quotas = { readonly quotas: Readonly<Record<string, number>> }

export const projectView: View<Project> = {
  kind: 'Project',
  name: project => project.name,
  empty: 'muster project create <name>',
  columns: [
    { title: 'NAME', cell: project => project.name },
    { title: 'STATE', cell: project => stateOf(project) },
    { title: 'DESCRIPTION', cell: project => literal(project.spec.description) },
    { title: 'UUID', cell: project => project.status.projectStatus.uID, wide: true },
    { title: 'WHAT IT SAYS', cell: project => project.status.projectStatus.message, wide: true },
  ],
}

/** One project for a person. */
export function drawProject(project: Project): string {
  const { message, uID, timeStamp } = project.status.projectStatus
  return drawFacts([
    ['name', project.name],
    ['state', stateOf(project)],
    ['description', project.spec.description],
    ['uuid', uID],
    ['since', new Date(timeStamp * 1_000).toISOString()],
    ['says', message],
  ])
}

export function drawQuotas({ quotas }: Quotas): string {
  const limits = Object.entries(quotas).map(([name, most]): [string, string] => [name, String(most)])
  return limits.length === 0 ? 'no limits\n' : drawFacts(limits)
}

function stateOf({ status }: Project): string {
  return status.projectStatus.statusIndicator === 'STATUS_INDICATION_IDLE' ? 'ready' : 'being deleted'
}
