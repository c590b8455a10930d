// SPDX-License-Identifier: Apache-2.0
/** Failures of reaching the controller and of believing it is the one we know. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  unreachable: {
    status: 503,
    title: 'The controller cannot be reached',
    retry: 'backoff',
    next: 'check name, port, route and firewall from this machine: `getent hosts <name>`, then `nc -vz <name> <port>`',
  },
  'proxy-refused': {
    status: 502,
    title: 'The proxy does not let us through',
    retry: 'backoff',
    next: 'allow CONNECT to this host and port at the proxy, or name the host in NO_PROXY',
  },
  'untrusted-controller': {
    status: 502,
    title: 'What answers is not the controller this machine trusts',
    retry: 'backoff',
    next: 'compare the fingerprint of the root with the one the controller shows; look for a device that breaks up TLS on the way',
  },
  'name-mismatch': {
    status: 502,
    title: 'The controller has no certificate for this name',
    retry: 'backoff',
    next: 'use a name the controller knows, or add this one to its names',
  },
  'clock-behind': {
    status: 502,
    title: 'The certificate of the controller is not valid yet by our clock',
    retry: 'backoff',
    next: 'set the clock of this machine: `timedatectl`',
  },
  'certificate-expired': {
    status: 502,
    title: 'The certificate of the controller has expired by our clock',
    retry: 'backoff',
    next: 'compare the clocks of both machines; the controller renews its certificate itself while it runs',
  },
  'certificate-refused': {
    status: 403,
    title: 'The controller refuses the certificate of this machine',
    retry: 'backoff',
    next: 'look at the host in the controller; if it was retired, enroll the machine anew',
  },
  'answer-unusable': {
    status: 502,
    title: 'The controller answered what this agent cannot use',
    retry: 'backoff',
    next: 'compare the versions of agent and controller, and look for a gateway on the way',
  },
})
