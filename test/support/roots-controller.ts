// SPDX-License-Identifier: Apache-2.0
/** A controller on a machine of its own, installed from the repository it serves, with somebody signed in. */
import { until } from './controller.ts'
import type { Machine, World } from './roots.ts'
import { ask, mirror, type Repository } from './roots-plant.ts'

export const CONTROLLER = 'ctl.local'
export const CONTROLLER_URL = `https://${CONTROLLER}:8443`

export interface Plant {
  /** What `/v1/packages` says. */
  readonly packages: any
  get(path: string): Promise<any>
  joinToken(): Promise<string>
  /** The first host that is online and has told what it can do. */
  firstOnline(journal: () => Promise<string>): Promise<any>
}

/** Installs it and waits until it serves packages. The machine must have the repository at `/srv/muster/repository`. */
export async function installController(world: World, machine: Machine, repository: Repository): Promise<Plant> {
  const source = `deb [trusted=yes] ${await mirror(world, repository.dir)}/apt stable main`
  const install = 'DEBIAN_FRONTEND=noninteractive apt-get install -y muster-controller'
  const said = await machine.ok(
    `echo '${source}' > /etc/apt/sources.list.d/muster.list && apt-get update && ${install}`,
  )
  const secret = /\/setup#(\S+)/.exec(said)?.[1]
  const setup = { method: 'POST', body: { secret, name: 'tester' } } as const
  const { token } = (await ask(world, `${CONTROLLER_URL}/v1/setup`, setup)).body
  const get = async (path: string) => (await ask(world, `${CONTROLLER_URL}${path}`, { method: 'GET', token })).body
  return {
    // A machine that has just started may ask for patience.
    packages: await until(
      () => get('/v1/packages'),
      found => found.published === true,
      30_000,
    ),
    get,
    joinToken: async () => {
      const url = `${CONTROLLER_URL}/v1/projects/default/enrollment/tokens`
      return (await ask(world, url, { method: 'POST', token, body: { uses: 1 } })).body.token
    },
    firstOnline: async journal => {
      const deadline = performance.now() + 60_000
      for (;;) {
        const { hosts } = await get('/v1/projects/default/compute/hosts')
        const found = hosts?.find((each: any) => each.presence?.online === true && each.capabilities?.length > 0)
        if (found !== undefined) return found
        if (performance.now() > deadline) throw new Error(`nobody is online: ${await journal()}`)
        await new Promise(resolve => setTimeout(resolve, 300))
      }
    },
  }
}
