// SPDX-License-Identifier: Apache-2.0
/** Writes the manifests of this folder from the chart: `node packaging/kubernetes/render.ts`; needs helm on the path. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const CHART = resolve(import.meta.dirname, '../helm/muster')
const HEAD =
  '# SPDX-License-Identifier: Apache-2.0\n# Written from packaging/helm/muster by packaging/kubernetes/render.ts.\n'

/** Lines that would say that Helm looks after these objects. */
const OF_HELM = /^\s*(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n|^# Source: .*\n/gm

/** The manifests by file name, as the chart gives them with these values: its defaults, and a simulator. */
export function manifests(helm: string): Readonly<Record<string, string>> {
  const values = ['--set', 'simulator.enabled=true,simulator.tokenSecret=muster-join']
  const args = ['template', 'muster', CHART, '--namespace', 'muster', '--kube-version', '1.31.0', ...values]
  const documents = execFileSync(helm, args, { encoding: 'utf8' })
    .split(/^---\n/m)
    .map(text => text.replace(OF_HELM, ''))
    .filter(text => text.trim() !== '')
  const isSimulator = (text: string): boolean => /^ {4}app\.kubernetes\.io\/component: simulator$/m.test(text)
  const file = (texts: readonly string[]): string => HEAD + texts.map(text => `---\n${text}`).join('')
  return {
    'controller.yaml': file(documents.filter(text => !isSimulator(text))),
    'simulator.yaml': file(documents.filter(isSimulator)),
  }
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(manifests(process.argv[2] ?? 'helm')))
    writeFileSync(join(import.meta.dirname, name), text)
}
