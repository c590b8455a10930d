// SPDX-License-Identifier: Apache-2.0
/** Whom the engine dials when it is away from home, and how it knows that it is. */
import type { AmtClass, Firmware, Method } from '../firmware.ts'
import type { Input } from '../input.ts'
import { type Reference, WsmanFault } from '../soap.ts'
import type { AccessRule, MpsServer } from '../state.ts'
import { STATUS } from '../status.ts'
import { constant, fieldText, serviceFields, withWritten } from './tables.ts'

const SAP = 'AMT_ManagementPresenceRemoteSAP'
const RULE = 'AMT_RemoteAccessPolicyRule'
const MAX_SERVERS = 4
const RULE_NAMES: Readonly<Record<number, string>> = { 0: 'User Initiated', 1: 'Alert', 2: 'Periodic' }
const SYSTEM = { SystemCreationClassName: 'CIM_ComputerSystem', SystemName: 'Intel(r) AMT' }

function serverReference(name: string): Reference {
  return { ref: SAP, selectors: { CreationClassName: SAP, Name: name, ...SYSTEM } }
}

function ruleReference(name: string): Reference {
  return { ref: RULE, selectors: { CreationClassName: RULE, PolicyRuleName: name, ...SYSTEM } }
}

const service: AmtClass = {
  ...constant('AMT_RemoteAccessService', {
    ...serviceFields('AMT_RemoteAccessService', 'Intel(r) AMT Remote Access Service'),
    IsRemoteTunnelConnected: false,
  }),
  methods: { AddMpServer: (...call) => addServer(...call), AddRemoteAccessPolicyRule: (...call) => addRule(...call) },
}

const addServer: Method = (firmware, input) => {
  const { cira } = firmware.state
  const server = readServer(input, firmware.state.handles)
  if (typeof server === 'number') return server
  if (cira.servers.length >= MAX_SERVERS) return STATUS.limitReached
  if (cira.servers.some(({ accessInfo, port }) => accessInfo === server.accessInfo && port === server.port)) {
    return STATUS.duplicate
  }
  cira.servers.push({ ...server, name: `Intel(r) AMT:Management Presence Server ${cira.servers.length}` })
  firmware.accessChanged()
  return { status: STATUS.success, output: { MpServer: serverReference(cira.servers.at(-1)?.name ?? '') } }
}

function readServer(input: Input, _handle: number): MpsServer | number {
  const infoFormat = input.number('InfoFormat') ?? 0
  const port = input.number('Port') ?? 0
  const authMethod = input.number('AuthMethod') ?? 0
  const accessInfo = input.text('AccessInfo')
  const username = input.text('Username')
  const password = input.text('Password')
  const numeric = /^\d{1,3}(\.\d{1,3}){3}$/.test(accessInfo)
  if (![3, 4, 201].includes(infoFormat) || accessInfo === '' || numeric !== (infoFormat === 3)) {
    return STATUS.invalidParameter
  }
  if (port < 1 || port > 65535 || (authMethod !== 1 && authMethod !== 2)) return STATUS.invalidParameter
  if (authMethod === 2 && (!/^[\w$]{1,16}$/.test(username) || password.length < 8 || password.length > 32)) {
    return STATUS.invalidParameter
  }
  return { name: '', accessInfo, infoFormat, port, authMethod, username, password, commonName: input.text('CN') }
}

const addRule: Method = (firmware, input) => {
  const { cira } = firmware.state
  const trigger = input.number('Trigger') ?? -1
  const name = RULE_NAMES[trigger]
  if (name === undefined) return STATUS.invalidParameter
  const given = input.element.children.filter(child => child.name === 'MpServer')
  const wanted = given.length === 0 ? [] : [input.reference('MpServer')?.selectors.Name?.trim() ?? '']
  if (wanted.length === 0 || !wanted.every(each => cira.servers.some(server => server.name === each))) {
    return STATUS.notFound
  }
  if (cira.rules.some(rule => rule.trigger === trigger)) return STATUS.duplicate
  const extendedData = input.text('ExtendedData').trim()
  if (trigger === 2 && Buffer.from(extendedData, 'base64').length !== 8) return STATUS.invalidParameter
  const tunnelLifeTime = input.number('TunnelLifeTime') ?? 0
  cira.rules.push({ name, trigger, tunnelLifeTime, extendedData, servers: wanted, mpsType: 0 })
  firmware.accessChanged()
  return { status: STATUS.success, output: { PolicyRule: ruleReference(name) } }
}

const servers: AmtClass = {
  name: SAP,
  keys: ['Name'],
  instances: ({ state }) =>
    state.cira.servers.map(server => ({
      fields: {
        AccessInfo: server.accessInfo,
        CN: server.commonName,
        CreationClassName: SAP,
        ElementName: 'Intel(r) AMT:Management Presence Server',
        InfoFormat: server.infoFormat,
        Name: server.name,
        Port: server.port,
        ...SYSTEM,
      },
    })),
  remove(firmware, target) {
    const { cira } = firmware.state
    const name = fieldText(target.fields.Name)
    // A server that rules still name stays.
    if (cira.rules.some(rule => rule.servers.includes(name))) throw new WsmanFault('c:AccessDenied')
    cira.servers = cira.servers.filter(server => server.name !== name)
    firmware.accessChanged()
  },
}

const credentials: AmtClass = {
  name: 'AMT_MPSUsernamePassword',
  keys: ['InstanceID'],
  optional: ['Secret', 'Algorithm', 'Protocol'],
  instances: ({ state }) =>
    state.cira.servers.map((server, index) => ({
      fields: { InstanceID: `Intel(r) AMT:MPS Username Password ${index}`, RemoteID: server.username },
    })),
  put(firmware, target, input) {
    const index = Number(fieldText(target.fields.InstanceID).split(' ').at(-1))
    const server = firmware.state.cira.servers[index]
    if (server === undefined) throw new WsmanFault('c:InvalidSelectors')
    if (input.has('RemoteID')) server.username = input.text('RemoteID')
    if (input.has('Secret')) server.password = input.text('Secret')
  },
}

const rules: AmtClass = {
  name: RULE,
  keys: ['PolicyRuleName'],
  instances: ({ state }) =>
    state.cira.rules.map(rule => ({
      fields: {
        CreationClassName: RULE,
        ElementName: 'Intel(r) AMT:Remote Access Policy',
        ExtendedData: rule.extendedData,
        PolicyRuleName: rule.name,
        ...SYSTEM,
        Trigger: rule.trigger,
        TunnelLifeTime: rule.tunnelLifeTime,
      },
    })),
  put(firmware, target, input) {
    const rule = firmware.state.cira.rules.find(({ name }) => name === fieldText(target.fields.PolicyRuleName))
    if (rule === undefined) throw new WsmanFault('c:InvalidSelectors')
    rule.tunnelLifeTime = input.number('TunnelLifeTime') ?? rule.tunnelLifeTime
    if (input.has('ExtendedData')) rule.extendedData = input.text('ExtendedData').trim()
  },
  remove(firmware, target) {
    const { cira } = firmware.state
    cira.rules = cira.rules.filter(({ name }) => name !== fieldText(target.fields.PolicyRuleName))
    firmware.accessChanged()
  },
}

const APPLIES = 'AMT_RemoteAccessPolicyAppliesToMPS'
const applies: AmtClass = {
  name: APPLIES,
  keys: ['ManagedElement', 'PolicySet'],
  instances: ({ state }) =>
    state.cira.rules.flatMap(rule =>
      rule.servers.map((server, index) => ({
        fields: {
          ManagedElement: serverReference(server),
          MpsType: rule.mpsType,
          OrderOfAccess: index,
          PolicySet: ruleReference(rule.name),
        },
      })),
    ),
  put(firmware, _target, input) {
    const rule = ruleIn(firmware, input)
    const type = input.number('MpsType')
    if (rule === undefined || type === undefined || type < 0 || type > 2) throw new WsmanFault('c:InvalidParameter')
    rule.mpsType = type
    firmware.accessChanged()
  },
  create(firmware, input) {
    const rule = ruleIn(firmware, input)
    const server = input.reference('ManagedElement')?.selectors.Name?.trim() ?? ''
    if (rule === undefined || !firmware.state.cira.servers.some(({ name }) => name === server)) {
      throw new WsmanFault('c:InvalidParameter')
    }
    if (!rule.servers.includes(server)) rule.servers.push(server)
    rule.mpsType = input.number('MpsType') ?? rule.mpsType
    firmware.accessChanged()
    const nested = { ManagedElement: serverReference(server), PolicySet: ruleReference(rule.name) }
    return { ref: APPLIES, selectors: {}, nested }
  },
  remove(firmware, target) {
    const { ManagedElement, PolicySet } = target.fields
    const server = nameIn(ManagedElement, 'Name')
    const rule = firmware.state.cira.rules.find(({ name }) => name === nameIn(PolicySet, 'PolicyRuleName'))
    if (rule !== undefined) rule.servers = rule.servers.filter(name => name !== server)
    firmware.accessChanged()
  },
}

function ruleIn({ state }: Firmware, input: Input): AccessRule | undefined {
  const name = input.reference('PolicySet')?.selectors.PolicyRuleName?.trim()
  return state.cira.rules.find(rule => rule.name === name)
}

function nameIn(field: unknown, selector: string): string {
  const reference = field as Reference | undefined // the instances above have references there
  return reference?.selectors[selector] ?? ''
}

const userInitiated: AmtClass = {
  name: 'AMT_UserInitiatedConnectionService',
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields('AMT_UserInitiatedConnectionService', 'Intel(r) AMT User Initiated Connection Service'),
        EnabledState: state.cira.userInitiated,
      },
    },
  ],
  methods: {
    RequestStateChange(firmware, input) {
      const wanted = input.number('RequestedState')
      if (wanted === undefined || wanted < 32768 || wanted > 32771) return STATUS.invalidParameter
      firmware.state.cira.userInitiated = wanted
      return STATUS.success
    },
  },
}

const DETECTION = 'AMT_EnvironmentDetectionSettingData'
const detection: AmtClass = {
  name: DETECTION,
  keys: ['InstanceID'],
  optional: ['DetectionStrings', 'DetectionIPv6LocalPrefixes', 'DetectionAlgorithm'],
  instances: firmware => [
    {
      fields: {
        ...withWritten(firmware, DETECTION, '', { DetectionAlgorithm: 0 }),
        DetectionStrings: firmware.state.cira.detection,
        ElementName: 'Intel(r) AMT Environment Detection Settings',
        InstanceID: 'Intel(r) AMT Environment Detection Settings',
      },
    },
  ],
  put(firmware, _target, input) {
    const strings = input.texts('DetectionStrings').filter(text => text.trim() !== '')
    if (strings.length > 4 || strings.some(text => text.length > 63)) throw new WsmanFault('c:InvalidParameter')
    firmware.state.cira.detection = strings
    firmware.accessChanged()
  },
}

const PROXY = 'IPS_HTTPProxyAccessPoint'
const proxyService: AmtClass = {
  ...constant('IPS_HTTPProxyService', {
    ...serviceFields('IPS_HTTPProxyService', 'Intel(r) AMT HTTP Proxy Service'),
    SyncEnabled: false,
  }),
  methods: {
    AddProxyAccessPoint({ state }, input) {
      const accessInfo = input.text('AccessInfo')
      const infoFormat = input.number('InfoFormat') ?? 0
      const port = input.number('Port') ?? 0
      const suffix = input.text('NetworkDnsSuffix')
      if (accessInfo === '' || ![3, 4, 201].includes(infoFormat) || port < 1 || port > 65535 || suffix.length > 192) {
        return STATUS.invalidParameter
      }
      if (state.proxies.some(known => known.accessInfo === accessInfo && known.port === port)) return STATUS.duplicate
      const id = `Intel(r) ME:HTTP Proxy Access Point ${state.handles++}`
      state.proxies.push({ id, accessInfo, infoFormat, port, suffix, priority: state.proxies.length })
      return { status: STATUS.success, output: { ProxyAccessPoint: { ref: PROXY, selectors: { Name: id } } } }
    },
  },
}

const proxies: AmtClass = {
  name: PROXY,
  keys: ['Name'],
  instances: ({ state }) =>
    state.proxies.map(proxy => ({
      fields: {
        AccessInfo: proxy.accessInfo,
        ElementName: 'Intel(r) ME:HTTP Proxy Access Point',
        InfoFormat: proxy.infoFormat,
        Name: proxy.id,
        NetworkDnsSuffix: proxy.suffix,
        Port: proxy.port,
        Priority: proxy.priority,
      },
    })),
  remove({ state }, target) {
    state.proxies = state.proxies.filter(({ id }) => id !== fieldText(target.fields.Name))
  },
}

export const REMOTE_ACCESS_CLASSES: readonly AmtClass[] = [
  service,
  servers,
  credentials,
  rules,
  applies,
  userInitiated,
  detection,
  proxyService,
  proxies,
]
