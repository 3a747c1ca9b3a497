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
  forbid(
    ['src/**/*.ts'],
    [GITHUB, NETWORK, { group: ['**/emulator/*'], message: 'src never imports the emulator.' }],
  ),
  forbid(['src/runner.ts'], [NETWORK]),
  forbid(['src/transport.ts'], [GITHUB]),
  forbid(
    ['src/yandex/**/*.ts'],
    [
      GITHUB,
      NETWORK,
      {
        group: ['../source/*', '../inputs*', '../report*', '../runner*', '../main*'],
        message: 'yandex/ stands on its own.',
      },
    ],
  ),
  forbid(
    ['src/source/**/*.ts'],
    [
      GITHUB,
      NETWORK,
      {
        group: ['../yandex/*', '../inputs*', '../report*', '../runner*', '../main*'],
        message: 'source/ stands on its own.',
      },
    ],
  ),
  forbid(
    ['src/values.ts', 'src/errors.ts', 'src/ports.ts', 'src/secret.ts', 'src/yandex/wire.ts'],
    [{ group: ['./*', '../*'], message: 'The middle imports nothing.' }],
  ),
  prettier,
)
