import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 4043:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const assert = __nccwpck_require__(4589)
const { Readable } = __nccwpck_require__(9927)
const { InvalidArgumentError, RequestAbortedError } = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { getResolveErrorBodyCallback } = __nccwpck_require__(7655)
const { AsyncResource } = __nccwpck_require__(6698)

class RequestHandler extends AsyncResource {
  constructor (opts, callback) {
    if (!opts || typeof opts !== 'object') {
      throw new InvalidArgumentError('invalid opts')
    }

    const { signal, method, opaque, body, onInfo, responseHeaders, throwOnError, highWaterMark } = opts

    try {
      if (typeof callback !== 'function') {
        throw new InvalidArgumentError('invalid callback')
      }

      if (highWaterMark && (typeof highWaterMark !== 'number' || highWaterMark < 0)) {
        throw new InvalidArgumentError('invalid highWaterMark')
      }

      if (signal && typeof signal.on !== 'function' && typeof signal.addEventListener !== 'function') {
        throw new InvalidArgumentError('signal must be an EventEmitter or EventTarget')
      }

      if (method === 'CONNECT') {
        throw new InvalidArgumentError('invalid method')
      }

      if (onInfo && typeof onInfo !== 'function') {
        throw new InvalidArgumentError('invalid onInfo callback')
      }

      super('UNDICI_REQUEST')
    } catch (err) {
      if (util.isStream(body)) {
        util.destroy(body.on('error', util.nop), err)
      }
      throw err
    }

    this.method = method
    this.responseHeaders = responseHeaders || null
    this.opaque = opaque || null
    this.callback = callback
    this.res = null
    this.abort = null
    this.body = body
    this.trailers = {}
    this.context = null
    this.onInfo = onInfo || null
    this.throwOnError = throwOnError
    this.highWaterMark = highWaterMark
    this.signal = signal
    this.reason = null
    this.removeAbortListener = null

    if (util.isStream(body)) {
      body.on('error', (err) => {
        this.onError(err)
      })
    }

    if (this.signal) {
      if (this.signal.aborted) {
        this.reason = this.signal.reason ?? new RequestAbortedError()
      } else {
        this.removeAbortListener = util.addAbortListener(this.signal, () => {
          this.reason = this.signal.reason ?? new RequestAbortedError()
          if (this.res) {
            util.destroy(this.res.on('error', util.nop), this.reason)
          } else if (this.abort) {
            this.abort(this.reason)
          }

          if (this.removeAbortListener) {
            this.res?.off('close', this.removeAbortListener)
            this.removeAbortListener()
            this.removeAbortListener = null
          }
        })
      }
    }
  }

  onConnect (abort, context) {
    if (this.reason) {
      abort(this.reason)
      return
    }

    assert(this.callback)

    this.abort = abort
    this.context = context
  }

  onHeaders (statusCode, rawHeaders, resume, statusMessage) {
    const { callback, opaque, abort, context, responseHeaders, highWaterMark } = this

    const headers = responseHeaders === 'raw' ? util.parseRawHeaders(rawHeaders) : util.parseHeaders(rawHeaders)

    if (statusCode < 200) {
      if (this.onInfo) {
        this.onInfo({ statusCode, headers })
      }
      return
    }

    const parsedHeaders = responseHeaders === 'raw' ? util.parseHeaders(rawHeaders) : headers
    const contentType = parsedHeaders['content-type']
    const contentLength = parsedHeaders['content-length']
    const res = new Readable({
      resume,
      abort,
      contentType,
      contentLength: this.method !== 'HEAD' && contentLength
        ? Number(contentLength)
        : null,
      highWaterMark
    })

    if (this.removeAbortListener) {
      res.on('close', this.removeAbortListener)
    }

    this.callback = null
    this.res = res
    if (callback !== null) {
      if (this.throwOnError && statusCode >= 400) {
        this.runInAsyncScope(getResolveErrorBodyCallback, null,
          { callback, body: res, contentType, statusCode, statusMessage, headers }
        )
      } else {
        this.runInAsyncScope(callback, null, null, {
          statusCode,
          headers,
          trailers: this.trailers,
          opaque,
          body: res,
          context
        })
      }
    }
  }

  onData (chunk) {
    return this.res.push(chunk)
  }

  onComplete (trailers) {
    util.parseHeaders(trailers, this.trailers)
    this.res.push(null)
  }

  onError (err) {
    const { res, callback, body, opaque } = this

    if (callback) {
      // TODO: Does this need queueMicrotask?
      this.callback = null
      queueMicrotask(() => {
        this.runInAsyncScope(callback, null, err, { opaque })
      })
    }

    if (res) {
      this.res = null
      // Ensure all queued handlers are invoked before destroying res.
      queueMicrotask(() => {
        util.destroy(res, err)
      })
    }

    if (body) {
      this.body = null
      util.destroy(body, err)
    }

    if (this.removeAbortListener) {
      res?.off('close', this.removeAbortListener)
      this.removeAbortListener()
      this.removeAbortListener = null
    }
  }
}

function request (opts, callback) {
  if (callback === undefined) {
    return new Promise((resolve, reject) => {
      request.call(this, opts, (err, data) => {
        return err ? reject(err) : resolve(data)
      })
    })
  }

  try {
    this.dispatch(opts, new RequestHandler(opts, callback))
  } catch (err) {
    if (typeof callback !== 'function') {
      throw err
    }
    const opaque = opts?.opaque
    queueMicrotask(() => callback(err, { opaque }))
  }
}

module.exports = request
module.exports.RequestHandler = RequestHandler


/***/ }),

/***/ 9927:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

// Ported from https://github.com/nodejs/undici/pull/907



const assert = __nccwpck_require__(4589)
const { Readable } = __nccwpck_require__(7075)
const { RequestAbortedError, NotSupportedError, InvalidArgumentError, AbortError } = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { ReadableStreamFrom } = __nccwpck_require__(3440)

const kConsume = Symbol('kConsume')
const kReading = Symbol('kReading')
const kBody = Symbol('kBody')
const kAbort = Symbol('kAbort')
const kContentType = Symbol('kContentType')
const kContentLength = Symbol('kContentLength')

const noop = () => {}

class BodyReadable extends Readable {
  constructor ({
    resume,
    abort,
    contentType = '',
    contentLength,
    highWaterMark = 64 * 1024 // Same as nodejs fs streams.
  }) {
    super({
      autoDestroy: true,
      read: resume,
      highWaterMark
    })

    this._readableState.dataEmitted = false

    this[kAbort] = abort
    this[kConsume] = null
    this[kBody] = null
    this[kContentType] = contentType
    this[kContentLength] = contentLength

    // Is stream being consumed through Readable API?
    // This is an optimization so that we avoid checking
    // for 'data' and 'readable' listeners in the hot path
    // inside push().
    this[kReading] = false
  }

  destroy (err) {
    if (!err && !this._readableState.endEmitted) {
      err = new RequestAbortedError()
    }

    if (err) {
      this[kAbort]()
    }

    return super.destroy(err)
  }

  _destroy (err, callback) {
    // Workaround for Node "bug". If the stream is destroyed in same
    // tick as it is created, then a user who is waiting for a
    // promise (i.e micro tick) for installing a 'error' listener will
    // never get a chance and will always encounter an unhandled exception.
    if (!this[kReading]) {
      setImmediate(() => {
        callback(err)
      })
    } else {
      callback(err)
    }
  }

  on (ev, ...args) {
    if (ev === 'data' || ev === 'readable') {
      this[kReading] = true
    }
    return super.on(ev, ...args)
  }

  addListener (ev, ...args) {
    return this.on(ev, ...args)
  }

  off (ev, ...args) {
    const ret = super.off(ev, ...args)
    if (ev === 'data' || ev === 'readable') {
      this[kReading] = (
        this.listenerCount('data') > 0 ||
        this.listenerCount('readable') > 0
      )
    }
    return ret
  }

  removeListener (ev, ...args) {
    return this.off(ev, ...args)
  }

  push (chunk) {
    if (this[kConsume] && chunk !== null) {
      consumePush(this[kConsume], chunk)
      return this[kReading] ? super.push(chunk) : true
    }
    return super.push(chunk)
  }

  // https://fetch.spec.whatwg.org/#dom-body-text
  async text () {
    return consume(this, 'text')
  }

  // https://fetch.spec.whatwg.org/#dom-body-json
  async json () {
    return consume(this, 'json')
  }

  // https://fetch.spec.whatwg.org/#dom-body-blob
  async blob () {
    return consume(this, 'blob')
  }

  // https://fetch.spec.whatwg.org/#dom-body-bytes
  async bytes () {
    return consume(this, 'bytes')
  }

  // https://fetch.spec.whatwg.org/#dom-body-arraybuffer
  async arrayBuffer () {
    return consume(this, 'arrayBuffer')
  }

  // https://fetch.spec.whatwg.org/#dom-body-formdata
  async formData () {
    // TODO: Implement.
    throw new NotSupportedError()
  }

  // https://fetch.spec.whatwg.org/#dom-body-bodyused
  get bodyUsed () {
    return util.isDisturbed(this)
  }

  // https://fetch.spec.whatwg.org/#dom-body-body
  get body () {
    if (!this[kBody]) {
      this[kBody] = ReadableStreamFrom(this)
      if (this[kConsume]) {
        // TODO: Is this the best way to force a lock?
        this[kBody].getReader() // Ensure stream is locked.
        assert(this[kBody].locked)
      }
    }
    return this[kBody]
  }

  async dump (opts) {
    let limit = Number.isFinite(opts?.limit) ? opts.limit : 128 * 1024
    const signal = opts?.signal

    if (signal != null && (typeof signal !== 'object' || !('aborted' in signal))) {
      throw new InvalidArgumentError('signal must be an AbortSignal')
    }

    signal?.throwIfAborted()

    if (this._readableState.closeEmitted) {
      return null
    }

    return await new Promise((resolve, reject) => {
      if (this[kContentLength] > limit) {
        this.destroy(new AbortError())
      }

      const onAbort = () => {
        this.destroy(signal.reason ?? new AbortError())
      }
      signal?.addEventListener('abort', onAbort)

      this
        .on('close', function () {
          signal?.removeEventListener('abort', onAbort)
          if (signal?.aborted) {
            reject(signal.reason ?? new AbortError())
          } else {
            resolve(null)
          }
        })
        .on('error', noop)
        .on('data', function (chunk) {
          limit -= chunk.length
          if (limit <= 0) {
            this.destroy()
          }
        })
        .resume()
    })
  }
}

// https://streams.spec.whatwg.org/#readablestream-locked
function isLocked (self) {
  // Consume is an implicit lock.
  return (self[kBody] && self[kBody].locked === true) || self[kConsume]
}

// https://fetch.spec.whatwg.org/#body-unusable
function isUnusable (self) {
  return util.isDisturbed(self) || isLocked(self)
}

async function consume (stream, type) {
  assert(!stream[kConsume])

  return new Promise((resolve, reject) => {
    if (isUnusable(stream)) {
      const rState = stream._readableState
      if (rState.destroyed && rState.closeEmitted === false) {
        stream
          .on('error', err => {
            reject(err)
          })
          .on('close', () => {
            reject(new TypeError('unusable'))
          })
      } else {
        reject(rState.errored ?? new TypeError('unusable'))
      }
    } else {
      queueMicrotask(() => {
        stream[kConsume] = {
          type,
          stream,
          resolve,
          reject,
          length: 0,
          body: []
        }

        stream
          .on('error', function (err) {
            consumeFinish(this[kConsume], err)
          })
          .on('close', function () {
            if (this[kConsume].body !== null) {
              consumeFinish(this[kConsume], new RequestAbortedError())
            }
          })

        consumeStart(stream[kConsume])
      })
    }
  })
}

function consumeStart (consume) {
  if (consume.body === null) {
    return
  }

  const { _readableState: state } = consume.stream

  if (state.bufferIndex) {
    const start = state.bufferIndex
    const end = state.buffer.length
    for (let n = start; n < end; n++) {
      consumePush(consume, state.buffer[n])
    }
  } else {
    for (const chunk of state.buffer) {
      consumePush(consume, chunk)
    }
  }

  if (state.endEmitted) {
    consumeEnd(this[kConsume])
  } else {
    consume.stream.on('end', function () {
      consumeEnd(this[kConsume])
    })
  }

  consume.stream.resume()

  while (consume.stream.read() != null) {
    // Loop
  }
}

/**
 * @param {Buffer[]} chunks
 * @param {number} length
 */
function chunksDecode (chunks, length) {
  if (chunks.length === 0 || length === 0) {
    return ''
  }
  const buffer = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)
  const bufferLength = buffer.length

  // Skip BOM.
  const start =
    bufferLength > 2 &&
    buffer[0] === 0xef &&
    buffer[1] === 0xbb &&
    buffer[2] === 0xbf
      ? 3
      : 0
  return buffer.utf8Slice(start, bufferLength)
}

/**
 * @param {Buffer[]} chunks
 * @param {number} length
 * @returns {Uint8Array}
 */
function chunksConcat (chunks, length) {
  if (chunks.length === 0 || length === 0) {
    return new Uint8Array(0)
  }
  if (chunks.length === 1) {
    // fast-path
    return new Uint8Array(chunks[0])
  }
  const buffer = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)

  let offset = 0
  for (let i = 0; i < chunks.length; ++i) {
    const chunk = chunks[i]
    buffer.set(chunk, offset)
    offset += chunk.length
  }

  return buffer
}

function consumeEnd (consume) {
  const { type, body, resolve, stream, length } = consume

  try {
    if (type === 'text') {
      resolve(chunksDecode(body, length))
    } else if (type === 'json') {
      resolve(JSON.parse(chunksDecode(body, length)))
    } else if (type === 'arrayBuffer') {
      resolve(chunksConcat(body, length).buffer)
    } else if (type === 'blob') {
      resolve(new Blob(body, { type: stream[kContentType] }))
    } else if (type === 'bytes') {
      resolve(chunksConcat(body, length))
    }

    consumeFinish(consume)
  } catch (err) {
    stream.destroy(err)
  }
}

function consumePush (consume, chunk) {
  consume.length += chunk.length
  consume.body.push(chunk)
}

function consumeFinish (consume, err) {
  if (consume.body === null) {
    return
  }

  if (err) {
    consume.reject(err)
  } else {
    consume.resolve()
  }

  consume.type = null
  consume.stream = null
  consume.resolve = null
  consume.reject = null
  consume.length = 0
  consume.body = null
}

module.exports = { Readable: BodyReadable, chunksDecode }


/***/ }),

/***/ 7655:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

const assert = __nccwpck_require__(4589)
const {
  ResponseStatusCodeError
} = __nccwpck_require__(8707)

const { chunksDecode } = __nccwpck_require__(9927)
const CHUNK_LIMIT = 128 * 1024

async function getResolveErrorBodyCallback ({ callback, body, contentType, statusCode, statusMessage, headers }) {
  assert(body)

  let chunks = []
  let length = 0

  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      length += chunk.length
      if (length > CHUNK_LIMIT) {
        chunks = []
        length = 0
        break
      }
    }
  } catch {
    chunks = []
    length = 0
    // Do nothing....
  }

  const message = `Response status code ${statusCode}${statusMessage ? `: ${statusMessage}` : ''}`

  if (statusCode === 204 || !contentType || !length) {
    queueMicrotask(() => callback(new ResponseStatusCodeError(message, statusCode, headers)))
    return
  }

  const stackTraceLimit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  let payload

  try {
    if (isContentTypeApplicationJson(contentType)) {
      payload = JSON.parse(chunksDecode(chunks, length))
    } else if (isContentTypeText(contentType)) {
      payload = chunksDecode(chunks, length)
    }
  } catch {
    // process in a callback to avoid throwing in the microtask queue
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  queueMicrotask(() => callback(new ResponseStatusCodeError(message, statusCode, headers, payload)))
}

const isContentTypeApplicationJson = (contentType) => {
  return (
    contentType.length > 15 &&
    contentType[11] === '/' &&
    contentType[0] === 'a' &&
    contentType[1] === 'p' &&
    contentType[2] === 'p' &&
    contentType[3] === 'l' &&
    contentType[4] === 'i' &&
    contentType[5] === 'c' &&
    contentType[6] === 'a' &&
    contentType[7] === 't' &&
    contentType[8] === 'i' &&
    contentType[9] === 'o' &&
    contentType[10] === 'n' &&
    contentType[12] === 'j' &&
    contentType[13] === 's' &&
    contentType[14] === 'o' &&
    contentType[15] === 'n'
  )
}

const isContentTypeText = (contentType) => {
  return (
    contentType.length > 4 &&
    contentType[4] === '/' &&
    contentType[0] === 't' &&
    contentType[1] === 'e' &&
    contentType[2] === 'x' &&
    contentType[3] === 't'
  )
}

module.exports = {
  getResolveErrorBodyCallback,
  isContentTypeApplicationJson,
  isContentTypeText
}


/***/ }),

/***/ 9136:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const net = __nccwpck_require__(7030)
const assert = __nccwpck_require__(4589)
const util = __nccwpck_require__(3440)
const { InvalidArgumentError, ConnectTimeoutError } = __nccwpck_require__(8707)
const timers = __nccwpck_require__(6603)

function noop () {}

let tls // include tls conditionally since it is not always available

// TODO: session re-use does not wait for the first
// connection to resolve the session and might therefore
// resolve the same servername multiple times even when
// re-use is enabled.

let SessionCache
// FIXME: remove workaround when the Node bug is fixed
// https://github.com/nodejs/node/issues/49344#issuecomment-1741776308
if (global.FinalizationRegistry && !(process.env.NODE_V8_COVERAGE || process.env.UNDICI_NO_FG)) {
  SessionCache = class WeakSessionCache {
    constructor (maxCachedSessions) {
      this._maxCachedSessions = maxCachedSessions
      this._sessionCache = new Map()
      this._sessionRegistry = new global.FinalizationRegistry((key) => {
        if (this._sessionCache.size < this._maxCachedSessions) {
          return
        }

        const ref = this._sessionCache.get(key)
        if (ref !== undefined && ref.deref() === undefined) {
          this._sessionCache.delete(key)
        }
      })
    }

    get (sessionKey) {
      const ref = this._sessionCache.get(sessionKey)
      return ref ? ref.deref() : null
    }

    set (sessionKey, session) {
      if (this._maxCachedSessions === 0) {
        return
      }

      this._sessionCache.set(sessionKey, new WeakRef(session))
      this._sessionRegistry.register(session, sessionKey)
    }
  }
} else {
  SessionCache = class SimpleSessionCache {
    constructor (maxCachedSessions) {
      this._maxCachedSessions = maxCachedSessions
      this._sessionCache = new Map()
    }

    get (sessionKey) {
      return this._sessionCache.get(sessionKey)
    }

    set (sessionKey, session) {
      if (this._maxCachedSessions === 0) {
        return
      }

      if (this._sessionCache.size >= this._maxCachedSessions) {
        // remove the oldest session
        const { value: oldestKey } = this._sessionCache.keys().next()
        this._sessionCache.delete(oldestKey)
      }

      this._sessionCache.set(sessionKey, session)
    }
  }
}

function buildConnector ({ allowH2, maxCachedSessions, socketPath, timeout, session: customSession, ...opts }) {
  if (maxCachedSessions != null && (!Number.isInteger(maxCachedSessions) || maxCachedSessions < 0)) {
    throw new InvalidArgumentError('maxCachedSessions must be a positive integer or zero')
  }

  const options = { path: socketPath, ...opts }
  const sessionCache = new SessionCache(maxCachedSessions == null ? 100 : maxCachedSessions)
  timeout = timeout == null ? 10e3 : timeout
  allowH2 = allowH2 != null ? allowH2 : false
  return function connect ({ hostname, host, protocol, port, servername, localAddress, httpSocket }, callback) {
    let socket
    if (protocol === 'https:') {
      if (!tls) {
        tls = __nccwpck_require__(1692)
      }
      servername = servername || options.servername || util.getServerName(host) || null

      const sessionKey = servername || hostname
      assert(sessionKey)

      const session = customSession || sessionCache.get(sessionKey) || null

      port = port || 443

      socket = tls.connect({
        highWaterMark: 16384, // TLS in node can't have bigger HWM anyway...
        ...options,
        servername,
        session,
        localAddress,
        // TODO(HTTP/2): Add support for h2c
        ALPNProtocols: allowH2 ? ['http/1.1', 'h2'] : ['http/1.1'],
        socket: httpSocket, // upgrade socket connection
        port,
        host: hostname
      })

      socket
        .on('session', function (session) {
          // TODO (fix): Can a session become invalid once established? Don't think so?
          sessionCache.set(sessionKey, session)
        })
    } else {
      assert(!httpSocket, 'httpSocket can only be sent on TLS update')

      port = port || 80

      socket = net.connect({
        highWaterMark: 64 * 1024, // Same as nodejs fs streams.
        ...options,
        localAddress,
        port,
        host: hostname
      })
    }

    // Set TCP keep alive options on the socket here instead of in connect() for the case of assigning the socket
    if (options.keepAlive == null || options.keepAlive) {
      const keepAliveInitialDelay = options.keepAliveInitialDelay === undefined ? 60e3 : options.keepAliveInitialDelay
      socket.setKeepAlive(true, keepAliveInitialDelay)
    }

    const clearConnectTimeout = setupConnectTimeout(new WeakRef(socket), { timeout, hostname, port })

    socket
      .setNoDelay(true)
      .once(protocol === 'https:' ? 'secureConnect' : 'connect', function () {
        queueMicrotask(clearConnectTimeout)

        if (callback) {
          const cb = callback
          callback = null
          cb(null, this)
        }
      })
      .on('error', function (err) {
        queueMicrotask(clearConnectTimeout)

        if (callback) {
          const cb = callback
          callback = null
          cb(err)
        }
      })

    return socket
  }
}

/**
 * @param {WeakRef<net.Socket>} socketWeakRef
 * @param {object} opts
 * @param {number} opts.timeout
 * @param {string} opts.hostname
 * @param {number} opts.port
 * @returns {() => void}
 */
const setupConnectTimeout = process.platform === 'win32'
  ? (socketWeakRef, opts) => {
      if (!opts.timeout) {
        return noop
      }

      let s1 = null
      let s2 = null
      const fastTimer = timers.setFastTimeout(() => {
      // setImmediate is added to make sure that we prioritize socket error events over timeouts
        s1 = setImmediate(() => {
        // Windows needs an extra setImmediate probably due to implementation differences in the socket logic
          s2 = setImmediate(() => onConnectTimeout(socketWeakRef.deref(), opts))
        })
      }, opts.timeout)
      return () => {
        timers.clearFastTimeout(fastTimer)
        clearImmediate(s1)
        clearImmediate(s2)
      }
    }
  : (socketWeakRef, opts) => {
      if (!opts.timeout) {
        return noop
      }

      let s1 = null
      const fastTimer = timers.setFastTimeout(() => {
      // setImmediate is added to make sure that we prioritize socket error events over timeouts
        s1 = setImmediate(() => {
          onConnectTimeout(socketWeakRef.deref(), opts)
        })
      }, opts.timeout)
      return () => {
        timers.clearFastTimeout(fastTimer)
        clearImmediate(s1)
      }
    }

/**
 * @param {net.Socket} socket
 * @param {object} opts
 * @param {number} opts.timeout
 * @param {string} opts.hostname
 * @param {number} opts.port
 */
function onConnectTimeout (socket, opts) {
  // The socket could be already garbage collected
  if (socket == null) {
    return
  }

  let message = 'Connect Timeout Error'
  if (Array.isArray(socket.autoSelectFamilyAttemptedAddresses)) {
    message += ` (attempted addresses: ${socket.autoSelectFamilyAttemptedAddresses.join(', ')},`
  } else {
    message += ` (attempted address: ${opts.hostname}:${opts.port},`
  }

  message += ` timeout: ${opts.timeout}ms)`

  util.destroy(socket, new ConnectTimeoutError(message))
}

module.exports = buildConnector


/***/ }),

/***/ 735:
/***/ ((module) => {



/** @type {Record<string, string | undefined>} */
const headerNameLowerCasedRecord = {}

// https://developer.mozilla.org/docs/Web/HTTP/Headers
const wellknownHeaderNames = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Accept-Ranges',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Headers',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Access-Control-Request-Headers',
  'Access-Control-Request-Method',
  'Age',
  'Allow',
  'Alt-Svc',
  'Alt-Used',
  'Authorization',
  'Cache-Control',
  'Clear-Site-Data',
  'Connection',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Location',
  'Content-Range',
  'Content-Security-Policy',
  'Content-Security-Policy-Report-Only',
  'Content-Type',
  'Cookie',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Date',
  'Device-Memory',
  'Downlink',
  'ECT',
  'ETag',
  'Expect',
  'Expect-CT',
  'Expires',
  'Forwarded',
  'From',
  'Host',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'If-Unmodified-Since',
  'Keep-Alive',
  'Last-Modified',
  'Link',
  'Location',
  'Max-Forwards',
  'Origin',
  'Permissions-Policy',
  'Pragma',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'RTT',
  'Range',
  'Referer',
  'Referrer-Policy',
  'Refresh',
  'Retry-After',
  'Sec-WebSocket-Accept',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Version',
  'Server',
  'Server-Timing',
  'Service-Worker-Allowed',
  'Service-Worker-Navigation-Preload',
  'Set-Cookie',
  'SourceMap',
  'Strict-Transport-Security',
  'Supports-Loading-Mode',
  'TE',
  'Timing-Allow-Origin',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Upgrade-Insecure-Requests',
  'User-Agent',
  'Vary',
  'Via',
  'WWW-Authenticate',
  'X-Content-Type-Options',
  'X-DNS-Prefetch-Control',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-Powered-By',
  'X-Requested-With',
  'X-XSS-Protection'
]

for (let i = 0; i < wellknownHeaderNames.length; ++i) {
  const key = wellknownHeaderNames[i]
  const lowerCasedKey = key.toLowerCase()
  headerNameLowerCasedRecord[key] = headerNameLowerCasedRecord[lowerCasedKey] =
    lowerCasedKey
}

// Note: object prototypes should not be able to be referenced. e.g. `Object#hasOwnProperty`.
Object.setPrototypeOf(headerNameLowerCasedRecord, null)

module.exports = {
  wellknownHeaderNames,
  headerNameLowerCasedRecord
}


/***/ }),

/***/ 2414:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {


const diagnosticsChannel = __nccwpck_require__(3053)
const util = __nccwpck_require__(7975)

const undiciDebugLog = util.debuglog('undici')
const fetchDebuglog = util.debuglog('fetch')
const websocketDebuglog = util.debuglog('websocket')
let isClientSet = false
const channels = {
  // Client
  beforeConnect: diagnosticsChannel.channel('undici:client:beforeConnect'),
  connected: diagnosticsChannel.channel('undici:client:connected'),
  connectError: diagnosticsChannel.channel('undici:client:connectError'),
  sendHeaders: diagnosticsChannel.channel('undici:client:sendHeaders'),
  // Request
  create: diagnosticsChannel.channel('undici:request:create'),
  bodySent: diagnosticsChannel.channel('undici:request:bodySent'),
  headers: diagnosticsChannel.channel('undici:request:headers'),
  trailers: diagnosticsChannel.channel('undici:request:trailers'),
  error: diagnosticsChannel.channel('undici:request:error'),
  // WebSocket
  open: diagnosticsChannel.channel('undici:websocket:open'),
  close: diagnosticsChannel.channel('undici:websocket:close'),
  socketError: diagnosticsChannel.channel('undici:websocket:socket_error'),
  ping: diagnosticsChannel.channel('undici:websocket:ping'),
  pong: diagnosticsChannel.channel('undici:websocket:pong')
}

if (undiciDebugLog.enabled || fetchDebuglog.enabled) {
  const debuglog = fetchDebuglog.enabled ? fetchDebuglog : undiciDebugLog

  // Track all Client events
  diagnosticsChannel.channel('undici:client:beforeConnect').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host }
    } = evt
    debuglog(
      'connecting to %s using %s%s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version
    )
  })

  diagnosticsChannel.channel('undici:client:connected').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host }
    } = evt
    debuglog(
      'connected to %s using %s%s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version
    )
  })

  diagnosticsChannel.channel('undici:client:connectError').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host },
      error
    } = evt
    debuglog(
      'connection to %s using %s%s errored - %s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version,
      error.message
    )
  })

  diagnosticsChannel.channel('undici:client:sendHeaders').subscribe(evt => {
    const {
      request: { method, path, origin }
    } = evt
    debuglog('sending request to %s %s/%s', method, origin, path)
  })

  // Track Request events
  diagnosticsChannel.channel('undici:request:headers').subscribe(evt => {
    const {
      request: { method, path, origin },
      response: { statusCode }
    } = evt
    debuglog(
      'received response to %s %s/%s - HTTP %d',
      method,
      origin,
      path,
      statusCode
    )
  })

  diagnosticsChannel.channel('undici:request:trailers').subscribe(evt => {
    const {
      request: { method, path, origin }
    } = evt
    debuglog('trailers received from %s %s/%s', method, origin, path)
  })

  diagnosticsChannel.channel('undici:request:error').subscribe(evt => {
    const {
      request: { method, path, origin },
      error
    } = evt
    debuglog(
      'request to %s %s/%s errored - %s',
      method,
      origin,
      path,
      error.message
    )
  })

  isClientSet = true
}

if (websocketDebuglog.enabled) {
  if (!isClientSet) {
    const debuglog = undiciDebugLog.enabled ? undiciDebugLog : websocketDebuglog
    diagnosticsChannel.channel('undici:client:beforeConnect').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host }
      } = evt
      debuglog(
        'connecting to %s%s using %s%s',
        host,
        port ? `:${port}` : '',
        protocol,
        version
      )
    })

    diagnosticsChannel.channel('undici:client:connected').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host }
      } = evt
      debuglog(
        'connected to %s%s using %s%s',
        host,
        port ? `:${port}` : '',
        protocol,
        version
      )
    })

    diagnosticsChannel.channel('undici:client:connectError').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host },
        error
      } = evt
      debuglog(
        'connection to %s%s using %s%s errored - %s',
        host,
        port ? `:${port}` : '',
        protocol,
        version,
        error.message
      )
    })

    diagnosticsChannel.channel('undici:client:sendHeaders').subscribe(evt => {
      const {
        request: { method, path, origin }
      } = evt
      debuglog('sending request to %s %s/%s', method, origin, path)
    })
  }

  // Track all WebSocket events
  diagnosticsChannel.channel('undici:websocket:open').subscribe(evt => {
    const {
      address: { address, port }
    } = evt
    websocketDebuglog('connection opened %s%s', address, port ? `:${port}` : '')
  })

  diagnosticsChannel.channel('undici:websocket:close').subscribe(evt => {
    const { websocket, code, reason } = evt
    websocketDebuglog(
      'closed connection to %s - %s %s',
      websocket.url,
      code,
      reason
    )
  })

  diagnosticsChannel.channel('undici:websocket:socket_error').subscribe(err => {
    websocketDebuglog('connection errored - %s', err.message)
  })

  diagnosticsChannel.channel('undici:websocket:ping').subscribe(evt => {
    websocketDebuglog('ping received')
  })

  diagnosticsChannel.channel('undici:websocket:pong').subscribe(evt => {
    websocketDebuglog('pong received')
  })
}

module.exports = {
  channels
}


/***/ }),

/***/ 8707:
/***/ ((module) => {



const kUndiciError = Symbol.for('undici.error.UND_ERR')
class UndiciError extends Error {
  constructor (message) {
    super(message)
    this.name = 'UndiciError'
    this.code = 'UND_ERR'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kUndiciError] === true
  }

  [kUndiciError] = true
}

const kConnectTimeoutError = Symbol.for('undici.error.UND_ERR_CONNECT_TIMEOUT')
class ConnectTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ConnectTimeoutError'
    this.message = message || 'Connect Timeout Error'
    this.code = 'UND_ERR_CONNECT_TIMEOUT'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kConnectTimeoutError] === true
  }

  [kConnectTimeoutError] = true
}

const kHeadersTimeoutError = Symbol.for('undici.error.UND_ERR_HEADERS_TIMEOUT')
class HeadersTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'HeadersTimeoutError'
    this.message = message || 'Headers Timeout Error'
    this.code = 'UND_ERR_HEADERS_TIMEOUT'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHeadersTimeoutError] === true
  }

  [kHeadersTimeoutError] = true
}

const kHeadersOverflowError = Symbol.for('undici.error.UND_ERR_HEADERS_OVERFLOW')
class HeadersOverflowError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'HeadersOverflowError'
    this.message = message || 'Headers Overflow Error'
    this.code = 'UND_ERR_HEADERS_OVERFLOW'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHeadersOverflowError] === true
  }

  [kHeadersOverflowError] = true
}

const kBodyTimeoutError = Symbol.for('undici.error.UND_ERR_BODY_TIMEOUT')
class BodyTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'BodyTimeoutError'
    this.message = message || 'Body Timeout Error'
    this.code = 'UND_ERR_BODY_TIMEOUT'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kBodyTimeoutError] === true
  }

  [kBodyTimeoutError] = true
}

const kResponseStatusCodeError = Symbol.for('undici.error.UND_ERR_RESPONSE_STATUS_CODE')
class ResponseStatusCodeError extends UndiciError {
  constructor (message, statusCode, headers, body) {
    super(message)
    this.name = 'ResponseStatusCodeError'
    this.message = message || 'Response Status Code Error'
    this.code = 'UND_ERR_RESPONSE_STATUS_CODE'
    this.body = body
    this.status = statusCode
    this.statusCode = statusCode
    this.headers = headers
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseStatusCodeError] === true
  }

  [kResponseStatusCodeError] = true
}

const kInvalidArgumentError = Symbol.for('undici.error.UND_ERR_INVALID_ARG')
class InvalidArgumentError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InvalidArgumentError'
    this.message = message || 'Invalid Argument Error'
    this.code = 'UND_ERR_INVALID_ARG'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInvalidArgumentError] === true
  }

  [kInvalidArgumentError] = true
}

const kInvalidReturnValueError = Symbol.for('undici.error.UND_ERR_INVALID_RETURN_VALUE')
class InvalidReturnValueError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InvalidReturnValueError'
    this.message = message || 'Invalid Return Value Error'
    this.code = 'UND_ERR_INVALID_RETURN_VALUE'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInvalidReturnValueError] === true
  }

  [kInvalidReturnValueError] = true
}

const kAbortError = Symbol.for('undici.error.UND_ERR_ABORT')
class AbortError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'AbortError'
    this.message = message || 'The operation was aborted'
    this.code = 'UND_ERR_ABORT'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kAbortError] === true
  }

  [kAbortError] = true
}

const kRequestAbortedError = Symbol.for('undici.error.UND_ERR_ABORTED')
class RequestAbortedError extends AbortError {
  constructor (message) {
    super(message)
    this.name = 'AbortError'
    this.message = message || 'Request aborted'
    this.code = 'UND_ERR_ABORTED'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestAbortedError] === true
  }

  [kRequestAbortedError] = true
}

const kInformationalError = Symbol.for('undici.error.UND_ERR_INFO')
class InformationalError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InformationalError'
    this.message = message || 'Request information'
    this.code = 'UND_ERR_INFO'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInformationalError] === true
  }

  [kInformationalError] = true
}

const kRequestContentLengthMismatchError = Symbol.for('undici.error.UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
class RequestContentLengthMismatchError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'RequestContentLengthMismatchError'
    this.message = message || 'Request body length does not match content-length header'
    this.code = 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestContentLengthMismatchError] === true
  }

  [kRequestContentLengthMismatchError] = true
}

const kResponseContentLengthMismatchError = Symbol.for('undici.error.UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
class ResponseContentLengthMismatchError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ResponseContentLengthMismatchError'
    this.message = message || 'Response body length does not match content-length header'
    this.code = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseContentLengthMismatchError] === true
  }

  [kResponseContentLengthMismatchError] = true
}

const kClientDestroyedError = Symbol.for('undici.error.UND_ERR_DESTROYED')
class ClientDestroyedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ClientDestroyedError'
    this.message = message || 'The client is destroyed'
    this.code = 'UND_ERR_DESTROYED'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kClientDestroyedError] === true
  }

  [kClientDestroyedError] = true
}

const kClientClosedError = Symbol.for('undici.error.UND_ERR_CLOSED')
class ClientClosedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ClientClosedError'
    this.message = message || 'The client is closed'
    this.code = 'UND_ERR_CLOSED'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kClientClosedError] === true
  }

  [kClientClosedError] = true
}

const kSocketError = Symbol.for('undici.error.UND_ERR_SOCKET')
class SocketError extends UndiciError {
  constructor (message, socket) {
    super(message)
    this.name = 'SocketError'
    this.message = message || 'Socket error'
    this.code = 'UND_ERR_SOCKET'
    this.socket = socket
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kSocketError] === true
  }

  [kSocketError] = true
}

const kNotSupportedError = Symbol.for('undici.error.UND_ERR_NOT_SUPPORTED')
class NotSupportedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'NotSupportedError'
    this.message = message || 'Not supported error'
    this.code = 'UND_ERR_NOT_SUPPORTED'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kNotSupportedError] === true
  }

  [kNotSupportedError] = true
}

const kBalancedPoolMissingUpstreamError = Symbol.for('undici.error.UND_ERR_BPL_MISSING_UPSTREAM')
class BalancedPoolMissingUpstreamError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'MissingUpstreamError'
    this.message = message || 'No upstream has been added to the BalancedPool'
    this.code = 'UND_ERR_BPL_MISSING_UPSTREAM'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kBalancedPoolMissingUpstreamError] === true
  }

  [kBalancedPoolMissingUpstreamError] = true
}

const kHTTPParserError = Symbol.for('undici.error.UND_ERR_HTTP_PARSER')
class HTTPParserError extends Error {
  constructor (message, code, data) {
    super(message)
    this.name = 'HTTPParserError'
    this.code = code ? `HPE_${code}` : undefined
    this.data = data ? data.toString() : undefined
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHTTPParserError] === true
  }

  [kHTTPParserError] = true
}

const kResponseExceededMaxSizeError = Symbol.for('undici.error.UND_ERR_RES_EXCEEDED_MAX_SIZE')
class ResponseExceededMaxSizeError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ResponseExceededMaxSizeError'
    this.message = message || 'Response content exceeded max size'
    this.code = 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseExceededMaxSizeError] === true
  }

  [kResponseExceededMaxSizeError] = true
}

const kRequestRetryError = Symbol.for('undici.error.UND_ERR_REQ_RETRY')
class RequestRetryError extends UndiciError {
  constructor (message, code, { headers, data }) {
    super(message)
    this.name = 'RequestRetryError'
    this.message = message || 'Request retry error'
    this.code = 'UND_ERR_REQ_RETRY'
    this.statusCode = code
    this.data = data
    this.headers = headers
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestRetryError] === true
  }

  [kRequestRetryError] = true
}

const kResponseError = Symbol.for('undici.error.UND_ERR_RESPONSE')
class ResponseError extends UndiciError {
  constructor (message, code, { headers, data }) {
    super(message)
    this.name = 'ResponseError'
    this.message = message || 'Response error'
    this.code = 'UND_ERR_RESPONSE'
    this.statusCode = code
    this.data = data
    this.headers = headers
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseError] === true
  }

  [kResponseError] = true
}

const kSecureProxyConnectionError = Symbol.for('undici.error.UND_ERR_PRX_TLS')
class SecureProxyConnectionError extends UndiciError {
  constructor (cause, message, options) {
    super(message, { cause, ...(options ?? {}) })
    this.name = 'SecureProxyConnectionError'
    this.message = message || 'Secure Proxy Connection failed'
    this.code = 'UND_ERR_PRX_TLS'
    this.cause = cause
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kSecureProxyConnectionError] === true
  }

  [kSecureProxyConnectionError] = true
}

const kMessageSizeExceededError = Symbol.for('undici.error.UND_ERR_WS_MESSAGE_SIZE_EXCEEDED')
class MessageSizeExceededError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'MessageSizeExceededError'
    this.message = message || 'Max decompressed message size exceeded'
    this.code = 'UND_ERR_WS_MESSAGE_SIZE_EXCEEDED'
  }

  static [Symbol.hasInstance] (instance) {
    return instance && instance[kMessageSizeExceededError] === true
  }

  get [kMessageSizeExceededError] () {
    return true
  }
}

module.exports = {
  AbortError,
  HTTPParserError,
  UndiciError,
  HeadersTimeoutError,
  HeadersOverflowError,
  BodyTimeoutError,
  RequestContentLengthMismatchError,
  ConnectTimeoutError,
  ResponseStatusCodeError,
  InvalidArgumentError,
  InvalidReturnValueError,
  RequestAbortedError,
  ClientDestroyedError,
  ClientClosedError,
  InformationalError,
  SocketError,
  NotSupportedError,
  ResponseContentLengthMismatchError,
  BalancedPoolMissingUpstreamError,
  ResponseExceededMaxSizeError,
  RequestRetryError,
  ResponseError,
  SecureProxyConnectionError,
  MessageSizeExceededError
}


/***/ }),

/***/ 4655:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const {
  InvalidArgumentError,
  NotSupportedError
} = __nccwpck_require__(8707)
const assert = __nccwpck_require__(4589)
const {
  isValidHTTPToken,
  isValidHeaderValue,
  isStream,
  destroy,
  isBuffer,
  isFormDataLike,
  isIterable,
  isBlobLike,
  buildURL,
  validateHandler,
  getServerName,
  normalizedMethodRecords
} = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const { headerNameLowerCasedRecord } = __nccwpck_require__(735)

// Verifies that a given path is valid does not contain control chars \x00 to \x20
const invalidPathRegex = /[^\u0021-\u00ff]/

const kHandler = Symbol('handler')

class Request {
  constructor (origin, {
    path,
    method,
    body,
    headers,
    query,
    idempotent,
    blocking,
    upgrade,
    headersTimeout,
    bodyTimeout,
    reset,
    throwOnError,
    expectContinue,
    servername
  }, handler) {
    if (typeof path !== 'string') {
      throw new InvalidArgumentError('path must be a string')
    } else if (
      path[0] !== '/' &&
      !(path.startsWith('http://') || path.startsWith('https://')) &&
      method !== 'CONNECT'
    ) {
      throw new InvalidArgumentError('path must be an absolute URL or start with a slash')
    } else if (invalidPathRegex.test(path)) {
      throw new InvalidArgumentError('invalid request path')
    }

    if (typeof method !== 'string') {
      throw new InvalidArgumentError('method must be a string')
    } else if (normalizedMethodRecords[method] === undefined && !isValidHTTPToken(method)) {
      throw new InvalidArgumentError('invalid request method')
    }

    if (upgrade && typeof upgrade !== 'string') {
      throw new InvalidArgumentError('upgrade must be a string')
    }

    if (upgrade && !isValidHeaderValue(upgrade)) {
      throw new InvalidArgumentError('invalid upgrade header')
    }

    if (headersTimeout != null && (!Number.isFinite(headersTimeout) || headersTimeout < 0)) {
      throw new InvalidArgumentError('invalid headersTimeout')
    }

    if (bodyTimeout != null && (!Number.isFinite(bodyTimeout) || bodyTimeout < 0)) {
      throw new InvalidArgumentError('invalid bodyTimeout')
    }

    if (reset != null && typeof reset !== 'boolean') {
      throw new InvalidArgumentError('invalid reset')
    }

    if (expectContinue != null && typeof expectContinue !== 'boolean') {
      throw new InvalidArgumentError('invalid expectContinue')
    }

    this.headersTimeout = headersTimeout

    this.bodyTimeout = bodyTimeout

    this.throwOnError = throwOnError === true

    this.method = method

    this.abort = null

    if (body == null) {
      this.body = null
    } else if (isStream(body)) {
      this.body = body

      const rState = this.body._readableState
      if (!rState || !rState.autoDestroy) {
        this.endHandler = function autoDestroy () {
          destroy(this)
        }
        this.body.on('end', this.endHandler)
      }

      this.errorHandler = err => {
        if (this.abort) {
          this.abort(err)
        } else {
          this.error = err
        }
      }
      this.body.on('error', this.errorHandler)
    } else if (isBuffer(body)) {
      this.body = body.byteLength ? body : null
    } else if (ArrayBuffer.isView(body)) {
      this.body = body.buffer.byteLength ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : null
    } else if (body instanceof ArrayBuffer) {
      this.body = body.byteLength ? Buffer.from(body) : null
    } else if (typeof body === 'string') {
      this.body = body.length ? Buffer.from(body) : null
    } else if (isFormDataLike(body) || isIterable(body) || isBlobLike(body)) {
      this.body = body
    } else {
      throw new InvalidArgumentError('body must be a string, a Buffer, a Readable stream, an iterable, or an async iterable')
    }

    this.completed = false

    this.aborted = false

    this.upgrade = upgrade || null

    this.path = query ? buildURL(path, query) : path

    this.origin = origin

    this.idempotent = idempotent == null
      ? method === 'HEAD' || method === 'GET'
      : idempotent

    this.blocking = blocking == null ? false : blocking

    this.reset = reset == null ? null : reset

    this.host = null

    this.contentLength = null

    this.contentType = null

    this.headers = []

    // Only for H2
    this.expectContinue = expectContinue != null ? expectContinue : false

    if (Array.isArray(headers)) {
      if (headers.length % 2 !== 0) {
        throw new InvalidArgumentError('headers array must be even')
      }
      for (let i = 0; i < headers.length; i += 2) {
        processHeader(this, headers[i], headers[i + 1])
      }
    } else if (headers && typeof headers === 'object') {
      if (headers[Symbol.iterator]) {
        for (const header of headers) {
          if (!Array.isArray(header) || header.length !== 2) {
            throw new InvalidArgumentError('headers must be in key-value pair format')
          }
          processHeader(this, header[0], header[1])
        }
      } else {
        const keys = Object.keys(headers)
        for (let i = 0; i < keys.length; ++i) {
          processHeader(this, keys[i], headers[keys[i]])
        }
      }
    } else if (headers != null) {
      throw new InvalidArgumentError('headers must be an object or an array')
    }

    validateHandler(handler, method, upgrade)

    this.servername = servername || getServerName(this.host)

    this[kHandler] = handler

    if (channels.create.hasSubscribers) {
      channels.create.publish({ request: this })
    }
  }

  onBodySent (chunk) {
    if (this[kHandler].onBodySent) {
      try {
        return this[kHandler].onBodySent(chunk)
      } catch (err) {
        this.abort(err)
      }
    }
  }

  onRequestSent () {
    if (channels.bodySent.hasSubscribers) {
      channels.bodySent.publish({ request: this })
    }

    if (this[kHandler].onRequestSent) {
      try {
        return this[kHandler].onRequestSent()
      } catch (err) {
        this.abort(err)
      }
    }
  }

  onConnect (abort) {
    assert(!this.aborted)
    assert(!this.completed)

    if (this.error) {
      abort(this.error)
    } else {
      this.abort = abort
      return this[kHandler].onConnect(abort)
    }
  }

  onResponseStarted () {
    return this[kHandler].onResponseStarted?.()
  }

  onHeaders (statusCode, headers, resume, statusText) {
    assert(!this.aborted)
    assert(!this.completed)

    if (channels.headers.hasSubscribers) {
      channels.headers.publish({ request: this, response: { statusCode, headers, statusText } })
    }

    try {
      return this[kHandler].onHeaders(statusCode, headers, resume, statusText)
    } catch (err) {
      this.abort(err)
    }
  }

  onData (chunk) {
    assert(!this.aborted)
    assert(!this.completed)

    try {
      return this[kHandler].onData(chunk)
    } catch (err) {
      this.abort(err)
      return false
    }
  }

  /**
   * @param {number|null} statusCode
   * @param {Buffer[]|null} headers
   * @param {import('node:stream').Duplex} socket
   * @param {string} [statusText]
   */
  onUpgrade (statusCode, headers, socket, statusText = '') {
    this.onFinally()

    assert(!this.aborted)
    assert(!this.completed)

    if (statusCode !== null) {
      this.#publishUpgradeHeaders(statusCode, headers, statusText)
    }

    const result = this[kHandler].onUpgrade(statusCode, headers, socket)

    if (!this.aborted) {
      this.completed = true
      if (statusCode !== null) {
        this.#publishUpgradeTrailers()
      }
    }

    return result
  }

  /**
   * @param {number} statusCode
   * @param {import('node:http2').IncomingHttpHeaders} headers
   * @param {(headers: import('node:http2').IncomingHttpHeaders) => Buffer[]} parseHeaders
   * @param {string} [statusText]
   */
  onUpgradeResponse (statusCode, headers, parseHeaders, statusText = '') {
    assert(!this.aborted)
    assert(this.completed)

    if (channels.headers.hasSubscribers) {
      this.#publishUpgradeHeaders(statusCode, parseHeaders(headers), statusText)
    }
    this.#publishUpgradeTrailers()
  }

  /**
   * @param {Error} error
   */
  onUpgradeError (error) {
    assert(!this.aborted)
    assert(this.completed)

    if (channels.error.hasSubscribers) {
      channels.error.publish({ request: this, error })
    }
  }

  /**
   * @param {number} statusCode
   * @param {Buffer[]} headers
   * @param {string} statusText
   */
  #publishUpgradeHeaders (statusCode, headers, statusText) {
    if (channels.headers.hasSubscribers) {
      channels.headers.publish({ request: this, response: { statusCode, headers, statusText } })
    }
  }

  #publishUpgradeTrailers () {
    if (channels.trailers.hasSubscribers) {
      channels.trailers.publish({ request: this, trailers: [] })
    }
  }

  onComplete (trailers) {
    this.onFinally()

    assert(!this.aborted)

    this.completed = true
    if (channels.trailers.hasSubscribers) {
      channels.trailers.publish({ request: this, trailers })
    }

    try {
      return this[kHandler].onComplete(trailers)
    } catch (err) {
      // TODO (fix): This might be a bad idea?
      this.onError(err)
    }
  }

  onError (error) {
    this.onFinally()

    if (channels.error.hasSubscribers) {
      channels.error.publish({ request: this, error })
    }

    if (this.aborted) {
      return
    }
    this.aborted = true

    return this[kHandler].onError(error)
  }

  onFinally () {
    if (this.errorHandler) {
      this.body.off('error', this.errorHandler)
      this.errorHandler = null
    }

    if (this.endHandler) {
      this.body.off('end', this.endHandler)
      this.endHandler = null
    }
  }

  addHeader (key, value) {
    processHeader(this, key, value)
    return this
  }
}

function processHeader (request, key, val) {
  if (val && (typeof val === 'object' && !Array.isArray(val))) {
    throw new InvalidArgumentError(`invalid ${key} header`)
  } else if (val === undefined) {
    return
  }

  let headerName = headerNameLowerCasedRecord[key]

  if (headerName === undefined) {
    headerName = key.toLowerCase()
    if (headerNameLowerCasedRecord[headerName] === undefined && !isValidHTTPToken(headerName)) {
      throw new InvalidArgumentError('invalid header key')
    }
  }

  if (Array.isArray(val)) {
    const arr = []
    for (let i = 0; i < val.length; i++) {
      if (typeof val[i] === 'string') {
        if (!isValidHeaderValue(val[i])) {
          throw new InvalidArgumentError(`invalid ${key} header`)
        }
        arr.push(val[i])
      } else if (val[i] === null) {
        arr.push('')
      } else if (typeof val[i] === 'object') {
        throw new InvalidArgumentError(`invalid ${key} header`)
      } else {
        // Coerce primitives (and reject unsafe coercions such as functions
        // with a crafted toString/Symbol.toPrimitive).
        const str = `${val[i]}`
        if (!isValidHeaderValue(str)) {
          throw new InvalidArgumentError(`invalid ${key} header`)
        }
        arr.push(str)
      }
    }
    val = arr
  } else if (typeof val === 'string') {
    if (!isValidHeaderValue(val)) {
      throw new InvalidArgumentError(`invalid ${key} header`)
    }
  } else if (val === null) {
    val = ''
  } else {
    // Coerce primitives (and reject unsafe coercions such as functions
    // with a crafted toString/Symbol.toPrimitive).
    val = `${val}`
    if (!isValidHeaderValue(val)) {
      throw new InvalidArgumentError(`invalid ${key} header`)
    }
  }

  if (headerName === 'host') {
    if (request.host !== null) {
      throw new InvalidArgumentError('duplicate host header')
    }
    if (typeof val !== 'string') {
      throw new InvalidArgumentError('invalid host header')
    }
    // Consumed by Client
    request.host = val
  } else if (headerName === 'content-length') {
    if (request.contentLength !== null) {
      throw new InvalidArgumentError('duplicate content-length header')
    }
    request.contentLength = parseInt(val, 10)
    if (!Number.isFinite(request.contentLength)) {
      throw new InvalidArgumentError('invalid content-length header')
    }
  } else if (request.contentType === null && headerName === 'content-type') {
    request.contentType = val
    request.headers.push(key, val)
  } else if (headerName === 'transfer-encoding' || headerName === 'keep-alive' || headerName === 'upgrade') {
    throw new InvalidArgumentError(`invalid ${headerName} header`)
  } else if (headerName === 'connection') {
    const value = typeof val === 'string' ? val.toLowerCase() : null
    if (value !== 'close' && value !== 'keep-alive') {
      throw new InvalidArgumentError('invalid connection header')
    }

    if (value === 'close') {
      request.reset = true
    }
  } else if (headerName === 'expect') {
    throw new NotSupportedError('expect header not supported')
  } else {
    request.headers.push(key, val)
  }
}

module.exports = Request


/***/ }),

/***/ 6443:
/***/ ((module) => {

module.exports = {
  kClose: Symbol('close'),
  kDestroy: Symbol('destroy'),
  kDispatch: Symbol('dispatch'),
  kUrl: Symbol('url'),
  kWriting: Symbol('writing'),
  kResuming: Symbol('resuming'),
  kQueue: Symbol('queue'),
  kConnect: Symbol('connect'),
  kConnecting: Symbol('connecting'),
  kKeepAliveDefaultTimeout: Symbol('default keep alive timeout'),
  kKeepAliveMaxTimeout: Symbol('max keep alive timeout'),
  kKeepAliveTimeoutThreshold: Symbol('keep alive timeout threshold'),
  kKeepAliveTimeoutValue: Symbol('keep alive timeout'),
  kKeepAlive: Symbol('keep alive'),
  kHeadersTimeout: Symbol('headers timeout'),
  kBodyTimeout: Symbol('body timeout'),
  kServerName: Symbol('server name'),
  kLocalAddress: Symbol('local address'),
  kHost: Symbol('host'),
  kNoRef: Symbol('no ref'),
  kBodyUsed: Symbol('used'),
  kBody: Symbol('abstracted request body'),
  kRunning: Symbol('running'),
  kBlocking: Symbol('blocking'),
  kPending: Symbol('pending'),
  kSize: Symbol('size'),
  kBusy: Symbol('busy'),
  kQueued: Symbol('queued'),
  kFree: Symbol('free'),
  kConnected: Symbol('connected'),
  kClosed: Symbol('closed'),
  kNeedDrain: Symbol('need drain'),
  kReset: Symbol('reset'),
  kDestroyed: Symbol.for('nodejs.stream.destroyed'),
  kResume: Symbol('resume'),
  kOnError: Symbol('on error'),
  kMaxHeadersSize: Symbol('max headers size'),
  kRunningIdx: Symbol('running index'),
  kPendingIdx: Symbol('pending index'),
  kError: Symbol('error'),
  kClients: Symbol('clients'),
  kClient: Symbol('client'),
  kParser: Symbol('parser'),
  kOnDestroyed: Symbol('destroy callbacks'),
  kPipelining: Symbol('pipelining'),
  kSocket: Symbol('socket'),
  kHostHeader: Symbol('host header'),
  kConnector: Symbol('connector'),
  kStrictContentLength: Symbol('strict content length'),
  kMaxRedirections: Symbol('maxRedirections'),
  kMaxRequests: Symbol('maxRequestsPerClient'),
  kProxy: Symbol('proxy agent options'),
  kCounter: Symbol('socket request counter'),
  kInterceptors: Symbol('dispatch interceptors'),
  kMaxResponseSize: Symbol('max response size'),
  kHTTP2Session: Symbol('http2Session'),
  kHTTP2SessionState: Symbol('http2Session state'),
  kRetryHandlerDefaultRetry: Symbol('retry agent default retry'),
  kConstruct: Symbol('constructable'),
  kListeners: Symbol('listeners'),
  kHTTPContext: Symbol('http context'),
  kMaxConcurrentStreams: Symbol('max concurrent streams'),
  kNoProxyAgent: Symbol('no proxy agent'),
  kHttpProxyAgent: Symbol('http proxy agent'),
  kHttpsProxyAgent: Symbol('https proxy agent')
}


/***/ }),

/***/ 7752:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const {
  wellknownHeaderNames,
  headerNameLowerCasedRecord
} = __nccwpck_require__(735)

class TstNode {
  /** @type {any} */
  value = null
  /** @type {null | TstNode} */
  left = null
  /** @type {null | TstNode} */
  middle = null
  /** @type {null | TstNode} */
  right = null
  /** @type {number} */
  code
  /**
   * @param {string} key
   * @param {any} value
   * @param {number} index
   */
  constructor (key, value, index) {
    if (index === undefined || index >= key.length) {
      throw new TypeError('Unreachable')
    }
    const code = this.code = key.charCodeAt(index)
    // check code is ascii string
    if (code > 0x7F) {
      throw new TypeError('key must be ascii string')
    }
    if (key.length !== ++index) {
      this.middle = new TstNode(key, value, index)
    } else {
      this.value = value
    }
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  add (key, value) {
    const length = key.length
    if (length === 0) {
      throw new TypeError('Unreachable')
    }
    let index = 0
    let node = this
    while (true) {
      const code = key.charCodeAt(index)
      // check code is ascii string
      if (code > 0x7F) {
        throw new TypeError('key must be ascii string')
      }
      if (node.code === code) {
        if (length === ++index) {
          node.value = value
          break
        } else if (node.middle !== null) {
          node = node.middle
        } else {
          node.middle = new TstNode(key, value, index)
          break
        }
      } else if (node.code < code) {
        if (node.left !== null) {
          node = node.left
        } else {
          node.left = new TstNode(key, value, index)
          break
        }
      } else if (node.right !== null) {
        node = node.right
      } else {
        node.right = new TstNode(key, value, index)
        break
      }
    }
  }

  /**
   * @param {Uint8Array} key
   * @return {TstNode | null}
   */
  search (key) {
    const keylength = key.length
    let index = 0
    let node = this
    while (node !== null && index < keylength) {
      let code = key[index]
      // A-Z
      // First check if it is bigger than 0x5a.
      // Lowercase letters have higher char codes than uppercase ones.
      // Also we assume that headers will mostly contain lowercase characters.
      if (code <= 0x5a && code >= 0x41) {
        // Lowercase for uppercase.
        code |= 32
      }
      while (node !== null) {
        if (code === node.code) {
          if (keylength === ++index) {
            // Returns Node since it is the last key.
            return node
          }
          node = node.middle
          break
        }
        node = node.code < code ? node.left : node.right
      }
    }
    return null
  }
}

class TernarySearchTree {
  /** @type {TstNode | null} */
  node = null

  /**
   * @param {string} key
   * @param {any} value
   * */
  insert (key, value) {
    if (this.node === null) {
      this.node = new TstNode(key, value, 0)
    } else {
      this.node.add(key, value)
    }
  }

  /**
   * @param {Uint8Array} key
   * @return {any}
   */
  lookup (key) {
    return this.node?.search(key)?.value ?? null
  }
}

const tree = new TernarySearchTree()

for (let i = 0; i < wellknownHeaderNames.length; ++i) {
  const key = headerNameLowerCasedRecord[wellknownHeaderNames[i]]
  tree.insert(key, key)
}

module.exports = {
  TernarySearchTree,
  tree
}


/***/ }),

/***/ 3440:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const assert = __nccwpck_require__(4589)
const { kDestroyed, kBodyUsed, kListeners, kBody } = __nccwpck_require__(6443)
const { IncomingMessage } = __nccwpck_require__(7067)
const stream = __nccwpck_require__(7075)
const net = __nccwpck_require__(7030)
const { Blob } = __nccwpck_require__(4573)
const nodeUtil = __nccwpck_require__(7975)
const { stringify } = __nccwpck_require__(1792)
const { EventEmitter: EE } = __nccwpck_require__(8474)
const { InvalidArgumentError } = __nccwpck_require__(8707)
const { headerNameLowerCasedRecord } = __nccwpck_require__(735)
const { tree } = __nccwpck_require__(7752)

const [nodeMajor, nodeMinor] = process.versions.node.split('.').map(v => Number(v))

class BodyAsyncIterable {
  constructor (body) {
    this[kBody] = body
    this[kBodyUsed] = false
  }

  async * [Symbol.asyncIterator] () {
    assert(!this[kBodyUsed], 'disturbed')
    this[kBodyUsed] = true
    yield * this[kBody]
  }
}

function wrapRequestBody (body) {
  if (isStream(body)) {
    // TODO (fix): Provide some way for the user to cache the file to e.g. /tmp
    // so that it can be dispatched again?
    // TODO (fix): Do we need 100-expect support to provide a way to do this properly?
    if (bodyLength(body) === 0) {
      body
        .on('data', function () {
          assert(false)
        })
    }

    if (typeof body.readableDidRead !== 'boolean') {
      body[kBodyUsed] = false
      EE.prototype.on.call(body, 'data', function () {
        this[kBodyUsed] = true
      })
    }

    return body
  } else if (body && typeof body.pipeTo === 'function') {
    // TODO (fix): We can't access ReadableStream internal state
    // to determine whether or not it has been disturbed. This is just
    // a workaround.
    return new BodyAsyncIterable(body)
  } else if (
    body &&
    typeof body !== 'string' &&
    !ArrayBuffer.isView(body) &&
    isIterable(body)
  ) {
    // TODO: Should we allow re-using iterable if !this.opts.idempotent
    // or through some other flag?
    return new BodyAsyncIterable(body)
  } else {
    return body
  }
}

function nop () {}

function isStream (obj) {
  return obj && typeof obj === 'object' && typeof obj.pipe === 'function' && typeof obj.on === 'function'
}

// based on https://github.com/node-fetch/fetch-blob/blob/8ab587d34080de94140b54f07168451e7d0b655e/index.js#L229-L241 (MIT License)
function isBlobLike (object) {
  if (object === null) {
    return false
  } else if (object instanceof Blob) {
    return true
  } else if (typeof object !== 'object') {
    return false
  } else {
    const sTag = object[Symbol.toStringTag]

    return (sTag === 'Blob' || sTag === 'File') && (
      ('stream' in object && typeof object.stream === 'function') ||
      ('arrayBuffer' in object && typeof object.arrayBuffer === 'function')
    )
  }
}

function buildURL (url, queryParams) {
  if (url.includes('?') || url.includes('#')) {
    throw new Error('Query params cannot be passed when url already contains "?" or "#".')
  }

  const stringified = stringify(queryParams)

  if (stringified) {
    url += '?' + stringified
  }

  return url
}

function isValidPort (port) {
  const value = parseInt(port, 10)
  return (
    value === Number(port) &&
    value >= 0 &&
    value <= 65535
  )
}

function isHttpOrHttpsPrefixed (value) {
  return (
    value != null &&
    value[0] === 'h' &&
    value[1] === 't' &&
    value[2] === 't' &&
    value[3] === 'p' &&
    (
      value[4] === ':' ||
      (
        value[4] === 's' &&
        value[5] === ':'
      )
    )
  )
}

function parseURL (url) {
  if (typeof url === 'string') {
    url = new URL(url)

    if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
      throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
    }

    return url
  }

  if (!url || typeof url !== 'object') {
    throw new InvalidArgumentError('Invalid URL: The URL argument must be a non-null object.')
  }

  if (!(url instanceof URL)) {
    if (url.port != null && url.port !== '' && isValidPort(url.port) === false) {
      throw new InvalidArgumentError('Invalid URL: port must be a valid integer or a string representation of an integer.')
    }

    if (url.path != null && typeof url.path !== 'string') {
      throw new InvalidArgumentError('Invalid URL path: the path must be a string or null/undefined.')
    }

    if (url.pathname != null && typeof url.pathname !== 'string') {
      throw new InvalidArgumentError('Invalid URL pathname: the pathname must be a string or null/undefined.')
    }

    if (url.hostname != null && typeof url.hostname !== 'string') {
      throw new InvalidArgumentError('Invalid URL hostname: the hostname must be a string or null/undefined.')
    }

    if (url.origin != null && typeof url.origin !== 'string') {
      throw new InvalidArgumentError('Invalid URL origin: the origin must be a string or null/undefined.')
    }

    if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
      throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
    }

    const port = url.port != null
      ? url.port
      : (url.protocol === 'https:' ? 443 : 80)
    let origin = url.origin != null
      ? url.origin
      : `${url.protocol || ''}//${url.hostname || ''}:${port}`
    let path = url.path != null
      ? url.path
      : `${url.pathname || ''}${url.search || ''}`

    if (origin[origin.length - 1] === '/') {
      origin = origin.slice(0, origin.length - 1)
    }

    if (path && path[0] !== '/') {
      path = `/${path}`
    }
    // new URL(path, origin) is unsafe when `path` contains an absolute URL
    // From https://developer.mozilla.org/en-US/docs/Web/API/URL/URL:
    // If first parameter is a relative URL, second param is required, and will be used as the base URL.
    // If first parameter is an absolute URL, a given second param will be ignored.
    return new URL(`${origin}${path}`)
  }

  if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
    throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
  }

  return url
}

function parseOrigin (url) {
  url = parseURL(url)

  if (url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidArgumentError('invalid url')
  }

  return url
}

function getHostname (host) {
  if (host[0] === '[') {
    const idx = host.indexOf(']')

    assert(idx !== -1)
    return host.substring(1, idx)
  }

  const idx = host.indexOf(':')
  if (idx === -1) return host

  return host.substring(0, idx)
}

// IP addresses are not valid server names per RFC6066
// > Currently, the only server names supported are DNS hostnames
function getServerName (host) {
  if (!host) {
    return null
  }

  assert(typeof host === 'string')

  const servername = getHostname(host)
  if (net.isIP(servername)) {
    return ''
  }

  return servername
}

function deepClone (obj) {
  return JSON.parse(JSON.stringify(obj))
}

function isAsyncIterable (obj) {
  return !!(obj != null && typeof obj[Symbol.asyncIterator] === 'function')
}

function isIterable (obj) {
  return !!(obj != null && (typeof obj[Symbol.iterator] === 'function' || typeof obj[Symbol.asyncIterator] === 'function'))
}

function bodyLength (body) {
  if (body == null) {
    return 0
  } else if (isStream(body)) {
    const state = body._readableState
    return state && state.objectMode === false && state.ended === true && Number.isFinite(state.length)
      ? state.length
      : null
  } else if (isBlobLike(body)) {
    return body.size != null ? body.size : null
  } else if (isBuffer(body)) {
    return body.byteLength
  }

  return null
}

function isDestroyed (body) {
  return body && !!(body.destroyed || body[kDestroyed] || (stream.isDestroyed?.(body)))
}

function destroy (stream, err) {
  if (stream == null || !isStream(stream) || isDestroyed(stream)) {
    return
  }

  if (typeof stream.destroy === 'function') {
    if (Object.getPrototypeOf(stream).constructor === IncomingMessage) {
      // See: https://github.com/nodejs/node/pull/38505/files
      stream.socket = null
    }

    stream.destroy(err)
  } else if (err) {
    queueMicrotask(() => {
      stream.emit('error', err)
    })
  }

  if (stream.destroyed !== true) {
    stream[kDestroyed] = true
  }
}

const KEEPALIVE_TIMEOUT_EXPR = /timeout=(\d+)/
function parseKeepAliveTimeout (val) {
  const m = val.toString().match(KEEPALIVE_TIMEOUT_EXPR)
  return m ? parseInt(m[1], 10) * 1000 : null
}

/**
 * Retrieves a header name and returns its lowercase value.
 * @param {string | Buffer} value Header name
 * @returns {string}
 */
function headerNameToString (value) {
  return typeof value === 'string'
    ? headerNameLowerCasedRecord[value] ?? value.toLowerCase()
    : tree.lookup(value) ?? value.toString('latin1').toLowerCase()
}

/**
 * Receive the buffer as a string and return its lowercase value.
 * @param {Buffer} value Header name
 * @returns {string}
 */
function bufferToLowerCasedHeaderName (value) {
  return tree.lookup(value) ?? value.toString('latin1').toLowerCase()
}

/**
 * @param {Record<string, string | string[]> | (Buffer | string | (Buffer | string)[])[]} headers
 * @param {Record<string, string | string[]>} [obj]
 * @returns {Record<string, string | string[]>}
 */
function parseHeaders (headers, obj) {
  if (obj === undefined) obj = {}
  for (let i = 0; i < headers.length; i += 2) {
    const key = headerNameToString(headers[i])
    let val = obj[key]

    if (val) {
      if (typeof val === 'string') {
        val = [val]
        obj[key] = val
      }
      val.push(headers[i + 1].toString('utf8'))
    } else {
      const headersValue = headers[i + 1]
      if (typeof headersValue === 'string') {
        obj[key] = headersValue
      } else {
        obj[key] = Array.isArray(headersValue) ? headersValue.map(x => x.toString('utf8')) : headersValue.toString('utf8')
      }
    }
  }

  // See https://github.com/nodejs/node/pull/46528
  if ('content-length' in obj && 'content-disposition' in obj) {
    obj['content-disposition'] = Buffer.from(obj['content-disposition']).toString('latin1')
  }

  return obj
}

function parseRawHeaders (headers) {
  const len = headers.length
  const ret = new Array(len)

  let hasContentLength = false
  let contentDispositionIdx = -1
  let key
  let val
  let kLen = 0

  for (let n = 0; n < headers.length; n += 2) {
    key = headers[n]
    val = headers[n + 1]

    typeof key !== 'string' && (key = key.toString())
    typeof val !== 'string' && (val = val.toString('utf8'))

    kLen = key.length
    if (kLen === 14 && key[7] === '-' && (key === 'content-length' || key.toLowerCase() === 'content-length')) {
      hasContentLength = true
    } else if (kLen === 19 && key[7] === '-' && (key === 'content-disposition' || key.toLowerCase() === 'content-disposition')) {
      contentDispositionIdx = n + 1
    }
    ret[n] = key
    ret[n + 1] = val
  }

  // See https://github.com/nodejs/node/pull/46528
  if (hasContentLength && contentDispositionIdx !== -1) {
    ret[contentDispositionIdx] = Buffer.from(ret[contentDispositionIdx]).toString('latin1')
  }

  return ret
}

function isBuffer (buffer) {
  // See, https://github.com/mcollina/undici/pull/319
  return buffer instanceof Uint8Array || Buffer.isBuffer(buffer)
}

function validateHandler (handler, method, upgrade) {
  if (!handler || typeof handler !== 'object') {
    throw new InvalidArgumentError('handler must be an object')
  }

  if (typeof handler.onConnect !== 'function') {
    throw new InvalidArgumentError('invalid onConnect method')
  }

  if (typeof handler.onError !== 'function') {
    throw new InvalidArgumentError('invalid onError method')
  }

  if (typeof handler.onBodySent !== 'function' && handler.onBodySent !== undefined) {
    throw new InvalidArgumentError('invalid onBodySent method')
  }

  if (upgrade || method === 'CONNECT') {
    if (typeof handler.onUpgrade !== 'function') {
      throw new InvalidArgumentError('invalid onUpgrade method')
    }
  } else {
    if (typeof handler.onHeaders !== 'function') {
      throw new InvalidArgumentError('invalid onHeaders method')
    }

    if (typeof handler.onData !== 'function') {
      throw new InvalidArgumentError('invalid onData method')
    }

    if (typeof handler.onComplete !== 'function') {
      throw new InvalidArgumentError('invalid onComplete method')
    }
  }
}

// A body is disturbed if it has been read from and it cannot
// be re-used without losing state or data.
function isDisturbed (body) {
  // TODO (fix): Why is body[kBodyUsed] needed?
  return !!(body && (stream.isDisturbed(body) || body[kBodyUsed]))
}

function isErrored (body) {
  return !!(body && stream.isErrored(body))
}

function isReadable (body) {
  return !!(body && stream.isReadable(body))
}

function getSocketInfo (socket) {
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    timeout: socket.timeout,
    bytesWritten: socket.bytesWritten,
    bytesRead: socket.bytesRead
  }
}

/** @type {globalThis['ReadableStream']} */
function ReadableStreamFrom (iterable) {
  // We cannot use ReadableStream.from here because it does not return a byte stream.

  let iterator
  return new ReadableStream(
    {
      async start () {
        iterator = iterable[Symbol.asyncIterator]()
      },
      async pull (controller) {
        const { done, value } = await iterator.next()
        if (done) {
          queueMicrotask(() => {
            controller.close()
            controller.byobRequest?.respond(0)
          })
        } else {
          const buf = Buffer.isBuffer(value) ? value : Buffer.from(value)
          if (buf.byteLength) {
            controller.enqueue(new Uint8Array(buf))
          }
        }
        return controller.desiredSize > 0
      },
      async cancel (reason) {
        await iterator.return()
      },
      type: 'bytes'
    }
  )
}

// The chunk should be a FormData instance and contains
// all the required methods.
function isFormDataLike (object) {
  return (
    object &&
    typeof object === 'object' &&
    typeof object.append === 'function' &&
    typeof object.delete === 'function' &&
    typeof object.get === 'function' &&
    typeof object.getAll === 'function' &&
    typeof object.has === 'function' &&
    typeof object.set === 'function' &&
    object[Symbol.toStringTag] === 'FormData'
  )
}

function addAbortListener (signal, listener) {
  if ('addEventListener' in signal) {
    signal.addEventListener('abort', listener, { once: true })
    return () => signal.removeEventListener('abort', listener)
  }
  signal.addListener('abort', listener)
  return () => signal.removeListener('abort', listener)
}

const hasToWellFormed = typeof String.prototype.toWellFormed === 'function'
const hasIsWellFormed = typeof String.prototype.isWellFormed === 'function'

/**
 * @param {string} val
 */
function toUSVString (val) {
  return hasToWellFormed ? `${val}`.toWellFormed() : nodeUtil.toUSVString(val)
}

/**
 * @param {string} val
 */
// TODO: move this to webidl
function isUSVString (val) {
  return hasIsWellFormed ? `${val}`.isWellFormed() : toUSVString(val) === `${val}`
}

/**
 * @see https://tools.ietf.org/html/rfc7230#section-3.2.6
 * @param {number} c
 */
function isTokenCharCode (c) {
  switch (c) {
    case 0x22:
    case 0x28:
    case 0x29:
    case 0x2c:
    case 0x2f:
    case 0x3a:
    case 0x3b:
    case 0x3c:
    case 0x3d:
    case 0x3e:
    case 0x3f:
    case 0x40:
    case 0x5b:
    case 0x5c:
    case 0x5d:
    case 0x7b:
    case 0x7d:
      // DQUOTE and "(),/:;<=>?@[\]{}"
      return false
    default:
      // VCHAR %x21-7E
      return c >= 0x21 && c <= 0x7e
  }
}

/**
 * @param {string} characters
 */
function isValidHTTPToken (characters) {
  if (characters.length === 0) {
    return false
  }
  for (let i = 0; i < characters.length; ++i) {
    if (!isTokenCharCode(characters.charCodeAt(i))) {
      return false
    }
  }
  return true
}

// headerCharRegex have been lifted from
// https://github.com/nodejs/node/blob/main/lib/_http_common.js

/**
 * Matches if val contains an invalid field-vchar
 *  field-value    = *( field-content / obs-fold )
 *  field-content  = field-vchar [ 1*( SP / HTAB ) field-vchar ]
 *  field-vchar    = VCHAR / obs-text
 */
const headerCharRegex = /[^\t\x20-\x7e\x80-\xff]/

/**
 * @param {string} characters
 */
function isValidHeaderValue (characters) {
  return !headerCharRegex.test(characters)
}

// Parsed accordingly to RFC 9110
// https://www.rfc-editor.org/rfc/rfc9110#field.content-range
function parseRangeHeader (range) {
  if (range == null || range === '') return { start: 0, end: null, size: null }

  const m = range ? range.match(/^bytes (\d+)-(\d+)\/(\d+)?$/) : null
  return m
    ? {
        start: parseInt(m[1]),
        end: m[2] ? parseInt(m[2]) : null,
        size: m[3] ? parseInt(m[3]) : null
      }
    : null
}

function addListener (obj, name, listener) {
  const listeners = (obj[kListeners] ??= [])
  listeners.push([name, listener])
  obj.on(name, listener)
  return obj
}

function removeAllListeners (obj) {
  for (const [name, listener] of obj[kListeners] ?? []) {
    obj.removeListener(name, listener)
  }
  obj[kListeners] = null
}

function errorRequest (client, request, err) {
  try {
    request.onError(err)
    assert(request.aborted)
  } catch (err) {
    client.emit('error', err)
  }
}

const kEnumerableProperty = Object.create(null)
kEnumerableProperty.enumerable = true

const normalizedMethodRecordsBase = {
  delete: 'DELETE',
  DELETE: 'DELETE',
  get: 'GET',
  GET: 'GET',
  head: 'HEAD',
  HEAD: 'HEAD',
  options: 'OPTIONS',
  OPTIONS: 'OPTIONS',
  post: 'POST',
  POST: 'POST',
  put: 'PUT',
  PUT: 'PUT'
}

const normalizedMethodRecords = {
  ...normalizedMethodRecordsBase,
  patch: 'patch',
  PATCH: 'PATCH'
}

// Note: object prototypes should not be able to be referenced. e.g. `Object#hasOwnProperty`.
Object.setPrototypeOf(normalizedMethodRecordsBase, null)
Object.setPrototypeOf(normalizedMethodRecords, null)

module.exports = {
  kEnumerableProperty,
  nop,
  isDisturbed,
  isErrored,
  isReadable,
  toUSVString,
  isUSVString,
  isBlobLike,
  parseOrigin,
  parseURL,
  getServerName,
  isStream,
  isIterable,
  isAsyncIterable,
  isDestroyed,
  headerNameToString,
  bufferToLowerCasedHeaderName,
  addListener,
  removeAllListeners,
  errorRequest,
  parseRawHeaders,
  parseHeaders,
  parseKeepAliveTimeout,
  destroy,
  bodyLength,
  deepClone,
  ReadableStreamFrom,
  isBuffer,
  validateHandler,
  getSocketInfo,
  isFormDataLike,
  buildURL,
  addAbortListener,
  isValidHTTPToken,
  isValidHeaderValue,
  isTokenCharCode,
  parseRangeHeader,
  normalizedMethodRecordsBase,
  normalizedMethodRecords,
  isValidPort,
  isHttpOrHttpsPrefixed,
  nodeMajor,
  nodeMinor,
  safeHTTPMethods: ['GET', 'HEAD', 'OPTIONS', 'TRACE'],
  wrapRequestBody
}


/***/ }),

/***/ 7405:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { InvalidArgumentError } = __nccwpck_require__(8707)
const { kClients, kRunning, kClose, kDestroy, kDispatch, kInterceptors } = __nccwpck_require__(6443)
const DispatcherBase = __nccwpck_require__(1841)
const Pool = __nccwpck_require__(628)
const Client = __nccwpck_require__(3701)
const util = __nccwpck_require__(3440)
const createRedirectInterceptor = __nccwpck_require__(5092)

const kOnConnect = Symbol('onConnect')
const kOnDisconnect = Symbol('onDisconnect')
const kOnConnectionError = Symbol('onConnectionError')
const kMaxRedirections = Symbol('maxRedirections')
const kOnDrain = Symbol('onDrain')
const kFactory = Symbol('factory')
const kOptions = Symbol('options')

function defaultFactory (origin, opts) {
  return opts && opts.connections === 1
    ? new Client(origin, opts)
    : new Pool(origin, opts)
}

class Agent extends DispatcherBase {
  constructor ({ factory = defaultFactory, maxRedirections = 0, connect, tls, ...options } = {}) {
    if (typeof factory !== 'function') {
      throw new InvalidArgumentError('factory must be a function.')
    }

    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }

    if (!Number.isInteger(maxRedirections) || maxRedirections < 0) {
      throw new InvalidArgumentError('maxRedirections must be a positive number')
    }

    super(options)

    if (connect && typeof connect !== 'function') {
      connect = { ...connect }
    }

    if (tls && typeof tls !== 'function') {
      tls = { ...tls }
    }

    this[kInterceptors] = options.interceptors?.Agent && Array.isArray(options.interceptors.Agent)
      ? options.interceptors.Agent
      : [createRedirectInterceptor({ maxRedirections })]

    this[kOptions] = { ...util.deepClone(options), connect, tls }
    this[kOptions].interceptors = options.interceptors
      ? { ...options.interceptors }
      : undefined
    this[kMaxRedirections] = maxRedirections
    this[kFactory] = factory
    this[kClients] = new Map()

    this[kOnDrain] = (origin, targets) => {
      this.emit('drain', origin, [this, ...targets])
    }

    this[kOnConnect] = (origin, targets) => {
      this.emit('connect', origin, [this, ...targets])
    }

    this[kOnDisconnect] = (origin, targets, err) => {
      this.emit('disconnect', origin, [this, ...targets], err)
    }

    this[kOnConnectionError] = (origin, targets, err) => {
      this.emit('connectionError', origin, [this, ...targets], err)
    }
  }

  get [kRunning] () {
    let ret = 0
    for (const client of this[kClients].values()) {
      ret += client[kRunning]
    }
    return ret
  }

  [kDispatch] (opts, handler) {
    let key
    if (opts.origin && (typeof opts.origin === 'string' || opts.origin instanceof URL)) {
      key = String(opts.origin)
    } else {
      throw new InvalidArgumentError('opts.origin must be a non-empty string or URL.')
    }

    let dispatcher = this[kClients].get(key)

    if (!dispatcher) {
      dispatcher = this[kFactory](opts.origin, this[kOptions])
        .on('drain', this[kOnDrain])
        .on('connect', this[kOnConnect])
        .on('disconnect', this[kOnDisconnect])
        .on('connectionError', this[kOnConnectionError])

      // This introduces a tiny memory leak, as dispatchers are never removed from the map.
      // TODO(mcollina): remove te timer when the client/pool do not have any more
      // active connections.
      this[kClients].set(key, dispatcher)
    }

    return dispatcher.dispatch(opts, handler)
  }

  async [kClose] () {
    const closePromises = []
    for (const client of this[kClients].values()) {
      closePromises.push(client.close())
    }
    this[kClients].clear()

    await Promise.all(closePromises)
  }

  async [kDestroy] (err) {
    const destroyPromises = []
    for (const client of this[kClients].values()) {
      destroyPromises.push(client.destroy(err))
    }
    this[kClients].clear()

    await Promise.all(destroyPromises)
  }
}

module.exports = Agent


/***/ }),

/***/ 637:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



/* global WebAssembly */

const assert = __nccwpck_require__(4589)
const util = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const timers = __nccwpck_require__(6603)
const {
  RequestContentLengthMismatchError,
  ResponseContentLengthMismatchError,
  RequestAbortedError,
  InvalidArgumentError,
  HeadersTimeoutError,
  HeadersOverflowError,
  SocketError,
  InformationalError,
  BodyTimeoutError,
  HTTPParserError,
  ResponseExceededMaxSizeError
} = __nccwpck_require__(8707)
const {
  kUrl,
  kReset,
  kClient,
  kParser,
  kBlocking,
  kRunning,
  kPending,
  kSize,
  kWriting,
  kQueue,
  kNoRef,
  kKeepAliveDefaultTimeout,
  kHostHeader,
  kPendingIdx,
  kRunningIdx,
  kError,
  kPipelining,
  kSocket,
  kKeepAliveTimeoutValue,
  kMaxHeadersSize,
  kKeepAliveMaxTimeout,
  kKeepAliveTimeoutThreshold,
  kHeadersTimeout,
  kBodyTimeout,
  kStrictContentLength,
  kMaxRequests,
  kCounter,
  kMaxResponseSize,
  kOnError,
  kResume,
  kHTTPContext
} = __nccwpck_require__(6443)

const constants = __nccwpck_require__(2824)
const EMPTY_BUF = Buffer.alloc(0)
const FastBuffer = Buffer[Symbol.species]
const addListener = util.addListener
const removeAllListeners = util.removeAllListeners
const kIdleSocketValidation = Symbol('kIdleSocketValidation')
const kIdleSocketValidationTimeout = Symbol('kIdleSocketValidationTimeout')
const kSocketUsed = Symbol('kSocketUsed')

let extractBody

async function lazyllhttp () {
  const llhttpWasmData = process.env.JEST_WORKER_ID ? __nccwpck_require__(3870) : undefined

  let mod
  try {
    mod = await WebAssembly.compile(__nccwpck_require__(3434))
  } catch (e) {
    /* istanbul ignore next */

    // We could check if the error was caused by the simd option not
    // being enabled, but the occurring of this other error
    // * https://github.com/emscripten-core/emscripten/issues/11495
    // got me to remove that check to avoid breaking Node 12.
    mod = await WebAssembly.compile(llhttpWasmData || __nccwpck_require__(3870))
  }

  return await WebAssembly.instantiate(mod, {
    env: {
      /* eslint-disable camelcase */

      wasm_on_url: (p, at, len) => {
        /* istanbul ignore next */
        return 0
      },
      wasm_on_status: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onStatus(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_message_begin: (p) => {
        assert(currentParser.ptr === p)
        return currentParser.onMessageBegin() || 0
      },
      wasm_on_header_field: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onHeaderField(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_header_value: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onHeaderValue(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_headers_complete: (p, statusCode, upgrade, shouldKeepAlive) => {
        assert(currentParser.ptr === p)
        return currentParser.onHeadersComplete(statusCode, Boolean(upgrade), Boolean(shouldKeepAlive)) || 0
      },
      wasm_on_body: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onBody(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_message_complete: (p) => {
        assert(currentParser.ptr === p)
        return currentParser.onMessageComplete() || 0
      }

      /* eslint-enable camelcase */
    }
  })
}

let llhttpInstance = null
let llhttpPromise = lazyllhttp()
llhttpPromise.catch()

let currentParser = null
let currentBufferRef = null
let currentBufferSize = 0
let currentBufferPtr = null

const USE_NATIVE_TIMER = 0
const USE_FAST_TIMER = 1

// Use fast timers for headers and body to take eventual event loop
// latency into account.
const TIMEOUT_HEADERS = 2 | USE_FAST_TIMER
const TIMEOUT_BODY = 4 | USE_FAST_TIMER

// Use native timers to ignore event loop latency for keep-alive
// handling.
const TIMEOUT_KEEP_ALIVE = 8 | USE_NATIVE_TIMER

class Parser {
  constructor (client, socket, { exports }) {
    assert(Number.isFinite(client[kMaxHeadersSize]) && client[kMaxHeadersSize] > 0)

    this.llhttp = exports
    this.ptr = this.llhttp.llhttp_alloc(constants.TYPE.RESPONSE)
    this.client = client
    this.socket = socket
    this.timeout = null
    this.timeoutValue = null
    this.timeoutType = null
    this.statusCode = null
    this.statusText = ''
    this.upgrade = false
    this.headers = []
    this.headersSize = 0
    this.headersMaxSize = client[kMaxHeadersSize]
    this.shouldKeepAlive = false
    this.paused = false
    this.resume = this.resume.bind(this)

    this.bytesRead = 0

    this.keepAlive = ''
    this.contentLength = ''
    this.connection = ''
    this.maxResponseSize = client[kMaxResponseSize]
  }

  setTimeout (delay, type) {
    // If the existing timer and the new timer are of different timer type
    // (fast or native) or have different delay, we need to clear the existing
    // timer and set a new one.
    if (
      delay !== this.timeoutValue ||
      (type & USE_FAST_TIMER) ^ (this.timeoutType & USE_FAST_TIMER)
    ) {
      // If a timeout is already set, clear it with clearTimeout of the fast
      // timer implementation, as it can clear fast and native timers.
      if (this.timeout) {
        timers.clearTimeout(this.timeout)
        this.timeout = null
      }

      if (delay) {
        if (type & USE_FAST_TIMER) {
          this.timeout = timers.setFastTimeout(onParserTimeout, delay, new WeakRef(this))
        } else {
          this.timeout = setTimeout(onParserTimeout, delay, new WeakRef(this))
          this.timeout.unref()
        }
      }

      this.timeoutValue = delay
    } else if (this.timeout) {
      // istanbul ignore else: only for jest
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }

    this.timeoutType = type
  }

  resume () {
    if (this.socket.destroyed || !this.paused) {
      return
    }

    assert(this.ptr != null)
    assert(currentParser == null)

    this.llhttp.llhttp_resume(this.ptr)

    assert(this.timeoutType === TIMEOUT_BODY)
    if (this.timeout) {
      // istanbul ignore else: only for jest
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }

    this.paused = false
    this.execute(this.socket.read() || EMPTY_BUF) // Flush parser.
    this.readMore()
  }

  readMore () {
    while (!this.paused && this.ptr) {
      const chunk = this.socket.read()
      if (chunk === null) {
        break
      }
      this.execute(chunk)
    }
  }

  execute (data) {
    assert(this.ptr != null)
    assert(currentParser == null)
    assert(!this.paused)

    const { socket, llhttp } = this

    if (data.length > currentBufferSize) {
      if (currentBufferPtr) {
        llhttp.free(currentBufferPtr)
      }
      currentBufferSize = Math.ceil(data.length / 4096) * 4096
      currentBufferPtr = llhttp.malloc(currentBufferSize)
    }

    new Uint8Array(llhttp.memory.buffer, currentBufferPtr, currentBufferSize).set(data)

    // Call `execute` on the wasm parser.
    // We pass the `llhttp_parser` pointer address, the pointer address of buffer view data,
    // and finally the length of bytes to parse.
    // The return value is an error code or `constants.ERROR.OK`.
    try {
      let ret

      try {
        currentBufferRef = data
        currentParser = this
        ret = llhttp.llhttp_execute(this.ptr, currentBufferPtr, data.length)
        /* eslint-disable-next-line no-useless-catch */
      } catch (err) {
        /* istanbul ignore next: difficult to make a test case for */
        throw err
      } finally {
        currentParser = null
        currentBufferRef = null
      }

      const offset = llhttp.llhttp_get_error_pos(this.ptr) - currentBufferPtr

      if (ret !== constants.ERROR.OK) {
        const body = data.subarray(offset)

        if (ret === constants.ERROR.PAUSED_UPGRADE) {
          this.onUpgrade(body)
        } else if (ret === constants.ERROR.PAUSED) {
          this.paused = true
          socket.unshift(body)
        } else {
          throw this.createError(ret, body)
        }
      }
    } catch (err) {
      util.destroy(socket, err)
    }
  }

  finish () {
    assert(currentParser === null)
    assert(this.ptr != null)
    assert(!this.paused)

    const { llhttp } = this

    let ret

    try {
      currentParser = this
      ret = llhttp.llhttp_finish(this.ptr)
    } finally {
      currentParser = null
    }

    if (ret === constants.ERROR.OK) {
      return null
    }

    if (ret === constants.ERROR.PAUSED || ret === constants.ERROR.PAUSED_UPGRADE) {
      this.paused = true
      return null
    }

    return this.createError(ret, EMPTY_BUF)
  }

  createError (ret, data) {
    const { llhttp, contentLength, bytesRead } = this

    if (contentLength && bytesRead !== parseInt(contentLength, 10)) {
      return new ResponseContentLengthMismatchError()
    }

    const ptr = llhttp.llhttp_get_error_reason(this.ptr)
    let message = ''
    if (ptr) {
      const len = new Uint8Array(llhttp.memory.buffer, ptr).indexOf(0)
      message =
        'Response does not match the HTTP/1.1 protocol (' +
        Buffer.from(llhttp.memory.buffer, ptr, len).toString() +
        ')'
    }

    return new HTTPParserError(message, constants.ERROR[ret], data)
  }

  destroy () {
    assert(this.ptr != null)
    assert(currentParser == null)

    this.llhttp.llhttp_free(this.ptr)
    this.ptr = null

    this.timeout && timers.clearTimeout(this.timeout)
    this.timeout = null
    this.timeoutValue = null
    this.timeoutType = null

    this.paused = false
  }

  onStatus (buf) {
    this.statusText = buf.toString()
  }

  onMessageBegin () {
    const { socket, client } = this

    /* istanbul ignore next: difficult to make a test case for */
    if (socket.destroyed) {
      return -1
    }

    if (client[kRunning] === 0) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }

    const request = client[kQueue][client[kRunningIdx]]
    if (!request) {
      return -1
    }
    request.onResponseStarted()
  }

  onHeaderField (buf) {
    const len = this.headers.length

    if ((len & 1) === 0) {
      this.headers.push(buf)
    } else {
      this.headers[len - 1] = Buffer.concat([this.headers[len - 1], buf])
    }

    this.trackHeader(buf.length)
  }

  onHeaderValue (buf) {
    let len = this.headers.length

    if ((len & 1) === 1) {
      this.headers.push(buf)
      len += 1
    } else {
      this.headers[len - 1] = Buffer.concat([this.headers[len - 1], buf])
    }

    const key = this.headers[len - 2]
    if (key.length === 10) {
      const headerName = util.bufferToLowerCasedHeaderName(key)
      if (headerName === 'keep-alive') {
        this.keepAlive += buf.toString()
      } else if (headerName === 'connection') {
        this.connection += buf.toString()
      }
    } else if (key.length === 14 && util.bufferToLowerCasedHeaderName(key) === 'content-length') {
      this.contentLength += buf.toString()
    }

    this.trackHeader(buf.length)
  }

  trackHeader (len) {
    this.headersSize += len
    if (this.headersSize >= this.headersMaxSize) {
      util.destroy(this.socket, new HeadersOverflowError())
    }
  }

  onUpgrade (head) {
    const { upgrade, client, socket, headers, statusCode, statusText } = this

    assert(upgrade)
    assert(client[kSocket] === socket)
    assert(!socket.destroyed)
    assert(!this.paused)
    assert((headers.length & 1) === 0)

    const request = client[kQueue][client[kRunningIdx]]
    assert(request)
    assert(request.upgrade || request.method === 'CONNECT')

    this.statusCode = null
    this.statusText = ''
    this.shouldKeepAlive = null

    this.headers = []
    this.headersSize = 0

    socket.unshift(head)

    socket[kParser].destroy()
    socket[kParser] = null

    socket[kClient] = null
    socket[kError] = null

    removeAllListeners(socket)

    client[kSocket] = null
    client[kHTTPContext] = null // TODO (fix): This is hacky...
    client[kQueue][client[kRunningIdx]++] = null
    client.emit('disconnect', client[kUrl], [client], new InformationalError('upgrade'))

    try {
      request.onUpgrade(statusCode, headers, socket, statusText)
    } catch (error) {
      util.errorRequest(client, request, error)
      util.destroy(socket, error)
    }

    client[kResume]()
  }

  onHeadersComplete (statusCode, upgrade, shouldKeepAlive) {
    const { client, socket, headers, statusText } = this

    /* istanbul ignore next: difficult to make a test case for */
    if (socket.destroyed) {
      return -1
    }

    if (client[kRunning] === 0) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }

    const request = client[kQueue][client[kRunningIdx]]

    /* istanbul ignore next: difficult to make a test case for */
    if (!request) {
      return -1
    }

    assert(!this.upgrade)
    assert(this.statusCode < 200)

    if (statusCode === 100) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }

    /* this can only happen if server is misbehaving */
    if (upgrade && !request.upgrade) {
      util.destroy(socket, new SocketError('bad upgrade', util.getSocketInfo(socket)))
      return -1
    }

    assert(this.timeoutType === TIMEOUT_HEADERS)

    this.statusCode = statusCode
    this.shouldKeepAlive = (
      shouldKeepAlive ||
      // Override llhttp value which does not allow keepAlive for HEAD.
      (request.method === 'HEAD' && !socket[kReset] && this.connection.toLowerCase() === 'keep-alive')
    )

    if (this.statusCode >= 200) {
      const bodyTimeout = request.bodyTimeout != null
        ? request.bodyTimeout
        : client[kBodyTimeout]
      this.setTimeout(bodyTimeout, TIMEOUT_BODY)
    } else if (this.timeout) {
      // istanbul ignore else: only for jest
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }

    if (request.method === 'CONNECT') {
      assert(client[kRunning] === 1)
      this.upgrade = true
      return 2
    }

    if (upgrade) {
      assert(client[kRunning] === 1)
      this.upgrade = true
      return 2
    }

    assert((this.headers.length & 1) === 0)
    this.headers = []
    this.headersSize = 0

    if (this.shouldKeepAlive && client[kPipelining]) {
      const keepAliveTimeout = this.keepAlive ? util.parseKeepAliveTimeout(this.keepAlive) : null

      if (keepAliveTimeout != null) {
        const timeout = Math.min(
          keepAliveTimeout - client[kKeepAliveTimeoutThreshold],
          client[kKeepAliveMaxTimeout]
        )
        if (timeout <= 0) {
          socket[kReset] = true
        } else {
          client[kKeepAliveTimeoutValue] = timeout
        }
      } else {
        client[kKeepAliveTimeoutValue] = client[kKeepAliveDefaultTimeout]
      }
    } else {
      // Stop more requests from being dispatched.
      socket[kReset] = true
    }

    const pause = request.onHeaders(statusCode, headers, this.resume, statusText) === false

    if (request.aborted) {
      return -1
    }

    if (request.method === 'HEAD') {
      return 1
    }

    if (statusCode < 200) {
      return 1
    }

    if (socket[kBlocking]) {
      socket[kBlocking] = false
      client[kResume]()
    }

    return pause ? constants.ERROR.PAUSED : 0
  }

  onBody (buf) {
    const { client, socket, statusCode, maxResponseSize } = this

    if (socket.destroyed) {
      return -1
    }

    const request = client[kQueue][client[kRunningIdx]]
    assert(request)

    assert(this.timeoutType === TIMEOUT_BODY)
    if (this.timeout) {
      // istanbul ignore else: only for jest
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }

    assert(statusCode >= 200)

    if (maxResponseSize > -1 && this.bytesRead + buf.length > maxResponseSize) {
      util.destroy(socket, new ResponseExceededMaxSizeError())
      return -1
    }

    this.bytesRead += buf.length

    if (request.onData(buf) === false) {
      return constants.ERROR.PAUSED
    }
  }

  onMessageComplete () {
    const { client, socket, statusCode, upgrade, headers, contentLength, bytesRead, shouldKeepAlive } = this

    if (socket.destroyed && (!statusCode || shouldKeepAlive)) {
      return -1
    }

    if (upgrade) {
      return
    }

    assert(statusCode >= 100)
    assert((this.headers.length & 1) === 0)

    const request = client[kQueue][client[kRunningIdx]]
    assert(request)

    this.statusCode = null
    this.statusText = ''
    this.bytesRead = 0
    this.contentLength = ''
    this.keepAlive = ''
    this.connection = ''

    this.headers = []
    this.headersSize = 0

    if (statusCode < 200) {
      return
    }

    /* istanbul ignore next: should be handled by llhttp? */
    if (request.method !== 'HEAD' && contentLength && bytesRead !== parseInt(contentLength, 10)) {
      util.destroy(socket, new ResponseContentLengthMismatchError())
      return -1
    }

    request.onComplete(headers)

    client[kQueue][client[kRunningIdx]++] = null
    socket[kSocketUsed] = true

    if (socket[kWriting]) {
      assert(client[kRunning] === 0)
      // Response completed before request.
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (!shouldKeepAlive) {
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (socket[kReset] && client[kRunning] === 0) {
      // Destroy socket once all requests have completed.
      // The request at the tail of the pipeline is the one
      // that requested reset and no further requests should
      // have been queued since then.
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (client[kPipelining] == null || client[kPipelining] === 1) {
      // We must wait a full event loop cycle to reuse this socket to make sure
      // that non-spec compliant servers are not closing the connection even if they
      // said they won't.
      setImmediate(() => client[kResume]())
    } else {
      client[kResume]()
    }
  }
}

function onParserTimeout (parser) {
  const { socket, timeoutType, client, paused } = parser.deref()

  /* istanbul ignore else */
  if (timeoutType === TIMEOUT_HEADERS) {
    if (!socket[kWriting] || socket.writableNeedDrain || client[kRunning] > 1) {
      assert(!paused, 'cannot be paused while waiting for headers')
      util.destroy(socket, new HeadersTimeoutError())
    }
  } else if (timeoutType === TIMEOUT_BODY) {
    if (!paused) {
      util.destroy(socket, new BodyTimeoutError())
    }
  } else if (timeoutType === TIMEOUT_KEEP_ALIVE) {
    assert(client[kRunning] === 0 && client[kKeepAliveTimeoutValue])
    util.destroy(socket, new InformationalError('socket idle timeout'))
  }
}

async function connectH1 (client, socket) {
  client[kSocket] = socket

  if (!llhttpInstance) {
    llhttpInstance = await llhttpPromise
    llhttpPromise = null
  }

  socket[kNoRef] = false
  socket[kWriting] = false
  socket[kReset] = false
  socket[kBlocking] = false
  socket[kIdleSocketValidation] = 0
  socket[kIdleSocketValidationTimeout] = null
  socket[kSocketUsed] = false
  socket[kParser] = new Parser(client, socket, llhttpInstance)

  addListener(socket, 'error', function (err) {
    const parser = this[kParser]

    // On Mac OS, we get an ECONNRESET even if there is a full body to be forwarded
    // to the user.
    if (err.code === 'ECONNRESET' && parser.statusCode && !parser.shouldKeepAlive) {
      const parserErr = parser.finish()
      if (parserErr) {
        this[kError] = parserErr
        this[kClient][kOnError](parserErr)
      }
      return
    }

    this[kError] = err

    this[kClient][kOnError](err)
  })
  addListener(socket, 'readable', function () {
    const parser = this[kParser]

    if (parser) {
      parser.readMore()
    }
  })
  addListener(socket, 'end', function () {
    const parser = this[kParser]

    if (parser.statusCode && !parser.shouldKeepAlive) {
      const parserErr = parser.finish()
      if (parserErr) {
        util.destroy(this, parserErr)
      }
      return
    }

    util.destroy(this, new SocketError('other side closed', util.getSocketInfo(this)))
  })
  addListener(socket, 'close', function () {
    const client = this[kClient]
    const parser = this[kParser]

    clearIdleSocketValidation(this)

    if (parser) {
      if (!this[kError] && parser.statusCode && !parser.shouldKeepAlive) {
        this[kError] = parser.finish() || this[kError]
      }

      this[kParser].destroy()
      this[kParser] = null
    }

    const err = this[kError] || new SocketError('closed', util.getSocketInfo(this))

    client[kSocket] = null
    client[kHTTPContext] = null // TODO (fix): This is hacky...

    if (client.destroyed) {
      assert(client[kPending] === 0)

      // Fail entire queue.
      const requests = client[kQueue].splice(client[kRunningIdx])
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i]
        util.errorRequest(client, request, err)
      }
    } else if (client[kRunning] > 0 && err.code !== 'UND_ERR_INFO') {
      // Fail head of pipeline.
      const request = client[kQueue][client[kRunningIdx]]
      client[kQueue][client[kRunningIdx]++] = null

      util.errorRequest(client, request, err)
    }

    client[kPendingIdx] = client[kRunningIdx]

    assert(client[kRunning] === 0)

    client.emit('disconnect', client[kUrl], [client], err)

    client[kResume]()
  })

  let closed = false
  socket.on('close', () => {
    closed = true
  })

  return {
    version: 'h1',
    defaultPipelining: 1,
    write (...args) {
      return writeH1(client, ...args)
    },
    resume () {
      resumeH1(client)
    },
    destroy (err, callback) {
      if (closed) {
        queueMicrotask(callback)
      } else {
        socket.destroy(err).on('close', callback)
      }
    },
    get destroyed () {
      return socket.destroyed
    },
    busy (request) {
      if (socket[kWriting] || socket[kReset] || socket[kBlocking] || socket[kIdleSocketValidation] === 1) {
        return true
      }

      if (request) {
        if (client[kRunning] > 0 && !request.idempotent) {
          // Non-idempotent request cannot be retried.
          // Ensure that no other requests are inflight and
          // could cause failure.
          return true
        }

        if (client[kRunning] > 0 && (request.upgrade || request.method === 'CONNECT')) {
          // Don't dispatch an upgrade until all preceding requests have completed.
          // A misbehaving server might upgrade the connection before all pipelined
          // request has completed.
          return true
        }

        if (client[kRunning] > 0 && util.bodyLength(request.body) !== 0 &&
          (util.isStream(request.body) || util.isAsyncIterable(request.body) || util.isFormDataLike(request.body))) {
          // Request with stream or iterator body can error while other requests
          // are inflight and indirectly error those as well.
          // Ensure this doesn't happen by waiting for inflight
          // to complete before dispatching.

          // Request with stream or iterator body cannot be retried.
          // Ensure that no other requests are inflight and
          // could cause failure.
          return true
        }
      }

      return false
    }
  }
}

function clearIdleSocketValidation (socket) {
  if (socket[kIdleSocketValidationTimeout]) {
    clearImmediate(socket[kIdleSocketValidationTimeout])
    socket[kIdleSocketValidationTimeout] = null
  }

  socket[kIdleSocketValidation] = 0
}

function scheduleIdleSocketValidation (client, socket) {
  socket[kIdleSocketValidation] = 1
  // Yield to the check phase (after poll) so unsolicited bytes / FIN / RST
  // already pending on this idle keep-alive socket are processed before the
  // next request is written (GHSA-35p6-xmwp-9g52).
  //
  // setTimeout(0) pays Node's ~1ms timer floor on every sequential reuse
  // (#5493). setImmediate avoids that, but an *unref'd* Immediate lets poll
  // block for ~500ms when the event loop is otherwise idle (#5600 / #5606).
  // A ref'd Immediate both keeps the pending request alive and makes poll
  // return immediately — the hybrid those issues asked for.
  socket[kIdleSocketValidationTimeout] = setImmediate(() => {
    socket[kIdleSocketValidationTimeout] = null
    socket[kIdleSocketValidation] = 2

    if (client[kSocket] === socket && !socket.destroyed) {
      client[kResume]()
    }
  })
}

/**
 * @param {import('./client.js')} client
 */
function resumeH1 (client) {
  const socket = client[kSocket]

  if (socket && !socket.destroyed) {
    if (client[kSize] === 0) {
      if (!socket[kNoRef] && socket.unref) {
        socket.unref()
        socket[kNoRef] = true
      }
    } else if (socket[kNoRef] && socket.ref) {
      socket.ref()
      socket[kNoRef] = false
    }

    if (client[kRunning] === 0 && client[kPending] > 0 && socket[kSocketUsed]) {
      if (socket[kIdleSocketValidation] === 0) {
        scheduleIdleSocketValidation(client, socket)
        socket[kParser].readMore()
        if (socket.destroyed) {
          return
        }
        return
      }

      if (socket[kIdleSocketValidation] === 1) {
        socket[kParser].readMore()
        if (socket.destroyed) {
          return
        }
        return
      }
    }

    if (client[kRunning] === 0) {
      socket[kParser].readMore()
      if (socket.destroyed) {
        return
      }
    }

    if (client[kSize] === 0) {
      if (socket[kParser].timeoutType !== TIMEOUT_KEEP_ALIVE) {
        socket[kParser].setTimeout(client[kKeepAliveTimeoutValue], TIMEOUT_KEEP_ALIVE)
      }
    } else if (client[kRunning] > 0 && socket[kParser].statusCode < 200) {
      if (socket[kParser].timeoutType !== TIMEOUT_HEADERS) {
        const request = client[kQueue][client[kRunningIdx]]
        const headersTimeout = request.headersTimeout != null
          ? request.headersTimeout
          : client[kHeadersTimeout]
        socket[kParser].setTimeout(headersTimeout, TIMEOUT_HEADERS)
      }
    }
  }
}

// https://www.rfc-editor.org/rfc/rfc7230#section-3.3.2
function shouldSendContentLength (method) {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && method !== 'TRACE' && method !== 'CONNECT'
}

function writeH1 (client, request) {
  const { method, path, host, upgrade, blocking, reset } = request

  let { body, headers, contentLength } = request

  // https://tools.ietf.org/html/rfc7231#section-4.3.1
  // https://tools.ietf.org/html/rfc7231#section-4.3.2
  // https://tools.ietf.org/html/rfc7231#section-4.3.5

  // Sending a payload body on a request that does not
  // expect it can cause undefined behavior on some
  // servers and corrupt connection state. Do not
  // re-use the connection for further requests.

  const expectsPayload = (
    method === 'PUT' ||
    method === 'POST' ||
    method === 'PATCH' ||
    method === 'QUERY' ||
    method === 'PROPFIND' ||
    method === 'PROPPATCH'
  )

  if (util.isFormDataLike(body)) {
    if (!extractBody) {
      extractBody = (__nccwpck_require__(4492).extractBody)
    }

    const [bodyStream, contentType] = extractBody(body)
    if (request.contentType == null) {
      headers.push('content-type', contentType)
    }
    body = bodyStream.stream
    contentLength = bodyStream.length
  } else if (util.isBlobLike(body) && request.contentType == null) {
    const contentType = body.type
    if (contentType) {
      const contentTypeValue = `${contentType}`
      if (!util.isValidHeaderValue(contentTypeValue)) {
        util.errorRequest(client, request, new InvalidArgumentError('invalid content-type header'))
        return false
      }
      headers.push('content-type', contentTypeValue)
    }
  }

  if (body && typeof body.read === 'function') {
    // Try to read EOF in order to get length.
    body.read(0)
  }

  const bodyLength = util.bodyLength(body)

  contentLength = bodyLength ?? contentLength

  if (contentLength === null) {
    contentLength = request.contentLength
  }

  if (contentLength === 0 && !expectsPayload) {
    // https://tools.ietf.org/html/rfc7230#section-3.3.2
    // A user agent SHOULD NOT send a Content-Length header field when
    // the request message does not contain a payload body and the method
    // semantics do not anticipate such a body.

    contentLength = null
  }

  // https://github.com/nodejs/undici/issues/2046
  // A user agent may send a Content-Length header with 0 value, this should be allowed.
  if (shouldSendContentLength(method) && contentLength > 0 && request.contentLength !== null && request.contentLength !== contentLength) {
    if (client[kStrictContentLength]) {
      util.errorRequest(client, request, new RequestContentLengthMismatchError())
      return false
    }

    process.emitWarning(new RequestContentLengthMismatchError())
  }

  const socket = client[kSocket]
  clearIdleSocketValidation(socket)

  /**
   * @param {Error} [error]
   */
  const abort = (error) => {
    if (request.aborted) {
      return
    }

    if (request.completed) {
      if (request.upgrade || request.method === 'CONNECT') {
        util.destroy(socket, new InformationalError('aborted'))
      }
      return
    }

    util.errorRequest(client, request, error || new RequestAbortedError())

    util.destroy(body)
    util.destroy(socket, new InformationalError('aborted'))
  }

  try {
    request.onConnect(abort)
  } catch (err) {
    util.errorRequest(client, request, err)
  }

  if (request.aborted) {
    return false
  }

  if (method === 'HEAD') {
    // https://github.com/mcollina/undici/issues/258
    // Close after a HEAD request to interop with misbehaving servers
    // that may send a body in the response.

    socket[kReset] = true
  }

  if (upgrade || method === 'CONNECT') {
    // On CONNECT or upgrade, block pipeline from dispatching further
    // requests on this connection.

    socket[kReset] = true
  }

  if (reset != null) {
    socket[kReset] = reset
  }

  if (client[kMaxRequests] && socket[kCounter]++ >= client[kMaxRequests]) {
    socket[kReset] = true
  }

  if (blocking) {
    socket[kBlocking] = true
  }

  let header = `${method} ${path} HTTP/1.1\r\n`

  if (typeof host === 'string') {
    header += `host: ${host}\r\n`
  } else {
    header += client[kHostHeader]
  }

  if (upgrade) {
    header += `connection: upgrade\r\nupgrade: ${upgrade}\r\n`
  } else if (client[kPipelining] && !socket[kReset]) {
    header += 'connection: keep-alive\r\n'
  } else {
    header += 'connection: close\r\n'
  }

  if (Array.isArray(headers)) {
    for (let n = 0; n < headers.length; n += 2) {
      const key = headers[n + 0]
      const val = headers[n + 1]

      if (Array.isArray(val)) {
        for (let i = 0; i < val.length; i++) {
          header += `${key}: ${val[i]}\r\n`
        }
      } else {
        header += `${key}: ${val}\r\n`
      }
    }
  }

  if (channels.sendHeaders.hasSubscribers) {
    channels.sendHeaders.publish({ request, headers: header, socket })
  }

  /* istanbul ignore else: assertion */
  if (!body || bodyLength === 0) {
    writeBuffer(abort, null, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isBuffer(body)) {
    writeBuffer(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isBlobLike(body)) {
    if (typeof body.stream === 'function') {
      writeIterable(abort, body.stream(), client, request, socket, contentLength, header, expectsPayload)
    } else {
      writeBlob(abort, body, client, request, socket, contentLength, header, expectsPayload)
    }
  } else if (util.isStream(body)) {
    writeStream(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isIterable(body)) {
    writeIterable(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else {
    assert(false)
  }

  return true
}

function writeStream (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'stream body cannot be pipelined')

  let finished = false

  const writer = new AsyncWriter({ abort, socket, request, contentLength, client, expectsPayload, header })

  const onData = function (chunk) {
    if (finished) {
      return
    }

    try {
      if (!writer.write(chunk) && this.pause) {
        this.pause()
      }
    } catch (err) {
      util.destroy(this, err)
    }
  }
  const onDrain = function () {
    if (finished) {
      return
    }

    if (body.resume) {
      body.resume()
    }
  }
  const onClose = function () {
    // 'close' might be emitted *before* 'error' for
    // broken streams. Wait a tick to avoid this case.
    queueMicrotask(() => {
      // It's only safe to remove 'error' listener after
      // 'close'.
      body.removeListener('error', onFinished)
    })

    if (!finished) {
      const err = new RequestAbortedError()
      queueMicrotask(() => onFinished(err))
    }
  }
  const onFinished = function (err) {
    if (finished) {
      return
    }

    finished = true

    assert(socket.destroyed || (socket[kWriting] && client[kRunning] <= 1))

    socket
      .off('drain', onDrain)
      .off('error', onFinished)

    body
      .removeListener('data', onData)
      .removeListener('end', onFinished)
      .removeListener('close', onClose)

    if (!err) {
      try {
        writer.end()
      } catch (er) {
        err = er
      }
    }

    writer.destroy(err)

    if (err && (err.code !== 'UND_ERR_INFO' || err.message !== 'reset')) {
      util.destroy(body, err)
    } else {
      util.destroy(body)
    }
  }

  body
    .on('data', onData)
    .on('end', onFinished)
    .on('error', onFinished)
    .on('close', onClose)

  if (body.resume) {
    body.resume()
  }

  socket
    .on('drain', onDrain)
    .on('error', onFinished)

  if (body.errorEmitted ?? body.errored) {
    setImmediate(() => onFinished(body.errored))
  } else if (body.endEmitted ?? body.readableEnded) {
    setImmediate(() => onFinished(null))
  }

  if (body.closeEmitted ?? body.closed) {
    setImmediate(onClose)
  }
}

function writeBuffer (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  try {
    if (!body) {
      if (contentLength === 0) {
        socket.write(`${header}content-length: 0\r\n\r\n`, 'latin1')
      } else {
        assert(contentLength === null, 'no body must not have content length')
        socket.write(`${header}\r\n`, 'latin1')
      }
    } else if (util.isBuffer(body)) {
      assert(contentLength === body.byteLength, 'buffer body must have content length')

      socket.cork()
      socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
      socket.write(body)
      socket.uncork()
      request.onBodySent(body)

      if (!expectsPayload && request.reset !== false) {
        socket[kReset] = true
      }
    }
    request.onRequestSent()

    client[kResume]()
  } catch (err) {
    abort(err)
  }
}

async function writeBlob (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength === body.size, 'blob body must have content length')

  try {
    if (contentLength != null && contentLength !== body.size) {
      throw new RequestContentLengthMismatchError()
    }

    const buffer = Buffer.from(await body.arrayBuffer())

    socket.cork()
    socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
    socket.write(buffer)
    socket.uncork()

    request.onBodySent(buffer)
    request.onRequestSent()

    if (!expectsPayload && request.reset !== false) {
      socket[kReset] = true
    }

    client[kResume]()
  } catch (err) {
    abort(err)
  }
}

async function writeIterable (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'iterator body cannot be pipelined')

  let callback = null
  function onDrain () {
    if (callback) {
      const cb = callback
      callback = null
      cb()
    }
  }

  const waitForDrain = () => new Promise((resolve, reject) => {
    assert(callback === null)

    if (socket[kError]) {
      reject(socket[kError])
    } else {
      callback = resolve
    }
  })

  socket
    .on('close', onDrain)
    .on('drain', onDrain)

  const writer = new AsyncWriter({ abort, socket, request, contentLength, client, expectsPayload, header })
  try {
    // It's up to the user to somehow abort the async iterable.
    for await (const chunk of body) {
      if (socket[kError]) {
        throw socket[kError]
      }

      if (!writer.write(chunk)) {
        await waitForDrain()
      }
    }

    writer.end()
  } catch (err) {
    writer.destroy(err)
  } finally {
    socket
      .off('close', onDrain)
      .off('drain', onDrain)
  }
}

class AsyncWriter {
  constructor ({ abort, socket, request, contentLength, client, expectsPayload, header }) {
    this.socket = socket
    this.request = request
    this.contentLength = contentLength
    this.client = client
    this.bytesWritten = 0
    this.expectsPayload = expectsPayload
    this.header = header
    this.abort = abort

    socket[kWriting] = true
  }

  write (chunk) {
    const { socket, request, contentLength, client, bytesWritten, expectsPayload, header } = this

    if (socket[kError]) {
      throw socket[kError]
    }

    if (socket.destroyed) {
      return false
    }

    const len = Buffer.byteLength(chunk)
    if (!len) {
      return true
    }

    // We should defer writing chunks.
    if (contentLength !== null && bytesWritten + len > contentLength) {
      if (client[kStrictContentLength]) {
        throw new RequestContentLengthMismatchError()
      }

      process.emitWarning(new RequestContentLengthMismatchError())
    }

    socket.cork()

    if (bytesWritten === 0) {
      if (!expectsPayload && request.reset !== false) {
        socket[kReset] = true
      }

      if (contentLength === null) {
        socket.write(`${header}transfer-encoding: chunked\r\n`, 'latin1')
      } else {
        socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
      }
    }

    if (contentLength === null) {
      socket.write(`\r\n${len.toString(16)}\r\n`, 'latin1')
    }

    this.bytesWritten += len

    const ret = socket.write(chunk)

    socket.uncork()

    request.onBodySent(chunk)

    if (!ret) {
      if (socket[kParser].timeout && socket[kParser].timeoutType === TIMEOUT_HEADERS) {
        // istanbul ignore else: only for jest
        if (socket[kParser].timeout.refresh) {
          socket[kParser].timeout.refresh()
        }
      }
    }

    return ret
  }

  end () {
    const { socket, contentLength, client, bytesWritten, expectsPayload, header, request } = this
    request.onRequestSent()

    socket[kWriting] = false

    if (socket[kError]) {
      throw socket[kError]
    }

    if (socket.destroyed) {
      return
    }

    if (bytesWritten === 0) {
      if (expectsPayload) {
        // https://tools.ietf.org/html/rfc7230#section-3.3.2
        // A user agent SHOULD send a Content-Length in a request message when
        // no Transfer-Encoding is sent and the request method defines a meaning
        // for an enclosed payload body.

        socket.write(`${header}content-length: 0\r\n\r\n`, 'latin1')
      } else {
        socket.write(`${header}\r\n`, 'latin1')
      }
    } else if (contentLength === null) {
      socket.write('\r\n0\r\n\r\n', 'latin1')
    }

    if (contentLength !== null && bytesWritten !== contentLength) {
      if (client[kStrictContentLength]) {
        throw new RequestContentLengthMismatchError()
      } else {
        process.emitWarning(new RequestContentLengthMismatchError())
      }
    }

    if (socket[kParser].timeout && socket[kParser].timeoutType === TIMEOUT_HEADERS) {
      // istanbul ignore else: only for jest
      if (socket[kParser].timeout.refresh) {
        socket[kParser].timeout.refresh()
      }
    }

    client[kResume]()
  }

  destroy (err) {
    const { socket, client, abort } = this

    socket[kWriting] = false

    if (err) {
      assert(client[kRunning] <= 1, 'pipeline should only contain this request')
      abort(err)
    }
  }
}

module.exports = connectH1


/***/ }),

/***/ 8788:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const assert = __nccwpck_require__(4589)
const { errorMonitor } = __nccwpck_require__(8474)
const { pipeline } = __nccwpck_require__(7075)
const util = __nccwpck_require__(3440)
const {
  RequestContentLengthMismatchError,
  RequestAbortedError,
  SocketError,
  InformationalError
} = __nccwpck_require__(8707)
const {
  kUrl,
  kReset,
  kClient,
  kRunning,
  kPending,
  kQueue,
  kPendingIdx,
  kRunningIdx,
  kError,
  kSocket,
  kStrictContentLength,
  kOnError,
  kMaxConcurrentStreams,
  kHTTP2Session,
  kResume,
  kSize,
  kHTTPContext
} = __nccwpck_require__(6443)

const kOpenStreams = Symbol('open streams')

let extractBody

// Experimental
let h2ExperimentalWarned = false

/** @type {import('http2')} */
let http2
try {
  http2 = __nccwpck_require__(2467)
} catch {
  // @ts-ignore
  http2 = { constants: {} }
}

const {
  constants: {
    HTTP2_HEADER_AUTHORITY,
    HTTP2_HEADER_METHOD,
    HTTP2_HEADER_PATH,
    HTTP2_HEADER_SCHEME,
    HTTP2_HEADER_CONTENT_LENGTH,
    HTTP2_HEADER_EXPECT,
    HTTP2_HEADER_STATUS
  }
} = http2

function parseH2Headers (headers) {
  const result = []

  for (const [name, value] of Object.entries(headers)) {
    // h2 may concat the header value by array
    // e.g. Set-Cookie
    if (Array.isArray(value)) {
      for (const subvalue of value) {
        // we need to provide each header value of header name
        // because the headers handler expect name-value pair
        result.push(Buffer.from(name), Buffer.from(subvalue))
      }
    } else {
      result.push(Buffer.from(name), Buffer.from(value))
    }
  }

  return result
}

/**
 * @param {import('node:http2').IncomingHttpHeaders} headers
 * @returns {Buffer[]}
 */
function parseH2ResponseHeaders (headers) {
  const { [HTTP2_HEADER_STATUS]: _statusCode, ...realHeaders } = headers
  return parseH2Headers(realHeaders)
}

async function connectH2 (client, socket) {
  client[kSocket] = socket

  if (!h2ExperimentalWarned) {
    h2ExperimentalWarned = true
    process.emitWarning('H2 support is experimental, expect them to change at any time.', {
      code: 'UNDICI-H2'
    })
  }

  const session = http2.connect(client[kUrl], {
    createConnection: () => socket,
    peerMaxConcurrentStreams: client[kMaxConcurrentStreams]
  })

  session[kOpenStreams] = 0
  session[kClient] = client
  session[kSocket] = socket

  util.addListener(session, 'error', onHttp2SessionError)
  util.addListener(session, 'frameError', onHttp2FrameError)
  util.addListener(session, 'end', onHttp2SessionEnd)
  util.addListener(session, 'goaway', onHTTP2GoAway)
  util.addListener(session, 'close', function () {
    const { [kClient]: client } = this
    const { [kSocket]: socket } = client

    const err = this[kSocket][kError] || this[kError] || new SocketError('closed', util.getSocketInfo(socket))

    client[kHTTP2Session] = null

    if (client.destroyed) {
      assert(client[kPending] === 0)

      // Fail entire queue.
      const requests = client[kQueue].splice(client[kRunningIdx])
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i]
        util.errorRequest(client, request, err)
      }
    }
  })

  session.unref()

  client[kHTTP2Session] = session
  socket[kHTTP2Session] = session

  util.addListener(socket, 'error', function (err) {
    this[kError] = err

    this[kClient][kOnError](err)
  })

  util.addListener(socket, 'end', function () {
    util.destroy(this, new SocketError('other side closed', util.getSocketInfo(this)))
  })

  util.addListener(socket, 'close', function () {
    const err = this[kError] || new SocketError('closed', util.getSocketInfo(this))

    client[kSocket] = null

    if (this[kHTTP2Session] != null) {
      this[kHTTP2Session].destroy(err)
    }

    client[kPendingIdx] = client[kRunningIdx]

    assert(client[kRunning] === 0)

    client.emit('disconnect', client[kUrl], [client], err)

    client[kResume]()
  })

  let closed = false
  socket.on('close', () => {
    closed = true
  })

  return {
    version: 'h2',
    defaultPipelining: Infinity,
    write (...args) {
      return writeH2(client, ...args)
    },
    resume () {
      resumeH2(client)
    },
    destroy (err, callback) {
      if (closed) {
        queueMicrotask(callback)
      } else {
        // Destroying the socket will trigger the session close
        socket.destroy(err).on('close', callback)
      }
    },
    get destroyed () {
      return socket.destroyed
    },
    busy () {
      return false
    }
  }
}

function resumeH2 (client) {
  const socket = client[kSocket]

  if (socket?.destroyed === false) {
    if (client[kSize] === 0 && client[kMaxConcurrentStreams] === 0) {
      socket.unref()
      client[kHTTP2Session].unref()
    } else {
      socket.ref()
      client[kHTTP2Session].ref()
    }
  }
}

function onHttp2SessionError (err) {
  this[kSocket][kError] = err
  this[kClient][kOnError](err)
}

function onHttp2FrameError (type, code, id) {
  if (id === 0) {
    const err = new InformationalError(`HTTP/2: "frameError" received - type ${type}, code ${code}`)
    this[kSocket][kError] = err
    this[kClient][kOnError](err)
  }
}

function onHttp2SessionEnd () {
  const err = new SocketError('other side closed', util.getSocketInfo(this[kSocket]))
  this.destroy(err)
  util.destroy(this[kSocket], err)
}

/**
 * This is the root cause of #3011
 * We need to handle GOAWAY frames properly, and trigger the session close
 * along with the socket right away
 */
function onHTTP2GoAway (code) {
  // We cannot recover, so best to close the session and the socket
  const err = this[kError] || new SocketError(`HTTP/2: "GOAWAY" frame received with code ${code}`, util.getSocketInfo(this))
  const client = this[kClient]

  client[kSocket] = null
  client[kHTTPContext] = null

  if (this[kHTTP2Session] != null) {
    this[kHTTP2Session].destroy(err)
    this[kHTTP2Session] = null
  }

  util.destroy(this[kSocket], err)

  // Fail head of pipeline.
  if (client[kRunningIdx] < client[kQueue].length) {
    const request = client[kQueue][client[kRunningIdx]]
    client[kQueue][client[kRunningIdx]++] = null
    util.errorRequest(client, request, err)
    client[kPendingIdx] = client[kRunningIdx]
  }

  assert(client[kRunning] === 0)

  client.emit('disconnect', client[kUrl], [client], err)

  client[kResume]()
}

// https://www.rfc-editor.org/rfc/rfc7230#section-3.3.2
function shouldSendContentLength (method) {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && method !== 'TRACE' && method !== 'CONNECT'
}

function writeH2 (client, request) {
  const session = client[kHTTP2Session]
  const { method, path, host, upgrade, expectContinue, signal, headers: reqHeaders } = request
  let { body } = request

  if (upgrade) {
    util.errorRequest(client, request, new Error('Upgrade not supported for H2'))
    return false
  }

  const headers = {}
  for (let n = 0; n < reqHeaders.length; n += 2) {
    const key = reqHeaders[n + 0]
    const val = reqHeaders[n + 1]

    if (Array.isArray(val)) {
      for (let i = 0; i < val.length; i++) {
        if (headers[key]) {
          headers[key] += `,${val[i]}`
        } else {
          headers[key] = val[i]
        }
      }
    } else {
      headers[key] = val
    }
  }

  /** @type {import('node:http2').ClientHttp2Stream} */
  let stream

  const { hostname, port } = client[kUrl]

  headers[HTTP2_HEADER_AUTHORITY] = host || `${hostname}${port ? `:${port}` : ''}`
  headers[HTTP2_HEADER_METHOD] = method

  /**
   * @param {Error} [error]
   */
  const abort = (error) => {
    if (request.aborted) {
      return
    }

    if (request.completed) {
      if (method === 'CONNECT' && stream != null) {
        util.destroy(stream, error || new RequestAbortedError())
      }
      return
    }

    error = error || new RequestAbortedError()

    util.errorRequest(client, request, error)

    if (stream != null) {
      util.destroy(stream, error)
    }

    // We do not destroy the socket as we can continue using the session
    // the stream get's destroyed and the session remains to create new streams
    util.destroy(body, error)
    client[kQueue][client[kRunningIdx]++] = null
    client[kResume]()
  }

  try {
    // We are already connected, streams are pending.
    // We can call on connect, and wait for abort
    request.onConnect(abort)
  } catch (err) {
    util.errorRequest(client, request, err)
  }

  if (request.aborted) {
    return false
  }

  if (method === 'CONNECT') {
    session.ref()
    // We disabled endStream to allow the user to write to the stream
    stream = session.request(headers, { endStream: false, signal })
    let upgradeResponseFinished = false

    /**
     * @param {import('node:http2').IncomingHttpHeaders} headers
     */
    const onResponse = (headers) => {
      upgradeResponseFinished = true
      stream.off(errorMonitor, onUpgradeError)
      request.onUpgradeResponse(Number(headers[HTTP2_HEADER_STATUS]), headers, parseH2ResponseHeaders)
    }

    /**
     * @param {Error} error
     */
    const onUpgradeError = (error) => {
      upgradeResponseFinished = true
      stream.off('response', onResponse)
      request.onUpgradeError(error)
    }

    const onReady = () => {
      try {
        request.onUpgrade(null, null, stream)
      } catch (error) {
        stream.off('response', onResponse)
        abort(error)
        return
      }

      if (request.aborted) {
        return
      }

      stream.off('error', abort)
      stream.once(errorMonitor, onUpgradeError)
      client[kQueue][client[kRunningIdx]++] = null
    }

    stream.once('response', onResponse)
    stream.once('error', abort)
    ++session[kOpenStreams]
    onReady()

    stream.once('close', () => {
      if (!upgradeResponseFinished && request.completed) {
        stream.off('response', onResponse)
        stream.off(errorMonitor, onUpgradeError)
        request.onUpgradeError(new InformationalError(`HTTP/2: "stream error" received - code ${stream.rstCode}`))
      }
      session[kOpenStreams] -= 1
      if (session[kOpenStreams] === 0) session.unref()
    })

    return true
  }

  // https://tools.ietf.org/html/rfc7540#section-8.3
  // :path and :scheme headers must be omitted when sending CONNECT

  headers[HTTP2_HEADER_PATH] = path
  headers[HTTP2_HEADER_SCHEME] = 'https'

  // https://tools.ietf.org/html/rfc7231#section-4.3.1
  // https://tools.ietf.org/html/rfc7231#section-4.3.2
  // https://tools.ietf.org/html/rfc7231#section-4.3.5

  // Sending a payload body on a request that does not
  // expect it can cause undefined behavior on some
  // servers and corrupt connection state. Do not
  // re-use the connection for further requests.

  const expectsPayload = (
    method === 'PUT' ||
    method === 'POST' ||
    method === 'PATCH'
  )

  if (body && typeof body.read === 'function') {
    // Try to read EOF in order to get length.
    body.read(0)
  }

  let contentLength = util.bodyLength(body)

  if (util.isFormDataLike(body)) {
    extractBody ??= (__nccwpck_require__(4492).extractBody)

    const [bodyStream, contentType] = extractBody(body)
    headers['content-type'] = contentType

    body = bodyStream.stream
    contentLength = bodyStream.length
  }

  if (contentLength == null) {
    contentLength = request.contentLength
  }

  if (contentLength === 0 || !expectsPayload) {
    // https://tools.ietf.org/html/rfc7230#section-3.3.2
    // A user agent SHOULD NOT send a Content-Length header field when
    // the request message does not contain a payload body and the method
    // semantics do not anticipate such a body.

    contentLength = null
  }

  // https://github.com/nodejs/undici/issues/2046
  // A user agent may send a Content-Length header with 0 value, this should be allowed.
  if (shouldSendContentLength(method) && contentLength > 0 && request.contentLength != null && request.contentLength !== contentLength) {
    if (client[kStrictContentLength]) {
      util.errorRequest(client, request, new RequestContentLengthMismatchError())
      return false
    }

    process.emitWarning(new RequestContentLengthMismatchError())
  }

  if (contentLength != null) {
    assert(body, 'no body must not have content length')
    headers[HTTP2_HEADER_CONTENT_LENGTH] = `${contentLength}`
  }

  session.ref()

  const shouldEndStream = method === 'GET' || method === 'HEAD' || body === null
  if (expectContinue) {
    headers[HTTP2_HEADER_EXPECT] = '100-continue'
    stream = session.request(headers, { endStream: shouldEndStream, signal })

    stream.once('continue', writeBodyH2)
  } else {
    stream = session.request(headers, {
      endStream: shouldEndStream,
      signal
    })
    writeBodyH2()
  }

  // Increment counter as we have new streams open
  ++session[kOpenStreams]

  stream.once('response', headers => {
    const { [HTTP2_HEADER_STATUS]: statusCode, ...realHeaders } = headers
    request.onResponseStarted()

    // Due to the stream nature, it is possible we face a race condition
    // where the stream has been assigned, but the request has been aborted
    // the request remains in-flight and headers hasn't been received yet
    // for those scenarios, best effort is to destroy the stream immediately
    // as there's no value to keep it open.
    if (request.aborted) {
      const err = new RequestAbortedError()
      util.errorRequest(client, request, err)
      util.destroy(stream, err)
      return
    }

    if (request.onHeaders(Number(statusCode), parseH2Headers(realHeaders), stream.resume.bind(stream), '') === false) {
      stream.pause()
    }

    stream.on('data', (chunk) => {
      if (request.onData(chunk) === false) {
        stream.pause()
      }
    })
  })

  stream.once('end', () => {
    // When state is null, it means we haven't consumed body and the stream still do not have
    // a state.
    // Present specially when using pipeline or stream
    if (stream.state?.state == null || stream.state.state < 6) {
      request.onComplete([])
    }

    if (session[kOpenStreams] === 0) {
      // Stream is closed or half-closed-remote (6), decrement counter and cleanup
      // It does not have sense to continue working with the stream as we do not
      // have yet RST_STREAM support on client-side

      session.unref()
    }

    abort(new InformationalError('HTTP/2: stream half-closed (remote)'))
    client[kQueue][client[kRunningIdx]++] = null
    client[kPendingIdx] = client[kRunningIdx]
    client[kResume]()
  })

  stream.once('close', () => {
    session[kOpenStreams] -= 1
    if (session[kOpenStreams] === 0) {
      session.unref()
    }
  })

  stream.once('error', function (err) {
    abort(err)
  })

  stream.once('frameError', (type, code) => {
    abort(new InformationalError(`HTTP/2: "frameError" received - type ${type}, code ${code}`))
  })

  // stream.on('aborted', () => {
  //   // TODO(HTTP/2): Support aborted
  // })

  // stream.on('timeout', () => {
  //   // TODO(HTTP/2): Support timeout
  // })

  // stream.on('push', headers => {
  //   // TODO(HTTP/2): Support push
  // })

  // stream.on('trailers', headers => {
  //   // TODO(HTTP/2): Support trailers
  // })

  return true

  function writeBodyH2 () {
    /* istanbul ignore else: assertion */
    if (!body || contentLength === 0) {
      writeBuffer(
        abort,
        stream,
        null,
        client,
        request,
        client[kSocket],
        contentLength,
        expectsPayload
      )
    } else if (util.isBuffer(body)) {
      writeBuffer(
        abort,
        stream,
        body,
        client,
        request,
        client[kSocket],
        contentLength,
        expectsPayload
      )
    } else if (util.isBlobLike(body)) {
      if (typeof body.stream === 'function') {
        writeIterable(
          abort,
          stream,
          body.stream(),
          client,
          request,
          client[kSocket],
          contentLength,
          expectsPayload
        )
      } else {
        writeBlob(
          abort,
          stream,
          body,
          client,
          request,
          client[kSocket],
          contentLength,
          expectsPayload
        )
      }
    } else if (util.isStream(body)) {
      writeStream(
        abort,
        client[kSocket],
        expectsPayload,
        stream,
        body,
        client,
        request,
        contentLength
      )
    } else if (util.isIterable(body)) {
      writeIterable(
        abort,
        stream,
        body,
        client,
        request,
        client[kSocket],
        contentLength,
        expectsPayload
      )
    } else {
      assert(false)
    }
  }
}

function writeBuffer (abort, h2stream, body, client, request, socket, contentLength, expectsPayload) {
  try {
    if (body != null && util.isBuffer(body)) {
      assert(contentLength === body.byteLength, 'buffer body must have content length')
      h2stream.cork()
      h2stream.write(body)
      h2stream.uncork()
      h2stream.end()

      request.onBodySent(body)
    }

    if (!expectsPayload) {
      socket[kReset] = true
    }

    request.onRequestSent()
    client[kResume]()
  } catch (error) {
    abort(error)
  }
}

function writeStream (abort, socket, expectsPayload, h2stream, body, client, request, contentLength) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'stream body cannot be pipelined')

  // For HTTP/2, is enough to pipe the stream
  const pipe = pipeline(
    body,
    h2stream,
    (err) => {
      if (err) {
        util.destroy(pipe, err)
        abort(err)
      } else {
        util.removeAllListeners(pipe)
        request.onRequestSent()

        if (!expectsPayload) {
          socket[kReset] = true
        }

        client[kResume]()
      }
    }
  )

  util.addListener(pipe, 'data', onPipeData)

  function onPipeData (chunk) {
    request.onBodySent(chunk)
  }
}

async function writeBlob (abort, h2stream, body, client, request, socket, contentLength, expectsPayload) {
  assert(contentLength === body.size, 'blob body must have content length')

  try {
    if (contentLength != null && contentLength !== body.size) {
      throw new RequestContentLengthMismatchError()
    }

    const buffer = Buffer.from(await body.arrayBuffer())

    h2stream.cork()
    h2stream.write(buffer)
    h2stream.uncork()
    h2stream.end()

    request.onBodySent(buffer)
    request.onRequestSent()

    if (!expectsPayload) {
      socket[kReset] = true
    }

    client[kResume]()
  } catch (err) {
    abort(err)
  }
}

async function writeIterable (abort, h2stream, body, client, request, socket, contentLength, expectsPayload) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'iterator body cannot be pipelined')

  let callback = null
  function onDrain () {
    if (callback) {
      const cb = callback
      callback = null
      cb()
    }
  }

  const waitForDrain = () => new Promise((resolve, reject) => {
    assert(callback === null)

    if (socket[kError]) {
      reject(socket[kError])
    } else {
      callback = resolve
    }
  })

  h2stream
    .on('close', onDrain)
    .on('drain', onDrain)

  try {
    // It's up to the user to somehow abort the async iterable.
    for await (const chunk of body) {
      if (socket[kError]) {
        throw socket[kError]
      }

      const res = h2stream.write(chunk)
      request.onBodySent(chunk)
      if (!res) {
        await waitForDrain()
      }
    }

    h2stream.end()

    request.onRequestSent()

    if (!expectsPayload) {
      socket[kReset] = true
    }

    client[kResume]()
  } catch (err) {
    abort(err)
  } finally {
    h2stream
      .off('close', onDrain)
      .off('drain', onDrain)
  }
}

module.exports = connectH2


/***/ }),

/***/ 3701:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

// @ts-check



const assert = __nccwpck_require__(4589)
const net = __nccwpck_require__(7030)
const http = __nccwpck_require__(7067)
const util = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const Request = __nccwpck_require__(4655)
const DispatcherBase = __nccwpck_require__(1841)
const {
  InvalidArgumentError,
  InformationalError,
  ClientDestroyedError
} = __nccwpck_require__(8707)
const buildConnector = __nccwpck_require__(9136)
const {
  kUrl,
  kServerName,
  kClient,
  kBusy,
  kConnect,
  kResuming,
  kRunning,
  kPending,
  kSize,
  kQueue,
  kConnected,
  kConnecting,
  kNeedDrain,
  kKeepAliveDefaultTimeout,
  kHostHeader,
  kPendingIdx,
  kRunningIdx,
  kError,
  kPipelining,
  kKeepAliveTimeoutValue,
  kMaxHeadersSize,
  kKeepAliveMaxTimeout,
  kKeepAliveTimeoutThreshold,
  kHeadersTimeout,
  kBodyTimeout,
  kStrictContentLength,
  kConnector,
  kMaxRedirections,
  kMaxRequests,
  kCounter,
  kClose,
  kDestroy,
  kDispatch,
  kInterceptors,
  kLocalAddress,
  kMaxResponseSize,
  kOnError,
  kHTTPContext,
  kMaxConcurrentStreams,
  kResume
} = __nccwpck_require__(6443)
const connectH1 = __nccwpck_require__(637)
const connectH2 = __nccwpck_require__(8788)
let deprecatedInterceptorWarned = false

const kClosedResolve = Symbol('kClosedResolve')

const noop = () => {}

function getPipelining (client) {
  return client[kPipelining] ?? client[kHTTPContext]?.defaultPipelining ?? 1
}

/**
 * @type {import('../../types/client.js').default}
 */
class Client extends DispatcherBase {
  /**
   *
   * @param {string|URL} url
   * @param {import('../../types/client.js').Client.Options} options
   */
  constructor (url, {
    interceptors,
    maxHeaderSize,
    headersTimeout,
    socketTimeout,
    requestTimeout,
    connectTimeout,
    bodyTimeout,
    idleTimeout,
    keepAlive,
    keepAliveTimeout,
    maxKeepAliveTimeout,
    keepAliveMaxTimeout,
    keepAliveTimeoutThreshold,
    socketPath,
    pipelining,
    tls,
    strictContentLength,
    maxCachedSessions,
    maxRedirections,
    connect,
    maxRequestsPerClient,
    localAddress,
    maxResponseSize,
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    // h2
    maxConcurrentStreams,
    allowH2,
    webSocket,
    eventSource
  } = {}) {
    super({ webSocket, eventSource })

    if (keepAlive !== undefined) {
      throw new InvalidArgumentError('unsupported keepAlive, use pipelining=0 instead')
    }

    if (socketTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported socketTimeout, use headersTimeout & bodyTimeout instead')
    }

    if (requestTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported requestTimeout, use headersTimeout & bodyTimeout instead')
    }

    if (idleTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported idleTimeout, use keepAliveTimeout instead')
    }

    if (maxKeepAliveTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported maxKeepAliveTimeout, use keepAliveMaxTimeout instead')
    }

    if (maxHeaderSize != null && !Number.isFinite(maxHeaderSize)) {
      throw new InvalidArgumentError('invalid maxHeaderSize')
    }

    if (socketPath != null && typeof socketPath !== 'string') {
      throw new InvalidArgumentError('invalid socketPath')
    }

    if (connectTimeout != null && (!Number.isFinite(connectTimeout) || connectTimeout < 0)) {
      throw new InvalidArgumentError('invalid connectTimeout')
    }

    if (keepAliveTimeout != null && (!Number.isFinite(keepAliveTimeout) || keepAliveTimeout <= 0)) {
      throw new InvalidArgumentError('invalid keepAliveTimeout')
    }

    if (keepAliveMaxTimeout != null && (!Number.isFinite(keepAliveMaxTimeout) || keepAliveMaxTimeout <= 0)) {
      throw new InvalidArgumentError('invalid keepAliveMaxTimeout')
    }

    if (keepAliveTimeoutThreshold != null && !Number.isFinite(keepAliveTimeoutThreshold)) {
      throw new InvalidArgumentError('invalid keepAliveTimeoutThreshold')
    }

    if (headersTimeout != null && (!Number.isInteger(headersTimeout) || headersTimeout < 0)) {
      throw new InvalidArgumentError('headersTimeout must be a positive integer or zero')
    }

    if (bodyTimeout != null && (!Number.isInteger(bodyTimeout) || bodyTimeout < 0)) {
      throw new InvalidArgumentError('bodyTimeout must be a positive integer or zero')
    }

    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }

    if (maxRedirections != null && (!Number.isInteger(maxRedirections) || maxRedirections < 0)) {
      throw new InvalidArgumentError('maxRedirections must be a positive number')
    }

    if (maxRequestsPerClient != null && (!Number.isInteger(maxRequestsPerClient) || maxRequestsPerClient < 0)) {
      throw new InvalidArgumentError('maxRequestsPerClient must be a positive number')
    }

    if (localAddress != null && (typeof localAddress !== 'string' || net.isIP(localAddress) === 0)) {
      throw new InvalidArgumentError('localAddress must be valid string IP address')
    }

    if (maxResponseSize != null && (!Number.isInteger(maxResponseSize) || maxResponseSize < -1)) {
      throw new InvalidArgumentError('maxResponseSize must be a positive number')
    }

    if (
      autoSelectFamilyAttemptTimeout != null &&
      (!Number.isInteger(autoSelectFamilyAttemptTimeout) || autoSelectFamilyAttemptTimeout < -1)
    ) {
      throw new InvalidArgumentError('autoSelectFamilyAttemptTimeout must be a positive number')
    }

    // h2
    if (allowH2 != null && typeof allowH2 !== 'boolean') {
      throw new InvalidArgumentError('allowH2 must be a valid boolean value')
    }

    if (maxConcurrentStreams != null && (typeof maxConcurrentStreams !== 'number' || maxConcurrentStreams < 1)) {
      throw new InvalidArgumentError('maxConcurrentStreams must be a positive integer, greater than 0')
    }

    if (typeof connect !== 'function') {
      connect = buildConnector({
        ...tls,
        maxCachedSessions,
        allowH2,
        socketPath,
        timeout: connectTimeout,
        ...(autoSelectFamily ? { autoSelectFamily, autoSelectFamilyAttemptTimeout } : undefined),
        ...connect
      })
    }

    if (interceptors?.Client && Array.isArray(interceptors.Client)) {
      this[kInterceptors] = interceptors.Client
      if (!deprecatedInterceptorWarned) {
        deprecatedInterceptorWarned = true
        process.emitWarning('Client.Options#interceptor is deprecated. Use Dispatcher#compose instead.', {
          code: 'UNDICI-CLIENT-INTERCEPTOR-DEPRECATED'
        })
      }
    } else {
      this[kInterceptors] = [createRedirectInterceptor({ maxRedirections })]
    }

    this[kUrl] = util.parseOrigin(url)
    this[kConnector] = connect
    this[kPipelining] = pipelining != null ? pipelining : 1
    this[kMaxHeadersSize] = maxHeaderSize || http.maxHeaderSize
    this[kKeepAliveDefaultTimeout] = keepAliveTimeout == null ? 4e3 : keepAliveTimeout
    this[kKeepAliveMaxTimeout] = keepAliveMaxTimeout == null ? 600e3 : keepAliveMaxTimeout
    this[kKeepAliveTimeoutThreshold] = keepAliveTimeoutThreshold == null ? 2e3 : keepAliveTimeoutThreshold
    this[kKeepAliveTimeoutValue] = this[kKeepAliveDefaultTimeout]
    this[kServerName] = null
    this[kLocalAddress] = localAddress != null ? localAddress : null
    this[kResuming] = 0 // 0, idle, 1, scheduled, 2 resuming
    this[kNeedDrain] = 0 // 0, idle, 1, scheduled, 2 resuming
    this[kHostHeader] = `host: ${this[kUrl].hostname}${this[kUrl].port ? `:${this[kUrl].port}` : ''}\r\n`
    this[kBodyTimeout] = bodyTimeout != null ? bodyTimeout : 300e3
    this[kHeadersTimeout] = headersTimeout != null ? headersTimeout : 300e3
    this[kStrictContentLength] = strictContentLength == null ? true : strictContentLength
    this[kMaxRedirections] = maxRedirections
    this[kMaxRequests] = maxRequestsPerClient
    this[kClosedResolve] = null
    this[kMaxResponseSize] = maxResponseSize > -1 ? maxResponseSize : -1
    this[kMaxConcurrentStreams] = maxConcurrentStreams != null ? maxConcurrentStreams : 100 // Max peerConcurrentStreams for a Node h2 server
    this[kHTTPContext] = null

    // kQueue is built up of 3 sections separated by
    // the kRunningIdx and kPendingIdx indices.
    // |   complete   |   running   |   pending   |
    //                ^ kRunningIdx ^ kPendingIdx ^ kQueue.length
    // kRunningIdx points to the first running element.
    // kPendingIdx points to the first pending element.
    // This implements a fast queue with an amortized
    // time of O(1).

    this[kQueue] = []
    this[kRunningIdx] = 0
    this[kPendingIdx] = 0

    this[kResume] = (sync) => resume(this, sync)
    this[kOnError] = (err) => onError(this, err)
  }

  get pipelining () {
    return this[kPipelining]
  }

  set pipelining (value) {
    this[kPipelining] = value
    this[kResume](true)
  }

  get [kPending] () {
    return this[kQueue].length - this[kPendingIdx]
  }

  get [kRunning] () {
    return this[kPendingIdx] - this[kRunningIdx]
  }

  get [kSize] () {
    return this[kQueue].length - this[kRunningIdx]
  }

  get [kConnected] () {
    return !!this[kHTTPContext] && !this[kConnecting] && !this[kHTTPContext].destroyed
  }

  get [kBusy] () {
    return Boolean(
      this[kHTTPContext]?.busy(null) ||
      (this[kSize] >= (getPipelining(this) || 1)) ||
      this[kPending] > 0
    )
  }

  /* istanbul ignore: only used for test */
  [kConnect] (cb) {
    connect(this)
    this.once('connect', cb)
  }

  [kDispatch] (opts, handler) {
    const origin = opts.origin || this[kUrl].origin
    const request = new Request(origin, opts, handler)

    this[kQueue].push(request)
    if (this[kResuming]) {
      // Do nothing.
    } else if (util.bodyLength(request.body) == null && util.isIterable(request.body)) {
      // Wait a tick in case stream/iterator is ended in the same tick.
      this[kResuming] = 1
      queueMicrotask(() => resume(this))
    } else {
      this[kResume](true)
    }

    if (this[kResuming] && this[kNeedDrain] !== 2 && this[kBusy]) {
      this[kNeedDrain] = 2
    }

    return this[kNeedDrain] < 2
  }

  async [kClose] () {
    // TODO: for H2 we need to gracefully flush the remaining enqueued
    // request and close each stream.
    return new Promise((resolve) => {
      if (this[kSize]) {
        this[kClosedResolve] = resolve
      } else {
        resolve(null)
      }
    })
  }

  async [kDestroy] (err) {
    return new Promise((resolve) => {
      const requests = this[kQueue].splice(this[kPendingIdx])
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i]
        util.errorRequest(this, request, err)
      }

      const callback = () => {
        if (this[kClosedResolve]) {
          // TODO (fix): Should we error here with ClientDestroyedError?
          this[kClosedResolve]()
          this[kClosedResolve] = null
        }
        resolve(null)
      }

      if (this[kHTTPContext]) {
        this[kHTTPContext].destroy(err, callback)
        this[kHTTPContext] = null
      } else {
        queueMicrotask(callback)
      }

      this[kResume]()
    })
  }
}

const createRedirectInterceptor = __nccwpck_require__(5092)

function onError (client, err) {
  if (
    client[kRunning] === 0 &&
    err.code !== 'UND_ERR_INFO' &&
    err.code !== 'UND_ERR_SOCKET'
  ) {
    // Error is not caused by running request and not a recoverable
    // socket error.

    assert(client[kPendingIdx] === client[kRunningIdx])

    const requests = client[kQueue].splice(client[kRunningIdx])

    for (let i = 0; i < requests.length; i++) {
      const request = requests[i]
      util.errorRequest(client, request, err)
    }
    assert(client[kSize] === 0)
  }
}

/**
 * @param {Client} client
 * @returns
 */
async function connect (client) {
  assert(!client[kConnecting])
  assert(!client[kHTTPContext])

  let { host, hostname, protocol, port } = client[kUrl]

  // Resolve ipv6
  if (hostname[0] === '[') {
    const idx = hostname.indexOf(']')

    assert(idx !== -1)
    const ip = hostname.substring(1, idx)

    assert(net.isIP(ip))
    hostname = ip
  }

  client[kConnecting] = true

  if (channels.beforeConnect.hasSubscribers) {
    channels.beforeConnect.publish({
      connectParams: {
        host,
        hostname,
        protocol,
        port,
        version: client[kHTTPContext]?.version,
        servername: client[kServerName],
        localAddress: client[kLocalAddress]
      },
      connector: client[kConnector]
    })
  }

  try {
    const socket = await new Promise((resolve, reject) => {
      client[kConnector]({
        host,
        hostname,
        protocol,
        port,
        servername: client[kServerName],
        localAddress: client[kLocalAddress]
      }, (err, socket) => {
        if (err) {
          reject(err)
        } else {
          resolve(socket)
        }
      })
    })

    if (client.destroyed) {
      util.destroy(socket.on('error', noop), new ClientDestroyedError())
      return
    }

    assert(socket)

    try {
      client[kHTTPContext] = socket.alpnProtocol === 'h2'
        ? await connectH2(client, socket)
        : await connectH1(client, socket)
    } catch (err) {
      socket.destroy().on('error', noop)
      throw err
    }

    client[kConnecting] = false

    socket[kCounter] = 0
    socket[kMaxRequests] = client[kMaxRequests]
    socket[kClient] = client
    socket[kError] = null

    if (channels.connected.hasSubscribers) {
      channels.connected.publish({
        connectParams: {
          host,
          hostname,
          protocol,
          port,
          version: client[kHTTPContext]?.version,
          servername: client[kServerName],
          localAddress: client[kLocalAddress]
        },
        connector: client[kConnector],
        socket
      })
    }
    client.emit('connect', client[kUrl], [client])
  } catch (err) {
    if (client.destroyed) {
      return
    }

    client[kConnecting] = false

    if (channels.connectError.hasSubscribers) {
      channels.connectError.publish({
        connectParams: {
          host,
          hostname,
          protocol,
          port,
          version: client[kHTTPContext]?.version,
          servername: client[kServerName],
          localAddress: client[kLocalAddress]
        },
        connector: client[kConnector],
        error: err
      })
    }

    if (err.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
      assert(client[kRunning] === 0)
      while (client[kPending] > 0 && client[kQueue][client[kPendingIdx]].servername === client[kServerName]) {
        const request = client[kQueue][client[kPendingIdx]++]
        util.errorRequest(client, request, err)
      }
    } else {
      onError(client, err)
    }

    client.emit('connectionError', client[kUrl], [client], err)
  }

  client[kResume]()
}

function emitDrain (client) {
  client[kNeedDrain] = 0
  client.emit('drain', client[kUrl], [client])
}

function resume (client, sync) {
  if (client[kResuming] === 2) {
    return
  }

  client[kResuming] = 2

  _resume(client, sync)
  client[kResuming] = 0

  if (client[kRunningIdx] > 256) {
    client[kQueue].splice(0, client[kRunningIdx])
    client[kPendingIdx] -= client[kRunningIdx]
    client[kRunningIdx] = 0
  }
}

function _resume (client, sync) {
  while (true) {
    if (client.destroyed) {
      assert(client[kPending] === 0)
      return
    }

    if (client[kClosedResolve] && !client[kSize]) {
      client[kClosedResolve]()
      client[kClosedResolve] = null
      return
    }

    if (client[kHTTPContext]) {
      client[kHTTPContext].resume()
    }

    if (client[kBusy]) {
      client[kNeedDrain] = 2
    } else if (client[kNeedDrain] === 2) {
      if (sync) {
        client[kNeedDrain] = 1
        queueMicrotask(() => emitDrain(client))
      } else {
        emitDrain(client)
      }
      continue
    }

    if (client[kPending] === 0) {
      return
    }

    if (client[kRunning] >= (getPipelining(client) || 1)) {
      return
    }

    const request = client[kQueue][client[kPendingIdx]]

    if (client[kUrl].protocol === 'https:' && client[kServerName] !== request.servername) {
      if (client[kRunning] > 0) {
        return
      }

      client[kServerName] = request.servername
      client[kHTTPContext]?.destroy(new InformationalError('servername changed'), () => {
        client[kHTTPContext] = null
        resume(client)
      })
    }

    if (client[kConnecting]) {
      return
    }

    if (!client[kHTTPContext]) {
      connect(client)
      return
    }

    if (client[kHTTPContext].destroyed) {
      return
    }

    if (client[kHTTPContext].busy(request)) {
      return
    }

    if (!request.aborted && client[kHTTPContext].write(request)) {
      client[kPendingIdx]++
    } else {
      client[kQueue].splice(client[kPendingIdx], 1)
    }
  }
}

module.exports = Client


/***/ }),

/***/ 1841:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const buffer = __nccwpck_require__(4573)
const Dispatcher = __nccwpck_require__(883)
const {
  ClientDestroyedError,
  ClientClosedError,
  InvalidArgumentError
} = __nccwpck_require__(8707)
const { kDestroy, kClose, kClosed, kDestroyed, kDispatch, kInterceptors } = __nccwpck_require__(6443)

const kOnDestroyed = Symbol('onDestroyed')
const kOnClosed = Symbol('onClosed')
const kInterceptedDispatch = Symbol('Intercepted Dispatch')
const kWebSocketOptions = Symbol('webSocketOptions')
const kEventSourceOptions = Symbol('eventSourceOptions')

class DispatcherBase extends Dispatcher {
  constructor (opts) {
    super()

    this[kDestroyed] = false
    this[kOnDestroyed] = null
    this[kClosed] = false
    this[kOnClosed] = []
    this[kWebSocketOptions] = opts?.webSocket ?? {}
    this[kEventSourceOptions] = opts?.eventSource ?? {}
  }

  get webSocketOptions () {
    return {
      maxFragments: this[kWebSocketOptions].maxFragments ?? 131072,
      maxPayloadSize: this[kWebSocketOptions].maxPayloadSize ?? 128 * 1024 * 1024
    }
  }

  get eventSourceOptions () {
    return {
      maxEventSize: this[kEventSourceOptions].maxEventSize ?? buffer.kStringMaxLength
    }
  }

  get destroyed () {
    return this[kDestroyed]
  }

  get closed () {
    return this[kClosed]
  }

  get interceptors () {
    return this[kInterceptors]
  }

  set interceptors (newInterceptors) {
    if (newInterceptors) {
      for (let i = newInterceptors.length - 1; i >= 0; i--) {
        const interceptor = this[kInterceptors][i]
        if (typeof interceptor !== 'function') {
          throw new InvalidArgumentError('interceptor must be an function')
        }
      }
    }

    this[kInterceptors] = newInterceptors
  }

  close (callback) {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.close((err, data) => {
          return err ? reject(err) : resolve(data)
        })
      })
    }

    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('invalid callback')
    }

    if (this[kDestroyed]) {
      queueMicrotask(() => callback(new ClientDestroyedError(), null))
      return
    }

    if (this[kClosed]) {
      if (this[kOnClosed]) {
        this[kOnClosed].push(callback)
      } else {
        queueMicrotask(() => callback(null, null))
      }
      return
    }

    this[kClosed] = true
    this[kOnClosed].push(callback)

    const onClosed = () => {
      const callbacks = this[kOnClosed]
      this[kOnClosed] = null
      for (let i = 0; i < callbacks.length; i++) {
        callbacks[i](null, null)
      }
    }

    // Should not error.
    this[kClose]()
      .then(() => this.destroy())
      .then(() => {
        queueMicrotask(onClosed)
      })
  }

  destroy (err, callback) {
    if (typeof err === 'function') {
      callback = err
      err = null
    }

    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.destroy(err, (err, data) => {
          return err ? /* istanbul ignore next: should never error */ reject(err) : resolve(data)
        })
      })
    }

    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('invalid callback')
    }

    if (this[kDestroyed]) {
      if (this[kOnDestroyed]) {
        this[kOnDestroyed].push(callback)
      } else {
        queueMicrotask(() => callback(null, null))
      }
      return
    }

    if (!err) {
      err = new ClientDestroyedError()
    }

    this[kDestroyed] = true
    this[kOnDestroyed] = this[kOnDestroyed] || []
    this[kOnDestroyed].push(callback)

    const onDestroyed = () => {
      const callbacks = this[kOnDestroyed]
      this[kOnDestroyed] = null
      for (let i = 0; i < callbacks.length; i++) {
        callbacks[i](null, null)
      }
    }

    // Should not error.
    this[kDestroy](err).then(() => {
      queueMicrotask(onDestroyed)
    })
  }

  [kInterceptedDispatch] (opts, handler) {
    if (!this[kInterceptors] || this[kInterceptors].length === 0) {
      this[kInterceptedDispatch] = this[kDispatch]
      return this[kDispatch](opts, handler)
    }

    let dispatch = this[kDispatch].bind(this)
    for (let i = this[kInterceptors].length - 1; i >= 0; i--) {
      dispatch = this[kInterceptors][i](dispatch)
    }
    this[kInterceptedDispatch] = dispatch
    return dispatch(opts, handler)
  }

  dispatch (opts, handler) {
    if (!handler || typeof handler !== 'object') {
      throw new InvalidArgumentError('handler must be an object')
    }

    try {
      if (!opts || typeof opts !== 'object') {
        throw new InvalidArgumentError('opts must be an object.')
      }

      if (this[kDestroyed] || this[kOnDestroyed]) {
        throw new ClientDestroyedError()
      }

      if (this[kClosed]) {
        throw new ClientClosedError()
      }

      return this[kInterceptedDispatch](opts, handler)
    } catch (err) {
      if (typeof handler.onError !== 'function') {
        throw new InvalidArgumentError('invalid onError method')
      }

      handler.onError(err)

      return false
    }
  }
}

module.exports = DispatcherBase


/***/ }),

/***/ 883:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {


const EventEmitter = __nccwpck_require__(8474)

class Dispatcher extends EventEmitter {
  dispatch () {
    throw new Error('not implemented')
  }

  close () {
    throw new Error('not implemented')
  }

  destroy () {
    throw new Error('not implemented')
  }

  compose (...args) {
    // So we handle [interceptor1, interceptor2] or interceptor1, interceptor2, ...
    const interceptors = Array.isArray(args[0]) ? args[0] : args
    let dispatch = this.dispatch.bind(this)

    for (const interceptor of interceptors) {
      if (interceptor == null) {
        continue
      }

      if (typeof interceptor !== 'function') {
        throw new TypeError(`invalid interceptor, expected function received ${typeof interceptor}`)
      }

      dispatch = interceptor(dispatch)

      if (dispatch == null || typeof dispatch !== 'function' || dispatch.length !== 2) {
        throw new TypeError('invalid interceptor')
      }
    }

    return new ComposedDispatcher(this, dispatch)
  }
}

class ComposedDispatcher extends Dispatcher {
  #dispatcher = null
  #dispatch = null

  constructor (dispatcher, dispatch) {
    super()
    this.#dispatcher = dispatcher
    this.#dispatch = dispatch
  }

  dispatch (...args) {
    this.#dispatch(...args)
  }

  close (...args) {
    return this.#dispatcher.close(...args)
  }

  destroy (...args) {
    return this.#dispatcher.destroy(...args)
  }
}

module.exports = Dispatcher


/***/ }),

/***/ 4660:
/***/ ((module) => {

/* eslint-disable */



// Extracted from node/lib/internal/fixed_queue.js

// Currently optimal queue size, tested on V8 6.0 - 6.6. Must be power of two.
const kSize = 2048;
const kMask = kSize - 1;

// The FixedQueue is implemented as a singly-linked list of fixed-size
// circular buffers. It looks something like this:
//
//  head                                                       tail
//    |                                                          |
//    v                                                          v
// +-----------+ <-----\       +-----------+ <------\         +-----------+
// |  [null]   |        \----- |   next    |         \------- |   next    |
// +-----------+               +-----------+                  +-----------+
// |   item    | <-- bottom    |   item    | <-- bottom       |  [empty]  |
// |   item    |               |   item    |                  |  [empty]  |
// |   item    |               |   item    |                  |  [empty]  |
// |   item    |               |   item    |                  |  [empty]  |
// |   item    |               |   item    |       bottom --> |   item    |
// |   item    |               |   item    |                  |   item    |
// |    ...    |               |    ...    |                  |    ...    |
// |   item    |               |   item    |                  |   item    |
// |   item    |               |   item    |                  |   item    |
// |  [empty]  | <-- top       |   item    |                  |   item    |
// |  [empty]  |               |   item    |                  |   item    |
// |  [empty]  |               |  [empty]  | <-- top  top --> |  [empty]  |
// +-----------+               +-----------+                  +-----------+
//
// Or, if there is only one circular buffer, it looks something
// like either of these:
//
//  head   tail                                 head   tail
//    |     |                                     |     |
//    v     v                                     v     v
// +-----------+                               +-----------+
// |  [null]   |                               |  [null]   |
// +-----------+                               +-----------+
// |  [empty]  |                               |   item    |
// |  [empty]  |                               |   item    |
// |   item    | <-- bottom            top --> |  [empty]  |
// |   item    |                               |  [empty]  |
// |  [empty]  | <-- top            bottom --> |   item    |
// |  [empty]  |                               |   item    |
// +-----------+                               +-----------+
//
// Adding a value means moving `top` forward by one, removing means
// moving `bottom` forward by one. After reaching the end, the queue
// wraps around.
//
// When `top === bottom` the current queue is empty and when
// `top + 1 === bottom` it's full. This wastes a single space of storage
// but allows much quicker checks.

class FixedCircularBuffer {
  constructor() {
    this.bottom = 0;
    this.top = 0;
    this.list = new Array(kSize);
    this.next = null;
  }

  isEmpty() {
    return this.top === this.bottom;
  }

  isFull() {
    return ((this.top + 1) & kMask) === this.bottom;
  }

  push(data) {
    this.list[this.top] = data;
    this.top = (this.top + 1) & kMask;
  }

  shift() {
    const nextItem = this.list[this.bottom];
    if (nextItem === undefined)
      return null;
    this.list[this.bottom] = undefined;
    this.bottom = (this.bottom + 1) & kMask;
    return nextItem;
  }
}

module.exports = class FixedQueue {
  constructor() {
    this.head = this.tail = new FixedCircularBuffer();
  }

  isEmpty() {
    return this.head.isEmpty();
  }

  push(data) {
    if (this.head.isFull()) {
      // Head is full: Creates a new queue, sets the old queue's `.next` to it,
      // and sets it as the new main queue.
      this.head = this.head.next = new FixedCircularBuffer();
    }
    this.head.push(data);
  }

  shift() {
    const tail = this.tail;
    const next = tail.shift();
    if (tail.isEmpty() && tail.next !== null) {
      // If there is another queue, it forms the new tail.
      this.tail = tail.next;
    }
    return next;
  }
};


/***/ }),

/***/ 2128:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const DispatcherBase = __nccwpck_require__(1841)
const FixedQueue = __nccwpck_require__(4660)
const { kConnected, kSize, kRunning, kPending, kQueued, kBusy, kFree, kUrl, kClose, kDestroy, kDispatch } = __nccwpck_require__(6443)
const PoolStats = __nccwpck_require__(3246)

const kClients = Symbol('clients')
const kNeedDrain = Symbol('needDrain')
const kQueue = Symbol('queue')
const kClosedResolve = Symbol('closed resolve')
const kOnDrain = Symbol('onDrain')
const kOnConnect = Symbol('onConnect')
const kOnDisconnect = Symbol('onDisconnect')
const kOnConnectionError = Symbol('onConnectionError')
const kGetDispatcher = Symbol('get dispatcher')
const kAddClient = Symbol('add client')
const kRemoveClient = Symbol('remove client')
const kStats = Symbol('stats')

class PoolBase extends DispatcherBase {
  constructor (opts) {
    super(opts)

    this[kQueue] = new FixedQueue()
    this[kClients] = []
    this[kQueued] = 0

    const pool = this

    this[kOnDrain] = function onDrain (origin, targets) {
      const queue = pool[kQueue]

      let needDrain = false

      while (!needDrain) {
        const item = queue.shift()
        if (!item) {
          break
        }
        pool[kQueued]--
        needDrain = !this.dispatch(item.opts, item.handler)
      }

      this[kNeedDrain] = needDrain

      if (!this[kNeedDrain] && pool[kNeedDrain]) {
        pool[kNeedDrain] = false
        pool.emit('drain', origin, [pool, ...targets])
      }

      if (pool[kClosedResolve] && queue.isEmpty()) {
        Promise
          .all(pool[kClients].map(c => c.close()))
          .then(pool[kClosedResolve])
      }
    }

    this[kOnConnect] = (origin, targets) => {
      pool.emit('connect', origin, [pool, ...targets])
    }

    this[kOnDisconnect] = (origin, targets, err) => {
      pool.emit('disconnect', origin, [pool, ...targets], err)
    }

    this[kOnConnectionError] = (origin, targets, err) => {
      pool.emit('connectionError', origin, [pool, ...targets], err)
    }

    this[kStats] = new PoolStats(this)
  }

  get [kBusy] () {
    return this[kNeedDrain]
  }

  get [kConnected] () {
    return this[kClients].filter(client => client[kConnected]).length
  }

  get [kFree] () {
    return this[kClients].filter(client => client[kConnected] && !client[kNeedDrain]).length
  }

  get [kPending] () {
    let ret = this[kQueued]
    for (const { [kPending]: pending } of this[kClients]) {
      ret += pending
    }
    return ret
  }

  get [kRunning] () {
    let ret = 0
    for (const { [kRunning]: running } of this[kClients]) {
      ret += running
    }
    return ret
  }

  get [kSize] () {
    let ret = this[kQueued]
    for (const { [kSize]: size } of this[kClients]) {
      ret += size
    }
    return ret
  }

  get stats () {
    return this[kStats]
  }

  async [kClose] () {
    if (this[kQueue].isEmpty()) {
      await Promise.all(this[kClients].map(c => c.close()))
    } else {
      await new Promise((resolve) => {
        this[kClosedResolve] = resolve
      })
    }
  }

  async [kDestroy] (err) {
    while (true) {
      const item = this[kQueue].shift()
      if (!item) {
        break
      }
      item.handler.onError(err)
    }

    await Promise.all(this[kClients].map(c => c.destroy(err)))
  }

  [kDispatch] (opts, handler) {
    const dispatcher = this[kGetDispatcher]()

    if (!dispatcher) {
      this[kNeedDrain] = true
      this[kQueue].push({ opts, handler })
      this[kQueued]++
    } else if (!dispatcher.dispatch(opts, handler)) {
      dispatcher[kNeedDrain] = true
      this[kNeedDrain] = !this[kGetDispatcher]()
    }

    return !this[kNeedDrain]
  }

  [kAddClient] (client) {
    client
      .on('drain', this[kOnDrain])
      .on('connect', this[kOnConnect])
      .on('disconnect', this[kOnDisconnect])
      .on('connectionError', this[kOnConnectionError])

    this[kClients].push(client)

    if (this[kNeedDrain]) {
      queueMicrotask(() => {
        if (this[kNeedDrain]) {
          this[kOnDrain](client[kUrl], [this, client])
        }
      })
    }

    return this
  }

  [kRemoveClient] (client) {
    client.close(() => {
      const idx = this[kClients].indexOf(client)
      if (idx !== -1) {
        this[kClients].splice(idx, 1)
      }
    })

    this[kNeedDrain] = this[kClients].some(dispatcher => (
      !dispatcher[kNeedDrain] &&
      dispatcher.closed !== true &&
      dispatcher.destroyed !== true
    ))
  }
}

module.exports = {
  PoolBase,
  kClients,
  kNeedDrain,
  kAddClient,
  kRemoveClient,
  kGetDispatcher
}


/***/ }),

/***/ 3246:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

const { kFree, kConnected, kPending, kQueued, kRunning, kSize } = __nccwpck_require__(6443)
const kPool = Symbol('pool')

class PoolStats {
  constructor (pool) {
    this[kPool] = pool
  }

  get connected () {
    return this[kPool][kConnected]
  }

  get free () {
    return this[kPool][kFree]
  }

  get pending () {
    return this[kPool][kPending]
  }

  get queued () {
    return this[kPool][kQueued]
  }

  get running () {
    return this[kPool][kRunning]
  }

  get size () {
    return this[kPool][kSize]
  }
}

module.exports = PoolStats


/***/ }),

/***/ 628:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const {
  PoolBase,
  kClients,
  kNeedDrain,
  kAddClient,
  kGetDispatcher
} = __nccwpck_require__(2128)
const Client = __nccwpck_require__(3701)
const {
  InvalidArgumentError
} = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { kUrl, kInterceptors } = __nccwpck_require__(6443)
const buildConnector = __nccwpck_require__(9136)

const kOptions = Symbol('options')
const kConnections = Symbol('connections')
const kFactory = Symbol('factory')

function defaultFactory (origin, opts) {
  return new Client(origin, opts)
}

class Pool extends PoolBase {
  constructor (origin, {
    connections,
    factory = defaultFactory,
    connect,
    connectTimeout,
    tls,
    maxCachedSessions,
    socketPath,
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    allowH2,
    ...options
  } = {}) {
    if (connections != null && (!Number.isFinite(connections) || connections < 0)) {
      throw new InvalidArgumentError('invalid connections')
    }

    if (typeof factory !== 'function') {
      throw new InvalidArgumentError('factory must be a function.')
    }

    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }

    if (typeof connect !== 'function') {
      connect = buildConnector({
        ...tls,
        maxCachedSessions,
        allowH2,
        socketPath,
        timeout: connectTimeout,
        ...(autoSelectFamily ? { autoSelectFamily, autoSelectFamilyAttemptTimeout } : undefined),
        ...connect
      })
    }

    super(options)

    this[kInterceptors] = options.interceptors?.Pool && Array.isArray(options.interceptors.Pool)
      ? options.interceptors.Pool
      : []
    this[kConnections] = connections || null
    this[kUrl] = util.parseOrigin(origin)
    this[kOptions] = { ...util.deepClone(options), connect, allowH2 }
    this[kOptions].interceptors = options.interceptors
      ? { ...options.interceptors }
      : undefined
    this[kFactory] = factory

    this.on('connectionError', (origin, targets, error) => {
      // If a connection error occurs, we remove the client from the pool,
      // and emit a connectionError event. They will not be re-used.
      // Fixes https://github.com/nodejs/undici/issues/3895
      for (const target of targets) {
        // Do not use kRemoveClient here, as it will close the client,
        // but the client cannot be closed in this state.
        const idx = this[kClients].indexOf(target)
        if (idx !== -1) {
          this[kClients].splice(idx, 1)
        }
      }
    })
  }

  [kGetDispatcher] () {
    for (const client of this[kClients]) {
      if (!client[kNeedDrain]) {
        return client
      }
    }

    if (!this[kConnections] || this[kClients].length < this[kConnections]) {
      const dispatcher = this[kFactory](this[kUrl], this[kOptions])
      this[kAddClient](dispatcher)
      return dispatcher
    }
  }
}

module.exports = Pool


/***/ }),

/***/ 8754:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const util = __nccwpck_require__(3440)
const { kBodyUsed } = __nccwpck_require__(6443)
const assert = __nccwpck_require__(4589)
const { InvalidArgumentError } = __nccwpck_require__(8707)
const EE = __nccwpck_require__(8474)

const redirectableStatusCodes = [300, 301, 302, 303, 307, 308]

const kBody = Symbol('body')

class BodyAsyncIterable {
  constructor (body) {
    this[kBody] = body
    this[kBodyUsed] = false
  }

  async * [Symbol.asyncIterator] () {
    assert(!this[kBodyUsed], 'disturbed')
    this[kBodyUsed] = true
    yield * this[kBody]
  }
}

class RedirectHandler {
  constructor (dispatch, maxRedirections, opts, handler) {
    if (maxRedirections != null && (!Number.isInteger(maxRedirections) || maxRedirections < 0)) {
      throw new InvalidArgumentError('maxRedirections must be a positive number')
    }

    util.validateHandler(handler, opts.method, opts.upgrade)

    this.dispatch = dispatch
    this.location = null
    this.abort = null
    this.opts = { ...opts, maxRedirections: 0 } // opts must be a copy
    this.maxRedirections = maxRedirections
    this.handler = handler
    this.history = []
    this.redirectionLimitReached = false

    if (util.isStream(this.opts.body)) {
      // TODO (fix): Provide some way for the user to cache the file to e.g. /tmp
      // so that it can be dispatched again?
      // TODO (fix): Do we need 100-expect support to provide a way to do this properly?
      if (util.bodyLength(this.opts.body) === 0) {
        this.opts.body
          .on('data', function () {
            assert(false)
          })
      }

      if (typeof this.opts.body.readableDidRead !== 'boolean') {
        this.opts.body[kBodyUsed] = false
        EE.prototype.on.call(this.opts.body, 'data', function () {
          this[kBodyUsed] = true
        })
      }
    } else if (this.opts.body && typeof this.opts.body.pipeTo === 'function') {
      // TODO (fix): We can't access ReadableStream internal state
      // to determine whether or not it has been disturbed. This is just
      // a workaround.
      this.opts.body = new BodyAsyncIterable(this.opts.body)
    } else if (
      this.opts.body &&
      typeof this.opts.body !== 'string' &&
      !ArrayBuffer.isView(this.opts.body) &&
      util.isIterable(this.opts.body)
    ) {
      // TODO: Should we allow re-using iterable if !this.opts.idempotent
      // or through some other flag?
      this.opts.body = new BodyAsyncIterable(this.opts.body)
    }
  }

  onConnect (abort) {
    this.abort = abort
    this.handler.onConnect(abort, { history: this.history })
  }

  onUpgrade (statusCode, headers, socket) {
    this.handler.onUpgrade(statusCode, headers, socket)
  }

  onError (error) {
    this.handler.onError(error)
  }

  onHeaders (statusCode, headers, resume, statusText) {
    this.location = this.history.length >= this.maxRedirections || util.isDisturbed(this.opts.body)
      ? null
      : parseLocation(statusCode, headers)

    if (this.opts.throwOnMaxRedirect && this.history.length >= this.maxRedirections) {
      if (this.request) {
        this.request.abort(new Error('max redirects'))
      }

      this.redirectionLimitReached = true
      this.abort(new Error('max redirects'))
      return
    }

    if (this.opts.origin) {
      this.history.push(new URL(this.opts.path, this.opts.origin))
    }

    if (!this.location) {
      return this.handler.onHeaders(statusCode, headers, resume, statusText)
    }

    const { origin, pathname, search } = util.parseURL(new URL(this.location, this.opts.origin && new URL(this.opts.path, this.opts.origin)))
    const path = search ? `${pathname}${search}` : pathname

    // Remove headers referring to the original URL.
    // By default it is Host only, unless it's a 303 (see below), which removes also all Content-* headers.
    // https://tools.ietf.org/html/rfc7231#section-6.4
    this.opts.headers = cleanRequestHeaders(this.opts.headers, statusCode === 303, this.opts.origin !== origin)
    this.opts.path = path
    this.opts.origin = origin
    this.opts.maxRedirections = 0
    this.opts.query = null

    // https://tools.ietf.org/html/rfc7231#section-6.4.4
    // In case of HTTP 303, always replace method to be either HEAD or GET
    if (statusCode === 303 && this.opts.method !== 'HEAD') {
      this.opts.method = 'GET'
      this.opts.body = null
    }
  }

  onData (chunk) {
    if (this.location) {
      /*
        https://tools.ietf.org/html/rfc7231#section-6.4

        TLDR: undici always ignores 3xx response bodies.

        Redirection is used to serve the requested resource from another URL, so it is assumes that
        no body is generated (and thus can be ignored). Even though generating a body is not prohibited.

        For status 301, 302, 303, 307 and 308 (the latter from RFC 7238), the specs mention that the body usually
        (which means it's optional and not mandated) contain just an hyperlink to the value of
        the Location response header, so the body can be ignored safely.

        For status 300, which is "Multiple Choices", the spec mentions both generating a Location
        response header AND a response body with the other possible location to follow.
        Since the spec explicitly chooses not to specify a format for such body and leave it to
        servers and browsers implementors, we ignore the body as there is no specified way to eventually parse it.
      */
    } else {
      return this.handler.onData(chunk)
    }
  }

  onComplete (trailers) {
    if (this.location) {
      /*
        https://tools.ietf.org/html/rfc7231#section-6.4

        TLDR: undici always ignores 3xx response trailers as they are not expected in case of redirections
        and neither are useful if present.

        See comment on onData method above for more detailed information.
      */

      this.location = null
      this.abort = null

      this.dispatch(this.opts, this)
    } else {
      this.handler.onComplete(trailers)
    }
  }

  onBodySent (chunk) {
    if (this.handler.onBodySent) {
      this.handler.onBodySent(chunk)
    }
  }
}

function parseLocation (statusCode, headers) {
  if (redirectableStatusCodes.indexOf(statusCode) === -1) {
    return null
  }

  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i].length === 8 && util.headerNameToString(headers[i]) === 'location') {
      return headers[i + 1]
    }
  }
}

// https://tools.ietf.org/html/rfc7231#section-6.4.4
function shouldRemoveHeader (header, removeContent, unknownOrigin) {
  if (header.length === 4) {
    return util.headerNameToString(header) === 'host'
  }
  if (removeContent && util.headerNameToString(header).startsWith('content-')) {
    return true
  }
  if (unknownOrigin && (header.length === 13 || header.length === 6 || header.length === 19)) {
    const name = util.headerNameToString(header)
    return name === 'authorization' || name === 'cookie' || name === 'proxy-authorization'
  }
  return false
}

// https://tools.ietf.org/html/rfc7231#section-6.4
function cleanRequestHeaders (headers, removeContent, unknownOrigin) {
  const ret = []
  if (Array.isArray(headers)) {
    for (let i = 0; i < headers.length; i += 2) {
      if (!shouldRemoveHeader(headers[i], removeContent, unknownOrigin)) {
        ret.push(headers[i], headers[i + 1])
      }
    }
  } else if (headers && typeof headers === 'object') {
    for (const key of Object.keys(headers)) {
      if (!shouldRemoveHeader(key, removeContent, unknownOrigin)) {
        ret.push(key, headers[key])
      }
    }
  } else {
    assert(headers == null, 'headers must be an object or an array')
  }
  return ret
}

module.exports = RedirectHandler


/***/ }),

/***/ 5092:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const RedirectHandler = __nccwpck_require__(8754)

function createRedirectInterceptor ({ maxRedirections: defaultMaxRedirections }) {
  return (dispatch) => {
    return function Intercept (opts, handler) {
      const { maxRedirections = defaultMaxRedirections } = opts

      if (!maxRedirections) {
        return dispatch(opts, handler)
      }

      const redirectHandler = new RedirectHandler(dispatch, maxRedirections, opts, handler)
      opts = { ...opts, maxRedirections: 0 } // Stop sub dispatcher from also redirecting.
      return dispatch(opts, redirectHandler)
    }
  }
}

module.exports = createRedirectInterceptor


/***/ }),

/***/ 2824:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.SPECIAL_HEADERS = exports.HEADER_STATE = exports.MINOR = exports.MAJOR = exports.CONNECTION_TOKEN_CHARS = exports.HEADER_CHARS = exports.TOKEN = exports.STRICT_TOKEN = exports.HEX = exports.URL_CHAR = exports.STRICT_URL_CHAR = exports.USERINFO_CHARS = exports.MARK = exports.ALPHANUM = exports.NUM = exports.HEX_MAP = exports.NUM_MAP = exports.ALPHA = exports.FINISH = exports.H_METHOD_MAP = exports.METHOD_MAP = exports.METHODS_RTSP = exports.METHODS_ICE = exports.METHODS_HTTP = exports.METHODS = exports.LENIENT_FLAGS = exports.FLAGS = exports.TYPE = exports.ERROR = void 0;
const utils_1 = __nccwpck_require__(172);
// C headers
var ERROR;
(function (ERROR) {
    ERROR[ERROR["OK"] = 0] = "OK";
    ERROR[ERROR["INTERNAL"] = 1] = "INTERNAL";
    ERROR[ERROR["STRICT"] = 2] = "STRICT";
    ERROR[ERROR["LF_EXPECTED"] = 3] = "LF_EXPECTED";
    ERROR[ERROR["UNEXPECTED_CONTENT_LENGTH"] = 4] = "UNEXPECTED_CONTENT_LENGTH";
    ERROR[ERROR["CLOSED_CONNECTION"] = 5] = "CLOSED_CONNECTION";
    ERROR[ERROR["INVALID_METHOD"] = 6] = "INVALID_METHOD";
    ERROR[ERROR["INVALID_URL"] = 7] = "INVALID_URL";
    ERROR[ERROR["INVALID_CONSTANT"] = 8] = "INVALID_CONSTANT";
    ERROR[ERROR["INVALID_VERSION"] = 9] = "INVALID_VERSION";
    ERROR[ERROR["INVALID_HEADER_TOKEN"] = 10] = "INVALID_HEADER_TOKEN";
    ERROR[ERROR["INVALID_CONTENT_LENGTH"] = 11] = "INVALID_CONTENT_LENGTH";
    ERROR[ERROR["INVALID_CHUNK_SIZE"] = 12] = "INVALID_CHUNK_SIZE";
    ERROR[ERROR["INVALID_STATUS"] = 13] = "INVALID_STATUS";
    ERROR[ERROR["INVALID_EOF_STATE"] = 14] = "INVALID_EOF_STATE";
    ERROR[ERROR["INVALID_TRANSFER_ENCODING"] = 15] = "INVALID_TRANSFER_ENCODING";
    ERROR[ERROR["CB_MESSAGE_BEGIN"] = 16] = "CB_MESSAGE_BEGIN";
    ERROR[ERROR["CB_HEADERS_COMPLETE"] = 17] = "CB_HEADERS_COMPLETE";
    ERROR[ERROR["CB_MESSAGE_COMPLETE"] = 18] = "CB_MESSAGE_COMPLETE";
    ERROR[ERROR["CB_CHUNK_HEADER"] = 19] = "CB_CHUNK_HEADER";
    ERROR[ERROR["CB_CHUNK_COMPLETE"] = 20] = "CB_CHUNK_COMPLETE";
    ERROR[ERROR["PAUSED"] = 21] = "PAUSED";
    ERROR[ERROR["PAUSED_UPGRADE"] = 22] = "PAUSED_UPGRADE";
    ERROR[ERROR["PAUSED_H2_UPGRADE"] = 23] = "PAUSED_H2_UPGRADE";
    ERROR[ERROR["USER"] = 24] = "USER";
})(ERROR = exports.ERROR || (exports.ERROR = {}));
var TYPE;
(function (TYPE) {
    TYPE[TYPE["BOTH"] = 0] = "BOTH";
    TYPE[TYPE["REQUEST"] = 1] = "REQUEST";
    TYPE[TYPE["RESPONSE"] = 2] = "RESPONSE";
})(TYPE = exports.TYPE || (exports.TYPE = {}));
var FLAGS;
(function (FLAGS) {
    FLAGS[FLAGS["CONNECTION_KEEP_ALIVE"] = 1] = "CONNECTION_KEEP_ALIVE";
    FLAGS[FLAGS["CONNECTION_CLOSE"] = 2] = "CONNECTION_CLOSE";
    FLAGS[FLAGS["CONNECTION_UPGRADE"] = 4] = "CONNECTION_UPGRADE";
    FLAGS[FLAGS["CHUNKED"] = 8] = "CHUNKED";
    FLAGS[FLAGS["UPGRADE"] = 16] = "UPGRADE";
    FLAGS[FLAGS["CONTENT_LENGTH"] = 32] = "CONTENT_LENGTH";
    FLAGS[FLAGS["SKIPBODY"] = 64] = "SKIPBODY";
    FLAGS[FLAGS["TRAILING"] = 128] = "TRAILING";
    // 1 << 8 is unused
    FLAGS[FLAGS["TRANSFER_ENCODING"] = 512] = "TRANSFER_ENCODING";
})(FLAGS = exports.FLAGS || (exports.FLAGS = {}));
var LENIENT_FLAGS;
(function (LENIENT_FLAGS) {
    LENIENT_FLAGS[LENIENT_FLAGS["HEADERS"] = 1] = "HEADERS";
    LENIENT_FLAGS[LENIENT_FLAGS["CHUNKED_LENGTH"] = 2] = "CHUNKED_LENGTH";
    LENIENT_FLAGS[LENIENT_FLAGS["KEEP_ALIVE"] = 4] = "KEEP_ALIVE";
})(LENIENT_FLAGS = exports.LENIENT_FLAGS || (exports.LENIENT_FLAGS = {}));
var METHODS;
(function (METHODS) {
    METHODS[METHODS["DELETE"] = 0] = "DELETE";
    METHODS[METHODS["GET"] = 1] = "GET";
    METHODS[METHODS["HEAD"] = 2] = "HEAD";
    METHODS[METHODS["POST"] = 3] = "POST";
    METHODS[METHODS["PUT"] = 4] = "PUT";
    /* pathological */
    METHODS[METHODS["CONNECT"] = 5] = "CONNECT";
    METHODS[METHODS["OPTIONS"] = 6] = "OPTIONS";
    METHODS[METHODS["TRACE"] = 7] = "TRACE";
    /* WebDAV */
    METHODS[METHODS["COPY"] = 8] = "COPY";
    METHODS[METHODS["LOCK"] = 9] = "LOCK";
    METHODS[METHODS["MKCOL"] = 10] = "MKCOL";
    METHODS[METHODS["MOVE"] = 11] = "MOVE";
    METHODS[METHODS["PROPFIND"] = 12] = "PROPFIND";
    METHODS[METHODS["PROPPATCH"] = 13] = "PROPPATCH";
    METHODS[METHODS["SEARCH"] = 14] = "SEARCH";
    METHODS[METHODS["UNLOCK"] = 15] = "UNLOCK";
    METHODS[METHODS["BIND"] = 16] = "BIND";
    METHODS[METHODS["REBIND"] = 17] = "REBIND";
    METHODS[METHODS["UNBIND"] = 18] = "UNBIND";
    METHODS[METHODS["ACL"] = 19] = "ACL";
    /* subversion */
    METHODS[METHODS["REPORT"] = 20] = "REPORT";
    METHODS[METHODS["MKACTIVITY"] = 21] = "MKACTIVITY";
    METHODS[METHODS["CHECKOUT"] = 22] = "CHECKOUT";
    METHODS[METHODS["MERGE"] = 23] = "MERGE";
    /* upnp */
    METHODS[METHODS["M-SEARCH"] = 24] = "M-SEARCH";
    METHODS[METHODS["NOTIFY"] = 25] = "NOTIFY";
    METHODS[METHODS["SUBSCRIBE"] = 26] = "SUBSCRIBE";
    METHODS[METHODS["UNSUBSCRIBE"] = 27] = "UNSUBSCRIBE";
    /* RFC-5789 */
    METHODS[METHODS["PATCH"] = 28] = "PATCH";
    METHODS[METHODS["PURGE"] = 29] = "PURGE";
    /* CalDAV */
    METHODS[METHODS["MKCALENDAR"] = 30] = "MKCALENDAR";
    /* RFC-2068, section 19.6.1.2 */
    METHODS[METHODS["LINK"] = 31] = "LINK";
    METHODS[METHODS["UNLINK"] = 32] = "UNLINK";
    /* icecast */
    METHODS[METHODS["SOURCE"] = 33] = "SOURCE";
    /* RFC-7540, section 11.6 */
    METHODS[METHODS["PRI"] = 34] = "PRI";
    /* RFC-2326 RTSP */
    METHODS[METHODS["DESCRIBE"] = 35] = "DESCRIBE";
    METHODS[METHODS["ANNOUNCE"] = 36] = "ANNOUNCE";
    METHODS[METHODS["SETUP"] = 37] = "SETUP";
    METHODS[METHODS["PLAY"] = 38] = "PLAY";
    METHODS[METHODS["PAUSE"] = 39] = "PAUSE";
    METHODS[METHODS["TEARDOWN"] = 40] = "TEARDOWN";
    METHODS[METHODS["GET_PARAMETER"] = 41] = "GET_PARAMETER";
    METHODS[METHODS["SET_PARAMETER"] = 42] = "SET_PARAMETER";
    METHODS[METHODS["REDIRECT"] = 43] = "REDIRECT";
    METHODS[METHODS["RECORD"] = 44] = "RECORD";
    /* RAOP */
    METHODS[METHODS["FLUSH"] = 45] = "FLUSH";
})(METHODS = exports.METHODS || (exports.METHODS = {}));
exports.METHODS_HTTP = [
    METHODS.DELETE,
    METHODS.GET,
    METHODS.HEAD,
    METHODS.POST,
    METHODS.PUT,
    METHODS.CONNECT,
    METHODS.OPTIONS,
    METHODS.TRACE,
    METHODS.COPY,
    METHODS.LOCK,
    METHODS.MKCOL,
    METHODS.MOVE,
    METHODS.PROPFIND,
    METHODS.PROPPATCH,
    METHODS.SEARCH,
    METHODS.UNLOCK,
    METHODS.BIND,
    METHODS.REBIND,
    METHODS.UNBIND,
    METHODS.ACL,
    METHODS.REPORT,
    METHODS.MKACTIVITY,
    METHODS.CHECKOUT,
    METHODS.MERGE,
    METHODS['M-SEARCH'],
    METHODS.NOTIFY,
    METHODS.SUBSCRIBE,
    METHODS.UNSUBSCRIBE,
    METHODS.PATCH,
    METHODS.PURGE,
    METHODS.MKCALENDAR,
    METHODS.LINK,
    METHODS.UNLINK,
    METHODS.PRI,
    // TODO(indutny): should we allow it with HTTP?
    METHODS.SOURCE,
];
exports.METHODS_ICE = [
    METHODS.SOURCE,
];
exports.METHODS_RTSP = [
    METHODS.OPTIONS,
    METHODS.DESCRIBE,
    METHODS.ANNOUNCE,
    METHODS.SETUP,
    METHODS.PLAY,
    METHODS.PAUSE,
    METHODS.TEARDOWN,
    METHODS.GET_PARAMETER,
    METHODS.SET_PARAMETER,
    METHODS.REDIRECT,
    METHODS.RECORD,
    METHODS.FLUSH,
    // For AirPlay
    METHODS.GET,
    METHODS.POST,
];
exports.METHOD_MAP = utils_1.enumToMap(METHODS);
exports.H_METHOD_MAP = {};
Object.keys(exports.METHOD_MAP).forEach((key) => {
    if (/^H/.test(key)) {
        exports.H_METHOD_MAP[key] = exports.METHOD_MAP[key];
    }
});
var FINISH;
(function (FINISH) {
    FINISH[FINISH["SAFE"] = 0] = "SAFE";
    FINISH[FINISH["SAFE_WITH_CB"] = 1] = "SAFE_WITH_CB";
    FINISH[FINISH["UNSAFE"] = 2] = "UNSAFE";
})(FINISH = exports.FINISH || (exports.FINISH = {}));
exports.ALPHA = [];
for (let i = 'A'.charCodeAt(0); i <= 'Z'.charCodeAt(0); i++) {
    // Upper case
    exports.ALPHA.push(String.fromCharCode(i));
    // Lower case
    exports.ALPHA.push(String.fromCharCode(i + 0x20));
}
exports.NUM_MAP = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4,
    5: 5, 6: 6, 7: 7, 8: 8, 9: 9,
};
exports.HEX_MAP = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4,
    5: 5, 6: 6, 7: 7, 8: 8, 9: 9,
    A: 0XA, B: 0XB, C: 0XC, D: 0XD, E: 0XE, F: 0XF,
    a: 0xa, b: 0xb, c: 0xc, d: 0xd, e: 0xe, f: 0xf,
};
exports.NUM = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
];
exports.ALPHANUM = exports.ALPHA.concat(exports.NUM);
exports.MARK = ['-', '_', '.', '!', '~', '*', '\'', '(', ')'];
exports.USERINFO_CHARS = exports.ALPHANUM
    .concat(exports.MARK)
    .concat(['%', ';', ':', '&', '=', '+', '$', ',']);
// TODO(indutny): use RFC
exports.STRICT_URL_CHAR = [
    '!', '"', '$', '%', '&', '\'',
    '(', ')', '*', '+', ',', '-', '.', '/',
    ':', ';', '<', '=', '>',
    '@', '[', '\\', ']', '^', '_',
    '`',
    '{', '|', '}', '~',
].concat(exports.ALPHANUM);
exports.URL_CHAR = exports.STRICT_URL_CHAR
    .concat(['\t', '\f']);
// All characters with 0x80 bit set to 1
for (let i = 0x80; i <= 0xff; i++) {
    exports.URL_CHAR.push(i);
}
exports.HEX = exports.NUM.concat(['a', 'b', 'c', 'd', 'e', 'f', 'A', 'B', 'C', 'D', 'E', 'F']);
/* Tokens as defined by rfc 2616. Also lowercases them.
 *        token       = 1*<any CHAR except CTLs or separators>
 *     separators     = "(" | ")" | "<" | ">" | "@"
 *                    | "," | ";" | ":" | "\" | <">
 *                    | "/" | "[" | "]" | "?" | "="
 *                    | "{" | "}" | SP | HT
 */
exports.STRICT_TOKEN = [
    '!', '#', '$', '%', '&', '\'',
    '*', '+', '-', '.',
    '^', '_', '`',
    '|', '~',
].concat(exports.ALPHANUM);
exports.TOKEN = exports.STRICT_TOKEN.concat([' ']);
/*
 * Verify that a char is a valid visible (printable) US-ASCII
 * character or %x80-FF
 */
exports.HEADER_CHARS = ['\t'];
for (let i = 32; i <= 255; i++) {
    if (i !== 127) {
        exports.HEADER_CHARS.push(i);
    }
}
// ',' = \x44
exports.CONNECTION_TOKEN_CHARS = exports.HEADER_CHARS.filter((c) => c !== 44);
exports.MAJOR = exports.NUM_MAP;
exports.MINOR = exports.MAJOR;
var HEADER_STATE;
(function (HEADER_STATE) {
    HEADER_STATE[HEADER_STATE["GENERAL"] = 0] = "GENERAL";
    HEADER_STATE[HEADER_STATE["CONNECTION"] = 1] = "CONNECTION";
    HEADER_STATE[HEADER_STATE["CONTENT_LENGTH"] = 2] = "CONTENT_LENGTH";
    HEADER_STATE[HEADER_STATE["TRANSFER_ENCODING"] = 3] = "TRANSFER_ENCODING";
    HEADER_STATE[HEADER_STATE["UPGRADE"] = 4] = "UPGRADE";
    HEADER_STATE[HEADER_STATE["CONNECTION_KEEP_ALIVE"] = 5] = "CONNECTION_KEEP_ALIVE";
    HEADER_STATE[HEADER_STATE["CONNECTION_CLOSE"] = 6] = "CONNECTION_CLOSE";
    HEADER_STATE[HEADER_STATE["CONNECTION_UPGRADE"] = 7] = "CONNECTION_UPGRADE";
    HEADER_STATE[HEADER_STATE["TRANSFER_ENCODING_CHUNKED"] = 8] = "TRANSFER_ENCODING_CHUNKED";
})(HEADER_STATE = exports.HEADER_STATE || (exports.HEADER_STATE = {}));
exports.SPECIAL_HEADERS = {
    'connection': HEADER_STATE.CONNECTION,
    'content-length': HEADER_STATE.CONTENT_LENGTH,
    'proxy-connection': HEADER_STATE.CONNECTION,
    'transfer-encoding': HEADER_STATE.TRANSFER_ENCODING,
    'upgrade': HEADER_STATE.UPGRADE,
};
//# sourceMappingURL=constants.js.map

/***/ }),

/***/ 3870:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { Buffer } = __nccwpck_require__(4573)

module.exports = Buffer.from('AGFzbQEAAAABJwdgAX8Bf2ADf39/AX9gAX8AYAJ/fwBgBH9/f38Bf2AAAGADf39/AALLAQgDZW52GHdhc21fb25faGVhZGVyc19jb21wbGV0ZQAEA2VudhV3YXNtX29uX21lc3NhZ2VfYmVnaW4AAANlbnYLd2FzbV9vbl91cmwAAQNlbnYOd2FzbV9vbl9zdGF0dXMAAQNlbnYUd2FzbV9vbl9oZWFkZXJfZmllbGQAAQNlbnYUd2FzbV9vbl9oZWFkZXJfdmFsdWUAAQNlbnYMd2FzbV9vbl9ib2R5AAEDZW52GHdhc21fb25fbWVzc2FnZV9jb21wbGV0ZQAAAy0sBQYAAAIAAAAAAAACAQIAAgICAAADAAAAAAMDAwMBAQEBAQEBAQEAAAIAAAAEBQFwARISBQMBAAIGCAF/AUGA1AQLB9EFIgZtZW1vcnkCAAtfaW5pdGlhbGl6ZQAIGV9faW5kaXJlY3RfZnVuY3Rpb25fdGFibGUBAAtsbGh0dHBfaW5pdAAJGGxsaHR0cF9zaG91bGRfa2VlcF9hbGl2ZQAvDGxsaHR0cF9hbGxvYwALBm1hbGxvYwAxC2xsaHR0cF9mcmVlAAwEZnJlZQAMD2xsaHR0cF9nZXRfdHlwZQANFWxsaHR0cF9nZXRfaHR0cF9tYWpvcgAOFWxsaHR0cF9nZXRfaHR0cF9taW5vcgAPEWxsaHR0cF9nZXRfbWV0aG9kABAWbGxodHRwX2dldF9zdGF0dXNfY29kZQAREmxsaHR0cF9nZXRfdXBncmFkZQASDGxsaHR0cF9yZXNldAATDmxsaHR0cF9leGVjdXRlABQUbGxodHRwX3NldHRpbmdzX2luaXQAFQ1sbGh0dHBfZmluaXNoABYMbGxodHRwX3BhdXNlABcNbGxodHRwX3Jlc3VtZQAYG2xsaHR0cF9yZXN1bWVfYWZ0ZXJfdXBncmFkZQAZEGxsaHR0cF9nZXRfZXJybm8AGhdsbGh0dHBfZ2V0X2Vycm9yX3JlYXNvbgAbF2xsaHR0cF9zZXRfZXJyb3JfcmVhc29uABwUbGxodHRwX2dldF9lcnJvcl9wb3MAHRFsbGh0dHBfZXJybm9fbmFtZQAeEmxsaHR0cF9tZXRob2RfbmFtZQAfEmxsaHR0cF9zdGF0dXNfbmFtZQAgGmxsaHR0cF9zZXRfbGVuaWVudF9oZWFkZXJzACEhbGxodHRwX3NldF9sZW5pZW50X2NodW5rZWRfbGVuZ3RoACIdbGxodHRwX3NldF9sZW5pZW50X2tlZXBfYWxpdmUAIyRsbGh0dHBfc2V0X2xlbmllbnRfdHJhbnNmZXJfZW5jb2RpbmcAJBhsbGh0dHBfbWVzc2FnZV9uZWVkc19lb2YALgkXAQBBAQsRAQIDBAUKBgcrLSwqKSglJyYK07MCLBYAQYjQACgCAARAAAtBiNAAQQE2AgALFAAgABAwIAAgAjYCOCAAIAE6ACgLFAAgACAALwEyIAAtAC4gABAvEAALHgEBf0HAABAyIgEQMCABQYAINgI4IAEgADoAKCABC48MAQd/AkAgAEUNACAAQQhrIgEgAEEEaygCACIAQXhxIgRqIQUCQCAAQQFxDQAgAEEDcUUNASABIAEoAgAiAGsiAUGc0AAoAgBJDQEgACAEaiEEAkACQEGg0AAoAgAgAUcEQCAAQf8BTQRAIABBA3YhAyABKAIIIgAgASgCDCICRgRAQYzQAEGM0AAoAgBBfiADd3E2AgAMBQsgAiAANgIIIAAgAjYCDAwECyABKAIYIQYgASABKAIMIgBHBEAgACABKAIIIgI2AgggAiAANgIMDAMLIAFBFGoiAygCACICRQRAIAEoAhAiAkUNAiABQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFKAIEIgBBA3FBA0cNAiAFIABBfnE2AgRBlNAAIAQ2AgAgBSAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCABKAIcIgJBAnRBvNIAaiIDKAIAIAFGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgAUYbaiAANgIAIABFDQELIAAgBjYCGCABKAIQIgIEQCAAIAI2AhAgAiAANgIYCyABQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAFTw0AIAUoAgQiAEEBcUUNAAJAAkACQAJAIABBAnFFBEBBpNAAKAIAIAVGBEBBpNAAIAE2AgBBmNAAQZjQACgCACAEaiIANgIAIAEgAEEBcjYCBCABQaDQACgCAEcNBkGU0ABBADYCAEGg0ABBADYCAAwGC0Gg0AAoAgAgBUYEQEGg0AAgATYCAEGU0ABBlNAAKAIAIARqIgA2AgAgASAAQQFyNgIEIAAgAWogADYCAAwGCyAAQXhxIARqIQQgAEH/AU0EQCAAQQN2IQMgBSgCCCIAIAUoAgwiAkYEQEGM0ABBjNAAKAIAQX4gA3dxNgIADAULIAIgADYCCCAAIAI2AgwMBAsgBSgCGCEGIAUgBSgCDCIARwRAQZzQACgCABogACAFKAIIIgI2AgggAiAANgIMDAMLIAVBFGoiAygCACICRQRAIAUoAhAiAkUNAiAFQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFIABBfnE2AgQgASAEaiAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCAFKAIcIgJBAnRBvNIAaiIDKAIAIAVGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgBUYbaiAANgIAIABFDQELIAAgBjYCGCAFKAIQIgIEQCAAIAI2AhAgAiAANgIYCyAFQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAEaiAENgIAIAEgBEEBcjYCBCABQaDQACgCAEcNAEGU0AAgBDYCAAwBCyAEQf8BTQRAIARBeHFBtNAAaiEAAn9BjNAAKAIAIgJBASAEQQN2dCIDcUUEQEGM0AAgAiADcjYCACAADAELIAAoAggLIgIgATYCDCAAIAE2AgggASAANgIMIAEgAjYCCAwBC0EfIQIgBEH///8HTQRAIARBJiAEQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAgsgASACNgIcIAFCADcCECACQQJ0QbzSAGohAAJAQZDQACgCACIDQQEgAnQiB3FFBEAgACABNgIAQZDQACADIAdyNgIAIAEgADYCGCABIAE2AgggASABNgIMDAELIARBGSACQQF2a0EAIAJBH0cbdCECIAAoAgAhAAJAA0AgACIDKAIEQXhxIARGDQEgAkEddiEAIAJBAXQhAiADIABBBHFqQRBqIgcoAgAiAA0ACyAHIAE2AgAgASADNgIYIAEgATYCDCABIAE2AggMAQsgAygCCCIAIAE2AgwgAyABNgIIIAFBADYCGCABIAM2AgwgASAANgIIC0Gs0ABBrNAAKAIAQQFrIgBBfyAAGzYCAAsLBwAgAC0AKAsHACAALQAqCwcAIAAtACsLBwAgAC0AKQsHACAALwEyCwcAIAAtAC4LQAEEfyAAKAIYIQEgAC0ALSECIAAtACghAyAAKAI4IQQgABAwIAAgBDYCOCAAIAM6ACggACACOgAtIAAgATYCGAu74gECB38DfiABIAJqIQQCQCAAIgIoAgwiAA0AIAIoAgQEQCACIAE2AgQLIwBBEGsiCCQAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAIoAhwiA0EBaw7dAdoBAdkBAgMEBQYHCAkKCwwNDtgBDxDXARES1gETFBUWFxgZGhvgAd8BHB0e1QEfICEiIyQl1AEmJygpKiss0wHSAS0u0QHQAS8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRtsBR0hJSs8BzgFLzQFMzAFNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AAYEBggGDAYQBhQGGAYcBiAGJAYoBiwGMAY0BjgGPAZABkQGSAZMBlAGVAZYBlwGYAZkBmgGbAZwBnQGeAZ8BoAGhAaIBowGkAaUBpgGnAagBqQGqAasBrAGtAa4BrwGwAbEBsgGzAbQBtQG2AbcBywHKAbgByQG5AcgBugG7AbwBvQG+Ab8BwAHBAcIBwwHEAcUBxgEA3AELQQAMxgELQQ4MxQELQQ0MxAELQQ8MwwELQRAMwgELQRMMwQELQRQMwAELQRUMvwELQRYMvgELQRgMvQELQRkMvAELQRoMuwELQRsMugELQRwMuQELQR0MuAELQQgMtwELQR4MtgELQSAMtQELQR8MtAELQQcMswELQSEMsgELQSIMsQELQSMMsAELQSQMrwELQRIMrgELQREMrQELQSUMrAELQSYMqwELQScMqgELQSgMqQELQcMBDKgBC0EqDKcBC0ErDKYBC0EsDKUBC0EtDKQBC0EuDKMBC0EvDKIBC0HEAQyhAQtBMAygAQtBNAyfAQtBDAyeAQtBMQydAQtBMgycAQtBMwybAQtBOQyaAQtBNQyZAQtBxQEMmAELQQsMlwELQToMlgELQTYMlQELQQoMlAELQTcMkwELQTgMkgELQTwMkQELQTsMkAELQT0MjwELQQkMjgELQSkMjQELQT4MjAELQT8MiwELQcAADIoBC0HBAAyJAQtBwgAMiAELQcMADIcBC0HEAAyGAQtBxQAMhQELQcYADIQBC0EXDIMBC0HHAAyCAQtByAAMgQELQckADIABC0HKAAx/C0HLAAx+C0HNAAx9C0HMAAx8C0HOAAx7C0HPAAx6C0HQAAx5C0HRAAx4C0HSAAx3C0HTAAx2C0HUAAx1C0HWAAx0C0HVAAxzC0EGDHILQdcADHELQQUMcAtB2AAMbwtBBAxuC0HZAAxtC0HaAAxsC0HbAAxrC0HcAAxqC0EDDGkLQd0ADGgLQd4ADGcLQd8ADGYLQeEADGULQeAADGQLQeIADGMLQeMADGILQQIMYQtB5AAMYAtB5QAMXwtB5gAMXgtB5wAMXQtB6AAMXAtB6QAMWwtB6gAMWgtB6wAMWQtB7AAMWAtB7QAMVwtB7gAMVgtB7wAMVQtB8AAMVAtB8QAMUwtB8gAMUgtB8wAMUQtB9AAMUAtB9QAMTwtB9gAMTgtB9wAMTQtB+AAMTAtB+QAMSwtB+gAMSgtB+wAMSQtB/AAMSAtB/QAMRwtB/gAMRgtB/wAMRQtBgAEMRAtBgQEMQwtBggEMQgtBgwEMQQtBhAEMQAtBhQEMPwtBhgEMPgtBhwEMPQtBiAEMPAtBiQEMOwtBigEMOgtBiwEMOQtBjAEMOAtBjQEMNwtBjgEMNgtBjwEMNQtBkAEMNAtBkQEMMwtBkgEMMgtBkwEMMQtBlAEMMAtBlQEMLwtBlgEMLgtBlwEMLQtBmAEMLAtBmQEMKwtBmgEMKgtBmwEMKQtBnAEMKAtBnQEMJwtBngEMJgtBnwEMJQtBoAEMJAtBoQEMIwtBogEMIgtBowEMIQtBpAEMIAtBpQEMHwtBpgEMHgtBpwEMHQtBqAEMHAtBqQEMGwtBqgEMGgtBqwEMGQtBrAEMGAtBrQEMFwtBrgEMFgtBAQwVC0GvAQwUC0GwAQwTC0GxAQwSC0GzAQwRC0GyAQwQC0G0AQwPC0G1AQwOC0G2AQwNC0G3AQwMC0G4AQwLC0G5AQwKC0G6AQwJC0G7AQwIC0HGAQwHC0G8AQwGC0G9AQwFC0G+AQwEC0G/AQwDC0HAAQwCC0HCAQwBC0HBAQshAwNAAkACQAJAAkACQAJAAkACQAJAIAICfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAgJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAn8CQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCADDsYBAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHyAhIyUmKCorLC8wMTIzNDU2Nzk6Ozw9lANAQkRFRklLTk9QUVJTVFVWWFpbXF1eX2BhYmNkZWZnaGpsb3Bxc3V2eHl6e3x/gAGBAYIBgwGEAYUBhgGHAYgBiQGKAYsBjAGNAY4BjwGQAZEBkgGTAZQBlQGWAZcBmAGZAZoBmwGcAZ0BngGfAaABoQGiAaMBpAGlAaYBpwGoAakBqgGrAawBrQGuAa8BsAGxAbIBswG0AbUBtgG3AbgBuQG6AbsBvAG9Ab4BvwHAAcEBwgHDAcQBxQHGAccByAHJAcsBzAHNAc4BzwGKA4kDiAOHA4QDgwOAA/sC+gL5AvgC9wL0AvMC8gLLAsECsALZAQsgASAERw3wAkHdASEDDLMDCyABIARHDcgBQcMBIQMMsgMLIAEgBEcNe0H3ACEDDLEDCyABIARHDXBB7wAhAwywAwsgASAERw1pQeoAIQMMrwMLIAEgBEcNZUHoACEDDK4DCyABIARHDWJB5gAhAwytAwsgASAERw0aQRghAwysAwsgASAERw0VQRIhAwyrAwsgASAERw1CQcUAIQMMqgMLIAEgBEcNNEE/IQMMqQMLIAEgBEcNMkE8IQMMqAMLIAEgBEcNK0ExIQMMpwMLIAItAC5BAUYNnwMMwQILQQAhAAJAAkACQCACLQAqRQ0AIAItACtFDQAgAi8BMCIDQQJxRQ0BDAILIAIvATAiA0EBcUUNAQtBASEAIAItAChBAUYNACACLwEyIgVB5ABrQeQASQ0AIAVBzAFGDQAgBUGwAkYNACADQcAAcQ0AQQAhACADQYgEcUGABEYNACADQShxQQBHIQALIAJBADsBMCACQQA6AC8gAEUN3wIgAkIANwMgDOACC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAARQ3MASAAQRVHDd0CIAJBBDYCHCACIAE2AhQgAkGwGDYCECACQRU2AgxBACEDDKQDCyABIARGBEBBBiEDDKQDCyABQQFqIQFBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAA3ZAgwcCyACQgA3AyBBEiEDDIkDCyABIARHDRZBHSEDDKEDCyABIARHBEAgAUEBaiEBQRAhAwyIAwtBByEDDKADCyACIAIpAyAiCiAEIAFrrSILfSIMQgAgCiAMWhs3AyAgCiALWA3UAkEIIQMMnwMLIAEgBEcEQCACQQk2AgggAiABNgIEQRQhAwyGAwtBCSEDDJ4DCyACKQMgQgBSDccBIAIgAi8BMEGAAXI7ATAMQgsgASAERw0/QdAAIQMMnAMLIAEgBEYEQEELIQMMnAMLIAFBAWohAUEAIQACQCACKAI4IgNFDQAgAygCUCIDRQ0AIAIgAxEAACEACyAADc8CDMYBC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ3GASAAQRVHDc0CIAJBCzYCHCACIAE2AhQgAkGCGTYCECACQRU2AgxBACEDDJoDC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ0MIABBFUcNygIgAkEaNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMmQMLQQAhAAJAIAIoAjgiA0UNACADKAJMIgNFDQAgAiADEQAAIQALIABFDcQBIABBFUcNxwIgAkELNgIcIAIgATYCFCACQZEXNgIQIAJBFTYCDEEAIQMMmAMLIAEgBEYEQEEPIQMMmAMLIAEtAAAiAEE7Rg0HIABBDUcNxAIgAUEBaiEBDMMBC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3DASAAQRVHDcICIAJBDzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJYDCwNAIAEtAABB8DVqLQAAIgBBAUcEQCAAQQJHDcECIAIoAgQhAEEAIQMgAkEANgIEIAIgACABQQFqIgEQLSIADcICDMUBCyAEIAFBAWoiAUcNAAtBEiEDDJUDC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3FASAAQRVHDb0CIAJBGzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJQDCyABIARGBEBBFiEDDJQDCyACQQo2AgggAiABNgIEQQAhAAJAIAIoAjgiA0UNACADKAJIIgNFDQAgAiADEQAAIQALIABFDcIBIABBFUcNuQIgAkEVNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMkwMLIAEgBEcEQANAIAEtAABB8DdqLQAAIgBBAkcEQAJAIABBAWsOBMQCvQIAvgK9AgsgAUEBaiEBQQghAwz8AgsgBCABQQFqIgFHDQALQRUhAwyTAwtBFSEDDJIDCwNAIAEtAABB8DlqLQAAIgBBAkcEQCAAQQFrDgTFArcCwwK4ArcCCyAEIAFBAWoiAUcNAAtBGCEDDJEDCyABIARHBEAgAkELNgIIIAIgATYCBEEHIQMM+AILQRkhAwyQAwsgAUEBaiEBDAILIAEgBEYEQEEaIQMMjwMLAkAgAS0AAEENaw4UtQG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwEAvwELQQAhAyACQQA2AhwgAkGvCzYCECACQQI2AgwgAiABQQFqNgIUDI4DCyABIARGBEBBGyEDDI4DCyABLQAAIgBBO0cEQCAAQQ1HDbECIAFBAWohAQy6AQsgAUEBaiEBC0EiIQMM8wILIAEgBEYEQEEcIQMMjAMLQgAhCgJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAS0AAEEwaw43wQLAAgABAgMEBQYH0AHQAdAB0AHQAdAB0AEICQoLDA3QAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdABDg8QERIT0AELQgIhCgzAAgtCAyEKDL8CC0IEIQoMvgILQgUhCgy9AgtCBiEKDLwCC0IHIQoMuwILQgghCgy6AgtCCSEKDLkCC0IKIQoMuAILQgshCgy3AgtCDCEKDLYCC0INIQoMtQILQg4hCgy0AgtCDyEKDLMCC0IKIQoMsgILQgshCgyxAgtCDCEKDLACC0INIQoMrwILQg4hCgyuAgtCDyEKDK0CC0IAIQoCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAEtAABBMGsON8ACvwIAAQIDBAUGB74CvgK+Ar4CvgK+Ar4CCAkKCwwNvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ag4PEBESE74CC0ICIQoMvwILQgMhCgy+AgtCBCEKDL0CC0IFIQoMvAILQgYhCgy7AgtCByEKDLoCC0IIIQoMuQILQgkhCgy4AgtCCiEKDLcCC0ILIQoMtgILQgwhCgy1AgtCDSEKDLQCC0IOIQoMswILQg8hCgyyAgtCCiEKDLECC0ILIQoMsAILQgwhCgyvAgtCDSEKDK4CC0IOIQoMrQILQg8hCgysAgsgAiACKQMgIgogBCABa60iC30iDEIAIAogDFobNwMgIAogC1gNpwJBHyEDDIkDCyABIARHBEAgAkEJNgIIIAIgATYCBEElIQMM8AILQSAhAwyIAwtBASEFIAIvATAiA0EIcUUEQCACKQMgQgBSIQULAkAgAi0ALgRAQQEhACACLQApQQVGDQEgA0HAAHFFIAVxRQ0BC0EAIQAgA0HAAHENAEECIQAgA0EIcQ0AIANBgARxBEACQCACLQAoQQFHDQAgAi0ALUEKcQ0AQQUhAAwCC0EEIQAMAQsgA0EgcUUEQAJAIAItAChBAUYNACACLwEyIgBB5ABrQeQASQ0AIABBzAFGDQAgAEGwAkYNAEEEIQAgA0EocUUNAiADQYgEcUGABEYNAgtBACEADAELQQBBAyACKQMgUBshAAsgAEEBaw4FvgIAsAEBpAKhAgtBESEDDO0CCyACQQE6AC8MhAMLIAEgBEcNnQJBJCEDDIQDCyABIARHDRxBxgAhAwyDAwtBACEAAkAgAigCOCIDRQ0AIAMoAkQiA0UNACACIAMRAAAhAAsgAEUNJyAAQRVHDZgCIAJB0AA2AhwgAiABNgIUIAJBkRg2AhAgAkEVNgIMQQAhAwyCAwsgASAERgRAQSghAwyCAwtBACEDIAJBADYCBCACQQw2AgggAiABIAEQKiIARQ2UAiACQSc2AhwgAiABNgIUIAIgADYCDAyBAwsgASAERgRAQSkhAwyBAwsgAS0AACIAQSBGDRMgAEEJRw2VAiABQQFqIQEMFAsgASAERwRAIAFBAWohAQwWC0EqIQMM/wILIAEgBEYEQEErIQMM/wILIAEtAAAiAEEJRyAAQSBHcQ2QAiACLQAsQQhHDd0CIAJBADoALAzdAgsgASAERgRAQSwhAwz+AgsgAS0AAEEKRw2OAiABQQFqIQEMsAELIAEgBEcNigJBLyEDDPwCCwNAIAEtAAAiAEEgRwRAIABBCmsOBIQCiAKIAoQChgILIAQgAUEBaiIBRw0AC0ExIQMM+wILQTIhAyABIARGDfoCIAIoAgAiACAEIAFraiEHIAEgAGtBA2ohBgJAA0AgAEHwO2otAAAgAS0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDQEgAEEDRgRAQQYhAQziAgsgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAc2AgAM+wILIAJBADYCAAyGAgtBMyEDIAQgASIARg35AiAEIAFrIAIoAgAiAWohByAAIAFrQQhqIQYCQANAIAFB9DtqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBCEYEQEEFIQEM4QILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPoCCyACQQA2AgAgACEBDIUCC0E0IQMgBCABIgBGDfgCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgJAA0AgAUHQwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBBUYEQEEHIQEM4AILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPkCCyACQQA2AgAgACEBDIQCCyABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRg0JDIECCyAEIAFBAWoiAUcNAAtBMCEDDPgCC0EwIQMM9wILIAEgBEcEQANAIAEtAAAiAEEgRwRAIABBCmsOBP8B/gH+Af8B/gELIAQgAUEBaiIBRw0AC0E4IQMM9wILQTghAwz2AgsDQCABLQAAIgBBIEcgAEEJR3EN9gEgBCABQQFqIgFHDQALQTwhAwz1AgsDQCABLQAAIgBBIEcEQAJAIABBCmsOBPkBBAT5AQALIABBLEYN9QEMAwsgBCABQQFqIgFHDQALQT8hAwz0AgtBwAAhAyABIARGDfMCIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAEGAQGstAAAgAS0AAEEgckcNASAAQQZGDdsCIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPQCCyACQQA2AgALQTYhAwzZAgsgASAERgRAQcEAIQMM8gILIAJBDDYCCCACIAE2AgQgAi0ALEEBaw4E+wHuAewB6wHUAgsgAUEBaiEBDPoBCyABIARHBEADQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxIgBBCUYNACAAQSBGDQACQAJAAkACQCAAQeMAaw4TAAMDAwMDAwMBAwMDAwMDAwMDAgMLIAFBAWohAUExIQMM3AILIAFBAWohAUEyIQMM2wILIAFBAWohAUEzIQMM2gILDP4BCyAEIAFBAWoiAUcNAAtBNSEDDPACC0E1IQMM7wILIAEgBEcEQANAIAEtAABBgDxqLQAAQQFHDfcBIAQgAUEBaiIBRw0AC0E9IQMM7wILQT0hAwzuAgtBACEAAkAgAigCOCIDRQ0AIAMoAkAiA0UNACACIAMRAAAhAAsgAEUNASAAQRVHDeYBIAJBwgA2AhwgAiABNgIUIAJB4xg2AhAgAkEVNgIMQQAhAwztAgsgAUEBaiEBC0E8IQMM0gILIAEgBEYEQEHCACEDDOsCCwJAA0ACQCABLQAAQQlrDhgAAswCzALRAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAgDMAgsgBCABQQFqIgFHDQALQcIAIQMM6wILIAFBAWohASACLQAtQQFxRQ3+AQtBLCEDDNACCyABIARHDd4BQcQAIQMM6AILA0AgAS0AAEGQwABqLQAAQQFHDZwBIAQgAUEBaiIBRw0AC0HFACEDDOcCCyABLQAAIgBBIEYN/gEgAEE6Rw3AAiACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgAN3gEM3QELQccAIQMgBCABIgBGDeUCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFBkMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvwIgAUEFRg3CAiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzlAgtByAAhAyAEIAEiAEYN5AIgBCABayACKAIAIgFqIQcgACABa0EJaiEGA0AgAUGWwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw2+AkECIAFBCUYNwgIaIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOQCCyABIARGBEBByQAhAwzkAgsCQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxQe4Aaw4HAL8CvwK/Ar8CvwIBvwILIAFBAWohAUE+IQMMywILIAFBAWohAUE/IQMMygILQcoAIQMgBCABIgBGDeICIAQgAWsgAigCACIBaiEGIAAgAWtBAWohBwNAIAFBoMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvAIgAUEBRg2+AiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBjYCAAziAgtBywAhAyAEIAEiAEYN4QIgBCABayACKAIAIgFqIQcgACABa0EOaiEGA0AgAUGiwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw27AiABQQ5GDb4CIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOECC0HMACEDIAQgASIARg3gAiAEIAFrIAIoAgAiAWohByAAIAFrQQ9qIQYDQCABQcDCAGotAAAgAC0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDboCQQMgAUEPRg2+AhogAUEBaiEBIAQgAEEBaiIARw0ACyACIAc2AgAM4AILQc0AIQMgBCABIgBGDd8CIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFB0MIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNuQJBBCABQQVGDb0CGiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzfAgsgASAERgRAQc4AIQMM3wILAkACQAJAAkAgAS0AACIAQSByIAAgAEHBAGtB/wFxQRpJG0H/AXFB4wBrDhMAvAK8ArwCvAK8ArwCvAK8ArwCvAK8ArwCAbwCvAK8AgIDvAILIAFBAWohAUHBACEDDMgCCyABQQFqIQFBwgAhAwzHAgsgAUEBaiEBQcMAIQMMxgILIAFBAWohAUHEACEDDMUCCyABIARHBEAgAkENNgIIIAIgATYCBEHFACEDDMUCC0HPACEDDN0CCwJAAkAgAS0AAEEKaw4EAZABkAEAkAELIAFBAWohAQtBKCEDDMMCCyABIARGBEBB0QAhAwzcAgsgAS0AAEEgRw0AIAFBAWohASACLQAtQQFxRQ3QAQtBFyEDDMECCyABIARHDcsBQdIAIQMM2QILQdMAIQMgASAERg3YAiACKAIAIgAgBCABa2ohBiABIABrQQFqIQUDQCABLQAAIABB1sIAai0AAEcNxwEgAEEBRg3KASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBjYCAAzYAgsgASAERgRAQdUAIQMM2AILIAEtAABBCkcNwgEgAUEBaiEBDMoBCyABIARGBEBB1gAhAwzXAgsCQAJAIAEtAABBCmsOBADDAcMBAcMBCyABQQFqIQEMygELIAFBAWohAUHKACEDDL0CC0EAIQACQCACKAI4IgNFDQAgAygCPCIDRQ0AIAIgAxEAACEACyAADb8BQc0AIQMMvAILIAItAClBIkYNzwIMiQELIAQgASIFRgRAQdsAIQMM1AILQQAhAEEBIQFBASEGQQAhAwJAAn8CQAJAAkACQAJAAkACQCAFLQAAQTBrDgrFAcQBAAECAwQFBgjDAQtBAgwGC0EDDAULQQQMBAtBBQwDC0EGDAILQQcMAQtBCAshA0EAIQFBACEGDL0BC0EJIQNBASEAQQAhAUEAIQYMvAELIAEgBEYEQEHdACEDDNMCCyABLQAAQS5HDbgBIAFBAWohAQyIAQsgASAERw22AUHfACEDDNECCyABIARHBEAgAkEONgIIIAIgATYCBEHQACEDDLgCC0HgACEDDNACC0HhACEDIAEgBEYNzwIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGA0AgAS0AACAAQeLCAGotAABHDbEBIABBA0YNswEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMzwILQeIAIQMgASAERg3OAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYDQCABLQAAIABB5sIAai0AAEcNsAEgAEECRg2vASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAzOAgtB4wAhAyABIARGDc0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgNAIAEtAAAgAEHpwgBqLQAARw2vASAAQQNGDa0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADM0CCyABIARGBEBB5QAhAwzNAgsgAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANqgFB1gAhAwyzAgsgASAERwRAA0AgAS0AACIAQSBHBEACQAJAAkAgAEHIAGsOCwABswGzAbMBswGzAbMBswGzAQKzAQsgAUEBaiEBQdIAIQMMtwILIAFBAWohAUHTACEDDLYCCyABQQFqIQFB1AAhAwy1AgsgBCABQQFqIgFHDQALQeQAIQMMzAILQeQAIQMMywILA0AgAS0AAEHwwgBqLQAAIgBBAUcEQCAAQQJrDgOnAaYBpQGkAQsgBCABQQFqIgFHDQALQeYAIQMMygILIAFBAWogASAERw0CGkHnACEDDMkCCwNAIAEtAABB8MQAai0AACIAQQFHBEACQCAAQQJrDgSiAaEBoAEAnwELQdcAIQMMsQILIAQgAUEBaiIBRw0AC0HoACEDDMgCCyABIARGBEBB6QAhAwzIAgsCQCABLQAAIgBBCmsOGrcBmwGbAbQBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBpAGbAZsBAJkBCyABQQFqCyEBQQYhAwytAgsDQCABLQAAQfDGAGotAABBAUcNfSAEIAFBAWoiAUcNAAtB6gAhAwzFAgsgAUEBaiABIARHDQIaQesAIQMMxAILIAEgBEYEQEHsACEDDMQCCyABQQFqDAELIAEgBEYEQEHtACEDDMMCCyABQQFqCyEBQQQhAwyoAgsgASAERgRAQe4AIQMMwQILAkACQAJAIAEtAABB8MgAai0AAEEBaw4HkAGPAY4BAHwBAo0BCyABQQFqIQEMCwsgAUEBagyTAQtBACEDIAJBADYCHCACQZsSNgIQIAJBBzYCDCACIAFBAWo2AhQMwAILAkADQCABLQAAQfDIAGotAAAiAEEERwRAAkACQCAAQQFrDgeUAZMBkgGNAQAEAY0BC0HaACEDDKoCCyABQQFqIQFB3AAhAwypAgsgBCABQQFqIgFHDQALQe8AIQMMwAILIAFBAWoMkQELIAQgASIARgRAQfAAIQMMvwILIAAtAABBL0cNASAAQQFqIQEMBwsgBCABIgBGBEBB8QAhAwy+AgsgAC0AACIBQS9GBEAgAEEBaiEBQd0AIQMMpQILIAFBCmsiA0EWSw0AIAAhAUEBIAN0QYmAgAJxDfkBC0EAIQMgAkEANgIcIAIgADYCFCACQYwcNgIQIAJBBzYCDAy8AgsgASAERwRAIAFBAWohAUHeACEDDKMCC0HyACEDDLsCCyABIARGBEBB9AAhAwy7AgsCQCABLQAAQfDMAGotAABBAWsOA/cBcwCCAQtB4QAhAwyhAgsgASAERwRAA0AgAS0AAEHwygBqLQAAIgBBA0cEQAJAIABBAWsOAvkBAIUBC0HfACEDDKMCCyAEIAFBAWoiAUcNAAtB8wAhAwy6AgtB8wAhAwy5AgsgASAERwRAIAJBDzYCCCACIAE2AgRB4AAhAwygAgtB9QAhAwy4AgsgASAERgRAQfYAIQMMuAILIAJBDzYCCCACIAE2AgQLQQMhAwydAgsDQCABLQAAQSBHDY4CIAQgAUEBaiIBRw0AC0H3ACEDDLUCCyABIARGBEBB+AAhAwy1AgsgAS0AAEEgRw16IAFBAWohAQxbC0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAADXgMgAILIAEgBEYEQEH6ACEDDLMCCyABLQAAQcwARw10IAFBAWohAUETDHYLQfsAIQMgASAERg2xAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYDQCABLQAAIABB8M4Aai0AAEcNcyAAQQVGDXUgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMsQILIAEgBEYEQEH8ACEDDLECCwJAAkAgAS0AAEHDAGsODAB0dHR0dHR0dHR0AXQLIAFBAWohAUHmACEDDJgCCyABQQFqIQFB5wAhAwyXAgtB/QAhAyABIARGDa8CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDXIgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADLACCyACQQA2AgAgBkEBaiEBQRAMcwtB/gAhAyABIARGDa4CIAIoAgAiACAEIAFraiEFIAEgAGtBBWohBgJAA0AgAS0AACAAQfbOAGotAABHDXEgAEEFRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK8CCyACQQA2AgAgBkEBaiEBQRYMcgtB/wAhAyABIARGDa0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQfzOAGotAABHDXAgAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK4CCyACQQA2AgAgBkEBaiEBQQUMcQsgASAERgRAQYABIQMMrQILIAEtAABB2QBHDW4gAUEBaiEBQQgMcAsgASAERgRAQYEBIQMMrAILAkACQCABLQAAQc4Aaw4DAG8BbwsgAUEBaiEBQesAIQMMkwILIAFBAWohAUHsACEDDJICCyABIARGBEBBggEhAwyrAgsCQAJAIAEtAABByABrDggAbm5ubm5uAW4LIAFBAWohAUHqACEDDJICCyABQQFqIQFB7QAhAwyRAgtBgwEhAyABIARGDakCIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQYDPAGotAABHDWwgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKoCCyACQQA2AgAgBkEBaiEBQQAMbQtBhAEhAyABIARGDagCIAIoAgAiACAEIAFraiEFIAEgAGtBBGohBgJAA0AgAS0AACAAQYPPAGotAABHDWsgAEEERg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKkCCyACQQA2AgAgBkEBaiEBQSMMbAsgASAERgRAQYUBIQMMqAILAkACQCABLQAAQcwAaw4IAGtra2trawFrCyABQQFqIQFB7wAhAwyPAgsgAUEBaiEBQfAAIQMMjgILIAEgBEYEQEGGASEDDKcCCyABLQAAQcUARw1oIAFBAWohAQxgC0GHASEDIAEgBEYNpQIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGAkADQCABLQAAIABBiM8Aai0AAEcNaCAAQQNGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpgILIAJBADYCACAGQQFqIQFBLQxpC0GIASEDIAEgBEYNpAIgAigCACIAIAQgAWtqIQUgASAAa0EIaiEGAkADQCABLQAAIABB0M8Aai0AAEcNZyAAQQhGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpQILIAJBADYCACAGQQFqIQFBKQxoCyABIARGBEBBiQEhAwykAgtBASABLQAAQd8ARw1nGiABQQFqIQEMXgtBigEhAyABIARGDaICIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgNAIAEtAAAgAEGMzwBqLQAARw1kIABBAUYN+gEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMogILQYsBIQMgASAERg2hAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGOzwBqLQAARw1kIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyiAgsgAkEANgIAIAZBAWohAUECDGULQYwBIQMgASAERg2gAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHwzwBqLQAARw1jIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyhAgsgAkEANgIAIAZBAWohAUEfDGQLQY0BIQMgASAERg2fAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHyzwBqLQAARw1iIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAygAgsgAkEANgIAIAZBAWohAUEJDGMLIAEgBEYEQEGOASEDDJ8CCwJAAkAgAS0AAEHJAGsOBwBiYmJiYgFiCyABQQFqIQFB+AAhAwyGAgsgAUEBaiEBQfkAIQMMhQILQY8BIQMgASAERg2dAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGRzwBqLQAARw1gIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyeAgsgAkEANgIAIAZBAWohAUEYDGELQZABIQMgASAERg2cAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGXzwBqLQAARw1fIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAydAgsgAkEANgIAIAZBAWohAUEXDGALQZEBIQMgASAERg2bAiACKAIAIgAgBCABa2ohBSABIABrQQZqIQYCQANAIAEtAAAgAEGazwBqLQAARw1eIABBBkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAycAgsgAkEANgIAIAZBAWohAUEVDF8LQZIBIQMgASAERg2aAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGhzwBqLQAARw1dIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAybAgsgAkEANgIAIAZBAWohAUEeDF4LIAEgBEYEQEGTASEDDJoCCyABLQAAQcwARw1bIAFBAWohAUEKDF0LIAEgBEYEQEGUASEDDJkCCwJAAkAgAS0AAEHBAGsODwBcXFxcXFxcXFxcXFxcAVwLIAFBAWohAUH+ACEDDIACCyABQQFqIQFB/wAhAwz/AQsgASAERgRAQZUBIQMMmAILAkACQCABLQAAQcEAaw4DAFsBWwsgAUEBaiEBQf0AIQMM/wELIAFBAWohAUGAASEDDP4BC0GWASEDIAEgBEYNlgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBp88Aai0AAEcNWSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlwILIAJBADYCACAGQQFqIQFBCwxaCyABIARGBEBBlwEhAwyWAgsCQAJAAkACQCABLQAAQS1rDiMAW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1sBW1tbW1sCW1tbA1sLIAFBAWohAUH7ACEDDP8BCyABQQFqIQFB/AAhAwz+AQsgAUEBaiEBQYEBIQMM/QELIAFBAWohAUGCASEDDPwBC0GYASEDIAEgBEYNlAIgAigCACIAIAQgAWtqIQUgASAAa0EEaiEGAkADQCABLQAAIABBqc8Aai0AAEcNVyAAQQRGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlQILIAJBADYCACAGQQFqIQFBGQxYC0GZASEDIAEgBEYNkwIgAigCACIAIAQgAWtqIQUgASAAa0EFaiEGAkADQCABLQAAIABBrs8Aai0AAEcNViAAQQVGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlAILIAJBADYCACAGQQFqIQFBBgxXC0GaASEDIAEgBEYNkgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBtM8Aai0AAEcNVSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkwILIAJBADYCACAGQQFqIQFBHAxWC0GbASEDIAEgBEYNkQIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBts8Aai0AAEcNVCAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkgILIAJBADYCACAGQQFqIQFBJwxVCyABIARGBEBBnAEhAwyRAgsCQAJAIAEtAABB1ABrDgIAAVQLIAFBAWohAUGGASEDDPgBCyABQQFqIQFBhwEhAwz3AQtBnQEhAyABIARGDY8CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbjPAGotAABHDVIgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADJACCyACQQA2AgAgBkEBaiEBQSYMUwtBngEhAyABIARGDY4CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbrPAGotAABHDVEgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI8CCyACQQA2AgAgBkEBaiEBQQMMUgtBnwEhAyABIARGDY0CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDVAgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI4CCyACQQA2AgAgBkEBaiEBQQwMUQtBoAEhAyABIARGDYwCIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQbzPAGotAABHDU8gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI0CCyACQQA2AgAgBkEBaiEBQQ0MUAsgASAERgRAQaEBIQMMjAILAkACQCABLQAAQcYAaw4LAE9PT09PT09PTwFPCyABQQFqIQFBiwEhAwzzAQsgAUEBaiEBQYwBIQMM8gELIAEgBEYEQEGiASEDDIsCCyABLQAAQdAARw1MIAFBAWohAQxGCyABIARGBEBBowEhAwyKAgsCQAJAIAEtAABByQBrDgcBTU1NTU0ATQsgAUEBaiEBQY4BIQMM8QELIAFBAWohAUEiDE0LQaQBIQMgASAERg2IAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHAzwBqLQAARw1LIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyJAgsgAkEANgIAIAZBAWohAUEdDEwLIAEgBEYEQEGlASEDDIgCCwJAAkAgAS0AAEHSAGsOAwBLAUsLIAFBAWohAUGQASEDDO8BCyABQQFqIQFBBAxLCyABIARGBEBBpgEhAwyHAgsCQAJAAkACQAJAIAEtAABBwQBrDhUATU1NTU1NTU1NTQFNTQJNTQNNTQRNCyABQQFqIQFBiAEhAwzxAQsgAUEBaiEBQYkBIQMM8AELIAFBAWohAUGKASEDDO8BCyABQQFqIQFBjwEhAwzuAQsgAUEBaiEBQZEBIQMM7QELQacBIQMgASAERg2FAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHtzwBqLQAARw1IIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyGAgsgAkEANgIAIAZBAWohAUERDEkLQagBIQMgASAERg2EAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHCzwBqLQAARw1HIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyFAgsgAkEANgIAIAZBAWohAUEsDEgLQakBIQMgASAERg2DAiACKAIAIgAgBCABa2ohBSABIABrQQRqIQYCQANAIAEtAAAgAEHFzwBqLQAARw1GIABBBEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyEAgsgAkEANgIAIAZBAWohAUErDEcLQaoBIQMgASAERg2CAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHKzwBqLQAARw1FIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyDAgsgAkEANgIAIAZBAWohAUEUDEYLIAEgBEYEQEGrASEDDIICCwJAAkACQAJAIAEtAABBwgBrDg8AAQJHR0dHR0dHR0dHRwNHCyABQQFqIQFBkwEhAwzrAQsgAUEBaiEBQZQBIQMM6gELIAFBAWohAUGVASEDDOkBCyABQQFqIQFBlgEhAwzoAQsgASAERgRAQawBIQMMgQILIAEtAABBxQBHDUIgAUEBaiEBDD0LQa0BIQMgASAERg3/ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHNzwBqLQAARw1CIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyAAgsgAkEANgIAIAZBAWohAUEODEMLIAEgBEYEQEGuASEDDP8BCyABLQAAQdAARw1AIAFBAWohAUElDEILQa8BIQMgASAERg39ASACKAIAIgAgBCABa2ohBSABIABrQQhqIQYCQANAIAEtAAAgAEHQzwBqLQAARw1AIABBCEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz+AQsgAkEANgIAIAZBAWohAUEqDEELIAEgBEYEQEGwASEDDP0BCwJAAkAgAS0AAEHVAGsOCwBAQEBAQEBAQEABQAsgAUEBaiEBQZoBIQMM5AELIAFBAWohAUGbASEDDOMBCyABIARGBEBBsQEhAwz8AQsCQAJAIAEtAABBwQBrDhQAPz8/Pz8/Pz8/Pz8/Pz8/Pz8/AT8LIAFBAWohAUGZASEDDOMBCyABQQFqIQFBnAEhAwziAQtBsgEhAyABIARGDfoBIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQdnPAGotAABHDT0gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPsBCyACQQA2AgAgBkEBaiEBQSEMPgtBswEhAyABIARGDfkBIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAS0AACAAQd3PAGotAABHDTwgAEEGRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPoBCyACQQA2AgAgBkEBaiEBQRoMPQsgASAERgRAQbQBIQMM+QELAkACQAJAIAEtAABBxQBrDhEAPT09PT09PT09AT09PT09Aj0LIAFBAWohAUGdASEDDOEBCyABQQFqIQFBngEhAwzgAQsgAUEBaiEBQZ8BIQMM3wELQbUBIQMgASAERg33ASACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEHkzwBqLQAARw06IABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz4AQsgAkEANgIAIAZBAWohAUEoDDsLQbYBIQMgASAERg32ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHqzwBqLQAARw05IABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz3AQsgAkEANgIAIAZBAWohAUEHDDoLIAEgBEYEQEG3ASEDDPYBCwJAAkAgAS0AAEHFAGsODgA5OTk5OTk5OTk5OTkBOQsgAUEBaiEBQaEBIQMM3QELIAFBAWohAUGiASEDDNwBC0G4ASEDIAEgBEYN9AEgAigCACIAIAQgAWtqIQUgASAAa0ECaiEGAkADQCABLQAAIABB7c8Aai0AAEcNNyAAQQJGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9QELIAJBADYCACAGQQFqIQFBEgw4C0G5ASEDIAEgBEYN8wEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8M8Aai0AAEcNNiAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9AELIAJBADYCACAGQQFqIQFBIAw3C0G6ASEDIAEgBEYN8gEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8s8Aai0AAEcNNSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8wELIAJBADYCACAGQQFqIQFBDww2CyABIARGBEBBuwEhAwzyAQsCQAJAIAEtAABByQBrDgcANTU1NTUBNQsgAUEBaiEBQaUBIQMM2QELIAFBAWohAUGmASEDDNgBC0G8ASEDIAEgBEYN8AEgAigCACIAIAQgAWtqIQUgASAAa0EHaiEGAkADQCABLQAAIABB9M8Aai0AAEcNMyAAQQdGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8QELIAJBADYCACAGQQFqIQFBGww0CyABIARGBEBBvQEhAwzwAQsCQAJAAkAgAS0AAEHCAGsOEgA0NDQ0NDQ0NDQBNDQ0NDQ0AjQLIAFBAWohAUGkASEDDNgBCyABQQFqIQFBpwEhAwzXAQsgAUEBaiEBQagBIQMM1gELIAEgBEYEQEG+ASEDDO8BCyABLQAAQc4ARw0wIAFBAWohAQwsCyABIARGBEBBvwEhAwzuAQsCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCABLQAAQcEAaw4VAAECAz8EBQY/Pz8HCAkKCz8MDQ4PPwsgAUEBaiEBQegAIQMM4wELIAFBAWohAUHpACEDDOIBCyABQQFqIQFB7gAhAwzhAQsgAUEBaiEBQfIAIQMM4AELIAFBAWohAUHzACEDDN8BCyABQQFqIQFB9gAhAwzeAQsgAUEBaiEBQfcAIQMM3QELIAFBAWohAUH6ACEDDNwBCyABQQFqIQFBgwEhAwzbAQsgAUEBaiEBQYQBIQMM2gELIAFBAWohAUGFASEDDNkBCyABQQFqIQFBkgEhAwzYAQsgAUEBaiEBQZgBIQMM1wELIAFBAWohAUGgASEDDNYBCyABQQFqIQFBowEhAwzVAQsgAUEBaiEBQaoBIQMM1AELIAEgBEcEQCACQRA2AgggAiABNgIEQasBIQMM1AELQcABIQMM7AELQQAhAAJAIAIoAjgiA0UNACADKAI0IgNFDQAgAiADEQAAIQALIABFDV4gAEEVRw0HIAJB0QA2AhwgAiABNgIUIAJBsBc2AhAgAkEVNgIMQQAhAwzrAQsgAUEBaiABIARHDQgaQcIBIQMM6gELA0ACQCABLQAAQQprDgQIAAALAAsgBCABQQFqIgFHDQALQcMBIQMM6QELIAEgBEcEQCACQRE2AgggAiABNgIEQQEhAwzQAQtBxAEhAwzoAQsgASAERgRAQcUBIQMM6AELAkACQCABLQAAQQprDgQBKCgAKAsgAUEBagwJCyABQQFqDAULIAEgBEYEQEHGASEDDOcBCwJAAkAgAS0AAEEKaw4XAQsLAQsLCwsLCwsLCwsLCwsLCwsLCwALCyABQQFqIQELQbABIQMMzQELIAEgBEYEQEHIASEDDOYBCyABLQAAQSBHDQkgAkEAOwEyIAFBAWohAUGzASEDDMwBCwNAIAEhAAJAIAEgBEcEQCABLQAAQTBrQf8BcSIDQQpJDQEMJwtBxwEhAwzmAQsCQCACLwEyIgFBmTNLDQAgAiABQQpsIgU7ATIgBUH+/wNxIANB//8Dc0sNACAAQQFqIQEgAiADIAVqIgM7ATIgA0H//wNxQegHSQ0BCwtBACEDIAJBADYCHCACQcEJNgIQIAJBDTYCDCACIABBAWo2AhQM5AELIAJBADYCHCACIAE2AhQgAkHwDDYCECACQRs2AgxBACEDDOMBCyACKAIEIQAgAkEANgIEIAIgACABECYiAA0BIAFBAWoLIQFBrQEhAwzIAQsgAkHBATYCHCACIAA2AgwgAiABQQFqNgIUQQAhAwzgAQsgAigCBCEAIAJBADYCBCACIAAgARAmIgANASABQQFqCyEBQa4BIQMMxQELIAJBwgE2AhwgAiAANgIMIAIgAUEBajYCFEEAIQMM3QELIAJBADYCHCACIAE2AhQgAkGXCzYCECACQQ02AgxBACEDDNwBCyACQQA2AhwgAiABNgIUIAJB4xA2AhAgAkEJNgIMQQAhAwzbAQsgAkECOgAoDKwBC0EAIQMgAkEANgIcIAJBrws2AhAgAkECNgIMIAIgAUEBajYCFAzZAQtBAiEDDL8BC0ENIQMMvgELQSYhAwy9AQtBFSEDDLwBC0EWIQMMuwELQRghAwy6AQtBHCEDDLkBC0EdIQMMuAELQSAhAwy3AQtBISEDDLYBC0EjIQMMtQELQcYAIQMMtAELQS4hAwyzAQtBPSEDDLIBC0HLACEDDLEBC0HOACEDDLABC0HYACEDDK8BC0HZACEDDK4BC0HbACEDDK0BC0HxACEDDKwBC0H0ACEDDKsBC0GNASEDDKoBC0GXASEDDKkBC0GpASEDDKgBC0GvASEDDKcBC0GxASEDDKYBCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB8Rs2AhAgAkEGNgIMDL0BCyACQQA2AgAgBkEBaiEBQSQLOgApIAIoAgQhACACQQA2AgQgAiAAIAEQJyIARQRAQeUAIQMMowELIAJB+QA2AhwgAiABNgIUIAIgADYCDEEAIQMMuwELIABBFUcEQCACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwy7AQsgAkH4ADYCHCACIAE2AhQgAkHKGDYCECACQRU2AgxBACEDDLoBCyACQQA2AhwgAiABNgIUIAJBjhs2AhAgAkEGNgIMQQAhAwy5AQsgAkEANgIcIAIgATYCFCACQf4RNgIQIAJBBzYCDEEAIQMMuAELIAJBADYCHCACIAE2AhQgAkGMHDYCECACQQc2AgxBACEDDLcBCyACQQA2AhwgAiABNgIUIAJBww82AhAgAkEHNgIMQQAhAwy2AQsgAkEANgIcIAIgATYCFCACQcMPNgIQIAJBBzYCDEEAIQMMtQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0RIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMtAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0gIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMswELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0iIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMsgELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0OIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMsQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0dIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMsAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0fIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMrwELIABBP0cNASABQQFqCyEBQQUhAwyUAQtBACEDIAJBADYCHCACIAE2AhQgAkH9EjYCECACQQc2AgwMrAELIAJBADYCHCACIAE2AhQgAkHcCDYCECACQQc2AgxBACEDDKsBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNByACQeUANgIcIAIgATYCFCACIAA2AgxBACEDDKoBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNFiACQdMANgIcIAIgATYCFCACIAA2AgxBACEDDKkBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNGCACQdIANgIcIAIgATYCFCACIAA2AgxBACEDDKgBCyACQQA2AhwgAiABNgIUIAJBxgo2AhAgAkEHNgIMQQAhAwynAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQMgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwymAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRIgAkHTADYCHCACIAE2AhQgAiAANgIMQQAhAwylAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRQgAkHSADYCHCACIAE2AhQgAiAANgIMQQAhAwykAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQAgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwyjAQtB1QAhAwyJAQsgAEEVRwRAIAJBADYCHCACIAE2AhQgAkG5DTYCECACQRo2AgxBACEDDKIBCyACQeQANgIcIAIgATYCFCACQeMXNgIQIAJBFTYCDEEAIQMMoQELIAJBADYCACAGQQFqIQEgAi0AKSIAQSNrQQtJDQQCQCAAQQZLDQBBASAAdEHKAHFFDQAMBQtBACEDIAJBADYCHCACIAE2AhQgAkH3CTYCECACQQg2AgwMoAELIAJBADYCACAGQQFqIQEgAi0AKUEhRg0DIAJBADYCHCACIAE2AhQgAkGbCjYCECACQQg2AgxBACEDDJ8BCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJBkDM2AhAgAkEINgIMDJ0BCyACQQA2AgAgBkEBaiEBIAItAClBI0kNACACQQA2AhwgAiABNgIUIAJB0wk2AhAgAkEINgIMQQAhAwycAQtB0QAhAwyCAQsgAS0AAEEwayIAQf8BcUEKSQRAIAIgADoAKiABQQFqIQFBzwAhAwyCAQsgAigCBCEAIAJBADYCBCACIAAgARAoIgBFDYYBIAJB3gA2AhwgAiABNgIUIAIgADYCDEEAIQMMmgELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ2GASACQdwANgIcIAIgATYCFCACIAA2AgxBACEDDJkBCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMhwELIAJB2gA2AhwgAiAFNgIUIAIgADYCDAyYAQtBACEBQQEhAwsgAiADOgArIAVBAWohAwJAAkACQCACLQAtQRBxDQACQAJAAkAgAi0AKg4DAQACBAsgBkUNAwwCCyAADQEMAgsgAUUNAQsgAigCBCEAIAJBADYCBCACIAAgAxAoIgBFBEAgAyEBDAILIAJB2AA2AhwgAiADNgIUIAIgADYCDEEAIQMMmAELIAIoAgQhACACQQA2AgQgAiAAIAMQKCIARQRAIAMhAQyHAQsgAkHZADYCHCACIAM2AhQgAiAANgIMQQAhAwyXAQtBzAAhAwx9CyAAQRVHBEAgAkEANgIcIAIgATYCFCACQZQNNgIQIAJBITYCDEEAIQMMlgELIAJB1wA2AhwgAiABNgIUIAJByRc2AhAgAkEVNgIMQQAhAwyVAQtBACEDIAJBADYCHCACIAE2AhQgAkGAETYCECACQQk2AgwMlAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0AIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMkwELQckAIQMMeQsgAkEANgIcIAIgATYCFCACQcEoNgIQIAJBBzYCDCACQQA2AgBBACEDDJEBCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAlIgBFDQAgAkHSADYCHCACIAE2AhQgAiAANgIMDJABC0HIACEDDHYLIAJBADYCACAFIQELIAJBgBI7ASogAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANAQtBxwAhAwxzCyAAQRVGBEAgAkHRADYCHCACIAE2AhQgAkHjFzYCECACQRU2AgxBACEDDIwBC0EAIQMgAkEANgIcIAIgATYCFCACQbkNNgIQIAJBGjYCDAyLAQtBACEDIAJBADYCHCACIAE2AhQgAkGgGTYCECACQR42AgwMigELIAEtAABBOkYEQCACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgBFDQEgAkHDADYCHCACIAA2AgwgAiABQQFqNgIUDIoBC0EAIQMgAkEANgIcIAIgATYCFCACQbERNgIQIAJBCjYCDAyJAQsgAUEBaiEBQTshAwxvCyACQcMANgIcIAIgADYCDCACIAFBAWo2AhQMhwELQQAhAyACQQA2AhwgAiABNgIUIAJB8A42AhAgAkEcNgIMDIYBCyACIAIvATBBEHI7ATAMZgsCQCACLwEwIgBBCHFFDQAgAi0AKEEBRw0AIAItAC1BCHFFDQMLIAIgAEH3+wNxQYAEcjsBMAwECyABIARHBEACQANAIAEtAABBMGsiAEH/AXFBCk8EQEE1IQMMbgsgAikDICIKQpmz5syZs+bMGVYNASACIApCCn4iCjcDICAKIACtQv8BgyILQn+FVg0BIAIgCiALfDcDICAEIAFBAWoiAUcNAAtBOSEDDIUBCyACKAIEIQBBACEDIAJBADYCBCACIAAgAUEBaiIBECoiAA0MDHcLQTkhAwyDAQsgAi0AMEEgcQ0GQcUBIQMMaQtBACEDIAJBADYCBCACIAEgARAqIgBFDQQgAkE6NgIcIAIgADYCDCACIAFBAWo2AhQMgQELIAItAChBAUcNACACLQAtQQhxRQ0BC0E3IQMMZgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIABEAgAkE7NgIcIAIgADYCDCACIAFBAWo2AhQMfwsgAUEBaiEBDG4LIAJBCDoALAwECyABQQFqIQEMbQtBACEDIAJBADYCHCACIAE2AhQgAkHkEjYCECACQQQ2AgwMewsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ1sIAJBNzYCHCACIAE2AhQgAiAANgIMDHoLIAIgAi8BMEEgcjsBMAtBMCEDDF8LIAJBNjYCHCACIAE2AhQgAiAANgIMDHcLIABBLEcNASABQQFqIQBBASEBAkACQAJAAkACQCACLQAsQQVrDgQDAQIEAAsgACEBDAQLQQIhAQwBC0EEIQELIAJBAToALCACIAIvATAgAXI7ATAgACEBDAELIAIgAi8BMEEIcjsBMCAAIQELQTkhAwxcCyACQQA6ACwLQTQhAwxaCyABIARGBEBBLSEDDHMLAkACQANAAkAgAS0AAEEKaw4EAgAAAwALIAQgAUEBaiIBRw0AC0EtIQMMdAsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ0CIAJBLDYCHCACIAE2AhQgAiAANgIMDHMLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAS0AAEENRgRAIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAi0ALUEBcQRAQcQBIQMMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIADQEMZQtBLyEDDFcLIAJBLjYCHCACIAE2AhQgAiAANgIMDG8LQQAhAyACQQA2AhwgAiABNgIUIAJB8BQ2AhAgAkEDNgIMDG4LQQEhAwJAAkACQAJAIAItACxBBWsOBAMBAgAECyACIAIvATBBCHI7ATAMAwtBAiEDDAELQQQhAwsgAkEBOgAsIAIgAi8BMCADcjsBMAtBKiEDDFMLQQAhAyACQQA2AhwgAiABNgIUIAJB4Q82AhAgAkEKNgIMDGsLQQEhAwJAAkACQAJAAkACQCACLQAsQQJrDgcFBAQDAQIABAsgAiACLwEwQQhyOwEwDAMLQQIhAwwBC0EEIQMLIAJBAToALCACIAIvATAgA3I7ATALQSshAwxSC0EAIQMgAkEANgIcIAIgATYCFCACQasSNgIQIAJBCzYCDAxqC0EAIQMgAkEANgIcIAIgATYCFCACQf0NNgIQIAJBHTYCDAxpCyABIARHBEADQCABLQAAQSBHDUggBCABQQFqIgFHDQALQSUhAwxpC0ElIQMMaAsgAi0ALUEBcQRAQcMBIQMMTwsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKSIABEAgAkEmNgIcIAIgADYCDCACIAFBAWo2AhQMaAsgAUEBaiEBDFwLIAFBAWohASACLwEwIgBBgAFxBEBBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAEUNBiAAQRVHDR8gAkEFNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMZwsCQCAAQaAEcUGgBEcNACACLQAtQQJxDQBBACEDIAJBADYCHCACIAE2AhQgAkGWEzYCECACQQQ2AgwMZwsgAgJ/IAIvATBBFHFBFEYEQEEBIAItAChBAUYNARogAi8BMkHlAEYMAQsgAi0AKUEFRgs6AC5BACEAAkAgAigCOCIDRQ0AIAMoAiQiA0UNACACIAMRAAAhAAsCQAJAAkACQAJAIAAOFgIBAAQEBAQEBAQEBAQEBAQEBAQEBAMECyACQQE6AC4LIAIgAi8BMEHAAHI7ATALQSchAwxPCyACQSM2AhwgAiABNgIUIAJBpRY2AhAgAkEVNgIMQQAhAwxnC0EAIQMgAkEANgIcIAIgATYCFCACQdULNgIQIAJBETYCDAxmC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAADQELQQ4hAwxLCyAAQRVGBEAgAkECNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMZAtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMYwtBACEDIAJBADYCHCACIAE2AhQgAkGqHDYCECACQQ82AgwMYgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEgCqdqIgEQKyIARQ0AIAJBBTYCHCACIAE2AhQgAiAANgIMDGELQQ8hAwxHC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxfC0IBIQoLIAFBAWohAQJAIAIpAyAiC0L//////////w9YBEAgAiALQgSGIAqENwMgDAELQQAhAyACQQA2AhwgAiABNgIUIAJBrQk2AhAgAkEMNgIMDF4LQSQhAwxEC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxcCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAsIgBFBEAgAUEBaiEBDFILIAJBFzYCHCACIAA2AgwgAiABQQFqNgIUDFsLIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQRY2AhwgAiAANgIMIAIgAUEBajYCFAxbC0EfIQMMQQtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQLSIARQRAIAFBAWohAQxQCyACQRQ2AhwgAiAANgIMIAIgAUEBajYCFAxYCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABEC0iAEUEQCABQQFqIQEMAQsgAkETNgIcIAIgADYCDCACIAFBAWo2AhQMWAtBHiEDDD4LQQAhAyACQQA2AhwgAiABNgIUIAJBxgw2AhAgAkEjNgIMDFYLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABEC0iAEUEQCABQQFqIQEMTgsgAkERNgIcIAIgADYCDCACIAFBAWo2AhQMVQsgAkEQNgIcIAIgATYCFCACIAA2AgwMVAtBACEDIAJBADYCHCACIAE2AhQgAkHGDDYCECACQSM2AgwMUwtBACEDIAJBADYCHCACIAE2AhQgAkHAFTYCECACQQI2AgwMUgsgAigCBCEAQQAhAyACQQA2AgQCQCACIAAgARAtIgBFBEAgAUEBaiEBDAELIAJBDjYCHCACIAA2AgwgAiABQQFqNgIUDFILQRshAww4C0EAIQMgAkEANgIcIAIgATYCFCACQcYMNgIQIAJBIzYCDAxQCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABECwiAEUEQCABQQFqIQEMAQsgAkENNgIcIAIgADYCDCACIAFBAWo2AhQMUAtBGiEDDDYLQQAhAyACQQA2AhwgAiABNgIUIAJBmg82AhAgAkEiNgIMDE4LIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQQw2AhwgAiAANgIMIAIgAUEBajYCFAxOC0EZIQMMNAtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMTAsgAEEVRwRAQQAhAyACQQA2AhwgAiABNgIUIAJBgww2AhAgAkETNgIMDEwLIAJBCjYCHCACIAE2AhQgAkHkFjYCECACQRU2AgxBACEDDEsLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABIAqnaiIBECsiAARAIAJBBzYCHCACIAE2AhQgAiAANgIMDEsLQRMhAwwxCyAAQRVHBEBBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMSgsgAkEeNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMSQtBACEAAkAgAigCOCIDRQ0AIAMoAiwiA0UNACACIAMRAAAhAAsgAEUNQSAAQRVGBEAgAkEDNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMSQtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMSAtBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMRwtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMRgsgAkEAOgAvIAItAC1BBHFFDT8LIAJBADoALyACQQE6ADRBACEDDCsLQQAhAyACQQA2AhwgAkHkETYCECACQQc2AgwgAiABQQFqNgIUDEMLAkADQAJAIAEtAABBCmsOBAACAgACCyAEIAFBAWoiAUcNAAtB3QEhAwxDCwJAAkAgAi0ANEEBRw0AQQAhAAJAIAIoAjgiA0UNACADKAJYIgNFDQAgAiADEQAAIQALIABFDQAgAEEVRw0BIAJB3AE2AhwgAiABNgIUIAJB1RY2AhAgAkEVNgIMQQAhAwxEC0HBASEDDCoLIAJBADYCHCACIAE2AhQgAkHpCzYCECACQR82AgxBACEDDEILAkACQCACLQAoQQFrDgIEAQALQcABIQMMKQtBuQEhAwwoCyACQQI6AC9BACEAAkAgAigCOCIDRQ0AIAMoAgAiA0UNACACIAMRAAAhAAsgAEUEQEHCASEDDCgLIABBFUcEQCACQQA2AhwgAiABNgIUIAJBpAw2AhAgAkEQNgIMQQAhAwxBCyACQdsBNgIcIAIgATYCFCACQfoWNgIQIAJBFTYCDEEAIQMMQAsgASAERgRAQdoBIQMMQAsgAS0AAEHIAEYNASACQQE6ACgLQawBIQMMJQtBvwEhAwwkCyABIARHBEAgAkEQNgIIIAIgATYCBEG+ASEDDCQLQdkBIQMMPAsgASAERgRAQdgBIQMMPAsgAS0AAEHIAEcNBCABQQFqIQFBvQEhAwwiCyABIARGBEBB1wEhAww7CwJAAkAgAS0AAEHFAGsOEAAFBQUFBQUFBQUFBQUFBQEFCyABQQFqIQFBuwEhAwwiCyABQQFqIQFBvAEhAwwhC0HWASEDIAEgBEYNOSACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGD0ABqLQAARw0DIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw6CyACKAIEIQAgAkIANwMAIAIgACAGQQFqIgEQJyIARQRAQcYBIQMMIQsgAkHVATYCHCACIAE2AhQgAiAANgIMQQAhAww5C0HUASEDIAEgBEYNOCACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEGB0ABqLQAARw0CIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw5CyACQYEEOwEoIAIoAgQhACACQgA3AwAgAiAAIAZBAWoiARAnIgANAwwCCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB2Bs2AhAgAkEINgIMDDYLQboBIQMMHAsgAkHTATYCHCACIAE2AhQgAiAANgIMQQAhAww0C0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAARQ0AIABBFUYNASACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwwzC0HkACEDDBkLIAJB+AA2AhwgAiABNgIUIAJByhg2AhAgAkEVNgIMQQAhAwwxC0HSASEDIAQgASIARg0wIAQgAWsgAigCACIBaiEFIAAgAWtBBGohBgJAA0AgAC0AACABQfzPAGotAABHDQEgAUEERg0DIAFBAWohASAEIABBAWoiAEcNAAsgAiAFNgIADDELIAJBADYCHCACIAA2AhQgAkGQMzYCECACQQg2AgwgAkEANgIAQQAhAwwwCyABIARHBEAgAkEONgIIIAIgATYCBEG3ASEDDBcLQdEBIQMMLwsgAkEANgIAIAZBAWohAQtBuAEhAwwUCyABIARGBEBB0AEhAwwtCyABLQAAQTBrIgBB/wFxQQpJBEAgAiAAOgAqIAFBAWohAUG2ASEDDBQLIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0UIAJBzwE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAsgASAERgRAQc4BIQMMLAsCQCABLQAAQS5GBEAgAUEBaiEBDAELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0VIAJBzQE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAtBtQEhAwwSCyAEIAEiBUYEQEHMASEDDCsLQQAhAEEBIQFBASEGQQAhAwJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAIAUtAABBMGsOCgoJAAECAwQFBggLC0ECDAYLQQMMBQtBBAwEC0EFDAMLQQYMAgtBBwwBC0EICyEDQQAhAUEAIQYMAgtBCSEDQQEhAEEAIQFBACEGDAELQQAhAUEBIQMLIAIgAzoAKyAFQQFqIQMCQAJAIAItAC1BEHENAAJAAkACQCACLQAqDgMBAAIECyAGRQ0DDAILIAANAQwCCyABRQ0BCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMAwsgAkHJATYCHCACIAM2AhQgAiAANgIMQQAhAwwtCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMGAsgAkHKATYCHCACIAM2AhQgAiAANgIMQQAhAwwsCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMFgsgAkHLATYCHCACIAU2AhQgAiAANgIMDCsLQbQBIQMMEQtBACEAAkAgAigCOCIDRQ0AIAMoAjwiA0UNACACIAMRAAAhAAsCQCAABEAgAEEVRg0BIAJBADYCHCACIAE2AhQgAkGUDTYCECACQSE2AgxBACEDDCsLQbIBIQMMEQsgAkHIATYCHCACIAE2AhQgAkHJFzYCECACQRU2AgxBACEDDCkLIAJBADYCACAGQQFqIQFB9QAhAwwPCyACLQApQQVGBEBB4wAhAwwPC0HiACEDDA4LIAAhASACQQA2AgALIAJBADoALEEJIQMMDAsgAkEANgIAIAdBAWohAUHAACEDDAsLQQELOgAsIAJBADYCACAGQQFqIQELQSkhAwwIC0E4IQMMBwsCQCABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRw0DIAFBAWohAQwFCyAEIAFBAWoiAUcNAAtBPiEDDCELQT4hAwwgCwsgAkEAOgAsDAELQQshAwwEC0E6IQMMAwsgAUEBaiEBQS0hAwwCCyACIAE6ACwgAkEANgIAIAZBAWohAUEMIQMMAQsgAkEANgIAIAZBAWohAUEKIQMMAAsAC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwXC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwWC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwVC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwUC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwTC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwSC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwRC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwQC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwPC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwOC0EAIQMgAkEANgIcIAIgATYCFCACQcASNgIQIAJBCzYCDAwNC0EAIQMgAkEANgIcIAIgATYCFCACQZUJNgIQIAJBCzYCDAwMC0EAIQMgAkEANgIcIAIgATYCFCACQeEPNgIQIAJBCjYCDAwLC0EAIQMgAkEANgIcIAIgATYCFCACQfsPNgIQIAJBCjYCDAwKC0EAIQMgAkEANgIcIAIgATYCFCACQfEZNgIQIAJBAjYCDAwJC0EAIQMgAkEANgIcIAIgATYCFCACQcQUNgIQIAJBAjYCDAwIC0EAIQMgAkEANgIcIAIgATYCFCACQfIVNgIQIAJBAjYCDAwHCyACQQI2AhwgAiABNgIUIAJBnBo2AhAgAkEWNgIMQQAhAwwGC0EBIQMMBQtB1AAhAyABIARGDQQgCEEIaiEJIAIoAgAhBQJAAkAgASAERwRAIAVB2MIAaiEHIAQgBWogAWshACAFQX9zQQpqIgUgAWohBgNAIAEtAAAgBy0AAEcEQEECIQcMAwsgBUUEQEEAIQcgBiEBDAMLIAVBAWshBSAHQQFqIQcgBCABQQFqIgFHDQALIAAhBSAEIQELIAlBATYCACACIAU2AgAMAQsgAkEANgIAIAkgBzYCAAsgCSABNgIEIAgoAgwhACAIKAIIDgMBBAIACwALIAJBADYCHCACQbUaNgIQIAJBFzYCDCACIABBAWo2AhRBACEDDAILIAJBADYCHCACIAA2AhQgAkHKGjYCECACQQk2AgxBACEDDAELIAEgBEYEQEEiIQMMAQsgAkEJNgIIIAIgATYCBEEhIQMLIAhBEGokACADRQRAIAIoAgwhAAwBCyACIAM2AhxBACEAIAIoAgQiAUUNACACIAEgBCACKAIIEQEAIgFFDQAgAiAENgIUIAIgATYCDCABIQALIAALvgIBAn8gAEEAOgAAIABB3ABqIgFBAWtBADoAACAAQQA6AAIgAEEAOgABIAFBA2tBADoAACABQQJrQQA6AAAgAEEAOgADIAFBBGtBADoAAEEAIABrQQNxIgEgAGoiAEEANgIAQdwAIAFrQXxxIgIgAGoiAUEEa0EANgIAAkAgAkEJSQ0AIABBADYCCCAAQQA2AgQgAUEIa0EANgIAIAFBDGtBADYCACACQRlJDQAgAEEANgIYIABBADYCFCAAQQA2AhAgAEEANgIMIAFBEGtBADYCACABQRRrQQA2AgAgAUEYa0EANgIAIAFBHGtBADYCACACIABBBHFBGHIiAmsiAUEgSQ0AIAAgAmohAANAIABCADcDGCAAQgA3AxAgAEIANwMIIABCADcDACAAQSBqIQAgAUEgayIBQR9LDQALCwtWAQF/AkAgACgCDA0AAkACQAJAAkAgAC0ALw4DAQADAgsgACgCOCIBRQ0AIAEoAiwiAUUNACAAIAERAAAiAQ0DC0EADwsACyAAQcMWNgIQQQ4hAQsgAQsaACAAKAIMRQRAIABB0Rs2AhAgAEEVNgIMCwsUACAAKAIMQRVGBEAgAEEANgIMCwsUACAAKAIMQRZGBEAgAEEANgIMCwsHACAAKAIMCwcAIAAoAhALCQAgACABNgIQCwcAIAAoAhQLFwAgAEEkTwRAAAsgAEECdEGgM2ooAgALFwAgAEEuTwRAAAsgAEECdEGwNGooAgALvwkBAX9B6yghAQJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIABB5ABrDvQDY2IAAWFhYWFhYQIDBAVhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhBgcICQoLDA0OD2FhYWFhEGFhYWFhYWFhYWFhEWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYRITFBUWFxgZGhthYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2YTc4OTphYWFhYWFhYTthYWE8YWFhYT0+P2FhYWFhYWFhQGFhQWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYUJDREVGR0hJSktMTU5PUFFSU2FhYWFhYWFhVFVWV1hZWlthXF1hYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFeYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhX2BhC0HhJw8LQaQhDwtByywPC0H+MQ8LQcAkDwtBqyQPC0GNKA8LQeImDwtBgDAPC0G5Lw8LQdckDwtB7x8PC0HhHw8LQfofDwtB8iAPC0GoLw8LQa4yDwtBiDAPC0HsJw8LQYIiDwtBjh0PC0HQLg8LQcojDwtBxTIPC0HfHA8LQdIcDwtBxCAPC0HXIA8LQaIfDwtB7S4PC0GrMA8LQdQlDwtBzC4PC0H6Lg8LQfwrDwtB0jAPC0HxHQ8LQbsgDwtB9ysPC0GQMQ8LQdcxDwtBoi0PC0HUJw8LQeArDwtBnywPC0HrMQ8LQdUfDwtByjEPC0HeJQ8LQdQeDwtB9BwPC0GnMg8LQbEdDwtBoB0PC0G5MQ8LQbwwDwtBkiEPC0GzJg8LQeksDwtBrB4PC0HUKw8LQfcmDwtBgCYPC0GwIQ8LQf4eDwtBjSMPC0GJLQ8LQfciDwtBoDEPC0GuHw8LQcYlDwtB6B4PC0GTIg8LQcIvDwtBwx0PC0GLLA8LQeEdDwtBjS8PC0HqIQ8LQbQtDwtB0i8PC0HfMg8LQdIyDwtB8DAPC0GpIg8LQfkjDwtBmR4PC0G1LA8LQZswDwtBkjIPC0G2Kw8LQcIiDwtB+DIPC0GeJQ8LQdAiDwtBuh4PC0GBHg8LAAtB1iEhAQsgAQsWACAAIAAtAC1B/gFxIAFBAEdyOgAtCxkAIAAgAC0ALUH9AXEgAUEAR0EBdHI6AC0LGQAgACAALQAtQfsBcSABQQBHQQJ0cjoALQsZACAAIAAtAC1B9wFxIAFBAEdBA3RyOgAtCz4BAn8CQCAAKAI4IgNFDQAgAygCBCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBxhE2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCCCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9go2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCDCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7Ro2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCECIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlRA2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCFCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBqhs2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCGCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7RM2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCKCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9gg2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCHCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBwhk2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCICIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlBQ2AhBBGCEECyAEC1kBAn8CQCAALQAoQQFGDQAgAC8BMiIBQeQAa0HkAEkNACABQcwBRg0AIAFBsAJGDQAgAC8BMCIAQcAAcQ0AQQEhAiAAQYgEcUGABEYNACAAQShxRSECCyACC4wBAQJ/AkACQAJAIAAtACpFDQAgAC0AK0UNACAALwEwIgFBAnFFDQEMAgsgAC8BMCIBQQFxRQ0BC0EBIQIgAC0AKEEBRg0AIAAvATIiAEHkAGtB5ABJDQAgAEHMAUYNACAAQbACRg0AIAFBwABxDQBBACECIAFBiARxQYAERg0AIAFBKHFBAEchAgsgAgtXACAAQRhqQgA3AwAgAEIANwMAIABBOGpCADcDACAAQTBqQgA3AwAgAEEoakIANwMAIABBIGpCADcDACAAQRBqQgA3AwAgAEEIakIANwMAIABB3QE2AhwLBgAgABAyC5otAQt/IwBBEGsiCiQAQaTQACgCACIJRQRAQeTTACgCACIFRQRAQfDTAEJ/NwIAQejTAEKAgISAgIDAADcCAEHk0wAgCkEIakFwcUHYqtWqBXMiBTYCAEH40wBBADYCAEHI0wBBADYCAAtBzNMAQYDUBDYCAEGc0ABBgNQENgIAQbDQACAFNgIAQazQAEF/NgIAQdDTAEGArAM2AgADQCABQcjQAGogAUG80ABqIgI2AgAgAiABQbTQAGoiAzYCACABQcDQAGogAzYCACABQdDQAGogAUHE0ABqIgM2AgAgAyACNgIAIAFB2NAAaiABQczQAGoiAjYCACACIAM2AgAgAUHU0ABqIAI2AgAgAUEgaiIBQYACRw0AC0GM1ARBwasDNgIAQajQAEH00wAoAgA2AgBBmNAAQcCrAzYCAEGk0ABBiNQENgIAQcz/B0E4NgIAQYjUBCEJCwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIABB7AFNBEBBjNAAKAIAIgZBECAAQRNqQXBxIABBC0kbIgRBA3YiAHYiAUEDcQRAAkAgAUEBcSAAckEBcyICQQN0IgBBtNAAaiIBIABBvNAAaigCACIAKAIIIgNGBEBBjNAAIAZBfiACd3E2AgAMAQsgASADNgIIIAMgATYCDAsgAEEIaiEBIAAgAkEDdCICQQNyNgIEIAAgAmoiACAAKAIEQQFyNgIEDBELQZTQACgCACIIIARPDQEgAQRAAkBBAiAAdCICQQAgAmtyIAEgAHRxaCIAQQN0IgJBtNAAaiIBIAJBvNAAaigCACICKAIIIgNGBEBBjNAAIAZBfiAAd3EiBjYCAAwBCyABIAM2AgggAyABNgIMCyACIARBA3I2AgQgAEEDdCIAIARrIQUgACACaiAFNgIAIAIgBGoiBCAFQQFyNgIEIAgEQCAIQXhxQbTQAGohAEGg0AAoAgAhAwJ/QQEgCEEDdnQiASAGcUUEQEGM0AAgASAGcjYCACAADAELIAAoAggLIgEgAzYCDCAAIAM2AgggAyAANgIMIAMgATYCCAsgAkEIaiEBQaDQACAENgIAQZTQACAFNgIADBELQZDQACgCACILRQ0BIAtoQQJ0QbzSAGooAgAiACgCBEF4cSAEayEFIAAhAgNAAkAgAigCECIBRQRAIAJBFGooAgAiAUUNAQsgASgCBEF4cSAEayIDIAVJIQIgAyAFIAIbIQUgASAAIAIbIQAgASECDAELCyAAKAIYIQkgACgCDCIDIABHBEBBnNAAKAIAGiADIAAoAggiATYCCCABIAM2AgwMEAsgAEEUaiICKAIAIgFFBEAgACgCECIBRQ0DIABBEGohAgsDQCACIQcgASIDQRRqIgIoAgAiAQ0AIANBEGohAiADKAIQIgENAAsgB0EANgIADA8LQX8hBCAAQb9/Sw0AIABBE2oiAUFwcSEEQZDQACgCACIIRQ0AQQAgBGshBQJAAkACQAJ/QQAgBEGAAkkNABpBHyAEQf///wdLDQAaIARBJiABQQh2ZyIAa3ZBAXEgAEEBdGtBPmoLIgZBAnRBvNIAaigCACICRQRAQQAhAUEAIQMMAQtBACEBIARBGSAGQQF2a0EAIAZBH0cbdCEAQQAhAwNAAkAgAigCBEF4cSAEayIHIAVPDQAgAiEDIAciBQ0AQQAhBSACIQEMAwsgASACQRRqKAIAIgcgByACIABBHXZBBHFqQRBqKAIAIgJGGyABIAcbIQEgAEEBdCEAIAINAAsLIAEgA3JFBEBBACEDQQIgBnQiAEEAIABrciAIcSIARQ0DIABoQQJ0QbzSAGooAgAhAQsgAUUNAQsDQCABKAIEQXhxIARrIgIgBUkhACACIAUgABshBSABIAMgABshAyABKAIQIgAEfyAABSABQRRqKAIACyIBDQALCyADRQ0AIAVBlNAAKAIAIARrTw0AIAMoAhghByADIAMoAgwiAEcEQEGc0AAoAgAaIAAgAygCCCIBNgIIIAEgADYCDAwOCyADQRRqIgIoAgAiAUUEQCADKAIQIgFFDQMgA0EQaiECCwNAIAIhBiABIgBBFGoiAigCACIBDQAgAEEQaiECIAAoAhAiAQ0ACyAGQQA2AgAMDQtBlNAAKAIAIgMgBE8EQEGg0AAoAgAhAQJAIAMgBGsiAkEQTwRAIAEgBGoiACACQQFyNgIEIAEgA2ogAjYCACABIARBA3I2AgQMAQsgASADQQNyNgIEIAEgA2oiACAAKAIEQQFyNgIEQQAhAEEAIQILQZTQACACNgIAQaDQACAANgIAIAFBCGohAQwPC0GY0AAoAgAiAyAESwRAIAQgCWoiACADIARrIgFBAXI2AgRBpNAAIAA2AgBBmNAAIAE2AgAgCSAEQQNyNgIEIAlBCGohAQwPC0EAIQEgBAJ/QeTTACgCAARAQezTACgCAAwBC0Hw0wBCfzcCAEHo0wBCgICEgICAwAA3AgBB5NMAIApBDGpBcHFB2KrVqgVzNgIAQfjTAEEANgIAQcjTAEEANgIAQYCABAsiACAEQccAaiIFaiIGQQAgAGsiB3EiAk8EQEH80wBBMDYCAAwPCwJAQcTTACgCACIBRQ0AQbzTACgCACIIIAJqIQAgACABTSAAIAhLcQ0AQQAhAUH80wBBMDYCAAwPC0HI0wAtAABBBHENBAJAAkAgCQRAQczTACEBA0AgASgCACIAIAlNBEAgACABKAIEaiAJSw0DCyABKAIIIgENAAsLQQAQMyIAQX9GDQUgAiEGQejTACgCACIBQQFrIgMgAHEEQCACIABrIAAgA2pBACABa3FqIQYLIAQgBk8NBSAGQf7///8HSw0FQcTTACgCACIDBEBBvNMAKAIAIgcgBmohASABIAdNDQYgASADSw0GCyAGEDMiASAARw0BDAcLIAYgA2sgB3EiBkH+////B0sNBCAGEDMhACAAIAEoAgAgASgCBGpGDQMgACEBCwJAIAYgBEHIAGpPDQAgAUF/Rg0AQezTACgCACIAIAUgBmtqQQAgAGtxIgBB/v///wdLBEAgASEADAcLIAAQM0F/RwRAIAAgBmohBiABIQAMBwtBACAGaxAzGgwECyABIgBBf0cNBQwDC0EAIQMMDAtBACEADAoLIABBf0cNAgtByNMAQcjTACgCAEEEcjYCAAsgAkH+////B0sNASACEDMhAEEAEDMhASAAQX9GDQEgAUF/Rg0BIAAgAU8NASABIABrIgYgBEE4ak0NAQtBvNMAQbzTACgCACAGaiIBNgIAQcDTACgCACABSQRAQcDTACABNgIACwJAAkACQEGk0AAoAgAiAgRAQczTACEBA0AgACABKAIAIgMgASgCBCIFakYNAiABKAIIIgENAAsMAgtBnNAAKAIAIgFBAEcgACABT3FFBEBBnNAAIAA2AgALQQAhAUHQ0wAgBjYCAEHM0wAgADYCAEGs0ABBfzYCAEGw0ABB5NMAKAIANgIAQdjTAEEANgIAA0AgAUHI0ABqIAFBvNAAaiICNgIAIAIgAUG00ABqIgM2AgAgAUHA0ABqIAM2AgAgAUHQ0ABqIAFBxNAAaiIDNgIAIAMgAjYCACABQdjQAGogAUHM0ABqIgI2AgAgAiADNgIAIAFB1NAAaiACNgIAIAFBIGoiAUGAAkcNAAtBeCAAa0EPcSIBIABqIgIgBkE4ayIDIAFrIgFBAXI2AgRBqNAAQfTTACgCADYCAEGY0AAgATYCAEGk0AAgAjYCACAAIANqQTg2AgQMAgsgACACTQ0AIAIgA0kNACABKAIMQQhxDQBBeCACa0EPcSIAIAJqIgNBmNAAKAIAIAZqIgcgAGsiAEEBcjYCBCABIAUgBmo2AgRBqNAAQfTTACgCADYCAEGY0AAgADYCAEGk0AAgAzYCACACIAdqQTg2AgQMAQsgAEGc0AAoAgBJBEBBnNAAIAA2AgALIAAgBmohA0HM0wAhAQJAAkACQANAIAMgASgCAEcEQCABKAIIIgENAQwCCwsgAS0ADEEIcUUNAQtBzNMAIQEDQCABKAIAIgMgAk0EQCADIAEoAgRqIgUgAksNAwsgASgCCCEBDAALAAsgASAANgIAIAEgASgCBCAGajYCBCAAQXggAGtBD3FqIgkgBEEDcjYCBCADQXggA2tBD3FqIgYgBCAJaiIEayEBIAIgBkYEQEGk0AAgBDYCAEGY0ABBmNAAKAIAIAFqIgA2AgAgBCAAQQFyNgIEDAgLQaDQACgCACAGRgRAQaDQACAENgIAQZTQAEGU0AAoAgAgAWoiADYCACAEIABBAXI2AgQgACAEaiAANgIADAgLIAYoAgQiBUEDcUEBRw0GIAVBeHEhCCAFQf8BTQRAIAVBA3YhAyAGKAIIIgAgBigCDCICRgRAQYzQAEGM0AAoAgBBfiADd3E2AgAMBwsgAiAANgIIIAAgAjYCDAwGCyAGKAIYIQcgBiAGKAIMIgBHBEAgACAGKAIIIgI2AgggAiAANgIMDAULIAZBFGoiAigCACIFRQRAIAYoAhAiBUUNBCAGQRBqIQILA0AgAiEDIAUiAEEUaiICKAIAIgUNACAAQRBqIQIgACgCECIFDQALIANBADYCAAwEC0F4IABrQQ9xIgEgAGoiByAGQThrIgMgAWsiAUEBcjYCBCAAIANqQTg2AgQgAiAFQTcgBWtBD3FqQT9rIgMgAyACQRBqSRsiA0EjNgIEQajQAEH00wAoAgA2AgBBmNAAIAE2AgBBpNAAIAc2AgAgA0EQakHU0wApAgA3AgAgA0HM0wApAgA3AghB1NMAIANBCGo2AgBB0NMAIAY2AgBBzNMAIAA2AgBB2NMAQQA2AgAgA0EkaiEBA0AgAUEHNgIAIAUgAUEEaiIBSw0ACyACIANGDQAgAyADKAIEQX5xNgIEIAMgAyACayIFNgIAIAIgBUEBcjYCBCAFQf8BTQRAIAVBeHFBtNAAaiEAAn9BjNAAKAIAIgFBASAFQQN2dCIDcUUEQEGM0AAgASADcjYCACAADAELIAAoAggLIgEgAjYCDCAAIAI2AgggAiAANgIMIAIgATYCCAwBC0EfIQEgBUH///8HTQRAIAVBJiAFQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAQsgAiABNgIcIAJCADcCECABQQJ0QbzSAGohAEGQ0AAoAgAiA0EBIAF0IgZxRQRAIAAgAjYCAEGQ0AAgAyAGcjYCACACIAA2AhggAiACNgIIIAIgAjYCDAwBCyAFQRkgAUEBdmtBACABQR9HG3QhASAAKAIAIQMCQANAIAMiACgCBEF4cSAFRg0BIAFBHXYhAyABQQF0IQEgACADQQRxakEQaiIGKAIAIgMNAAsgBiACNgIAIAIgADYCGCACIAI2AgwgAiACNgIIDAELIAAoAggiASACNgIMIAAgAjYCCCACQQA2AhggAiAANgIMIAIgATYCCAtBmNAAKAIAIgEgBE0NAEGk0AAoAgAiACAEaiICIAEgBGsiAUEBcjYCBEGY0AAgATYCAEGk0AAgAjYCACAAIARBA3I2AgQgAEEIaiEBDAgLQQAhAUH80wBBMDYCAAwHC0EAIQALIAdFDQACQCAGKAIcIgJBAnRBvNIAaiIDKAIAIAZGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAdBEEEUIAcoAhAgBkYbaiAANgIAIABFDQELIAAgBzYCGCAGKAIQIgIEQCAAIAI2AhAgAiAANgIYCyAGQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAIaiEBIAYgCGoiBigCBCEFCyAGIAVBfnE2AgQgASAEaiABNgIAIAQgAUEBcjYCBCABQf8BTQRAIAFBeHFBtNAAaiEAAn9BjNAAKAIAIgJBASABQQN2dCIBcUUEQEGM0AAgASACcjYCACAADAELIAAoAggLIgEgBDYCDCAAIAQ2AgggBCAANgIMIAQgATYCCAwBC0EfIQUgAUH///8HTQRAIAFBJiABQQh2ZyIAa3ZBAXEgAEEBdGtBPmohBQsgBCAFNgIcIARCADcCECAFQQJ0QbzSAGohAEGQ0AAoAgAiAkEBIAV0IgNxRQRAIAAgBDYCAEGQ0AAgAiADcjYCACAEIAA2AhggBCAENgIIIAQgBDYCDAwBCyABQRkgBUEBdmtBACAFQR9HG3QhBSAAKAIAIQACQANAIAAiAigCBEF4cSABRg0BIAVBHXYhACAFQQF0IQUgAiAAQQRxakEQaiIDKAIAIgANAAsgAyAENgIAIAQgAjYCGCAEIAQ2AgwgBCAENgIIDAELIAIoAggiACAENgIMIAIgBDYCCCAEQQA2AhggBCACNgIMIAQgADYCCAsgCUEIaiEBDAILAkAgB0UNAAJAIAMoAhwiAUECdEG80gBqIgIoAgAgA0YEQCACIAA2AgAgAA0BQZDQACAIQX4gAXdxIgg2AgAMAgsgB0EQQRQgBygCECADRhtqIAA2AgAgAEUNAQsgACAHNgIYIAMoAhAiAQRAIAAgATYCECABIAA2AhgLIANBFGooAgAiAUUNACAAQRRqIAE2AgAgASAANgIYCwJAIAVBD00EQCADIAQgBWoiAEEDcjYCBCAAIANqIgAgACgCBEEBcjYCBAwBCyADIARqIgIgBUEBcjYCBCADIARBA3I2AgQgAiAFaiAFNgIAIAVB/wFNBEAgBUF4cUG00ABqIQACf0GM0AAoAgAiAUEBIAVBA3Z0IgVxRQRAQYzQACABIAVyNgIAIAAMAQsgACgCCAsiASACNgIMIAAgAjYCCCACIAA2AgwgAiABNgIIDAELQR8hASAFQf///wdNBEAgBUEmIAVBCHZnIgBrdkEBcSAAQQF0a0E+aiEBCyACIAE2AhwgAkIANwIQIAFBAnRBvNIAaiEAQQEgAXQiBCAIcUUEQCAAIAI2AgBBkNAAIAQgCHI2AgAgAiAANgIYIAIgAjYCCCACIAI2AgwMAQsgBUEZIAFBAXZrQQAgAUEfRxt0IQEgACgCACEEAkADQCAEIgAoAgRBeHEgBUYNASABQR12IQQgAUEBdCEBIAAgBEEEcWpBEGoiBigCACIEDQALIAYgAjYCACACIAA2AhggAiACNgIMIAIgAjYCCAwBCyAAKAIIIgEgAjYCDCAAIAI2AgggAkEANgIYIAIgADYCDCACIAE2AggLIANBCGohAQwBCwJAIAlFDQACQCAAKAIcIgFBAnRBvNIAaiICKAIAIABGBEAgAiADNgIAIAMNAUGQ0AAgC0F+IAF3cTYCAAwCCyAJQRBBFCAJKAIQIABGG2ogAzYCACADRQ0BCyADIAk2AhggACgCECIBBEAgAyABNgIQIAEgAzYCGAsgAEEUaigCACIBRQ0AIANBFGogATYCACABIAM2AhgLAkAgBUEPTQRAIAAgBCAFaiIBQQNyNgIEIAAgAWoiASABKAIEQQFyNgIEDAELIAAgBGoiByAFQQFyNgIEIAAgBEEDcjYCBCAFIAdqIAU2AgAgCARAIAhBeHFBtNAAaiEBQaDQACgCACEDAn9BASAIQQN2dCICIAZxRQRAQYzQACACIAZyNgIAIAEMAQsgASgCCAsiAiADNgIMIAEgAzYCCCADIAE2AgwgAyACNgIIC0Gg0AAgBzYCAEGU0AAgBTYCAAsgAEEIaiEBCyAKQRBqJAAgAQtDACAARQRAPwBBEHQPCwJAIABB//8DcQ0AIABBAEgNACAAQRB2QAAiAEF/RgRAQfzTAEEwNgIAQX8PCyAAQRB0DwsACwvcPyIAQYAICwkBAAAAAgAAAAMAQZQICwUEAAAABQBBpAgLCQYAAAAHAAAACABB3AgLii1JbnZhbGlkIGNoYXIgaW4gdXJsIHF1ZXJ5AFNwYW4gY2FsbGJhY2sgZXJyb3IgaW4gb25fYm9keQBDb250ZW50LUxlbmd0aCBvdmVyZmxvdwBDaHVuayBzaXplIG92ZXJmbG93AFJlc3BvbnNlIG92ZXJmbG93AEludmFsaWQgbWV0aG9kIGZvciBIVFRQL3gueCByZXF1ZXN0AEludmFsaWQgbWV0aG9kIGZvciBSVFNQL3gueCByZXF1ZXN0AEV4cGVjdGVkIFNPVVJDRSBtZXRob2QgZm9yIElDRS94LnggcmVxdWVzdABJbnZhbGlkIGNoYXIgaW4gdXJsIGZyYWdtZW50IHN0YXJ0AEV4cGVjdGVkIGRvdABTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX3N0YXR1cwBJbnZhbGlkIHJlc3BvbnNlIHN0YXR1cwBJbnZhbGlkIGNoYXJhY3RlciBpbiBjaHVuayBleHRlbnNpb25zAFVzZXIgY2FsbGJhY2sgZXJyb3IAYG9uX3Jlc2V0YCBjYWxsYmFjayBlcnJvcgBgb25fY2h1bmtfaGVhZGVyYCBjYWxsYmFjayBlcnJvcgBgb25fbWVzc2FnZV9iZWdpbmAgY2FsbGJhY2sgZXJyb3IAYG9uX2NodW5rX2V4dGVuc2lvbl92YWx1ZWAgY2FsbGJhY2sgZXJyb3IAYG9uX3N0YXR1c19jb21wbGV0ZWAgY2FsbGJhY2sgZXJyb3IAYG9uX3ZlcnNpb25fY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl91cmxfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9jaHVua19jb21wbGV0ZWAgY2FsbGJhY2sgZXJyb3IAYG9uX2hlYWRlcl92YWx1ZV9jb21wbGV0ZWAgY2FsbGJhY2sgZXJyb3IAYG9uX21lc3NhZ2VfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9tZXRob2RfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9oZWFkZXJfZmllbGRfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9jaHVua19leHRlbnNpb25fbmFtZWAgY2FsbGJhY2sgZXJyb3IAVW5leHBlY3RlZCBjaGFyIGluIHVybCBzZXJ2ZXIASW52YWxpZCBoZWFkZXIgdmFsdWUgY2hhcgBJbnZhbGlkIGhlYWRlciBmaWVsZCBjaGFyAFNwYW4gY2FsbGJhY2sgZXJyb3IgaW4gb25fdmVyc2lvbgBJbnZhbGlkIG1pbm9yIHZlcnNpb24ASW52YWxpZCBtYWpvciB2ZXJzaW9uAEV4cGVjdGVkIHNwYWNlIGFmdGVyIHZlcnNpb24ARXhwZWN0ZWQgQ1JMRiBhZnRlciB2ZXJzaW9uAEludmFsaWQgSFRUUCB2ZXJzaW9uAEludmFsaWQgaGVhZGVyIHRva2VuAFNwYW4gY2FsbGJhY2sgZXJyb3IgaW4gb25fdXJsAEludmFsaWQgY2hhcmFjdGVycyBpbiB1cmwAVW5leHBlY3RlZCBzdGFydCBjaGFyIGluIHVybABEb3VibGUgQCBpbiB1cmwARW1wdHkgQ29udGVudC1MZW5ndGgASW52YWxpZCBjaGFyYWN0ZXIgaW4gQ29udGVudC1MZW5ndGgARHVwbGljYXRlIENvbnRlbnQtTGVuZ3RoAEludmFsaWQgY2hhciBpbiB1cmwgcGF0aABDb250ZW50LUxlbmd0aCBjYW4ndCBiZSBwcmVzZW50IHdpdGggVHJhbnNmZXItRW5jb2RpbmcASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgc2l6ZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2hlYWRlcl92YWx1ZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2NodW5rX2V4dGVuc2lvbl92YWx1ZQBJbnZhbGlkIGNoYXJhY3RlciBpbiBjaHVuayBleHRlbnNpb25zIHZhbHVlAE1pc3NpbmcgZXhwZWN0ZWQgTEYgYWZ0ZXIgaGVhZGVyIHZhbHVlAEludmFsaWQgYFRyYW5zZmVyLUVuY29kaW5nYCBoZWFkZXIgdmFsdWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyBxdW90ZSB2YWx1ZQBJbnZhbGlkIGNoYXJhY3RlciBpbiBjaHVuayBleHRlbnNpb25zIHF1b3RlZCB2YWx1ZQBQYXVzZWQgYnkgb25faGVhZGVyc19jb21wbGV0ZQBJbnZhbGlkIEVPRiBzdGF0ZQBvbl9yZXNldCBwYXVzZQBvbl9jaHVua19oZWFkZXIgcGF1c2UAb25fbWVzc2FnZV9iZWdpbiBwYXVzZQBvbl9jaHVua19leHRlbnNpb25fdmFsdWUgcGF1c2UAb25fc3RhdHVzX2NvbXBsZXRlIHBhdXNlAG9uX3ZlcnNpb25fY29tcGxldGUgcGF1c2UAb25fdXJsX2NvbXBsZXRlIHBhdXNlAG9uX2NodW5rX2NvbXBsZXRlIHBhdXNlAG9uX2hlYWRlcl92YWx1ZV9jb21wbGV0ZSBwYXVzZQBvbl9tZXNzYWdlX2NvbXBsZXRlIHBhdXNlAG9uX21ldGhvZF9jb21wbGV0ZSBwYXVzZQBvbl9oZWFkZXJfZmllbGRfY29tcGxldGUgcGF1c2UAb25fY2h1bmtfZXh0ZW5zaW9uX25hbWUgcGF1c2UAVW5leHBlY3RlZCBzcGFjZSBhZnRlciBzdGFydCBsaW5lAFNwYW4gY2FsbGJhY2sgZXJyb3IgaW4gb25fY2h1bmtfZXh0ZW5zaW9uX25hbWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyBuYW1lAFBhdXNlIG9uIENPTk5FQ1QvVXBncmFkZQBQYXVzZSBvbiBQUkkvVXBncmFkZQBFeHBlY3RlZCBIVFRQLzIgQ29ubmVjdGlvbiBQcmVmYWNlAFNwYW4gY2FsbGJhY2sgZXJyb3IgaW4gb25fbWV0aG9kAEV4cGVjdGVkIHNwYWNlIGFmdGVyIG1ldGhvZABTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2hlYWRlcl9maWVsZABQYXVzZWQASW52YWxpZCB3b3JkIGVuY291bnRlcmVkAEludmFsaWQgbWV0aG9kIGVuY291bnRlcmVkAFVuZXhwZWN0ZWQgY2hhciBpbiB1cmwgc2NoZW1hAFJlcXVlc3QgaGFzIGludmFsaWQgYFRyYW5zZmVyLUVuY29kaW5nYABTV0lUQ0hfUFJPWFkAVVNFX1BST1hZAE1LQUNUSVZJVFkAVU5QUk9DRVNTQUJMRV9FTlRJVFkAQ09QWQBNT1ZFRF9QRVJNQU5FTlRMWQBUT09fRUFSTFkATk9USUZZAEZBSUxFRF9ERVBFTkRFTkNZAEJBRF9HQVRFV0FZAFBMQVkAUFVUAENIRUNLT1VUAEdBVEVXQVlfVElNRU9VVABSRVFVRVNUX1RJTUVPVVQATkVUV09SS19DT05ORUNUX1RJTUVPVVQAQ09OTkVDVElPTl9USU1FT1VUAExPR0lOX1RJTUVPVVQATkVUV09SS19SRUFEX1RJTUVPVVQAUE9TVABNSVNESVJFQ1RFRF9SRVFVRVNUAENMSUVOVF9DTE9TRURfUkVRVUVTVABDTElFTlRfQ0xPU0VEX0xPQURfQkFMQU5DRURfUkVRVUVTVABCQURfUkVRVUVTVABIVFRQX1JFUVVFU1RfU0VOVF9UT19IVFRQU19QT1JUAFJFUE9SVABJTV9BX1RFQVBPVABSRVNFVF9DT05URU5UAE5PX0NPTlRFTlQAUEFSVElBTF9DT05URU5UAEhQRV9JTlZBTElEX0NPTlNUQU5UAEhQRV9DQl9SRVNFVABHRVQASFBFX1NUUklDVABDT05GTElDVABURU1QT1JBUllfUkVESVJFQ1QAUEVSTUFORU5UX1JFRElSRUNUAENPTk5FQ1QATVVMVElfU1RBVFVTAEhQRV9JTlZBTElEX1NUQVRVUwBUT09fTUFOWV9SRVFVRVNUUwBFQVJMWV9ISU5UUwBVTkFWQUlMQUJMRV9GT1JfTEVHQUxfUkVBU09OUwBPUFRJT05TAFNXSVRDSElOR19QUk9UT0NPTFMAVkFSSUFOVF9BTFNPX05FR09USUFURVMATVVMVElQTEVfQ0hPSUNFUwBJTlRFUk5BTF9TRVJWRVJfRVJST1IAV0VCX1NFUlZFUl9VTktOT1dOX0VSUk9SAFJBSUxHVU5fRVJST1IASURFTlRJVFlfUFJPVklERVJfQVVUSEVOVElDQVRJT05fRVJST1IAU1NMX0NFUlRJRklDQVRFX0VSUk9SAElOVkFMSURfWF9GT1JXQVJERURfRk9SAFNFVF9QQVJBTUVURVIAR0VUX1BBUkFNRVRFUgBIUEVfVVNFUgBTRUVfT1RIRVIASFBFX0NCX0NIVU5LX0hFQURFUgBNS0NBTEVOREFSAFNFVFVQAFdFQl9TRVJWRVJfSVNfRE9XTgBURUFSRE9XTgBIUEVfQ0xPU0VEX0NPTk5FQ1RJT04ASEVVUklTVElDX0VYUElSQVRJT04ARElTQ09OTkVDVEVEX09QRVJBVElPTgBOT05fQVVUSE9SSVRBVElWRV9JTkZPUk1BVElPTgBIUEVfSU5WQUxJRF9WRVJTSU9OAEhQRV9DQl9NRVNTQUdFX0JFR0lOAFNJVEVfSVNfRlJPWkVOAEhQRV9JTlZBTElEX0hFQURFUl9UT0tFTgBJTlZBTElEX1RPS0VOAEZPUkJJRERFTgBFTkhBTkNFX1lPVVJfQ0FMTQBIUEVfSU5WQUxJRF9VUkwAQkxPQ0tFRF9CWV9QQVJFTlRBTF9DT05UUk9MAE1LQ09MAEFDTABIUEVfSU5URVJOQUwAUkVRVUVTVF9IRUFERVJfRklFTERTX1RPT19MQVJHRV9VTk9GRklDSUFMAEhQRV9PSwBVTkxJTksAVU5MT0NLAFBSSQBSRVRSWV9XSVRIAEhQRV9JTlZBTElEX0NPTlRFTlRfTEVOR1RIAEhQRV9VTkVYUEVDVEVEX0NPTlRFTlRfTEVOR1RIAEZMVVNIAFBST1BQQVRDSABNLVNFQVJDSABVUklfVE9PX0xPTkcAUFJPQ0VTU0lORwBNSVNDRUxMQU5FT1VTX1BFUlNJU1RFTlRfV0FSTklORwBNSVNDRUxMQU5FT1VTX1dBUk5JTkcASFBFX0lOVkFMSURfVFJBTlNGRVJfRU5DT0RJTkcARXhwZWN0ZWQgQ1JMRgBIUEVfSU5WQUxJRF9DSFVOS19TSVpFAE1PVkUAQ09OVElOVUUASFBFX0NCX1NUQVRVU19DT01QTEVURQBIUEVfQ0JfSEVBREVSU19DT01QTEVURQBIUEVfQ0JfVkVSU0lPTl9DT01QTEVURQBIUEVfQ0JfVVJMX0NPTVBMRVRFAEhQRV9DQl9DSFVOS19DT01QTEVURQBIUEVfQ0JfSEVBREVSX1ZBTFVFX0NPTVBMRVRFAEhQRV9DQl9DSFVOS19FWFRFTlNJT05fVkFMVUVfQ09NUExFVEUASFBFX0NCX0NIVU5LX0VYVEVOU0lPTl9OQU1FX0NPTVBMRVRFAEhQRV9DQl9NRVNTQUdFX0NPTVBMRVRFAEhQRV9DQl9NRVRIT0RfQ09NUExFVEUASFBFX0NCX0hFQURFUl9GSUVMRF9DT01QTEVURQBERUxFVEUASFBFX0lOVkFMSURfRU9GX1NUQVRFAElOVkFMSURfU1NMX0NFUlRJRklDQVRFAFBBVVNFAE5PX1JFU1BPTlNFAFVOU1VQUE9SVEVEX01FRElBX1RZUEUAR09ORQBOT1RfQUNDRVBUQUJMRQBTRVJWSUNFX1VOQVZBSUxBQkxFAFJBTkdFX05PVF9TQVRJU0ZJQUJMRQBPUklHSU5fSVNfVU5SRUFDSEFCTEUAUkVTUE9OU0VfSVNfU1RBTEUAUFVSR0UATUVSR0UAUkVRVUVTVF9IRUFERVJfRklFTERTX1RPT19MQVJHRQBSRVFVRVNUX0hFQURFUl9UT09fTEFSR0UAUEFZTE9BRF9UT09fTEFSR0UASU5TVUZGSUNJRU5UX1NUT1JBR0UASFBFX1BBVVNFRF9VUEdSQURFAEhQRV9QQVVTRURfSDJfVVBHUkFERQBTT1VSQ0UAQU5OT1VOQ0UAVFJBQ0UASFBFX1VORVhQRUNURURfU1BBQ0UAREVTQ1JJQkUAVU5TVUJTQ1JJQkUAUkVDT1JEAEhQRV9JTlZBTElEX01FVEhPRABOT1RfRk9VTkQAUFJPUEZJTkQAVU5CSU5EAFJFQklORABVTkFVVEhPUklaRUQATUVUSE9EX05PVF9BTExPV0VEAEhUVFBfVkVSU0lPTl9OT1RfU1VQUE9SVEVEAEFMUkVBRFlfUkVQT1JURUQAQUNDRVBURUQATk9UX0lNUExFTUVOVEVEAExPT1BfREVURUNURUQASFBFX0NSX0VYUEVDVEVEAEhQRV9MRl9FWFBFQ1RFRABDUkVBVEVEAElNX1VTRUQASFBFX1BBVVNFRABUSU1FT1VUX09DQ1VSRUQAUEFZTUVOVF9SRVFVSVJFRABQUkVDT05ESVRJT05fUkVRVUlSRUQAUFJPWFlfQVVUSEVOVElDQVRJT05fUkVRVUlSRUQATkVUV09SS19BVVRIRU5USUNBVElPTl9SRVFVSVJFRABMRU5HVEhfUkVRVUlSRUQAU1NMX0NFUlRJRklDQVRFX1JFUVVJUkVEAFVQR1JBREVfUkVRVUlSRUQAUEFHRV9FWFBJUkVEAFBSRUNPTkRJVElPTl9GQUlMRUQARVhQRUNUQVRJT05fRkFJTEVEAFJFVkFMSURBVElPTl9GQUlMRUQAU1NMX0hBTkRTSEFLRV9GQUlMRUQATE9DS0VEAFRSQU5TRk9STUFUSU9OX0FQUExJRUQATk9UX01PRElGSUVEAE5PVF9FWFRFTkRFRABCQU5EV0lEVEhfTElNSVRfRVhDRUVERUQAU0lURV9JU19PVkVSTE9BREVEAEhFQUQARXhwZWN0ZWQgSFRUUC8AAF4TAAAmEwAAMBAAAPAXAACdEwAAFRIAADkXAADwEgAAChAAAHUSAACtEgAAghMAAE8UAAB/EAAAoBUAACMUAACJEgAAixQAAE0VAADUEQAAzxQAABAYAADJFgAA3BYAAMERAADgFwAAuxQAAHQUAAB8FQAA5RQAAAgXAAAfEAAAZRUAAKMUAAAoFQAAAhUAAJkVAAAsEAAAixkAAE8PAADUDgAAahAAAM4QAAACFwAAiQ4AAG4TAAAcEwAAZhQAAFYXAADBEwAAzRMAAGwTAABoFwAAZhcAAF8XAAAiEwAAzg8AAGkOAADYDgAAYxYAAMsTAACqDgAAKBcAACYXAADFEwAAXRYAAOgRAABnEwAAZRMAAPIWAABzEwAAHRcAAPkWAADzEQAAzw4AAM4VAAAMEgAAsxEAAKURAABhEAAAMhcAALsTAEH5NQsBAQBBkDYL4AEBAQIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB/TcLAQEAQZE4C14CAwICAgICAAACAgACAgACAgICAgICAgICAAQAAAAAAAICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAAgACAEH9OQsBAQBBkToLXgIAAgICAgIAAAICAAICAAICAgICAgICAgIAAwAEAAAAAgICAgICAgICAgICAgICAgICAgICAgICAgIAAAACAgICAgICAgICAgICAgICAgICAgICAgICAgICAgACAAIAQfA7Cw1sb3NlZWVwLWFsaXZlAEGJPAsBAQBBoDwL4AEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBBiT4LAQEAQaA+C+cBAQEBAQEBAQEBAQEBAgEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQFjaHVua2VkAEGwwAALXwEBAAEBAQEBAAABAQABAQABAQEBAQEBAQEBAAAAAAAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAAAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQABAEGQwgALIWVjdGlvbmVudC1sZW5ndGhvbnJveHktY29ubmVjdGlvbgBBwMIACy1yYW5zZmVyLWVuY29kaW5ncGdyYWRlDQoNCg0KU00NCg0KVFRQL0NFL1RTUC8AQfnCAAsFAQIAAQMAQZDDAAvgAQQBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAEH5xAALBQECAAEDAEGQxQAL4AEEAQEFAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB+cYACwQBAAABAEGRxwAL3wEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAEH6yAALBAEAAAIAQZDJAAtfAwQAAAQEBAQEBAQEBAQEBQQEBAQEBAQEBAQEBAAEAAYHBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQABAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAAAAQAQfrKAAsEAQAAAQBBkMsACwEBAEGqywALQQIAAAAAAAADAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwAAAAAAAAMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAEH6zAALBAEAAAEAQZDNAAsBAQBBms0ACwYCAAAAAAIAQbHNAAs6AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAAAAAAAADAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwBB8M4AC5YBTk9VTkNFRUNLT1VUTkVDVEVURUNSSUJFTFVTSEVURUFEU0VBUkNIUkdFQ1RJVklUWUxFTkRBUlZFT1RJRllQVElPTlNDSFNFQVlTVEFUQ0hHRU9SRElSRUNUT1JUUkNIUEFSQU1FVEVSVVJDRUJTQ1JJQkVBUkRPV05BQ0VJTkROS0NLVUJTQ1JJQkVIVFRQL0FEVFAv', 'base64')


/***/ }),

/***/ 3434:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { Buffer } = __nccwpck_require__(4573)

module.exports = Buffer.from('AGFzbQEAAAABJwdgAX8Bf2ADf39/AX9gAX8AYAJ/fwBgBH9/f38Bf2AAAGADf39/AALLAQgDZW52GHdhc21fb25faGVhZGVyc19jb21wbGV0ZQAEA2VudhV3YXNtX29uX21lc3NhZ2VfYmVnaW4AAANlbnYLd2FzbV9vbl91cmwAAQNlbnYOd2FzbV9vbl9zdGF0dXMAAQNlbnYUd2FzbV9vbl9oZWFkZXJfZmllbGQAAQNlbnYUd2FzbV9vbl9oZWFkZXJfdmFsdWUAAQNlbnYMd2FzbV9vbl9ib2R5AAEDZW52GHdhc21fb25fbWVzc2FnZV9jb21wbGV0ZQAAAy0sBQYAAAIAAAAAAAACAQIAAgICAAADAAAAAAMDAwMBAQEBAQEBAQEAAAIAAAAEBQFwARISBQMBAAIGCAF/AUGA1AQLB9EFIgZtZW1vcnkCAAtfaW5pdGlhbGl6ZQAIGV9faW5kaXJlY3RfZnVuY3Rpb25fdGFibGUBAAtsbGh0dHBfaW5pdAAJGGxsaHR0cF9zaG91bGRfa2VlcF9hbGl2ZQAvDGxsaHR0cF9hbGxvYwALBm1hbGxvYwAxC2xsaHR0cF9mcmVlAAwEZnJlZQAMD2xsaHR0cF9nZXRfdHlwZQANFWxsaHR0cF9nZXRfaHR0cF9tYWpvcgAOFWxsaHR0cF9nZXRfaHR0cF9taW5vcgAPEWxsaHR0cF9nZXRfbWV0aG9kABAWbGxodHRwX2dldF9zdGF0dXNfY29kZQAREmxsaHR0cF9nZXRfdXBncmFkZQASDGxsaHR0cF9yZXNldAATDmxsaHR0cF9leGVjdXRlABQUbGxodHRwX3NldHRpbmdzX2luaXQAFQ1sbGh0dHBfZmluaXNoABYMbGxodHRwX3BhdXNlABcNbGxodHRwX3Jlc3VtZQAYG2xsaHR0cF9yZXN1bWVfYWZ0ZXJfdXBncmFkZQAZEGxsaHR0cF9nZXRfZXJybm8AGhdsbGh0dHBfZ2V0X2Vycm9yX3JlYXNvbgAbF2xsaHR0cF9zZXRfZXJyb3JfcmVhc29uABwUbGxodHRwX2dldF9lcnJvcl9wb3MAHRFsbGh0dHBfZXJybm9fbmFtZQAeEmxsaHR0cF9tZXRob2RfbmFtZQAfEmxsaHR0cF9zdGF0dXNfbmFtZQAgGmxsaHR0cF9zZXRfbGVuaWVudF9oZWFkZXJzACEhbGxodHRwX3NldF9sZW5pZW50X2NodW5rZWRfbGVuZ3RoACIdbGxodHRwX3NldF9sZW5pZW50X2tlZXBfYWxpdmUAIyRsbGh0dHBfc2V0X2xlbmllbnRfdHJhbnNmZXJfZW5jb2RpbmcAJBhsbGh0dHBfbWVzc2FnZV9uZWVkc19lb2YALgkXAQBBAQsRAQIDBAUKBgcrLSwqKSglJyYK77MCLBYAQYjQACgCAARAAAtBiNAAQQE2AgALFAAgABAwIAAgAjYCOCAAIAE6ACgLFAAgACAALwEyIAAtAC4gABAvEAALHgEBf0HAABAyIgEQMCABQYAINgI4IAEgADoAKCABC48MAQd/AkAgAEUNACAAQQhrIgEgAEEEaygCACIAQXhxIgRqIQUCQCAAQQFxDQAgAEEDcUUNASABIAEoAgAiAGsiAUGc0AAoAgBJDQEgACAEaiEEAkACQEGg0AAoAgAgAUcEQCAAQf8BTQRAIABBA3YhAyABKAIIIgAgASgCDCICRgRAQYzQAEGM0AAoAgBBfiADd3E2AgAMBQsgAiAANgIIIAAgAjYCDAwECyABKAIYIQYgASABKAIMIgBHBEAgACABKAIIIgI2AgggAiAANgIMDAMLIAFBFGoiAygCACICRQRAIAEoAhAiAkUNAiABQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFKAIEIgBBA3FBA0cNAiAFIABBfnE2AgRBlNAAIAQ2AgAgBSAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCABKAIcIgJBAnRBvNIAaiIDKAIAIAFGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgAUYbaiAANgIAIABFDQELIAAgBjYCGCABKAIQIgIEQCAAIAI2AhAgAiAANgIYCyABQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAFTw0AIAUoAgQiAEEBcUUNAAJAAkACQAJAIABBAnFFBEBBpNAAKAIAIAVGBEBBpNAAIAE2AgBBmNAAQZjQACgCACAEaiIANgIAIAEgAEEBcjYCBCABQaDQACgCAEcNBkGU0ABBADYCAEGg0ABBADYCAAwGC0Gg0AAoAgAgBUYEQEGg0AAgATYCAEGU0ABBlNAAKAIAIARqIgA2AgAgASAAQQFyNgIEIAAgAWogADYCAAwGCyAAQXhxIARqIQQgAEH/AU0EQCAAQQN2IQMgBSgCCCIAIAUoAgwiAkYEQEGM0ABBjNAAKAIAQX4gA3dxNgIADAULIAIgADYCCCAAIAI2AgwMBAsgBSgCGCEGIAUgBSgCDCIARwRAQZzQACgCABogACAFKAIIIgI2AgggAiAANgIMDAMLIAVBFGoiAygCACICRQRAIAUoAhAiAkUNAiAFQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFIABBfnE2AgQgASAEaiAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCAFKAIcIgJBAnRBvNIAaiIDKAIAIAVGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgBUYbaiAANgIAIABFDQELIAAgBjYCGCAFKAIQIgIEQCAAIAI2AhAgAiAANgIYCyAFQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAEaiAENgIAIAEgBEEBcjYCBCABQaDQACgCAEcNAEGU0AAgBDYCAAwBCyAEQf8BTQRAIARBeHFBtNAAaiEAAn9BjNAAKAIAIgJBASAEQQN2dCIDcUUEQEGM0AAgAiADcjYCACAADAELIAAoAggLIgIgATYCDCAAIAE2AgggASAANgIMIAEgAjYCCAwBC0EfIQIgBEH///8HTQRAIARBJiAEQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAgsgASACNgIcIAFCADcCECACQQJ0QbzSAGohAAJAQZDQACgCACIDQQEgAnQiB3FFBEAgACABNgIAQZDQACADIAdyNgIAIAEgADYCGCABIAE2AgggASABNgIMDAELIARBGSACQQF2a0EAIAJBH0cbdCECIAAoAgAhAAJAA0AgACIDKAIEQXhxIARGDQEgAkEddiEAIAJBAXQhAiADIABBBHFqQRBqIgcoAgAiAA0ACyAHIAE2AgAgASADNgIYIAEgATYCDCABIAE2AggMAQsgAygCCCIAIAE2AgwgAyABNgIIIAFBADYCGCABIAM2AgwgASAANgIIC0Gs0ABBrNAAKAIAQQFrIgBBfyAAGzYCAAsLBwAgAC0AKAsHACAALQAqCwcAIAAtACsLBwAgAC0AKQsHACAALwEyCwcAIAAtAC4LQAEEfyAAKAIYIQEgAC0ALSECIAAtACghAyAAKAI4IQQgABAwIAAgBDYCOCAAIAM6ACggACACOgAtIAAgATYCGAu74gECB38DfiABIAJqIQQCQCAAIgIoAgwiAA0AIAIoAgQEQCACIAE2AgQLIwBBEGsiCCQAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAIoAhwiA0EBaw7dAdoBAdkBAgMEBQYHCAkKCwwNDtgBDxDXARES1gETFBUWFxgZGhvgAd8BHB0e1QEfICEiIyQl1AEmJygpKiss0wHSAS0u0QHQAS8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRtsBR0hJSs8BzgFLzQFMzAFNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AAYEBggGDAYQBhQGGAYcBiAGJAYoBiwGMAY0BjgGPAZABkQGSAZMBlAGVAZYBlwGYAZkBmgGbAZwBnQGeAZ8BoAGhAaIBowGkAaUBpgGnAagBqQGqAasBrAGtAa4BrwGwAbEBsgGzAbQBtQG2AbcBywHKAbgByQG5AcgBugG7AbwBvQG+Ab8BwAHBAcIBwwHEAcUBxgEA3AELQQAMxgELQQ4MxQELQQ0MxAELQQ8MwwELQRAMwgELQRMMwQELQRQMwAELQRUMvwELQRYMvgELQRgMvQELQRkMvAELQRoMuwELQRsMugELQRwMuQELQR0MuAELQQgMtwELQR4MtgELQSAMtQELQR8MtAELQQcMswELQSEMsgELQSIMsQELQSMMsAELQSQMrwELQRIMrgELQREMrQELQSUMrAELQSYMqwELQScMqgELQSgMqQELQcMBDKgBC0EqDKcBC0ErDKYBC0EsDKUBC0EtDKQBC0EuDKMBC0EvDKIBC0HEAQyhAQtBMAygAQtBNAyfAQtBDAyeAQtBMQydAQtBMgycAQtBMwybAQtBOQyaAQtBNQyZAQtBxQEMmAELQQsMlwELQToMlgELQTYMlQELQQoMlAELQTcMkwELQTgMkgELQTwMkQELQTsMkAELQT0MjwELQQkMjgELQSkMjQELQT4MjAELQT8MiwELQcAADIoBC0HBAAyJAQtBwgAMiAELQcMADIcBC0HEAAyGAQtBxQAMhQELQcYADIQBC0EXDIMBC0HHAAyCAQtByAAMgQELQckADIABC0HKAAx/C0HLAAx+C0HNAAx9C0HMAAx8C0HOAAx7C0HPAAx6C0HQAAx5C0HRAAx4C0HSAAx3C0HTAAx2C0HUAAx1C0HWAAx0C0HVAAxzC0EGDHILQdcADHELQQUMcAtB2AAMbwtBBAxuC0HZAAxtC0HaAAxsC0HbAAxrC0HcAAxqC0EDDGkLQd0ADGgLQd4ADGcLQd8ADGYLQeEADGULQeAADGQLQeIADGMLQeMADGILQQIMYQtB5AAMYAtB5QAMXwtB5gAMXgtB5wAMXQtB6AAMXAtB6QAMWwtB6gAMWgtB6wAMWQtB7AAMWAtB7QAMVwtB7gAMVgtB7wAMVQtB8AAMVAtB8QAMUwtB8gAMUgtB8wAMUQtB9AAMUAtB9QAMTwtB9gAMTgtB9wAMTQtB+AAMTAtB+QAMSwtB+gAMSgtB+wAMSQtB/AAMSAtB/QAMRwtB/gAMRgtB/wAMRQtBgAEMRAtBgQEMQwtBggEMQgtBgwEMQQtBhAEMQAtBhQEMPwtBhgEMPgtBhwEMPQtBiAEMPAtBiQEMOwtBigEMOgtBiwEMOQtBjAEMOAtBjQEMNwtBjgEMNgtBjwEMNQtBkAEMNAtBkQEMMwtBkgEMMgtBkwEMMQtBlAEMMAtBlQEMLwtBlgEMLgtBlwEMLQtBmAEMLAtBmQEMKwtBmgEMKgtBmwEMKQtBnAEMKAtBnQEMJwtBngEMJgtBnwEMJQtBoAEMJAtBoQEMIwtBogEMIgtBowEMIQtBpAEMIAtBpQEMHwtBpgEMHgtBpwEMHQtBqAEMHAtBqQEMGwtBqgEMGgtBqwEMGQtBrAEMGAtBrQEMFwtBrgEMFgtBAQwVC0GvAQwUC0GwAQwTC0GxAQwSC0GzAQwRC0GyAQwQC0G0AQwPC0G1AQwOC0G2AQwNC0G3AQwMC0G4AQwLC0G5AQwKC0G6AQwJC0G7AQwIC0HGAQwHC0G8AQwGC0G9AQwFC0G+AQwEC0G/AQwDC0HAAQwCC0HCAQwBC0HBAQshAwNAAkACQAJAAkACQAJAAkACQAJAIAICfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAgJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAn8CQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCADDsYBAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHyAhIyUmKCorLC8wMTIzNDU2Nzk6Ozw9lANAQkRFRklLTk9QUVJTVFVWWFpbXF1eX2BhYmNkZWZnaGpsb3Bxc3V2eHl6e3x/gAGBAYIBgwGEAYUBhgGHAYgBiQGKAYsBjAGNAY4BjwGQAZEBkgGTAZQBlQGWAZcBmAGZAZoBmwGcAZ0BngGfAaABoQGiAaMBpAGlAaYBpwGoAakBqgGrAawBrQGuAa8BsAGxAbIBswG0AbUBtgG3AbgBuQG6AbsBvAG9Ab4BvwHAAcEBwgHDAcQBxQHGAccByAHJAcsBzAHNAc4BzwGKA4kDiAOHA4QDgwOAA/sC+gL5AvgC9wL0AvMC8gLLAsECsALZAQsgASAERw3wAkHdASEDDLMDCyABIARHDcgBQcMBIQMMsgMLIAEgBEcNe0H3ACEDDLEDCyABIARHDXBB7wAhAwywAwsgASAERw1pQeoAIQMMrwMLIAEgBEcNZUHoACEDDK4DCyABIARHDWJB5gAhAwytAwsgASAERw0aQRghAwysAwsgASAERw0VQRIhAwyrAwsgASAERw1CQcUAIQMMqgMLIAEgBEcNNEE/IQMMqQMLIAEgBEcNMkE8IQMMqAMLIAEgBEcNK0ExIQMMpwMLIAItAC5BAUYNnwMMwQILQQAhAAJAAkACQCACLQAqRQ0AIAItACtFDQAgAi8BMCIDQQJxRQ0BDAILIAIvATAiA0EBcUUNAQtBASEAIAItAChBAUYNACACLwEyIgVB5ABrQeQASQ0AIAVBzAFGDQAgBUGwAkYNACADQcAAcQ0AQQAhACADQYgEcUGABEYNACADQShxQQBHIQALIAJBADsBMCACQQA6AC8gAEUN3wIgAkIANwMgDOACC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAARQ3MASAAQRVHDd0CIAJBBDYCHCACIAE2AhQgAkGwGDYCECACQRU2AgxBACEDDKQDCyABIARGBEBBBiEDDKQDCyABQQFqIQFBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAA3ZAgwcCyACQgA3AyBBEiEDDIkDCyABIARHDRZBHSEDDKEDCyABIARHBEAgAUEBaiEBQRAhAwyIAwtBByEDDKADCyACIAIpAyAiCiAEIAFrrSILfSIMQgAgCiAMWhs3AyAgCiALWA3UAkEIIQMMnwMLIAEgBEcEQCACQQk2AgggAiABNgIEQRQhAwyGAwtBCSEDDJ4DCyACKQMgQgBSDccBIAIgAi8BMEGAAXI7ATAMQgsgASAERw0/QdAAIQMMnAMLIAEgBEYEQEELIQMMnAMLIAFBAWohAUEAIQACQCACKAI4IgNFDQAgAygCUCIDRQ0AIAIgAxEAACEACyAADc8CDMYBC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ3GASAAQRVHDc0CIAJBCzYCHCACIAE2AhQgAkGCGTYCECACQRU2AgxBACEDDJoDC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ0MIABBFUcNygIgAkEaNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMmQMLQQAhAAJAIAIoAjgiA0UNACADKAJMIgNFDQAgAiADEQAAIQALIABFDcQBIABBFUcNxwIgAkELNgIcIAIgATYCFCACQZEXNgIQIAJBFTYCDEEAIQMMmAMLIAEgBEYEQEEPIQMMmAMLIAEtAAAiAEE7Rg0HIABBDUcNxAIgAUEBaiEBDMMBC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3DASAAQRVHDcICIAJBDzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJYDCwNAIAEtAABB8DVqLQAAIgBBAUcEQCAAQQJHDcECIAIoAgQhAEEAIQMgAkEANgIEIAIgACABQQFqIgEQLSIADcICDMUBCyAEIAFBAWoiAUcNAAtBEiEDDJUDC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3FASAAQRVHDb0CIAJBGzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJQDCyABIARGBEBBFiEDDJQDCyACQQo2AgggAiABNgIEQQAhAAJAIAIoAjgiA0UNACADKAJIIgNFDQAgAiADEQAAIQALIABFDcIBIABBFUcNuQIgAkEVNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMkwMLIAEgBEcEQANAIAEtAABB8DdqLQAAIgBBAkcEQAJAIABBAWsOBMQCvQIAvgK9AgsgAUEBaiEBQQghAwz8AgsgBCABQQFqIgFHDQALQRUhAwyTAwtBFSEDDJIDCwNAIAEtAABB8DlqLQAAIgBBAkcEQCAAQQFrDgTFArcCwwK4ArcCCyAEIAFBAWoiAUcNAAtBGCEDDJEDCyABIARHBEAgAkELNgIIIAIgATYCBEEHIQMM+AILQRkhAwyQAwsgAUEBaiEBDAILIAEgBEYEQEEaIQMMjwMLAkAgAS0AAEENaw4UtQG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwEAvwELQQAhAyACQQA2AhwgAkGvCzYCECACQQI2AgwgAiABQQFqNgIUDI4DCyABIARGBEBBGyEDDI4DCyABLQAAIgBBO0cEQCAAQQ1HDbECIAFBAWohAQy6AQsgAUEBaiEBC0EiIQMM8wILIAEgBEYEQEEcIQMMjAMLQgAhCgJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAS0AAEEwaw43wQLAAgABAgMEBQYH0AHQAdAB0AHQAdAB0AEICQoLDA3QAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdABDg8QERIT0AELQgIhCgzAAgtCAyEKDL8CC0IEIQoMvgILQgUhCgy9AgtCBiEKDLwCC0IHIQoMuwILQgghCgy6AgtCCSEKDLkCC0IKIQoMuAILQgshCgy3AgtCDCEKDLYCC0INIQoMtQILQg4hCgy0AgtCDyEKDLMCC0IKIQoMsgILQgshCgyxAgtCDCEKDLACC0INIQoMrwILQg4hCgyuAgtCDyEKDK0CC0IAIQoCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAEtAABBMGsON8ACvwIAAQIDBAUGB74CvgK+Ar4CvgK+Ar4CCAkKCwwNvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ag4PEBESE74CC0ICIQoMvwILQgMhCgy+AgtCBCEKDL0CC0IFIQoMvAILQgYhCgy7AgtCByEKDLoCC0IIIQoMuQILQgkhCgy4AgtCCiEKDLcCC0ILIQoMtgILQgwhCgy1AgtCDSEKDLQCC0IOIQoMswILQg8hCgyyAgtCCiEKDLECC0ILIQoMsAILQgwhCgyvAgtCDSEKDK4CC0IOIQoMrQILQg8hCgysAgsgAiACKQMgIgogBCABa60iC30iDEIAIAogDFobNwMgIAogC1gNpwJBHyEDDIkDCyABIARHBEAgAkEJNgIIIAIgATYCBEElIQMM8AILQSAhAwyIAwtBASEFIAIvATAiA0EIcUUEQCACKQMgQgBSIQULAkAgAi0ALgRAQQEhACACLQApQQVGDQEgA0HAAHFFIAVxRQ0BC0EAIQAgA0HAAHENAEECIQAgA0EIcQ0AIANBgARxBEACQCACLQAoQQFHDQAgAi0ALUEKcQ0AQQUhAAwCC0EEIQAMAQsgA0EgcUUEQAJAIAItAChBAUYNACACLwEyIgBB5ABrQeQASQ0AIABBzAFGDQAgAEGwAkYNAEEEIQAgA0EocUUNAiADQYgEcUGABEYNAgtBACEADAELQQBBAyACKQMgUBshAAsgAEEBaw4FvgIAsAEBpAKhAgtBESEDDO0CCyACQQE6AC8MhAMLIAEgBEcNnQJBJCEDDIQDCyABIARHDRxBxgAhAwyDAwtBACEAAkAgAigCOCIDRQ0AIAMoAkQiA0UNACACIAMRAAAhAAsgAEUNJyAAQRVHDZgCIAJB0AA2AhwgAiABNgIUIAJBkRg2AhAgAkEVNgIMQQAhAwyCAwsgASAERgRAQSghAwyCAwtBACEDIAJBADYCBCACQQw2AgggAiABIAEQKiIARQ2UAiACQSc2AhwgAiABNgIUIAIgADYCDAyBAwsgASAERgRAQSkhAwyBAwsgAS0AACIAQSBGDRMgAEEJRw2VAiABQQFqIQEMFAsgASAERwRAIAFBAWohAQwWC0EqIQMM/wILIAEgBEYEQEErIQMM/wILIAEtAAAiAEEJRyAAQSBHcQ2QAiACLQAsQQhHDd0CIAJBADoALAzdAgsgASAERgRAQSwhAwz+AgsgAS0AAEEKRw2OAiABQQFqIQEMsAELIAEgBEcNigJBLyEDDPwCCwNAIAEtAAAiAEEgRwRAIABBCmsOBIQCiAKIAoQChgILIAQgAUEBaiIBRw0AC0ExIQMM+wILQTIhAyABIARGDfoCIAIoAgAiACAEIAFraiEHIAEgAGtBA2ohBgJAA0AgAEHwO2otAAAgAS0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDQEgAEEDRgRAQQYhAQziAgsgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAc2AgAM+wILIAJBADYCAAyGAgtBMyEDIAQgASIARg35AiAEIAFrIAIoAgAiAWohByAAIAFrQQhqIQYCQANAIAFB9DtqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBCEYEQEEFIQEM4QILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPoCCyACQQA2AgAgACEBDIUCC0E0IQMgBCABIgBGDfgCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgJAA0AgAUHQwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBBUYEQEEHIQEM4AILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPkCCyACQQA2AgAgACEBDIQCCyABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRg0JDIECCyAEIAFBAWoiAUcNAAtBMCEDDPgCC0EwIQMM9wILIAEgBEcEQANAIAEtAAAiAEEgRwRAIABBCmsOBP8B/gH+Af8B/gELIAQgAUEBaiIBRw0AC0E4IQMM9wILQTghAwz2AgsDQCABLQAAIgBBIEcgAEEJR3EN9gEgBCABQQFqIgFHDQALQTwhAwz1AgsDQCABLQAAIgBBIEcEQAJAIABBCmsOBPkBBAT5AQALIABBLEYN9QEMAwsgBCABQQFqIgFHDQALQT8hAwz0AgtBwAAhAyABIARGDfMCIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAEGAQGstAAAgAS0AAEEgckcNASAAQQZGDdsCIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPQCCyACQQA2AgALQTYhAwzZAgsgASAERgRAQcEAIQMM8gILIAJBDDYCCCACIAE2AgQgAi0ALEEBaw4E+wHuAewB6wHUAgsgAUEBaiEBDPoBCyABIARHBEADQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxIgBBCUYNACAAQSBGDQACQAJAAkACQCAAQeMAaw4TAAMDAwMDAwMBAwMDAwMDAwMDAgMLIAFBAWohAUExIQMM3AILIAFBAWohAUEyIQMM2wILIAFBAWohAUEzIQMM2gILDP4BCyAEIAFBAWoiAUcNAAtBNSEDDPACC0E1IQMM7wILIAEgBEcEQANAIAEtAABBgDxqLQAAQQFHDfcBIAQgAUEBaiIBRw0AC0E9IQMM7wILQT0hAwzuAgtBACEAAkAgAigCOCIDRQ0AIAMoAkAiA0UNACACIAMRAAAhAAsgAEUNASAAQRVHDeYBIAJBwgA2AhwgAiABNgIUIAJB4xg2AhAgAkEVNgIMQQAhAwztAgsgAUEBaiEBC0E8IQMM0gILIAEgBEYEQEHCACEDDOsCCwJAA0ACQCABLQAAQQlrDhgAAswCzALRAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAgDMAgsgBCABQQFqIgFHDQALQcIAIQMM6wILIAFBAWohASACLQAtQQFxRQ3+AQtBLCEDDNACCyABIARHDd4BQcQAIQMM6AILA0AgAS0AAEGQwABqLQAAQQFHDZwBIAQgAUEBaiIBRw0AC0HFACEDDOcCCyABLQAAIgBBIEYN/gEgAEE6Rw3AAiACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgAN3gEM3QELQccAIQMgBCABIgBGDeUCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFBkMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvwIgAUEFRg3CAiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzlAgtByAAhAyAEIAEiAEYN5AIgBCABayACKAIAIgFqIQcgACABa0EJaiEGA0AgAUGWwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw2+AkECIAFBCUYNwgIaIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOQCCyABIARGBEBByQAhAwzkAgsCQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxQe4Aaw4HAL8CvwK/Ar8CvwIBvwILIAFBAWohAUE+IQMMywILIAFBAWohAUE/IQMMygILQcoAIQMgBCABIgBGDeICIAQgAWsgAigCACIBaiEGIAAgAWtBAWohBwNAIAFBoMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvAIgAUEBRg2+AiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBjYCAAziAgtBywAhAyAEIAEiAEYN4QIgBCABayACKAIAIgFqIQcgACABa0EOaiEGA0AgAUGiwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw27AiABQQ5GDb4CIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOECC0HMACEDIAQgASIARg3gAiAEIAFrIAIoAgAiAWohByAAIAFrQQ9qIQYDQCABQcDCAGotAAAgAC0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDboCQQMgAUEPRg2+AhogAUEBaiEBIAQgAEEBaiIARw0ACyACIAc2AgAM4AILQc0AIQMgBCABIgBGDd8CIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFB0MIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNuQJBBCABQQVGDb0CGiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzfAgsgASAERgRAQc4AIQMM3wILAkACQAJAAkAgAS0AACIAQSByIAAgAEHBAGtB/wFxQRpJG0H/AXFB4wBrDhMAvAK8ArwCvAK8ArwCvAK8ArwCvAK8ArwCAbwCvAK8AgIDvAILIAFBAWohAUHBACEDDMgCCyABQQFqIQFBwgAhAwzHAgsgAUEBaiEBQcMAIQMMxgILIAFBAWohAUHEACEDDMUCCyABIARHBEAgAkENNgIIIAIgATYCBEHFACEDDMUCC0HPACEDDN0CCwJAAkAgAS0AAEEKaw4EAZABkAEAkAELIAFBAWohAQtBKCEDDMMCCyABIARGBEBB0QAhAwzcAgsgAS0AAEEgRw0AIAFBAWohASACLQAtQQFxRQ3QAQtBFyEDDMECCyABIARHDcsBQdIAIQMM2QILQdMAIQMgASAERg3YAiACKAIAIgAgBCABa2ohBiABIABrQQFqIQUDQCABLQAAIABB1sIAai0AAEcNxwEgAEEBRg3KASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBjYCAAzYAgsgASAERgRAQdUAIQMM2AILIAEtAABBCkcNwgEgAUEBaiEBDMoBCyABIARGBEBB1gAhAwzXAgsCQAJAIAEtAABBCmsOBADDAcMBAcMBCyABQQFqIQEMygELIAFBAWohAUHKACEDDL0CC0EAIQACQCACKAI4IgNFDQAgAygCPCIDRQ0AIAIgAxEAACEACyAADb8BQc0AIQMMvAILIAItAClBIkYNzwIMiQELIAQgASIFRgRAQdsAIQMM1AILQQAhAEEBIQFBASEGQQAhAwJAAn8CQAJAAkACQAJAAkACQCAFLQAAQTBrDgrFAcQBAAECAwQFBgjDAQtBAgwGC0EDDAULQQQMBAtBBQwDC0EGDAILQQcMAQtBCAshA0EAIQFBACEGDL0BC0EJIQNBASEAQQAhAUEAIQYMvAELIAEgBEYEQEHdACEDDNMCCyABLQAAQS5HDbgBIAFBAWohAQyIAQsgASAERw22AUHfACEDDNECCyABIARHBEAgAkEONgIIIAIgATYCBEHQACEDDLgCC0HgACEDDNACC0HhACEDIAEgBEYNzwIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGA0AgAS0AACAAQeLCAGotAABHDbEBIABBA0YNswEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMzwILQeIAIQMgASAERg3OAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYDQCABLQAAIABB5sIAai0AAEcNsAEgAEECRg2vASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAzOAgtB4wAhAyABIARGDc0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgNAIAEtAAAgAEHpwgBqLQAARw2vASAAQQNGDa0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADM0CCyABIARGBEBB5QAhAwzNAgsgAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANqgFB1gAhAwyzAgsgASAERwRAA0AgAS0AACIAQSBHBEACQAJAAkAgAEHIAGsOCwABswGzAbMBswGzAbMBswGzAQKzAQsgAUEBaiEBQdIAIQMMtwILIAFBAWohAUHTACEDDLYCCyABQQFqIQFB1AAhAwy1AgsgBCABQQFqIgFHDQALQeQAIQMMzAILQeQAIQMMywILA0AgAS0AAEHwwgBqLQAAIgBBAUcEQCAAQQJrDgOnAaYBpQGkAQsgBCABQQFqIgFHDQALQeYAIQMMygILIAFBAWogASAERw0CGkHnACEDDMkCCwNAIAEtAABB8MQAai0AACIAQQFHBEACQCAAQQJrDgSiAaEBoAEAnwELQdcAIQMMsQILIAQgAUEBaiIBRw0AC0HoACEDDMgCCyABIARGBEBB6QAhAwzIAgsCQCABLQAAIgBBCmsOGrcBmwGbAbQBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBpAGbAZsBAJkBCyABQQFqCyEBQQYhAwytAgsDQCABLQAAQfDGAGotAABBAUcNfSAEIAFBAWoiAUcNAAtB6gAhAwzFAgsgAUEBaiABIARHDQIaQesAIQMMxAILIAEgBEYEQEHsACEDDMQCCyABQQFqDAELIAEgBEYEQEHtACEDDMMCCyABQQFqCyEBQQQhAwyoAgsgASAERgRAQe4AIQMMwQILAkACQAJAIAEtAABB8MgAai0AAEEBaw4HkAGPAY4BAHwBAo0BCyABQQFqIQEMCwsgAUEBagyTAQtBACEDIAJBADYCHCACQZsSNgIQIAJBBzYCDCACIAFBAWo2AhQMwAILAkADQCABLQAAQfDIAGotAAAiAEEERwRAAkACQCAAQQFrDgeUAZMBkgGNAQAEAY0BC0HaACEDDKoCCyABQQFqIQFB3AAhAwypAgsgBCABQQFqIgFHDQALQe8AIQMMwAILIAFBAWoMkQELIAQgASIARgRAQfAAIQMMvwILIAAtAABBL0cNASAAQQFqIQEMBwsgBCABIgBGBEBB8QAhAwy+AgsgAC0AACIBQS9GBEAgAEEBaiEBQd0AIQMMpQILIAFBCmsiA0EWSw0AIAAhAUEBIAN0QYmAgAJxDfkBC0EAIQMgAkEANgIcIAIgADYCFCACQYwcNgIQIAJBBzYCDAy8AgsgASAERwRAIAFBAWohAUHeACEDDKMCC0HyACEDDLsCCyABIARGBEBB9AAhAwy7AgsCQCABLQAAQfDMAGotAABBAWsOA/cBcwCCAQtB4QAhAwyhAgsgASAERwRAA0AgAS0AAEHwygBqLQAAIgBBA0cEQAJAIABBAWsOAvkBAIUBC0HfACEDDKMCCyAEIAFBAWoiAUcNAAtB8wAhAwy6AgtB8wAhAwy5AgsgASAERwRAIAJBDzYCCCACIAE2AgRB4AAhAwygAgtB9QAhAwy4AgsgASAERgRAQfYAIQMMuAILIAJBDzYCCCACIAE2AgQLQQMhAwydAgsDQCABLQAAQSBHDY4CIAQgAUEBaiIBRw0AC0H3ACEDDLUCCyABIARGBEBB+AAhAwy1AgsgAS0AAEEgRw16IAFBAWohAQxbC0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAADXgMgAILIAEgBEYEQEH6ACEDDLMCCyABLQAAQcwARw10IAFBAWohAUETDHYLQfsAIQMgASAERg2xAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYDQCABLQAAIABB8M4Aai0AAEcNcyAAQQVGDXUgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMsQILIAEgBEYEQEH8ACEDDLECCwJAAkAgAS0AAEHDAGsODAB0dHR0dHR0dHR0AXQLIAFBAWohAUHmACEDDJgCCyABQQFqIQFB5wAhAwyXAgtB/QAhAyABIARGDa8CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDXIgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADLACCyACQQA2AgAgBkEBaiEBQRAMcwtB/gAhAyABIARGDa4CIAIoAgAiACAEIAFraiEFIAEgAGtBBWohBgJAA0AgAS0AACAAQfbOAGotAABHDXEgAEEFRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK8CCyACQQA2AgAgBkEBaiEBQRYMcgtB/wAhAyABIARGDa0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQfzOAGotAABHDXAgAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK4CCyACQQA2AgAgBkEBaiEBQQUMcQsgASAERgRAQYABIQMMrQILIAEtAABB2QBHDW4gAUEBaiEBQQgMcAsgASAERgRAQYEBIQMMrAILAkACQCABLQAAQc4Aaw4DAG8BbwsgAUEBaiEBQesAIQMMkwILIAFBAWohAUHsACEDDJICCyABIARGBEBBggEhAwyrAgsCQAJAIAEtAABByABrDggAbm5ubm5uAW4LIAFBAWohAUHqACEDDJICCyABQQFqIQFB7QAhAwyRAgtBgwEhAyABIARGDakCIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQYDPAGotAABHDWwgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKoCCyACQQA2AgAgBkEBaiEBQQAMbQtBhAEhAyABIARGDagCIAIoAgAiACAEIAFraiEFIAEgAGtBBGohBgJAA0AgAS0AACAAQYPPAGotAABHDWsgAEEERg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKkCCyACQQA2AgAgBkEBaiEBQSMMbAsgASAERgRAQYUBIQMMqAILAkACQCABLQAAQcwAaw4IAGtra2trawFrCyABQQFqIQFB7wAhAwyPAgsgAUEBaiEBQfAAIQMMjgILIAEgBEYEQEGGASEDDKcCCyABLQAAQcUARw1oIAFBAWohAQxgC0GHASEDIAEgBEYNpQIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGAkADQCABLQAAIABBiM8Aai0AAEcNaCAAQQNGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpgILIAJBADYCACAGQQFqIQFBLQxpC0GIASEDIAEgBEYNpAIgAigCACIAIAQgAWtqIQUgASAAa0EIaiEGAkADQCABLQAAIABB0M8Aai0AAEcNZyAAQQhGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpQILIAJBADYCACAGQQFqIQFBKQxoCyABIARGBEBBiQEhAwykAgtBASABLQAAQd8ARw1nGiABQQFqIQEMXgtBigEhAyABIARGDaICIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgNAIAEtAAAgAEGMzwBqLQAARw1kIABBAUYN+gEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMogILQYsBIQMgASAERg2hAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGOzwBqLQAARw1kIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyiAgsgAkEANgIAIAZBAWohAUECDGULQYwBIQMgASAERg2gAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHwzwBqLQAARw1jIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyhAgsgAkEANgIAIAZBAWohAUEfDGQLQY0BIQMgASAERg2fAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHyzwBqLQAARw1iIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAygAgsgAkEANgIAIAZBAWohAUEJDGMLIAEgBEYEQEGOASEDDJ8CCwJAAkAgAS0AAEHJAGsOBwBiYmJiYgFiCyABQQFqIQFB+AAhAwyGAgsgAUEBaiEBQfkAIQMMhQILQY8BIQMgASAERg2dAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGRzwBqLQAARw1gIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyeAgsgAkEANgIAIAZBAWohAUEYDGELQZABIQMgASAERg2cAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGXzwBqLQAARw1fIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAydAgsgAkEANgIAIAZBAWohAUEXDGALQZEBIQMgASAERg2bAiACKAIAIgAgBCABa2ohBSABIABrQQZqIQYCQANAIAEtAAAgAEGazwBqLQAARw1eIABBBkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAycAgsgAkEANgIAIAZBAWohAUEVDF8LQZIBIQMgASAERg2aAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGhzwBqLQAARw1dIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAybAgsgAkEANgIAIAZBAWohAUEeDF4LIAEgBEYEQEGTASEDDJoCCyABLQAAQcwARw1bIAFBAWohAUEKDF0LIAEgBEYEQEGUASEDDJkCCwJAAkAgAS0AAEHBAGsODwBcXFxcXFxcXFxcXFxcAVwLIAFBAWohAUH+ACEDDIACCyABQQFqIQFB/wAhAwz/AQsgASAERgRAQZUBIQMMmAILAkACQCABLQAAQcEAaw4DAFsBWwsgAUEBaiEBQf0AIQMM/wELIAFBAWohAUGAASEDDP4BC0GWASEDIAEgBEYNlgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBp88Aai0AAEcNWSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlwILIAJBADYCACAGQQFqIQFBCwxaCyABIARGBEBBlwEhAwyWAgsCQAJAAkACQCABLQAAQS1rDiMAW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1sBW1tbW1sCW1tbA1sLIAFBAWohAUH7ACEDDP8BCyABQQFqIQFB/AAhAwz+AQsgAUEBaiEBQYEBIQMM/QELIAFBAWohAUGCASEDDPwBC0GYASEDIAEgBEYNlAIgAigCACIAIAQgAWtqIQUgASAAa0EEaiEGAkADQCABLQAAIABBqc8Aai0AAEcNVyAAQQRGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlQILIAJBADYCACAGQQFqIQFBGQxYC0GZASEDIAEgBEYNkwIgAigCACIAIAQgAWtqIQUgASAAa0EFaiEGAkADQCABLQAAIABBrs8Aai0AAEcNViAAQQVGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlAILIAJBADYCACAGQQFqIQFBBgxXC0GaASEDIAEgBEYNkgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBtM8Aai0AAEcNVSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkwILIAJBADYCACAGQQFqIQFBHAxWC0GbASEDIAEgBEYNkQIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBts8Aai0AAEcNVCAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkgILIAJBADYCACAGQQFqIQFBJwxVCyABIARGBEBBnAEhAwyRAgsCQAJAIAEtAABB1ABrDgIAAVQLIAFBAWohAUGGASEDDPgBCyABQQFqIQFBhwEhAwz3AQtBnQEhAyABIARGDY8CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbjPAGotAABHDVIgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADJACCyACQQA2AgAgBkEBaiEBQSYMUwtBngEhAyABIARGDY4CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbrPAGotAABHDVEgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI8CCyACQQA2AgAgBkEBaiEBQQMMUgtBnwEhAyABIARGDY0CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDVAgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI4CCyACQQA2AgAgBkEBaiEBQQwMUQtBoAEhAyABIARGDYwCIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQbzPAGotAABHDU8gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI0CCyACQQA2AgAgBkEBaiEBQQ0MUAsgASAERgRAQaEBIQMMjAILAkACQCABLQAAQcYAaw4LAE9PT09PT09PTwFPCyABQQFqIQFBiwEhAwzzAQsgAUEBaiEBQYwBIQMM8gELIAEgBEYEQEGiASEDDIsCCyABLQAAQdAARw1MIAFBAWohAQxGCyABIARGBEBBowEhAwyKAgsCQAJAIAEtAABByQBrDgcBTU1NTU0ATQsgAUEBaiEBQY4BIQMM8QELIAFBAWohAUEiDE0LQaQBIQMgASAERg2IAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHAzwBqLQAARw1LIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyJAgsgAkEANgIAIAZBAWohAUEdDEwLIAEgBEYEQEGlASEDDIgCCwJAAkAgAS0AAEHSAGsOAwBLAUsLIAFBAWohAUGQASEDDO8BCyABQQFqIQFBBAxLCyABIARGBEBBpgEhAwyHAgsCQAJAAkACQAJAIAEtAABBwQBrDhUATU1NTU1NTU1NTQFNTQJNTQNNTQRNCyABQQFqIQFBiAEhAwzxAQsgAUEBaiEBQYkBIQMM8AELIAFBAWohAUGKASEDDO8BCyABQQFqIQFBjwEhAwzuAQsgAUEBaiEBQZEBIQMM7QELQacBIQMgASAERg2FAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHtzwBqLQAARw1IIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyGAgsgAkEANgIAIAZBAWohAUERDEkLQagBIQMgASAERg2EAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHCzwBqLQAARw1HIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyFAgsgAkEANgIAIAZBAWohAUEsDEgLQakBIQMgASAERg2DAiACKAIAIgAgBCABa2ohBSABIABrQQRqIQYCQANAIAEtAAAgAEHFzwBqLQAARw1GIABBBEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyEAgsgAkEANgIAIAZBAWohAUErDEcLQaoBIQMgASAERg2CAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHKzwBqLQAARw1FIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyDAgsgAkEANgIAIAZBAWohAUEUDEYLIAEgBEYEQEGrASEDDIICCwJAAkACQAJAIAEtAABBwgBrDg8AAQJHR0dHR0dHR0dHRwNHCyABQQFqIQFBkwEhAwzrAQsgAUEBaiEBQZQBIQMM6gELIAFBAWohAUGVASEDDOkBCyABQQFqIQFBlgEhAwzoAQsgASAERgRAQawBIQMMgQILIAEtAABBxQBHDUIgAUEBaiEBDD0LQa0BIQMgASAERg3/ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHNzwBqLQAARw1CIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyAAgsgAkEANgIAIAZBAWohAUEODEMLIAEgBEYEQEGuASEDDP8BCyABLQAAQdAARw1AIAFBAWohAUElDEILQa8BIQMgASAERg39ASACKAIAIgAgBCABa2ohBSABIABrQQhqIQYCQANAIAEtAAAgAEHQzwBqLQAARw1AIABBCEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz+AQsgAkEANgIAIAZBAWohAUEqDEELIAEgBEYEQEGwASEDDP0BCwJAAkAgAS0AAEHVAGsOCwBAQEBAQEBAQEABQAsgAUEBaiEBQZoBIQMM5AELIAFBAWohAUGbASEDDOMBCyABIARGBEBBsQEhAwz8AQsCQAJAIAEtAABBwQBrDhQAPz8/Pz8/Pz8/Pz8/Pz8/Pz8/AT8LIAFBAWohAUGZASEDDOMBCyABQQFqIQFBnAEhAwziAQtBsgEhAyABIARGDfoBIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQdnPAGotAABHDT0gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPsBCyACQQA2AgAgBkEBaiEBQSEMPgtBswEhAyABIARGDfkBIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAS0AACAAQd3PAGotAABHDTwgAEEGRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPoBCyACQQA2AgAgBkEBaiEBQRoMPQsgASAERgRAQbQBIQMM+QELAkACQAJAIAEtAABBxQBrDhEAPT09PT09PT09AT09PT09Aj0LIAFBAWohAUGdASEDDOEBCyABQQFqIQFBngEhAwzgAQsgAUEBaiEBQZ8BIQMM3wELQbUBIQMgASAERg33ASACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEHkzwBqLQAARw06IABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz4AQsgAkEANgIAIAZBAWohAUEoDDsLQbYBIQMgASAERg32ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHqzwBqLQAARw05IABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz3AQsgAkEANgIAIAZBAWohAUEHDDoLIAEgBEYEQEG3ASEDDPYBCwJAAkAgAS0AAEHFAGsODgA5OTk5OTk5OTk5OTkBOQsgAUEBaiEBQaEBIQMM3QELIAFBAWohAUGiASEDDNwBC0G4ASEDIAEgBEYN9AEgAigCACIAIAQgAWtqIQUgASAAa0ECaiEGAkADQCABLQAAIABB7c8Aai0AAEcNNyAAQQJGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9QELIAJBADYCACAGQQFqIQFBEgw4C0G5ASEDIAEgBEYN8wEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8M8Aai0AAEcNNiAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9AELIAJBADYCACAGQQFqIQFBIAw3C0G6ASEDIAEgBEYN8gEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8s8Aai0AAEcNNSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8wELIAJBADYCACAGQQFqIQFBDww2CyABIARGBEBBuwEhAwzyAQsCQAJAIAEtAABByQBrDgcANTU1NTUBNQsgAUEBaiEBQaUBIQMM2QELIAFBAWohAUGmASEDDNgBC0G8ASEDIAEgBEYN8AEgAigCACIAIAQgAWtqIQUgASAAa0EHaiEGAkADQCABLQAAIABB9M8Aai0AAEcNMyAAQQdGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8QELIAJBADYCACAGQQFqIQFBGww0CyABIARGBEBBvQEhAwzwAQsCQAJAAkAgAS0AAEHCAGsOEgA0NDQ0NDQ0NDQBNDQ0NDQ0AjQLIAFBAWohAUGkASEDDNgBCyABQQFqIQFBpwEhAwzXAQsgAUEBaiEBQagBIQMM1gELIAEgBEYEQEG+ASEDDO8BCyABLQAAQc4ARw0wIAFBAWohAQwsCyABIARGBEBBvwEhAwzuAQsCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCABLQAAQcEAaw4VAAECAz8EBQY/Pz8HCAkKCz8MDQ4PPwsgAUEBaiEBQegAIQMM4wELIAFBAWohAUHpACEDDOIBCyABQQFqIQFB7gAhAwzhAQsgAUEBaiEBQfIAIQMM4AELIAFBAWohAUHzACEDDN8BCyABQQFqIQFB9gAhAwzeAQsgAUEBaiEBQfcAIQMM3QELIAFBAWohAUH6ACEDDNwBCyABQQFqIQFBgwEhAwzbAQsgAUEBaiEBQYQBIQMM2gELIAFBAWohAUGFASEDDNkBCyABQQFqIQFBkgEhAwzYAQsgAUEBaiEBQZgBIQMM1wELIAFBAWohAUGgASEDDNYBCyABQQFqIQFBowEhAwzVAQsgAUEBaiEBQaoBIQMM1AELIAEgBEcEQCACQRA2AgggAiABNgIEQasBIQMM1AELQcABIQMM7AELQQAhAAJAIAIoAjgiA0UNACADKAI0IgNFDQAgAiADEQAAIQALIABFDV4gAEEVRw0HIAJB0QA2AhwgAiABNgIUIAJBsBc2AhAgAkEVNgIMQQAhAwzrAQsgAUEBaiABIARHDQgaQcIBIQMM6gELA0ACQCABLQAAQQprDgQIAAALAAsgBCABQQFqIgFHDQALQcMBIQMM6QELIAEgBEcEQCACQRE2AgggAiABNgIEQQEhAwzQAQtBxAEhAwzoAQsgASAERgRAQcUBIQMM6AELAkACQCABLQAAQQprDgQBKCgAKAsgAUEBagwJCyABQQFqDAULIAEgBEYEQEHGASEDDOcBCwJAAkAgAS0AAEEKaw4XAQsLAQsLCwsLCwsLCwsLCwsLCwsLCwALCyABQQFqIQELQbABIQMMzQELIAEgBEYEQEHIASEDDOYBCyABLQAAQSBHDQkgAkEAOwEyIAFBAWohAUGzASEDDMwBCwNAIAEhAAJAIAEgBEcEQCABLQAAQTBrQf8BcSIDQQpJDQEMJwtBxwEhAwzmAQsCQCACLwEyIgFBmTNLDQAgAiABQQpsIgU7ATIgBUH+/wNxIANB//8Dc0sNACAAQQFqIQEgAiADIAVqIgM7ATIgA0H//wNxQegHSQ0BCwtBACEDIAJBADYCHCACQcEJNgIQIAJBDTYCDCACIABBAWo2AhQM5AELIAJBADYCHCACIAE2AhQgAkHwDDYCECACQRs2AgxBACEDDOMBCyACKAIEIQAgAkEANgIEIAIgACABECYiAA0BIAFBAWoLIQFBrQEhAwzIAQsgAkHBATYCHCACIAA2AgwgAiABQQFqNgIUQQAhAwzgAQsgAigCBCEAIAJBADYCBCACIAAgARAmIgANASABQQFqCyEBQa4BIQMMxQELIAJBwgE2AhwgAiAANgIMIAIgAUEBajYCFEEAIQMM3QELIAJBADYCHCACIAE2AhQgAkGXCzYCECACQQ02AgxBACEDDNwBCyACQQA2AhwgAiABNgIUIAJB4xA2AhAgAkEJNgIMQQAhAwzbAQsgAkECOgAoDKwBC0EAIQMgAkEANgIcIAJBrws2AhAgAkECNgIMIAIgAUEBajYCFAzZAQtBAiEDDL8BC0ENIQMMvgELQSYhAwy9AQtBFSEDDLwBC0EWIQMMuwELQRghAwy6AQtBHCEDDLkBC0EdIQMMuAELQSAhAwy3AQtBISEDDLYBC0EjIQMMtQELQcYAIQMMtAELQS4hAwyzAQtBPSEDDLIBC0HLACEDDLEBC0HOACEDDLABC0HYACEDDK8BC0HZACEDDK4BC0HbACEDDK0BC0HxACEDDKwBC0H0ACEDDKsBC0GNASEDDKoBC0GXASEDDKkBC0GpASEDDKgBC0GvASEDDKcBC0GxASEDDKYBCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB8Rs2AhAgAkEGNgIMDL0BCyACQQA2AgAgBkEBaiEBQSQLOgApIAIoAgQhACACQQA2AgQgAiAAIAEQJyIARQRAQeUAIQMMowELIAJB+QA2AhwgAiABNgIUIAIgADYCDEEAIQMMuwELIABBFUcEQCACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwy7AQsgAkH4ADYCHCACIAE2AhQgAkHKGDYCECACQRU2AgxBACEDDLoBCyACQQA2AhwgAiABNgIUIAJBjhs2AhAgAkEGNgIMQQAhAwy5AQsgAkEANgIcIAIgATYCFCACQf4RNgIQIAJBBzYCDEEAIQMMuAELIAJBADYCHCACIAE2AhQgAkGMHDYCECACQQc2AgxBACEDDLcBCyACQQA2AhwgAiABNgIUIAJBww82AhAgAkEHNgIMQQAhAwy2AQsgAkEANgIcIAIgATYCFCACQcMPNgIQIAJBBzYCDEEAIQMMtQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0RIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMtAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0gIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMswELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0iIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMsgELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0OIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMsQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0dIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMsAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0fIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMrwELIABBP0cNASABQQFqCyEBQQUhAwyUAQtBACEDIAJBADYCHCACIAE2AhQgAkH9EjYCECACQQc2AgwMrAELIAJBADYCHCACIAE2AhQgAkHcCDYCECACQQc2AgxBACEDDKsBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNByACQeUANgIcIAIgATYCFCACIAA2AgxBACEDDKoBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNFiACQdMANgIcIAIgATYCFCACIAA2AgxBACEDDKkBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNGCACQdIANgIcIAIgATYCFCACIAA2AgxBACEDDKgBCyACQQA2AhwgAiABNgIUIAJBxgo2AhAgAkEHNgIMQQAhAwynAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQMgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwymAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRIgAkHTADYCHCACIAE2AhQgAiAANgIMQQAhAwylAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRQgAkHSADYCHCACIAE2AhQgAiAANgIMQQAhAwykAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQAgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwyjAQtB1QAhAwyJAQsgAEEVRwRAIAJBADYCHCACIAE2AhQgAkG5DTYCECACQRo2AgxBACEDDKIBCyACQeQANgIcIAIgATYCFCACQeMXNgIQIAJBFTYCDEEAIQMMoQELIAJBADYCACAGQQFqIQEgAi0AKSIAQSNrQQtJDQQCQCAAQQZLDQBBASAAdEHKAHFFDQAMBQtBACEDIAJBADYCHCACIAE2AhQgAkH3CTYCECACQQg2AgwMoAELIAJBADYCACAGQQFqIQEgAi0AKUEhRg0DIAJBADYCHCACIAE2AhQgAkGbCjYCECACQQg2AgxBACEDDJ8BCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJBkDM2AhAgAkEINgIMDJ0BCyACQQA2AgAgBkEBaiEBIAItAClBI0kNACACQQA2AhwgAiABNgIUIAJB0wk2AhAgAkEINgIMQQAhAwycAQtB0QAhAwyCAQsgAS0AAEEwayIAQf8BcUEKSQRAIAIgADoAKiABQQFqIQFBzwAhAwyCAQsgAigCBCEAIAJBADYCBCACIAAgARAoIgBFDYYBIAJB3gA2AhwgAiABNgIUIAIgADYCDEEAIQMMmgELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ2GASACQdwANgIcIAIgATYCFCACIAA2AgxBACEDDJkBCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMhwELIAJB2gA2AhwgAiAFNgIUIAIgADYCDAyYAQtBACEBQQEhAwsgAiADOgArIAVBAWohAwJAAkACQCACLQAtQRBxDQACQAJAAkAgAi0AKg4DAQACBAsgBkUNAwwCCyAADQEMAgsgAUUNAQsgAigCBCEAIAJBADYCBCACIAAgAxAoIgBFBEAgAyEBDAILIAJB2AA2AhwgAiADNgIUIAIgADYCDEEAIQMMmAELIAIoAgQhACACQQA2AgQgAiAAIAMQKCIARQRAIAMhAQyHAQsgAkHZADYCHCACIAM2AhQgAiAANgIMQQAhAwyXAQtBzAAhAwx9CyAAQRVHBEAgAkEANgIcIAIgATYCFCACQZQNNgIQIAJBITYCDEEAIQMMlgELIAJB1wA2AhwgAiABNgIUIAJByRc2AhAgAkEVNgIMQQAhAwyVAQtBACEDIAJBADYCHCACIAE2AhQgAkGAETYCECACQQk2AgwMlAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0AIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMkwELQckAIQMMeQsgAkEANgIcIAIgATYCFCACQcEoNgIQIAJBBzYCDCACQQA2AgBBACEDDJEBCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAlIgBFDQAgAkHSADYCHCACIAE2AhQgAiAANgIMDJABC0HIACEDDHYLIAJBADYCACAFIQELIAJBgBI7ASogAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANAQtBxwAhAwxzCyAAQRVGBEAgAkHRADYCHCACIAE2AhQgAkHjFzYCECACQRU2AgxBACEDDIwBC0EAIQMgAkEANgIcIAIgATYCFCACQbkNNgIQIAJBGjYCDAyLAQtBACEDIAJBADYCHCACIAE2AhQgAkGgGTYCECACQR42AgwMigELIAEtAABBOkYEQCACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgBFDQEgAkHDADYCHCACIAA2AgwgAiABQQFqNgIUDIoBC0EAIQMgAkEANgIcIAIgATYCFCACQbERNgIQIAJBCjYCDAyJAQsgAUEBaiEBQTshAwxvCyACQcMANgIcIAIgADYCDCACIAFBAWo2AhQMhwELQQAhAyACQQA2AhwgAiABNgIUIAJB8A42AhAgAkEcNgIMDIYBCyACIAIvATBBEHI7ATAMZgsCQCACLwEwIgBBCHFFDQAgAi0AKEEBRw0AIAItAC1BCHFFDQMLIAIgAEH3+wNxQYAEcjsBMAwECyABIARHBEACQANAIAEtAABBMGsiAEH/AXFBCk8EQEE1IQMMbgsgAikDICIKQpmz5syZs+bMGVYNASACIApCCn4iCjcDICAKIACtQv8BgyILQn+FVg0BIAIgCiALfDcDICAEIAFBAWoiAUcNAAtBOSEDDIUBCyACKAIEIQBBACEDIAJBADYCBCACIAAgAUEBaiIBECoiAA0MDHcLQTkhAwyDAQsgAi0AMEEgcQ0GQcUBIQMMaQtBACEDIAJBADYCBCACIAEgARAqIgBFDQQgAkE6NgIcIAIgADYCDCACIAFBAWo2AhQMgQELIAItAChBAUcNACACLQAtQQhxRQ0BC0E3IQMMZgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIABEAgAkE7NgIcIAIgADYCDCACIAFBAWo2AhQMfwsgAUEBaiEBDG4LIAJBCDoALAwECyABQQFqIQEMbQtBACEDIAJBADYCHCACIAE2AhQgAkHkEjYCECACQQQ2AgwMewsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ1sIAJBNzYCHCACIAE2AhQgAiAANgIMDHoLIAIgAi8BMEEgcjsBMAtBMCEDDF8LIAJBNjYCHCACIAE2AhQgAiAANgIMDHcLIABBLEcNASABQQFqIQBBASEBAkACQAJAAkACQCACLQAsQQVrDgQDAQIEAAsgACEBDAQLQQIhAQwBC0EEIQELIAJBAToALCACIAIvATAgAXI7ATAgACEBDAELIAIgAi8BMEEIcjsBMCAAIQELQTkhAwxcCyACQQA6ACwLQTQhAwxaCyABIARGBEBBLSEDDHMLAkACQANAAkAgAS0AAEEKaw4EAgAAAwALIAQgAUEBaiIBRw0AC0EtIQMMdAsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ0CIAJBLDYCHCACIAE2AhQgAiAANgIMDHMLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAS0AAEENRgRAIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAi0ALUEBcQRAQcQBIQMMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIADQEMZQtBLyEDDFcLIAJBLjYCHCACIAE2AhQgAiAANgIMDG8LQQAhAyACQQA2AhwgAiABNgIUIAJB8BQ2AhAgAkEDNgIMDG4LQQEhAwJAAkACQAJAIAItACxBBWsOBAMBAgAECyACIAIvATBBCHI7ATAMAwtBAiEDDAELQQQhAwsgAkEBOgAsIAIgAi8BMCADcjsBMAtBKiEDDFMLQQAhAyACQQA2AhwgAiABNgIUIAJB4Q82AhAgAkEKNgIMDGsLQQEhAwJAAkACQAJAAkACQCACLQAsQQJrDgcFBAQDAQIABAsgAiACLwEwQQhyOwEwDAMLQQIhAwwBC0EEIQMLIAJBAToALCACIAIvATAgA3I7ATALQSshAwxSC0EAIQMgAkEANgIcIAIgATYCFCACQasSNgIQIAJBCzYCDAxqC0EAIQMgAkEANgIcIAIgATYCFCACQf0NNgIQIAJBHTYCDAxpCyABIARHBEADQCABLQAAQSBHDUggBCABQQFqIgFHDQALQSUhAwxpC0ElIQMMaAsgAi0ALUEBcQRAQcMBIQMMTwsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKSIABEAgAkEmNgIcIAIgADYCDCACIAFBAWo2AhQMaAsgAUEBaiEBDFwLIAFBAWohASACLwEwIgBBgAFxBEBBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAEUNBiAAQRVHDR8gAkEFNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMZwsCQCAAQaAEcUGgBEcNACACLQAtQQJxDQBBACEDIAJBADYCHCACIAE2AhQgAkGWEzYCECACQQQ2AgwMZwsgAgJ/IAIvATBBFHFBFEYEQEEBIAItAChBAUYNARogAi8BMkHlAEYMAQsgAi0AKUEFRgs6AC5BACEAAkAgAigCOCIDRQ0AIAMoAiQiA0UNACACIAMRAAAhAAsCQAJAAkACQAJAIAAOFgIBAAQEBAQEBAQEBAQEBAQEBAQEBAMECyACQQE6AC4LIAIgAi8BMEHAAHI7ATALQSchAwxPCyACQSM2AhwgAiABNgIUIAJBpRY2AhAgAkEVNgIMQQAhAwxnC0EAIQMgAkEANgIcIAIgATYCFCACQdULNgIQIAJBETYCDAxmC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAADQELQQ4hAwxLCyAAQRVGBEAgAkECNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMZAtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMYwtBACEDIAJBADYCHCACIAE2AhQgAkGqHDYCECACQQ82AgwMYgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEgCqdqIgEQKyIARQ0AIAJBBTYCHCACIAE2AhQgAiAANgIMDGELQQ8hAwxHC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxfC0IBIQoLIAFBAWohAQJAIAIpAyAiC0L//////////w9YBEAgAiALQgSGIAqENwMgDAELQQAhAyACQQA2AhwgAiABNgIUIAJBrQk2AhAgAkEMNgIMDF4LQSQhAwxEC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxcCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAsIgBFBEAgAUEBaiEBDFILIAJBFzYCHCACIAA2AgwgAiABQQFqNgIUDFsLIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQRY2AhwgAiAANgIMIAIgAUEBajYCFAxbC0EfIQMMQQtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQLSIARQRAIAFBAWohAQxQCyACQRQ2AhwgAiAANgIMIAIgAUEBajYCFAxYCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABEC0iAEUEQCABQQFqIQEMAQsgAkETNgIcIAIgADYCDCACIAFBAWo2AhQMWAtBHiEDDD4LQQAhAyACQQA2AhwgAiABNgIUIAJBxgw2AhAgAkEjNgIMDFYLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABEC0iAEUEQCABQQFqIQEMTgsgAkERNgIcIAIgADYCDCACIAFBAWo2AhQMVQsgAkEQNgIcIAIgATYCFCACIAA2AgwMVAtBACEDIAJBADYCHCACIAE2AhQgAkHGDDYCECACQSM2AgwMUwtBACEDIAJBADYCHCACIAE2AhQgAkHAFTYCECACQQI2AgwMUgsgAigCBCEAQQAhAyACQQA2AgQCQCACIAAgARAtIgBFBEAgAUEBaiEBDAELIAJBDjYCHCACIAA2AgwgAiABQQFqNgIUDFILQRshAww4C0EAIQMgAkEANgIcIAIgATYCFCACQcYMNgIQIAJBIzYCDAxQCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABECwiAEUEQCABQQFqIQEMAQsgAkENNgIcIAIgADYCDCACIAFBAWo2AhQMUAtBGiEDDDYLQQAhAyACQQA2AhwgAiABNgIUIAJBmg82AhAgAkEiNgIMDE4LIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQQw2AhwgAiAANgIMIAIgAUEBajYCFAxOC0EZIQMMNAtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMTAsgAEEVRwRAQQAhAyACQQA2AhwgAiABNgIUIAJBgww2AhAgAkETNgIMDEwLIAJBCjYCHCACIAE2AhQgAkHkFjYCECACQRU2AgxBACEDDEsLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABIAqnaiIBECsiAARAIAJBBzYCHCACIAE2AhQgAiAANgIMDEsLQRMhAwwxCyAAQRVHBEBBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMSgsgAkEeNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMSQtBACEAAkAgAigCOCIDRQ0AIAMoAiwiA0UNACACIAMRAAAhAAsgAEUNQSAAQRVGBEAgAkEDNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMSQtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMSAtBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMRwtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMRgsgAkEAOgAvIAItAC1BBHFFDT8LIAJBADoALyACQQE6ADRBACEDDCsLQQAhAyACQQA2AhwgAkHkETYCECACQQc2AgwgAiABQQFqNgIUDEMLAkADQAJAIAEtAABBCmsOBAACAgACCyAEIAFBAWoiAUcNAAtB3QEhAwxDCwJAAkAgAi0ANEEBRw0AQQAhAAJAIAIoAjgiA0UNACADKAJYIgNFDQAgAiADEQAAIQALIABFDQAgAEEVRw0BIAJB3AE2AhwgAiABNgIUIAJB1RY2AhAgAkEVNgIMQQAhAwxEC0HBASEDDCoLIAJBADYCHCACIAE2AhQgAkHpCzYCECACQR82AgxBACEDDEILAkACQCACLQAoQQFrDgIEAQALQcABIQMMKQtBuQEhAwwoCyACQQI6AC9BACEAAkAgAigCOCIDRQ0AIAMoAgAiA0UNACACIAMRAAAhAAsgAEUEQEHCASEDDCgLIABBFUcEQCACQQA2AhwgAiABNgIUIAJBpAw2AhAgAkEQNgIMQQAhAwxBCyACQdsBNgIcIAIgATYCFCACQfoWNgIQIAJBFTYCDEEAIQMMQAsgASAERgRAQdoBIQMMQAsgAS0AAEHIAEYNASACQQE6ACgLQawBIQMMJQtBvwEhAwwkCyABIARHBEAgAkEQNgIIIAIgATYCBEG+ASEDDCQLQdkBIQMMPAsgASAERgRAQdgBIQMMPAsgAS0AAEHIAEcNBCABQQFqIQFBvQEhAwwiCyABIARGBEBB1wEhAww7CwJAAkAgAS0AAEHFAGsOEAAFBQUFBQUFBQUFBQUFBQEFCyABQQFqIQFBuwEhAwwiCyABQQFqIQFBvAEhAwwhC0HWASEDIAEgBEYNOSACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGD0ABqLQAARw0DIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw6CyACKAIEIQAgAkIANwMAIAIgACAGQQFqIgEQJyIARQRAQcYBIQMMIQsgAkHVATYCHCACIAE2AhQgAiAANgIMQQAhAww5C0HUASEDIAEgBEYNOCACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEGB0ABqLQAARw0CIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw5CyACQYEEOwEoIAIoAgQhACACQgA3AwAgAiAAIAZBAWoiARAnIgANAwwCCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB2Bs2AhAgAkEINgIMDDYLQboBIQMMHAsgAkHTATYCHCACIAE2AhQgAiAANgIMQQAhAww0C0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAARQ0AIABBFUYNASACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwwzC0HkACEDDBkLIAJB+AA2AhwgAiABNgIUIAJByhg2AhAgAkEVNgIMQQAhAwwxC0HSASEDIAQgASIARg0wIAQgAWsgAigCACIBaiEFIAAgAWtBBGohBgJAA0AgAC0AACABQfzPAGotAABHDQEgAUEERg0DIAFBAWohASAEIABBAWoiAEcNAAsgAiAFNgIADDELIAJBADYCHCACIAA2AhQgAkGQMzYCECACQQg2AgwgAkEANgIAQQAhAwwwCyABIARHBEAgAkEONgIIIAIgATYCBEG3ASEDDBcLQdEBIQMMLwsgAkEANgIAIAZBAWohAQtBuAEhAwwUCyABIARGBEBB0AEhAwwtCyABLQAAQTBrIgBB/wFxQQpJBEAgAiAAOgAqIAFBAWohAUG2ASEDDBQLIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0UIAJBzwE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAsgASAERgRAQc4BIQMMLAsCQCABLQAAQS5GBEAgAUEBaiEBDAELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0VIAJBzQE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAtBtQEhAwwSCyAEIAEiBUYEQEHMASEDDCsLQQAhAEEBIQFBASEGQQAhAwJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAIAUtAABBMGsOCgoJAAECAwQFBggLC0ECDAYLQQMMBQtBBAwEC0EFDAMLQQYMAgtBBwwBC0EICyEDQQAhAUEAIQYMAgtBCSEDQQEhAEEAIQFBACEGDAELQQAhAUEBIQMLIAIgAzoAKyAFQQFqIQMCQAJAIAItAC1BEHENAAJAAkACQCACLQAqDgMBAAIECyAGRQ0DDAILIAANAQwCCyABRQ0BCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMAwsgAkHJATYCHCACIAM2AhQgAiAANgIMQQAhAwwtCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMGAsgAkHKATYCHCACIAM2AhQgAiAANgIMQQAhAwwsCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMFgsgAkHLATYCHCACIAU2AhQgAiAANgIMDCsLQbQBIQMMEQtBACEAAkAgAigCOCIDRQ0AIAMoAjwiA0UNACACIAMRAAAhAAsCQCAABEAgAEEVRg0BIAJBADYCHCACIAE2AhQgAkGUDTYCECACQSE2AgxBACEDDCsLQbIBIQMMEQsgAkHIATYCHCACIAE2AhQgAkHJFzYCECACQRU2AgxBACEDDCkLIAJBADYCACAGQQFqIQFB9QAhAwwPCyACLQApQQVGBEBB4wAhAwwPC0HiACEDDA4LIAAhASACQQA2AgALIAJBADoALEEJIQMMDAsgAkEANgIAIAdBAWohAUHAACEDDAsLQQELOgAsIAJBADYCACAGQQFqIQELQSkhAwwIC0E4IQMMBwsCQCABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRw0DIAFBAWohAQwFCyAEIAFBAWoiAUcNAAtBPiEDDCELQT4hAwwgCwsgAkEAOgAsDAELQQshAwwEC0E6IQMMAwsgAUEBaiEBQS0hAwwCCyACIAE6ACwgAkEANgIAIAZBAWohAUEMIQMMAQsgAkEANgIAIAZBAWohAUEKIQMMAAsAC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwXC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwWC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwVC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwUC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwTC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwSC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwRC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwQC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwPC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwOC0EAIQMgAkEANgIcIAIgATYCFCACQcASNgIQIAJBCzYCDAwNC0EAIQMgAkEANgIcIAIgATYCFCACQZUJNgIQIAJBCzYCDAwMC0EAIQMgAkEANgIcIAIgATYCFCACQeEPNgIQIAJBCjYCDAwLC0EAIQMgAkEANgIcIAIgATYCFCACQfsPNgIQIAJBCjYCDAwKC0EAIQMgAkEANgIcIAIgATYCFCACQfEZNgIQIAJBAjYCDAwJC0EAIQMgAkEANgIcIAIgATYCFCACQcQUNgIQIAJBAjYCDAwIC0EAIQMgAkEANgIcIAIgATYCFCACQfIVNgIQIAJBAjYCDAwHCyACQQI2AhwgAiABNgIUIAJBnBo2AhAgAkEWNgIMQQAhAwwGC0EBIQMMBQtB1AAhAyABIARGDQQgCEEIaiEJIAIoAgAhBQJAAkAgASAERwRAIAVB2MIAaiEHIAQgBWogAWshACAFQX9zQQpqIgUgAWohBgNAIAEtAAAgBy0AAEcEQEECIQcMAwsgBUUEQEEAIQcgBiEBDAMLIAVBAWshBSAHQQFqIQcgBCABQQFqIgFHDQALIAAhBSAEIQELIAlBATYCACACIAU2AgAMAQsgAkEANgIAIAkgBzYCAAsgCSABNgIEIAgoAgwhACAIKAIIDgMBBAIACwALIAJBADYCHCACQbUaNgIQIAJBFzYCDCACIABBAWo2AhRBACEDDAILIAJBADYCHCACIAA2AhQgAkHKGjYCECACQQk2AgxBACEDDAELIAEgBEYEQEEiIQMMAQsgAkEJNgIIIAIgATYCBEEhIQMLIAhBEGokACADRQRAIAIoAgwhAAwBCyACIAM2AhxBACEAIAIoAgQiAUUNACACIAEgBCACKAIIEQEAIgFFDQAgAiAENgIUIAIgATYCDCABIQALIAALvgIBAn8gAEEAOgAAIABB3ABqIgFBAWtBADoAACAAQQA6AAIgAEEAOgABIAFBA2tBADoAACABQQJrQQA6AAAgAEEAOgADIAFBBGtBADoAAEEAIABrQQNxIgEgAGoiAEEANgIAQdwAIAFrQXxxIgIgAGoiAUEEa0EANgIAAkAgAkEJSQ0AIABBADYCCCAAQQA2AgQgAUEIa0EANgIAIAFBDGtBADYCACACQRlJDQAgAEEANgIYIABBADYCFCAAQQA2AhAgAEEANgIMIAFBEGtBADYCACABQRRrQQA2AgAgAUEYa0EANgIAIAFBHGtBADYCACACIABBBHFBGHIiAmsiAUEgSQ0AIAAgAmohAANAIABCADcDGCAAQgA3AxAgAEIANwMIIABCADcDACAAQSBqIQAgAUEgayIBQR9LDQALCwtWAQF/AkAgACgCDA0AAkACQAJAAkAgAC0ALw4DAQADAgsgACgCOCIBRQ0AIAEoAiwiAUUNACAAIAERAAAiAQ0DC0EADwsACyAAQcMWNgIQQQ4hAQsgAQsaACAAKAIMRQRAIABB0Rs2AhAgAEEVNgIMCwsUACAAKAIMQRVGBEAgAEEANgIMCwsUACAAKAIMQRZGBEAgAEEANgIMCwsHACAAKAIMCwcAIAAoAhALCQAgACABNgIQCwcAIAAoAhQLFwAgAEEkTwRAAAsgAEECdEGgM2ooAgALFwAgAEEuTwRAAAsgAEECdEGwNGooAgALvwkBAX9B6yghAQJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIABB5ABrDvQDY2IAAWFhYWFhYQIDBAVhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhBgcICQoLDA0OD2FhYWFhEGFhYWFhYWFhYWFhEWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYRITFBUWFxgZGhthYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2YTc4OTphYWFhYWFhYTthYWE8YWFhYT0+P2FhYWFhYWFhQGFhQWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYUJDREVGR0hJSktMTU5PUFFSU2FhYWFhYWFhVFVWV1hZWlthXF1hYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFeYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhX2BhC0HhJw8LQaQhDwtByywPC0H+MQ8LQcAkDwtBqyQPC0GNKA8LQeImDwtBgDAPC0G5Lw8LQdckDwtB7x8PC0HhHw8LQfofDwtB8iAPC0GoLw8LQa4yDwtBiDAPC0HsJw8LQYIiDwtBjh0PC0HQLg8LQcojDwtBxTIPC0HfHA8LQdIcDwtBxCAPC0HXIA8LQaIfDwtB7S4PC0GrMA8LQdQlDwtBzC4PC0H6Lg8LQfwrDwtB0jAPC0HxHQ8LQbsgDwtB9ysPC0GQMQ8LQdcxDwtBoi0PC0HUJw8LQeArDwtBnywPC0HrMQ8LQdUfDwtByjEPC0HeJQ8LQdQeDwtB9BwPC0GnMg8LQbEdDwtBoB0PC0G5MQ8LQbwwDwtBkiEPC0GzJg8LQeksDwtBrB4PC0HUKw8LQfcmDwtBgCYPC0GwIQ8LQf4eDwtBjSMPC0GJLQ8LQfciDwtBoDEPC0GuHw8LQcYlDwtB6B4PC0GTIg8LQcIvDwtBwx0PC0GLLA8LQeEdDwtBjS8PC0HqIQ8LQbQtDwtB0i8PC0HfMg8LQdIyDwtB8DAPC0GpIg8LQfkjDwtBmR4PC0G1LA8LQZswDwtBkjIPC0G2Kw8LQcIiDwtB+DIPC0GeJQ8LQdAiDwtBuh4PC0GBHg8LAAtB1iEhAQsgAQsWACAAIAAtAC1B/gFxIAFBAEdyOgAtCxkAIAAgAC0ALUH9AXEgAUEAR0EBdHI6AC0LGQAgACAALQAtQfsBcSABQQBHQQJ0cjoALQsZACAAIAAtAC1B9wFxIAFBAEdBA3RyOgAtCz4BAn8CQCAAKAI4IgNFDQAgAygCBCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBxhE2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCCCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9go2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCDCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7Ro2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCECIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlRA2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCFCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBqhs2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCGCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7RM2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCKCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9gg2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCHCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBwhk2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCICIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlBQ2AhBBGCEECyAEC1kBAn8CQCAALQAoQQFGDQAgAC8BMiIBQeQAa0HkAEkNACABQcwBRg0AIAFBsAJGDQAgAC8BMCIAQcAAcQ0AQQEhAiAAQYgEcUGABEYNACAAQShxRSECCyACC4wBAQJ/AkACQAJAIAAtACpFDQAgAC0AK0UNACAALwEwIgFBAnFFDQEMAgsgAC8BMCIBQQFxRQ0BC0EBIQIgAC0AKEEBRg0AIAAvATIiAEHkAGtB5ABJDQAgAEHMAUYNACAAQbACRg0AIAFBwABxDQBBACECIAFBiARxQYAERg0AIAFBKHFBAEchAgsgAgtzACAAQRBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAA/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQTBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQSBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQd0BNgIcCwYAIAAQMguaLQELfyMAQRBrIgokAEGk0AAoAgAiCUUEQEHk0wAoAgAiBUUEQEHw0wBCfzcCAEHo0wBCgICEgICAwAA3AgBB5NMAIApBCGpBcHFB2KrVqgVzIgU2AgBB+NMAQQA2AgBByNMAQQA2AgALQczTAEGA1AQ2AgBBnNAAQYDUBDYCAEGw0AAgBTYCAEGs0ABBfzYCAEHQ0wBBgKwDNgIAA0AgAUHI0ABqIAFBvNAAaiICNgIAIAIgAUG00ABqIgM2AgAgAUHA0ABqIAM2AgAgAUHQ0ABqIAFBxNAAaiIDNgIAIAMgAjYCACABQdjQAGogAUHM0ABqIgI2AgAgAiADNgIAIAFB1NAAaiACNgIAIAFBIGoiAUGAAkcNAAtBjNQEQcGrAzYCAEGo0ABB9NMAKAIANgIAQZjQAEHAqwM2AgBBpNAAQYjUBDYCAEHM/wdBODYCAEGI1AQhCQsCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCAAQewBTQRAQYzQACgCACIGQRAgAEETakFwcSAAQQtJGyIEQQN2IgB2IgFBA3EEQAJAIAFBAXEgAHJBAXMiAkEDdCIAQbTQAGoiASAAQbzQAGooAgAiACgCCCIDRgRAQYzQACAGQX4gAndxNgIADAELIAEgAzYCCCADIAE2AgwLIABBCGohASAAIAJBA3QiAkEDcjYCBCAAIAJqIgAgACgCBEEBcjYCBAwRC0GU0AAoAgAiCCAETw0BIAEEQAJAQQIgAHQiAkEAIAJrciABIAB0cWgiAEEDdCICQbTQAGoiASACQbzQAGooAgAiAigCCCIDRgRAQYzQACAGQX4gAHdxIgY2AgAMAQsgASADNgIIIAMgATYCDAsgAiAEQQNyNgIEIABBA3QiACAEayEFIAAgAmogBTYCACACIARqIgQgBUEBcjYCBCAIBEAgCEF4cUG00ABqIQBBoNAAKAIAIQMCf0EBIAhBA3Z0IgEgBnFFBEBBjNAAIAEgBnI2AgAgAAwBCyAAKAIICyIBIAM2AgwgACADNgIIIAMgADYCDCADIAE2AggLIAJBCGohAUGg0AAgBDYCAEGU0AAgBTYCAAwRC0GQ0AAoAgAiC0UNASALaEECdEG80gBqKAIAIgAoAgRBeHEgBGshBSAAIQIDQAJAIAIoAhAiAUUEQCACQRRqKAIAIgFFDQELIAEoAgRBeHEgBGsiAyAFSSECIAMgBSACGyEFIAEgACACGyEAIAEhAgwBCwsgACgCGCEJIAAoAgwiAyAARwRAQZzQACgCABogAyAAKAIIIgE2AgggASADNgIMDBALIABBFGoiAigCACIBRQRAIAAoAhAiAUUNAyAAQRBqIQILA0AgAiEHIAEiA0EUaiICKAIAIgENACADQRBqIQIgAygCECIBDQALIAdBADYCAAwPC0F/IQQgAEG/f0sNACAAQRNqIgFBcHEhBEGQ0AAoAgAiCEUNAEEAIARrIQUCQAJAAkACf0EAIARBgAJJDQAaQR8gBEH///8HSw0AGiAEQSYgAUEIdmciAGt2QQFxIABBAXRrQT5qCyIGQQJ0QbzSAGooAgAiAkUEQEEAIQFBACEDDAELQQAhASAEQRkgBkEBdmtBACAGQR9HG3QhAEEAIQMDQAJAIAIoAgRBeHEgBGsiByAFTw0AIAIhAyAHIgUNAEEAIQUgAiEBDAMLIAEgAkEUaigCACIHIAcgAiAAQR12QQRxakEQaigCACICRhsgASAHGyEBIABBAXQhACACDQALCyABIANyRQRAQQAhA0ECIAZ0IgBBACAAa3IgCHEiAEUNAyAAaEECdEG80gBqKAIAIQELIAFFDQELA0AgASgCBEF4cSAEayICIAVJIQAgAiAFIAAbIQUgASADIAAbIQMgASgCECIABH8gAAUgAUEUaigCAAsiAQ0ACwsgA0UNACAFQZTQACgCACAEa08NACADKAIYIQcgAyADKAIMIgBHBEBBnNAAKAIAGiAAIAMoAggiATYCCCABIAA2AgwMDgsgA0EUaiICKAIAIgFFBEAgAygCECIBRQ0DIANBEGohAgsDQCACIQYgASIAQRRqIgIoAgAiAQ0AIABBEGohAiAAKAIQIgENAAsgBkEANgIADA0LQZTQACgCACIDIARPBEBBoNAAKAIAIQECQCADIARrIgJBEE8EQCABIARqIgAgAkEBcjYCBCABIANqIAI2AgAgASAEQQNyNgIEDAELIAEgA0EDcjYCBCABIANqIgAgACgCBEEBcjYCBEEAIQBBACECC0GU0AAgAjYCAEGg0AAgADYCACABQQhqIQEMDwtBmNAAKAIAIgMgBEsEQCAEIAlqIgAgAyAEayIBQQFyNgIEQaTQACAANgIAQZjQACABNgIAIAkgBEEDcjYCBCAJQQhqIQEMDwtBACEBIAQCf0Hk0wAoAgAEQEHs0wAoAgAMAQtB8NMAQn83AgBB6NMAQoCAhICAgMAANwIAQeTTACAKQQxqQXBxQdiq1aoFczYCAEH40wBBADYCAEHI0wBBADYCAEGAgAQLIgAgBEHHAGoiBWoiBkEAIABrIgdxIgJPBEBB/NMAQTA2AgAMDwsCQEHE0wAoAgAiAUUNAEG80wAoAgAiCCACaiEAIAAgAU0gACAIS3ENAEEAIQFB/NMAQTA2AgAMDwtByNMALQAAQQRxDQQCQAJAIAkEQEHM0wAhAQNAIAEoAgAiACAJTQRAIAAgASgCBGogCUsNAwsgASgCCCIBDQALC0EAEDMiAEF/Rg0FIAIhBkHo0wAoAgAiAUEBayIDIABxBEAgAiAAayAAIANqQQAgAWtxaiEGCyAEIAZPDQUgBkH+////B0sNBUHE0wAoAgAiAwRAQbzTACgCACIHIAZqIQEgASAHTQ0GIAEgA0sNBgsgBhAzIgEgAEcNAQwHCyAGIANrIAdxIgZB/v///wdLDQQgBhAzIQAgACABKAIAIAEoAgRqRg0DIAAhAQsCQCAGIARByABqTw0AIAFBf0YNAEHs0wAoAgAiACAFIAZrakEAIABrcSIAQf7///8HSwRAIAEhAAwHCyAAEDNBf0cEQCAAIAZqIQYgASEADAcLQQAgBmsQMxoMBAsgASIAQX9HDQUMAwtBACEDDAwLQQAhAAwKCyAAQX9HDQILQcjTAEHI0wAoAgBBBHI2AgALIAJB/v///wdLDQEgAhAzIQBBABAzIQEgAEF/Rg0BIAFBf0YNASAAIAFPDQEgASAAayIGIARBOGpNDQELQbzTAEG80wAoAgAgBmoiATYCAEHA0wAoAgAgAUkEQEHA0wAgATYCAAsCQAJAAkBBpNAAKAIAIgIEQEHM0wAhAQNAIAAgASgCACIDIAEoAgQiBWpGDQIgASgCCCIBDQALDAILQZzQACgCACIBQQBHIAAgAU9xRQRAQZzQACAANgIAC0EAIQFB0NMAIAY2AgBBzNMAIAA2AgBBrNAAQX82AgBBsNAAQeTTACgCADYCAEHY0wBBADYCAANAIAFByNAAaiABQbzQAGoiAjYCACACIAFBtNAAaiIDNgIAIAFBwNAAaiADNgIAIAFB0NAAaiABQcTQAGoiAzYCACADIAI2AgAgAUHY0ABqIAFBzNAAaiICNgIAIAIgAzYCACABQdTQAGogAjYCACABQSBqIgFBgAJHDQALQXggAGtBD3EiASAAaiICIAZBOGsiAyABayIBQQFyNgIEQajQAEH00wAoAgA2AgBBmNAAIAE2AgBBpNAAIAI2AgAgACADakE4NgIEDAILIAAgAk0NACACIANJDQAgASgCDEEIcQ0AQXggAmtBD3EiACACaiIDQZjQACgCACAGaiIHIABrIgBBAXI2AgQgASAFIAZqNgIEQajQAEH00wAoAgA2AgBBmNAAIAA2AgBBpNAAIAM2AgAgAiAHakE4NgIEDAELIABBnNAAKAIASQRAQZzQACAANgIACyAAIAZqIQNBzNMAIQECQAJAAkADQCADIAEoAgBHBEAgASgCCCIBDQEMAgsLIAEtAAxBCHFFDQELQczTACEBA0AgASgCACIDIAJNBEAgAyABKAIEaiIFIAJLDQMLIAEoAgghAQwACwALIAEgADYCACABIAEoAgQgBmo2AgQgAEF4IABrQQ9xaiIJIARBA3I2AgQgA0F4IANrQQ9xaiIGIAQgCWoiBGshASACIAZGBEBBpNAAIAQ2AgBBmNAAQZjQACgCACABaiIANgIAIAQgAEEBcjYCBAwIC0Gg0AAoAgAgBkYEQEGg0AAgBDYCAEGU0ABBlNAAKAIAIAFqIgA2AgAgBCAAQQFyNgIEIAAgBGogADYCAAwICyAGKAIEIgVBA3FBAUcNBiAFQXhxIQggBUH/AU0EQCAFQQN2IQMgBigCCCIAIAYoAgwiAkYEQEGM0ABBjNAAKAIAQX4gA3dxNgIADAcLIAIgADYCCCAAIAI2AgwMBgsgBigCGCEHIAYgBigCDCIARwRAIAAgBigCCCICNgIIIAIgADYCDAwFCyAGQRRqIgIoAgAiBUUEQCAGKAIQIgVFDQQgBkEQaiECCwNAIAIhAyAFIgBBFGoiAigCACIFDQAgAEEQaiECIAAoAhAiBQ0ACyADQQA2AgAMBAtBeCAAa0EPcSIBIABqIgcgBkE4ayIDIAFrIgFBAXI2AgQgACADakE4NgIEIAIgBUE3IAVrQQ9xakE/ayIDIAMgAkEQakkbIgNBIzYCBEGo0ABB9NMAKAIANgIAQZjQACABNgIAQaTQACAHNgIAIANBEGpB1NMAKQIANwIAIANBzNMAKQIANwIIQdTTACADQQhqNgIAQdDTACAGNgIAQczTACAANgIAQdjTAEEANgIAIANBJGohAQNAIAFBBzYCACAFIAFBBGoiAUsNAAsgAiADRg0AIAMgAygCBEF+cTYCBCADIAMgAmsiBTYCACACIAVBAXI2AgQgBUH/AU0EQCAFQXhxQbTQAGohAAJ/QYzQACgCACIBQQEgBUEDdnQiA3FFBEBBjNAAIAEgA3I2AgAgAAwBCyAAKAIICyIBIAI2AgwgACACNgIIIAIgADYCDCACIAE2AggMAQtBHyEBIAVB////B00EQCAFQSYgBUEIdmciAGt2QQFxIABBAXRrQT5qIQELIAIgATYCHCACQgA3AhAgAUECdEG80gBqIQBBkNAAKAIAIgNBASABdCIGcUUEQCAAIAI2AgBBkNAAIAMgBnI2AgAgAiAANgIYIAIgAjYCCCACIAI2AgwMAQsgBUEZIAFBAXZrQQAgAUEfRxt0IQEgACgCACEDAkADQCADIgAoAgRBeHEgBUYNASABQR12IQMgAUEBdCEBIAAgA0EEcWpBEGoiBigCACIDDQALIAYgAjYCACACIAA2AhggAiACNgIMIAIgAjYCCAwBCyAAKAIIIgEgAjYCDCAAIAI2AgggAkEANgIYIAIgADYCDCACIAE2AggLQZjQACgCACIBIARNDQBBpNAAKAIAIgAgBGoiAiABIARrIgFBAXI2AgRBmNAAIAE2AgBBpNAAIAI2AgAgACAEQQNyNgIEIABBCGohAQwIC0EAIQFB/NMAQTA2AgAMBwtBACEACyAHRQ0AAkAgBigCHCICQQJ0QbzSAGoiAygCACAGRgRAIAMgADYCACAADQFBkNAAQZDQACgCAEF+IAJ3cTYCAAwCCyAHQRBBFCAHKAIQIAZGG2ogADYCACAARQ0BCyAAIAc2AhggBigCECICBEAgACACNgIQIAIgADYCGAsgBkEUaigCACICRQ0AIABBFGogAjYCACACIAA2AhgLIAEgCGohASAGIAhqIgYoAgQhBQsgBiAFQX5xNgIEIAEgBGogATYCACAEIAFBAXI2AgQgAUH/AU0EQCABQXhxQbTQAGohAAJ/QYzQACgCACICQQEgAUEDdnQiAXFFBEBBjNAAIAEgAnI2AgAgAAwBCyAAKAIICyIBIAQ2AgwgACAENgIIIAQgADYCDCAEIAE2AggMAQtBHyEFIAFB////B00EQCABQSYgAUEIdmciAGt2QQFxIABBAXRrQT5qIQULIAQgBTYCHCAEQgA3AhAgBUECdEG80gBqIQBBkNAAKAIAIgJBASAFdCIDcUUEQCAAIAQ2AgBBkNAAIAIgA3I2AgAgBCAANgIYIAQgBDYCCCAEIAQ2AgwMAQsgAUEZIAVBAXZrQQAgBUEfRxt0IQUgACgCACEAAkADQCAAIgIoAgRBeHEgAUYNASAFQR12IQAgBUEBdCEFIAIgAEEEcWpBEGoiAygCACIADQALIAMgBDYCACAEIAI2AhggBCAENgIMIAQgBDYCCAwBCyACKAIIIgAgBDYCDCACIAQ2AgggBEEANgIYIAQgAjYCDCAEIAA2AggLIAlBCGohAQwCCwJAIAdFDQACQCADKAIcIgFBAnRBvNIAaiICKAIAIANGBEAgAiAANgIAIAANAUGQ0AAgCEF+IAF3cSIINgIADAILIAdBEEEUIAcoAhAgA0YbaiAANgIAIABFDQELIAAgBzYCGCADKAIQIgEEQCAAIAE2AhAgASAANgIYCyADQRRqKAIAIgFFDQAgAEEUaiABNgIAIAEgADYCGAsCQCAFQQ9NBEAgAyAEIAVqIgBBA3I2AgQgACADaiIAIAAoAgRBAXI2AgQMAQsgAyAEaiICIAVBAXI2AgQgAyAEQQNyNgIEIAIgBWogBTYCACAFQf8BTQRAIAVBeHFBtNAAaiEAAn9BjNAAKAIAIgFBASAFQQN2dCIFcUUEQEGM0AAgASAFcjYCACAADAELIAAoAggLIgEgAjYCDCAAIAI2AgggAiAANgIMIAIgATYCCAwBC0EfIQEgBUH///8HTQRAIAVBJiAFQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAQsgAiABNgIcIAJCADcCECABQQJ0QbzSAGohAEEBIAF0IgQgCHFFBEAgACACNgIAQZDQACAEIAhyNgIAIAIgADYCGCACIAI2AgggAiACNgIMDAELIAVBGSABQQF2a0EAIAFBH0cbdCEBIAAoAgAhBAJAA0AgBCIAKAIEQXhxIAVGDQEgAUEddiEEIAFBAXQhASAAIARBBHFqQRBqIgYoAgAiBA0ACyAGIAI2AgAgAiAANgIYIAIgAjYCDCACIAI2AggMAQsgACgCCCIBIAI2AgwgACACNgIIIAJBADYCGCACIAA2AgwgAiABNgIICyADQQhqIQEMAQsCQCAJRQ0AAkAgACgCHCIBQQJ0QbzSAGoiAigCACAARgRAIAIgAzYCACADDQFBkNAAIAtBfiABd3E2AgAMAgsgCUEQQRQgCSgCECAARhtqIAM2AgAgA0UNAQsgAyAJNgIYIAAoAhAiAQRAIAMgATYCECABIAM2AhgLIABBFGooAgAiAUUNACADQRRqIAE2AgAgASADNgIYCwJAIAVBD00EQCAAIAQgBWoiAUEDcjYCBCAAIAFqIgEgASgCBEEBcjYCBAwBCyAAIARqIgcgBUEBcjYCBCAAIARBA3I2AgQgBSAHaiAFNgIAIAgEQCAIQXhxQbTQAGohAUGg0AAoAgAhAwJ/QQEgCEEDdnQiAiAGcUUEQEGM0AAgAiAGcjYCACABDAELIAEoAggLIgIgAzYCDCABIAM2AgggAyABNgIMIAMgAjYCCAtBoNAAIAc2AgBBlNAAIAU2AgALIABBCGohAQsgCkEQaiQAIAELQwAgAEUEQD8AQRB0DwsCQCAAQf//A3ENACAAQQBIDQAgAEEQdkAAIgBBf0YEQEH80wBBMDYCAEF/DwsgAEEQdA8LAAsL3D8iAEGACAsJAQAAAAIAAAADAEGUCAsFBAAAAAUAQaQICwkGAAAABwAAAAgAQdwIC4otSW52YWxpZCBjaGFyIGluIHVybCBxdWVyeQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2JvZHkAQ29udGVudC1MZW5ndGggb3ZlcmZsb3cAQ2h1bmsgc2l6ZSBvdmVyZmxvdwBSZXNwb25zZSBvdmVyZmxvdwBJbnZhbGlkIG1ldGhvZCBmb3IgSFRUUC94LnggcmVxdWVzdABJbnZhbGlkIG1ldGhvZCBmb3IgUlRTUC94LnggcmVxdWVzdABFeHBlY3RlZCBTT1VSQ0UgbWV0aG9kIGZvciBJQ0UveC54IHJlcXVlc3QASW52YWxpZCBjaGFyIGluIHVybCBmcmFnbWVudCBzdGFydABFeHBlY3RlZCBkb3QAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9zdGF0dXMASW52YWxpZCByZXNwb25zZSBzdGF0dXMASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucwBVc2VyIGNhbGxiYWNrIGVycm9yAGBvbl9yZXNldGAgY2FsbGJhY2sgZXJyb3IAYG9uX2NodW5rX2hlYWRlcmAgY2FsbGJhY2sgZXJyb3IAYG9uX21lc3NhZ2VfYmVnaW5gIGNhbGxiYWNrIGVycm9yAGBvbl9jaHVua19leHRlbnNpb25fdmFsdWVgIGNhbGxiYWNrIGVycm9yAGBvbl9zdGF0dXNfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl92ZXJzaW9uX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fdXJsX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fY2h1bmtfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9oZWFkZXJfdmFsdWVfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9tZXNzYWdlX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fbWV0aG9kX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25faGVhZGVyX2ZpZWxkX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fY2h1bmtfZXh0ZW5zaW9uX25hbWVgIGNhbGxiYWNrIGVycm9yAFVuZXhwZWN0ZWQgY2hhciBpbiB1cmwgc2VydmVyAEludmFsaWQgaGVhZGVyIHZhbHVlIGNoYXIASW52YWxpZCBoZWFkZXIgZmllbGQgY2hhcgBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX3ZlcnNpb24ASW52YWxpZCBtaW5vciB2ZXJzaW9uAEludmFsaWQgbWFqb3IgdmVyc2lvbgBFeHBlY3RlZCBzcGFjZSBhZnRlciB2ZXJzaW9uAEV4cGVjdGVkIENSTEYgYWZ0ZXIgdmVyc2lvbgBJbnZhbGlkIEhUVFAgdmVyc2lvbgBJbnZhbGlkIGhlYWRlciB0b2tlbgBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX3VybABJbnZhbGlkIGNoYXJhY3RlcnMgaW4gdXJsAFVuZXhwZWN0ZWQgc3RhcnQgY2hhciBpbiB1cmwARG91YmxlIEAgaW4gdXJsAEVtcHR5IENvbnRlbnQtTGVuZ3RoAEludmFsaWQgY2hhcmFjdGVyIGluIENvbnRlbnQtTGVuZ3RoAER1cGxpY2F0ZSBDb250ZW50LUxlbmd0aABJbnZhbGlkIGNoYXIgaW4gdXJsIHBhdGgAQ29udGVudC1MZW5ndGggY2FuJ3QgYmUgcHJlc2VudCB3aXRoIFRyYW5zZmVyLUVuY29kaW5nAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIHNpemUAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9oZWFkZXJfdmFsdWUAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9jaHVua19leHRlbnNpb25fdmFsdWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyB2YWx1ZQBNaXNzaW5nIGV4cGVjdGVkIExGIGFmdGVyIGhlYWRlciB2YWx1ZQBJbnZhbGlkIGBUcmFuc2Zlci1FbmNvZGluZ2AgaGVhZGVyIHZhbHVlAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIGV4dGVuc2lvbnMgcXVvdGUgdmFsdWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyBxdW90ZWQgdmFsdWUAUGF1c2VkIGJ5IG9uX2hlYWRlcnNfY29tcGxldGUASW52YWxpZCBFT0Ygc3RhdGUAb25fcmVzZXQgcGF1c2UAb25fY2h1bmtfaGVhZGVyIHBhdXNlAG9uX21lc3NhZ2VfYmVnaW4gcGF1c2UAb25fY2h1bmtfZXh0ZW5zaW9uX3ZhbHVlIHBhdXNlAG9uX3N0YXR1c19jb21wbGV0ZSBwYXVzZQBvbl92ZXJzaW9uX2NvbXBsZXRlIHBhdXNlAG9uX3VybF9jb21wbGV0ZSBwYXVzZQBvbl9jaHVua19jb21wbGV0ZSBwYXVzZQBvbl9oZWFkZXJfdmFsdWVfY29tcGxldGUgcGF1c2UAb25fbWVzc2FnZV9jb21wbGV0ZSBwYXVzZQBvbl9tZXRob2RfY29tcGxldGUgcGF1c2UAb25faGVhZGVyX2ZpZWxkX2NvbXBsZXRlIHBhdXNlAG9uX2NodW5rX2V4dGVuc2lvbl9uYW1lIHBhdXNlAFVuZXhwZWN0ZWQgc3BhY2UgYWZ0ZXIgc3RhcnQgbGluZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2NodW5rX2V4dGVuc2lvbl9uYW1lAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIGV4dGVuc2lvbnMgbmFtZQBQYXVzZSBvbiBDT05ORUNUL1VwZ3JhZGUAUGF1c2Ugb24gUFJJL1VwZ3JhZGUARXhwZWN0ZWQgSFRUUC8yIENvbm5lY3Rpb24gUHJlZmFjZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX21ldGhvZABFeHBlY3RlZCBzcGFjZSBhZnRlciBtZXRob2QAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9oZWFkZXJfZmllbGQAUGF1c2VkAEludmFsaWQgd29yZCBlbmNvdW50ZXJlZABJbnZhbGlkIG1ldGhvZCBlbmNvdW50ZXJlZABVbmV4cGVjdGVkIGNoYXIgaW4gdXJsIHNjaGVtYQBSZXF1ZXN0IGhhcyBpbnZhbGlkIGBUcmFuc2Zlci1FbmNvZGluZ2AAU1dJVENIX1BST1hZAFVTRV9QUk9YWQBNS0FDVElWSVRZAFVOUFJPQ0VTU0FCTEVfRU5USVRZAENPUFkATU9WRURfUEVSTUFORU5UTFkAVE9PX0VBUkxZAE5PVElGWQBGQUlMRURfREVQRU5ERU5DWQBCQURfR0FURVdBWQBQTEFZAFBVVABDSEVDS09VVABHQVRFV0FZX1RJTUVPVVQAUkVRVUVTVF9USU1FT1VUAE5FVFdPUktfQ09OTkVDVF9USU1FT1VUAENPTk5FQ1RJT05fVElNRU9VVABMT0dJTl9USU1FT1VUAE5FVFdPUktfUkVBRF9USU1FT1VUAFBPU1QATUlTRElSRUNURURfUkVRVUVTVABDTElFTlRfQ0xPU0VEX1JFUVVFU1QAQ0xJRU5UX0NMT1NFRF9MT0FEX0JBTEFOQ0VEX1JFUVVFU1QAQkFEX1JFUVVFU1QASFRUUF9SRVFVRVNUX1NFTlRfVE9fSFRUUFNfUE9SVABSRVBPUlQASU1fQV9URUFQT1QAUkVTRVRfQ09OVEVOVABOT19DT05URU5UAFBBUlRJQUxfQ09OVEVOVABIUEVfSU5WQUxJRF9DT05TVEFOVABIUEVfQ0JfUkVTRVQAR0VUAEhQRV9TVFJJQ1QAQ09ORkxJQ1QAVEVNUE9SQVJZX1JFRElSRUNUAFBFUk1BTkVOVF9SRURJUkVDVABDT05ORUNUAE1VTFRJX1NUQVRVUwBIUEVfSU5WQUxJRF9TVEFUVVMAVE9PX01BTllfUkVRVUVTVFMARUFSTFlfSElOVFMAVU5BVkFJTEFCTEVfRk9SX0xFR0FMX1JFQVNPTlMAT1BUSU9OUwBTV0lUQ0hJTkdfUFJPVE9DT0xTAFZBUklBTlRfQUxTT19ORUdPVElBVEVTAE1VTFRJUExFX0NIT0lDRVMASU5URVJOQUxfU0VSVkVSX0VSUk9SAFdFQl9TRVJWRVJfVU5LTk9XTl9FUlJPUgBSQUlMR1VOX0VSUk9SAElERU5USVRZX1BST1ZJREVSX0FVVEhFTlRJQ0FUSU9OX0VSUk9SAFNTTF9DRVJUSUZJQ0FURV9FUlJPUgBJTlZBTElEX1hfRk9SV0FSREVEX0ZPUgBTRVRfUEFSQU1FVEVSAEdFVF9QQVJBTUVURVIASFBFX1VTRVIAU0VFX09USEVSAEhQRV9DQl9DSFVOS19IRUFERVIATUtDQUxFTkRBUgBTRVRVUABXRUJfU0VSVkVSX0lTX0RPV04AVEVBUkRPV04ASFBFX0NMT1NFRF9DT05ORUNUSU9OAEhFVVJJU1RJQ19FWFBJUkFUSU9OAERJU0NPTk5FQ1RFRF9PUEVSQVRJT04ATk9OX0FVVEhPUklUQVRJVkVfSU5GT1JNQVRJT04ASFBFX0lOVkFMSURfVkVSU0lPTgBIUEVfQ0JfTUVTU0FHRV9CRUdJTgBTSVRFX0lTX0ZST1pFTgBIUEVfSU5WQUxJRF9IRUFERVJfVE9LRU4ASU5WQUxJRF9UT0tFTgBGT1JCSURERU4ARU5IQU5DRV9ZT1VSX0NBTE0ASFBFX0lOVkFMSURfVVJMAEJMT0NLRURfQllfUEFSRU5UQUxfQ09OVFJPTABNS0NPTABBQ0wASFBFX0lOVEVSTkFMAFJFUVVFU1RfSEVBREVSX0ZJRUxEU19UT09fTEFSR0VfVU5PRkZJQ0lBTABIUEVfT0sAVU5MSU5LAFVOTE9DSwBQUkkAUkVUUllfV0lUSABIUEVfSU5WQUxJRF9DT05URU5UX0xFTkdUSABIUEVfVU5FWFBFQ1RFRF9DT05URU5UX0xFTkdUSABGTFVTSABQUk9QUEFUQ0gATS1TRUFSQ0gAVVJJX1RPT19MT05HAFBST0NFU1NJTkcATUlTQ0VMTEFORU9VU19QRVJTSVNURU5UX1dBUk5JTkcATUlTQ0VMTEFORU9VU19XQVJOSU5HAEhQRV9JTlZBTElEX1RSQU5TRkVSX0VOQ09ESU5HAEV4cGVjdGVkIENSTEYASFBFX0lOVkFMSURfQ0hVTktfU0laRQBNT1ZFAENPTlRJTlVFAEhQRV9DQl9TVEFUVVNfQ09NUExFVEUASFBFX0NCX0hFQURFUlNfQ09NUExFVEUASFBFX0NCX1ZFUlNJT05fQ09NUExFVEUASFBFX0NCX1VSTF9DT01QTEVURQBIUEVfQ0JfQ0hVTktfQ09NUExFVEUASFBFX0NCX0hFQURFUl9WQUxVRV9DT01QTEVURQBIUEVfQ0JfQ0hVTktfRVhURU5TSU9OX1ZBTFVFX0NPTVBMRVRFAEhQRV9DQl9DSFVOS19FWFRFTlNJT05fTkFNRV9DT01QTEVURQBIUEVfQ0JfTUVTU0FHRV9DT01QTEVURQBIUEVfQ0JfTUVUSE9EX0NPTVBMRVRFAEhQRV9DQl9IRUFERVJfRklFTERfQ09NUExFVEUAREVMRVRFAEhQRV9JTlZBTElEX0VPRl9TVEFURQBJTlZBTElEX1NTTF9DRVJUSUZJQ0FURQBQQVVTRQBOT19SRVNQT05TRQBVTlNVUFBPUlRFRF9NRURJQV9UWVBFAEdPTkUATk9UX0FDQ0VQVEFCTEUAU0VSVklDRV9VTkFWQUlMQUJMRQBSQU5HRV9OT1RfU0FUSVNGSUFCTEUAT1JJR0lOX0lTX1VOUkVBQ0hBQkxFAFJFU1BPTlNFX0lTX1NUQUxFAFBVUkdFAE1FUkdFAFJFUVVFU1RfSEVBREVSX0ZJRUxEU19UT09fTEFSR0UAUkVRVUVTVF9IRUFERVJfVE9PX0xBUkdFAFBBWUxPQURfVE9PX0xBUkdFAElOU1VGRklDSUVOVF9TVE9SQUdFAEhQRV9QQVVTRURfVVBHUkFERQBIUEVfUEFVU0VEX0gyX1VQR1JBREUAU09VUkNFAEFOTk9VTkNFAFRSQUNFAEhQRV9VTkVYUEVDVEVEX1NQQUNFAERFU0NSSUJFAFVOU1VCU0NSSUJFAFJFQ09SRABIUEVfSU5WQUxJRF9NRVRIT0QATk9UX0ZPVU5EAFBST1BGSU5EAFVOQklORABSRUJJTkQAVU5BVVRIT1JJWkVEAE1FVEhPRF9OT1RfQUxMT1dFRABIVFRQX1ZFUlNJT05fTk9UX1NVUFBPUlRFRABBTFJFQURZX1JFUE9SVEVEAEFDQ0VQVEVEAE5PVF9JTVBMRU1FTlRFRABMT09QX0RFVEVDVEVEAEhQRV9DUl9FWFBFQ1RFRABIUEVfTEZfRVhQRUNURUQAQ1JFQVRFRABJTV9VU0VEAEhQRV9QQVVTRUQAVElNRU9VVF9PQ0NVUkVEAFBBWU1FTlRfUkVRVUlSRUQAUFJFQ09ORElUSU9OX1JFUVVJUkVEAFBST1hZX0FVVEhFTlRJQ0FUSU9OX1JFUVVJUkVEAE5FVFdPUktfQVVUSEVOVElDQVRJT05fUkVRVUlSRUQATEVOR1RIX1JFUVVJUkVEAFNTTF9DRVJUSUZJQ0FURV9SRVFVSVJFRABVUEdSQURFX1JFUVVJUkVEAFBBR0VfRVhQSVJFRABQUkVDT05ESVRJT05fRkFJTEVEAEVYUEVDVEFUSU9OX0ZBSUxFRABSRVZBTElEQVRJT05fRkFJTEVEAFNTTF9IQU5EU0hBS0VfRkFJTEVEAExPQ0tFRABUUkFOU0ZPUk1BVElPTl9BUFBMSUVEAE5PVF9NT0RJRklFRABOT1RfRVhURU5ERUQAQkFORFdJRFRIX0xJTUlUX0VYQ0VFREVEAFNJVEVfSVNfT1ZFUkxPQURFRABIRUFEAEV4cGVjdGVkIEhUVFAvAABeEwAAJhMAADAQAADwFwAAnRMAABUSAAA5FwAA8BIAAAoQAAB1EgAArRIAAIITAABPFAAAfxAAAKAVAAAjFAAAiRIAAIsUAABNFQAA1BEAAM8UAAAQGAAAyRYAANwWAADBEQAA4BcAALsUAAB0FAAAfBUAAOUUAAAIFwAAHxAAAGUVAACjFAAAKBUAAAIVAACZFQAALBAAAIsZAABPDwAA1A4AAGoQAADOEAAAAhcAAIkOAABuEwAAHBMAAGYUAABWFwAAwRMAAM0TAABsEwAAaBcAAGYXAABfFwAAIhMAAM4PAABpDgAA2A4AAGMWAADLEwAAqg4AACgXAAAmFwAAxRMAAF0WAADoEQAAZxMAAGUTAADyFgAAcxMAAB0XAAD5FgAA8xEAAM8OAADOFQAADBIAALMRAAClEQAAYRAAADIXAAC7EwBB+TULAQEAQZA2C+ABAQECAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQf03CwEBAEGROAteAgMCAgICAgAAAgIAAgIAAgICAgICAgICAgAEAAAAAAACAgICAgICAgICAgICAgICAgICAgICAgICAgAAAAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAIAAgBB/TkLAQEAQZE6C14CAAICAgICAAACAgACAgACAgICAgICAgICAAMABAAAAAICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAAgACAEHwOwsNbG9zZWVlcC1hbGl2ZQBBiTwLAQEAQaA8C+ABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQYk+CwEBAEGgPgvnAQEBAQEBAQEBAQEBAQIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBY2h1bmtlZABBsMAAC18BAQABAQEBAQAAAQEAAQEAAQEBAQEBAQEBAQAAAAAAAAABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEAAQBBkMIACyFlY3Rpb25lbnQtbGVuZ3Rob25yb3h5LWNvbm5lY3Rpb24AQcDCAAstcmFuc2Zlci1lbmNvZGluZ3BncmFkZQ0KDQoNClNNDQoNClRUUC9DRS9UU1AvAEH5wgALBQECAAEDAEGQwwAL4AEEAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB+cQACwUBAgABAwBBkMUAC+ABBAEBBQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQfnGAAsEAQAAAQBBkccAC98BAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB+sgACwQBAAACAEGQyQALXwMEAAAEBAQEBAQEBAQEBAUEBAQEBAQEBAQEBAQABAAGBwQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEAAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQAAAAEAEH6ygALBAEAAAEAQZDLAAsBAQBBqssAC0ECAAAAAAAAAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAAAAAAAADAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwBB+swACwQBAAABAEGQzQALAQEAQZrNAAsGAgAAAAACAEGxzQALOgMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAAAAAAAAAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAQfDOAAuWAU5PVU5DRUVDS09VVE5FQ1RFVEVDUklCRUxVU0hFVEVBRFNFQVJDSFJHRUNUSVZJVFlMRU5EQVJWRU9USUZZUFRJT05TQ0hTRUFZU1RBVENIR0VPUkRJUkVDVE9SVFJDSFBBUkFNRVRFUlVSQ0VCU0NSSUJFQVJET1dOQUNFSU5ETktDS1VCU0NSSUJFSFRUUC9BRFRQLw==', 'base64')


/***/ }),

/***/ 172:
/***/ ((__unused_webpack_module, exports) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.enumToMap = void 0;
function enumToMap(obj) {
    const res = {};
    Object.keys(obj).forEach((key) => {
        const value = obj[key];
        if (typeof value === 'number') {
            res[key] = value;
        }
    });
    return res;
}
exports.enumToMap = enumToMap;
//# sourceMappingURL=utils.js.map

/***/ }),

/***/ 6603:
/***/ ((module) => {



/**
 * This module offers an optimized timer implementation designed for scenarios
 * where high precision is not critical.
 *
 * The timer achieves faster performance by using a low-resolution approach,
 * with an accuracy target of within 500ms. This makes it particularly useful
 * for timers with delays of 1 second or more, where exact timing is less
 * crucial.
 *
 * It's important to note that Node.js timers are inherently imprecise, as
 * delays can occur due to the event loop being blocked by other operations.
 * Consequently, timers may trigger later than their scheduled time.
 */

/**
 * The fastNow variable contains the internal fast timer clock value.
 *
 * @type {number}
 */
let fastNow = 0

/**
 * RESOLUTION_MS represents the target resolution time in milliseconds.
 *
 * @type {number}
 * @default 1000
 */
const RESOLUTION_MS = 1e3

/**
 * TICK_MS defines the desired interval in milliseconds between each tick.
 * The target value is set to half the resolution time, minus 1 ms, to account
 * for potential event loop overhead.
 *
 * @type {number}
 * @default 499
 */
const TICK_MS = (RESOLUTION_MS >> 1) - 1

/**
 * fastNowTimeout is a Node.js timer used to manage and process
 * the FastTimers stored in the `fastTimers` array.
 *
 * @type {NodeJS.Timeout}
 */
let fastNowTimeout

/**
 * The kFastTimer symbol is used to identify FastTimer instances.
 *
 * @type {Symbol}
 */
const kFastTimer = Symbol('kFastTimer')

/**
 * The fastTimers array contains all active FastTimers.
 *
 * @type {FastTimer[]}
 */
const fastTimers = []

/**
 * These constants represent the various states of a FastTimer.
 */

/**
 * The `NOT_IN_LIST` constant indicates that the FastTimer is not included
 * in the `fastTimers` array. Timers with this status will not be processed
 * during the next tick by the `onTick` function.
 *
 * A FastTimer can be re-added to the `fastTimers` array by invoking the
 * `refresh` method on the FastTimer instance.
 *
 * @type {-2}
 */
const NOT_IN_LIST = -2

/**
 * The `TO_BE_CLEARED` constant indicates that the FastTimer is scheduled
 * for removal from the `fastTimers` array. A FastTimer in this state will
 * be removed in the next tick by the `onTick` function and will no longer
 * be processed.
 *
 * This status is also set when the `clear` method is called on the FastTimer instance.
 *
 * @type {-1}
 */
const TO_BE_CLEARED = -1

/**
 * The `PENDING` constant signifies that the FastTimer is awaiting processing
 * in the next tick by the `onTick` function. Timers with this status will have
 * their `_idleStart` value set and their status updated to `ACTIVE` in the next tick.
 *
 * @type {0}
 */
const PENDING = 0

/**
 * The `ACTIVE` constant indicates that the FastTimer is active and waiting
 * for its timer to expire. During the next tick, the `onTick` function will
 * check if the timer has expired, and if so, it will execute the associated callback.
 *
 * @type {1}
 */
const ACTIVE = 1

/**
 * The onTick function processes the fastTimers array.
 *
 * @returns {void}
 */
function onTick () {
  /**
   * Increment the fastNow value by the TICK_MS value, despite the actual time
   * that has passed since the last tick. This approach ensures independence
   * from the system clock and delays caused by a blocked event loop.
   *
   * @type {number}
   */
  fastNow += TICK_MS

  /**
   * The `idx` variable is used to iterate over the `fastTimers` array.
   * Expired timers are removed by replacing them with the last element in the array.
   * Consequently, `idx` is only incremented when the current element is not removed.
   *
   * @type {number}
   */
  let idx = 0

  /**
   * The len variable will contain the length of the fastTimers array
   * and will be decremented when a FastTimer should be removed from the
   * fastTimers array.
   *
   * @type {number}
   */
  let len = fastTimers.length

  while (idx < len) {
    /**
     * @type {FastTimer}
     */
    const timer = fastTimers[idx]

    // If the timer is in the ACTIVE state and the timer has expired, it will
    // be processed in the next tick.
    if (timer._state === PENDING) {
      // Set the _idleStart value to the fastNow value minus the TICK_MS value
      // to account for the time the timer was in the PENDING state.
      timer._idleStart = fastNow - TICK_MS
      timer._state = ACTIVE
    } else if (
      timer._state === ACTIVE &&
      fastNow >= timer._idleStart + timer._idleTimeout
    ) {
      timer._state = TO_BE_CLEARED
      timer._idleStart = -1
      timer._onTimeout(timer._timerArg)
    }

    if (timer._state === TO_BE_CLEARED) {
      timer._state = NOT_IN_LIST

      // Move the last element to the current index and decrement len if it is
      // not the only element in the array.
      if (--len !== 0) {
        fastTimers[idx] = fastTimers[len]
      }
    } else {
      ++idx
    }
  }

  // Set the length of the fastTimers array to the new length and thus
  // removing the excess FastTimers elements from the array.
  fastTimers.length = len

  // If there are still active FastTimers in the array, refresh the Timer.
  // If there are no active FastTimers, the timer will be refreshed again
  // when a new FastTimer is instantiated.
  if (fastTimers.length !== 0) {
    refreshTimeout()
  }
}

function refreshTimeout () {
  // If the fastNowTimeout is already set, refresh it.
  if (fastNowTimeout) {
    fastNowTimeout.refresh()
  // fastNowTimeout is not instantiated yet, create a new Timer.
  } else {
    clearTimeout(fastNowTimeout)
    fastNowTimeout = setTimeout(onTick, TICK_MS)

    // If the Timer has an unref method, call it to allow the process to exit if
    // there are no other active handles.
    if (fastNowTimeout.unref) {
      fastNowTimeout.unref()
    }
  }
}

/**
 * The `FastTimer` class is a data structure designed to store and manage
 * timer information.
 */
class FastTimer {
  [kFastTimer] = true

  /**
   * The state of the timer, which can be one of the following:
   * - NOT_IN_LIST (-2)
   * - TO_BE_CLEARED (-1)
   * - PENDING (0)
   * - ACTIVE (1)
   *
   * @type {-2|-1|0|1}
   * @private
   */
  _state = NOT_IN_LIST

  /**
   * The number of milliseconds to wait before calling the callback.
   *
   * @type {number}
   * @private
   */
  _idleTimeout = -1

  /**
   * The time in milliseconds when the timer was started. This value is used to
   * calculate when the timer should expire.
   *
   * @type {number}
   * @default -1
   * @private
   */
  _idleStart = -1

  /**
   * The function to be executed when the timer expires.
   * @type {Function}
   * @private
   */
  _onTimeout

  /**
   * The argument to be passed to the callback when the timer expires.
   *
   * @type {*}
   * @private
   */
  _timerArg

  /**
   * @constructor
   * @param {Function} callback A function to be executed after the timer
   * expires.
   * @param {number} delay The time, in milliseconds that the timer should wait
   * before the specified function or code is executed.
   * @param {*} arg
   */
  constructor (callback, delay, arg) {
    this._onTimeout = callback
    this._idleTimeout = delay
    this._timerArg = arg

    this.refresh()
  }

  /**
   * Sets the timer's start time to the current time, and reschedules the timer
   * to call its callback at the previously specified duration adjusted to the
   * current time.
   * Using this on a timer that has already called its callback will reactivate
   * the timer.
   *
   * @returns {void}
   */
  refresh () {
    // In the special case that the timer is not in the list of active timers,
    // add it back to the array to be processed in the next tick by the onTick
    // function.
    if (this._state === NOT_IN_LIST) {
      fastTimers.push(this)
    }

    // If the timer is the only active timer, refresh the fastNowTimeout for
    // better resolution.
    if (!fastNowTimeout || fastTimers.length === 1) {
      refreshTimeout()
    }

    // Setting the state to PENDING will cause the timer to be reset in the
    // next tick by the onTick function.
    this._state = PENDING
  }

  /**
   * The `clear` method cancels the timer, preventing it from executing.
   *
   * @returns {void}
   * @private
   */
  clear () {
    // Set the state to TO_BE_CLEARED to mark the timer for removal in the next
    // tick by the onTick function.
    this._state = TO_BE_CLEARED

    // Reset the _idleStart value to -1 to indicate that the timer is no longer
    // active.
    this._idleStart = -1
  }
}

/**
 * This module exports a setTimeout and clearTimeout function that can be
 * used as a drop-in replacement for the native functions.
 */
module.exports = {
  /**
   * The setTimeout() method sets a timer which executes a function once the
   * timer expires.
   * @param {Function} callback A function to be executed after the timer
   * expires.
   * @param {number} delay The time, in milliseconds that the timer should
   * wait before the specified function or code is executed.
   * @param {*} [arg] An optional argument to be passed to the callback function
   * when the timer expires.
   * @returns {NodeJS.Timeout|FastTimer}
   */
  setTimeout (callback, delay, arg) {
    // If the delay is less than or equal to the RESOLUTION_MS value return a
    // native Node.js Timer instance.
    return delay <= RESOLUTION_MS
      ? setTimeout(callback, delay, arg)
      : new FastTimer(callback, delay, arg)
  },
  /**
   * The clearTimeout method cancels an instantiated Timer previously created
   * by calling setTimeout.
   *
   * @param {NodeJS.Timeout|FastTimer} timeout
   */
  clearTimeout (timeout) {
    // If the timeout is a FastTimer, call its own clear method.
    if (timeout[kFastTimer]) {
      /**
       * @type {FastTimer}
       */
      timeout.clear()
      // Otherwise it is an instance of a native NodeJS.Timeout, so call the
      // Node.js native clearTimeout function.
    } else {
      clearTimeout(timeout)
    }
  },
  /**
   * The setFastTimeout() method sets a fastTimer which executes a function once
   * the timer expires.
   * @param {Function} callback A function to be executed after the timer
   * expires.
   * @param {number} delay The time, in milliseconds that the timer should
   * wait before the specified function or code is executed.
   * @param {*} [arg] An optional argument to be passed to the callback function
   * when the timer expires.
   * @returns {FastTimer}
   */
  setFastTimeout (callback, delay, arg) {
    return new FastTimer(callback, delay, arg)
  },
  /**
   * The clearTimeout method cancels an instantiated FastTimer previously
   * created by calling setFastTimeout.
   *
   * @param {FastTimer} timeout
   */
  clearFastTimeout (timeout) {
    timeout.clear()
  },
  /**
   * The now method returns the value of the internal fast timer clock.
   *
   * @returns {number}
   */
  now () {
    return fastNow
  },
  /**
   * Trigger the onTick function to process the fastTimers array.
   * Exported for testing purposes only.
   * Marking as deprecated to discourage any use outside of testing.
   * @deprecated
   * @param {number} [delay=0] The delay in milliseconds to add to the now value.
   */
  tick (delay = 0) {
    fastNow += delay - RESOLUTION_MS + 1
    onTick()
    onTick()
  },
  /**
   * Reset FastTimers.
   * Exported for testing purposes only.
   * Marking as deprecated to discourage any use outside of testing.
   * @deprecated
   */
  reset () {
    fastNow = 0
    fastTimers.length = 0
    clearTimeout(fastNowTimeout)
    fastNowTimeout = null
  },
  /**
   * Exporting for testing purposes only.
   * Marking as deprecated to discourage any use outside of testing.
   * @deprecated
   */
  kFastTimer
}


/***/ }),

/***/ 4492:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const util = __nccwpck_require__(3440)
const {
  ReadableStreamFrom,
  isBlobLike,
  isReadableStreamLike,
  readableStreamClose,
  createDeferredPromise,
  fullyReadBody,
  extractMimeType,
  utf8DecodeBytes
} = __nccwpck_require__(3168)
const { FormData } = __nccwpck_require__(5910)
const { kState } = __nccwpck_require__(3627)
const { webidl } = __nccwpck_require__(5893)
const { Blob } = __nccwpck_require__(4573)
const assert = __nccwpck_require__(4589)
const { isErrored, isDisturbed } = __nccwpck_require__(7075)
const { isArrayBuffer } = __nccwpck_require__(3429)
const { serializeAMimeType } = __nccwpck_require__(1900)
const { multipartFormDataParser } = __nccwpck_require__(116)
let random

try {
  const crypto = __nccwpck_require__(7598)
  random = (max) => crypto.randomInt(0, max)
} catch {
  random = (max) => Math.floor(Math.random(max))
}

const textEncoder = new TextEncoder()
function noop () {}

const hasFinalizationRegistry = globalThis.FinalizationRegistry && process.version.indexOf('v18') !== 0
let streamRegistry

if (hasFinalizationRegistry) {
  streamRegistry = new FinalizationRegistry((weakRef) => {
    const stream = weakRef.deref()
    if (stream && !stream.locked && !isDisturbed(stream) && !isErrored(stream)) {
      stream.cancel('Response object has been garbage collected').catch(noop)
    }
  })
}

// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
function extractBody (object, keepalive = false) {
  // 1. Let stream be null.
  let stream = null

  // 2. If object is a ReadableStream object, then set stream to object.
  if (object instanceof ReadableStream) {
    stream = object
  } else if (isBlobLike(object)) {
    // 3. Otherwise, if object is a Blob object, set stream to the
    //    result of running object’s get stream.
    stream = object.stream()
  } else {
    // 4. Otherwise, set stream to a new ReadableStream object, and set
    //    up stream with byte reading support.
    stream = new ReadableStream({
      async pull (controller) {
        const buffer = typeof source === 'string' ? textEncoder.encode(source) : source

        if (buffer.byteLength) {
          controller.enqueue(buffer)
        }

        queueMicrotask(() => readableStreamClose(controller))
      },
      start () {},
      type: 'bytes'
    })
  }

  // 5. Assert: stream is a ReadableStream object.
  assert(isReadableStreamLike(stream))

  // 6. Let action be null.
  let action = null

  // 7. Let source be null.
  let source = null

  // 8. Let length be null.
  let length = null

  // 9. Let type be null.
  let type = null

  // 10. Switch on object:
  if (typeof object === 'string') {
    // Set source to the UTF-8 encoding of object.
    // Note: setting source to a Uint8Array here breaks some mocking assumptions.
    source = object

    // Set type to `text/plain;charset=UTF-8`.
    type = 'text/plain;charset=UTF-8'
  } else if (object instanceof URLSearchParams) {
    // URLSearchParams

    // spec says to run application/x-www-form-urlencoded on body.list
    // this is implemented in Node.js as apart of an URLSearchParams instance toString method
    // See: https://github.com/nodejs/node/blob/e46c680bf2b211bbd52cf959ca17ee98c7f657f5/lib/internal/url.js#L490
    // and https://github.com/nodejs/node/blob/e46c680bf2b211bbd52cf959ca17ee98c7f657f5/lib/internal/url.js#L1100

    // Set source to the result of running the application/x-www-form-urlencoded serializer with object’s list.
    source = object.toString()

    // Set type to `application/x-www-form-urlencoded;charset=UTF-8`.
    type = 'application/x-www-form-urlencoded;charset=UTF-8'
  } else if (isArrayBuffer(object)) {
    // BufferSource/ArrayBuffer

    // Set source to a copy of the bytes held by object.
    source = new Uint8Array(object.slice())
  } else if (ArrayBuffer.isView(object)) {
    // BufferSource/ArrayBufferView

    // Set source to a copy of the bytes held by object.
    source = new Uint8Array(object.buffer.slice(object.byteOffset, object.byteOffset + object.byteLength))
  } else if (util.isFormDataLike(object)) {
    const boundary = `----formdata-undici-0${`${random(1e11)}`.padStart(11, '0')}`
    const prefix = `--${boundary}\r\nContent-Disposition: form-data`

    /*! formdata-polyfill. MIT License. Jimmy Wärting <https://jimmy.warting.se/opensource> */
    const escape = (str) =>
      str.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')
    const normalizeLinefeeds = (value) => value.replace(/\r?\n|\r/g, '\r\n')

    // Set action to this step: run the multipart/form-data
    // encoding algorithm, with object’s entry list and UTF-8.
    // - This ensures that the body is immutable and can't be changed afterwords
    // - That the content-length is calculated in advance.
    // - And that all parts are pre-encoded and ready to be sent.

    const blobParts = []
    const rn = new Uint8Array([13, 10]) // '\r\n'
    length = 0
    let hasUnknownSizeValue = false

    for (const [name, value] of object) {
      if (typeof value === 'string') {
        const chunk = textEncoder.encode(prefix +
          `; name="${escape(normalizeLinefeeds(name))}"` +
          `\r\n\r\n${normalizeLinefeeds(value)}\r\n`)
        blobParts.push(chunk)
        length += chunk.byteLength
      } else {
        const chunk = textEncoder.encode(`${prefix}; name="${escape(normalizeLinefeeds(name))}"` +
          (value.name ? `; filename="${escape(value.name)}"` : '') + '\r\n' +
          `Content-Type: ${
            value.type || 'application/octet-stream'
          }\r\n\r\n`)
        blobParts.push(chunk, value, rn)
        if (typeof value.size === 'number') {
          length += chunk.byteLength + value.size + rn.byteLength
        } else {
          hasUnknownSizeValue = true
        }
      }
    }

    // CRLF is appended to the body to function with legacy servers and match other implementations.
    // https://github.com/curl/curl/blob/3434c6b46e682452973972e8313613dfa58cd690/lib/mime.c#L1029-L1030
    // https://github.com/form-data/form-data/issues/63
    const chunk = textEncoder.encode(`--${boundary}--\r\n`)
    blobParts.push(chunk)
    length += chunk.byteLength
    if (hasUnknownSizeValue) {
      length = null
    }

    // Set source to object.
    source = object

    action = async function * () {
      for (const part of blobParts) {
        if (part.stream) {
          yield * part.stream()
        } else {
          yield part
        }
      }
    }

    // Set type to `multipart/form-data; boundary=`,
    // followed by the multipart/form-data boundary string generated
    // by the multipart/form-data encoding algorithm.
    type = `multipart/form-data; boundary=${boundary}`
  } else if (isBlobLike(object)) {
    // Blob

    // Set source to object.
    source = object

    // Set length to object’s size.
    length = object.size

    // If object’s type attribute is not the empty byte sequence, set
    // type to its value.
    if (object.type) {
      type = object.type
    }
  } else if (typeof object[Symbol.asyncIterator] === 'function') {
    // If keepalive is true, then throw a TypeError.
    if (keepalive) {
      throw new TypeError('keepalive')
    }

    // If object is disturbed or locked, then throw a TypeError.
    if (util.isDisturbed(object) || object.locked) {
      throw new TypeError(
        'Response body object should not be disturbed or locked'
      )
    }

    stream =
      object instanceof ReadableStream ? object : ReadableStreamFrom(object)
  }

  // 11. If source is a byte sequence, then set action to a
  // step that returns source and length to source’s length.
  if (typeof source === 'string' || util.isBuffer(source)) {
    length = Buffer.byteLength(source)
  }

  // 12. If action is non-null, then run these steps in in parallel:
  if (action != null) {
    // Run action.
    let iterator
    stream = new ReadableStream({
      async start () {
        iterator = action(object)[Symbol.asyncIterator]()
      },
      async pull (controller) {
        const { value, done } = await iterator.next()
        if (done) {
          // When running action is done, close stream.
          queueMicrotask(() => {
            controller.close()
            controller.byobRequest?.respond(0)
          })
        } else {
          // Whenever one or more bytes are available and stream is not errored,
          // enqueue a Uint8Array wrapping an ArrayBuffer containing the available
          // bytes into stream.
          if (!isErrored(stream)) {
            const buffer = new Uint8Array(value)
            if (buffer.byteLength) {
              controller.enqueue(buffer)
            }
          }
        }
        return controller.desiredSize > 0
      },
      async cancel (reason) {
        await iterator.return()
      },
      type: 'bytes'
    })
  }

  // 13. Let body be a body whose stream is stream, source is source,
  // and length is length.
  const body = { stream, source, length }

  // 14. Return (body, type).
  return [body, type]
}

// https://fetch.spec.whatwg.org/#bodyinit-safely-extract
function safelyExtractBody (object, keepalive = false) {
  // To safely extract a body and a `Content-Type` value from
  // a byte sequence or BodyInit object object, run these steps:

  // 1. If object is a ReadableStream object, then:
  if (object instanceof ReadableStream) {
    // Assert: object is neither disturbed nor locked.
    // istanbul ignore next
    assert(!util.isDisturbed(object), 'The body has already been consumed.')
    // istanbul ignore next
    assert(!object.locked, 'The stream is locked.')
  }

  // 2. Return the results of extracting object.
  return extractBody(object, keepalive)
}

function cloneBody (instance, body) {
  // To clone a body body, run these steps:

  // https://fetch.spec.whatwg.org/#concept-body-clone

  // 1. Let « out1, out2 » be the result of teeing body’s stream.
  const [out1, out2] = body.stream.tee()

  // 2. Set body’s stream to out1.
  body.stream = out1

  // 3. Return a body whose stream is out2 and other members are copied from body.
  return {
    stream: out2,
    length: body.length,
    source: body.source
  }
}

function throwIfAborted (state) {
  if (state.aborted) {
    throw new DOMException('The operation was aborted.', 'AbortError')
  }
}

function bodyMixinMethods (instance) {
  const methods = {
    blob () {
      // The blob() method steps are to return the result of
      // running consume body with this and the following step
      // given a byte sequence bytes: return a Blob whose
      // contents are bytes and whose type attribute is this’s
      // MIME type.
      return consumeBody(this, (bytes) => {
        let mimeType = bodyMimeType(this)

        if (mimeType === null) {
          mimeType = ''
        } else if (mimeType) {
          mimeType = serializeAMimeType(mimeType)
        }

        // Return a Blob whose contents are bytes and type attribute
        // is mimeType.
        return new Blob([bytes], { type: mimeType })
      }, instance)
    },

    arrayBuffer () {
      // The arrayBuffer() method steps are to return the result
      // of running consume body with this and the following step
      // given a byte sequence bytes: return a new ArrayBuffer
      // whose contents are bytes.
      return consumeBody(this, (bytes) => {
        return new Uint8Array(bytes).buffer
      }, instance)
    },

    text () {
      // The text() method steps are to return the result of running
      // consume body with this and UTF-8 decode.
      return consumeBody(this, utf8DecodeBytes, instance)
    },

    json () {
      // The json() method steps are to return the result of running
      // consume body with this and parse JSON from bytes.
      return consumeBody(this, parseJSONFromBytes, instance)
    },

    formData () {
      // The formData() method steps are to return the result of running
      // consume body with this and the following step given a byte sequence bytes:
      return consumeBody(this, (value) => {
        // 1. Let mimeType be the result of get the MIME type with this.
        const mimeType = bodyMimeType(this)

        // 2. If mimeType is non-null, then switch on mimeType’s essence and run
        //    the corresponding steps:
        if (mimeType !== null) {
          switch (mimeType.essence) {
            case 'multipart/form-data': {
              // 1. ... [long step]
              const parsed = multipartFormDataParser(value, mimeType)

              // 2. If that fails for some reason, then throw a TypeError.
              if (parsed === 'failure') {
                throw new TypeError('Failed to parse body as FormData.')
              }

              // 3. Return a new FormData object, appending each entry,
              //    resulting from the parsing operation, to its entry list.
              const fd = new FormData()
              fd[kState] = parsed

              return fd
            }
            case 'application/x-www-form-urlencoded': {
              // 1. Let entries be the result of parsing bytes.
              const entries = new URLSearchParams(value.toString())

              // 2. If entries is failure, then throw a TypeError.

              // 3. Return a new FormData object whose entry list is entries.
              const fd = new FormData()

              for (const [name, value] of entries) {
                fd.append(name, value)
              }

              return fd
            }
          }
        }

        // 3. Throw a TypeError.
        throw new TypeError(
          'Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".'
        )
      }, instance)
    },

    bytes () {
      // The bytes() method steps are to return the result of running consume body
      // with this and the following step given a byte sequence bytes: return the
      // result of creating a Uint8Array from bytes in this’s relevant realm.
      return consumeBody(this, (bytes) => {
        return new Uint8Array(bytes)
      }, instance)
    }
  }

  return methods
}

function mixinBody (prototype) {
  Object.assign(prototype.prototype, bodyMixinMethods(prototype))
}

/**
 * @see https://fetch.spec.whatwg.org/#concept-body-consume-body
 * @param {Response|Request} object
 * @param {(value: unknown) => unknown} convertBytesToJSValue
 * @param {Response|Request} instance
 */
async function consumeBody (object, convertBytesToJSValue, instance) {
  webidl.brandCheck(object, instance)

  // 1. If object is unusable, then return a promise rejected
  //    with a TypeError.
  if (bodyUnusable(object)) {
    throw new TypeError('Body is unusable: Body has already been read')
  }

  throwIfAborted(object[kState])

  // 2. Let promise be a new promise.
  const promise = createDeferredPromise()

  // 3. Let errorSteps given error be to reject promise with error.
  const errorSteps = (error) => promise.reject(error)

  // 4. Let successSteps given a byte sequence data be to resolve
  //    promise with the result of running convertBytesToJSValue
  //    with data. If that threw an exception, then run errorSteps
  //    with that exception.
  const successSteps = (data) => {
    try {
      promise.resolve(convertBytesToJSValue(data))
    } catch (e) {
      errorSteps(e)
    }
  }

  // 5. If object’s body is null, then run successSteps with an
  //    empty byte sequence.
  if (object[kState].body == null) {
    successSteps(Buffer.allocUnsafe(0))
    return promise.promise
  }

  // 6. Otherwise, fully read object’s body given successSteps,
  //    errorSteps, and object’s relevant global object.
  await fullyReadBody(object[kState].body, successSteps, errorSteps)

  // 7. Return promise.
  return promise.promise
}

// https://fetch.spec.whatwg.org/#body-unusable
function bodyUnusable (object) {
  const body = object[kState].body

  // An object including the Body interface mixin is
  // said to be unusable if its body is non-null and
  // its body’s stream is disturbed or locked.
  return body != null && (body.stream.locked || util.isDisturbed(body.stream))
}

/**
 * @see https://infra.spec.whatwg.org/#parse-json-bytes-to-a-javascript-value
 * @param {Uint8Array} bytes
 */
function parseJSONFromBytes (bytes) {
  return JSON.parse(utf8DecodeBytes(bytes))
}

/**
 * @see https://fetch.spec.whatwg.org/#concept-body-mime-type
 * @param {import('./response').Response|import('./request').Request} requestOrResponse
 */
function bodyMimeType (requestOrResponse) {
  // 1. Let headers be null.
  // 2. If requestOrResponse is a Request object, then set headers to requestOrResponse’s request’s header list.
  // 3. Otherwise, set headers to requestOrResponse’s response’s header list.
  /** @type {import('./headers').HeadersList} */
  const headers = requestOrResponse[kState].headersList

  // 4. Let mimeType be the result of extracting a MIME type from headers.
  const mimeType = extractMimeType(headers)

  // 5. If mimeType is failure, then return null.
  if (mimeType === 'failure') {
    return null
  }

  // 6. Return mimeType.
  return mimeType
}

module.exports = {
  extractBody,
  safelyExtractBody,
  cloneBody,
  mixinBody,
  streamRegistry,
  hasFinalizationRegistry,
  bodyUnusable
}


/***/ }),

/***/ 4495:
/***/ ((module) => {



const corsSafeListedMethods = /** @type {const} */ (['GET', 'HEAD', 'POST'])
const corsSafeListedMethodsSet = new Set(corsSafeListedMethods)

const nullBodyStatus = /** @type {const} */ ([101, 204, 205, 304])

const redirectStatus = /** @type {const} */ ([301, 302, 303, 307, 308])
const redirectStatusSet = new Set(redirectStatus)

/**
 * @see https://fetch.spec.whatwg.org/#block-bad-port
 */
const badPorts = /** @type {const} */ ([
  '1', '7', '9', '11', '13', '15', '17', '19', '20', '21', '22', '23', '25', '37', '42', '43', '53', '69', '77', '79',
  '87', '95', '101', '102', '103', '104', '109', '110', '111', '113', '115', '117', '119', '123', '135', '137',
  '139', '143', '161', '179', '389', '427', '465', '512', '513', '514', '515', '526', '530', '531', '532',
  '540', '548', '554', '556', '563', '587', '601', '636', '989', '990', '993', '995', '1719', '1720', '1723',
  '2049', '3659', '4045', '4190', '5060', '5061', '6000', '6566', '6665', '6666', '6667', '6668', '6669', '6679',
  '6697', '10080'
])
const badPortsSet = new Set(badPorts)

/**
 * @see https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
 */
const referrerPolicy = /** @type {const} */ ([
  '',
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url'
])
const referrerPolicySet = new Set(referrerPolicy)

const requestRedirect = /** @type {const} */ (['follow', 'manual', 'error'])

const safeMethods = /** @type {const} */ (['GET', 'HEAD', 'OPTIONS', 'TRACE'])
const safeMethodsSet = new Set(safeMethods)

const requestMode = /** @type {const} */ (['navigate', 'same-origin', 'no-cors', 'cors'])

const requestCredentials = /** @type {const} */ (['omit', 'same-origin', 'include'])

const requestCache = /** @type {const} */ ([
  'default',
  'no-store',
  'reload',
  'no-cache',
  'force-cache',
  'only-if-cached'
])

/**
 * @see https://fetch.spec.whatwg.org/#request-body-header-name
 */
const requestBodyHeader = /** @type {const} */ ([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  // See https://github.com/nodejs/undici/issues/2021
  // 'Content-Length' is a forbidden header name, which is typically
  // removed in the Headers implementation. However, undici doesn't
  // filter out headers, so we add it here.
  'content-length'
])

/**
 * @see https://fetch.spec.whatwg.org/#enumdef-requestduplex
 */
const requestDuplex = /** @type {const} */ ([
  'half'
])

/**
 * @see http://fetch.spec.whatwg.org/#forbidden-method
 */
const forbiddenMethods = /** @type {const} */ (['CONNECT', 'TRACE', 'TRACK'])
const forbiddenMethodsSet = new Set(forbiddenMethods)

const subresource = /** @type {const} */ ([
  'audio',
  'audioworklet',
  'font',
  'image',
  'manifest',
  'paintworklet',
  'script',
  'style',
  'track',
  'video',
  'xslt',
  ''
])
const subresourceSet = new Set(subresource)

module.exports = {
  subresource,
  forbiddenMethods,
  requestBodyHeader,
  referrerPolicy,
  requestRedirect,
  requestMode,
  requestCredentials,
  requestCache,
  redirectStatus,
  corsSafeListedMethods,
  nullBodyStatus,
  safeMethods,
  badPorts,
  requestDuplex,
  subresourceSet,
  badPortsSet,
  redirectStatusSet,
  corsSafeListedMethodsSet,
  safeMethodsSet,
  forbiddenMethodsSet,
  referrerPolicySet
}


/***/ }),

/***/ 1900:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const assert = __nccwpck_require__(4589)

const encoder = new TextEncoder()

/**
 * @see https://mimesniff.spec.whatwg.org/#http-token-code-point
 */
const HTTP_TOKEN_CODEPOINTS = /^[!#$%&'*+\-.^_|~A-Za-z0-9]+$/
const HTTP_WHITESPACE_REGEX = /[\u000A\u000D\u0009\u0020]/ // eslint-disable-line
const ASCII_WHITESPACE_REPLACE_REGEX = /[\u0009\u000A\u000C\u000D\u0020]/g // eslint-disable-line
/**
 * @see https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point
 */
const HTTP_QUOTED_STRING_TOKENS = /^[\u0009\u0020-\u007E\u0080-\u00FF]+$/ // eslint-disable-line

// https://fetch.spec.whatwg.org/#data-url-processor
/** @param {URL} dataURL */
function dataURLProcessor (dataURL) {
  // 1. Assert: dataURL’s scheme is "data".
  assert(dataURL.protocol === 'data:')

  // 2. Let input be the result of running the URL
  // serializer on dataURL with exclude fragment
  // set to true.
  let input = URLSerializer(dataURL, true)

  // 3. Remove the leading "data:" string from input.
  input = input.slice(5)

  // 4. Let position point at the start of input.
  const position = { position: 0 }

  // 5. Let mimeType be the result of collecting a
  // sequence of code points that are not equal
  // to U+002C (,), given position.
  let mimeType = collectASequenceOfCodePointsFast(
    ',',
    input,
    position
  )

  // 6. Strip leading and trailing ASCII whitespace
  // from mimeType.
  // Undici implementation note: we need to store the
  // length because if the mimetype has spaces removed,
  // the wrong amount will be sliced from the input in
  // step #9
  const mimeTypeLength = mimeType.length
  mimeType = removeASCIIWhitespace(mimeType, true, true)

  // 7. If position is past the end of input, then
  // return failure
  if (position.position >= input.length) {
    return 'failure'
  }

  // 8. Advance position by 1.
  position.position++

  // 9. Let encodedBody be the remainder of input.
  const encodedBody = input.slice(mimeTypeLength + 1)

  // 10. Let body be the percent-decoding of encodedBody.
  let body = stringPercentDecode(encodedBody)

  // 11. If mimeType ends with U+003B (;), followed by
  // zero or more U+0020 SPACE, followed by an ASCII
  // case-insensitive match for "base64", then:
  if (/;(\u0020){0,}base64$/i.test(mimeType)) {
    // 1. Let stringBody be the isomorphic decode of body.
    const stringBody = isomorphicDecode(body)

    // 2. Set body to the forgiving-base64 decode of
    // stringBody.
    body = forgivingBase64(stringBody)

    // 3. If body is failure, then return failure.
    if (body === 'failure') {
      return 'failure'
    }

    // 4. Remove the last 6 code points from mimeType.
    mimeType = mimeType.slice(0, -6)

    // 5. Remove trailing U+0020 SPACE code points from mimeType,
    // if any.
    mimeType = mimeType.replace(/(\u0020)+$/, '')

    // 6. Remove the last U+003B (;) code point from mimeType.
    mimeType = mimeType.slice(0, -1)
  }

  // 12. If mimeType starts with U+003B (;), then prepend
  // "text/plain" to mimeType.
  if (mimeType.startsWith(';')) {
    mimeType = 'text/plain' + mimeType
  }

  // 13. Let mimeTypeRecord be the result of parsing
  // mimeType.
  let mimeTypeRecord = parseMIMEType(mimeType)

  // 14. If mimeTypeRecord is failure, then set
  // mimeTypeRecord to text/plain;charset=US-ASCII.
  if (mimeTypeRecord === 'failure') {
    mimeTypeRecord = parseMIMEType('text/plain;charset=US-ASCII')
  }

  // 15. Return a new data: URL struct whose MIME
  // type is mimeTypeRecord and body is body.
  // https://fetch.spec.whatwg.org/#data-url-struct
  return { mimeType: mimeTypeRecord, body }
}

// https://url.spec.whatwg.org/#concept-url-serializer
/**
 * @param {URL} url
 * @param {boolean} excludeFragment
 */
function URLSerializer (url, excludeFragment = false) {
  if (!excludeFragment) {
    return url.href
  }

  const href = url.href
  const hashLength = url.hash.length

  const serialized = hashLength === 0 ? href : href.substring(0, href.length - hashLength)

  if (!hashLength && href.endsWith('#')) {
    return serialized.slice(0, -1)
  }

  return serialized
}

// https://infra.spec.whatwg.org/#collect-a-sequence-of-code-points
/**
 * @param {(char: string) => boolean} condition
 * @param {string} input
 * @param {{ position: number }} position
 */
function collectASequenceOfCodePoints (condition, input, position) {
  // 1. Let result be the empty string.
  let result = ''

  // 2. While position doesn’t point past the end of input and the
  // code point at position within input meets the condition condition:
  while (position.position < input.length && condition(input[position.position])) {
    // 1. Append that code point to the end of result.
    result += input[position.position]

    // 2. Advance position by 1.
    position.position++
  }

  // 3. Return result.
  return result
}

/**
 * A faster collectASequenceOfCodePoints that only works when comparing a single character.
 * @param {string} char
 * @param {string} input
 * @param {{ position: number }} position
 */
function collectASequenceOfCodePointsFast (char, input, position) {
  const idx = input.indexOf(char, position.position)
  const start = position.position

  if (idx === -1) {
    position.position = input.length
    return input.slice(start)
  }

  position.position = idx
  return input.slice(start, position.position)
}

// https://url.spec.whatwg.org/#string-percent-decode
/** @param {string} input */
function stringPercentDecode (input) {
  // 1. Let bytes be the UTF-8 encoding of input.
  const bytes = encoder.encode(input)

  // 2. Return the percent-decoding of bytes.
  return percentDecode(bytes)
}

/**
 * @param {number} byte
 */
function isHexCharByte (byte) {
  // 0-9 A-F a-f
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}

/**
 * @param {number} byte
 */
function hexByteToNumber (byte) {
  return (
    // 0-9
    byte >= 0x30 && byte <= 0x39
      ? (byte - 48)
    // Convert to uppercase
    // ((byte & 0xDF) - 65) + 10
      : ((byte & 0xDF) - 55)
  )
}

// https://url.spec.whatwg.org/#percent-decode
/** @param {Uint8Array} input */
function percentDecode (input) {
  const length = input.length
  // 1. Let output be an empty byte sequence.
  /** @type {Uint8Array} */
  const output = new Uint8Array(length)
  let j = 0
  // 2. For each byte byte in input:
  for (let i = 0; i < length; ++i) {
    const byte = input[i]

    // 1. If byte is not 0x25 (%), then append byte to output.
    if (byte !== 0x25) {
      output[j++] = byte

    // 2. Otherwise, if byte is 0x25 (%) and the next two bytes
    // after byte in input are not in the ranges
    // 0x30 (0) to 0x39 (9), 0x41 (A) to 0x46 (F),
    // and 0x61 (a) to 0x66 (f), all inclusive, append byte
    // to output.
    } else if (
      byte === 0x25 &&
      !(isHexCharByte(input[i + 1]) && isHexCharByte(input[i + 2]))
    ) {
      output[j++] = 0x25

    // 3. Otherwise:
    } else {
      // 1. Let bytePoint be the two bytes after byte in input,
      // decoded, and then interpreted as hexadecimal number.
      // 2. Append a byte whose value is bytePoint to output.
      output[j++] = (hexByteToNumber(input[i + 1]) << 4) | hexByteToNumber(input[i + 2])

      // 3. Skip the next two bytes in input.
      i += 2
    }
  }

  // 3. Return output.
  return length === j ? output : output.subarray(0, j)
}

// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
/** @param {string} input */
function parseMIMEType (input) {
  // 1. Remove any leading and trailing HTTP whitespace
  // from input.
  input = removeHTTPWhitespace(input, true, true)

  // 2. Let position be a position variable for input,
  // initially pointing at the start of input.
  const position = { position: 0 }

  // 3. Let type be the result of collecting a sequence
  // of code points that are not U+002F (/) from
  // input, given position.
  const type = collectASequenceOfCodePointsFast(
    '/',
    input,
    position
  )

  // 4. If type is the empty string or does not solely
  // contain HTTP token code points, then return failure.
  // https://mimesniff.spec.whatwg.org/#http-token-code-point
  if (type.length === 0 || !HTTP_TOKEN_CODEPOINTS.test(type)) {
    return 'failure'
  }

  // 5. If position is past the end of input, then return
  // failure
  if (position.position > input.length) {
    return 'failure'
  }

  // 6. Advance position by 1. (This skips past U+002F (/).)
  position.position++

  // 7. Let subtype be the result of collecting a sequence of
  // code points that are not U+003B (;) from input, given
  // position.
  let subtype = collectASequenceOfCodePointsFast(
    ';',
    input,
    position
  )

  // 8. Remove any trailing HTTP whitespace from subtype.
  subtype = removeHTTPWhitespace(subtype, false, true)

  // 9. If subtype is the empty string or does not solely
  // contain HTTP token code points, then return failure.
  if (subtype.length === 0 || !HTTP_TOKEN_CODEPOINTS.test(subtype)) {
    return 'failure'
  }

  const typeLowercase = type.toLowerCase()
  const subtypeLowercase = subtype.toLowerCase()

  // 10. Let mimeType be a new MIME type record whose type
  // is type, in ASCII lowercase, and subtype is subtype,
  // in ASCII lowercase.
  // https://mimesniff.spec.whatwg.org/#mime-type
  const mimeType = {
    type: typeLowercase,
    subtype: subtypeLowercase,
    /** @type {Map<string, string>} */
    parameters: new Map(),
    // https://mimesniff.spec.whatwg.org/#mime-type-essence
    essence: `${typeLowercase}/${subtypeLowercase}`
  }

  // 11. While position is not past the end of input:
  while (position.position < input.length) {
    // 1. Advance position by 1. (This skips past U+003B (;).)
    position.position++

    // 2. Collect a sequence of code points that are HTTP
    // whitespace from input given position.
    collectASequenceOfCodePoints(
      // https://fetch.spec.whatwg.org/#http-whitespace
      char => HTTP_WHITESPACE_REGEX.test(char),
      input,
      position
    )

    // 3. Let parameterName be the result of collecting a
    // sequence of code points that are not U+003B (;)
    // or U+003D (=) from input, given position.
    let parameterName = collectASequenceOfCodePoints(
      (char) => char !== ';' && char !== '=',
      input,
      position
    )

    // 4. Set parameterName to parameterName, in ASCII
    // lowercase.
    parameterName = parameterName.toLowerCase()

    // 5. If position is not past the end of input, then:
    if (position.position < input.length) {
      // 1. If the code point at position within input is
      // U+003B (;), then continue.
      if (input[position.position] === ';') {
        continue
      }

      // 2. Advance position by 1. (This skips past U+003D (=).)
      position.position++
    }

    // 6. If position is past the end of input, then break.
    if (position.position > input.length) {
      break
    }

    // 7. Let parameterValue be null.
    let parameterValue = null

    // 8. If the code point at position within input is
    // U+0022 ("), then:
    if (input[position.position] === '"') {
      // 1. Set parameterValue to the result of collecting
      // an HTTP quoted string from input, given position
      // and the extract-value flag.
      parameterValue = collectAnHTTPQuotedString(input, position, true)

      // 2. Collect a sequence of code points that are not
      // U+003B (;) from input, given position.
      collectASequenceOfCodePointsFast(
        ';',
        input,
        position
      )

    // 9. Otherwise:
    } else {
      // 1. Set parameterValue to the result of collecting
      // a sequence of code points that are not U+003B (;)
      // from input, given position.
      parameterValue = collectASequenceOfCodePointsFast(
        ';',
        input,
        position
      )

      // 2. Remove any trailing HTTP whitespace from parameterValue.
      parameterValue = removeHTTPWhitespace(parameterValue, false, true)

      // 3. If parameterValue is the empty string, then continue.
      if (parameterValue.length === 0) {
        continue
      }
    }

    // 10. If all of the following are true
    // - parameterName is not the empty string
    // - parameterName solely contains HTTP token code points
    // - parameterValue solely contains HTTP quoted-string token code points
    // - mimeType’s parameters[parameterName] does not exist
    // then set mimeType’s parameters[parameterName] to parameterValue.
    if (
      parameterName.length !== 0 &&
      HTTP_TOKEN_CODEPOINTS.test(parameterName) &&
      (parameterValue.length === 0 || HTTP_QUOTED_STRING_TOKENS.test(parameterValue)) &&
      !mimeType.parameters.has(parameterName)
    ) {
      mimeType.parameters.set(parameterName, parameterValue)
    }
  }

  // 12. Return mimeType.
  return mimeType
}

// https://infra.spec.whatwg.org/#forgiving-base64-decode
/** @param {string} data */
function forgivingBase64 (data) {
  // 1. Remove all ASCII whitespace from data.
  data = data.replace(ASCII_WHITESPACE_REPLACE_REGEX, '')  // eslint-disable-line

  let dataLength = data.length
  // 2. If data’s code point length divides by 4 leaving
  // no remainder, then:
  if (dataLength % 4 === 0) {
    // 1. If data ends with one or two U+003D (=) code points,
    // then remove them from data.
    if (data.charCodeAt(dataLength - 1) === 0x003D) {
      --dataLength
      if (data.charCodeAt(dataLength - 1) === 0x003D) {
        --dataLength
      }
    }
  }

  // 3. If data’s code point length divides by 4 leaving
  // a remainder of 1, then return failure.
  if (dataLength % 4 === 1) {
    return 'failure'
  }

  // 4. If data contains a code point that is not one of
  //  U+002B (+)
  //  U+002F (/)
  //  ASCII alphanumeric
  // then return failure.
  if (/[^+/0-9A-Za-z]/.test(data.length === dataLength ? data : data.substring(0, dataLength))) {
    return 'failure'
  }

  const buffer = Buffer.from(data, 'base64')
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

// https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
// tests: https://fetch.spec.whatwg.org/#example-http-quoted-string
/**
 * @param {string} input
 * @param {{ position: number }} position
 * @param {boolean?} extractValue
 */
function collectAnHTTPQuotedString (input, position, extractValue) {
  // 1. Let positionStart be position.
  const positionStart = position.position

  // 2. Let value be the empty string.
  let value = ''

  // 3. Assert: the code point at position within input
  // is U+0022 (").
  assert(input[position.position] === '"')

  // 4. Advance position by 1.
  position.position++

  // 5. While true:
  while (true) {
    // 1. Append the result of collecting a sequence of code points
    // that are not U+0022 (") or U+005C (\) from input, given
    // position, to value.
    value += collectASequenceOfCodePoints(
      (char) => char !== '"' && char !== '\\',
      input,
      position
    )

    // 2. If position is past the end of input, then break.
    if (position.position >= input.length) {
      break
    }

    // 3. Let quoteOrBackslash be the code point at position within
    // input.
    const quoteOrBackslash = input[position.position]

    // 4. Advance position by 1.
    position.position++

    // 5. If quoteOrBackslash is U+005C (\), then:
    if (quoteOrBackslash === '\\') {
      // 1. If position is past the end of input, then append
      // U+005C (\) to value and break.
      if (position.position >= input.length) {
        value += '\\'
        break
      }

      // 2. Append the code point at position within input to value.
      value += input[position.position]

      // 3. Advance position by 1.
      position.position++

    // 6. Otherwise:
    } else {
      // 1. Assert: quoteOrBackslash is U+0022 (").
      assert(quoteOrBackslash === '"')

      // 2. Break.
      break
    }
  }

  // 6. If the extract-value flag is set, then return value.
  if (extractValue) {
    return value
  }

  // 7. Return the code points from positionStart to position,
  // inclusive, within input.
  return input.slice(positionStart, position.position)
}

/**
 * @see https://mimesniff.spec.whatwg.org/#serialize-a-mime-type
 */
function serializeAMimeType (mimeType) {
  assert(mimeType !== 'failure')
  const { parameters, essence } = mimeType

  // 1. Let serialization be the concatenation of mimeType’s
  //    type, U+002F (/), and mimeType’s subtype.
  let serialization = essence

  // 2. For each name → value of mimeType’s parameters:
  for (let [name, value] of parameters.entries()) {
    // 1. Append U+003B (;) to serialization.
    serialization += ';'

    // 2. Append name to serialization.
    serialization += name

    // 3. Append U+003D (=) to serialization.
    serialization += '='

    // 4. If value does not solely contain HTTP token code
    //    points or value is the empty string, then:
    if (!HTTP_TOKEN_CODEPOINTS.test(value)) {
      // 1. Precede each occurrence of U+0022 (") or
      //    U+005C (\) in value with U+005C (\).
      value = value.replace(/(\\|")/g, '\\$1')

      // 2. Prepend U+0022 (") to value.
      value = '"' + value

      // 3. Append U+0022 (") to value.
      value += '"'
    }

    // 5. Append value to serialization.
    serialization += value
  }

  // 3. Return serialization.
  return serialization
}

/**
 * @see https://fetch.spec.whatwg.org/#http-whitespace
 * @param {number} char
 */
function isHTTPWhiteSpace (char) {
  // "\r\n\t "
  return char === 0x00d || char === 0x00a || char === 0x009 || char === 0x020
}

/**
 * @see https://fetch.spec.whatwg.org/#http-whitespace
 * @param {string} str
 * @param {boolean} [leading=true]
 * @param {boolean} [trailing=true]
 */
function removeHTTPWhitespace (str, leading = true, trailing = true) {
  return removeChars(str, leading, trailing, isHTTPWhiteSpace)
}

/**
 * @see https://infra.spec.whatwg.org/#ascii-whitespace
 * @param {number} char
 */
function isASCIIWhitespace (char) {
  // "\r\n\t\f "
  return char === 0x00d || char === 0x00a || char === 0x009 || char === 0x00c || char === 0x020
}

/**
 * @see https://infra.spec.whatwg.org/#strip-leading-and-trailing-ascii-whitespace
 * @param {string} str
 * @param {boolean} [leading=true]
 * @param {boolean} [trailing=true]
 */
function removeASCIIWhitespace (str, leading = true, trailing = true) {
  return removeChars(str, leading, trailing, isASCIIWhitespace)
}

/**
 * @param {string} str
 * @param {boolean} leading
 * @param {boolean} trailing
 * @param {(charCode: number) => boolean} predicate
 * @returns
 */
function removeChars (str, leading, trailing, predicate) {
  let lead = 0
  let trail = str.length - 1

  if (leading) {
    while (lead < str.length && predicate(str.charCodeAt(lead))) lead++
  }

  if (trailing) {
    while (trail > 0 && predicate(str.charCodeAt(trail))) trail--
  }

  return lead === 0 && trail === str.length - 1 ? str : str.slice(lead, trail + 1)
}

/**
 * @see https://infra.spec.whatwg.org/#isomorphic-decode
 * @param {Uint8Array} input
 * @returns {string}
 */
function isomorphicDecode (input) {
  // 1. To isomorphic decode a byte sequence input, return a string whose code point
  //    length is equal to input’s length and whose code points have the same values
  //    as the values of input’s bytes, in the same order.
  const length = input.length
  if ((2 << 15) - 1 > length) {
    return String.fromCharCode.apply(null, input)
  }
  let result = ''; let i = 0
  let addition = (2 << 15) - 1
  while (i < length) {
    if (i + addition > length) {
      addition = length - i
    }
    result += String.fromCharCode.apply(null, input.subarray(i, i += addition))
  }
  return result
}

/**
 * @see https://mimesniff.spec.whatwg.org/#minimize-a-supported-mime-type
 * @param {Exclude<ReturnType<typeof parseMIMEType>, 'failure'>} mimeType
 */
function minimizeSupportedMimeType (mimeType) {
  switch (mimeType.essence) {
    case 'application/ecmascript':
    case 'application/javascript':
    case 'application/x-ecmascript':
    case 'application/x-javascript':
    case 'text/ecmascript':
    case 'text/javascript':
    case 'text/javascript1.0':
    case 'text/javascript1.1':
    case 'text/javascript1.2':
    case 'text/javascript1.3':
    case 'text/javascript1.4':
    case 'text/javascript1.5':
    case 'text/jscript':
    case 'text/livescript':
    case 'text/x-ecmascript':
    case 'text/x-javascript':
      // 1. If mimeType is a JavaScript MIME type, then return "text/javascript".
      return 'text/javascript'
    case 'application/json':
    case 'text/json':
      // 2. If mimeType is a JSON MIME type, then return "application/json".
      return 'application/json'
    case 'image/svg+xml':
      // 3. If mimeType’s essence is "image/svg+xml", then return "image/svg+xml".
      return 'image/svg+xml'
    case 'text/xml':
    case 'application/xml':
      // 4. If mimeType is an XML MIME type, then return "application/xml".
      return 'application/xml'
  }

  // 2. If mimeType is a JSON MIME type, then return "application/json".
  if (mimeType.subtype.endsWith('+json')) {
    return 'application/json'
  }

  // 4. If mimeType is an XML MIME type, then return "application/xml".
  if (mimeType.subtype.endsWith('+xml')) {
    return 'application/xml'
  }

  // 5. If mimeType is supported by the user agent, then return mimeType’s essence.
  // Technically, node doesn't support any mimetypes.

  // 6. Return the empty string.
  return ''
}

module.exports = {
  dataURLProcessor,
  URLSerializer,
  collectASequenceOfCodePoints,
  collectASequenceOfCodePointsFast,
  stringPercentDecode,
  parseMIMEType,
  collectAnHTTPQuotedString,
  serializeAMimeType,
  removeChars,
  removeHTTPWhitespace,
  minimizeSupportedMimeType,
  HTTP_TOKEN_CODEPOINTS,
  isomorphicDecode
}


/***/ }),

/***/ 7114:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { Blob, File } = __nccwpck_require__(4573)
const { kState } = __nccwpck_require__(3627)
const { webidl } = __nccwpck_require__(5893)

// TODO(@KhafraDev): remove
class FileLike {
  constructor (blobLike, fileName, options = {}) {
    // TODO: argument idl type check

    // The File constructor is invoked with two or three parameters, depending
    // on whether the optional dictionary parameter is used. When the File()
    // constructor is invoked, user agents must run the following steps:

    // 1. Let bytes be the result of processing blob parts given fileBits and
    // options.

    // 2. Let n be the fileName argument to the constructor.
    const n = fileName

    // 3. Process FilePropertyBag dictionary argument by running the following
    // substeps:

    //    1. If the type member is provided and is not the empty string, let t
    //    be set to the type dictionary member. If t contains any characters
    //    outside the range U+0020 to U+007E, then set t to the empty string
    //    and return from these substeps.
    //    TODO
    const t = options.type

    //    2. Convert every character in t to ASCII lowercase.
    //    TODO

    //    3. If the lastModified member is provided, let d be set to the
    //    lastModified dictionary member. If it is not provided, set d to the
    //    current date and time represented as the number of milliseconds since
    //    the Unix Epoch (which is the equivalent of Date.now() [ECMA-262]).
    const d = options.lastModified ?? Date.now()

    // 4. Return a new File object F such that:
    // F refers to the bytes byte sequence.
    // F.size is set to the number of total bytes in bytes.
    // F.name is set to n.
    // F.type is set to t.
    // F.lastModified is set to d.

    this[kState] = {
      blobLike,
      name: n,
      type: t,
      lastModified: d
    }
  }

  stream (...args) {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.stream(...args)
  }

  arrayBuffer (...args) {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.arrayBuffer(...args)
  }

  slice (...args) {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.slice(...args)
  }

  text (...args) {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.text(...args)
  }

  get size () {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.size
  }

  get type () {
    webidl.brandCheck(this, FileLike)

    return this[kState].blobLike.type
  }

  get name () {
    webidl.brandCheck(this, FileLike)

    return this[kState].name
  }

  get lastModified () {
    webidl.brandCheck(this, FileLike)

    return this[kState].lastModified
  }

  get [Symbol.toStringTag] () {
    return 'File'
  }
}

webidl.converters.Blob = webidl.interfaceConverter(Blob)

// If this function is moved to ./util.js, some tools (such as
// rollup) will warn about circular dependencies. See:
// https://github.com/nodejs/undici/issues/1629
function isFileLike (object) {
  return (
    (object instanceof File) ||
    (
      object &&
      (typeof object.stream === 'function' ||
      typeof object.arrayBuffer === 'function') &&
      object[Symbol.toStringTag] === 'File'
    )
  )
}

module.exports = { FileLike, isFileLike }


/***/ }),

/***/ 116:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { isUSVString, bufferToLowerCasedHeaderName } = __nccwpck_require__(3440)
const { utf8DecodeBytes } = __nccwpck_require__(3168)
const { HTTP_TOKEN_CODEPOINTS, isomorphicDecode } = __nccwpck_require__(1900)
const { isFileLike } = __nccwpck_require__(7114)
const { makeEntry } = __nccwpck_require__(5910)
const assert = __nccwpck_require__(4589)
const { File: NodeFile } = __nccwpck_require__(4573)

const File = globalThis.File ?? NodeFile

const formDataNameBuffer = Buffer.from('form-data; name="')
const filenameBuffer = Buffer.from('; filename')
const dd = Buffer.from('--')
const ddcrlf = Buffer.from('--\r\n')

/**
 * @param {string} chars
 */
function isAsciiString (chars) {
  for (let i = 0; i < chars.length; ++i) {
    if ((chars.charCodeAt(i) & ~0x7F) !== 0) {
      return false
    }
  }
  return true
}

/**
 * @see https://andreubotella.github.io/multipart-form-data/#multipart-form-data-boundary
 * @param {string} boundary
 */
function validateBoundary (boundary) {
  const length = boundary.length

  // - its length is greater or equal to 27 and lesser or equal to 70, and
  if (length < 27 || length > 70) {
    return false
  }

  // - it is composed by bytes in the ranges 0x30 to 0x39, 0x41 to 0x5A, or
  //   0x61 to 0x7A, inclusive (ASCII alphanumeric), or which are 0x27 ('),
  //   0x2D (-) or 0x5F (_).
  for (let i = 0; i < length; ++i) {
    const cp = boundary.charCodeAt(i)

    if (!(
      (cp >= 0x30 && cp <= 0x39) ||
      (cp >= 0x41 && cp <= 0x5a) ||
      (cp >= 0x61 && cp <= 0x7a) ||
      cp === 0x27 ||
      cp === 0x2d ||
      cp === 0x5f
    )) {
      return false
    }
  }

  return true
}

/**
 * @see https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser
 * @param {Buffer} input
 * @param {ReturnType<import('./data-url')['parseMIMEType']>} mimeType
 */
function multipartFormDataParser (input, mimeType) {
  // 1. Assert: mimeType’s essence is "multipart/form-data".
  assert(mimeType !== 'failure' && mimeType.essence === 'multipart/form-data')

  const boundaryString = mimeType.parameters.get('boundary')

  // 2. If mimeType’s parameters["boundary"] does not exist, return failure.
  //    Otherwise, let boundary be the result of UTF-8 decoding mimeType’s
  //    parameters["boundary"].
  if (boundaryString === undefined) {
    return 'failure'
  }

  const boundary = Buffer.from(`--${boundaryString}`, 'utf8')

  // 3. Let entry list be an empty entry list.
  const entryList = []

  // 4. Let position be a pointer to a byte in input, initially pointing at
  //    the first byte.
  const position = { position: 0 }

  // Note: undici addition, allows leading and trailing CRLFs.
  while (input[position.position] === 0x0d && input[position.position + 1] === 0x0a) {
    position.position += 2
  }

  let trailing = input.length

  while (input[trailing - 1] === 0x0a && input[trailing - 2] === 0x0d) {
    trailing -= 2
  }

  if (trailing !== input.length) {
    input = input.subarray(0, trailing)
  }

  // 5. While true:
  while (true) {
    // 5.1. If position points to a sequence of bytes starting with 0x2D 0x2D
    //      (`--`) followed by boundary, advance position by 2 + the length of
    //      boundary. Otherwise, return failure.
    // Note: boundary is padded with 2 dashes already, no need to add 2.
    if (input.subarray(position.position, position.position + boundary.length).equals(boundary)) {
      position.position += boundary.length
    } else {
      return 'failure'
    }

    // 5.2. If position points to the sequence of bytes 0x2D 0x2D 0x0D 0x0A
    //      (`--` followed by CR LF) followed by the end of input, return entry list.
    // Note: a body does NOT need to end with CRLF. It can end with --.
    if (
      (position.position === input.length - 2 && bufferStartsWith(input, dd, position)) ||
      (position.position === input.length - 4 && bufferStartsWith(input, ddcrlf, position))
    ) {
      return entryList
    }

    // 5.3. If position does not point to a sequence of bytes starting with 0x0D
    //      0x0A (CR LF), return failure.
    if (input[position.position] !== 0x0d || input[position.position + 1] !== 0x0a) {
      return 'failure'
    }

    // 5.4. Advance position by 2. (This skips past the newline.)
    position.position += 2

    // 5.5. Let name, filename and contentType be the result of parsing
    //      multipart/form-data headers on input and position, if the result
    //      is not failure. Otherwise, return failure.
    const result = parseMultipartFormDataHeaders(input, position)

    if (result === 'failure') {
      return 'failure'
    }

    let { name, filename, contentType, encoding } = result

    // 5.6. Advance position by 2. (This skips past the empty line that marks
    //      the end of the headers.)
    position.position += 2

    // 5.7. Let body be the empty byte sequence.
    let body

    // 5.8. Body loop: While position is not past the end of input:
    // TODO: the steps here are completely wrong
    {
      const boundaryIndex = input.indexOf(boundary.subarray(2), position.position)

      if (boundaryIndex === -1) {
        return 'failure'
      }

      body = input.subarray(position.position, boundaryIndex - 4)

      position.position += body.length

      // Note: position must be advanced by the body's length before being
      // decoded, otherwise the parsing will fail.
      if (encoding === 'base64') {
        body = Buffer.from(body.toString(), 'base64')
      }
    }

    // 5.9. If position does not point to a sequence of bytes starting with
    //      0x0D 0x0A (CR LF), return failure. Otherwise, advance position by 2.
    if (input[position.position] !== 0x0d || input[position.position + 1] !== 0x0a) {
      return 'failure'
    } else {
      position.position += 2
    }

    // 5.10. If filename is not null:
    let value

    if (filename !== null) {
      // 5.10.1. If contentType is null, set contentType to "text/plain".
      contentType ??= 'text/plain'

      // 5.10.2. If contentType is not an ASCII string, set contentType to the empty string.

      // Note: `buffer.isAscii` can be used at zero-cost, but converting a string to a buffer is a high overhead.
      // Content-Type is a relatively small string, so it is faster to use `String#charCodeAt`.
      if (!isAsciiString(contentType)) {
        contentType = ''
      }

      // 5.10.3. Let value be a new File object with name filename, type contentType, and body body.
      value = new File([body], filename, { type: contentType })
    } else {
      // 5.11. Otherwise:

      // 5.11.1. Let value be the UTF-8 decoding without BOM of body.
      value = utf8DecodeBytes(Buffer.from(body))
    }

    // 5.12. Assert: name is a scalar value string and value is either a scalar value string or a File object.
    assert(isUSVString(name))
    assert((typeof value === 'string' && isUSVString(value)) || isFileLike(value))

    // 5.13. Create an entry with name and value, and append it to entry list.
    entryList.push(makeEntry(name, value, filename))
  }
}

/**
 * @see https://andreubotella.github.io/multipart-form-data/#parse-multipart-form-data-headers
 * @param {Buffer} input
 * @param {{ position: number }} position
 */
function parseMultipartFormDataHeaders (input, position) {
  // 1. Let name, filename and contentType be null.
  let name = null
  let filename = null
  let contentType = null
  let encoding = null

  // 2. While true:
  while (true) {
    // 2.1. If position points to a sequence of bytes starting with 0x0D 0x0A (CR LF):
    if (input[position.position] === 0x0d && input[position.position + 1] === 0x0a) {
      // 2.1.1. If name is null, return failure.
      if (name === null) {
        return 'failure'
      }

      // 2.1.2. Return name, filename and contentType.
      return { name, filename, contentType, encoding }
    }

    // 2.2. Let header name be the result of collecting a sequence of bytes that are
    //      not 0x0A (LF), 0x0D (CR) or 0x3A (:), given position.
    let headerName = collectASequenceOfBytes(
      (char) => char !== 0x0a && char !== 0x0d && char !== 0x3a,
      input,
      position
    )

    // 2.3. Remove any HTTP tab or space bytes from the start or end of header name.
    headerName = removeChars(headerName, true, true, (char) => char === 0x9 || char === 0x20)

    // 2.4. If header name does not match the field-name token production, return failure.
    if (!HTTP_TOKEN_CODEPOINTS.test(headerName.toString())) {
      return 'failure'
    }

    // 2.5. If the byte at position is not 0x3A (:), return failure.
    if (input[position.position] !== 0x3a) {
      return 'failure'
    }

    // 2.6. Advance position by 1.
    position.position++

    // 2.7. Collect a sequence of bytes that are HTTP tab or space bytes given position.
    //      (Do nothing with those bytes.)
    collectASequenceOfBytes(
      (char) => char === 0x20 || char === 0x09,
      input,
      position
    )

    // 2.8. Byte-lowercase header name and switch on the result:
    switch (bufferToLowerCasedHeaderName(headerName)) {
      case 'content-disposition': {
        // 1. Set name and filename to null.
        name = filename = null

        // 2. If position does not point to a sequence of bytes starting with
        //    `form-data; name="`, return failure.
        if (!bufferStartsWith(input, formDataNameBuffer, position)) {
          return 'failure'
        }

        // 3. Advance position so it points at the byte after the next 0x22 (")
        //    byte (the one in the sequence of bytes matched above).
        position.position += 17

        // 4. Set name to the result of parsing a multipart/form-data name given
        //    input and position, if the result is not failure. Otherwise, return
        //    failure.
        name = parseMultipartFormDataName(input, position)

        if (name === null) {
          return 'failure'
        }

        // 5. If position points to a sequence of bytes starting with `; filename="`:
        if (bufferStartsWith(input, filenameBuffer, position)) {
          // Note: undici also handles filename*
          let check = position.position + filenameBuffer.length

          if (input[check] === 0x2a) {
            position.position += 1
            check += 1
          }

          if (input[check] !== 0x3d || input[check + 1] !== 0x22) { // ="
            return 'failure'
          }

          // 1. Advance position so it points at the byte after the next 0x22 (") byte
          //    (the one in the sequence of bytes matched above).
          position.position += 12

          // 2. Set filename to the result of parsing a multipart/form-data name given
          //    input and position, if the result is not failure. Otherwise, return failure.
          filename = parseMultipartFormDataName(input, position)

          if (filename === null) {
            return 'failure'
          }
        }

        break
      }
      case 'content-type': {
        // 1. Let header value be the result of collecting a sequence of bytes that are
        //    not 0x0A (LF) or 0x0D (CR), given position.
        let headerValue = collectASequenceOfBytes(
          (char) => char !== 0x0a && char !== 0x0d,
          input,
          position
        )

        // 2. Remove any HTTP tab or space bytes from the end of header value.
        headerValue = removeChars(headerValue, false, true, (char) => char === 0x9 || char === 0x20)

        // 3. Set contentType to the isomorphic decoding of header value.
        contentType = isomorphicDecode(headerValue)

        break
      }
      case 'content-transfer-encoding': {
        let headerValue = collectASequenceOfBytes(
          (char) => char !== 0x0a && char !== 0x0d,
          input,
          position
        )

        headerValue = removeChars(headerValue, false, true, (char) => char === 0x9 || char === 0x20)

        encoding = isomorphicDecode(headerValue)

        break
      }
      default: {
        // Collect a sequence of bytes that are not 0x0A (LF) or 0x0D (CR), given position.
        // (Do nothing with those bytes.)
        collectASequenceOfBytes(
          (char) => char !== 0x0a && char !== 0x0d,
          input,
          position
        )
      }
    }

    // 2.9. If position does not point to a sequence of bytes starting with 0x0D 0x0A
    //      (CR LF), return failure. Otherwise, advance position by 2 (past the newline).
    if (input[position.position] !== 0x0d && input[position.position + 1] !== 0x0a) {
      return 'failure'
    } else {
      position.position += 2
    }
  }
}

/**
 * @see https://andreubotella.github.io/multipart-form-data/#parse-a-multipart-form-data-name
 * @param {Buffer} input
 * @param {{ position: number }} position
 */
function parseMultipartFormDataName (input, position) {
  // 1. Assert: The byte at (position - 1) is 0x22 (").
  assert(input[position.position - 1] === 0x22)

  // 2. Let name be the result of collecting a sequence of bytes that are not 0x0A (LF), 0x0D (CR) or 0x22 ("), given position.
  /** @type {string | Buffer} */
  let name = collectASequenceOfBytes(
    (char) => char !== 0x0a && char !== 0x0d && char !== 0x22,
    input,
    position
  )

  // 3. If the byte at position is not 0x22 ("), return failure. Otherwise, advance position by 1.
  if (input[position.position] !== 0x22) {
    return null // name could be 'failure'
  } else {
    position.position++
  }

  // 4. Replace any occurrence of the following subsequences in name with the given byte:
  // - `%0A`: 0x0A (LF)
  // - `%0D`: 0x0D (CR)
  // - `%22`: 0x22 (")
  name = new TextDecoder().decode(name)
    .replace(/%0A/ig, '\n')
    .replace(/%0D/ig, '\r')
    .replace(/%22/g, '"')

  // 5. Return the UTF-8 decoding without BOM of name.
  return name
}

/**
 * @param {(char: number) => boolean} condition
 * @param {Buffer} input
 * @param {{ position: number }} position
 */
function collectASequenceOfBytes (condition, input, position) {
  let start = position.position

  while (start < input.length && condition(input[start])) {
    ++start
  }

  return input.subarray(position.position, (position.position = start))
}

/**
 * @param {Buffer} buf
 * @param {boolean} leading
 * @param {boolean} trailing
 * @param {(charCode: number) => boolean} predicate
 * @returns {Buffer}
 */
function removeChars (buf, leading, trailing, predicate) {
  let lead = 0
  let trail = buf.length - 1

  if (leading) {
    while (lead < buf.length && predicate(buf[lead])) lead++
  }

  if (trailing) {
    while (trail > 0 && predicate(buf[trail])) trail--
  }

  return lead === 0 && trail === buf.length - 1 ? buf : buf.subarray(lead, trail + 1)
}

/**
 * Checks if {@param buffer} starts with {@param start}
 * @param {Buffer} buffer
 * @param {Buffer} start
 * @param {{ position: number }} position
 */
function bufferStartsWith (buffer, start, position) {
  if (buffer.length < start.length) {
    return false
  }

  for (let i = 0; i < start.length; i++) {
    if (start[i] !== buffer[position.position + i]) {
      return false
    }
  }

  return true
}

module.exports = {
  multipartFormDataParser,
  validateBoundary
}


/***/ }),

/***/ 5910:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { isBlobLike, iteratorMixin } = __nccwpck_require__(3168)
const { kState } = __nccwpck_require__(3627)
const { kEnumerableProperty } = __nccwpck_require__(3440)
const { FileLike, isFileLike } = __nccwpck_require__(7114)
const { webidl } = __nccwpck_require__(5893)
const { File: NativeFile } = __nccwpck_require__(4573)
const nodeUtil = __nccwpck_require__(7975)

/** @type {globalThis['File']} */
const File = globalThis.File ?? NativeFile

// https://xhr.spec.whatwg.org/#formdata
class FormData {
  constructor (form) {
    webidl.util.markAsUncloneable(this)

    if (form !== undefined) {
      throw webidl.errors.conversionFailed({
        prefix: 'FormData constructor',
        argument: 'Argument 1',
        types: ['undefined']
      })
    }

    this[kState] = []
  }

  append (name, value, filename = undefined) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.append'
    webidl.argumentLengthCheck(arguments, 2, prefix)

    if (arguments.length === 3 && !isBlobLike(value)) {
      throw new TypeError(
        "Failed to execute 'append' on 'FormData': parameter 2 is not of type 'Blob'"
      )
    }

    // 1. Let value be value if given; otherwise blobValue.

    name = webidl.converters.USVString(name, prefix, 'name')
    value = isBlobLike(value)
      ? webidl.converters.Blob(value, prefix, 'value', { strict: false })
      : webidl.converters.USVString(value, prefix, 'value')
    filename = arguments.length === 3
      ? webidl.converters.USVString(filename, prefix, 'filename')
      : undefined

    // 2. Let entry be the result of creating an entry with
    // name, value, and filename if given.
    const entry = makeEntry(name, value, filename)

    // 3. Append entry to this’s entry list.
    this[kState].push(entry)
  }

  delete (name) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.delete'
    webidl.argumentLengthCheck(arguments, 1, prefix)

    name = webidl.converters.USVString(name, prefix, 'name')

    // The delete(name) method steps are to remove all entries whose name
    // is name from this’s entry list.
    this[kState] = this[kState].filter(entry => entry.name !== name)
  }

  get (name) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.get'
    webidl.argumentLengthCheck(arguments, 1, prefix)

    name = webidl.converters.USVString(name, prefix, 'name')

    // 1. If there is no entry whose name is name in this’s entry list,
    // then return null.
    const idx = this[kState].findIndex((entry) => entry.name === name)
    if (idx === -1) {
      return null
    }

    // 2. Return the value of the first entry whose name is name from
    // this’s entry list.
    return this[kState][idx].value
  }

  getAll (name) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.getAll'
    webidl.argumentLengthCheck(arguments, 1, prefix)

    name = webidl.converters.USVString(name, prefix, 'name')

    // 1. If there is no entry whose name is name in this’s entry list,
    // then return the empty list.
    // 2. Return the values of all entries whose name is name, in order,
    // from this’s entry list.
    return this[kState]
      .filter((entry) => entry.name === name)
      .map((entry) => entry.value)
  }

  has (name) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.has'
    webidl.argumentLengthCheck(arguments, 1, prefix)

    name = webidl.converters.USVString(name, prefix, 'name')

    // The has(name) method steps are to return true if there is an entry
    // whose name is name in this’s entry list; otherwise false.
    return this[kState].findIndex((entry) => entry.name === name) !== -1
  }

  set (name, value, filename = undefined) {
    webidl.brandCheck(this, FormData)

    const prefix = 'FormData.set'
    webidl.argumentLengthCheck(arguments, 2, prefix)

    if (arguments.length === 3 && !isBlobLike(value)) {
      throw new TypeError(
        "Failed to execute 'set' on 'FormData': parameter 2 is not of type 'Blob'"
      )
    }

    // The set(name, value) and set(name, blobValue, filename) method steps
    // are:

    // 1. Let value be value if given; otherwise blobValue.

    name = webidl.converters.USVString(name, prefix, 'name')
    value = isBlobLike(value)
      ? webidl.converters.Blob(value, prefix, 'name', { strict: false })
      : webidl.converters.USVString(value, prefix, 'name')
    filename = arguments.length === 3
      ? webidl.converters.USVString(filename, prefix, 'name')
      : undefined

    // 2. Let entry be the result of creating an entry with name, value, and
    // filename if given.
    const entry = makeEntry(name, value, filename)

    // 3. If there are entries in this’s entry list whose name is name, then
    // replace the first such entry with entry and remove the others.
    const idx = this[kState].findIndex((entry) => entry.name === name)
    if (idx !== -1) {
      this[kState] = [
        ...this[kState].slice(0, idx),
        entry,
        ...this[kState].slice(idx + 1).filter((entry) => entry.name !== name)
      ]
    } else {
      // 4. Otherwise, append entry to this’s entry list.
      this[kState].push(entry)
    }
  }

  [nodeUtil.inspect.custom] (depth, options) {
    const state = this[kState].reduce((a, b) => {
      if (a[b.name]) {
        if (Array.isArray(a[b.name])) {
          a[b.name].push(b.value)
        } else {
          a[b.name] = [a[b.name], b.value]
        }
      } else {
        a[b.name] = b.value
      }

      return a
    }, { __proto__: null })

    options.depth ??= depth
    options.colors ??= true

    const output = nodeUtil.formatWithOptions(options, state)

    // remove [Object null prototype]
    return `FormData ${output.slice(output.indexOf(']') + 2)}`
  }
}

iteratorMixin('FormData', FormData, kState, 'name', 'value')

Object.defineProperties(FormData.prototype, {
  append: kEnumerableProperty,
  delete: kEnumerableProperty,
  get: kEnumerableProperty,
  getAll: kEnumerableProperty,
  has: kEnumerableProperty,
  set: kEnumerableProperty,
  [Symbol.toStringTag]: {
    value: 'FormData',
    configurable: true
  }
})

/**
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry
 * @param {string} name
 * @param {string|Blob} value
 * @param {?string} filename
 * @returns
 */
function makeEntry (name, value, filename) {
  // 1. Set name to the result of converting name into a scalar value string.
  // Note: This operation was done by the webidl converter USVString.

  // 2. If value is a string, then set value to the result of converting
  //    value into a scalar value string.
  if (typeof value === 'string') {
    // Note: This operation was done by the webidl converter USVString.
  } else {
    // 3. Otherwise:

    // 1. If value is not a File object, then set value to a new File object,
    //    representing the same bytes, whose name attribute value is "blob"
    if (!isFileLike(value)) {
      value = value instanceof Blob
        ? new File([value], 'blob', { type: value.type })
        : new FileLike(value, 'blob', { type: value.type })
    }

    // 2. If filename is given, then set value to a new File object,
    //    representing the same bytes, whose name attribute is filename.
    if (filename !== undefined) {
      /** @type {FilePropertyBag} */
      const options = {
        type: value.type,
        lastModified: value.lastModified
      }

      value = value instanceof NativeFile
        ? new File([value], filename, options)
        : new FileLike(value, filename, options)
    }
  }

  // 4. Return an entry whose name is name and whose value is value.
  return { name, value }
}

module.exports = { FormData, makeEntry }


/***/ }),

/***/ 1059:
/***/ ((module) => {



// In case of breaking changes, increase the version
// number to avoid conflicts.
const globalOrigin = Symbol.for('undici.globalOrigin.1')

function getGlobalOrigin () {
  return globalThis[globalOrigin]
}

function setGlobalOrigin (newOrigin) {
  if (newOrigin === undefined) {
    Object.defineProperty(globalThis, globalOrigin, {
      value: undefined,
      writable: true,
      enumerable: false,
      configurable: false
    })

    return
  }

  const parsedURL = new URL(newOrigin)

  if (parsedURL.protocol !== 'http:' && parsedURL.protocol !== 'https:') {
    throw new TypeError(`Only http & https urls are allowed, received ${parsedURL.protocol}`)
  }

  Object.defineProperty(globalThis, globalOrigin, {
    value: parsedURL,
    writable: true,
    enumerable: false,
    configurable: false
  })
}

module.exports = {
  getGlobalOrigin,
  setGlobalOrigin
}


/***/ }),

/***/ 3627:
/***/ ((module) => {



module.exports = {
  kUrl: Symbol('url'),
  kHeaders: Symbol('headers'),
  kSignal: Symbol('signal'),
  kState: Symbol('state'),
  kDispatcher: Symbol('dispatcher')
}


/***/ }),

/***/ 3168:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { Transform } = __nccwpck_require__(7075)
const zlib = __nccwpck_require__(8522)
const { redirectStatusSet, referrerPolicySet: referrerPolicyTokens, badPortsSet } = __nccwpck_require__(4495)
const { getGlobalOrigin } = __nccwpck_require__(1059)
const { collectASequenceOfCodePoints, collectAnHTTPQuotedString, removeChars, parseMIMEType } = __nccwpck_require__(1900)
const { performance } = __nccwpck_require__(643)
const { isBlobLike, ReadableStreamFrom, isValidHTTPToken, normalizedMethodRecordsBase } = __nccwpck_require__(3440)
const assert = __nccwpck_require__(4589)
const { isUint8Array } = __nccwpck_require__(3429)
const { webidl } = __nccwpck_require__(5893)

let supportedHashes = []

// https://nodejs.org/api/crypto.html#determining-if-crypto-support-is-unavailable
/** @type {import('crypto')} */
let crypto
try {
  crypto = __nccwpck_require__(7598)
  const possibleRelevantHashes = ['sha256', 'sha384', 'sha512']
  supportedHashes = crypto.getHashes().filter((hash) => possibleRelevantHashes.includes(hash))
/* c8 ignore next 3 */
} catch {

}

function responseURL (response) {
  // https://fetch.spec.whatwg.org/#responses
  // A response has an associated URL. It is a pointer to the last URL
  // in response’s URL list and null if response’s URL list is empty.
  const urlList = response.urlList
  const length = urlList.length
  return length === 0 ? null : urlList[length - 1].toString()
}

// https://fetch.spec.whatwg.org/#concept-response-location-url
function responseLocationURL (response, requestFragment) {
  // 1. If response’s status is not a redirect status, then return null.
  if (!redirectStatusSet.has(response.status)) {
    return null
  }

  // 2. Let location be the result of extracting header list values given
  // `Location` and response’s header list.
  let location = response.headersList.get('location', true)

  // 3. If location is a header value, then set location to the result of
  //    parsing location with response’s URL.
  if (location !== null && isValidHeaderValue(location)) {
    if (!isValidEncodedURL(location)) {
      // Some websites respond location header in UTF-8 form without encoding them as ASCII
      // and major browsers redirect them to correctly UTF-8 encoded addresses.
      // Here, we handle that behavior in the same way.
      location = normalizeBinaryStringToUtf8(location)
    }
    location = new URL(location, responseURL(response))
  }

  // 4. If location is a URL whose fragment is null, then set location’s
  // fragment to requestFragment.
  if (location && !location.hash) {
    location.hash = requestFragment
  }

  // 5. Return location.
  return location
}

/**
 * @see https://www.rfc-editor.org/rfc/rfc1738#section-2.2
 * @param {string} url
 * @returns {boolean}
 */
function isValidEncodedURL (url) {
  for (let i = 0; i < url.length; ++i) {
    const code = url.charCodeAt(i)

    if (
      code > 0x7E || // Non-US-ASCII + DEL
      code < 0x20 // Control characters NUL - US
    ) {
      return false
    }
  }
  return true
}

/**
 * If string contains non-ASCII characters, assumes it's UTF-8 encoded and decodes it.
 * Since UTF-8 is a superset of ASCII, this will work for ASCII strings as well.
 * @param {string} value
 * @returns {string}
 */
function normalizeBinaryStringToUtf8 (value) {
  return Buffer.from(value, 'binary').toString('utf8')
}

/** @returns {URL} */
function requestCurrentURL (request) {
  return request.urlList[request.urlList.length - 1]
}

function requestBadPort (request) {
  // 1. Let url be request’s current URL.
  const url = requestCurrentURL(request)

  // 2. If url’s scheme is an HTTP(S) scheme and url’s port is a bad port,
  // then return blocked.
  if (urlIsHttpHttpsScheme(url) && badPortsSet.has(url.port)) {
    return 'blocked'
  }

  // 3. Return allowed.
  return 'allowed'
}

function isErrorLike (object) {
  return object instanceof Error || (
    object?.constructor?.name === 'Error' ||
    object?.constructor?.name === 'DOMException'
  )
}

// Check whether |statusText| is a ByteString and
// matches the Reason-Phrase token production.
// RFC 2616: https://tools.ietf.org/html/rfc2616
// RFC 7230: https://tools.ietf.org/html/rfc7230
// "reason-phrase = *( HTAB / SP / VCHAR / obs-text )"
// https://github.com/chromium/chromium/blob/94.0.4604.1/third_party/blink/renderer/core/fetch/response.cc#L116
function isValidReasonPhrase (statusText) {
  for (let i = 0; i < statusText.length; ++i) {
    const c = statusText.charCodeAt(i)
    if (
      !(
        (
          c === 0x09 || // HTAB
          (c >= 0x20 && c <= 0x7e) || // SP / VCHAR
          (c >= 0x80 && c <= 0xff)
        ) // obs-text
      )
    ) {
      return false
    }
  }
  return true
}

/**
 * @see https://fetch.spec.whatwg.org/#header-name
 * @param {string} potentialValue
 */
const isValidHeaderName = isValidHTTPToken

/**
 * @see https://fetch.spec.whatwg.org/#header-value
 * @param {string} potentialValue
 */
function isValidHeaderValue (potentialValue) {
  // - Has no leading or trailing HTTP tab or space bytes.
  // - Contains no 0x00 (NUL) or HTTP newline bytes.
  return (
    potentialValue[0] === '\t' ||
    potentialValue[0] === ' ' ||
    potentialValue[potentialValue.length - 1] === '\t' ||
    potentialValue[potentialValue.length - 1] === ' ' ||
    potentialValue.includes('\n') ||
    potentialValue.includes('\r') ||
    potentialValue.includes('\0')
  ) === false
}

// https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
function setRequestReferrerPolicyOnRedirect (request, actualResponse) {
  //  Given a request request and a response actualResponse, this algorithm
  //  updates request’s referrer policy according to the Referrer-Policy
  //  header (if any) in actualResponse.

  // 1. Let policy be the result of executing § 8.1 Parse a referrer policy
  // from a Referrer-Policy header on actualResponse.

  // 8.1 Parse a referrer policy from a Referrer-Policy header
  // 1. Let policy-tokens be the result of extracting header list values given `Referrer-Policy` and response’s header list.
  const { headersList } = actualResponse
  // 2. Let policy be the empty string.
  // 3. For each token in policy-tokens, if token is a referrer policy and token is not the empty string, then set policy to token.
  // 4. Return policy.
  const policyHeader = (headersList.get('referrer-policy', true) ?? '').split(',')

  // Note: As the referrer-policy can contain multiple policies
  // separated by comma, we need to loop through all of them
  // and pick the first valid one.
  // Ref: https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Referrer-Policy#specify_a_fallback_policy
  let policy = ''
  if (policyHeader.length > 0) {
    // The right-most policy takes precedence.
    // The left-most policy is the fallback.
    for (let i = policyHeader.length; i !== 0; i--) {
      const token = policyHeader[i - 1].trim()
      if (referrerPolicyTokens.has(token)) {
        policy = token
        break
      }
    }
  }

  // 2. If policy is not the empty string, then set request’s referrer policy to policy.
  if (policy !== '') {
    request.referrerPolicy = policy
  }
}

// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
function crossOriginResourcePolicyCheck () {
  // TODO
  return 'allowed'
}

// https://fetch.spec.whatwg.org/#concept-cors-check
function corsCheck () {
  // TODO
  return 'success'
}

// https://fetch.spec.whatwg.org/#concept-tao-check
function TAOCheck () {
  // TODO
  return 'success'
}

function appendFetchMetadata (httpRequest) {
  //  https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-dest-header
  //  TODO

  //  https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-mode-header

  //  1. Assert: r’s url is a potentially trustworthy URL.
  //  TODO

  //  2. Let header be a Structured Header whose value is a token.
  let header = null

  //  3. Set header’s value to r’s mode.
  header = httpRequest.mode

  //  4. Set a structured field value `Sec-Fetch-Mode`/header in r’s header list.
  httpRequest.headersList.set('sec-fetch-mode', header, true)

  //  https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
  //  TODO

  //  https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-user-header
  //  TODO
}

// https://fetch.spec.whatwg.org/#append-a-request-origin-header
function appendRequestOriginHeader (request) {
  // 1. Let serializedOrigin be the result of byte-serializing a request origin
  //    with request.
  // TODO: implement "byte-serializing a request origin"
  let serializedOrigin = request.origin

  // - "'client' is changed to an origin during fetching."
  //   This doesn't happen in undici (in most cases) because undici, by default,
  //   has no concept of origin.
  // - request.origin can also be set to request.client.origin (client being
  //   an environment settings object), which is undefined without using
  //   setGlobalOrigin.
  if (serializedOrigin === 'client' || serializedOrigin === undefined) {
    return
  }

  // 2. If request’s response tainting is "cors" or request’s mode is "websocket",
  //    then append (`Origin`, serializedOrigin) to request’s header list.
  // 3. Otherwise, if request’s method is neither `GET` nor `HEAD`, then:
  if (request.responseTainting === 'cors' || request.mode === 'websocket') {
    request.headersList.append('origin', serializedOrigin, true)
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    // 1. Switch on request’s referrer policy:
    switch (request.referrerPolicy) {
      case 'no-referrer':
        // Set serializedOrigin to `null`.
        serializedOrigin = null
        break
      case 'no-referrer-when-downgrade':
      case 'strict-origin':
      case 'strict-origin-when-cross-origin':
        // If request’s origin is a tuple origin, its scheme is "https", and
        // request’s current URL’s scheme is not "https", then set
        // serializedOrigin to `null`.
        if (request.origin && urlHasHttpsScheme(request.origin) && !urlHasHttpsScheme(requestCurrentURL(request))) {
          serializedOrigin = null
        }
        break
      case 'same-origin':
        // If request’s origin is not same origin with request’s current URL’s
        // origin, then set serializedOrigin to `null`.
        if (!sameOrigin(request, requestCurrentURL(request))) {
          serializedOrigin = null
        }
        break
      default:
        // Do nothing.
    }

    // 2. Append (`Origin`, serializedOrigin) to request’s header list.
    request.headersList.append('origin', serializedOrigin, true)
  }
}

// https://w3c.github.io/hr-time/#dfn-coarsen-time
function coarsenTime (timestamp, crossOriginIsolatedCapability) {
  // TODO
  return timestamp
}

// https://fetch.spec.whatwg.org/#clamp-and-coarsen-connection-timing-info
function clampAndCoarsenConnectionTimingInfo (connectionTimingInfo, defaultStartTime, crossOriginIsolatedCapability) {
  if (!connectionTimingInfo?.startTime || connectionTimingInfo.startTime < defaultStartTime) {
    return {
      domainLookupStartTime: defaultStartTime,
      domainLookupEndTime: defaultStartTime,
      connectionStartTime: defaultStartTime,
      connectionEndTime: defaultStartTime,
      secureConnectionStartTime: defaultStartTime,
      ALPNNegotiatedProtocol: connectionTimingInfo?.ALPNNegotiatedProtocol
    }
  }

  return {
    domainLookupStartTime: coarsenTime(connectionTimingInfo.domainLookupStartTime, crossOriginIsolatedCapability),
    domainLookupEndTime: coarsenTime(connectionTimingInfo.domainLookupEndTime, crossOriginIsolatedCapability),
    connectionStartTime: coarsenTime(connectionTimingInfo.connectionStartTime, crossOriginIsolatedCapability),
    connectionEndTime: coarsenTime(connectionTimingInfo.connectionEndTime, crossOriginIsolatedCapability),
    secureConnectionStartTime: coarsenTime(connectionTimingInfo.secureConnectionStartTime, crossOriginIsolatedCapability),
    ALPNNegotiatedProtocol: connectionTimingInfo.ALPNNegotiatedProtocol
  }
}

// https://w3c.github.io/hr-time/#dfn-coarsened-shared-current-time
function coarsenedSharedCurrentTime (crossOriginIsolatedCapability) {
  return coarsenTime(performance.now(), crossOriginIsolatedCapability)
}

// https://fetch.spec.whatwg.org/#create-an-opaque-timing-info
function createOpaqueTimingInfo (timingInfo) {
  return {
    startTime: timingInfo.startTime ?? 0,
    redirectStartTime: 0,
    redirectEndTime: 0,
    postRedirectStartTime: timingInfo.startTime ?? 0,
    finalServiceWorkerStartTime: 0,
    finalNetworkResponseStartTime: 0,
    finalNetworkRequestStartTime: 0,
    endTime: 0,
    encodedBodySize: 0,
    decodedBodySize: 0,
    finalConnectionTimingInfo: null
  }
}

// https://html.spec.whatwg.org/multipage/origin.html#policy-container
function makePolicyContainer () {
  // Note: the fetch spec doesn't make use of embedder policy or CSP list
  return {
    referrerPolicy: 'strict-origin-when-cross-origin'
  }
}

// https://html.spec.whatwg.org/multipage/origin.html#clone-a-policy-container
function clonePolicyContainer (policyContainer) {
  return {
    referrerPolicy: policyContainer.referrerPolicy
  }
}

// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
function determineRequestsReferrer (request) {
  // 1. Let policy be request's referrer policy.
  const policy = request.referrerPolicy

  // Note: policy cannot (shouldn't) be null or an empty string.
  assert(policy)

  // 2. Let environment be request’s client.

  let referrerSource = null

  // 3. Switch on request’s referrer:
  if (request.referrer === 'client') {
    // Note: node isn't a browser and doesn't implement document/iframes,
    // so we bypass this step and replace it with our own.

    const globalOrigin = getGlobalOrigin()

    if (!globalOrigin || globalOrigin.origin === 'null') {
      return 'no-referrer'
    }

    // note: we need to clone it as it's mutated
    referrerSource = new URL(globalOrigin)
  } else if (request.referrer instanceof URL) {
    // Let referrerSource be request’s referrer.
    referrerSource = request.referrer
  }

  // 4. Let request’s referrerURL be the result of stripping referrerSource for
  //    use as a referrer.
  let referrerURL = stripURLForReferrer(referrerSource)

  // 5. Let referrerOrigin be the result of stripping referrerSource for use as
  //    a referrer, with the origin-only flag set to true.
  const referrerOrigin = stripURLForReferrer(referrerSource, true)

  // 6. If the result of serializing referrerURL is a string whose length is
  //    greater than 4096, set referrerURL to referrerOrigin.
  if (referrerURL.toString().length > 4096) {
    referrerURL = referrerOrigin
  }

  const areSameOrigin = sameOrigin(request, referrerURL)
  const isNonPotentiallyTrustWorthy = isURLPotentiallyTrustworthy(referrerURL) &&
    !isURLPotentiallyTrustworthy(request.url)

  // 8. Execute the switch statements corresponding to the value of policy:
  switch (policy) {
    case 'origin': return referrerOrigin != null ? referrerOrigin : stripURLForReferrer(referrerSource, true)
    case 'unsafe-url': return referrerURL
    case 'same-origin':
      return areSameOrigin ? referrerOrigin : 'no-referrer'
    case 'origin-when-cross-origin':
      return areSameOrigin ? referrerURL : referrerOrigin
    case 'strict-origin-when-cross-origin': {
      const currentURL = requestCurrentURL(request)

      // 1. If the origin of referrerURL and the origin of request’s current
      //    URL are the same, then return referrerURL.
      if (sameOrigin(referrerURL, currentURL)) {
        return referrerURL
      }

      // 2. If referrerURL is a potentially trustworthy URL and request’s
      //    current URL is not a potentially trustworthy URL, then return no
      //    referrer.
      if (isURLPotentiallyTrustworthy(referrerURL) && !isURLPotentiallyTrustworthy(currentURL)) {
        return 'no-referrer'
      }

      // 3. Return referrerOrigin.
      return referrerOrigin
    }
    case 'strict-origin': // eslint-disable-line
      /**
         * 1. If referrerURL is a potentially trustworthy URL and
         * request’s current URL is not a potentially trustworthy URL,
         * then return no referrer.
         * 2. Return referrerOrigin
        */
    case 'no-referrer-when-downgrade': // eslint-disable-line
      /**
       * 1. If referrerURL is a potentially trustworthy URL and
       * request’s current URL is not a potentially trustworthy URL,
       * then return no referrer.
       * 2. Return referrerOrigin
      */

    default: // eslint-disable-line
      return isNonPotentiallyTrustWorthy ? 'no-referrer' : referrerOrigin
  }
}

/**
 * @see https://w3c.github.io/webappsec-referrer-policy/#strip-url
 * @param {URL} url
 * @param {boolean|undefined} originOnly
 */
function stripURLForReferrer (url, originOnly) {
  // 1. Assert: url is a URL.
  assert(url instanceof URL)

  url = new URL(url)

  // 2. If url’s scheme is a local scheme, then return no referrer.
  if (url.protocol === 'file:' || url.protocol === 'about:' || url.protocol === 'blank:') {
    return 'no-referrer'
  }

  // 3. Set url’s username to the empty string.
  url.username = ''

  // 4. Set url’s password to the empty string.
  url.password = ''

  // 5. Set url’s fragment to null.
  url.hash = ''

  // 6. If the origin-only flag is true, then:
  if (originOnly) {
    // 1. Set url’s path to « the empty string ».
    url.pathname = ''

    // 2. Set url’s query to null.
    url.search = ''
  }

  // 7. Return url.
  return url
}

function isURLPotentiallyTrustworthy (url) {
  if (!(url instanceof URL)) {
    return false
  }

  // If child of about, return true
  if (url.href === 'about:blank' || url.href === 'about:srcdoc') {
    return true
  }

  // If scheme is data, return true
  if (url.protocol === 'data:') return true

  // If file, return true
  if (url.protocol === 'file:') return true

  return isOriginPotentiallyTrustworthy(url.origin)

  function isOriginPotentiallyTrustworthy (origin) {
    // If origin is explicitly null, return false
    if (origin == null || origin === 'null') return false

    const originAsURL = new URL(origin)

    // If secure, return true
    if (originAsURL.protocol === 'https:' || originAsURL.protocol === 'wss:') {
      return true
    }

    // If localhost or variants, return true
    if (/^127(?:\.[0-9]+){0,2}\.[0-9]+$|^\[(?:0*:)*?:?0*1\]$/.test(originAsURL.hostname) ||
     (originAsURL.hostname === 'localhost' || originAsURL.hostname.includes('localhost.')) ||
     (originAsURL.hostname.endsWith('.localhost'))) {
      return true
    }

    // If any other, return false
    return false
  }
}

/**
 * @see https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
 * @param {Uint8Array} bytes
 * @param {string} metadataList
 */
function bytesMatch (bytes, metadataList) {
  // If node is not built with OpenSSL support, we cannot check
  // a request's integrity, so allow it by default (the spec will
  // allow requests if an invalid hash is given, as precedence).
  /* istanbul ignore if: only if node is built with --without-ssl */
  if (crypto === undefined) {
    return true
  }

  // 1. Let parsedMetadata be the result of parsing metadataList.
  const parsedMetadata = parseMetadata(metadataList)

  // 2. If parsedMetadata is no metadata, return true.
  if (parsedMetadata === 'no metadata') {
    return true
  }

  // 3. If response is not eligible for integrity validation, return false.
  // TODO

  // 4. If parsedMetadata is the empty set, return true.
  if (parsedMetadata.length === 0) {
    return true
  }

  // 5. Let metadata be the result of getting the strongest
  //    metadata from parsedMetadata.
  const strongest = getStrongestMetadata(parsedMetadata)
  const metadata = filterMetadataListByAlgorithm(parsedMetadata, strongest)

  // 6. For each item in metadata:
  for (const item of metadata) {
    // 1. Let algorithm be the alg component of item.
    const algorithm = item.algo

    // 2. Let expectedValue be the val component of item.
    const expectedValue = item.hash

    // See https://github.com/web-platform-tests/wpt/commit/e4c5cc7a5e48093220528dfdd1c4012dc3837a0e
    // "be liberal with padding". This is annoying, and it's not even in the spec.

    // 3. Let actualValue be the result of applying algorithm to bytes.
    let actualValue = crypto.createHash(algorithm).update(bytes).digest('base64')

    if (actualValue[actualValue.length - 1] === '=') {
      if (actualValue[actualValue.length - 2] === '=') {
        actualValue = actualValue.slice(0, -2)
      } else {
        actualValue = actualValue.slice(0, -1)
      }
    }

    // 4. If actualValue is a case-sensitive match for expectedValue,
    //    return true.
    if (compareBase64Mixed(actualValue, expectedValue)) {
      return true
    }
  }

  // 7. Return false.
  return false
}

// https://w3c.github.io/webappsec-subresource-integrity/#grammardef-hash-with-options
// https://www.w3.org/TR/CSP2/#source-list-syntax
// https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1
const parseHashWithOptions = /(?<algo>sha256|sha384|sha512)-((?<hash>[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}(?:\s|$)( +[!-~]*)?)?/i

/**
 * @see https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata
 * @param {string} metadata
 */
function parseMetadata (metadata) {
  // 1. Let result be the empty set.
  /** @type {{ algo: string, hash: string }[]} */
  const result = []

  // 2. Let empty be equal to true.
  let empty = true

  // 3. For each token returned by splitting metadata on spaces:
  for (const token of metadata.split(' ')) {
    // 1. Set empty to false.
    empty = false

    // 2. Parse token as a hash-with-options.
    const parsedToken = parseHashWithOptions.exec(token)

    // 3. If token does not parse, continue to the next token.
    if (
      parsedToken === null ||
      parsedToken.groups === undefined ||
      parsedToken.groups.algo === undefined
    ) {
      // Note: Chromium blocks the request at this point, but Firefox
      // gives a warning that an invalid integrity was given. The
      // correct behavior is to ignore these, and subsequently not
      // check the integrity of the resource.
      continue
    }

    // 4. Let algorithm be the hash-algo component of token.
    const algorithm = parsedToken.groups.algo.toLowerCase()

    // 5. If algorithm is a hash function recognized by the user
    //    agent, add the parsed token to result.
    if (supportedHashes.includes(algorithm)) {
      result.push(parsedToken.groups)
    }
  }

  // 4. Return no metadata if empty is true, otherwise return result.
  if (empty === true) {
    return 'no metadata'
  }

  return result
}

/**
 * @param {{ algo: 'sha256' | 'sha384' | 'sha512' }[]} metadataList
 */
function getStrongestMetadata (metadataList) {
  // Let algorithm be the algo component of the first item in metadataList.
  // Can be sha256
  let algorithm = metadataList[0].algo
  // If the algorithm is sha512, then it is the strongest
  // and we can return immediately
  if (algorithm[3] === '5') {
    return algorithm
  }

  for (let i = 1; i < metadataList.length; ++i) {
    const metadata = metadataList[i]
    // If the algorithm is sha512, then it is the strongest
    // and we can break the loop immediately
    if (metadata.algo[3] === '5') {
      algorithm = 'sha512'
      break
    // If the algorithm is sha384, then a potential sha256 or sha384 is ignored
    } else if (algorithm[3] === '3') {
      continue
    // algorithm is sha256, check if algorithm is sha384 and if so, set it as
    // the strongest
    } else if (metadata.algo[3] === '3') {
      algorithm = 'sha384'
    }
  }
  return algorithm
}

function filterMetadataListByAlgorithm (metadataList, algorithm) {
  if (metadataList.length === 1) {
    return metadataList
  }

  let pos = 0
  for (let i = 0; i < metadataList.length; ++i) {
    if (metadataList[i].algo === algorithm) {
      metadataList[pos++] = metadataList[i]
    }
  }

  metadataList.length = pos

  return metadataList
}

/**
 * Compares two base64 strings, allowing for base64url
 * in the second string.
 *
* @param {string} actualValue always base64
 * @param {string} expectedValue base64 or base64url
 * @returns {boolean}
 */
function compareBase64Mixed (actualValue, expectedValue) {
  if (actualValue.length !== expectedValue.length) {
    return false
  }
  for (let i = 0; i < actualValue.length; ++i) {
    if (actualValue[i] !== expectedValue[i]) {
      if (
        (actualValue[i] === '+' && expectedValue[i] === '-') ||
        (actualValue[i] === '/' && expectedValue[i] === '_')
      ) {
        continue
      }
      return false
    }
  }

  return true
}

// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
function tryUpgradeRequestToAPotentiallyTrustworthyURL (request) {
  // TODO
}

/**
 * @link {https://html.spec.whatwg.org/multipage/origin.html#same-origin}
 * @param {URL} A
 * @param {URL} B
 */
function sameOrigin (A, B) {
  // 1. If A and B are the same opaque origin, then return true.
  if (A.origin === B.origin && A.origin === 'null') {
    return true
  }

  // 2. If A and B are both tuple origins and their schemes,
  //    hosts, and port are identical, then return true.
  if (A.protocol === B.protocol && A.hostname === B.hostname && A.port === B.port) {
    return true
  }

  // 3. Return false.
  return false
}

function createDeferredPromise () {
  let res
  let rej
  const promise = new Promise((resolve, reject) => {
    res = resolve
    rej = reject
  })

  return { promise, resolve: res, reject: rej }
}

function isAborted (fetchParams) {
  return fetchParams.controller.state === 'aborted'
}

function isCancelled (fetchParams) {
  return fetchParams.controller.state === 'aborted' ||
    fetchParams.controller.state === 'terminated'
}

/**
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 * @param {string} method
 */
function normalizeMethod (method) {
  return normalizedMethodRecordsBase[method.toLowerCase()] ?? method
}

// https://infra.spec.whatwg.org/#serialize-a-javascript-value-to-a-json-string
function serializeJavascriptValueToJSONString (value) {
  // 1. Let result be ? Call(%JSON.stringify%, undefined, « value »).
  const result = JSON.stringify(value)

  // 2. If result is undefined, then throw a TypeError.
  if (result === undefined) {
    throw new TypeError('Value is not JSON serializable')
  }

  // 3. Assert: result is a string.
  assert(typeof result === 'string')

  // 4. Return result.
  return result
}

// https://tc39.es/ecma262/#sec-%25iteratorprototype%25-object
const esIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))

/**
 * @see https://webidl.spec.whatwg.org/#dfn-iterator-prototype-object
 * @param {string} name name of the instance
 * @param {symbol} kInternalIterator
 * @param {string | number} [keyIndex]
 * @param {string | number} [valueIndex]
 */
function createIterator (name, kInternalIterator, keyIndex = 0, valueIndex = 1) {
  class FastIterableIterator {
    /** @type {any} */
    #target
    /** @type {'key' | 'value' | 'key+value'} */
    #kind
    /** @type {number} */
    #index

    /**
     * @see https://webidl.spec.whatwg.org/#dfn-default-iterator-object
     * @param {unknown} target
     * @param {'key' | 'value' | 'key+value'} kind
     */
    constructor (target, kind) {
      this.#target = target
      this.#kind = kind
      this.#index = 0
    }

    next () {
      // 1. Let interface be the interface for which the iterator prototype object exists.
      // 2. Let thisValue be the this value.
      // 3. Let object be ? ToObject(thisValue).
      // 4. If object is a platform object, then perform a security
      //    check, passing:
      // 5. If object is not a default iterator object for interface,
      //    then throw a TypeError.
      if (typeof this !== 'object' || this === null || !(#target in this)) {
        throw new TypeError(
          `'next' called on an object that does not implement interface ${name} Iterator.`
        )
      }

      // 6. Let index be object’s index.
      // 7. Let kind be object’s kind.
      // 8. Let values be object’s target's value pairs to iterate over.
      const index = this.#index
      const values = this.#target[kInternalIterator]

      // 9. Let len be the length of values.
      const len = values.length

      // 10. If index is greater than or equal to len, then return
      //     CreateIterResultObject(undefined, true).
      if (index >= len) {
        return {
          value: undefined,
          done: true
        }
      }

      // 11. Let pair be the entry in values at index index.
      const { [keyIndex]: key, [valueIndex]: value } = values[index]

      // 12. Set object’s index to index + 1.
      this.#index = index + 1

      // 13. Return the iterator result for pair and kind.

      // https://webidl.spec.whatwg.org/#iterator-result

      // 1. Let result be a value determined by the value of kind:
      let result
      switch (this.#kind) {
        case 'key':
          // 1. Let idlKey be pair’s key.
          // 2. Let key be the result of converting idlKey to an
          //    ECMAScript value.
          // 3. result is key.
          result = key
          break
        case 'value':
          // 1. Let idlValue be pair’s value.
          // 2. Let value be the result of converting idlValue to
          //    an ECMAScript value.
          // 3. result is value.
          result = value
          break
        case 'key+value':
          // 1. Let idlKey be pair’s key.
          // 2. Let idlValue be pair’s value.
          // 3. Let key be the result of converting idlKey to an
          //    ECMAScript value.
          // 4. Let value be the result of converting idlValue to
          //    an ECMAScript value.
          // 5. Let array be ! ArrayCreate(2).
          // 6. Call ! CreateDataProperty(array, "0", key).
          // 7. Call ! CreateDataProperty(array, "1", value).
          // 8. result is array.
          result = [key, value]
          break
      }

      // 2. Return CreateIterResultObject(result, false).
      return {
        value: result,
        done: false
      }
    }
  }

  // https://webidl.spec.whatwg.org/#dfn-iterator-prototype-object
  // @ts-ignore
  delete FastIterableIterator.prototype.constructor

  Object.setPrototypeOf(FastIterableIterator.prototype, esIteratorPrototype)

  Object.defineProperties(FastIterableIterator.prototype, {
    [Symbol.toStringTag]: {
      writable: false,
      enumerable: false,
      configurable: true,
      value: `${name} Iterator`
    },
    next: { writable: true, enumerable: true, configurable: true }
  })

  /**
   * @param {unknown} target
   * @param {'key' | 'value' | 'key+value'} kind
   * @returns {IterableIterator<any>}
   */
  return function (target, kind) {
    return new FastIterableIterator(target, kind)
  }
}

/**
 * @see https://webidl.spec.whatwg.org/#dfn-iterator-prototype-object
 * @param {string} name name of the instance
 * @param {any} object class
 * @param {symbol} kInternalIterator
 * @param {string | number} [keyIndex]
 * @param {string | number} [valueIndex]
 */
function iteratorMixin (name, object, kInternalIterator, keyIndex = 0, valueIndex = 1) {
  const makeIterator = createIterator(name, kInternalIterator, keyIndex, valueIndex)

  const properties = {
    keys: {
      writable: true,
      enumerable: true,
      configurable: true,
      value: function keys () {
        webidl.brandCheck(this, object)
        return makeIterator(this, 'key')
      }
    },
    values: {
      writable: true,
      enumerable: true,
      configurable: true,
      value: function values () {
        webidl.brandCheck(this, object)
        return makeIterator(this, 'value')
      }
    },
    entries: {
      writable: true,
      enumerable: true,
      configurable: true,
      value: function entries () {
        webidl.brandCheck(this, object)
        return makeIterator(this, 'key+value')
      }
    },
    forEach: {
      writable: true,
      enumerable: true,
      configurable: true,
      value: function forEach (callbackfn, thisArg = globalThis) {
        webidl.brandCheck(this, object)
        webidl.argumentLengthCheck(arguments, 1, `${name}.forEach`)
        if (typeof callbackfn !== 'function') {
          throw new TypeError(
            `Failed to execute 'forEach' on '${name}': parameter 1 is not of type 'Function'.`
          )
        }
        for (const { 0: key, 1: value } of makeIterator(this, 'key+value')) {
          callbackfn.call(thisArg, value, key, this)
        }
      }
    }
  }

  return Object.defineProperties(object.prototype, {
    ...properties,
    [Symbol.iterator]: {
      writable: true,
      enumerable: false,
      configurable: true,
      value: properties.entries.value
    }
  })
}

/**
 * @see https://fetch.spec.whatwg.org/#body-fully-read
 */
async function fullyReadBody (body, processBody, processBodyError) {
  // 1. If taskDestination is null, then set taskDestination to
  //    the result of starting a new parallel queue.

  // 2. Let successSteps given a byte sequence bytes be to queue a
  //    fetch task to run processBody given bytes, with taskDestination.
  const successSteps = processBody

  // 3. Let errorSteps be to queue a fetch task to run processBodyError,
  //    with taskDestination.
  const errorSteps = processBodyError

  // 4. Let reader be the result of getting a reader for body’s stream.
  //    If that threw an exception, then run errorSteps with that
  //    exception and return.
  let reader

  try {
    reader = body.stream.getReader()
  } catch (e) {
    errorSteps(e)
    return
  }

  // 5. Read all bytes from reader, given successSteps and errorSteps.
  try {
    successSteps(await readAllBytes(reader))
  } catch (e) {
    errorSteps(e)
  }
}

function isReadableStreamLike (stream) {
  return stream instanceof ReadableStream || (
    stream[Symbol.toStringTag] === 'ReadableStream' &&
    typeof stream.tee === 'function'
  )
}

/**
 * @param {ReadableStreamController<Uint8Array>} controller
 */
function readableStreamClose (controller) {
  try {
    controller.close()
    controller.byobRequest?.respond(0)
  } catch (err) {
    // TODO: add comment explaining why this error occurs.
    if (!err.message.includes('Controller is already closed') && !err.message.includes('ReadableStream is already closed')) {
      throw err
    }
  }
}

const invalidIsomorphicEncodeValueRegex = /[^\x00-\xFF]/ // eslint-disable-line

/**
 * @see https://infra.spec.whatwg.org/#isomorphic-encode
 * @param {string} input
 */
function isomorphicEncode (input) {
  // 1. Assert: input contains no code points greater than U+00FF.
  assert(!invalidIsomorphicEncodeValueRegex.test(input))

  // 2. Return a byte sequence whose length is equal to input’s code
  //    point length and whose bytes have the same values as the
  //    values of input’s code points, in the same order
  return input
}

/**
 * @see https://streams.spec.whatwg.org/#readablestreamdefaultreader-read-all-bytes
 * @see https://streams.spec.whatwg.org/#read-loop
 * @param {ReadableStreamDefaultReader} reader
 */
async function readAllBytes (reader) {
  const bytes = []
  let byteLength = 0

  while (true) {
    const { done, value: chunk } = await reader.read()

    if (done) {
      // 1. Call successSteps with bytes.
      return Buffer.concat(bytes, byteLength)
    }

    // 1. If chunk is not a Uint8Array object, call failureSteps
    //    with a TypeError and abort these steps.
    if (!isUint8Array(chunk)) {
      throw new TypeError('Received non-Uint8Array chunk')
    }

    // 2. Append the bytes represented by chunk to bytes.
    bytes.push(chunk)
    byteLength += chunk.length

    // 3. Read-loop given reader, bytes, successSteps, and failureSteps.
  }
}

/**
 * @see https://fetch.spec.whatwg.org/#is-local
 * @param {URL} url
 */
function urlIsLocal (url) {
  assert('protocol' in url) // ensure it's a url object

  const protocol = url.protocol

  return protocol === 'about:' || protocol === 'blob:' || protocol === 'data:'
}

/**
 * @param {string|URL} url
 * @returns {boolean}
 */
function urlHasHttpsScheme (url) {
  return (
    (
      typeof url === 'string' &&
      url[5] === ':' &&
      url[0] === 'h' &&
      url[1] === 't' &&
      url[2] === 't' &&
      url[3] === 'p' &&
      url[4] === 's'
    ) ||
    url.protocol === 'https:'
  )
}

/**
 * @see https://fetch.spec.whatwg.org/#http-scheme
 * @param {URL} url
 */
function urlIsHttpHttpsScheme (url) {
  assert('protocol' in url) // ensure it's a url object

  const protocol = url.protocol

  return protocol === 'http:' || protocol === 'https:'
}

/**
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 * @param {string} value
 * @param {boolean} allowWhitespace
 */
function simpleRangeHeaderValue (value, allowWhitespace) {
  // 1. Let data be the isomorphic decoding of value.
  // Note: isomorphic decoding takes a sequence of bytes (ie. a Uint8Array) and turns it into a string,
  // nothing more. We obviously don't need to do that if value is a string already.
  const data = value

  // 2. If data does not start with "bytes", then return failure.
  if (!data.startsWith('bytes')) {
    return 'failure'
  }

  // 3. Let position be a position variable for data, initially pointing at the 5th code point of data.
  const position = { position: 5 }

  // 4. If allowWhitespace is true, collect a sequence of code points that are HTTP tab or space,
  //    from data given position.
  if (allowWhitespace) {
    collectASequenceOfCodePoints(
      (char) => char === '\t' || char === ' ',
      data,
      position
    )
  }

  // 5. If the code point at position within data is not U+003D (=), then return failure.
  if (data.charCodeAt(position.position) !== 0x3D) {
    return 'failure'
  }

  // 6. Advance position by 1.
  position.position++

  // 7. If allowWhitespace is true, collect a sequence of code points that are HTTP tab or space, from
  //    data given position.
  if (allowWhitespace) {
    collectASequenceOfCodePoints(
      (char) => char === '\t' || char === ' ',
      data,
      position
    )
  }

  // 8. Let rangeStart be the result of collecting a sequence of code points that are ASCII digits,
  //    from data given position.
  const rangeStart = collectASequenceOfCodePoints(
    (char) => {
      const code = char.charCodeAt(0)

      return code >= 0x30 && code <= 0x39
    },
    data,
    position
  )

  // 9. Let rangeStartValue be rangeStart, interpreted as decimal number, if rangeStart is not the
  //    empty string; otherwise null.
  const rangeStartValue = rangeStart.length ? Number(rangeStart) : null

  // 10. If allowWhitespace is true, collect a sequence of code points that are HTTP tab or space,
  //     from data given position.
  if (allowWhitespace) {
    collectASequenceOfCodePoints(
      (char) => char === '\t' || char === ' ',
      data,
      position
    )
  }

  // 11. If the code point at position within data is not U+002D (-), then return failure.
  if (data.charCodeAt(position.position) !== 0x2D) {
    return 'failure'
  }

  // 12. Advance position by 1.
  position.position++

  // 13. If allowWhitespace is true, collect a sequence of code points that are HTTP tab
  //     or space, from data given position.
  // Note from Khafra: its the same step as in #8 again lol
  if (allowWhitespace) {
    collectASequenceOfCodePoints(
      (char) => char === '\t' || char === ' ',
      data,
      position
    )
  }

  // 14. Let rangeEnd be the result of collecting a sequence of code points that are
  //     ASCII digits, from data given position.
  // Note from Khafra: you wouldn't guess it, but this is also the same step as #8
  const rangeEnd = collectASequenceOfCodePoints(
    (char) => {
      const code = char.charCodeAt(0)

      return code >= 0x30 && code <= 0x39
    },
    data,
    position
  )

  // 15. Let rangeEndValue be rangeEnd, interpreted as decimal number, if rangeEnd
  //     is not the empty string; otherwise null.
  // Note from Khafra: THE SAME STEP, AGAIN!!!
  // Note: why interpret as a decimal if we only collect ascii digits?
  const rangeEndValue = rangeEnd.length ? Number(rangeEnd) : null

  // 16. If position is not past the end of data, then return failure.
  if (position.position < data.length) {
    return 'failure'
  }

  // 17. If rangeEndValue and rangeStartValue are null, then return failure.
  if (rangeEndValue === null && rangeStartValue === null) {
    return 'failure'
  }

  // 18. If rangeStartValue and rangeEndValue are numbers, and rangeStartValue is
  //     greater than rangeEndValue, then return failure.
  // Note: ... when can they not be numbers?
  if (rangeStartValue > rangeEndValue) {
    return 'failure'
  }

  // 19. Return (rangeStartValue, rangeEndValue).
  return { rangeStartValue, rangeEndValue }
}

/**
 * @see https://fetch.spec.whatwg.org/#build-a-content-range
 * @param {number} rangeStart
 * @param {number} rangeEnd
 * @param {number} fullLength
 */
function buildContentRange (rangeStart, rangeEnd, fullLength) {
  // 1. Let contentRange be `bytes `.
  let contentRange = 'bytes '

  // 2. Append rangeStart, serialized and isomorphic encoded, to contentRange.
  contentRange += isomorphicEncode(`${rangeStart}`)

  // 3. Append 0x2D (-) to contentRange.
  contentRange += '-'

  // 4. Append rangeEnd, serialized and isomorphic encoded to contentRange.
  contentRange += isomorphicEncode(`${rangeEnd}`)

  // 5. Append 0x2F (/) to contentRange.
  contentRange += '/'

  // 6. Append fullLength, serialized and isomorphic encoded to contentRange.
  contentRange += isomorphicEncode(`${fullLength}`)

  // 7. Return contentRange.
  return contentRange
}

// A Stream, which pipes the response to zlib.createInflate() or
// zlib.createInflateRaw() depending on the first byte of the Buffer.
// If the lower byte of the first byte is 0x08, then the stream is
// interpreted as a zlib stream, otherwise it's interpreted as a
// raw deflate stream.
class InflateStream extends Transform {
  #zlibOptions

  /** @param {zlib.ZlibOptions} [zlibOptions] */
  constructor (zlibOptions) {
    super()
    this.#zlibOptions = zlibOptions
  }

  _transform (chunk, encoding, callback) {
    if (!this._inflateStream) {
      if (chunk.length === 0) {
        callback()
        return
      }
      this._inflateStream = (chunk[0] & 0x0F) === 0x08
        ? zlib.createInflate(this.#zlibOptions)
        : zlib.createInflateRaw(this.#zlibOptions)

      this._inflateStream.on('data', this.push.bind(this))
      this._inflateStream.on('end', () => this.push(null))
      this._inflateStream.on('error', (err) => this.destroy(err))
    }

    this._inflateStream.write(chunk, encoding, callback)
  }

  _final (callback) {
    if (this._inflateStream) {
      this._inflateStream.end()
      this._inflateStream = null
    }
    callback()
  }
}

/**
 * @param {zlib.ZlibOptions} [zlibOptions]
 * @returns {InflateStream}
 */
function createInflate (zlibOptions) {
  return new InflateStream(zlibOptions)
}

/**
 * @see https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 * @param {import('./headers').HeadersList} headers
 */
function extractMimeType (headers) {
  // 1. Let charset be null.
  let charset = null

  // 2. Let essence be null.
  let essence = null

  // 3. Let mimeType be null.
  let mimeType = null

  // 4. Let values be the result of getting, decoding, and splitting `Content-Type` from headers.
  const values = getDecodeSplit('content-type', headers)

  // 5. If values is null, then return failure.
  if (values === null) {
    return 'failure'
  }

  // 6. For each value of values:
  for (const value of values) {
    // 6.1. Let temporaryMimeType be the result of parsing value.
    const temporaryMimeType = parseMIMEType(value)

    // 6.2. If temporaryMimeType is failure or its essence is "*/*", then continue.
    if (temporaryMimeType === 'failure' || temporaryMimeType.essence === '*/*') {
      continue
    }

    // 6.3. Set mimeType to temporaryMimeType.
    mimeType = temporaryMimeType

    // 6.4. If mimeType’s essence is not essence, then:
    if (mimeType.essence !== essence) {
      // 6.4.1. Set charset to null.
      charset = null

      // 6.4.2. If mimeType’s parameters["charset"] exists, then set charset to
      //        mimeType’s parameters["charset"].
      if (mimeType.parameters.has('charset')) {
        charset = mimeType.parameters.get('charset')
      }

      // 6.4.3. Set essence to mimeType’s essence.
      essence = mimeType.essence
    } else if (!mimeType.parameters.has('charset') && charset !== null) {
      // 6.5. Otherwise, if mimeType’s parameters["charset"] does not exist, and
      //      charset is non-null, set mimeType’s parameters["charset"] to charset.
      mimeType.parameters.set('charset', charset)
    }
  }

  // 7. If mimeType is null, then return failure.
  if (mimeType == null) {
    return 'failure'
  }

  // 8. Return mimeType.
  return mimeType
}

/**
 * @see https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
 * @param {string|null} value
 */
function gettingDecodingSplitting (value) {
  // 1. Let input be the result of isomorphic decoding value.
  const input = value

  // 2. Let position be a position variable for input, initially pointing at the start of input.
  const position = { position: 0 }

  // 3. Let values be a list of strings, initially empty.
  const values = []

  // 4. Let temporaryValue be the empty string.
  let temporaryValue = ''

  // 5. While position is not past the end of input:
  while (position.position < input.length) {
    // 5.1. Append the result of collecting a sequence of code points that are not U+0022 (")
    //      or U+002C (,) from input, given position, to temporaryValue.
    temporaryValue += collectASequenceOfCodePoints(
      (char) => char !== '"' && char !== ',',
      input,
      position
    )

    // 5.2. If position is not past the end of input, then:
    if (position.position < input.length) {
      // 5.2.1. If the code point at position within input is U+0022 ("), then:
      if (input.charCodeAt(position.position) === 0x22) {
        // 5.2.1.1. Append the result of collecting an HTTP quoted string from input, given position, to temporaryValue.
        temporaryValue += collectAnHTTPQuotedString(
          input,
          position
        )

        // 5.2.1.2. If position is not past the end of input, then continue.
        if (position.position < input.length) {
          continue
        }
      } else {
        // 5.2.2. Otherwise:

        // 5.2.2.1. Assert: the code point at position within input is U+002C (,).
        assert(input.charCodeAt(position.position) === 0x2C)

        // 5.2.2.2. Advance position by 1.
        position.position++
      }
    }

    // 5.3. Remove all HTTP tab or space from the start and end of temporaryValue.
    temporaryValue = removeChars(temporaryValue, true, true, (char) => char === 0x9 || char === 0x20)

    // 5.4. Append temporaryValue to values.
    values.push(temporaryValue)

    // 5.6. Set temporaryValue to the empty string.
    temporaryValue = ''
  }

  // 6. Return values.
  return values
}

/**
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
 * @param {string} name lowercase header name
 * @param {import('./headers').HeadersList} list
 */
function getDecodeSplit (name, list) {
  // 1. Let value be the result of getting name from list.
  const value = list.get(name, true)

  // 2. If value is null, then return null.
  if (value === null) {
    return null
  }

  // 3. Return the result of getting, decoding, and splitting value.
  return gettingDecodingSplitting(value)
}

const textDecoder = new TextDecoder()

/**
 * @see https://encoding.spec.whatwg.org/#utf-8-decode
 * @param {Buffer} buffer
 */
function utf8DecodeBytes (buffer) {
  if (buffer.length === 0) {
    return ''
  }

  // 1. Let buffer be the result of peeking three bytes from
  //    ioQueue, converted to a byte sequence.

  // 2. If buffer is 0xEF 0xBB 0xBF, then read three
  //    bytes from ioQueue. (Do nothing with those bytes.)
  if (buffer[0] === 0xEF && buffer[1] === 0xBB && buffer[2] === 0xBF) {
    buffer = buffer.subarray(3)
  }

  // 3. Process a queue with an instance of UTF-8’s
  //    decoder, ioQueue, output, and "replacement".
  const output = textDecoder.decode(buffer)

  // 4. Return output.
  return output
}

class EnvironmentSettingsObjectBase {
  get baseUrl () {
    return getGlobalOrigin()
  }

  get origin () {
    return this.baseUrl?.origin
  }

  policyContainer = makePolicyContainer()
}

class EnvironmentSettingsObject {
  settingsObject = new EnvironmentSettingsObjectBase()
}

const environmentSettingsObject = new EnvironmentSettingsObject()

module.exports = {
  isAborted,
  isCancelled,
  isValidEncodedURL,
  createDeferredPromise,
  ReadableStreamFrom,
  tryUpgradeRequestToAPotentiallyTrustworthyURL,
  clampAndCoarsenConnectionTimingInfo,
  coarsenedSharedCurrentTime,
  determineRequestsReferrer,
  makePolicyContainer,
  clonePolicyContainer,
  appendFetchMetadata,
  appendRequestOriginHeader,
  TAOCheck,
  corsCheck,
  crossOriginResourcePolicyCheck,
  createOpaqueTimingInfo,
  setRequestReferrerPolicyOnRedirect,
  isValidHTTPToken,
  requestBadPort,
  requestCurrentURL,
  responseURL,
  responseLocationURL,
  isBlobLike,
  isURLPotentiallyTrustworthy,
  isValidReasonPhrase,
  sameOrigin,
  normalizeMethod,
  serializeJavascriptValueToJSONString,
  iteratorMixin,
  createIterator,
  isValidHeaderName,
  isValidHeaderValue,
  isErrorLike,
  fullyReadBody,
  bytesMatch,
  isReadableStreamLike,
  readableStreamClose,
  isomorphicEncode,
  urlIsLocal,
  urlHasHttpsScheme,
  urlIsHttpHttpsScheme,
  readAllBytes,
  simpleRangeHeaderValue,
  buildContentRange,
  parseMetadata,
  createInflate,
  extractMimeType,
  getDecodeSplit,
  utf8DecodeBytes,
  environmentSettingsObject
}


/***/ }),

/***/ 5893:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {



const { types, inspect } = __nccwpck_require__(7975)
const { markAsUncloneable } = __nccwpck_require__(5919)
const { toUSVString } = __nccwpck_require__(3440)

/** @type {import('../../../types/webidl').Webidl} */
const webidl = {}
webidl.converters = {}
webidl.util = {}
webidl.errors = {}

webidl.errors.exception = function (message) {
  return new TypeError(`${message.header}: ${message.message}`)
}

webidl.errors.conversionFailed = function (context) {
  const plural = context.types.length === 1 ? '' : ' one of'
  const message =
    `${context.argument} could not be converted to` +
    `${plural}: ${context.types.join(', ')}.`

  return webidl.errors.exception({
    header: context.prefix,
    message
  })
}

webidl.errors.invalidArgument = function (context) {
  return webidl.errors.exception({
    header: context.prefix,
    message: `"${context.value}" is an invalid ${context.type}.`
  })
}

// https://webidl.spec.whatwg.org/#implements
webidl.brandCheck = function (V, I, opts) {
  if (opts?.strict !== false) {
    if (!(V instanceof I)) {
      const err = new TypeError('Illegal invocation')
      err.code = 'ERR_INVALID_THIS' // node compat.
      throw err
    }
  } else {
    if (V?.[Symbol.toStringTag] !== I.prototype[Symbol.toStringTag]) {
      const err = new TypeError('Illegal invocation')
      err.code = 'ERR_INVALID_THIS' // node compat.
      throw err
    }
  }
}

webidl.argumentLengthCheck = function ({ length }, min, ctx) {
  if (length < min) {
    throw webidl.errors.exception({
      message: `${min} argument${min !== 1 ? 's' : ''} required, ` +
               `but${length ? ' only' : ''} ${length} found.`,
      header: ctx
    })
  }
}

webidl.illegalConstructor = function () {
  throw webidl.errors.exception({
    header: 'TypeError',
    message: 'Illegal constructor'
  })
}

// https://tc39.es/ecma262/#sec-ecmascript-data-types-and-values
webidl.util.Type = function (V) {
  switch (typeof V) {
    case 'undefined': return 'Undefined'
    case 'boolean': return 'Boolean'
    case 'string': return 'String'
    case 'symbol': return 'Symbol'
    case 'number': return 'Number'
    case 'bigint': return 'BigInt'
    case 'function':
    case 'object': {
      if (V === null) {
        return 'Null'
      }

      return 'Object'
    }
  }
}

webidl.util.markAsUncloneable = markAsUncloneable || (() => {})
// https://webidl.spec.whatwg.org/#abstract-opdef-converttoint
webidl.util.ConvertToInt = function (V, bitLength, signedness, opts) {
  let upperBound
  let lowerBound

  // 1. If bitLength is 64, then:
  if (bitLength === 64) {
    // 1. Let upperBound be 2^53 − 1.
    upperBound = Math.pow(2, 53) - 1

    // 2. If signedness is "unsigned", then let lowerBound be 0.
    if (signedness === 'unsigned') {
      lowerBound = 0
    } else {
      // 3. Otherwise let lowerBound be −2^53 + 1.
      lowerBound = Math.pow(-2, 53) + 1
    }
  } else if (signedness === 'unsigned') {
    // 2. Otherwise, if signedness is "unsigned", then:

    // 1. Let lowerBound be 0.
    lowerBound = 0

    // 2. Let upperBound be 2^bitLength − 1.
    upperBound = Math.pow(2, bitLength) - 1
  } else {
    // 3. Otherwise:

    // 1. Let lowerBound be -2^bitLength − 1.
    lowerBound = Math.pow(-2, bitLength) - 1

    // 2. Let upperBound be 2^bitLength − 1 − 1.
    upperBound = Math.pow(2, bitLength - 1) - 1
  }

  // 4. Let x be ? ToNumber(V).
  let x = Number(V)

  // 5. If x is −0, then set x to +0.
  if (x === 0) {
    x = 0
  }

  // 6. If the conversion is to an IDL type associated
  //    with the [EnforceRange] extended attribute, then:
  if (opts?.enforceRange === true) {
    // 1. If x is NaN, +∞, or −∞, then throw a TypeError.
    if (
      Number.isNaN(x) ||
      x === Number.POSITIVE_INFINITY ||
      x === Number.NEGATIVE_INFINITY
    ) {
      throw webidl.errors.exception({
        header: 'Integer conversion',
        message: `Could not convert ${webidl.util.Stringify(V)} to an integer.`
      })
    }

    // 2. Set x to IntegerPart(x).
    x = webidl.util.IntegerPart(x)

    // 3. If x < lowerBound or x > upperBound, then
    //    throw a TypeError.
    if (x < lowerBound || x > upperBound) {
      throw webidl.errors.exception({
        header: 'Integer conversion',
        message: `Value must be between ${lowerBound}-${upperBound}, got ${x}.`
      })
    }

    // 4. Return x.
    return x
  }

  // 7. If x is not NaN and the conversion is to an IDL
  //    type associated with the [Clamp] extended
  //    attribute, then:
  if (!Number.isNaN(x) && opts?.clamp === true) {
    // 1. Set x to min(max(x, lowerBound), upperBound).
    x = Math.min(Math.max(x, lowerBound), upperBound)

    // 2. Round x to the nearest integer, choosing the
    //    even integer if it lies halfway between two,
    //    and choosing +0 rather than −0.
    if (Math.floor(x) % 2 === 0) {
      x = Math.floor(x)
    } else {
      x = Math.ceil(x)
    }

    // 3. Return x.
    return x
  }

  // 8. If x is NaN, +0, +∞, or −∞, then return +0.
  if (
    Number.isNaN(x) ||
    (x === 0 && Object.is(0, x)) ||
    x === Number.POSITIVE_INFINITY ||
    x === Number.NEGATIVE_INFINITY
  ) {
    return 0
  }

  // 9. Set x to IntegerPart(x).
  x = webidl.util.IntegerPart(x)

  // 10. Set x to x modulo 2^bitLength.
  x = x % Math.pow(2, bitLength)

  // 11. If signedness is "signed" and x ≥ 2^bitLength − 1,
  //    then return x − 2^bitLength.
  if (signedness === 'signed' && x >= Math.pow(2, bitLength) - 1) {
    return x - Math.pow(2, bitLength)
  }

  // 12. Otherwise, return x.
  return x
}

// https://webidl.spec.whatwg.org/#abstract-opdef-integerpart
webidl.util.IntegerPart = function (n) {
  // 1. Let r be floor(abs(n)).
  const r = Math.floor(Math.abs(n))

  // 2. If n < 0, then return -1 × r.
  if (n < 0) {
    return -1 * r
  }

  // 3. Otherwise, return r.
  return r
}

webidl.util.Stringify = function (V) {
  const type = webidl.util.Type(V)

  switch (type) {
    case 'Symbol':
      return `Symbol(${V.description})`
    case 'Object':
      return inspect(V)
    case 'String':
      return `"${V}"`
    default:
      return `${V}`
  }
}

// https://webidl.spec.whatwg.org/#es-sequence
webidl.sequenceConverter = function (converter) {
  return (V, prefix, argument, Iterable) => {
    // 1. If Type(V) is not Object, throw a TypeError.
    if (webidl.util.Type(V) !== 'Object') {
      throw webidl.errors.exception({
        header: prefix,
        message: `${argument} (${webidl.util.Stringify(V)}) is not iterable.`
      })
    }

    // 2. Let method be ? GetMethod(V, @@iterator).
    /** @type {Generator} */
    const method = typeof Iterable === 'function' ? Iterable() : V?.[Symbol.iterator]?.()
    const seq = []
    let index = 0

    // 3. If method is undefined, throw a TypeError.
    if (
      method === undefined ||
      typeof method.next !== 'function'
    ) {
      throw webidl.errors.exception({
        header: prefix,
        message: `${argument} is not iterable.`
      })
    }

    // https://webidl.spec.whatwg.org/#create-sequence-from-iterable
    while (true) {
      const { done, value } = method.next()

      if (done) {
        break
      }

      seq.push(converter(value, prefix, `${argument}[${index++}]`))
    }

    return seq
  }
}

// https://webidl.spec.whatwg.org/#es-to-record
webidl.recordConverter = function (keyConverter, valueConverter) {
  return (O, prefix, argument) => {
    // 1. If Type(O) is not Object, throw a TypeError.
    if (webidl.util.Type(O) !== 'Object') {
      throw webidl.errors.exception({
        header: prefix,
        message: `${argument} ("${webidl.util.Type(O)}") is not an Object.`
      })
    }

    // 2. Let result be a new empty instance of record<K, V>.
    const result = {}

    if (!types.isProxy(O)) {
      // 1. Let desc be ? O.[[GetOwnProperty]](key).
      const keys = [...Object.getOwnPropertyNames(O), ...Object.getOwnPropertySymbols(O)]

      for (const key of keys) {
        // 1. Let typedKey be key converted to an IDL value of type K.
        const typedKey = keyConverter(key, prefix, argument)

        // 2. Let value be ? Get(O, key).
        // 3. Let typedValue be value converted to an IDL value of type V.
        const typedValue = valueConverter(O[key], prefix, argument)

        // 4. Set result[typedKey] to typedValue.
        result[typedKey] = typedValue
      }

      // 5. Return result.
      return result
    }

    // 3. Let keys be ? O.[[OwnPropertyKeys]]().
    const keys = Reflect.ownKeys(O)

    // 4. For each key of keys.
    for (const key of keys) {
      // 1. Let desc be ? O.[[GetOwnProperty]](key).
      const desc = Reflect.getOwnPropertyDescriptor(O, key)

      // 2. If desc is not undefined and desc.[[Enumerable]] is true:
      if (desc?.enumerable) {
        // 1. Let typedKey be key converted to an IDL value of type K.
        const typedKey = keyConverter(key, prefix, argument)

        // 2. Let value be ? Get(O, key).
        // 3. Let typedValue be value converted to an IDL value of type V.
        const typedValue = valueConverter(O[key], prefix, argument)

        // 4. Set result[typedKey] to typedValue.
        result[typedKey] = typedValue
      }
    }

    // 5. Return result.
    return result
  }
}

webidl.interfaceConverter = function (i) {
  return (V, prefix, argument, opts) => {
    if (opts?.strict !== false && !(V instanceof i)) {
      throw webidl.errors.exception({
        header: prefix,
        message: `Expected ${argument} ("${webidl.util.Stringify(V)}") to be an instance of ${i.name}.`
      })
    }

    return V
  }
}

webidl.dictionaryConverter = function (converters) {
  return (dictionary, prefix, argument) => {
    const type = webidl.util.Type(dictionary)
    const dict = {}

    if (type === 'Null' || type === 'Undefined') {
      return dict
    } else if (type !== 'Object') {
      throw webidl.errors.exception({
        header: prefix,
        message: `Expected ${dictionary} to be one of: Null, Undefined, Object.`
      })
    }

    for (const options of converters) {
      const { key, defaultValue, required, converter } = options

      if (required === true) {
        if (!Object.hasOwn(dictionary, key)) {
          throw webidl.errors.exception({
            header: prefix,
            message: `Missing required key "${key}".`
          })
        }
      }

      let value = dictionary[key]
      const hasDefault = Object.hasOwn(options, 'defaultValue')

      // Only use defaultValue if value is undefined and
      // a defaultValue options was provided.
      if (hasDefault && value !== null) {
        value ??= defaultValue()
      }

      // A key can be optional and have no default value.
      // When this happens, do not perform a conversion,
      // and do not assign the key a value.
      if (required || hasDefault || value !== undefined) {
        value = converter(value, prefix, `${argument}.${key}`)

        if (
          options.allowedValues &&
          !options.allowedValues.includes(value)
        ) {
          throw webidl.errors.exception({
            header: prefix,
            message: `${value} is not an accepted type. Expected one of ${options.allowedValues.join(', ')}.`
          })
        }

        dict[key] = value
      }
    }

    return dict
  }
}

webidl.nullableConverter = function (converter) {
  return (V, prefix, argument) => {
    if (V === null) {
      return V
    }

    return converter(V, prefix, argument)
  }
}

// https://webidl.spec.whatwg.org/#es-DOMString
webidl.converters.DOMString = function (V, prefix, argument, opts) {
  // 1. If V is null and the conversion is to an IDL type
  //    associated with the [LegacyNullToEmptyString]
  //    extended attribute, then return the DOMString value
  //    that represents the empty string.
  if (V === null && opts?.legacyNullToEmptyString) {
    return ''
  }

  // 2. Let x be ? ToString(V).
  if (typeof V === 'symbol') {
    throw webidl.errors.exception({
      header: prefix,
      message: `${argument} is a symbol, which cannot be converted to a DOMString.`
    })
  }

  // 3. Return the IDL DOMString value that represents the
  //    same sequence of code units as the one the
  //    ECMAScript String value x represents.
  return String(V)
}

// https://webidl.spec.whatwg.org/#es-ByteString
webidl.converters.ByteString = function (V, prefix, argument) {
  // 1. Let x be ? ToString(V).
  // Note: DOMString converter perform ? ToString(V)
  const x = webidl.converters.DOMString(V, prefix, argument)

  // 2. If the value of any element of x is greater than
  //    255, then throw a TypeError.
  for (let index = 0; index < x.length; index++) {
    if (x.charCodeAt(index) > 255) {
      throw new TypeError(
        'Cannot convert argument to a ByteString because the character at ' +
        `index ${index} has a value of ${x.charCodeAt(index)} which is greater than 255.`
      )
    }
  }

  // 3. Return an IDL ByteString value whose length is the
  //    length of x, and where the value of each element is
  //    the value of the corresponding element of x.
  return x
}

// https://webidl.spec.whatwg.org/#es-USVString
// TODO: rewrite this so we can control the errors thrown
webidl.converters.USVString = toUSVString

// https://webidl.spec.whatwg.org/#es-boolean
webidl.converters.boolean = function (V) {
  // 1. Let x be the result of computing ToBoolean(V).
  const x = Boolean(V)

  // 2. Return the IDL boolean value that is the one that represents
  //    the same truth value as the ECMAScript Boolean value x.
  return x
}

// https://webidl.spec.whatwg.org/#es-any
webidl.converters.any = function (V) {
  return V
}

// https://webidl.spec.whatwg.org/#es-long-long
webidl.converters['long long'] = function (V, prefix, argument) {
  // 1. Let x be ? ConvertToInt(V, 64, "signed").
  const x = webidl.util.ConvertToInt(V, 64, 'signed', undefined, prefix, argument)

  // 2. Return the IDL long long value that represents
  //    the same numeric value as x.
  return x
}

// https://webidl.spec.whatwg.org/#es-unsigned-long-long
webidl.converters['unsigned long long'] = function (V, prefix, argument) {
  // 1. Let x be ? ConvertToInt(V, 64, "unsigned").
  const x = webidl.util.ConvertToInt(V, 64, 'unsigned', undefined, prefix, argument)

  // 2. Return the IDL unsigned long long value that
  //    represents the same numeric value as x.
  return x
}

// https://webidl.spec.whatwg.org/#es-unsigned-long
webidl.converters['unsigned long'] = function (V, prefix, argument) {
  // 1. Let x be ? ConvertToInt(V, 32, "unsigned").
  const x = webidl.util.ConvertToInt(V, 32, 'unsigned', undefined, prefix, argument)

  // 2. Return the IDL unsigned long value that
  //    represents the same numeric value as x.
  return x
}

// https://webidl.spec.whatwg.org/#es-unsigned-short
webidl.converters['unsigned short'] = function (V, prefix, argument, opts) {
  // 1. Let x be ? ConvertToInt(V, 16, "unsigned").
  const x = webidl.util.ConvertToInt(V, 16, 'unsigned', opts, prefix, argument)

  // 2. Return the IDL unsigned short value that represents
  //    the same numeric value as x.
  return x
}

// https://webidl.spec.whatwg.org/#idl-ArrayBuffer
webidl.converters.ArrayBuffer = function (V, prefix, argument, opts) {
  // 1. If Type(V) is not Object, or V does not have an
  //    [[ArrayBufferData]] internal slot, then throw a
  //    TypeError.
  // see: https://tc39.es/ecma262/#sec-properties-of-the-arraybuffer-instances
  // see: https://tc39.es/ecma262/#sec-properties-of-the-sharedarraybuffer-instances
  if (
    webidl.util.Type(V) !== 'Object' ||
    !types.isAnyArrayBuffer(V)
  ) {
    throw webidl.errors.conversionFailed({
      prefix,
      argument: `${argument} ("${webidl.util.Stringify(V)}")`,
      types: ['ArrayBuffer']
    })
  }

  // 2. If the conversion is not to an IDL type associated
  //    with the [AllowShared] extended attribute, and
  //    IsSharedArrayBuffer(V) is true, then throw a
  //    TypeError.
  if (opts?.allowShared === false && types.isSharedArrayBuffer(V)) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'SharedArrayBuffer is not allowed.'
    })
  }

  // 3. If the conversion is not to an IDL type associated
  //    with the [AllowResizable] extended attribute, and
  //    IsResizableArrayBuffer(V) is true, then throw a
  //    TypeError.
  if (V.resizable || V.growable) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'Received a resizable ArrayBuffer.'
    })
  }

  // 4. Return the IDL ArrayBuffer value that is a
  //    reference to the same object as V.
  return V
}

webidl.converters.TypedArray = function (V, T, prefix, name, opts) {
  // 1. Let T be the IDL type V is being converted to.

  // 2. If Type(V) is not Object, or V does not have a
  //    [[TypedArrayName]] internal slot with a value
  //    equal to T’s name, then throw a TypeError.
  if (
    webidl.util.Type(V) !== 'Object' ||
    !types.isTypedArray(V) ||
    V.constructor.name !== T.name
  ) {
    throw webidl.errors.conversionFailed({
      prefix,
      argument: `${name} ("${webidl.util.Stringify(V)}")`,
      types: [T.name]
    })
  }

  // 3. If the conversion is not to an IDL type associated
  //    with the [AllowShared] extended attribute, and
  //    IsSharedArrayBuffer(V.[[ViewedArrayBuffer]]) is
  //    true, then throw a TypeError.
  if (opts?.allowShared === false && types.isSharedArrayBuffer(V.buffer)) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'SharedArrayBuffer is not allowed.'
    })
  }

  // 4. If the conversion is not to an IDL type associated
  //    with the [AllowResizable] extended attribute, and
  //    IsResizableArrayBuffer(V.[[ViewedArrayBuffer]]) is
  //    true, then throw a TypeError.
  if (V.buffer.resizable || V.buffer.growable) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'Received a resizable ArrayBuffer.'
    })
  }

  // 5. Return the IDL value of type T that is a reference
  //    to the same object as V.
  return V
}

webidl.converters.DataView = function (V, prefix, name, opts) {
  // 1. If Type(V) is not Object, or V does not have a
  //    [[DataView]] internal slot, then throw a TypeError.
  if (webidl.util.Type(V) !== 'Object' || !types.isDataView(V)) {
    throw webidl.errors.exception({
      header: prefix,
      message: `${name} is not a DataView.`
    })
  }

  // 2. If the conversion is not to an IDL type associated
  //    with the [AllowShared] extended attribute, and
  //    IsSharedArrayBuffer(V.[[ViewedArrayBuffer]]) is true,
  //    then throw a TypeError.
  if (opts?.allowShared === false && types.isSharedArrayBuffer(V.buffer)) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'SharedArrayBuffer is not allowed.'
    })
  }

  // 3. If the conversion is not to an IDL type associated
  //    with the [AllowResizable] extended attribute, and
  //    IsResizableArrayBuffer(V.[[ViewedArrayBuffer]]) is
  //    true, then throw a TypeError.
  if (V.buffer.resizable || V.buffer.growable) {
    throw webidl.errors.exception({
      header: 'ArrayBuffer',
      message: 'Received a resizable ArrayBuffer.'
    })
  }

  // 4. Return the IDL DataView value that is a reference
  //    to the same object as V.
  return V
}

// https://webidl.spec.whatwg.org/#BufferSource
webidl.converters.BufferSource = function (V, prefix, name, opts) {
  if (types.isAnyArrayBuffer(V)) {
    return webidl.converters.ArrayBuffer(V, prefix, name, { ...opts, allowShared: false })
  }

  if (types.isTypedArray(V)) {
    return webidl.converters.TypedArray(V, V.constructor, prefix, name, { ...opts, allowShared: false })
  }

  if (types.isDataView(V)) {
    return webidl.converters.DataView(V, prefix, name, { ...opts, allowShared: false })
  }

  throw webidl.errors.conversionFailed({
    prefix,
    argument: `${name} ("${webidl.util.Stringify(V)}")`,
    types: ['BufferSource']
  })
}

webidl.converters['sequence<ByteString>'] = webidl.sequenceConverter(
  webidl.converters.ByteString
)

webidl.converters['sequence<sequence<ByteString>>'] = webidl.sequenceConverter(
  webidl.converters['sequence<ByteString>']
)

webidl.converters['record<ByteString, ByteString>'] = webidl.recordConverter(
  webidl.converters.ByteString,
  webidl.converters.ByteString
)

module.exports = {
  webidl
}


/***/ }),

/***/ 9056:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  n: () => (/* binding */ start)
});

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __nccwpck_require__(8500);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __nccwpck_require__(3916);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
var external_node_path_default = /*#__PURE__*/__nccwpck_require__.n(external_node_path_);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __nccwpck_require__(1455);
;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: ./src/github/core.ts
/** What a step tells its runner: the part of `@actions/core` that we use, without the HTTP client that comes with it. */




/** Prints a line as it is: one that looks like a command is one. */
function print(line) {
    process.stdout.write(line + external_node_os_namespaceObject.EOL);
}
/**
 * Gives the runner a command; of its properties those that say something are written:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function issue(command, message = '', properties = {}) {
    const list = Object.entries(properties)
        .filter(([, value]) => Boolean(value))
        .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
        .join(',');
    print(`::${command}${list && ` ${list}`}::${escapeData(message)}`);
}
/** Writes an output to the file of the step, or prints it where the step has no file. Throws Error for a file that is gone. */
function setOutput(name, value) {
    const file = process.env.GITHUB_OUTPUT;
    if (!file) {
        print('');
        issue('set-output', value, { name });
        return;
    }
    // A file that the runner did not make is not read by it either.
    if (!(0,external_node_fs_.existsSync)(file))
        throw new Error(`Missing file at path: ${file}`);
    const delimiter = `ghadelimiter_${(0,external_node_crypto_.randomUUID)()}`;
    (0,external_node_fs_.appendFileSync)(file, `${name}<<${delimiter}${external_node_os_namespaceObject.EOL}${value}${external_node_os_namespaceObject.EOL}${delimiter}${external_node_os_namespaceObject.EOL}`);
}
/** Appends Markdown to the file of the job summary. Rejects with Error where there is none. */
async function writeSummary(markdown) {
    const file = process.env.GITHUB_STEP_SUMMARY;
    if (!file)
        throw new Error('Unable to find environment variable for $GITHUB_STEP_SUMMARY.');
    try {
        await (0,external_node_fs_promises_.access)(file, external_node_fs_promises_.constants.R_OK | external_node_fs_promises_.constants.W_OK);
    }
    catch (cause) {
        throw new Error(`Unable to access summary file: '${file}'.`, { cause });
    }
    await (0,external_node_fs_promises_.appendFile)(file, markdown + external_node_os_namespaceObject.EOL);
}
function escapeData(text) {
    return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
function escapeProperty(text) {
    return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

// EXTERNAL MODULE: ./src/text.ts
var src_text = __nccwpck_require__(8992);
;// CONCATENATED MODULE: ./src/github/masks.ts
/** The secrets of a run, and texts without them: whole, escaped, or what a limit of length left of one. */

/** A cut secret is found by this many characters of its beginning; fewer give nobody access. */
const HEAD_CHARACTERS = 12;
/** How `&` is written in XML, in our Markdown and in JSON. */
const AMPERSANDS = ['&', '&amp;', '&#38;', '\\u0026'];
class Masks {
    /** Every spelling of a secret, with the beginning that is enough to find it. */
    #heads = new Map();
    #pattern = /(?!)/g;
    /** Gives the spellings of the secret that the runner should hide too. */
    add(secret) {
        if (secret === '')
            return [];
        const spellings = [...new Set(AMPERSANDS.map((and) => secret.replaceAll('&', and)))];
        const markdown = (0,src_text/* markdownText */.p7)(secret);
        // The beginning of an escaped text is no more than a few characters, which any text may have.
        this.#heads.set(markdown, markdown);
        for (const text of spellings)
            this.#heads.set(text, text.slice(0, HEAD_CHARACTERS));
        const heads = [...new Set(this.#heads.values())].map(escapePattern);
        this.#pattern = new RegExp(heads.join('|'), 'g');
        return spellings;
    }
    /** The text with stars in place of every secret. */
    hide(text) {
        let shown = '';
        let from = 0;
        for (;;) {
            this.#pattern.lastIndex = from;
            const start = this.#pattern.exec(text)?.index;
            if (start === undefined)
                return shown + text.slice(from);
            shown += `${text.slice(from, start)}***`;
            // Secrets may begin alike: nothing must stay of the one that is there.
            const lengths = [...this.#heads].map(([secret, head]) => text.startsWith(head, start) ? sharedLength(secret, text.slice(start)) : 0);
            from = start + Math.max(...lengths);
        }
    }
}
function sharedLength(secret, text) {
    let length = 0;
    while (length < secret.length && secret[length] === text[length])
        length++;
    return length;
}
function escapePattern(text) {
    return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

// EXTERNAL MODULE: ./src/secret.ts
var secret = __nccwpck_require__(7355);
;// CONCATENATED MODULE: ./src/github/runner.ts
/** The GitHub runner: inputs, log, annotations, outputs, summary. */





/** The raw inputs of the step: `INPUT_FUNCTION-NAME` becomes `function-name`. */
function rawInputs(env) {
    return Object.fromEntries(Object.entries(env)
        .filter(([name]) => name.startsWith('INPUT_'))
        .map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value ?? '']));
}
/** As the runner of GitHub shows them in a log: https://en.wikipedia.org/wiki/ANSI_escape_code */
const COLOURS = {
    added: '32',
    removed: '31',
    changed: '33',
    done: '1;32',
};
function createRunner(env) {
    // The runner of GitHub hides them as well; an answer that echoes a token should not rely on that.
    const masks = new Masks();
    const hide = (text) => (0,src_text/* hideLinks */.Yi)(masks.hide(text));
    const hasColours = env.GITHUB_ACTIONS === 'true' && !env.NO_COLOR;
    const colour = (line, tone) => tone && hasColours ? `\u001b[${COLOURS[tone]}m${line}\u001b[0m` : line;
    return {
        context: {
            // Fails where the folder is gone: only when it is asked for, so that the failure can be told.
            get workspace() {
                return env.GITHUB_WORKSPACE ?? process.cwd();
            },
            repository: env.GITHUB_REPOSITORY,
            sha: env.GITHUB_SHA,
            runId: env.GITHUB_RUN_ID,
            serverUrl: env.GITHUB_SERVER_URL,
            event: env.GITHUB_EVENT_NAME,
            ref: env.GITHUB_REF,
            actionRoot: actionRoot(env),
        },
        idTokenRequest: idTokenRequest(env),
        info: (message, tone) => {
            print(colour((0,src_text/* logText */.kc)(hide(message)), tone));
        },
        debug: (message) => {
            issue('debug', (0,src_text/* logText */.kc)(hide(message)));
        },
        notice: ({ message, ...place }) => {
            annotate('notice', { message: hide(message), ...place });
        },
        warning: ({ message, ...place }) => {
            annotate('warning', { message: masks.hide(message), ...place });
        },
        error: ({ message, ...place }) => {
            annotate('error', { message: masks.hide(message), ...place });
        },
        group: (title, lines) => {
            issue('group', (0,src_text/* oneLine */.TN)(title));
            for (const line of lines)
                print((0,src_text/* logText */.kc)(hide(line)));
            issue('endgroup');
        },
        mask: (value) => {
            for (const spelling of masks.add(value))
                issue('add-mask', spelling);
        },
        hide,
        setOutput: setOutput,
        writeSummary: (markdown) => writeSummary(masks.hide(markdown)),
    };
}
function annotate(command, { message, title, file, line }) {
    issue(command, (0,src_text/* plain */.pj)(message), { title: (0,src_text/* oneLine */.TN)(title), file, line });
}
/** The revision that runs on GitHub; the folder it lies in where it has none, as `uses: ./` or a local run. */
function actionRoot(env) {
    const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref } = env;
    if (!repository || !ref) {
        const script = (process.argv[1] ?? '').replaceAll('\\', '/');
        // The bundles of the other actions lie deeper in dist/.
        const end = script.lastIndexOf('/dist/');
        return end < 0 ? external_node_path_default().posix.dirname(external_node_path_default().posix.dirname(script)) : script.slice(0, end);
    }
    const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
    return `${server}/${repository}/blob/${ref.split('/').map(src_text/* urlPart */.fG).join('/')}`;
}
function idTokenRequest(env) {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
    return url && token ? { url, token: new secret/* Secret */.z(token) } : undefined;
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __nccwpck_require__(7075);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var proxy = __nccwpck_require__(9783);
// EXTERNAL MODULE: ./node_modules/undici/lib/api/api-request.js
var api_request = __nccwpck_require__(4043);
var api_request_default = /*#__PURE__*/__nccwpck_require__.n(api_request);
// EXTERNAL MODULE: ./node_modules/undici/lib/dispatcher/agent.js
var agent = __nccwpck_require__(7405);
var agent_default = /*#__PURE__*/__nccwpck_require__.n(agent);
;// CONCATENATED MODULE: ./src/transport.ts
/** HTTP over the network: kept-alive connections, the proxies of the environment, no redirects. */





const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/**
 * Connections are kept per host; `https_proxy`, `http_proxy` and `no_proxy` are honoured as the runner does it. A call
 * through a proxy that cannot be used rejects with DeployError INPUT_INVALID.
 */
function createTransport() {
    const dispatchers = new Map();
    return async (call) => {
        const proxy = call.direct === true ? undefined : proxyFor(call.url);
        const timeoutMs = call.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
        const key = `${timeoutMs} ${proxy ?? ''}`;
        const dispatcher = dispatchers.get(key) ?? createDispatcher(proxy, timeoutMs);
        dispatchers.set(key, dispatcher);
        return exchange(call, await dispatcher);
    };
}
/** The proxy that the environment gives for an address, in lower case or upper case. */
function proxyFor(url) {
    if ((0,proxy/* checkBypass */.H)(url))
        return undefined;
    const name = `${url.protocol.slice(0, -1)}_proxy`;
    const given = [name, name.toUpperCase()].find((spelling) => process.env[spelling]);
    if (given === undefined)
        return undefined;
    const value = process.env[given] ?? '';
    const address = value.includes('://') ? value : `http://${value}`;
    try {
        const { protocol, username, password, href } = new URL(address);
        // A user or password is sent decoded.
        decodeURIComponent(username + password);
        if (protocol === 'http:' || protocol === 'https:')
            return href;
    }
    catch {
        // Neither the value nor what a parser says of it is shown: it may hold a password.
    }
    throw new errors/* DeployError */.sH('INPUT_INVALID', `The environment variable ${given} does not hold the address of an HTTP proxy.`, {
        hint: `Set ${given} to http://host:port or http://user:password@host:port, with % and other special characters of the password as %25 and so on; SOCKS proxies are not supported. Leave it out to connect without a proxy.`,
    });
}
async function createDispatcher(proxy, timeoutMs) {
    const connect = { timeout: timeoutMs };
    if (proxy === undefined)
        return new (agent_default())({ connect });
    // A file of its own in the bundle, which runs without a proxy do not load.
    const { ProxyAgent } = await __nccwpck_require__.e(/* import() */ 752).then(__nccwpck_require__.t.bind(__nccwpck_require__, 6752, 19));
    return new ProxyAgent({ uri: proxy, proxyTls: connect, requestTls: connect });
}
async function exchange(call, dispatcher) {
    const { origin, pathname, search } = call.url;
    const length = call.body?.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const response = await api_request_default().call(dispatcher, {
        origin,
        path: pathname + search,
        method: call.method,
        headers: {
            'user-agent': 'deploy-yandex-cloud-function',
            ...call.headers,
            ...(length !== undefined && { 'content-length': String(length) }),
        },
        signal: call.signal,
        // The signal limits every call; the client's own limit of 300 s is less than a function may take.
        headersTimeout: 0,
        bodyTimeout: 0,
        body: call.body ? external_node_stream_.Readable.from(call.body) : null,
    });
    return {
        status: response.statusCode,
        headers: flatten(response.headers),
        body: await readAll(response.body, call.maxResponseBytes),
    };
}
async function readAll(body, maxBytes) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of body) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes)
            throw new RangeError(`the answer is larger than ${maxBytes} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
function flatten(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [
        name.toLowerCase(),
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]));
}

;// CONCATENATED MODULE: ./src/entry.ts
/** What the entries of all actions share: wires the real world to a story and sets the exit code. */




/** The runner kills a cancelled step after 7.5 s; whatever still hangs by then is left behind. */
const EXIT_MS = 6_800;
/** Tells the story, and ends the process with its exit code. */
async function start(story) {
    // Whatever happens before a success is told, even what nobody foresaw, is a failure.
    process.exitCode = 1;
    const signal = untilStopped();
    const exitCode = await story(rawInputs(process.env), {
        runner: createRunner(process.env),
        clock: CLOCK,
        transport: createTransport(),
        signal,
        metadataAddress: process.env.YC_METADATA_ADDR,
    });
    const crashed = signal.aborted && !(signal.reason instanceof errors/* DeployError */.sH);
    if (!crashed)
        process.exitCode = exitCode;
    // A failed run may leave work behind that nobody waits for; what was printed goes out first.
    if (process.exitCode !== 0)
        process.stdout.write('', () => process.exit());
}
function untilStopped() {
    const cancellation = new AbortController();
    const stop = (reason) => {
        cancellation.abort(reason);
        setTimeout(() => process.exit(1), EXIT_MS).unref();
    };
    for (const name of ['SIGINT', 'SIGTERM']) {
        process.on(name, () => {
            stop(new errors/* DeployError */.sH('CANCELLED', `The run was cancelled (${name}).`));
        });
    }
    // What is thrown where nobody awaits it is told like any other failure, not by a stack trace.
    process.on('uncaughtException', stop);
    return cancellation.signal;
}
const CLOCK = {
    now: () => performance.now(),
    wallTime: Date.now,
    random: Math.random,
    sleep: async (ms, signal) => {
        try {
            await (0,promises_.setTimeout)(ms, undefined, signal && { signal });
        }
        catch (error) {
            signal?.throwIfAborted();
            throw error;
        }
    },
};


/***/ }),

/***/ 3916:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Mv: () => (/* binding */ mergeErrors),
/* harmony export */   Sr: () => (/* binding */ ERRORS),
/* harmony export */   bJ: () => (/* binding */ isError),
/* harmony export */   cZ: () => (/* binding */ causesOf),
/* harmony export */   sH: () => (/* binding */ DeployError)
/* harmony export */ });
/* unused harmony export TOPICS */
/** The one table of error codes, and the one error class that everything user-facing is thrown as. */
/** What a workflow author sees for each code: the title's plain words, and the advice when nothing better is known. */
const ERRORS = {
    INPUT_INVALID: {
        title: 'The step has invalid inputs',
        hint: 'Correct the inputs named above; the README lists every input with its accepted form.',
    },
    AUTH_FAILED: {
        title: 'The credentials were not accepted',
        hint: 'Check the credentials of this step, and what they may do.',
    },
    SOURCE_EMPTY: {
        title: 'The package would be empty or incomplete',
        hint: 'Check `source-root` and `include`: patterns are relative to `source-root`.',
    },
    SOURCE_UNSAFE: {
        title: 'The package contains files that must not be deployed',
        hint: 'Add the file to `exclude` or to `.ycignore`, or correct the path.',
    },
    SOURCE_TOO_LARGE: {
        title: 'The package is over a limit',
        hint: 'Exclude what the function does not need, or set `bucket` to send the package through Object Storage.',
    },
    API_REJECTED: {
        title: 'Yandex Cloud refused a request',
        hint: 'Read the message of the API above; give the request id to Yandex Cloud support if it does not explain itself.',
    },
    API_UNREACHABLE: {
        title: 'Yandex Cloud could not be reached',
        hint: 'Run the job again. If it persists, check the network of the runner, its proxy and `api-endpoint`.',
    },
    API_UNEXPECTED: {
        title: 'Yandex Cloud answered something unexpected',
        hint: 'Run the job again. If it persists, report it with the details above.',
    },
    OPERATION_FAILED: {
        title: 'The operation failed in the cloud',
        hint: 'Read the reason above; the operation is in the list of operations of the function in the console.',
    },
    OPERATION_TIMEOUT: {
        title: 'The operation took longer than `wait-timeout`',
        hint: 'It may still finish: look it up with `yc operation get <id>`, or raise `wait-timeout`.',
    },
    CANCELLED: {
        title: 'The run was cancelled',
        hint: 'Run the job again.',
    },
    CHECK_FAILED: {
        title: 'The new version did not pass its check',
        hint: 'Read the log of the function, correct it and deploy again.',
    },
    PROMOTION_FAILED: {
        title: 'The tags could not all be moved',
        hint: 'See above what points where now, and run the job again.',
    },
    NO_PREVIOUS_VERSION: {
        title: 'There is no version to go back to',
        hint: 'Name one of the versions above as `version-id`.',
    },
    INTERNAL_ERROR: {
        title: 'The action or its runner failed',
        hint: 'This is a bug of the action. Please report it in its repository, with the log of a run that has the secret ACTIONS_STEP_DEBUG set to true.',
    },
};
const TOPICS = (/* unused pure expression or super */ null && ([
    'name-not-found',
    'runtime-unknown',
    'secret-not-found',
    'function-not-found',
    'entrypoint-not-in-package',
    'token-invalid',
    'key-refused',
    'exchange-refused',
    'no-oidc-token',
    'no-metadata-service',
    'no-service-account-on-vm',
    'include-matches-nothing',
    'ready-zip-missing',
    'private-key',
    'path-leaves-workspace',
    'ready-zip-damaged',
    'service-account-not-available',
    'folder-not-found',
    'permission-denied',
    'storage-access-denied',
    'no-such-bucket',
    'secret-refused',
    'quota-of-functions',
    'quota-of-tags',
    'quota-of-operations',
    'too-many-requests',
    'request-too-large',
    'build-limits',
    'npm-ci',
    'go-build',
    'invalid-zip',
    'not-exposed',
    'outputs-not-written',
]));
/** A failure told to the user: what failed and with which value (message), and what to do (hint). */
class DeployError extends Error {
    code;
    /** Empty where the message says what to do; undefined where the report advises. */
    hint;
    inputs;
    topic;
    details;
    evidence;
    constructor(code, message, options = {}) {
        super(message, { cause: options.cause });
        this.name = 'DeployError';
        this.code = code;
        this.hint = options.hint;
        this.inputs = options.inputs ?? [];
        this.topic = options.topic;
        this.details = options.details ?? {};
        this.evidence = options.evidence;
    }
    /** The same failure, told otherwise; it becomes the cause. */
    with({ code, message, ...options }) {
        const { hint, inputs, topic, details, evidence } = this;
        const all = { hint, inputs, topic, details, evidence, cause: this, ...options };
        return new DeployError(code ?? this.code, message ?? this.message, all);
    }
}
/** Whether a thrown value is an error, of whatever realm: test runners and workers have their own `Error`. */
function isError(value) {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
/** An error and what caused it, outermost first, each once; nothing for a thrown value that is no error. */
function causesOf(thrown) {
    const errors = new Set();
    for (let error = thrown; isError(error) && !errors.has(error); error = error.cause) {
        errors.add(error);
    }
    return [...errors];
}
/** Several failures as one: invalid inputs are told together, of anything else the first counts. */
function mergeErrors(errors) {
    const distinct = [...new Set(errors)];
    const isInvalid = (error) => error instanceof DeployError && error.code === 'INPUT_INVALID';
    const serious = distinct.find((error) => !isInvalid(error));
    const invalid = distinct.filter(isInvalid);
    const [first] = invalid;
    if (serious !== undefined || !first || invalid.length < 2)
        return serious ?? first;
    const hints = new Set(invalid.map(({ hint }) => hint ?? ERRORS.INPUT_INVALID.hint));
    hints.delete('');
    const topics = new Set(invalid.map((error) => error.topic));
    return first.with({
        message: invalid.map((error) => error.message).join('\n'),
        hint: [...hints].join('\n'),
        inputs: [...new Set(invalid.flatMap((error) => error.inputs))],
        topic: topics.size === 1 ? first.topic : undefined,
        details: {},
    });
}


/***/ }),

/***/ 2524:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ readPullRequest)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);
/** The pull request that a run is about, as the event that started the run tells it. */


/**
 * Reads the event's file, which has to be done before `@actions/github` is loaded: that prints a line when there is no
 * such file. Undefined for an event of no pull request; a `push` may belong to several, a
 * `workflow_run` to none that is certain. A file that is missing or no event counts as no pull request.
 */
async function readPullRequest(env) {
    const { GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: repository } = env;
    if (!file || !repository)
        return undefined;
    let event;
    try {
        event = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .fieldsOf */ .Pf)(JSON.parse(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(file, 'utf8')));
    }
    catch {
        return undefined;
    }
    const number = numberIn(event);
    if (number === undefined)
        return undefined;
    const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com';
    const runId = env.GITHUB_RUN_ID ?? '';
    return {
        number,
        repository,
        apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
        sha: shaIn(event, env),
        runId,
        runUrl: `${serverUrl}/${repository}/actions/runs/${runId}`,
        // Without the ref, which is another one for each pull request.
        workflow: env.GITHUB_WORKFLOW_REF?.split('@')[0] ?? env.GITHUB_WORKFLOW ?? '',
        job: env.GITHUB_JOB ?? '',
    };
}
/** A comment on a pull request comes as one on an issue that links to a pull request. */
function numberIn(event) {
    const issue = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .fieldsOf */ .Pf)(event.issue);
    const subject = 'pull_request' in issue ? issue : (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .fieldsOf */ .Pf)(event.pull_request);
    const { number } = subject;
    return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
        ? number
        : undefined;
}
/** For `pull_request` the runner names a merge commit that nobody has seen; other events name what is checked out. */
function shaIn(event, env) {
    const { sha } = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .fieldsOf */ .Pf)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .fieldsOf */ .Pf)(event.pull_request).head);
    const isOwn = env.GITHUB_EVENT_NAME === 'pull_request' && typeof sha === 'string';
    return isOwn ? sha : (env.GITHUB_SHA ?? '');
}


/***/ }),

/***/ 9407:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _entry_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9056);
/* harmony import */ var _github_pull_request_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2524);
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8712);
/** Entry of the action that deploys: `dist/index.js`. */



await (0,_entry_js__WEBPACK_IMPORTED_MODULE_0__/* .start */ .n)((raw, world) => (0,_main_js__WEBPACK_IMPORTED_MODULE_2__/* .main */ .i)(raw, {
    ...world,
    tellPullRequest: async (news, token) => {
        const pullRequest = await (0,_github_pull_request_js__WEBPACK_IMPORTED_MODULE_1__/* .readPullRequest */ .D)(process.env);
        if (!pullRequest)
            return undefined;
        // A file of its own in the bundle, with `@actions/github`: other steps do not load it.
        const { tellPullRequest } = await Promise.all(/* import() */[__nccwpck_require__.e(752), __nccwpck_require__.e(434), __nccwpck_require__.e(578)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8578));
        const { transport, clock, signal, runner } = world;
        return tellPullRequest({ news, pullRequest }, { transport, clock, token, signal, hide: (text) => runner.hide(text) });
    },
}));

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 8301:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Pf: () => (/* binding */ fieldsOf),
/* harmony export */   eB: () => (/* binding */ asObject),
/* harmony export */   x6: () => (/* binding */ tryParse)
/* harmony export */ });
/** Narrows parsed JSON. */
/** The value as a JSON object, or undefined. */
function asObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? value
        : undefined;
}
/** What a text contains as JSON; undefined if it is none. */
function tryParse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** The fields of a value that may be anything; none for anything but a JSON object. */
function fieldsOf(value) {
    return asObject(value) ?? {};
}


/***/ }),

/***/ 8712:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  i: () => (/* binding */ main)
});

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __nccwpck_require__(7975);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __nccwpck_require__(3916);
// EXTERNAL MODULE: ./src/text.ts
var src_text = __nccwpck_require__(8992);
// EXTERNAL MODULE: ./src/yandex/http/api-error.ts
var api_error = __nccwpck_require__(1521);
// EXTERNAL MODULE: ./src/json.ts
var src_json = __nccwpck_require__(8301);
// EXTERNAL MODULE: ./src/yandex/fields.ts
var fields = __nccwpck_require__(7492);
// EXTERNAL MODULE: ./src/yandex/http/grpc.ts
var grpc = __nccwpck_require__(5604);
// EXTERNAL MODULE: ./src/yandex/http/quota.ts
var quota = __nccwpck_require__(6170);
;// CONCATENATED MODULE: ./src/yandex/functions/operation.ts
/** A long-running operation: its fields, the resource that it is about, and the error that it may end with. */







/** Throws TypeError when the value is not an Operation. */
const readOperation = (0,fields/* resource */.Zc)('the operation', {
    id: fields.id,
    done: (value) => value === true,
    metadata: src_json/* fieldsOf */.Pf,
    response: src_json/* asObject */.eB,
}, 
/** May be set while the operation is not done yet. */
{ error: grpc/* readStatus */.rk });
/**
 * The id of the resource that an operation is about: in the metadata under `field` from the start, and in the response
 * at the end. Throws DeployError API_UNEXPECTED when it is in neither.
 */
function resourceIdOf({ id: operationId, metadata, response }, field) {
    const ids = [metadata[field], response?.id].filter((one) => typeof one === 'string');
    const found = ids.find(src_text/* isId */.eQ);
    if (found !== undefined)
        return found;
    throw new errors/* DeployError */.sH('API_UNEXPECTED', `The operation ${operationId} has neither "${field}" in its metadata nor an id in its response.`, { details: { 'operation id': operationId } });
}
/** What the operation does that creates a version, as a noun. */
const BUILD = 'the build of the version';
/** The operation failed, or is about to. */
class OperationError extends errors/* DeployError */.sH {
    httpStatus = undefined;
    grpcCode;
    quota;
    text;
    status;
    /** Whether it was a build, which has a log. */
    isBuild;
    constructor(operation, { what, hides }) {
        const show = (said) => (0,src_text/* hideLinks */.Yi)((0,src_text/* withoutValues */.lO)(said, hides));
        const grpcCode = (0,grpc/* grpcCodeName */.Lm)(operation.error.code);
        const message = show(operation.error.message) || 'no reason was given';
        const text = [message, ...(0,api_error/* describeDetails */.w)(operation.error).map(show)].join('\n');
        super('OPERATION_FAILED', `${capitalize(what)} failed: ${text}`, {
            details: {
                'operation id': operation.id,
                ...(grpcCode === undefined ? {} : { 'gRPC code': grpcCode }),
            },
        });
        this.grpcCode = grpcCode;
        this.quota = (0,quota/* quotaKindOf */.E)({ grpcCode, text });
        this.text = text;
        this.status = operation.error;
        this.isBuild = what === BUILD;
    }
}
/** The text with a capital letter at its beginning. */
function capitalize(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
/** Whether the API refused a request with one of these codes, at once or in its operation. */
function isRefusedAs(error, codes) {
    return ((error instanceof api_error/* ApiError */.h || error instanceof OperationError) &&
        error.grpcCode !== undefined &&
        codes.includes(error.grpcCode));
}

// EXTERNAL MODULE: ./src/yandex/http/http.ts
var http = __nccwpck_require__(4500);
;// CONCATENATED MODULE: ./src/yandex/functions/poll-schedule.ts
/** When to look at an operation again: soon enough to lose little after its end, and no more often than that. */

/** The first looks, for what takes less than a second: creating a function, setting a tag. */
const EARLY_MS = [250, 550, 900];
/** The share of an operation's duration that may be lost until its end is noticed. */
const SHARE = 0.05;
/** The share that is always let go by, however long an answer takes. */
const LEAST_SHARE = 0.01;
/** Answers that come sooner than this count as if they took so long, which keeps the looks of a minute at 80 or fewer. */
const COUNTED_ROUND_TRIP_MS = 50;
/** Of operations of a minute and longer, nobody waits longer for the news than this; a minute has 24 looks then. */
const LONGEST_MS = 2_500;
/** Each refusal doubles the pauses, up to so many times. */
const SLOWEST = 8;
/**
 * The pause before the next look. From one second on, an operation's end is noticed after at most 5 % of its duration
 * plus one round trip, as long as a round trip takes at least 50 ms, and half of it fits into the 5 %.
 *
 * `random` is a number in [0, 1): it spreads the looks after failures, as with every other call.
 */
function pauseMs({ refusals, failures, ...pace }, random) {
    const pause = steadyPauseMs(pace) * Math.min(SLOWEST, 2 ** refusals);
    return failures === 0 ? pause : Math.max(pause, (0,http/* backoff */.JN)(failures, { ...http/* RETRY_POLICY */.yE, random }));
}
function steadyPauseMs({ elapsedMs, roundTripMs = 0, }) {
    const early = EARLY_MS.find((ms) => ms > elapsedMs);
    const leastMs = Math.ceil(LEAST_SHARE * elapsedMs);
    if (early !== undefined)
        return Math.max(leastMs, early - elapsedMs);
    // The answer tells how things stood half a round trip ago, and the next one takes as long to arrive.
    const countedMs = Math.max(roundTripMs, COUNTED_ROUND_TRIP_MS);
    const pause = Math.floor(SHARE * elapsedMs + countedMs / 2 - roundTripMs);
    return Math.min(LONGEST_MS, Math.max(leastMs, pause));
}

;// CONCATENATED MODULE: ./src/yandex/functions/operations.ts
/** Long-running operations: starts them, waits for their end until a deadline, and asks to cancel them. */





const PROGRESS_MS = 10_000;
/** A poll is not repeated by itself, since the loop does that; the last one gets at least a second. */
const POLL_ATTEMPT_MS = { min: 1_000, max: 10_000 };
/** Starts an operation of the functions service, without waiting for its end. */
function startOperation({ deadlineMs, method = 'POST', ...request }, { api, clock }) {
    return api.call({
        ...request,
        method,
        quotaMs: deadlineMs - clock.now(),
        mayHoldSecrets: true,
        read: readOperation,
    });
}
/** Starts an operation, logs it and waits for its end. Throws like {@link waitForOperation}. */
async function operations_operate(call, cloud) {
    const { doing, noun, onAccepted, ...request } = call;
    const operation = await startOperation(request, cloud);
    onAccepted?.();
    cloud.log(`${doing} (operation ${operation.id})`);
    return waitForOperation({ operation, what: noun, deadlineMs: call.deadlineMs }, cloud);
}
/**
 * Resolves with the finished operation. Throws {@link OperationError} as soon as an error is set, even while `done` is
 * false, and DeployError OPERATION_TIMEOUT at the deadline. Transient failures of a poll do not end the wait.
 */
async function waitForOperation(wait, cloud) {
    const { clock, signal, log } = cloud;
    const startedAtMs = clock.now();
    let { operation } = wait;
    let roundTripMs;
    let failures = 0;
    let refusals = 0;
    let progressAtMs = startedAtMs + PROGRESS_MS;
    let lastFailure;
    for (;;) {
        const { error } = operation;
        if (error)
            throw new OperationError({ ...operation, error }, wait);
        if (operation.done)
            return operation;
        const remainingMs = wait.deadlineMs - clock.now();
        if (remainingMs <= 0)
            throw timedOut(wait, lastFailure);
        const pace = { elapsedMs: clock.now() - startedAtMs, roundTripMs, failures, refusals };
        await clock.sleep(Math.min(pauseMs(pace, clock.random()), remainingMs), signal);
        const askedAtMs = clock.now();
        try {
            const polled = await getOperation(wait, cloud);
            roundTripMs = Math.min(roundTripMs ?? Infinity, clock.now() - askedAtMs);
            // A later answer may leave out what an earlier one had, such as the version's id.
            operation = { ...polled, metadata: { ...operation.metadata, ...polled.metadata } };
            lastFailure = undefined;
            failures = 0;
        }
        catch (error) {
            if (!isTransient(error, clock.now() - startedAtMs))
                throw error;
            lastFailure = error;
            failures++;
            if (isTooOften(error))
                refusals++;
            log(`Could not read the operation ${operation.id} yet: ${error.message}`);
        }
        if (clock.now() >= progressAtMs) {
            const waitedSeconds = Math.round((clock.now() - startedAtMs) / 1000);
            log(`Still waiting for ${wait.what} (${waitedSeconds} s)`);
            progressAtMs = clock.now() + PROGRESS_MS;
        }
    }
}
/** Asks to cancel an operation, as a best effort; resolves to whether the cloud accepted it. */
async function cancelOperation(id, { api }) {
    const request = {
        what: `cancel the operation ${id}`,
        service: 'operation',
        path: `/operations/${encodeURIComponent(id)}:cancel`,
        mayHoldSecrets: true,
        read: (0,fields/* readAbout */.RR)(id, readOperation),
        retry: { attemptMs: 2_000, totalMs: 0 },
    };
    // The published proto says GET, the design guide says POST.
    for (const method of ['GET', 'POST']) {
        try {
            await api.call({ ...request, method });
            return true;
        }
        catch (error) {
            if (!(error instanceof api_error/* ApiError */.h))
                return false;
        }
    }
    return false;
}
function getOperation({ operation: { id }, deadlineMs }, { api, clock }) {
    const remainingMs = deadlineMs - clock.now();
    const attemptMs = Math.min(POLL_ATTEMPT_MS.max, Math.max(POLL_ATTEMPT_MS.min, remainingMs));
    return api.call({
        what: `read the operation ${id}`,
        service: 'operation',
        path: `/operations/${encodeURIComponent(id)}`,
        mayHoldSecrets: true,
        read: (0,fields/* readAbout */.RR)(id, readOperation),
        retry: { attemptMs, totalMs: 0, askedMs: remainingMs },
    });
}
/** Operations are read from another service than the one that starts them, and it may know them a little later. */
const LAG_MS = 10_000;
function isTooOften(error) {
    return error instanceof api_error/* ApiError */.h && error.httpStatus === 429;
}
/** Whether a later poll may succeed. */
function isTransient(error, waitedMs) {
    if (isTooOften(error))
        return true;
    if (error instanceof api_error/* ApiError */.h && error.httpStatus === 404)
        return waitedMs < LAG_MS;
    if (!(error instanceof errors/* DeployError */.sH))
        return false;
    if (error.code === 'API_UNREACHABLE' || error.code === 'API_UNEXPECTED')
        return true;
    // The next renewal of the token may succeed.
    return error.code === 'AUTH_FAILED' && isTransient(error.cause, waitedMs);
}
function timedOut({ operation: { id }, what }, lastFailure) {
    const state = `${capitalize(what)} did not end in time; the operation ${id} may still finish.`;
    const lastLook = lastFailure ? ` The last look at it failed: ${lastFailure.message}` : '';
    return new errors/* DeployError */.sH('OPERATION_TIMEOUT', state + lastLook, {
        cause: lastFailure,
        details: { 'operation id': id },
    });
}

;// CONCATENATED MODULE: ./src/yandex/functions/functions.ts
/** Functions: finds, creates, updates and deletes them; and the runtimes that they can have. */





const FUNCTIONS = '/functions/v1/functions';
/** The path of a function below the address of its service. */
function functionPath(functionId) {
    return `${FUNCTIONS}/${encodeURIComponent(functionId)}`;
}
const anyTexts = (value) => Object.fromEntries(Object.entries((0,src_json/* fieldsOf */.Pf)(value)).map(([key, label]) => [key, String(label)]));
/** Throws TypeError when the value is not a Function. */
const readFunction = (0,fields/* resource */.Zc)('the function', {
    id: fields.id,
    folderId: fields/* text */.Qq,
    name: fields/* text */.Qq,
    description: fields/* text */.Qq,
    labels: anyTexts,
    httpInvokeUrl: fields/* text */.Qq,
    /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`; empty when the answer leaves it out. */
    status: fields/* text */.Qq,
});
/** A function by its id. Throws ApiError, NOT_FOUND among others. */
function functions_getFunction(functionId, { api }) {
    return api.call({
        what: `find the function ${functionId}`,
        path: functionPath(functionId),
        read: (0,fields/* readAbout */.RR)(functionId, readFunction),
    });
}
/** The functions of a folder that match the filter; all of them without one. */
function listFunctions({ folderId, filter }, { api }) {
    return api.list({
        what: `list the functions of the folder ${folderId}${filter === undefined ? '' : ` with ${filter}`}`,
        path: FUNCTIONS,
        query: { folderId, ...(filter !== undefined && { filter }) },
        field: 'functions',
        read: readFunction,
    });
}
/** The function with exactly this name in a folder, or undefined. */
async function functions_findFunction({ folderId, name }, cloud) {
    const functions = await listFunctions({ folderId, filter: `name="${name}"` }, cloud);
    return functions.find((candidate) => candidate.name === name);
}
/** Creates a function and waits for it; when another job is creating it, resolves with that job's function. */
async function createFunction(spec, cloud) {
    const { folderId, name, description, labels, deadlineMs } = spec;
    try {
        const operation = await operations_operate({
            what: `create the function "${name}" in the folder ${folderId}`,
            doing: `Creating the function "${name}"`,
            noun: `the creation of the function "${name}"`,
            path: FUNCTIONS,
            body: { folderId, name, ...(description && { description }), ...(labels && { labels }) },
            deadlineMs,
        }, cloud);
        const made = await functions_getFunction(resourceIdOf(operation, 'functionId'), cloud);
        return { function: made, created: true };
    }
    catch (error) {
        if (!isRefusedAs(error, ['ALREADY_EXISTS']))
            throw error;
        const listed = await findListed(spec, { cloud, cause: error });
        const active = await waitUntilActive({ function: listed, deadlineMs }, cloud);
        return { function: active, created: false };
    }
}
const ACTIVE_POLL_MS = 500;
/** A list may lag behind. A function that exists and is not listed after this time is hidden from this credential. */
const LISTED_MS = 30_000;
/** The function that another job has created, or is creating. Throws `cause` when it is hidden. */
async function findListed(spec, { cloud, cause }) {
    const endsAtMs = Math.min(cloud.clock.now() + LISTED_MS, spec.deadlineMs);
    for (;;) {
        const found = await functions_findFunction(spec, cloud);
        if (found)
            return found;
        if (cloud.clock.now() > endsAtMs)
            throw cause;
        await cloud.clock.sleep(ACTIVE_POLL_MS, cloud.signal);
    }
}
/** The function as soon as it accepts versions; another job may still be creating it. Throws DeployError OPERATION_TIMEOUT. */
async function waitUntilActive({ function: known, deadlineMs }, cloud) {
    let current = known;
    while (current.status === 'CREATING') {
        if (cloud.clock.now() > deadlineMs) {
            throw new errors/* DeployError */.sH('OPERATION_TIMEOUT', `The function ${current.id} is still being created by another job.`);
        }
        await cloud.clock.sleep(ACTIVE_POLL_MS, cloud.signal);
        current = await functions_getFunction(current.id, cloud);
    }
    return current;
}
/** Changes exactly the given fields and waits for the update. */
async function updateFunction(change, cloud) {
    const { id: functionId, changes, deadlineMs } = change;
    await operations_operate({
        what: `update the function ${functionId}`,
        doing: `Updating the function ${functionId}`,
        noun: 'the update of the function',
        method: 'PATCH',
        path: functionPath(functionId),
        // Without a mask, every field that is not sent would be reset.
        body: { updateMask: Object.keys(changes).join(','), ...changes },
        deadlineMs,
    }, cloud);
}
/** Deletes a function with all of its versions, and waits for it. Throws ApiError, OperationError. */
async function deleteFunction({ functionId, ...call }, cloud) {
    await operate({
        ...call,
        what: `delete the function ${functionId}`,
        doing: `Deleting the function ${functionId}`,
        noun: `the deletion of the function ${functionId}`,
        method: 'DELETE',
        path: functionPath(functionId),
    }, cloud);
}
/** Ids of the available runtimes, perhaps with some that are no longer supported. Throws DeployError. */
function listRuntimes({ api }) {
    return api.call({
        what: 'list the runtimes',
        path: '/functions/v1/runtimes',
        // The list only improves messages, so it is not worth a retry.
        retry: { attemptMs: 5_000, totalMs: 0 },
        read: (json) => (0,fields/* items */.ld)((0,src_json/* fieldsOf */.Pf)(json).runtimes, 'runtimes').filter((item) => typeof item === 'string'),
    });
}

;// CONCATENATED MODULE: ./src/suggest.ts
/** "Did you mean": which candidates a mistyped word may stand for. Pure. */
/** Up to three candidates that resemble a mistyped word, nearest first. */
function nearest(word, candidates) {
    const limit = Math.max(2, Math.floor(word.length / 3));
    return [...new Set(candidates)]
        .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
        .filter(({ distance, candidate }) => distance <= limit || candidate.includes(word))
        .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
        .slice(0, 3)
        .map(({ candidate }) => candidate);
}
/** Levenshtein distance. */
function distance(from, to) {
    let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (let i = 1; i <= from.length; i++) {
        const current = [i];
        for (let j = 1; j <= to.length; j++) {
            const substitution = (previous[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
            current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[to.length] ?? 0;
}

;// CONCATENATED MODULE: ./src/deploy/not-found.ts
/** Words what a look-up did not find, with the name of the input that asked for it. */



/** The error for a resource that is not there; `names` are those of the folder that this credential can see. */
function nameNotFound({ input, resource, name }, { folderId, names }) {
    const count = names.length === 0 ? 'none' : String(names.length);
    const suggestion = didYouMean(name, names) || ` This credential sees ${count} in the folder.`;
    return new errors/* DeployError */.sH('INPUT_INVALID', `\`${input}\`: there is no ${resource} ${(0,src_text/* quote */.hD)(name)} in the folder ${folderId}.${suggestion}`, {
        inputs: [input],
        topic: 'name-not-found',
        hint: 'Correct the name, or give the account that deploys the right to see it.',
    });
}
/** The error for a secret, or for a version or key of it, that cannot be used. */
function secretNotFound({ environmentVariable, secret, version, key }, { result, folderId }) {
    const input = 'secrets';
    if (result.kind === 'missing') {
        const { names } = result;
        return nameNotFound({ input, resource: 'secret', name: secret }, { folderId, names });
    }
    const wrong = (problem, hint) => new errors/* DeployError */.sH('INPUT_INVALID', `\`${input}\`: ${environmentVariable}: ${problem}.`, {
        inputs: [input],
        topic: 'secret-not-found',
        hint,
    });
    const label = `the secret ${(0,src_text/* quote */.hD)(result.label)}`;
    switch (result.kind) {
        case 'no such version':
            return wrong(`${label} has no ${version === 'latest' ? 'current version' : `version ${(0,src_text/* quote */.hD)(version)}`}`, 'Use `latest` for the current version, or an id from `yc lockbox secret list-versions`.');
        case 'inactive':
            return wrong(`the version ${result.version.id} of ${label} is ${result.version.status}`, 'Refer to an active version.');
        case 'no such key':
            return wrong(`the version ${result.version.id} of ${label} has no key ${(0,src_text/* quote */.hD)(key)}; it has ${keysNear(key, result.version.payloadEntryKeys)}`, 'Correct the key at the end of the reference.');
    }
}
function keysNear(key, keys) {
    const near = nearest(key, keys);
    const shown = near.length > 0 ? near : keys.slice(0, 10);
    return shown.map(src_text/* quote */.hD).join(', ') || 'no keys';
}
/** ` Did you mean "a" or "b"?` for the candidates that are near a mistyped word; empty when none is. */
function didYouMean(word, candidates) {
    const near = nearest(word, candidates);
    return near.length > 0 ? ` Did you mean ${near.map(src_text/* quote */.hD).join(' or ')}?` : '';
}

;// CONCATENATED MODULE: ./src/deploy/function.ts
/** The function that is deployed to: found, created when it is new, brought up to date. */






/** Throws DeployError when there is no such function and none may be created. */
async function findTarget({ target }, cloud) {
    if (target.kind === 'id' || !target.createIfMissing) {
        const found = await getExisting(target, cloud);
        return { function: found, folderId: found.folderId, name: found.name };
    }
    const { folderId, functionName: name } = target;
    return { function: await functions_findFunction({ folderId, name }, cloud), folderId, name };
}
/** A function that must be there. Throws DeployError when it is not. */
async function getExisting(target, cloud) {
    if (target.kind === 'id')
        return getById(target.functionId, cloud);
    const { folderId, functionName: name } = target;
    const found = await functions_findFunction({ folderId, name }, cloud);
    if (found)
        return found;
    const near = didYouMean(name, await namesIn(folderId, cloud));
    const isToDeploy = 'createIfMissing' in target;
    const so = isToDeploy ? ', and `create-function` is false' : '';
    throw new errors/* DeployError */.sH('INPUT_INVALID', `\`function-name\`: there is no function ${(0,src_text/* quote */.hD)(name)} in the folder ${folderId}${so}.${near}`, {
        inputs: ['function-name'],
        topic: 'function-not-found',
        hint: `Correct the name or the folder${isToDeploy ? ', or set `create-function` to true' : ''}.`,
    });
}
/** A function that may be gone. A function without access looks like one that does not exist. */
async function findExisting(target, cloud) {
    if (target.kind === 'name') {
        return findFunction({ folderId: target.folderId, name: target.functionName }, cloud);
    }
    try {
        return await getFunction(target.functionId, cloud);
    }
    catch (error) {
        if (error instanceof ApiError && error.httpStatus === 404)
            return undefined;
        throw error;
    }
}
async function getById(id, cloud) {
    try {
        return await functions_getFunction(id, cloud);
    }
    catch (cause) {
        if (!(cause instanceof api_error/* ApiError */.h) || cause.httpStatus !== 404)
            throw cause;
        throw cause.with({
            code: 'INPUT_INVALID',
            message: `\`function-id\`: ${cause.message}`,
            inputs: ['function-id'],
            topic: 'function-not-found',
            hint: 'Correct the id, or give the account that deploys the role `functions.editor` on the folder: a function without access looks like one that does not exist.',
        });
    }
}
/** Names of the folder's functions; what cannot be listed is not there, since they only make a message better. */
async function namesIn(folderId, cloud) {
    const functions = await listFunctions({ folderId }, cloud).catch(() => []);
    return functions.map(({ name }) => name);
}
/** Creates or updates as needed and asked for, and changes only what differs; the wait for it has a `wait-timeout` of its own. */
async function ensureFunction({ found, inputs, wait }, cloud) {
    const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000;
    const { description, labels } = inputs;
    const bringUpToDate = async (current) => {
        const changes = {
            ...(description !== undefined && description !== current.description && { description }),
            ...(labels && !(0,external_node_util_.isDeepStrictEqual)(labels, current.labels) && { labels }),
        };
        if (Object.keys(changes).length === 0)
            return;
        await updateFunction({ id: current.id, changes, deadlineMs }, cloud);
    };
    if (found.function) {
        const current = await waitUntilActive({ function: found.function, deadlineMs }, cloud);
        await bringUpToDate(current);
        return { function: current, origin: 'found' };
    }
    const { folderId, name } = found;
    const listing = namesIn(folderId, cloud);
    const made = await createFunction({ folderId, name, description, labels, deadlineMs }, cloud);
    if (!made.created) {
        await bringUpToDate(made.function);
        return { function: made.function, origin: 'created meanwhile by another job' };
    }
    // A list that takes longer than the creation is not waited for.
    const listed = await Promise.race([listing, Promise.resolve([])]);
    const others = listed.filter((other) => other !== name);
    const notice = `There was no function ${(0,src_text/* quote */.hD)(name)} in the folder ${folderId}, so it was created.${didYouMean(name, others)}`;
    return { function: made.function, origin: 'created', notice };
}

;// CONCATENATED MODULE: ./src/deploy/plan/shortcuts.ts
/** What a plan allows to leave out: the whole version, or only the upload of its package; pure. */
/**
 * Why the live version is not what is asked for, as the end of a sentence; undefined when it is, so that none is
 * created. Its tags may differ: they can be moved to it, and what is no part of a version can be brought up to date.
 */
function whyNotSkipped(plan) {
    const reason = whyOtherCode(plan);
    if (reason !== undefined)
        return reason;
    if (plan.rows.some(({ area, verdict }) => area === 'settings' && verdict === 'unknown')) {
        return 'the environment of the live version is not visible to this account';
    }
    return plan.changes.includes('settings') ? 'settings change' : undefined;
}
/**
 * Why the version cannot be made of the live version's code, as the end of a sentence; undefined when it can.
 * Dependencies in the code belong to its runtime.
 */
function whyNotReused(plan) {
    if (plan.package.sha256 === undefined)
        return 'there is no package to send';
    const reason = whyOtherCode(plan);
    if (reason !== undefined)
        return reason;
    const runtime = plan.rows.find(({ area, name }) => area === 'settings' && name === 'runtime');
    return runtime?.verdict === 'unchanged' ? undefined : 'the runtime changes';
}
function whyOtherCode({ isCompared, live, rows }) {
    if (!isCompared)
        return 'nothing was compared';
    if (!live)
        return 'there is no live version';
    if (live.status !== 'ACTIVE')
        return `the live version is ${live.status || 'of no status'}`;
    const verdict = rows.find(({ area }) => area === 'code')?.verdict;
    if (verdict === 'unknown')
        return 'it is not known which package the live version runs';
    return verdict === 'unchanged' ? undefined : 'the code changes';
}

;// CONCATENATED MODULE: ./src/yandex/functions/version-request.ts
/** What a version is made of, in the shape in which the API takes it and shows it. */

const secret = (0,fields/* message */.iU)({ id: fields/* text */.Qq, versionId: fields/* text */.Qq, key: fields/* text */.Qq, environmentVariable: fields/* text */.Qq });
const logOptions = (0,fields/* message */.iU)({}, { disabled: fields/* flag */.Jt, logGroupId: fields/* text */.Qq, folderId: fields/* text */.Qq, minLevel: fields/* text */.Qq });
const asyncTarget = (0,fields/* message */.iU)({}, {
    emptyTarget: (0,fields/* message */.iU)({}),
    ymqTarget: (0,fields/* message */.iU)({ queueArn: fields/* text */.Qq, serviceAccountId: fields/* text */.Qq }),
});
const asyncInvocationConfig = (0,fields/* message */.iU)({ successTarget: asyncTarget, failureTarget: asyncTarget }, { retriesCount: fields/* int64 */.Gk, serviceAccountId: fields/* text */.Qq });
const mount = (0,fields/* message */.iU)({ name: fields/* text */.Qq }, {
    /** `READ_ONLY` or `READ_WRITE`. */
    mode: fields/* text */.Qq,
    objectStorage: (0,fields/* message */.iU)({ bucketId: fields/* text */.Qq }, { prefix: fields/* text */.Qq }),
    ephemeralDiskSpec: (0,fields/* message */.iU)({ size: fields/* int64 */.Gk }, { blockSize: fields/* int64 */.Gk }),
});
/** Each `ENABLED` or `DISABLED`. */
const metadataOptions = (0,fields/* message */.iU)({}, { gceHttpEndpoint: fields/* text */.Qq, awsV1HttpEndpoint: fields/* text */.Qq });
/** Reads a {@link VersionSpec}; unknown fields are passed over. */
const readSpec = (0,fields/* message */.iU)({
    runtime: fields/* text */.Qq,
    entrypoint: fields/* text */.Qq,
    resources: (0,fields/* message */.iU)({ memory: fields/* int64 */.Gk }),
    executionTimeout: fields/* duration */.p0,
}, {
    serviceAccountId: fields/* text */.Qq,
    environment: fields/* texts */.Te,
    /** The subnets are deprecated since 2026: the network alone is enough. A copy keeps those that a version has. */
    connectivity: (0,fields/* message */.iU)({}, { networkId: fields/* text */.Qq, subnetId: (0,fields/* list */.p_)(fields/* text */.Qq) }),
    namedServiceAccounts: fields/* texts */.Te,
    secrets: (0,fields/* list */.p_)(secret),
    logOptions,
    asyncInvocationConfig,
    tmpfsSize: fields/* int64 */.Gk,
    concurrency: fields/* int64 */.Gk,
    mounts: (0,fields/* list */.p_)(mount),
    metadataOptions,
});

;// CONCATENATED MODULE: ./src/yandex/functions/versions.ts
/** Versions of a function: what they are, creating one, and reading them by id, by tag, all of them. */






const VERSIONS = '/functions/v1/versions';
/** The tag that the newest version has by itself. */
const LATEST = '$latest';
/** Starts the build of a version; the metadata of the operation has its id from the start. */
function createVersion({ request, deadlineMs }, cloud) {
    return startOperation({
        what: `create a version of the function ${request.functionId}`,
        path: VERSIONS,
        body: request,
        hides: Object.values(request.environment ?? {}),
        deadlineMs,
        retry: { attemptMs: (0,http/* attemptMsFor */.nR)('content' in request ? request.content.length : 0) },
    }, cloud);
}
/** Id of the version that an operation of {@link createVersion} makes. Throws DeployError API_UNEXPECTED when it has none. */
function versionIdOf(operation) {
    return resourceIdOf(operation, 'functionVersionId');
}
/** Throws ApiError, NOT_FOUND among others. */
function getVersion(versionId, { api }) {
    return api.call({
        what: `read the version ${versionId}`,
        path: `${VERSIONS}/${encodeURIComponent(versionId)}`,
        mayHoldSecrets: true,
        read: readVersion,
    });
}
/** The version that holds a tag, {@link LATEST} included; undefined when there is none, or no such function. */
async function getVersionByTag({ functionId, tag }, { api }) {
    try {
        return await api.call({
            what: `read the version of the function ${functionId} with the tag ${tag}`,
            path: `${VERSIONS}:byTag`,
            query: { functionId, tag },
            mayHoldSecrets: true,
            read: readVersion,
        });
    }
    catch (error) {
        if (error instanceof api_error/* ApiError */.h && error.grpcCode === 'NOT_FOUND')
            return undefined;
        throw error;
    }
}
/** All versions of a function, newest first: the order of the answer is not documented. */
async function listVersions(functionId, { api }) {
    const versions = await api.list({
        what: `list the versions of the function ${functionId}`,
        path: VERSIONS,
        query: { functionId },
        field: 'versions',
        mayHoldSecrets: true,
        read: readVersion,
    });
    return versions.toSorted((a, b) => (isNewer(a, b) ? -1 : 1));
}
/** Whether a version was created after another one; times may have a fraction of a second or none. */
function isNewer(version, { createdAt }) {
    const laterMs = Date.parse(version.createdAt) - Date.parse(createdAt);
    return laterMs > 0 || (!(laterMs < 0) && version.createdAt > createdAt);
}
/** The deprecated form of a bucket's mount. */
const storageMount = (0,fields/* message */.iU)({ bucketId: fields/* text */.Qq, mountPointName: fields/* text */.Qq, readOnly: fields/* flag */.Jt }, { prefix: fields/* text */.Qq });
const readRest = (0,fields/* resource */.Zc)('the version', {
    id: fields.id,
    functionId: fields/* text */.Qq,
    createdAt: fields/* text */.Qq,
    status: fields/* text */.Qq,
    description: fields/* text */.Qq,
    tags: (0,fields/* list */.p_)(fields/* text */.Qq),
    imageSize: fields/* int64 */.Gk,
    storageMounts: (0,fields/* list */.p_)(storageMount),
});
/** Unknown fields are passed over. Throws TypeError when the value is not a Version. */
function readVersion(value) {
    const { imageSize, storageMounts, ...rest } = readRest(value);
    const spec = readSpec(value, 'the version');
    const mounts = [...(spec.mounts ?? []), ...olderMounts(storageMounts, spec.mounts)];
    return {
        ...rest,
        imageSizeBytes: Number(imageSize),
        spec: { ...withoutEmptyAsync(spec), ...(mounts.length > 0 && { mounts }) },
    };
}
/** Where calls are asynchronous, each target says at least that it is empty; a message that says nothing is none. */
function withoutEmptyAsync(spec) {
    const { asyncInvocationConfig: config, ...rest } = spec;
    if (!config)
        return spec;
    const { successTarget, failureTarget, retriesCount = '0', serviceAccountId = '' } = config;
    const isEmpty = Object.keys({ ...successTarget, ...failureTarget }).length === 0 &&
        retriesCount === '0' &&
        serviceAccountId === '';
    return isEmpty ? rest : spec;
}
/** The service shows a bucket's mount in both forms; one that only the deprecated form has is not lost. */
function olderMounts(older, mounts = []) {
    const known = new Set(mounts.map(({ name }) => name));
    return older
        .filter(({ mountPointName }) => !known.has(mountPointName))
        .map(({ mountPointName: name, bucketId, prefix, readOnly }) => ({
        name,
        mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
        objectStorage: { bucketId, ...(prefix !== undefined && { prefix }) },
    }));
}

;// CONCATENATED MODULE: ./src/deploy/build.ts
/** The build of a version: started, and waited for when the step says so. */



/** `plain` is the description to fall back on, since regions may be behind in what they take. Throws ApiError. */
async function startBuild(wanted, cloud) {
    const { request, plain, wait } = wanted;
    const deadlineMs = cloud.clock.now() + wait.timeoutSeconds * 1000;
    const start = async (description) => ({
        operation: await createVersion({ request: { ...request, description }, deadlineMs }, cloud),
        deadlineMs,
        hides: Object.values(request.environment ?? {}),
    });
    return start(request.description).catch((error) => {
        const isAboutIt = isRefusedAs(error, ['INVALID_ARGUMENT']) && /description/i.test(error.message);
        if (plain === undefined || !isAboutIt)
            throw error;
        cloud.log(`Trying again without the fingerprint in the description: ${error.message}`);
        return start(plain);
    });
}
/** Throws OperationError when the build fails, and DeployError OPERATION_TIMEOUT. */
async function finishBuild({ build, wait }, cloud) {
    const { operation } = build;
    // A build that has ended is looked at even when nobody waits: it may have failed.
    const isOver = operation.done || operation.error !== undefined;
    const ended = wait.untilReady || isOver ? await waitForOperation({ ...build, what: BUILD }, cloud) : operation;
    return { id: versionIdOf(ended), isReady: ended.done };
}

;// CONCATENATED MODULE: ./src/deploy/plan/fingerprint.ts
/** The fingerprint at the end of a version's description: which package the version runs, and which run made it. */
/**
 * 600: https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function_service.proto,
 * CreateFunctionVersionRequest). Older documentation has 256, which a description of ours keeps to.
 */
const MAX_CHARACTERS = 600;
const MAX_DEFAULT_CHARACTERS = 255;
const FINGERPRINT = /(?:^| )\[(?:sha256:([0-9a-f]{64}) )?run:([0-9A-Za-z_-]{1,50})(?: from:([0-9A-Za-z_-]{1,50}))?\]$/;
/** The fingerprint that a description ends in; undefined, which means unknown, for anything else. */
function readFingerprint(description) {
    const [found, sha256, runId = '', fromVersionId] = FINGERPRINT.exec(description) ?? [];
    // Without either it would tell nothing about the code.
    if (found === undefined || (sha256 ?? fromVersionId) === undefined)
        return undefined;
    return { sha256, runId, fromVersionId };
}
/** A description without the fingerprint that it ends in. */
function withoutFingerprint(description) {
    return readFingerprint(description) ? description.replace(FINGERPRINT, '') : description;
}
/**
 * The description to send, with the fingerprint at its end: the author's own, or ours, which may be cut. An own text
 * that leaves no room for the fingerprint is sent as it is, `isMarked` is false then. A fingerprint that the text ends
 * in already is of another version, and is left out.
 */
function describeVersion({ text, isOwn }, fingerprint) {
    const mark = write(fingerprint);
    const plain = withoutFingerprint(text);
    // A character may take two units of a string.
    const characters = Array.from(plain);
    const room = (isOwn ? MAX_CHARACTERS : MAX_DEFAULT_CHARACTERS) - mark.length - 1;
    if (isOwn && characters.length > room)
        return { description: plain, isMarked: false };
    const kept = characters.slice(0, room).join('').trimEnd();
    return { description: [kept, mark].filter((part) => part !== '').join(' '), isMarked: true };
}
function write({ sha256, runId, fromVersionId }) {
    const digest = sha256 === undefined ? '' : `sha256:${sha256} `;
    const source = fromVersionId === undefined ? '' : ` from:${fromVersionId}`;
    return `[${digest}run:${runId}${source}]`;
}

;// CONCATENATED MODULE: ./src/yandex/functions/access.ts
/** Access bindings of a function: who has which role on it, and whether anyone may call it. */



const readBinding = (0,fields/* resource */.Zc)('the access binding', {
    roleId: fields/* text */.Qq,
    subject: (0,fields/* resource */.Zc)('the subject of the access binding', { id: fields/* text */.Qq, type: fields/* text */.Qq }),
});
/** Lets anyone call a function: https://yandex.cloud/en/docs/functions/security/#functions-functionInvoker */
const PUBLIC = {
    roleId: 'functions.functionInvoker',
    subject: { id: 'allUsers', type: 'system' },
};
/** The same role under its present name, and the one that it had before, which older bindings can have. */
const INVOKERS = [PUBLIC.roleId, 'serverless.functions.invoker'];
/** The bindings of the function itself; those of its folder and cloud are not among them. Throws ApiError. */
function listAccessBindings(functionId, { api }) {
    return api.list({
        what: `list the access bindings of the function ${functionId}`,
        path: `${functionPath(functionId)}:listAccessBindings`,
        field: 'accessBindings',
        read: readBinding,
    });
}
/** Whether one of the bindings lets anyone call the function, without a token. */
function isPublic(bindings) {
    return publicBindings(bindings).length > 0;
}
/** Those of the bindings that let anyone call the function. */
function publicBindings(bindings) {
    return bindings.filter(({ roleId, subject }) => INVOKERS.includes(roleId) &&
        subject.id === PUBLIC.subject.id &&
        subject.type === PUBLIC.subject.type);
}
/** Changes some bindings, leaves all others as they are, and waits for it. Throws ApiError, OperationError. */
async function updateAccessBindings(change, cloud) {
    const { functionId, deltas, deadlineMs } = change;
    await operations_operate({
        what: `change the access bindings of the function ${functionId}`,
        doing: `Changing the access bindings of the function ${functionId}`,
        noun: 'the change of the access bindings',
        path: `${functionPath(functionId)}:updateAccessBindings`,
        body: { accessBindingDeltas: deltas },
        deadlineMs,
    }, cloud);
}

;// CONCATENATED MODULE: ./src/yandex/functions/scaling.ts
/** Scaling policies of a function: each belongs to a tag, and holds for whichever version has it. */



const readPolicy = (0,fields/* resource */.Zc)('the scaling policy', {
    tag: fields/* text */.Qq,
    provisionedInstancesCount: fields/* int64 */.Gk,
    zoneInstancesLimit: fields/* int64 */.Gk,
    zoneRequestsLimit: fields/* int64 */.Gk,
});
/** What a tag without a policy has. */
const UNSCALED = {
    provisionedInstancesCount: '0',
    zoneInstancesLimit: '0',
    zoneRequestsLimit: '0',
};
/** Whether two policies have the same numbers. */
function hasSameCounts(a, b) {
    return (a.provisionedInstancesCount === b.provisionedInstancesCount &&
        a.zoneInstancesLimit === b.zoneInstancesLimit &&
        a.zoneRequestsLimit === b.zoneRequestsLimit);
}
/** The policies of all tags of a function. Throws ApiError. */
function listScalingPolicies(functionId, { api }) {
    return api.list({
        what: `list the scaling policies of the function ${functionId}`,
        path: `${functionPath(functionId)}/scalingPolicies`,
        field: 'scalingPolicies',
        read: readPolicy,
    });
}
/** Writes all numbers of a tag's policy, and waits for it. Throws ApiError, OperationError. */
async function setScalingPolicy({ functionId, policy, deadlineMs }, cloud) {
    const which = `the scaling policy of the tag ${policy.tag}`;
    await operations_operate({
        what: `set ${which} of the function ${functionId}`,
        doing: `Setting ${which}`,
        noun: `the change of ${which}`,
        path: `${functionPath(functionId)}:setScalingPolicy`,
        body: policy,
        deadlineMs,
    }, cloud);
}
/** Takes a tag's policy away, and waits for it. Throws ApiError, OperationError. */
async function removeScalingPolicy({ functionId, policy: { tag }, deadlineMs }, cloud) {
    const which = `the scaling policy of the tag ${tag}`;
    await operations_operate({
        what: `remove ${which} of the function ${functionId}`,
        doing: `Removing ${which}`,
        noun: `the removal of ${which}`,
        path: `${functionPath(functionId)}:removeScalingPolicy`,
        body: { tag },
        deadlineMs,
    }, cloud);
}

;// CONCATENATED MODULE: ./src/deploy/plan/row.ts
/** One line of a plan: a thing that can differ between what is live and what the step asks for. */
/** What a row belongs to. */
const AREAS = ['function', 'code', 'settings', 'tags', 'access', 'scaling'];
/** The row of two values that are equal exactly when nothing changes. */
function compare({ live, after, ...rest }) {
    const isHidden = rest.visibility === 'nobody';
    return {
        ...rest,
        verdict: verdictOf(live, after),
        live: isHidden ? undefined : live,
        after: isHidden ? undefined : after,
    };
}
/** As {@link compare}, where one value stands for none: it is shown, and counts as absent. */
function compareFrom(none, { live, after, ...rest }) {
    const known = (value) => value === none ? undefined : value;
    return { ...compare({ ...rest, live: known(live), after: known(after) }), live, after };
}
function verdictOf(live, after) {
    if (live === after)
        return 'unchanged';
    if (live === undefined)
        return 'added';
    return after === undefined ? 'removed' : 'changed';
}
/** The rows of two maps, one for each key of either, sorted by it. */
function compareMaps(maps) {
    const live = new Map(maps.live);
    const after = new Map(maps.after);
    const keys = [...new Set([...live.keys(), ...after.keys()])].sort();
    return keys.map((key) => {
        const name = `${maps.name}.${key}`;
        return compare({ ...maps, name, live: live.get(key), after: after.get(key) });
    });
}
/** The row of a tag. One that is on the live version goes on to what follows it, which is no change. */
function compareTag(tag, of) {
    const live = of.holders.get(tag)?.id;
    const after = of.after ?? (of.live && live === of.live.id ? live : 'this version');
    return compare({ area: 'tags', name: `${of.input}.${tag}`, visibility: 'anyone', live, after });
}

;// CONCATENATED MODULE: ./src/deploy/plan/exposure.ts
/** Public access and scaling in a plan: they belong to the function and its tags, not to a version; pure. */




/** That of a new function. */
const UNEXPOSED = { bindings: [], policies: [] };
/** The rows of the inputs that are given: one for `public`, one for each number of each tag. */
function planExposure({ exposure, tags }, live) {
    return [
        ...planPublic(exposure.isPublic, live),
        ...scaledTags(tags).flatMap((tag) => planScaling(tag, { exposure, live })),
    ];
}
/** The tags that scaling is set for. */
function scaledTags(tags) {
    return tags.length > 0 ? tags : [LATEST];
}
/** The numbers of a tag; those of no policy where it has none. */
function countsOf(policies, tag) {
    return policies.find((policy) => policy.tag === tag) ?? UNSCALED;
}
function planPublic(after, { bindings }) {
    if (after === undefined)
        return [];
    const row = { area: 'access', name: 'public', visibility: 'anyone' };
    return [compareFrom('false', { ...row, live: String(isPublic(bindings)), after: String(after) })];
}
const NUMBERS = [
    ['provisioned-instances', 'provisionedInstancesCount'],
    ['zone-instances-limit', 'zoneInstancesLimit'],
    ['zone-requests-limit', 'zoneRequestsLimit'],
];
function planScaling(tag, { exposure: { scaling }, live: { policies } }) {
    const counts = countsOf(policies, tag);
    const row = { area: 'scaling', visibility: 'anyone' };
    return NUMBERS.flatMap(([input, field]) => {
        const after = scaling?.[field];
        if (after === undefined)
            return [];
        return [compareFrom('0', { ...row, name: `${input}.${tag}`, live: counts[field], after })];
    });
}

;// CONCATENATED MODULE: ./src/deploy/plan/package.ts
/** The code in a plan: its row, and which files of two packages differ; pure. */

/** The row of the code; it has no values. */
function planCode(code, live) {
    const row = { area: 'code', name: 'package', visibility: 'anyone' };
    const verdict = live ? package_verdictOf(code, live) : 'added';
    return { ...row, verdict, live: undefined, after: undefined };
}
function package_verdictOf(code, live) {
    const { sha256, fromVersionId } = readFingerprint(live.description) ?? {};
    if (code.kind === 'version' && [live.id, fromVersionId].includes(code.versionId)) {
        return 'unchanged';
    }
    if (sha256 === undefined || code.sha256 === undefined)
        return 'unknown';
    return sha256 === code.sha256 ? 'unchanged' : 'changed';
}
/** What is sent, and how it differs from the live package, if that is known and another one. */
function planPackage(code, live) {
    const sent = code.kind === 'package' ? code : undefined;
    return {
        sha256: sent?.sha256,
        sizeBytes: sent?.sizeBytes,
        liveSizeBytes: live?.sizeBytes,
        files: sent && live && diffFiles(live.files, sent.files),
    };
}
/** By name, size and CRC-32. */
function diffFiles(live, after) {
    const before = new Map(live.map((file) => [file.name, file]));
    const added = [];
    const changed = [];
    for (const { name, sizeBytes, crc32 } of after) {
        const known = before.get(name);
        before.delete(name);
        if (!known)
            added.push(name);
        else if (known.sizeBytes !== sizeBytes || known.crc32 !== crc32)
            changed.push(name);
    }
    return {
        added: added.sort(),
        removed: [...before.keys()].sort(),
        changed: changed.sort(),
        unchangedCount: after.length - added.length - changed.length,
    };
}

;// CONCATENATED MODULE: ./src/deploy/plan/setting-values.ts
/** Values of settings in words that are equal exactly when the values are. */
/** The text, unless it is empty as proto3 writes one that is not set. */
function given(text) {
    return text === '' ? undefined : text;
}
/** The name of an enum's value, unless it is the one that stands for none. */
function specified(value) {
    return value?.endsWith('_UNSPECIFIED') === true ? undefined : given(value);
}
/** A `MetadataOption` as its input has it. */
function enabled(value) {
    const option = specified(value);
    return option && ({ ENABLED: 'true', DISABLED: 'false' }[option] ?? option);
}
const UNITS = ['B', 'KiB', 'MiB', 'GiB'];
/** Bytes in the largest unit that is exact, so that only equal sizes read the same. */
function size(bytes) {
    let value = BigInt(bytes);
    let unit = 0;
    for (; value > 0n && value % 1024n === 0n && unit < UNITS.length - 1; unit++)
        value /= 1024n;
    return `${value} ${UNITS[unit] ?? ''}`;
}
function readOnly(mode) {
    return mode === 'READ_ONLY' ? ', read-only' : '';
}
/** A bucket in the file system. Its prefix is a folder, with or without a slash at its end. */
function bucketMount({ bucketId, prefix = '' }, mode) {
    return `${bucketId}/${prefix.replace(/\/$/, '')}${readOnly(mode)}`;
}
/** What a disk has when no size of a block is known, as disks of Compute have. No document says it of these. */
const DEFAULT_BLOCK_SIZE = '4096';
/** A disk in the file system. A size of a block that is left out is whatever the live disk has. */
function disk({ size: bytes, blockSize }, { mode, live }) {
    const block = chosen(blockSize) ?? chosen(live?.blockSize) ?? DEFAULT_BLOCK_SIZE;
    return `${size(bytes)}, blocks of ${size(block)}${readOnly(mode)}`;
}
function chosen(bytes) {
    return bytes === '0' ? undefined : bytes;
}

;// CONCATENATED MODULE: ./src/deploy/plan/settings.ts
/** The settings of a version as a plan compares them: one entry for each, and a row for each that either side has; pure. */


/**
 * All that is compared of a version. Defaults: https://github.com/yandex-cloud/cloudapi (function.proto, proto3), of
 * the metadata options https://yandex.cloud/en/docs/functions/operations/function/metadata-options. The service fills
 * them in, so a version shows what nobody asked for.
 */
const SETTINGS = {
    runtime: { visibility: 'anyone', one: (spec) => spec.runtime },
    entrypoint: { visibility: 'anyone', one: (spec) => spec.entrypoint },
    memory: { visibility: 'anyone', one: (spec) => size(spec.resources.memory) },
    'execution-timeout': {
        visibility: 'anyone',
        one: (spec) => `${Number(spec.executionTimeout.slice(0, -1))} s`,
    },
    environment: { visibility: 'nobody', many: (spec) => Object.entries(spec.environment ?? {}) },
    secrets: {
        visibility: 'run',
        many: ({ secrets = [] }) => secrets.map((secret) => [
            secret.environmentVariable,
            `${secret.id}/${secret.versionId}/${secret.key}`,
        ]),
    },
    'service-account': { visibility: 'run', one: (spec) => given(spec.serviceAccountId) },
    'named-service-accounts': {
        visibility: 'run',
        many: (spec) => Object.entries(spec.namedServiceAccounts ?? {}),
    },
    network: {
        visibility: 'run',
        // Subnets are deprecated: beside a network they say nothing, and the service may fill them in.
        one: ({ connectivity: { networkId, subnetId = [] } = {} }) => given(networkId) ?? given(subnetId.toSorted().join(', ')),
    },
    concurrency: {
        visibility: 'anyone',
        absent: '1',
        one: ({ concurrency }) => (concurrency === '0' ? undefined : concurrency),
    },
    'tmpfs-size': {
        visibility: 'anyone',
        absent: '0 B',
        one: ({ tmpfsSize }) => tmpfsSize && size(tmpfsSize),
    },
    mounts: {
        visibility: 'run',
        many: ({ mounts = [] }) => mounts.flatMap(({ name, mode, objectStorage }) => objectStorage ? [[name, bucketMount(objectStorage, mode)]] : []),
    },
    'ephemeral-disk': {
        visibility: 'anyone',
        many: ({ mounts = [] }, live) => mounts.flatMap(({ name, mode, ephemeralDiskSpec }) => {
            const now = live?.mounts?.find((mount) => mount.name === name)?.ephemeralDiskSpec;
            return ephemeralDiskSpec
                ? [[name, disk(ephemeralDiskSpec, { mode, live: now })]]
                : [];
        }),
    },
    'logs-disabled': {
        visibility: 'anyone',
        absent: 'false',
        one: ({ logOptions }) => (logOptions?.disabled === true ? 'true' : undefined),
    },
    'logs-group-id': { visibility: 'run', one: ({ logOptions }) => given(logOptions?.logGroupId) },
    'logs-folder-id': {
        visibility: 'run',
        // Left out, the log goes to the default group of the function's folder, and the version shows that folder.
        one: ({ logOptions }, { folderId }) => logOptions?.folderId === folderId ? undefined : given(logOptions?.folderId),
    },
    'log-level': { visibility: 'anyone', one: ({ logOptions }) => specified(logOptions?.minLevel) },
    async: {
        visibility: 'anyone',
        absent: 'false',
        one: ({ asyncInvocationConfig }) => asyncInvocationConfig && 'true',
    },
    'async-retries-count': {
        visibility: 'anyone',
        one: ({ asyncInvocationConfig: config }) => config && (config.retriesCount ?? '0'),
    },
    'async-sa': {
        visibility: 'run',
        one: ({ asyncInvocationConfig }) => given(asyncInvocationConfig?.serviceAccountId),
    },
    ...queue('success'),
    ...queue('failure'),
    'metadata-gce': {
        visibility: 'anyone',
        absent: 'true',
        one: ({ metadataOptions }) => enabled(metadataOptions?.gceHttpEndpoint),
    },
    'metadata-aws-v1': {
        visibility: 'anyone',
        absent: 'true',
        one: ({ metadataOptions }) => enabled(metadataOptions?.awsV1HttpEndpoint),
    },
};
/** Where the outcomes of asynchronous calls go. */
function queue(outcome) {
    const read = (field) => ({ asyncInvocationConfig: config }) => given(config?.[`${outcome}Target`].ymqTarget?.[field]);
    return {
        [`async-${outcome}-ymq-arn`]: { visibility: 'run', one: read('queueArn') },
        [`async-${outcome}-sa`]: { visibility: 'run', one: read('serviceAccountId') },
    };
}
/** A row for every setting that either side has, in the order of {@link SETTINGS}. */
function diffSettings(sides) {
    const { live, after, folderId } = sides;
    return Object.entries(SETTINGS).flatMap(([name, setting]) => {
        const row = { area: 'settings', name, visibility: setting.visibility };
        if (name === 'environment' && isHidden(sides)) {
            return [{ ...row, verdict: 'unknown', live: undefined, after: undefined }];
        }
        if ('many' in setting) {
            const before = live ? setting.many(live) : [];
            return compareMaps({ ...row, live: before, after: setting.many(after, live) });
        }
        const now = live && setting.one(live, { folderId });
        const next = setting.one(after, { folderId });
        if (now === undefined && next === undefined)
            return [];
        const absent = live && setting.absent;
        return [compare({ ...row, live: now ?? absent, after: next ?? absent })];
    });
}
/** Variables that are not shown look like no variables. */
function isHidden({ live, after, seesEnvironment }) {
    const isUnseen = live !== undefined && live.environment === undefined && !seesEnvironment;
    return isUnseen && Object.keys(after.environment ?? {}).length > 0;
}

;// CONCATENATED MODULE: ./src/deploy/plan/plan.ts
/** The plan of a deployment: what is live against what the step asks for; pure. */






/** What is asked for against the version with the first of the tags, or the newest one without tags. */
function planDeployment(wanted, known) {
    const { holders, livePackage } = known;
    const tag = wanted.tags[0] ?? LATEST;
    const live = holders.get(tag);
    const codeRow = planCode(wanted.code, live);
    return {
        ...conclude([
            ...planFunction(wanted.function, known.function),
            codeRow,
            ...diffSettings({
                live: live?.spec,
                after: wanted.spec,
                folderId: known.folderId,
                seesEnvironment: [...holders.values()].some(({ spec }) => spec.environment),
            }),
            ...wanted.tags.map((one) => compareTag(one, { input: 'tags', live, holders })),
            ...planExposure(wanted, known.exposure),
        ]),
        isCompared: true,
        uncomparedFor: '',
        live: live && describeLive(live, tag),
        package: planPackage(wanted.code, codeRow.verdict === 'unchanged' ? undefined : livePackage),
        tagsToMove: wanted.tags.filter((one) => !live || holders.get(one)?.id !== live.id),
    };
}
/** What would be sent, compared with nothing; `why` is a sentence without its stop. */
function planUncompared({ code, tags }, { why }) {
    return {
        ...conclude([{ ...planCode(code, undefined), verdict: 'unknown' }]),
        isCompared: false,
        uncomparedFor: why,
        live: undefined,
        package: planPackage(code, undefined),
        tagsToMove: tags,
    };
}
/** The plan with further rows, and what they come to. */
function withRows(plan, rows) {
    return { ...plan, ...conclude([...plan.rows, ...rows]) };
}
function conclude(rows) {
    const changing = rows.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'unknown');
    const isUnknown = rows.some(({ verdict }) => verdict === 'unknown');
    return {
        rows,
        changed: changing.length > 0 ? true : isUnknown ? undefined : false,
        changes: AREAS.filter((area) => changing.some((row) => row.area === area)),
    };
}
function describeLive({ id, createdAt, status, description }, tag) {
    return { id, tag, createdAt, status, sha256: readFingerprint(description)?.sha256 };
}
function planFunction({ description, labels }, live) {
    const row = { area: 'function', visibility: 'run' };
    const rows = [];
    if (!live)
        rows.push(compare({ ...row, name: 'function', live: undefined, after: 'new' }));
    if (description !== undefined) {
        const name = 'function-description';
        rows.push(compare({ ...row, name, live: live?.description, after: description }));
    }
    if (labels) {
        const before = Object.entries(live?.labels ?? {});
        const name = 'function-labels';
        rows.push(...compareMaps({ ...row, name, live: before, after: Object.entries(labels) }));
    }
    return rows;
}

;// CONCATENATED MODULE: ./src/deploy/release/tags.ts
/** When the tags of a step are set: with the version, or after its build, one by one; and how a plan shows it. Pure. */



/** The tags with which the version is created: that of the check alone, where there is one. */
function tagsAtCreation({ settings, release }) {
    if (release.check)
        return [release.check.tag];
    return release.previousTag === undefined ? settings.tags : [];
}
/** The tags that are moved to the version when it is built, and has passed its check. */
function tagsAfterBuild({ settings, release }) {
    return release.check || release.previousTag !== undefined ? settings.tags : [];
}
/** All tags that a release looks at. */
function tagsInvolved({ settings, release }) {
    const all = [...settings.tags, release.check?.tag, release.previousTag];
    return all.filter((tag) => tag !== undefined);
}
/**
 * The plan with a row for the tag of the check and one for the previous tag. Without any other change there is none:
 * like `tags`, they go on to what follows the live version.
 */
function withReleaseTags(plan, { inputs: { settings, release }, holders }) {
    const { live } = plan;
    if (plan.changed === false)
        return plan;
    const { check, previousTag } = release;
    const isCreated = !release.skipUnchanged || whyNotSkipped(plan) !== undefined;
    const isChecked = check && (isCreated || plan.tagsToMove.length > 0);
    const keepsFormer = isCreated && previousTag !== undefined && settings.tags.length > 0;
    return withRows(plan, [
        ...(isChecked ? [compareTag(check.tag, { input: 'check-tag', live, holders })] : []),
        ...(keepsFormer && live
            ? [compareTag(previousTag, { input: 'previous-tag', live, holders, after: live.id })]
            : []),
    ]);
}

;// CONCATENATED MODULE: ./src/deploy/request.ts
/** The request for a version: settings, resolved names and code put into the shape of the API. Pure. */
function versionRequest(parts) {
    const { functionId, settings, names, code } = parts;
    return {
        functionId,
        description: settings.description,
        ...(settings.tags.length > 0 && { tag: settings.tags }),
        ...versionCode(code),
        ...versionSpec({ settings, names }),
    };
}
/** Fields that were not asked for are left out, so that empty objects are never sent. */
function versionSpec({ settings, names }) {
    const { environment, serviceAccount, network, fileSystem, logs, metadata } = settings;
    const { concurrency, asyncInvocation } = settings;
    return withoutUnset({
        runtime: settings.runtime,
        entrypoint: settings.entrypoint,
        resources: { memory: String(settings.memoryBytes) },
        executionTimeout: `${settings.timeoutSeconds}s`,
        environment: environment.variables,
        secrets: names.secrets,
        serviceAccountId: serviceAccount && names.idOf(serviceAccount),
        namedServiceAccounts: settings.namedServiceAccounts,
        connectivity: network && { networkId: names.idOf(network) },
        concurrency: concurrency?.toString(),
        tmpfsSize: fileSystem.tmpfsBytes?.toString(),
        mounts: mountsOf(fileSystem),
        logOptions: withoutUnset({
            disabled: logs.disabled,
            logGroupId: logs.groupId,
            folderId: logs.folderId,
            minLevel: logs.level,
        }),
        asyncInvocationConfig: asyncInvocation && asyncConfigOf(asyncInvocation, { serviceAccount, names }),
        metadataOptions: withoutUnset({
            gceHttpEndpoint: optionOf(metadata.gce),
            awsV1HttpEndpoint: optionOf(metadata.awsV1),
        }),
    });
}
/** A message without the fields that say nothing in proto3; no value inside of a map or a list is looked at. */
function withoutUnset(message) {
    return Object.fromEntries(Object.entries(message).filter(isSet));
}
const ENUMS = ['mode', 'minLevel', 'gceHttpEndpoint', 'awsV1HttpEndpoint'];
function isSet([name, value]) {
    if (typeof value === 'object' && value !== null)
        return Object.keys(value).length > 0;
    if (ENUMS.includes(name) && String(value).endsWith('_UNSPECIFIED'))
        return false;
    return value !== undefined && value !== '' && value !== false;
}
function versionCode(code) {
    switch (code.kind) {
        case 'version':
            return { versionId: code.versionId };
        case 'inline':
            return { content: Buffer.concat(code.packed.archive.chunks).toString('base64') };
        case 'bucket':
            return { package: { bucketName: code.bucket, objectName: code.key, sha256: code.sha256 } };
    }
}
function mountsOf({ buckets, disk }) {
    const bucketMounts = buckets.map(({ name, bucket, prefix, readOnly }) => ({
        name,
        mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
        objectStorage: { bucketId: bucket, ...(prefix !== undefined && { prefix }) },
    }));
    if (!disk)
        return bucketMounts;
    const ephemeralDiskSpec = {
        size: String(disk.sizeBytes),
        ...(disk.blockSizeBytes !== undefined && { blockSize: String(disk.blockSizeBytes) }),
    };
    return [...bucketMounts, { name: disk.name, mode: 'READ_WRITE', ephemeralDiskSpec }];
}
function optionOf(isEnabled) {
    if (isEnabled === undefined)
        return undefined;
    return isEnabled ? 'ENABLED' : 'DISABLED';
}
/** The account that calls is the function's own when none is named. */
function asyncConfigOf(invocation, { serviceAccount, names }) {
    const caller = invocation.serviceAccount ?? serviceAccount;
    const target = (queue) => {
        if (!queue)
            return { emptyTarget: {} };
        const { queueArn } = queue;
        return { ymqTarget: { queueArn, serviceAccountId: names.idOf(queue.serviceAccount) } };
    };
    return {
        retriesCount: String(invocation.retries),
        successTarget: target(invocation.success),
        failureTarget: target(invocation.failure),
        ...(caller && { serviceAccountId: names.idOf(caller) }),
    };
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
var external_node_path_default = /*#__PURE__*/__nccwpck_require__.n(external_node_path_);
;// CONCATENATED MODULE: ./src/source/families.ts
/** Which files of a package an entrypoint may refer to, by family of runtimes. */
/**
 * The families of runtimes whose entrypoint always refers to a file of the package; compiled ones are not among them.
 * https://yandex.cloud/en/docs/functions/concepts/function
 */
const FAMILIES = [
    {
        runtime: /^nodejs/,
        // A module may also be a folder with an index.
        endings: ['.js', '.cjs', '.mjs', '/index.js', '/package.json'],
        sources: ['.ts', '.tsx', '.cts', '.mts'],
        example: 'index.handler',
    },
    {
        runtime: /^python/,
        endings: ['.py', '.pyc', '/__init__.py'],
        hasPackages: true,
        example: 'main.handler',
    },
    { runtime: /^php/, endings: ['.php'], example: 'index.handler' },
    { runtime: /^r\d/, endings: ['.R', '.r'], example: 'handler.handler' },
    {
        runtime: /^golang/,
        endings: ['.go'],
        example: 'index.Handler',
        only: /\.go$/,
        // The part before the dot need not be a file: `main.WebHandler` may be in `web_handler.go`.
        unless: /^[^/]*\.go$/,
    },
    { runtime: /^bash/, example: 'handler.sh' },
];
/** The family of a runtime; undefined if its entrypoint may not refer to a file. */
function findFamily(runtime) {
    return FAMILIES.find((family) => family.runtime.test(runtime));
}
/** The files that may contain the handler, the likeliest first; none if the entrypoint is not of the right form. */
function filesOf({ endings, hasPackages }, entrypoint) {
    if (endings === undefined)
        return [entrypoint];
    return modules(entrypoint)
        .flatMap((module) => (hasPackages ? [module, module.replaceAll('.', '/')] : [module]))
        .flatMap((module) => endings.map((ending) => module + ending));
}
/** Every possible `file` in `file.function`: the part before the last dot, or before an earlier one. */
function modules(entrypoint) {
    const found = [];
    const nameAt = entrypoint.lastIndexOf('/') + 1;
    for (let at = entrypoint.length - 1; at > nameAt; at--) {
        if (entrypoint[at] === '.' && at < entrypoint.length - 1)
            found.push(entrypoint.slice(0, at));
    }
    return found;
}

;// CONCATENATED MODULE: ./src/source/file-names.ts
/** Words about files: how to print a name, which names a zip can contain, and why a file cannot be read. */

/**
 * Why a name cannot be in a package, as the end of a sentence; undefined if it can. Windows does not allow such names, and
 * unzip programs treat `\` as a separator, so the file would get another name or another folder.
 */
function badName(name) {
    if (!/[\p{Cc}\p{Cs}\\]/u.test(name))
        return undefined;
    if (/\p{Cc}/u.test(name))
        return 'has a control character in its name';
    // A lone surrogate, which Windows allows, is not valid in UTF-8.
    if (/\p{Cs}/u.test(name))
        return 'has a name that is not valid Unicode';
    return 'has a `\\` in its name, which unzip programs treat as a folder separator';
}
/** A name on one line: in backticks, with control characters and line breaks escaped. */
function showName(name) {
    const safe = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
    return `\`${safe}\``;
}
/** The `code` of a file system error, such as `ENOENT`; undefined for anything else. */
function fsCode(error) {
    const { code } = (0,src_json/* fieldsOf */.Pf)(error);
    return typeof code === 'string' ? code : undefined;
}
/** Whether an error says that there is no such file or folder. */
function isMissing(error) {
    return ['ENOENT', 'ENOTDIR'].includes(fsCode(error) ?? '');
}
/** The end of a sentence about a file. */
const NOT_UTF8 = 'has a name that is not valid UTF-8';
/** The end of a sentence about a file, such as `cannot be read: permission denied (EACCES)`. */
function describeFsError(error, name = '') {
    const code = fsCode(error);
    if (code === undefined)
        return `cannot be read: ${String(error)}`;
    // A name that is not UTF-8 arrives with replacement characters, so the file is not found.
    if (code === 'ENOENT' && name.includes('\uFFFD'))
        return NOT_UTF8;
    const reasons = {
        EACCES: 'permission denied',
        EPERM: 'permission denied',
        ENOENT: 'it does not exist',
        ENOTDIR: 'it does not exist',
        ELOOP: 'a link that leads to itself',
        EISDIR: 'it is a folder',
    };
    const reason = reasons[code];
    return reason === undefined ? `cannot be read (${code})` : `cannot be read: ${reason} (${code})`;
}

;// CONCATENATED MODULE: ./src/source/entrypoint.ts
/** Checks that the file of an entrypoint is in the package. */





const NEAR_NAMES = 3;
/**
 * Checks that the file of the entrypoint is in the package. Does nothing for a runtime whose entrypoint is a class, and
 * for an unknown runtime. Throws DeployError `INPUT_INVALID`.
 */
function checkEntrypoint(target, packed) {
    const { names } = packed;
    const family = findFamily(target.runtime);
    const has = (form) => [...names].some((name) => form.test(name));
    if (family === undefined || (family.only && !has(family.only)))
        return;
    const { endings = [], sources = [], example } = family;
    const shown = `\`entrypoint\` ${showName(target.entrypoint)}`;
    const write = 'Write the file without its extension, a dot, and the function:';
    const entrypoint = target.entrypoint.replace(/^(?:\.\/)+/, '');
    const wanted = filesOf(family, entrypoint);
    if (wanted.length === 0) {
        throw invalid(`${shown} is not of the form \`file.function\`, which ${target.runtime} needs`, `${write} \`${example}\`.`);
    }
    const isThere = wanted.some((name) => names.has(name));
    const dot = entrypoint.lastIndexOf('.');
    const isFile = names.has(entrypoint) || (isThere && family.unless === undefined);
    // A function cannot have such a name.
    if ([...endings, ...sources].includes(entrypoint.slice(dot).toLowerCase()) && isFile) {
        const form = showName(entrypoint.slice(0, dot) + example.slice(example.indexOf('.')));
        throw invalid(`${shown} names a file, not a function in it`, `${write} ${form}.`);
    }
    if (isThere || (family.unless && has(family.unless)))
        return;
    const listed = wanted.slice(0, 3).map(showName).join(', ');
    const { fact, hint } = explain({ wanted, sources }, packed);
    throw invalid(`${shown}: the package has no ${listed}${fact === '' ? '' : `; ${fact}`}`, hint);
}
function invalid(message, hint) {
    return new errors/* DeployError */.sH('INPUT_INVALID', message, {
        inputs: ['entrypoint'],
        topic: 'entrypoint-not-in-package',
        hint,
    });
}
/** Why none of the files is in the package, and what to do. */
function explain({ wanted, sources }, { names, whyMissing }) {
    for (const name of wanted) {
        const reason = whyMissing?.(name);
        if (reason === undefined)
            continue;
        const fact = `${showName(name)} is in the workspace, but ${reason}`;
        return { fact, hint: 'Correct `include` and `exclude` so that the file is included.' };
    }
    const folded = new Map([...names].map((name) => [name.toLowerCase(), name]));
    const otherCase = wanted.map((name) => folded.get(name.toLowerCase())).find((name) => name);
    if (otherCase !== undefined) {
        const fact = `it has ${showName(otherCase)}: upper and lower case differ`;
        return { fact, hint: 'Write `entrypoint` with the case of the file name.' };
    }
    const folder = onlyFolder(names);
    const below = wanted.find((name) => folder !== '' && names.has(folder + name));
    if (below !== undefined) {
        return {
            fact: `everything in it is in the folder ${showName(folder)}`,
            hint: whyMissing
                ? 'Set `source-root` to that folder.'
                : 'Zip the content of that folder, not the folder itself.',
        };
    }
    const [first = ''] = wanted;
    const stem = first.slice(0, -external_node_path_default().posix.extname(first).length);
    const source = sources.map((extension) => stem + extension).find((name) => names.has(name));
    if (source !== undefined) {
        return {
            fact: `it has ${showName(source)}`,
            hint: 'Compile it in a step before this one: Yandex Cloud does not run TypeScript.',
        };
    }
    const near = nearNames(first, names);
    return {
        fact: near.length === 0 ? '' : `it has ${near.map(showName).join(', ')}`,
        hint: 'The path of the file starts at the root of the package: correct `entrypoint`, set ' +
            '`source-root` to the folder of the file, or add the file to `include`.',
    };
}
/** The only top-level folder, with its `/`; empty if there is another folder or file. */
function onlyFolder(names) {
    const tops = new Set([...names].map((name) => name.slice(0, name.indexOf('/') + 1)));
    // macOS adds this folder to a zip.
    tops.delete('__MACOSX/');
    const [folder = ''] = tops;
    return tops.size === 1 ? folder : '';
}
/** Files whose path differs by a typo, then files of the same name in other folders. */
function nearNames(wanted, names) {
    const own = [...names].filter((name) => !name.includes('node_modules/'));
    const typed = nearest(wanted, own.filter(({ length }) => Math.abs(length - wanted.length) <= 2));
    const stem = (name) => external_node_path_default().posix.parse(name).name.toLowerCase();
    const depth = (name) => name.split('/').length;
    const same = own
        .filter((name) => stem(name) === stem(wanted))
        .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
    return [...new Set([...typed, ...same])].slice(0, NEAR_NAMES);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./src/source/zip/writer.ts
/** Writes a zip into memory, entry by entry: only names, bytes and the executable bit. */


/** More entries, or more than 4 GiB, need the Zip64 format. */
const MAX_ENTRIES = 65_534;
/** The largest offset of the format, minus room for the central directory. */
const MAX_BYTES = 0xffff_ffff - MAX_ENTRIES * 1024;
/** Small pieces are collected in slabs of this size, so that sending and hashing take few steps. */
const SLAB_BYTES = 1 << 20;
/** Names are UTF-8; sizes are in the local headers, without data descriptors. */
const FLAGS = 0x0800;
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
/** 1980-01-01 00:00:00, the earliest time of the format. */
const DOS_DATE = (1 << 5) | 1;
const DOS_TIME = 0;
const FILE_MODE = 0o100644;
const PROGRAM_MODE = 0o100755;
const METHODS = { stored: 0, deflated: 8 };
/** Entries are written in the order in which they are added. */
class ZipWriter {
    #chunks = [];
    #hash = (0,external_node_crypto_.createHash)('sha256');
    #central = [];
    #slab = Buffer.alloc(0);
    #slabStart = 0;
    #slabEnd = 0;
    #offset = 0;
    /**
     * Appends an entry. Large pieces are not copied: do not change them afterwards. Throws DeployError `SOURCE_TOO_LARGE`
     * when the zip would need the Zip64 format.
     */
    add(file, packed) {
        if (this.#central.length === MAX_ENTRIES || this.#offset + packed.packedBytes > MAX_BYTES) {
            throw new errors/* DeployError */.sH('SOURCE_TOO_LARGE', `the package would have more than ${MAX_ENTRIES} files or 4 GiB, ` +
                'the most that a zip can contain');
        }
        const name = Buffer.from(file.name);
        const common = Buffer.alloc(26);
        common.writeUInt16LE(VERSION_NEEDED, 0);
        common.writeUInt16LE(FLAGS, 2);
        common.writeUInt16LE(METHODS[packed.method], 4);
        common.writeUInt16LE(DOS_TIME, 6);
        common.writeUInt16LE(DOS_DATE, 8);
        common.writeUInt32LE(packed.crc32, 10);
        common.writeUInt32LE(packed.packedBytes, 14);
        common.writeUInt32LE(packed.sizeBytes, 18);
        common.writeUInt16LE(name.length, 22);
        const record = Buffer.alloc(46 + name.length);
        record.write('PK\x01\x02', 0, 'latin1');
        record.writeUInt16LE(MADE_BY_UNIX, 4);
        common.copy(record, 6);
        record.writeUInt32LE((file.executable ? PROGRAM_MODE : FILE_MODE) * 0x1_0000, 38);
        record.writeUInt32LE(this.#offset, 42);
        name.copy(record, 46);
        this.#central.push(record);
        this.#write(Buffer.from('PK\x03\x04', 'latin1'));
        this.#write(common);
        this.#write(name);
        for (const piece of packed.pieces)
            this.#write(piece);
    }
    /** Writes the central directory; the writer cannot be used afterwards. */
    finish() {
        const start = this.#offset;
        for (const record of this.#central)
            this.#write(record);
        const end = Buffer.alloc(22);
        end.write('PK\x05\x06', 0, 'latin1');
        end.writeUInt16LE(this.#central.length, 8);
        end.writeUInt16LE(this.#central.length, 10);
        end.writeUInt32LE(this.#offset - start, 12);
        end.writeUInt32LE(start, 16);
        this.#write(end);
        this.#flush();
        return { chunks: this.#chunks, sizeBytes: this.#offset, sha256: this.#hash.digest('hex') };
    }
    #write(bytes) {
        this.#offset += bytes.length;
        if (bytes.length >= SLAB_BYTES) {
            this.#flush();
            this.#emit(bytes);
            return;
        }
        let from = 0;
        while (from < bytes.length) {
            if (this.#slabEnd === this.#slab.length) {
                this.#flush();
                this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
                this.#slabStart = this.#slabEnd = 0;
            }
            const part = bytes.subarray(from, from + this.#slab.length - this.#slabEnd);
            this.#slab.set(part, this.#slabEnd);
            this.#slabEnd += part.length;
            from += part.length;
        }
    }
    /** The rest of the slab is used for the next pieces. */
    #flush() {
        if (this.#slabEnd > this.#slabStart) {
            this.#emit(this.#slab.subarray(this.#slabStart, this.#slabEnd));
        }
        this.#slabStart = this.#slabEnd;
    }
    #emit(bytes) {
        this.#chunks.push(bytes);
        this.#hash.update(bytes);
    }
}

;// CONCATENATED MODULE: ./src/source/limits.ts
/** The limits of Yandex Cloud Functions on a package, checked before anything is sent. */




// In bytes; source of all three: https://yandex.cloud/en/docs/functions/concepts/limits
/** Largest zip inside a request: 3.5 MB. */
const INLINE_LIMIT_BYTES = 3_670_016;
/** Largest zip in a bucket: 128 MB. */
const BUCKET_LIMIT_BYTES = 128 * 1024 ** 2;
/** Largest sum of the unpacked files: 680 MB. */
const UNPACKED_LIMIT_BYTES = 680 * 1024 ** 2;
const EXCLUDE_HINT = 'Exclude what the function does not need, with `exclude` or a `.ycignore` file.';
const DELIVERIES = {
    inline: { limit: INLINE_LIMIT_BYTES, where: 'inside the request', hint: undefined },
    bucket: { limit: BUCKET_LIMIT_BYTES, where: 'through a bucket', hint: EXCLUDE_HINT },
};
const NAMED_FILES = 5;
/** Checks a package against the limits for the way it is sent. Throws DeployError `SOURCE_TOO_LARGE`. */
function checkLimits({ sizeBytes, unpackedBytes, entries, }, delivery) {
    const { limit, where, hint } = DELIVERIES[delivery];
    const problems = [];
    if (sizeBytes > limit) {
        problems.push(`the package is ${exact(sizeBytes)}; the limit when it is sent ${where} is ${exact(limit)}`);
    }
    if (unpackedBytes > UNPACKED_LIMIT_BYTES) {
        problems.push(`the files are ${exact(unpackedBytes)} unpacked; the limit is ${exact(UNPACKED_LIMIT_BYTES)}`);
    }
    if (problems.length === 0)
        return;
    const largest = entries
        .toSorted((a, b) => b.packedBytes - a.packedBytes)
        .slice(0, NAMED_FILES)
        .map(({ name, packedBytes }) => `${showName(name)} (${(0,src_text/* formatBytes */.z3)(packedBytes)})`);
    const list = largest.length === 0 ? '' : `. The largest files: ${largest.join(', ')}`;
    const evidence = { kind: 'largest files', entries };
    throw new errors/* DeployError */.sH('SOURCE_TOO_LARGE', problems.join('; ') + list, { evidence, hint });
}
/** As {@link checkLimits}, for files that are not packed yet: only their unpacked size is known. */
function checkUnpacked(files) {
    const entries = files.map(({ name, sizeBytes }) => ({ name, sizeBytes, packedBytes: sizeBytes }));
    const unpackedBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    checkLimits({ sizeBytes: 0, unpackedBytes, entries }, 'bucket');
}
/** Checks that a zip can contain so many files. Throws DeployError `SOURCE_TOO_LARGE`. */
function checkCount(files) {
    if (files <= MAX_ENTRIES)
        return;
    throw new errors/* DeployError */.sH('SOURCE_TOO_LARGE', `the package would have more than ${MAX_ENTRIES} files, the most that a zip can contain`, { hint: EXCLUDE_HINT });
}
function exact(bytes) {
    return `${(0,src_text/* formatBytes */.z3)(bytes)} (${bytes} bytes)`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
;// CONCATENATED MODULE: ./src/source/found-keys.ts
/** Decides which private keys among the files of a package are rejected. */

/**
 * Rejects the keys that no line of `exclude` or `.ycignore` includes by name. Those in installed packages, mostly of their
 * tests, are deployed with a warning, in which `how` says how to get rid of them.
 */
function judgeKeys(keys, { reincluded, how }) {
    const unwanted = keys.filter(({ name }) => !reincluded?.has(patternOf(name).replace(/^\.\//, '')));
    const installed = unwanted.filter(({ name }) => /(?:^|\/)node_modules\//.test(name));
    const what = installed.length === 1 ? 'a private key' : `${installed.length} private keys`;
    const warning = `The package contains ${what} of installed packages. ${how}\n${excludeLines(installed)}`;
    return {
        rejected: unwanted.filter((key) => !installed.includes(key)),
        warnings: installed.length === 0 ? [] : [warning],
    };
}
/** The lines of `exclude` for these keys. */
function excludeLines(keys) {
    const lines = keys.slice(0, src_text/* MAX_LISTED_PROBLEMS */.sl).map(({ name }) => patternOf(name));
    if (keys.length > src_text/* MAX_LISTED_PROBLEMS */.sl) {
        lines.push(`# and ${keys.length - src_text/* MAX_LISTED_PROBLEMS */.sl} more`);
    }
    return lines.join('\n');
}
/** The pattern that matches the file of that name. */
function patternOf(name) {
    // A brace cannot be escaped on Windows; a leading `!` or `#` has a meaning.
    return name.replaceAll('{', '?').replace(/^(?=[!#])/, './');
}

;// CONCATENATED MODULE: ./src/source/select/segment.ts
/** One segment of a glob, which matches a name between two slashes. */
/** `**`: any number of folders. */
const GLOBSTAR = Symbol('**');
const WINDOWS = process.platform === 'win32';
/** `*`, `?`, a character class, an escaped character, or any other character. */
const TOKEN = /(\*+)|(\?)|\[(?:([!^])|(?![!^]))(\](?:\\[^]|[^\]\\])*|(?:\\[^]|[^\]\\])+)\]|\\([^])|([^])/g;
/**
 * Compiles a segment; matching takes time proportional at most to the product of its length and the name's.
 *
 * A `[` is both literal and the start of a character class: `[id].js` matches the file of that name, and also `i.js` and
 * `d.js` as in `@actions/glob`.
 */
function compileSegment(text) {
    if (text === '**')
        return GLOBSTAR;
    const form = compile(text);
    // `[[]` is a literal `[`, which cannot become part of another token.
    return text.includes('[') ? [form, compile(text.replaceAll('[', '[[]'))] : [form];
}
/** Whether a name matches one of the alternatives. */
function fits(segment, name) {
    for (const one of segment) {
        if (typeof one === 'string' ? one === name : one.test(name))
            return true;
    }
    return false;
}
function compile(text) {
    let literal = '';
    /** Sources of regular expressions for the parts between the stars. */
    const parts = [''];
    for (const [, star, any, negated, members, escaped, other = ''] of text.matchAll(TOKEN)) {
        if (star === undefined && any === undefined && members === undefined) {
            const char = escaped ?? other;
            if (literal !== undefined)
                literal += char;
            parts.push((parts.pop() ?? '') + segment_escape(char));
            continue;
        }
        literal = undefined;
        if (star !== undefined)
            parts.push('');
        else
            parts.push((parts.pop() ?? '') + (any === undefined ? charClass(members, negated) : '[^]'));
    }
    if (literal !== undefined && !WINDOWS)
        return literal;
    const [first = '', ...others] = parts;
    const last = others.pop();
    // The first position where a part matches is always good enough: a lookahead with a backreference
    // never backtracks, while a plain `.*` would do so again and again.
    const middle = others.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join('');
    const end = last === undefined ? '' : `.*${last}`;
    return new RegExp(`^${first}${middle}${end}$`, WINDOWS ? 'si' : 's');
}
function charClass(members = '', negated) {
    const ranges = members.replaceAll(/\\?([^])(?:-\\?([^]))?/g, (_, from, to) => {
        if (to === undefined || to === from)
            return segment_escape(from);
        return to > from ? `${segment_escape(from)}-${segment_escape(to)}` : '';
    });
    if (ranges === '')
        return '(?!)';
    return `[${negated === undefined ? '' : '^'}${ranges}]`;
}
function segment_escape(char) {
    return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

;// CONCATENATED MODULE: ./src/source/select/glob.ts
/** One glob, compiled so that a tree is matched folder by folder instead of path by path. */

/** Compiles relative patterns with `/` separators and no `..` segment into one: any of them matches. */
function compileGlob(patterns) {
    const segments = [];
    const starts = [];
    let plainSegments = Infinity;
    for (const pattern of patterns) {
        const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
        const firstMagic = names.findIndex((name) => /[*?[]/.test(name));
        plainSegments = Math.min(plainSegments, firstMagic === -1 ? names.length : firstMagic);
        starts.push(segments.length);
        for (const name of names)
            segments.push(compileSegment(name));
        segments.push(pattern.endsWith('/') ? 'end of a folder' : 'end');
    }
    return { segments, start: expandGlobstars(segments, starts), plainSegments };
}
/** The progress in the folder `name` of a folder. */
function enterFolder(glob, from) {
    if (from.progress === 'all' || from.progress.length === 0)
        return from.progress;
    const next = [];
    for (const at of from.progress) {
        const segment = glob.segments[at];
        if (segment === GLOBSTAR)
            next.push(at);
        else if (typeof segment === 'object' && fits(segment, from.name))
            next.push(at + 1);
    }
    return next.length === 0 ? next : expandGlobstars(glob.segments, next);
}
/** Whether the glob matches the file `name` in a folder. */
function matchesFile(glob, from) {
    if (from.progress === 'all')
        return true;
    for (const at of from.progress) {
        const segment = glob.segments[at];
        if (segment === GLOBSTAR) {
            if (isEnd(glob, at))
                return true;
        }
        else if (typeof segment === 'object' && fits(segment, from.name) && isEnd(glob, at + 1)) {
            return true;
        }
    }
    return false;
}
/** Whether the glob matches the file at a path from the root of the tree. */
function matchesPath(glob, path) {
    const folders = path.split('/');
    const name = folders.pop() ?? '';
    const progress = folders.reduce((at, folder) => enterFolder(glob, { progress: at, name: folder }), glob.start);
    return matchesFile(glob, { progress, name });
}
/** Whether the way to a folder has matched more of the glob than a leading `**`. */
function hasBegun(glob, progress) {
    const { start } = glob;
    if (progress === 'all' || start === 'all')
        return true;
    return progress.some((at) => !start.includes(at));
}
/** `**` also matches no segment at all; a glob that has matched completely matches everything below. */
function expandGlobstars(segments, positions) {
    const closed = new Set();
    for (const start of positions) {
        for (let at = start; !closed.has(at); at++) {
            const segment = segments[at];
            if (segment === 'end' || segment === 'end of a folder')
                return 'all';
            closed.add(at);
            if (segment !== GLOBSTAR)
                break;
        }
    }
    return [...closed];
}
/** Whether nothing but `**` remains at this position, as in `@actions/glob`. */
function isEnd(glob, at) {
    while (glob.segments[at] === GLOBSTAR)
        at++;
    return glob.segments[at] === 'end';
}

;// CONCATENATED MODULE: ./src/source/select/braces.ts
/** Expands `{a,b}` in a pattern, nested ones too, into a limited number of patterns. */
/** More alternatives than this in one line are a mistake or an attack. */
const MAX_EXPANSIONS = 1000;
/**
 * Expands every `{a,b}`, outermost first; braces without a comma and escaped braces are literal. Undefined if there would
 * be more than {@link MAX_EXPANSIONS}.
 */
function expandBraces(pattern) {
    const expanded = [];
    const open = [pattern];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const alternatives = expandFirst(next);
        if (alternatives === undefined)
            expanded.push(next);
        else
            open.push(...alternatives.reverse());
        if (expanded.length + open.length > MAX_EXPANSIONS)
            return undefined;
    }
    return expanded.filter((text) => text !== '');
}
/** The alternatives of the first pair of braces with a comma; undefined if there is none. */
function expandFirst(text) {
    /** The positions of each open brace and of its own commas. */
    const open = [];
    let first;
    for (let at = 0; at < text.length; at++) {
        const char = text[at];
        if (char === '\\')
            at++;
        else if (char === '{')
            open.push([at]);
        else if (char === ',')
            open.at(-1)?.push(at);
        else if (char === '}') {
            const group = open.pop();
            if (group === undefined || group.length < 2)
                continue;
            if (first === undefined || (group[0] ?? 0) < (first[0] ?? 0))
                first = [...group, at];
        }
    }
    if (first === undefined)
        return undefined;
    const [head, tail] = [text.slice(0, first[0]), text.slice((first.at(-1) ?? 0) + 1)];
    const ends = first.slice(1);
    return ends.map((end, index) => head + text.slice((first[index] ?? 0) + 1, end) + tail);
}

;// CONCATENATED MODULE: ./src/source/select/rules.ts
/** The rules that select files, in order: the last one that matches a file decides. */



/**
 * What is excluded unless a line of `exclude` or `.ycignore` includes it again: secrets that tools leave in a checkout,
 * the repository itself, and files created by file managers, which the builder sometimes rejects.
 */
const BUILT_IN_EXCLUDES = [
    '.git',
    '.env',
    '.env.*',
    '.npmrc',
    '.netrc',
    '.aws',
    '.ssh',
    '.DS_Store',
    '__MACOSX',
    '.ycignore',
];
/** The longest path of Linux: a longer pattern cannot match. */
const rules_MAX_CHARACTERS = 4096;
const MAX_SHOWN = 200;
const rules_WINDOWS = process.platform === 'win32';
const BUILT_IN_RULES = BUILT_IN_EXCLUDES.map((line) => {
    const pattern = `**/${line}`;
    return { origin: 'built-in', line, pattern, glob: compileGlob([pattern]), effect: 'excludes' };
});
/**
 * Puts the lines in order: `include`, the built-in excludes at any depth, `.ycignore`, `exclude`. A `!` inverts a line:
 * `!glob` in `include` excludes files, elsewhere it includes them. Also gives a sentence about each invalid line.
 */
function readRules({ include, exclude }, ignore) {
    const rules = [];
    const faults = { SOURCE_EMPTY: [], SOURCE_UNSAFE: [] };
    const add = (origin, written) => {
        for (const text of written) {
            const line = text.trim();
            if (line === '' || line.startsWith('#'))
                continue;
            const { pattern, inverted } = splitLine(line);
            const read = readPattern(pattern);
            if ('code' in read) {
                faults[read.code].push(`${showLine({ origin, line })} ${read.why}`);
                continue;
            }
            const effect = (origin === 'include') === inverted ? 'excludes' : 'includes';
            rules.push({ origin, line, pattern, glob: compileGlob(read.globs), effect });
        }
    };
    add('include', include);
    rules.push(...BUILT_IN_RULES);
    add('.ycignore', ignore);
    add('exclude', exclude);
    return { rules, faults };
}
/** A line as messages show it: where it is, and its beginning. */
function showLine({ origin, line }) {
    return `\`${origin}\` line ${showName(line.slice(0, MAX_SHOWN))}`;
}
/** The rule as logs show it: where it is and its line, such as `built-in .git`. */
function ruleName(rule) {
    return `${rule.origin} ${rule.line}`;
}
/** The built-in rule that excludes a path with `/` separators, or a folder above it. */
function findBuiltIn(path) {
    return BUILT_IN_RULES.find(({ glob }) => matchesPath(glob, path));
}
/** The end of a sentence about a link to a path that a built-in rule excludes; undefined for other paths. */
function whyHidden(path) {
    const rule = findBuiltIn(path);
    return rule && `is a link to ${showName(path)}, which ${showName(ruleName(rule))} excludes`;
}
function splitLine(line) {
    const marks = /^(?:!\s*)*/.exec(line)?.[0] ?? '';
    const pattern = line.slice(marks.length);
    return {
        pattern: rules_WINDOWS ? pattern.replaceAll('\\', '/') : pattern,
        inverted: marks.replaceAll(/\s/g, '').length % 2 === 1,
    };
}
function readPattern(pattern) {
    const empty = (why) => ({ code: 'SOURCE_EMPTY', why });
    const unsafe = (why) => ({ code: 'SOURCE_UNSAFE', why });
    if (pattern.length > rules_MAX_CHARACTERS)
        return empty(`has more than ${rules_MAX_CHARACTERS} characters`);
    const globs = expandBraces(pattern);
    if (globs === undefined) {
        return empty(`expands to more than ${MAX_EXPANSIONS} patterns: use fewer braces`);
    }
    if (globs.length === 0)
        return empty('contains no pattern');
    if (globs.some((glob) => glob.split('/').includes('..'))) {
        return unsafe('contains `..`: patterns must stay inside `source-root`');
    }
    if (globs.some(isAbsolute)) {
        return unsafe('is an absolute path: patterns are relative to `source-root`');
    }
    return { globs };
}
/** `~` is the home folder in `@actions/glob`; a drive letter has a meaning only on Windows. */
function isAbsolute(glob) {
    return glob.startsWith('/') || /^~(\/|$)/.test(glob) || (rules_WINDOWS && /^[a-z]:/i.test(glob));
}

;// CONCATENATED MODULE: ./src/source/select/matcher.ts
/** Applies the rules to the files and folders of a tree, and counts what each rule did. */


/** The rules, and what each of them did. */
class Matcher {
    #rules;
    /** `include` lines that have included nothing yet, with the rules that excluded what they matched. */
    #unused = new Map();
    /** Lines of `.ycignore` and `exclude` that have matched nothing yet. */
    #unmatched = new Set();
    #excluded = new Map();
    constructor(rules) {
        this.#rules = rules;
        for (const [index, { origin, effect, line }] of rules.entries()) {
            if (origin === 'include') {
                if (effect === 'includes')
                    this.#unused.set(index, new Set());
            }
            else if (!BUILT_IN_EXCLUDES.some((name) => name === line))
                this.#unmatched.add(index);
        }
    }
    /** The position at the root of the tree. */
    root() {
        return this.#rules.map((rule) => rule.glob.start);
    }
    /** Judges the file `name` in a folder: the last rule that matches decides. */
    judgeFile(at, name) {
        let by;
        for (let index = this.#rules.length - 1; index >= 0; index--) {
            if (!this.#matches(at, { name, index }))
                continue;
            by ??= index;
            // A file that no line includes does not count as excluded.
            if (this.#rules[index]?.effect === 'includes') {
                return { is: by === index ? 'included' : 'excluded', by };
            }
        }
        return { is: 'other' };
    }
    /** Judges the folder `name` in a folder: it is searched if a rule may include something in it. */
    judgeFolder(from, name) {
        const at = this.#rules.map((rule, index) => enterFolder(rule.glob, { progress: from[index] ?? [], name }));
        let by;
        for (let index = at.length - 1; index >= 0; index--) {
            if (at[index]?.length === 0)
                continue;
            if (this.#rules[index]?.effect === 'includes') {
                return by === undefined ? { is: 'searched', at } : { is: 'excluded', by, at };
            }
            if (by === undefined && at[index] === 'all')
                by = index;
        }
        return { is: 'other', at };
    }
    /** Judges the file at a path from the root, regardless of the folders above it. */
    judgePath(path) {
        const folders = path.split('/');
        const name = folders.pop() ?? '';
        return this.judgeFile(folders.reduce((at, folder) => this.judgeFolder(at, folder).at, this.root()), name);
    }
    /** Whether a line of `.ycignore` or `exclude` includes the file. */
    isReincluded(verdict) {
        return verdict.is === 'included' && this.#rules[verdict.by]?.origin !== 'include';
    }
    /** Whether `@actions/glob` would have started a search in a folder `depth` levels below the root, or above it. */
    isSearch(at, depth) {
        return this.#rules.some(({ effect, glob }, index) => effect === 'includes' && depth >= glob.plainSegments && at[index]?.length !== 0);
    }
    /** Judges the file `name` in a folder, and counts it. */
    visit(at, name) {
        const verdict = this.judgeFile(at, name);
        for (const index of this.#unmatched) {
            if (this.#matches(at, { name, index }))
                this.#unmatched.delete(index);
        }
        if (verdict.is === 'other')
            return verdict;
        if (verdict.is === 'excluded')
            this.#count(verdict.by).count++;
        for (const [index, excludedBy] of this.#unused) {
            if (!this.#matches(at, { name, index }))
                continue;
            if (verdict.is === 'included')
                this.#unused.delete(index);
            else
                excludedBy.add(verdict.by);
        }
        return verdict;
    }
    /** Judges the folder `name` in a folder, and counts it. */
    enter(from, name) {
        const verdict = this.judgeFolder(from, name);
        for (const index of this.#unmatched) {
            const progress = verdict.at[index] ?? [];
            // A line may match something in a folder that is not searched.
            const counts = progress === 'all' || (verdict.is !== 'searched' && this.#hasBegun(index, progress));
            if (counts)
                this.#unmatched.delete(index);
        }
        if (verdict.is !== 'excluded')
            return verdict;
        this.#count(verdict.by).folders++;
        const isBuiltIn = this.#rules[verdict.by]?.origin === 'built-in';
        for (const [index, excludedBy] of this.#unused) {
            const progress = verdict.at[index] ?? [];
            // The folder is not searched, so `folder/*.js` counts as matching in it. `**/*.js` does not
            // count for built-in excludes, because every checkout has a `.git`.
            const isMatch = isBuiltIn ? this.#hasBegun(index, progress) : progress.length > 0;
            if (isMatch)
                excludedBy.add(verdict.by);
        }
        return verdict;
    }
    /** The `include` lines that have included nothing, in order. */
    unusedPatterns() {
        return this.#rules.flatMap((rule, index) => {
            const by = this.#unused.get(index);
            return by ? [{ rule, excludedBy: this.#rules.filter((_, other) => by.has(other)) }] : [];
        });
    }
    /** Lines of `.ycignore` and `exclude` that have matched nothing. */
    unmatchedRules() {
        return this.#rules.filter((_, index) => this.#unmatched.has(index));
    }
    /** What each rule has excluded, in the order of the rules. */
    excluded() {
        return this.#rules.flatMap((rule, index) => {
            const counts = this.#excluded.get(index);
            return counts ? [{ rule: ruleName(rule), ...counts }] : [];
        });
    }
    #matches(at, from) {
        const rule = this.#rules[from.index];
        const progress = at[from.index];
        if (rule === undefined || progress === undefined || progress.length === 0)
            return false;
        return matchesFile(rule.glob, { progress, name: from.name });
    }
    #hasBegun(index, progress) {
        const rule = this.#rules[index];
        return rule !== undefined && hasBegun(rule.glob, progress);
    }
    #count(index) {
        const entry = this.#excluded.get(index) ?? { count: 0, folders: 0 };
        this.#excluded.set(index, entry);
        return entry;
    }
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __nccwpck_require__(1455);
;// CONCATENATED MODULE: ./src/source/workspace.ts
/** Finds what inputs name in the workspace: nothing outside of it is ever read. */





/** What each input must be. */
const KINDS = {
    'source-root': { is: 'isDirectory', what: 'a folder', topic: undefined },
    package: { is: 'isFile', what: 'a file', topic: 'ready-zip-missing' },
};
/**
 * Finds the file or folder of an input by its path relative to the workspace, or an absolute one inside it. *
 * Throws DeployError `SOURCE_EMPTY` when it is missing or of another kind, `SOURCE_UNSAFE` when it is outside of the
 * workspace or cannot be read.
 */
async function findInput(input, given) {
    const { is, what, topic } = KINDS[input];
    const shown = `\`${input}\` ${showName(given.path)}`;
    const workspace = await (0,promises_.realpath)(given.workspace).catch((cause) => {
        throw new errors/* DeployError */.sH('SOURCE_EMPTY', `the workspace ${describeFsError(cause)}`, {
            hint: 'Add a step with `actions/checkout` before this one.',
            cause,
        });
    });
    const wanted = external_node_path_default().resolve(given.workspace, given.path);
    const base = [workspace, external_node_path_default().resolve(given.workspace)].find((one) => isInside(one, wanted));
    const outside = () => {
        const why = base === undefined ? '' : ': it is a link';
        return new errors/* DeployError */.sH('SOURCE_UNSAFE', `${shown} is outside of the workspace${why}`, {
            topic: 'path-leaves-workspace',
            hint: 'Set it to a path in the repository, relative to its root.',
        });
    };
    const real = await (0,promises_.realpath)(wanted).catch(async (cause) => {
        if (base === undefined)
            throw outside();
        const hint = 'Check the name, and that the steps which create it run before this one.';
        if (!isMissing(cause)) {
            throw new errors/* DeployError */.sH('SOURCE_UNSAFE', `${shown} ${describeFsError(cause)}`, { hint, cause });
        }
        const message = `${shown} does not exist in the workspace${await suggestion(wanted, is)}`;
        throw new errors/* DeployError */.sH('SOURCE_EMPTY', message, { hint, cause, topic });
    });
    if (!isInside(workspace, real))
        throw outside();
    if (!(await (0,promises_.stat)(real))[is]()) {
        throw new errors/* DeployError */.sH('SOURCE_EMPTY', `${shown} is not ${what}`, {
            hint: 'Set `source-root` to a folder, or `package` to a ready zip.',
        });
    }
    const name = nameBelow(workspace, real);
    return { workspace, real, shown, name, named: base && nameBelow(base, wanted) };
}
/** The end of a sentence about a link. */
const OUTSIDE = 'is a link that leads out of the workspace';
/** Whether a real path is the folder or something below it. */
function isInside(folder, real) {
    return real === folder || real.startsWith(folder.endsWith((external_node_path_default()).sep) ? folder : folder + (external_node_path_default()).sep);
}
/** A path relative to a folder, with `/` separators. */
function nameBelow(folder, real) {
    return external_node_path_default().relative(folder, real).split((external_node_path_default()).sep).join('/');
}
/** Names something of the same kind beside the missing one. */
async function suggestion(missing, is) {
    const beside = await (0,promises_.readdir)(external_node_path_default().dirname(missing), { withFileTypes: true }).catch(() => []);
    const names = beside.filter((entry) => entry[is]()).map(({ name }) => name);
    const [near] = nearest(external_node_path_default().basename(missing), names);
    return near === undefined ? '' : `; did you mean ${showName(near)}?`;
}

;// CONCATENATED MODULE: ./src/source/select/root.ts
/** Finds the folder that becomes the root of the package, and reads its `.ycignore` file. */






const IGNORE_FILE = '.ycignore';
/** Throws DeployError as {@link findInput} does, and `SOURCE_UNSAFE` for a link to what a built-in rule excludes. */
async function findRoot(sourceRoot, deps) {
    const found = await findInput('source-root', { ...deps, path: sourceRoot });
    const { workspace, real, shown, name, named } = found;
    const hidden = whyHidden(name);
    if (hidden !== undefined && (named === undefined || whyHidden(named) === undefined)) {
        throw new errors/* DeployError */.sH('SOURCE_UNSAFE', `${shown} ${hidden}`, {
            hint: 'To deploy that folder, set `source-root` to the folder itself.',
        });
    }
    return { workspace, sourceRoot: real, path: external_node_path_default().resolve(deps.workspace, name) };
}
/**
 * The lines of the `.ycignore` file; none if it does not exist. Throws DeployError `SOURCE_UNSAFE` when it is not a file,
 * cannot be read, or is a link to a file that must not be read, because messages quote its lines.
 */
async function readIgnoreFile(root) {
    try {
        const real = await (0,promises_.realpath)(external_node_path_default().join(root.sourceRoot, IGNORE_FILE));
        if (!isInside(root.workspace, real))
            throw unsafe(OUTSIDE);
        // A link to the `.ycignore` of another folder is allowed.
        const name = nameBelow(root.workspace, real);
        const hidden = whyHidden(external_node_path_default().basename(name) === IGNORE_FILE ? external_node_path_default().dirname(name) : name);
        if (hidden !== undefined)
            throw unsafe(hidden);
        // Reading a pipe may never end.
        if (!(await (0,promises_.stat)(real)).isFile())
            throw unsafe('is not a file');
        const text = await (0,promises_.readFile)(real, 'utf8');
        return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
    }
    catch (error) {
        if (isMissing(error))
            return [];
        if (error instanceof errors/* DeployError */.sH)
            throw error;
        throw unsafe(describeFsError(error), error);
    }
}
function unsafe(why, cause) {
    return new errors/* DeployError */.sH('SOURCE_UNSAFE', `\`${IGNORE_FILE}\` ${why}`, { cause });
}

;// CONCATENATED MODULE: ./src/source/select/unused-patterns.ts
/** Reports lines of `include`, `exclude` and `.ycignore` that have no effect, and why. */







/** Further lines are only counted. */
const MAX_UNMATCHED = 5;
/** Enough for a suggestion, without a long search in a large tree. */
const MAX_LISTED = 5000;
const EXTENDED = /[?*+@!]\([^)]*\)|\[\[:\w+:\]/;
/** Longer names are not compared letter by letter. */
const MAX_NEAR = 200;
/** A pattern that begins with the name of a file or folder. */
const BEGINS_WITH_NAME = /^(?:\.\/+)*(?!\.?\/*$)[^*?[{/]+(?:\/|$)/;
/** Sentences about `include` lines that match no file, with suggestions from the folder. */
async function unmatchedIncludes(unused, folder) {
    const unmatched = unused.filter(({ excludedBy }) => excludedBy.length === 0);
    if (unmatched.length === 0)
        return [];
    const files = await listFiles(folder);
    return unmatched.map(({ rule }) => {
        const notBuilt = BEGINS_WITH_NAME.test(rule.pattern) ? 'is it built before this step?' : '';
        const advice = advise(rule.pattern, files) ?? notBuilt;
        return `${showLine(rule)} matches no file${advice === '' ? '' : `: ${advice}`}`;
    });
}
/** Warnings about `include` lines that match only files that other lines exclude. */
function excludedIncludes(unused) {
    return unused
        .filter(({ excludedBy }) => excludedBy.length > 0)
        .map((one) => `${showLine(one.rule)} has no effect: ${whyExcluded('it matches', [one])}`);
}
/** Why no file is left, if every `include` line matches something. */
function nothingLeft(unused) {
    if (unused.length === 0)
        return '`include` has only lines with `!`, which exclude files';
    return whyExcluded('that `include` matches', unused);
}
/** Names the rules, and the lines of `exclude` that take back what only built-in rules exclude. */
function whyExcluded(what, unused) {
    const rules = [...new Set(unused.flatMap(({ excludedBy }) => excludedBy))];
    const names = rules.map((rule) => showName(ruleName(rule))).join(', ');
    const reason = `everything ${what} is excluded by ${names}`;
    if (rules.some(({ origin }) => origin !== 'built-in'))
        return reason;
    const lines = unused.map(({ rule }) => showName(`!${rule.pattern}`)).join(', ');
    const add = `add the line${unused.length === 1 ? '' : 's'} ${lines} to \`exclude\``;
    return `${reason}; to deploy it, ${add}`;
}
/** Warnings about lines of `exclude` and `.ycignore` that match nothing, with suggestions. */
function unmatchedExcludes(unmatched, files) {
    if (unmatched.length === 0)
        return [];
    const names = files.map(({ name }) => name);
    const more = unmatched.length - MAX_UNMATCHED;
    return [
        ...unmatched.slice(0, MAX_UNMATCHED).map((rule) => {
            // `!(a)` is meant as an extended glob rather than as a line that takes `(a)` back.
            const advice = advise(rule.line.startsWith('!(') ? rule.line : rule.pattern, names);
            return `${showLine(rule)} matches nothing${advice === undefined ? '' : `: ${advice}`}`;
        }),
        ...(more > 0 ? [`${more} more lines of \`exclude\` or \`.ycignore\` match nothing`] : []),
    ];
}
/** Names of files in a folder, those near its root first, without secrets and installed packages. */
async function listFiles(folder) {
    const files = [];
    const folders = [''];
    for (const parent of folders) {
        if (files.length + folders.length > MAX_LISTED)
            break;
        const options = { withFileTypes: true };
        const children = await (0,promises_.readdir)(external_node_path_default().join(folder, parent), options).catch(() => []);
        for (const child of children) {
            const name = parent + child.name;
            if (child.name === 'node_modules' || findBuiltIn(child.name))
                continue;
            if (child.isDirectory())
                folders.push(`${name}/`);
            else
                files.push(name);
        }
    }
    return files;
}
/** The end of a sentence about the pattern, based on the names of existing files; undefined without a suggestion. */
function advise(pattern, files) {
    if (/^(['"]).*\1$/.test(pattern))
        return 'write it without quotes';
    if (EXTENDED.test(pattern)) {
        return 'extended globs are not supported: write `{a,b}`, or one line for each';
    }
    const names = new Set(files.flatMap(withFolders));
    const parts = pattern.split(/[\s,;]+/).filter((part) => part !== '');
    if (parts.length > 1 && parts.some((part) => names.has(clean(part)))) {
        return 'write one pattern per line, without commas or dashes';
    }
    const wanted = clean(pattern);
    const same = [...names].find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (same !== undefined)
        return `did you mean ${showName(same)}?`;
    const deeper = `**/${wanted}`;
    const glob = compileGlob(expandBraces(deeper) ?? []);
    const match = files.find((file) => matchesPath(glob, file));
    if (match !== undefined)
        return `${showName(deeper)} would match ${showName(match)}`;
    const limit = Math.max(2, Math.floor(wanted.length / 3));
    const candidates = [...names].filter(({ length }) => wanted.length <= MAX_NEAR && Math.abs(length - wanted.length) <= limit);
    const [near] = nearest(wanted, candidates);
    return near === undefined ? undefined : `did you mean ${showName(near)}?`;
}
/** The file and the folders that it is in. */
function withFolders(file) {
    return file.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'));
}
function clean(pattern) {
    return pattern.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __nccwpck_require__(8500);
;// CONCATENATED MODULE: ./src/source/event-loop.ts
/** Lets other work run during a long computation. */

/** Network calls run at the same time; this is how long they may have to wait, in milliseconds. */
const MAX_TURN_MS = 20;
let turnStartedAt = performance.now();
/** Yields to the event loop if the last yield is more than {@link MAX_TURN_MS} ago. */
async function yieldToEventLoop() {
    if (performance.now() - turnStartedAt <= MAX_TURN_MS)
        return;
    await (0,external_node_timers_promises_.setImmediate)();
    turnStartedAt = performance.now();
}

;// CONCATENATED MODULE: ./src/source/select/inspect.ts
/** Looks at what a name in a folder stands for: a file to be deployed, or a link. */





const inspect_WINDOWS = process.platform === 'win32';
/** The file with its size and mode, or why it cannot be deployed, as the end of a sentence. */
function describeFile({ name, path }) {
    const bad = badName(name);
    if (bad !== undefined)
        return bad;
    try {
        const stat = (0,external_node_fs_.statSync)(path);
        // Reading a pipe or a device may never end.
        if (!stat.isFile())
            return 'is neither a file nor a folder';
        const executable = !inspect_WINDOWS && (stat.mode & 0o111) !== 0;
        return { name, path, sizeBytes: stat.size, executable };
    }
    catch (error) {
        return describeFsError(error, name.slice(name.lastIndexOf('/') + 1));
    }
}
/** Follows a link of the workspace. */
async function followLink(link, workspace) {
    try {
        const real = await (0,promises_.realpath)(link);
        const is = (await (0,promises_.stat)(real)).isDirectory() ? 'folder' : 'file';
        if (!isInside(workspace, real))
            return { real, is, problem: OUTSIDE };
        return { real, is, hidden: whyHidden(nameBelow(workspace, real)) };
    }
    catch (error) {
        return isMissing(error)
            ? { real: link, is: 'file', problem: 'is a link to something that does not exist' }
            : { real: link, is: undefined, problem: describeFsError(error) };
    }
}

;// CONCATENATED MODULE: ./src/source/select/walk.ts
/** Walks the source root and collects the files that the rules include, and problems. */







/** Links to folders multiply: two links in each of twenty levels are a million folders. */
const MAX_FOLDERS = 100_000;
/** Walks every folder that can contain an included file; follows links to folders. */
async function walk(root, matcher) {
    const walker = new Walker(root, matcher);
    await walker.search({
        name: '',
        path: root.path,
        real: root.sourceRoot,
        depth: 0,
        at: matcher.root(),
        above: [],
    });
    return walker.found;
}
class Walker {
    found = { files: [], problems: [], hiddenLinks: new Map() };
    #root;
    #matcher;
    #folders = 0;
    constructor(root, matcher) {
        this.#root = root;
        this.#matcher = matcher;
    }
    async search(folder) {
        if (folder.above.includes(folder.real))
            return;
        this.#folders++;
        if (this.#folders > MAX_FOLDERS) {
            throw new errors/* DeployError */.sH('SOURCE_TOO_LARGE', `the search covers more than ${MAX_FOLDERS} folders, including ${showName(folder.name)}`, { hint: 'Exclude folders that are links to others, or narrow `include`.' });
        }
        const options = { withFileTypes: true };
        const children = await (0,promises_.readdir)(folder.path, options).catch((error) => {
            this.#addProblem(folder.name || '.', describeFsError(error, folder.name));
            return [];
        });
        const searches = [];
        /** Names with bytes that are not UTF-8: two different ones may look the same as text. */
        const damaged = new Set();
        for (const child of children) {
            if (this.found.files.length > MAX_ENTRIES)
                return;
            await yieldToEventLoop();
            const { name } = child;
            if (name.includes('\uFFFD')) {
                if (damaged.has(name)) {
                    if (this.#isWanted(folder, { name }))
                        this.#addProblem(nameIn(folder, name), NOT_UTF8);
                    continue;
                }
                damaged.add(name);
            }
            const next = { name, real: folder.real + (external_node_path_default()).sep + name, hidden: folder.hidden };
            if (child.isSymbolicLink())
                searches.push(this.#follow(folder, name));
            else if (child.isDirectory())
                searches.push(this.#enter(folder, next));
            else
                this.#visit(folder, next);
        }
        await Promise.all(searches);
    }
    async #enter(parent, child) {
        const verdict = this.#matcher.enter(parent.at, child.name);
        if (verdict.is !== 'searched')
            return;
        const isSearch = parent.above.length > 0 || this.#matcher.isSearch(parent.at, parent.depth);
        await this.search({
            ...child,
            name: nameIn(parent, child.name),
            path: parent.path + (external_node_path_default()).sep + child.name,
            depth: parent.depth + 1,
            at: verdict.at,
            above: isSearch ? [...parent.above, parent.real] : [],
        });
    }
    #visit(folder, { name, hidden }) {
        const verdict = this.#matcher.visit(folder.at, name);
        if (verdict.is !== 'included')
            return;
        const full = nameIn(folder, name);
        if (hidden !== undefined && !this.#matcher.isReincluded(verdict)) {
            this.found.hiddenLinks.set(...hidden);
            return;
        }
        const file = describeFile({ name: full, path: folder.path + (external_node_path_default()).sep + name });
        if (typeof file === 'string')
            this.#addProblem(full, file);
        else
            this.found.files.push(file);
    }
    /** A link is followed only if its target would be included, as a file or as a folder. */
    async #follow(folder, name) {
        if (!this.#isWanted(folder, { name })) {
            this.#matcher.visit(folder.at, name);
            return;
        }
        const full = nameIn(folder, name);
        const link = folder.path + (external_node_path_default()).sep + name;
        const { real, is, problem, hidden } = await followLink(link, this.#root.workspace);
        if (problem !== undefined && this.#isWanted(folder, { name, is })) {
            this.#matcher.visit(folder.at, name);
            this.#addProblem(full, problem);
            return;
        }
        const why = hidden === undefined ? undefined : [full, `${showName(full)} ${hidden}`];
        if (is === 'folder')
            await this.#enter(folder, { name, real, hidden: why });
        else
            this.#visit(folder, { name, real, hidden: why });
    }
    /** Whether a name would be included as what it is, or as either a file or a folder where that is not known. */
    #isWanted({ at }, { name, is }) {
        return ((is !== 'folder' && this.#matcher.judgeFile(at, name).is === 'included') ||
            (is !== 'file' && this.#matcher.judgeFolder(at, name).is === 'searched'));
    }
    #addProblem(name, why) {
        this.found.problems.push(`${showName(name)} ${why}`);
    }
}
function nameIn(folder, name) {
    return folder.name === '' ? name : `${folder.name}/${name}`;
}

;// CONCATENATED MODULE: ./src/source/select/files.ts
/** Selects the files of the workspace that are deployed. */












/**
 * Selects files by one ordered list of rules: `include`, built-in excludes, the `.ycignore` file in the source root,
 * `exclude`. Patterns mean the same as in `@actions/glob`; the last rule that matches a file decides; `!glob` in `exclude`
 * includes what it matches.
 *
 * Throws DeployError `SOURCE_EMPTY` for a missing source root, an `include` line that matches no
 *   file, or an empty selection; `SOURCE_UNSAFE` for a pattern, link or file that is not allowed;
 *   `SOURCE_TOO_LARGE` for more files than a zip can contain. All problems are reported at once.
 */
async function selectFiles(patterns, deps) {
    const root = await findRoot(patterns.sourceRoot, deps);
    const { rules, faults } = readRules(patterns, await readIgnoreFile(root));
    const matcher = new Matcher(rules);
    const found = await walk(root, matcher);
    checkCount(found.files.length);
    const unused = matcher.unusedPatterns();
    const unsafe = [
        ...faults.SOURCE_UNSAFE,
        ...[...found.problems, ...found.hiddenLinks.values()].sort(),
    ];
    const empty = [...faults.SOURCE_EMPTY, ...(await unmatchedIncludes(unused, root.path))];
    if (found.files.length === 0 && unsafe.length + empty.length === 0) {
        empty.push(nothingLeft(unused));
    }
    const message = (0,src_text/* listProblems */.vz)([...unsafe, ...empty], 'files of the package');
    if (unsafe.length > 0) {
        const hints = [
            ...(faults.SOURCE_UNSAFE.length > 0 ? [PATTERN_HINT] : []),
            ...linkHints([...found.hiddenLinks.keys()]),
        ];
        throw new errors/* DeployError */.sH('SOURCE_UNSAFE', message, {
            hint: hints.length === 0 ? undefined : hints.join('\n'),
            topic: 'path-leaves-workspace',
        });
    }
    if (empty.length > 0) {
        throw new errors/* DeployError */.sH('SOURCE_EMPTY', message, {
            topic: 'include-matches-nothing',
            hint: `Patterns are relative to \`source-root\` (${showName(patterns.sourceRoot)}). ` +
                'Check that the steps which check out and build the code run before this one.',
        });
    }
    const files = found.files.sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
        files,
        excluded: matcher.excluded(),
        warnings: [
            ...excludedIncludes(unused),
            ...unmatchedExcludes(matcher.unmatchedRules(), files),
            ...caseCollisions(files),
        ],
        reincluded: new Set(rules
            .filter(({ origin, effect }) => effect === 'includes' && origin !== 'include')
            .map(({ pattern }) => pattern.replace(/^(?:\.\/)+/, ''))),
        whyMissing: (name) => {
            const isBelow = !name.split('/').includes('..');
            if (!isBelow || !(0,external_node_fs_.existsSync)(external_node_path_default().join(root.path, name)))
                return undefined;
            const verdict = matcher.judgePath(name);
            // There is a file, but of a name that differs in case alone, where the file system does not tell them apart.
            if (verdict.is === 'included')
                return undefined;
            const rule = verdict.is === 'excluded' ? rules[verdict.by] : undefined;
            return rule ? `${showName(ruleName(rule))} excludes it` : 'no `include` line matches it';
        },
    };
}
const PATTERN_HINT = 'Write patterns relative to `source-root`, without a leading `/` and without `..`; set ' +
    '`source-root` to a folder that contains all of the files.';
function linkHints(links) {
    if (links.length === 0)
        return [];
    const lines = links.map((link) => showName(patternOf(link))).join(', ');
    const back = showName(`!${patternOf(links[0] ?? '')}`);
    return [`Add the links to \`exclude\`: ${lines}. A line such as ${back} deploys one.`];
}
function caseCollisions(files) {
    const seen = new Map();
    const pairs = [];
    for (const { name } of files) {
        const folded = name.normalize('NFC').toLowerCase();
        const other = seen.get(folded);
        if (other === undefined)
            seen.set(folded, name);
        else
            pairs.push(`${showName(other)} and ${showName(name)}`);
    }
    const [first] = pairs;
    if (first === undefined)
        return [];
    const more = pairs.length === 1 ? '' : ` (and ${pairs.length - 1} more such pairs)`;
    return [`${first}${more} differ only in case or accents: Windows and macOS keep only one of them`];
}

;// CONCATENATED MODULE: external "node:stream/promises"
const external_node_stream_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __nccwpck_require__(8522);
;// CONCATENATED MODULE: ./src/source/keys.ts
/** Recognises files that are private keys. */

/** Larger files are not checked: a key with its certificates and its text form has a few kilobytes. */
const MAX_KEY_BYTES = 1 << 20;
const PEM_MARK = Buffer.from('PRIVATE KEY');
const PUTTY_MARK = Buffer.from('PuTTY-User-Key-File-');
const JSON_MARKS = [Buffer.from('private_key'), Buffer.from('privateKey')];
/** The beginning of a JSON object or list, maybe after a byte order mark, as Latin-1. */
const JSON_START = /^(?:\xef\xbb\xbf)?[ \t\r\n]*[{[]/;
const BEGIN_LINE = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
const PRIVATE_LABEL = /(?:^| )PRIVATE KEY(?: BLOCK)?$/;
const BODY_LINE = /^[A-Za-z0-9+/=]*$/;
/** Old encrypted keys and PGP keys have headers between the first line and the body. */
const HEADER_LINE = /^[A-Za-z][A-Za-z-]*: /;
/** The shortest keys, Ed25519 ones, have 64 characters of Base64. */
const MIN_BODY_CHARS = 40;
/**
 * The kind of private key that a file is, or undefined. Three forms are recognised: a PEM file with a private key,
 * encrypted or not, a PuTTY key, and JSON with an object that has `private_key` or `privateKey`, such as the authorized
 * key of a service account. The text may be UTF-16.
 *
 * A program, a test or a document that contains a key is not a key file: the PEM blocks must be complete, on lines of
 * their own, and at the start of the file, at its end (after `openssl -text`), or at least half of it.
 */
function findPrivateKey(bytes) {
    if (bytes.length > MAX_KEY_BYTES)
        return undefined;
    const text = decodeUtf16(bytes);
    if (text !== undefined)
        return findPrivateKey(Buffer.from(text));
    if (bytes.subarray(0, PUTTY_MARK.length).equals(PUTTY_MARK))
        return 'a private key';
    const isJson = JSON_START.test(bytes.toString('latin1', 0, 64));
    if (isJson && JSON_MARKS.some((mark) => bytes.includes(mark)) && hasKeyObject(bytes.toString())) {
        return 'the key of a service account';
    }
    return bytes.includes(PEM_MARK) && isPemFile(bytes.toString()) ? 'a private key' : undefined;
}
function isPemFile(content) {
    // Some secret stores write line breaks as `\n`, two characters.
    const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r|(?:\\r)?\\n/);
    let block;
    let chars = 0;
    let pemChars = 0;
    let hasKey = false;
    let isFirst = false;
    let isLast = false;
    for (const untrimmed of lines) {
        const line = untrimmed.trim();
        const label = BEGIN_LINE.exec(line)?.[1];
        if (label !== undefined)
            block = { label, isFirst: chars === 0, chars: 0, bodyChars: 0 };
        chars += line.length;
        if (line !== '')
            isLast = false;
        if (block === undefined)
            continue;
        block.chars += line.length;
        if (label !== undefined)
            continue;
        if (line === `-----END ${block.label}-----`) {
            pemChars += block.chars;
            isFirst ||= block.isFirst;
            isLast = true;
            hasKey ||= PRIVATE_LABEL.test(block.label) && block.bodyChars >= MIN_BODY_CHARS;
            block = undefined;
        }
        else if (BODY_LINE.test(line))
            block.bodyChars += line.length;
        else if (block.bodyChars > 0 || !HEADER_LINE.test(line))
            block = undefined;
    }
    return hasKey && (isFirst || isLast || pemChars * 2 >= chars);
}
/** The text of a file in UTF-16, as `>` of Windows PowerShell writes it; undefined for any other. */
function decodeUtf16(bytes) {
    const [first, second] = [bytes[0], bytes[1]];
    const isLittle = (first === 0xff && second === 0xfe) || (second === 0 && bytes[3] === 0 && first);
    const isBig = (first === 0xfe && second === 0xff) || (first === 0 && bytes[2] === 0 && second);
    if (!isLittle && !isBig)
        return undefined;
    // An odd byte at the end would become a character, and JSON that ends with one cannot be read.
    const even = bytes.subarray(0, bytes.length & ~1);
    return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(even);
}
/** Whether JSON contains, at any depth, a key as `yc iam key create` or the API writes it, or one of another cloud. */
function hasKeyObject(text) {
    const open = [(0,src_json/* tryParse */.x6)(text.replace(/^\uFEFF/, ''))];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
        if (typeof value !== 'object' || value === null)
            continue;
        const object = (0,src_json/* asObject */.eB)(value);
        if (object && isKeyObject(object))
            return true;
        for (const item of Object.values(value))
            open.push(item);
    }
    return false;
}
function isKeyObject(value) {
    const key = value.private_key ?? value.privateKey;
    if (typeof key !== 'string' || key === '')
        return false;
    const about = (0,src_json/* asObject */.eB)(value.key) ?? value;
    const names = ['service_account_id', 'serviceAccountId', 'user_account_id', 'userAccountId'];
    return key.includes('PRIVATE KEY') || names.some((name) => typeof about[name] === 'string');
}

;// CONCATENATED MODULE: ./src/source/zip/compress.ts
/** Reads and compresses one file in the fastest way for its size. */






/** Up to this size, using the thread pool costs more than the compression itself. */
const SMALL_BYTES = 32 * 1024;
/** From this size on, a file is never read into memory as a whole. */
const LARGE_BYTES = 1 << 20;
const LEVEL = 6;
const SAMPLES = 16;
const SAMPLE_BYTES = 16 * 1024;
/** A file is stored uncompressed if no sample shrinks to less than this share. */
const SAMPLE_SHRINKS = 0.98;
/** One byte larger than a small file, so that a file that has grown is noticed. */
const scratch = Buffer.allocUnsafeSlow(SMALL_BYTES + 1);
/**
 * Packs a file of at most {@link SMALL_BYTES} in this thread; undefined if it has grown beyond that since it was
 * selected. Throws errors of the file system.
 */
function packSmall(file) {
    const length = readScratch(file);
    if (length > SMALL_BYTES)
        return undefined;
    const bytes = scratch.subarray(0, length);
    const facts = factsOf(bytes);
    if (length > 0) {
        const deflated = (0,external_node_zlib_.deflateRawSync)(bytes, optionsFor(length));
        if (deflated.length < length)
            return packedAs('deflated', { pieces: [deflated], facts });
    }
    return packedAs('stored', { pieces: [Buffer.from(bytes)], facts });
}
/** Packs a larger file, compressing in the thread pool. Rejects with errors of the file system. */
async function packLarger(file) {
    return file.sizeBytes < LARGE_BYTES ? packMedium(file) : packLarge(file);
}
const deflateInPool = (0,external_node_util_.promisify)(external_node_zlib_.deflateRaw);
async function packMedium(file) {
    const bytes = (0,external_node_fs_.readFileSync)(file.path);
    const facts = factsOf(bytes);
    const deflated = await deflateInPool(bytes, optionsFor(bytes.length));
    if (deflated.length < bytes.length)
        return packedAs('deflated', { pieces: [deflated], facts });
    return packedAs('stored', { pieces: [bytes], facts });
}
async function packLarge(file) {
    const handle = await (0,promises_.open)(file.path);
    try {
        if (await shrinks(handle, file.sizeBytes)) {
            const deflated = await deflateLarge(handle);
            if (deflated.packedBytes < deflated.sizeBytes)
                return deflated;
        }
        const pieces = [];
        const facts = await readPieces(handle, (piece) => pieces.push(piece));
        return packedAs('stored', { pieces, facts });
    }
    finally {
        await handle.close();
    }
}
/** Whether the file is likely to shrink, judged by samples spread evenly over it. */
async function shrinks(handle, sizeBytes) {
    const sample = Buffer.allocUnsafe(SAMPLE_BYTES);
    const step = Math.floor((sizeBytes - SAMPLE_BYTES) / (SAMPLES - 1));
    for (let index = 0; index < SAMPLES; index++) {
        const { bytesRead } = await handle.read(sample, 0, SAMPLE_BYTES, index * step);
        if (bytesRead === 0)
            return true;
        const bytes = sample.subarray(0, bytesRead);
        if ((0,external_node_zlib_.deflateRawSync)(bytes, { level: LEVEL }).length < bytesRead * SAMPLE_SHRINKS)
            return true;
    }
    return false;
}
async function deflateLarge(handle) {
    const stream = (0,external_node_zlib_.createDeflateRaw)({ level: LEVEL, chunkSize: LARGE_BYTES });
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    const write = (0,external_node_util_.promisify)((piece, done) => stream.write(piece, done));
    const facts = await readPieces(handle, write);
    stream.end();
    await (0,external_node_stream_promises_namespaceObject.finished)(stream);
    return packedAs('deflated', { pieces, facts });
}
/** Reads a file piece by piece; its size is the one actually read, which may have changed since the selection. */
async function readPieces(handle, use) {
    const facts = { sizeBytes: 0, crc32: 0 };
    for (;;) {
        const buffer = Buffer.allocUnsafeSlow(LARGE_BYTES);
        const { bytesRead } = await handle.read({ buffer, position: facts.sizeBytes });
        if (bytesRead === 0)
            return facts;
        const piece = buffer.subarray(0, bytesRead);
        facts.sizeBytes += bytesRead;
        facts.crc32 = (0,external_node_zlib_.crc32)(piece, facts.crc32);
        await use(piece);
    }
}
function factsOf(bytes) {
    return { sizeBytes: bytes.length, crc32: (0,external_node_zlib_.crc32)(bytes), key: findPrivateKey(bytes) };
}
function packedAs(method, { pieces, facts }) {
    const packedBytes = pieces.reduce((sum, { length }) => sum + length, 0);
    return { method, pieces, packedBytes, ...facts };
}
/** An output buffer that has room for the worst case avoids a copy of the result. */
function optionsFor(length) {
    return { level: LEVEL, chunkSize: length + (length >> 10) + 64 };
}
/** Fills the scratch buffer; a result above {@link SMALL_BYTES} means that the file has grown. */
function readScratch(file) {
    const descriptor = (0,external_node_fs_.openSync)(file.path, 'r');
    try {
        let length = 0;
        while (length < scratch.length) {
            const read = (0,external_node_fs_.readSync)(descriptor, scratch, length, scratch.length - length, null);
            length += read;
            // Usually one read is enough; stopping here saves a call per file.
            if (read === 0 || length === file.sizeBytes)
                break;
        }
        return length;
    }
    finally {
        (0,external_node_fs_.closeSync)(descriptor);
    }
}

;// CONCATENATED MODULE: ./src/source/zip/archive.ts
/** Packs selected files into a zip whose bytes depend only on their names, contents and executable bits. */








/** How many bytes of files may be packed ahead of a file that takes longer. */
const AHEAD_BYTES = 16 * 1024 * 1024;
/**
 * Packs the files in the given order, that of a {@link Selection}: sorted, each name once. Small files are packed in
 * this thread, which yields to the event loop regularly; large ones in the thread pool at the same time.
 *
 * Private keys are rejected unless `exclude` includes them by name, or they belong to an installed package.
 *
 * Throws DeployError `SOURCE_UNSAFE`, with all files that are private keys or that cannot be read; `SOURCE_TOO_LARGE`
 * when the files exceed a limit however well they compress.
 */
async function packFiles(files, { reincluded } = {}) {
    checkCount(files.length);
    checkUnpacked(files);
    const zip = new ZipWriter();
    const entries = [];
    const problems = [];
    const keys = [];
    const waiting = [];
    let first = 0;
    let aheadBytes = 0;
    const storeFirst = () => {
        const slot = waiting[first];
        if (slot?.outcome === undefined)
            return;
        first++;
        aheadBytes -= slot.file.sizeBytes;
        const { file, outcome } = slot;
        slot.outcome = undefined;
        if ('problem' in outcome) {
            problems.push(`${showName(file.name)} ${outcome.problem}`);
            return;
        }
        if (outcome.key !== undefined)
            keys.push({ name: file.name, kind: outcome.key });
        const { sizeBytes, packedBytes, crc32 } = outcome;
        zip.add(file, outcome);
        entries.push({ name: file.name, sizeBytes, packedBytes, crc32 });
    };
    for (const file of files) {
        waiting.push(startFile(file));
        aheadBytes += file.sizeBytes;
        while (waiting[first]?.outcome !== undefined)
            storeFirst();
        while (aheadBytes > AHEAD_BYTES && first < waiting.length) {
            await waiting[first]?.ready;
            storeFirst();
        }
        await yieldToEventLoop();
    }
    while (first < waiting.length) {
        await waiting[first]?.ready;
        storeFirst();
    }
    const { rejected, warnings } = judgeKeys(keys, { reincluded, how: 'Lines for `exclude`:' });
    if (problems.length + rejected.length > 0)
        throw unsafeFiles(problems, rejected);
    const unpackedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return { ...zip.finish(), entries, unpackedBytes, warnings };
}
function startFile(file) {
    const slot = { file };
    try {
        if (file.sizeBytes <= SMALL_BYTES)
            slot.outcome = packSmall(file);
    }
    catch (error) {
        slot.outcome = { problem: describeFsError(error) };
    }
    if (slot.outcome === undefined) {
        slot.ready = packLarger(file)
            .catch((error) => ({ problem: describeFsError(error) }))
            .then((outcome) => {
            slot.outcome = outcome;
        });
    }
    return slot;
}
function unsafeFiles(problems, keys) {
    const all = [...problems, ...keys.map(({ name, kind }) => `${showName(name)} is ${kind}`)];
    const example = showName(`!${patternOf(keys[0]?.name ?? '')}`);
    return new errors/* DeployError */.sH('SOURCE_UNSAFE', (0,src_text/* listProblems */.vz)(all, 'files of the package'), {
        topic: keys.length === 0 ? undefined : 'private-key',
        hint: keys.length === 0
            ? 'Exclude them with `exclude` or a `.ycignore` file, or make them readable.'
            : `Lines for \`exclude\`:\n${excludeLines(keys)}\n` +
                `Keep secrets in Lockbox: the input \`secrets\` passes them to the function. ` +
                `A line such as ${example} deploys a key anyway.`,
    });
}

;// CONCATENATED MODULE: ./src/source/zip/central-directory.ts
/** Reads the central directory of a zip, and finds entries that would be unpacked wrongly. */

/** The end record and its comment are within the last bytes of a zip, at most this many. */
const TAIL_BYTES = 22 + 0xffff;
const END_SIGNATURE = 0x06054b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const RECORD_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const ENCRYPTED = 1;
/**
 * Finds the central directory in the last {@link TAIL_BYTES} of a zip of `size` bytes. Returns a text if there is a
 * fault: the end of a sentence about the file.
 */
function findDirectory(tail, size) {
    for (let at = tail.length - 22; at >= 0; at--) {
        if (tail.readUInt32LE(at) !== END_SIGNATURE)
            continue;
        if (at + 22 + tail.readUInt16LE(at + 20) !== tail.length)
            continue;
        const entries = tail.readUInt16LE(at + 10);
        const length = tail.readUInt32LE(at + 12);
        const start = tail.readUInt32LE(at + 16);
        const is64 = at >= 20 && tail.readUInt32LE(at - 20) === ZIP64_LOCATOR_SIGNATURE;
        if (is64 || entries === 0xffff || length === 0xffff_ffff || start === 0xffff_ffff) {
            return 'is a Zip64 archive (for many or large files), which is not supported';
        }
        const isWhole = tail.readUInt16LE(at + 4) === 0 && tail.readUInt16LE(at + 8) === entries;
        if (!isWhole)
            return 'is one part of a zip that was split';
        if (start + length !== size - tail.length + at) {
            return 'is a damaged zip: its central directory is not where its end record says';
        }
        return { start, length, entries };
    }
    return 'is not a zip, or only the beginning of one: the end record is missing';
}
/** Lists the entries of a central directory, or describes a fault as {@link findDirectory} does. */
function readDirectory(directory, place) {
    const entries = [];
    let at = 0;
    while (at < directory.length) {
        const isRecord = at + 46 <= directory.length && directory.readUInt32LE(at) === RECORD_SIGNATURE;
        const end = isRecord ? at + 46 + directory.readUInt16LE(at + 28) : Infinity;
        if (end > directory.length)
            return 'is a damaged zip: its central directory cannot be read';
        const name = directory.toString('utf8', at + 46, end);
        const crc32 = directory.readUInt32LE(at + 16);
        const packedBytes = directory.readUInt32LE(at + 20);
        const sizeBytes = directory.readUInt32LE(at + 24);
        entries.push({
            file: { name, sizeBytes, packedBytes, crc32 },
            // Byte by byte: older tools write names in other encodings than UTF-8.
            rawName: directory.toString('latin1', at + 46, end),
            method: directory.readUInt16LE(at + 10),
            offset: directory.readUInt32LE(at + 42),
            isFolder: name.endsWith('/'),
            isEncrypted: (directory.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
        });
        at = end + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    if (at !== directory.length || entries.length !== place.entries) {
        return 'is a damaged zip: its end record has another number of entries';
    }
    return entries;
}
/** Describes the first entry that would be unpacked wrongly, as {@link findDirectory} does a fault. */
function findEntryFault(entries) {
    const names = new Set();
    for (const { file, rawName, isEncrypted } of entries) {
        if (names.has(rawName))
            return `contains ${showName(file.name)} twice`;
        const fault = findNameFault(file.name) ?? (isEncrypted ? 'is encrypted' : undefined);
        if (fault !== undefined)
            return `contains the entry ${showName(file.name)} that ${fault}`;
        names.add(rawName);
    }
    return undefined;
}
function findNameFault(name) {
    if (name === '')
        return 'has no name';
    if (name.startsWith('/') || /^[a-z]:/i.test(name))
        return 'is an absolute path';
    if (name.split('/').includes('..'))
        return 'leads out of the package';
    return badName(name);
}
/** The packed data of an entry; undefined if its local header does not agree with the central directory. */
function readEntry({ file, rawName, method, offset }, { bytes, place }) {
    const nameStart = offset + 30;
    if (nameStart > place.start || bytes.readUInt32LE(offset) !== LOCAL_SIGNATURE)
        return undefined;
    const nameEnd = nameStart + bytes.readUInt16LE(offset + 26);
    const dataStart = nameEnd + bytes.readUInt16LE(offset + 28);
    const dataEnd = dataStart + file.packedBytes;
    const isSame = bytes.toString('latin1', nameStart, nameEnd) === rawName &&
        // Another method would hide the real content from our checks.
        bytes.readUInt16LE(offset + 8) === method;
    return isSame && dataEnd <= place.start ? bytes.subarray(dataStart, dataEnd) : undefined;
}

;// CONCATENATED MODULE: ./src/source/zip/ready-zip.ts
/** Reads a ready zip: checks its entries and uses its bytes unchanged. */












/** Enough for the largest number of entries with names of 400 bytes. */
const MAX_DIRECTORY_BYTES = 32 << 20;
/** Bytes are read and hashed in steps of this size, between which other work can run. */
const STEP_BYTES = 8 << 20;
/**
 * Throws DeployError `SOURCE_EMPTY` when the zip is missing or contains no file; `SOURCE_UNSAFE` when it is outside of the
 * workspace, is damaged, has names that would be unpacked elsewhere, or contains a private key; `SOURCE_TOO_LARGE` when
 * it exceeds the limits for every way to send it.
 */
async function readPackage(file, deps) {
    const { real, shown } = await findInput('package', { ...deps, path: file });
    const handle = await (0,promises_.open)(real).catch((error) => {
        throw new errors/* DeployError */.sH('SOURCE_UNSAFE', `${shown} ${describeFsError(error)}`, { cause: error });
    });
    try {
        const { size } = await handle.stat();
        const tail = await readRange(handle, { from: Math.max(0, size - TAIL_BYTES), to: size });
        const place = orThrow(findDirectory(tail, size), shown);
        if (size > BUCKET_LIMIT_BYTES && place.length > MAX_DIRECTORY_BYTES) {
            checkLimits({ sizeBytes: size, entries: [], unpackedBytes: 0 }, 'bucket');
        }
        const records = await readRange(handle, { from: place.start, to: place.start + place.length });
        const all = orThrow(readDirectory(records, place), shown);
        orThrow(findEntryFault(all) ?? all, shown);
        const entries = all.filter(({ isFolder }) => !isFolder).map(({ file }) => file);
        if (entries.length === 0) {
            throw new errors/* DeployError */.sH('SOURCE_EMPTY', `${shown} is a zip without files`, {
                topic: 'ready-zip-missing',
                hint: 'Check the step that creates the zip.',
            });
        }
        const unpackedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        const archive = { sizeBytes: size, entries, unpackedBytes };
        // Checked before the whole zip is read into memory.
        checkLimits(archive, 'bucket');
        const bytes = await readRange(handle, { from: 0, to: size });
        const warnings = await checkEntries(all, { bytes, place, shown });
        return { ...archive, chunks: [bytes], sha256: await hash(bytes), warnings };
    }
    finally {
        await handle.close();
    }
}
async function checkEntries(entries, zip) {
    const keys = [];
    for (const entry of entries) {
        const { name } = entry.file;
        const data = readEntry(entry, zip);
        const content = data && unpack(data, entry);
        if (content === undefined) {
            const fault = data ? 'cannot be unpacked' : 'is not where the central directory says';
            throw badZip(`is a damaged zip: ${showName(name)} ${fault}`, zip.shown);
        }
        const kind = findPrivateKey(content);
        if (kind !== undefined)
            keys.push({ name, kind });
        await yieldToEventLoop();
    }
    const { rejected, warnings } = judgeKeys(keys, { how: 'Remove them from the zip:' });
    if (rejected.length > 0) {
        const problems = rejected.map(({ name, kind }) => `${zip.shown} contains ${showName(name)}, which is ${kind}`);
        throw new errors/* DeployError */.sH('SOURCE_UNSAFE', (0,src_text/* listProblems */.vz)(problems, 'files of the package'), {
            topic: 'private-key',
            hint: 'Remove it from the zip. Keep secrets in Lockbox: the input `secrets` passes them to the function.',
        });
    }
    return warnings;
}
/** The content of a small entry; empty for a large one and for an unknown method; undefined if its size is wrong. */
function unpack(packed, { method, file: { sizeBytes } }) {
    if (method !== 0 && method !== 8)
        return Buffer.alloc(0);
    const isLarge = sizeBytes > MAX_KEY_BYTES;
    try {
        const options = { maxOutputLength: Math.max(1, Math.min(sizeBytes, MAX_KEY_BYTES)) };
        const content = method === 0 ? packed : (0,external_node_zlib_.inflateRawSync)(packed, options);
        return content.length === sizeBytes ? content : undefined;
    }
    catch (error) {
        return isLarge && fsCode(error) === 'ERR_BUFFER_TOO_LARGE' ? Buffer.alloc(0) : undefined;
    }
}
function orThrow(read, shown) {
    if (typeof read !== 'string')
        return read;
    throw badZip(read, shown);
}
function badZip(fault, shown) {
    return new errors/* DeployError */.sH('SOURCE_UNSAFE', `${shown} ${fault}`, {
        topic: 'ready-zip-damaged',
        hint: 'Recreate the zip, for example with `zip -r`, or let this action create it from `source-root`.',
    });
}
async function readRange(handle, range) {
    const bytes = Buffer.allocUnsafeSlow(range.to - range.from);
    let filled = 0;
    while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, Math.min(STEP_BYTES, bytes.length - filled), range.from + filled);
        if (bytesRead === 0)
            break;
        filled += bytesRead;
    }
    return bytes.subarray(0, filled);
}
async function hash(bytes) {
    const sha256 = (0,external_node_crypto_.createHash)('sha256');
    for (let from = 0; from < bytes.length; from += STEP_BYTES) {
        sha256.update(bytes.subarray(from, from + STEP_BYTES));
        await yieldToEventLoop();
    }
    return sha256.digest('hex');
}

;// CONCATENATED MODULE: ./src/yandex/storage.ts
/** Object Storage: puts a package under a key made of its content, once, and looks into one that is there. */



/** Throws ApiError; an account that may write but not read finds nothing. */
function findObject(upload, { api }) {
    return api.send({
        what: `look for the object ${upload.key} in the bucket ${upload.bucket}`,
        service: 'storage',
        method: 'HEAD',
        path: pathOf(upload),
        headers: {},
        // 400, 403: the answer to a HEAD has no body that says why; the answer to the PUT that follows has one.
        expect: [400, 403, 404],
        read: ({ status, headers }) => {
            if (status !== 200)
                return 'absent';
            return Number(headers['content-length']) === upload.sizeBytes ? 'present' : 'other size';
        },
    });
}
/** Uploads unless another job has done so meanwhile. Throws ApiError. */
async function putObject(upload, { api }) {
    const attemptMs = (0,http/* attemptMsFor */.nR)(upload.sizeBytes);
    const headers = { 'content-type': 'application/zip', 'content-md5': md5(upload.chunks) };
    const put = (condition) => api.send({
        what: `upload the object ${upload.key} to the bucket ${upload.bucket}`,
        service: 'storage',
        method: 'PUT',
        path: pathOf(upload),
        headers: { ...headers, ...condition },
        body: upload.chunks,
        retry: { attemptMs, totalMs: Math.max(http/* RETRY_POLICY */.yE.totalMs, 2 * attemptMs) },
        // 412: another job created the object meanwhile, or an earlier attempt whose answer was lost.
        expect: [412],
        read: ({ status, headers }) => {
            if (status === 412)
                return 'present';
            // A proxy may answer 200 with a web page, and nothing is stored.
            if (headers['content-type']?.startsWith('text/html'))
                throw new TypeError('a web page');
            return 'uploaded';
        },
    });
    if (upload.stored === 'other size')
        return put({});
    try {
        return await put({ 'if-none-match': '*' });
    }
    catch (error) {
        // 501: not every region or S3 clone knows the condition; without it, at most the same package is overwritten.
        if (!(error instanceof api_error/* ApiError */.h) || error.httpStatus !== 501)
            throw error;
        return put({});
    }
}
/** A look into an object serves information alone, which is not worth a long wait. */
const LOOK = { attemptMs: 10_000, totalMs: 2_000 };
/**
 * Reads a part of an object; undefined when it is gone, is not for this account to read, or has no such part. Throws
 * ApiError.
 */
function readObject({ bucket, key, range }, { api }) {
    const bytes = 'last' in range ? `-${range.last}` : `${range.from}-${range.to - 1}`;
    return api.send({
        what: `read the object ${key} in the bucket ${bucket}`,
        service: 'storage',
        method: 'GET',
        path: pathOf({ bucket, key }),
        headers: { range: `bytes=${bytes}` },
        retry: LOOK,
        expect: [403, 404, 416],
        read: readPart,
    });
}
function readPart({ status, headers, body }) {
    // Whoever does not know ranges sends everything.
    if (status === 200)
        return { bytes: body, start: 0, sizeBytes: body.length };
    if (status !== 206)
        return undefined;
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
    const [start, end, sizeBytes] = (range ?? []).slice(1).map(Number);
    if (start === undefined || end === undefined || sizeBytes === undefined) {
        throw new TypeError('the part does not say which one it is');
    }
    if (end - start + 1 !== body.length)
        throw new TypeError('the part is not whole');
    return { bytes: body, start, sizeBytes };
}
/** Path style, since the certificate does not cover host names of buckets with dots. */
function pathOf({ bucket, key }) {
    return `/${[bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`;
}
function md5(chunks) {
    return chunks.reduce((hash, chunk) => hash.update(chunk), (0,external_node_crypto_.createHash)('md5')).digest('base64');
}

;// CONCATENATED MODULE: ./src/deploy/code.ts
/** The code of a version: packed and checked, or that of an existing version, and how it reaches the cloud. */









/** Throws DeployError for anything that makes the package unfit, before the cloud is changed. */
async function packCode(code, deps) {
    const { archive, selection } = await pack(code.source, deps);
    const names = new Set(archive.entries.map(({ name }) => name));
    checkEntrypoint(code.settings, { names, ...selection });
    checkLimits(archive, code.delivery.kind);
    const { files = [], excluded = [], warnings = [] } = selection ?? {};
    return { archive, selection: { files, excluded, warnings: [...warnings, ...archive.warnings] } };
}
async function pack(source, deps) {
    if (source.kind === 'package')
        return { archive: await readPackage(source.path, deps) };
    const selection = await selectFiles(source, deps);
    return { selection, archive: await packFiles(selection.files, selection) };
}
/** The version whose code is to be taken, with what its fingerprint says. Throws DeployError when there is none. */
async function readSourceVersion(versionId, cloud) {
    try {
        const { description } = await getVersion(versionId, cloud);
        return { kind: 'version', versionId, sha256: readFingerprint(description)?.sha256 };
    }
    catch (error) {
        if (!(error instanceof api_error/* ApiError */.h) || error.grpcCode !== 'NOT_FOUND')
            throw error;
        throw error.with({
            code: 'INPUT_INVALID',
            message: `\`source-version-id\`: ${error.message}`,
            inputs: ['source-version-id'],
            hint: 'Correct the id: it must be that of a version in the same folder which the account that deploys can see.',
        });
    }
}
/** Whether the bucket has the package already; that of a new function cannot be there. */
async function findStored({ delivery, packed, target }, cloud) {
    // Without an address of Object Storage no function is created either.
    await cloud.endpoints('storage');
    if (!target.function)
        return 'absent';
    const functionId = target.function.id;
    return findObject(uploadOf(packed.archive, { delivery, functionId }), cloud);
}
/** Uploads the package unless the bucket has it or none is needed. */
async function uploadCode({ code, functionId }, cloud) {
    if (code.kind !== 'bucket')
        return code;
    const { stored, packed, bucket } = code;
    const upload = uploadOf(packed.archive, { delivery: code, functionId });
    const outcome = stored === 'present' ? stored : await putObject({ ...upload, stored }, cloud);
    return { kind: 'bucket', bucket, key: upload.key, sha256: packed.archive.sha256, outcome };
}
function uploadOf({ chunks, sizeBytes, sha256 }, { delivery, functionId }) {
    const key = packageKey({ delivery, functionId, sha256 });
    return { bucket: delivery.bucket, key, chunks, sizeBytes };
}
/** The key has function and content, so that jobs never overwrite each other's packages. */
function packageKey(of) {
    return `${of.delivery.prefix}${of.functionId}/${of.sha256}.zip`;
}

;// CONCATENATED MODULE: ./src/deploy/publish.ts
/** A new version: of which code it is made, and how it is described. */







/** Creates the version, of the live version's code where that is wanted and enough. Throws DeployError. */
async function publish(deployment, deps) {
    const { inputs, prepared, functionId } = deployment;
    const { cloud, progress } = deps;
    const reused = inputs.release.reuseCode ? reusableCode(prepared, cloud) : undefined;
    if (reused) {
        try {
            await createFrom(reused, { deployment, ...deps });
            return;
        }
        catch (error) {
            // The service may find out at once that a version's code is gone, or only in the build.
            if (!isRefusedAs(error, ['NOT_FOUND', 'FAILED_PRECONDITION']))
                throw error;
            progress.forget('code', 'build');
            const message = `The code of the version ${reused.versionId} could not be taken again, so the package was sent: ${error.message}`;
            progress.record('notice', { title: 'Code', message });
        }
    }
    const code = await uploadCode({ code: prepared.code, functionId }, cloud);
    await createFrom(code, { deployment, ...deps });
}
function reusableCode({ plan }, { log }) {
    const reason = whyNotReused(plan);
    if (reason === undefined && plan.live) {
        return { kind: 'version', versionId: plan.live.id, sha256: plan.live.sha256 };
    }
    log(`The code of the live version is not reused: ${reason ?? ''}`);
    return undefined;
}
async function createFrom(code, { deployment, cloud, progress, context }) {
    const { inputs, prepared, functionId } = deployment;
    const { settings, wait } = inputs;
    progress.record('code', code);
    const { description, isMarked } = describeVersion({ text: settings.description, isOwn: settings.hasOwnDescription }, fingerprintOf(code, context));
    if (!isMarked)
        progress.record('notice', NO_ROOM);
    const request = versionRequest({
        functionId,
        settings: { ...settings, description, tags: tagsAtCreation(inputs) },
        names: prepared.names,
        code,
    });
    const plain = isMarked ? withoutFingerprint(settings.description) : undefined;
    const build = progress.record('build', await startBuild({ request, plain, wait }, cloud));
    progress.record('version', await finishBuild({ build, wait }, cloud));
}
const NO_ROOM = {
    title: 'Description',
    message: '`description` leaves no room for the fingerprint of the package, so a later plan cannot tell what this version runs. Shorten it by 120 characters.',
};
function fingerprintOf(code, { runId = 'unknown' }) {
    return {
        sha256: code.kind === 'inline' ? code.packed.archive.sha256 : code.sha256,
        runId,
        fromVersionId: code.kind === 'version' ? code.versionId : undefined,
    };
}

;// CONCATENATED MODULE: ./src/deploy/exposure/access.ts
/** Public access: given to anyone or taken away, with all other rights left as they are. */


/** How often the bindings are read again when an answer says that they are others by now. */
const RE_READS = 3;
const RE_READ_AFTER_MS = 1_000;
/** Sends only what is missing, or too much; nothing where all is well. Throws ApiError, OperationError. */
async function setPublicAccess(wanted, cloud) {
    const { functionId, isPublic, deadlineMs } = wanted;
    for (let reads = 0;; reads++) {
        if (reads > 1)
            await cloud.clock.sleep(RE_READ_AFTER_MS, cloud.signal);
        const bindings = await listAccessBindings(functionId, cloud);
        const open = publicBindings(bindings);
        const deltas = deltasFor(isPublic, open);
        const others = bindings.filter((one) => one.subject.type === PUBLIC.subject.type && !open.includes(one));
        const result = { isPublic, leftOpen: isPublic ? [] : others };
        if (deltas.length === 0)
            return { ...result, changed: reads > 0 };
        try {
            await updateAccessBindings({ functionId, deltas, deadlineMs }, cloud);
            return { ...result, changed: true };
        }
        catch (error) {
            // Another job was faster, or an earlier answer was lost: what counts is what is there now.
            if (!isRefusedAs(error, ['ALREADY_EXISTS', 'NOT_FOUND']) || reads === RE_READS)
                throw error;
            cloud.log(`The access bindings are read again: ${error.message}`);
        }
    }
}
function deltasFor(isPublic, open) {
    if (!isPublic)
        return open.map((accessBinding) => ({ action: 'REMOVE', accessBinding }));
    return open.length > 0 ? [] : [{ action: 'ADD', accessBinding: PUBLIC }];
}

;// CONCATENATED MODULE: ./src/deploy/together.ts
/** Work that goes on side by side, and fails with everything that is wrong. */

/** The results of all; throws what {@link mergeErrors} makes of the failures once every one has ended. */
async function together(work) {
    const settled = await Promise.allSettled(work);
    const failures = settled.flatMap((one) => one.status === 'rejected' ? [one.reason] : []);
    if (failures.length > 0)
        throw (0,errors/* mergeErrors */.Mv)(failures);
    return Promise.all(work);
}

;// CONCATENATED MODULE: ./src/yandex/lookup.ts
/** Finds service accounts and networks by name. */


/** Reads a resource that can be found by name. */
const readNamed = (0,fields/* resource */.Zc)('the resource', { id: fields.id, name: fields/* text */.Qq });
const lookup_KINDS = {
    'service account': {
        service: 'iam',
        path: '/iam/v1/serviceAccounts',
        field: 'serviceAccounts',
    },
    network: { service: 'vpc', path: '/vpc/v1/networks', field: 'networks' },
};
/** The id of the resource with exactly this name. Throws DeployError when it cannot be looked up. */
async function findIdByName({ kind, name, folderId }, { api }) {
    const request = {
        what: `look up the ${kind} ${(0,src_text/* quote */.hD)(name)} in the folder ${folderId}`,
        ...lookup_KINDS[kind],
        read: readNamed,
    };
    const filter = `name="${name}"`;
    const matches = await api.list({ ...request, query: { folderId, filter } });
    const found = matches.find((one) => one.name === name);
    if (found)
        return { kind: 'found', id: found.id };
    const others = await api.list({ ...request, query: { folderId } });
    return { kind: 'missing', names: others.map((one) => one.name) };
}

;// CONCATENATED MODULE: ./src/yandex/lockbox.ts
/** Finds Lockbox secrets, their versions and keys, without reading a payload. */



const SECRETS = '/lockbox/v1/secrets';
const names = (value, field) => (0,fields/* items */.ld)(value, field).map(String);
/** Reads a `yandex.cloud.lockbox.v1.Version`, without its payload. */
const readSecretVersion = (0,fields/* resource */.Zc)('the version of the secret', {
    id: fields.id,
    status: fields/* text */.Qq,
    payloadEntryKeys: names,
});
/** Reads a `yandex.cloud.lockbox.v1.Secret`. */
const readSecret = (0,fields/* resource */.Zc)('the secret', { id: fields.id, name: fields/* text */.Qq }, { currentVersion: readSecretVersion });
function createSecretFinder(folderId, cloud) {
    let all;
    const listed = () => (all ??= cloud.api.list({
        what: `list the secrets of the folder ${folderId}`,
        service: 'lockbox',
        path: SECRETS,
        query: { folderId },
        field: 'secrets',
        read: readSecret,
    }));
    const findListed = async (idOrName) => {
        const secrets = await listed();
        const secret = secrets.find((one) => one.id === idOrName) ?? secrets.find(({ name }) => name === idOrName);
        // A list may show less of a secret than a call for that secret.
        return secret && !secret.currentVersion
            ? ((await getSecret(secret.id, cloud)) ?? secret)
            : secret;
    };
    return async (query) => {
        const { secret: idOrName, key } = query;
        // Ids have 20 characters; a secret of another folder can only be found by its id.
        const secret = /^[a-z0-9]{20}$/.test(idOrName)
            ? ((await getSecret(idOrName, cloud)) ?? (await findListed(idOrName)))
            : ((await findListed(idOrName)) ?? (await getSecret(idOrName, cloud)));
        if (!secret)
            return { kind: 'missing', names: (await listed()).map(({ name }) => name) };
        const label = secret.name || secret.id;
        const version = await findVersion(secret, { wanted: query.version, cloud });
        if (!version)
            return { kind: 'no such version', label };
        if (!['', 'ACTIVE'].includes(version.status))
            return { kind: 'inactive', label, version };
        if (!version.payloadEntryKeys.includes(key))
            return { kind: 'no such key', label, version };
        return { kind: 'found', id: secret.id, versionId: version.id };
    };
}
async function findVersion({ id: secretId, currentVersion }, { wanted, cloud }) {
    if (wanted === 'latest' || wanted === currentVersion?.id)
        return currentVersion;
    const versions = await cloud.api.list({
        what: `list the versions of the secret ${secretId}`,
        service: 'lockbox',
        path: `${SECRETS}/${encodeURIComponent(secretId)}/versions`,
        field: 'versions',
        read: readSecretVersion,
    });
    return versions.find((version) => version.id === wanted);
}
async function getSecret(secretId, { api }) {
    if (!(0,src_text/* isId */.eQ)(secretId))
        return undefined;
    try {
        return await api.call({
            what: `read the secret ${secretId}`,
            service: 'lockbox',
            path: `${SECRETS}/${encodeURIComponent(secretId)}`,
            read: (0,fields/* readAbout */.RR)(secretId, readSecret),
        });
    }
    catch (error) {
        // The service answers 400, 403 or 404 when it gets a name instead of an id.
        if (error instanceof api_error/* ApiError */.h && [400, 403, 404].includes(error.httpStatus))
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/deploy/references.ts
/** Names and secrets of the settings resolved to ids, all at the same time, before anything is created. */






/** Throws DeployError INPUT_INVALID with every name that is not there. */
async function resolveNames({ settings, folder }, cloud) {
    const { network } = settings;
    const given = [...accountsOf(settings), ...(network ? [network] : [])];
    const names = new Map(given.flatMap(references_namesIn).map((name) => [keyOf(name), name]));
    const { secrets } = settings.environment;
    if (names.size === 0 && secrets.length === 0) {
        return { idOf: (reference) => idOf(reference, new Map()), secrets: [] };
    }
    const folderId = await folder();
    const findSecret = createSecretFinder(folderId, cloud);
    const ids = [...names].map(async ([key, name]) => {
        const result = await findIdByName({ name: name.name, kind: name.resource, folderId }, cloud);
        if (result.kind === 'found')
            return [key, result.id];
        throw nameNotFound(name, { folderId, names: result.names });
    });
    const binding = secrets.map(async (reference) => {
        const result = await findSecret(reference);
        if (result.kind !== 'found')
            throw secretNotFound(reference, { result, folderId });
        const { key, environmentVariable } = reference;
        return { id: result.id, versionId: result.versionId, key, environmentVariable };
    });
    const [entries, bindings] = await together([together(ids), together(binding)]);
    const found = new Map(entries);
    for (const reference of given)
        checkAlias(reference, found);
    return { idOf: (reference) => idOf(reference, found), secrets: bindings };
}
function references_namesIn(reference) {
    if (reference.kind === 'name')
        return [reference];
    return reference.alias ? [reference.alias] : [];
}
/** An id and a name that are given together must mean the same. */
function checkAlias(reference, found) {
    if (reference.kind === 'name' || !reference.alias)
        return;
    const { input, name, resource } = reference.alias;
    const id = idOf(reference.alias, found);
    if (id === reference.id)
        return;
    throw new errors/* DeployError */.sH('INPUT_INVALID', `\`${input}\`: the ${resource} ${(0,src_text/* quote */.hD)(name)} is ${id}, but the id given beside it is ${reference.id}.`, { inputs: [input], hint: `Give the id or the name, or both of the same ${resource}.` });
}
function keyOf({ resource, name }) {
    return `${resource} ${name}`;
}
function idOf(reference, found) {
    if (reference.kind === 'id')
        return reference.id;
    const id = found.get(keyOf(reference));
    if (id === undefined)
        throw new TypeError(`${keyOf(reference)} was not resolved`);
    return id;
}
/** Every service account that a version refers to, for whatever purpose. */
function accountsOf(settings) {
    const { serviceAccount, namedServiceAccounts, asyncInvocation } = settings;
    return [
        serviceAccount,
        ...Object.values(namedServiceAccounts).map((id) => ({ kind: 'id', id })),
        asyncInvocation?.serviceAccount,
        asyncInvocation?.success?.serviceAccount,
        asyncInvocation?.failure?.serviceAccount,
    ].filter((account) => account !== undefined);
}

;// CONCATENATED MODULE: ./src/deploy/roles/commands.ts
/** Arguments of `yc` that give a role on something, up to the role, and to whom. Pure. */
function onFunction({ function: { target } }) {
    const which = target.kind === 'id'
        ? `--id ${target.functionId}`
        : `--name ${target.functionName} --folder-id ${target.folderId}`;
    return `serverless function add-access-binding ${which}`;
}
function onFolder(id) {
    return `resource-manager folder add-access-binding ${id}`;
}
function onAccount(account, { folder }) {
    const which = account.kind === 'id' ? `--id ${account.id}` : `--name ${account.name} --folder-id ${folder}`;
    return `iam service-account add-access-binding ${which}`;
}
function onSecrets({ settings, folder }) {
    return settings.environment.secrets.map(({ secret }) => {
        // A name may hold anything, also what a shell would run.
        const name = /^[\w.-]+$/.test(secret) ? secret : "'<secret>'";
        const which = /^[a-z0-9]{20}$/.test(name)
            ? `--id ${name}`
            : `--name ${name} --folder-id ${folder}`;
        return `lockbox secret add-access-binding ${which}`;
    });
}
function subject(to) {
    return to.kind === 'id'
        ? `--subject serviceAccount:${to.id}`
        : `--service-account-name ${to.name}`;
}

;// CONCATENATED MODULE: ./src/deploy/roles/roles.ts
/** The roles that a step needs: who must have which one, for which inputs, and the command that gives it. Pure. */


/** In the order of docs/AUTHENTICATION.md; sources: https://yandex.cloud/en/docs/functions/security/ */
const ROLES = [
    {
        role: 'functions.editor',
        who: 'the deployer',
        on: 'the folder',
        why: [],
        targets: ({ functionFolder }) => [onFolder(functionFolder)],
    },
    {
        role: 'functions.admin',
        who: 'the deployer',
        on: 'the function',
        why: ['public'],
        targets: (step) => (step.exposure.isPublic === undefined ? [] : [onFunction(step)]),
    },
    {
        role: 'iam.serviceAccounts.user',
        who: 'the deployer',
        on: 'that account',
        why: [
            ...['service-account', 'named-service-accounts'],
            ...['async-sa-id', 'async-success-sa-id', 'async-failure-sa-id'],
        ],
        targets: (step) => accountsOf(step.settings).map((account) => onAccount(account, step)),
    },
    {
        role: 'storage.uploader',
        who: 'the deployer',
        on: 'the bucket',
        why: ['bucket'],
        targets: ({ code, folder }) => (code.delivery.kind === 'bucket' ? [onFolder(folder)] : []),
    },
    {
        role: 'storage.viewer',
        who: "the function's account",
        on: 'the bucket',
        why: ['bucket'],
        targets: ({ code, folder }) => (code.delivery.kind === 'bucket' ? [onFolder(folder)] : []),
    },
    {
        role: 'vpc.user',
        who: 'the deployer',
        on: 'the folder of the network',
        why: ['network-id', 'network-name'],
        targets: ({ settings, folder }) => (settings.network ? [onFolder(folder)] : []),
    },
    {
        role: 'lockbox.viewer',
        who: 'the deployer',
        on: 'the secret',
        why: ['secrets'],
        targets: onSecrets,
    },
    {
        role: 'lockbox.payloadViewer',
        who: "the function's account",
        on: 'the secret',
        why: ['secrets'],
        targets: onSecrets,
    },
    ...[true, false].map((readOnly) => ({
        role: readOnly ? 'storage.viewer' : 'storage.uploader',
        who: "the function's account",
        on: 'the bucket',
        why: ['mounts'],
        targets: ({ settings, folder }) => settings.fileSystem.buckets.some((mount) => mount.readOnly === readOnly)
            ? [onFolder(folder)]
            : [],
    })),
    {
        role: 'functions.functionInvoker',
        who: 'that account',
        on: 'the function',
        why: ['async-sa-id'],
        targets: (step) => [onFunction(step)],
        accounts: ({ asyncInvocation, serviceAccount }) => {
            const caller = asyncInvocation && (asyncInvocation.serviceAccount ?? serviceAccount);
            return caller ? [caller] : [];
        },
    },
    {
        role: 'functions.functionInvoker',
        who: 'the deployer',
        on: 'the function',
        why: ['check'],
        targets: (step) => (step.release.check ? [onFunction(step)] : []),
    },
    {
        role: 'ymq.writer',
        who: 'that account',
        on: "the queue's folder",
        why: ['async-success-sa-id', 'async-failure-sa-id'],
        targets: ({ folder }) => [onFolder(folder)],
        accounts: ({ asyncInvocation }) => [asyncInvocation?.success, asyncInvocation?.failure].flatMap((queue) => queue?.serviceAccount ?? []),
    },
];
/** The roles that a step needs for a function in this folder, each once, in the order of the table. */
function rolesOf(inputs, functionFolder) {
    const { settings } = inputs;
    const folder = inputs.function.folderId ?? functionFolder;
    const needed = ROLES.flatMap(({ targets, accounts, ...rule }) => {
        const own = rule.who === 'the deployer' ? deployerOf(inputs) : settings.serviceAccount;
        const holders = accounts?.(settings) ?? (own ? [own] : []);
        return targets({ ...inputs, functionFolder, folder }).flatMap((on) => holders.map((to) => ({
            ...rule,
            command: `yc ${on} --role ${rule.role} ${subject(to)}`,
        })));
    });
    return [...new Map(needed.map((one) => [one.command, one])).values()];
}
function deployerOf({ credentials }) {
    switch (credentials?.kind) {
        case 'key':
            return { kind: 'id', id: credentials.key.serviceAccountId };
        case 'federation':
            return { kind: 'id', id: credentials.serviceAccountId };
        case 'token':
        case 'metadata':
        case undefined:
            return { kind: 'id', id: '$DEPLOYER_ID' };
    }
}

;// CONCATENATED MODULE: ./src/deploy/exposure/not-exposed.ts
/** Words a failure of the last steps: the version is live, and this much of access and scaling is not set. */




/** The failure to set public access; gives back what is no DeployError. */
function notPublic(thrown, { deployment, version }) {
    if (!(thrown instanceof errors/* DeployError */.sH))
        return thrown;
    const { inputs, prepared } = deployment;
    return notExposed(thrown, {
        version,
        rows: prepared.plan.rows.filter(({ area }) => area === 'access'),
        rest: inputs.exposure.scaling ? ' Scaling was not tried.' : '',
        hint: accessHint(thrown, deployment),
    });
}
/** The failure to scale a tag, when some may be scaled already; gives back what is no DeployError. */
function notScaled(thrown, { deployment, version, scaled }) {
    if (!(thrown instanceof errors/* DeployError */.sH))
        return thrown;
    const done = scaled.map(({ tag }) => tag);
    return notExposed(thrown, {
        version,
        rows: deployment.prepared.plan.rows.filter(({ area, name }) => area === 'scaling' && !done.includes(name.slice(name.indexOf('.') + 1))),
        rest: done.length > 0 ? ` Done before it: ${done.join(', ')}.` : '',
        hint: thrown.hint,
    });
}
function notExposed(thrown, told) {
    const { version, rows, rest, hint } = told;
    const state = version?.isReady === true ? 'is live' : 'was accepted';
    const unset = rows
        .filter(({ verdict }) => verdict !== 'unchanged')
        .map(({ name, live = '', after = '' }) => `\`${name}\` (${live} -> ${after})`)
        .join(', ');
    const mayBeSet = (0,http/* isUncertain */.cp)(thrown) || thrown.code === 'OPERATION_TIMEOUT';
    const verdict = mayBeSet ? 'may not be set' : 'not set';
    return thrown.with({
        message: `${thrown.message}\nThe version ${version?.id ?? ''} ${state}; ${verdict}: ${unset}.${rest}`,
        hint,
        topic: 'not-exposed',
    });
}
/** Whoever may deploy need not be allowed to decide who calls. */
function accessHint(thrown, { inputs, prepared: { target } }) {
    if (isRefusedAs(thrown, ['ALREADY_EXISTS', 'NOT_FOUND'])) {
        return 'Something else changes the access of the function at the same time: run the job again.';
    }
    if (isRefusedAs(thrown, ['PERMISSION_DENIED', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT'])) {
        if (/polic(y|ies)\b|политик/i.test(thrown.text)) {
            return 'An access policy of the organization forbids functions that anyone may call: have it changed, or leave `public` out.';
        }
        if (thrown.grpcCode !== 'PERMISSION_DENIED')
            return thrown.hint;
    }
    else if (thrown.details['HTTP status'] !== '403')
        return thrown.hint;
    const role = rolesOf(inputs, target.folderId).find(({ why }) => why.includes('public'));
    return `Give the account that deploys the role \`functions.admin\`: \`${role?.command ?? ''}\`. If it has the role, an access policy of the organization may forbid functions that anyone may call.`;
}

;// CONCATENATED MODULE: ./src/deploy/exposure/scaling.ts
/** Scaling of the tags of a step: read, merged with what is given, and written only where it differs. */



/** Scales one tag after the other, and tells of each. Throws ApiError, OperationError. */
async function* scaleTags(wanted, cloud) {
    const { functionId, tags, scaling, deadlineMs } = wanted;
    // Read anew: the build took a while, and numbers that are not given must stay as they are now.
    const policies = await listScalingPolicies(functionId, cloud);
    for (const tag of tags) {
        const before = countsOf(policies, tag);
        const policy = { tag, ...before, ...scaling };
        if (hasSameCounts(policy, before)) {
            yield { ...policy, outcome: 'unchanged' };
        }
        else if (hasSameCounts(policy, UNSCALED)) {
            await removePolicy({ functionId, policy, deadlineMs }, cloud);
            yield { ...policy, outcome: 'removed' };
        }
        else {
            await setScalingPolicy({ functionId, policy, deadlineMs }, cloud);
            yield { ...policy, outcome: 'set' };
        }
    }
}
/** A policy that another job has removed meanwhile is what was asked for. */
async function removePolicy(change, cloud) {
    try {
        await removeScalingPolicy(change, cloud);
    }
    catch (error) {
        if (!isRefusedAs(error, ['NOT_FOUND']))
            throw error;
        const policies = await listScalingPolicies(change.functionId, cloud);
        if (!hasSameCounts(countsOf(policies, change.policy.tag), UNSCALED))
            throw error;
    }
}

;// CONCATENATED MODULE: ./src/deploy/exposure/expose.ts
/** The last steps of a deployment: public access and scaling, once the version is live. */




/** Changes what the inputs ask for and what differs; nothing is sent without them. Throws DeployError. */
async function expose(deployment, deps) {
    await setAccess(deployment, deps);
    await setScaling(deployment, deps);
}
async function setAccess(deployment, { cloud, progress }) {
    const { inputs, functionId } = deployment;
    const { isPublic } = inputs.exposure;
    if (isPublic === undefined)
        return;
    const deadlineMs = deadlineOf(inputs, cloud);
    try {
        progress.record('access', await setPublicAccess({ functionId, isPublic, deadlineMs }, cloud));
    }
    catch (error) {
        throw notPublic(error, { deployment, version: progress.known.version });
    }
}
async function setScaling(deployment, { cloud, progress }) {
    const { inputs, prepared, functionId } = deployment;
    const { scaling } = inputs.exposure;
    if (!scaling || !prepared.plan.changes.includes('scaling'))
        return;
    const tags = scaledTags(inputs.settings.tags);
    const deadlineMs = deadlineOf(inputs, cloud);
    const scaled = [];
    try {
        for await (const tag of scaleTags({ functionId, tags, scaling, deadlineMs }, cloud)) {
            scaled.push(tag);
        }
    }
    catch (error) {
        throw notScaled(error, { deployment, version: progress.known.version, scaled });
    }
    finally {
        // What was done for the first tags is done, whatever comes of the others.
        if (scaled.length > 0)
            progress.record('scaling', scaled);
    }
}
function deadlineOf({ wait }, { clock }) {
    return clock.now() + wait.timeoutSeconds * 1000;
}

;// CONCATENATED MODULE: ./src/yandex/functions/tags.ts
/** Tags of versions: setting one, taking one away, and which versions have held one. */



/** Puts a tag on a version, and so takes it from the one that holds it; waits for it. Throws ApiError, OperationError. */
function setTag(change, cloud) {
    return changeTag({ ...change, verb: 'set' }, cloud);
}
/** Takes a tag away from the version that holds it, and waits for it. Throws ApiError, OperationError. */
function removeTag(change, cloud) {
    return changeTag({ ...change, verb: 'remove' }, cloud);
}
async function changeTag({ versionId, tag, verb, ...wait }, cloud) {
    await operations_operate({
        ...wait,
        what: `${verb} the tag ${tag} of the version ${versionId}`,
        doing: `Changing the tag ${tag} of the version ${versionId}`,
        noun: `the change of the tag ${tag}`,
        path: `/functions/v1/versions/${encodeURIComponent(versionId)}:${verb}Tag`,
        body: { tag },
    }, cloud);
}
/**
 * All records of a tag over all pages, oldest first: the order of the answer is not documented. Who holds the tag now
 * is not told by them, since the last record may have no end or one far ahead. Throws ApiError.
 */
async function listTagHistory({ functionId, tag }, { api }) {
    const records = await api.list({
        what: `read the history of the tag ${tag} of the function ${functionId}`,
        path: `${functionPath(functionId)}:tagHistory`,
        query: { tag },
        field: 'functionTagHistoryRecord',
        read: readTagRecord,
    });
    return records.toSorted(byTime);
}
const readRecord = (0,fields/* resource */.Zc)('the record', { functionVersionId: fields.id, effectiveFrom: fields/* text */.Qq });
/** Throws TypeError when the value is not a FunctionTagHistoryRecord. */
function readTagRecord(value) {
    const { functionVersionId: versionId, effectiveFrom } = readRecord(value);
    if (Number.isNaN(Date.parse(effectiveFrom)))
        throw new TypeError('"effectiveFrom" is not a time');
    return { versionId, effectiveFrom };
}
/** By milliseconds, then by the digits behind them; records of the same moment stay in the order of the answer. */
function byTime(a, b) {
    const [left = '', right = ''] = [a, b].map((record) => record.effectiveFrom.replace(/Z$/, ''));
    const milliseconds = Date.parse(a.effectiveFrom) - Date.parse(b.effectiveFrom);
    return milliseconds || (left < right ? -1 : Number(left > right));
}

;// CONCATENATED MODULE: ./src/deploy/release/grace.ts
/** Time to finish what must not be left half done when a run is cancelled. */
/** The runner ends a cancelled step after 7.5 s, and the action itself after 6.8 s; the report needs some of it. */
const GRACE_MS = {
    /** For a change of a tag that is under way. */
    change: 2_500,
    /** To put tags back. */
    undo: 2_500,
    /** To read what points where. */
    account: 1_000,
};
/** A signal that aborts this long after another one; at once counts from now when that one has aborted already. */
function afterAbort(signal, ms) {
    const later = new AbortController();
    const start = () => {
        setTimeout(() => {
            later.abort(signal.reason);
        }, ms).unref();
    };
    if (signal.aborted)
        start();
    else
        signal.addEventListener('abort', start, { once: true });
    return later.signal;
}

;// CONCATENATED MODULE: ./src/deploy/release/pointers.ts
/** What points where: the version that each tag has now, for whoever has to act on a failure. */


/** Who waits for an account of a failure does not wait for an API that does not answer. */
const MAX_WAIT_MS = 10_000;
/** Each of the tags once, and {@link LATEST}, side by side; never rejects. */
function readPointers({ functionId, tags }, cloud) {
    const patient = cloud.withSignal(AbortSignal.any([afterAbort(cloud.signal, GRACE_MS.account), AbortSignal.timeout(MAX_WAIT_MS)]));
    return Promise.all([...new Set([...tags, LATEST])].map(async (tag) => {
        try {
            const versionId = (await getVersionByTag({ functionId, tag }, patient))?.id;
            return { tag, versionId, now: versionId ?? 'no version' };
        }
        catch {
            return { tag, versionId: undefined, now: 'not known' };
        }
    }));
}
/** A table as text; `notes` says of versions what they are. */
function tableOf(pointers, notes) {
    const rows = pointers.map(({ tag, now }) => [tag, now, notes.get(now) ?? '']);
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
    return rows.map((row) => row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd());
}

;// CONCATENATED MODULE: ./src/deploy/release/undone.ts
/** Moves that were taken back, or could not be: what became of each in words, and what is left to do. Pure. */
const OUTCOMES = {
    'put back': 'Put back',
    'never moved': 'Not moved',
    'passed on': 'Moved by somebody else meanwhile, and left there',
    'not put back': 'Not put back',
};
/** What became of each tag that was moved or may have been, by outcome. */
function undoneLines(undone) {
    return Object.entries(OUTCOMES).flatMap(([outcome, words]) => {
        const tags = undone.filter((one) => one.outcome === outcome);
        return tags.length > 0 ? [`${words}: ${tags.map(describe).join('; ')}.`] : [];
    });
}
function describe({ tag, reason, outcome, isUnderWay }) {
    const mayCome = outcome === 'never moved' && isUnderWay === true;
    const remark = mayCome ? 'its change was under way and may still come' : reason;
    return remark === undefined ? `\`${tag}\`` : `\`${tag}\` (${remark})`;
}
/** The commands that put back what could not be; undefined where there is nothing left. */
function putBackHint(undone) {
    const commands = undone
        .filter(({ outcome, isUnderWay }) => outcome === 'not put back' || (outcome === 'never moved' && isUnderWay === true))
        .map(({ tag, fromId, toId }) => fromId === undefined
        ? `- \`yc serverless function version remove-tag --id ${toId} --tag ${tag}\``
        : `- \`yc serverless function version set-tag --id ${fromId} --tag ${tag}\``);
    return commands.length === 0 ? undefined : ['To put back what is left:', ...commands].join('\n');
}

;// CONCATENATED MODULE: ./src/deploy/release/account.ts
/** The errors of a release: who gets which version now, why, and what to do. Pure. */






/** A check that the version did not pass. */
function checkFailed(released, { end, latest, pointers }) {
    const calls = end.calls > 1 ? ` (${end.calls} calls)` : '';
    return new errors/* DeployError */.sH('CHECK_FAILED', [
        `The version ${released.versionId} did not pass its check: ${end.reason}${calls}.`,
        ...(end.error ? [end.error.message, ...end.error.trace.map((line) => `    ${line}`)] : []),
        tagsUntouched(released),
        latestLine(latest, released),
        ...nowLines(pointers, { released, latest }),
    ].join('\n'), {
        cause: end.cause,
        hint: checkHint(released, { end, latest }),
        details: detailsOf(released),
    });
}
/** Tags that could not be moved. */
function promotionFailed(released, { end, pointers }) {
    const { versionId, origin, inputs } = released;
    const { cause, undone } = end;
    const passed = inputs.release.check ? ', which passed its check' : '';
    const reason = (0,errors/* isError */.bJ)(cause) ? cause.message : 'unknown reason';
    return new errors/* DeployError */.sH('PROMOTION_FAILED', [
        `The tags could not all be moved to the version ${versionId}${passed}. ${reason}`,
        ...undoneLines(undone),
        ...(origin === 'created' ? [newestLine(released, pointers)] : []),
        ...nowLines(pointers, { released }),
    ].join('\n'), {
        cause,
        hint: putBackHint(undone),
        details: { ...(cause instanceof errors/* DeployError */.sH && cause.details), ...detailsOf(released) },
    });
}
/** Another run may have created a version meanwhile. */
function newestLine({ versionId, former }, pointers) {
    const id = pointers.find(({ tag }) => tag === LATEST)?.versionId ?? versionId;
    // The API may be behind.
    return [versionId, former?.id].includes(id)
        ? `Callers without a tag get the version ${versionId}: a new version is \`$latest\`.`
        : `Callers without a tag get the version ${id}, which was created since.`;
}
/** A run that was cancelled before the release was complete. */
function releaseCancelled(released, told) {
    const { thrown, phase, undone = [], pointers, latest } = told;
    const left = released.origin === 'created'
        ? '`$latest` is not restored after a cancellation: callers without a tag get the new version.'
        : 'Callers without a tag are not affected: no version was created.';
    return thrown.with({
        message: [
            `${thrown.message} It was during ${phase} of the version ${released.versionId}.`,
            ...(undone.length > 0 ? undoneLines(undone) : [tagsUntouched(released)]),
            latest ? latestLine(latest, released) : left,
            ...nowLines(pointers, { released, latest }),
        ].join('\n'),
        hint: [
            putBackHint(undone),
            'Run the job again, unless what points where above is as it should be.',
        ]
            .filter((line) => line !== undefined)
            .join('\n'),
        details: detailsOf(released),
    });
}
/** The version's log has what the function wrote, and the answer of the check may not be shown. */
function checkHint({ inputs, function: { id, folderId } }, { end, latest }) {
    const tag = inputs.release.check?.tag ?? '';
    const lines = [
        `Log of the function: \`yc serverless function logs ${id} --tag ${tag} --since 15m\``,
        `In the console: https://console.yandex.cloud/folders/${folderId}/functions/functions/${id}`,
        'Correct the function, or the `check-…` inputs, and deploy again.',
    ];
    if (end.fault === 'call' && end.reason.includes('HTTP 403')) {
        const needed = rolesOf(inputs, folderId).find(({ why }) => why.includes('check'));
        lines.unshift(`The account that deploys must be allowed to call the function: \`${needed?.command ?? ''}\``);
    }
    if (latest.kind === 'failed' && latest.fromId !== undefined) {
        lines.unshift(`To restore \`$latest\` now, run the action \`rollback\` with \`version-id: ${latest.fromId}\` and without \`tags\`.`);
    }
    return lines.join('\n');
}
function detailsOf(released) {
    return { 'function id': released.function.id, 'version id': released.versionId };
}
function tagsUntouched({ inputs }) {
    const { tags } = inputs.settings;
    if (tags.length === 0)
        return 'No tag was moved.';
    return `Callers of ${(0,src_text/* listNames */.Zv)(tags)} are not affected: no tag was moved.`;
}
function latestLine(latest, { versionId }) {
    const callers = `Callers without a tag get the version ${versionId}`;
    switch (latest.kind) {
        case 'untouched':
            return 'Callers without a tag are not affected: no version was created.';
        case 'left':
            return `${callers}: \`restore-latest\` is false.`;
        case 'restored':
            return `Callers without a tag get what they had before: the version ${latest.versionId} is a copy of ${latest.fromId}.`;
        case 'overtaken':
            return `Callers without a tag get the version ${latest.versionId}, which another run has created since.`;
        case 'nothing before':
            return `${callers}: it is the first one, so there is none to restore.`;
        case 'failed': {
            const former = latest.fromId ?? 'the former version';
            const reason = (0,errors/* isError */.bJ)(latest.cause) ? latest.cause.message : 'unknown reason';
            const mayCome = latest.seeCopy === undefined ? '' : ` Its copy may still come: see \`${latest.seeCopy}\`.`;
            return `${callers}, since ${former} could not be restored: ${reason}${mayCome}`;
        }
    }
}
/** A table of what points where, with what its versions are. */
function nowLines(pointers, { released, latest }) {
    const { versionId, origin, former, liveId } = released;
    const notes = new Map([
        [former?.id ?? '', '$latest before'],
        [liveId ?? '', 'live before'],
    ]);
    if (latest?.kind === 'restored')
        notes.set(latest.versionId, `copy of ${latest.fromId}`);
    notes.set(versionId, origin === 'created' ? 'the new version' : 'the version of this step');
    return ['', 'What points where now:', ...tableOf(pointers, notes)];
}

// EXTERNAL MODULE: ./src/yandex/http/attempt.ts
var attempt = __nccwpck_require__(6876);
// EXTERNAL MODULE: ./src/yandex/http/endpoints.ts + 1 modules
var http_endpoints = __nccwpck_require__(8381);
;// CONCATENATED MODULE: ./src/yandex/functions/invoke.ts
/** Calls a function over HTTP, once: whether to call again is for the caller to decide. */


/** An answer has at most 3.5 MB: https://yandex.cloud/en/docs/functions/concepts/limits. In bytes. */
const MAX_ANSWER_BYTES = 4 * 1024 ** 2;
/**
 * The address of a function as the API gives it, if a token may be sent there: over HTTPS, or within this machine where
 * the API itself is. Undefined otherwise.
 */
async function callableUrl(httpInvokeUrl, { endpoints }) {
    if (!URL.canParse(httpInvokeUrl))
        return undefined;
    const url = new URL(httpInvokeUrl);
    if (url.username !== '' || url.password !== '')
        return undefined;
    if (url.protocol === 'https:')
        return url;
    if (url.protocol !== 'http:' || !(0,http_endpoints/* isLoopback */.U9)(url.hostname))
        return undefined;
    const api = await endpoints('serverless-functions');
    return api.protocol === 'http:' ? url : undefined;
}
/** Throws the signal's reason, and DeployError AUTH_FAILED without a token. */
async function callFunction(call, cloud) {
    const { body, timeoutMs } = call;
    const token = call.needsToken ? await cloud.tokens.get() : undefined;
    return (0,attempt/* sendOnce */.E4)({
        method: body === undefined ? 'GET' : 'POST',
        url: addressOf(call),
        headers: {
            ...(body !== undefined && { 'content-type': contentType(body) }),
            ...(token && { authorization: `Bearer ${token.reveal()}` }),
        },
        ...(body !== undefined && { body: [Buffer.from(body)] }),
        maxResponseBytes: MAX_ANSWER_BYTES,
    }, { ...cloud, timeoutMs });
}
function addressOf({ url, tag, query, isRaw }) {
    const address = new URL(url);
    const own = new URLSearchParams({ tag, ...(isRaw && { integration: 'raw' }) });
    address.search = [own.toString(), query ?? ''].filter((part) => part !== '').join('&');
    address.hash = '';
    return address;
}
/** Of other bodies than JSON the function gets the bytes. */
function contentType(body) {
    try {
        JSON.parse(body);
        return 'application/json';
    }
    catch {
        return 'text/plain; charset=utf-8';
    }
}

;// CONCATENATED MODULE: ./src/deploy/release/caller.ts
/** Calls a function as anybody, and as the account that deploys only where the service wants to know who calls. */



/**
 * A public function never gets the token: its code would see it. Its own access bindings do not show what it inherits
 * from its folder, so the first call goes without the token, and the service tells.
 */
async function callerOf(functionId, cloud) {
    const isOpen = await isKnownPublic(functionId, cloud);
    let isPrivate = false;
    return async (call) => {
        if (!isPrivate) {
            const result = await callFunction({ ...call, needsToken: false }, cloud);
            if (isOpen || !isRefusal(result))
                return result;
        }
        const result = await callFunction({ ...call, needsToken: true }, cloud);
        isPrivate = isOfFunction(result);
        return result;
    };
}
/** False too where it cannot be read. */
async function isKnownPublic(functionId, cloud) {
    try {
        return isPublic(await listAccessBindings(functionId, cloud));
    }
    catch (error) {
        if (!(error instanceof errors/* DeployError */.sH) || error.code === 'CANCELLED')
            throw error;
        return false;
    }
}
function isRefusal(result) {
    if (result.kind !== 'answered' || isOfFunction(result))
        return false;
    return [401, 403].includes(result.answer.status);
}
function isOfFunction(result) {
    return result.kind === 'answered' && result.answer.headers['x-function-version-id'] !== undefined;
}

;// CONCATENATED MODULE: ./src/deploy/release/settle.ts
/** Reads again what the API may be a moment behind with. */

const SETTLE_MS = 3_000;
const EVERY_MS = 500;
/** The first answer that fits, else the last one. Throws what `read` throws, and the signal's reason. */
async function readSettled(read, { fits, forMs = SETTLE_MS, cloud, }) {
    const { clock, signal } = cloud;
    const giveUpAtMs = clock.now() + forMs;
    for (;;) {
        const answer = await read();
        if (fits(answer) || clock.now() >= giveUpAtMs)
            return answer;
        await clock.sleep(EVERY_MS, signal);
    }
}
/** Where the tag is instead, as the end of a sentence about it; undefined where it is as expected. */
async function elsewhere({ functionId, tag, versionId }, cloud) {
    const holder = await readSettled(() => getVersionByTag({ functionId, tag }, cloud), {
        fits: (one) => one?.id === versionId,
        cloud,
    });
    if (holder?.id === versionId)
        return undefined;
    const now = holder ? `on the version ${holder.id}` : 'on no version';
    return `is ${now} now: another run or a person has moved it`;
}

// EXTERNAL MODULE: ./src/yandex/http/answer.ts
var http_answer = __nccwpck_require__(8046);
;// CONCATENATED MODULE: ./src/deploy/release/verdict.ts
/** What an answer to the call of a check means: passed, trouble that is not the function's word, or a failed attempt. Pure. */



/**
 * Statuses by which the service itself refuses a call, as long as no version is named with them: no version with the
 * tag, no right to call, too many calls, no room to run.
 * https://yandex.cloud/en/docs/functions/concepts/function-invoke
 */
const SERVICE_STATUSES = [403, 404, 429, 503];
/** The code failed or answered in a wrong form, and ran for too long. */
const CODE_STATUSES = [502, 504];
/** Judges an answer of any status. */
function judge(answer, expected) {
    const { status, headers } = answer;
    const answeredBy = headers['x-function-version-id'];
    if (answeredBy !== undefined && answeredBy !== expected.versionId) {
        const reason = `another version answered: ${(0,src_text/* clip */.$Q)((0,src_text/* plain */.pj)(answeredBy), 100)}`;
        return { kind: 'trouble', reason, otherVersionId: answeredBy };
    }
    const isWanted = expected.statuses.some(({ from, to }) => status >= from && status <= to);
    // A function may answer 502 by itself, and a check may want that.
    const isOfCode = CODE_STATUSES.includes(status) && !(isWanted && answeredBy !== undefined);
    if (headers['x-function-error']?.toLowerCase() === 'true' || isOfCode) {
        const reason = `the function failed: HTTP ${status}`;
        return { kind: 'failed', reason, error: functionError(answer, expected) };
    }
    if (answeredBy === undefined && SERVICE_STATUSES.includes(status)) {
        return { kind: 'trouble', reason: `the service answered HTTP ${status}` };
    }
    if (!isWanted) {
        const wanted = `\`check-status\` is ${formatStatuses(expected.statuses)}`;
        return { kind: 'failed', reason: `it answered HTTP ${status}; ${wanted}` };
    }
    if (expected.contains !== undefined && !(0,http_answer/* textOfBody */.dZ)(answer).includes(expected.contains)) {
        const reason = `it answered HTTP ${status} without the text of \`check-contains\``;
        return { kind: 'failed', reason };
    }
    return { kind: 'passed', status, isProven: answeredBy !== undefined };
}
function formatStatuses(statuses) {
    return statuses.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
const verdict_MAX_CHARACTERS = { type: 100, message: 1_000, traceLine: 300 };
const MAX_TRACE_LINES = 10;
/**
 * The error in the body of a failed call; undefined when there is none. Of a wrong answer the body holds the whole of
 * it as `payload`, which may have secrets: nothing but the known fields is read.
 */
function functionError(answer, { hides }) {
    const { errorMessage, errorType, stackTrace } = (0,http_answer/* jsonObject */.o$)(answer) ?? {};
    if (typeof errorMessage !== 'string')
        return undefined;
    const show = (text, maxCharacters) => (0,src_text/* clip */.$Q)((0,src_text/* withoutValues */.lO)((0,src_text/* plain */.pj)(text), hides), maxCharacters);
    const items = Array.isArray(stackTrace) ? stackTrace : [];
    const type = typeof errorType === 'string' ? show(errorType, verdict_MAX_CHARACTERS.type) : '';
    const message = show(errorMessage, verdict_MAX_CHARACTERS.message);
    return {
        message: [type, message].filter((part) => part !== '').join(': '),
        trace: items
            // Some items may have no line.
            .slice(0, 2 * MAX_TRACE_LINES)
            .map((item) => (0,src_text/* plain */.pj)(traceLine(item)).trim())
            .filter((line) => line !== '')
            .slice(0, MAX_TRACE_LINES)
            .map((line) => show(line, verdict_MAX_CHARACTERS.traceLine)),
    };
}
/** Runtimes write an item as a text, as an object with a text, or as a place in a file. */
function traceLine(item) {
    if (typeof item === 'string')
        return item;
    const { line, function: name, file, column } = (0,src_json/* fieldsOf */.Pf)(item);
    if (typeof line === 'string')
        return line;
    if (typeof file !== 'string')
        return '';
    const place = [file, ...[line, column].filter((part) => typeof part === 'number')].join(':');
    return typeof name === 'string' ? `at ${name} (${place})` : `at ${place}`;
}

;// CONCATENATED MODULE: ./src/deploy/release/check.ts
/** Calls a version until it passes its check, or fails it. */









/** A cold start may take this long on top of the function's own time, in milliseconds. */
const START_MS = 30_000;
const DELAYS = { firstDelayMs: 500, maxDelayMs: 5_000 };
/** Throws the signal's reason alone. */
async function runCheck(checking, cloud) {
    try {
        return await callUntilDecided(checking, cloud);
    }
    catch (cause) {
        if (!(cause instanceof errors/* DeployError */.sH) || cause.code === 'CANCELLED')
            throw cause;
        return { kind: 'failed', reason: cause.message, fault: 'call', calls: 0, cause };
    }
}
async function callUntilDecided({ released, check }, cloud) {
    const { versionId, function: target } = released;
    const { timeoutSeconds: executionSeconds, environment } = released.inputs.settings;
    const { clock, signal } = cloud;
    const url = await callableUrl(target.httpInvokeUrl, cloud);
    if (!url) {
        const reason = `the function has no address that can be called safely: ${JSON.stringify(target.httpInvokeUrl)}`;
        return { kind: 'failed', reason, fault: 'call', calls: 0 };
    }
    const held = { functionId: target.id, tag: check.tag, versionId };
    const lostTag = (where, calls) => ({
        kind: 'failed',
        reason: `its tag ${check.tag} ${where}`,
        fault: 'tag',
        calls,
    });
    const waitMs = check.timeoutSeconds * 1000;
    const [where, caller] = await Promise.all([
        elsewhereAtFirst(held, { former: released.former, forMs: waitMs, cloud }),
        callerOf(target.id, cloud),
    ]);
    if (where !== undefined)
        return lostTag(where, 0);
    const call = { ...check, url, timeoutMs: executionSeconds * 1000 + START_MS };
    const expected = { ...check, versionId, hides: Object.values(environment.variables) };
    const startedAtMs = clock.now();
    const deadlineMs = startedAtMs + waitMs;
    let attempts = 0;
    for (let calls = 1;; calls++) {
        const verdict = judgeCall(await caller(call), expected);
        if (needsHolder(verdict)) {
            const where = await elsewhere(held, cloud);
            if (where !== undefined)
                return lostTag(where, calls);
        }
        if (verdict.kind === 'passed')
            return { ...verdict, tag: check.tag, calls };
        const { reason } = verdict;
        if (verdict.kind === 'failed' && ++attempts >= check.attempts) {
            return { ...verdict, fault: 'function', calls };
        }
        const leftMs = deadlineMs - clock.now();
        if (verdict.kind === 'trouble' && leftMs <= 0) {
            const triedSeconds = Math.round((clock.now() - startedAtMs) / 1000);
            const tried = calls === 1 ? reason : `${reason}, for ${triedSeconds} s`;
            return { kind: 'failed', reason: tried, fault: 'call', calls };
        }
        const delayMs = (0,http/* backoff */.JN)(calls, { ...DELAYS, random: clock.random() });
        const pauseMs = verdict.kind === 'trouble' ? Math.min(delayMs, leftMs) : delayMs;
        cloud.log(`Check: ${(0,src_text/* oneLine */.TN)(reason)}${errorOf(verdict)}; calling again in ${(0,attempt/* seconds */.YA)(pauseMs)}`);
        await clock.sleep(pauseMs, signal);
    }
}
/**
 * As {@link elsewhere}, for a version that has just got the tag: as long as nobody has it, or who had it before the run,
 * the API is behind.
 */
async function elsewhereAtFirst(held, { former, forMs, cloud }) {
    const holder = await readSettled(() => getVersionByTag(held, cloud), {
        fits: (one) => one !== undefined && (one.id === held.versionId || !former || isNewer(one, former)),
        forMs,
        cloud,
    });
    return holder?.id === held.versionId ? undefined : elsewhere(held, cloud);
}
function judgeCall(result, expected) {
    switch (result.kind) {
        case 'answered':
            return judge(result.answer, expected);
        case 'unanswered':
            return { kind: 'trouble', reason: result.reason };
        case 'oversized':
            return { kind: 'failed', reason: result.reason };
    }
}
function errorOf(verdict) {
    const error = verdict.kind === 'failed' ? verdict.error : undefined;
    return error ? (0,src_text/* oneLine */.TN)((0,src_text/* clip */.$Q)(` (${error.message})`, 200)) : '';
}
/** Whether only the holder of the tag tells which version has answered, or why another one has. */
function needsHolder(verdict) {
    if (verdict.kind === 'passed')
        return !verdict.isProven;
    return verdict.kind === 'trouble' && verdict.otherVersionId !== undefined;
}

;// CONCATENATED MODULE: ./src/deploy/release/move.ts
/** One tag moves from a version to another. */






/** Throws DeployError when a tag is not where it was found. */
async function checkHolder({ functionId, tag, fromId }, cloud) {
    const where = await elsewhere({ functionId, tag, versionId: fromId }, cloud);
    if (where !== undefined)
        throw new errors/* DeployError */.sH('PROMOTION_FAILED', `The tag ${tag} ${where}.`);
}
/**
 * A change that is under way is not left when the run is cancelled, and the move tells whether it still is. Throws
 * ApiError, OperationError.
 */
async function carryOut(move, { deadlineMs, cloud }) {
    const { tag, fromId, toId } = move;
    const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.change));
    const onAccepted = () => {
        move.isUnderWay = true;
    };
    try {
        await setTag({ versionId: toId, tag, deadlineMs, onAccepted }, patient);
        move.isUnderWay = false;
    }
    catch (error) {
        if (error instanceof OperationError)
            move.isUnderWay = undefined;
        else if ((0,http/* isUncertain */.cp)(error))
            move.isUnderWay = true;
        throw error;
    }
    const from = fromId === undefined ? '' : ` from the version ${fromId}`;
    cloud.log(`Tag ${tag}: moved${from} to the version ${toId}`);
}

;// CONCATENATED MODULE: ./src/deploy/release/promote.ts
/** Moves the tags of a step to a version, one by one, and back again when one of them cannot be moved. */






/** Either all tags are on the version at the end, or what was moved is put back as far as it can be. */
async function promote({ released, tags }, cloud) {
    const functionId = released.function.id;
    const waitMs = released.inputs.wait.timeoutSeconds * 1000;
    const deadlineMs = cloud.clock.now() + waitMs;
    const moves = [];
    try {
        for (const tag of tags) {
            const isFirst = tag === tags[0];
            for (const [at, move] of (await nextMoves({ tag, isFirst }, { released, cloud })).entries()) {
                // The move before it has taken a while.
                if (at > 0)
                    await checkHolder({ functionId, ...move }, cloud);
                cloud.signal.throwIfAborted();
                // Noted before, since a change that fails may have had its effect.
                moves.push(move);
                await carryOut(move, { deadlineMs, cloud });
            }
        }
        cloud.signal.throwIfAborted();
        return { kind: 'promoted', moves };
    }
    catch (cause) {
        return { kind: 'stopped', cause, undone: await undo({ functionId, moves, waitMs }, cloud) };
    }
}
/**
 * The moves for one tag; none when it is on the version already. The version that loses the first one gets the previous
 * tag before. Throws DeployError when the check's tag is not on the version any more.
 */
async function nextMoves({ tag, isFirst }, { released, cloud }) {
    const { function: target, versionId, origin, inputs } = released;
    const { check, previousTag: wanted } = inputs.release;
    const functionId = target.id;
    // A version that was found live by the first of the tags keeps it.
    const previousTag = isFirst && origin === 'created' ? wanted : undefined;
    const holderOf = async (name) => (await getVersionByTag({ functionId, tag: name }, cloud))?.id;
    const [fromId, previousId] = await Promise.all([
        holderOf(tag),
        previousTag === undefined ? undefined : holderOf(previousTag),
        check && checkHolder({ functionId, tag: check.tag, fromId: versionId }, cloud),
    ]);
    if (fromId === versionId)
        return [];
    const keepsFormer = previousTag !== undefined && fromId !== undefined && previousId !== fromId;
    return [
        ...(keepsFormer ? [{ tag: previousTag, fromId: previousId, toId: fromId }] : []),
        { tag, fromId, toId: versionId },
    ];
}
/** What was moved goes back within this time, in milliseconds, or within `wait-timeout`. */
const UNDO_MS = { least: 3_000, most: 60_000 };
/**
 * Puts tags back that are still where they were moved to, all side by side; `waitMs` is the longest wait that the step
 * wants. Never rejects.
 */
async function undo({ functionId, moves, waitMs }, cloud) {
    const undoMs = Math.min(UNDO_MS.most, Math.max(UNDO_MS.least, waitMs));
    const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.undo));
    return Promise.all(moves.map((move) => putBack(move, { functionId, waitMs: undoMs, cloud: patient })));
}
async function putBack(move, { functionId, waitMs, cloud }) {
    const { tag, fromId, toId } = move;
    const deadlineMs = cloud.clock.now() + waitMs;
    try {
        const isMoved = move.isUnderWay === false;
        const holder = await readSettled(async () => (await getVersionByTag({ functionId, tag }, cloud))?.id, 
        // A tag that was seen to move is not back by itself: the API may be behind.
        { fits: (id) => !isMoved || id !== fromId, cloud });
        if (holder === fromId) {
            return isMoved
                ? { ...move, outcome: 'not put back', reason: 'it is read as before, though it was moved' }
                : { ...move, outcome: 'never moved' };
        }
        if (holder !== toId)
            return { ...move, outcome: 'passed on' };
        if (fromId === undefined)
            await removeTag({ versionId: toId, tag, deadlineMs }, cloud);
        else
            await setTag({ versionId: fromId, tag, deadlineMs }, cloud);
        cloud.log(`Tag ${tag}: put back${fromId === undefined ? ' to no version' : ` to the version ${fromId}`}`);
        return { ...move, outcome: 'put back' };
    }
    catch (error) {
        const isKnown = error instanceof errors/* DeployError */.sH && error.code !== 'CANCELLED';
        const reason = isKnown ? error.message : 'there was no time to see it end';
        return { ...move, outcome: 'not put back', reason };
    }
}

;// CONCATENATED MODULE: ./src/deploy/release/copy.ts
/** The request for a version that does what another one does: its code and all of its settings. Pure. */


/**
 * The request, and the description to fall back on where a region takes no more than it once did. Tags are no part of a
 * copy. Its description ends in a fingerprint that names the version it is a copy of, and the run that copies it.
 */
function copyOf({ version, runId = 'unknown', }) {
    const { id, functionId, description: former, spec } = version;
    const text = withoutFingerprint(former);
    const sha256 = readFingerprint(former)?.sha256;
    const fingerprint = { sha256, runId, fromVersionId: id };
    const whole = describeVersion({ text, isOwn: true }, fingerprint);
    // A rollback finds its way by the fingerprint, so a text that leaves no room for it is cut.
    const { description: short } = describeVersion({ text, isOwn: false }, fingerprint);
    const description = whole.isMarked ? whole.description : short;
    return { request: { functionId, description, versionId: id, ...specOf(spec) }, plain: short };
}
/** What a version shows is what a request takes, but for the values that mean "not set". */
function specOf(spec) {
    const { connectivity, logOptions, asyncInvocationConfig, mounts, metadataOptions } = spec;
    return withoutUnset({
        ...spec,
        connectivity: connectivity && withoutUnset(connectivity),
        logOptions: logOptions && withoutUnset(logOptions),
        metadataOptions: metadataOptions && withoutUnset(metadataOptions),
        asyncInvocationConfig: asyncInvocationConfig && {
            ...withoutUnset(asyncInvocationConfig),
            successTarget: targetOf(asyncInvocationConfig.successTarget),
            failureTarget: targetOf(asyncInvocationConfig.failureTarget),
        },
        mounts: mounts?.map(({ objectStorage, ephemeralDiskSpec, ...mount }) => ({
            ...withoutUnset(mount),
            ...(objectStorage && { objectStorage: withoutUnset(objectStorage) }),
            ...(ephemeralDiskSpec && { ephemeralDiskSpec: withoutUnset(ephemeralDiskSpec) }),
        })),
    });
}
/** A request must say that there is no target. */
function targetOf(target) {
    return target.ymqTarget ? { ymqTarget: target.ymqTarget } : { emptyTarget: {} };
}

;// CONCATENATED MODULE: ./src/deploy/release/restore.ts
/** Gives callers without a tag the version again that they had before a failed check. */








/** Never rejects, since the failed check is what has to be told. */
async function restoreLatest(failed, { cloud, context: { runId } }) {
    const { origin, function: target, former, inputs } = failed.released;
    if (origin === 'live')
        return { kind: 'untouched' };
    if (!failed.check.restoreLatest)
        return { kind: 'left' };
    const { wait } = inputs;
    let fromId = former?.id;
    let isAskedFor = false;
    let operationId;
    try {
        const versions = await listVersions(target.id, cloud).catch(() => []);
        const overtaking = await findOvertaking(failed.released, { versions, cloud });
        if (overtaking)
            return { kind: 'overtaken', versionId: overtaking.id };
        const version = await findFormer(failed, { versions, cloud });
        if (!version)
            return { kind: 'nothing before' };
        fromId = version.id;
        cloud.log(`Callers without a tag get the version ${fromId} again, by a copy of it`);
        isAskedFor = true;
        const build = await startBuild({ ...copyOf({ version, runId }), wait }, cloud);
        operationId = build.operation.id;
        const { id } = await finishBuild({ build, wait }, cloud);
        return { kind: 'restored', versionId: id, fromId };
    }
    catch (cause) {
        if (!(cause instanceof errors/* DeployError */.sH))
            throw cause;
        let seeCopy;
        if (operationId !== undefined) {
            if (!(cause instanceof OperationError))
                seeCopy = `yc operation get ${operationId}`;
        }
        else if (isAskedFor && (0,http/* isUncertain */.cp)(cause)) {
            seeCopy = `yc serverless function list-operations ${target.id}`;
        }
        return { kind: 'failed', fromId, cause, seeCopy };
    }
}
/** A version that is newer than the failed one and has taken its place; an old answer about the place is read again. */
async function findOvertaking({ function: target, versionId, former }, { versions, cloud }) {
    const own = versions.find(({ id }) => id === versionId);
    const overtakes = (version) => version.id !== versionId && version.id !== former?.id && (!own || isNewer(version, own));
    const held = { functionId: target.id, tag: LATEST };
    const latest = await readSettled(() => getVersionByTag(held, cloud), {
        fits: (one) => one !== undefined && (one.id === versionId || overtakes(one)),
        cloud,
    });
    return latest && overtakes(latest) ? latest : undefined;
}
/**
 * What callers had before: another run may have made a version since this run began to read. One that was under a
 * check itself, and has not been given a tag for its callers, was not for them.
 */
async function findFormer({ released: { function: target, versionId, former }, check }, { versions, cloud }) {
    const own = versions.findIndex(({ id }) => id === versionId);
    const since = (own < 0 ? [] : versions.slice(own + 1)).filter((version) => ['ACTIVE', 'OBSOLETE'].includes(version.status) && (!former || isNewer(version, former)));
    if (since.length === 0)
        return former;
    const history = await listTagHistory({ functionId: target.id, tag: check.tag }, cloud).catch(() => []);
    const wasChecked = new Set(history.map((record) => record.versionId));
    const isReleased = ({ id, tags }) => !wasChecked.has(id) || tags.some((tag) => tag !== LATEST && tag !== check.tag);
    return since.find(isReleased) ?? former;
}

;// CONCATENATED MODULE: ./src/deploy/release/release.ts
/** From a version that is ready to the one that callers get: its check, then its tags, and the way back. */










/**
 * Checks the version and moves the tags, as far as the step wants it; nothing without a version that is ready. Records
 * each thing as soon as it is done. Throws DeployError CHECK_FAILED, PROMOTION_FAILED and CANCELLED with an account of
 * what points where.
 */
async function release({ inputs, prepared: { plan, latest } }, deps) {
    const { version, function: target, skipped = false } = deps.progress.known;
    if (!version?.isReady || !target)
        return;
    const { check } = inputs.release;
    const tags = skipped ? plan.tagsToMove : tagsAfterBuild(inputs);
    // A version that was found live with the tags of the step has them from a release; without tags nothing tells.
    const isReleased = skipped && inputs.settings.tags.length > 0;
    if (tags.length === 0 && (isReleased || !check))
        return;
    const released = {
        inputs,
        function: target.function,
        versionId: version.id,
        origin: skipped ? 'live' : 'created',
        liveId: plan.live?.id,
        former: latest,
    };
    if (check)
        await checkVersion({ released, check }, deps);
    if (tags.length > 0)
        await moveTags({ released, tags }, deps);
}
async function checkVersion(checking, deps) {
    const { released } = checking;
    const { cloud, progress } = deps;
    let end;
    try {
        if (released.origin === 'live')
            await giveTag(checking, cloud);
        end = await runCheck(checking, cloud);
    }
    catch (thrown) {
        if (!isCancellation(thrown))
            throw thrown;
        const pointers = await pointersOf(released, deps);
        throw releaseCancelled(released, { thrown, phase: 'the check', pointers });
    }
    progress.record('checked', end);
    if (end.kind === 'passed') {
        if (!end.isProven) {
            cloud.log('The answer did not say which version it is from; its tag is on it');
        }
        return;
    }
    const latest = await restoreLatest(checking, deps);
    if (latest.kind === 'restored')
        progress.record('restored', latest);
    const pointers = await pointersOf(released, deps);
    if (latest.kind !== 'failed' || !isCancellation(latest.cause)) {
        throw checkFailed(released, { end, latest, pointers });
    }
    const phase = 'the restoring of `$latest` after a failed check';
    throw releaseCancelled(released, { thrown: latest.cause, phase, pointers, latest });
}
/** A version that was found live does not have the tag of the check yet, unless an earlier run gave it. */
async function giveTag({ released, check: { tag } }, cloud) {
    const { versionId, function: target, inputs } = released;
    const holder = await getVersionByTag({ functionId: target.id, tag }, cloud);
    if (holder?.id === versionId)
        return;
    const deadlineMs = cloud.clock.now() + inputs.wait.timeoutSeconds * 1000;
    const patient = cloud.withSignal(afterAbort(cloud.signal, GRACE_MS.change));
    await setTag({ versionId, tag, deadlineMs }, patient);
    cloud.log(`Tag ${tag}: moved to the version ${versionId}, to call it`);
}
async function moveTags({ released, tags }, deps) {
    const { cloud, progress } = deps;
    const { inputs, versionId } = released;
    const end = await promote({ released, tags }, cloud);
    if (end.kind === 'promoted') {
        // Another run may have moved the first tag after the plan was made.
        const [first] = inputs.settings.tags;
        const former = end.moves.find(({ tag }) => tag === first)?.fromId;
        if (former !== undefined)
            progress.record('previous', { id: former });
        progress.record('promotion', { versionId, moves: end.moves });
        return;
    }
    const pointers = await pointersOf(released, deps);
    const { cause: thrown, undone } = end;
    if (!isCancellation(thrown))
        throw promotionFailed(released, { end, pointers });
    throw releaseCancelled(released, { thrown, phase: 'the move of the tags', undone, pointers });
}
function pointersOf({ inputs, function: target }, { cloud }) {
    return readPointers({ functionId: target.id, tags: tagsInvolved(inputs) }, cloud);
}
function isCancellation(thrown) {
    return thrown instanceof errors/* DeployError */.sH && thrown.code === 'CANCELLED';
}

;// CONCATENATED MODULE: ./src/deploy/apply.ts
/** Brings the cloud to what a plan says: the function, then a new version or none, then tags, access and scaling. */





/** Records each thing as soon as it is done. Throws DeployError. */
async function apply({ inputs, prepared }, deps) {
    const { cloud, progress } = deps;
    const { target: found, latest } = prepared;
    const { function: wanted, wait } = inputs;
    const ensured = await ensureFunction({ found, inputs: wanted, wait }, cloud);
    const { id: functionId } = progress.record('function', ensured).function;
    const deployment = { inputs, prepared, functionId };
    const unchanged = inputs.release.skipUnchanged ? unchangedVersion(prepared, cloud) : undefined;
    progress.record('skipped', unchanged !== undefined);
    if (unchanged) {
        progress.record('version', { id: unchanged.id, isReady: true });
        // A version that failed its check may have stayed there.
        if (latest && latest.id !== unchanged.id) {
            const message = `No version was created, and $latest is another one than that of the tags: callers without a tag get the version ${latest.id}.`;
            progress.record('notice', { title: 'Unchanged', message });
        }
    }
    else
        await publish(deployment, deps);
    await release(deployment, deps);
    await expose(deployment, deps);
}
/** The live version, if it is what the step asks for. */
function unchangedVersion({ plan }, { log }) {
    const reason = whyNotSkipped(plan);
    if (reason === undefined)
        return plan.live;
    log(`A version is created, since ${reason}`);
    return undefined;
}

// EXTERNAL MODULE: ./src/secret.ts
var src_secret = __nccwpck_require__(7355);
;// CONCATENATED MODULE: ./src/github/id-token.ts
/** The job's OIDC token, which GitHub gives to a job that may have one. */





const WHAT = 'get an OIDC token from GitHub';
/** Failures that are not about the token. */
const PASSED_ON = ['CANCELLED', 'INPUT_INVALID'];
/** For an audience (GitHub's default when undefined), masked. Throws DeployError AUTH_FAILED. */
async function readIdToken(audience, { runner, send }) {
    const request = runner.idTokenRequest;
    if (!request) {
        throw new errors/* DeployError */.sH('AUTH_FAILED', 'This job cannot request an OIDC token for `yc-sa-id`.', {
            topic: 'no-oidc-token',
            hint: 'Add to the job (pull requests from forks cannot have it):\npermissions:\n  id-token: write\n  contents: read',
        });
    }
    if (!/^https?:/i.test(request.url) || !URL.canParse(request.url)) {
        throw new errors/* DeployError */.sH('AUTH_FAILED', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL of http(s).', {
            hint: 'GitHub sets this variable of the environment: leave it as it is, in `env:` and in earlier steps.',
        });
    }
    const url = new URL(request.url);
    if (audience !== undefined)
        url.searchParams.set('audience', audience);
    runner.mask(request.token.reveal());
    try {
        return await send({
            what: WHAT,
            method: 'GET',
            url,
            headers: { accept: 'application/json', authorization: `Bearer ${request.token.reveal()}` },
            read: (answer) => {
                const value = (0,fields/* text */.Qq)((0,src_json/* fieldsOf */.Pf)((0,http_answer/* readJson */.Vh)(answer)).value, 'value');
                if (value === '')
                    throw new TypeError('"value" is missing');
                runner.mask(value);
                return new src_secret/* Secret */.z(value);
            },
            refuse: (answer) => new errors/* DeployError */.sH('API_REJECTED', `Could not ${WHAT}: HTTP ${answer.status}: ${(0,http_answer/* describeBody */.MP)(answer)}`, { details: (0,http_answer/* answerDetails */.ne)(answer) }),
        });
    }
    catch (cause) {
        if (!(cause instanceof errors/* DeployError */.sH) || PASSED_ON.includes(cause.code))
            throw cause;
        throw cause.with({
            code: 'AUTH_FAILED',
            hint: 'Run the job again; if it persists, check `oidc-audience` and https://www.githubstatus.com.',
        });
    }
}

// EXTERNAL MODULE: ./src/yandex/http/pages.ts
var pages = __nccwpck_require__(9598);
;// CONCATENATED MODULE: ./src/yandex/http/api.ts
/** Calls a service: finds its address, adds a token and an idempotency key, reads JSON and all pages. */




/** Largest page of the list methods: https://github.com/yandex-cloud/cloudapi (`page_size`, 0-1000). */
const PAGE_SIZE = '1000';
function createApi({ endpoints, tokens, ...deps }) {
    const api = {
        send: async ({ service, path, ...call }) => {
            const url = new URL(path, await endpoints(service));
            const sendWith = (token, { isChange }) => deps.send({
                ...call,
                isChange,
                url,
                headers: { ...call.headers, authorization: `Bearer ${token.reveal()}` },
                refuse: (answer) => new api_error/* ApiError */.h(answer, { what: call.what, service }),
            });
            const token = await tokens.get();
            try {
                return await sendWith(token, call);
            }
            catch (error) {
                if (!(error instanceof api_error/* ApiError */.h) || !error.refusesToken)
                    throw error;
                const renewed = await tokens.renew(token);
                if (!renewed)
                    throw error;
                // One of the tries with the first token may have had no answer.
                return sendWith(renewed, {});
            }
        },
        call: (request) => {
            const { service = 'serverless-functions', method = 'GET', query, body, ...rest } = request;
            const { path, read, mayHoldSecrets, ...intent } = rest;
            const search = new URLSearchParams(query).toString();
            return api.send({
                ...intent,
                service,
                method,
                path: search === '' ? path : `${path}?${search}`,
                headers: {
                    accept: 'application/json',
                    ...(body !== undefined && { 'content-type': 'application/json' }),
                    ...(method !== 'GET' && { 'idempotency-key': (0,external_node_crypto_.randomUUID)() }),
                },
                ...(method !== 'GET' && { isChange: true }),
                ...(body !== undefined && { body: [Buffer.from(JSON.stringify(body))] }),
                ...(!mayHoldSecrets && { isPublic: true }),
                read: (answer) => read((0,http_answer/* readJson */.Vh)(answer)),
            });
        },
        list: ({ field, read, ...request }) => (0,pages/* readPages */.n)(request.what, (pageToken) => api.call({
            ...request,
            query: { ...request.query, pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) },
            read: (json) => (0,pages/* readPage */.S)(json, { field, read }),
        })),
    };
    return api;
}

;// CONCATENATED MODULE: ./src/yandex/iam/token.ts
/** An IAM token: what it is, who keeps it, and how to read one from an answer. */



/** Tokens are valid for up to 12 hours; one whose expiry cannot be read is used for an hour. */
const FALLBACK_LIFETIME_MS = 3_600_000;
/** Reads the token and its expiry from `expiresAt` (RFC 3339) or `expires_in` (seconds), and masks it. */
function readIamToken(json, { field, deps }) {
    const { [field]: token, expires_in: expiresIn, expiresAt } = (0,src_json/* fieldsOf */.Pf)(json);
    const value = (0,fields/* text */.Qq)(token, field);
    if (value === '')
        throw new TypeError(`"${field}" is missing`);
    deps.mask(value);
    const lifetimeMs = typeof expiresIn === 'number'
        ? expiresIn * 1000
        : Date.parse((0,fields/* text */.Qq)(expiresAt, 'expiresAt')) - deps.clock.wallTime();
    return {
        token: new src_secret/* Secret */.z(value),
        expiresAtMs: deps.clock.now() + (Number.isNaN(lifetimeMs) ? FALLBACK_LIFETIME_MS : lifetimeMs),
    };
}

;// CONCATENATED MODULE: ./src/yandex/iam/federation.ts
/** An IAM token for an OIDC token of someone else, by workload identity federation. */




/**
 * Parameters from https://yandex.cloud/en/docs/iam/operations/wlif/setup-wlif. Throws DeployError AUTH_FAILED
 * with the issuer, subject and audience of the OIDC token in its details, never the token.
 */
async function exchangeFederatedToken({ serviceAccountId, exchangeUrl, subjectToken }, deps) {
    const token = await subjectToken(deps);
    const form = new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        audience: serviceAccountId,
        subject_token: token.reveal(),
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    });
    return deps.send({
        what: `exchange the OIDC token for an IAM token of the service account ${serviceAccountId}`,
        method: 'POST',
        url: exchangeUrl,
        headers: {
            'content-type': 'application/x-www-form-urlencoded',
            accept: 'application/json',
        },
        body: [Buffer.from(form.toString())],
        read: (answer) => readIamToken((0,http_answer/* readJson */.Vh)(answer), { field: 'access_token', deps }),
        refuse: (answer) => {
            const { iss, sub, aud } = decodeClaims(token);
            return new errors/* DeployError */.sH('AUTH_FAILED', `The exchange of the OIDC token for an IAM token of the service account ${serviceAccountId} was refused: HTTP ${answer.status}: ${(0,http_answer/* describeBody */.MP)(answer)}`, {
                topic: 'exchange-refused',
                details: {
                    iss: claimText(iss),
                    sub: claimText(sub),
                    aud: claimText(aud),
                    ...(0,http_answer/* answerDetails */.ne)(answer),
                },
            });
        },
    });
}
function decodeClaims(token) {
    try {
        const payload = token.reveal().split('.')[1] ?? '';
        return (0,src_json/* fieldsOf */.Pf)(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    }
    catch {
        return {};
    }
}
function claimText(claim) {
    if (typeof claim === 'string')
        return claim;
    return Array.isArray(claim) ? claim.map(String).join(', ') : '(none)';
}

;// CONCATENATED MODULE: ./src/yandex/iam/key.ts
/** An IAM token for a service account's authorized key: a signed JWT exchanged at IAM. */




/** The audience at the default root: https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa */
const JWT_AUDIENCE = 'https://iam.api.cloud.yandex.net/iam/v1/tokens';
/** The longest lifetime that IAM accepts, in seconds. */
const JWT_LIFETIME_SECONDS = 3600;
/** IAM refuses a JWT from the future, and the clock of a runner may be fast. */
const CLOCK_SKEW_SECONDS = 30;
/** Throws DeployError AUTH_FAILED when IAM refuses the key. */
async function exchangeKey(key, deps) {
    const { host } = await deps.endpoints('iam');
    try {
        return await exchange({ key, audience: JWT_AUDIENCE }, deps);
    }
    catch (error) {
        const audience = `https://${host}/iam/v1/tokens`;
        const isRefused = error instanceof api_error/* ApiError */.h && error.httpStatus < 429;
        if (!isRefused || audience === JWT_AUDIENCE)
            throw error;
        // Official SDKs disagree on the audience at other roots: some use the default one, some that of the root itself.
        try {
            return await exchange({ key, audience }, deps);
        }
        catch (second) {
            if (!(second instanceof api_error/* ApiError */.h))
                throw second;
            throw error.with({
                message: `${error.message}\nWith the audience ${audience}: ${second.message}`,
            });
        }
    }
}
async function exchange({ key, audience }, deps) {
    const jwt = signJwt(key, { audience, nowMs: deps.clock.wallTime() });
    deps.mask(jwt);
    const what = `exchange the key ${key.id} of the service account ${key.serviceAccountId} for an IAM token`;
    return deps.send({
        what,
        method: 'POST',
        url: new URL('/iam/v1/tokens', await deps.endpoints('iam')),
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: [Buffer.from(JSON.stringify({ jwt }))],
        read: (answer) => readIamToken((0,http_answer/* readJson */.Vh)(answer), { field: 'iamToken', deps }),
        refuse: (answer) => new api_error/* ApiError */.h(answer, { what, code: 'AUTH_FAILED', topic: 'key-refused' }),
    });
}
/** PS256 with a salt as long as the digest: IAM refuses a signature with Node's default salt. */
function signJwt(key, { audience, nowMs }) {
    const issuedAt = Math.floor(nowMs / 1000) - CLOCK_SKEW_SECONDS;
    const header = { typ: 'JWT', alg: 'PS256', kid: key.id };
    const claims = {
        iss: key.serviceAccountId,
        aud: audience,
        iat: issuedAt,
        exp: issuedAt + JWT_LIFETIME_SECONDS,
    };
    const content = [header, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
    const signature = (0,external_node_crypto_.sign)('sha256', Buffer.from(content), {
        key: key.privateKey,
        padding: external_node_crypto_.constants.RSA_PKCS1_PSS_PADDING,
        saltLength: external_node_crypto_.constants.RSA_PSS_SALTLEN_DIGEST,
    });
    return `${content}.${signature.toString('base64url')}`;
}

;// CONCATENATED MODULE: ./src/yandex/iam/metadata.ts
/** An IAM token of the service account of the Yandex Compute VM that this process runs on. */



const PATH = '/computeMetadata/v1/instance/service-accounts/default/token';
/** The metadata service is on the same host, so a slow answer means that there is none; limits as in the Go SDK. */
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY = { attemptMs: 5_000, totalMs: 5_000 };
/**
 * Documented in https://yandex.cloud/en/docs/compute/operations/vm-connect/auth-inside-vm. Throws DeployError
 * AUTH_FAILED when this is not a VM, or the VM has no service account.
 */
async function readMetadataToken(address, deps) {
    try {
        return await deps.send({
            what: 'read an IAM token from the metadata of the VM',
            method: 'GET',
            url: new URL(PATH, address),
            headers: { 'metadata-flavor': 'Google', accept: 'application/json' },
            direct: true,
            connectTimeoutMs: CONNECT_TIMEOUT_MS,
            retry: RETRY,
            read: (answer) => readIamToken((0,http_answer/* readJson */.Vh)(answer), { field: 'access_token', deps }),
            refuse: (answer) => new errors/* DeployError */.sH('AUTH_FAILED', `The metadata service at ${address.host} refused a token: HTTP ${answer.status}.`, {
                topic: answer.status === 404 ? 'no-service-account-on-vm' : 'no-metadata-service',
                details: (0,http_answer/* answerDetails */.ne)(answer),
            }),
        });
    }
    catch (cause) {
        if (!(cause instanceof errors/* DeployError */.sH) || cause.code !== 'API_UNREACHABLE')
            throw cause;
        throw cause.with({
            code: 'AUTH_FAILED',
            message: `The metadata service at ${address.host} did not answer: ${cause.message}`,
            topic: 'no-metadata-service',
        });
    }
}

;// CONCATENATED MODULE: ./src/yandex/iam/token-source.ts
/** Gets IAM tokens with a credential: a service account's key, an OIDC token or a VM's metadata. Renews them in time. */



const RENEW_BEFORE_MS = 60_000;
/** Throws DeployError AUTH_FAILED from `get` and `renew`. */
function createTokenSource(credentials, deps) {
    if (credentials.kind === 'token') {
        const { token } = credentials;
        return { get: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) };
    }
    let current;
    const start = () => {
        const started = issue(credentials, deps);
        // After a failure, the next call tries again.
        started.catch(() => {
            if (current === started)
                current = undefined;
        });
        return started;
    };
    const fresh = async (refused) => {
        const known = (current ??= start());
        const { token, expiresAtMs } = await known;
        const leftMs = expiresAtMs - deps.clock.now();
        if (refused ? token !== refused : leftMs > RENEW_BEFORE_MS)
            return token;
        // Several calls may find the same token stale; only the first of them renews it.
        if (current === known)
            current = start();
        try {
            return (await (current ??= start())).token;
        }
        catch (error) {
            // Renewal starts early: during an outage, a token that has not expired yet is still used.
            if (refused || expiresAtMs <= deps.clock.now())
                throw error;
            current ??= known;
            return token;
        }
    };
    return { get: () => fresh(), renew: fresh };
}
async function issue(credentials, deps) {
    switch (credentials.kind) {
        case 'key':
            return exchangeKey(credentials.key, deps);
        case 'federation':
            return exchangeFederatedToken(credentials, deps);
        case 'metadata':
            return readMetadataToken(credentials.address, deps);
    }
}

;// CONCATENATED MODULE: ./src/yandex/cloud.ts
/** A connection to the cloud: one set of addresses and tokens for all calls. */




/** Nothing is sent before the first call. */
function openCloud({ credentials, endpoint }, deps) {
    const send = (0,http/* createHttp */.V0)(deps);
    const endpoints = (0,http_endpoints/* createEndpoints */.Hf)(endpoint, { send });
    const tokens = createTokenSource(credentials, { ...deps, send, endpoints });
    return buildCloud({ send, endpoints, tokens }, deps);
}
function buildCloud(calls, deps) {
    return {
        ...deps,
        ...calls,
        api: createApi(calls),
        withSignal: (signal) => {
            const changed = { ...deps, signal };
            return buildCloud({ ...calls, send: (0,http/* createHttp */.V0)(changed) }, changed);
        },
    };
}

;// CONCATENATED MODULE: ./src/deploy/connect.ts
/** From the credential inputs to a connection: GitHub's part of signing in. */




/** Where a Yandex Compute VM has its metadata: https://yandex.cloud/en/docs/compute/concepts/vm-metadata */
const METADATA_ADDRESS = '169.254.169.254';
/**
 * Nothing is sent yet. Undefined when a dry run has nothing to sign in with, as in the pull request of a fork: secrets
 * arrive empty there, and the job gets no OIDC token.
 */
function connect({ credentials, endpoint, release }, deps) {
    const hasToken = credentials?.kind !== 'federation' || deps.runner.idTokenRequest !== undefined;
    if (!credentials || (release.isDryRun && !hasToken))
        return undefined;
    return openConnection({ credentials, endpoint }, deps);
}
/** Nothing is sent yet. Throws DeployError INPUT_INVALID for an address that is none. */
function openConnection({ credentials, endpoint }, deps) {
    const { runner } = deps;
    const end = new AbortController();
    const cloud = openCloud({ credentials: toCredentials(credentials, deps), endpoint }, {
        ...deps,
        signal: AbortSignal.any([deps.signal, end.signal]),
        mask: (value) => {
            runner.mask(value);
        },
    });
    return {
        cloud,
        close: () => {
            end.abort();
        },
    };
}
function toCredentials(credentials, { runner, metadataAddress }) {
    switch (credentials.kind) {
        case 'key':
        case 'token':
            return credentials;
        case 'federation':
            return {
                ...credentials,
                subjectToken: ({ send }) => readIdToken(credentials.audience, { runner, send }),
            };
        case 'metadata':
            return { kind: 'metadata', address: metadataUrl(metadataAddress) };
    }
}
function metadataUrl(given = '') {
    const address = given === '' ? METADATA_ADDRESS : given;
    const url = address.includes('://') ? address : `http://${address}`;
    if (URL.canParse(url))
        return new URL(url);
    throw new errors/* DeployError */.sH('INPUT_INVALID', `YC_METADATA_ADDR is ${(0,src_text/* quote */.hD)(address)}, not host[:port].`, { hint: 'Correct the environment variable, or leave it out for the usual address.' });
}

;// CONCATENATED MODULE: ./src/yandex/functions/build-log.ts
/** Reads the log of a failed build, if the error of the operation contains a link to it. */


/** Without the punctuation that follows it in a sentence. */
const LINK = /https?:\/\/[^\s"'<>\\)\]]*[^\s"'<>\\)\].,;:!?]/g;
/** A shorter query is not a key; masking it would hide unrelated text in the log. */
const MIN_SECRET_CHARACTERS = 16;
/**
 * Where build logs are, beside the Object Storage of the API in use: its other address, and other regions. A link to
 * any other host, such as one that a build wrote into its error, is not opened.
 */
const LOG_ORIGINS = [
    'https://storage.yandexcloud.net',
    'https://s3.yandexcloud.net',
    'https://storage.yandexcloud.kz',
];
/** How much of the end of a log is read, in bytes. */
const LOG_TAIL_BYTES = 256 * 1024;
/** The text of the log; undefined when there is no link or it cannot be read. Never throws. */
async function readBuildLog(status, { send, endpoints, mask }) {
    try {
        // Plain http or this machine is allowed only when the API itself is there.
        const { origin } = await endpoints('storage');
        const link = findLink(status, [origin, ...LOG_ORIGINS]);
        if (!link)
            return undefined;
        if (link.search.length > MIN_SECRET_CHARACTERS)
            mask(link.search.slice(1));
        return await send({
            what: 'read the build log',
            method: 'GET',
            url: link,
            // Without a token: the link itself gives access.
            headers: { accept: 'text/plain', range: `bytes=-${LOG_TAIL_BYTES}` },
            retry: { attemptMs: 10_000, totalMs: 2_000 },
            read: http_answer/* textOfBody */.dZ,
            refuse: (answer) => new api_error/* ApiError */.h(answer, { what: 'read the build log' }),
        });
    }
    catch {
        return undefined;
    }
}
/** No documented field contains the link, so the message and all details are searched. */
function findLink(status, origins) {
    const text = textsIn([status.message, status.details]).join('\n');
    return (text.match(LINK) ?? [])
        .filter((link) => URL.canParse(link))
        .map((link) => new URL(link))
        .filter(({ origin }) => origins.includes(origin))
        .find(({ pathname }) => /log|\.output$/i.test(pathname));
}
/** Every text in a value, in order; without recursion, since JSON may be nested deeper than the stack. */
function textsIn(value) {
    const texts = [];
    const rest = [value];
    while (rest.length > 0) {
        const next = rest.pop();
        if (typeof next === 'string')
            texts.push(next);
        else if (typeof next === 'object' && next !== null) {
            for (const item of Object.values(next).reverse())
                rest.push(item);
        }
    }
    return texts;
}

;// CONCATENATED MODULE: ./src/deploy/failure.ts
/** What else can be found out or done after a deployment failed: the build log, the cancellation. */








/** The runner kills a step 7.5 s after it was cancelled. */
const CANCEL_MS = 2_000;
/** The error to report in place of the one that was thrown, given how far the deployment came. */
async function explainFailure(thrown, deps) {
    if (!(thrown instanceof errors/* DeployError */.sH))
        return thrown;
    const { known, cloud } = deps;
    // What comes after the build tells itself what is true.
    if (known.version?.isReady === true || thrown.topic === 'not-exposed')
        return thrown;
    if (thrown.code === 'OPERATION_TIMEOUT') {
        const limit = (0,src_text/* formatSeconds */.Xo)(known.inputs.wait.timeoutSeconds);
        return thrown.with({ message: `${thrown.message}\n\`wait-timeout\` is ${limit}.` });
    }
    if (isForbidden(thrown, known))
        return forbidden(thrown, deps);
    if (!known.build) {
        return (0,http/* isUncertain */.cp)(thrown) || thrown instanceof http/* NothingDone */.w4 ? uncertain(thrown, known) : thrown;
    }
    const { operation, hides } = known.build;
    if (thrown.code === 'CANCELLED')
        return cancelled({ thrown, operation }, cloud);
    if (thrown instanceof OperationError)
        return withBuildLog(thrown, { cloud, hides });
    return thrown.with({
        message: `${thrown.message}\nThe build of the version was accepted and may still finish: look it up with \`yc operation get ${operation.id}\` before you deploy again.`,
        details: { 'operation id': operation.id, ...thrown.details },
    });
}
/** Whether the version itself is forbidden, rather than a look at its operation. */
function isForbidden(thrown, { code, build }) {
    if (thrown instanceof OperationError)
        return thrown.grpcCode === 'PERMISSION_DENIED';
    return code !== undefined && !build && thrown instanceof api_error/* ApiError */.h && thrown.httpStatus === 403;
}
/** The API does not say which role is missing, so all that the step needs are listed. */
function forbidden(thrown, { known, folderId }) {
    const roles = rolesOf(known.inputs, folderId);
    return thrown.with({
        hint: [
            'Yandex Cloud does not say which role is missing. This step needs these; a new role takes some seconds to take effect:',
            ...roles.map(({ role, who, command }) => `- \`${role}\` for ${who}: \`${command}\``),
        ].join('\n'),
    });
}
function uncertain(thrown, { function: target, code }) {
    if (!target) {
        return thrown.with({
            message: `${thrown.message}\nThe function may have been created or updated; no version was. It is safe to deploy again.`,
        });
    }
    const { id } = target.function;
    const details = { 'function id': id, ...thrown.details };
    if (!code || thrown instanceof http/* NothingDone */.w4) {
        const state = 'No version was created. It is safe to deploy again.';
        return thrown.with({ message: `${thrown.message}\n${state}`, details });
    }
    return thrown.with({
        message: `${thrown.message}\nThe request for a version of the function ${id} was under way: it may be building.`,
        hint: `See \`yc serverless function list-operations ${id}\` before you deploy again.`,
        details,
    });
}
/** The error of a run that was cancelled while an operation was under way, which is cancelled too. */
async function cancelled({ thrown, operation }, cloud) {
    const accepted = await cancelOperation(operation.id, cloud.withSignal(AbortSignal.timeout(CANCEL_MS)));
    const state = accepted
        ? 'Yandex Cloud accepted the cancellation; the version may still appear if the build was faster.'
        : 'Yandex Cloud did not confirm that it is cancelled: the build may go on, and its version become the latest one.';
    return thrown.with({
        message: `${thrown.message} The operation ${operation.id} was under way. ${state}`,
        hint: `Look it up with \`yc operation get ${operation.id}\` before you deploy again.`,
        details: { 'operation id': operation.id },
    });
}
/** The error of a failed build, with its log where that can be read; stars stand for `hides` in the log. */
async function withBuildLog(thrown, { cloud, hides }) {
    const log = await readBuildLog(thrown.status, cloud);
    if (log === undefined)
        return thrown;
    return thrown.with({ evidence: { kind: 'build log', text: (0,src_text/* withoutValues */.lO)(log, hides) } });
}

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __nccwpck_require__(8474);
;// CONCATENATED MODULE: ./src/source/zip/listing.ts
/** Lists the files of a zip that is far away, by its end and its central directory alone. */

/** A directory of 65 534 files, the most that a package can have, takes about that much. */
const listing_MAX_DIRECTORY_BYTES = 8 * 1024 ** 2;
/**
 * The size of the zip, and its files in the order of the zip. One part is read, and a second one only for what the first
 * has not got of the directory. Undefined when a part cannot be had, when the directory is larger than that of any
 * package, or when it is no zip of the plain form.
 */
async function listRemoteZip(read) {
    const tail = await read({ last: TAIL_BYTES });
    if (!tail)
        return undefined;
    const { sizeBytes } = tail;
    const bytes = Buffer.from(tail.bytes);
    const place = findDirectory(bytes, sizeBytes);
    if (typeof place === 'string' || place.length > listing_MAX_DIRECTORY_BYTES)
        return undefined;
    const end = place.start + place.length;
    let directory = bytes.subarray(Math.max(0, place.start - tail.start), end - tail.start);
    if (place.start < tail.start) {
        const to = Math.min(end, tail.start);
        const missing = await read({ from: place.start, to });
        // Another size, or a part that is not the one asked for: the zip has been replaced meanwhile, or is sent whole.
        if (missing?.sizeBytes !== sizeBytes || missing.bytes.length !== to - place.start) {
            return undefined;
        }
        directory = Buffer.concat([missing.bytes, directory]);
    }
    const entries = readDirectory(directory, place);
    if (typeof entries === 'string')
        return undefined;
    const files = entries
        .filter(({ isFolder }) => !isFolder)
        .map(({ file: { name, sizeBytes, crc32 } }) => ({ name, sizeBytes, crc32 }));
    return { sizeBytes, files };
}

;// CONCATENATED MODULE: ./src/deploy/read-live.ts
/** What is live of the function of a step: who holds its tags, who may call it, how far it scales, and its package. */











/** Undefined when it cannot be read, and the step does without. */
async function readLive(step, cloud) {
    const functionId = await existingId(step);
    if (functionId === undefined)
        return new Map();
    try {
        return await readHolders({ functionId, tags: tagsInvolved(step) }, cloud);
    }
    catch (error) {
        if (needsPlan(step) || !isUnreadable(error))
            throw error;
        cloud.log(`What is live could not be read, so nothing is compared: ${error.message}`);
        return undefined;
    }
}
/** Who holds each of the tags, and {@link LATEST}; all are asked for side by side. */
async function readHolders({ functionId, tags }, cloud) {
    const found = await Promise.all([LATEST, ...tags].map(async (tag) => {
        const version = await getVersionByTag({ functionId, tag }, cloud);
        return version ? [[tag, version]] : [];
    }));
    return new Map(found.flat());
}
/** Whether the step acts by what is live. */
function needsPlan({ release, exposure }) {
    const { isDryRun, skipUnchanged, reuseCode, check, previousTag } = release;
    const { isPublic, scaling } = exposure;
    const others = [check, previousTag, isPublic, scaling];
    return isDryRun || skipUnchanged || reuseCode || others.some((input) => input !== undefined);
}
/** An account that deploys may have no right to look, and an answer may have a shape of the future. */
function isUnreadable(error) {
    if (error instanceof api_error/* ApiError */.h)
        return error.httpStatus === 403;
    return error instanceof errors/* DeployError */.sH && error.code === 'API_UNEXPECTED';
}
/** As far as the step asks about it, side by side. */
async function readLiveExposure(step, cloud) {
    const functionId = await existingId(step);
    if (functionId === undefined)
        return UNEXPOSED;
    const { isPublic, scaling } = step.exposure;
    try {
        const [bindings, policies] = await Promise.all([
            isPublic === undefined ? UNEXPOSED.bindings : listAccessBindings(functionId, cloud),
            scaling ? listScalingPolicies(functionId, cloud) : UNEXPOSED.policies,
        ]);
        return { bindings, policies };
    }
    catch (error) {
        // A function that is not there is told by the look-up, which knows what to do about it.
        await step.finding;
        throw error;
    }
}
/** A function that is given by its id need not be found first; undefined for one that is to be created. */
async function existingId(step) {
    const { target } = step.function;
    return target.kind === 'id' ? target.functionId : (await step.finding).function?.id;
}
/**
 * The package that is live, if the bucket still has it. Undefined otherwise: a plan can do without, so trouble with the
 * bucket is only logged.
 */
async function readLivePackage({ delivery, live }, cloud) {
    const sha256 = readFingerprint(live.description)?.sha256;
    if (delivery.kind !== 'bucket' || sha256 === undefined)
        return undefined;
    const key = packageKey({ delivery, functionId: live.functionId, sha256 });
    try {
        return await listRemoteZip((range) => readObject({ bucket: delivery.bucket, key, range }, cloud));
    }
    catch (error) {
        if (!(error instanceof errors/* DeployError */.sH) || error.code === 'CANCELLED')
            throw error;
        cloud.log(`The live package cannot be compared file by file: ${error.message}`);
        return undefined;
    }
}

;// CONCATENATED MODULE: ./src/deploy/runtime.ts
/** Whether the cloud has the runtime of a step, found out before anything is created. */




/**
 * Runtimes that are documented as no longer supported: https://yandex.cloud/en/docs/functions/concepts/runtime/
 * The list of the API does not tell them apart, and need not have them.
 */
const UNSUPPORTED = [
    ...['nodejs10', 'nodejs12', 'nodejs14', 'nodejs16', 'nodejs18'],
    ...['python37', 'python38', 'python39', 'python311', 'php74', 'php8'],
    ...['golang116', 'golang117', 'golang118', 'golang119', 'golang121'],
    ...['java11', 'java17', 'dotnetcore31', 'dotnet6', 'r42', 'bash'],
];
/** Resolves to what there is to say; throws DeployError INPUT_INVALID for a runtime that the cloud does not have. */
async function checkRuntime(runtime, cloud) {
    const listed = await listRuntimes(cloud).catch(() => []);
    const supported = listed.filter((one) => !UNSUPPORTED.includes(one));
    const near = didYouMean(runtime.toLowerCase(), supported);
    if (UNSUPPORTED.includes(runtime)) {
        return [`\`runtime\`: Yandex Cloud no longer supports ${(0,src_text/* quote */.hD)(runtime)}.${near}`];
    }
    // A list that cannot be read says nothing about the runtime.
    if (supported.length === 0 || listed.includes(runtime))
        return [];
    throw new errors/* DeployError */.sH('INPUT_INVALID', `\`runtime\`: Yandex Cloud has no runtime ${(0,src_text/* quote */.hD)(runtime)}.${near === '' ? ` It has ${supported.map(src_text/* quote */.hD).join(', ')}.` : near}`, {
        inputs: ['runtime'],
        topic: 'runtime-unknown',
        hint: 'Correct `runtime`; `yc serverless function runtime list` prints what there is.',
    });
}

;// CONCATENATED MODULE: ./src/deploy/prepare.ts
/** Everything that a deployment reads before it changes the cloud, side by side. */











/** Throws DeployError for the first read that fails, and as soon as the run is cancelled. */
async function prepare(inputs, deps) {
    const { cloud } = deps;
    const { settings, function: wanted } = inputs;
    const finding = findTarget(wanted, cloud);
    const step = { ...inputs, finding };
    const reading = readLive(step, cloud);
    const folder = async () => wanted.folderId ?? (await finding).folderId;
    const [target, holders, exposure, [names, warnings], code, livePackage] = await Promise.all([
        finding,
        reading,
        readLiveExposure(step, cloud),
        together([resolveNames({ settings, folder }, cloud), checkRuntime(settings.runtime, cloud)]),
        prepareCode(step, deps),
        // The live package is looked into beside the packing, though it may turn out to be the same.
        reading.then((holders) => {
            const live = holders?.get(settings.tags[0] ?? LATEST);
            return live && readLivePackage({ delivery: inputs.code.delivery, live }, cloud);
        }),
    ]);
    // A list of runtimes that cannot be read is no trouble, not even when it is not awaited.
    cloud.signal.throwIfAborted();
    const asked = {
        function: wanted,
        code: code.kind === 'version' ? code : packageOf(code.packed),
        spec: versionSpec({ settings, names }),
        tags: settings.tags,
        exposure: inputs.exposure,
    };
    const plan = holders
        ? withReleaseTags(planDeployment(asked, { ...target, holders, livePackage, exposure }), {
            inputs,
            holders,
        })
        : planUncompared(asked, { why: 'what is live could not be read' });
    return { target, names, warnings, code, plan, latest: holders?.get(LATEST) };
}
/** The package, checked, and a plan that compares it with nothing. */
async function prepareAlone({ code: { source, delivery }, settings }, { context, signal }) {
    const { tags } = settings;
    const why = 'there are no credentials';
    if (source.kind === 'version') {
        const code = { ...source, sha256: undefined };
        return { packed: undefined, plan: planUncompared({ code, tags }, { why }) };
    }
    const packed = await raceAbort(packCode({ source, delivery, settings }, context), signal);
    return { packed, plan: planUncompared({ code: packageOf(packed), tags }, { why }) };
}
function packageOf({ archive: { sha256, sizeBytes, entries } }) {
    return { kind: 'package', sha256, sizeBytes, files: entries };
}
async function prepareCode({ code: { source, delivery }, settings, finding }, { cloud, context }) {
    if (source.kind === 'version')
        return readSourceVersion(source.versionId, cloud);
    const packing = raceAbort(packCode({ source, delivery, settings }, context), cloud.signal);
    if (delivery.kind === 'inline')
        return { ...delivery, packed: await packing };
    const [packed, target] = await Promise.all([packing, finding]);
    return { ...delivery, packed, stored: await findStored({ delivery, packed, target }, cloud) };
}
/** Packing cannot be aborted: when the run is cancelled, it is no longer waited for. */
async function raceAbort(work, signal) {
    // A listener that stays would keep the package in memory.
    const settled = new AbortController();
    const aborted = (0,external_node_events_.once)(signal, 'abort', { signal: settled.signal }).then(() => {
        throw signal.reason;
    });
    try {
        return await Promise.race([work, aborted]);
    }
    finally {
        settled.abort();
    }
}

;// CONCATENATED MODULE: ./src/deploy/progress.ts
/** What becomes true in the course of a run: remembered for later steps, and reported as it happens. */
/** The facts of a deployment, unless another action names its own. */
class Progress {
    // That nothing is known is right for any facts, which the compiler does not see.
    #known = {};
    #tell;
    constructor(tell) {
        this.#tell = tell;
    }
    /** What is true so far. */
    get known() {
        return this.#known;
    }
    /** Remembers and reports a fact; gives it back. */
    record(name, value) {
        this.#known = { ...this.#known, [name]: value };
        this.#tell({ name, value });
        return value;
    }
    /** Forgets what has come to nothing and is done in another way. */
    forget(...names) {
        const nothing = names.map((name) => [name, undefined]);
        this.#known = { ...this.#known, ...Object.fromEntries(nothing) };
    }
}

;// CONCATENATED MODULE: ./src/inputs/values.ts
/** Parsers of single values: text in, typed value out, no I/O. Each throws a {@link ValueError} that names the accepted form. */


/** The text does not have the accepted form; the message continues the sentence "`input` …" and never contains a secret. */
class ValueError extends Error {
    name = 'ValueError';
}
/** In bytes. */
const MIB = 1024 ** 2;
/** In bytes. */
const GIB = 1024 ** 3;
const BYTE_UNITS = { '': 1, k: 1024, m: MIB, g: GIB };
const SECOND_UNITS = { '': 1, s: 1, m: 60, h: 3600 };
/** `128Mb`, `256MB`, `1 GiB`, `1gb` or plain bytes, in powers of 1024; gives bytes. */
function parseBytes(text) {
    const form = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b)?|b?)$/i;
    const [, amount, unit = ''] = form.exec(text.trim()) ?? [];
    const bytes = Number(amount) * (BYTE_UNITS[unit.toLowerCase()] ?? NaN);
    if (Number.isSafeInteger(bytes))
        return bytes;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is not a size: write 128Mb, 256MB, 1 GiB, 1gb or a number of bytes`);
}
/**
 * A size as in {@link parseBytes} that is a multiple of `stepBytes`, from one step to `maxBytes`; the error names the
 * nearest of them.
 */
function parseSteppedBytes(text, { stepBytes, maxBytes }) {
    const bytes = parseBytes(text);
    if (bytes >= stepBytes && bytes <= maxBytes && bytes % stepBytes === 0)
        return bytes;
    const unitBytes = stepBytes % GIB === 0 ? GIB : MIB;
    const write = (size) => `${size / unitBytes}${unitBytes === GIB ? 'GB' : 'Mb'}`;
    // A bare number is a number of bytes, but "128" almost certainly means megabytes.
    const isBare = /^\d+$/.test(text) && bytes < MIB;
    const steps = (isBare ? bytes * unitBytes : bytes) / stepBytes;
    const near = [Math.floor(steps), Math.ceil(steps)].map((step) => write(Math.min(Math.max(step * stepBytes, stepBytes), maxBytes)));
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}${isBare ? `, which is ${bytes} bytes` : ''}; write ${[...new Set(near)].join(' or ')} (multiples of ${write(stepBytes)} up to ${write(maxBytes)} are allowed)`);
}
/** `5` (seconds), `90s`, `10m` or `1h`; gives seconds. */
function parseSeconds(text) {
    const [, amount, unit = ''] = /^(\d+)\s*([smh]?)$/.exec(text.trim()) ?? [];
    const seconds = Number(amount) * (SECOND_UNITS[unit] ?? NaN);
    if (Number.isSafeInteger(seconds))
        return seconds;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is not a duration: write seconds as 5, or 90s, 10m, 1h`);
}
/** A duration as in {@link parseSeconds}, of an hour at most. */
function parseTimeout(text) {
    const seconds = parseSeconds(text);
    if (seconds >= 1 && seconds <= 3600)
        return seconds;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write a duration from 1s to 1h`);
}
/** `true` or `false` in the spellings of the YAML 1.2 core schema. */
function parseBoolean(text) {
    if (['true', 'True', 'TRUE'].includes(text))
        return true;
    if (['false', 'False', 'FALSE'].includes(text))
        return false;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write true or false`);
}
/** A whole number within inclusive bounds. */
function parseInteger(text, bounds) {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= bounds.min && number <= bounds.max)
        return number;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write a whole number from ${bounds.min} to ${bounds.max}`);
}
/** The id of a cloud resource. */
function parseId(text) {
    if ((0,src_text/* isId */.eQ)(text) && !(0,src_text/* looksLikeName */.FP)(text))
        return text;
    const what = (0,src_text/* isId */.eQ)(text) ? 'a name, not an id' : 'not an id';
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is ${what} such as b1g0123456789abcdefg`);
}
/** https://github.com/yandex-cloud/cloudapi (function_service.proto: CreateFunctionRequest, CreateFunctionVersionRequest) */
const MAX_DESCRIPTION = 600;
/** A description of a function or a version. */
function parseDescription(text) {
    const { length } = Array.from(text);
    if (length <= MAX_DESCRIPTION)
        return text;
    throw new ValueError(`has ${length} characters; at most ${MAX_DESCRIPTION} are allowed`);
}
/** The name of a bucket: https://yandex.cloud/en/docs/storage/concepts/bucket#naming */
function parseBucket(text) {
    if (/^[-.0-9a-zA-Z]{3,63}$/.test(text))
        return text;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; a bucket's name has 3 to 63 letters, digits, dots and hyphens`);
}
/** One item per line, trimmed, with its number from 1; blank lines and lines that start with `#` are skipped. */
function parseLines(text) {
    return text
        .split(/\r?\n/)
        .map((line, index) => ({ number: index + 1, text: line.trim() }))
        .filter((line) => line.text !== '' && !line.text.startsWith('#'));
}
/**
 * `KEY=value` lines: the value is everything after the first `=`, trimmed and otherwise literal. After `KEY<<END`, the
 * value is the following lines, unchanged, up to a line `END`. Adds each fault to `problems`, without values that may be secret.
 */
function parsePairs(text, problems) {
    const lines = text.split(/\r?\n/);
    const pairs = [];
    for (let index = 0; index < lines.length; index++) {
        const line = lines[index]?.trim() ?? '';
        const number = index + 1;
        if (line === '' || line.startsWith('#'))
            continue;
        const [, blockKey, word = ''] = /^([^=<]+)<<(\S+)$/.exec(line) ?? [];
        if (blockKey !== undefined) {
            const end = lines.indexOf(word, index + 1);
            if (end === -1) {
                problems.push(`line ${number}: the block that starts here has no end: write the word after \`<<\` alone on a line below`);
                break;
            }
            const value = lines.slice(index + 1, end).join('\n');
            pairs.push({ line: number, key: blockKey.trim(), value });
            index = end;
            continue;
        }
        const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
        const mapping = /^([a-z_]\w*): +(.*)$/i.exec(line);
        if (key === undefined || mapping) {
            const example = line.startsWith('{') ? 'KEY=value lines, not JSON' : exampleOf(mapping);
            problems.push(`line ${number}: no \`=\` after a key; write ${example}`);
            continue;
        }
        pairs.push({ line: number, key: key.trim(), value: value.trim() });
    }
    return pairs;
}
/** What to write instead of a YAML mapping; shows its parts only if they are very unlikely to be a secret. */
function exampleOf(mapping) {
    const [, key = '', value = ''] = mapping ?? [];
    if (!/^[A-Z_\d]+$/.test(key))
        return 'KEY=value';
    const isShown = /^([a-z]{1,8}|\d{1,5})$/i.test(value) && !/pass|secret|token|key|pwd/i.test(key);
    return `\`${key}=${isShown ? value : '<value>'}\``;
}
/** A token of any kind, which goes into a header. Throws ValueError, which never quotes it. */
function parseSecret(text) {
    if (/^[\x21-\x7e]+$/.test(text))
        return new src_secret/* Secret */.z(text);
    throw new ValueError('contains spaces, line breaks or other characters that a token cannot contain');
}

;// CONCATENATED MODULE: ./src/inputs/key.ts
/** Reads an authorized key of a service account and repairs what secret stores do to it. */



const HOW = 'use the whole JSON file that `yc iam key create -o key.json` writes';
/** The last group is missing if the end does not match the beginning. */
const PEM = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----([\s\S]*?)-----END( \1PRIVATE KEY-----)?/;
/** Throws ValueError, whose message never contains a part of the key. */
function parseServiceAccountKey(text) {
    const json = parseJson(text);
    // `POST /iam/v1/keys` answers with nested fields in camelCase; the file has flat ones in snake_case.
    const key = (0,src_json/* asObject */.eB)(json.key) ?? json;
    const id = field(key, ['id']);
    const serviceAccountId = field(key, ['service_account_id', 'serviceAccountId']);
    const pem = field(json, ['private_key', 'privateKey']) ?? field(key, ['private_key', 'privateKey']);
    if (id === undefined || serviceAccountId === undefined || pem === undefined) {
        const missing = [
            id === undefined && 'id',
            serviceAccountId === undefined && 'service_account_id',
            pem === undefined && 'private_key',
        ].filter((name) => name !== false);
        const ofUser = field(key, ['user_account_id', 'userAccountId']) !== undefined;
        throw new ValueError(ofUser
            ? 'is a key of a user account, which cannot sign in: create one for a service account'
            : `is JSON without ${missing.join(', ')}: ${HOW}`);
    }
    return { id, serviceAccountId, privateKey: readPem(pem) };
}
/** The parts of a key that must not be printed: the lines of the private key. */
function secretsOfKey(text) {
    const body = PEM.exec(unwrap(text))?.[2] ?? '';
    // Masking short pieces would hide unrelated text in the log.
    return [...new Set(body.split(/\\[nr]|\s/))].filter((line) => line.length >= 16);
}
/** The JSON of a file that was stored in quotes or as base64. */
function unwrap(text) {
    const given = text.trim();
    const string = (0,src_json/* tryParse */.x6)(given);
    if (typeof string === 'string')
        return string;
    const quoted = /^(["'`])(\{[^]*\})\1$/.exec(given)?.[2];
    if (quoted !== undefined)
        return quoted;
    if (!/^[\w+/=\s-]+$/.test(given))
        return given;
    const decoded = Buffer.from(given, 'base64').toString().trim();
    return decoded.startsWith('{') ? decoded : given;
}
function parseJson(text) {
    // The parser's error is dropped, because it quotes the text.
    const inner = unwrap(text);
    const json = (0,src_json/* asObject */.eB)((0,src_json/* tryParse */.x6)(inner) ?? (0,src_json/* tryParse */.x6)(escapeNewlines(inner)));
    if (json)
        return json;
    throw new ValueError(text.includes('PRIVATE KEY')
        ? `contains a private key but is not JSON: ${HOW}, not only the PEM block`
        : `is not JSON: ${HOW}`);
}
/** Some stores turn the `\\n` inside strings into real line breaks. */
function escapeNewlines(text) {
    return text.replace(/"(?:[^"\\]|\\.)*"/gs, (string) => string.replaceAll('\r', '').replaceAll('\n', '\\n'));
}
function field(object, names) {
    const value = names.map((name) => object[name]).find((value) => value !== undefined);
    return typeof value === 'string' && value !== '' ? value : undefined;
}
function readPem(pem) {
    const [, type, text, end] = PEM.exec(pem) ?? [];
    if (type === undefined || text === undefined || end === undefined) {
        throw new ValueError(`has a private_key that is not a whole PEM block: ${HOW}`);
    }
    if (type.includes('ENCRYPTED')) {
        throw new ValueError(`has an encrypted private_key, which cannot sign: ${HOW}`);
    }
    // Line breaks may have become `\n` in two characters, spaces, or indented lines.
    const body = text.replace(/\\[nr]|\s/g, '');
    const lines = body.match(/.{1,64}/g) ?? [];
    const label = `${type}PRIVATE KEY`;
    try {
        const key = (0,external_node_crypto_.createPrivateKey)([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'));
        if (key.asymmetricKeyType === 'rsa')
            return key;
    }
    catch {
        throw new ValueError(`has a private_key that is damaged: ${HOW}`);
    }
    throw new ValueError('has a private_key that is not RSA, the only type that IAM accepts');
}

;// CONCATENATED MODULE: ./src/inputs/url.ts
/** Parsers of URLs. */



/** An `https://` URL, or `http://` to this machine. Throws ValueError. */
function parseUrl(text) {
    // Checked first, because a password must not be quoted.
    if (text.includes('@')) {
        throw new ValueError('contains an @: a user name or a password in a URL is not supported');
    }
    if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is not an https:// URL`);
    }
    const url = new URL(text);
    if (url.protocol === 'http:' && !(0,http_endpoints/* isLoopback */.U9)(url.hostname)) {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; http:// is accepted only for a loopback address, because a token would be sent unencrypted`);
    }
    return url;
}
/** Root of an API as `host:port`, `https://host` or, on this machine, `http://host:port`. Throws ValueError. */
function parseEndpoint(text) {
    const url = parseUrl(text.includes('://') ? text : `https://${text}`);
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write host:port without a path`);
    }
    return url;
}

;// CONCATENATED MODULE: ./src/inputs/credentials.ts
/** Inputs that authenticate the deployment: exactly one kind of credential. */




const credentials_KINDS = [
    'yc-sa-json-credentials',
    'yc-iam-token',
    'yc-sa-id',
    'yc-instance-metadata',
];
const DEFAULT_EXCHANGE_URL = 'https://auth.yandex.cloud/oauth/token';
/** Hides the given credentials from everything printed later; to be called before anything is. */
function maskCredentials(raw, runner) {
    for (const secret of secretsOfKey(raw['yc-sa-json-credentials'] ?? ''))
        runner.mask(secret);
    for (const name of ['yc-iam-token', 'github-token']) {
        const token = raw[name]?.trim();
        if (token)
            runner.mask(token);
    }
}
/** Undefined when none is given, which is a problem unless it may be, or when what is given cannot be read. */
function readCredentials(reader, { isOptional }) {
    const useMetadata = reader.boolean('yc-instance-metadata');
    const key = reader.parse('yc-sa-json-credentials', parseServiceAccountKey);
    const token = reader.parse('yc-iam-token', parseToken);
    const serviceAccountId = reader.parse('yc-sa-id', parseServiceAccountId);
    const audience = reader.text('oidc-audience');
    const exchangeUrl = reader.parse('token-exchange-url', parseUrl) ?? new URL(DEFAULT_EXCHANGE_URL);
    const given = credentials_KINDS.filter((name) => name === 'yc-instance-metadata' ? useMetadata : reader.text(name) !== undefined);
    if (given.length === 0 && isOptional)
        return undefined;
    if (given.length === 0) {
        reader.problemOf(credentials_KINDS, `no credential: set one of ${(0,src_text/* listNames */.Zv)(credentials_KINDS)} (a secret that is not set arrives empty, as in pull requests from forks)`);
    }
    if (given.length > 1) {
        reader.problemOf(credentials_KINDS, `${(0,src_text/* listNames */.Zv)(given)} cannot be combined: set one`);
    }
    if (audience !== undefined && reader.text('yc-sa-id') === undefined) {
        reader.absence(['oidc-audience'], '`oidc-audience` has no effect without `yc-sa-id`');
    }
    if (key)
        return { kind: 'key', key };
    if (token)
        return { kind: 'token', token };
    if (serviceAccountId !== undefined) {
        return { kind: 'federation', serviceAccountId, audience, exchangeUrl };
    }
    return useMetadata ? { kind: 'metadata' } : undefined;
}
/** Never quotes an invalid value: it may be a key or a token in the wrong input. */
function parseServiceAccountId(text) {
    if ((0,src_text/* isId */.eQ)(text) && !(0,src_text/* looksLikeName */.FP)(text))
        return text;
    throw new ValueError('is not the id of a service account, such as aje00000000000000000; `yc iam service-account list` prints names and ids');
}
/** Credentials that are not IAM tokens: https://yandex.cloud/en/docs/iam/concepts/authorization */
const OTHER_CREDENTIALS = [
    [/^y[0-3]_/, 'is an OAuth token, not an IAM token: use the output of `yc iam create-token`'],
    [/^AQVN/, 'is an API key, not an IAM token: use the output of `yc iam create-token`'],
    [/^\{/, 'is JSON, not an IAM token: put an authorized key into `yc-sa-json-credentials`'],
];
/** The format of a token may change: rejects only other known credentials and characters that a header cannot contain. */
function parseToken(text) {
    const other = OTHER_CREDENTIALS.find(([pattern]) => pattern.test(text));
    if (other)
        throw new ValueError(other[1]);
    return parseSecret(text);
}

;// CONCATENATED MODULE: ./src/inputs/code.ts
/** Inputs that choose the code of the version and how it is uploaded. */


/** The default of `source-root` and `include`. */
const HERE = '.';
function readCode(reader) {
    const path = reader.text('package');
    const versionId = reader.parse('source-version-id', parseId);
    const bucket = reader.parse('bucket', parseBucket);
    const prefix = reader.parse('bucket-prefix', parsePrefix);
    const chosen = reader.atMostOne(['package', 'source-version-id']);
    if (chosen !== undefined) {
        for (const name of ['source-root', 'include', 'exclude']) {
            if ((reader.text(name) ?? HERE) !== HERE) {
                reader.problem(name, `has no effect with \`${chosen}\`: set one or the other`);
            }
        }
    }
    if (versionId !== undefined && bucket !== undefined) {
        reader.problem('bucket', 'has no effect with `source-version-id`, which sends no package');
    }
    if (reader.text('bucket-prefix') !== undefined && reader.text('bucket') === undefined) {
        reader.absence(['bucket-prefix'], '`bucket-prefix` has no effect without `bucket`');
    }
    return {
        source: readSource(reader, { path, versionId }),
        delivery: bucket === undefined ? { kind: 'inline' } : { kind: 'bucket', bucket, prefix: prefix ?? '' },
    };
}
// A key has at most 1024 bytes, of which an id of at most 50, a slash, a digest of 64 and `.zip` follow the prefix:
// https://yandex.cloud/en/docs/storage/concepts/object
const MAX_PREFIX_BYTES = 1024 - 50 - 1 - 64 - 4;
function parsePrefix(text) {
    const [forbidden] = /[:*?"<>|!]/.exec(text) ?? [];
    if (forbidden !== undefined) {
        throw new ValueError(`contains ${(0,src_text/* quote */.hD)(forbidden)}; the key of an object cannot contain : * ? " < > | !`);
    }
    if (text.split('/').some((part) => part === '.' || part === '..')) {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; no part of a prefix between slashes can be \`.\` or \`..\``);
    }
    if (Buffer.byteLength(text) <= MAX_PREFIX_BYTES)
        return text;
    throw new ValueError(`has ${Buffer.byteLength(text)} bytes; at most ${MAX_PREFIX_BYTES} are allowed`);
}
function readSource(reader, { path, versionId }) {
    if (path !== undefined)
        return { kind: 'package', path };
    if (versionId !== undefined)
        return { kind: 'version', versionId };
    return {
        kind: 'files',
        sourceRoot: reader.text('source-root') ?? HERE,
        include: reader.text('include') === undefined ? [HERE] : reader.list('include', asWritten),
        exclude: reader.list('exclude', asWritten),
    };
}
/** What is wrong with a pattern shows when files are selected. */
function asWritten(line) {
    return line;
}

;// CONCATENATED MODULE: ./src/inputs/reader.ts
/** Reads inputs one by one and collects every problem, so that all of them are reported at once. */




/** Why an input may be missing although the workflow sets it. */
const ARRIVES_EMPTY = '(a variable that is not set arrives empty)';
/** The inputs of a step; an empty or blank one is treated as not set. */
class InputReader {
    /** One sentence each, never with a secret. */
    problems = [];
    /** Inputs that have no effect, one sentence each; the step can continue. */
    warnings = [];
    #raw;
    /** The names of the inputs that have a problem. */
    #invalid = new Set();
    /** The problems that are about an input that is not set. */
    #absences = new Set();
    constructor(raw) {
        this.#raw = raw;
    }
    /** The trimmed text, or undefined if not set. */
    text(name) {
        const text = this.#raw[name]?.trim();
        return text === '' ? undefined : text;
    }
    /** As {@link text}; adds a problem if it is not set. */
    required(name) {
        const text = this.text(name);
        if (text === undefined)
            this.problem(name, `is required ${ARRIVES_EMPTY}`);
        return text;
    }
    /** The parsed value; undefined if it is not set, or invalid, which adds a problem. */
    parse(name, parser) {
        const text = this.text(name);
        return text === undefined ? undefined : this.#attempt(name, () => parser(text));
    }
    boolean(name) {
        return this.parse(name, parseBoolean);
    }
    /** Whether an input is true; if not, warns about others that have no effect then. */
    isOn(name, dependent) {
        const isOn = this.boolean(name) ?? false;
        const unused = dependent.filter((one) => this.text(one) !== undefined);
        if (!isOn && unused.length > 0) {
            const verb = unused.length === 1 ? 'has' : 'have';
            this.warnings.push(`${(0,src_text/* listNames */.Zv)(unused)} ${verb} no effect unless \`${name}\` is true`);
        }
        return isOn;
    }
    /** The parsed items of a list; adds a problem for each invalid line. */
    list(name, parser) {
        return parseLines(this.#raw[name] ?? '')
            .map(({ number, text }) => this.#attempt(name, () => parser(text), `line ${number} `))
            .filter((item) => item !== undefined);
    }
    /** The values of `KEY=value` lines; adds a problem for each invalid line, repeated key and pair that a check refuses. */
    pairs(name, ...checks) {
        const problems = [];
        const pairs = parsePairs(this.#raw[name] ?? '', problems);
        for (const problem of problems)
            this.problem(name, problem);
        const lineOf = new Map();
        for (const pair of pairs) {
            const { key, line } = pair;
            const first = lineOf.get(key);
            if (first !== undefined) {
                this.problem(name, `line ${line} repeats the key of line ${first}: keep one of them`);
            }
            lineOf.set(key, first ?? line);
            for (const check of checks)
                this.#attempt(name, () => check(pair), `line ${line} `);
        }
        return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
    }
    /** The first that is set of several inputs that cannot be combined; adds a problem if more than one is. */
    atMostOne(names) {
        const given = names.filter((name) => this.text(name) !== undefined);
        const [first, second] = given;
        if (first !== undefined && second !== undefined) {
            this.problemOf(given, `${(0,src_text/* listNames */.Zv)(given)} cannot be combined: set one`);
        }
        return first;
    }
    /** Adds a problem of an input; the message continues the sentence "`input` …". */
    problem(name, message) {
        this.problemOf([name], `\`${name}\` ${message}`);
    }
    /** Adds a problem of several inputs together; the message is a sentence of its own. */
    problemOf(names, message) {
        for (const name of names)
            this.#invalid.add(name);
        this.problems.push(message);
    }
    /** As {@link problemOf}, about an input that is not set though another one wants it. */
    absence(names, message) {
        this.#absences.add(message);
        this.problemOf(names, message);
    }
    /**
     * Gives the value, which is undefined only after a problem, and warnings of inputs without effect and of names that are
     * none of `known`. Without one of `vital` a run does more than was asked for, so a misspelt one is a problem. Absences
     * are warnings where they are allowed. Throws DeployError INPUT_INVALID with a line for each problem.
     */
    finish(value, { known, vital, allowsAbsences = false, }) {
        const unknown = unknownInputs(this.#raw, known);
        const names = unknown.map(({ message }) => message);
        const isSafe = !unknown.some(({ near, isOn }) => isOn && vital.some((name) => name === near));
        const absences = allowsAbsences ? this.#absences : new Set();
        const problems = this.problems.filter((problem) => !absences.has(problem));
        if (problems.length === 0 && isSafe && value !== undefined) {
            return { value, warnings: [...absences, ...this.warnings, ...names] };
        }
        throw reader_invalid([...problems, ...names], [...this.#invalid]);
    }
    #attempt(name, parse, where = '') {
        try {
            return parse();
        }
        catch (error) {
            if (!(error instanceof ValueError))
                throw error;
            this.problem(name, `${where}${error.message}`);
            return undefined;
        }
    }
}
/** The runner only warns about a misspelt input; this message suggests the right one. */
function unknownInputs(raw, known) {
    return Object.entries(raw)
        .filter(([name]) => !known.includes(name))
        .map(([name, value]) => {
        const spelt = name.replaceAll('_', '-');
        // Other actions have a prefix, as in `revision-memory`.
        const near = known.find((one) => spelt.endsWith(`-${one}`)) ?? nearest(spelt, known)[0];
        const suggestion = near === undefined ? '' : `; did you mean \`${near}\`?`;
        const message = `${(0,src_text/* quote */.hD)(name)} is not an input of this action${suggestion}`;
        return { message, near, isOn: !['', 'false'].includes(value.trim().toLowerCase()) };
    });
}
/** A single problem says itself what to write; for several, the hint leads to the list of inputs. */
function reader_invalid(problems, inputs) {
    if (problems.length === 1) {
        return new errors/* DeployError */.sH('INPUT_INVALID', problems.join(''), { hint: '', inputs });
    }
    const lines = problems.map((problem) => `- ${problem}`);
    return new errors/* DeployError */.sH('INPUT_INVALID', (0,src_text/* listProblems */.vz)(lines, 'inputs'), { inputs });
}

;// CONCATENATED MODULE: ./src/inputs/function.ts
/** Inputs that identify the function and set its description and labels. */



/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function_service.proto, CreateFunctionRequest) */
const MAX_LABELS = 64;
function readFunctionInputs(reader) {
    const { target, folderId } = readTarget(reader);
    const createIfMissing = reader.boolean('create-function') ?? true;
    return {
        target: target.kind === 'name' ? { ...target, createIfMissing } : target,
        /** Where names are looked up; undefined means the function's own folder. */
        folderId,
        description: reader.parse('function-description', parseDescription),
        labels: readLabels(reader),
    };
}
/** The function that a step names, with empty parts after a problem; `folderId` may be given beside an id. */
function readTarget(reader) {
    const folderId = reader.parse('folder-id', parseId);
    const functionId = reader.parse('function-id', parseId);
    const functionName = reader.parse('function-name', parseFunctionName);
    const chosen = reader.atMostOne(['function-id', 'function-name']);
    if (chosen === undefined) {
        reader.absence(['function-id', 'folder-id', 'function-name'], `no function: set \`function-id\`, or \`folder-id\` with \`function-name\` ${ARRIVES_EMPTY}`);
    }
    if (chosen === 'function-name' && reader.text('folder-id') === undefined) {
        reader.absence(['folder-id'], `\`folder-id\` is required with \`function-name\` ${ARRIVES_EMPTY}`);
    }
    if (functionName === undefined) {
        return { target: { kind: 'id', functionId: functionId ?? '' }, folderId };
    }
    return { target: { kind: 'name', folderId: folderId ?? '', functionName }, folderId };
}
function parseFunctionName(text) {
    if (/^[a-z][-a-z0-9]{1,61}[a-z0-9]$/.test(text))
        return text;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; a name has 3 to 63 lower-case letters, digits and hyphens, starts with a letter and does not end with a hyphen`);
}
function readLabels(reader) {
    const labels = reader.pairs('function-labels', checkLabel);
    const { length } = Object.keys(labels);
    if (length > MAX_LABELS) {
        reader.problem('function-labels', `has ${length} labels; at most ${MAX_LABELS} are allowed`);
    }
    return length === 0 ? undefined : labels;
}
function checkLabel({ key, value }) {
    if (/^[a-z][-_./\\@0-9a-z]{0,62}$/.test(key) && /^[-_./\\@0-9a-z]{0,63}$/.test(value))
        return;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(`${key}=${value}`)}; keys and values have at most 63 of a-z 0-9 - _ . / \\ @, and a key starts with a letter`);
}

;// CONCATENATED MODULE: ./src/inputs/names.ts
/** The names of all inputs and outputs, generated from action.yml by `npm run docs`. */
const INPUT_NAMES = [
    'yc-sa-json-credentials',
    'yc-iam-token',
    'yc-sa-id',
    'oidc-audience',
    'yc-instance-metadata',
    'function-id',
    'folder-id',
    'function-name',
    'create-function',
    'function-description',
    'function-labels',
    'source-root',
    'include',
    'exclude',
    'package',
    'source-version-id',
    'bucket',
    'bucket-prefix',
    'runtime',
    'entrypoint',
    'memory',
    'execution-timeout',
    'description',
    'environment',
    'secrets',
    'service-account',
    'service-account-name',
    'named-service-accounts',
    'network-id',
    'network-name',
    'tags',
    'concurrency',
    'tmpfs-size',
    'mounts',
    'ephemeral-disk',
    'logs-disabled',
    'logs-group-id',
    'logs-folder-id',
    'log-level',
    'async',
    'async-sa-id',
    'async-sa-name',
    'async-retries-count',
    'async-success-ymq-arn',
    'async-success-sa-id',
    'async-success-sa-name',
    'async-failure-ymq-arn',
    'async-failure-sa-id',
    'async-failure-sa-name',
    'metadata-gce',
    'metadata-aws-v1',
    'dry-run',
    'skip-unchanged',
    'reuse-code',
    'check',
    'check-tag',
    'check-query',
    'check-body',
    'check-raw',
    'check-status',
    'check-contains',
    'check-timeout',
    'check-attempts',
    'restore-latest',
    'previous-tag',
    'public',
    'provisioned-instances',
    'zone-instances-limit',
    'zone-requests-limit',
    'comment',
    'github-token',
    'wait',
    'wait-timeout',
    'api-endpoint',
    'token-exchange-url',
];

;// CONCATENATED MODULE: ./src/inputs/release/exposure.ts
/** Inputs that say who may call the function, and how far it scales. */


const SCALING_INPUTS = [
    ['provisioned-instances', 'provisionedInstancesCount'],
    ['zone-instances-limit', 'zoneInstancesLimit'],
    ['zone-requests-limit', 'zoneRequestsLimit'],
];
function readExposure(reader, { waitsUntilReady }) {
    const given = SCALING_INPUTS.filter(([name]) => reader.text(name) !== undefined);
    const counts = given.map(([name, field]) => [field, String(reader.parse(name, parseCount) ?? '')]);
    for (const [name] of waitsUntilReady ? [] : given) {
        reader.problem(name, 'cannot be combined with `wait: false`: a version gets its tags when it is ready, and a policy belongs to a tag');
    }
    return {
        isPublic: reader.boolean('public'),
        scaling: given.length > 0 ? Object.fromEntries(counts) : undefined,
    };
}
/** The API takes any int64 from 0: https://github.com/yandex-cloud/cloudapi (`SetScalingPolicyRequest`). */
function parseCount(text) {
    const count = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(count))
        return count;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write a whole number, such as 3; 0 removes the setting`);
}

;// CONCATENATED MODULE: ./src/inputs/references.ts
/** Inputs that name a resource by id or by name. */


/** Patterns of names: https://github.com/yandex-cloud/cloudapi (iam/v1/service_account.proto, vpc/v1/network.proto). */
const NAMES = {
    'service account': /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    network: /^[a-zA-Z]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/,
};
/** Reads one of two inputs, or both if `mayBeBoth` is set and they refer to the same resource; undefined if neither is set. */
function readReference(reader, inputs) {
    const { resource } = inputs;
    const id = reader.parse(inputs.id, (text) => {
        if (!(0,src_text/* isId */.eQ)(text) || !(0,src_text/* looksLikeName */.FP)(text))
            return parseId(text);
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is not the id of a ${resource}; for a name write \`${inputs.name}: ${text}\``);
    });
    const name = reader.parse(inputs.name, (text) => {
        if (NAMES[resource].test(text)) {
            return { kind: 'name', name: text, resource, input: inputs.name };
        }
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}, which is not the name of a ${resource}`);
    });
    if (!inputs.mayBeBoth)
        reader.atMostOne([inputs.id, inputs.name]);
    return id === undefined ? name : { kind: 'id', id, ...(name && { alias: name }) };
}

;// CONCATENATED MODULE: ./src/inputs/async.ts
/** Inputs about asynchronous calls of the function. */


const DEFAULT_RETRIES = 3;
/** 0 to 100: https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto) */
const RETRIES = { min: 0, max: 100 };
/** Inputs that need `async: true`; `async-retries-count` is not one of them, because its default is always set. */
const DEPENDENT = [
    'async-sa-id',
    'async-sa-name',
    'async-success-ymq-arn',
    'async-success-sa-id',
    'async-success-sa-name',
    'async-failure-ymq-arn',
    'async-failure-sa-id',
    'async-failure-sa-name',
];
/** Undefined unless `async` is true; the other inputs are not checked then. */
function readAsync(reader) {
    if (!reader.isOn('async', DEPENDENT))
        return undefined;
    return {
        retries: reader.parse('async-retries-count', (text) => parseInteger(text, RETRIES)) ?? DEFAULT_RETRIES,
        serviceAccount: readReference(reader, {
            id: 'async-sa-id',
            name: 'async-sa-name',
            resource: 'service account',
        }),
        success: async_readTarget(reader, 'async-success'),
        failure: async_readTarget(reader, 'async-failure'),
    };
}
function async_readTarget(reader, prefix) {
    const arn = `${prefix}-ymq-arn`;
    const id = `${prefix}-sa-id`;
    const name = `${prefix}-sa-name`;
    const queueArn = reader.text(arn);
    const serviceAccount = readReference(reader, { id, name, resource: 'service account' });
    const hasAccount = reader.text(id) !== undefined || reader.text(name) !== undefined;
    if (queueArn !== undefined && !hasAccount) {
        reader.absence([arn], `\`${arn}\` needs the account that writes to the queue: \`${id}\` or \`${name}\``);
    }
    if (queueArn === undefined && hasAccount) {
        reader.absence([arn], `\`${arn}\` is required with \`${id}\` or \`${name}\``);
    }
    return queueArn === undefined || serviceAccount === undefined
        ? undefined
        : { queueArn, serviceAccount };
}

;// CONCATENATED MODULE: ./src/inputs/environment.ts
/** Inputs that become environment variables of the function: plain ones and Lockbox secrets. */


/** Length of a value: function_service.proto; total: https://yandex.cloud/en/docs/functions/concepts/limits */
const LIMITS = { valueCharacters: 4096, totalBytes: 4096 };
/** https://yandex.cloud/en/docs/functions/concepts/runtime/environment-variables */
const RESERVED = [
    'AWS_LAMBDA_RUNTIME_API',
    'LAMBDA_RUNTIME_DIR',
    'LAMBDA_TASK_ROOT',
    'PATH',
    'LD_LIBRARY_PATH',
];
/** The variables by their names, and the secrets for others. */
function readEnvironment(reader) {
    const variables = reader.pairs('environment', checkKey, checkLength);
    const secrets = reader.list('secrets', parseSecretReference);
    const names = Object.keys(variables);
    for (const { environmentVariable } of secrets) {
        if (names.includes(environmentVariable)) {
            reader.problem('secrets', `sets ${(0,src_text/* quote */.hD)(environmentVariable)}, which is set already`);
        }
        names.push(environmentVariable);
    }
    const texts = [...names, ...Object.values(variables)];
    const totalBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (totalBytes > LIMITS.totalBytes) {
        reader.problem('environment', `is ${totalBytes} bytes, including its names and those of \`secrets\`; the limit is ${LIMITS.totalBytes}, and the values of the secrets count too`);
    }
    return { variables, secrets };
}
/** `ENV_VAR=<secret id or name>/<version id or latest>/<key>`. Throws ValueError. */
function parseSecretReference(line) {
    const match = /^([^=]+)=([^/]+)\/([^/]+)\/([^/]+)$/.exec(line) ?? [];
    const [environmentVariable, secret, version, key] = match.slice(1).map((part) => part.trim());
    if (!environmentVariable || !secret || !version || !key) {
        // Never quote the line: it may be the secret itself, pasted here by mistake.
        throw new ValueError('is not a reference to a Lockbox secret: write ENV_VAR=<secret id or name>/<version id or latest>/<key>');
    }
    checkName(environmentVariable);
    return { environmentVariable, secret, version, key };
}
function checkKey({ key }) {
    checkName(key);
}
function checkLength({ value: { length } }) {
    if (length <= LIMITS.valueCharacters)
        return;
    throw new ValueError(`has a value of ${length} characters; at most ${LIMITS.valueCharacters} are allowed`);
}
/** Never quotes an invalid name: it may be part of a secret, such as a line of a key that ends with `=`. */
function checkName(name) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) {
        throw new ValueError('does not start with a valid variable name: letters, digits and _, starting with a letter');
    }
    if (!RESERVED.includes(name))
        return;
    throw new ValueError(`sets ${name}, which the runtime sets itself and which cannot be overridden`);
}

;// CONCATENATED MODULE: ./src/inputs/mounts.ts
/** Inputs about the file system of the function: `/tmp` in memory, buckets, a disk. */


/** https://github.com/yandex-cloud/cloudapi (function_service.proto, `tmpfs_size`) and https://yandex.cloud/en/docs/functions/concepts/mounting */
const TMPFS = { minBytes: 512 * MIB, minMemoryBytes: 1024 * MIB, shareOfMemory: 3 / 4 };
const DISK = { stepBytes: GIB, maxBytes: 100 * GIB };
/** In KiB: https://yandex.cloud/en/docs/cli/cli-ref/serverless/cli-ref/function/version/create */
const BLOCK_SIZES = [4, 8, 16, 32, 64, 128];
function readFileSystem(reader, { memoryBytes }) {
    const tmpfsBytes = reader.parse('tmpfs-size', parseBytes);
    if (tmpfsBytes !== undefined && memoryBytes !== undefined) {
        checkTmpfs(reader, { tmpfsBytes, memoryBytes });
    }
    const buckets = reader.list('mounts', parseBucketMount);
    const disks = reader.list('ephemeral-disk', parseEphemeralDisk);
    if (disks.length > 1) {
        reader.problem('ephemeral-disk', 'has more than one line; one disk is allowed');
    }
    const names = [...buckets, ...disks].map(({ name }) => name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    for (const name of twice) {
        reader.problem('mounts', `use the name ${(0,src_text/* quote */.hD)(name)} more than once, \`ephemeral-disk\` included`);
    }
    return { tmpfsBytes, buckets, disk: disks[0] };
}
function checkTmpfs(reader, { tmpfsBytes, memoryBytes }) {
    const maxBytes = memoryBytes * TMPFS.shareOfMemory;
    const isEnough = memoryBytes >= TMPFS.minMemoryBytes;
    const isInRange = isEnough && tmpfsBytes >= TMPFS.minBytes && tmpfsBytes <= maxBytes;
    if (tmpfsBytes === 0 || isInRange)
        return;
    const memory = isEnough ? `here ${maxBytes / MIB}Mb` : 'which must be at least 1024Mb';
    reader.problem('tmpfs-size', `is ${tmpfsBytes} bytes; it must be 0, or from 512Mb to three quarters of \`memory\`, ${memory}`);
}
/** `<name>:<bucket>[/<prefix>][:ro]`. Throws ValueError. */
function parseBucketMount(line) {
    const form = /^([^:]+):([^:/]+)(?:\/([^:]+)?)?(:ro)?$/;
    const [, name, bucket, prefix, readOnly] = form.exec(line) ?? [];
    if (name === undefined || bucket === undefined) {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(line)}; write <name>:<bucket>[/<prefix>][:ro]`);
    }
    inPart({ line, part: 'name' }, () => parseName(name));
    inPart({ line, part: 'bucket' }, () => parseBucket(bucket));
    return { name, bucket, prefix, readOnly: readOnly !== undefined };
}
/** `<name>:<size>[:<block size>]`, sizes as in {@link parseBytes}. Throws ValueError. */
function parseEphemeralDisk(line) {
    const [, name, size, blockSize] = /^([^:]+):([^:]+)(?::([^:]+))?$/.exec(line) ?? [];
    if (name === undefined || size === undefined) {
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(line)}; write <name>:<size>[:<block size>], such as tmp:10GB`);
    }
    inPart({ line, part: 'name' }, () => parseName(name));
    return {
        name,
        sizeBytes: inPart({ line, part: 'size' }, () => parseSteppedBytes(size, DISK)),
        blockSizeBytes: blockSize === undefined
            ? undefined
            : inPart({ line, part: 'block size' }, () => parseBlockSize(blockSize)),
    };
}
function parseBlockSize(text) {
    const bytes = parseBytes(text);
    if (BLOCK_SIZES.includes(bytes / 1024))
        return bytes;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; it is one of ${BLOCK_SIZES.join('KB, ')}KB`);
}
/** Quotes the whole line in a message about a part of it, because authors search their workflow for the line. */
function inPart({ line, part }, parse) {
    try {
        return parse();
    }
    catch (cause) {
        if (!(cause instanceof ValueError))
            throw cause;
        throw new ValueError(`is ${(0,src_text/* quote */.hD)(line)}: its ${part} ${cause.message}`, { cause });
    }
}
function parseName(name) {
    if (/^[-_0-9a-zA-Z]{1,100}$/.test(name))
        return name;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(name)}; a mount's name has 1 to 100 letters, digits, - and _`);
}

;// CONCATENATED MODULE: ./src/inputs/version.ts
/** Inputs that become the fields of a version. */






/** From the least to the most severe. */
const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const DEFAULT_MEMORY_BYTES = 128 * MIB;
const DEFAULT_TIMEOUT_SECONDS = 5;
/** https://github.com/yandex-cloud/cloudapi (serverless/functions/v1/function.proto, function_service.proto) */
const version_LIMITS = {
    memory: { stepBytes: 128 * MIB, maxBytes: 8192 * MIB },
    concurrency: { min: 0, max: 16 },
};
/** Of one function: https://yandex.cloud/en/docs/functions/concepts/limits */
const MAX_TAGS = 10;
/** Reads them all, and adds a problem or a warning for each that does not go together with the others. */
function readSettings(reader, { defaultDescription }) {
    const memoryBytes = reader.text('memory') === undefined
        ? DEFAULT_MEMORY_BYTES
        : reader.parse('memory', (text) => parseSteppedBytes(text, version_LIMITS.memory));
    const settings = {
        runtime: reader.required('runtime') ?? '',
        // The service looks the name up as it is written, and no file of a package begins with `./`.
        entrypoint: (reader.required('entrypoint') ?? '').replace(/^(?:\.\/)+/, ''),
        memoryBytes: memoryBytes ?? DEFAULT_MEMORY_BYTES,
        timeoutSeconds: reader.parse('execution-timeout', parseTimeout) ?? DEFAULT_TIMEOUT_SECONDS,
        description: reader.parse('description', parseDescription) ?? defaultDescription,
        /** Whether the author wrote it. */
        hasOwnDescription: reader.text('description') !== undefined,
        environment: readEnvironment(reader),
        serviceAccount: readReference(reader, {
            id: 'service-account',
            name: 'service-account-name',
            resource: 'service account',
            // As in the action that most workflows come from, where the id wins.
            mayBeBoth: true,
        }),
        /** Alias to id. */
        namedServiceAccounts: reader.pairs('named-service-accounts', checkNamedAccount),
        network: readReference(reader, { id: 'network-id', name: 'network-name', resource: 'network' }),
        tags: readTags(reader),
        concurrency: reader.parse('concurrency', (text) => parseInteger(text, version_LIMITS.concurrency)),
        fileSystem: readFileSystem(reader, { memoryBytes }),
        logs: readLogs(reader),
        asyncInvocation: readAsync(reader),
        /** Whether the function can access the metadata service, by protocol. */
        metadata: { gce: reader.boolean('metadata-gce'), awsV1: reader.boolean('metadata-aws-v1') },
    };
    const account = reader.text('service-account') ?? reader.text('service-account-name');
    if (settings.environment.secrets.length > 0 && account === undefined) {
        reader.absence(['secrets'], '`secrets` requires `service-account` or `service-account-name`, the account that reads them');
    }
    warnOfSettings(settings, reader);
    return settings;
}
/** Warns of valid settings that have no effect in this combination. */
function warnOfSettings(settings, { warnings }) {
    const { fileSystem, serviceAccount, concurrency, runtime, logs } = settings;
    if (fileSystem.buckets.length > 0 && !serviceAccount) {
        warnings.push('`mounts` are read by the account that the function runs as: set `service-account` or `service-account-name`, otherwise the function cannot access them');
    }
    if ((concurrency ?? 0) > 1 && ONE_CALL_RUNTIMES.test(runtime)) {
        warnings.push(`\`concurrency\` has no effect with the runtime ${(0,src_text/* quote */.hD)(runtime)}, which handles one call at a time`);
    }
    if (logs.disabled && (logs.groupId ?? logs.folderId ?? logs.level) !== undefined) {
        warnings.push('the other `log…` inputs have no effect while `logs-disabled` is true');
    }
}
/** https://yandex.cloud/en/docs/functions/concepts/function: concurrency is for Node.js, Go, Java, Kotlin and Bash. */
const ONE_CALL_RUNTIMES = /^(python|php|dotnet|r\d)/;
function checkNamedAccount({ key, value }) {
    if ((0,src_text/* isId */.eQ)(value) && !(0,src_text/* looksLikeName */.FP)(value))
        return;
    throw new ValueError(`has a value for ${(0,src_text/* quote */.hD)(key)} that is not a service account id; write alias=<service account id>`);
}
function readTags(reader) {
    const tags = new Set(reader.list('tags', parseTag));
    if (tags.size > MAX_TAGS) {
        reader.problem('tags', `has ${tags.size} tags; a function can have at most ${MAX_TAGS}`);
    }
    return [...tags];
}
const TAG_FORM = 'a tag has lower-case letters, digits, - and _, and starts with a letter';
/** A tag that can be set and removed. Throws ValueError. */
function parseTag(text) {
    if (/^[a-z][-_0-9a-z]*$/.test(text))
        return text;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; ${tagAdvice(text)}`);
}
/** Ends the sentence "`tags` is …"; names the nearest tag where it can be told. */
function tagAdvice(text) {
    if (/^[a-z][-_0-9a-z]*(?:[,\s]+[a-z][-_0-9a-z]*)+,?$/.test(text))
        return 'write one tag per line';
    if (/^[0-9a-f]{40}$/.test(text)) {
        return `${TAG_FORM}; a commit needs no tag: the description of the version contains it`;
    }
    if (text === '$latest')
        return 'Yandex Cloud sets this tag itself: leave it out';
    const near = text
        .toLowerCase()
        .replaceAll(/[^-_0-9a-z]+/g, '-')
        .replace(/^[-_]+|[-_]+$/g, '');
    if (near === '')
        return TAG_FORM;
    return `${TAG_FORM}: write ${/^\d/.test(near) ? `v${near}` : near}`;
}
/** Where logs go, and which. */
function readLogs(reader) {
    reader.atMostOne(['logs-group-id', 'logs-folder-id']);
    return {
        disabled: reader.boolean('logs-disabled') ?? false,
        groupId: reader.parse('logs-group-id', parseId),
        folderId: reader.parse('logs-folder-id', parseId),
        level: reader.parse('log-level', (text) => {
            const level = LOG_LEVELS.find((level) => level === text.toUpperCase());
            if (level)
                return level;
            throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write one of ${LOG_LEVELS.join(', ')}`);
        }),
    };
}

;// CONCATENATED MODULE: ./src/inputs/release/check.ts
/** Inputs about the check of a version, before callers of `tags` get it. */



/** The inputs of a check with their defaults of action.yml, which arrive like given values. */
const DEFAULTS = {
    'check-tag': 'candidate',
    'check-query': '',
    'check-body': '',
    'check-raw': 'false',
    'check-status': '200-299',
    'check-contains': '',
    'check-timeout': '60s',
    'check-attempts': '3',
    'restore-latest': 'true',
};
const ATTEMPTS = { min: 1, max: 100 };
/** Undefined unless `check` is true; the other inputs are not checked then. */
function readCheck(reader) {
    const given = Object.keys(DEFAULTS).filter((name) => reader.text(name)?.toLowerCase() !== DEFAULTS[name]);
    if (!reader.isOn('check', given))
        return undefined;
    return {
        /** The tag under which the version is called. */
        tag: parsed(reader, 'check-tag', parseTag),
        /** Without the `?` at its beginning. */
        query: reader.parse('check-query', parseQuery),
        /** Makes the call a POST. */
        body: reader.parse('check-body', parseSent),
        /** Whether the function gets the body alone, and its result is the answer. */
        isRaw: reader.boolean('check-raw') ?? false,
        statuses: parsed(reader, 'check-status', parseStatuses),
        /** Must be in the body of the answer. */
        contains: reader.parse('check-contains', parseSent),
        /** For trouble that is not the function's word. */
        timeoutSeconds: parsed(reader, 'check-timeout', parseTimeout),
        /** How many answers of the function may fail to pass, the last one included. */
        attempts: parsed(reader, 'check-attempts', (text) => parseInteger(text, ATTEMPTS)),
        /** Whether callers without a tag get the former version again after a failed check. */
        restoreLatest: reader.boolean('restore-latest') ?? true,
    };
}
/** The value, or that of the default; a problem is one of the whole step. */
function parsed(reader, name, parser) {
    return reader.parse(name, parser) ?? parser(DEFAULTS[name]);
}
/** Of a request and of an answer: https://yandex.cloud/en/docs/functions/concepts/limits. In bytes. */
const MAX_BODY_BYTES = 3.5 * MIB;
function parseSent(text) {
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_BODY_BYTES)
        return text;
    throw new ValueError(`has ${bytes} bytes; a call and its answer have at most ${MAX_BODY_BYTES}`);
}
const check_RESERVED = {
    tag: 'write the tag into `check-tag`',
    integration: 'use `check-raw`',
};
function parseQuery(text) {
    const query = text.replace(/^\?/, '');
    const parameters = new URLSearchParams(query);
    for (const [name, instead] of Object.entries(check_RESERVED)) {
        if (parameters.has(name))
            throw new ValueError(`sets \`${name}\`; ${instead}`);
    }
    return query;
}
/** `200-299`, `204`, or several of them on one line or more; the smallest first. */
function parseStatuses(text) {
    const items = text.split(/[\s,]+/).filter((item) => item !== '');
    const ranges = items.map((item) => {
        const [, from = '', to = from] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(item) ?? [];
        if (from === '' || Number(from) > Number(to)) {
            throw new ValueError(`has ${(0,src_text/* quote */.hD)(item)}; ${statusAdvice(item)}`);
        }
        return { from: Number(from), to: Number(to) };
    });
    if (ranges.length === 0)
        throw new ValueError('has no status; write 200-299 for any success');
    return ranges.toSorted((a, b) => a.from - b.from);
}
function statusAdvice(item) {
    const [, family] = /^([1-5])xx$/i.exec(item) ?? [];
    if (family !== undefined)
        return `write ${family}00-${family}99`;
    return 'write statuses such as 200 and ranges such as 200-299, separated by commas';
}

;// CONCATENATED MODULE: ./src/inputs/release/release.ts
/** Inputs that say how far a deployment goes, what it may leave out, and how callers get the version. */




function readRelease(reader) {
    return {
        /** Whether the run ends with the plan. */
        isDryRun: reader.boolean('dry-run') ?? false,
        /** Whether no version is created when the live one is what the step asks for. */
        skipUnchanged: reader.boolean('skip-unchanged') ?? false,
        /** Whether the live version's code is taken when it is the same. */
        reuseCode: reader.boolean('reuse-code') ?? false,
        /** The check before the tags move; undefined without one. */
        check: readCheck(reader),
        /** The tag for the version that loses the first of the tags. */
        previousTag: reader.parse('previous-tag', parseTag),
        /** Writes the comment on the pull request; undefined when none is asked for. */
        commentToken: readCommentToken(reader),
    };
}
/** Adds a problem for each input that does not go together with the others. */
function checkRelease({ check, previousTag }, { tags, untilReady, reader, }) {
    if (!untilReady && check) {
        reader.problem('check', 'cannot be combined with `wait: false`: a version is called when it is built');
    }
    if (!untilReady && previousTag !== undefined) {
        reader.problem('previous-tag', 'cannot be combined with `wait: false`: it moves when the version is built');
    }
    if (check && tags.includes(check.tag)) {
        reader.problem('check-tag', `${(0,src_text/* quote */.hD)(check.tag)} is one of \`tags\`, which move only after the check; write another tag`);
    }
    if (previousTag !== undefined && tags.includes(previousTag)) {
        reader.problem('previous-tag', `${(0,src_text/* quote */.hD)(previousTag)} is one of \`tags\`, which go to the new version; write another tag`);
    }
    if (previousTag !== undefined && previousTag === check?.tag) {
        reader.problem('previous-tag', `${(0,src_text/* quote */.hD)(previousTag)} is \`check-tag\` too; write another tag`);
    }
    if (previousTag !== undefined && tags.length === 0) {
        reader.warnings.push('`previous-tag` has no effect without `tags`');
    }
    const all = new Set([...tags, check?.tag, previousTag].filter((tag) => tag !== undefined));
    if (tags.length <= MAX_TAGS && all.size > MAX_TAGS) {
        reader.problem('tags', `with \`check-tag\` and \`previous-tag\` are ${all.size} tags; a function can have at most ${MAX_TAGS}`);
    }
}
/** A missing token is no problem: a comment never fails the step. */
function readCommentToken(reader) {
    if (reader.boolean('comment') !== true)
        return undefined;
    if (reader.text('github-token') !== undefined)
        return reader.parse('github-token', parseSecret);
    reader.warnings.push('`comment` has no effect without `github-token`');
    return undefined;
}

;// CONCATENATED MODULE: ./src/inputs/inputs.ts
/** Parses and checks all inputs of a step, and reports every problem at once. */












const DEFAULT_WAIT_SECONDS = 15 * 60;
/** The API accepts 600, but its documentation still says 256, and some regions may be behind. */
const MAX_DEFAULT_DESCRIPTION = 256;
/** Throws DeployError INPUT_INVALID with one line for each problem. */
function parseInputs(raw, context) {
    const reader = new InputReader(raw);
    const release = readRelease(reader);
    const earlier = reader.problems.length;
    const credentials = readCredentials(reader, { isOptional: release.isDryRun });
    const hasNone = credentials === undefined && reader.problems.length === earlier;
    const target = readFunctionInputs(reader);
    const code = readCode(reader);
    const settings = readSettings(reader, { defaultDescription: describeRun(context) });
    const wait = {
        untilReady: reader.boolean('wait') ?? true,
        timeoutSeconds: readWaitSeconds(reader),
    };
    checkRelease(release, { ...wait, ...settings, reader });
    const exposure = readExposure(reader, { waitsUntilReady: wait.untilReady });
    const endpoint = readEndpoint(reader);
    const { value, warnings } = reader.finish(target, {
        known: INPUT_NAMES,
        vital: ['dry-run', 'check'],
        // A pull request from a fork has no variables either, and nothing is compared.
        allowsAbsences: release.isDryRun && hasNone,
    });
    const rest = { release, exposure, wait, endpoint, warnings };
    return { credentials, function: value, code, settings, ...rest };
}
/** How long to wait for the cloud, in seconds; 15 minutes when it is not said. */
function readWaitSeconds(reader) {
    return reader.parse('wait-timeout', parseWait) ?? DEFAULT_WAIT_SECONDS;
}
/** Root of the API. */
function readEndpoint(reader) {
    return reader.parse('api-endpoint', parseEndpoint) ?? new URL(http_endpoints/* DEFAULT_ENDPOINT */.mP);
}
function parseWait(text) {
    const seconds = parseSeconds(text);
    if (seconds >= 1)
        return seconds;
    throw new ValueError(`is ${(0,src_text/* quote */.hD)(text)}; write a duration of at least 1s`);
}
/** `<owner>/<repo>@<sha7>, run <id>`, without the parts that are not known. */
function describeRun({ repository, sha, runId }) {
    const source = [repository, sha?.slice(0, 7)].filter(Boolean).join('@');
    const run = runId === undefined ? '' : `run ${runId}`;
    return [source, run].filter(Boolean).join(', ').slice(0, MAX_DEFAULT_DESCRIPTION);
}
/** Undefined where the inputs do not name one function. Leaves it to {@link parseInputs} to report problems. */
function readSubject(raw) {
    const reader = new InputReader(raw);
    const { target } = readTarget(reader);
    if (reader.problems.length > 0)
        return undefined;
    const isDryRun = reader.boolean('dry-run') ?? false;
    return { target, isDryRun, commentToken: readCommentToken(reader) };
}

;// CONCATENATED MODULE: ./src/report/refusals.ts
/** What to do about refusals of the cloud: known cases, matched on codes before words, since messages may be Russian. */
/** Some messages quote a whole request or log; what matters is near their beginning. In characters. */
const READ_CHARACTERS = 10_000;
/** How builders report that the system ended a process, nearly always because of its memory. */
const OUT_OF_MEMORY = /out of memory|\bOOM\b|\bSIGKILL\b|signal: killed/i;
const BUILDER_LIMITS = 'The builder has 1 GB of memory and 5 minutes to install dependencies: build in an earlier step, and deploy the result.';
const RULES = [
    {
        when: ({ service, httpStatus = 0 }) => service === 'storage' && httpStatus >= 300 && httpStatus < 400,
        hint: 'The bucket is at another address: check `bucket` and `api-endpoint`.',
    },
    {
        when: ({ grpcCode }) => grpcCode === 'ALREADY_EXISTS',
        hint: 'The folder has a function of that name which the account that deploys cannot see: grant it the role `functions.editor` on the folder.',
    },
    {
        when: ({ text }) => /service account .{0,100}not available/i.test(text),
        topic: 'service-account-not-available',
        hint: 'Grant the role `iam.serviceAccounts.user` on that service account to the account that deploys (not to the one the function runs as), and check that the id is right and in the same cloud.',
    },
    {
        when: ({ grpcCode, text }) => grpcCode === 'NOT_FOUND' && /folder/i.test(text),
        topic: 'folder-not-found',
        hint: 'Set `folder-id` to the id of the folder (it looks like b1g…), not its name, and give the account that deploys the role `functions.editor` on it: a folder without access looks like one that does not exist.',
    },
    {
        when: ({ storageCode }) => storageCode === 'NoSuchBucket',
        topic: 'no-such-bucket',
        hint: 'Check `bucket`: there is no bucket of that name at this `api-endpoint`.',
    },
    {
        when: ({ storageCode }) => storageCode === 'AccessDenied',
        topic: 'storage-access-denied',
        hint: 'Grant the role `storage.uploader` on the bucket or its folder to the account that deploys, and check the policy of the bucket.',
    },
    {
        when: ({ storageCode }) => /^(ExpiredToken|InvalidToken|TokenRefreshRequired)$/.test(storageCode ?? ''),
        topic: 'token-invalid',
        hint: 'The IAM token was refused by Object Storage: check `yc-iam-token`, or use a credential that the action can renew.',
    },
    {
        when: ({ storageCode }) => /MaxSize|TotalAliveSize|EntityTooLarge/.test(storageCode ?? ''),
        hint: 'The bucket or the cloud has no room for the package: raise its limit or delete old objects.',
    },
    {
        when: ({ httpStatus, text }) => httpStatus === 413 || /larger than max|exceeds the maximum size/i.test(text),
        topic: 'request-too-large',
        hint: 'The package is too large to send inline: set `bucket`, or exclude what the builder installs itself, such as node_modules.',
    },
    {
        when: ({ text }) => /valid zip|валидным zip/i.test(text),
        topic: 'invalid-zip',
        hint: 'The package arrived damaged or empty: check `include`, `exclude` and `package`.',
    },
    {
        when: ({ grpcCode, httpStatus }) => grpcCode === 'UNAUTHENTICATED' || httpStatus === 401,
        topic: 'token-invalid',
        hint: 'The IAM token was refused. A token made elsewhere lives for at most 12 hours and starts with `t1.`; an API key or a static access key is not an IAM token.',
    },
    {
        when: ({ httpStatus, storageCode, text }) => storageCode === undefined &&
            httpStatus !== 429 &&
            /\bbuckets?\b|object storage|бакет/i.test(text),
        hint: 'Yandex Cloud reads the package from `bucket` when it creates the version: give the role `storage.viewer` on the bucket to the account that the function runs as (`service-account`), and check that the account that deploys can read it too.',
    },
    ...[
        ['lockbox', 'lockbox.viewer', 'the secret or its folder'],
        ['iam', 'iam.serviceAccounts.user', 'the folder'],
        ['vpc', 'vpc.user', 'the folder'],
    ].map(([id, role, resource]) => ({
        when: ({ service, httpStatus }) => service === id && httpStatus === 403,
        topic: 'permission-denied',
        hint: `Grant the role \`${role}\` on ${resource} to the account that deploys, or give an id instead of the name.`,
    })),
    {
        when: ({ grpcCode, httpStatus }) => grpcCode === 'PERMISSION_DENIED' || httpStatus === 403,
        topic: 'permission-denied',
        hint: 'Give the account that deploys the role `functions.editor` on the folder.',
    },
    {
        when: ({ quota }) => quota === 'operations',
        topic: 'quota-of-operations',
        hint: 'Too many operations ran at the same time for too long: set `max-parallel` in the matrix, raise `wait-timeout`, or have the quota raised.',
    },
    {
        when: ({ quota }) => quota === 'tags',
        topic: 'quota-of-tags',
        hint: 'A function can have at most 10 tags: remove old ones, and do not use a tag for each commit.',
    },
    {
        when: ({ quota }) => quota === 'functions',
        topic: 'quota-of-functions',
        hint: 'The cloud has as many functions as its quota allows (10 unless raised): delete one, or have `serverless.functions.count` raised.',
    },
    {
        when: ({ quota }) => quota === 'instances',
        topic: 'not-exposed',
        hint: 'The cloud has as many provisioned instances as its quota allows (2 unless raised): lower `provisioned-instances`, take some from another function, or have the quota raised.',
    },
    {
        when: ({ httpStatus, text }) => httpStatus === undefined && (OUT_OF_MEMORY.test(text) || /timed? ?out|deadline/i.test(text)),
        topic: 'build-limits',
        hint: BUILDER_LIMITS,
    },
    {
        when: ({ text }) => /log.?group/i.test(text),
        hint: 'Check `logs-group-id`: the log group must be in the folder of the function.',
    },
    {
        when: ({ text }) => /secret|lockbox|секрет/i.test(text),
        topic: 'secret-refused',
        hint: 'Set `service-account` to an account with the role `lockbox.payloadViewer` on the secret, and check the secret, its version and key.',
    },
    {
        when: ({ text }) => /memory|памят/i.test(text),
        hint: 'Set `memory` to a multiple of 128 MiB from 128Mb to 8Gb.',
    },
    {
        when: ({ text }) => /npm ci|package-lock/i.test(text),
        topic: 'npm-ci',
        hint: 'The builder installs what package.json lists. A package-lock.json beside it must match it; if there is none, try to include one. The build log has the reason.',
    },
    {
        when: ({ text }) => /go\.mod|module .{0,100}main|undefined: .{0,100}Handle/i.test(text),
        topic: 'go-build',
        hint: 'The Go builder needs go.mod with a module that is not named `main`, and an exported handler in package main.',
    },
    {
        when: ({ text }) => /entry ?point|точк\S{0,5} входа|handler/i.test(text),
        hint: 'Check `entrypoint`: it is relative to `source-root`, such as index.handler for index.js.',
    },
    {
        when: ({ text }) => /environment|переменн/i.test(text),
        hint: 'Check `environment`: names match [a-zA-Z][a-zA-Z0-9_]*, all names and values together have at most 4 KB; if a value is empty, try without it.',
    },
    {
        when: ({ httpStatus }) => httpStatus === 429,
        topic: 'too-many-requests',
        hint: 'Yandex Cloud is rate limiting requests: run fewer jobs at once (`max-parallel`), or run the job again later.',
    },
];
/** What to do about a refusal; undefined where its code says as much as is known. */
function adviseOnRefusal(refusal) {
    const text = refusal.text.slice(0, READ_CHARACTERS);
    return RULES.find(({ when }) => when({ ...refusal, text }));
}
/** What to do about a failed build, by its log; undefined where the log speaks for itself. */
function hintForLog(log) {
    return OUT_OF_MEMORY.test(log) ? BUILDER_LIMITS : undefined;
}

// EXTERNAL MODULE: ./src/yandex/http/network-error.ts
var network_error = __nccwpck_require__(9071);
;// CONCATENATED MODULE: ./src/report/advice.ts
/** What to do about a failure: the only place that turns the facts of an error into advice. */






/** The hint and the topic of the error itself, else those of the case that it or one of its causes is, else of its code. */
function advice_advise(error) {
    const known = knownCase(error);
    return {
        hint: error.hint ?? known?.hint ?? errors/* ERRORS */.Sr[error.code].hint,
        topic: error.topic ?? known?.topic,
    };
}
function knownCase(error) {
    // What the cloud said about a wrong input is not what to correct.
    if (error.code === 'INPUT_INVALID')
        return undefined;
    return (0,errors/* causesOf */.cZ)(error)
        .filter((cause) => cause instanceof errors/* DeployError */.sH)
        .map(adviseOn)
        .find((advice) => advice !== undefined);
}
function adviseOn(error) {
    const hint = hintFor(error);
    if (hint !== undefined)
        return { hint, topic: error.topic };
    if (error instanceof api_error/* ApiError */.h)
        return adviseOnRefusal(error);
    if (!(error instanceof OperationError))
        return undefined;
    return adviseOnRefusal(error) ?? (error.isBuild ? { hint: BUILD_HINT } : undefined);
}
/** Other operations have no log. */
const BUILD_HINT = 'Read the reason above; the full build log is in the list of operations of the function in the console.';
const CONNECTION_HINTS = {
    certificate: 'If a proxy or a cloud of your own has a certificate authority of its own, set NODE_EXTRA_CA_CERTS to the path of its certificate in the environment of the step; else check `api-endpoint` and the clock of the runner.',
    proxy: 'Check the user and password in `https_proxy`, and that the proxy lets this host through; `no_proxy` lists hosts that are reached without it.',
};
function hintFor(error) {
    const { code, details, topic } = error;
    if (error instanceof http_endpoints/* EndpointError */.cY) {
        return 'Check `api-endpoint`: it must be the root of the API, such as api.cloud.yandex.net:443.';
    }
    if (code === 'API_UNREACHABLE') {
        const fault = (0,network_error/* permanentFault */.d)(error);
        return fault && CONNECTION_HINTS[fault];
    }
    const operationId = details['operation id'];
    if (code === 'OPERATION_TIMEOUT' && operationId !== undefined) {
        return `Look it up with \`yc operation get ${operationId}\`, or raise \`wait-timeout\`.`;
    }
    return topic && TOPIC_HINTS[topic]?.(details);
}
/** For the cases that the client itself tells by their topic. */
const TOPIC_HINTS = {
    'key-refused': () => 'Check that the key still exists (`yc iam key list --service-account-id …`), belongs to this cloud, and that the clock of the runner is right. A new one: `yc iam key create --service-account-name … -o key.json`.',
    'exchange-refused': ({ sub, iss, aud }) => `A federated credential of that service account must have exactly the subject ${sub}, and its federation the issuer ${iss} and the audience ${aud}. The subject changes with the event, the environment and the name of the repository.`,
    'no-service-account-on-vm': () => 'The VM has no service account: attach one with `yc compute instance update --service-account-name …`.',
    'no-metadata-service': (details) => details['HTTP status'] === undefined
        ? '`yc-instance-metadata` works only on a self-hosted runner on a Yandex Compute VM; elsewhere use `yc-sa-id` or `yc-sa-json-credentials`.'
        : 'Check that the metadata service of the VM is enabled for Google-style requests.',
};

;// CONCATENATED MODULE: ./src/report/build-errors.ts
/** Error lines of compilers in a build log, and where in the repository they point. Pure. */
/**
 * `File "main.py", line 12`, whose message is the last line of the traceback; PHP's `message in file.php on line 12`;
 * `file:12:3: message` (Go, gcc, Kotlin), `file(12,3): message` (C#, TypeScript), `[ERROR] file:[12,3] message` (Maven).
 */
const PATTERNS = [
    /^\s*File "(?<file>[^"]+)", line (?<line>\d+)/,
    /^(?:PHP )?(?<message>(?:Parse|Fatal) error:.+?) in (?<file>\S+) on line (?<line>\d+)$/,
    /^(?:\[ERROR\]\s+|e:\s+(?:file:\/\/)?)?(?<file>\S+?)(?::\[?|\()(?<line>\d+)(?:[:,]\d+)?[\])]?:?\s+(?<message>.+)$/,
];
/** Where the builder unpacks a package. */
const BUILD_FOLDERS = /^(?:file:\/\/)?(?:\.\/|\/(?:function\/code|tmp\/[^/]+|build|app|src|workspace)\/)*/;
/** GitHub shows ten annotations of a kind for a step. */
const MAX_LINES = 9;
/** A longer line is no message of a compiler, but may keep a pattern busy for long. */
const build_errors_MAX_CHARACTERS = 2_000;
/** Points only to files that `repositoryFile` knows by their name in the package. */
function findErrorLines(log, repositoryFile) {
    const found = new Map();
    for (const [index, text] of log.entries()) {
        const error = parseLine(text, log[index + 1] ?? '');
        if (!error)
            continue;
        const file = repositoryFile(error.file.replace(BUILD_FOLDERS, '')) ?? repositoryFile(error.file);
        if (found.size === MAX_LINES)
            break;
        if (file !== undefined)
            found.set(`${file}:${error.line}`, { ...error, file });
    }
    return [...found.values()];
}
function parseLine(text, next) {
    if (text.length > build_errors_MAX_CHARACTERS)
        return undefined;
    for (const pattern of PATTERNS) {
        const { file, line, message = next.trim() || 'error' } = pattern.exec(text)?.groups ?? {};
        if (file !== undefined)
            return { file, line: Number(line), message };
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/report/failure.ts
/** What is shown of a failure: texts of a length that can be read, one annotation, where to read on, the lines of a build log. */







/** The longest texts of a failure that are shown, in characters. */
const failure_MAX_CHARACTERS = { message: 10_000, hint: 3_000, detail: 500 };
/** A runner cuts what is longer: `_maxIssueMessageLength` in https://github.com/actions/runner. */
const MAX_ANNOTATION_CHARACTERS = 4_096;
/** The longest line of a build log that is shown, in characters. */
const MAX_LINE_CHARACTERS = 2_000;
/** Anything that is not an error of ours is a bug of ours, and says so. */
function asDeployError(thrown) {
    if (thrown instanceof errors/* DeployError */.sH)
        return thrown;
    const what = (0,errors/* isError */.bJ)(thrown) ? `${thrown.name}: ${thrown.message}` : (0,external_node_util_.inspect)(thrown, { depth: 0 });
    return new errors/* DeployError */.sH('INTERNAL_ERROR', `The action itself failed: ${what}`, { cause: thrown });
}
/** Untrusted texts may have any length: secrets are hidden first, then the rest is cut. */
function shownError(error, runner) {
    const show = (text, characters) => (0,src_text/* clip */.$Q)(runner.hide(text), characters);
    const { evidence } = error;
    const advice = advice_advise(error);
    const hint = evidence?.kind === 'build log' ? hintForLog(evidence.text) : undefined;
    return error.with({
        topic: advice.topic,
        message: show(error.message, failure_MAX_CHARACTERS.message),
        hint: show(hint ?? advice.hint, failure_MAX_CHARACTERS.hint),
        details: Object.fromEntries(Object.entries(error.details).map(([name, value]) => [
            name,
            (0,src_text/* oneLine */.TN)(show(value, failure_MAX_CHARACTERS.detail)),
        ])),
    });
}
/** What failed, what to do, where to read on, and the ids on one line; if it is too long, the first is cut. */
function annotationOf(error, link) {
    const { code, inputs, message, hint = '', details } = error;
    const [input] = inputs;
    const subject = input !== undefined && inputs.length === 1 ? input : errors/* ERRORS */.Sr[code].title;
    const ids = Object.entries(details).map((detail) => detail.join(': '));
    const rest = [hint, link, ids.join(', ')].filter((line) => line !== '').join('\n');
    const room = Math.max(500, MAX_ANNOTATION_CHARACTERS - rest.length - 20);
    return {
        title: (0,src_text/* withoutBackticks */.sG)(`${code}: ${subject}`),
        message: (0,src_text/* withoutBackticks */.sG)(`${(0,src_text/* clip */.$Q)(message, room)}\n\n${rest}`),
    };
}
/** An address, or a path where the action does not come from GitHub; `root` is `RunContext.actionRoot`. */
function docsLink({ code, topic, inputs }, { root, action }) {
    const [input] = inputs;
    if (topic === undefined && input !== undefined) {
        const name = inputs.length === 1 ? input : 'inputs';
        // Inputs of the same name have an anchor for each action.
        return `${root}/README.md#${action === 'deploy' ? name : `${action}-${name}`}`;
    }
    return `${root}/docs/TROUBLESHOOTING.md#${topic ?? code.toLowerCase()}`;
}
/** The lines of the log of a failed build, without secrets; none for any other failure. */
function buildLogOf({ evidence }, runner) {
    if (evidence?.kind !== 'build log')
        return [];
    const lines = runner.hide(evidence.text).trimEnd().split(/\r?\n/);
    return lines.map((line) => (0,src_text/* clip */.$Q)(line, MAX_LINE_CHARACTERS));
}
/** Annotations on the lines of the repository's files that a build log names. */
function lineAnnotations(buildLog, { known, context }) {
    const files = new Map(known.package?.selection.files.map((file) => [file.name, file]));
    const found = findErrorLines(buildLog, (name) => {
        const file = files.get(name);
        // Not read before it is needed: the folder may be gone.
        return file && external_node_path_default().relative(context.workspace, file.path).replaceAll('\\', '/');
    });
    return found.map((place) => ({ title: 'Build error', ...place }));
}
/** The work of the run is done, as `done` says, and the next steps cannot be told. */
function outputsLost({ output, cause }, done) {
    return new errors/* DeployError */.sH('INTERNAL_ERROR', `${done}, but the output \`${output}\` could not be set: ${reasonOf(cause)}.`, {
        cause,
        topic: 'outputs-not-written',
        hint: 'The work itself is done. Check that the disk of the runner is not full, and that nothing removes its files (GITHUB_OUTPUT) while the step runs.',
    });
}
function reasonOf(error) {
    return (0,errors/* isError */.bJ)(error) ? error.message : 'unknown reason';
}

;// CONCATENATED MODULE: ./src/report/summary/times.ts
/** How long a run took, and on what the time went. */
/** The stages of a deployment, each with the fact that ends it. Files are packed while the cloud is read. */
const STAGES = [
    ['packing and reading', 'plan'],
    ['function', 'skipped'],
    ['upload', 'build'],
    ['build', 'version'],
    ['check', 'checked'],
    ['tags', 'promotion'],
    ['restoring', 'restored'],
];
/** `12.3 s: packing and reading 1.2 s, upload 0.8 s, build 9.9 s, rest 0.4 s`, without what took no time. */
function timeOf({ times, durationMs }) {
    let doneMs = 0;
    const parts = [];
    for (const [name, fact] of STAGES) {
        const endMs = times[fact];
        if (endMs === undefined)
            continue;
        parts.push([name, endMs - doneMs]);
        doneMs = endMs;
    }
    // A run that ends before its build does fails in it.
    const isBuilding = times.build !== undefined && times.version === undefined;
    if (parts.length > 0)
        parts.push([isBuilding ? 'build' : 'rest', durationMs - doneMs]);
    const shown = parts.filter(([, ms]) => ms >= 50).map(([name, ms]) => `${name} ${unbroken(ms)}`);
    return shown.length < 2 ? unbroken(durationMs) : `${unbroken(durationMs)}: ${shown.join(', ')}`;
}
/** On one line. */
function unbroken(ms) {
    return seconds(ms).replace(' ', '\u00a0');
}
/** `12.3 s`. */
function seconds(ms) {
    return `${(ms / 1000).toFixed(1)} s`;
}

;// CONCATENATED MODULE: ./src/report/log.ts
/** What the log shows of a step: a line, lines about it, and details folded under a title. Pure. */



/** How many of the largest files are named. */
const LARGEST = 10;
/** How much goes in, the largest files, and what each rule left out. */
function describePackage({ archive: { entries, unpackedBytes, sizeBytes }, selection: { excluded }, }) {
    const largest = entries.toSorted((a, b) => b.packedBytes - a.packedBytes).slice(0, LARGEST);
    const column = (bytes) => (0,src_text/* formatBytes */.z3)(bytes).padStart(10);
    return {
        title: `Package: ${(0,src_text/* plural */.LS)(entries.length, 'file')}, ${(0,src_text/* formatBytes */.z3)(unpackedBytes)}; zip ${(0,src_text/* formatBytes */.z3)(sizeBytes)}`,
        lines: [
            'Largest, packed and unpacked:',
            ...largest.map((file) => `  ${column(file.packedBytes)} ${column(file.sizeBytes)}  ${showName(file.name)}`),
            ...(excluded.length === 0 ? [] : ['Left out:']),
            ...excluded.map((left) => `  ${describeExcluded(left)}`),
        ],
    };
}
function describeExcluded({ rule, count, folders }) {
    const parts = [
        ...(count > 0 ? [(0,src_text/* plural */.LS)(count, 'file')] : []),
        ...(folders > 0 ? [`${(0,src_text/* plural */.LS)(folders, 'folder')} with everything below`] : []),
    ];
    return `${showName(rule)}: ${parts.join(', ')}`;
}
function checkLine(end) {
    const calls = (0,src_text/* plural */.LS)(end.calls, 'call');
    if (end.kind === 'failed')
        return (0,src_text/* oneLine */.TN)(`Check: not passed after ${calls}: ${end.reason}`);
    return `Check: passed after ${calls}, HTTP ${end.status} under the tag ${end.tag}`;
}
/** A tag with the numbers of its policy, by the names of their inputs. */
function scalingLine({ tag, ...counts }) {
    const numbers = [
        ['provisioned-instances', counts.provisionedInstancesCount],
        ['zone-instances-limit', counts.zoneInstancesLimit],
        ['zone-requests-limit', counts.zoneRequestsLimit],
    ];
    const shown = numbers.filter(([, count]) => count !== '0').map((number) => number.join(' '));
    return `${tag}: ${shown.length > 0 ? shown.join(', ') : 'no limits, nothing provisioned'}`;
}
/** What the run came to: how long it took, and where the function answers. */
function lastLine({ inputs, version, skipped, function: target }, durationMs) {
    const time = seconds(durationMs);
    if (inputs?.release.isDryRun)
        return `Planned in ${time}; nothing was changed`;
    const did = skipped ? 'Unchanged' : version?.isReady === false ? 'Accepted' : 'Deployed';
    const address = (0,src_text/* oneLine */.TN)(target?.function.httpInvokeUrl ?? '');
    return `${did} in ${time}${address && `: ${address}`}`;
}

// EXTERNAL MODULE: ./src/report/plan.ts
var report_plan = __nccwpck_require__(1307);
// EXTERNAL MODULE: ./src/report/summary/markup.ts
var markup = __nccwpck_require__(6569);
;// CONCATENATED MODULE: ./src/report/summary/changes.ts
/** What a run changed, or would change, as its plan says. A long plan may not fit as a whole, so each part is a section. */



/** Most names of files of each kind. */
const MAX_FILES = 200;
/** The longest name of a file that is shown, in characters; the full list stays within a summary even of entities. */
const MAX_FILE_CHARACTERS = 150;
function sectionOf(linesOf) {
    return ({ known: { plan } }) => (plan ? linesOf(plan) : []);
}
const planSection = sectionOf(rowsOf);
/** Folded when everything is new: the facts above say the same. */
const changesSection = sectionOf((plan) => plan.live
    ? ['#### What changed', '', ...rowsOf(plan)]
    : (0,markup/* folded */.TM)('What changed: everything is new', rowsOf(plan)));
const filesSection = sectionOf((plan) => (0,markup/* folded */.TM)(`Files: ${(0,report_plan/* fileCounts */.NZ)(plan).join(', ')}`, (0,report_plan/* filesOf */.R8)(plan, MAX_FILES).flatMap(({ kind, names, left }) => [
    ...names.map((name) => `${(0,src_text/* markdownText */.p7)(report_plan/* SIGNS */.B2[kind])} ${(0,markup/* code */.aY)((0,src_text/* clip */.$Q)(name, MAX_FILE_CHARACTERS))}<br>`),
    ...(left > 0 ? [`… and ${left} more<br>`] : []),
])));
const unchangedSection = sectionOf((plan) => {
    const { unchanged } = (0,report_plan/* tableOf */.c_)(plan);
    return (0,markup/* folded */.TM)(`Unchanged: ${unchanged.length}`, markdownTable('Value', unchanged));
});
const notesSection = sectionOf((plan) => {
    const note = (0,report_plan/* callersNote */.j)(plan, markup/* code */.aY);
    return note === undefined ? [] : [note];
});
/** The table of the log as Markdown, without what does not change. Foreign text in it is inert. */
function rowsOf(plan) {
    const table = markdownTable('Change', (0,report_plan/* tableOf */.c_)(plan).differing);
    return [(0,report_plan/* comparison */.my)(plan, markup/* code */.aY), ...(table.length > 0 ? ['', ...table] : [])];
}
function markdownTable(what, lines) {
    if (lines.length === 0)
        return [];
    const rows = lines.map(({ verdict, name, live, after }) => {
        const sign = verdict === 'unchanged' ? '' : `${(0,src_text/* markdownText */.p7)(report_plan/* SIGNS */.B2[verdict])}&nbsp;`;
        const sides = live === after ? [after] : [live, after].filter((side) => side !== '');
        return `| ${sign}${(0,markup/* code */.aY)(name)} | ${sides.map(src_text/* markdownText */.p7).join(' → ')} |`;
    });
    return [`| Setting | ${what} |`, '|---|---|', ...rows];
}

;// CONCATENATED MODULE: ./src/report/summary/shares.ts
/** Shares the bytes of a package out to its largest folders and files, in few rows. */
const MAX_ROWS = 10;
/** Most rows of what is left. */
const MAX_RESTS = 3;
/** A folder with this part of the bytes is opened, whatever is in it. */
const MUST_OPEN = 0.5;
/** One with this part is opened for a child with that part; any other stays in one piece. */
const MAY_OPEN = { folder: 0.2, child: 0.05 };
/** Largest first, and what is left last. A folder that has much of the bytes is taken apart. */
function shareOut(entries) {
    const groups = openFolders(entries);
    const shown = groups.length <= MAX_ROWS ? groups : groups.slice(0, MAX_ROWS - MAX_RESTS);
    const rests = [...groupBy(groups.slice(shown.length), ({ parent }) => parent)].sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
    // Of several folders: only the package has them all.
    const own = rests.length <= MAX_RESTS ? rests : rests.slice(0, MAX_RESTS - 1);
    const others = rests.slice(own.length).flatMap(([, left]) => left);
    return [
        ...shown,
        ...own.map(([folder, left]) => restOf(folder, left)),
        ...(others.length > 0 ? [restOf('', others)] : []),
    ];
}
/** The package's folders and files, and in place of each large folder what is in it. Largest first. */
function openFolders(entries) {
    const total = bytesOf(entries);
    const open = (group) => {
        const share = group.packedBytes / Math.max(total, 1);
        if (!group.name.endsWith('/') || share < MAY_OPEN.folder)
            return [group];
        const children = childrenOf(group.name, group.entries);
        const isOpened = share >= MUST_OPEN ||
            children.some(({ packedBytes }) => packedBytes >= total * MAY_OPEN.child);
        return isOpened ? children.flatMap(open) : [group];
    };
    return childrenOf('', entries)
        .flatMap(open)
        .toSorted((a, b) => b.packedBytes - a.packedBytes || (a.name < b.name ? -1 : 1));
}
/** Folders and files right in a folder. */
function childrenOf(folder, entries) {
    const groups = groupBy(entries, ({ name }) => {
        const end = name.indexOf('/', folder.length);
        return end === -1 ? name : name.slice(0, end + 1);
    });
    return [...groups].map(([name, inside]) => ({
        name,
        parent: folder,
        entries: inside,
        files: inside.length,
        packedBytes: bytesOf(inside),
    }));
}
function groupBy(items, keyOf) {
    const groups = new Map();
    for (const item of items) {
        const key = keyOf(item);
        const group = groups.get(key);
        if (group === undefined)
            groups.set(key, [item]);
        else
            group.push(item);
    }
    return groups;
}
function restOf(folder, groups) {
    const [only] = groups;
    if (only && groups.length === 1)
        return only;
    const files = groups.reduce((sum, group) => sum + group.files, 0);
    return { name: folder, more: groups.length, files, packedBytes: bytesOf(groups) };
}
/** Their bytes when packed. */
function bytesOf(items) {
    return items.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
}

;// CONCATENATED MODULE: ./src/report/summary/contents.ts
/** Where the bytes of a package are. */



const BAR_CELLS = 10;
const contentsSection = ({ known: { package: packed } }) => {
    if (!packed)
        return [];
    const { entries, unpackedBytes, sizeBytes } = packed.archive;
    return (0,markup/* folded */.TM)(`Package contents: ${(0,src_text/* plural */.LS)(entries.length, 'file')}`, [
        ...contentsTable(entries),
        '',
        `The files are ${(0,src_text/* formatBytes */.z3)(unpackedBytes)}, and ${(0,src_text/* formatBytes */.z3)(bytesOf(entries))} when packed. The zip is ${(0,src_text/* formatBytes */.z3)(sizeBytes)}: it also holds the name of each file, twice.`,
    ]);
};
/** A Markdown table with bars of where the packed bytes are. */
function contentsTable(entries) {
    const parts = shareOut(entries);
    const total = Math.max(bytesOf(parts), 1);
    const rows = parts.map((part) => {
        const share = part.packedBytes / total;
        const bar = '▪'.repeat(Math.round(share * BAR_CELLS));
        // On a narrow screen the last column is out of sight.
        const cells = [
            nameOf(part),
            `${Math.round(share * 100)}% ${bar}`.trim(),
            (0,src_text/* formatBytes */.z3)(part.packedBytes).replace(' ', '&nbsp;'),
            part.files.toLocaleString('en-US'),
        ];
        return `| ${cells.join(' | ')} |`;
    });
    return ['| Folder or file | Share | Packed | Files |', '|---|---|--:|--:|', ...rows];
}
function nameOf({ name, more }) {
    if (more === undefined)
        return (0,markup/* code */.aY)(name);
    return `${more.toLocaleString('en-US')} more${name === '' ? '' : ` in ${(0,markup/* code */.aY)(name)}`}`;
}

;// CONCATENATED MODULE: ./src/report/summary/facts.ts
/** What a run did, of what and for whom, in a table; and its ids and digests, for those who look things up. */





const factsSection = (end) => facts_tableOf(end, { first: [['Version', versionOf(end)]], settings: settingsOf(end) });
/** What a failed run came to; nothing when it failed before it had done anything. */
const failedFactsSection = (end) => {
    const { package: packed, function: target, version } = end.known;
    if (!packed && !target)
        return [];
    const first = [
        ['Function', target?.origin === 'created' ? 'created by this run' : undefined],
        // Which tags it has is not certain after a failure.
        ['Version', version && (0,markup/* code */.aY)(version.id)],
    ];
    return facts_tableOf(end, { first, settings: [] });
};
function facts_tableOf(end, { first, settings }) {
    const { access, scaling } = end.known;
    return (0,markup/* fieldTable */.Ng)([
        ...first,
        ['Check', checkOf(end)],
        ['Commit', commitOf(end)],
        ...settings,
        ['Public', access && (access.isPublic ? 'yes' : 'no')],
        ['Scaling', scaling?.map((one) => (0,markup/* text */.Qq)(scalingLine(one))).join('<br>')],
        ['Package', facts_packageOf(end)],
        ['Time', timeOf(end)],
    ]);
}
function versionOf({ known: { version, inputs, skipped, function: target } }) {
    if (!version)
        return undefined;
    // A version that is created becomes $latest, whatever its tags are.
    const tags = [...(inputs?.settings.tags ?? []), ...(skipped ? [] : ['$latest'])];
    return [
        (0,markup/* code */.aY)(version.id),
        ...(tags.length === 0 ? [] : [`tagged ${(0,markup/* codes */.F4)(tags)}`]),
        ...(skipped ? ['(was live already)'] : []),
        ...(target?.origin === 'created' ? ['(the function is new)'] : []),
    ].join(' ');
}
function checkOf({ known: { checked } }) {
    if (checked?.kind !== 'passed')
        return checked && 'not passed';
    return `passed: HTTP ${checked.status} with the tag ${(0,markup/* code */.aY)(checked.tag)}`;
}
function commitOf({ context: { serverUrl = '', repository = '', sha = '' } }) {
    const isKnown = URL.canParse(serverUrl) &&
        /^https?:/.test(serverUrl) &&
        /^[\w.-]+\/[\w.-]+$/.test(repository) &&
        /^[0-9a-f]{7,64}$/.test(sha);
    if (!isKnown)
        return undefined;
    return (0,markup/* anchor */.Y3)((0,markup/* code */.aY)(`${repository}@${sha.slice(0, 7)}`), `${new URL(serverUrl).origin}/${repository}/commit/${sha}`);
}
/** Of variables and secrets the names alone. */
function settingsOf({ known: { inputs } }) {
    if (!inputs)
        return [];
    const { runtime, entrypoint, memoryBytes, timeoutSeconds, ...settings } = inputs.settings;
    const { concurrency = 0, environment, serviceAccount: account } = settings;
    const limits = [
        (0,src_text/* formatBytes */.z3)(memoryBytes),
        `${timeoutSeconds} s`,
        ...(concurrency > 1 ? [`${concurrency} calls at once`] : []),
    ];
    const secrets = environment.secrets.map(({ environmentVariable }) => environmentVariable);
    return [
        ['Runs', `${(0,markup/* code */.aY)(entrypoint)} on ${(0,markup/* code */.aY)(runtime)}`],
        ['Limits', limits.join(', ')],
        ['Variables', (0,markup/* codes */.F4)(Object.keys(environment.variables))],
        ['Secrets', (0,markup/* codes */.F4)(secrets)],
        ['Service account', account && (0,markup/* code */.aY)(account.kind === 'id' ? account.id : account.name)],
    ];
}
function facts_packageOf({ known: { package: packed, plan, code: sent } }) {
    if (sent?.kind === 'version')
        return `the code of ${(0,markup/* code */.aY)(sent.versionId)}; nothing was uploaded`;
    if (!packed)
        return undefined;
    const { sizeBytes, entries, sha256 } = packed.archive;
    const size = `${(0,src_text/* formatBytes */.z3)(sizeBytes)}, ${(0,src_text/* plural */.LS)(entries.length, 'file')}`;
    const change = changeOf(plan, { sizeBytes, sha256 });
    return [size, ...(change === undefined ? [] : [(0,markup/* text */.Qq)(change)])].join('; ');
}
/** The package against the one that was live, as far as that is known. */
function changeOf(plan, { sizeBytes, sha256 }) {
    if (!plan?.live)
        return undefined;
    if (plan.live.sha256 === sha256)
        return 'unchanged';
    const { liveSizeBytes } = plan.package;
    if (liveSizeBytes === undefined)
        return plan.live.sha256 === undefined ? undefined : 'changed';
    const more = sizeBytes - liveSizeBytes;
    const size = more === 0 ? '±0 B' : `${more > 0 ? '+' : '−'}${(0,src_text/* formatBytes */.z3)(Math.abs(more))}`;
    return [size, ...(0,report_plan/* fileCounts */.NZ)(plan)].join(', ');
}
const idsSection = ({ known }) => (0,markup/* folded */.TM)('Ids and digests', (0,markup/* fieldList */.FL)(idsOf(known)));
/** Those that are known so far. */
function idsOf({ function: target, version, previous, build, code: sent, package: packed, }) {
    const shown = (value) => (value ? (0,markup/* code */.aY)(value) : undefined);
    return [
        ['Function', shown(target?.function.id)],
        ['Folder', shown(target?.function.folderId)],
        ['Version', shown(version?.id)],
        ['Version before', shown(previous?.id)],
        ['Operation', shown(build?.operation.id)],
        ['Object', shown(sent?.kind === 'bucket' ? `${sent.bucket}/${sent.key}` : undefined)],
        ['SHA-256 of the package', shown(packed?.archive.sha256)],
    ];
}

;// CONCATENATED MODULE: ./src/report/summary/failure.ts
/** What a failed run says: what failed, what to do, where to read on, and the end of a build's log. */





/** How many lines of a build's log stand outside the fold. */
const LAST_LINES = 12;
function failureTitle({ error: { code: name } }) {
    return `### ${name}: ${(0,src_text/* markdownProse */.h$)(errors/* ERRORS */.Sr[name].title)}`;
}
const messageSection = ({ error, link }) => [
    ...messageOf(error),
    '',
    // A summary has links to the console of its own.
    ...(error.hint ? [(0,src_text/* markdownProse */.h$)(error.hint.replace(/^In the console: \S+\n/m, '')), ''] : []),
    link.startsWith('http')
        ? (0,markup/* anchor */.Y3)(`More about ${error.code}`, link)
        : `More about ${error.code}: ${(0,markup/* code */.aY)(link)}`,
];
/** Several problems are a list; their lines are ours, whatever they quote. */
function messageOf({ message }) {
    const [title = '', ...problems] = message.split('\n');
    if (!/^\d+ problems with the [a-z ]+:$/.test(title))
        return proseOf(message);
    return [
        (0,src_text/* markdownProse */.h$)(title),
        '',
        ...problems.map((line) => `- ${(0,src_text/* markdownProse */.h$)(line.replace(/^- /, ''))}`),
    ];
}
/** A message may end with a table, whose columns stand two spaces apart. */
function proseOf(message) {
    const at = message.lastIndexOf(POINTERS);
    if (at < 0)
        return [(0,src_text/* markdownProse */.h$)(message)];
    const fields = message
        .slice(at + POINTERS.length)
        .split('\n')
        .map((row) => {
        const [tag = '', id = '', ...notes] = row.split(/ {2,}/);
        return [(0,markup/* code */.aY)(tag), [(0,markup/* code */.aY)(id), ...notes.map(markup/* text */.Qq)].join(' ')];
    });
    return [
        (0,src_text/* markdownProse */.h$)(message.slice(0, at)),
        '',
        (0,src_text/* markdownProse */.h$)(POINTERS.trim()),
        '',
        ...(0,markup/* fieldTable */.Ng)(fields),
    ];
}
/** What stands before that table. */
const POINTERS = '\n\nWhat points where now:\n';
const evidenceSection = ({ error: { evidence }, buildLog, }) => {
    if (evidence?.kind === 'largest files')
        return contentsTable(evidence.entries);
    if (buildLog.length === 0)
        return [];
    return [
        'The last lines of the build log:',
        '',
        (0,src_text/* markdownBlock */.dI)(buildLog.slice(-LAST_LINES).join('\n')),
        ...(buildLog.length > LAST_LINES
            ? ['', ...(0,markup/* folded */.TM)(`The last ${buildLog.length} lines`, [(0,src_text/* markdownBlock */.dI)(buildLog.join('\n'))])]
            : []),
    ];
};
/** For a question to the support of the cloud: those of the error, and those of the run, each once. */
const failedIdsSection = ({ error, known }) => {
    const details = failure_detailsOf(error);
    const isNew = ([, value]) => !details.some(([, shown]) => shown === value);
    return (0,markup/* folded */.TM)('Ids and details', (0,markup/* fieldList */.FL)([...details, ...idsOf(known).filter(isNew)]));
};
/** What an error says beside its message. */
function failure_detailsOf({ details }) {
    return Object.entries(details).map(([name, value]) => [(0,markup/* text */.Qq)(name), (0,markup/* code */.aY)(value)]);
}

;// CONCATENATED MODULE: ./src/report/summary/links.ts
/** What is clicked or copied first: the function's address, its pages in the console, and the call of it. */


const linksSection = ({ known }) => {
    const target = known.function?.function;
    if (!target)
        return [];
    const address = known.version && links_addressOf(known);
    const isShown = known.version && target.httpInvokeUrl !== '';
    return [
        ...(isShown ? [address ? (0,markup/* bareAnchor */._q)(address) : (0,markup/* code */.aY)(target.httpInvokeUrl), ''] : []),
        ...pagesOf(target),
    ];
};
/** Pages of the console, whose addresses need the folder. */
function pagesOf({ id, folderId }) {
    if (folderId === '')
        return [];
    const [folder = '', fn = ''] = [folderId, id].map((part) => (0,src_text/* urlPart */.fG)(part.slice(0, markup/* MAX_VALUE_CHARACTERS */.uA)));
    const root = `https://console.yandex.cloud/folders/${folder}/functions/functions/${fn}`;
    const pages = [
        ['Function in the console', 'overview'],
        ['Logs', 'logs'],
        ['Operations', 'operations'],
    ];
    return [pages.map(([label, page]) => (0,markup/* anchor */.Y3)(label, `${root}/${page}`)).join(' · ')];
}
/** With a token, which a public function takes as well, unless this run knows that the function is public. */
const callSection = ({ known }) => {
    const address = known.version?.isReady === true ? links_addressOf(known) : undefined;
    if (address === undefined)
        return [];
    if (known.access?.isPublic)
        return (0,markup/* copyable */.kh)('sh', [`curl '${address}'`]);
    return (0,markup/* copyable */.kh)('sh', [
        'curl -H "Authorization: Bearer $(yc iam create-token)" \\',
        `  '${address}'`,
    ]);
};
/** Nothing in it means anything to a shell between single quotes, to Markdown in a block of code, or to HTML. */
const HARMLESS = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.:-]{0,250}(?:\/[A-Za-z0-9._-]{0,100}){0,3}$/;
/** Where the version that is meant answers: that of the first tag, if there are tags. Undefined for an odd address. */
function links_addressOf({ function: target, inputs }) {
    const url = target?.function.httpInvokeUrl ?? '';
    const tag = inputs?.settings.tags[0];
    if (!HARMLESS.test(url))
        return undefined;
    return tag === undefined ? url : `${url}?tag=${tag}`;
}

;// CONCATENATED MODULE: ./src/report/summary/rollback.ts
/** How to go back to what was live before, ready to be copied. */


const rollbackSection = ({ known, context }) => {
    const { version, previous, skipped } = known;
    if (!version || !previous || skipped || !(0,src_text/* isId */.eQ)(previous.id))
        return [];
    const holders = holdersOf(known);
    const commands = holders.map(({ tag, versionId }) => `yc serverless function version set-tag --id ${versionId} --tag ${tag}`);
    const step = stepOf(known, { actionRoot: context.actionRoot, holders });
    const lines = [
        ...(commands.length > 0
            ? ['With the command line of Yandex Cloud:', '', ...(0,markup/* copyable */.kh)('sh', commands), '']
            : []),
        ...(step.length > 0 ? ['With a step:', '', ...(0,markup/* copyable */.kh)('yaml', step)] : []),
        ...(step.length > 0 && commands.length > 0
            ? [
                '',
                'That moves the tags. Callers without a tag get the version before when <code>tags</code> is left out.',
            ]
            : []),
    ];
    const again = `Deploy again with <code>source-version-id: ${previous.id}</code>.`;
    return (0,markup/* folded */.TM)('Roll back', lines.length > 0 ? lines : [again]);
};
/** Tags that were on a version before; a new one has nowhere to go back to. */
function holdersOf({ plan }) {
    const rows = plan?.rows.filter(({ area }) => area === 'tags') ?? [];
    return rows.flatMap(({ name, live = '' }) => {
        const tag = name.startsWith('tags.') ? name.slice('tags.'.length) : '';
        return (0,src_text/* isId */.eQ)(live) && (0,src_text/* isId */.eQ)(tag) ? [{ tag, versionId: live }] : [];
    });
}
/** A step with the revision of the action that runs; none where that lies in a folder. */
function stepOf({ function: target }, { actionRoot, holders }) {
    const functionId = target?.function.id ?? '';
    const [, name, ref] = /^https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+)\/blob\/([\w./-]+)$/.exec(actionRoot) ?? [];
    if (name === undefined || ref === undefined || !(0,src_text/* isId */.eQ)(functionId))
        return [];
    return [
        `- uses: ${name}/rollback@${ref}`,
        '  with:',
        `    function-id: ${functionId}`,
        ...(holders.length === 0 ? [] : ['    tags: |', ...holders.map(({ tag }) => `      ${tag}`)]),
        '    # and the credentials of this step',
    ];
}

// EXTERNAL MODULE: ./src/report/summary/title.ts
var title = __nccwpck_require__(6235);
;// CONCATENATED MODULE: ./src/report/summary/summary.ts
/** The job summary as Markdown: its sections, in their order, as far as they fit. Pure. */








/** A further section stands in a file beside this one, and has a line in the lists that shall have it. */
const DEPLOYED = [
    linksSection,
    callSection,
    factsSection,
    changesSection,
    filesSection,
    unchangedSection,
    contentsSection,
    rollbackSection,
    idsSection,
];
const PLANNED = [
    planSection,
    filesSection,
    unchangedSection,
    notesSection,
    linksSection,
    factsSection,
    contentsSection,
    idsSection,
];
const FAILED = [
    messageSection,
    evidenceSection,
    linksSection,
    failedFactsSection,
    failedIdsSection,
];
/** GitHub takes a summary of at most 1 MiB for a step: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary */
const MAX_SUMMARY_BYTES = 1024 ** 2;
const TOO_LARGE = '(The rest is too large for a summary: see the log.)';
function successSummary(end) {
    const { known } = end;
    const sections = known.inputs?.release.isDryRun ? PLANNED : DEPLOYED;
    const name = (0,markup/* text */.Qq)((0,title/* nameOf */.Vb)(known.inputs?.function.target, known.function));
    return compose(`### ${(0,title/* successTitle */.QK)(known, name)}`, sections.map((section) => section(end)));
}
function failureSummary(run) {
    return compose(failureTitle(run), FAILED.map((section) => section(run)));
}
/** A title and sections of Markdown, each its lines; leaves out each section that does not fit, and says so. */
function compose(title, sections) {
    const parts = sections.map((lines) => lines.join('\n')).filter((markdown) => markdown !== '');
    let left = MAX_SUMMARY_BYTES - Buffer.byteLength(`${title}\n\n${TOO_LARGE}\n`);
    const shown = parts.filter((markdown) => {
        const bytes = Buffer.byteLength(markdown) + 2;
        if (bytes > left)
            return false;
        left -= bytes;
        return true;
    });
    const note = shown.length < parts.length ? [TOO_LARGE] : [];
    return `${[title, ...shown, ...note].join('\n\n')}\n`;
}

;// CONCATENATED MODULE: ./src/report/teller.ts
/** What the reports of all actions share: lines with their time, outputs that may fail, and how an end is told. */




/** As wide as the time before a step. */
const NO_TIME = ' '.repeat(10);
/** How many of the last lines of a build's log are shown, and how many of them outside the fold. */
const teller_LAST_LINES = { shown: 50, open: 10 };
class Teller {
    #runner;
    #clock;
    #action;
    #startedAtMs;
    /** Kept for the end, as are notices: a failed run has one annotation, its failure. */
    #warnings = [];
    #notices = [];
    /** The first output that could not be set. */
    #lost;
    constructor(action, { runner, clock }) {
        this.#action = action;
        this.#runner = runner;
        this.#clock = clock;
        this.#startedAtMs = clock.now();
    }
    /** Since the start of the run. */
    get durationMs() {
        return this.#clock.now() - this.#startedAtMs;
    }
    /** What is being done, for the log. */
    log(message) {
        this.#runner.info(this.#timed((0,src_text/* withoutBackticks */.sG)(message)));
    }
    tell({ outputs = {}, lines = [], group }) {
        for (const [output, value] of Object.entries(outputs))
            this.#output(output, value);
        if (group)
            this.#runner.group(this.#timed(group.title), group.lines.map(src_text/* withoutBackticks */.sG));
        for (const [at, line] of lines.entries()) {
            const { text, tone } = typeof line === 'string' ? { text: line } : line;
            const shown = (0,src_text/* withoutBackticks */.sG)(text);
            this.#runner.info(at === 0 ? this.#timed(shown) : NO_TIME + shown, tone);
        }
    }
    warn(title, messages) {
        for (const message of messages) {
            // A warning about one input begins with its name.
            const [, input] = /^`([a-z.-]+)`/.exec(message) ?? [];
            const about = input === undefined ? title : `${title}: ${input}`;
            const shown = (0,src_text/* withoutBackticks */.sG)(this.#runner.hide(message));
            // A run that is told to have failed after it has succeeded has the same warnings again.
            if (this.#warnings.some((warning) => warning.message === shown))
                continue;
            this.#warnings.push({ title: about, message: shown });
        }
    }
    notice({ title, message }) {
        this.#notices.push({ title, message: (0,src_text/* withoutBackticks */.sG)(message) });
    }
    /** Ends a run that did what it says in `done`. Throws DeployError when its outputs could not be set. */
    async succeeded({ done, summary }) {
        if (this.#lost)
            throw outputsLost(this.#lost, done);
        for (const warning of this.#warnings)
            this.#runner.warning(warning);
        for (const notice of this.#notices)
            this.#runner.notice(notice);
        await this.#writeSummary(summary);
    }
    /** One annotation for the run, further ones only on lines of files; takes whatever was thrown. */
    async failed(thrown, { known, summary, }) {
        const runner = this.#runner;
        const error = shownError(asDeployError(thrown), runner);
        const link = docsLink(error, { root: runner.context.actionRoot, action: this.#action });
        for (const cause of (0,errors/* causesOf */.cZ)(thrown))
            runner.debug(cause.stack ?? cause.message);
        for (const { title, message } of [...this.#warnings, ...this.#notices]) {
            runner.info(`${title}: ${message}`);
        }
        const log = buildLogOf(error, runner);
        const buildLog = log.slice(-teller_LAST_LINES.shown);
        if (buildLog.length > 0)
            this.#showBuildLog(buildLog);
        const places = lineAnnotations(log, { known, context: runner.context });
        for (const annotation of [...places, annotationOf(error, link)])
            runner.error(annotation);
        const shown = { error, link, buildLog };
        await this.#writeSummary(() => summary(shown));
        return shown;
    }
    /** The reason stands in the last lines: nobody should have to open a fold for it. */
    #showBuildLog(lines) {
        if (lines.length > teller_LAST_LINES.open)
            this.#runner.group('Build log', lines);
        this.#runner.info('The build log ends with:');
        for (const line of lines.slice(-teller_LAST_LINES.open))
            this.#runner.info(`  ${line}`);
    }
    /** A line that begins with the time since the start of the run. */
    #timed(line) {
        return `${seconds(this.durationMs).padStart(NO_TIME.length - 2)}  ${line}`;
    }
    /** What is done is done, whether or not the next step can be told: that is reported at the end. */
    #output(output, value) {
        try {
            this.#runner.setOutput(output, value);
        }
        catch (cause) {
            this.#lost ??= { output, cause };
        }
    }
    /** What is done is done, whether or not its summary can be made and written. */
    async #writeSummary(render) {
        try {
            await this.#runner.writeSummary(render());
        }
        catch (error) {
            this.#runner.info(`The job summary could not be written: ${(0,src_text/* oneLine */.TN)(reasonOf(error))}`);
        }
    }
}

;// CONCATENATED MODULE: ./src/report/outputs.ts
/** The outputs of a step, of which `plan` is a plan for programs: names and verdicts, no values. Pure. */
/** Outputs of a job have 1 MB together, and steps hand them on in their environment. In bytes. */
const MAX_PLAN_BYTES = 48 * 1024;
/**
 * At most {@link MAX_PLAN_BYTES} in UTF-8: what changes comes first, and what is cut is counted. Its form:
 * docs/plan.schema.json.
 */
function planJson(plan) {
    const frame = outputs_compose(plan, ({ length }) => ({ count: length, items: [] }));
    return JSON.stringify(outputs_compose(plan, fitter(MAX_PLAN_BYTES - byteLength(frame))));
}
function outputs_compose({ live, package: code, ...plan }, fit) {
    const rows = plan.rows.map(({ area, name, verdict }) => ({ area, name, verdict }));
    const same = rows.filter(({ verdict }) => verdict === 'unchanged');
    const { files } = code;
    return {
        version: 1,
        compared: plan.isCompared,
        live: live ? { id: live.id, tag: live.tag, createdAt: live.createdAt } : null,
        changed: plan.changed ?? null,
        changes: plan.changes,
        rows: fit([...rows.filter((row) => !same.includes(row)), ...same]),
        package: {
            sha256: code.sha256 ?? null,
            sizeBytes: code.sizeBytes ?? null,
            liveSha256: live?.sha256 ?? null,
            liveSizeBytes: code.liveSizeBytes ?? null,
        },
        files: files
            ? {
                changed: fit(files.changed),
                added: fit(files.added),
                removed: fit(files.removed),
                unchangedCount: files.unchangedCount,
            }
            : null,
    };
}
/** Cuts one list after the other, each to the room that those before it leave. */
function fitter(room) {
    let left = room;
    return (items) => {
        const end = items.findIndex((item) => {
            left -= byteLength(item) + 1;
            return left < 0;
        });
        return { count: items.length, items: end < 0 ? items : items.slice(0, end) };
    };
}
function byteLength(value) {
    return Buffer.byteLength(JSON.stringify(value));
}

;// CONCATENATED MODULE: ./src/report/telling.ts
/** What a fact gives to tell: outputs and lines of the log at once, warnings and notices for the end of the run. Pure. */




/** All that one fact gives to tell. */
function tellingOf(fact) {
    switch (fact.name) {
        case 'subject':
        case 'promotion':
            return {};
        case 'inputs':
            return { warnings: { title: 'Inputs', messages: fact.value.warnings } };
        case 'warnings':
            return { warnings: { title: 'Inputs', messages: fact.value } };
        case 'notice':
            return { notice: fact.value };
        case 'package': {
            const { selection, archive } = fact.value;
            return {
                outputs: { 'package-sha256': archive.sha256, 'package-size': String(archive.sizeBytes) },
                group: describePackage(fact.value),
                warnings: { title: 'Package', messages: selection.warnings },
            };
        }
        case 'plan': {
            const { changed, changes } = fact.value;
            return {
                outputs: {
                    changed: changed === undefined ? '' : String(changed),
                    changes: changes.join(','),
                    plan: planJson(fact.value),
                },
                lines: [`Plan: ${(0,report_plan/* planHeadline */.MM)(fact.value)}`, ...(0,report_plan/* planLines */.HN)(fact.value)],
            };
        }
        case 'previous':
            return { outputs: { 'previous-version-id': fact.value.id } };
        case 'function': {
            const { function: target, origin, notice } = fact.value;
            const { id, name, httpInvokeUrl: url } = target;
            return {
                outputs: { 'function-id': id, ...(url !== '' && { 'function-url': url }) },
                lines: [`Function ${(0,src_text/* oneLine */.TN)(name)} (${id}): ${origin}`],
                ...(notice !== undefined && { notice: { title: 'New function', message: notice } }),
            };
        }
        case 'skipped': {
            const line = 'Unchanged: the live version is what the step asks for, so none is created';
            return { outputs: { skipped: String(fact.value) }, ...(fact.value && { lines: [line] }) };
        }
        case 'code': {
            if (fact.value.kind === 'inline')
                return {};
            if (fact.value.kind === 'version') {
                return { lines: [`Code: that of the version ${fact.value.versionId}; nothing is uploaded`] };
            }
            const { bucket, key, outcome } = fact.value;
            const state = outcome === 'present' ? 'already uploaded' : 'uploaded';
            return {
                outputs: { 'object-name': key },
                lines: [`Object ${key} in the bucket ${bucket}: ${state}`],
            };
        }
        case 'build': {
            const { id } = fact.value.operation;
            return {
                outputs: { 'operation-id': id },
                lines: [`Operation ${id}: the version is being built`],
            };
        }
        case 'version': {
            const { id, isReady } = fact.value;
            const state = isReady ? 'ready' : 'accepted (not waiting for the build)';
            return { outputs: { 'version-id': id }, lines: [`Version ${id}: ${state}`] };
        }
        case 'checked':
            return {
                outputs: { checked: String(fact.value.kind === 'passed') },
                lines: [checkLine(fact.value)],
            };
        case 'restored': {
            const { versionId, fromId } = fact.value;
            return {
                lines: [`Version ${versionId}: ready, a copy of ${fromId} for callers without a tag`],
            };
        }
        case 'access': {
            const { isPublic, changed, leftOpen } = fact.value;
            const state = isPublic ? 'on, anyone may call the function' : 'off';
            const rights = leftOpen.map(({ roleId, subject }) => `${roleId} for ${subject.id}`).join(', ');
            const message = (0,src_text/* oneLine */.TN)(`\`public: false\` left other rights as they are: ${rights}.`);
            return {
                lines: [`Public access: ${state}${changed ? '' : ' (unchanged)'}`],
                ...(rights !== '' && { notice: { title: 'Public access', message } }),
            };
        }
        case 'scaling':
            return {
                lines: fact.value.map((scaling) => {
                    const note = scaling.outcome === 'unchanged' ? 'unchanged' : 'in effect within five minutes';
                    return `Scaling of ${scalingLine(scaling)} (${note})`;
                }),
            };
    }
}
/**
 * A pull request whose code is deployed before it is merged. Undefined for another event, and for a function that is
 * meant for it: its name has the number of the pull request, or the word `preview`.
 */
function pullRequestWarning({ build, function: target }, { event, ref = '' }) {
    if (!build || event !== 'pull_request')
        return undefined;
    const name = target?.function.name ?? '';
    const [, number = ''] = /^refs\/pull\/(\d+)\//.exec(ref) ?? [];
    if (/(?:^|-)previews?(?:-|$)/.test(name))
        return undefined;
    if (number !== '' && name.split(/\D+/).includes(number))
        return undefined;
    const which = number === '' ? 'a pull request' : `the pull request ${number}`;
    return `The code of ${which} becomes $latest of the function ${(0,src_text/* quote */.hD)(name)} before it is merged: callers without a tag get it at once. Set \`dry-run: true\` for pull requests, or deploy each to a function of its own.`;
}

;// CONCATENATED MODULE: ./src/report/report.ts
/** Tells the user what happened in a deployment: log lines and outputs as soon as facts are true, the rest at the end. */







class Report {
    #runner;
    #teller;
    #tellPullRequest;
    #times = {};
    constructor(deps) {
        this.#tellPullRequest = deps.tellPullRequest;
        this.#runner = deps.runner;
        this.#teller = new Teller('deploy', deps);
    }
    /** A fact that has just become true. */
    tell(fact) {
        this.#times[fact.name] = this.#teller.durationMs;
        const { warnings, notice, ...told } = tellingOf(fact);
        this.#teller.tell(told);
        if (warnings)
            this.#teller.warn(warnings.title, warnings.messages);
        if (notice)
            this.#teller.notice(notice);
    }
    /** What is being done, for the log. */
    log(message) {
        this.#teller.log(message);
    }
    /** Throws DeployError when the deployment is done and its outputs are not. */
    async succeeded(known) {
        this.#warnOfPullRequest(known);
        const { id = '', isReady } = known.version ?? {};
        await this.#teller.succeeded({
            done: `The version ${id} ${isReady ? 'is ready' : 'was accepted'}`,
            summary: () => successSummary(this.#end(known)),
        });
        const trouble = await this.#comment(known);
        if (trouble !== undefined) {
            this.#runner.notice({ title: 'Pull request', message: (0,src_text/* withoutBackticks */.sG)(trouble) });
        }
        this.#runner.info(lastLine(known, this.#teller.durationMs), 'done');
    }
    /** Takes whatever was thrown. */
    async failed(thrown, known) {
        this.#warnOfPullRequest(known);
        const { error } = await this.#teller.failed(thrown, {
            known,
            summary: (shown) => failureSummary({ ...this.#end(known), ...shown }),
        });
        const trouble = await this.#comment(known, error);
        if (trouble !== undefined)
            this.#runner.info(trouble);
    }
    #warnOfPullRequest(known) {
        const warning = pullRequestWarning(known, this.#runner.context);
        if (warning !== undefined)
            this.#teller.warn('Pull request', [warning]);
    }
    /** Resolves to what went wrong: the deployment is what it is, whether or not its comment can be written. */
    async #comment(known, failure) {
        const subject = (0,title/* subjectOf */.et)(known);
        if (!subject?.commentToken || !this.#tellPullRequest)
            return undefined;
        try {
            const news = { subject, known, failure };
            const outcome = await this.#tellPullRequest(news, subject.commentToken);
            if (!outcome)
                this.#runner.info('No comment: the run is for no pull request');
            if (outcome?.url !== undefined) {
                this.#runner.info(`Comment on ${outcome.url.split('#', 1).join('')}`);
                this.#runner.setOutput('comment-url', outcome.url);
            }
            if (outcome?.trouble === undefined)
                return undefined;
            return outcome.url === undefined
                ? notWritten(outcome.trouble)
                : `The comment is written, but an older one may be left as it is: ${outcome.trouble}`;
        }
        catch (error) {
            return notWritten((0,src_text/* oneLine */.TN)(reasonOf(error)));
        }
    }
    #end(known) {
        const { context } = this.#runner;
        return { known, context, times: this.#times, durationMs: this.#teller.durationMs };
    }
}
function notWritten(reason) {
    return `The comment was not written: ${reason}`;
}

;// CONCATENATED MODULE: ./src/main.ts
/** The story of a deployment. */








/** Deploys and reports; resolves to the exit code, whatever happens. */
async function main(raw, world) {
    const report = new Report(world);
    const progress = new Progress((fact) => {
        report.tell(fact);
    });
    try {
        maskCredentials(raw, world.runner);
        const subject = readSubject(raw);
        if (subject)
            progress.record('subject', subject);
        const inputs = progress.record('inputs', parseInputs(raw, world.runner.context));
        const log = (message) => {
            report.log(message);
        };
        const connection = connect(inputs, { ...world, log });
        if (connection) {
            const { cloud, close } = connection;
            await deploy(inputs, { ...world, cloud, progress }).finally(close);
        }
        else
            await planAlone(inputs, { ...world, progress });
        await report.succeeded(progress.known);
        return 0;
    }
    catch (error) {
        await report.failed(error, progress.known);
        return 1;
    }
}
async function planAlone(inputs, deps) {
    const { packed, plan } = await prepareAlone(inputs, { ...deps, context: deps.runner.context });
    if (packed)
        deps.progress.record('package', packed);
    deps.progress.record('plan', plan);
}
async function deploy(inputs, { cloud, progress, runner }) {
    const prepared = await prepare(inputs, { cloud, context: runner.context });
    const { target, code, plan, warnings } = prepared;
    progress.record('warnings', warnings);
    if (code.kind !== 'version')
        progress.record('package', code.packed);
    const { isDryRun } = inputs.release;
    if (isDryRun && target.function) {
        progress.record('function', { function: target.function, origin: 'found' });
    }
    progress.record('plan', plan);
    if (isDryRun)
        return;
    if (plan.live)
        progress.record('previous', plan.live);
    // From here on the cloud is changed; progress tells how far it came.
    try {
        await apply({ inputs, prepared }, { cloud, progress, context: runner.context });
    }
    catch (thrown) {
        const { folderId } = target;
        throw await explainFailure(thrown, { known: { ...progress.known, inputs }, folderId, cloud });
    }
}


/***/ }),

/***/ 1307:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B2: () => (/* binding */ SIGNS),
/* harmony export */   HN: () => (/* binding */ planLines),
/* harmony export */   MM: () => (/* binding */ planHeadline),
/* harmony export */   NZ: () => (/* binding */ fileCounts),
/* harmony export */   R8: () => (/* binding */ filesOf),
/* harmony export */   Ur: () => (/* binding */ tagsTakenAlong),
/* harmony export */   c_: () => (/* binding */ tableOf),
/* harmony export */   iA: () => (/* binding */ minuteOf),
/* harmony export */   j: () => (/* binding */ callersNote),
/* harmony export */   my: () => (/* binding */ comparison)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8992);
/** A plan for those who read the run: lines for the log, and the pieces of the same table in the summary. Pure. */

/** Most names of files of each kind. */
const MAX_FILES = 20;
/** What stands before a row or the name of a file. */
const SIGNS = {
    added: '+',
    removed: '-',
    changed: '~',
    unchanged: ' ',
    unknown: '?',
};
/** What a plan comes to, to be put after "Plan: ". */
function planHeadline({ isCompared, uncomparedFor, changed, changes, rows }) {
    if (!isCompared)
        return `nothing was compared, ${uncomparedFor}`;
    if (changed === undefined)
        return 'it is not known whether anything changes';
    if (!changed)
        return 'no changes';
    const settings = rows.filter(({ area, verdict }) => area === 'settings' && verdict !== 'unchanged' && verdict !== 'unknown');
    const parts = changes.map((area) => area === 'settings' ? (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .plural */ .LS)(settings.length, 'setting') : area);
    const isOne = parts.length === 1 && !/(tags|settings)$/.test((0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(parts));
    return `${(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(parts)} ${isOne ? 'changes' : 'change'}`;
}
/** Lines for the log: what changes, and how much does not. */
function planLines(plan) {
    const { differing, unchanged } = tableOf(plan);
    const width = Math.max(0, ...differing.map(({ name }) => name.length));
    const plain = (text) => text;
    const note = callersNote(plan, plain);
    return [
        comparison(plan, plain),
        ...differing.map(({ verdict, name, live, after }) => {
            const values = live === '' || after === '' ? `${live}${after}` : `${live} -> ${after}`;
            return toned(verdict, `${SIGNS[verdict]} ${name.padEnd(width)}  ${values}`);
        }),
        ...filesOf(plan, MAX_FILES).flatMap(({ kind, names, left }) => [
            `Files ${kind}: ${names.length + left}`,
            ...names.map((name) => toned(kind, `  ${SIGNS[kind]} ${name}`)),
            ...(left > 0 ? [`  … and ${left} more`] : []),
        ]),
        ...(unchanged.length > 0 ? [`Unchanged: ${unchanged.length}`] : []),
        ...(note === undefined ? [] : [note]),
    ];
}
function toned(verdict, line) {
    const text = (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(line).trimEnd();
    return verdict === 'unchanged' || verdict === 'unknown' ? { text } : { text, tone: verdict };
}
/** The rows, parted by whether they differ. Tags that are taken along are in neither: they have a sentence. */
function tableOf(plan) {
    const taken = tagsTakenAlong(plan.rows);
    const lines = plan.rows.map((row) => ({ ...row, ...valuesOf(row, plan) }));
    return {
        differing: lines.filter(({ verdict }) => verdict !== 'unchanged'),
        unchanged: lines.filter(({ verdict, name }) => verdict === 'unchanged' && !taken.some((tag) => name === `tags.${tag}`)),
    };
}
/** The tags that move from the live version to the one that follows it, where code or settings differ. */
function tagsTakenAlong(rows) {
    const isReplaced = rows.some(({ area, verdict }) => (area === 'code' || area === 'settings') && verdict !== 'unchanged');
    if (!isReplaced)
        return [];
    return rows
        .filter(({ name, verdict }) => name.startsWith('tags.') && verdict === 'unchanged')
        .map(({ name }) => name.slice('tags.'.length));
}
function valuesOf(row, plan) {
    if (row.area === 'code') {
        const { live, after } = packageValues(plan);
        return { live: row.verdict === 'unchanged' ? after : live, after };
    }
    if (row.verdict === 'unknown')
        return { live: 'not visible to this account', after: 'set' };
    if (row.visibility === 'nobody')
        return { live: '', after: row.verdict };
    const { live = '', after = '' } = row;
    return { live, after: row.verdict === 'removed' ? 'none' : after };
}
const DIGEST_CHARACTERS = 8;
function packageValues({ live, package: sent, isCompared }) {
    const show = (sizeBytes, sha256) => [
        ...(sizeBytes === undefined ? [] : [(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .formatBytes */ .z3)(sizeBytes)]),
        ...(sha256 === undefined ? [] : [`sha256 ${sha256.slice(0, DIGEST_CHARACTERS)}…`]),
    ].join(', ');
    const isUnknown = !isCompared || (live && live.sha256 === undefined);
    return {
        live: isUnknown ? 'not known' : show(sent.liveSizeBytes, live?.sha256),
        after: sent.sizeBytes === undefined ? 'code of a version' : show(sent.sizeBytes, sent.sha256),
    };
}
/** With what a plan compares; `code` is how ids are shown. */
function comparison({ isCompared, uncomparedFor, live }, code) {
    if (!isCompared)
        return `Compared with nothing: ${uncomparedFor}.`;
    if (!live)
        return 'Nothing is live yet: everything is new.';
    const time = minuteOf(live.createdAt);
    // What is no time may be anything.
    const created = time === live.createdAt ? code(time) : time;
    return `Compared with the version ${code(live.id)} (tag ${code(live.tag)}, created ${created}).`;
}
/** `2026-01-31 12:00 UTC`; what is no time stays as it is. */
function minuteOf(time) {
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d.*Z$/.test(time)
        ? `${time.slice(0, 16).replace('T', ' ')} UTC`
        : time;
}
/** Which callers get a new version beside those of the rows; `code` is how names are shown. */
function callersNote({ rows, changed }, code) {
    const tags = rows.filter(({ area }) => area === 'tags');
    if (changed === false || tags.length === 0)
        return undefined;
    const note = `A version that is created becomes ${code('$latest')}: callers without a tag get it at once.`;
    const taken = tagsTakenAlong(rows).map(code);
    if (taken.length === 0)
        return note;
    const isChecked = tags.some(({ name }) => name.startsWith('check-tag.'));
    const when = isChecked ? ', once it has passed its check' : '';
    return `${note} It takes the ${taken.length === 1 ? 'tag' : 'tags'} ${taken.join(', ')} from the live version${when}.`;
}
const FILE_KINDS = ['changed', 'added', 'removed'];
/** The files that differ, by kind. */
function filesOf({ package: { files } }, maxFiles) {
    if (!files)
        return [];
    return FILE_KINDS.filter((kind) => files[kind].length > 0).map((kind) => ({
        kind,
        names: files[kind].slice(0, maxFiles),
        left: Math.max(0, files[kind].length - maxFiles),
    }));
}
/** Such as `2 changed`, `1 added`. */
function fileCounts(plan) {
    return filesOf(plan, 0).map(({ kind, left }) => `${left} ${kind}`);
}


/***/ }),

/***/ 6569:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F4: () => (/* binding */ codes),
/* harmony export */   FL: () => (/* binding */ fieldList),
/* harmony export */   Ng: () => (/* binding */ fieldTable),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   TM: () => (/* binding */ folded),
/* harmony export */   Y3: () => (/* binding */ anchor),
/* harmony export */   _q: () => (/* binding */ bareAnchor),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   kh: () => (/* binding */ copyable),
/* harmony export */   uA: () => (/* binding */ MAX_VALUE_CHARACTERS)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8992);
/** Pieces of Markdown for summaries and comments. Foreign text in them is text alone, also for GitHub, which looks for mentions after Markdown. */

/** The longest name or id of the cloud that is shown, in characters. */
const MAX_VALUE_CHARACTERS = 500;
/** Most names in one list. */
const MAX_NAMES = 40;
function text(value) {
    return (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .markdownText */ .p7)((0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)(value, MAX_VALUE_CHARACTERS));
}
/** What cannot be seen shows as a sign that stands for it. */
function code(value) {
    const visible = (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)(value, MAX_VALUE_CHARACTERS).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
    return `<code>${(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .markdownText */ .p7)(visible)}</code>`;
}
/** The label is Markdown, the address one that has been checked. */
function anchor(label, address) {
    return `<a href="${escaped(address)}">${label}</a>`;
}
/** A link whose label is its address, with its query. */
function bareAnchor(address) {
    return anchor(`<code>${escaped(address)}</code>`, address);
}
function escaped(address) {
    return address.replace(/[^\w:/.%~-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
/** Names, each as code; the rest of a long list is counted. */
function codes(names) {
    const shown = names.slice(0, MAX_NAMES).map(code);
    const left = names.length - shown.length;
    return (left > 0 ? [...shown, `and ${left} more`] : shown).join(' ');
}
/** A table of HTML: Markdown has none without a header. Nothing when there is no value. */
function fieldTable(fields) {
    const rows = filled(fields).map(([name, value]) => `<tr><th align="left">${name}</th><td>${value}</td></tr>`);
    return rows.length === 0 ? [] : ['<table>', ...rows, '</table>'];
}
function fieldList(fields) {
    return filled(fields).map(([name, value]) => `- ${name}: ${value}`);
}
function filled(fields) {
    return fields.flatMap(([name, value]) => (value ? [[name, value]] : []));
}
/** Lines under a title that opens them; nothing when there are none. */
function folded(title, lines) {
    if (lines.length === 0)
        return [];
    return [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>'];
}
/** Lines to copy, which are of our own making: whatever foreign is in them has been checked. */
function copyable(language, lines) {
    return [`\`\`\`${language}`, ...lines, '```'];
}


/***/ }),

/***/ 6235:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   QK: () => (/* binding */ successTitle),
/* harmony export */   Vb: () => (/* binding */ nameOf),
/* harmony export */   et: () => (/* binding */ subjectOf)
/* harmony export */ });
/* harmony import */ var _plan_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1307);
/** The heading of a summary or a comment: what happened, and to which function. Pure. */

/** What a run is about: of its inputs, or, where they are invalid, of those that could be read. */
function subjectOf({ inputs, subject }) {
    if (!inputs)
        return subject;
    const { isDryRun, commentToken } = inputs.release;
    return { target: inputs.function.target, isDryRun, commentToken };
}
/** The function's name as far as it is known, else its id. */
function nameOf(target, found) {
    const wanted = target?.kind === 'name' ? target.functionName : target?.functionId;
    return [found?.function.name, wanted].find((name) => name) ?? 'function';
}
/** For a run that has succeeded; the name is Markdown. */
function successTitle({ plan, version, skipped }, name) {
    if (plan && !version)
        return `Plan for ${name}: ${(0,_plan_js__WEBPACK_IMPORTED_MODULE_0__/* .planHeadline */ .MM)(plan)}`;
    if (skipped)
        return `Unchanged: ${name}`;
    return version?.isReady === false ? `Accepted a version of ${name}` : `Deployed ${name}`;
}


/***/ }),

/***/ 7355:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ Secret)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_util__WEBPACK_IMPORTED_MODULE_0__);
/** A value that must never be shown: printing or serialising the wrapper gives `***`. */

const HIDDEN = '***';
/** Wraps a secret string; only {@link Secret.reveal} gives it back. */
class Secret {
    #value;
    constructor(value) {
        this.#value = value;
    }
    /** The secret itself: call it where the value leaves for its one destination, nowhere else. */
    reveal() {
        return this.#value;
    }
    toString() {
        return HIDDEN;
    }
    toJSON() {
        return HIDDEN;
    }
    [node_util__WEBPACK_IMPORTED_MODULE_0__.inspect.custom]() {
        return HIDDEN;
    }
}


/***/ }),

/***/ 8992:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $Q: () => (/* binding */ clip),
/* harmony export */   FP: () => (/* binding */ looksLikeName),
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   Xo: () => (/* binding */ formatSeconds),
/* harmony export */   Yi: () => (/* binding */ hideLinks),
/* harmony export */   Zv: () => (/* binding */ listNames),
/* harmony export */   dI: () => (/* binding */ markdownBlock),
/* harmony export */   eQ: () => (/* binding */ isId),
/* harmony export */   fG: () => (/* binding */ urlPart),
/* harmony export */   h$: () => (/* binding */ markdownProse),
/* harmony export */   hD: () => (/* binding */ quote),
/* harmony export */   kc: () => (/* binding */ logText),
/* harmony export */   lO: () => (/* binding */ withoutValues),
/* harmony export */   p7: () => (/* binding */ markdownText),
/* harmony export */   pj: () => (/* binding */ plain),
/* harmony export */   sG: () => (/* binding */ withoutBackticks),
/* harmony export */   sl: () => (/* binding */ MAX_LISTED_PROBLEMS),
/* harmony export */   vz: () => (/* binding */ listProblems),
/* harmony export */   z3: () => (/* binding */ formatBytes)
/* harmony export */ });
/** Escapes untrusted text for logs and Markdown, and formats values, lists and sizes for messages. Pure. */
// Control characters but tab and line feed: they move the cursor, colour the log or end a line early.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// What terminals take for a colour or a move, with its parameters.
// eslint-disable-next-line no-control-regex
const SEQUENCES = /\u001b\[[\d;?]{0,30}[A-Za-z]/g;
/** Without control characters, on lines of its own. */
function plain(text) {
    return text.replace(SEQUENCES, '').replaceAll('\r\n', '\n').replace(CONTROL, ' ');
}
/** As {@link plain}, on one line. */
function oneLine(text) {
    return plain(text).replace(/[\n\t]+/g, ' ');
}
/** Parameters of a pre-signed link, also where the rest of the link is missing. */
const SIGNATURES = /\b(X-Amz-[A-Za-z-]{1,40}|Signature|AWSAccessKeyId)=[^\s"'<>&]+/gi;
/**
 * Links without what may give access: the user and password of a link, its query and its fragment, also where the
 * `?` is written in another way. What belongs to a link goes on until the next space, whatever characters it has.
 */
function hideLinks(text) {
    return text.replace(SIGNATURES, '$1=***').replace(/:\\?\/\\?\/\S+/g, (link) => {
        const end = link.search(/[?#]|%3f|%23|\\u003f|&quest;/i);
        const address = end < 0 ? link : link.slice(0, end);
        const query = address.length + 1 < link.length ? '?***' : '?';
        return address.replace(/(\/\\?\/)[^/\\@]*@/g, '$1***@') + (end < 0 ? '' : query);
    });
}
/** A shorter value may be any word of the text around it, in characters. */
const MIN_VALUE_CHARACTERS = 6;
/**
 * The text with stars in place of every value that is too long to be an ordinary word, also where it is escaped as in
 * JSON, once or twice, and in place of each line of a longer one.
 */
function withoutValues(text, values = []) {
    const forms = values.flatMap((value) => [value, ...value.split(/\r?\n/).map((line) => line.trim())].flatMap((part) => {
        const once = JSON.stringify(part).slice(1, -1);
        return [part, once, JSON.stringify(once).slice(1, -1)];
    }));
    return [...new Set(forms)]
        .filter((form) => form.length >= MIN_VALUE_CHARACTERS)
        .toSorted((a, b) => b.length - a.length)
        .reduce((rest, form) => rest.replaceAll(form, '***'), text);
}
/** The beginning of a text that has more characters than that. */
function clip(text, maxCharacters) {
    return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}… (cut)` : text;
}
/** One part of the path of a URL, which no character can end early, and no half of one can break. */
function urlPart(text) {
    return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
/** Lines for the log of a runner, which takes a line that starts with `::` or holds `##[` for a command. */
function logText(text) {
    return plain(text)
        .replace(/^([^\S\n]*):(?=:)/gm, '$1:\u200b')
        .replaceAll('##[', '##\u200b[');
}
/** Without backticks, where nothing makes code of them: a word is quoted, what is no word stands for itself. */
function withoutBackticks(text) {
    return text.replace(/`([^`\n]+)`/g, (_, quoted) => /^[a-zA-Z]+$|\s/.test(quoted) ? `"${quoted}"` : quoted);
}
/** Text inside Markdown or HTML that shows exactly these characters, on one line: no markup, link or mention. */
function markdownText(text) {
    return oneLine(hideLinks(text)).replace(/[^\p{L}\p{M}\p{N} /]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
/** Several lines inside Markdown, as a block of code. */
function markdownBlock(text) {
    const escaped = plain(hideLinks(text)).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
    // A blank line would end the HTML block and let Markdown begin again.
    return `<pre>${escaped.replace(/\n(?=[^\S\n]*\n)/g, '\n&#8203;')}</pre>`;
}
/** A text of ours that may quote foreign values, as Markdown: `code` stays code, lines and indentation stay. */
function markdownProse(text) {
    return hideLinks(text)
        .split('\n')
        .map((line) => {
        const indent = /^ */.exec(line)?.[0].length ?? 0;
        const parts = line.split('`').map((part, index) => {
            const escaped = markdownText(part);
            return index % 2 === 1 ? `<code>${escaped}</code>` : escaped;
        });
        return '&nbsp;'.repeat(indent) + parts.join('').trimStart();
    })
        .join('<br>\n');
}
/** The value in quotes, on one line, cut to a length that keeps a message readable. */
function quote(text) {
    const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    return JSON.stringify(short);
}
/** One, two and three. */
function listed(parts) {
    const last = parts.at(-1) ?? '';
    return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
/** `a`, `b` and `c`. */
function listNames(names) {
    return listed(names.map((name) => `\`${name}\``));
}
/** A longer list does not help: something is wrong with a whole folder. */
const MAX_LISTED_PROBLEMS = 50;
/** One problem as it is; several as a list under `<n> problems with the <what>:`, one on each line. */
function listProblems(problems, what) {
    if (problems.length < 2)
        return problems.join('');
    const rest = problems.length - MAX_LISTED_PROBLEMS;
    return [
        `${problems.length} problems with the ${what}:`,
        ...problems.slice(0, MAX_LISTED_PROBLEMS),
        ...(rest > 0 ? [`and ${rest} more`] : []),
    ].join('\n');
}
/** A size for people, in powers of 1024: `412 B`, `3.5 MiB`. */
function formatBytes(bytes) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let value = bytes;
    let unit = 0;
    // 1023.95 would be shown as 1024.0.
    while (unit < units.length - 1 && value >= (unit === 0 ? 1024 : 1023.95)) {
        value /= 1024;
        unit++;
    }
    return `${Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}
/** A duration in the shortest form that inputs take: `90s`, `15m`, `1h`. */
function formatSeconds(seconds) {
    if (seconds % 3600 === 0)
        return `${seconds / 3600}h`;
    return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
/** Whether a text certainly is not an id: ids of the cloud are lower-case letters and digits, 20 of them today. */
function looksLikeName(text) {
    return !/^([a-z0-9]{20}|[a-z0-9]*\d[a-z0-9]*)$/.test(text);
}
/**
 * Whether a text can be the id of a cloud resource: at most 50 characters that are safe in a path, a filter and a command
 * line, and the first is not a dot or a hyphen.
 */
function isId(text) {
    return /^\w[\w.-]{0,49}$/.test(text);
}
/** `1 file`, `2 files`, `15,000 files`. */
function plural(count, noun) {
    return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}


/***/ }),

/***/ 7492:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Gk: () => (/* binding */ int64),
/* harmony export */   Jt: () => (/* binding */ flag),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   RR: () => (/* binding */ readAbout),
/* harmony export */   Te: () => (/* binding */ texts),
/* harmony export */   Zc: () => (/* binding */ resource),
/* harmony export */   iU: () => (/* binding */ message),
/* harmony export */   id: () => (/* binding */ id),
/* harmony export */   ld: () => (/* binding */ items),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   p_: () => (/* binding */ list)
/* harmony export */ });
/* unused harmony export object */
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8992);
/** Readers of proto3 JSON: strict on types; what is absent has the default of its type, what is unknown is passed over. */


/** Well-formed text. */
const text = (value, field) => {
    const read = value ?? '';
    if (typeof read !== 'string')
        throw new TypeError(`"${field}" is not a string`);
    return read.toWellFormed();
};
/** The id of a resource, which is never absent. */
const id = (value, field) => {
    const read = text(value, field);
    if (!(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .isId */ .eQ)(read))
        throw new TypeError(`"${field}" is missing or not an id`);
    return read;
};
/** A whole number as text: proto3 JSON writes an int64 as a string, and takes a number too. */
const int64 = (value, field) => {
    const read = text(Number.isSafeInteger(value) ? String(value) : (value ?? '0'), field);
    if (!/^-?\d+$/.test(read))
        throw new TypeError(`"${field}" is not a whole number`);
    return read;
};
/** Seconds such as `5s`, as they are written. */
const duration = (value, field) => {
    const read = text(value ?? '0s', field);
    if (!/^\d+(\.\d{1,9})?s$/.test(read))
        throw new TypeError(`"${field}" is not a duration`);
    return read;
};
/** True or false. */
const flag = (value, field) => {
    const read = value ?? false;
    if (typeof read !== 'boolean')
        throw new TypeError(`"${field}" is not true or false`);
    return read;
};
/** A list of anything. */
const items = (value, field) => {
    const read = value ?? [];
    if (!Array.isArray(read))
        throw new TypeError(`"${field}" is not a list`);
    return read;
};
/** A list whose items are all there. */
function list(item) {
    return (value, field) => items(value, field).map((one) => {
        if (one == null)
            throw new TypeError(`an item of "${field}" is missing`);
        return item(one, field);
    });
}
/** A JSON object. */
const object = (value, field) => {
    const read = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value ?? {});
    if (!read)
        throw new TypeError(`"${field}" is not an object`);
    return read;
};
/** A map of texts. */
const texts = (value, field) => Object.fromEntries(Object.entries(object(value, field)).map(([key, one]) => [key, text(one, field)]));
/** A message: all of its fields, and those of the optional ones that are given. */
function message(fields, optional) {
    const readers = Object.entries({ ...fields, ...optional });
    return (value, field) => {
        const given = object(value, field);
        const read = readers
            .filter(([name]) => name in fields || given[name] != null)
            .map(([name, reader]) => [name, reader(given[name], name)]);
        // Each entry is what the reader of its field gave, which no type of Object.fromEntries can say.
        return Object.fromEntries(read);
    };
}
/** A message that is never absent, and what it is called. */
function resource(what, fields, optional) {
    const read = message(fields, optional);
    return (value) => {
        if (value == null)
            throw new TypeError(`${what} is missing`);
        return read(value, what);
    };
}
/** As the reader of a resource, which has to be the one that was requested. */
function readAbout(wanted, read) {
    return (value) => {
        const found = read(value);
        if (found.id === wanted)
            return found;
        throw new TypeError(`the answer is about ${found.id}, not about ${wanted}`);
    };
}


/***/ }),

/***/ 8046:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Jn: () => (/* binding */ grpcCodeIn),
/* harmony export */   MP: () => (/* binding */ describeBody),
/* harmony export */   R2: () => (/* binding */ withoutRepeated),
/* harmony export */   Vh: () => (/* binding */ readJson),
/* harmony export */   Z3: () => (/* binding */ grpcStatus),
/* harmony export */   cT: () => (/* binding */ withoutSecrets),
/* harmony export */   dZ: () => (/* binding */ textOfBody),
/* harmony export */   es: () => (/* binding */ xmlError),
/* harmony export */   ne: () => (/* binding */ answerDetails),
/* harmony export */   o$: () => (/* binding */ jsonObject)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8992);
/* harmony import */ var _grpc_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5604);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);
/** Reads answers of the API, in whatever shape they come: JSON, `google.rpc.Status`, XML, HTML. */



/** How much of an unknown body is quoted, and how much of it is searched for text, in characters. */
const QUOTED_CHARACTERS = 200;
const READ_CHARACTERS = 4_000;
/** The body as text. */
function textOfBody(answer) {
    return new TextDecoder().decode(answer.body);
}
/** The parsed body. Throws SyntaxError when it is not JSON. */
function readJson(answer) {
    return JSON.parse(textOfBody(answer));
}
/**
 * The `google.rpc.Status` in an answer's body; also in the wrapped form `{"error": {"grpcCode": …}}` that some
 * gateways use. Undefined when the body is something else.
 */
function grpcStatus(answer) {
    const body = jsonObject(answer);
    const status = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(body?.error) ?? body;
    const code = (0,_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .grpcCodeOf */ .pW)(status?.code ?? status?.grpcCode);
    if (!status || code === undefined)
        return undefined;
    const message = status.message;
    return {
        code,
        message: typeof message === 'string' ? message : '',
        details: Array.isArray(status.details) ? status.details : [],
    };
}
/** The gRPC code in an answer's body, if it has a known one. */
function grpcCodeIn(answer) {
    return (0,_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .grpcCodeName */ .Lm)(grpcStatus(answer)?.code ?? -1);
}
/** The API's message where there is one, else the beginning of the body, on one line. */
function describeBody(answer) {
    const message = errorMessage(answer);
    if (message !== '')
        return (0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .clip */ .$Q)((0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .hideLinks */ .Yi)(message), READ_CHARACTERS);
    const text = (0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .hideLinks */ .Yi)(textOfBody(answer))
        .slice(0, READ_CHARACTERS)
        .replace(/<(style|script)[\s\S]*?<\/\1>|<[^<>]*>/gi, ' ')
        .replace(/\s+/g, ' ')
        .trim();
    if (text === '')
        return 'no text in the body';
    return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}...` : text;
}
/** The message of an error of gRPC, Object Storage or OAuth. Empty when there is none. */
function errorMessage(answer) {
    const message = grpcStatus(answer)?.message ?? xmlError(answer)?.message ?? '';
    if (message !== '')
        return message;
    const { error, error_description: description } = jsonObject(answer) ?? {};
    return [error, description].filter((part) => typeof part === 'string').join(': ');
}
/** JSON, complete or not, or a word as long as a token. */
const MAYBE_SECRET = /^\s*[{["]|[\w.~+/=-]{40}/;
/**
 * What can be shown of an answer that may contain a secret: a refusal in a known form or in plain words. Any other body
 * is replaced by its type and length.
 */
function withoutSecrets(answer) {
    const isRefusal = errorMessage(answer) !== '' || !MAYBE_SECRET.test(textOfBody(answer));
    if (answer.status >= 300 && isRefusal)
        return answer;
    const type = answer.headers['content-type'] ?? 'no content type';
    return { ...answer, body: Buffer.from(`${type}, ${answer.body.byteLength} bytes`) };
}
/** The answer with stars in place of values of the request that it repeats. */
function withoutRepeated(answer, values) {
    if (values === undefined)
        return answer;
    const hide = (text) => (0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .withoutValues */ .lO)(text, values);
    let text = textOfBody(answer);
    try {
        // A value is written in another way inside of JSON.
        text = JSON.stringify(JSON.parse(text, (_, item) => (typeof item === 'string' ? hide(item) : item)));
    }
    catch {
        // Whatever it is, it is searched as it is.
    }
    return { ...answer, body: Buffer.from(hide(text)) };
}
/** The body as a JSON object; undefined for any other. */
function jsonObject(answer) {
    try {
        return (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(readJson(answer));
    }
    catch {
        return undefined;
    }
}
/** The error document of Object Storage. */
function xmlError(answer) {
    const text = textOfBody(answer);
    const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
    if (code === undefined)
        return undefined;
    return { code, message: unescapeXml(/<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? '') };
}
/** What Yandex Cloud support asks for: status, code and ids. */
function answerDetails(answer) {
    const details = { 'HTTP status': String(answer.status) };
    const grpcCode = grpcCodeIn(answer);
    if (grpcCode !== undefined)
        details['gRPC code'] = grpcCode;
    for (const name of ['x-request-id', 'x-server-trace-id', 'x-amz-request-id']) {
        const value = answer.headers[name];
        if (value !== undefined)
            details[name] = value;
    }
    return details;
}
function unescapeXml(text) {
    const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
    return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name] ?? '');
}


/***/ }),

/***/ 1521:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ ApiError),
/* harmony export */   w: () => (/* binding */ describeDetails)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3916);
/* harmony import */ var _answer_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8046);
/* harmony import */ var _grpc_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(5604);
/* harmony import */ var _quota_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(6170);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(8301);
/** A refusal of the API, as facts: which status, code, service and quota, and what it said. */





/** A final refusal. */
class ApiError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH {
    httpStatus;
    grpcCode;
    service;
    storageCode;
    quota;
    text;
    /** Whether another token may be accepted. */
    refusesToken;
    constructor(answer, { what, code, topic, service }) {
        const status = (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .grpcStatus */ .Z3)(answer);
        const storage = (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .xmlError */ .es)(answer);
        const grpcCode = status && (0,_grpc_js__WEBPACK_IMPORTED_MODULE_2__/* .grpcCodeName */ .Lm)(status.code);
        const name = grpcCode ?? storage?.code;
        const label = name === undefined ? '' : ` ${name}`;
        const text = [(0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .describeBody */ .MP)(answer), ...(status ? describeDetails(status) : [])].join('\n');
        super(code ?? codeFor(answer), `Could not ${what}: HTTP ${answer.status}${label}: ${text}`, {
            topic,
            details: {
                ...(0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .answerDetails */ .ne)(answer),
                ...(storage && { 'storage code': storage.code }),
                ...(answer.headers['x-request-id'] === undefined && requestIds(status)),
            },
        });
        this.httpStatus = answer.status;
        this.grpcCode = grpcCode;
        this.service = service;
        this.storageCode = storage?.code;
        this.quota = (0,_quota_js__WEBPACK_IMPORTED_MODULE_3__/* .quotaKindOf */ .E)({ grpcCode, text });
        this.text = text;
        this.refusesToken = isTokenRefusal(answer);
    }
}
function codeFor(answer) {
    if (isTokenRefusal(answer))
        return 'AUTH_FAILED';
    return answer.status >= 400 ? 'API_REJECTED' : 'API_UNEXPECTED';
}
function isTokenRefusal(answer) {
    return (answer.status === 401 ||
        ['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired'].includes((0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .xmlError */ .es)(answer)?.code ?? ''));
}
/** What the details of a status add to its message: field violations, quotas, localized messages. */
function describeDetails(status) {
    return objectsIn(status.details).flatMap((detail) => [
        ...objectsIn(detail.fieldViolations).map((v) => `- ${text(v.field)}: ${text(v.description)}`),
        ...objectsIn(detail.violations).map((v) => `- ${text(v.subject)}: ${text(v.description)}`),
        ...(isType(detail, 'LocalizedMessage') ? [`- ${text(detail.message)}`] : []),
    ]);
}
function requestIds(status) {
    const info = objectsIn(status?.details).find((detail) => isType(detail, 'RequestInfo'));
    const requestId = info?.requestId;
    return typeof requestId === 'string' ? { 'request id': requestId } : {};
}
function objectsIn(value) {
    return Array.isArray(value) ? value.map(_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB).filter((one) => one !== undefined) : [];
}
function isType(detail, name) {
    return text(detail['@type']).endsWith(`google.rpc.${name}`);
}
function text(value) {
    return typeof value === 'string' ? value : '';
}


/***/ }),

/***/ 6876:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CD: () => (/* binding */ attempt),
/* harmony export */   E4: () => (/* binding */ sendOnce),
/* harmony export */   V2: () => (/* binding */ failure),
/* harmony export */   YA: () => (/* binding */ seconds),
/* harmony export */   mu: () => (/* binding */ parseRetryAfter)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3916);
/* harmony import */ var _answer_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8046);
/* harmony import */ var _api_error_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1521);
/* harmony import */ var _network_error_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9071);
/* harmony import */ var _quota_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(6170);
/** One attempt of a call, and what its answer means: a result, a final refusal, or a reason to try again. */





/** Answers are small JSON or XML texts; anything larger is not from this API. */
const MAX_RESPONSE_BYTES = 8 * 1024 ** 2;
/** Sends a request once. Throws the signal's reason, and what the transport itself finds wrong with the request. */
async function sendOnce(request, { transport, signal, timeoutMs }) {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
    try {
        const answer = await transport({ ...request, signal: AbortSignal.any([signal, timeout]) });
        return { kind: 'answered', answer };
    }
    catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH)
            throw cause;
        // The transport rejects an oversized answer with a RangeError.
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isError */ .bJ)(cause) && cause.name === 'RangeError') {
            return { kind: 'oversized', reason: cause.message, cause };
        }
        const reason = timeout.aborted
            ? `no answer within ${seconds(timeoutMs)}`
            : (0,_network_error_js__WEBPACK_IMPORTED_MODULE_3__/* .describeConnectionError */ .s)(cause);
        return { kind: 'unanswered', reason, cause };
    }
}
/** Throws like {@link sendOnce}, the error of a final refusal, and what `read` throws that is not about the shape. */
async function attempt(call, { clock, ...deps }) {
    const sent = await sendOnce({ ...call, maxResponseBytes: MAX_RESPONSE_BYTES }, deps);
    if (sent.kind === 'answered') {
        return classifyResponse(call, { answer: sent.answer, nowMs: clock.wallTime() });
    }
    const { kind, reason, cause } = sent;
    const fault = { kind: kind === 'oversized' ? 'malformed' : kind, reason, cause };
    if ((0,_network_error_js__WEBPACK_IMPORTED_MODULE_3__/* .permanentFault */ .d)(cause))
        throw failure(call, fault);
    return fault;
}
function classifyResponse(call, { answer, nowMs }) {
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], nowMs);
    const whole = call.isPublic ? answer : (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .withoutSecrets */ .cT)(answer);
    const shown = (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .withoutRepeated */ .R2)(whole, call.hides);
    const details = (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .answerDetails */ .ne)(shown);
    if ((answer.status >= 200 && answer.status < 300) || call.expect?.includes(answer.status)) {
        try {
            return { kind: 'read', value: call.read(answer) };
        }
        catch (thrown) {
            if (!(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isError */ .bJ)(thrown) || !['TypeError', 'SyntaxError'].includes(thrown.name))
                throw thrown;
            const reason = `HTTP ${answer.status} with an unreadable body: ${(0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .describeBody */ .MP)(shown)}`;
            // The error of a parser quotes the body.
            const cause = call.isPublic ? thrown : undefined;
            return { kind: 'malformed', reason, retryAfterMs, cause, details };
        }
    }
    const exhaustion = (0,_quota_js__WEBPACK_IMPORTED_MODULE_4__/* .exhaustionOf */ .O)(answer);
    if (exhaustion === 'passing') {
        const reason = (0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .grpcStatus */ .Z3)(shown)?.message ?? '';
        return { kind: 'over-quota', reason, retryAfterMs, error: call.refuse(shown) };
    }
    if (exhaustion === 'permanent' || !isTransient(answer))
        throw call.refuse(shown);
    const wish = retryAfterMs === undefined ? '' : ` (asks to wait ${seconds(retryAfterMs)})`;
    const reason = `HTTP ${answer.status}: ${(0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .describeBody */ .MP)(shown)}${wish}`;
    if (REFUSING_STATUSES.includes(answer.status)) {
        const error = new _api_error_js__WEBPACK_IMPORTED_MODULE_2__/* .ApiError */ .h(shown, { what: call.what });
        return { kind: 'refused-for-now', reason, retryAfterMs, error };
    }
    return { kind: 'unanswered', reason, retryAfterMs, details };
}
/** Of these the answer itself says what is wrong, when it never changes. */
const REFUSING_STATUSES = [409, 429];
const TRANSIENT_STATUSES = [408, 425, 429, 500, 502, 503, 504];
/** OperationAborted answers one of two conditional uploads at once; when the other one is done, the answer is 412. */
const TRANSIENT_STORAGE_CODES = ['RequestTimeout', 'OperationAborted'];
function isTransient(answer) {
    if ((0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .grpcCodeIn */ .Jn)(answer) === 'UNAVAILABLE')
        return true;
    if (TRANSIENT_STORAGE_CODES.includes((0,_answer_js__WEBPACK_IMPORTED_MODULE_1__/* .xmlError */ .es)(answer)?.code ?? ''))
        return true;
    return TRANSIENT_STATUSES.includes(answer.status);
}
/** `Retry-After` in seconds or as an HTTP date; gives milliseconds from now. Zero and negative waits are ignored. */
function parseRetryAfter(value, nowMs) {
    if (value === undefined)
        return undefined;
    const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
    return waitMs > 0 ? waitMs : undefined;
}
/** The error for a call that is not tried again. */
function failure({ what, method, url }, { kind, reason, cause, details }) {
    const code = kind === 'malformed' ? 'API_UNEXPECTED' : 'API_UNREACHABLE';
    const target = `${method} ${url.origin}${url.pathname}`;
    const options = { cause, ...(details && { details }) };
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH(code, `Could not ${what}: ${target}: ${reason}.`, options);
}
/** A duration for a message. */
function seconds(ms) {
    return `${Number((ms / 1000).toFixed(1))} s`;
}


/***/ }),

/***/ 8381:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  mP: () => (/* binding */ DEFAULT_ENDPOINT),
  cY: () => (/* binding */ EndpointError),
  Hf: () => (/* binding */ createEndpoints),
  U9: () => (/* binding */ isLoopback)
});

// EXTERNAL MODULE: ./src/errors.ts
var errors = __nccwpck_require__(3916);
// EXTERNAL MODULE: ./src/yandex/http/api-error.ts
var api_error = __nccwpck_require__(1521);
// EXTERNAL MODULE: ./src/yandex/http/answer.ts
var http_answer = __nccwpck_require__(8046);
// EXTERNAL MODULE: ./src/yandex/http/pages.ts
var pages = __nccwpck_require__(9598);
;// CONCATENATED MODULE: ./src/yandex/http/services.ts
/** The services of the cloud that a deployment talks to. */
/** Hosts by the id of the service: https://yandex.cloud/en/docs/api-design-guide/concepts/endpoints */
const PUBLISHED_HOSTS = {
    iam: 'iam.api.cloud.yandex.net',
    'serverless-functions': 'serverless-functions.api.cloud.yandex.net',
    operation: 'operation.api.cloud.yandex.net',
    storage: 'storage.yandexcloud.net',
    lockbox: 'lockbox.api.cloud.yandex.net',
    vpc: 'vpc.api.cloud.yandex.net',
};

// EXTERNAL MODULE: ./src/json.ts
var json = __nccwpck_require__(8301);
// EXTERNAL MODULE: ./src/yandex/fields.ts
var fields = __nccwpck_require__(7492);
;// CONCATENATED MODULE: ./src/yandex/http/endpoints.ts
/** Finds the address of each service: the published hosts, or what `GET /endpoints` at another root lists. */







/** Root of the API in the Russia region. */
const DEFAULT_ENDPOINT = 'https://api.cloud.yandex.net/';
/** A root of an API that lists no usable address for a service. */
class EndpointError extends errors/* DeployError */.sH {
}
/** A root other than the default one is asked once, at the first call. */
function createEndpoints(root, deps) {
    if (root.href === DEFAULT_ENDPOINT) {
        return (service) => Promise.resolve(new URL(`https://${PUBLISHED_HOSTS[service]}/`));
    }
    let discovered;
    return async (service) => {
        discovered ??= discover(root, deps);
        const address = (await discovered).get(service);
        const url = address === undefined ? undefined : serviceUrl(address, root);
        if (!url) {
            const problem = address === undefined ? 'no address' : `the unusable address ${JSON.stringify(address)}`;
            throw new EndpointError('API_UNEXPECTED', `${root.href}endpoints has ${problem} for the service "${service}".`);
        }
        return url;
    };
}
const WHAT = 'read the list of API endpoints';
const readEndpoints = (0,fields/* resource */.Zc)('the list of endpoints', { endpoints: fields/* items */.ld, nextPageToken: fields/* text */.Qq });
const readEndpoint = (0,fields/* resource */.Zc)('the endpoint', { id: fields/* text */.Qq, address: fields/* text */.Qq });
async function discover(root, { send }) {
    const listed = await (0,pages/* readPages */.n)(WHAT, (pageToken) => {
        const url = new URL('/endpoints', root);
        if (pageToken !== '')
            url.searchParams.set('pageToken', pageToken);
        return send({
            what: WHAT,
            method: 'GET',
            url,
            headers: { accept: 'application/json' },
            isPublic: true,
            read: (answer) => {
                const { endpoints, nextPageToken } = readEndpoints((0,http_answer/* readJson */.Vh)(answer));
                return { items: endpoints.filter(json/* asObject */.eB).map(readEndpoint), nextPageToken };
            },
            refuse: (answer) => new api_error/* ApiError */.h(answer, { what: WHAT }),
        });
    });
    return new Map(listed.map(({ id, address }) => [id, address]));
}
/** An address is `host:port` without a scheme. It has the scheme of the root; http is for this machine only. */
function serviceUrl(address, root) {
    if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(address))
        return undefined;
    if (!URL.canParse(`${root.protocol}//${address}/`))
        return undefined;
    const url = new URL(`${root.protocol}//${address}/`);
    return url.protocol === 'https:' || isLoopback(url.hostname) ? url : undefined;
}
/** Whether a host name means this machine, judged by its spelling alone. */
function isLoopback(hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}


/***/ }),

/***/ 5604:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Lm: () => (/* binding */ grpcCodeName),
/* harmony export */   pW: () => (/* binding */ grpcCodeOf),
/* harmony export */   rk: () => (/* binding */ readStatus)
/* harmony export */ });
/* harmony import */ var _fields_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7492);
/** gRPC statuses: their codes by name and number, and `google.rpc.Status`. */

/** Names by number: https://grpc.io/docs/guides/status-codes/ */
const GRPC_CODES = [
    'OK',
    'CANCELLED',
    'UNKNOWN',
    'INVALID_ARGUMENT',
    'DEADLINE_EXCEEDED',
    'NOT_FOUND',
    'ALREADY_EXISTS',
    'PERMISSION_DENIED',
    'RESOURCE_EXHAUSTED',
    'FAILED_PRECONDITION',
    'ABORTED',
    'OUT_OF_RANGE',
    'UNIMPLEMENTED',
    'INTERNAL',
    'UNAVAILABLE',
    'DATA_LOSS',
    'UNAUTHENTICATED',
];
/** Throws TypeError when the value is not a Status. */
const readStatus = (0,_fields_js__WEBPACK_IMPORTED_MODULE_0__/* .resource */ .Zc)('the error', {
    // An error with an unknown code is still an error.
    code: (value) => grpcCodeOf(value ?? 0) ?? GRPC_CODES.indexOf('UNKNOWN'),
    message: _fields_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq,
    details: _fields_js__WEBPACK_IMPORTED_MODULE_0__/* .items */ .ld,
});
/** The number of a code that is given as a number or by its name; undefined for anything else. */
function grpcCodeOf(value) {
    if (typeof value === 'number')
        return value;
    if (typeof value !== 'string')
        return undefined;
    const number = /^\d{1,3}$/.test(value)
        ? Number(value)
        : GRPC_CODES.findIndex((name) => name === value);
    return number < 0 ? undefined : number;
}
/** The name of a gRPC code; undefined for an unknown number. */
function grpcCodeName(code) {
    return GRPC_CODES[code];
}


/***/ }),

/***/ 4500:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JN: () => (/* binding */ backoff),
/* harmony export */   V0: () => (/* binding */ createHttp),
/* harmony export */   cp: () => (/* binding */ isUncertain),
/* harmony export */   nR: () => (/* binding */ attemptMsFor),
/* harmony export */   w4: () => (/* binding */ NothingDone),
/* harmony export */   yE: () => (/* binding */ RETRY_POLICY)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3916);
/* harmony import */ var _attempt_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6876);
/** Sends a call until it has a final answer; the only place that decides whether to try again. */


/** The total is that of the `yc` CLI, which retries for at most two minutes. */
const RETRY_POLICY = {
    attemptMs: 30_000,
    totalMs: 120_000,
    firstDelayMs: 250,
    maxDelayMs: 10_000,
    askedMs: 0,
};
/** A body gets one millisecond for every 256 bytes on top of the usual limit, so that a slow line can send it. */
const SENT_BYTES_PER_MS = 256;
/** The longest time for an attempt that sends this many bytes, in milliseconds. */
function attemptMsFor(bytes) {
    return RETRY_POLICY.attemptMs + Math.ceil(bytes / SENT_BYTES_PER_MS);
}
/** A malformed body may have been cut in transit; retrying for longer rarely helps. */
const MALFORMED_MS = 15_000;
/** The run ended while a change waited for its next try, and the API had refused each one: nothing was changed. */
class NothingDone extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH {
}
/** Failures that do not tell whether a request had its effect. */
const UNCERTAIN = ['CANCELLED', 'API_UNREACHABLE', 'API_UNEXPECTED'];
/** Whether a request that has failed may have had its effect, or have it yet. */
function isUncertain(error) {
    return (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH &&
        !(error instanceof NothingDone) &&
        UNCERTAIN.includes(error.code));
}
/**
 * Throws DeployError: what `refuse` makes, API_UNREACHABLE or API_UNEXPECTED; the signal's reason, or {@link NothingDone}
 * in its place.
 */
function createHttp(deps) {
    const { clock } = deps;
    return async (call) => {
        const policy = { ...RETRY_POLICY, ...call.retry, ...deps.retry };
        const startedAt = clock.now();
        let firstFailureAt = startedAt;
        let isRefused = call.isChange ?? false;
        for (let attempts = 1;; attempts++) {
            const outcome = await (0,_attempt_js__WEBPACK_IMPORTED_MODULE_1__/* .attempt */ .CD)(call, { ...deps, timeoutMs: policy.attemptMs });
            if (outcome.kind === 'read')
                return outcome.value;
            const isOverQuota = outcome.kind === 'over-quota';
            // Waiting for a quota does not use up the budget for failures.
            if (isOverQuota)
                firstFailureAt = clock.now();
            const elapsedMs = clock.now() - (isOverQuota ? startedAt : firstFailureAt);
            const budgetMs = {
                'over-quota': call.quotaMs ?? policy.totalMs,
                malformed: Math.min(MALFORMED_MS, policy.totalMs),
                'refused-for-now': policy.totalMs,
                unanswered: policy.totalMs,
            }[outcome.kind];
            const asked = outcome.retryAfterMs;
            const delayMs = asked ?? backoff(attempts, { ...policy, random: clock.random() });
            const allowedMs = asked === undefined ? budgetMs : Math.max(budgetMs, policy.askedMs);
            if (elapsedMs + delayMs > allowedMs) {
                if ('error' in outcome)
                    throw outcome.error;
                const isLasting = outcome.kind === 'unanswered' && attempts > 1;
                const effort = isLasting ? ` (${attempts} attempts in ${(0,_attempt_js__WEBPACK_IMPORTED_MODULE_1__/* .seconds */ .YA)(elapsedMs)})` : '';
                throw (0,_attempt_js__WEBPACK_IMPORTED_MODULE_1__/* .failure */ .V2)(call, { ...outcome, reason: outcome.reason + effort });
            }
            deps.log(`Could not ${call.what} yet (${outcome.reason}); trying again in ${(0,_attempt_js__WEBPACK_IMPORTED_MODULE_1__/* .seconds */ .YA)(delayMs)}`);
            if (!('error' in outcome)) {
                isRefused = false;
                call.onUnanswered?.();
            }
            await clock.sleep(delayMs, deps.signal).catch((reason) => {
                if (!isRefused || !(reason instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH))
                    throw reason;
                const { code, message, hint } = reason;
                throw new NothingDone(code, message, { hint, cause: reason });
            });
        }
    };
}
/** Exponential; the upper half of each step is random, so that the jobs of a matrix spread out. */
function backoff(attempts, { firstDelayMs, maxDelayMs, random, }) {
    const step = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1));
    return Math.round(step / 2 + (random * step) / 2);
}


/***/ }),

/***/ 9071:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ permanentFault),
/* harmony export */   s: () => (/* binding */ describeConnectionError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3916);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);
/** Why a connection failed: the innermost error below the wrappers of an HTTP client. */


/** The innermost reason, with its code. */
function describeConnectionError(error) {
    const proxyStatus = statusOfProxy(error);
    if (proxyStatus !== undefined)
        return `the proxy refused the connection with HTTP ${proxyStatus}`;
    const { code, message } = rootCause(error);
    return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
/** What refused a connection for good: a certificate that is not trusted, or the proxy. Undefined for any other failure. */
function permanentFault(error) {
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(rootCause(error).code ?? '')) {
        return 'certificate';
    }
    return /^4(?!08|29)/.test(statusOfProxy(error) ?? '') ? 'proxy' : undefined;
}
/** The HTTP status of a proxy that refuses to connect; undici has it only in the message. */
function statusOfProxy(error) {
    return /^Proxy response \((\d+)\)/.exec(rootCause(error).message)?.[1];
}
function rootCause(error) {
    const root = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .causesOf */ .cZ)(error).at(-1) ?? error;
    const code = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(root)?.code;
    const message = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isError */ .bJ)(root) ? root.message : String(root);
    return { code: typeof code === 'string' ? code : undefined, message: message || String(code) };
}


/***/ }),

/***/ 9598:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ readPage),
/* harmony export */   n: () => (/* binding */ readPages)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3916);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8301);
/* harmony import */ var _fields_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7492);
/** Reads a list over all of its pages; the only place that decides when a list is too long. */



/** Far more than any folder needs; ends the loop when a server always has another page. */
const MAX_PAGES = 200;
const readToken = (0,_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .resource */ .Zc)('the page', { nextPageToken: _fields_js__WEBPACK_IMPORTED_MODULE_1__/* .text */ .Qq });
/** The page that has its items under `field`. Throws TypeError when the value is not one. */
function readPage(value, { field, read }) {
    return { ...readToken(value), items: (0,_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .list */ .p_)(read)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .fieldsOf */ .Pf)(value)[field], field) };
}
/** All items; `read` gets the token of a page, empty for the first one. Throws DeployError for a list that does not end. */
async function readPages(what, read) {
    const items = [];
    const seen = new Set();
    for (let pageToken = '';;) {
        const page = await read(pageToken);
        items.push(...page.items);
        pageToken = page.nextPageToken;
        if (pageToken === '')
            return items;
        const isCircle = seen.has(pageToken);
        if (isCircle || seen.add(pageToken).size === MAX_PAGES) {
            const reason = isCircle
                ? 'the API returned the same page token twice'
                : `the list has more than ${MAX_PAGES} pages`;
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .sH('API_UNEXPECTED', `Could not ${what}: ${reason}.`);
        }
    }
}


/***/ }),

/***/ 6170:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ quotaKindOf),
/* harmony export */   O: () => (/* binding */ exhaustionOf)
/* harmony export */ });
/* harmony import */ var _answer_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8046);
/** Tells exhausted quotas apart by their messages, since the code is the same for all of them. */

/** The message and its details are at the beginning of a body; in characters. */
const READ_CHARACTERS = 10_000;
/** Which quota an error is about; undefined for any other error. Messages may be in Russian. */
function quotaKindOf(error) {
    if (error.grpcCode !== 'RESOURCE_EXHAUSTED')
        return undefined;
    const text = error.text.slice(0, READ_CHARACTERS);
    if (/operation|операци/i.test(text))
        return 'operations';
    if (/tags?\b|тег/i.test(text))
        return 'tags';
    if (/provisioned|подготовленн/i.test(text))
        return 'instances';
    return /function|функци/i.test(text) ? 'functions' : undefined;
}
const PERMANENT = /\.count\b|number of functions|provisioned|подготовленн|functions? (per|in) |\btags?\b|larger than max|функций|тег/i;
/**
 * Whether what is used up comes back: operations that run at the same time end by themselves; of functions, tags, ready
 * instances and the size of a message no wait makes more. Undefined for any other answer.
 */
function exhaustionOf(answer) {
    const grpcCode = (0,_answer_js__WEBPACK_IMPORTED_MODULE_0__/* .grpcCodeIn */ .Jn)(answer);
    const text = (0,_answer_js__WEBPACK_IMPORTED_MODULE_0__/* .textOfBody */ .dZ)(answer).slice(0, READ_CHARACTERS);
    if (quotaKindOf({ grpcCode, text }) === 'operations')
        return 'passing';
    return grpcCode === 'RESOURCE_EXHAUSTED' && PERMANENT.test(text) ? 'permanent' : undefined;
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 9783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ checkBypass),
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(9407);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
