import { Agent } from 'node:https'
import { connect, type ConnectionOptions } from 'node:tls'
import { MsEdgeTTS, OUTPUT_FORMAT } from 'msedge-tts'
import type { EdgeAddress } from './voice-edge.ts'

/** Speaks through the network: takes `{script, speaker, rate}`, answers `{audio}` (MP3). One connection for each script. */
type Job = { script: string; speaker: string; rate: number }

const AUDIO_BYTE_LIMIT = 64 * 1024 * 1024

const address = process.argv[2] === undefined ? undefined : (JSON.parse(process.argv[2]) as EdgeAddress)

function agentFor({ host, port, certificate }: EdgeAddress): Agent {
  const agent = new Agent()
  return Object.assign(agent, {
    createConnection: (options: ConnectionOptions) => connect({ ...options, host, port, ca: certificate }),
  })
}

async function spoken(job: Job): Promise<Uint8Array> {
  const service = new MsEdgeTTS(address === undefined ? {} : { agent: agentFor(address) })
  try {
    await service.setMetadata(job.speaker, OUTPUT_FORMAT.AUDIO_24KHZ_96KBITRATE_MONO_MP3, {})
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of service.toStream(inXml(job.script), { rate: job.rate }).audioStream) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size > AUDIO_BYTE_LIMIT) throw new Error(`more than ${AUDIO_BYTE_LIMIT} bytes came`)
    }
    return Buffer.concat(chunks)
  } finally {
    service.close()
  }
}

function inXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

process.on('message', (job: Job) => {
  spoken(job).then(
    (audio) => process.send!({ audio }),
    (error: unknown) => process.send!({ fault: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
