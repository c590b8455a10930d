// SPDX-License-Identifier: Apache-2.0
/** Brings each host's firmware to the state that was ordered: through its agent, or over its own tunnel. */
import type { AmtObserved } from '../../../../plugins/amt/contract.ts'
import { asProblem, type Json, MINUTE } from '../../../../plugins/contract/index.ts'
import { findReported } from '../../../kernel/documents.ts'
import { getHost, type Host } from '../../../kernel/hosts.ts'
import type { Device, Devices } from '../devices/devices.ts'
import type { OobParts, Tunnels } from '../ports.ts'
import { type AmtSeen, stateOfAmt } from './amt-state.ts'
import { findIntent, sayOfIntent, tellAgent } from './intents.ts'
import { createKeyedLoop, type KeyedLoop } from './keyed-loop.ts'
import type { ConvergeTables, IntentRow } from './tables.ts'

/** Which profile a host is to be activated with, or why none fits. */
export type ChooseProfile = (
  host: Host,
  wanted: {
    readonly sku: 'amt' | 'ism'
    readonly mode: 'acm' | 'ccm' | undefined
    /** The one that was asked for by name. */
    readonly profile: string | undefined
    readonly dnsSuffix: string | undefined
  },
) => Promise<{ readonly profile: string; readonly controlMode?: 'acm' | 'ccm' } | { readonly why: string }>

export type AmtLoopParts = OobParts & {
  readonly devices: Devices
  readonly tunnels: () => Tunnels
  readonly choose: ChooseProfile
  /** Where `rpc` finds us, and whether machines trust that address by themselves. */
  readonly server: () => { readonly url: string; readonly trust: 'system' | 'any' }
  /** Unprovisions a device that is reached over its tunnel; resolves when that was read back. */
  readonly unprovision: (project: string, guid: string, signal: AbortSignal) => Promise<void>
}

export interface AmtLoop {
  wake(project: string, host: string): void
  /** Takes up every order that is not settled. */
  resume(): Promise<void>
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Reports and tunnels wake it; this is for what was missed. */
const AGAIN_MS = 5 * MINUTE
const CONCURRENCY = 16

export function createAmtLoop(parts: AmtLoopParts): AmtLoop {
  const loop: KeyedLoop = createKeyedLoop({
    clock: parts.kernel.clock,
    log: parts.log,
    name: 'amt',
    concurrency: CONCURRENCY,
    visit: (key, signal) => {
      const [project = '', host = ''] = key.split('/')
      return visit(parts, { project, host, signal })
    },
  })
  return {
    wake: (project, host) => loop.wake(`${project}/${host}`),
    resume: async () => {
      const open = await parts.kernel.store
        .installation<ConvergeTables>()
        .selectFrom('oob_intents')
        .select(['project', 'host'])
        .where('amt', 'is not', null)
        .where('indicator', '=', 'IN_PROGRESS')
        .execute()
      for (const { project, host } of open) loop.wake(`${project}/${host}`)
    },
    settled: () => loop.settled(),
    stop: () => loop.stop(),
  }
}

type Visit = { readonly project: string; readonly host: string; readonly signal: AbortSignal }

async function visit(parts: AmtLoopParts, { project, host: id, signal }: Visit): Promise<number | undefined> {
  const { kernel } = parts
  const intent = await findIntent(kernel.store, project, id)
  if (intent === undefined || intent.amt === null) return undefined
  const host = await getHost(kernel.store, project, id)
  if (host.state === 'deleted') return undefined
  const reported = await look(parts, host)
  const seen =
    intent.amt === 'unprovisioned'
      ? { ...reported, activated: await takeDown(parts, { intent, seen: reported, signal }) }
      : reported
  const isKnown = seen.sku !== undefined
  const choice = intent.amt === 'provisioned' && isKnown ? await chosen(parts, { host, intent, seen }) : undefined
  const statement = stateOfAmt(
    { want: intent.amt, attempt: intent.attempt, mode: intent.mode ?? modeOf(choice) },
    { ...seen, ...(choice !== undefined && 'why' in choice ? { noProfile: choice.why } : {}) },
  )
  const content = documentOf(parts, intent, choice)
  await kernel.store.change(async tx => {
    if (content !== undefined) await tellAgent(parts, tx, { project, host: id, content })
    await sayOfIntent(parts, tx, intent, statement)
  })
  return statement.indicator === 'IN_PROGRESS' ? AGAIN_MS : undefined
}

/** A profile that was asked for by name says the mode. */
function modeOf(choice: Awaited<ReturnType<ChooseProfile>> | undefined): 'acm' | 'ccm' | undefined {
  return choice !== undefined && 'profile' in choice ? choice.controlMode : undefined
}

type Seen = AmtSeen & {
  /** Of its device, if it has one. */
  readonly guid: string | undefined
  readonly suffix: string | undefined
  /** Its firmware was asked and said that it is not activated. */
  readonly isEmpty: boolean
  /** RFC 3339. */
  readonly reportedAt: string
}

type Taking = { readonly intent: IntentRow; readonly seen: Seen; readonly signal: AbortSignal }

/** Deactivates over the tunnel when there is one; whether the firmware is still activated, as far as anybody knows. */
async function takeDown(parts: AmtLoopParts, { intent, seen, signal }: Taking): Promise<boolean> {
  const { project, host } = intent
  const { guid, connected } = seen
  // Firmware that has a tunnel is activated, whatever its agent said last.
  if (connected && guid !== undefined) {
    try {
      await parts.unprovision(project, guid, signal)
      return false
    } catch (thrown) {
      signal.throwIfAborted()
      parts.log.warn('a device was not deactivated over its tunnel', { host, code: asProblem(thrown).code })
      return true
    }
  }
  // What was reported before it was deactivated says nothing about what is after.
  if (seen.activated) return intent.indicator !== 'IDLE' || seen.reportedAt > intent.status_at
  // It was deactivated, and nobody lived to write that down.
  if (seen.isEmpty && guid !== undefined && seen.reportedAt > intent.ordered_at)
    await parts.kernel.store.change(tx => parts.devices.remove(tx, project, guid, { secrets: true }))
  return false
}

async function look({ kernel, devices, tunnels }: AmtLoopParts, host: Host): Promise<Seen> {
  const report = await findReported(kernel.store, host.project, { host: host.id, section: 'amt' })
  const observed = (report?.observed ?? undefined) as unknown as AmtObserved | undefined // checked when it was taken in
  const device = await deviceOf(devices, host, { kernel })
  return {
    ...seenOf(observed),
    isEmpty: observed?.firmware?.controlMode === 'none',
    reportedAt: report?.receivedAt ?? '',
    connected: device !== undefined && tunnels().find(device.guid) !== undefined,
    guid: device?.guid,
    suffix: observed?.firmware?.dnsSuffix ?? observed?.firmware?.dnsSuffixOs,
  }
}

function seenOf(observed: AmtObserved | undefined): Omit<AmtSeen, 'connected'> {
  const mode = observed?.firmware?.controlMode
  return {
    sku: observed?.sku,
    why: observed?.why ?? '',
    activated: mode === 'acm' || mode === 'ccm',
    mode: mode === 'acm' || mode === 'ccm' ? mode : undefined,
    agent:
      observed?.activation === undefined
        ? undefined
        : {
            status: observed.activation.status,
            attempt: observed.activation.attempt,
            message: observed.activation.message ?? '',
            recoveries: observed.activation.recoveries,
          },
  }
}

async function deviceOf(
  devices: Devices,
  host: Host,
  { kernel }: Pick<AmtLoopParts, 'kernel'>,
): Promise<Device | undefined> {
  return host.uuid === undefined ? undefined : devices.find(kernel.store, host.project, host.uuid)
}

type Choosing = { readonly host: Host; readonly intent: IntentRow; readonly seen: Seen }

async function chosen({ choose }: AmtLoopParts, { host, intent, seen }: Choosing): ReturnType<ChooseProfile> {
  if (seen.sku !== 'amt' && seen.sku !== 'ism')
    return { why: seen.why === '' ? 'the host has not reported yet' : seen.why }
  return choose(host, {
    sku: seen.sku,
    mode: intent.mode ?? undefined,
    profile: intent.profile ?? undefined,
    dnsSuffix: intent.dns_suffix ?? seen.suffix,
  })
}

/** The document that tells the agent; `undefined` while there is nothing to tell. */
function documentOf(
  { server }: AmtLoopParts,
  intent: IntentRow,
  choice: Awaited<ReturnType<ChooseProfile>> | undefined,
): Json | undefined {
  const { url, trust } = server()
  if (intent.amt === 'unprovisioned')
    return { activation: { state: 'deactivated', server: url, profile: 'none', attempt: intent.attempt, trust } }
  if (choice === undefined || 'why' in choice) return undefined
  return {
    activation: {
      state: 'activated',
      server: url,
      profile: choice.profile,
      attempt: intent.attempt,
      trust,
      ...(intent.dns_suffix === null ? {} : { dnsSuffix: intent.dns_suffix }),
    },
  }
}
