// SPDX-License-Identifier: Apache-2.0
/** The compose file is one that compose understands, and everything it can be told is written down with its default. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT, read } from '../arch/tree.ts'

const FOLDER = 'packaging/compose'
const text = read(`${FOLDER}/compose.yaml`)
const plugins = join(ROOT, 'node_modules/.cache/containers/docker')
const env = { ...process.env, ...(existsSync(plugins) ? { DOCKER_CONFIG: plugins } : {}) }
const hasCompose = spawnSync('docker', ['compose', 'version'], { env }).status === 0
if (!hasCompose) process.stderr.write('no docker compose here: one test of the compose file is skipped\n')

/** `${NAME:-default}`, each name once. */
const variables = new Map(
  [...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name = '', value = '']) => [name, value]),
)

describe('the compose file', () => {
  it('is understood by compose, with nothing set', { skip: !hasCompose }, () => {
    const args = [
      'compose',
      '-f',
      join(ROOT, FOLDER, 'compose.yaml'),
      '--profile',
      'simulator',
      'config',
      '--format',
      'json',
    ]
    const { status, stdout, stderr } = spawnSync('docker', args, { env, encoding: 'utf8' })

    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(Object.keys(JSON.parse(stdout).services).sort()).toEqual(['agent', 'controller', 'simulator', 'token'])
  })

  it('gives every service a read-only root, no capabilities, and an end to its memory and its log', () => {
    const { services } = parse(text, { merge: true })
    for (const [name, service] of Object.entries<Record<string, any>>(services)) {
      expect({ name, ...service }).toMatchObject({
        name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
      expect(service.logging.options['max-size']).toBeDefined()
      if (name !== 'token') expect(service.mem_limit).toBeDefined()
    }
  })

  it('takes nothing from its surroundings without a default', () => {
    expect(text.match(/\$\{[A-Z_]+\}|\$[A-Z_]+/g)).toBeNull()
  })

  it('is told what .env.example says, with the same defaults', () => {
    const example = new Map(
      [...read(`${FOLDER}/.env.example`).matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    )

    expect([...example].sort()).toEqual([...variables].sort())
  })

  it('is told what its README says, with the same defaults', () => {
    const rows = [...read(`${FOLDER}/README.md`).matchAll(/^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|/gm)]

    expect(rows.map(([, name = '', value = '']) => [name, value]).sort()).toEqual([...variables].sort())
  })
})
