// SPDX-License-Identifier: Apache-2.0
/** Health of what runs in a container, asked from inside; starts in forty milliseconds where the program takes ten times that. */
import { readFileSync } from 'node:fs'
import { request } from 'node:https'

const PROBES = { controller, agent, simulator }

/** The controller answers, and its database too. */
function controller() {
  const { urls } = JSON.parse(readFileSync(`${process.env.MUSTER_CONTROLLER_DATA_DIR}/controller.json`, 'utf8'))
  const { port } = new URL(urls.find(url => url.startsWith('https:')))
  // To itself, over loopback, and nothing is said that others may not hear: whose certificate it is does not matter.
  const options = { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: 5_000 }
  request(options, ({ statusCode }) => end(statusCode === 200, `/readyz answered ${statusCode}`))
    .on('timeout', () => end(false, '/readyz does not answer'))
    .on('error', ({ message }) => end(false, message))
    .end()
}

/** The agent runs and has a session with its controller. */
function agent() {
  const { status } = JSON.parse(readFileSync(`${process.env.MUSTER_AGENT_STATE_DIR}/status.json`, 'utf8'))
  end(status.link.phase === 'online', `the link is ${status.link.phase}`)
}

/** At least one simulated host has a connection. */
function simulator() {
  const ESTABLISHED = '01'
  const rows = ['tcp', 'tcp6'].flatMap(file => readFileSync(`/proc/net/${file}`, 'utf8').split('\n').slice(1))
  const living = rows.filter(row => row.trim().split(/\s+/)[3] === ESTABLISHED)
  end(living.length > 0, `${living.length} connections`)
}

function end(well, said) {
  process.stdout.write(`${said}\n`)
  process.exit(well ? 0 : 1)
}

try {
  PROBES[process.argv[2]]()
} catch (thrown) {
  end(false, thrown instanceof Error ? thrown.message : String(thrown))
}
