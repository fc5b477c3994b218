import { levelOf, type Area } from '../areas/division.ts'
import { chanceOf, type Chance } from './chance.ts'
import { COMMUNITY_NAMES, personName, SURNAMES, villageNames } from './names.ts'

/** A county that doesn't exist: 青禾区. Its code, 370799, belongs to no real place. */
export const COUNTY_CODE = '370799000000'
export const COUNTY_NAME = '青禾区'

/** The village that addresses and examples point at. */
export const FIRST_VILLAGE = '370799001200'

const STREETS = [
  { name: '青禾街道', communities: 12, villages: 84, first: ['柳树庄村', '东河村', '西河村'] },
  { name: '南塘街道', communities: 8, villages: 76, first: ['石桥村'] },
  { name: '云岭街道', communities: 3, villages: 75, first: ['上云村', '下云村'] },
  { name: '望海街道', communities: 4, villages: 84, first: ['渔沟村'] },
  { name: '金穗街道', communities: 3, villages: 72, first: ['金家湾村'] },
]

/** How much of the county is made: all of it, or a corner for tests. */
export type Extent = {
  /** Streets, from the first; all five when absent. */
  streets?: number
  /** Villages of each street, from the first; all when absent. Communities are left out when it is given. */
  villages?: number
}

/** A village (or a community) with what its affairs are written from. */
export type Village = Area & {
  streetCode: string
  streetName: string
  /** 村民委员会 or 居民委员会, with the name. */
  committee: string
  /** 股份经济合作社, with the name. */
  cooperative: string
  branch: string
  isCommunity: boolean
  households: number
  population: number
  farmlandMu: number
  partyMembers: number
  representatives: number
  crop: string
  telephone: string
  /** The family name that half of the village bears. */
  surname: string
  secretary: string
  deputy: string
  accountant: string
  supervisor: string
  clerk: string
}

export type County = { areas: Area[]; streets: Area[]; villages: Village[] }

/** The county's areas in order of code, and what each village is like. The same at every call. */
export function demoCounty(extent: Extent = {}): County {
  const county = areaOf(COUNTY_CODE, COUNTY_NAME, null)
  const taken = new Set(STREETS.flatMap((street) => street.first))
  const communityNames = [...COMMUNITY_NAMES]
  const streets: Area[] = []
  const villages: Village[] = []
  for (const [index, plan] of STREETS.entries()) {
    const code = `370799${String(index + 1).padStart(3, '0')}000`
    const street = areaOf(code, plan.name, COUNTY_CODE)
    const chance = chanceOf('names', code)
    const names = [...plan.first, ...villageNames(chance, plan.villages - plan.first.length, taken)]
    const communities = communityNames.splice(0, plan.communities)
    if (index >= (extent.streets ?? STREETS.length)) continue
    streets.push(street)
    const places = [
      ...(extent.villages === undefined ? communities : []).map((name, order) => ({ name, order: order + 1 })),
      ...names.slice(0, extent.villages ?? names.length).map((name, order) => ({ name, order: order + 200 })),
    ]
    for (const { name, order } of places) {
      const area = areaOf(code.slice(0, 9) + String(order).padStart(3, '0'), name, code)
      villages.push(villageOf(area, street, order < 200))
    }
  }
  const areas = [
    county,
    ...streets,
    ...villages.map((village) => areaOf(village.code, village.name, village.parentCode)),
  ]
  return { areas: areas.sort((one, other) => (one.code < other.code ? -1 : 1)), streets, villages }
}

function areaOf(code: string, name: string, parentCode: string | null): Area {
  return { code, name, parentCode, level: levelOf(code), validFrom: null, validTo: null }
}

function villageOf(area: Area, street: Area, isCommunity: boolean): Village {
  const chance = chanceOf('village', area.code)
  const households = isCommunity ? chance.whole(900, 2600) : chance.whole(90, 460)
  const family = SURNAMES.find((surname) => new RegExp(`^[东西南北前后大小]?${surname}家`).test(area.name))
  const surname = family ?? chance.pick(SURNAMES)
  return {
    ...area,
    streetCode: street.code,
    streetName: street.name,
    committee: isCommunity ? `${area.name}居民委员会` : `${area.name}村民委员会`,
    cooperative: `${area.name}股份经济合作社`,
    branch: isCommunity ? `${area.name}党总支` : `${area.name}党支部`,
    isCommunity,
    households,
    population: Math.round(households * (isCommunity ? 2.7 : 3.2)) + chance.whole(-8, 8),
    farmlandMu: isCommunity ? chance.whole(60, 260) : Math.round(households * 4.1) + chance.whole(20, 300),
    partyMembers: Math.round(households / 9) + chance.whole(8, 20),
    representatives: chance.whole(19, 41),
    crop: chance.pick([
      '小麦、玉米',
      '小麦、玉米',
      '西瓜、玉米',
      '大蒜、玉米',
      '萝卜、小麦',
      '大姜',
      '棉花',
      '葡萄',
      '草莓',
      '黄烟',
    ]),
    telephone: telephoneOf(area.code),
    surname,
    ...officersOf(chance, surname),
  }
}

function officersOf(
  chance: Chance,
  surname: string,
): Pick<Village, 'secretary' | 'deputy' | 'accountant' | 'supervisor' | 'clerk'> {
  const names = new Set<string>()
  while (names.size < 5) names.add(personName(chance, chance.happens(0.5) ? surname : undefined))
  const [secretary, deputy, accountant, supervisor, clerk] = [...names] as [string, string, string, string, string]
  return { secretary, deputy, accountant, supervisor, clerk }
}

/** A telephone of the county: every number of the exchange 700 is made up. */
export function telephoneOf(code: string): string {
  return `0536-700${String(Number(code.slice(6)) % 10_000).padStart(4, '0')}`
}

/** Villages before communities, each in order of code: the first is the one that examples point at. */
export function villagesFirst(county: County): Village[] {
  return [
    ...county.villages.filter((village) => !village.isCommunity),
    ...county.villages.filter((village) => village.isCommunity),
  ]
}
