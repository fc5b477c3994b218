import { audit } from '../accounts/audit.ts'
import { requireArea } from '../areas/division.ts'
import { areaOf } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { Clock } from '../equipment/clock.ts'
import type { Dice } from '../equipment/dice.ts'
import type { Encoder } from '../equipment/encoder.ts'
import type { Journal } from '../equipment/journal.ts'
import type { Store } from '../equipment/store.ts'
import { createTemplates } from '../equipment/templates.ts'
import type { Voice } from '../equipment/voice.ts'
import { conflict, invalid, notFound, StationError } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { createStudio, urgencyOf, type RecordingOptions } from './recording.ts'
import { createRenderer } from './renderer.ts'
import { estimatedSeconds, scriptOf } from './script.ts'
import type { SoundName, Sounds } from './sounds.ts'
import {
  addBulletin,
  bulletinById,
  bulletinsByIds,
  bulletinsInside,
  changeBulletin,
  countRecordings,
  isRecordingHash,
  recordingsByKeys,
  wantRecording,
  type Bulletin,
  type Recording,
} from './store.ts'
import { filled, TEXT_LIMITS, type BulletinTemplate, type TemplateClass } from './templates.ts'
import { createVoices, type Deadlines, type VoiceChoice } from './voices.ts'

export type { Bulletin, Recording } from './store.ts'

/** What a person writes: either words, or a template with its values. */
export type BulletinDraft = {
  areaCode: string
  title: string
  class: TemplateClass
  text?: string | undefined
  templateId?: string | undefined
  values?: Record<string, string> | undefined
  voice?: VoiceChoice | null | undefined
  repeatCount?: number | undefined
  afterPreemption?: Bulletin['afterPreemption'] | undefined
}

/** Words for the loudspeakers, as any slice may ask for them. Left out: voice `best` (`fastest` in an emergency and its drill), spoken once. */
export type SpeechRequest = { text: string } & Pick<RecordingOptions, 'class'> & Partial<RecordingOptions>

/** A sound that ships, in the store and ready for any loudspeaker. */
export type FixedSound = { hash: string; seconds: number; bytes: number }

/** How often the words are said when nobody chose: outdoors twice, as is usual. */
const DEFAULT_REPEATS: Record<TemplateClass, number> = { daily: 1, notice: 2, emergency: 3 }

/** Previews of one person that may wait for the voice at a time. */
export const PREVIEW_LIMIT = 5
const PREVIEW_RETRY_SECONDS = 10

export type Bulletins = Awaited<ReturnType<typeof createBulletins>>

/** Bulletins from template to recording: what is to be said, how it is said, and the files that loudspeakers play. */
export async function createBulletins(parts: {
  db: Database
  dice: Dice
  store: Store
  journal: Journal
  encoder: Encoder
  voices: Voice[]
  deadlines?: Deadlines
  sounds: Sounds
  templates: readonly BulletinTemplate[]
}) {
  const { db, dice, store, journal, encoder, sounds } = parts
  const voices = createVoices(parts.voices, parts.deadlines)
  const studio = createStudio({ voices, encoder, sounds })
  const renderer = createRenderer({ db, store, studio, journal })
  const templates = new Map(parts.templates.map((template) => [template.id, template]))
  const engine = createTemplates()

  // An alarm sounds at once while its words are still being spoken, so its tones lie ready from the start.
  const fixedSounds = Object.fromEntries(
    await Promise.all(
      Object.values(sounds).map(async ({ name, file, seconds }): Promise<[string, FixedSound]> => {
        return [name, { hash: await store.put(file), seconds, bytes: file.length }]
      }),
    ),
  ) as Record<SoundName, FixedSound>
  const fixedHashes = new Set(Object.values(fixedSounds).map((sound) => sound.hash))

  // Set while the station runs: what begins to wait is taken up at once, in a turn of its own.
  let wake: (() => void) | undefined

  const template = (id: string): BulletinTemplate => {
    const found = templates.get(id)
    if (!found) throw invalid('templateId', `没有模板「${id}」`, `There is no template "${id}"`)
    return found
  }

  /** The words of a draft, checked to be speakable. */
  const words = (draft: Pick<BulletinDraft, 'class' | 'text' | 'templateId' | 'values'>): string => {
    const text =
      draft.templateId === undefined
        ? (draft.text ?? '').trim()
        : filled(template(draft.templateId), draft.values ?? {}, engine)
    const limit = TEXT_LIMITS[draft.class]
    if (text === '') throw invalid('text', '请填写播报内容', 'Write what is to be said')
    if (text.length > limit) {
      throw invalid('text', `播报内容最多 ${limit} 字`, `The text has at most ${limit} characters`)
    }
    scriptOf(text)
    return text
  }

  const keyOf = (request: SpeechRequest): string => studio.keyOf(scriptOf(request.text), optionsOf(request))

  const want = async (
    db: Database,
    request: SpeechRequest,
    urgency: number,
    now: Instant,
  ): Promise<{ key: string }> => {
    const key = keyOf(request)
    await wantRecording(db, { key, script: scriptOf(request.text), options: optionsOf(request), urgency }, now)
    renderer.hurry(urgency, now)
    wake?.()
    return { key }
  }

  /** Previews of each person that may still be waiting, by their recordings' keys. */
  const previews = new Map<string, Set<string>>()

  /** Lets another preview wait. Throws `conflict` when as many as one person may have are waiting. */
  const admitPreview = async (by: Person, key: string): Promise<void> => {
    const known = [...(previews.get(by.id) ?? [])]
    const recordings = await recordingsByKeys(db, known)
    // Whoever asked meanwhile is counted too: nothing is awaited from here to the end.
    const waiting = previews.get(by.id) ?? new Set()
    for (const each of known) if (!isWaiting(recordings.get(each))) waiting.delete(each)
    if (waiting.size >= PREVIEW_LIMIT && !waiting.has(key)) {
      throw new StationError(
        'conflict',
        {
          zh: `已有 ${PREVIEW_LIMIT} 段试听在等待合成，请稍后再试`,
          en: `${PREVIEW_LIMIT} previews are waiting to be spoken; try again in a moment`,
        },
        { retryAfterSeconds: PREVIEW_RETRY_SECONDS },
      )
    }
    previews.set(by.id, waiting.add(key))
  }

  const noted = (
    db: Database,
    by: Person | 'station',
    action: string,
    before: Bulletin | undefined,
    after: Bulletin,
    now: Instant,
  ): Promise<void> =>
    audit(db, {
      id: dice.id(),
      at: now,
      by,
      action,
      subject: 'bulletin',
      subjectId: after.id,
      areaCode: after.areaCode,
      ...(before === undefined ? {} : { before }),
      after,
    })

  return {
    templates: (): readonly BulletinTemplate[] => parts.templates,

    /** Tones that need no rendering: `siren-1`…`siren-4`, `drill`, `all-clear`, `chime-open`, `chime-close`, `test`. */
    fixedSounds,

    /** A recording to be made of any words, an alert's before all others; the renderer takes it up at its next turn, or at once. */
    speak: (db: Database, request: SpeechRequest, now: Instant): Promise<{ key: string }> =>
      want(db, request, urgencyOf(request.class), now),

    recordings: recordingsByKeys,

    recording: async (key: string): Promise<Recording | undefined> => (await recordingsByKeys(db, [key])).get(key),

    bulletin: (id: string): Promise<Bulletin | undefined> => bulletinById(db, id),

    bulletinsByIds: (ids: string[]): Promise<Map<string, Bulletin>> => bulletinsByIds(db, ids),

    /** Bulletins of an area and inside it, the newest first. Throws `forbidden` outside the caller's area. */
    list: async (
      by: Person,
      filter: {
        area?: string | undefined
        limit: number
        after?: string | undefined
        state?: Bulletin['state'] | undefined
      },
    ): Promise<Bulletin[]> => {
      const area = filter.area ?? by.areaCode
      requireArea(by, area)
      return bulletinsInside(db, area, filter)
    },

    /** One bulletin with the state of its recording. Throws `not-found`, or `forbidden` outside the caller's area. */
    read: async (by: Person, id: string): Promise<{ bulletin: Bulletin; recording: Recording | null }> => {
      const bulletin = await own(db, by, id)
      const key = bulletin.recordingKey
      return { bulletin, recording: key === null ? null : ((await recordingsByKeys(db, [key])).get(key) ?? null) }
    },

    /**
     * What a draft will sound like: its words, its script, how long it takes, and, if it is to be spoken, a recording that is made meanwhile.
     * The same words made ready later are that recording. Throws `conflict` (429) when too many of the person's previews are waiting.
     */
    preview: async (
      by: Person,
      draft: Omit<BulletinDraft, 'areaCode' | 'title' | 'afterPreemption'> & { isSpoken: boolean },
      now: Instant,
    ): Promise<{ text: string; script: string; seconds: number; recording: Recording | null }> => {
      const text = words(draft)
      const script = scriptOf(text)
      const repeatCount = draft.repeatCount ?? DEFAULT_REPEATS[draft.class]
      const seconds = estimatedSeconds(script) * repeatCount
      // Whoever is still writing asks for the script at every pause; only what is to be heard is worth the voice's time.
      if (!draft.isSpoken) return { text, script, seconds, recording: null }
      const request = { text, class: draft.class, ...(draft.voice ? { voice: draft.voice } : {}), repeatCount }
      const key = keyOf(request)
      await admitPreview(by, key)
      try {
        await want(db, request, bulletinUrgency(draft.class), now)
      } catch (error) {
        previews.get(by.id)?.delete(key)
        throw error
      }
      const recording = (await recordingsByKeys(db, [key])).get(key)!
      return { text, script, seconds: recording.seconds ?? seconds, recording }
    },

    /** Throws `invalid` that names each wrong field, `forbidden` outside the writer's area. */
    add: async (by: Person | 'station', draft: BulletinDraft, now: Instant): Promise<Bulletin> => {
      if (by !== 'station') requireArea(by, draft.areaCode)
      if (!(await areaOf(db, draft.areaCode))) {
        throw invalid('areaCode', `没有区划 ${draft.areaCode}`, `There is no area ${draft.areaCode}`)
      }
      const bulletin: Bulletin = {
        id: dice.id(),
        areaCode: draft.areaCode,
        title: draft.title,
        class: draft.class,
        templateId: draft.templateId ?? null,
        values: draft.templateId === undefined ? {} : (draft.values ?? {}),
        text: words(draft),
        voice: draft.voice ?? null,
        repeatCount: draft.repeatCount ?? DEFAULT_REPEATS[draft.class],
        afterPreemption: draft.afterPreemption ?? 'resume',
        recordingKey: null,
        state: 'draft',
        createdBy: by === 'station' ? 'station' : by.id,
        createdAt: now,
        updatedAt: now,
      }
      await db.transaction().execute(async (db) => {
        await addBulletin(db, bulletin)
        await noted(db, by, 'bulletin.added', undefined, bulletin, now)
      })
      return bulletin
    },

    /** Changes a bulletin that is not retired; it is a draft again until it is made ready. What is scheduled says the new words then. */
    change: async (
      by: Person,
      id: string,
      change: Partial<Omit<BulletinDraft, 'areaCode'>>,
      now: Instant,
    ): Promise<Bulletin> =>
      db.transaction().execute(async (db) => {
        const before = await own(db, by, id)
        if (before.state === 'retired') throw conflict('广播稿已停用', 'The bulletin is retired')
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
        const isNowFree = change.text !== undefined && change.templateId === undefined
        const templateId = isNowFree ? undefined : (change.templateId ?? before.templateId ?? undefined)
        const merged = { ...before, voice: before.voice as VoiceChoice | null, ...given, templateId }
        const after: Bulletin = {
          ...before,
          title: merged.title,
          class: merged.class,
          templateId: templateId ?? null,
          values: templateId === undefined ? {} : merged.values,
          text: words(merged),
          voice: merged.voice,
          repeatCount: merged.repeatCount,
          afterPreemption: merged.afterPreemption,
          state: 'draft',
          recordingKey: null,
          updatedAt: now,
        }
        const { id: _id, createdAt: _createdAt, createdBy: _createdBy, ...columns } = after
        await changeBulletin(db, id, columns)
        await noted(db, by, 'bulletin.changed', before, after, now)
        return after
      }),

    /** Approves a bulletin for airing: its recording is made, unless the same words are recorded already. */
    ready: async (by: Person | 'station', id: string, now: Instant): Promise<Bulletin> =>
      db.transaction().execute(async (db) => {
        const before = by === 'station' ? await bulletinById(db, id) : await own(db, by, id)
        if (!before) throw notFound('没有这份广播稿', 'There is no such bulletin')
        if (before.state === 'retired') throw conflict('广播稿已停用', 'The bulletin is retired')
        const { key } = await want(db, speechOf(before), bulletinUrgency(before.class), now)
        const after: Bulletin = { ...before, state: 'ready', recordingKey: key, updatedAt: now }
        await changeBulletin(db, id, { state: 'ready', recordingKey: key, updatedAt: now })
        await noted(db, by, 'bulletin.ready', before, after, now)
        return after
      }),

    /** Takes a bulletin out of use for good; what it has aired stays on record. */
    retire: async (by: Person, id: string, now: Instant): Promise<Bulletin> =>
      db.transaction().execute(async (db) => {
        const before = await own(db, by, id)
        const after: Bulletin = { ...before, state: 'retired', updatedAt: now }
        await changeBulletin(db, id, { state: 'retired', updatedAt: now })
        await noted(db, by, 'bulletin.retired', before, after, now)
        return after
      }),

    /** Whether anybody may fetch the file of this hash as a recording: the store holds other things as well. */
    isPublicSound: async (hash: string): Promise<boolean> => fixedHashes.has(hash) || isRecordingHash(db, hash),

    /** Makes the recordings that wait, the most urgent first, one at a time, beside the beat. Answers how many it took up. */
    render: (now: Instant): Promise<number> => renderer.render(now),

    /** From now on a recording that begins to wait is taken up at once; `clock` says when that is. */
    wakeWith: (clock: Clock): void => {
      wake = () => void setImmediate(() => void renderer.render(clock()))
    },

    countRecordings: () => countRecordings(db),

    inspectVoices: () => voices.inspect(),

    close: async (): Promise<void> => {
      wake = undefined
      await renderer.close()
      await Promise.all([voices.close(), studio.close()])
    },
  }
}

/** Only an alert's words go before everything: a bulletin of the class emergency waits with the notices. */
function bulletinUrgency(kind: TemplateClass): number {
  return Math.max(urgencyOf('notice'), urgencyOf(kind))
}

/** Neither made nor given up; one that is not there yet is just being asked for. */
function isWaiting(recording: Recording | undefined): boolean {
  return recording === undefined || (recording.state !== 'ready' && recording.nextAttemptAt !== null)
}

/** Throws `not-found`, or `forbidden` outside the caller's area. */
async function own(db: Database, by: Person, id: string): Promise<Bulletin> {
  const bulletin = await bulletinById(db, id)
  if (!bulletin) throw notFound('没有这份广播稿', 'There is no such bulletin')
  requireArea(by, bulletin.areaCode)
  return bulletin
}

function optionsOf(request: Omit<SpeechRequest, 'text'>): RecordingOptions {
  const isAlert = request.class === 'emergency' || request.class === 'drill'
  return {
    class: request.class,
    severity: request.severity ?? null,
    voice: request.voice ?? (isAlert ? 'fastest' : 'best'),
    repeatCount: request.repeatCount ?? 1,
  }
}

function speechOf(bulletin: Bulletin): SpeechRequest {
  return {
    text: bulletin.text,
    class: bulletin.class,
    ...(bulletin.voice === null ? {} : { voice: bulletin.voice as VoiceChoice }),
    repeatCount: bulletin.repeatCount,
  }
}
