// SPDX-License-Identifier: Apache-2.0
/** Failures of activation that are not told to `rpc` in its own words. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'activation-unknown': {
    status: 404,
    title: 'There is no such activation',
    retry: 'never',
    next: 'list them; old ones are forgotten',
  },
  'activation-superseded': {
    status: 409,
    title: 'A later session took the device over',
    retry: 'never',
  },
})
