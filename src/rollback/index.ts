/** Entry of the action that rolls back: `dist/rollback/index.js`. */

import { start } from '../entry.ts'
import { main } from './main.ts'

await start(main)
