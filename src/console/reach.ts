import { isAbove } from './area-tree.ts'
import { answer, api } from './client.ts'

/** Of more targets the loudspeakers are not counted, since each target is one question to the station. */
const TARGETS_LIMIT = 30

/** How many loudspeakers stand in the targets and in all that they contain; null when that could not be learnt. */
export async function loudspeakersWithin(targets: string[]): Promise<number | null> {
  const outermost = targets.filter((each) => !targets.some((other) => isAbove(other, each)))
  if (outermost.length > TARGETS_LIMIT) return null
  try {
    const answers = await Promise.all(
      outermost.map((area) => answer(api.terminals.$get({ query: { area, limit: '1' } }))),
    )
    return answers.reduce((sum, { counts }) => sum + counts.new + counts.online + counts.offline, 0)
  } catch {
    return null
  }
}
