// SPDX-License-Identifier: Apache-2.0
/** People, roles and where they hold, OpenID Connect. */
import { typed } from '../../http/http.ts'
import { defineModule } from '../../kernel/module.ts'
import { running, signInWays } from '../../kernel/surface.ts'
import { secretFiles, secretStore } from '../../secrets/secrets.ts'
import { createBackoff } from './accounts/backoff.ts'
import { credentialRoutes } from './accounts/credential-routes.ts'
import { createPasswords, USUAL_COST } from './accounts/passwords.ts'
import { peopleRoutes } from './accounts/routes.ts'
import { AccessConfig } from './config.ts'
import { keycloakRoutes } from './keycloak/routes.ts'
import { createKeycloakTokens } from './keycloak/tokens.ts'
import { userRoutes } from './keycloak/users.ts'
import { leaveProject } from './leave.ts'
import { openProviders } from './oidc/providers.ts'
import { oidcRoutes } from './oidc/routes.ts'
import type { AccessParts } from './parts.ts'
import { bindingRoutes } from './roles/binding-routes.ts'
import { grantsOfSubject } from './roles/bindings.ts'
import { roleRoutes } from './roles/role-routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { createSessions } from './sessions/sessions.ts'
import { migrations } from './tables.ts'

export const access = defineModule({
  name: 'access',
  version: '1.0.0',
  title: 'People, roles and where they hold, OpenID Connect',
  config: AccessConfig,
  needs: { secrets: secretStore, files: secretFiles },
  wants: { running },
  offers: { ways: signInWays },
  serves: [],
  owns: [],
  migrations,
  start: async ({ kernel, config, needs, wants }) => {
    const { hashMiB } = config.signIn ?? {}
    const cost = hashMiB === undefined ? USUAL_COST : { ...USUAL_COST, memoryKiB: hashMiB * 1_024 }
    const passwords = createPasswords({ random: kernel.random, cost })
    const providers = await openProviders({ kernel, files: needs.files, config: config.oidc ?? [] })
    const sessions = createSessions({ kernel, granted: row => providers.granted(row) })
    const parts: AccessParts = { kernel, secrets: needs.secrets, config, passwords, sessions }
    const signingIn = { ...parts, backoff: createBackoff(kernel.clock) }
    const keycloak = config.keycloak
    const tokens = createKeycloakTokens(parts, keycloak?.organization ?? 'default')
    const recognise = [
      sessions.authenticate,
      providers.authenticate,
      ...(keycloak === undefined ? [] : [tokens.authenticate]),
    ]
    return {
      offers: { ways: { password: true, providers: providers.ways } },
      grants: principal => grantsOfSubject(kernel.store, { kind: 'principal', names: [principal] }),
      authenticate: async (token, address) => {
        for (const each of recognise) {
          const principal = await each(token, address)
          if (principal !== undefined) return principal
        }
        return undefined
      },
      leaveProject: project => leaveProject(kernel.store, project),
      routes: http => {
        const own = typed(http)
        sessionRoutes(own, signingIn)
        peopleRoutes(own, parts)
        credentialRoutes(own, signingIn)
        roleRoutes(own, parts)
        bindingRoutes(own, parts)
        oidcRoutes(own, { ...parts, providers, running: wants.running })
        if (keycloak === undefined) return
        const { realm = 'master', clients = ['system-client'] } = keycloak
        keycloakRoutes(http, { ...signingIn, tokens, realm, clients })
        userRoutes(own, parts, `/admin/realms/${realm}`)
      },
    }
  },
})
