import { expect, it } from 'vitest'
import { draftOf, publish } from '../support/content.ts'
import { COUNTY, testStation, VILLAGE } from '../support/station.ts'

it('a search knows no case of Latin letters, whichever database holds the words', async () => {
  const test = await testStation()
  const admin = test.as('admin')
  await publish(test, draftOf('article', { title: '村里的 WiFi 开通' }))
  expect((await admin('GET', `/api/items?area=${COUNTY}&text=wIfI`)).body.items).toHaveLength(1)
  await admin('POST', '/api/terminals', { kind: 'loudspeaker', name: '东头 Pole 喇叭', areaCode: VILLAGE })
  expect((await admin('GET', '/api/terminals?text=pOLE')).body.terminals).toHaveLength(1)
})
