/** Bytes of one argument, as a client sends it. Redis allows 512 MiB. */
export const ARGUMENT_BYTES_MAX = 16_777_216;

/** Arguments of one command, its name among them. Redis allows 1,048,576. */
export const ARGUMENTS_MAX = 65_536;

/** Bytes of one command, all its arguments together. */
export const COMMAND_BYTES_MAX = 67_108_864;

/** Bytes of a command that is typed as a line. Redis's figure. */
export const LINE_BYTES_MAX = 65_536;

/** Commands of one client that the store takes before others have a turn. */
export const COMMANDS_PER_CALL = 256;

/** Bytes of replies after which the store lets a client read before it takes more of its commands. */
export const REPLY_BYTES_PER_CALL = 1_048_576;

/** Bytes of one reply; a larger one is an error instead. */
export const REPLY_BYTES_MAX = 134_217_728;

/** Bytes handed to a socket at once. */
export const WRITE_BYTES_MAX = 1_048_576;

/** Bytes of a snapshot; a larger one is not written, so that a start never finds what it cannot read. */
export const SNAPSHOT_BYTES_MAX = 268_435_456;

/** Clients at once; one more is closed as soon as it has connected. Redis's figure. */
export const CLIENTS_MAX = 10_000;

/** Messages that wait for a subscriber; at one more it is let go. */
export const MESSAGES_MAX = 8_192;

/** Milliseconds in which a subscriber must take what is published; then it is let go. */
export const PATIENCE_MS = 5_000;

/** Milliseconds that a key may have to live. */
export const LIFETIME_MS_MAX = 2 ** 46;
