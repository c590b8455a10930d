// SPDX-License-Identifier: Apache-2.0
/** Pages of the module access. */
import type { ModulePages } from '../pages.ts'

const access: ModulePages = { name: 'access', nav: [], routes: [], acts: [], refresh: {} }
export default access
