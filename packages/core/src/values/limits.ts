/** Levels of nesting a message may have. A deeper one is refused at the send; 1,000 keeps the copier's recursion safe. */
export const MESSAGE_DEPTH_MAX = 1_000;

/** Objects, arrays and collections one message may consist of. */
export const MESSAGE_NODES_MAX = 1_000_000;

/** Bytes of typed arrays and ArrayBuffers one message may carry by copy; what is transferred does not count. */
export const MESSAGE_BYTES_MAX = 67_108_864;

/** Processes alive at once on one node, unless its options say otherwise. Erlang's default is 1,048,576. */
export const PROCESSES_MAX = 4_194_304;

/** Messages waiting in one mailbox at which the node emits `long_mailbox`, and again at each doubling. */
export const MAILBOX_ALARM_LENGTH = 10_000;

/** Reductions one slice may spend before the process goes to the back of its queue. Erlang's figure. */
export const SLICE_REDUCTIONS = 4_000;

/** Milliseconds of processes before the event loop gets its share. Chosen by `bench/latency.ts`. */
export const TURN_MS = 1;

/** Normal slices after which one waiting low-priority process is let in. Erlang's figure. */
export const LOW_PRIORITY_SKIPS = 8;

/** Milliseconds that a call waits for its reply unless told otherwise. OTP's default. */
export const CALL_TIMEOUT_MS = 5_000;
