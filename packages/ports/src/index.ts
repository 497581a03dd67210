// The front door of @krarup/ports.

export {
  close,
  closeWrite,
  controllingProcess,
  portInfo,
  read,
  readExactly,
  readLine,
  setActive,
  textOf,
  write,
} from "./port.ts";
export type { TimeLimit } from "./port.ts";
export type {
  Closed,
  Data,
  ExitStatus,
  Failed,
  Passive,
  Port,
  PortInfo,
  PortMessage,
  PortRequest,
} from "./port-protocol.ts";
export type { Active } from "./active.ts";
export type { Framing } from "./framing.ts";
export type { PortOptions } from "./open-port.ts";
export { isPortError, orExit } from "./port-error.ts";
export type { PortError } from "./port-error.ts";

export { connect } from "./tcp.ts";
export type { ConnectOptions, SocketOptions } from "./tcp.ts";
export type { Address } from "./address.ts";
export { accept, closeListener, listen, listenerInfo } from "./listener.ts";
export type { Listener, ListenerInfo, ListenerRequest, ListenOptions } from "./listener.ts";

export { spawnExecutable } from "./child.ts";
export type { ChildOptions } from "./child.ts";
export { serverAddress, startTcpServer } from "./tcp-server.ts";
export type { TcpServerOptions } from "./tcp-server.ts";

export { appendFile, openFile, readFile, replaceFile, writeFile } from "./file.ts";
export type { ReadFileOptions } from "./file.ts";

export { blocking, threadModule } from "./blocking.ts";
export type { FunctionsOf, ThreadModule } from "./blocking.ts";
