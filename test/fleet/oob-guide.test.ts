// SPDX-License-Identifier: Apache-2.0
/** The guide to out-of-band management is true: its lines are typed one after the other, at machines that behave as it says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, typedIn } from '../support/guide.ts'
import { type Floor, startFloor } from '../support/oob-floor.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'

const GUIDE = new URL('../../docs/guides/oob-only.md', import.meta.url)
const pfx = makeProvisioningPfx({ suffix: 'plant.example' })

/** What is typed at a desk, in the order of the guide. */
const lines = typedIn(blocksOf(readFileSync(GUIDE, 'utf8'))).filter(line => line.startsWith('muster '))

let floor: Floor
const cwd = process.cwd()

beforeAll(async () => {
  floor = await startFloor({ trustedRoots: [pfx.rootSha256] })
  process.chdir(floor.desk.home)
  writeFileSync('plant.pfx', Buffer.from(pfx.pfx, 'base64'))
  writeFileSync('pfx-password.txt', `${pfx.password}\n`)
  const images = join(floor.test.dir, 'blobs', 'images')
  mkdirSync(images, { recursive: true })
  writeFileSync(join(images, 'rescue.iso'), Buffer.alloc(2_048 * 16, 1))
})
afterAll(async () => {
  process.chdir(cwd)
  await floor.stop()
})

/** The line with what a reader puts in: the controller's address, what it printed, the code on a screen. */
async function filled(line: string): Promise<string> {
  const { controller, secureUrl } = floor.test
  const code = line.includes(' send ') ? floor.host('press-06').amt?.state.optIn.code : undefined
  const secret = line.includes('SECRET') ? (await controller.setupLink()).split('#')[1] : ''
  return line
    .replace(/^muster /, '')
    .replace('https://ctl.example:8443', secureUrl)
    .replace('FINGERPRINT', controller.rootFingerprint)
    .replace('SECRET', secret ?? '')
    .replace('123456', code ?? '123456')
}

/** What happens away from the desk after a line. */
async function followed(line: string, out: string): Promise<void> {
  if (!line.startsWith('muster token create')) return
  const [token = ''] = /muster-join\S+/.exec(out) ?? []
  await floor.join(token, [
    { name: 'press-04', amt: 'vpro', model: 'line-controller', labels: { line: '4' } },
    { name: 'press-05', amt: 'vpro', model: 'line-controller', labels: { line: '4' } },
    { name: 'press-06', amt: 'ism', model: 'line-controller' },
    { name: 'panel-01', amt: 'none' },
  ])
}

/** What a line must say beyond ending well. */
const SAYS: readonly (readonly [RegExp, RegExp])[] = [
  [/^muster oob status$/, /^panel-01 +none .*rpc found no AMT on this machine$/m],
  [/^muster oob activate press-06/, /^✓ press-06 .*AMT Activation Done$/m],
  [/^muster oob activate press-04/, /^\[2\/2\] ✓ press-0[45] .*AMT Activation Done$/m],
  [/^muster oob power press-04 off/, /Powered off$/m],
  [/^muster oob power press-04 on/, /Powered on$/m],
  [/^muster oob power press-04$/, /^press-04 +on$/m],
  [/^muster oob sol press-06/, /login:|\$/],
  [/^muster oob deactivate/, /AMT deactivated$/m],
]

describe('the guide', () => {
  it('shows many lines', () => {
    expect(lines.length).toBeGreaterThan(45)
  })

  it.each(lines.map((line, at) => ({ line, at })))('$line', async ({ line }) => {
    const { code, out, err } = await floor.muster(await filled(line))

    expect(err).not.toMatch(/^error:/m)
    expect(code).toBe(0)
    for (const [which, says] of SAYS) if (which.test(line)) expect(out).toMatch(says)
    await followed(line, out)
  })

  it('leaves machines as it says', async () => {
    const { json } = await floor.muster('oob status -o json')
    const modes = Object.fromEntries(json.items.map((each: any) => [each.name, each.controlMode]))

    expect(modes).toEqual({ 'press-04': 'acm', 'press-05': 'acm', 'press-06': 'none', 'panel-01': 'unknown' })
  })
})
