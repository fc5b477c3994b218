import { readConfig } from './config.ts'
import { demoMark } from './demo/store.ts'
import { run, serve } from './serve.ts'
import { realEquipment } from './station.ts'

/** `npm start`: serves what is in DATA_DIR until it is told to stop. */
await run(async () => {
  const config = readConfig(process.env)
  const { station, url } = await serve(config, realEquipment(config))
  if (await demoMark(station.db)) {
    console.warn('警告：这是演示数据，登录密码是公开的，请勿用于真实业务')
    console.warn('Warning: this is the demo county; its passwords are public. Never use it for real affairs')
  }
  console.log(`ready ${url}`)
})
