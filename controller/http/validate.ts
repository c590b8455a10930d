// SPDX-License-Identifier: Apache-2.0
/** Validation by the TypeBox schemas themselves: bodies exactly as sent, query and path texts converted first. */
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { type Finding, problem, readable } from '../../plugins/contract/index.ts'
import { unsound } from './sound.ts'

/** Rejects with the problem `invalid` and a list of JSON pointers. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const converts = httpPart !== 'body'
  return given => {
    const flaw = unsound(given, `/${httpPart}`) ?? (converts ? halfNumber(schema, given, `/${httpPart}`) : undefined)
    if (flaw !== undefined)
      return { error: problem('invalid', `${flaw.pointer} ${flaw.message}`, { findings: [flaw] }) }
    const value = converts ? Value.Convert(schema, { ...(given as object) }) : given // query, params, headers are objects
    if (validator.Check(value)) return { value }
    const findings = readable(validator.Errors(value), `/${httpPart}`)
    const first = findings[0]
    return { error: problem('invalid', `${first?.pointer} ${first?.message}`, { findings }) }
  }
}

type Described = { readonly properties?: Readonly<Record<string, { readonly type?: unknown }>> }

/** The conversion of texts would make 1 of `1.5` and 16 of `0x10`. */
function halfNumber(schema: TSchema, given: unknown, prefix: string): Finding | undefined {
  const { properties = {} } = schema as Described // a JSON schema
  const texts = Object.entries((given ?? {}) as object).filter(([name]) => properties[name]?.type === 'integer')
  const wrong = texts.find(([, text]) => typeof text === 'string' && text !== '' && !/^-?\d{1,16}$/.test(text))
  return wrong === undefined ? undefined : { pointer: `${prefix}/${wrong[0]}`, message: 'must be integer' }
}
