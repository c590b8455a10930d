// SPDX-License-Identifier: Apache-2.0
/** Validation by the TypeBox schemas themselves: bodies exactly as sent, query and path texts converted first. */
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { problem, readable } from '../../plugins/contract/index.ts'

/** Rejects with the problem `invalid` and a list of JSON pointers. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const converts = httpPart !== 'body'
  return given => {
    const value = converts ? Value.Convert(schema, { ...(given as object) }) : given // query, params, headers are objects
    if (validator.Check(value)) return { value }
    const findings = readable(validator.Errors(value), `/${httpPart}`)
    const first = findings[0]
    return { error: problem('invalid', `${first?.pointer} ${first?.message}`, { findings }) }
  }
}
