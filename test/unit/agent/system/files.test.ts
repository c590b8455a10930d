// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFiles } from '../../../../agent/system/files.ts'
import { Problem } from '../../../../plugins/contract/index.ts'

const files = createFiles()
let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-files-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('replacing a file', () => {
  it('makes missing folders and leaves nothing else behind', async () => {
    const path = join(dir, 'a', 'b', 'c.json')

    await files.replace(path, '{}')
    await files.replace(path, new Uint8Array([123, 32, 125]))

    expect(await files.text(path)).toBe('{ }')
    expect(readdirSync(join(dir, 'a', 'b'))).toEqual(['c.json'])
    expect(statSync(join(dir, 'a')).mode & 0o777).toBe(0o700)
  })

  it('keeps it for its owner unless told otherwise, whatever the umask', async () => {
    const [own, shared] = [join(dir, 'own'), join(dir, 'shared')]

    await files.replace(own, 'x')
    await files.replace(shared, 'x', 0o666)

    expect(statSync(own).mode & 0o777).toBe(0o600)
    expect(statSync(shared).mode & 0o777).toBe(0o666)
  })

  it('replaces a link, not what it points to', async () => {
    const [target, link] = [join(dir, 'target'), join(dir, 'link')]
    writeFileSync(target, 'precious')
    symlinkSync(target, link)

    await files.replace(link, 'new')

    expect(await files.text(target)).toBe('precious')
    expect(lstatSync(link).isSymbolicLink()).toBe(false)
  })

  it('that the system refuses is a problem with its path and cause, and leaves nothing behind', async () => {
    const folder = join(dir, 'folder')
    await files.replace(join(folder, 'inside'), 'x')

    const thrown = await files.replace(folder, 'x').catch(reason => reason)

    expect(thrown).toBeInstanceOf(Problem)
    expect(thrown).toMatchObject({ code: 'file-refused', fields: { path: folder, cause: 'EISDIR' } })
    expect(readdirSync(dir)).toEqual(['folder'])
  })
})

describe('what is not there', () => {
  it('is undefined, or empty', async () => {
    const path = join(dir, 'absent')
    writeFileSync(join(dir, 'file'), 'x')

    expect(await files.read(path)).toBeUndefined()
    expect(await files.text(join(dir, 'file', 'below'))).toBeUndefined()
    expect(await files.list(path)).toEqual([])
    expect(await files.link(join(dir, 'file'))).toBeUndefined()
    expect(await files.link(path)).toBeUndefined()
  })

  it('is removed without complaint', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, 'x')

    await files.remove(path)
    await files.remove(path)
    await files.remove(join(dir, 'nowhere', 'file'))

    expect(await files.list(dir)).toEqual([])
  })
})

it('lists names in order, and says where links point', async () => {
  for (const name of ['b', 'a', 'c']) writeFileSync(join(dir, name), name)
  symlinkSync('../elsewhere', join(dir, 'd'))

  expect(await files.list(dir)).toEqual(['a', 'b', 'c', 'd'])
  expect(await files.link(join(dir, 'd'))).toBe('../elsewhere')
  expect(await files.read(join(dir, 'a'))).toEqual(Buffer.from('a'))
})

it.skipIf(process.getuid?.() === 0)('tells a file it may not read from one that is not there', async () => {
  const path = join(dir, 'secret')
  writeFileSync(path, 'x')
  chmodSync(path, 0)

  await expect(files.text(path)).rejects.toMatchObject({ code: 'file-refused', fields: { cause: 'EACCES' } })
})
