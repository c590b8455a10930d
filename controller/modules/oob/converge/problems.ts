// SPDX-License-Identifier: Apache-2.0
/** Failures of bringing hosts to the state that is wanted out of band. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'amt-not-provisioned': {
    status: 409,
    title: 'AMT is not provisioned on this host',
    retry: 'never',
    next: 'activate it first: `muster oob activate <host>`',
  },
  'control-mode-fixed': {
    status: 409,
    title: 'The control mode of an activated host cannot be changed by itself',
    retry: 'never',
    next: 'deactivate it first, or order the activation anew with the other mode',
  },
  'state-not-desirable': {
    status: 400,
    title: 'This state can be seen and not asked for',
    retry: 'never',
    next: 'ask for AMT_STATE_PROVISIONED or AMT_STATE_UNPROVISIONED',
  },
})
