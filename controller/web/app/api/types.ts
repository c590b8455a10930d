// SPDX-License-Identifier: Apache-2.0
/** Short names for what the API gives. */
import type { AnswerOf } from './call.ts'

export type Host = AnswerOf<'/v1/projects/{projectName}/compute/hosts/{resourceId}', 'GET'>
export type HostList = AnswerOf<'/v1/projects/{projectName}/compute/hosts', 'GET'>
export type Me = AnswerOf<'/v1/me', 'GET'>
export type System = AnswerOf<'/v1/system', 'GET'>
export type Command = AnswerOf<'/v1/projects/{project}/commands/{command}', 'GET'>
export type Why = AnswerOf<'/v1/projects/{project}/compute/hosts/{host}/why', 'GET'>
