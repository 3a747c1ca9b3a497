/** The authorized key of the deployer, as the file that `yc iam key create` writes. */

import type { KeyPair } from './jwt.ts'

/** The file's text: three spaces of indent, the warning line before the PEM, angle brackets escaped. */
export function keyFile(
  keys: KeyPair,
  key: { readonly id: string; readonly serviceAccountId: string; readonly createdAt: string },
): string {
  const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const warning = `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <${key.id}>`
  const file = {
    id: key.id,
    service_account_id: key.serviceAccountId,
    created_at: key.createdAt,
    key_algorithm: 'RSA_2048',
    public_key: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    private_key: `${warning}\n${pem}`,
  }
  const json = JSON.stringify(file, undefined, 3)
  return `${json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')}\n`
}
