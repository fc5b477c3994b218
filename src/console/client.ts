import { hc } from 'hono/client'
import type { Api } from '../station.ts'
import { heardDate } from './clock.ts'
import type { Detail } from './faults.ts'
import type { Language } from './language.ts'

/** What the station answers when it refuses. `status` is 0 when it could not be reached at all. */
export type Refusal = Error & { status: number; fault: string; details: Detail[]; retryAfterSeconds: number | null }

// The station words its refusals in the language of the screen, which the language switch sets here.
let language: Language = 'zh'

export function speak(next: Language): void {
  language = next
}

/** The station's API, typed by its routes alone. The session travels as a cookie that no script can read. */
export const { api } = hc<Api>('/', { headers: () => ({ 'accept-language': language }), fetch: send })

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init)
  heardDate(response.headers.get('date'))
  return response
}

type Answer<T> = { ok: boolean; status: number; headers: Headers; json: () => Promise<T>; text: () => Promise<string> }

/** The body of an answer; throws a `Refusal` when the station refused or could not be reached. Empty answers give null. */
export async function answer<T>(sent: Promise<Answer<T>>): Promise<T> {
  let response: Answer<T>
  try {
    response = await sent
  } catch {
    throw refusal({ status: 0, fault: 'unreachable', message: '', details: [], retryAfterSeconds: null })
  }
  if (response.ok) return response.status === 204 ? (null as T) : await response.json()
  const text = await response.text()
  const body = isJson(response) ? (JSON.parse(text) as Partial<Refusal>) : {}
  throw refusal({
    status: response.status,
    fault: body.fault ?? 'internal',
    message: body.message ?? '',
    details: body.details ?? [],
    retryAfterSeconds: Number(response.headers.get('retry-after')) || null,
  })
}

/** Sends a file with the fields that go with it, as a form. The same refusals as `answer`. */
export function upload<T>(path: string, fields: Record<string, string | File>): Promise<T> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return answer<T>(fetch(path, { method: 'POST', body, headers: { 'accept-language': language } }))
}

/** Sends a file as it is, and tells meanwhile what share of it has gone (0 to 1). The same refusals as `answer`. */
export function sendFile<T>(path: string, file: File, onShare: (share: number) => void): Promise<T> {
  const sent = new Promise<Response>((resolve, reject) => {
    // fetch does not tell how far a body has gone.
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('accept-language', language)
    request.upload.addEventListener('progress', ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0))
    request.addEventListener('load', () => {
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' }
      resolve(new Response(request.responseText, { status: request.status, headers }))
    })
    request.addEventListener('error', () => reject(new Error('unreachable')))
    request.send(file)
  })
  return answer<T>(sent)
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'fault' in error && 'details' in error
}

function refusal(parts: Omit<Refusal, 'name'>): Refusal {
  const { message, ...rest } = parts
  return Object.assign(new Error(message), rest)
}

function isJson(response: Answer<unknown>): boolean {
  return (response.headers.get('content-type') ?? '').includes('json')
}
