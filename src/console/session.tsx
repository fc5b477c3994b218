import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { answer, api, isRefusal } from './client.ts'

export type Me = {
  id: string
  username: string
  name: string
  role: 'admin' | 'clerk' | 'operator' | 'official' | 'supervisor'
  areaCode: string
  rights: string[]
  zone: string
}

/** Who is signed in; null for nobody. Every answer 401 sets it to null, which shows the sign-in page in place. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await answer<Me>(api.session.$get())
    } catch (error) {
      if (isRefusal(error) && error.fault === 'unauthorized') return null
      throw error
    }
  },
  staleTime: Infinity,
})

const MeContext = createContext<Me | null>(null)
export const MeProvider = MeContext.Provider

/** The signed-in person, on every page behind the sign-in. */
export function useMe(): Me & { may: (right: string) => boolean } {
  const me = use(MeContext)
  if (!me) throw new Error('a page stands outside the signed-in part')
  return { ...me, may: (right) => me.rights.includes(right) }
}

export function useSession() {
  const client = useQueryClient()
  const query = useQuery(sessionQuery)
  return {
    query,
    opened: async () => {
      await client.resetQueries({ queryKey: sessionQuery.queryKey })
    },
    signOut: async () => {
      await answer(api.session.$delete())
      client.setQueryData(sessionQuery.queryKey, null)
      // What this person saw is not for whoever signs in next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
    },
  }
}
