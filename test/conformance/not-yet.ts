/** Scenarios that have not been written yet, and what each one waits for. */
export const NOT_YET: Readonly<Record<string, string>> = {
  pg_join_leave: "needs process groups",
  reg_unique: "needs the registry",
  port_exit_status: "needs ports",
  tcp_active_modes: "needs ports",
  supa_dynamic_children: "shows simple_one_for_one, instead of which there is DynamicSupervisor",
  ex_task_await: "needs tasks",
  ex_task_crash_is_linked: "needs tasks",
  ex_task_await_timeout: "needs tasks",
  ex_task_unlinked_async: "needs tasks",
  ex_task_stream_order_and_limit: "needs tasks",
  ex_agent: "needs agents",
};
