// The server's chat API (connectors/web.py), one function a route.

/** The server could not be reached, or refused: `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {number} retryAfter seconds to wait before the next try; 0 when not told
   */
  constructor(status, code, retryAfter = 0) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

const address = (path) => new URL(path, document.baseURI);

async function json(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

async function call(path, options, seconds) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const response = await fetch(address(path), {
      ...options,
      credentials: "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
    const body = await json(response);
    if (response.ok && body) return body;
    const wait = Number(response.headers.get("Retry-After")) || 0;
    // A page instead of JSON with status 200 comes from a captive portal: not our server.
    throw new ApiError(response.ok ? 0 : response.status, body?.error?.code ?? "", wait);
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, "unreachable");
  } finally {
    clearTimeout(timer);
  }
}

/** Open or resume the conversation; `language` may be undefined. */
export function session(language) {
  const query = language ? `?language=${encodeURIComponent(language)}` : "";
  return call(`chat/session${query}`, {}, 20);
}

/**
 * Hand over a message `{id, text, locale}`, a press `{id, payload, title, locale}` or a place
 * `{id, location, locale}`.
 */
export function post(message) {
  const headers = { "Content-Type": "application/json" };
  return call("chat/messages", { method: "POST", headers, body: JSON.stringify(message) }, 20);
}

/** Give the address of a photo that this browser sent. */
export const photoAddress = (id) => address(`chat/photos/${id}`).href;

function answered(request) {
  const { status, response } = request;
  if (status >= 200 && status < 300 && response) return response;
  const wait = Number(request.getResponseHeader("Retry-After")) || 0;
  throw new ApiError(status < 300 ? 0 : status, response?.error?.code ?? "", wait);
}

/**
 * Hand over a photo. Not by fetch, which does not tell how far it is.
 * @param {{id: string, locale: string}} message
 * @param {Blob} photo
 * @param {(share: number) => void} progress told which part of it has gone, up to 1
 */
export async function upload({ id, locale }, photo, progress) {
  const request = new XMLHttpRequest();
  request.open("POST", address(`chat/photos?${new URLSearchParams({ id, locale })}`));
  request.setRequestHeader("Content-Type", photo.type);
  request.responseType = "json";
  request.timeout = 120000;
  request.upload.addEventListener("progress", ({ loaded }) => progress(loaded / photo.size));
  progress(0);
  await new Promise((done) => {
    request.addEventListener("loadend", done);
    request.send(photo);
  });
  return answered(request);
}

/** Give the items after a cursor, waiting for one up to so many seconds. */
export function replies(after, wait) {
  return call(`chat/replies?after=${after}&wait=${wait}`, {}, wait + 20);
}

/** Open the stream of items after a cursor. */
export const events = (after) => new EventSource(address(`chat/events?after=${after}`));
