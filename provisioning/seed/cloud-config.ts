// SPDX-License-Identifier: Apache-2.0
/** What a machine with apt is told so that it installs from a controller: its source, whom to believe, and user data for cloud-init. Pure. */

/** Where the root of the controller's certificate lies on machines with apt. */
export const DEB_ROOT = '/usr/share/keyrings/muster-controller-root.pem'
const KEYRING = '/usr/share/keyrings/muster-archive-keyring.asc'

export type SeedParts = {
  /** Address of the controller, without a slash at its end. */
  readonly url: string
  readonly suite: string
  /** Keyring of the repository, armored, and PEM of the controller's root: in the seed, so that nothing is fetched unknown. */
  readonly keyring: string
  readonly root: string
  readonly token: string
  /** Names of packages beside the agent. */
  readonly packages?: readonly string[]
  readonly hostname?: string
  /** `http://proxy:3128`, for apt and for the agent. */
  readonly proxy?: string
}

/** The line for sources.list. */
export function aptSource({ url, suite }: Pick<SeedParts, 'url' | 'suite'>, keyring: string): string {
  return `deb [signed-by=${keyring}] ${url}/packages/apt ${suite} main`
}

/** Options of apt for one host are named by it; those of other hosts stay as they are. */
export function aptTrust(url: string): string {
  return `Acquire::https::${new URL(url).hostname}::CaInfo "${DEB_ROOT}";`
}

/** User data for cloud-init on Debian and Ubuntu. Its parts are checked by those who call: they become lines of YAML. */
export function cloudConfig({ url, suite, keyring, root, token, ...more }: SeedParts): string {
  const { hostname, proxy, packages = [] } = more
  const trust = [aptTrust(url), ...(proxy === undefined ? [] : [`Acquire::https::Proxy "${proxy}";`])]
  const enroll = ['muster-agent', 'enroll', url, '--token-file', '/run/muster-join']
  return [
    '#cloud-config',
    ...(hostname === undefined ? [] : [`hostname: ${hostname}`, 'preserve_hostname: false']),
    'write_files:',
    file(KEYRING, keyring),
    file(DEB_ROOT, root),
    file('/etc/apt/sources.list.d/muster.list', aptSource({ url, suite }, KEYRING)),
    file('/etc/apt/apt.conf.d/90muster', trust.join('\n')),
    // Before the package, whose own file is a form of this one with every line a comment.
    ...(proxy === undefined ? [] : [file('/etc/muster-agent/config.yaml', `proxy: ${proxy}`)]),
    file('/run/muster-join', token, '0600'),
    'package_update: true',
    'packages:',
    ...['muster-agent', ...packages].map(name => `  - ${name}`),
    ...(proxy === undefined ? [] : ['apt:', '  conf: |', '    Dpkg::Options { "--force-confold"; };']),
    'runcmd:',
    `  - [${enroll.map(word => `'${word}'`).join(', ')}]`,
    '',
  ].join('\n')
}

function file(path: string, content: string, mode = '0644'): string {
  const lines = content.trimEnd().split('\n')
  const indented = lines.map(line => (line === '' ? '' : `      ${line}`))
  return [`  - path: ${path}`, `    permissions: '${mode}'`, '    content: |', ...indented].join('\n')
}
