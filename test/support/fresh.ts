// SPDX-License-Identifier: Apache-2.0
/** A controller that nobody has been to: no administrator yet, and the one-time link it prints. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, DEFAULT_MODULES, resolveConfig } from '../../controller/config.ts'
import { startController } from '../../controller/controller.ts'
import { createLogs } from '../../controller/log.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import { webFolder } from './dashboard.ts'

export interface FreshController extends AsyncDisposable {
  readonly url: string
  /** Another one-time link. */
  link(): Promise<string>
}

/** With the dashboard, and the modules that are named; with AMT only where it is told a port, which is one of a kind. */
export async function startFresh(
  modules: Readonly<Record<string, unknown>> = DEFAULT_MODULES,
  config: Partial<Config> = {},
): Promise<FreshController> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-test-'))
  const { oob, ...others } = modules as { readonly oob?: { readonly cira?: object } }
  const controller = await startController({
    config: resolveConfig({
      dataDir: dir,
      bus: { listen: '127.0.0.1:0', trustLoopback: true },
      http: { listen: ['https://127.0.0.1:0'], requestsPerMinute: { person: 1_000_000, address: 1_000_000 } },
      ...config,
      modules: { ...others, ...(oob?.cira === undefined ? {} : { oob }), dashboard: { dir: await webFolder() } },
    }),
    surroundings: { clock: realClock, random: realRandom, digest: sha256 },
    logs: createLogs('silent'),
  })
  const [url] = controller.urls
  return {
    url: url!.origin,
    link: () => controller.setupLink(),
    [Symbol.asyncDispose]: async () => {
      await controller.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
