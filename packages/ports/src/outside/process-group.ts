// Ending a child and whatever it has started. A child leads a process group of its own, so that one signal reaches all of it.

/** Sends `signal` to every process of the group that `pid` leads. That there is none left is no error. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is there. EPERM: what is there has changed its user, and is not ours to end.
  }
}

/** Processes of the group may clean up, then they are killed. @returns a function that kills what is left at once */
export function endGroup(pid: number, killAfterMs: number): () => void {
  signalGroup(pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), killAfterMs);
  return () => {
    clearTimeout(timer);
    signalGroup(pid, "SIGKILL");
  };
}
