// SPDX-License-Identifier: Apache-2.0
/** The failures of the os plugin. */
import { defineProblems } from '../contract/index.ts'

export const problem = defineProblems({
  'hostname-not-set': {
    status: 502,
    title: 'The host did not take its name',
    retry: 'backoff',
    next: 'check that the agent may write /etc/hostname and run hostnamectl or hostname',
  },
})
