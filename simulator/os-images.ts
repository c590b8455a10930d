// SPDX-License-Identifier: Apache-2.0
/** The operating systems simulated hosts run, as their release files describe them. */

export type OsImage = {
  readonly id: 'ubuntu' | 'debian'
  readonly name: string
  readonly version: string
  readonly codename: string
  readonly pretty: string
  /** `uname -r` and `uname -v`. */
  readonly kernel: string
  readonly build: string
  readonly packages: readonly (readonly [name: string, version: string])[]
}

export const IMAGES: readonly OsImage[] = [
  {
    id: 'ubuntu',
    name: 'Ubuntu',
    version: '24.04',
    codename: 'noble',
    pretty: 'Ubuntu 24.04.3 LTS',
    kernel: '6.8.0-71-generic',
    build: '#71-Ubuntu SMP PREEMPT_DYNAMIC Tue Jul 22 16:52:38 UTC 2025',
    packages: [
      ['apt', '2.7.14build2'],
      ['bash', '5.2.21-2ubuntu4'],
      ['ca-certificates', '20240203'],
      ['libc6', '2.39-0ubuntu8.5'],
      ['linux-image-6.8.0-71-generic', '6.8.0-71.71'],
      ['openssh-server', '1:9.6p1-3ubuntu13.12'],
      ['openssl', '3.0.13-0ubuntu3.5'],
      ['systemd', '255.4-1ubuntu8.10'],
    ],
  },
  {
    id: 'ubuntu',
    name: 'Ubuntu',
    version: '22.04',
    codename: 'jammy',
    pretty: 'Ubuntu 22.04.5 LTS',
    kernel: '5.15.0-151-generic',
    build: '#161-Ubuntu SMP Tue Jul 22 14:25:40 UTC 2025',
    packages: [
      ['apt', '2.4.14'],
      ['bash', '5.1-6ubuntu1.1'],
      ['ca-certificates', '20240203~22.04.1'],
      ['libc6', '2.35-0ubuntu3.10'],
      ['linux-image-5.15.0-151-generic', '5.15.0-151.161'],
      ['openssh-server', '1:8.9p1-3ubuntu0.13'],
      ['openssl', '3.0.2-0ubuntu1.19'],
      ['systemd', '249.11-0ubuntu3.16'],
    ],
  },
  {
    id: 'debian',
    name: 'Debian GNU/Linux',
    version: '12',
    codename: 'bookworm',
    pretty: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0-37-amd64',
    build: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)',
    packages: [
      ['apt', '2.6.1'],
      ['bash', '5.2.15-2+b8'],
      ['ca-certificates', '20230311+deb12u1'],
      ['libc6', '2.36-9+deb12u10'],
      ['linux-image-6.1.0-37-amd64', '6.1.140-1'],
      ['openssh-server', '1:9.2p1-2+deb12u6'],
      ['openssl', '3.0.17-1~deb12u1'],
      ['systemd', '252.38-1~deb12u1'],
    ],
  },
  {
    id: 'debian',
    name: 'Debian GNU/Linux',
    version: '13',
    codename: 'trixie',
    pretty: 'Debian GNU/Linux 13 (trixie)',
    kernel: '6.12.41+deb13-amd64',
    build: '#1 SMP PREEMPT_DYNAMIC Debian 6.12.41-1 (2025-08-12)',
    packages: [
      ['apt', '3.0.3'],
      ['bash', '5.2.37-2+b5'],
      ['ca-certificates', '20250419'],
      ['libc6', '2.41-12'],
      ['linux-image-6.12.41+deb13-amd64', '6.12.41-1'],
      ['openssh-server', '1:10.0p1-7'],
      ['openssl', '3.5.1-1'],
      ['systemd', '257.7-1'],
    ],
  },
]
