import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The station's signature. Who holds its private key speaks for the station on every loudspeaker. */
export type Signer = {
  /** SPKI DER in base64. */
  publicKey: string
  /** An Ed25519 signature, 64 bytes. */
  sign: (bytes: Buffer) => Buffer
}

/** The key pair that lies in the directory, made there at the first start. Only the station's own user can read it. */
export function fileSigner(directory: string): Signer {
  const file = join(directory, 'station.pem')
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    const temporary = `${file}.new`
    writeFileSync(temporary, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    renameSync(temporary, file)
  }
  chmodSync(file, 0o600)
  return signerOf(createPrivateKey(readFileSync(file)))
}

/** A key pair that ends with the process. */
export function passingSigner(): Signer {
  return signerOf(generateKeyPairSync('ed25519').privateKey)
}

function signerOf(privateKey: KeyObject): Signer {
  return {
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (bytes) => sign(null, bytes, privateKey),
  }
}
