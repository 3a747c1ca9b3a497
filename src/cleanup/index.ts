/** Entry of the action that cleans up: `dist/cleanup/index.js`. */

import { start } from '../entry.ts'
import { main } from './main.ts'

await start(main)
