import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/** Forbids imports that would point against the direction of the architecture. */
const forbid = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

const GITHUB = {
  group: ['@actions/core', '@actions/github'],
  message: 'Only runner.ts talks to the GitHub runner; take a port instead.',
}
const NETWORK = {
  group: ['undici', '@actions/http-client', '@actions/http-client/*', 'node:http', 'node:https'],
  message: 'Only transport.ts opens connections; take a Transport instead.',
}
const EMULATOR = { group: ['**/emulator/**'], message: 'src never imports the emulator.' }
const ENTRY = {
  group: ['**/index.ts', '**/runner.ts', '**/transport.ts'],
  message: 'Only index.ts knows the real world; take a port instead.',
}

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
  forbid(['src/**/*.ts'], [GITHUB, NETWORK, EMULATOR, ENTRY]),
  forbid(['src/runner.ts'], [NETWORK, EMULATOR, ENTRY]),
  forbid(['src/transport.ts'], [GITHUB, EMULATOR, ENTRY]),
  forbid(['src/index.ts'], [GITHUB, NETWORK, EMULATOR]),
  forbid(
    ['src/yandex/**/*.ts'],
    [
      GITHUB,
      NETWORK,
      {
        group: [
          '../*',
          '!../errors.ts',
          '!../ports.ts',
          '!../secret.ts',
          '!../text.ts',
          '!../values.ts',
          '!../words.ts',
        ],
        message: 'yandex/ stands on its own: beside it there is only the middle.',
      },
    ],
  ),
  forbid(
    ['src/source/**/*.ts'],
    [
      GITHUB,
      NETWORK,
      {
        group: ['../*', '!../errors.ts', '!../words.ts'],
        message: 'source/ stands on its own: beside it there are only errors.ts and words.ts.',
      },
    ],
  ),
  forbid(
    ['src/inputs/**/*.ts'],
    [
      GITHUB,
      NETWORK,
      {
        group: ['../*', '!../secret.ts', '!../values.ts', '!../words.ts', '!../yandex/'],
        message: 'inputs/ only parses: beside it there is the middle, and types of yandex/.',
      },
    ],
  ),
  forbid(
    [
      'src/words.ts',
      'src/errors.ts',
      'src/ports.ts',
      'src/secret.ts',
      'src/text.ts',
      'src/yandex/wire.ts',
    ],
    [
      GITHUB,
      NETWORK,
      { group: ['./*', '../*', '!./grpc.ts'], message: 'The middle imports nothing.' },
    ],
  ),
  prettier,
  {
    files: ['emulator/**/*.ts', '__tests__/emulator/*.ts'],
    rules: { curly: ['error', 'multi-line'] },
  },
)
