// One upload by tus-js-client: node upload.mjs <endpoint> <file> <headers> <metadata>; prints each answer as JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const tus = createRequire(`${process.env.NODE_MODULES}/`)('tus-js-client')
const [endpoint, file, headers, metadata] = process.argv.slice(2)

new tus.Upload(readFileSync(file), {
  endpoint,
  headers: JSON.parse(headers),
  metadata: JSON.parse(metadata),
  chunkSize: 400_000,
  retryDelays: Array(20).fill(100),
  onAfterResponse: (request, answer) =>
    console.log(JSON.stringify([request.getMethod(), answer.getStatus(), answer.getHeader('Upload-Offset') ?? null])),
  onError: (fault) => {
    console.error(String(fault))
    process.exitCode = 1
  },
}).start()
