/** What a refusal tells, in every shape that the API and what stands before it answer. */

import { describe, expect, test } from '@jest/globals'
import { advise } from '../../../../src/report/advice.ts'
import { ApiError } from '../../../../src/yandex/http/api-error.ts'
import {
  describeConnectionError,
  permanentFault,
} from '../../../../src/yandex/http/network-error.ts'
import { grpcCodeName } from '../../../../src/yandex/http/grpc.ts'
import { answer, json, refusal } from '../../../support/fakes.ts'

const errorOf = (...args: Parameters<typeof answer>): ApiError =>
  new ApiError(answer(...args), { what: 'do it' })

describe('a refusal', () => {
  test('in the shape of google.rpc.Status tells code, message, details and ids', () => {
    const error = new ApiError(
      json(
        {
          code: 3,
          message: 'Validation failed',
          details: [
            { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req-1' },
            { fieldViolations: [{ field: 'resources.memory', description: 'too small' }, 7] },
            { violations: [{ subject: 'folder b1g', description: 'over quota' }] },
            { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', message: 'Ошибка' },
            { '@type': 'type.googleapis.com/google.rpc.Help' },
            'odd',
            null,
          ],
        },
        { status: 400, headers: { 'x-request-id': 'r', 'x-server-trace-id': 't', other: 'o' } },
      ),
      { what: 'do it' },
    )
    expect(error.message.split('\n')).toEqual([
      'Could not do it: HTTP 400 INVALID_ARGUMENT: Validation failed',
      '- resources.memory: too small',
      '- folder b1g: over quota',
      '- Ошибка',
    ])
    expect(error).toMatchObject({
      code: 'API_REJECTED',
      httpStatus: 400,
      grpcCode: 'INVALID_ARGUMENT',
      refusesToken: false,
      details: {
        'HTTP status': '400',
        'x-request-id': 'r',
        'x-server-trace-id': 't',
        'gRPC code': 'INVALID_ARGUMENT',
      },
    })
    expect(Object.keys(error.details)).toEqual([
      'HTTP status',
      'gRPC code',
      'x-request-id',
      'x-server-trace-id',
    ])
    expect(advise(error).hint).toContain('`memory`')
  })

  test('in the wrapped shape is read as well', () => {
    const error = new ApiError(
      json({ error: { grpcCode: 16, httpCode: 401, message: 'no', details: [] } }, { status: 401 }),
      { what: 'do it' },
    )
    expect(error.message).toBe('Could not do it: HTTP 401 UNAUTHENTICATED: no')
    expect(error).toMatchObject({ code: 'AUTH_FAILED', refusesToken: true })
  })

  test.each([3, '3', 'INVALID_ARGUMENT'])('may have its code as %j', (code) => {
    const error = new ApiError(json({ code, message: 'no' }, { status: 400 }), { what: 'do it' })
    expect(error.message).toBe('Could not do it: HTTP 400 INVALID_ARGUMENT: no')
    expect(error).toMatchObject({
      grpcCode: 'INVALID_ARGUMENT',
      details: { 'gRPC code': 'INVALID_ARGUMENT' },
    })
  })

  test('of Object Storage is read from its XML', () => {
    const error = errorOf(
      403,
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>&lt;a&gt; &amp;amp; &quot;b&apos;</Message><RequestId>x1</RequestId></Error>',
      { 'x-amz-request-id': 'x1' },
    )
    expect(error.message).toBe(`Could not do it: HTTP 403 AccessDenied: <a> &amp; "b'`)
    expect(error.details).toEqual({
      'HTTP status': '403',
      'x-amz-request-id': 'x1',
      'storage code': 'AccessDenied',
    })
    expect(error.grpcCode).toBeUndefined()
    expect(advise(error).hint).toContain('storage.uploader')
  })

  test.each([
    ['HTML', '<html>\n<h1>Bad\tGateway</h1></html>', 'Bad Gateway'],
    [
      'HTML with more than text',
      '<style>b { color: red }</style><SCRIPT>x < 1</SCRIPT><b>Oh</b><!-- no -->dear',
      'Oh dear',
    ],
    ['HTML without text', '<html><body></body></html>', 'no text in the body'],
    ['nothing', '', 'no text in the body'],
    ['blanks', ' \n ', 'no text in the body'],
    ['a long text', 'x'.repeat(201), `${'x'.repeat(200)}...`],
    ['a text of the longest length', 'x'.repeat(200), 'x'.repeat(200)],
    ['JSON that is no object', '[1]', '[1]'],
    ['JSON without a code', '{"message":"m"}', '{"message":"m"}'],
    ['a code that is none', '{"code":"odd","message":"m"}', '{"code":"odd","message":"m"}'],
    ['XML without a message', '<Error><Code>X</Code></Error>', 'X'],
  ])('in no known shape is quoted by its beginning: %s', (_, body, told) => {
    expect(errorOf(418, body).message).toMatch(/^Could not do it: HTTP 418( X)?: /)
    expect(errorOf(418, body).message.endsWith(`: ${told}`)).toBe(true)
  })

  test('in bytes that are no text is still told', () => {
    const error = new ApiError(
      { status: 500, headers: {}, body: Buffer.from([0xff, 0xfe, 0x00]) },
      { what: 'do it' },
    )
    expect(error.message).toContain('HTTP 500: ')
  })

  test('may have an unknown code and odd details', () => {
    const error = new ApiError(json({ code: 77, message: 5, details: 'x' }, { status: 400 }), {
      what: 'do it',
    })
    expect(error.message).toBe('Could not do it: HTTP 400: {"code":77,"message":5,"details":"x"}')
    expect(error.grpcCode).toBeUndefined()
  })

  test.each([
    [401, '', 'AUTH_FAILED', true],
    [400, '<Code>ExpiredToken</Code>', 'AUTH_FAILED', true],
    [400, '<Code>InvalidToken</Code>', 'AUTH_FAILED', true],
    [400, '<Code>Other</Code>', 'API_REJECTED', false],
    [403, '', 'API_REJECTED', false],
    [307, '', 'API_UNEXPECTED', false],
  ] as const)('of HTTP %i %s has the code %s', (status, body, code, refusesToken) => {
    expect(errorOf(status, body)).toMatchObject({ code, refusesToken })
  })

  test('has the advice of the service that refused', () => {
    const error = new ApiError(refusal(7, 'no'), { what: 'x', service: 'lockbox' })
    expect(advise(error).hint).toContain('`lockbox.viewer`')
    expect(advise(new ApiError(refusal(7, 'no'), { what: 'x' })).hint).toContain(
      '`functions.editor`',
    )
  })

  test('has the code and the topic that the caller gives', () => {
    const given = { code: 'AUTH_FAILED', topic: 'key-refused' } as const
    expect(new ApiError(answer(403), { what: 'x', ...given })).toMatchObject(given)
  })

  test.each([
    [8, 'The limit serverless.concurrentFolderOperations is exceeded', 'operations'],
    [8, 'Превышено число тегов', 'tags'],
    [8, 'The limit serverless.functions.count is exceeded', 'functions'],
    [8, 'Quota limit serverless.provisionedInstances.count exceeded', 'instances'],
    [8, 'Provisioned instances of the function are over the limit', 'instances'],
    [8, 'received message larger than max', undefined],
    [3, 'operations', undefined],
  ] as const)('with the code %i and the text %j is about the quota of %s', (code, text, quota) => {
    const error = new ApiError(refusal(code, text), { what: 'x', service: 'vpc' })
    expect(error).toMatchObject({ quota, text, service: 'vpc', hint: undefined, topic: undefined })
  })
})

describe('a gRPC code', () => {
  test.each([
    [0, 'OK'],
    [8, 'RESOURCE_EXHAUSTED'],
    [16, 'UNAUTHENTICATED'],
    [17, undefined],
    [-1, undefined],
    [1.5, undefined],
  ])('%d is %s', (code, name) => {
    expect(grpcCodeName(code)).toBe(name)
  })

  test.each(Array.from({ length: 17 }, (_, code) => code))('%i names its refusal', (code) => {
    expect(new ApiError(refusal(code, 'm'), { what: 'x' }).grpcCode).toBe(grpcCodeName(code))
  })
})

describe('the reason of a connection that failed', () => {
  const coded = (code: string, message: string): Error =>
    Object.assign(new Error(message), { code })

  test.each<[string, unknown, string]>([
    [
      'is the innermost one',
      new Error('a', { cause: new Error('b', { cause: coded('E', 'c') }) }),
      'E: c',
    ],
    [
      'has its code once',
      coded('ECONNREFUSED', 'connect ECONNREFUSED ::1'),
      'connect ECONNREFUSED ::1',
    ],
    ['may have no code', new Error('terminated'), 'terminated'],
    ['may have a code alone', coded('EPIPE', ''), 'EPIPE'],
    ['may have an odd code', Object.assign(new Error('x'), { code: 5 }), 'x'],
    ['may be a text', 'odd', 'odd'],
    ['may have a text as its cause', new Error('outer', { cause: 'odd' }), 'outer'],
    ['may be nothing', undefined, 'undefined'],
  ])('%s', (_, error, told) => {
    expect(describeConnectionError(error)).toBe(told)
  })

  test.each([
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ECONNRESET', undefined],
    ['', undefined],
  ])('with the code %j is permanent because of: %s', (code, fault) => {
    expect(permanentFault(new Error('f', { cause: coded(code, 'x') }))).toBe(fault)
  })

  test.each([
    [407, 'proxy'],
    [403, 'proxy'],
    [408, undefined],
    [429, undefined],
    [502, undefined],
  ])('with HTTP %i of a proxy is permanent because of: %s', (status, fault) => {
    const cause = new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`)
    expect(permanentFault(new TypeError('fetch failed', { cause }))).toBe(fault)
  })

  test('without a code is not about a certificate', () => {
    expect(permanentFault(new Error('CERT'))).toBeUndefined()
  })
})
