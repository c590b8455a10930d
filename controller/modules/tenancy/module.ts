// SPDX-License-Identifier: Apache-2.0
/** Projects that cannot see each other, with quotas. */
import { Type } from 'typebox'
import { defineModule } from '../../kernel/module.ts'

export const tenancy = defineModule({
  name: 'tenancy',
  version: '1.0.0',
  title: 'Projects that cannot see each other, with quotas',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  migrations: {},
  start: async () => ({ offers: {} }),
})
