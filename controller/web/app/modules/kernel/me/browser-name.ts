// SPDX-License-Identifier: Apache-2.0
/** What a session runs in, by what it calls itself: pure. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]
const LONGEST = 60

export type AgentName = { readonly browser: string; readonly system: string | undefined }

/** `undefined` when it says nothing; a program goes by the first word of what it says. */
export function agentName(agent: string): AgentName | undefined {
  if (agent.trim() === '') return undefined
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1]
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1]
  return browser === undefined
    ? { browser: (agent.trim().split(/\s/)[0] ?? '').slice(0, LONGEST), system: undefined }
    : { browser, system }
}
