// SPDX-License-Identifier: Apache-2.0
/** What the tests of the simulator share. */
import { createHash } from 'node:crypto'
import type { Static } from 'typebox'
import { createPluginHost } from '../../../agent/hosting/plugin-host.ts'
import { silentLog } from '../../../agent/log.ts'
import type { Files, Plugin, Section, Step } from '../../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../../simulator/clock.ts'
import { createSimulatedHost, type SimulatedHost, type SimulatedHostOptions } from '../../../simulator/host.ts'

export const START = Date.UTC(2026, 10, 21, 4, 31)

export const never = new AbortController().signal

export type TestHost = { readonly host: SimulatedHost; readonly clock: FakeClock }

/** A host on a clock of its own. */
export function newHost(options: Partial<SimulatedHostOptions> = {}): TestHost {
  const clock = createFakeClock(START)
  return { clock, host: createSimulatedHost({ seed: 'test', index: 1, clock, ...options }) }
}

/** Runs a real plugin with no more than its manifest grants it, and answers what it observes. */
export async function observe<S extends Section, P extends Step>(
  plugin: Plugin<S, P>,
  host: SimulatedHost,
): Promise<Static<S['observed']>> {
  const owned = createPluginHost({
    manifest: plugin.manifest,
    system: host.system,
    log: silentLog(),
    timers: 64,
    onChanged: () => undefined,
    onSample: () => undefined,
  })
  try {
    return await plugin.start(owned.host).observe(never)
  } finally {
    owned.close()
  }
}

export const runOptions = { signal: never, timeoutMs: 10_000, env: {}, maxBytes: 1_048_576 }

/** Every file, folder and link below the root, by path. */
export async function wholeTree(files: Files): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const visit = async (path: string): Promise<void> => {
    const link = await files.link(path)
    if (link !== undefined) {
      found.set(path, `-> ${link}`)
      return
    }
    const names = await files.list(path === '' ? '/' : path)
    if (names.length === 0) found.set(path, digest(await files.read(path).catch(cause => String(cause))))
    for (const name of names) await visit(`${path}/${name}`)
  }
  await visit('')
  return found
}

export function digest(content: Uint8Array | string | undefined): string {
  return content === undefined ? 'absent' : createHash('sha256').update(content).digest('base64url')
}
