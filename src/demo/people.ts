import type { PersonRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'
import type { Role } from '../web/guard.ts'
import { demoId } from './affairs.ts'
import { chanceOf } from './chance.ts'
import { COUNTY_CODE, type County } from './county.ts'
import { coveredTelephone, personName } from './names.ts'

/** Who may sign in at a demo: the name is the role, the password `demo-<name>`. It never exists outside the demo. */
export type SignIn = { username: Role; password: string; areaCode: string; name: string }

/** One sign-in of every role: the clerk for the first village, the others for the county. */
export function signIns(county: County): SignIn[] {
  const village = county.villages.find((each) => !each.isCommunity)!
  const chance = chanceOf('sign-ins')
  return (['admin', 'clerk', 'operator', 'official', 'supervisor'] as const).map((username) => ({
    username,
    password: `demo-${username}`,
    areaCode: username === 'clerk' ? village.code : COUNTY_CODE,
    name: username === 'clerk' ? village.clerk : personName(chance),
  }))
}

/** Nothing hashes to this: whoever bears it can't sign in until an administrator sets a password. */
const NO_PASSWORD = 'none'

/** The people of streets and villages, by name. They fill the lists; nobody can sign in as them. */
export function staff(county: County, now: Instant): PersonRow[] {
  const rows: PersonRow[] = []
  const add = (role: Role, areaCode: string, username: string, name: string): void => {
    const chance = chanceOf('staff', username)
    rows.push({
      id: demoId(now, 'person', username),
      username,
      name,
      role,
      areaCode,
      telephone: coveredTelephone(chance),
      passwordHash: NO_PASSWORD,
      createdAt: now,
      disabledAt: null,
    })
  }
  for (const street of county.streets) {
    const chance = chanceOf('street-staff', street.code)
    const place = street.code.slice(6, 9)
    add('operator', street.code, `broadcast-${place}`, personName(chance))
    add('official', street.code, `duty-${place}`, personName(chance))
    add('supervisor', street.code, `audit-${place}`, personName(chance))
  }
  for (const village of county.villages) add('clerk', village.code, `clerk-${village.code.slice(6)}`, village.clerk)
  return rows
}
