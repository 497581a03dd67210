// What a line means. Pure.

export type Command =
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "who" }
  | { readonly do: "rooms" }
  | { readonly do: "crash" }
  | { readonly do: "quit" }
  | { readonly do: "explain"; readonly why: string };

/** Letters, digits, dashes; few enough for a line. */
const NAME = /^[\p{L}\p{N}_-]{1,20}$/u;

/** Whether `text` may be the name of somebody or of a room. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The command in one line of a client. */
export function parse(line: string): Command {
  const [word = "", argument = ""] = line.trim().split(/\s+/, 2);
  switch (word) {
    case "/join":
      return isName(argument)
        ? { do: "join", room: argument }
        : { do: "explain", why: "A room has a name of 1 to 20 letters" };
    case "/who":
      return { do: "who" };
    case "/rooms":
      return { do: "rooms" };
    case "/crash":
      return { do: "crash" };
    case "/quit":
      return { do: "quit" };
    default:
      if (word.startsWith("/")) return { do: "explain", why: "There are /join ROOM, /who, /rooms, /crash, /quit" };
      return { do: "say", text: line.trim() };
  }
}
