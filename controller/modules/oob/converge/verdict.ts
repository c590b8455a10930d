// SPDX-License-Identifier: Apache-2.0
/** One answer from several witnesses: the agent's session, the firmware's tunnel, and the power state. Pure. */
import { type EpochMs, MINUTE } from '../../../../plugins/contract/index.ts'

export const VERDICTS = [
  'running',
  'agent-stopped',
  'agent-dead',
  'os-hung',
  'booting',
  'asleep',
  'off',
  'network-down',
  'not-managed',
  'unknown',
] as const
export type Verdict = (typeof VERDICTS)[number]

export type Witnesses = {
  /** `undefined`: no agent was ever there. */
  readonly agent: { readonly online: boolean; readonly since: EpochMs; readonly reason: string | undefined } | undefined
  readonly tunnel: { readonly connected: boolean; readonly since: EpochMs | undefined }
  /** Last known, and when it was read. */
  readonly power: { readonly state: number; readonly at: EpochMs } | undefined
}

export type Judgement = {
  readonly verdict: Verdict
  /** The evidence, for a person. */
  readonly why: string
  /** What usually helps; a playbook carries it out. */
  readonly advice: 'none' | 'power-on' | 'restart-agent' | 'restart-host' | 'check-network' | 'activate'
}

/** Two witnesses that fall silent within so long lost the same thing. */
const TOGETHER_MS = 3 * MINUTE
/** From power to an agent that greets. */
const BOOT_MS = 5 * MINUTE
const OFF = [6, 8, 12, 13]
const ASLEEP = [3, 4, 7]

export function judge(seen: Witnesses, now: EpochMs): Judgement {
  const { agent, tunnel, power } = seen
  if (agent?.online === true) return say('running', 'its agent is connected', 'none')
  if (tunnel.connected) return withTunnel(seen, now)
  if (agent === undefined && tunnel.since === undefined)
    return say('not-managed', 'neither agent nor tunnel was ever there', 'activate')
  if (power !== undefined && OFF.includes(power.state) && isAfter(power.at, agent?.since))
    return say('off', 'it was off when its firmware was last heard', 'power-on')
  if (power !== undefined && ASLEEP.includes(power.state) && isAfter(power.at, agent?.since))
    return say('asleep', 'it was asleep when its firmware was last heard', 'power-on')
  if (agent !== undefined && tunnel.since !== undefined && Math.abs(agent.since - tunnel.since) <= TOGETHER_MS)
    return say('network-down', 'agent and firmware fell silent together: network or mains', 'check-network')
  return say('unknown', 'nothing of it answers, and it has no tunnel', 'check-network')
}

function withTunnel({ agent, power }: Witnesses, now: EpochMs): Judgement {
  if (power === undefined) return say('unknown', 'its firmware answers; its power state was not read yet', 'none')
  if (OFF.includes(power.state)) return say('off', `its firmware says off (${power.state})`, 'power-on')
  if (ASLEEP.includes(power.state)) return say('asleep', `its firmware says asleep (${power.state})`, 'power-on')
  if (agent === undefined) return say('running', 'its firmware says on; it has no agent', 'none')
  if (agent.reason === 'stopped') return say('agent-stopped', 'it is on, and its agent said farewell', 'none')
  if (agent.reason === 'rebooting' || now - agent.since < BOOT_MS)
    return say('booting', 'it is on, and its agent has been away for a moment only', 'none')
  // A socket that the operating system closed was closed by an operating system that lives.
  if (agent.reason === 'lost' || agent.reason === 'left')
    return say('agent-dead', 'it is on, and its system closed the connection of the agent', 'restart-agent')
  return say('os-hung', 'it is on, and its agent fell silent without a word', 'restart-host')
}

function isAfter(at: EpochMs, other: EpochMs | undefined): boolean {
  return other === undefined || at >= other - TOGETHER_MS
}

function say(verdict: Verdict, why: string, advice: Judgement['advice']): Judgement {
  return { verdict, why, advice }
}
