// SPDX-License-Identifier: Apache-2.0
/** Enrolls a machine that starts for the first time with nobody at its keyboard: a container, or a copied image. */
import { asProblem, type Log, MINUTE, SECOND } from '../../plugins/contract/index.ts'
import { enroll } from '../identity/enroll.ts'
import { collectFacts } from '../identity/facts.ts'
import { problem } from '../problems.ts'
import { VERSION } from '../version.ts'
import { tokenIn } from './enroll.ts'
import type { Surroundings } from './surroundings.ts'

export type FirstStart = {
  readonly url: string
  readonly tokenFile: string | undefined
  readonly log: Log
  readonly signal: AbortSignal
}

const FIRST_WAIT_MS = 2 * SECOND
const LONGEST_WAIT_MS = 2 * MINUTE

/**
 * Resolves once this machine is a host. A controller that is not there yet, or has too much to do, is asked again, later
 * each time. Throws what asking again does not change, such as `token-refused`, and when the signal comes.
 */
export async function enrollFirst(
  { system, identities }: Surroundings,
  { url, tokenFile, log, signal }: FirstStart,
): Promise<void> {
  if (tokenFile === undefined) throw problem('token-missing', 'name a file with --token-file')
  const token = await tokenIn(tokenFile, system)
  const facts = await collectFacts(system)
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      const identity = await enroll({
        system,
        identities,
        url,
        token,
        facts,
        agentVersion: VERSION,
        signal,
        onStep: ({ name, ok, detail }) => log.debug('a step of the enrollment', { name, ok, detail }),
      })
      log.info('this machine is a host now', { host: identity.host, project: identity.project })
      return
    } catch (thrown) {
      const why = asProblem(thrown)
      if (signal.aborted || why.retry === 'never') throw thrown
      log.warn('the enrollment is tried again', { problem: why.code, detail: why.detail, waitMs })
      // A fleet that starts in one moment must not come back in one.
      const [dice = 0] = system.random(1)
      await system.clock.sleep(waitMs * (0.5 + dice / 510), signal)
    }
  }
}
