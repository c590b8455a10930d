// SPDX-License-Identifier: Apache-2.0
/** `muster oob drift`: how machines compare with the profiles they were activated with, and putting them right. */
import type { Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll, type Outcome } from '../../oob/bulk.ts'
import { guidOf, machinesMeant, spokenMachines } from '../../oob/machines.ts'
import type { View } from '../../output.ts'
import { problem } from '../../problems.ts'
import { age } from '../../views/command.ts'

type Step = {
  readonly area: string
  readonly do: string
  readonly says: string
  readonly mode: string
  readonly held?: string
}

type Line = {
  readonly guid: string
  readonly profile?: string
  readonly state: string
  readonly why: string
  readonly since: string
  readonly checkedAt?: string
  readonly steps: readonly Step[]
}

type Checked = Pick<Line, 'guid' | 'state' | 'why' | 'steps'> & {
  readonly repaired: readonly Step[]
  readonly failed: readonly (Step & { readonly reason: string })[]
}

const view: View<Line> = {
  kind: 'Drift',
  name: line => line.guid,
  empty: 'machines are compared once they are activated with a profile',
  columns: [
    { title: 'DEVICE', cell: line => line.guid },
    { title: 'STATE', cell: line => line.state, tone: line => (line.state === 'compliant' ? 'good' : 'warn') },
    { title: 'PROFILE', cell: line => line.profile ?? '-' },
    { title: 'DIFFERS', cell: line => spokenSteps(line.steps) || line.why || '-' },
    { title: 'CHECKED', cell: (line, now) => age(line.checkedAt, now), right: true },
  ],
}

const STATES = ['compliant', 'drifted', 'unknown']
const PAGE = 500

export const listing: Run = async call => {
  const state = call.options.text('state')
  if (state !== undefined && !STATES.includes(state)) throw problem('usage', `--state takes ${STATES.join(', ')}`)
  const { client, project } = await call.session()
  const lines: Line[] = []
  let cursor: string | undefined
  do {
    const query = { state, pageSize: PAGE, cursor }
    const page: { devices: readonly Line[]; nextCursor?: string } = await client.get(oobPaths.drifts(project), {
      query,
    })
    lines.push(...page.devices)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  await call.output.list(view, lines)
  return undefined
}

export const check: Run = async call => {
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words)
  return actOnAll(call, {
    machines,
    failing: 'machine-drifted',
    act: async machine => saidOf(await compare(session, guidOf(machine), {})),
  })
}

export const repair: Run = async call => {
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words)
  const reason = call.options.text('reason')
  const areas = call.options.list('area')
  const dryRun = isDryRun(call)
  if (!dryRun) {
    confirmCount(call, machines.length)
    await confirm(call, `Put ${spokenMachines(machines)} right?`)
  }
  const body = {
    repair: true,
    ...(dryRun ? { dryRun } : {}),
    ...(areas.length === 0 ? {} : { areas }),
    ...(reason === undefined ? {} : { reason }),
  }
  const ended = await actOnAll(call, {
    machines,
    failing: 'machine-drifted',
    act: async machine => {
      const checked = await compare(session, guidOf(machine), body)
      return dryRun ? plannedOf(checked) : saidOf(checked)
    },
  })
  if (dryRun) await call.output.note('dry run: nothing was changed')
  return ended
}

/** Looking at firmware takes a while when it is slow. */
const IDLE_MS = 300_000

function compare({ client, project }: Session, guid: string, body: object): Promise<Checked> {
  return client.send('POST', oobPaths.drift(project, guid), body, { idleMs: IDLE_MS })
}

function plannedOf({ state, why, steps }: Checked): Outcome {
  const would = steps.filter(({ mode, held }) => mode === 'repair' && held === undefined)
  const rest = steps.filter(step => !would.includes(step))
  const parts = [
    ...(would.length === 0 ? [] : [`would repair ${spokenSteps(would)}`]),
    ...(rest.length === 0 ? [] : [`would leave ${spokenSteps(rest)}`]),
  ]
  return { ok: true, says: parts.join('; ') || why || state }
}

function saidOf({ state, why, steps, repaired, failed }: Checked): Outcome {
  const parts = [
    ...(repaired.length === 0 ? [] : [`repaired ${spokenSteps(repaired)}`]),
    ...failed.map(each => `could not ${each.do}: ${each.reason}`),
    ...(steps.length === 0 ? [] : [spokenSteps(steps)]),
  ]
  return { ok: state === 'compliant', says: [state, parts.join('; ') || why].filter(Boolean).join(': ') }
}

function spokenSteps(steps: readonly Step[]): string {
  return steps.map(({ area, says, held }) => `${area}: ${says}${held === undefined ? '' : ` (${held})`}`).join('; ')
}
