import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { topics } from '../../src/codecs/speaker-link.ts'
import type { Broker } from '../../src/equipment/broker.ts'
import { remoteBroker } from '../../src/equipment/broker-remote.ts'
import { connectBroker, type Connection, type Wanted } from '../../src/speaker/connection.ts'

const MOSQUITTO = '/usr/sbin/mosquitto'
const VILLAGE = '370799001200'

/** The access rules as they stand in the comment of `remoteBroker`, so that what is documented is what is tested. */
function documentedRules(): string {
  const source = readFileSync(join(import.meta.dirname, '../../src/equipment/broker-remote.ts'), 'utf8')
  return [...source.matchAll(/^ \* {5}(.+)$/gm)].map(([, rule]) => rule).join('\n')
}

describe.skipIf(!existsSync(MOSQUITTO))('a real Mosquitto with the documented rules', () => {
  // Mosquitto gives up its rights at the start, and reads its files before that.
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-mosquitto-'))
  let mosquitto: ChildProcess
  let broker: Broker
  let url: string
  const heard: string[] = []
  const said: { topic: string; text: string }[] = []

  const pole = (wanted: Partial<Wanted> = {}): Promise<Connection> =>
    connectBroker({
      url,
      id: 'pole-1',
      password: 'open',
      subscribe: [topics.alert(VILLAGE), topics.command('pole-1')],
      will: { topic: topics.state('pole-1'), payload: Buffer.from('gone') },
      onMessage: (_, payload) => void heard.push(payload.toString()),
      onClose: () => undefined,
      ...wanted,
    })

  const until = async (isSo: () => boolean): Promise<void> => {
    for (const limit = Date.now() + 10_000; !isSo();) {
      if (Date.now() > limit) throw new Error(`it did not happen; heard ${heard.join()}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  beforeAll(async () => {
    const server = createServer()
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const [passwords, rules, file] = ['passwords', 'rules', 'mosquitto.conf'].map((name) => join(directory, name))
    writeFileSync(passwords!, 'station:secret\npole-1:open\npole-2:open\n')
    execFileSync('mosquitto_passwd', ['-U', passwords!])
    writeFileSync(rules!, `${documentedRules()}\n`)
    const settings = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous false',
      `password_file ${passwords}`,
      `acl_file ${rules}`,
      'max_packet_size 1048576',
    ]
    writeFileSync(file!, `${settings.join('\n')}\n`)
    for (const each of [passwords!, rules!, file!]) chmodSync(each, 0o644)
    chmodSync(directory, 0o755)
    mosquitto = spawn(MOSQUITTO, ['-c', file!], { stdio: 'ignore' })
    url = `mqtt://127.0.0.1:${port}`
    broker = await remoteBroker(`mqtt://station:secret@127.0.0.1:${port}`)({
      admit: () => Promise.resolve(undefined),
      refused: () => undefined,
    })
    const connected = new Promise<void>((resolve) => broker.onConnect(resolve))
    await broker.subscribe(topics.everyReceipt, ({ topic, payload }) => {
      said.push({ topic, text: payload.toString() })
    })
    await broker.open()
    await connected
  })

  afterAll(async () => {
    await broker.close()
    mosquitto.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  it('carries alerts to a loudspeaker, those from before too, and its receipts to the station', async () => {
    await broker.publish(topics.alert(VILLAGE), Buffer.from('kept'), { isRetained: true })
    const connection = await pole()
    await until(() => heard.includes('kept'))
    await broker.publish(topics.command('pole-1'), Buffer.from('order'), { isRetained: false })
    await until(() => heard.includes('order'))
    await connection.publish(topics.receipt('pole-1'), Buffer.from('receipt'), false)
    await until(() => said.some(({ topic, text }) => topic === topics.receipt('pole-1') && text === 'receipt'))
    connection.close()
  })

  it('lets a loudspeaker touch its own topics alone', async () => {
    await expect(pole({ password: 'shut' })).rejects.toThrow('refused the connection')
    const forger = await pole({ id: 'pole-2', subscribe: [topics.command('pole-2'), topics.command('pole-1')] }).catch(
      () => undefined,
    )
    // Mosquitto takes a subscription that it will never serve; what counts is that nothing comes through.
    await broker.publish(topics.command('pole-1'), Buffer.from('for another'), { isRetained: false })
    await forger?.publish(topics.receipt('pole-1'), Buffer.from('forged'), false)
    await forger?.publish(topics.alert(VILLAGE), Buffer.from('forged'), true)
    const honest = await pole()
    await honest.publish(topics.receipt('pole-1'), Buffer.from('after'), false)
    await until(() => said.some(({ text }) => text === 'after'))
    expect(said.map(({ text }) => text)).not.toContain('forged')
    expect(heard).not.toContain('forged')
    expect(heard).not.toContain('for another')
    forger?.close()
    honest.close()
  })
})
