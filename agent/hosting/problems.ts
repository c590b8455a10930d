// SPDX-License-Identifier: Apache-2.0
/** What can go wrong with a plugin, whoever wrote it. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'plugin-crashed': {
    status: 503,
    title: 'The plugin ended unexpectedly',
    retry: 'backoff',
    next: 'it is started again by itself; after too many crashes send a new desired revision or ask for a retry',
  },
  'plugin-quarantined': {
    status: 503,
    title: 'The plugin was taken out of service',
    retry: 'never',
    next: 'send a new desired revision, or ask the agent to try the plugin again',
  },
  'plugin-refused': {
    status: 500,
    title: 'The plugin cannot be loaded',
    retry: 'never',
    next: 'install a version of the plugin that fits this agent',
  },
  'plugin-timeout': { status: 504, title: 'The plugin did not answer in time', retry: 'backoff' },
  'plugin-output': {
    status: 502,
    title: 'The plugin answered with something its section does not allow',
    retry: 'backoff',
    next: 'this is a defect of the plugin',
  },
  'plugin-file': { status: 500, title: 'The plugin could not replace a file', retry: 'backoff' },
  'not-permitted': {
    status: 403,
    title: 'The plugin has no permission for this',
    retry: 'never',
    next: 'the plugin must ask for it in its manifest',
  },
})
