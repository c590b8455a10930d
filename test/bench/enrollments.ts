// SPDX-License-Identifier: Apache-2.0
/** How many machines a controller admits in a second: nonce, proof, certificate, host, all over HTTPS. */
import { Agent, request } from 'node:https'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest, proofOf } from '../../provisioning/pki/request.ts'
import { benchController, print } from './support.ts'

const COUNT = 300
const AT_ONCE = 8

export async function run(): Promise<void> {
  const controller = await benchController()
  const token = (await controller.joinToken(COUNT)).split('.').slice(1, 3).join('.')
  // Keys and requests are made beforehand: that work is the machines', not the controller's.
  const keys = await Promise.all(Array.from({ length: COUNT }, createKey))
  const requests = keys.map(key => ({ key, csr: createRequest(key) }))
  const began = performance.now()
  const worker = async (): Promise<void> => {
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
      // Every machine opens connections of its own.
      const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
      const { nonce } = await call(controller.secureUrl, agent, '/enroll/v1/nonce')
      const { csr, key } = next
      const answer = await call(controller.secureUrl, agent, '/enroll/v1/requests', {
        token,
        csr,
        nonce,
        proof: proofOf(key, nonce),
        facts: {},
        agent: 'bench',
      })
      if (answer.status !== 'enrolled') throw new Error(JSON.stringify(answer))
      agent.destroy()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  print({
    name: `enrollments, ${AT_ONCE} at once, client on the same two cores`,
    value: COUNT / ((performance.now() - began) / 1_000),
    unit: 'per second',
  })
  await controller.stop()
}

function call(base: string, agent: Agent, path: string, body?: unknown): Promise<any> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${base}${path}`,
      { agent, method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' } },
      response => {
        let text = ''
        response.on('data', part => {
          text += part
        })
        response.on('end', () => resolve(JSON.parse(text)))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
