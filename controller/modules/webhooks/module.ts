// SPDX-License-Identifier: Apache-2.0
/** Events, told to addresses of yours. */
import { Type } from 'typebox'
import { defineModule } from '../../kernel/module.ts'

export const webhooks = defineModule({
  name: 'webhooks',
  version: '1.0.0',
  title: 'Events, told to addresses of yours',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  migrations: {},
  start: async () => ({ offers: {} }),
})
