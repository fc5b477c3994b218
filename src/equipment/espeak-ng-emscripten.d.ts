/** The package ships no types; these are the parts in use. */
declare module '@echogarden/espeak-ng-emscripten' {
  type Worker = {
    rate: number
    readonly samplerate: number
    /** 0 is success. */
    set_voice: (name: string, language: string, gender: number, age: number, variant: number) => number
    /** Calls back with each stretch of 16-bit samples until it answers true. */
    synthesize: (text: string, onPart: (samples: Int16Array) => boolean) => void
    /** Answers with the place of a zero-terminated text in the module's memory: clauses with ` | ` between. */
    convert_to_phonemes: (text: string, inIpa: boolean) => { ptr: number }
  }
  const create: () => Promise<{ eSpeakNGWorker: new () => Worker; readonly HEAPU8: Uint8Array }>
  export default create
}
