// SPDX-License-Identifier: Apache-2.0
/** Replies as JSON, and tables. */
import { describe, expect, it } from 'vitest'
import { certificatesJson } from '../../../../../../controller/modules/oob/mps/certificates.ts'
import { envelopeJson, instanceJson, jsonOf } from '../../../../../../controller/modules/oob/mps/json.ts'
import { csv } from '../../../../../../controller/modules/oob/mps/logs.ts'

describe('a reply as JSON', () => {
  it.each([
    ['0', 0],
    ['16392', 16392],
    ['-1.5', -1.5],
    ['true', true],
    ['False', false],
    ['', ''],
    ['11.8.50', '11.8.50'],
    ['020300C5', '020300C5'],
    ['Infinity', 'Infinity'],
  ])('makes %j into %j', (text, value) => {
    expect(jsonOf(text)).toBe(value)
  })

  it('leaves names and serial numbers alone', () => {
    expect(
      instanceJson({ SerialNumber: '000123', ElementName: '42', VersionString: 'False', Tag: '9876543210' }),
    ).toEqual({
      SerialNumber: '000123',
      ElementName: '42',
      VersionString: 'False',
      Tag: 9876543210,
    })
  })

  it('shows selectors as their text', () => {
    const Selector = { _: 'Intel(r) AMT', $: { Name: 'Name' } }

    expect(instanceJson({ SelectorSet: { Selector } })).toEqual({ SelectorSet: { Selector: 'Intel(r) AMT' } })
  })

  it('takes the body out of its element, and the relation as text where MPS does', () => {
    const envelope = { Header: { RelatesTo: '3' }, Body: { AMT_GeneralSettings: { PowerSource: '0' } } }

    expect(envelopeJson(envelope, { flat: true, relatesAsText: true })).toEqual({
      Header: { RelatesTo: '3' },
      Body: { PowerSource: 0 },
    })
    expect(envelopeJson(envelope, { flat: false })).toEqual({
      Header: { RelatesTo: 3 },
      Body: { AMT_GeneralSettings: { PowerSource: 0 } },
    })
  })
})

describe('certificates as JSON', () => {
  const certificate = (instanceId: string, isTrustedRoot: boolean) => ({
    elementName: 'Intel(r) AMT Certificate',
    instanceId,
    x509: 'MIIB',
    isTrustedRoot,
    issuer: 'CN=i',
    subject: 'C=US,CN=Edge 1,O=x',
    isReadOnly: false,
  })

  it('tells who uses what, key included', () => {
    const json = certificatesJson({
      certificates: [certificate('c', false), certificate('r', true)],
      keys: [{ elementName: 'k', instanceId: 'key', der: 'MIIC' }],
      uses: [
        { type: 'Wireless', profile: 'home', certificate: 'c' },
        { type: 'Wireless', profile: 'home', certificate: 'r' },
        { type: 'TLS', profile: 'TLSProtocolEndpoint Instances Collection', certificate: 'c' },
      ],
      keyOfCertificate: new Map([['c', 'key']]),
    }) as any

    expect(json.certificates.publicKeyCertificateItems[0]).toMatchObject({
      displayName: 'Edge 1',
      publicKeyHandle: 'key',
      associatedProfiles: ['Wireless - home', 'TLS'],
    })
    expect(json.publicKeys.publicPrivateKeyPairItems).toEqual([
      { elementName: 'k', instanceID: 'key', derKey: 'MIIC', certificateHandle: 'c' },
    ])
    expect(json.profileAssociation).toMatchObject([
      {
        type: 'Wireless',
        profileID: 'home',
        clientCertificate: { instanceID: 'c' },
        rootCertificate: { instanceID: 'r' },
      },
      { type: 'TLS', profileID: 'TLSProtocolEndpoint Instances Collection', publicKey: { instanceID: 'key' } },
    ])
  })
})

describe('a table', () => {
  it('quotes what must be, and is no formula', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          { a: 'x,"y"', b: '=1+1' },
          { a: null, b: -1 },
        ],
      ),
    ).toBe('a,b\r\n"x,""y""",\'=1+1\r\n,-1\r\n')
  })
})
