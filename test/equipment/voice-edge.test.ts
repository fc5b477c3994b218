import { afterEach, describe, expect, it } from 'vitest'
import { edgeVoice } from '../../src/equipment/voice-edge.ts'
import type { Voice } from '../../src/equipment/voice.ts'
import { edgeService, SPOKEN, type EdgeManner, type EdgeService } from '../support/edge-service.ts'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

async function meeting(manner: EdgeManner): Promise<{ service: EdgeService; voice: Voice }> {
  const service = await edgeService(manner)
  const voice = edgeVoice(service.address)
  open.push(voice, service)
  return { service, voice }
}

const soon = (): AbortSignal => AbortSignal.timeout(15_000)

describe('the network voice', () => {
  it('sends the script in SSML to the speaker of the dialect, and returns all audio', async () => {
    const { service, voice } = await meeting('speaks')
    const speech = await voice.speak('停水通知，请注意。', { dialect: 'shaanxi', rate: 1 }, soon())
    expect(Buffer.from(speech.audio)).toEqual(SPOKEN)
    expect(speech.mediaType).toBe('audio/mpeg')
    expect(service.requests).toEqual([expect.stringContaining('停水通知，请注意。')])
    expect(service.requests[0]).toMatch(/zh-CN-shaanxi-XiaoniNeural[\s\S]*rate="0.8"/)
    await voice.speak('<好>', {}, soon())
    expect(service.requests[1]).toContain('&lt;好&gt;')
    expect(await voice.inspect()).toBeNull()
  })

  it('a service that hangs is let go when it is told to stop', async () => {
    const { voice } = await meeting('hangs')
    await expect(voice.speak('好', {}, AbortSignal.timeout(800))).rejects.toThrow(/timeout/)
  })

  it('audio that breaks off is no speech', async () => {
    const { voice } = await meeting('breaks')
    await expect(voice.speak('好', {}, soon())).rejects.toThrow(/before the synthesis completed/)
  })

  it('a message that is none ends its process, and nothing else', async () => {
    const { voice } = await meeting('babbles')
    await expect(voice.speak('好', {}, soon())).rejects.toThrow(/its process ended/)
  })

  it('a service that is not there is a reason, not an exception', async () => {
    const { service, voice } = await meeting('speaks')
    await service.close()
    await expect(voice.speak('好', {}, soon())).rejects.toThrow(/ECONNREFUSED/)
    expect(await voice.inspect()).toMatch(/does not answer/)
  })
})
