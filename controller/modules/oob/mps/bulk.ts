// SPDX-License-Identifier: Apache-2.0
/** Power of many devices in one request: each has its own outcome, and none waits for one that is away. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { readPowerState } from '../device/power.ts'
import { guidOf } from '../toolkit/toolkit.ts'
import { type Fields, fulfils, isInteger, isOneOf, isText } from './fields.ts'
import type { MpsParts } from './parts.ts'
import { actionChecks, allowPower, powerAnswer, redirectedOf } from './power.ts'
import { type Context, declare, recordAct } from './route.ts'

const MOST_DEVICES = 1_000
const USUAL_AT_ONCE = 32

type Outcome = {
  readonly guid: string
  readonly status: 'done' | 'refused' | 'failed' | 'not-connected'
  readonly [more: string]: unknown
}

export function bulkRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'POST',
    path: '/amt/power/bulk',
    access: 'host.operate',
    summary: 'Do a power action on many devices, with the outcome of each',
    exception: 'Exception during Power Action request',
    check: fields => {
      selectionChecks(fields)
      actionChecks(fields)
    },
    answer: async context => {
      allowPower(context.request, Number(context.body.action))
      return { body: summary(await overAll(parts, context, guid => actOn(parts, context, guid))) }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/power/bulk/state',
    access: 'host.read',
    summary: 'Read the power state of many devices',
    exception: 'Exception during Power State request',
    check: selectionChecks,
    answer: async context => {
      const read = async (guid: string): Promise<Outcome> => {
        const { wsman } = await parts.reaches.reach(context.project, guid)
        const { state, osPowerSaving } = await readPowerState(wsman)
        return { guid, status: 'done', powerstate: state, OSPowerSavingState: osPowerSaving }
      }
      return { body: summary(await overAll(parts, context, read)) }
    },
  })
}

function selectionChecks(fields: Fields): void {
  const areGuids = (value: unknown): boolean =>
    Array.isArray(value) && value.length <= MOST_DEVICES && value.every(each => guidOf(each) !== undefined)
  const areTags = (value: unknown): boolean => Array.isArray(value) && value.every(each => isText[0](each))
  fields
    .optional('body', 'guids', fulfils(areGuids, `guids should be an array of at most ${MOST_DEVICES} GUIDs`))
    .optional('body', 'tags', fulfils(areTags, 'tags should be an array of strings'))
    .optional('body', 'method', isOneOf(['AND', 'OR']))
    .optional('body', 'staggerMs', isInteger(0, 60_000))
    .optional('body', 'atOnce', isInteger(1, 64))
}

/** Runs over the chosen devices, so many at once, each started a while after the one before it. */
async function overAll(
  parts: MpsParts,
  context: Context,
  act: (guid: string) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const { clock } = parts.kernel
  const staggerMs = Number(context.body.staggerMs ?? 0)
  const guids = await chosen(parts, context)
  const outcomes: Outcome[] = []
  let next = 0
  const never = new AbortController().signal
  const worker = async (): Promise<void> => {
    for (let at = next++; at < guids.length; at = next++) {
      const guid = guids[at] ?? ''
      if (staggerMs > 0 && at > 0) await clock.sleep(staggerMs, never)
      outcomes[at] = await act(guid).catch(thrown => failureOf(guid, thrown))
    }
  }
  // With waits between the starts one after the other is what is wanted.
  const atOnce = staggerMs > 0 ? 1 : Number(context.body.atOnce ?? USUAL_AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(atOnce, guids.length) }, worker))
  return outcomes
}

async function chosen({ devices, kernel }: MpsParts, { project, body }: Context): Promise<readonly string[]> {
  const named = Array.isArray(body.guids) ? body.guids.map(each => String(each).toLowerCase()) : []
  if (!Array.isArray(body.tags)) return [...new Set(named)]
  const filter = { tags: body.tags.map(String), allTags: body.method === 'AND', limit: MOST_DEVICES, offset: 0 }
  const { devices: found } = await devices.list(kernel.store, project, filter)
  return [...new Set([...named, ...found.map(each => each.guid)])]
}

async function actOn(parts: MpsParts, context: Context, guid: string): Promise<Outcome> {
  const { reaches, redirections, kernel } = parts
  const code = Number(context.body.action)
  const { wsman } = await reaches.reach(context.project, guid)
  const answer = await powerAnswer(wsman, { code, guid, redirections, redirected: redirectedOf(context.body) })
  const { Body } = answer.body as { Body: { ReturnValue: number; ReturnValueStr: string } } // what powerAnswer makes
  const outcome = Body.ReturnValue === 0 ? 'done' : 'refused'
  const recorded = { context: { ...context, guid }, act: 'power', outcome, note: answer.note } as const
  await kernel.store.change(tx => recordAct(parts, tx, recorded))
  return { guid, status: outcome, ReturnValue: Body.ReturnValue, ReturnValueStr: Body.ReturnValueStr }
}

function failureOf(guid: string, thrown: unknown): Outcome {
  if (!(thrown instanceof Problem)) return { guid, status: 'failed', code: 'internal', error: 'Internal Server Error' }
  const status = thrown.code === 'amt-not-connected' ? 'not-connected' : 'failed'
  return { guid, status, code: thrown.code, error: thrown.title, errorDescription: thrown.detail ?? thrown.title }
}

function summary(results: readonly Outcome[]): object {
  const succeeded = results.filter(each => each.status === 'done').length
  return { total: results.length, succeeded, failed: results.length - succeeded, results }
}
