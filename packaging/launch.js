// SPDX-License-Identifier: Apache-2.0
/** Starts a program on a Node that can run it; plain JavaScript, because an older Node must be able to read it. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const NEEDED = 24
const MARK = 'MUSTER_RELAUNCHED'

/**
 * Calls the importer on Node 24 or later. On an older one it starts the same command again with the Node that
 * `npm ci` installed beside the program, passing signals on and ending as it ends; without one it says what to do.
 */
export function launch(importer) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
    for (const flag of LEAN) setFlagsFromString(flag)
    return importer()
  }
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (process.env[MARK] || !existsSync(node)) return refuse('run `npm ci` in its folder')
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env: { ...process.env, [MARK]: '1' } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => refuse(`${node} does not start (${error.code})`))
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + (SIGNALS[signal] ?? 0)))
}

/** A rush makes garbage; a young generation that may not grow over it keeps the heap at two thirds. */
const LEAN = ['--max-semi-space-size=2', '--semi-space-growth-factor=1']

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

function refuse(what) {
  process.stderr.write(`error: this needs Node ${NEEDED} or later, and this is ${process.version}: ${what}\n`)
  process.exit(1)
}
