// SPDX-License-Identifier: Apache-2.0
/** Texts of the pages of the module tenancy. */
import { catalogue } from './catalogue.ts'

export const t = catalogue({})
