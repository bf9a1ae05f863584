import { DetailedError, Upload } from 'tus-js-client'
import { accessToken, refresh } from '@/shared/client'
import { sha256Hex } from '@/shared/digest'
import { Problem, asProblem, unreachable, type ProblemDocument } from '@/shared/problem'

export type Progress = (stage: 'hashing' | 'uploading', percent: number) => void

/** Send a photo and return its SHA-256 in hex; lines that drop are resumed, a held digest costs no byte. Raises Problem. */
export async function uploadPhoto(file: File, progress: Progress): Promise<string> {
  progress('hashing', 0)
  const sha256 = await sha256Hex(file)
  const token = accessToken()
  try {
    await send(file, sha256, token, progress)
  } catch (error) {
    if (statusOf(error) !== 401 || !(await refresh(token))) throw problemIn(error)
    await send(file, sha256, accessToken(), progress).catch((again) => Promise.reject(problemIn(again)))
  }
  return sha256
}

function send(file: File, sha256: string, token: string, progress: Progress): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(file, {
      endpoint: '/sync/v1/uploads',
      metadata: { sha256, filetype: file.type },
      headers: { Authorization: `Bearer ${token}` },
      chunkSize: 4 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 8000],
      storeFingerprintForResuming: false, // the server knows the digest; nothing about photos stays in this browser
      onShouldRetry: (error) => (statusOf(error) ?? 0) === 0 || [409, 423, 429, 503].includes(statusOf(error) ?? 0),
      onProgress: (sent, total) => progress('uploading', total ? Math.round((sent / total) * 100) : 100),
      onSuccess: () => resolve(),
      onError: reject,
    }).start()
  })
}

function statusOf(error: unknown): number | undefined {
  return error instanceof DetailedError ? error.originalResponse?.getStatus() : undefined
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
