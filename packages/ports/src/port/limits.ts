/** Bytes of one packet or line that is received, unless an option says otherwise. A longer one is `emsgsize` and closes the port. */
export const PACKET_BYTES_MAX = 1_048_576;

/** Bytes that one `readExactly` may ask for: what one message may carry. */
export const READ_BYTES_MAX = 67_108_864;

/** Packets that a port delivers before it lets others have a turn. */
export const PACKETS_PER_TURN = 64;

/** Most messages that `setActive(port, n)` can ask for, and the most that can be outstanding. Erlang's figure. */
export const ACTIVE_MAX = 32_767;

/** Milliseconds in which a connection must come up, unless an option says otherwise. OTP waits for ever. */
export const CONNECT_TIMEOUT_MS = 15_000;

/** Milliseconds in which a question to the name service must be answered, unless an option says otherwise. */
export const RESOLVE_TIMEOUT_MS = 15_000;

/** Milliseconds that a client of a TLS server has for its handshake, unless an option says otherwise. */
export const HANDSHAKE_TIMEOUT_MS = 15_000;

/** Milliseconds in which a closed port must have got rid of what was written; then the rest is dropped. */
export const FLUSH_MS = 5_000;

/** Connections that wait to be accepted, unless an option says otherwise; one more is closed at once. */
export const ACCEPT_QUEUE_MAX = 1_024;

/**
 * Connections that the system holds back for a listener, unless an option says otherwise; it may have a lower limit of its own. With Node's 511
 * a burst of clients overran the listener of an idle machine, and each that did waited a second for the system's next attempt.
 */
export const LISTEN_BACKLOG = 4_096;

/** Datagrams that wait to be read, unless an option says otherwise; one more is dropped. Each has 64 KiB at most. */
export const DATAGRAM_QUEUE_MAX = 1_024;

/** Changes of a watched directory that wait to be read, unless an option says otherwise; with one more they become one overflow. */
export const CHANGE_QUEUE_MAX = 1_024;

/** Milliseconds between SIGTERM and SIGKILL for a child whose port has ended, unless an option says otherwise. */
export const KILL_AFTER_MS = 1_000;

/** Milliseconds after which a thread without work ends. */
export const THREAD_IDLE_MS = 10_000;

/** Bytes of a socket's path. The kernel's own limit is 108 on Linux and 104 on macOS, with a zero at the end, and Node 22 cuts silently. */
export const SOCKET_PATH_BYTES_MAX = 103;

/** Levels of nesting of one value that is received, unless an option says otherwise. */
export const VALUE_DEPTH_MAX = 64;

/** Values of which one that is received may consist, unless an option says otherwise. */
export const VALUES_MAX = 100_000;

/** Events that wait at a port of events, unless an option says otherwise; later ones are dropped and counted. */
export const EVENT_QUEUE_MAX = 1_024;
