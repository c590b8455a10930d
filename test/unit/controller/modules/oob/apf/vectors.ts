// SPDX-License-Identifier: Apache-2.0
/** One message of each type as it stands on the wire, written by hand from the protocol's description. */
import type { Message } from '../../../../../../controller/modules/oob/apf/messages.ts'

const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
const ascii = (text: string): string => Buffer.from(text).toString('hex')

export const GUID = '00112233-4455-6677-8899-aabbccddeeff'

export type Vector = { readonly type: number; readonly message: Message; readonly bytes: Buffer }

export const vectors: readonly Vector[] = [
  { type: 1, message: { kind: 'disconnect', reason: 14 }, bytes: hex('01', '0000000e', '0000') },
  {
    type: 5,
    message: { kind: 'service-request', service: 'auth@amt.intel.com' },
    bytes: hex('05', '00000012', ascii('auth@amt.intel.com')),
  },
  {
    type: 6,
    message: { kind: 'service-accept', service: 'pfwd@amt.intel.com' },
    bytes: hex('06', '00000012', ascii('pfwd@amt.intel.com')),
  },
  {
    type: 50,
    message: {
      kind: 'userauth-request',
      user: 'admin',
      service: 'pfwd@amt.intel.com',
      method: 'password',
      password: Buffer.from('P@ssw0rd'),
    },
    bytes: hex(
      '32',
      `00000005${ascii('admin')}`,
      `00000012${ascii('pfwd@amt.intel.com')}`,
      `00000008${ascii('password')}`,
      '00',
      `00000008${ascii('P@ssw0rd')}`,
    ),
  },
  {
    type: 50,
    message: { kind: 'userauth-request', user: '', service: 'pfwd@amt.intel.com', method: 'none' },
    bytes: hex('32', '00000000', `00000012${ascii('pfwd@amt.intel.com')}`, `00000004${ascii('none')}`),
  },
  {
    type: 51,
    message: { kind: 'userauth-failure', methods: 'password', partial: false },
    bytes: hex('33', '00000008', '70617373776f7264', '00'),
  },
  { type: 52, message: { kind: 'userauth-success' }, bytes: hex('34') },
  {
    type: 80,
    message: { kind: 'global-request', request: 'tcpip-forward', wantReply: true, address: '', port: 16992 },
    bytes: hex('50', `0000000d${ascii('tcpip-forward')}`, '01', '00000000', '00004260'),
  },
  {
    type: 80,
    message: { kind: 'global-request', request: 'cancel-tcpip-forward', wantReply: true, address: 'amt', port: 623 },
    bytes: hex('50', `00000014${ascii('cancel-tcpip-forward')}`, '01', '00000003616d74', '0000026f'),
  },
  {
    type: 80,
    message: {
      kind: 'global-request',
      request: 'udp-send-to@amt.intel.com',
      wantReply: false,
      destination: { address: '10.0.0.1', port: 162 },
      originator: { address: 'amt', port: 16992 },
      payload: Buffer.from([0xde, 0xad]),
    },
    bytes: hex(
      '50',
      `00000019${ascii('udp-send-to@amt.intel.com')}`,
      '00',
      `00000008${ascii('10.0.0.1')}000000a2`,
      '00000003616d74 00004260',
      '00000002dead',
    ),
  },
  { type: 81, message: { kind: 'request-success', port: 16994 }, bytes: hex('51', '00004262') },
  { type: 82, message: { kind: 'request-failure' }, bytes: hex('52') },
  {
    type: 90,
    message: {
      kind: 'channel-open',
      type: 'forwarded-tcpip',
      sender: 4,
      window: 81_920,
      target: { address: '', port: 16992 },
      originator: { address: '1.2.3.4', port: 1024 },
    },
    bytes: hex(
      '5a',
      `0000000f${ascii('forwarded-tcpip')}`,
      '00000004 00014000 ffffffff',
      '00000000 00004260',
      `00000007${ascii('1.2.3.4')}`,
      '00000400',
    ),
  },
  {
    type: 91,
    message: { kind: 'channel-confirmation', recipient: 4, sender: 9, window: 4_096 },
    bytes: hex('5b', '00000004 00000009 00001000 ffffffff'),
  },
  {
    type: 92,
    message: { kind: 'channel-failure', recipient: 4, reason: 2 },
    bytes: hex('5c', '00000004 00000002 00000000 00000000'),
  },
  {
    type: 93,
    message: { kind: 'window-adjust', recipient: 9, bytes: 0xffff_ffff },
    bytes: hex('5d', '00000009 ffffffff'),
  },
  {
    type: 94,
    message: { kind: 'channel-data', recipient: 9, data: Buffer.from('GET') },
    bytes: hex('5e', '00000009 00000003 474554'),
  },
  { type: 97, message: { kind: 'channel-close', recipient: 9 }, bytes: hex('61', '00000009') },
  {
    type: 192,
    message: { kind: 'protocol-version', major: 1, minor: 0, trigger: 4, guid: GUID },
    bytes: hex('c0', '00000001 00000000 00000004', '33221100 5544 7766 8899aabbccddeeff', '00'.repeat(64)),
  },
  { type: 208, message: { kind: 'keepalive-request', cookie: 0xffff_ffff }, bytes: hex('d0', 'ffffffff') },
  { type: 209, message: { kind: 'keepalive-reply', cookie: 0x8000_0001 }, bytes: hex('d1', '80000001') },
  {
    type: 210,
    message: { kind: 'keepalive-options-request', interval: 30, timeout: 90 },
    bytes: hex('d2', '0000001e 0000005a'),
  },
  {
    type: 211,
    message: { kind: 'keepalive-options-reply', interval: 30, timeout: 0 },
    bytes: hex('d3', '0000001e 00000000'),
  },
]
