// SPDX-License-Identifier: Apache-2.0
/** A dashboard beside machines with firmware, and what a test does with one of them. */
import type { Page } from 'playwright-core'
import { until } from './controller.ts'
import { type Dashboard, type DashboardWish, openDashboard } from './dashboard.ts'
import { type Mix, oobHost } from './oob-fleet.ts'

export type OobDesk = Dashboard & {
  /** Id of a host by its number, from 1. */
  hostId(number: number): Promise<string>
  /** The simulated firmware of a host. */
  firmware(number: number): NonNullable<ReturnType<NonNullable<Dashboard['fleet']>['member']>['host']['amt']>
  /** Activates a host over the API and waits until its firmware has dialled in. */
  activated(number: number): Promise<string>
  /** Its firmware is in admin control mode from now on, with a policy that asks nobody for consent. */
  nobodyAsked(number: number): void
}

export async function openOobDesk(mix: Mix, wish: DashboardWish = {}): Promise<OobDesk> {
  const count = mix.vpro + mix.ism + mix.none
  const dashboard = await openDashboard({ ...wish, hosts: count, fleet: { each: oobHost(mix), ...wish.fleet } })
  const { controller, fleet } = dashboard
  if (fleet === undefined) throw new Error('there are no hosts')
  const status = (query: string) => controller.call('GET', `/v1/projects/default/oob/status?${query}`)
  const hostId = async (number: number): Promise<string> => {
    const guid = fleet.member(number).host.facts.uuid.toLowerCase()
    const { body } = await until(
      () => controller.call('GET', '/v1/projects/default/compute/hosts?pageSize=100'),
      ({ body: { hosts } }) => hosts.some((each: any) => each.uuid?.toLowerCase() === guid),
    )
    return body.hosts.find((each: any) => each.uuid?.toLowerCase() === guid).resourceId
  }
  const firmware: OobDesk['firmware'] = number => {
    const { amt } = fleet.member(number).host
    if (amt === undefined) throw new Error(`host ${number} has no firmware`)
    return amt
  }
  return Object.assign(dashboard, {
    hostId,
    firmware,
    nobodyAsked: (number: number) => {
      const { state } = firmware(number)
      state.controlMode = 2
      state.optIn.required = 0
    },
    activated: async (number: number) => {
      const host = await hostId(number)
      await until(
        () => status(`host=${host}`),
        ({ body }) => body.lines[0] !== undefined,
      )
      const order = { state: 'provisioned', mode: 'ccm', reason: 'for a test' }
      const ordered = await controller.call('POST', `/v1/projects/default/oob/hosts/${host}/activation`, order)
      if (ordered.status !== 202) throw new Error(ordered.text)
      await until(
        () => status(`host=${host}`),
        ({ body }) => body.lines[0].connected === true && body.lines[0].indicator === 'IDLE',
        60_000,
      )
      return host
    },
  })
}

/** Fills in the dialog that is open, and confirms it. */
export async function confirm(page: Page, { reason, name }: { readonly reason?: string; readonly name?: string } = {}) {
  const dialog = page.getByRole('dialog')
  if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason)
  if (name !== undefined) await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await dialog.locator('button[type=submit]').click()
}
