import { expect, it } from 'vitest'
import { embeddedBroker } from '../../src/equipment/broker-embedded.ts'
import { connectBroker } from '../../src/speaker/connection.ts'

const TOPICS = ['area/alert', 'area/rundown']

it('who subscribes again hears again what is retained, and topics that were added', async () => {
  const broker = await embeddedBroker({ port: 0, host: '127.0.0.1' })({
    admit: () => Promise.resolve({ publish: new Set(), subscribe: new Set(TOPICS) }),
    refused: () => undefined,
  })
  await broker.open()
  const address = broker.address()
  const heard: string[] = []
  let told = (): void => undefined
  const connection = await connectBroker({
    url: `mqtt://127.0.0.1:${'port' in address ? address.port : 0}`,
    id: 'pole-1',
    password: 'open',
    subscribe: ['area/alert'],
    will: { topic: 'pole-1/state', payload: Buffer.from('gone') },
    onMessage: (topic) => {
      heard.push(topic)
      told()
    },
    onClose: () => undefined,
  })
  const count = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      told = () => void (heard.length >= wanted && resolve())
      told()
    })
  try {
    for (const topic of TOPICS) await broker.publish(topic, Buffer.from('kept'), { isRetained: true })
    await count(1)
    connection.subscribe(TOPICS)
    await count(3)
    expect(heard.toSorted()).toEqual(['area/alert', 'area/alert', 'area/rundown'])
  } finally {
    connection.close()
    await broker.close()
  }
})
