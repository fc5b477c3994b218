import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

const SWARM = resolve(import.meta.dirname, '../speaker/swarm.ts')

/** The made-up loudspeakers of the crowd: those of every village but the first, which is left to a real one. */
export function crowdFile(dataDir: string): string {
  return join(dataDir, 'demo-crowd.csv')
}

/**
 * Switches the county's other loudspeakers on, as light ones in a process beside the station, so that the demo shows a county
 * that answers. They end with the station; one that is cut off (because a swarm takes its place) stays away.
 */
export function startCrowd(url: string, dataDir: string, count: number): void {
  const args = [SWARM, '--server', url, '--credentials', crowdFile(dataDir), '--count', String(count), '--once']
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  process.once('exit', () => child.kill())
}
