// SPDX-License-Identifier: Apache-2.0
/** Acts as the user that the service runs as, so that root writes nothing into a folder of somebody else. */
import { chown, lchown, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Files } from '../../plugins/contract/index.ts'
import { problem } from '../problems.ts'

export const SERVICE_USER = 'muster-agent'

export type User = { readonly name: string; readonly uid: number; readonly gid: number }

/**
 * The user whose files the agent's state shall be: the named one, or that of the package when there is one. `undefined`
 * when this process is not root, or is to stay root. Throws `agent-config` for a user there is not.
 */
export async function serviceUser(files: Files, named: string | undefined): Promise<User | undefined> {
  if (process.getuid?.() !== 0 || named === 'root') return undefined
  const found = userIn((await files.text('/etc/passwd')) ?? '', named ?? SERVICE_USER)
  if (found === undefined && named !== undefined) throw problem('agent-config', `there is no user ${named}`)
  return found
}

/** Reads passwd(5). */
export function userIn(passwd: string, name: string): User | undefined {
  const fields = passwd
    .split('\n')
    .map(line => line.split(':'))
    .find(each => each[0] === name)
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])]
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { name, uid, gid } : undefined
}

/**
 * Carries something out as a user, and is root again afterwards; as whoever we are when there is none. What such a user
 * may have put in its folder, links above all, then leads no further than it could go by itself.
 */
export async function actingAs<T>(user: User | undefined, act: () => Promise<T>): Promise<T> {
  if (user === undefined) return act()
  const groups = process.getgroups?.() ?? []
  process.setgroups?.([user.gid])
  process.setegid?.(user.gid)
  process.seteuid?.(user.uid)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
    process.setgroups?.(groups)
  }
}

/**
 * Makes the state folder, or gives it to the user as long as it is root's. A folder that is the user's already is left
 * as it is: walking through it as root would follow whatever lies there.
 */
export async function handOver(dir: string, user: User | undefined): Promise<void> {
  if (user === undefined) return
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if ((await lstat(dir)).uid !== 0) return
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
  await chown(dir, user.uid, user.gid)
}
