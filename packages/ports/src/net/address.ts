import { misuse } from "../port/check-options.ts";
import { SOCKET_PATH_BYTES_MAX } from "../port/limits.ts";

/** Where a stream socket is: an address of the internet, or the path of a unix socket. */
export type Address = { readonly host?: string; readonly port: number } | { readonly path: string };

/** The address for people. */
export function showAddress(address: Address): string {
  return "path" in address ? `unix ${address.path}` : `tcp ${address.host ?? "*"}:${address.port}`;
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when it is none */
export function checkAddress(address: Address): void {
  if ("path" in address) {
    const { path } = address;
    if (typeof path !== "string" || path === "") throw misuse("the path of a socket must be a text", path);
    if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX)
      throw misuse(`the path of a socket must have at most ${SOCKET_PATH_BYTES_MAX} bytes`, path);
  } else if (!Number.isInteger(address.port) || address.port < 0 || address.port > 65_535)
    throw misuse("port must be an integer from 0 to 65535", address.port);
}
