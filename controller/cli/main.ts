// SPDX-License-Identifier: Apache-2.0
/** Composition root of the command line: real terminal, files, sockets and clock. */
import { randomBytes } from 'node:crypto'
import { run } from './run.ts'
import { clock } from './system/clock.ts'
import { files } from './system/files.ts'
import { sockets } from './system/sockets.ts'
import { createTerminal } from './system/terminal.ts'
import { wire } from './system/wire.ts'

const stopping = new AbortController()
process.on('SIGINT', () => {
  // The second one means it.
  if (stopping.signal.aborted) process.exit(130)
  stopping.abort(new Error('interrupted'))
})

const terminal = createTerminal()
const code = await run(process.argv.slice(2), {
  terminal,
  files,
  wire,
  sockets,
  clock,
  newKey: () => randomBytes(16).toString('hex'),
  signal: stopping.signal,
})
// Standard input or a socket on its way out must not hold the process back; what was printed has been handed over.
process.exit(code)
