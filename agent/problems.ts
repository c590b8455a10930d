// SPDX-License-Identifier: Apache-2.0
/** Failures of starting an agent. */
import { defineProblems } from '../plugins/contract/index.ts'

export const problem = defineProblems({
  'agent-config': {
    status: 400,
    title: 'The configuration of the agent is not valid',
    retry: 'never',
    next: 'correct the named place; `muster-agent run --print-config` shows what is in force',
  },
  'agent-not-enrolled': {
    status: 409,
    title: 'This machine is not enrolled',
    retry: 'never',
    next: 'run `muster-agent enroll <url> <token>`',
  },
  'agent-running': {
    status: 409,
    title: 'An agent already runs on this state folder',
    retry: 'never',
    next: 'stop it first, or give this one another stateDir',
  },
  'already-enrolled': {
    status: 409,
    title: 'This machine is enrolled already',
    retry: 'never',
    next: '`muster-agent status` shows where; `--reclaim` goes on as that host, `--force` enrolls it anew',
  },
  'leave-unconfirmed': {
    status: 400,
    title: 'Leaving destroys the identity of this machine, and nobody is there to be asked',
    retry: 'never',
    next: 'give --yes if it is meant',
  },
  'reclaim-declined': {
    status: 409,
    title: 'The controller knows this machine as another host, and it was not to be reclaimed',
    retry: 'never',
    next: 'enroll with --reclaim, or have the old host deleted on the controller first',
  },
  'token-missing': {
    status: 400,
    title: 'A join token is needed',
    retry: 'never',
    next: 'make one with `muster token create`, then give it as an argument, by --token-file, or `-` for standard input',
  },
  'token-exposed': {
    status: 400,
    title: 'Others on this machine can read the file with the join token',
    retry: 'never',
    next: 'give the file mode 0600 and, if somebody may have read it, make a new token',
  },
  'session-missing': {
    status: 504,
    title: 'The controller was not reached in time',
    retry: 'backoff',
    next: 'run `muster-agent doctor`',
  },
  'plugin-absent': {
    status: 404,
    title: 'A plugin that the settings name is not installed',
    retry: 'never',
    next: 'install the package that brings it, or take the name out of `plugins`',
  },
  'agent-runtime': {
    status: 500,
    title: 'This Node cannot run the agent',
    retry: 'never',
    next: 'use Node 24 or later, or the packaged agent, which brings its own',
  },
})
