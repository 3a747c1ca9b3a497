// Answers HTTP requests: https://yandex.cloud/en/docs/functions/lang/nodejs/handler
'use strict'

module.exports.handler = async function handler(event, context) {
  const name = event.queryStringParameters?.name || 'world'
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      message: `${process.env.GREETING || 'Hello'}, ${name}!`,
      functionVersion: context.functionVersion,
    }),
  }
}
