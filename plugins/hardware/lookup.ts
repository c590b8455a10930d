// SPDX-License-Identifier: Apache-2.0
/** Asks the child program `source` for what the files did not show: at start and then once a day, never in the way. */
import process from 'node:process'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'
import { type Static, Type } from 'typebox'
import { canonical, DAY, findings, type PluginHost, parseBounded, SECOND } from '../contract/index.ts'
import type { Accelerator } from './contract.ts'
import type { Identity } from './identity.ts'
import { factual, factualUuid } from './placeholders.ts'
import { present } from './read.ts'

export type Topic = 'system' | 'graphics'

/** What the child knew; empty when it was not asked, did not know, or failed. */
export type Learned = Pick<Identity, 'system' | 'board' | 'chassis' | 'bios'> & {
  /** Names by PCI function, without the domain: `00:02.0`. */
  readonly gpus: ReadonlyMap<string, Pick<Accelerator, 'vendor' | 'product'>>
}

export const NOTHING_LEARNED: Learned = { system: {}, board: {}, chassis: {}, bios: {}, gpus: new Map() }

export type Lookup = {
  /** Answers at once with what is known; asks the child in the background when it is due and something is missing. */
  about(topics: readonly Topic[]): Learned
  /** Ends a child that is running and resolves when it has gone. */
  stop(): Promise<void>
}

const TIMEOUT_MS = 20 * SECOND

function plain({ gpus, ...identity }: Learned): object {
  return { ...identity, gpus: Object.fromEntries(gpus) }
}

/** Creates a lookup that calls `host.changed()` when it has learned something. `script` is `undefined` where there is none. */
export function lookup(host: PluginHost, script: string | undefined): Lookup {
  const stopping = new AbortController()
  let learned = NOTHING_LEARNED
  let askedAt: number | undefined
  let running: Promise<void> = Promise.resolve()

  async function ask(path: string, topics: readonly Topic[]): Promise<void> {
    try {
      const options = { signal: stopping.signal, timeoutMs: TIMEOUT_MS }
      const { code, stdout, stderr } = await host.run(process.execPath, [path, ...topics], options)
      const answer = code === 0 ? parseAnswer(stdout) : undefined
      if (answer === undefined) {
        host.log.debug('hardware lookup failed', { code, stderr: stderr.slice(0, 500) })
        return
      }
      const news = canonical(plain(answer)) !== canonical(plain(learned))
      learned = answer
      if (news) host.changed()
    } catch (error) {
      host.log.debug('hardware lookup failed', { error: String(error) })
    }
  }

  return {
    about(topics) {
      const due = askedAt === undefined || host.now() - askedAt >= DAY
      if (script !== undefined && topics.length > 0 && due && !stopping.signal.aborted) {
        askedAt = host.now()
        running = ask(script, topics)
      }
      return learned
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/**
 * Where the child program is: beside this file under the name `source`, with this file's extension, be that the
 * sources, compiled modules, or a bundle that ships it beside itself. A single-file executable cannot run it, because
 * there `process.execPath` is the agent.
 */
export function sourceScript(): string | undefined {
  if (isSea()) return undefined
  const here = import.meta.url
  if (typeof here !== 'string' || !here.startsWith('file:')) return undefined
  return fileURLToPath(new URL(`./source${/\.[cm]?[jt]s$/.exec(here)?.[0] ?? '.js'}`, here))
}

const Text = Type.Optional(Type.Union([Type.String({ maxLength: 10_000 }), Type.Null()]))
const Answer = Type.Object({
  system: Type.Optional(
    Type.Object({ manufacturer: Text, model: Text, version: Text, serial: Text, uuid: Text, sku: Text }),
  ),
  bios: Type.Optional(Type.Object({ vendor: Text, version: Text, releaseDate: Text })),
  baseboard: Type.Optional(Type.Object({ manufacturer: Text, model: Text, version: Text, serial: Text })),
  chassis: Type.Optional(Type.Object({ manufacturer: Text, type: Text, version: Text, serial: Text })),
  controllers: Type.Optional(
    Type.Array(Type.Object({ vendor: Text, model: Text, busAddress: Text }), { maxItems: 256 }),
  ),
})
type Answer = Static<typeof Answer>

/** Reads what the child printed; `undefined` when it is not what this file expects. */
export function parseAnswer(stdout: string): Learned | undefined {
  const value = parseBounded(new TextEncoder().encode(stdout), 262_144)
  if (value === undefined || findings(Answer, value).length > 0) return undefined
  return learnedFrom(value as Answer) // the schema has just said so
}

function learnedFrom({ system = {}, bios = {}, baseboard = {}, chassis = {}, controllers = [] }: Answer): Learned {
  const said = (text: string | null | undefined): string | undefined => factual(text ?? undefined)
  const vendor = said(system.manufacturer)
  const gpus = controllers.flatMap(({ vendor: maker, model, busAddress }) => {
    const at = said(busAddress)?.toLowerCase()
    return at === undefined ? [] : [[at, present({ vendor: said(maker), product: said(model) })] as const]
  })
  return {
    system: present({
      vendor,
      // Without a manufacturer the model is the library's guess at a container or a hypervisor.
      productName: vendor === undefined ? undefined : said(system.model),
      productVersion: said(system.version),
      serialNumber: said(system.serial),
      uuid: factualUuid(said(system.uuid)),
      sku: said(system.sku),
    }),
    bios: present({ vendor: said(bios.vendor), version: said(bios.version), releaseDate: said(bios.releaseDate) }),
    board: present({
      vendor: said(baseboard.manufacturer),
      name: said(baseboard.model),
      version: said(baseboard.version),
      serial: said(baseboard.serial),
    }),
    chassis: present({
      vendor: said(chassis.manufacturer),
      type: said(chassis.type),
      version: said(chassis.version),
      serial: said(chassis.serial),
    }),
    gpus: new Map(gpus),
  }
}
