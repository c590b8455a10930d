// SPDX-License-Identifier: Apache-2.0
/** A controller with its dashboard and simulated hosts, and people who are signed in to it in a real browser. */
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { buildWeb, isBuilt } from '../../packaging/build/web.ts'
import { ROOT } from '../arch/tree.ts'
import { type Faults, type Look, launchBrowser, openContext } from './browser.ts'
import { startTestController, type TestController, type TestOptions } from './controller.ts'
import { type FleetWish, startFleet } from './fleet.ts'

export const PASSWORD = 'three red kettles sing'

export interface Dashboard extends AsyncDisposable {
  readonly controller: TestController
  readonly url: string
  readonly browser: Browser
  readonly fleet: Awaited<ReturnType<typeof startFleet>> | undefined
  /** A page of somebody who is signed in: the administrator, or a person with roles. */
  open(path: string, wish?: Look & { readonly as?: string }): Promise<Opened>
  /** Makes a person with a role in the installation, for `open`. */
  person(name: string, role: string): Promise<void>
  close(): Promise<void>
}

export type Opened = {
  readonly page: Page
  readonly context: BrowserContext
  readonly faults: Faults
  close(): Promise<void>
}

export type DashboardWish = TestOptions & {
  readonly hosts?: number
  readonly fleet?: Partial<FleetWish>
}

/** The built dashboard; built now when the sources are newer. `MUSTER_WEB_DIR` names another folder. */
export async function webFolder(): Promise<string> {
  const out = process.env.MUSTER_WEB_DIR ?? join(ROOT, 'node_modules/.cache/muster-web')
  const wanted = { root: ROOT, out, kit: true }
  if (await isBuilt(wanted)) return out
  // Test files start abreast; one builds and the others wait for it.
  const lock = `${out}.lock`
  await mkdir(dirname(out), { recursive: true })
  for (;;) {
    const isMine = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (isMine) break
    await new Promise(resolve => setTimeout(resolve, 200))
    if (await isBuilt(wanted)) return out
    const made = await stat(lock).catch(() => undefined)
    if (made !== undefined && Date.now() - made.mtimeMs > 120_000) await rm(lock, { recursive: true, force: true })
  }
  try {
    if (!(await isBuilt(wanted))) await buildWeb(wanted)
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
  return out
}

export async function openDashboard({ hosts = 0, fleet: more, ...options }: DashboardWish = {}): Promise<Dashboard> {
  const dir = await webFolder()
  const { DEFAULT_MODULES } = await import('../../controller/config.ts')
  const wanted = (options.config?.modules ?? DEFAULT_MODULES) as Record<string, unknown>
  const modules = wanted.dashboard === undefined ? wanted : { ...wanted, dashboard: { dir } }
  const controller = await startTestController({
    ...options,
    config: {
      ...options.config,
      modules: {
        ...modules,
        ...(wanted.access === undefined
          ? {}
          : { access: { signIn: { hashMiB: 19, perMinute: 10_000 }, ...(wanted.access as object) } }),
      },
    },
  })
  const browser = await launchBrowser()
  const fleet =
    hosts === 0
      ? undefined
      : await startFleet({ url: controller.secureUrl, token: await controller.joinToken(hosts), count: hosts, ...more })
  const me = (await controller.call('GET', '/v1/me')).body
  let admin = ''
  const signIn = async (context: BrowserContext, name: string): Promise<void> => {
    const answer = await context.request.post(`${controller.secureUrl}/v1/session`, {
      data: { name, password: PASSWORD },
      headers: { origin: controller.secureUrl, 'sec-fetch-site': 'same-origin' },
    })
    if (!answer.ok()) throw new Error(`${name} cannot sign in: ${answer.status()} ${await answer.text()}`)
  }
  const dashboard: Dashboard = {
    controller,
    url: controller.secureUrl,
    browser,
    fleet,
    person: async (name, role) => {
      const made = await controller.call('POST', '/v1/access/people', { name, role })
      if (made.status !== 201) throw new Error(made.text)
      const { secret } = (await controller.call('POST', `/v1/access/people/${made.body.id}/invite`)).body
      const used = await controller.call('POST', '/v1/access/invites', { secret, password: PASSWORD })
      if (used.status !== 200) throw new Error(used.text)
    },
    open: async (path, { as, ...look } = {}) => {
      const { context, faults } = await openContext(browser, look)
      if (as === undefined && admin === '') {
        const set = await controller.call('PUT', `/v1/access/people/${me.id}/password`, { password: PASSWORD })
        if (set.status !== 204) throw new Error(set.text)
        admin = me.name
      }
      await signIn(context, as ?? admin)
      const page = await context.newPage()
      await page.goto(`${controller.secureUrl}${path}`)
      return { page, context, faults, close: () => context.close() }
    },
    close: async () => {
      await browser.close()
      await fleet?.stop()
      await controller.stop()
    },
    [Symbol.asyncDispose]: () => dashboard.close(),
  }
  return dashboard
}
