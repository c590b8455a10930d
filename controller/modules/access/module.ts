// SPDX-License-Identifier: Apache-2.0
/** People, roles and where they hold, OpenID Connect. */
import { Type } from 'typebox'
import { defineModule } from '../../kernel/module.ts'

export const access = defineModule({
  name: 'access',
  version: '1.0.0',
  title: 'People, roles and where they hold, OpenID Connect',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  migrations: {},
  start: async () => ({ offers: {} }),
})
