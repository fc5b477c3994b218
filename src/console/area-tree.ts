/** The areas of a person as a tree, for picking and for naming. */

export type KnownArea = { code: string; parentCode: string | null; name: string; level: string }

/** `key` and `value` are both the code: a tree asks for the one, a tree select for the other. */
export type AreaNode = { key: string; value: string; title: string; children: AreaNode[] }

/** The trees of the areas: one whose parent isn't among them is a root. Order is kept. */
export function areaTree(areas: KnownArea[]): AreaNode[] {
  const nodes = new Map(
    areas.map((area) => [
      area.code,
      { key: area.code, value: area.code, title: area.name, children: [] as AreaNode[] },
    ]),
  )
  const roots: AreaNode[] = []
  for (const area of areas) {
    const node = nodes.get(area.code)!
    const parent = area.parentCode === null ? undefined : nodes.get(area.parentCode)
    if (parent && parent !== node) parent.children.push(node)
    else roots.push(node)
  }
  return roots
}

/** `南塘街道 · 石桥村`: the name with that of its parent, for villages, whose names repeat. */
export function placeName(code: string, areas: Map<string, KnownArea>): string {
  const area = areas.get(code)
  if (!area) return code
  const parent = area.level === 'village' && area.parentCode ? areas.get(area.parentCode) : undefined
  return parent ? `${parent.name} · ${area.name}` : area.name
}

const GROUP_ENDS = [12, 9, 6, 4, 2]

/** Whether `outer` is a larger area that contains `inner`: its code, cut of trailing zero groups (2, 2, 2, 3, 3 digits), begins the other's. */
export function isAbove(outer: string, inner: string): boolean {
  const end = GROUP_ENDS.find((each, index) => /[1-9]/.test(outer.slice(GROUP_ENDS[index + 1] ?? 0, each))) ?? 2
  return outer !== inner && inner.startsWith(outer.slice(0, end))
}

/** Whether a code is a village's: its last group of three digits is not zero. */
export function isVillage(code: string): boolean {
  return !code.endsWith('000')
}

/** How many villages the targets reach, each counted once. */
export function villagesWithin(targets: string[], areas: KnownArea[]): number {
  return areas.filter(({ code }) => isVillage(code) && targets.some((each) => each === code || isAbove(each, code)))
    .length
}

/** The tree with only what the words name, and what leads there. No words leave it whole. */
export function pruneTree(nodes: AreaNode[], search: string): AreaNode[] {
  if (search === '') return nodes
  return nodes.flatMap((node) => {
    if (node.title.includes(search) || node.value.startsWith(search)) return [node]
    const children = pruneTree(node.children, search)
    return children.length > 0 ? [{ ...node, children }] : []
  })
}
