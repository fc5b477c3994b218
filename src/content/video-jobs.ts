import { FILM_INPUT, type EncodingJob, type FilmFacts } from '../equipment/encoder.ts'
import type { Text } from '../errors.ts'

/** What becomes of an uploaded film, as jobs for the encoder; and what is wrong with one. */

export const VIDEO_FILE_LIMIT_BYTES = 300 * 1024 * 1024
export const VIDEO_SECONDS_LIMIT = 30 * 60
const VIDEO_SECONDS_MINIMUM = 1

export const videoFaults = {
  'not-a-video': {
    zh: '不是可以播放的视频，请上传 MP4、MOV、MKV、WebM、MPEG、AVI、FLV 或 WMV',
    en: 'This is no video that can be played; send MP4, MOV, MKV, WebM, MPEG, AVI, FLV or WMV',
  },
  'too-long': {
    zh: `视频超过 ${VIDEO_SECONDS_LIMIT / 60} 分钟`,
    en: `The video is longer than ${VIDEO_SECONDS_LIMIT / 60} minutes`,
  },
  'too-short': { zh: '视频不到 1 秒', en: 'The video is shorter than a second' },
  'cut-short': { zh: '视频文件不完整，后面的内容缺失', en: 'The file is cut short; its end is missing' },
  failed: { zh: '视频转换失败，请换一种格式再上传', en: 'The video could not be converted; send it in another format' },
  lost: { zh: '上传的文件已丢失，请重新上传', en: 'The upload was lost; send it again' },
} as const satisfies Record<string, Text>
export type VideoFault = keyof typeof videoFaults

/** What is wrong with a film by what it says of itself. One that says no length is measured when it is made. */
export function lengthFault(seconds: number | null): VideoFault | undefined {
  if (seconds === null) return undefined
  if (seconds < VIDEO_SECONDS_MINIMUM) return 'too-short'
  return seconds > VIDEO_SECONDS_LIMIT ? 'too-long' : undefined
}

/** A film whose end is missing still plays to where it breaks off; this much less than it promised is a fault. */
const MISSING_SECONDS = 2
const MISSING_SHARE = 0.05

/** What is wrong with a film by what came of it. `declared` are the seconds that the upload promised. */
export function madeFault(declared: number | null, made: number | null): VideoFault | undefined {
  if (made === null) return 'failed'
  if (declared !== null && declared - made > Math.max(MISSING_SECONDS, declared * MISSING_SHARE)) return 'cut-short'
  return lengthFault(made)
}

/** The cost of a second of film on the slowest machine, with the encoder of 2018, and of starting. */
const DEADLINE_SECONDS_A_SECOND = 10
const DEADLINE_SECONDS = 120

// The scaler keeps the shape of the picture as it is meant to be seen, which old cameras store squeezed.
const PICTURE = [
  'yadif=deint=interlaced',
  'scale=iw*sar:ih',
  'scale=1280:720:force_original_aspect_ratio=decrease',
  'pad=1280:720:(ow-iw)/2:(oh-ih)/2',
  'setsar=1',
  'fps=25',
  'format=yuv420p',
].join(',')

/** A key frame every 3.84 s, where pictures and sound end together: a linear channel may cut there without encoding again. */
const KEY_FRAMES = 96

/**
 * What every box plays: H.264 Main@3.1 without B-frames at 25 pictures a second, AAC-LC stereo at 48 kHz, ready to play from its first
 * bytes, and with nothing in it of where and by whom it was taken.
 */
export const BOX_FORMAT = [
  ...'-c:v libx264 -profile:v main -level 3.1 -preset veryfast -crf 23 -maxrate 2500k -bufsize 5000k -bf 0'.split(' '),
  // One thread: nothing that prepares may take the machine from what plays. It also makes the same film of the same upload.
  ...`-g ${KEY_FRAMES} -keyint_min ${KEY_FRAMES} -sc_threshold 0 -threads 1`.split(' '),
  ...'-c:a aac -b:a 128k -ac 2 -ar 48000 -map_metadata -1 -map_chapters -1'.split(' '),
  ...'-fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart -f mp4'.split(' '),
]

/** −23 LUFS (EBU R 128): a film is as loud as the programme around it. */
export const BOX_LOUDNESS = 'loudnorm=I=-23:TP=-2:LRA=11,aresample=48000'

/** An upload made into what boxes play, at 1280×720 with its shape kept; what is mute is given silence. */
export function videoJob(source: string, output: string, { seconds, hasSound }: FilmFacts): EncodingJob {
  const silence = { source: 'anullsrc=r=48000:cl=stereo', options: ['-f', 'lavfi'] }
  return {
    inputs: [{ source, options: FILM_INPUT }, ...(hasSound ? [] : [silence])],
    options: [
      ...`-map 0:V:0 -map ${hasSound ? '0:a:0' : '1:a:0 -shortest'}`.split(' '),
      // A second more than is allowed: enough to know that it is too long.
      ...`-t ${VIDEO_SECONDS_LIMIT + 1} -vf ${PICTURE}`.split(' '),
      ...(hasSound ? ['-af', BOX_LOUDNESS] : []),
      ...BOX_FORMAT,
    ],
    output,
    deadlineSeconds: DEADLINE_SECONDS + (seconds ?? VIDEO_SECONDS_LIMIT) * DEADLINE_SECONDS_A_SECOND,
  }
}

const POSTER_DEADLINE_SECONDS = 60
const POSTER_SEARCH_SECONDS = 60
/** Percent of a picture that may be black. */
const BLACK_PERCENT = 90

/** A still of a finished film as JPEG: the first after a second that is not black, or the very first. */
export function posterJob(film: string, which: 'first-bright' | 'first'): EncodingJob {
  const isBright = `blackframe=amount=0,metadata=select:key=lavfi.blackframe.pblack:value=${BLACK_PERCENT}:function=less`
  return {
    inputs: [
      which === 'first'
        ? { source: film, options: ['-t', '1'] }
        : { source: film, options: ['-ss', '1', '-t', String(POSTER_SEARCH_SECONDS)] },
    ],
    options: [
      ...(which === 'first' ? [] : ['-vf', isBright]),
      ...'-frames:v 1 -c:v mjpeg -q:v 3 -f image2pipe'.split(' '),
    ],
    output: null,
    deadlineSeconds: POSTER_DEADLINE_SECONDS,
  }
}
