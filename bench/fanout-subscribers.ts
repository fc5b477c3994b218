import { connectBroker } from '../src/speaker/connection.ts'

/** Thousands of subscribers in one process: says when the last of them has each message. Arguments: address, topic, how many. */
const [url = '', topic = '', count = '0'] = process.argv.slice(2)
const CONNECTS_AT_ONCE = 200

const received = new Map<string, number>()
const connect = (index: number) =>
  connectBroker({
    url,
    id: `subscriber-${index}`,
    password: '',
    subscribe: [topic],
    will: { topic: 'gone', payload: Buffer.from('') },
    onMessage: (_, payload) => {
      const round = payload.subarray(0, 8).toString()
      const so = (received.get(round) ?? 0) + 1
      received.set(round, so)
      if (so === Number(count)) console.log(`last ${performance.timeOrigin + performance.now()}`)
    },
    onClose: (reason) => console.error(reason),
  })

for (let start = 0; start < Number(count); start += CONNECTS_AT_ONCE) {
  const size = Math.min(CONNECTS_AT_ONCE, Number(count) - start)
  await Promise.all(Array.from({ length: size }, (_, index) => connect(start + index)))
}
console.log('ready subscribers')
