// SPDX-License-Identifier: Apache-2.0
/**
 * A program of its own, run and forgotten: asks systeminformation for what /proc and /sys did not show and prints it as
 * JSON. The only importer of that package, so that its 25 MB and its own child processes never live in the agent.
 * Arguments: `system`, `graphics`.
 */
import process from 'node:process'
import { baseboard, bios, chassis, graphics, system } from 'systeminformation'

const wanted = new Set(process.argv.slice(2))

const answer = {
  ...(wanted.has('system')
    ? { system: await system(), bios: await bios(), baseboard: await baseboard(), chassis: await chassis() }
    : {}),
  ...(wanted.has('graphics') ? { controllers: (await graphics()).controllers } : {}),
}

process.stdout.write(JSON.stringify(answer))
