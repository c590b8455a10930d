// SPDX-License-Identifier: Apache-2.0
/** The lines by which machines join are those that the guide shows. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { aptLines, dnfLines } from '../../../../../controller/modules/packages/join.ts'
import { cloudConfig } from '../../../../../provisioning/seed/cloud-config.ts'

const guide = readFileSync(new URL('../../../../../docs/guides/install.md', import.meta.url), 'utf8').split('\n')
const source = {
  url: 'https://ctl.example:8443',
  suite: 'stable',
  digests: { apt: 'APT_DIGEST', rpm: 'RPM_DIGEST', root: 'ROOT_DIGEST' },
}

describe('the lines', () => {
  it.each([...aptLines(source), ...dnfLines(source)])('stand in the guide: %s', line => {
    expect(guide).toContain(line)
  })

  it('name the host of an address without its port where apt wants a host', () => {
    expect(aptLines({ ...source, url: 'https://10.0.0.7:443' })[1]).toContain('Acquire::https::10.0.0.7::CaInfo')
  })
})

describe('user data for cloud-init', () => {
  const parts = { url: source.url, suite: 'stable', keyring: 'line one\n\nline two\n', root: 'pem\n', token: 'T' }

  it('is YAML that keeps every file as it was', () => {
    const data = parse(cloudConfig(parts))
    const files = data.write_files.map(({ path, content }: { path: string; content: string }) => [path, content])

    expect(Object.fromEntries(files)).toMatchObject({
      '/usr/share/keyrings/muster-archive-keyring.asc': 'line one\n\nline two\n',
      '/usr/share/keyrings/muster-controller-root.pem': 'pem\n',
      '/run/muster-join': 'T\n',
    })
    expect(data.packages).toEqual(['muster-agent'])
  })

  it('keeps settings that it wrote before the package came', () => {
    const data = parse(cloudConfig({ ...parts, proxy: 'http://proxy.example:3128' }))

    expect(data.apt.conf).toContain('--force-confold')
  })
})
