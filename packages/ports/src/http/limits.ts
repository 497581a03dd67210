// The limits of HTTP, where an option does not say otherwise.

/** Bytes of the first line and the headers of one request or response. */
export const HEADER_BYTES_MAX = 16_384;

/** Bytes of the body of one request that a server takes. */
export const REQUEST_BODY_BYTES_MAX = 1_048_576;

/** Bytes of the body of one response that a client takes as a whole. */
export const RESPONSE_BODY_BYTES_MAX = 16_777_216;

/** Connections that a server holds open; one more is closed at once. */
export const CONNECTIONS_MAX = 10_000;

/** Requests that a server handles at once; one more is answered with 503. */
export const REQUESTS_MAX = 10_000;

/**
 * Requests that one connection may have under way; with more it is read no further. What came in the same piece, 64 KiB at most, is there
 * already.
 */
export const PIPELINE_MAX = 32;

/** Milliseconds in which a client must have sent the headers of a request. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** Milliseconds in which a client must have sent a request with its body. */
export const REQUEST_TIMEOUT_MS = 60_000;

/** Milliseconds for which a connection is kept that has no request. Node's figure. */
export const KEEP_ALIVE_TIMEOUT_MS = 5_000;

/** Milliseconds in which a handler must have returned its response. */
export const HANDLER_TIMEOUT_MS = 60_000;

/** Milliseconds for which a client may neither send nor take anything while it is its turn. */
export const STALL_TIMEOUT_MS = 30_000;

/** Milliseconds that a server which is told to stop gives to the requests it has. */
export const DRAIN_MS = 5_000;

/** Milliseconds for which the rest of a body is thrown away that nobody read, so that the client sees the answer and no reset. */
export const LINGER_MS = 5_000;

/** Milliseconds between two looks at the time limits of connections; a limit may be late by as much. */
export const CHECK_INTERVAL_MS = 1_000;

/** Milliseconds until a request of the client ends with `"timeout"`. */
export const CLIENT_TIMEOUT_MS = 30_000;

/** Connections that a node has to one server; further requests wait for one of them. */
export const CLIENT_CONNECTIONS_MAX = 256;
