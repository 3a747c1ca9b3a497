/** Functions with a past: versions that were made and tagged one after the other, by none of our code. */

import type { Emulator } from '../../emulator/index.ts'
import { Client, field, HELLO, text, type Json } from '../emulator/harness.ts'

/** A function of an emulator. */
export class PastFunction {
  readonly id: string
  readonly name: string
  readonly #emulator: Emulator
  readonly #api: Client

  private constructor(id: string, { emulator, name }: { emulator: Emulator; name: string }) {
    this.id = id
    this.name = name
    this.#emulator = emulator
    this.#api = new Client(emulator)
  }

  static async create(emulator: Emulator, name: string): Promise<PastFunction> {
    return new PastFunction(await new Client(emulator).createFunction(name), { emulator, name })
  }

  /** Makes a version with these fields of the request, and gives its id. */
  async version(changes: Json = {}): Promise<string> {
    const { json } = await this.#api.createVersion(this.id, changes)
    const done = await this.#api.done(json)
    return text(field(done, 'response').id)
  }

  /** Makes as many versions, each with this tag, and gives their ids. */
  async versions(count: number, tag: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (let made = 0; made < count; made++) ids.push(await this.version({ tag: [tag] }))
    return ids
  }

  async setTag(versionId: string, tag: string): Promise<void> {
    await this.#change(versionId, { method: 'setTag', tag })
  }

  async removeTag(versionId: string, tag: string): Promise<void> {
    await this.#change(versionId, { method: 'removeTag', tag })
  }

  /** Deletes a version as the cloud does by itself; it must have no tag. */
  forget(...versionIds: string[]): void {
    this.#emulator.retireVersions({ functionId: this.id, versionIds })
    this.#emulator.purgeVersions({ functionId: this.id, versionIds })
  }

  /** The id of the version that holds a tag. */
  holderOf(tag: string): string | undefined {
    return this.#emulator.versions(this.id).find(({ tags }) => tags.includes(tag))?.id
  }

  /** The inputs of a step that rolls it back or cleans it up. */
  get inputs(): Readonly<Record<string, string>> {
    return {
      'yc-sa-json-credentials': this.#emulator.keyJson,
      'api-endpoint': this.#emulator.endpoint,
      'folder-id': this.#emulator.folderId,
      'function-name': this.name,
    }
  }

  async #change(
    versionId: string,
    { method, tag }: { method: string; tag: string },
  ): Promise<void> {
    const { json } = await this.#api.post(`/functions/v1/versions/${versionId}:${method}`, { tag })
    await this.#api.done(json)
  }
}

/** The bytes of the package of every such version. */
export const PACKAGE = HELLO
