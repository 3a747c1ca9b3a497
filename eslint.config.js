import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

export const LEAVES = ['errors.ts', 'json.ts', 'ports.ts', 'secret.ts', 'suggest.ts', 'text.ts']

/** Which rooms of `src/` each room imports, beside itself: the table of docs/ARCHITECTURE.md. */
export const IMPORTS = {
  'main.ts': ['deploy', 'inputs', 'report', 'yandex', ...LEAVES],
  rollback: ['deploy', 'entry.ts', 'inputs', 'report', 'sub-action', 'yandex', ...LEAVES],
  cleanup: ['deploy', 'entry.ts', 'inputs', 'report', 'sub-action', 'yandex', ...LEAVES],
  'sub-action': ['deploy', 'inputs', 'report', 'yandex', ...LEAVES],
  'entry.ts': ['github', 'transport.ts', ...LEAVES],
  'comment.ts': ['github', 'report', ...LEAVES],
  report: ['deploy', 'inputs', 'source', 'yandex', ...LEAVES],
  deploy: ['github', 'inputs', 'source', 'yandex', ...LEAVES],
  github: ['yandex', ...LEAVES],
  inputs: ['yandex', ...LEAVES],
  source: LEAVES,
  yandex: LEAVES,
  'transport.ts': LEAVES,
  ...Object.fromEntries(LEAVES.map((leaf) => [leaf, []])),
}

const directions = Object.entries(IMPORTS).map(([room, others]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...others].map((other) => `./${other}`),
  message: 'Imports have one direction: docs/ARCHITECTURE.md.',
}))

/** Packages and files with an effect, each with the only files that import it. */
const RIM = [
  {
    group: ['@actions/core', '@actions/github'],
    only: ['src/github/octokit.ts'],
    message: 'Only github/ talks to GitHub; take a port instead.',
  },
  {
    group: [
      'undici',
      'undici/**',
      '@actions/http-client',
      '@actions/http-client/*',
      'node:http',
      'node:https',
    ],
    only: ['src/transport.ts', 'src/undici.d.ts'],
    message: 'Only transport.ts opens connections; take a Transport instead.',
  },
  {
    group: ['**/index.ts', '**/runner.ts', '**/transport.ts'],
    only: ['src/entry.ts'],
    message: 'Only entry.ts knows the real world; take a port instead.',
  },
  {
    group: ['**/entry.ts'],
    only: ['src/index.ts', 'src/rollback/index.ts', 'src/cleanup/index.ts'],
    message: 'Only an index.ts starts an action.',
  },
  { group: ['**/emulator/**'], only: [], message: 'src never imports the emulator.' },
]

/** Rooms whose data another room knows, but whose functions it does not call. */
export const TYPES_ONLY = { deploy: ['inputs'], report: ['deploy', 'inputs'] }

/** ESLint takes the last setting of a rule for a file, so each file gets all of its patterns at once. */
const restrict = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
})
const forbidden = (file) =>
  RIM.filter(({ only }) => !only.includes(file)).map(({ group, message }) => ({ group, message }))

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'reports/', '.stryker-tmp/', 'examples/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: directions }],
      // One dialect: no blank lines between imports, `i++`, doc comments that say "Throws ...".
      'import-x/order': [
        'error',
        {
          groups: [['builtin', 'external', 'parent', 'sibling', 'index']],
          'newlines-between': 'never',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'AssignmentExpression[operator=/^[+-]=$/][right.value=1]',
          message: 'Write `i++` or `i--`.',
        },
        {
          selector: 'ImportExpression:not([source.value=/^([.]\\/comment[.]ts|undici)$/])',
          message: 'Only the comment, and undici for a proxy, are loaded when they are needed.',
        },
      ],
      'no-warning-comments': ['error', { terms: ['@throws'], location: 'anywhere' }],
    },
  },
  restrict(['src/**/*.ts'], forbidden('')),
  ...Object.entries(TYPES_ONLY).map(([room, others]) =>
    restrict(
      [`src/${room}/**/*.ts`],
      [
        ...forbidden(''),
        ...others.map((other) => ({
          group: [`**/${other}/**`],
          allowTypeImports: true,
          message: `${room}/ takes only types of ${other}/.`,
        })),
      ],
    ),
  ),
  ...[...new Set(RIM.flatMap(({ only }) => only))].map((file) => restrict([file], forbidden(file))),
  prettier,
  {
    files: ['**/*.ts'],
    rules: {
      // One dialect: braces around a body on a line of its own.
      curly: ['error', 'multi-line'],
    },
  },
)
