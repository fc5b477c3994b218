/** The package ships no types; these are the parts in use. It is optional: where its binary does not exist, importing it fails. */
declare module 'sherpa-onnx-node' {
  export type GeneratedSpeech = { samples: Float32Array; sampleRate: number }
  const sherpa: {
    OfflineTts: new (config: Record<string, unknown>) => {
      generate: (request: { text: string; sid: number; speed: number }) => GeneratedSpeech
    }
  }
  export default sherpa
}
