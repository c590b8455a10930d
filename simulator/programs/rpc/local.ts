// SPDX-License-Identifier: Apache-2.0
/** `rpc activate` and `deactivate` without a server: the few calls of WS-Management that they need. */
import { createHash } from 'node:crypto'
import { connect as tlsConnect } from 'node:tls'
import type { RunResult } from '../../../plugins/contract/index.ts'
import { CODES, complained, ended, type RpcLog } from './codes.ts'
import type { RpcCall } from './command-line.ts'
import type { RpcOptions } from './engine.ts'
import { exchange } from './http-reply.ts'

export type LocalRun = {
  readonly call: RpcCall
  readonly options: RpcOptions
  readonly log: RpcLog
  readonly signal: AbortSignal
}

export async function activateLocally(run: LocalRun): Promise<RunResult> {
  const { call, options, log } = run
  const { mei } = options.engine()
  if (call.flags.has('stopConfig')) {
    mei.stopConfiguration()
    return ended(log, 0)
  }
  if (call.flags.has('ccm') === call.flags.has('acm')) {
    return complained(log, CODES.wrongParameters, 'must specify -ccm or -acm, but not both')
  }
  if (call.flags.has('acm')) {
    return complained(log, CODES.unableToActivate, 'this simulated rpc has no provisioning certificate of its own')
  }
  const { password = '' } = call
  if (password === '') return complained(log, CODES.missingPassword, 'missing or incorrect password')
  if (mei.controlMode() !== 0) return complained(log, CODES.unableToActivate, 'Device is already activated')
  const account = mei.localSystemAccount()
  const settings = await invoke(run, account, { uri: 'AMT_GeneralSettings' })
  const realm = /<(?:\w+:)?DigestRealm>([^<]+)</.exec(settings)?.[1] ?? ''
  const setup = await invoke(run, account, {
    uri: 'IPS_HostBasedSetupService',
    method: 'Setup',
    input: { NetAdminPassEncryptionType: '2', NetworkAdminPassword: md5(`admin:${realm}:${password}`) },
  })
  if (!isDone(setup)) return complained(log, CODES.activationFailed, 'Status: Failed to activate')
  log.say('info', 'Status: Device activated in Client Control Mode')
  return ended(log, 0)
}

export async function deactivateLocally(run: LocalRun): Promise<RunResult> {
  const { call, options, log } = run
  const { mei } = options.engine()
  const mode = mei.controlMode()
  if (mode === 0) {
    return complained(log, CODES.unableToDeactivate, 'Deactivation failed. Device control mode: pre-provisioning state')
  }
  if (mode === 1) mei.unprovision()
  else {
    const account = { username: 'admin', password: call.password ?? '' }
    const reply = await invoke(run, account, {
      uri: 'AMT_SetupAndConfigurationService',
      method: 'Unprovision',
      input: { ProvisioningMode: '1' },
    })
    if (/^HTTP\/1\.1 401/.test(reply)) {
      return complained(log, CODES.amtAuthenticationFailed, 'Unable to authenticate with AMT')
    }
    if (!isDone(reply)) return complained(log, CODES.unableToDeactivate, 'Status: Unable to deactivate')
  }
  log.say('info', 'Status: Device deactivated')
  return ended(log, 0)
}

function isDone(reply: string): boolean {
  return /<(?:\w+:)?ReturnValue>0</.test(reply)
}

type Account = { readonly username: string; readonly password: string }
type Invocation = {
  readonly uri: 'AMT_GeneralSettings' | 'IPS_HostBasedSetupService' | 'AMT_SetupAndConfigurationService'
  /** A Get without one. */
  readonly method?: string
  readonly input?: Readonly<Record<string, string>>
}

/** One call over the local port, with digest (RFC 7616) after the first refusal; the whole reply as text. */
async function invoke(run: LocalRun, account: Account, invocation: Invocation): Promise<string> {
  const first = await post(run, invocation, '')
  const [, realm = '', nonce = ''] = /www-authenticate:.*?realm="([^"]*)".*?nonce="([^"]*)"/i.exec(first) ?? []
  if (!/^HTTP\/1\.1 401/.test(first) || nonce === '') return first
  const [nc, cnonce] = ['00000001', '0a4f113b']
  const secret = md5(`${account.username}:${realm}:${account.password}`)
  const response = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5('POST:/wsman')}`)
  const digest = [
    `username="${account.username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    'uri="/wsman"',
    `response="${response}"`,
    'qop=auth',
    `nc=${nc}`,
    `cnonce="${cnonce}"`,
  ]
  return post(run, invocation, `Authorization: Digest ${digest.join(', ')}\r\n`)
}

async function post({ options, signal }: LocalRun, invocation: Invocation, credentials: string): Promise<string> {
  const body = envelopeOf(invocation)
  const head = [
    'POST /wsman HTTP/1.1',
    'Host: localhost:16992',
    'Content-Type: application/soap+xml; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  const { mei, lms } = options.engine()
  const raw = lms(mei.tlsEnforced ? 16_993 : 16_992)
  raw.on('error', () => undefined)
  // The real client checks that the certificate is from the chip; this one talks to itself.
  const stream = mei.tlsEnforced ? tlsConnect({ socket: raw, rejectUnauthorized: false }) : raw
  stream.on('error', () => undefined)
  try {
    const reply = await exchange(stream, Buffer.from(`${head.join('\r\n')}\r\n${credentials}\r\n${body}`), signal)
    return reply.toString()
  } finally {
    stream.destroy()
  }
}

const SCHEMAS = {
  AMT: 'http://intel.com/wbem/wscim/1/amt-schema/1',
  IPS: 'http://intel.com/wbem/wscim/1/ips-schema/1',
} as const

function envelopeOf({ uri, method, input = {} }: Invocation): string {
  const resource = `${uri.startsWith('IPS') ? SCHEMAS.IPS : SCHEMAS.AMT}/${uri}`
  const action = method === undefined ? 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Get' : `${resource}/${method}`
  const members = Object.entries(input).map(([name, value]) => `<h:${name}>${value}</h:${name}>`)
  const body =
    method === undefined ? '' : `<h:${method}_INPUT xmlns:h="${resource}">${members.join('')}</h:${method}_INPUT>`
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"',
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"',
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><Header>',
    `<a:Action>${action}</a:Action><a:To>/wsman</a:To><w:ResourceURI>${resource}</w:ResourceURI><a:MessageID>1</a:MessageID>`,
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>',
    `<w:OperationTimeout>PT60S</w:OperationTimeout></Header><Body>${body}</Body></Envelope>`,
  ].join('')
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
