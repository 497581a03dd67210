/** Version of the protocol. A node and a client speak only if theirs are equal; within one, fields are only added. */
export const PROTOCOL_VERSION = 1;

/** Bytes of one frame, its length not counted. */
export const FRAME_BYTES_MAX = 1_048_576;

/** Levels of nesting in one frame. Our own frames have five. */
export const FRAME_DEPTH_MAX = 16;

/** Values in one frame. */
export const FRAME_VALUES_MAX = 200_000;

/** Rows the node puts into one frame; an answer with more comes in several. A row has about 400 bytes, at worst 4,000. */
export const ROWS_PER_FRAME = 250;

/** Rows of one answer. A node with more processes says how many there are. */
export const ROWS_MAX = 10_000;

/** Rows of one answer unless the client asks for another number. */
export const ROWS_DEFAULT = 1_000;

/** Clients at once; one more is turned away. */
export const CONNECTIONS_MAX = 16;

/** Milliseconds in which a frame must be complete: the first from the accept, every other from its first byte. */
export const FRAME_DEADLINE_MS = 5_000;

/** Milliseconds after which a silent connection is closed. */
export const IDLE_MS = 60_000;

/** Milliseconds the client waits for the connection, and for each answer, unless told otherwise. */
export const TIMEOUT_MS = 5_000;

/** Bytes of a socket's path. The kernel's own limit is 108 on Linux and 104 on macOS, and Node 22 cuts silently. */
export const SOCKET_PATH_BYTES_MAX = 99;

/** Bytes of a node's descriptor file. */
export const DESCRIPTOR_BYTES_MAX = 65_536;
