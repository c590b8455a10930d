// SPDX-License-Identifier: Apache-2.0
/** Raw reads of a device, class by class, for those who must see what its firmware says. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { isOneOf } from './fields.ts'
import { envelopeJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { type DeviceContext, declare } from './route.ts'

/** Classes that hold nothing secret. */
const CLASSES = [
  'AMT_8021XCredentialContext',
  'AMT_AlarmClockService',
  'AMT_AuditLog',
  'AMT_AuthorizationService',
  'AMT_BootCapabilities',
  'AMT_BootSettingData',
  'AMT_EnvironmentDetectionSettingData',
  'AMT_EthernetPortSettings',
  'AMT_GeneralSettings',
  'AMT_KerberosSettingData',
  'AMT_ManagementPresenceRemoteSAP',
  'AMT_MessageLog',
  'AMT_PublicKeyCertificate',
  'AMT_PublicKeyManagementService',
  'AMT_PublicPrivateKeyPair',
  'AMT_RedirectionService',
  'AMT_RemoteAccessPolicyAppliesToMPS',
  'AMT_RemoteAccessPolicyRule',
  'AMT_RemoteAccessService',
  'AMT_SetupAndConfigurationService',
  'AMT_TLSCredentialContext',
  'AMT_TLSProtocolEndpointCollection',
  'AMT_TLSSettingData',
  'AMT_TimeSynchronizationService',
  'AMT_UserInitiatedConnectionService',
  'AMT_WiFiPortConfigurationService',
  'CIM_BIOSElement',
  'CIM_BootConfigSetting',
  'CIM_BootService',
  'CIM_BootSourceSetting',
  'CIM_Card',
  'CIM_Chassis',
  'CIM_Chip',
  'CIM_ComputerSystemPackage',
  'CIM_ConcreteDependency',
  'CIM_CredentialContext',
  'CIM_KVMRedirectionSAP',
  'CIM_MediaAccessDevice',
  'CIM_PhysicalMemory',
  'CIM_PhysicalPackage',
  'CIM_PowerManagementService',
  'CIM_Processor',
  'CIM_ServiceAvailableToElement',
  'CIM_SoftwareIdentity',
  'CIM_SystemPackaging',
  'CIM_WiFiPort',
  'IPS_AlarmClockOccurrence',
  'IPS_HTTPProxyAccessPoint',
  'IPS_HTTPProxyService',
  'IPS_HostBasedSetupService',
  'IPS_OptInService',
  'IPS_PowerManagementService',
  'IPS_ScreenSettingData',
] as const

export function explorerRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/explorer',
    access: 'host.read',
    summary: 'List the classes that can be read raw',
    exception: 'Exception during AMT Explorer request',
    answer: async () => ({ body: CLASSES }),
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/explorer/:guid/:call',
    access: 'host.access',
    summary: 'Read all instances of a class as the firmware gives them',
    exception: 'Exception during AMT Explorer request',
    check: fields => void fields.check('params', 'call', isOneOf(CLASSES)),
    device: async context => ({ body: await raw(context) }),
  })
}

/** Some classes can be enumerated only, others only be got. */
async function raw({ wsman, params, options }: DeviceContext): Promise<unknown> {
  const resource = String(params.call)
  try {
    return envelopeJson((await wsman.list(resource, options)).envelope, { flat: false })
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.code === 'amt-fault')) throw thrown
    return envelopeJson((await wsman.get(resource, options)).envelope, { flat: false })
  }
}
