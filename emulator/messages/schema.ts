/** Messages of the API described as data, and the TypeScript types that follow from them. */

/** One field: its proto type and the rules of its annotations. */
export type Field =
  | {
      readonly kind: 'string'
      readonly required?: true
      readonly pattern?: RegExp
      readonly maxLength?: number
    }
  | {
      readonly kind: 'int64'
      readonly required?: true
      readonly min?: number
      readonly max?: number
      readonly multipleOf?: number
    }
  | { readonly kind: 'bool' }
  | { readonly kind: 'bytes'; readonly maxLength: number }
  | { readonly kind: 'duration'; readonly required?: true; readonly maxSeconds: number }
  /** The first value is the default. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'fieldMask'; readonly paths: readonly string[] }
  | { readonly kind: 'message'; readonly required?: true; readonly message: Message }
  | { readonly kind: 'list'; readonly of: Field }
  | {
      readonly kind: 'map'
      readonly maxSize?: number
      readonly key?: RegExp
      readonly maxKeyLength?: number
      readonly value: Field & { readonly kind: 'string' }
    }

/** A message: its fields by JSON name, and the groups of which at most one (or exactly one) may be set. */
export interface Message {
  readonly fields: Readonly<Record<string, Field>>
  readonly oneofs?: readonly { readonly fields: readonly string[]; readonly required?: true }[]
}

type Value<F> = F extends { kind: 'bool' }
  ? boolean
  : F extends { kind: 'list'; of: infer E }
    ? readonly (E extends { kind: 'message'; message: infer M } ? Read<M> : Value<E>)[]
    : F extends { kind: 'map' }
      ? Readonly<Record<string, string>>
      : F extends { kind: 'message'; message: infer M }
        ? F extends { required: true }
          ? Read<M>
          : Read<M> | undefined
        : string

/** What reading a message gives: every field present, unset ones with the proto default. */
export type Read<M> = M extends { fields: infer F }
  ? { readonly [K in keyof F]: Value<F[K]> }
  : never
