/** Bytes of one message that is received, unless an option says otherwise. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Milliseconds between two pings; a peer that has not answered one by the next is gone. */
export const PING_INTERVAL_MS = 30_000;

/** Bytes that may wait to be sent before a write waits. Node's figure for a socket. */
export const SEND_BYTES_MAX = 65_536;

/** Milliseconds in which an accepted WebSocket must be there: the answer is written, and nothing is waited for. */
export const ACCEPT_TIMEOUT_MS = 5_000;
