// SPDX-License-Identifier: Apache-2.0
/** Pages of the module tenancy. */
import type { ModulePages } from '../pages.ts'

const tenancy: ModulePages = { name: 'tenancy', nav: [], routes: [], acts: [], refresh: {} }
export default tenancy
