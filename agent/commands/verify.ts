// SPDX-License-Identifier: Apache-2.0
/** The checks a command passes before it runs, in the one order that counts; pure. */
import {
  CommandMessage,
  type CommandType,
  check,
  type EpochMs,
  MAX_BYTES,
  MINUTE,
  type Problem,
  parseTime,
  type ResultMessage,
  readMessage,
  type Section,
  type TrustBundle,
} from '../../plugins/contract/index.ts'
import { digestOf } from '../../provisioning/pki/signing.ts'
import { verifySigned } from '../identity/trust.ts'
import { denies, type LocalPolicy } from '../policy.ts'
import { problem } from './problems.ts'

/** How far a host's idea of time may differ from the controller's. */
export const SKEW_MS = 5 * MINUTE

export type Audience = {
  readonly host: string
  readonly project: string
  readonly installation: string
  /** The highest epoch of the installation this host has seen. */
  readonly epoch: number
  readonly trust: TrustBundle
}

export type CommandSetting = {
  readonly audience: Audience
  /** Trusted time: independent of the wall clock during a session. */
  readonly now: EpochMs
  readonly known: (id: string) => 'begun' | ResultMessage | undefined
  readonly section: (name: string) => Section | undefined
  readonly policy: LocalPolicy
  /** The section the topic named. */
  readonly topicSection: string
}

export type CommandVerdict =
  /** Not proven to come from our controller: it is not answered at all. */
  | { readonly verdict: 'unproven'; readonly problem: Problem }
  | { readonly verdict: 'refused' | 'expired'; readonly problem: Problem; readonly message: CommandMessage }
  /** It came before: the stored result is the answer, or it still runs. */
  | { readonly verdict: 'known'; readonly result: ResultMessage | undefined }
  | { readonly verdict: 'run'; readonly message: CommandMessage; readonly type: CommandType }

/** Judges the bytes of a command. The first check that fails decides. */
export function verifyCommand(payload: Uint8Array, setting: CommandSetting): CommandVerdict {
  const message = readMessage(CommandMessage, payload, MAX_BYTES.command)
  if (message === undefined) return { verdict: 'unproven', problem: problem('message-unreadable') }
  const unproven = signatureFault('command', message, setting.audience) ?? audienceFault(message.head, setting.audience)
  if (unproven !== undefined) return { verdict: 'unproven', problem: unproven }
  if (message.head.section !== setting.topicSection) {
    return { verdict: 'unproven', problem: problem('wrong-audience', 'it came under another section') }
  }
  return judgeProven(message, setting)
}

function judgeProven(message: CommandMessage, setting: CommandSetting): CommandVerdict {
  const { head } = message
  const known = setting.known(head.id)
  const late = timeFault(head, setting.now)
  // An expired command that was run in time still has its result.
  if (known !== undefined) return { verdict: 'known', result: known === 'begun' ? undefined : known }
  if (late !== undefined) return { verdict: late.code === 'expired' ? 'expired' : 'refused', problem: late, message }
  if (digestOf(message.input) !== head.inputDigest)
    return { verdict: 'refused', problem: problem('digest-mismatch'), message }
  const type = typeOf(setting.section(head.section), head.name)
  if (type === undefined)
    return { verdict: 'refused', problem: problem('command-unsupported', `${head.section} ${head.name}`), message }
  const unfit = inputFault(message, type)
  if (unfit !== undefined) return { verdict: 'refused', problem: unfit, message }
  if (denies(setting.policy, head.section, head.name, type.class)) {
    return {
      verdict: 'refused',
      problem: problem('local-policy', setting.policy.fault ?? `${head.section}/${head.name}`),
      message,
    }
  }
  // Approvals are checked against keys enrolled for it, and none are yet: class 4 never runs.
  if (type.class >= 4)
    return { verdict: 'refused', problem: problem('approval-missing', `${head.section} ${head.name}`), message }
  return { verdict: 'run', message, type }
}

// Names come from the wire, and every object has a `constructor` that no section declared.
function typeOf(section: Section | undefined, name: string): CommandType | undefined {
  return section !== undefined && Object.hasOwn(section.commands, name) ? section.commands[name] : undefined
}

type Signed = { readonly head: unknown; readonly kid: string; readonly sig: string }

/** Why a message is not proven to be the controller's. */
export function signatureFault(kind: 'command' | 'desired', message: Signed, { trust }: Audience): Problem | undefined {
  const verdict = verifySigned(kind, message, trust)
  return verdict === 'ok' ? undefined : problem(verdict)
}

type Addressed = Pick<CommandMessage['head'], 'installation' | 'project' | 'host' | 'epoch'>

/** Why a proven message is not for this host, or not any more. */
export function audienceFault(head: Addressed, audience: Audience): Problem | undefined {
  const { installation, project, host } = audience
  if (head.installation !== installation || head.project !== project || head.host !== host)
    return problem('wrong-audience')
  if (head.epoch < audience.epoch) return problem('stale-epoch', `epoch ${head.epoch}, known ${audience.epoch}`)
  return undefined
}

function timeFault({ issuedAt, expiresAt }: CommandMessage['head'], now: EpochMs): Problem | undefined {
  const [issued, expires] = [parseTime(issuedAt), parseTime(expiresAt)]
  if (issued === undefined || expires === undefined) return problem('expired', 'its times cannot be read')
  if (issued > now + SKEW_MS) return problem('not-yet-valid', `issued ${issuedAt}`)
  return expires <= now ? problem('expired', expiresAt) : undefined
}

function inputFault({ head, input }: CommandMessage, type: CommandType): Problem | undefined {
  try {
    check(type.input, input, `input of ${head.section} ${head.name}`)
    return undefined
  } catch (thrown) {
    return thrown as Problem // check throws nothing else
  }
}
