// SPDX-License-Identifier: Apache-2.0
/** Schedules in a real browser: sentences that become crons, the coming week, what meets, changes and removals. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'

const PROJECT = '/v1/projects/default'

describe.skipIf(findChromium() === undefined)('schedules', () => {
  let dashboard: Dashboard
  let admin: Opened
  let lyon = ''
  beforeAll(async () => {
    dashboard = await openDashboard()
    lyon = (await api('POST', '/sites', { name: 'Lyon' })).resourceId
    admin = await dashboard.open('/schedules')
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, `${PROJECT}${path}`, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const visit = (page: Page, path: string): Promise<unknown> => page.goto(`${dashboard.url}${path}`)
  const repeated = async (name: string): Promise<any> =>
    (await api('GET', '/schedules')).repeatedSchedules.find((each: { name: string }) => each.name === name)
  const choose = async (page: Page, label: string, option: string): Promise<void> => {
    await page.getByRole('dialog').getByRole('combobox', { name: label, exact: true }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  it('teach what they are for while there is none', async () => {
    await admin.page.getByRole('heading', { name: 'No schedule yet' }).waitFor()

    await admin.page.getByText(/^muster schedule create nights/).waitFor()
  })

  it('are made from a sentence, whose cron and next openings are shown before', async () => {
    const { page } = admin
    await page.getByRole('button', { name: 'New schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('tuesday nights')
    await choose(page, 'Which site', 'Lyon')
    await dialog.getByText('Every Tuesday at 22:00 for 2 h, Europe/Berlin time').waitFor()
    await dialog.getByText('Thu', { exact: true }).click()
    await dialog.getByRole('textbox', { name: 'At', exact: true }).fill('6:00, 22:00')
    await dialog.getByText('Every Tuesday and Thursday at 06:00 and 22:00 for 2 h, Europe/Berlin time').waitFor()
    await dialog.getByText('0 6,22 * * 2,4').waitFor()
    expect(await dialog.locator('.mu-openings li').count()).toBe(7)
    await dialog
      .getByText(
        `muster schedule create 'tuesday nights' --frequency-type repeated --target ${lyon} --maintenance-type maintenance --day-of-week 2,4 --day-of-month '*' --months '*' --hour 6,22 --minute 0 --duration 7200 --timezone Europe/Berlin`,
      )
      .waitFor()
    await dialog.getByRole('button', { name: 'Create the schedule' }).click()

    await page.getByRole('gridcell', { name: 'tuesday nights', exact: true }).waitFor()

    expect(await repeated('tuesday nights')).toMatchObject({
      cronMinutes: '0',
      cronHours: '6,22',
      cronDayMonth: '*',
      cronMonth: '*',
      cronDayWeek: '2,4',
      durationSeconds: 7_200,
      timezone: 'Europe/Berlin',
      targetSite: { resourceId: lyon },
    })
    expect(
      await page.getByRole('table', { name: 'Windows of the coming week' }).getByRole('img').count(),
    ).toBeGreaterThan(2)
  })

  it('refuse times that a cron cannot say, lengths and days that are none', async () => {
    const { page } = admin
    await visit(page, '/schedules?new=1')
    const dialog = page.getByRole('dialog')
    await choose(page, 'Which site', 'Lyon')
    await dialog.getByRole('textbox', { name: 'At', exact: true }).fill('6:00, 22:30')
    await dialog.getByText('Several times must share their minutes').waitFor()
    expect(await dialog.getByRole('button', { name: 'Create the schedule' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'At', exact: true }).fill('22:00')
    await dialog.getByRole('textbox', { name: 'For', exact: true }).fill('3 days')
    await dialog.getByText('A length such as 2 h').waitFor()
    await dialog.getByRole('textbox', { name: 'For', exact: true }).fill('24 h')
    await choose(page, 'Every', 'month, on days')
    await dialog.getByLabel('Days of the month').fill('0')

    expect(await dialog.getByRole('button', { name: 'Create the schedule' }).isDisabled()).toBe(true)

    await dialog.getByLabel('Days of the month').fill('31')
    await dialog.getByText('On day 31 of the month at 22:00 for 24 h').waitFor()
    await page.keyboard.press('Escape')
  })

  it('can be typed as a cron, taken over from the sentence', async () => {
    const { page } = admin
    await visit(page, '/schedules?new=1')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('odd')
    await choose(page, 'Which site', 'Lyon')
    await choose(page, 'Every', 'as cron fields')
    expect(await dialog.getByLabel('Days of the week').inputValue()).toBe('2')
    await dialog.getByLabel('Minutes').fill('*/5')
    await dialog.getByText('* or numbers within the bounds').waitFor()
    await dialog.getByLabel('Minutes').fill('0')
    await dialog.getByLabel('Days of the month').fill('1')
    await dialog.getByText('At 0 22 1 * 2 (cron) for 2 h').waitFor()
    await dialog.getByRole('button', { name: 'Create the schedule' }).click()

    await expect.poll(() => repeated('odd')).toMatchObject({ cronDayMonth: '1', cronDayWeek: '2' })
  })

  it('say when two meet that are for different things', async () => {
    const { page } = admin
    const times = {
      cronMinutes: '0',
      cronHours: '23',
      cronDayMonth: '*',
      cronMonth: '*',
      cronDayWeek: '*',
    }
    await api('POST', '/schedules/repeated', {
      ...times,
      name: 'updates',
      scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
      targetSiteId: lyon,
      durationSeconds: 3_600,
      timezone: 'Europe/Berlin',
    })
    await visit(page, '/schedules')

    await page.getByText('tuesday nights and updates are open at once, and are for different things.').waitFor()
  })

  it('show when they open, there and for the reader', async () => {
    const { page } = admin
    const { resourceId } = await api('POST', '/schedules/repeated', {
      name: 'far away',
      scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
      targetSiteId: lyon,
      ...{ cronMinutes: '0', cronHours: '20', cronDayMonth: '*', cronMonth: '*', cronDayWeek: '*' },
      durationSeconds: 3_600,
      timezone: 'Asia/Tokyo',
    })
    await visit(page, `/schedules?schedule=${resourceId}`)
    const details = page.getByRole('dialog', { name: 'far away' })

    await details.getByText('Every day at 20:00 for 1 h on site Lyon, Asia/Tokyo time').waitFor()

    // A header and seven openings; Tokyo is seven or eight hours ahead of Berlin.
    expect(await details.getByRole('row').count()).toBe(8)
    const cells = await details.getByRole('row').nth(1).getByRole('cell').allTextContents()
    expect(cells[0]).toMatch(/ 20:00 – 21:00$/)
    expect(cells[1]).toMatch(/ 1[23]:00 – 1[34]:00$/)
  })

  it('change only what is changed, and go with a reason', async () => {
    const { page } = admin
    const { resourceId } = await repeated('far away')
    await visit(page, `/schedules?schedule=${resourceId}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change far away' })
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'For', exact: true }).fill('3 h')
    await dialog.getByText(`muster schedule set ${resourceId} --duration 10800`).waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await repeated('far away')).durationSeconds).toBe(10_800)
    await page.getByRole('dialog', { name: 'far away' }).getByRole('button', { name: 'Delete' }).click()
    const removal = page.getByRole('dialog', { name: 'Delete far away' })
    await removal.getByText('Every day at 20:00 for 3 h on site Lyon, Asia/Tokyo time').waitFor()
    await removal.getByLabel('Reason').fill('no longer there')
    await removal.getByRole('button', { name: 'Delete far away' }).click()

    await expect.poll(() => repeated('far away')).toBeUndefined()

    const { body } = await dashboard.controller.call('GET', '/v1/audit?project=default&limit=1000')
    const entry = body.entries.find(({ target }: { target: string }) => target === resourceId)
    expect(body.entries.some(({ reason }: { reason: string }) => reason === 'no longer there')).toBe(true)
    expect(entry).toBeDefined()
  })

  it('of one time begin in the future', async () => {
    const { page } = admin
    await visit(page, '/schedules?new=1')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('retrofit')
    await choose(page, 'Which site', 'Lyon')
    await dialog.getByText('Once', { exact: true }).click()
    await dialog.getByLabel('From').fill('2020-01-01T10:00')
    await dialog.getByText('A new schedule starts in the future.').waitFor()
    await dialog.getByLabel('From').fill('2099-03-01T08:00')
    await dialog.getByLabel('To').fill('2099-03-01T07:00')
    await dialog.getByText('The end comes after the start.').waitFor()
    await dialog.getByLabel('To').fill('2099-03-01T16:00')
    await dialog.getByRole('button', { name: 'Create the schedule' }).click()

    await page.getByText('Once, from Sun 2099-03-01 08:00 to Sun 2099-03-01 16:00, Europe/Berlin time').waitFor()

    const [single] = (await api('GET', '/schedules')).singleSchedules
    expect(single).toMatchObject({ startSeconds: Date.parse('2099-03-01T07:00:00Z') / 1_000 })
  })

  it('of a site stand on its page, and the way back narrows the list', async () => {
    const { page } = admin
    await visit(page, `/sites/${lyon}`)
    await page.getByRole('link', { name: 'updates' }).first().waitFor()
    await page.getByRole('link', { name: 'All schedules' }).click()

    await page.getByText(`Those that hold for ${lyon}`).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()

    expect(new URL(page.url()).search).toBe('')
  })

  it('have no buttons for who may only look, and say which permission is missing', async () => {
    await dashboard.person('vera', 'viewer')
    const made = await dashboard.controller.call('POST', '/v1/access/roles', {
      name: 'lookout',
      permissions: ['host.read'],
    })
    expect(made.status, made.text).toBeLessThan(300)
    await dashboard.person('lou', 'lookout')
    const vera = await dashboard.open('/schedules', { as: 'vera' })
    await vera.page.getByRole('gridcell', { name: 'updates', exact: true }).waitFor()
    expect(await vera.page.getByRole('button', { name: 'New schedule' }).count()).toBe(0)
    const lou = await dashboard.open('/schedules', { as: 'lou' })

    await lou.page.getByText('It takes the permission inventory.read.').waitFor()

    await Promise.all([vera.close(), lou.close()])
  })

  it('say what failed, and ask again', async () => {
    const { page, faults, close } = await dashboard.open('/help')
    await page.route('**/schedules?*', route => route.abort())
    await visit(page, '/schedules')
    await page.getByRole('alert').getByText('The controller cannot be reached').waitFor()
    await page.unroute('**/schedules?*')
    await page.getByRole('button', { name: 'Try again' }).click()

    await page.getByRole('gridcell', { name: 'updates', exact: true }).waitFor()

    expect(faults.violations).toEqual([])
    await close()
  })

  it('fit on a narrow screen, without a fault anywhere', async () => {
    const { page, faults, close } = await dashboard.open('/schedules', { width: 360, height: 740 })
    await page.getByRole('table', { name: 'Windows of the coming week' }).waitFor()

    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    expect(admin.faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })
})
