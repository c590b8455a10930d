// SPDX-License-Identifier: Apache-2.0
/** Lays a package's files out below a folder, with modes and one time for all of them. */
import { chmod, copyFile, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inOrder, type Package } from './package.ts'

/** Writes the tree. Folders get mode 0755, whatever the umask of the builder. */
export async function layOut(folder: string, { entries, epoch }: Package): Promise<void> {
  for (const { path, mode, content } of inOrder(entries)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    if (content instanceof Uint8Array) await writeFile(file, content)
    else await copyFile(content.from, file)
    await chmod(file, mode)
  }
  await settle(folder, epoch)
}

/** Gives folders their mode, and everything one time. */
export async function settle(folder: string, epoch: number): Promise<void> {
  for (const each of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(each.parentPath, each.name)
    if (each.isDirectory()) await chmod(path, 0o755)
    await utimes(path, epoch, epoch)
  }
  await chmod(folder, 0o755)
  await utimes(folder, epoch, epoch)
}
