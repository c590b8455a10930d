// SPDX-License-Identifier: Apache-2.0
/** Events, told to addresses of yours. */
import { typed } from '../../http/http.ts'
import { certificateAuthority } from '../../kernel/authority.ts'
import { defineModule } from '../../kernel/module.ts'
import { secretStore } from '../../secrets/secrets.ts'
import { createAddresses } from './addresses.ts'
import { patienceOf, WebhookConfig } from './config.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { createDispatch } from './dispatch.ts'
import { WEBHOOK_EVENTS } from './events.ts'
import { createPost, ownAddresses } from './post.ts'
import { webhookRoutes } from './routes.ts'
import { migrations } from './tables.ts'

export const webhooks = defineModule({
  name: 'webhooks',
  version: '1.0.0',
  title: 'Events, told to addresses of yours',
  config: WebhookConfig,
  needs: { authority: certificateAuthority, secrets: secretStore },
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  events: WEBHOOK_EVENTS,
  migrations,
  start: async ({ kernel, config, needs: { authority, secrets } }) => {
    const addresses = createAddresses({
      allow: config.allow,
      deny: config.deny ?? [],
      plainHttp: config.plainHttp ?? false,
      ownPorts: () => authority.ports(),
      ownAddresses,
    })
    const patience = patienceOf(config)
    const post = createPost({ addresses, clock: kernel.clock, timeoutMs: patience.timeoutMs })
    const attempts = { kernel, secrets, post, patience }
    const dispatch = createDispatch(attempts)
    const over = new AbortController()
    return {
      offers: {},
      routes: http => {
        webhookRoutes(typed(http), { kernel, secrets, addresses, perProject: config.perProject ?? 50, dispatch })
        deliveryRoutes(typed(http), { ...attempts, dispatch, signal: over.signal })
      },
      ready: () => dispatch.start(),
      leaveProject: project => dispatch.leave(project),
      stop: async () => {
        over.abort(new Error('the controller stops'))
        await dispatch.stop()
      },
    }
  },
})
