// SPDX-License-Identifier: Apache-2.0
/** How fast a controller answers after its start, what it holds when nothing happens, and how fast the command line is there. */
import { benchController, type Figure, median, memoryOf, output, print, printAtMost, program } from './support.ts'

export async function run(): Promise<readonly Figure[]> {
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
  const start = printAtMost(
    { name: 'start on an existing folder, median of 5', value: median(again), unit: 'ms' },
    1_500,
  )
  await new Promise(resolve => setTimeout(resolve, 10_000))
  const { rssMb, privateMb } = memoryOf(controller.pid)
  const rest = printAtMost({ name: 'controller RSS, idle', value: rssMb, unit: 'MB' }, 120)
  print({ name: 'controller private memory, idle', value: privateMb, unit: 'MB' })
  await controller.stop()
  return [start, rest, await commandLine()]
}

async function commandLine(): Promise<Figure> {
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
  print({ name: 'a program that does nothing, median of 9', value: median(nothing), unit: 'ms' })
  return printAtMost({ name: '`muster version`, median of 9', value: median(version), unit: 'ms' }, 150)
}
