import { hashPassword } from '../../src/accounts/password.ts'
import { join } from 'node:path'
import { makeCounty, type Made, type Size } from '../../src/demo/make.ts'
import { fileStore } from '../../src/equipment/store.ts'
import { testStation, type TestStation } from './station.ts'

/**
 * A test station with a corner of the demo county in it: real affairs in every column, people, terminals, a programme and three
 * weeks of airings. Receipts are stand-ins by content, since drawing them takes longer than any test; with `signIns` the demo's
 * people can really sign in.
 */
export async function madeCounty(
  options: { streets?: number; villages?: number; households?: number; loudspeakers?: number; signIns?: boolean } = {},
  test?: TestStation,
): Promise<{ test: TestStation; made: Made }> {
  const { streets = 1, villages = 3 } = options
  const size: Size = {
    extent: { streets, villages },
    households: options.households ?? streets * villages * 2,
    loudspeakers: options.loudspeakers ?? streets * villages * 2,
  }
  const own = test ?? (await testStation())
  const made = await makeCounty(
    {
      db: own.station.db,
      store: fileStore(join(own.directory, 'store')),
      draw: (svg) => Promise.resolve({ jpeg: Buffer.from(svg), width: 960, height: 560 }),
      zone: 'Asia/Shanghai',
      speak: own.station.bulletins.speak,
      templates: own.station.bulletins.templates(),
      hash: options.signIns ? hashPassword : () => Promise.resolve('none'),
      progress: () => {},
    },
    size,
    own.clock.now(),
  )
  return { test: own, made }
}
