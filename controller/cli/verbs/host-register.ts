// SPDX-License-Identifier: Apache-2.0
/** `muster host register` and `onboard`: a machine that is to come, and letting it in. */
import { type Host, paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { oneHost, spoken } from '../hosts.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { hostView } from '../views/host.ts'

export const registering: Run = async call => {
  const { options } = call
  const [serial, uuid, name] = [options.text('serial'), options.text('uuid'), options.text('name')]
  if (serial === undefined && uuid === undefined) throw problem('usage', 'give --serial, --uuid or both')
  const size = options.count('lvm-size')
  const body = {
    ...(name === undefined ? {} : { name }),
    ...(serial === undefined ? {} : { serialNumber: serial }),
    ...(uuid === undefined ? {} : { uuid }),
    autoOnboard: options.has('auto-onboard'),
    ...(options.has('enable-vpro') ? { enableVpro: true } : {}),
    ...(size === undefined ? {} : { userLvmSize: size }),
  }
  const { client, project } = await call.session()
  const path = paths.register(project)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Host = await client.send('POST', path, body)
  await call.output.list(hostView, [made])
  return undefined
}

export const onboarding: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const path = paths.onboard(session.project, host.resourceId)
  if (isDryRun(call)) return showIntents(call, [{ method: 'PATCH', path, host }])
  await session.client.send('PATCH', path)
  await call.output.note(`${spoken(host)} may come in`)
  return undefined
}
