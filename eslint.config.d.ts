/** What tests read of the configuration of ESLint. */

/** Files of `src/` that import nothing of ours. */
export declare const LEAVES: readonly string[]
/** Which rooms and files of `src/` each of them imports, beside itself. */
export declare const IMPORTS: Readonly<Record<string, readonly string[]>>
/** The rooms of which another one takes only types. */
export declare const TYPES_ONLY: Readonly<Record<string, readonly string[]>>
