// SPDX-License-Identifier: Apache-2.0
/** The keys that a search for hosts knows; any other key is that of a label. Read by command line and browser. */

export type Key = {
  /** `words`: a part of the value will do; `version`: has an order; `label`: the key of a label, or key=value. */
  readonly type: 'words' | 'version' | 'one' | 'label'
  /** Members of the filter language, one of which must fit; the first has the values to complete with. */
  readonly members: readonly [string, ...string[]]
  /** The values there are, as people write them and as filters do. */
  readonly values?: Readonly<Record<string, string>>
}

const same = (...words: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(words.map(word => [word, word]))
const indication = (words: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(words).map(([word, kind]) => [word, `STATUS_INDICATION_${kind}`]))

export const KEYS: Readonly<Record<string, Key>> = {
  site: { type: 'words', members: ['site.name', 'site.resourceId', 'metadata.site'] },
  reachability: { type: 'one', members: ['reachability'], values: same('online', 'asleep', 'offline', 'never') },
  health: {
    type: 'one',
    members: ['hostStatusIndicator'],
    values: indication({
      ok: 'IDLE',
      degraded: 'IN_PROGRESS',
      failing: 'ERROR',
      unknown: 'UNSPECIFIED',
      busy: 'IN_PROGRESS',
    }),
  },
  compliance: {
    type: 'one',
    members: ['compliance'],
    values: same('settled', 'progressing', 'held', 'failed', 'unsupported'),
  },
  agent: { type: 'version', members: ['agent'] },
  os: { type: 'words', members: ['operatingSystem.name'] },
  kernel: { type: 'words', members: ['operatingSystem.kernel'] },
  model: { type: 'words', members: ['productName'] },
  cpu: { type: 'words', members: ['cpuModel'] },
  name: { type: 'words', members: ['name'] },
  status: { type: 'words', members: ['hostStatus'] },
  address: { type: 'words', members: ['presence.address'] },
  serial: { type: 'words', members: ['serialNumber'] },
  state: {
    type: 'one',
    members: ['currentState'],
    values: {
      registered: 'HOST_STATE_REGISTERED',
      onboarded: 'HOST_STATE_ONBOARDED',
      untrusted: 'HOST_STATE_UNTRUSTED',
    },
  },
  simulated: { type: 'one', members: ['simulated'], values: same('true', 'false') },
  note: { type: 'words', members: ['note'] },
  label: { type: 'label', members: ['metadata'] },
}
