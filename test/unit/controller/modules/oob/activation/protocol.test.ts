// SPDX-License-Identifier: Apache-2.0
/** The envelope of `rpc` and the command line inside it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../../../../../controller/modules/oob/activation/command-line.ts'
import { parseMessage, Refusal, write } from '../../../../../../controller/modules/oob/activation/protocol.ts'

const PAYLOAD = { client: 'RPC', ver: '16.1', build: '2049', uuid: '4c4c4544-005a-3510-8047-b4c04f564433' }
const message = (more: object, payload: object = {}): string =>
  JSON.stringify({
    method: 'activate --profile lab',
    protocolVersion: '4.0.0',
    payload: Buffer.from(JSON.stringify({ ...PAYLOAD, ...payload })).toString('base64'),
    tenantId: '',
    ...more,
  })

describe('a command line', () => {
  it.each([
    ['activate --profile lab', { verb: 'activate', profile: 'lab' }],
    ['activate -profile lab', { verb: 'activate', profile: 'lab' }],
    ['activate --profile=lab', { verb: 'activate', profile: 'lab' }],
    ['activate --profile "my lab" -f', { verb: 'activate', profile: 'my lab', force: true }],
    ['activate --profile \'a "b" c\'', { verb: 'activate', profile: 'a "b" c' }],
    ['activate --profile="my lab"', { verb: 'activate', profile: 'my lab' }],
    ['deactivate --password -dashes-first', { verb: 'deactivate', password: '-dashes-first' }],
    ['deactivate --password P@ss"word --force', { verb: 'deactivate', password: 'P@ss"word', force: true }],
    ['deactivate --password P -f', { verb: 'deactivate', password: 'P', force: true }],
    ['maintenance -password P --synctime', { verb: 'maintenance', password: 'P', task: 'synctime' }],
    ['maintenance -password P --syncdeviceinfo', { verb: 'maintenance', task: 'syncdeviceinfo' }],
    ['maintenance -password P --changepassword N3w', { task: 'changepassword', argument: 'N3w' }],
    ['maintenance --changepassword', { task: 'changepassword', argument: undefined }],
    ['maintenance --changepassword "two words"', { task: 'changepassword', argument: 'two words' }],
    ['activate --unknown value --profile lab', { verb: 'activate', profile: 'lab' }],
    ['', { verb: '' }],
  ])('reads %s', (line, expected) => {
    expect(parseCommand(line)).toMatchObject(expected)
  })

  it('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), line => void parseCommand(line)))
  })

  it('gives back any quoted password', () => {
    const text = fc.string({ minLength: 1, maxLength: 32 }).filter(each => !/["\\]/.test(each))
    fc.assert(
      fc.property(text, password => {
        expect(parseCommand(`deactivate --password "${password}" -f`)).toMatchObject({ password, force: true })
      }),
    )
  })
})

describe('a message', () => {
  it('carries what a device says of itself', () => {
    const hashes = ['AB:CD', 'ef01']
    const read = parseMessage(
      message({ tenantId: 'one' }, { certHashes: hashes, fqdn: 'a.example.com.', currentMode: 1, lmsInstalled: true }),
    )

    expect(read).toMatchObject({
      kind: 'command',
      tenantId: 'one',
      command: { verb: 'activate', profile: 'lab' },
      claim: {
        certHashes: ['abcd', 'ef01'],
        fqdn: 'a.example.com',
        currentMode: 1,
        lmsInstalled: true,
        tlsEnforced: false,
      },
    })
  })

  it('may carry the UUID as 16 bytes', () => {
    const uuid = [0x44, 0x45, 0x4c, 0x4c, 0x5a, 0x00, 0x10, 0x35, 0x80, 0x47, 0xb4, 0xc0, 0x4f, 0x56, 0x44, 0x33]

    expect(parseMessage(message({}, { uuid }))).toMatchObject({ claim: { uuid: PAYLOAD.uuid } })
  })

  it.each([
    ['3.9.9', false],
    ['4.0.0', true],
    ['4.0.1', false],
    ['5.0.0', false],
    ['x', false],
  ])('of protocol %s is taken: %s', (protocolVersion, taken) => {
    const read = () => parseMessage(message({ protocolVersion }))
    if (taken) expect(read()).toBeDefined()
    else expect(read).toThrow(`protocol version NOT supported: ${protocolVersion}`)
  })

  it.each(['client', 'ver', 'build', 'uuid'])('needs %s', name => {
    expect(() => parseMessage(message({}, { [name]: undefined }))).toThrow('Invalid payload from client')
  })

  it('is refused in words, never with another failure, whatever arrives', () => {
    const json = fc.json({ maxDepth: 4 })
    const near = fc.record({
      method: fc.anything(),
      protocolVersion: fc.constantFrom('4.0.0', '', 4),
      payload: fc.oneof(fc.string(), fc.base64String(), fc.anything()),
    })
    const text = fc.oneof(
      fc.string(),
      json,
      near.map(each => JSON.stringify(each) ?? ''),
    )
    fc.assert(
      fc.property(text, given => {
        try {
          parseMessage(given)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('survives any payload of the right outer shape', () => {
    const values = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.anything()),
      fc.object(),
    )
    const payload = fc.record({
      uuid: fc.oneof(values, fc.constant(PAYLOAD.uuid)),
      certHashes: values,
      ipConfiguration: values,
      hostnameInfo: values,
      currentMode: values,
      fqdn: values,
      friendlyName: values,
    })
    fc.assert(
      fc.property(payload, given => {
        try {
          parseMessage(message({}, given))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Refusal)
        }
      }),
    )
  })
})

describe('what the server writes', () => {
  it('has the members of RPS in their order', () => {
    expect(write.success({ Status: 'Client control mode.' })).toBe(
      '{"method":"success","apiKey":"xxxxx","appVersion":"2.40.0","protocolVersion":"4.0.0","status":"success","message":"{\\"Status\\":\\"Client control mode.\\"}","payload":null,"tenantId":""}',
    )
    expect(JSON.parse(write.heartbeat())).toMatchObject({
      method: 'heartbeat_request',
      status: 'heartbeat',
      payload: '',
    })
    expect(JSON.parse(write.error({ Status: 'no' }))).toMatchObject({
      method: 'error',
      status: 'failed',
      message: '{"Status":"no"}',
    })
    expect(JSON.parse(JSON.parse(write.portSwitch({ port: 16993, delay: 15 })).payload)).toEqual({
      port: '16993',
      rootCert: '',
      delay: 15,
    })
  })
})
