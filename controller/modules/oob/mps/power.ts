// SPDX-License-Identifier: Apache-2.0
/** Power: state, capabilities, actions. */
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../../../plugins/contract/index.ts'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { osPowerStatusName } from '../device/os-power-status.ts'
import {
  actOnPower,
  changeOsPower,
  powerCapabilities,
  type Redirected,
  readBootCapabilities,
  readPowerState,
} from '../device/power.ts'
import { aimOf, NATIVE_CODES, OS_CODES } from '../device/power-codes.ts'
import { majorVersion, readVersions } from '../device/version.ts'
import { statusName } from '../wsman/status.ts'
import type { CallOptions, Output, Wsman } from '../wsman/wsman.ts'
import { type Fields, isOneOf } from './fields.ts'
import { envelopeJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { type Answer, declare } from './route.ts'
import { notConnected } from './texts.ts'

export function powerRoutes(http: Http, parts: MpsParts): void {
  stateAndAction(http, parts, '/amt')
  declare(http, parts, {
    method: 'GET',
    path: '/amt/power/capabilities/:guid',
    access: 'host.read',
    summary: 'List the power actions a device takes',
    exception: 'Exception during Power Capabilities request',
    device: async ({ wsman, options }) => {
      const versions = await readVersions(wsman, options)
      return { body: powerCapabilities(await readBootCapabilities(wsman, options), majorVersion(versions)) }
    },
  })
}

/** The two requests that gateways have under `/device` as well, to be mounted there with `mountToolkit`. */
export function powerShortcuts(parts: MpsParts): (http: Http) => void {
  return http => stateAndAction(http, parts, '')
}

function stateAndAction(http: Http, parts: MpsParts, prefix: '/amt' | ''): void {
  declare(http, parts, {
    method: 'GET',
    path: `${prefix}/power/state/:guid`,
    access: 'host.read',
    summary: 'Read the power state',
    exception: 'Exception during Power State request',
    device: async ({ wsman, options, guid }) => {
      const { state, osPowerSaving } = await readPowerState(wsman, options).catch(thrown => {
        // Who asks for the state wants to know that nobody answers.
        throw thrown instanceof Problem && thrown.code === 'amt-timeout' ? notConnected(guid) : thrown
      })
      return { body: { powerstate: state, OSPowerSavingState: osPowerSaving } }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: `${prefix}/power/action/:guid`,
    access: 'host.operate',
    summary: 'Do a power action: 2 to 17, 500 and 501',
    exception: 'Exception during Power Action request',
    act: 'power',
    check: actionChecks,
    device: async ({ wsman, options, reach, body, request }) => {
      const code = Number(body.action)
      allowPower(request, code)
      const { redirections } = parts
      return powerAnswer(wsman, { code, guid: reach.guid, redirections, redirected: redirectedOf(body), options })
    },
  })
}

export function actionChecks(fields: Fields): void {
  fields
    .check('body', 'action', isOneOf([...NATIVE_CODES, ...OS_CODES]))
    .optional('body', 'redirection', isOneOf(['end', 'refuse', 'keep']))
}

/** What shall become of open redirection sessions; left to the action unless said. */
export function redirectedOf({ redirection }: Readonly<Record<string, unknown>>): Redirected | undefined {
  return redirection === 'end' || redirection === 'refuse' || redirection === 'keep' ? redirection : undefined
}

const INTERRUPTS: readonly number[] = [11, 17]

/** Resets and interrupts take more than switching on and off. Throws `not-allowed`. */
export function allowPower(request: FastifyRequest, code: number): void {
  if (aimOf(code) === 'reset' || INTERRUPTS.includes(code)) requirePermission(callerOf(request), 'host.access')
}

export type PowerRequest = Parameters<typeof actOnPower>[1]

export async function powerAnswer(wsman: Wsman, act: PowerRequest): Promise<Answer> {
  if (OS_CODES.includes(act.code)) return osPowerAnswer(wsman, act.code, act.options)
  return outputAnswer(await actOnPower(wsman, act), { action: act.code })
}

/** The output of a method, with the name of its return value beside it, as MPS gives it. */
export function outputAnswer(output: Output, facts: { readonly [name: string]: number | string } = {}): Answer {
  const { Header, Body } = envelopeJson(output.envelope, { flat: true })
  const ReturnValueStr = statusName(output.returnValue)
  return {
    body: { Header, Body: { ...Body, ReturnValue: output.returnValue, ReturnValueStr } },
    note: { ...facts, status: ReturnValueStr },
  }
}

async function osPowerAnswer(wsman: Wsman, code: number, options?: CallOptions): Promise<Answer> {
  const outcome = await changeOsPower(wsman, code, options)
  const answer = (ReturnValue: number, ReturnValueStr: string): Answer => ({
    body: { Body: { ReturnValue, ReturnValueStr } },
    note: { action: code, status: ReturnValueStr },
  })
  if (outcome.status === 'unknown') return answer(1, 'OS_POWER_STATE_UNKNOWN')
  if (outcome.status === 'unsupported') return answer(2, 'OS_POWER_STATE_UNSUPPORTED')
  const returnValue = outcome.status === 'asked' ? outcome.returnValue : 0
  return answer(returnValue, osPowerStatusName(returnValue))
}
