import { DetailedError, Upload } from 'tus-js-client'
import { accessToken, refresh } from '@/shared/client'
import { Problem, asProblem, unreachable, type ProblemDocument } from '@/shared/problem'

const CHUNK_BYTES = 8 * 1024 * 1024
const AGAIN = [0, 401, 409, 423, 429, 503]

/**
 * Send an outbox file in parts and return the id under which it lies at the server. A line that drops costs no
 * byte twice, and the same file chosen again later goes on where it stood. Raises Problem.
 */
export function sendOutbox(file: File, heard: (sent: number, of: number) => void, signal: AbortSignal): Promise<string> {
  let refused = ''
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: '/api/v1/sync/outbox-files/uploads',
      metadata: { filename: file.name },
      chunkSize: CHUNK_BYTES,
      retryDelays: [0, 1000, 3000, 8000, 15000],
      removeFingerprintOnSuccess: true,
      onBeforeRequest: async (request) => {
        if (refused) await refresh(refused)
        refused = ''
        request.setHeader('Authorization', `Bearer ${accessToken()}`)
      },
      onShouldRetry: (error) => {
        const status = statusOf(error)
        if (status === 401) refused = accessToken()
        return AGAIN.includes(status)
      },
      onProgress: heard,
      onSuccess: () => resolve((upload.url ?? '').split('/').pop() ?? ''),
      onError: (error) => reject(problemIn(error)),
    })
    signal.addEventListener('abort', () => {
      void upload.abort()
      reject(new DOMException('stopped', 'AbortError'))
    })
    void upload.findPreviousUploads().then(([before]) => {
      if (before) upload.resumeFromPreviousUpload(before)
      upload.start()
    })
  })
}

function statusOf(error: unknown): number {
  return error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : -1
}

function problemIn(error: unknown): Problem {
  if (!(error instanceof DetailedError)) return asProblem(error)
  const body = error.originalResponse?.getBody()
  if (!body) return unreachable()
  try {
    return new Problem(JSON.parse(body) as ProblemDocument)
  } catch {
    return asProblem(error)
  }
}
