/** The types of the official SDK are recorded as its declarations have them. */

import { describe, expect, test } from '@jest/globals'
import { typesOf } from '../../../scripts/sdk-types.ts'

const DECLARATIONS = `
export declare enum Mode { UNKNOWN = 0, ON = 1, UNRECOGNIZED = -1 }
export interface Message {
    /** A comment. */
    name: string;
    tags: string[];
    labels: {
        [key: string]: string;
    };
    inner?: Inner;
    content: Buffer | undefined;
    either?: Inner | undefined;
}
export interface Service extends Base { get: (request: Message) => void }
interface Hidden { name: string }
`

describe('the record of the SDK', () => {
  test('has each message with its fields, and each enum with its numbers', () => {
    expect(typesOf(DECLARATIONS)).toEqual({
      messages: {
        Message: {
          name: 'string',
          tags: 'string[]',
          labels: 'map',
          inner: 'Inner?',
          content: 'Buffer?',
          either: 'Inner?',
        },
      },
      enums: { Mode: { UNKNOWN: 0, ON: 1, UNRECOGNIZED: -1 } },
    })
  })
})
