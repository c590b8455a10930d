// SPDX-License-Identifier: Apache-2.0
/** The dashboard: the pages, what they must know to begin, and what people keep there. */
import { Type } from 'typebox'
import { typed } from '../../http/http.ts'
import { defineModule } from '../../kernel/module.ts'
import { running, signInWays } from '../../kernel/surface.ts'
import { KERNEL } from './areas.ts'
import type { Boot } from './boot.ts'
import { openBuilt } from './files.ts'
import { sendPage, serveDashboard } from './serve.ts'
import { migrations } from './tables.ts'
import { viewRoutes } from './view-routes.ts'
import { VIEW_EVENTS } from './views.ts'

const NONCE_BYTES = 16

export const dashboard = defineModule({
  name: 'dashboard',
  version: '1.0.0',
  title: 'The pages in the browser',
  config: Type.Object(
    {
      /** Folder with a built dashboard, in place of the one that came with this controller. */
      dir: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
    },
    { additionalProperties: false },
  ),
  needs: { running },
  wants: { ways: signInWays },
  offers: {},
  serves: [],
  owns: [],
  events: VIEW_EVENTS,
  migrations,
  start: async ({ kernel, config, needs, wants: { ways } }) => {
    const built = openBuilt(config.dir)
    if (built === undefined) {
      kernel.log.warn('the dashboard was not built; `npm run build` does it. Pages are left out', {})
    }
    const boot = async (): Promise<Boot> => ({
      version: needs.running.version,
      modules: [KERNEL, ...needs.running.modules],
      signIn: ways ?? { password: false, providers: [] },
      needsSetup: !(await kernel.principals.hasAdministrator()),
    })
    const nonce = (): string => Buffer.from(kernel.random(NONCE_BYTES)).toString('base64')
    return {
      offers: {},
      ...(built === undefined ? {} : { pages: { missing: reply => sendPage(reply, { built, boot, nonce }) } }),
      routes: http => {
        viewRoutes(typed(http), kernel)
        if (built === undefined) return
        // Reading what runs is done before the first request, and cannot fail.
        void http.register(async scope => serveDashboard(typed(scope), { built, boot, nonce }))
      },
    }
  },
})
