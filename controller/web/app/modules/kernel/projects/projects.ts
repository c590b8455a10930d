// SPDX-License-Identifier: Apache-2.0
/** What is read out of a project. */
import type { AnswerOf } from '../../../api/call.ts'

export type Project = AnswerOf<'/v1/projects', 'GET'>[number]

export function isLeaving({ status }: Pick<Project, 'status'>): boolean {
  return status.projectStatus.statusIndicator === 'STATUS_INDICATION_IN_PROGRESS'
}

/** What the controller says of a deletion: "removed 25 of 40 hosts". */
export function progressText({ status }: Pick<Project, 'status'>): string {
  return status.projectStatus.message
}

/** Parts of a whole that a progress tells, such as `25 of 40`; `undefined` when it tells none. */
export function progressPart(message: string): { readonly done: number; readonly all: number } | undefined {
  const [, done, all] = /(\d[\d,]*) of (\d[\d,]*)/.exec(message) ?? []
  if (done === undefined || all === undefined) return undefined
  return { done: Number(done.replaceAll(',', '')), all: Number(all.replaceAll(',', '')) }
}

/** By name; those of the words in name or description. */
export function fittingProjects(projects: readonly Project[], words: string): readonly Project[] {
  const needle = words.trim().toLowerCase()
  return projects
    .filter(({ name, spec }) => `${name} ${spec.description}`.toLowerCase().includes(needle))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
