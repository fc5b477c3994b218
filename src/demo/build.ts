import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Builds the operators' console when it is missing or older than what it is made from. A demo without it still serves everything
 * else, so a failure is said and not thrown.
 */
export async function buildConsole(root: string, say: (words: string) => void): Promise<void> {
  const sources = join(root, 'src/console')
  const built = await newest(join(root, 'dist/console'))
  const written = await newest(sources)
  if (written === 0) return say('没有控制台源码，跳过构建 (no sources of the console here, not built)')
  if (built >= written) return
  say('正在构建控制台 (building the console)')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const fault = await ended([vite, 'build', '--config', join(sources, 'vite.config.ts'), '--logLevel', 'error'])
  say(
    fault === undefined
      ? '控制台已就绪 (the console is built)'
      : `控制台构建失败 (the console was not built): ${fault}`,
  )
}

/** Milliseconds of the newest file below a directory; 0 when there is none. */
async function newest(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const times = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
  )
  return Math.max(0, ...times)
}

/** Runs Node on the arguments; answers its last words when it fails. */
function ended(args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)))
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : words.trim() || `code ${code}`))
  })
}
