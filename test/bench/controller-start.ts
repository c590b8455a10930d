// SPDX-License-Identifier: Apache-2.0
/** How fast a controller answers after its start, what it holds when nothing happens, and how fast the command line is there. */
import { benchController, median, memoryOf, output, print, program } from './support.ts'

export async function run(): Promise<void> {
  const controller = await benchController()
  print({
    name: `first start (${controller.built ? 'built' : 'from source'}), with a new authority`,
    value: controller.startMs,
    unit: 'ms',
  })
  const again: number[] = []
  for (let round = 0; round < 5; round++) {
    await controller.kill()
    again.push(await controller.startAgain())
  }
  print({ name: 'start on an existing folder, median of 5', value: median(again), unit: 'ms', aim: '≤ 1500' })
  await new Promise(resolve => setTimeout(resolve, 10_000))
  const { rssMb, privateMb } = memoryOf(controller.pid)
  print({ name: 'controller RSS, idle', value: rssMb, unit: 'MB', aim: '≤ 120' })
  print({ name: 'controller private memory, idle', value: privateMb, unit: 'MB' })
  await controller.stop()
  await commandLine()
}

async function commandLine(): Promise<void> {
  const took = async (args: readonly string[]): Promise<number> => {
    const began = performance.now()
    await output(args)
    return performance.now() - began
  }
  const [version, nothing]: [number[], number[]] = [[], []]
  for (let round = 0; round < 9; round++) {
    version.push(await took([...program('cli').args, 'version']))
    nothing.push(await took(['-e', '0']))
  }
  print({ name: '`muster version`, median of 9', value: median(version), unit: 'ms', aim: '≤ 150' })
  print({ name: 'a program that does nothing, median of 9', value: median(nothing), unit: 'ms' })
}
