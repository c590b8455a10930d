// SPDX-License-Identifier: Apache-2.0
/** Pages of the module webhooks. */
import type { ModulePages } from '../pages.ts'

const webhooks: ModulePages = { name: 'webhooks', nav: [], routes: [], acts: [], refresh: {} }
export default webhooks
