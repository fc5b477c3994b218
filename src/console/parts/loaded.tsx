import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'

/** As much of a query as is needed to show it. */
export type Loading<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }

/** A query's data, or its waiting, or its failure with a way to try again. Old data stays while new data is fetched. */
export function Loaded<T>({ query, children }: { query: Loading<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} again={() => void query.refetch()} />
  return <Skeleton active paragraph={{ rows: 5 }} className="loading" />
}
