// SPDX-License-Identifier: Apache-2.0
/** Packages: the repository that machines install from, served by the controller itself. */
import { Type } from 'typebox'
import { typed } from '../../http/http.ts'
import { certificateAuthority } from '../../kernel/authority.ts'
import { defineModule } from '../../kernel/module.ts'
import { repositoryIn } from './files.ts'
import { kitRoutes } from './kit-routes.ts'
import { joinRoutes } from './routes.ts'
import { serveFiles } from './serve.ts'

/** Where the packages of Muster for servers put a repository, and where an administrator finds it. */
const USUAL_DIR = '/srv/muster/repository'
const DOWNLOADS = 64
/** A machine makes about ten requests to join; many may stand behind one address. */
const REQUESTS_PER_MINUTE = 3_000

export const packages = defineModule({
  name: 'packages',
  version: '1.0.0',
  title: 'Packages for machines, from this controller',
  config: Type.Object(
    {
      /** Folder that packaging/repository has written: `apt`, `rpm`, `keys` and `repository.json`. */
      dir: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
      /** Files that may be fetched at once. */
      downloads: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
      /** Requests an address may make in a minute. */
      requestsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    },
    { additionalProperties: false },
  ),
  needs: { authority: certificateAuthority },
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  migrations: {},
  start: async ({ config, needs: { authority } }) => {
    const repository = repositoryIn(config.dir ?? USUAL_DIR)
    const { downloads = DOWNLOADS, requestsPerMinute = REQUESTS_PER_MINUTE } = config
    return {
      offers: {},
      routes: http => {
        serveFiles(typed(http), { repository, limits: { downloads, requestsPerMinute } })
        joinRoutes(typed(http), { repository, authority, requestsPerMinute })
        kitRoutes(typed(http), { repository, authority })
      },
    }
  },
})
