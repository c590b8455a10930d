// SPDX-License-Identifier: Apache-2.0
/** Alarm clocks. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { addAlarm, readAlarms, removeAlarm } from '../device/alarms.ts'
import { ToolkitAnswer } from '../toolkit/toolkit.ts'
import { statusName } from '../wsman/status.ts'
import { instanceOf, type Value } from '../wsman/wsman.ts'
import { flagIn } from './fields.ts'
import { instanceJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { type DeviceContext, declare } from './route.ts'
import { refusal } from './texts.ts'

const PATH = '/amt/alarmOccurrences/:guid'
const exception = 'Exception during alarm occurrences request'

export function alarmRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: PATH,
    access: 'host.read',
    summary: 'List alarms',
    exception,
    device: async ({ wsman, options }) => ({
      body: (await readAlarms(wsman, options)).map(each => ({
        ...instanceJson(each),
        ...(each.StartTime === undefined ? {} : { StartTime: bothSpellings(each.StartTime) }),
      })),
    }),
  })
  declare(http, parts, {
    method: 'POST',
    path: PATH,
    access: 'host.change',
    summary: 'Add an alarm',
    exception,
    act: 'alarm',
    device: context => add(context),
  })
  declare(http, parts, {
    method: 'DELETE',
    path: PATH,
    access: 'host.change',
    summary: 'Remove an alarm; its name stands in the body',
    exception,
    act: 'alarm',
    device: async ({ wsman, body, guid, options }) => {
      const { Name } = body
      if (typeof Name !== 'string' || Name === '')
        throw refusal(400, `Invalid alarm occurrence request for guid : ${guid}.`)
      try {
        await removeAlarm(wsman, Name, options)
      } catch (thrown) {
        if (!(thrown instanceof Problem && thrown.code === 'amt-fault')) throw thrown
        throw new ToolkitAnswer(404, {
          error: 'Alarm instance not found',
          errorDescription: `Alarm occurrence delete request failed for guid : ${guid}.`,
        })
      }
      return { body: { status: 'SUCCESS' }, note: { removed: Name } }
    },
  })
}

/** On the wire it is `Datetime`, in MPS's schema `DateTime`; clients exist for either. */
function bothSpellings(value: Value): object {
  const { Datetime, ...rest } = instanceJson(instanceOf(value) ?? {})
  return { ...rest, Datetime, DateTime: Datetime }
}

async function add({ wsman, body, guid, options }: DeviceContext) {
  const { ElementName, StartTime, InstanceID, Interval, DeleteOnCompletion } = body
  const invalid = refusal(400, `Alarm add request invalid parameters for guid : ${guid}.`)
  const startTime = typeof StartTime === 'string' ? Date.parse(StartTime) : Number.NaN
  const interval = Interval === undefined || Interval === null ? 0 : Number(Interval)
  if (typeof ElementName !== 'string' || ElementName === '' || Number.isNaN(startTime)) throw invalid
  if (!Number.isInteger(interval) || interval < 0 || interval > 5_256_000) throw invalid
  const alarm = {
    elementName: ElementName,
    instanceId: typeof InstanceID === 'string' && InstanceID !== '' ? InstanceID : ElementName,
    startTime,
    intervalMinutes: interval,
    deleteOnCompletion: flagIn(DeleteOnCompletion) ?? true,
  }
  try {
    const { returnValue } = await addAlarm(wsman, alarm, options)
    if (returnValue !== 0)
      throw refusal(400, `Alarm add request failed for guid : ${guid}.`, { ReturnValueStr: statusName(returnValue) })
    return { body: { status: 'SUCCESS', ReturnValue: returnValue }, note: { added: alarm.instanceId } }
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.code === 'amt-fault')) throw thrown
    const quota = String(thrown.fields.subcode).includes('QuotaLimit')
    throw quota ? refusal(400, `Alarm add request quota exceeded for guid : ${guid}.`) : invalid
  }
}
