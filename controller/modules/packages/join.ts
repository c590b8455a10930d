// SPDX-License-Identifier: Apache-2.0
/** The lines by which a machine joins: key, source, install and enroll; for apt and for dnf. Pure. */
import { aptSource, aptTrust, DEB_ROOT } from '../../../provisioning/seed/cloud-config.ts'

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
    `echo '${aptSource({ url, suite }, KEYRING)}' | sudo tee /etc/apt/sources.list.d/muster.list && echo '${aptTrust(url)}' | sudo tee /etc/apt/apt.conf.d/90muster`,
    `sudo apt-get update && sudo apt-get install -y muster-agent && sudo muster-agent enroll ${url} ${TOKEN_PLACE}`,
  ]
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
