// SPDX-License-Identifier: Apache-2.0
/** `muster oob alarm`, `clock`: when the firmware switches a machine on, and what it takes for the time. */
import { MINUTE } from '../../../../plugins/contract/time.ts'
import type { Call } from '../../call.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { oneMachine } from '../../oob/machines.ts'
import type { View } from '../../output.ts'
import { problem } from '../../problems.ts'

type Alarm = {
  readonly ElementName?: string
  readonly InstanceID?: string
  readonly StartTime?: { readonly Datetime?: string }
  readonly Interval?: { readonly Interval?: string }
}

const view: View<Alarm> = {
  kind: 'FirmwareAlarm',
  name: row => row.InstanceID ?? '-',
  empty: 'no alarm is set',
  columns: [
    { title: 'NAME', cell: row => row.ElementName ?? '-' },
    { title: 'AT', cell: row => row.StartTime?.Datetime ?? '-' },
    { title: 'AGAIN', cell: row => row.Interval?.Interval ?? '-' },
  ],
}

export const alarm: Run = async call => {
  const [, act, name = ''] = call.words
  if (act === undefined) return show(call)
  if (act !== 'add' && act !== 'remove') throw problem('usage', 'alarm takes add or remove')
  if (name === '') throw problem('usage', `name the alarm: muster oob alarm <host> ${act} <name>`)
  return act === 'add' ? send(call, 'POST', added(call, name)) : send(call, 'DELETE', { Name: name })
}

function added(call: Call, name: string) {
  const at = call.options.text('at') ?? ''
  const every = call.options.durationMs('every')
  if (Number.isNaN(Date.parse(at))) throw problem('usage', '--at takes a time such as 2031-01-31T04:00:00Z')
  return {
    ElementName: name,
    StartTime: at,
    Interval: every === undefined ? 0 : Math.max(1, Math.round(every / MINUTE)),
    DeleteOnCompletion: every === undefined,
  }
}

async function show(call: Call): ReturnType<Run> {
  const { session, guid } = await oneMachine(call)
  const path = oobPaths.device(session.project, 'amt/alarmOccurrences', guid)
  await call.output.list(view, await session.client.get<readonly Alarm[]>(path))
  return undefined
}

async function send(call: Call, method: 'POST' | 'DELETE', body: object): ReturnType<Run> {
  const { session, machine, guid } = await oneMachine(call)
  const path = oobPaths.device(session.project, 'amt/alarmOccurrences', guid)
  if (isDryRun(call)) return showIntents(call, [{ method, path, body, ...(machine.host && { host: machine.host }) }])
  return actOnAll(call, {
    machines: [machine],
    act: async () => {
      await session.client.send(method, path, body)
      return { ok: true, says: method === 'POST' ? 'the alarm is set' : 'the alarm is gone' }
    },
  })
}

export const clock: Run = async call => {
  const { session, machine, guid } = await oneMachine(call)
  const path = oobPaths.device(session.project, 'amt/time', guid)
  if (isDryRun(call))
    return showIntents(call, [{ method: 'POST', path, body: {}, ...(machine.host && { host: machine.host }) }])
  return actOnAll(call, {
    machines: [machine],
    act: async () => {
      const { offsetSeconds }: { offsetSeconds?: number } = await session.client.send('POST', path, {})
      return { ok: true, says: `its clock was ${offsetSeconds ?? 0} s off` }
    },
  })
}
