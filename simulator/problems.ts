// SPDX-License-Identifier: Apache-2.0
/** The failures the simulator may throw. */
import { defineProblems } from '../plugins/contract/index.ts'

export const simulatorProblem = defineProblems({
  'simulated-power-off': {
    status: 503,
    title: 'The simulated host is switched off',
    retry: 'backoff',
    next: 'switch it on, or wait until it has booted',
  },
  'simulated-limit': {
    status: 400,
    title: 'A simulated host cannot do this',
    retry: 'never',
    next: 'see what the simulator does not simulate in simulator/README.md',
  },
  'no-such-model': {
    status: 400,
    title: 'There is no such simulated model',
    retry: 'never',
    next: 'name one of the models in simulator/models.ts, or none',
  },
  'simulator-usage': {
    status: 400,
    title: 'The simulator does not understand this',
    retry: 'never',
    next: 'type `help` for the commands, or run `muster-sim up --help` for the options',
  },
  'simulated-process-lost': {
    status: 503,
    title: 'A process of simulated hosts has ended by itself',
    retry: 'never',
    next: 'start the fleet again with the same --dir; what the process printed last says why it ended',
  },
  'scenario-invalid': {
    status: 400,
    title: 'The scenario cannot be read',
    retry: 'never',
    next: 'correct the line that is named; simulator/scenarios holds examples',
  },
  'no-such-scenario': {
    status: 404,
    title: 'There is no such scenario',
    retry: 'never',
    next: 'run `muster-sim scenarios` to see those that there are',
  },
  'scenario-needs': {
    status: 400,
    title: 'The scenario needs more than it was given',
    retry: 'never',
    next: 'see `muster-sim run --help`',
  },
  'scenario-controller': {
    status: 502,
    title: 'The controller did not do what the scenario needs of it',
    retry: 'never',
    next: 'look at the log of the controller',
  },
  'no-such-simulated-host': {
    status: 404,
    title: 'There is no simulated host with this number',
    retry: 'never',
    next: 'type `status` to see the numbers',
  },
})
