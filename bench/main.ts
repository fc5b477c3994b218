/**
 * `npm run bench -- <name> [options]`: each benchmark does the same work with ours and with a real peer (or the machine's
 * limit) in one run, and prints both with their ratio. Nothing here is a test: no number fails a build.
 */
const benchmarks: Record<string, () => Promise<{ run: (options: string[]) => Promise<void> }>> = {
  fanout: () => import('./fanout.ts'),
  feeds: () => import('./feeds.ts'),
  recordings: () => import('./recordings.ts'),
}

const [name = '', ...options] = process.argv.slice(2)
const load = benchmarks[name]
if (!load) {
  console.error(`Which benchmark? ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
const { run } = await load()
await run(options)
process.exit(0)
