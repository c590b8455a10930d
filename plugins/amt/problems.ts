// SPDX-License-Identifier: Apache-2.0
/** The failures of the amt plugin. */
import { defineProblems } from '../contract/index.ts'

export const problem = defineProblems({
  'rpc-running': {
    status: 409,
    title: 'The management engine is being set up just now',
    retry: { afterMs: 60_000 },
    next: 'wait until the activation has come to an end',
  },
  'no-streams': {
    status: 503,
    title: 'This plugin runs where streams do not reach it',
    retry: 'never',
    next: 'let the plugin amt run inline, as it does unless the configuration of the agent says otherwise',
  },
})
