// SPDX-License-Identifier: Apache-2.0
/** The amt plugin against the real `rpc`, built from its public module, on whatever machine the tests run on. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FIXED_ENVIRONMENT } from '../../agent/hosting/plugin-host.ts'
import { createProcesses } from '../../agent/system/processes.ts'
import { amt as section } from '../../plugins/amt/contract.ts'
import { amt } from '../../plugins/amt/plugin.ts'
import { canonical, findings, type PluginHost } from '../../plugins/contract/index.ts'
import { realHost } from '../unit/plugins/host.ts'

const SCRIPT = fileURLToPath(new URL('build-rpc.sh', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/rpc', import.meta.url))

type Built = { readonly binary: string; readonly version: string } | { readonly missing: string }

/** An own binary can be named by `MUSTER_RPC_V2` and `MUSTER_RPC_V3`; otherwise it is built once and kept. */
function build(generation: 'v2' | 'v3'): Built {
  const own = process.env[`MUSTER_RPC_${generation.toUpperCase()}`]
  if (own !== undefined) return { binary: own, version: 'given' }
  const { status, stdout, stderr } = spawnSync('sh', [SCRIPT, generation, CACHE], {
    encoding: 'utf8',
    timeout: 300_000,
  })
  if (status === 3) return { missing: 'no Go' }
  const [, version, binary] = /^\S+ (\S+) (.+)$/m.exec(stdout ?? '') ?? []
  if (status === 0 && version !== undefined && binary !== undefined) return { version, binary }
  return { missing: `rpc cannot be built: ${(stderr ?? '').trim().split('\n').at(-1) ?? status}` }
}

/** The agent's host over this machine, where `rpc` is the binary that was built. */
function hostWith(binary: string): PluginHost {
  const processes = createProcesses()
  return {
    ...realHost(amt.manifest),
    run: (_file, args, { signal, timeoutMs = 30_000 }) =>
      processes.run(binary, args, { signal, timeoutMs, env: FIXED_ENVIRONMENT, maxBytes: 1_048_576 }),
  }
}

const { signal } = new AbortController()

describe.each(['v2', 'v3'] as const)('the real rpc %s', generation => {
  const built = process.platform === 'linux' ? build(generation) : { missing: 'not Linux' }
  const missing = 'missing' in built ? built.missing : undefined
  const name = missing === undefined ? `gets a definite classification` : `gets one (skipped: ${missing})`

  it.skipIf(missing !== undefined)(
    name,
    async () => {
      if ('missing' in built) return
      const observed = await amt.start(hostWith(built.binary)).observe(signal)
      const again = await amt.start(hostWith(built.binary)).observe(signal)

      expect(findings(section.observed, observed)).toEqual([])
      expect(observed.rpc?.generation).toBe(generation)
      expect(observed.why).not.toMatch(/not installed|not understood|in time/)
      expect(canonical(again)).toBe(canonical(observed))
      // A machine with a management engine states its firmware; one without gets a reason that waiting does not change.
      if (observed.firmware?.version === undefined) expect(observed).toMatchObject({ retry: false })
    },
    180_000,
  )
})
