// SPDX-License-Identifier: Apache-2.0
/** How playbooks and their runs look. */
import type { View } from '../output.ts'
import { drawFacts, type Tone } from '../render/table.ts'
import { age } from '../views/command.ts'

export type Playbook = {
  readonly name: string
  readonly title: string
  readonly permission: string
  readonly takesUrl: boolean
  readonly steps: readonly string[]
}

export const playbookView: View<Playbook> = {
  kind: 'Playbook',
  name: row => row.name,
  columns: [
    { title: 'NAME', cell: row => row.name },
    { title: 'NEEDS', cell: row => row.permission },
    { title: 'WHAT FOR', cell: row => row.title },
    { title: 'STEPS', cell: row => row.steps.join('; '), wide: true },
  ],
}

export type PlaybookRun = {
  readonly id: string
  readonly guid: string
  readonly host?: string
  readonly playbook: string
  readonly state: string
  readonly says: string
  readonly step: number
  readonly steps: readonly string[]
  readonly by: string
  readonly reason?: string
  readonly approvedBy?: string
  readonly createdAt: string
  readonly finishedAt?: string
  readonly lines: readonly {
    readonly at: string
    readonly step?: number
    readonly outcome: string
    readonly says: string
  }[]
}

const TONES: Readonly<Record<string, Tone>> = { done: 'good', failed: 'bad', approval: 'warn', cancelled: 'dim' }

export const runView: View<PlaybookRun> = {
  kind: 'PlaybookRun',
  name: row => row.id,
  empty: 'muster oob playbook run <name> <host>',
  columns: [
    { title: 'ID', cell: row => row.id },
    { title: 'STATE', cell: row => row.state, tone: row => TONES[row.state] },
    { title: 'PLAYBOOK', cell: row => row.playbook },
    { title: 'STEP', cell: row => `${Math.min(row.step + 1, row.steps.length)}/${row.steps.length}`, right: true },
    { title: 'AGE', cell: (row, now) => age(row.createdAt, now), right: true },
    { title: 'SAYS', cell: row => row.says },
    { title: 'DEVICE', cell: row => row.guid, wide: true },
    { title: 'BY', cell: row => row.by, wide: true },
  ],
}

export function drawRun(run: PlaybookRun): string {
  return drawFacts([
    ['id', run.id],
    ['state', run.state],
    ['playbook', run.playbook],
    ['device', run.guid],
    ['says', run.says],
    ['by', run.by],
    ['reason', run.reason],
    ['approved by', run.approvedBy],
    ['created', run.createdAt],
    ['finished', run.finishedAt],
    ...run.lines.map(line => [line.at, `${line.outcome}  ${line.says}`] as const),
  ])
}
