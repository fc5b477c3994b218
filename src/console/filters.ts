import { useSearchParams } from 'react-router'

/** Filters that live in the address, so that a view can be bookmarked, sent to a colleague, and left and come back to. */
export function useFilters<const Name extends string>(names: Name[]) {
  const [params, setParams] = useSearchParams()
  const filters = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as Record<Name, string>
  const set = (change: Partial<Record<Name, string>>): void => {
    setParams(
      (before) => {
        for (const [name, value] of Object.entries(change) as [Name, string][]) {
          if (value === '') before.delete(name)
          else before.set(name, value)
        }
        return before
      },
      { replace: true },
    )
  }
  return { filters, set }
}
