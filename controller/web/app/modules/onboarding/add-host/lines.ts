// SPDX-License-Identifier: Apache-2.0
/** The lines with which a machine comes in, for each way there is: pure. */

/** Where the folder of the agent is put. */
const PLACE = '/opt/muster-agent'
const AGENT = `node ${PLACE}/muster-agent.mjs`

export type Way = 'command' | 'cloud-init' | 'simulated'
export const WAYS: readonly Way[] = ['command', 'cloud-init', 'simulated']

export type Access = { readonly url: string; readonly token: string }

/** Three lines: bring the agent, make the machine a host, run the agent. */
export function commandLines({ url, token }: Access): readonly [string, string, string] {
  return [`scp -r dist/agent root@MACHINE:${PLACE}`, `sudo ${AGENT} enroll ${url} ${token}`, `sudo ${AGENT} run`]
}

/** For machines that configure themselves at their first start; the token is removed once it was used. */
export function cloudInit({ url, token }: Access): string {
  return `#cloud-config
write_files:
  - path: /run/muster-token
    permissions: '0600'
    content: ${token}
runcmd:
  - [node, ${PLACE}/muster-agent.mjs, enroll, '${url}', --token-file, /run/muster-token]
  - [systemd-run, --unit=muster-agent, node, ${PLACE}/muster-agent.mjs, run]
`
}

/** Simulated hosts, from a checkout of the sources. */
export function simulatedLine({ url, token }: Access, count: number): string {
  return `npx muster-sim up ${count} --url ${url} --token ${token}`
}

/** Says on the machine itself what is wrong. */
export const DOCTOR = `sudo ${AGENT} doctor`
