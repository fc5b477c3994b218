import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Starts a program of ours and waits for its line `ready <address>`. Its other lines are kept for the fault message. */
export function startUntilReady(
  args: string[],
  environment: Record<string, string>,
): Promise<{ url: string; child: ChildProcess; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => void lines.push(line))
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${lines.slice(-5).join('\n')}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const url = /^ready (\S+)/.exec(line)?.[1]
      if (!url) return
      child.removeAllListeners('exit')
      const stop = (): Promise<void> =>
        new Promise((done) => {
          child.once('exit', () => done())
          child.kill('SIGKILL')
        })
      resolve({ url, child, stop })
    })
  })
}
