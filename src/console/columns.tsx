import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from './client.ts'
import { useWords } from './screen.tsx'

export type Kind = 'article' | 'ledger' | 'guide' | 'video' | 'notice'

async function fetchSections() {
  return (await answer(api.channels.$get())).sections
}

type Section = Awaited<ReturnType<typeof fetchSections>>[number]
export type Column = Section['columns'][number] & { sectionId: Section['id'] }

/** The portal's sections and columns, as the library declares them. */
export function useColumns() {
  const { language } = useWords()
  const query = useQuery({ queryKey: ['channels'], queryFn: fetchSections, staleTime: Infinity })
  const sections = query.data
  const byId = useMemo(
    () =>
      new Map<string, Column>(
        (sections ?? []).flatMap((section) =>
          section.columns.map((column): [string, Column] => [column.id, { ...column, sectionId: section.id }]),
        ),
      ),
    [sections],
  )
  return {
    query,
    byId,
    nameOf: (id: string) => byId.get(id)?.name[language] ?? id,
    options: (sections ?? []).map((section) => ({
      label: section.name[language],
      title: section.id,
      options: section.columns.map((column) => ({ value: column.id, label: column.name[language] })),
    })),
  }
}
