// SPDX-License-Identifier: Apache-2.0
/** Makes this whole process the home of one plugin. */
import { Socket } from 'node:net'
import type { AnyPlugin } from '../../plugins/contract/index.ts'
import { createSystem } from '../system/real.ts'
import type { System } from '../system/system.ts'
import { permittedFiles } from './permitted-files.ts'
import { CHANNEL } from './protocol.ts'
import { servePlugin } from './serve.ts'

/**
 * Runs a plugin as this process and ends it when the agent says so or is gone. Returns at once; the process lives for as
 * long as the channel is open.
 */
export function runPluginChild(plugin: AnyPlugin, system: System = createSystem()): void {
  servePlugin(plugin, {
    channel: new Socket({ fd: CHANNEL, readable: true, writable: true }),
    system: { ...system, files: permittedFiles(system.files) },
    leave: code => process.exit(code),
  })
}
