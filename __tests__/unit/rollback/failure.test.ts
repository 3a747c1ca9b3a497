/** What is said when the copy of a version did not come to be. */

import { expect, test } from '@jest/globals'
import { DeployError } from '../../../src/errors.ts'
import { explainCopyFailure } from '../../../src/rollback/failure.ts'
import { NothingDone } from '../../../src/yandex/http/http.ts'
import { fakeCloud } from '../../support/fakes.ts'
import { specOf } from '../../support/versions.ts'

test.each([
  [
    'may be building where its request was under way',
    new DeployError('CANCELLED', 'The run was cancelled.'),
    'The run was cancelled.\nThe request for a copy was under way: it may be building.',
  ],
  [
    'was not created where the API had refused its request',
    new NothingDone('CANCELLED', 'The run was cancelled.'),
    'The run was cancelled.\nNo copy was created.',
  ],
])('a copy %s', async (_, thrown, message) => {
  const request = { ...specOf(), functionId: 'd4f1', description: '', versionId: 'd4e1' }
  const { cloud } = fakeCloud([])
  const error = await explainCopyFailure(thrown, { known: {}, request, cloud })
  expect(error).toMatchObject({ code: 'CANCELLED', message, cause: thrown })
})
