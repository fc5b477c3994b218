import { instantFrom, type Instant } from '../instant.ts'

/** Read once at each edge (a request, a beat, a message); everything inside is handed `now`. */
export type Clock = () => Instant

export const systemClock: Clock = () => instantFrom(Date.now())
