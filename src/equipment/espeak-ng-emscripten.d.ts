/** The package ships no types; these are the parts in use. */
declare module '@echogarden/espeak-ng-emscripten' {
  type Worker = {
    rate: number
    readonly samplerate: number
    /** 0 is success. */
    set_voice: (name: string, language: string, gender: number, age: number, variant: number) => number
    /** Calls back with each stretch of 16-bit samples until it answers true. */
    synthesize: (text: string, onPart: (samples: Int16Array) => boolean) => void
    synthesize_ipa: (text: string) => { code: number; ipa: string }
  }
  const create: () => Promise<{ eSpeakNGWorker: new () => Worker }>
  export default create
}
