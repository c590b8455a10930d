// SPDX-License-Identifier: Apache-2.0
/** Brings an activated device to what is wanted: one step, then another look; over `rpc` as over its tunnel. */
import { asProblem, Problem } from '../../../../plugins/contract/index.ts'
import { deviceSecret } from '../devices/secrets.ts'
import type { Ground } from './ground.ts'
import { createObserver, type Observer } from './observe.ts'
import type { PartName, Parts } from './observed.ts'
import { type Known, RULES, type Rule } from './plan.ts'
import type { ComponentName } from './protocol.ts'
import { keyOf, OPTIONAL, type Step, TOUCHES } from './step.ts'
import { apply, type Scene } from './steps/apply.ts'
import { same } from './steps/passwords.ts'
import type { Wanted } from './wanted.ts'

export type RuleFailure = {
  readonly rule: string
  readonly component: ComponentName | undefined
  /** What was to be done, and why it was not. */
  readonly step: string
  readonly why: string
}

export type Provisioned = {
  /** What was done, in order. */
  readonly done: readonly Step[]
  readonly failures: readonly RuleFailure[]
  /** Parts as they were last seen. */
  readonly parts: Observer
}

/** More steps than this for one rule means that it does not converge. */
const MAX_STEPS = 40
/** A step whose outcome is unknown is tried this often. */
const TRIES = 2

/**
 * Carries out the rules in their order. A rule that fails is reported and does not keep the others from being met.
 * Rejects only when the way to the device is gone, or with the signal's reason: it is then to be called again, and
 * goes on where the firmware stands.
 */
export async function provisionOver(ground: Ground, wanted: Wanted): Promise<Provisioned> {
  const observer = createObserver(ground)
  const done: Step[] = []
  const failures: RuleFailure[] = []
  const tally: Tally = { done, failures, known: undefined }
  for (const rule of RULES) await meet({ ground, observer, wanted }, rule, tally)
  return { done, failures, parts: observer }
}

/** What would be done, without doing it: the drift of a device. */
export async function driftOver(ground: Ground, wanted: Wanted): Promise<readonly Step[]> {
  const observer = createObserver(ground)
  const known = await knownOf(ground, wanted)
  const steps: Step[] = []
  for (const rule of RULES) steps.push(...rule.plan(wanted, await partsOf(observer, rule.needs), known))
  return steps
}

type Tally = {
  readonly done: Step[]
  readonly failures: RuleFailure[]
  /** Asked for anew after steps that change it. */
  known: Known | undefined
}

/** Steps after which secrets and marks are others than before. */
const CHANGES_KNOWN: ReadonlySet<Step['do']> = new Set([
  'set-password',
  'set-mebx-password',
  'add-server',
  'set-tls',
  'disable-tls',
])

async function meet(scene: Scene, rule: Rule, tally: Tally): Promise<void> {
  const { done, failures } = tally
  const tried = new Map<string, number>()
  const fail = (step: string, why: string): void => {
    failures.push({ rule: rule.name, component: rule.component, step, why })
  }
  for (let count = 0; count < MAX_STEPS; count++) {
    const steps = await planned(scene, rule, { tally, fail })
    const step = nextOf(steps ?? [], rule, tried)
    if (step === undefined) {
      const stuck = steps?.find(each => !OPTIONAL.has(each.do) && tried.get(keyOf(each)) !== Number.POSITIVE_INFINITY)
      if (stuck !== undefined) fail(stuck.do, 'it had no effect')
      return
    }
    const outcome = await attempt(scene, step)
    scene.observer.forget(TOUCHES[step.do])
    if (CHANGES_KNOWN.has(step.do)) tally.known = undefined
    if (outcome === 'done') done.push(step)
    // What was done and shows no effect is not done again; what may have been lost is.
    tried.set(keyOf(step), outcome === 'unknown' ? (tried.get(keyOf(step)) ?? 0) + 1 : TRIES)
    if (outcome === 'done' || outcome === 'unknown') continue
    tried.set(keyOf(step), Number.POSITIVE_INFINITY)
    if (OPTIONAL.has(step.do)) continue
    fail(step.do, outcome.detail ?? outcome.title)
    if (!rule.goesOn) return
  }
}

/** The first that may still help; one that must be met before the others keeps them waiting. */
function nextOf(steps: readonly Step[], rule: Rule, tried: ReadonlyMap<string, number>): Step | undefined {
  for (const step of steps) {
    if ((tried.get(keyOf(step)) ?? 0) < TRIES) return step
    if (!rule.goesOn && !OPTIONAL.has(step.do)) return undefined
  }
  return undefined
}

async function planned(
  { ground, observer, wanted }: Scene,
  rule: Rule,
  { tally, fail }: { readonly tally: Tally; readonly fail: (step: string, why: string) => void },
): Promise<readonly Step[] | undefined> {
  try {
    tally.known ??= await knownOf(ground, wanted)
    return rule.plan(wanted, await partsOf(observer, rule.needs), tally.known)
  } catch (thrown) {
    const problem = passing(ground, thrown)
    fail('read', problem.detail ?? problem.title)
    return undefined
  }
}

async function partsOf(observer: Observer, needs: readonly PartName[]): Promise<Partial<Parts>> {
  const parts: Partial<Record<PartName, unknown>> = {}
  for (const name of needs) parts[name] = await observer.read(name)
  return parts as Partial<Parts> // each under its own name
}

async function attempt(scene: Scene, step: Step): Promise<'done' | 'unknown' | Problem> {
  const { ground } = scene
  await ground.onStep(step.do, step.why)
  try {
    await apply(scene, step)
    return 'done'
  } catch (thrown) {
    const problem = passing(ground, thrown)
    if (problem.code !== 'amt-timeout') return problem
    await ground.pause(ground.timing.tlsMs)
    return 'unknown'
  }
}

/** A failure of one step, or of reading; what ends all of it is thrown on. */
function passing({ signal }: Ground, thrown: unknown): Problem {
  signal.throwIfAborted()
  if (!(thrown instanceof Problem)) throw thrown
  if (thrown.code === 'amt-not-connected' || thrown.code === 'amt-unauthorized') throw thrown
  return asProblem(thrown)
}

async function knownOf(ground: Ground, wanted: Wanted): Promise<Known> {
  const { store, secrets, project, guid, certificates, marks, tlsEnforced } = ground
  const of = (kind: 'amt-admin' | 'amt-mebx' | 'amt-cira') =>
    secrets.candidates(store, deviceSecret(project, guid, kind))
  const [admin] = await of('amt-admin')
  const mebx = await of('amt-mebx')
  const cira = await of('amt-cira')
  const differs =
    wanted.ciraPassword !== undefined && !cira.some(each => same(each.value, wanted.ciraPassword ?? each.value))
  return {
    passwordDiffers: wanted.password !== undefined && admin !== undefined && !same(admin.value, wanted.password),
    mebxPending: mebx.some(each => each.state === 'pending'),
    ciraPassword: cira.length === 0 ? 'missing' : differs ? 'differs' : 'kept',
    uncommitted: await marks.uncommitted(),
    tlsEnforced,
    tlsRoot: wanted.tls === undefined ? ((await certificates.kept(project)) ?? '') : await certificates.root(project),
  }
}
