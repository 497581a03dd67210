// What the operating system and Node allow a connection, as on Linux.

/** Bytes that the sending system takes from a socket without any having arrived. */
export const SEND_BUFFER_BYTES = 65_536;

/** Bytes beyond these that a socket takes before it says that it is full: Node's high-water mark. */
export const HIGH_WATER_BYTES = 65_536;

/** Bytes that may have arrived, or be on their way, and that nobody has read. */
export const RECEIVE_BUFFER_BYTES = 131_072;

/** Bytes of these that the receiving system holds; Node holds the first. A socket that closes with more unread resets its connection. */
export const UNREAD_BYTES_MAX = 65_536;

/** Milliseconds after which the system gives an attempt to connect up (`tcp_syn_retries` = 6). */
export const CONNECT_GIVE_UP_MS = 127_000;

/** Milliseconds after which it gives up data that is not acknowledged (`tcp_retries2` = 15). */
export const SEND_GIVE_UP_MS = 924_600;

/** Milliseconds in which a closed socket must have got rid of what was written; then the rest is dropped. That of the ports. */
export const FLUSH_MS = 5_000;

/** Bytes of one datagram: what the header of UDP over IPv4 can say. */
export const DATAGRAM_BYTES_MAX = 65_507;
