// SPDX-License-Identifier: Apache-2.0
/** The lab's one folder: everything it leaves behind lies here and nowhere else. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'

export type LabPorts = { readonly https: number; readonly http: number; readonly bus: number; readonly cira: number }

export interface LabFolder {
  readonly dir: string
  path(...parts: string[]): string
  /** Whether the lab has run here before. */
  readonly used: boolean
  writeConfigurations(ports: LabPorts): void
  /** What the running controller says of itself; `undefined` while it is not up. */
  controllerNote():
    | { readonly pid: number; readonly urls: readonly string[]; readonly rootFingerprint: string }
    | undefined
  read(...parts: string[]): string | undefined
  write(content: string, ...parts: string[]): void
}

export function openLab(base: string): LabFolder {
  const dir = resolve(base)
  const path = (...parts: string[]): string => join(dir, ...parts)
  const used = existsSync(path('controller', 'authority'))
  for (const part of ['', 'controller', 'agent', 'simulated', 'cli', 'logs'])
    mkdirSync(path(part), { recursive: true, mode: 0o700 })
  const write = (content: string, ...parts: string[]): void => writeFileSync(path(...parts), content, { mode: 0o600 })
  const read = (...parts: string[]): string | undefined =>
    existsSync(path(...parts)) ? readFileSync(path(...parts), 'utf8') : undefined
  return {
    dir,
    path,
    used,
    read,
    write,
    writeConfigurations: ports => {
      write(stringify(controllerConfiguration(path('controller'), ports)), 'controller.yaml')
      write(stringify(agentConfiguration(dir)), 'agent.yaml')
      write(POLICY, 'policy.yaml')
    },
    controllerNote: () => {
      const text = read('controller', 'controller.json')
      return text === undefined ? undefined : JSON.parse(text)
    },
  }
}

export function cleanLab(base: string): boolean {
  const dir = resolve(base)
  if (!existsSync(dir)) return false
  rmSync(dir, { recursive: true, force: true })
  return true
}

function controllerConfiguration(dataDir: string, { https, http, bus, cira }: LabPorts): object {
  return {
    dataDir,
    http: { listen: [`https://127.0.0.1:${https}`, `http://127.0.0.1:${http}`] },
    // Every host of the lab comes from this machine.
    bus: { listen: `127.0.0.1:${bus}`, trustLoopback: true },
    modules: {
      onboarding: {},
      inventory: {},
      tenancy: {},
      access: {},
      webhooks: {},
      dashboard: {},
      oob: { cira: { listen: `127.0.0.1:${cira}` } },
    },
    logLevel: 'info',
  }
}

function agentConfiguration(dir: string): object {
  return { stateDir: join(dir, 'agent'), policyFile: join(dir, 'policy.yaml'), startJitterMs: 0 }
}

/** The agent of the lab runs on the machine of whoever tries it: nobody may switch that off from the lab. */
const POLICY = `# What a controller may not do on this machine. Only narrows, never widens.
deny:
  - power/*
`
