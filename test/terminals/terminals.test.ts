import { verify } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { proofOf, publicKeyFrom, secretHashOf, tokenOf } from '../../src/codecs/speaker-link.ts'
import { saveHouseholds } from '../../src/areas/store.ts'
import { COUNTY, FAR_VILLAGE, START, STREET, testStation, VILLAGE, type TestStation } from '../support/station.ts'

const CSV = 'id,kind,name,areaCode,householdId\n'

describe('the register of terminals', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
    const household = { id: 'h1', areaCode: VILLAGE, name: '柳大山', address: '柳树庄 1 号', createdAt: START }
    await saveHouseholds(test.station.db, [household])
  })

  const upload = async (csv: string) => {
    const form = new FormData()
    form.set('file', new File([csv], 'terminals.csv'))
    return test.call('POST', '/api/terminals/import', { token: await test.token('admin'), form })
  }

  it('a loudspeaker is added, its secret shown once and stored hashed', async () => {
    const admin = test.as('admin')
    const added = await admin('POST', '/api/terminals', { kind: 'loudspeaker', name: '村口', areaCode: VILLAGE })
    expect(added.status).toBe(201)
    const { id, credential } = added.body
    expect(added.body).toMatchObject({ state: 'new', areaCode: VILLAGE, householdId: null })
    const shown = await admin('GET', `/api/terminals/${id}`)
    expect(shown.body).toMatchObject({ id, name: '村口' })
    expect(JSON.stringify(shown.body)).not.toContain('ecret')
    const rows = await test.station.db.selectFrom('terminals').selectAll().where('id', '=', id).execute()
    expect(JSON.stringify(rows)).not.toContain(credential.secret)
    const { entries } = (await admin('GET', `/api/audit?subject=terminal&subjectId=${id}`)).body
    expect(entries).toMatchObject([{ action: 'terminal.added' }])
    expect(JSON.stringify(entries)).not.toContain(credential.secret)
  })

  it('a loudspeaker learns its topics, and can tell the station’s key from an impostor’s', async () => {
    const admin = test.as('admin')
    const body = { id: 'gate-1', kind: 'loudspeaker', name: '东头', areaCode: VILLAGE }
    const { credential } = (await admin('POST', '/api/terminals', body)).body
    const nonce = '0123456789abcdef'
    const asked = await test.call('GET', `/api/link?nonce=${nonce}`, { token: tokenOf('gate-1', credential.secret) })
    expect(asked.status).toBe(200)
    expect(asked.body).toMatchObject({ terminalId: 'gate-1', areaCodes: [VILLAGE, STREET, COUNTY], now: START })
    expect(asked.body.mqttUrl).toBe('mqtt://station.test:1883')
    const { proof, ...introduction } = asked.body
    expect(proof).toBe(proofOf(secretHashOf(credential.secret), nonce, introduction))
    expect(proof).not.toBe(proofOf(secretHashOf(credential.secret), nonce, { ...introduction, publicKey: 'another' }))
    expect(verify(null, Buffer.from('x'), publicKeyFrom(introduction.publicKey), Buffer.alloc(64))).toBe(false)
    // The secret itself is as good as what is derived from it, and a wrong one is nobody.
    expect((await test.call('GET', `/api/link?nonce=${nonce}`, { token: credential.token })).status).toBe(200)
    expect((await test.call('GET', `/api/link?nonce=${nonce}`, { token: 't_gate-1_wrong' })).status).toBe(401)
    expect((await test.call('GET', `/api/link?nonce=short`, { token: credential.token })).status).toBe(400)
  })

  it('a loudspeaker may touch its own topics and its own areas’ only', async () => {
    const { credential } = (
      await test.as('admin')('POST', '/api/terminals', { kind: 'loudspeaker', name: '西头', areaCode: VILLAGE })
    ).body
    const gate = test.broker.gate()
    expect(await gate.admit(credential.id, 'wrong')).toBeUndefined()
    expect(await gate.admit('nobody', credential.mqttPassword)).toBeUndefined()
    const admission = (await gate.admit(credential.id, credential.mqttPassword))!
    expect([...admission.publish].map((topic) => topic.split('/').at(-1))).toEqual(['state', 'receipt'])
    expect(admission.subscribe).toContain(`xiangyin/v1/area/${COUNTY}/alert`)
    expect(admission.subscribe).toContain(`xiangyin/v1/area/${VILLAGE}/rundown`)
    expect(admission.subscribe).not.toContain(`xiangyin/v1/area/${FAR_VILLAGE}/alert`)
    expect([...admission.subscribe].filter((topic) => topic.includes('terminal'))).toEqual([
      `xiangyin/v1/terminal/${credential.id}/command`,
    ])
  })

  it('a box belongs to a household and is known by its cookie; it has no part in the speaker link', async () => {
    const admin = test.as('admin')
    const box = { kind: 'box', name: '客厅', areaCode: VILLAGE }
    expect((await admin('POST', '/api/terminals', box)).body.details[0].field).toBe('householdId')
    expect((await admin('POST', '/api/terminals', { ...box, householdId: 'h9' })).status).toBe(400)
    const { credential } = (await admin('POST', '/api/terminals', { ...box, householdId: 'h1' })).body
    const caller = await test.station.terminals.identify(credential.token)
    expect(caller).toMatchObject({ kind: 'terminal', terminalKind: 'box', householdId: 'h1', areaCode: VILLAGE })
    const headers = { cookie: `xiangyin_box=${credential.token}` }
    // Known, and refused by name: a stranger would be asked to sign in.
    expect((await test.call('GET', '/api/link?nonce=0123456789abcdef', { headers })).status).toBe(403)
    expect(await test.broker.gate().admit(credential.id, credential.mqttPassword)).toBeUndefined()
  })

  it('revoking and rotating end a credential at once, and its connection', async () => {
    const admin = test.as('admin')
    const body = { id: 'pole-1', kind: 'loudspeaker', name: '北坡', areaCode: VILLAGE }
    const { credential } = (await admin('POST', '/api/terminals', body)).body
    const renewed = await admin('POST', '/api/terminals/pole-1/credential')
    expect(renewed.status).toBe(200)
    expect(await test.station.terminals.identify(credential.token)).toBeUndefined()
    expect(await test.station.terminals.identify(renewed.body.token)).toBeDefined()
    expect(test.broker.dismissed).toContain('pole-1')
    expect((await admin('POST', '/api/terminals/pole-1/revoke')).body.revokedAt).toBe(test.clock.now())
    expect(await test.station.terminals.identify(renewed.body.token)).toBeUndefined()
    expect((await admin('POST', '/api/terminals/pole-1/revoke')).status).toBe(409)
    expect((await admin('GET', '/api/terminals?state=revoked')).body.terminals).toMatchObject([{ id: 'pole-1' }])
    expect((await admin('GET', '/api/terminals?text=pole')).body.terminals).toEqual([])
  })

  it('a sheet’s good rows are kept and its bad ones named by line and column', async () => {
    const read = await upload(
      `${CSV}post-1,loudspeaker,一号,${VILLAGE},\nPOST,loudspeaker,二号,${VILLAGE},\npost-1,loudspeaker,三号,${VILLAGE},\n` +
        `,loudspeaker,四号,370799009999,\n,siren,五号,${VILLAGE},\n,box,六号,${VILLAGE},\n,box,七号,${VILLAGE},h1\n,,八号,${VILLAGE},\n`,
    )
    expect(read.status).toBe(200)
    expect(read.body).toMatchObject({ accepted: 3, rejected: 5 })
    expect(read.body.faults.map((each: { line: number; column: string }) => [each.line, each.column])).toEqual([
      [3, 'id'],
      [4, 'id'],
      [5, 'areaCode'],
      [6, 'kind'],
      [7, 'householdId'],
    ])
    expect(read.body.credentials[0]).toMatchObject({ id: 'post-1' })
    const again = await upload(`${CSV}post-1,loudspeaker,一号,${VILLAGE},\n`)
    expect(again.body).toMatchObject({ accepted: 0, faults: [{ line: 2, column: 'id' }] })
    expect((await upload('"')).status).toBe(400)
  })

  it('moving a loudspeaker ends its connection, so that it comes back to its new topics', async () => {
    const admin = test.as('admin')
    const body = { id: 'moving-1', kind: 'loudspeaker', name: '流动', areaCode: VILLAGE }
    await admin('POST', '/api/terminals', body)
    expect((await admin('PATCH', '/api/terminals/moving-1', { name: '流动二' })).body.name).toBe('流动二')
    expect(test.broker.dismissed).not.toContain('moving-1')
    expect((await admin('PATCH', '/api/terminals/moving-1', { areaCode: '370799009999' })).status).toBe(400)
    expect((await admin('PATCH', '/api/terminals/moving-1', { areaCode: FAR_VILLAGE })).status).toBe(200)
    expect(test.broker.dismissed).toContain('moving-1')
    const street = test.as('admin', STREET)
    expect((await street('PATCH', '/api/terminals/moving-1', { name: '别处' })).status).toBe(403)
    expect((await street('POST', '/api/terminals', { ...body, id: 'other-1', areaCode: FAR_VILLAGE })).status).toBe(403)
    expect((await street('GET', `/api/terminals?area=${COUNTY}`)).status).toBe(403)
  })
})
