// SPDX-License-Identifier: Apache-2.0
/** `muster oob logs`, `hardware`, `endpoint`: what can only be looked at. */
import type { Run } from '../../grammar.ts'
import { oobPaths } from '../../oob/api.ts'
import { auditView, drawHardware, eventView } from '../../oob/firmware-view.ts'
import { oneMachine } from '../../oob/machines.ts'
import { drawFacts } from '../../render/table.ts'

type Json = Readonly<Record<string, unknown>>

export const logs: Run = async call => {
  const { session, guid } = await oneMachine(call)
  const { client, project } = session
  const startIndex = call.options.count('start')
  if (!call.options.has('audit')) {
    const events: readonly Json[] = await client.get(oobPaths.device(project, 'amt/log/event', guid))
    await call.output.list(eventView, events)
    return undefined
  }
  const query = startIndex === undefined ? {} : { startIndex }
  const page: { totalCnt: number; records: readonly Json[] } = await client.get(
    oobPaths.device(project, 'amt/log/audit', guid),
    { query },
  )
  await call.output.list(auditView, page.records, { total: page.totalCnt })
  return undefined
}

export const hardware: Run = async call => {
  const { session, guid } = await oneMachine(call)
  const answer: Json = await session.client.get(oobPaths.device(session.project, 'amt/hardwareInfo', guid))
  await call.output.item({ kind: 'FirmwareHardware', name: () => guid }, answer, drawHardware)
  return undefined
}

type Endpoint = {
  readonly address: string
  readonly port: number
  readonly listening: number
  readonly legacyListening?: number
  readonly root: string
  readonly tunnels: number
  readonly waiting: number
  readonly refused: number
}

export const endpoint: Run = async call => {
  const { client, project } = await call.session()
  const answer: Endpoint = await client.get(oobPaths.endpoint(project))
  await call.output.item({ kind: 'OutOfBandEndpoint', name: () => `${answer.address}:${answer.port}` }, answer, each =>
    drawFacts([
      ['machines dial', `${each.address}:${each.port}`],
      ['listening', String(each.listening)],
      ['old firmware', each.legacyListening === undefined ? undefined : String(each.legacyListening)],
      ['connected', String(each.tunnels)],
      ['logging in', String(each.waiting)],
      ['refused', String(each.refused)],
    ]),
  )
  return undefined
}
