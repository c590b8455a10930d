// SPDX-License-Identifier: Apache-2.0
/** The agent's own program as the process of a plugin: found in the catalog, behind the permission model, stopped again. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { hostPlugin } from '../../agent/hosting/hosted.ts'
import { createSystem } from '../../agent/system/real.ts'
import { findings } from '../../plugins/contract/index.ts'
import { os as plugin } from '../../plugins/os/plugin.ts'
import { keptLog } from '../unit/agent/hosting/fixtures/quiet.ts'

const program = fileURLToPath(new URL('../../agent/bin.js', import.meta.url))

it('observes this machine from a process of its own', async () => {
  const states: string[] = []
  const hosted = hostPlugin(
    { manifest: plugin.manifest, section: plugin.section },
    {
      system: createSystem(),
      log: keptLog().log,
      isolation: 'process',
      entry: { file: program, args: ['plugin', plugin.manifest.name] },
      onChanged: () => {},
      onSample: () => {},
      onState: state => states.push(state),
    },
  )

  const observed = await hosted.running.observe(new AbortController().signal)
  await hosted.stop()

  expect(findings(plugin.section.observed, observed)).toEqual([])
  expect(observed).toHaveProperty('hostname')
  expect(states).toEqual(['stopped'])
})

it('ends at once when it does not know the plugin it is asked for', async () => {
  const states: [string, string | undefined][] = []
  const hosted = hostPlugin(
    { manifest: plugin.manifest, section: plugin.section },
    {
      system: createSystem(),
      log: keptLog().log,
      isolation: 'process',
      entry: { file: program, args: ['plugin', 'unheard-of'] },
      limits: { crashes: 1 },
      onChanged: () => {},
      onSample: () => {},
      onState: (state, problem) => states.push([state, problem?.code]),
    },
  )

  await expect.poll(() => states, { timeout: 10_000 }).toEqual([['quarantined', 'plugin-crashed']])
  expect(hosted.problem?.detail).toMatch(/exited with code [1-9]/)
  await hosted.stop()
})
