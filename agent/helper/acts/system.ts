// SPDX-License-Identifier: Apache-2.0
/** Gets the system ready for what was ordered: a driver, a name, a service. */
import { posix } from 'node:path'
import { check, SECOND } from '../../../plugins/contract/index.ts'
import { OsDesired, os } from '../../../plugins/os/contract.ts'
import type { Act, Bench } from '../act.ts'
import type { GrantOf } from '../config.ts'
import type { InputOf } from '../inputs.ts'
import { orderedIn } from '../orders.ts'
import { problem } from '../problems.ts'
import { orderOf } from './rpc.ts'

const WITHIN_MS = 40 * SECOND
const RUN_MS = 30 * SECOND
/** Intel's local service, which the section amt starts when it was ordered to activate. */
const LMS = { unit: 'lms.service', do: ['unmask', 'enable', 'start'] } as const

export const loadModule: Act<'module.load'> = {
  title: 'Load the driver of the management engine',
  authority: 'signed',
  withinMs: WITHIN_MS,
  async perform({ module }, bench) {
    await orderOf(bench)
    return bench.programs.run('modprobe', [module], { signal: bench.signal, timeoutMs: RUN_MS, outside: true })
  },
}

/** A name in force; the file of the name is put by `file.put`. */
export const setHostname: Act<'hostname.set'> = {
  title: 'Give the host the name it shall have',
  authority: 'signed',
  withinMs: WITHIN_MS,
  async perform({ hostname, by }, bench) {
    if ((await nameOrdered(bench)) !== hostname)
      throw problem('not-authorized', 'the desired document has another name')
    const line = by === 'hostname' ? [hostname] : ['--no-ask-password', 'set-hostname', hostname]
    return bench.programs.run(by, line, { signal: bench.signal, timeoutMs: RUN_MS, outside: true })
  },
}

/** What the desired document of the section os says the host is called. */
export async function nameOrdered({ warrants }: Pick<Bench, 'warrants'>): Promise<string | undefined> {
  const content = await warrants().desired(os)
  return content === null ? undefined : check(OsDesired, content, 'desired of os').hostname
}

export const controlService: Act<'service.control'> = {
  title: 'Start, stop or enable a service',
  authority: 'signed',
  withinMs: WITHIN_MS,
  alone: 'services',
  async perform(input, bench) {
    if (input.unit === LMS.unit && LMS.do.some(verb => verb === input.do)) await orderOf(bench)
    else await granted(input, bench)
    const line = [input.do, '--no-ask-password', '--', input.unit]
    return bench.programs.run('systemctl', line, { signal: bench.signal, timeoutMs: RUN_MS })
  },
}

async function granted(input: InputOf<'service.control'>, bench: Bench): Promise<void> {
  const fits = (grant: GrantOf<'service.control'>): boolean =>
    grant.units.includes(input.unit) && grant.do.includes(input.do)
  await orderedIn(bench, {
    verb: 'service.control',
    grants: bench.grants.filter(each => each.act === 'service.control').filter(fits),
    says: order => order.unit === input.unit && order.do === input.do,
    what: `${input.do} of ${posix.basename(input.unit)}`,
  })
}
