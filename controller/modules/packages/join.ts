// SPDX-License-Identifier: Apache-2.0
/** The lines by which a machine joins: key, source, install and enroll; for apt, for dnf and for cloud-init. Pure. */

/** Where packages, keys and the root of the controller's certificate come from, and the digests that prove them. */
export type Source = {
  /** Address of the controller, without a slash at its end. */
  readonly url: string
  readonly suite: string
  /** SHA-256 of `muster-archive-keyring.gpg`, `muster-rpm.asc` and `controller-root.pem`. */
  readonly digests: { readonly apt: string; readonly rpm: string; readonly root: string }
}

export type Lines = readonly [key: string, source: string, enroll: string]

export const ROOT_FILE = 'controller-root.pem'
/** What stands in the lines for a join token. */
export const TOKEN_PLACE = 'JOIN_TOKEN'

const KEYRING = '/usr/share/keyrings/muster-archive-keyring.gpg'
const DEB_ROOT = '/usr/share/keyrings/muster-controller-root.pem'
const RPM_KEY = '/etc/pki/rpm-gpg/RPM-GPG-KEY-muster'
const RPM_ROOT = '/etc/pki/tls/certs/muster-controller-root.pem'

/**
 * For Debian and what is made of it; needs nothing but apt. The first line trusts no certificate, because the machine
 * knows none yet: what it fetches is compared with the digests in the line itself.
 */
export function aptLines({ url, suite, digests }: Source): Lines {
  const keys = `${url}/packages/keys`
  const helper = '/usr/lib/apt/apt-helper -o Acquire::https::Verify-Peer=false -o APT::Sandbox::User=root download-file'
  return [
    `sudo ${helper} ${keys}/muster-archive-keyring.gpg ${KEYRING} SHA256:${digests.apt} ${keys}/${ROOT_FILE} ${DEB_ROOT} SHA256:${digests.root}`,
    `echo '${aptSource({ url, suite })}' | sudo tee /etc/apt/sources.list.d/muster.list && echo '${aptTrust(url)}' | sudo tee /etc/apt/apt.conf.d/90muster`,
    `sudo apt-get update && sudo apt-get install -y muster-agent && sudo muster-agent enroll ${url} ${TOKEN_PLACE}`,
  ]
}

function aptSource({ url, suite }: Pick<Source, 'url' | 'suite'>): string {
  return `deb [signed-by=${KEYRING}] ${url}/packages/apt ${suite} main`
}

/** Options of apt for one host are named by it; those of other hosts stay as they are. */
function aptTrust(url: string): string {
  return `Acquire::https::${new URL(url).hostname}::CaInfo "${DEB_ROOT}";`
}

/** For Fedora, RHEL and what is made of them; needs curl, which they have. */
export function dnfLines({ url, digests }: Source): Lines {
  const keys = `${url}/packages/keys`
  const sums = `'${digests.rpm}  ${RPM_KEY}' '${digests.root}  ${RPM_ROOT}'`
  return [
    `sudo curl -fsSk ${keys}/muster-rpm.asc -o ${RPM_KEY} ${keys}/${ROOT_FILE} -o ${RPM_ROOT} && printf '%s\\n' ${sums} | sha256sum -c`,
    `printf '%s\\n' ${dnfSource(url)
      .map(line => `'${line}'`)
      .join(' ')} | sudo tee /etc/yum.repos.d/muster.repo`,
    `sudo dnf install -y muster-agent && sudo muster-agent enroll ${url} ${TOKEN_PLACE}`,
  ]
}

function dnfSource(url: string): readonly string[] {
  return [
    '[muster]',
    'name=Muster',
    `baseurl=${url}/packages/rpm`,
    'enabled=1',
    'gpgcheck=1',
    'repo_gpgcheck=1',
    `gpgkey=file://${RPM_KEY}`,
    `sslcacert=${RPM_ROOT}`,
  ]
}

/** What cloud-init needs beside the source: the keys themselves, so that nothing is fetched without being known. */
export type Held = { readonly keyring: string; readonly root: string }

/** User data for cloud-init on Debian and Ubuntu; key and root are in it. */
export function cloudConfig({ url, suite }: Pick<Source, 'url' | 'suite'>, { keyring, root }: Held): string {
  const ascKeyring = KEYRING.replace(/gpg$/, 'asc')
  const file = (path: string, content: string, mode = '0644'): string =>
    `  - path: ${path}\n    permissions: '${mode}'\n    content: |\n${indented(content)}`
  return [
    '#cloud-config',
    'write_files:',
    file(ascKeyring, keyring),
    file(DEB_ROOT, root),
    file('/etc/apt/sources.list.d/muster.list', aptSource({ url, suite }).replace(KEYRING, ascKeyring)),
    file('/etc/apt/apt.conf.d/90muster', aptTrust(url)),
    file('/run/muster-join', TOKEN_PLACE, '0600'),
    'package_update: true',
    'packages:',
    '  - muster-agent',
    'runcmd:',
    `  - [muster-agent, enroll, '${url}', --token-file, /run/muster-join]`,
    '',
  ].join('\n')
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? '' : `      ${line}`))
    .join('\n')
}
