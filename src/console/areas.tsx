import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { areaTree, placeName, type KnownArea } from './area-tree.ts'
import { answer, api } from './client.ts'

const NONE: KnownArea[] = []

/** The person's areas: the list, the tree for picking, and names by code. Asked once; the division tree hardly ever changes. */
export function useAreas() {
  const query = useQuery({
    queryKey: ['areas'],
    queryFn: () => answer(api.areas.$get({ query: {} })),
    staleTime: 10 * 60_000,
  })
  const areas = query.data?.areas ?? NONE
  const tree = useMemo(() => areaTree(areas), [areas])
  const byCode = useMemo(() => new Map(areas.map((area) => [area.code, area])), [areas])
  return { query, areas, tree, byCode, nameOf: (code: string) => placeName(code, byCode) }
}
