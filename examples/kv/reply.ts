// What a command answers, and how RESP2 writes it. Texts have one character for each byte.

import { REPLY_BYTES_MAX } from "./limits.ts";
import type { Command } from "./request-parser.ts";

/** A bulk string, an integer, nothing, a word, an error, several of them, or no list of them. */
export type Reply = string | number | bigint | null | Word | Failure | readonly Reply[] | NoList;

/** A simple string. */
export interface Word {
  readonly type: "word";
  readonly text: string;
}

/** An error as a client sees it: a word in capitals, and what is wrong. */
export interface Failure {
  readonly type: "failure";
  readonly text: string;
}

/** Nothing, where there would be a list. */
export interface NoList {
  readonly type: "no_list";
}

export const OK: Word = { type: "word", text: "OK" };
export const PONG: Word = { type: "word", text: "PONG" };
export const NO_LIST: NoList = { type: "no_list" };

const TOO_LARGE: Failure = { type: "failure", text: "ERR reply exceeds the limit of this server" };

/** `text` as an error. What would end the line is taken out, as in Redis. */
export function failure(text: string): Failure {
  return { type: "failure", text: text.replaceAll(/[\r\n]/g, " ") };
}

/** The bytes of `reply`, as a text. */
export function encode(reply: Reply): string {
  if (typeof reply === "string") return bulk(reply);
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}\r\n`;
  if (reply === null) return "$-1\r\n";
  return "type" in reply ? encodeNamed(reply) : encodeAll(reply);
}

function encodeNamed(reply: Word | Failure | NoList): string {
  switch (reply.type) {
    case "word":
      return `+${reply.text}\r\n`;
    case "failure":
      return `-${reply.text}\r\n`;
    case "no_list":
      return "*-1\r\n";
  }
}

function encodeAll(reply: readonly Reply[]): string {
  let text = `*${reply.length}\r\n`;
  for (const part of reply) {
    text += encode(part);
    // The same value may be asked for many times in one command.
    if (text.length > REPLY_BYTES_MAX) return encode(TOO_LARGE);
  }
  return text;
}

/** The bytes of a command, as clients send it. */
export function encodeCommand(command: Command): string {
  return `*${command.length}\r\n${command.map(bulk).join("")}`;
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
