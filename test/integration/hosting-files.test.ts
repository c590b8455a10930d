// SPDX-License-Identifier: Apache-2.0
/** Replacing files by the calls that Node's permission model allows. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { permittedFiles } from '../../agent/hosting/permitted-files.ts'
import { createSystem } from '../../agent/system/real.ts'

const files = permittedFiles(createSystem().files)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hosting-files-'))
})

afterEach(() => rm(folder, { recursive: true }))

it('replaces a file whole, with its mode, and leaves nothing beside it', async () => {
  const path = join(folder, 'settings')
  await writeFile(path, 'old', { mode: 0o644 })

  await files.replace(path, 'new', 0o640)

  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o640)
  expect(await readdir(folder)).toEqual(['settings'])
})

it('makes the folders that are missing, for its own user alone', async () => {
  await files.replace(join(folder, 'a', 'b', 'settings'), 'new')

  expect(await files.text(join(folder, 'a', 'b', 'settings'))).toBe('new')
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'a', 'b', 'settings'))).mode & 0o777).toBe(0o600)
})

it('says why it could not, and leaves nothing behind', async () => {
  await writeFile(join(folder, 'file'), 'x')

  await expect(files.replace(join(folder, 'file', 'below'), 'new')).rejects.toMatchObject({
    code: 'plugin-file',
    fields: { cause: 'ENOTDIR' },
  })
  await expect(files.replace(folder, 'new')).rejects.toMatchObject({ code: 'plugin-file' })

  expect(await readdir(folder)).toEqual(['file'])
})
