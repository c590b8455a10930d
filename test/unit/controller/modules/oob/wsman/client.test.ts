// SPDX-License-Identifier: Apache-2.0
/** Calls of one device: what is sent, what is repeated, what is given up, and what the failures say. */
import { describe, expect, it } from 'vitest'
import { createWsman, type WsmanLimits } from '../../../../../../controller/modules/oob/wsman/client.ts'
import { closed, type Exchange } from '../../../../../../controller/modules/oob/wsman/exchange.ts'
import type { HttpReply, HttpRequest } from '../../../../../../controller/modules/oob/wsman/http.ts'
import { Reference } from '../../../../../../controller/modules/oob/wsman/wsman.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'
import { surroundings } from '../../../../../support/kernel.ts'
import { enveloped, fault, opened, output, pulled, settings } from './replies.ts'

type Answer = HttpReply | Error | 'silence'
type Device = (request: { readonly id: string; readonly xml: string; readonly action: string }) => Answer

const ok = (xml: string): HttpReply => reply(200, xml)
function reply(status: number, body: string): HttpReply {
  return { status, headers: new Map(), body: Buffer.from(body), keepsAlive: true }
}

function rig(device: Device, limits: Partial<WsmanLimits> = {}) {
  const { clock, random, log } = surroundings()
  const requests: HttpRequest[] = []
  const state = { running: 0, mostRunning: 0, closes: 0 }
  const exchange: Exchange = {
    send: async (request, signal) => {
      requests.push(request)
      state.running++
      state.mostRunning = Math.max(state.mostRunning, state.running)
      try {
        await Promise.resolve()
        request.onSent?.()
        const xml = request.body
        const answer = device({
          xml,
          id: /MessageID>([^<]*)</.exec(xml)?.[1] ?? '',
          action: /Action>([^<]*)</.exec(xml)?.[1] ?? '',
        })
        if (answer instanceof Error) throw answer
        if (answer !== 'silence') return answer
        return await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        )
      } finally {
        state.running--
      }
    },
    close: () => {
      state.closes++
    },
  }
  const wsman = createWsman({
    guid: '4c4c4544-0000-1000-8000-000000000001',
    exchange,
    credentials: async () => ({ username: 'admin', passwords: [{ version: 1, value: Secret.of('P@ssw0rd') }] }),
    clock,
    random,
    log,
    limits,
  })
  return { wsman, clock, requests, state }
}

/** What a promise rejected with, so that it may be looked at after the clock was moved. */
async function failure(
  promise: Promise<unknown>,
): Promise<{ code: string; fields: Record<string, unknown>; detail: string }> {
  try {
    await promise
  } catch (thrown) {
    return thrown as { code: string; fields: Record<string, unknown>; detail: string }
  }
  throw new Error('it succeeded')
}

describe('a read', () => {
  it('gives the instance and the whole envelope', async () => {
    const { wsman, requests } = rig(({ id }) => ok(enveloped(settings({ HostName: 'edge' }), id)))

    const { content, envelope } = await wsman.get('AMT_GeneralSettings')

    expect(content).toEqual({ HostName: 'edge' })
    expect(envelope.Body).toEqual({ AMT_GeneralSettings: { HostName: 'edge' } })
    expect(requests[0]).toMatchObject({ host: '4c4c4544-0000-1000-8000-000000000001:16992', repeatable: true })
  })

  it('is repeated after a 500 with a fault, under a new message id', async () => {
    const ids: string[] = []
    const { wsman, clock } = rig(({ id }) => {
      ids.push(id)
      return ids.length < 3
        ? reply(500, fault('Receiver', 'e:InternalError', 'busy', id))
        : ok(enveloped(settings({}), id))
    })

    const call = wsman.get('AMT_GeneralSettings')
    await clock.advance(3_000)

    await expect(call).resolves.toBeDefined()
    expect(new Set(ids).size).toBe(3)
  })

  it('is given up after three attempts, and the fault says why', async () => {
    const { wsman, clock, requests } = rig(({ id }) => reply(500, fault('Receiver', 'e:InternalError', 'busy', id)))

    const call = failure(wsman.get('AMT_GeneralSettings'))
    await clock.advance(5_000)

    expect(await call).toMatchObject({
      code: 'amt-fault',
      fields: { code: 'Receiver', subcode: 'InternalError', reason: 'busy', status: 500 },
    })
    expect(requests).toHaveLength(3)
  })

  it('is not repeated when the fault would stay', async () => {
    const { wsman, requests } = rig(({ id }) => reply(400, fault('Sender', 'b:DestinationUnreachable', 'No route', id)))

    expect(await failure(wsman.get('AMT_Nothing'))).toMatchObject({
      code: 'amt-fault',
      fields: { subcode: 'DestinationUnreachable', reason: 'No route' },
    })
    expect(requests).toHaveLength(1)
  })

  it('is repeated when the channel ended or was refused', async () => {
    let calls = 0
    const { wsman, clock } = rig(({ id }) => (++calls < 2 ? closed(true) : ok(enveloped(settings({}), id))))

    const call = wsman.get('AMT_GeneralSettings')
    await clock.advance(1_000)

    await expect(call).resolves.toBeDefined()
  })

  it('is repeated when the answer belongs to another request, and the channel is dropped', async () => {
    let calls = 0
    const { wsman, clock, state } = rig(({ id }) => ok(enveloped(settings({}), ++calls < 2 ? '999' : id)))

    const call = wsman.get('AMT_GeneralSettings')
    await clock.advance(1_000)

    await expect(call).resolves.toBeDefined()
    expect(state.closes).toBe(1)
  })
})

describe('an act', () => {
  it('is never repeated: a fault, an end of the channel or a wrong answer is told', async () => {
    const answers: Record<string, Device> = {
      'amt-fault': ({ id }) => reply(500, fault('Receiver', 'e:InternalError', 'busy', id)),
      'amt-timeout': () => closed(true),
      'amt-unexpected': () => ok(enveloped(output('CommitChanges', 0), '999')),
    }
    for (const [code, device] of Object.entries(answers)) {
      const { wsman, requests } = rig(device)
      const thrown = await failure(wsman.invoke('AMT_SetupAndConfigurationService', 'CommitChanges'))
      expect(thrown.code).toBe(code)
      expect(requests).toHaveLength(1)
      expect(requests[0]?.repeatable).toBe(false)
    }
  })

  it('gives the return value and does not judge it', async () => {
    const { wsman } = rig(({ id }) => ok(enveloped(output('Unprovision', 2057), id)))

    const { returnValue } = await wsman.invoke('AMT_SetupAndConfigurationService', 'Unprovision', {
      ProvisioningMode: '1',
    })

    expect(returnValue).toBe(2057)
  })

  it('without a return value is unexpected', async () => {
    const { wsman } = rig(({ id }) => ok(enveloped('<h:X_OUTPUT/>', id)))

    expect((await failure(wsman.invoke('AMT_X', 'X'))).code).toBe('amt-unexpected')
  })

  it('may answer with an empty body', async () => {
    const { wsman, requests } = rig(({ id }) => ok(enveloped('', id)))

    expect((await wsman.remove('AMT_X', { selectors: { InstanceID: 'a&b' } })).content).toEqual({})
    expect(requests[0]?.body).toContain('<w:Selector Name="InstanceID">a&amp;b</w:Selector>')
  })

  it('may be selected by references', async () => {
    const { wsman, requests } = rig(({ id }) => ok(enveloped('', id)))

    await wsman.remove('AMT_RemoteAccessPolicyAppliesToMPS', {
      selectors: { ManagedElement: new Reference('AMT_ManagementPresenceRemoteSAP', { Name: 'MPS 0' }) },
    })

    expect(requests[0]?.body).toContain('<w:Selector Name="ManagedElement"><a:EndpointReference><a:Address>')
  })
})

describe('a listing', () => {
  const item = (name: string) => `<h:AMT_Key><h:InstanceID>${name}</h:InstanceID></h:AMT_Key>`

  it('follows the sequence to its end and merges its parts', async () => {
    const pages = [pulled(item('1') + item('2'), 'c2'), pulled(item('3'))]
    const { wsman, requests } = rig(({ id, action }) =>
      ok(enveloped(action.endsWith('/Enumerate') ? opened('c1') : (pages.shift() ?? ''), id)),
    )

    const { items, instances, envelope } = await wsman.list('AMT_Key')

    expect(instances).toEqual([{ InstanceID: '1' }, { InstanceID: '2' }, { InstanceID: '3' }])
    expect(items[0]?.name).toBe('AMT_Key')
    expect(envelope.Body).toMatchObject({ PullResponse: { Items: { AMT_Key: instances } } })
    expect(requests[1]?.body).toContain('<EnumerationContext>c1</EnumerationContext><MaxElements>999</MaxElements>')
    expect(requests[2]?.body).toContain('<EnumerationContext>c2</EnumerationContext>')
  })

  it.each([
    ['', []],
    [item('1'), [{ InstanceID: '1' }]],
  ])('of %j gives as many instances', async (items, expected) => {
    const { wsman } = rig(({ id, action }) =>
      ok(enveloped(action.endsWith('/Enumerate') ? opened('c1') : pulled(items), id)),
    )

    expect((await wsman.list('AMT_Key')).instances).toEqual(expected)
  })

  it('tells subclasses apart', async () => {
    const { wsman } = rig(({ id, action }) =>
      ok(
        enveloped(
          action.endsWith('/Enumerate') ? opened('c1') : pulled('<h:AMT_A/><h:AMT_B><h:X>1</h:X></h:AMT_B>'),
          id,
        ),
      ),
    )

    expect((await wsman.list('CIM_Base')).items).toEqual([
      { name: 'AMT_A', instance: {} },
      { name: 'AMT_B', instance: { X: '1' } },
    ])
  })

  it('begins anew once when the device has forgotten the context, and tells when it does so again', async () => {
    let forgotten = 0
    const device =
      (times: number): Device =>
      ({ id, action }) => {
        if (action.endsWith('/Enumerate')) return ok(enveloped(opened(`c${forgotten}`), id))
        if (forgotten++ < times) return reply(400, fault('Sender', 'g:InvalidEnumerationContext', 'gone', id))
        return ok(enveloped(pulled(item('1')), id))
      }
    expect((await rig(device(1)).wsman.list('AMT_Key')).instances).toHaveLength(1)

    forgotten = 0
    const thrown = await failure(rig(device(2)).wsman.list('AMT_Key'))
    expect(thrown).toMatchObject({ code: 'amt-fault', fields: { subcode: 'InvalidEnumerationContext' } })
  })

  it('without end is given up', async () => {
    const { wsman, requests } = rig(({ id, action }) =>
      ok(enveloped(action.endsWith('/Enumerate') ? opened('c') : pulled(item('1'), 'c'), id)),
    )

    expect((await failure(wsman.list('AMT_Key'))).code).toBe('amt-unexpected')
    expect(requests.length).toBeLessThan(120)
  })
})

describe('calls of one device', () => {
  it('wait for each other, in their order, each with a message id of its own', async () => {
    const ids: string[] = []
    const { wsman, state, requests } = rig(({ id }) => {
      ids.push(id)
      return ok(enveloped(settings({}), id))
    })

    await Promise.all([wsman.get('AMT_A'), wsman.get('CIM_B'), wsman.get('IPS_C'), wsman.get('AMT_D')])

    expect(state.mostRunning).toBe(1)
    expect(ids).toEqual(['1', '2', '3', '4'])
    expect(requests.map(({ body }) => /(AMT|CIM|IPS)_[A-D]/.exec(body)?.[0])).toEqual([
      'AMT_A',
      'CIM_B',
      'IPS_C',
      'AMT_D',
    ])
  })

  it('are refused when too many wait', async () => {
    const { wsman, clock } = rig(() => 'silence', { waiting: 2 })
    const calls = [1, 2, 3].map(() => failure(wsman.get('AMT_A')))

    expect((await failure(wsman.get('AMT_A'))).code).toBe('amt-busy')

    await clock.advance(10_000)
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(Array(3).fill('amt-timeout'))
  })

  it('end at their deadline, and tell whether the request had left', async () => {
    const { wsman, clock } = rig(() => 'silence')
    const running = failure(wsman.invoke('AMT_A', 'Act'))
    const waiting = failure(wsman.invoke('AMT_A', 'Act', {}, { deadlineMs: 4_000 }))

    await clock.advance(4_000)
    expect(await waiting).toMatchObject({ code: 'amt-timeout', fields: { sent: false } })
    await clock.advance(6_000)
    expect(await running).toMatchObject({ code: 'amt-timeout', fields: { sent: true } })
    expect(clock.pending).toBe(0)
  })

  it('end with the signal, running or waiting, and the next ones go on', async () => {
    let silent = true
    const { wsman } = rig(({ id }) => (silent ? 'silence' : ok(enveloped(settings({}), id))))
    const control = new AbortController()
    const running = failure(wsman.get('AMT_A', { signal: control.signal }))
    const waiting = failure(wsman.get('AMT_B', { signal: control.signal }))
    const other = wsman.get('AMT_C')

    await new Promise(setImmediate)
    silent = false
    control.abort(new Error('enough'))

    expect(await running).toMatchObject({ message: 'enough' })
    expect(await waiting).toMatchObject({ message: 'enough' })
    await expect(other).resolves.toBeDefined()
  })

  it('end when the client is closed', async () => {
    const { wsman, state } = rig(() => 'silence')
    const running = failure(wsman.get('AMT_A'))
    const waiting = failure(wsman.get('AMT_B'))

    await new Promise(setImmediate)
    wsman.close()

    expect((await running).code).toBe('amt-not-connected')
    expect((await waiting).code).toBe('amt-not-connected')
    expect((await failure(wsman.get('AMT_A'))).code).toBe('amt-not-connected')
    expect(state.closes).toBe(1)
  })

  it('reject, and do not throw, when the request cannot be written', async () => {
    const { wsman } = rig(() => 'silence')

    expect((await failure(wsman.put('AMT_A', { X: '\u0000' }))).code).toBe('invalid')
    expect((await failure(wsman.get('Win32_Process'))).code).toBe('invalid')
  })
})

describe('replies that are none', () => {
  it.each([
    ['an HTML page', 200, '<!DOCTYPE html><html><body>Log on</body></html>'],
    ['an HTML page with a status', 404, '<html><body>Not found</body></html>'],
    ['nothing', 200, ''],
    ['an empty body', 200, enveloped('', 1)],
    ['two elements', 200, enveloped(settings({}) + settings({}), 1)],
  ])('are unexpected: %s', async (_, status, body) => {
    const { wsman, requests } = rig(() => reply(status, body))

    expect((await failure(wsman.get('AMT_GeneralSettings'))).code).toBe('amt-unexpected')
    expect(requests).toHaveLength(1)
  })

  it('are faults also under status 200', async () => {
    const { wsman } = rig(({ id }) => ok(fault('Sender', 'e:AccessDenied', 'no', id)))

    expect(await failure(wsman.get('AMT_GeneralSettings'))).toMatchObject({
      code: 'amt-fault',
      fields: { subcode: 'AccessDenied' },
    })
  })
})
